//! A lane: one subtask of an opened vertex, with its chain, its state and its load.

use egui::{Align2, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, pos2, vec2};

use super::chain;
use super::layout::{Detail, OPERATOR};
use super::memory::{self, chip};
use super::vertex::{PRESSED, load, outline, state_color};
use crate::gui::stage::words;
use crate::gui::theme::{Theme, Type};
use crate::gui::view::View;
use crate::gui::widgets::text;
use crate::gui::widgets::{Icon, paint_icon};
use crate::model::{Job, Subtask};
use crate::trace::ExecutionState;
use crate::trace::event::VertexShape;

/// What a lane shows besides its subtask.
#[derive(Clone, Copy, Debug)]
pub struct Lane {
    /// Where it stands.
    pub rect: Rect,
    /// How much of it is shown.
    pub detail: Detail,
    /// Whether it is the subtask that the inspector shows.
    pub selected: bool,
    /// Whether the followed record is here or on its way to it.
    pub lit: bool,
    /// The event of the newest write to state in the job: its entry is lit.
    pub newest_write: Option<u64>,
}

/// Paints a lane.
pub fn paint(painter: &Painter, view: &View<'_>, job: &Job, subtask: &Subtask, lane: Lane) {
    ground(painter, view.theme, subtask, lane);
    let Some(vertex) = job.vertex(subtask.id.vertex) else { return };
    match lane.detail {
        Detail::Full => full(painter, view, job, (vertex, subtask), lane),
        Detail::Compact => compact(painter, view, job, (vertex, subtask), lane),
        Detail::Tall => tall(painter, view, job, (vertex, subtask), lane),
        Detail::Row => row(painter, view, subtask, lane),
        Detail::Bar => load(painter, view.theme, lane.rect.shrink(1.0), subtask.load),
    }
}

fn ground(painter: &Painter, theme: &Theme, subtask: &Subtask, lane: Lane) {
    use ExecutionState as S;
    let palette = &theme.palette;
    let fill = match subtask.state {
        S::Failed => palette.status.danger_soft,
        S::Finished => palette.surface.panel,
        _ => palette.surface.inset,
    };
    let stroke = outline(theme, subtask, lane.selected).unwrap_or(theme.hairline());
    let waits = matches!(subtask.state, S::Created | S::Scheduled | S::Deploying);
    if waits && lane.detail < Detail::Bar {
        painter.rect_filled(lane.rect, theme.radius.card, fill);
        dashed(painter, lane.rect, Stroke::new(1.2, palette.line.strong));
    } else {
        let radius = if lane.detail == Detail::Bar { 2 } else { theme.radius.card };
        painter.rect(lane.rect, radius, fill, stroke, StrokeKind::Inside);
    }
}

/// A dashed outline: what is not there yet, or no longer.
pub fn dashed(painter: &Painter, rect: Rect, stroke: Stroke) {
    let rect = rect.shrink(0.5);
    let r = 7.0;
    let corner = |center: Pos2, from: f32| {
        (0..=4).map(move |step| {
            let angle = (from + 22.5 * step as f32).to_radians();
            center + vec2(angle.cos(), angle.sin()) * r
        })
    };
    let inner = rect.shrink(r);
    let mut points: Vec<Pos2> = corner(inner.left_top(), 180.0)
        .chain(corner(inner.right_top(), 270.0))
        .chain(corner(inner.right_bottom(), 0.0))
        .chain(corner(inner.left_bottom(), 90.0))
        .collect();
    points.extend(points.first().copied());
    painter.extend(Shape::dashed_line(&points, stroke, 5.0, 4.0));
}

fn full(painter: &Painter, view: &View<'_>, job: &Job, of: (&VertexShape, &Subtask), lane: Lane) {
    let (vertex, subtask) = of;
    let inner = lane.rect.shrink2(vec2(14.0, 0.0));
    title(painter, view, job, subtask, inner, inner.top() + 17.0);
    let top = inner.top() + 34.0;
    let bar_at = inner.bottom() - 16.0;
    let row = Rect::from_min_size(pos2(inner.left(), top), vec2(inner.width(), OPERATOR));
    chain::across(painter, view, vertex, row, lane);
    let top = pos2(inner.left(), row.bottom() + 4.0);
    let facts = Rect::from_min_max(top, pos2(inner.right(), bar_at - 6.0));
    memory::paint(painter, view, job, subtask, facts, lane.newest_write);
    load_row(painter, view, subtask, inner, bar_at);
}

fn compact(
    painter: &Painter,
    view: &View<'_>,
    job: &Job,
    of: (&VertexShape, &Subtask),
    lane: Lane,
) {
    let (vertex, subtask) = of;
    let inner = lane.rect.shrink2(vec2(12.0, 0.0));
    title(painter, view, job, subtask, inner, inner.top() + 13.0);
    let has_facts = subtask.watermark.is_some() || !subtask.parts.is_empty();
    let share = match (job.is_keyed(subtask.id.vertex), has_facts) {
        (true, _) => 0.54,
        (false, true) => 0.5,
        (false, false) => 1.0,
    };
    let row = Rect::from_min_max(
        pos2(inner.left(), inner.top() + 24.0),
        pos2(inner.left() + inner.width() * share, inner.bottom() - 20.0),
    );
    chain::across(painter, view, vertex, row, lane);
    let left = pos2(row.right() + 16.0, row.top());
    let facts = Rect::from_min_max(left, pos2(inner.right(), row.bottom()));
    memory::paint(painter, view, job, subtask, facts, lane.newest_write);
    load_row(painter, view, subtask, inner, inner.bottom() - 10.0);
}

fn tall(painter: &Painter, view: &View<'_>, job: &Job, of: (&VertexShape, &Subtask), lane: Lane) {
    let (vertex, subtask) = of;
    let inner = lane.rect.shrink2(vec2(12.0, 0.0));
    title(painter, view, job, subtask, inner, inner.top() + 15.0);
    let card = Rect::from_min_size(inner.min + vec2(0.0, 28.0), vec2(inner.width(), 30.0));
    chain::folded(painter, view.theme, card, (vertex, |operator| &operator.name), lane.lit);
    let top = pos2(inner.left(), card.bottom() + 2.0);
    let facts = Rect::from_min_max(top, pos2(inner.right(), inner.bottom() - 20.0));
    memory::paint(painter, view, job, subtask, facts, lane.newest_write);
    load_row(painter, view, subtask, inner, inner.bottom() - 11.0);
}

fn row(painter: &Painter, view: &View<'_>, subtask: &Subtask, lane: Lane) {
    let palette = &view.theme.palette;
    let inner = lane.rect.shrink2(vec2(10.0, 0.0));
    let y = inner.center().y;
    let index = subtask.id.index.to_string();
    let look = (Type::Strong, palette.text.primary);
    text::line(painter, inner.left_center(), Align2::LEFT_CENTER, look, &index, 24.0);
    let bar = Rect::from_center_size(pos2(inner.left() + 66.0, y), vec2(64.0, 6.0));
    load(painter, view.theme, bar, subtask.load);
    let fact = match (subtask.last_write(), subtask.watermark) {
        (Some(entry), _) => {
            let center = pos2(bar.right() + 18.0, y);
            chip(painter, view.theme, center, 8.0, entry);
            entry.values.first().map(|field| words::value(view, &field.text)).unwrap_or_default()
        }
        (None, Some(_)) => words::watermark(view, subtask.watermark),
        (None, None) => subtask.rows().to_string(),
    };
    let look = (Type::Code, palette.text.secondary);
    text::line(painter, inner.right_center(), Align2::RIGHT_CENTER, look, &fact, 70.0);
}

fn title(painter: &Painter, view: &View<'_>, job: &Job, subtask: &Subtask, inner: Rect, y: f32) {
    let palette = &view.theme.palette;
    let index = subtask.id.index.to_string();
    let name = view.tr_args("stage-subtask", &[("index", index.clone().into())]);
    let (word, look) = match subtask.state {
        ExecutionState::Running if job.is_keyed(subtask.id.vertex) => {
            let (first, last) = subtask.key_groups;
            let args = [("first", first.to_string().into()), ("last", last.to_string().into())];
            (view.tr_args("stage-groups", &args), (Type::Label, palette.text.muted))
        }
        ExecutionState::Running => {
            let words = view.tr_args("stage-rows", &[("rows", subtask.rows().into())]);
            (words, (Type::Label, palette.text.muted))
        }
        state => {
            let color = state_color(view.theme, state);
            (words::execution_state(state).to_owned(), (Type::LabelStrong, color))
        }
    };
    let mut right = inner.right();
    if let Some(icon) = ending(subtask.state) {
        let at = Rect::from_center_size(pos2(right - 7.0, y), Vec2::splat(14.0));
        paint_icon(painter, at, icon, look.1, view.theme.stroke.icon);
        right -= 20.0;
    }
    // Where both have no room a state goes before the name, and the name before anything else.
    let name_look = (Type::Strong, palette.text.primary);
    let wide = text::width(painter, name_look.0, &name);
    let fits = wide + 8.0 + text::width(painter, look.0, &word) <= right - inner.left();
    let at = pos2(inner.left(), y);
    let name = if fits || subtask.state == ExecutionState::Running { name } else { index };
    let name = text::line(painter, at, Align2::LEFT_CENTER, name_look, &name, inner.width());
    if fits || subtask.state != ExecutionState::Running {
        let room = right - name.right() - 8.0;
        text::line(painter, pos2(right, y), Align2::RIGHT_CENTER, look, &word, room);
    }
}

fn ending(state: ExecutionState) -> Option<Icon> {
    match state {
        ExecutionState::Finished => Some(Icon::Check),
        ExecutionState::Failed => Some(Icon::Cross),
        ExecutionState::Initializing => Some(Icon::Again),
        _ => None,
    }
}

fn load_row(painter: &Painter, view: &View<'_>, subtask: &Subtask, inner: Rect, y: f32) {
    let palette = &view.theme.palette;
    let bar = Rect::from_min_max(pos2(inner.left(), y - 3.0), pos2(inner.right() - 58.0, y + 3.0));
    load(painter, view.theme, bar, subtask.load);
    let (share, color) = if subtask.load.back_pressured > PRESSED {
        (subtask.load.back_pressured, palette.load.pressure)
    } else {
        (subtask.load.busy, palette.text.secondary)
    };
    let look = (Type::Label, color);
    let at = pos2(inner.right(), y);
    text::line(painter, at, Align2::RIGHT_CENTER, look, &words::percent(share), 56.0);
}
