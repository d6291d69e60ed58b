//! Where the partitioner of each edge is written: near its channels, and over no bed.

use egui::{Pos2, Rect, Vec2, vec2};

use crate::gui::stage::graph::path::Path;
use crate::gui::stage::words;
use crate::trace::event::GraphShape;

/// Room for the word of a partitioner.
const SIZE: Vec2 = vec2(58.0, 24.0);
/// How far from the middle of its channel a partitioner is written that lies outside.
const ASIDE: f32 = 28.0;

/// Where the partitioner of an edge is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pill {
    /// Its middle.
    pub at: Pos2,
    /// Whether it lies over nothing else there.
    pub free: bool,
}

/// By edge, of the channels of each and how far off the middle it runs.
pub(super) fn places(edges: &[(Vec<Path>, f32)], width: f32, middle: f32) -> Vec<Pill> {
    let mut written: Vec<(Rect, bool)> = Vec::with_capacity(edges.len());
    let points = || edges.iter().flat_map(|(paths, _)| paths).flat_map(Path::points);
    for (paths, beside) in edges {
        let places = candidates(paths, *beside, middle);
        let rects = places.map(|at| Rect::from_center_size(at, SIZE));
        let between = paths.len() > 1 && *beside == 0.0;
        let free = |rect: &Rect| {
            // Between its own channels a pill may lie on their edges.
            let wet = match between && rect.center() == places[0] {
                true => rect.shrink2(vec2(8.0, 1.0)),
                false => rect.expand2(vec2(0.0, width / 2.0)),
            };
            !points().any(|point| wet.contains(*point))
                && !written.iter().any(|(other, _)| other.intersects(*rect))
        };
        let found = rects.into_iter().find(free);
        written.push((found.unwrap_or(rects[0]), found.is_some()));
    }
    written.iter().map(|(rect, free)| Pill { at: rect.center(), free: *free }).collect()
}

/// Between the two channels in the middle, where there is room; else outside: where another edge runs
/// beside, away from it, and otherwise rather away from the middle of the graph, where other edges run.
fn candidates(paths: &[Path], beside: f32, middle: f32) -> [Pos2; 3] {
    // Before channels spread or after they meet, a pill lies between them.
    let place = |path: &Path| match paths.len() {
        1 => path.middle(),
        _ => path.at(path.length() * 0.62).0,
    };
    let (Some(first), Some(last)) = (paths.first(), paths.last()) else { return [Pos2::ZERO; 3] };
    let upper = paths.len().saturating_sub(1) / 2;
    let between = place(&paths[upper]).lerp(place(&paths[paths.len() / 2]), 0.5);
    let above = clear_of(paths, place(first), -ASIDE);
    let below = clear_of(paths, place(last), ASIDE);
    let up = beside < 0.0 || (beside == 0.0 && between.y < middle - 1.0);
    let [near, far] = if up { [above, below] } else { [below, above] };
    match paths.len() > 1 && beside == 0.0 {
        true => [between, near, far],
        false => [near, far, near],
    }
}

/// Above or below a place of a channel, clear of all that passes there.
fn clear_of(paths: &[Path], at: Pos2, aside: f32) -> Pos2 {
    let near = |point: &&Pos2| (point.x - at.x).abs() <= SIZE.x / 2.0;
    let heights = paths.iter().flat_map(Path::points).filter(near).map(|point| point.y);
    let y = match aside < 0.0 {
        true => heights.fold(at.y, f32::min),
        false => heights.fold(at.y, f32::max),
    };
    Pos2 { y: y + aside, ..at }
}

/// The least gap in which the longest word of a partitioner stands, without its key.
pub(super) fn gap_for(graph: &GraphShape) -> f32 {
    const BESIDE: f32 = 24.0;
    const LETTER: f32 = 7.5;
    let letters = graph.edges.iter().map(|edge| {
        let words = words::partitioner(&edge.partitioner);
        words.split(' ').next().map_or(0, str::len)
    });
    letters.max().unwrap_or_default() as f32 * LETTER + BESIDE
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::pos2;

    #[test]
    fn a_partitioner_lies_beside_its_bed_however_steep_it_is() {
        let edge = |from, to| (vec![Path::between(from, to)], 0.0);
        let edges = [
            edge(pos2(0.0, 0.0), pos2(70.0, 80.0)),
            edge(pos2(0.0, 160.0), pos2(70.0, 80.0)),
            edge(pos2(200.0, 80.0), pos2(300.0, 80.0)),
        ];
        let places = places(&edges, 16.0, 80.0);
        assert!(places[0].at.y < -20.0 && places[1].at.y > 180.0, "{places:?}");
        assert!(places[2].at.distance(pos2(250.0, 108.0)) < 0.1, "{places:?}");
        assert!(places.iter().all(|pill| pill.free));
    }

    #[test]
    fn between_beds_there_is_no_room_for_a_partitioner() {
        let edge = |y| (vec![Path::between(pos2(0.0, y), pos2(70.0, 40.0))], 0.0);
        let places = places(&[edge(0.0), edge(40.0), edge(80.0)], 16.0, 40.0);
        assert_eq!(places.iter().map(|pill| pill.free).collect::<Vec<_>>(), [true, false, true]);
    }
}
