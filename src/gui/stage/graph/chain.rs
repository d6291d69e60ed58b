//! A chain of operators in its card: below each other, or in a row, joined by links.
//!
//! Where a chain branches, what takes the output stands further in, on a rail; in a row the branches are one
//! card.

use egui::{Align2, Painter, Pos2, Rect, Stroke, StrokeKind, Vec2, pos2, vec2};

use super::lane::Lane;
use super::layout::{Detail, LINK, OPERATOR, TITLE};
use crate::gui::theme::{Theme, Type};
use crate::gui::view::View;
use crate::gui::widgets::text;
use crate::gui::widgets::{Icon, paint_icon};
use crate::trace::event::{OperatorShape, VertexShape};

/// How much further in a branch stands.
pub const INDENT: f32 = 18.0;

/// How many branchings lie above each operator.
pub fn levels(vertex: &VertexShape) -> Vec<usize> {
    let mut levels: Vec<usize> = Vec::with_capacity(vertex.operators.len());
    for shape in &vertex.operators {
        let of = |after: usize| levels[after] + usize::from(vertex.behind(after).nth(1).is_some());
        levels.push(shape.after.filter(|after| *after < levels.len()).map_or(0, of));
    }
    levels
}

/// Paints a chain downwards from below the title; says where it ends.
pub fn down(painter: &Painter, theme: &Theme, vertex: &VertexShape, inner: Rect) -> f32 {
    let levels = levels(vertex);
    let card = |position: usize| {
        let top = inner.top() + TITLE + position as f32 * (OPERATOR + LINK);
        let left = inner.left() + levels[position] as f32 * INDENT;
        Rect::from_min_max(pos2(left, top), pos2(inner.right(), top + OPERATOR))
    };
    for (position, shape) in vertex.operators.iter().enumerate() {
        let above = card(position);
        let branches: Vec<usize> = vertex.behind(position).collect();
        if let [next] = branches.as_slice() {
            let x = above.center().x;
            painter.vline(x, above.bottom()..=card(*next).top(), theme.outline());
            badge(painter, theme, pos2(x, above.bottom() + LINK / 2.0), Icon::Link);
        } else if let Some(last) = branches.last() {
            let x = above.left() + INDENT / 2.0;
            painter.vline(x, above.bottom()..=card(*last).center().y, theme.outline());
            for branch in &branches {
                let card = card(*branch);
                painter.hline(x..=card.left(), card.center().y, theme.outline());
            }
            badge(painter, theme, pos2(x, above.bottom() + LINK / 2.0), Icon::Graph);
        }
        operator(painter, theme, above, shape, false);
    }
    inner.top() + TITLE + vertex.operators.len() as f32 * (OPERATOR + LINK) - LINK
}

/// Cards of a chain that have less room than this, each, become one.
const READABLE: f32 = 100.0;

/// What stands in a row for a part of a chain.
enum Card<'a> {
    One(&'a OperatorShape),
    /// All branches behind the last one, by their ends.
    Branches(Vec<&'a OperatorShape>),
}

/// The chain in a row, joined by links. Of a long chain the middle is left out.
pub fn across(painter: &Painter, view: &View<'_>, vertex: &VertexShape, row: Rect, lane: Lane) {
    let theme = view.theme;
    let cards = cards(vertex);
    let room = row.width() / vertex.operators.len() as f32;
    if lane.detail == Detail::Compact && vertex.operators.len() > 1 && room < READABLE {
        folded(painter, theme, row, (vertex, name), lane.lit);
        return;
    }
    let gap = if lane.detail == Detail::Full && cards.len() < 3 { 36.0 } else { 22.0 };
    let count = cards.len().max(1) as f32;
    let width = (row.width() - gap * (count - 1.0)) / count;
    for (position, card) in cards.iter().enumerate() {
        let left = row.left() + position as f32 * (width + gap);
        let rect = Rect::from_min_size(pos2(left, row.top()), vec2(width, row.height()));
        if position > 0 {
            painter.hline(left - gap..=left, rect.center().y, theme.outline());
            let icon = match card {
                Card::One(_) => Icon::Link,
                Card::Branches(_) => Icon::Graph,
            };
            badge(painter, theme, pos2(left - gap / 2.0, rect.center().y), icon);
        }
        match card {
            Card::One(shape) => {
                let lit = lane.lit && (shape.keyed_state || cards.len() == 1);
                one(painter, theme, rect, (&shape.kind, &shape.name), lane.detail, lit);
            }
            Card::Branches(shapes) => {
                let kind = view.tr_args("stage-branches", &[("branches", shapes.len().into())]);
                let names: Vec<&str> = shapes.iter().map(|shape| shape.name.as_str()).collect();
                one(painter, theme, rect, (&kind, &names.join(", ")), lane.detail, false);
            }
        }
    }
}

/// The first, one between and the last operator before the chain branches, and its branches.
fn cards(vertex: &VertexShape) -> Vec<Card<'_>> {
    let operators = &vertex.operators;
    let mut trunk: Vec<&OperatorShape> = operators.first().into_iter().collect();
    let mut branches = Vec::new();
    let mut last = 0;
    while last < operators.len() {
        let next: Vec<usize> = vertex.behind(last).collect();
        let [one] = next.as_slice() else {
            branches = next.iter().flat_map(|branch| vertex.ends(*branch)).collect();
            break;
        };
        trunk.push(&operators[*one]);
        last = *one;
    }
    let most = if branches.is_empty() { 3 } else { 2 };
    if let [first, middle @ .., last] = trunk.as_slice()
        && trunk.len() > most
    {
        let keyed = middle.iter().find(|shape| shape.keyed_state).or(middle.first());
        trunk = [*first]
            .into_iter()
            .chain(keyed.copied().filter(|_| most > 2))
            .chain([*last])
            .collect();
    }
    let branches = (!branches.is_empty()).then_some(Card::Branches(branches));
    trunk.into_iter().map(Card::One).chain(branches).collect()
}

fn one(
    painter: &Painter,
    theme: &Theme,
    rect: Rect,
    (kind, name): (&str, &str),
    detail: Detail,
    lit: bool,
) {
    if detail == Detail::Full {
        two_lines(painter, theme, rect, (kind, name), lit);
    } else {
        single(painter, theme, rect, name, lit);
    }
}

/// The card of an operator: its kind over its name.
fn operator(painter: &Painter, theme: &Theme, rect: Rect, shape: &OperatorShape, lit: bool) {
    two_lines(painter, theme, rect, (&shape.kind, &shape.name), lit);
}

fn two_lines(painter: &Painter, theme: &Theme, rect: Rect, (kind, name): (&str, &str), lit: bool) {
    card(painter, theme, rect, lit);
    let palette = &theme.palette;
    let room = rect.width() - 20.0;
    let at = rect.left_top() + vec2(10.0, 3.0);
    let look = (Type::Label, palette.text.muted);
    text::line(painter, at, Align2::LEFT_TOP, look, kind, room);
    let at = rect.left_bottom() + vec2(10.0, -4.0);
    let look = (Type::LabelStrong, palette.text.primary);
    text::line(painter, at, Align2::LEFT_BOTTOM, look, name, room);
}

/// The card of an operator in one line.
fn single(painter: &Painter, theme: &Theme, rect: Rect, name: &str, lit: bool) {
    card(painter, theme, rect, lit);
    one_line(painter, theme, rect, name, rect.width() - 18.0);
}

/// The card of a whole chain in one line, with the mark of how it is linked.
///
/// Of one that branches the head and the ends are named.
pub fn folded(
    painter: &Painter,
    theme: &Theme,
    rect: Rect,
    (vertex, words): (&VertexShape, fn(&OperatorShape) -> &str),
    lit: bool,
) {
    let branches = vertex.branches();
    let names: Vec<&str> = match branches {
        true => vertex.operators.first().into_iter().chain(vertex.ends(0)).map(name).collect(),
        false => vertex.operators.iter().map(words).collect(),
    };
    if let [name] = names.as_slice() {
        return single(painter, theme, rect, name, lit);
    }
    card(painter, theme, rect, lit);
    one_line(painter, theme, rect, &names.join(", "), rect.width() - 38.0);
    let icon = if branches { Icon::Graph } else { Icon::Link };
    badge(painter, theme, rect.right_center() - vec2(16.0, 0.0), icon);
}

fn name(operator: &OperatorShape) -> &str {
    &operator.name
}

fn one_line(painter: &Painter, theme: &Theme, rect: Rect, words: &str, room: f32) {
    let at = rect.left_center() + vec2(10.0, 0.0);
    let look = (Type::LabelStrong, theme.palette.text.primary);
    text::line(painter, at, Align2::LEFT_CENTER, look, words, room);
}

fn card(painter: &Painter, theme: &Theme, rect: Rect, lit: bool) {
    let stroke = if lit {
        Stroke::new(theme.stroke.state, theme.palette.accent.text)
    } else {
        theme.outline()
    };
    let fill = theme.palette.surface.raised;
    painter.rect(rect, theme.radius.control, fill, stroke, StrokeKind::Inside);
}

/// The link between operators of a chain.
fn badge(painter: &Painter, theme: &Theme, center: Pos2, icon: Icon) {
    painter.circle(center, 8.0, theme.palette.surface.raised, theme.outline());
    let at = Rect::from_center_size(center, Vec2::splat(11.0));
    paint_icon(painter, at, icon, theme.palette.text.secondary, 1.2);
}
