//! How much room a vertex takes, by how much of it is shown.

use egui::{Vec2, vec2};

use super::Detail;
use super::pill::gap_for;
use crate::gui::stage::graph::chain::{INDENT, levels};
use crate::trace::event::{GraphShape, VertexShape};

/// Height of a vertex's title.
pub const TITLE: f32 = 36.0;
/// Height of an operator's card.
pub const OPERATOR: f32 = 38.0;
/// Space between the operators of a chain.
pub const LINK: f32 = 16.0;
/// Space between a card and its lanes.
pub(super) const PAD: f32 = 12.0;
const LANE_GAP: f32 = 8.0;
/// Whether the subtasks of a vertex are shown apart: several, or one with keyed state.
pub fn opens(vertex: &VertexShape) -> bool {
    vertex.parallelism > 1 || vertex.operators.iter().any(|operator| operator.keyed_state)
}

/// The size of a vertex, of that measure.
pub(super) fn size(vertex: &VertexShape, detail: Detail, measure: f32) -> Vec2 {
    let operators = vertex.operators.len() as f32;
    if !opens(vertex) {
        let branchings = levels(vertex).into_iter().max().unwrap_or_default();
        return match detail {
            Detail::Full => vec2(
                measure.max(162.0) + branchings as f32 * INDENT + 28.0,
                TITLE + operators * (OPERATOR + LINK) - LINK + 78.0,
            ),
            Detail::Compact => {
                let names = if operators > 1.0 { measure * 0.6 } else { 0.0 };
                vec2(measure.max(140.0) + names + 28.0, TITLE + 88.0)
            }
            Detail::Tall => {
                let height = if operators > 1.0 { TITLE + 88.0 } else { 84.0 };
                vec2((measure * 0.72).max(measure.min(150.0)), height)
            }
            Detail::Row => vec2(150.0, 84.0),
            Detail::Bar => vec2(measure - 30.0, 58.0),
        };
    }
    let lane = lane_height(vertex, detail, measure) + lane_gap(detail);
    let lanes = vertex.parallelism as f32 * lane;
    vec2(width(vertex, detail, measure), title_height(detail) + lanes - lane_gap(detail) + PAD)
}

/// Height of a vertex's title.
pub(super) fn title_height(detail: Detail) -> f32 {
    if detail == Detail::Bar { 26.0 } else { TITLE }
}

fn width(vertex: &VertexShape, detail: Detail, measure: f32) -> f32 {
    let operators = vertex.operators.len().min(3) as f32;
    let keyed = vertex.operators.iter().any(|operator| operator.keyed_state);
    match (detail, keyed) {
        (Detail::Full, true) => (operators * measure + 88.0).max(290.0),
        (Detail::Full, false) => (operators * measure + 52.0).max(228.0),
        (Detail::Compact, true) => (operators * (measure - 28.0) + 132.0).max(280.0),
        (Detail::Compact, false) => 190.0,
        (Detail::Tall | Detail::Bar, _) => measure,
        (Detail::Row, true) => 210.0,
        (Detail::Row, false) => 176.0,
    }
}

fn lane_height(vertex: &VertexShape, detail: Detail, measure: f32) -> f32 {
    match (detail, vertex.parallelism) {
        (Detail::Full, 1) => 190.0,
        (Detail::Full, _) => 134.0,
        (Detail::Compact, 1 | 2) => 84.0,
        (Detail::Compact, _) => 72.0,
        (Detail::Tall, _) => 114.0,
        (Detail::Row, _) => measure,
        (Detail::Bar, _) => 8.0,
    }
}

/// The least space between two ranks: a pill and a few records lie in it.
pub(super) fn rank_gap(graph: &GraphShape, detail: Detail) -> f32 {
    match detail {
        Detail::Full | Detail::Compact => 116.0,
        Detail::Tall => gap_for(graph).max(66.0),
        Detail::Row | Detail::Bar => 80.0,
    }
}

/// Space between the subtasks of a vertex.
pub(super) fn lane_gap(detail: Detail) -> f32 {
    match detail {
        Detail::Full | Detail::Compact | Detail::Tall => LANE_GAP,
        Detail::Row => 4.0,
        Detail::Bar => 2.0,
    }
}
