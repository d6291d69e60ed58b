//! Where the partitioner of each edge is written: near its channels, and over no bed.

use egui::{Pos2, Rect, Vec2, vec2};

use crate::gui::stage::graph::path::Path;

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
        let rects =
            candidates(paths, (*beside, width), middle).map(|at| Rect::from_center_size(at, SIZE));
        let free = |rect: &Rect| {
            let wet = rect.expand2(vec2(0.0, width / 2.0));
            !points().any(|point| wet.contains(*point))
                && !written.iter().any(|(other, _)| other.intersects(*rect))
        };
        let found = rects.into_iter().find(free);
        written.push((found.unwrap_or(rects[0]), found.is_some()));
    }
    written.iter().map(|(rect, free)| Pill { at: rect.center(), free: *free }).collect()
}

/// Between the two channels in the middle; outside where another edge runs beside or they lie close to each
/// other, and beside the only channel: rather on that side of it which is away from the middle of the graph, where other edges run.
fn candidates(paths: &[Path], (beside, width): (f32, f32), middle: f32) -> [Pos2; 2] {
    // Before channels spread or after they meet, a pill lies between them.
    let place = |path: &Path| path.at(path.length() * 0.62).0;
    match paths {
        [] => [Pos2::ZERO; 2],
        [only] => {
            let at = only.middle();
            let above = beside < 0.0 || (beside == 0.0 && at.y < middle - 1.0);
            let sides = [clear_of(only, at, true), clear_of(only, at, false)];
            if above { sides } else { [sides[1], sides[0]] }
        }
        [first, .., last] if beside != 0.0 => {
            let (outer, aside) = if beside < 0.0 { (first, -ASIDE) } else { (last, ASIDE) };
            [place(outer) + vec2(0.0, aside); 2]
        }
        [first, .., last] if place(first).distance(place(last)) < SIZE.y + width => {
            let sides = [clear_of(first, place(first), true), clear_of(last, place(last), false)];
            if place(first).y < middle - 1.0 { sides } else { [sides[1], sides[0]] }
        }
        many => {
            let middle = many.len() / 2;
            [place(&many[middle - 1]).lerp(place(&many[middle]), 0.5); 2]
        }
    }
}

/// Above or below a place of a channel, clear of the stretch of it that passes there.
fn clear_of(path: &Path, at: Pos2, above: bool) -> Pos2 {
    let near = |point: &&Pos2| (point.x - at.x).abs() <= SIZE.x / 2.0;
    let heights = path.points().iter().filter(near).map(|point| point.y);
    let y = match above {
        true => heights.fold(at.y, f32::min) - ASIDE,
        false => heights.fold(at.y, f32::max) + ASIDE,
    };
    Pos2 { y, ..at }
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
