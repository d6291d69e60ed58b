//! The card of a vertex: its title, its chain, and what it does.

use egui::{Align2, Painter, Rect, Stroke, StrokeKind, pos2, vec2};

use super::layout::{Detail, TITLE, VertexPlace};
use super::{chain, part_files, spark};
use crate::gui::stage::words;
use crate::gui::theme::{Theme, Type};
use crate::gui::view::View;
use crate::gui::widgets::text;
use crate::gui::widgets::{LoadShares, load_bar};
use crate::model::{Job, Load, Subtask};
use crate::trace::ExecutionState;
use crate::trace::event::VertexShape;

/// Space between a card's edge and its text.
pub const INSET: f32 = 14.0;
/// From this share of time on a subtask counts as held back.
pub const PRESSED: f32 = 0.2;

/// Paints the ground, the title and the parallelism of a vertex, which may be the selected one. Where
/// room is short a parallelism of 1 goes without saying.
pub fn frame(
    painter: &Painter,
    theme: &Theme,
    vertex: &VertexShape,
    (rect, detail): (Rect, Detail),
    (alone, selected): (Option<&Subtask>, bool),
) {
    let palette = &theme.palette;
    let failed = alone.is_some_and(|subtask| subtask.state == ExecutionState::Failed);
    let fill = if failed { palette.status.danger_soft } else { palette.surface.panel };
    let stroke = match (alone, selected) {
        (Some(subtask), _) => outline(theme, subtask, selected),
        (None, true) => Some(Stroke::new(theme.stroke.state, palette.accent.text)),
        (None, false) => None,
    };
    let stroke = stroke.unwrap_or(theme.outline());
    painter.rect(rect, theme.radius.panel, fill, stroke, StrokeKind::Inside);
    let height = if detail == Detail::Bar { 26.0 } else { TITLE };
    let y = rect.top() + height / 2.0 + 1.0;
    let mut right = rect.right() - INSET;
    if vertex.parallelism > 1 || detail <= Detail::Compact {
        let parallelism = format!("p = {}", vertex.parallelism);
        let at = pos2(right, y);
        let look = (Type::Code, palette.text.muted);
        right =
            text::line(painter, at, Align2::RIGHT_CENTER, look, &parallelism, 80.0).left() - 8.0;
    }
    let step = if detail <= Detail::Compact { Type::LessonStrong } else { Type::Strong };
    let title = words::vertex_title(vertex);
    let at = pos2(rect.left() + INSET, y);
    let room = right - at.x;
    text::line(painter, at, Align2::LEFT_CENTER, (step, palette.text.primary), title, room);
}

/// Paints a vertex that is one card: a single subtask without keyed state.
pub fn closed(
    painter: &Painter,
    view: &View<'_>,
    job: &Job,
    (vertex, place): (&VertexShape, &VertexPlace),
    subtask: &Subtask,
    detail: Detail,
) {
    let theme = view.theme;
    let inner = place.rect.shrink2(vec2(INSET, 0.0));
    let is_chain = vertex.operators.len() > 1;
    match detail {
        Detail::Full => {
            let below = chain::down(painter, theme, vertex, inner);
            let at = pos2(inner.left(), below + 9.0);
            let row = Rect::from_min_size(at, vec2(inner.width(), 22.0));
            note(painter, view, job, (vertex, subtask), row);
            footer(painter, view, job, subtask, inner, place.rect.bottom() - 42.0);
        }
        Detail::Compact | Detail::Tall if detail < Detail::Tall || is_chain => {
            let min = pos2(inner.left(), inner.top() + TITLE);
            let card = Rect::from_min_size(min, vec2(inner.width(), 34.0));
            chain::folded(painter, theme, card, (vertex, |operator| &operator.kind), false);
            footer(painter, view, job, subtask, inner, card.bottom() + 16.0);
        }
        Detail::Compact | Detail::Tall | Detail::Row => {
            footer(painter, view, job, subtask, inner, inner.top() + TITLE + 8.0);
        }
        Detail::Bar => {
            let bar = Rect::from_min_size(
                pos2(inner.left(), inner.top() + 32.0),
                vec2(inner.width(), 6.0),
            );
            load(painter, theme, bar, subtask.load);
        }
    }
}

/// A line under the chain: the part files of a sink, the pace of a source, or how many tasks it is.
fn note(
    painter: &Painter,
    view: &View<'_>,
    job: &Job,
    (vertex, subtask): (&VertexShape, &Subtask),
    row: Rect,
) {
    let palette = &view.theme.palette;
    let word = |words: &str, color| {
        let look = (Type::Label, color);
        text::line(painter, row.left_center(), Align2::LEFT_CENTER, look, words, row.width())
    };
    let seconds = subtask.pace.until(view.model.now);
    if !subtask.parts.is_empty() {
        part_files::paint(painter, view, &subtask.parts, row);
    } else if let Some((_, rows)) = seconds.last()
        && seconds.len() >= spark::FROM
        && job.is_source(subtask.id.vertex)
        && job.is_alive()
    {
        let rate = view.tr_args("stage-rate", &[("rows", (*rows).into())]);
        let left = word(&rate, palette.text.secondary).right() + 10.0;
        spark::paint(painter, view, &seconds, row.with_min_x(left).shrink2(vec2(0.0, 3.0)));
    } else {
        let id = if vertex.operators.len() > 1 { "stage-chained" } else { "stage-one-task" };
        word(&view.tr(id), palette.text.muted);
    }
}

/// Load on the left, rows on the right, a bar above.
fn footer(painter: &Painter, view: &View<'_>, job: &Job, subtask: &Subtask, inner: Rect, top: f32) {
    let palette = &view.theme.palette;
    let bar = Rect::from_min_size(pos2(inner.left(), top), vec2(inner.width(), 6.0));
    load(painter, view.theme, bar, subtask.load);
    let y = top + 14.0;
    let vertex = subtask.id.vertex;
    let (id, rows) = match (job.is_source(vertex), job.is_sink(vertex)) {
        (true, true) => ("stage-rows-read", subtask.taken()),
        (false, true) => ("stage-rows-in", subtask.taken()),
        (_, false) => ("stage-rows-out", subtask.given()),
    };
    let quiet = palette.text.secondary;
    let wide = |words: &str| text::width(painter, Type::Label, words);
    let (words, color) = condition(view, subtask);
    // The number alone, if the words beside it would be cut.
    let count = rows.to_string();
    let room = inner.width() - wide(&count) - 6.0;
    let at = pos2(inner.left(), y);
    let left = text::line(painter, at, Align2::LEFT_TOP, (Type::Label, color), &words, room);
    let room = inner.right() - left.right() - 6.0;
    let words = view.tr_args(id, &[("rows", rows.into())]);
    let words = if wide(&words) <= room { words } else { count };
    text::line(
        painter,
        pos2(inner.right(), y),
        Align2::RIGHT_TOP,
        (Type::Label, quiet),
        &words,
        room,
    );
}

/// A subtask's condition in a word or two, and its colour.
pub fn condition(view: &View<'_>, subtask: &Subtask) -> (String, egui::Color32) {
    let palette = &view.theme.palette;
    let share = |id, share: f32| view.tr_args(id, &[("share", words::percent(share).into())]);
    match subtask.state {
        ExecutionState::Running if subtask.load.back_pressured > PRESSED => {
            (share("stage-pressed", subtask.load.back_pressured), palette.load.pressure)
        }
        ExecutionState::Running => (share("stage-busy", subtask.load.busy), palette.text.secondary),
        state => (words::execution_state(state).to_owned(), state_color(view.theme, state)),
    }
}

/// The outline that tells of a subtask's condition, or that it is the selected one.
pub fn outline(theme: &Theme, subtask: &Subtask, selected: bool) -> Option<Stroke> {
    let palette = &theme.palette;
    let color = match subtask.state {
        ExecutionState::Failed => palette.status.danger,
        ExecutionState::Initializing => palette.accent.text,
        _ if selected => palette.accent.text,
        ExecutionState::Running if subtask.load.back_pressured > PRESSED => palette.load.pressure,
        _ => return None,
    };
    Some(Stroke::new(theme.stroke.state, color))
}

/// The colour of a state's word.
pub fn state_color(theme: &Theme, state: ExecutionState) -> egui::Color32 {
    let palette = &theme.palette;
    match state {
        ExecutionState::Finished => palette.status.ok,
        ExecutionState::Failed => palette.status.danger,
        ExecutionState::Initializing => palette.accent.text,
        _ => palette.text.muted,
    }
}

/// The load bar of a subtask.
pub fn load(painter: &Painter, theme: &Theme, rect: Rect, load: Load) {
    let shares = LoadShares { busy: load.busy, back_pressured: load.back_pressured };
    load_bar(painter, rect, theme, shares);
}
