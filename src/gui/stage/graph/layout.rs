//! Where the vertices of a job graph stand: dagre orders them, the size of the stage says how much
//! of each can be shown. Arithmetic on rectangles, without drawing.

mod pill;
mod size;

use std::collections::BTreeSet;

use dagre::graph::{Graph, GraphOptions};
use dagre::{EdgeLabel, LayoutOptions, NodeLabel, RankDir};
use egui::{Pos2, Rect, Vec2, pos2, vec2};

pub use self::pill::Pill;
pub use self::size::{LINK, OPERATOR, TITLE, opens};
use self::size::{PAD, lane_gap, rank_gap, size, title_height};
use super::path::Path;
use crate::trace::event::{EdgeShape, GraphShape, VertexShape};

/// How much of a subtask there is room for, the most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Operators as cards, state and load.
    Full,
    /// Operators and state in one row.
    Compact,
    /// Operators, state and load below each other, in a narrow card.
    Tall,
    /// A row: index, load, watermark.
    Row,
    /// A bar.
    Bar,
}

/// The places of everything of one job graph.
#[derive(Clone, Debug, PartialEq)]
pub struct GraphLayout {
    /// How much is shown.
    pub detail: Detail,
    /// Half the width of a record.
    pub record_radius: f32,
    /// Width of a channel.
    pub channel_width: f32,
    /// By vertex.
    pub vertices: Vec<VertexPlace>,
    /// By channel id; channels of a graph are numbered without holes.
    pub channels: Vec<Path>,
    /// What is drawn of the channels: where many meet, each stretch once.
    pub beds: Vec<Path>,
    /// Where channels leave and enter subtasks, each once.
    pub ports: Vec<Pos2>,
    /// By edge: where its partitioner is written.
    pub pills: Vec<Pill>,
}

/// Where a vertex stands.
#[derive(Clone, Debug, PartialEq)]
pub struct VertexPlace {
    /// Its card.
    pub rect: Rect,
    /// Its subtasks, if they are shown apart.
    pub lanes: Vec<Rect>,
}

/// What is tried, the most first. The measure is the width of an operator beside others (as much of its
/// name is shown as there is room for); of a tall card or one of bars its width; of a row its height.
const SIZES: [(Detail, f32); 15] = [
    (Detail::Full, 178.0),
    (Detail::Full, 146.0),
    (Detail::Full, 108.0),
    (Detail::Compact, 178.0),
    (Detail::Compact, 146.0),
    (Detail::Compact, 108.0),
    (Detail::Tall, 290.0),
    (Detail::Tall, 250.0),
    (Detail::Tall, 210.0),
    (Detail::Tall, 188.0),
    (Detail::Tall, 160.0),
    (Detail::Row, 34.0),
    (Detail::Row, 24.0),
    (Detail::Bar, 200.0),
    (Detail::Bar, 160.0),
];
const MAX_GAP: f32 = 190.0;
/// Where vertices are narrow, brooks may be longer.
const MAX_GAP_OF_ROWS: f32 = 320.0;
/// More channels than this between two vertices meet in one place.
const MAX_SEPARATE: usize = 16;

impl GraphLayout {
    /// Lays a graph out in `area`, with as much detail as fits.
    pub fn new(graph: &GraphShape, area: Rect) -> Self {
        let fitting = SIZES.into_iter().enumerate().find_map(|(tried, (detail, measure))| {
            let size = |vertex| size(vertex, detail, measure);
            let sizes: Vec<_> = graph.vertices.iter().map(size).collect();
            let rects = arrange(graph, &sizes, rank_gap(graph, detail));
            let needed = rects.iter().copied().reduce(Rect::union)?.size();
            let last = tried + 1 == SIZES.len();
            (last || (needed.x <= area.width() && needed.y <= area.height()))
                .then_some((detail, rects))
        });
        let (detail, rects) = fitting.unwrap_or((Detail::Bar, Vec::new()));
        Self::place(graph, detail, fit(rects, area, (detail, rank_gap(graph, detail))))
    }

    fn place(graph: &GraphShape, detail: Detail, rects: Vec<Rect>) -> Self {
        let vertices: Vec<_> = graph
            .vertices
            .iter()
            .zip(rects)
            .map(|(vertex, rect)| VertexPlace { rect, lanes: lanes(vertex, rect, detail) })
            .collect();
        let thinnest =
            vertices.iter().flat_map(|v| &v.lanes).map(|l| l.height()).fold(999.0, f32::min);
        let (record_radius, channel_width) = match detail {
            Detail::Full => (13.0, 18.0),
            Detail::Compact => (11.0, 18.0),
            Detail::Tall => (10.0, 16.0),
            Detail::Row => (8.0, 12.0),
            Detail::Bar => (6.0, (thinnest * 0.7).clamp(3.0, 8.0)),
        };
        let bounds = vertices.iter().map(|vertex| vertex.rect).reduce(Rect::union);
        let middle = bounds.map_or(0.0, |bounds| bounds.center().y);
        let (mut channels, mut edges) = (Vec::new(), Vec::new());
        let (mut beds, mut ports) = (Vec::new(), Vec::new());
        for (index, edge) in graph.edges.iter().enumerate() {
            let beside = beside(&graph.edges, index, channel_width + 6.0);
            let Some(ends) = Ends::new(edge, &vertices, beside) else { continue };
            let paths = ends.paths(edge);
            beds.extend(ends.beds(edge, &paths));
            ports.extend(ends.ports(edge));
            channels.extend(edge.channels.iter().map(|(id, ..)| *id).zip(paths.clone()));
            edges.push((paths, beside));
        }
        channels.sort_by_key(|(id, _)| *id);
        let channels = channels.into_iter().map(|(_, path)| path).collect();
        let pills = pill::places(&edges, channel_width, middle);
        Self { detail, record_radius, channel_width, vertices, channels, beds, ports, pills }
    }
}

impl VertexPlace {
    /// Where channels leave the subtask.
    pub fn out_port(&self, index: u32) -> Pos2 {
        pos2(self.rect.right(), self.port_height(index))
    }

    /// Where channels enter the subtask.
    pub fn in_port(&self, index: u32) -> Pos2 {
        pos2(self.rect.left(), self.port_height(index))
    }

    fn port_height(&self, index: u32) -> f32 {
        self.lanes.get(index as usize).map_or(self.rect.center().y, |lane| lane.center().y)
    }
}

/// The lanes share what is left under the title, so that they also fit when the card had to shrink.
fn lanes(vertex: &VertexShape, rect: Rect, detail: Detail) -> Vec<Rect> {
    if !opens(vertex) {
        return Vec::new();
    }
    let title = title_height(detail);
    let inner = Rect::from_min_max(
        pos2(rect.left() + PAD, rect.top() + title),
        pos2(rect.right() - PAD, rect.bottom() - PAD),
    );
    let count = vertex.parallelism.max(1) as f32;
    let step = (inner.height() + lane_gap(detail)) / count;
    let height = (step - lane_gap(detail)).max(step * 0.7);
    let lane = |index: u32| {
        let top = inner.top() + index as f32 * step;
        Rect::from_min_size(pos2(inner.left(), top), vec2(inner.width(), height))
    };
    (0..vertex.parallelism).map(lane).collect()
}

/// Dagre's order and ranks, from left to right.
fn arrange(graph: &GraphShape, sizes: &[Vec2], gap: f32) -> Vec<Rect> {
    let mut g =
        Graph::with_options(GraphOptions { directed: true, multigraph: true, compound: false });
    for (vertex, size) in sizes.iter().enumerate() {
        let label = NodeLabel {
            width: f64::from(size.x),
            height: f64::from(size.y),
            ..NodeLabel::default()
        };
        g.set_node(vertex.to_string(), Some(label));
    }
    for (position, edge) in graph.edges.iter().enumerate() {
        let (from, to) = (edge.from.to_string(), edge.to.to_string());
        let name = position.to_string();
        g.set_edge(from, to, Some(EdgeLabel::default()), Some(&name));
    }
    let options = LayoutOptions {
        rankdir: RankDir::LR,
        ranksep: f64::from(gap),
        nodesep: 20.0,
        ..LayoutOptions::default()
    };
    dagre::layout(&mut g, Some(options));
    let rect = |(vertex, size): (usize, &Vec2)| {
        let node = g.node(&vertex.to_string());
        let center = node.and_then(|n| Some(pos2(n.x? as f32, n.y? as f32))).unwrap_or_default();
        Rect::from_center_size(center, *size)
    };
    sizes.iter().enumerate().map(rect).collect()
}

/// Spreads the ranks over the area, up to a gap that still reads as one brook; shrinks what is too
/// large.
fn fit(mut rects: Vec<Rect>, area: Rect, (detail, gap): (Detail, f32)) -> Vec<Rect> {
    let Some(bounds) = rects.iter().copied().reduce(Rect::union) else { return rects };
    let shrink = vec2(
        (area.width() / bounds.width().max(1.0)).min(1.0),
        (area.height() / bounds.height().max(1.0)).min(1.0),
    );
    // A low card keeps its height: it has no subtasks to draw closer together.
    let scaled = |rect: Rect| {
        let low = rect.height() <= area.height() / 2.0;
        let height = rect.height() * if low { 1.0 } else { shrink.y };
        let center = ((rect.center() - bounds.min) * shrink).to_pos2();
        Rect::from_center_size(center, vec2(rect.width() * shrink.x, height))
    };
    rects = rects.into_iter().map(scaled).collect();
    let mut starts: Vec<f32> = rects.iter().map(|rect| rect.center().x).collect();
    starts.sort_by(f32::total_cmp);
    starts.dedup_by(|a, b| (*a - *b).abs() < 1.0);
    let gaps = starts.len().saturating_sub(1).max(1) as f32;
    let most = if detail <= Detail::Tall { MAX_GAP } else { MAX_GAP_OF_ROWS };
    let slack = (area.width() - bounds.width() * shrink.x).max(0.0);
    let extra = (slack / gaps).min(most - gap);
    let rank = |rect: &Rect| starts.partition_point(|start| *start < rect.center().x - 1.0) as f32;
    rects = rects.iter().map(|rect| rect.translate(vec2(rank(rect) * extra, 0.0))).collect();
    let bounds = rects.iter().copied().reduce(Rect::union).unwrap_or(area);
    let shift = area.center() - bounds.center();
    rects.into_iter().map(|rect| rect.translate(vec2(shift.x.round(), shift.y.round()))).collect()
}

/// How far off the middle an edge runs, so that edges between the same vertices lie beside each other.
fn beside(edges: &[EdgeShape], index: usize, apart: f32) -> f32 {
    let edge = &edges[index];
    let same = |other: &EdgeShape| (other.from, other.to) == (edge.from, edge.to);
    let before = edges[..index].iter().filter(|other| same(other)).count() as f32;
    let others = edges.iter().filter(|other| same(other)).count() as f32 - 1.0;
    (before - others / 2.0) * apart
}

/// The two vertices of an edge, and where its channels meet if they are many.
struct Ends<'a> {
    from: &'a VertexPlace,
    to: &'a VertexPlace,
    /// How far below the middle of each subtask its channels begin and end.
    beside: f32,
    hub: Option<Pos2>,
}

impl<'a> Ends<'a> {
    fn new(edge: &EdgeShape, vertices: &'a [VertexPlace], beside: f32) -> Option<Self> {
        let (from, to) = (vertices.get(edge.from)?, vertices.get(edge.to)?);
        let meet = edge.channels.len() > MAX_SEPARATE && is_all_to_all(edge);
        let middle = || from.rect.right_center().lerp(to.rect.left_center(), 0.5);
        let hub = meet.then(|| middle() + vec2(0.0, beside));
        Some(Self { from, to, beside, hub })
    }

    fn start(&self, sender: u32) -> Pos2 {
        self.from.out_port(sender) + vec2(0.0, self.beside)
    }

    fn end(&self, receiver: u32) -> Pos2 {
        self.to.in_port(receiver) + vec2(0.0, self.beside)
    }

    /// By channel.
    fn paths(&self, edge: &EdgeShape) -> Vec<Path> {
        let path = |&(_, sender, receiver)| {
            let (start, end) = (self.start(sender), self.end(receiver));
            match self.hub {
                Some(hub) => Path::through(start, hub, end),
                None => Path::between(start, end),
            }
        };
        edge.channels.iter().map(path).collect()
    }

    fn beds(&self, edge: &EdgeShape, paths: &[Path]) -> Vec<Path> {
        let Some(hub) = self.hub else { return paths.to_vec() };
        let into = senders(edge).into_iter().map(|s| Path::between(self.start(s), hub));
        let out = receivers(edge).into_iter().map(|r| Path::between(hub, self.end(r)));
        into.chain(out).collect()
    }

    fn ports(&self, edge: &EdgeShape) -> Vec<Pos2> {
        let out = senders(edge).into_iter().map(|sender| self.start(sender));
        out.chain(receivers(edge).into_iter().map(|receiver| self.end(receiver))).collect()
    }
}

fn senders(edge: &EdgeShape) -> BTreeSet<u32> {
    edge.channels.iter().map(|(_, sender, _)| *sender).collect()
}

fn receivers(edge: &EdgeShape) -> BTreeSet<u32> {
    edge.channels.iter().map(|(_, _, receiver)| *receiver).collect()
}

fn is_all_to_all(edge: &EdgeShape) -> bool {
    edge.channels.iter().any(|(_, sender, receiver)| sender != receiver)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{ChannelId, OperatorId};
    use crate::trace::event::{OperatorShape, PartitionerShape};

    fn graph(parallelism: &[u32]) -> GraphShape {
        let operator = |id: usize| OperatorShape {
            id: OperatorId(id as u32),
            after: None,
            kind: "Map".into(),
            name: "f".into(),
            columns: vec![],
            key_columns: vec![],
            keyed_state: id > 0,
        };
        let vertices = parallelism.iter().enumerate().map(|(id, p)| VertexShape {
            name: format!("v{id}"),
            parallelism: *p,
            operators: vec![operator(id)],
        });
        let mut next = 0;
        let edges = parallelism.windows(2).enumerate().map(|(from, pair)| {
            let pairs = (0..pair[0]).flat_map(|s| (0..pair[1]).map(move |r| (s, r)));
            let channels = pairs.map(|(s, r)| {
                next += 1;
                (ChannelId(next - 1), s, r)
            });
            let partitioner = PartitionerShape::Hash("k".into());
            EdgeShape {
                from,
                to: from + 1,
                input: 0,
                partitioner,
                capacity: 4,
                channels: channels.collect(),
            }
        });
        GraphShape { edges: edges.collect(), vertices: vertices.collect(), key_groups: 128 }
    }

    fn layout(parallelism: &[u32], width: f32, height: f32) -> (GraphLayout, Rect) {
        let area = Rect::from_min_size(pos2(10.0, 20.0), vec2(width, height));
        (GraphLayout::new(&graph(parallelism), area), area)
    }

    #[test]
    fn the_scoreboard_fits_with_everything_shown() {
        let (layout, area) = layout(&[1, 2], 740.0, 370.0);
        assert_eq!(layout.detail, Detail::Full);
        assert_eq!(layout.channels.len(), 2);
        assert!(layout.vertices.iter().all(|vertex| area.contains_rect(vertex.rect)));
        assert!(layout.vertices[0].rect.right() < layout.vertices[1].rect.left());
    }

    #[test]
    fn less_room_means_less_detail_and_never_an_overflow() {
        for (parallelism, width, height, detail) in [
            (&[1, 2][..], 664.0, 228.0, Detail::Compact),
            (&[1, 2, 1], 740.0, 370.0, Detail::Tall),
            (&[1, 2, 1], 660.0, 300.0, Detail::Tall),
            (&[4, 4, 4], 880.0, 330.0, Detail::Row),
            (&[40, 40], 760.0, 380.0, Detail::Bar),
            (&[1, 40, 1], 420.0, 180.0, Detail::Bar),
        ] {
            let (layout, area) = layout(parallelism, width, height);
            assert_eq!(layout.detail, detail, "{parallelism:?}");
            for vertex in &layout.vertices {
                assert!(area.expand(1.0).contains_rect(vertex.rect), "{parallelism:?} {vertex:?}");
                assert!(vertex.lanes.iter().all(|lane| vertex.rect.contains_rect(*lane)));
            }
        }
    }
}
