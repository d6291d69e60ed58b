//! A lane: one subtask of an opened vertex, with its chain, its state and its load.

use egui::{Align2, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, pos2, vec2};

use super::bed::flat_wave;
use super::layout::{Detail, OPERATOR};
use super::part_files;
use super::vertex::{badge, load, operator, single, state_color};
use crate::gui::stage::words;
use crate::gui::theme::{Theme, Type};
use crate::gui::view::View;
use crate::gui::widgets::text;
use crate::gui::widgets::{Icon, paint_icon, paint_key_chip};
use crate::model::{Job, StateEntry, Subtask};
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
        Detail::Row => row(painter, view, subtask, lane),
        Detail::Bar => load(painter, view.theme, lane.rect.shrink(1.0), subtask.load),
    }
}

fn ground(painter: &Painter, theme: &Theme, subtask: &Subtask, lane: Lane) {
    use ExecutionState as S;
    let palette = &theme.palette;
    let hair = Stroke::new(theme.stroke.hairline, palette.line.hairline);
    let state = |color| Stroke::new(theme.stroke.state, color);
    let (fill, stroke) = match subtask.state {
        S::Failed => (palette.status.danger_soft, state(palette.status.danger)),
        S::Finished => (palette.surface.panel, hair),
        S::Initializing => (palette.surface.inset, state(palette.accent.text)),
        _ if lane.selected => (palette.surface.inset, state(palette.accent.text)),
        S::Running if subtask.load.back_pressured > 0.2 => {
            (palette.surface.inset, state(palette.load.pressure))
        }
        _ => (palette.surface.inset, hair),
    };
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
    chain_across(painter, view.theme, vertex, row, lane);
    let facts =
        Rect::from_min_max(pos2(inner.left(), row.bottom()), pos2(inner.right(), bar_at - 6.0));
    memory(painter, view, job, subtask, facts, lane.newest_write);
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
    let share = if job.is_keyed(subtask.id.vertex) { 0.54 } else { 0.5 };
    let row = Rect::from_min_max(
        pos2(inner.left(), inner.top() + 24.0),
        pos2(inner.left() + inner.width() * share, inner.bottom() - 20.0),
    );
    chain_across(painter, view.theme, vertex, row, lane);
    let left = pos2(row.right() + 16.0, row.top());
    let facts = Rect::from_min_max(left, pos2(inner.right(), row.bottom()));
    memory(painter, view, job, subtask, facts, lane.newest_write);
    load_row(painter, view, subtask, inner, inner.bottom() - 10.0);
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
        (None, None) => subtask.taken().max(subtask.given()).to_string(),
    };
    let look = (Type::Code, palette.text.secondary);
    text::line(painter, inner.right_center(), Align2::RIGHT_CENTER, look, &fact, 70.0);
}

fn title(painter: &Painter, view: &View<'_>, job: &Job, subtask: &Subtask, inner: Rect, y: f32) {
    let palette = &view.theme.palette;
    let index = subtask.id.index.to_string();
    let name = view.tr_args("stage-subtask", &[("index", index.into())]);
    let look = (Type::Strong, palette.text.primary);
    let at = pos2(inner.left(), y);
    text::line(painter, at, Align2::LEFT_CENTER, look, &name, inner.width() * 0.6);
    let (word, look) = match subtask.state {
        ExecutionState::Running if job.is_keyed(subtask.id.vertex) => {
            let (first, last) = subtask.key_groups;
            let args = [("first", first.to_string().into()), ("last", last.to_string().into())];
            (view.tr_args("stage-groups", &args), (Type::Label, palette.text.muted))
        }
        ExecutionState::Running => {
            let rows = subtask.taken().max(subtask.given());
            let words = view.tr_args("stage-rows", &[("rows", rows.into())]);
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
    text::line(painter, pos2(right, y), Align2::RIGHT_CENTER, look, &word, inner.width() * 0.55);
}

fn ending(state: ExecutionState) -> Option<Icon> {
    match state {
        ExecutionState::Finished => Some(Icon::Check),
        ExecutionState::Failed => Some(Icon::Cross),
        ExecutionState::Initializing => Some(Icon::Again),
        _ => None,
    }
}

/// The chain in a row, joined by links; the middle of a long chain is a count.
fn chain_across(painter: &Painter, theme: &Theme, vertex: &VertexShape, row: Rect, lane: Lane) {
    let operators = &vertex.operators;
    if lane.detail == Detail::Compact && operators.len() > 2 {
        let names: Vec<_> = operators.iter().map(|operator| operator.name.as_str()).collect();
        single(painter, theme, row, &names.join(", "), lane.lit);
        badge(painter, theme, row.right_center() - vec2(1.0, 0.0));
        return;
    }
    let shown: Vec<_> = match operators.as_slice() {
        all if all.len() <= 3 => all.iter().collect(),
        [first, .., last] => {
            let middle = operators.iter().find(|op| op.keyed_state).unwrap_or(&operators[1]);
            vec![first, middle, last]
        }
        _ => Vec::new(),
    };
    let gap = if lane.detail == Detail::Full && shown.len() < 3 { 36.0 } else { 22.0 };
    let count = shown.len().max(1) as f32;
    let width = (row.width() - gap * (count - 1.0)) / count;
    for (position, shape) in shown.iter().enumerate() {
        let left = row.left() + position as f32 * (width + gap);
        let rect = Rect::from_min_size(pos2(left, row.top()), vec2(width, row.height()));
        if position > 0 {
            painter.hline(left - gap..=left, rect.center().y, theme.outline());
            badge(painter, theme, pos2(left - gap / 2.0, rect.center().y));
        }
        let lit = lane.lit && (shape.keyed_state || shown.len() == 1);
        if lane.detail == Detail::Full {
            operator(painter, theme, rect, shape, lit);
        } else {
            single(painter, theme, rect, &shape.name, lit);
        }
    }
}

/// The state by key, or, without any, the watermark and what came.
fn memory(
    painter: &Painter,
    view: &View<'_>,
    job: &Job,
    subtask: &Subtask,
    area: Rect,
    newest: Option<u64>,
) {
    let area = beside_parts(painter, view, subtask, area);
    let height = 30.0_f32.min(area.height());
    let rows = ((area.height() / height) as usize).max(1);
    let all: Vec<_> = subtask.states.values().flat_map(|table| table.entries.values()).collect();
    if all.is_empty() {
        let palette = &view.theme.palette;
        let y = area.center().y;
        if subtask.watermark.is_some() {
            flat_wave(painter, view.theme, pos2(area.left() + 10.0, y), 9.0);
            let time = words::watermark(view, subtask.watermark);
            let look = (Type::CodeStrong, palette.accent.text);
            let at = pos2(area.left() + 28.0, y);
            text::line(painter, at, Align2::LEFT_CENTER, look, &time, area.width() - 28.0);
        } else if job.is_keyed(subtask.id.vertex) {
            let look = (Type::Label, palette.text.muted);
            let at = pos2(area.left(), y);
            let words = view.tr("stage-no-state");
            text::line(painter, at, Align2::LEFT_CENTER, look, &words, area.width());
        }
        return;
    }
    let widths = all.iter().map(|entry| entry_width(painter, view, entry));
    let places = flow(widths.collect(), area, rows);
    for (entry, (column, row)) in all.iter().zip(&places) {
        let middle = area.top() + area.height() * (*row as f32 + 0.5) / rows as f32;
        self::entry(painter, view, pos2(area.left() + column, middle), entry, newest, area.right());
    }
    if places.len() < all.len() {
        let more = format!("+{}", all.len() - places.len());
        let look = (Type::LabelStrong, view.theme.palette.text.muted);
        let at = pos2(area.right(), area.bottom() - area.height() * 0.5 / rows as f32);
        text::line(painter, at, Align2::RIGHT_CENTER, look, &more, MORE);
    }
}

/// Paints the part files of a subtask that writes any; what it remembers stands beside them.
fn beside_parts(painter: &Painter, view: &View<'_>, subtask: &Subtask, area: Rect) -> Rect {
    if subtask.parts.is_empty() {
        return area;
    }
    let alone = subtask.states.values().all(|table| table.entries.is_empty());
    let share = if alone && subtask.watermark.is_none() { 0.0 } else { 0.5 };
    let (left, right) = area.split_left_right_at_fraction(share);
    part_files::paint(painter, view, &subtask.parts, right);
    left
}

/// Room for the count of what is not shown.
const MORE: f32 = 40.0;

/// Sets things of these widths from left to right in rows; the first always finds a place. Answers
/// the left edge and the row of those that fit.
fn flow(widths: Vec<f32>, area: Rect, rows: usize) -> Vec<(f32, usize)> {
    let (mut left, mut row) = (0.0, 0);
    let mut places: Vec<(f32, usize)> = Vec::new();
    for (position, width) in widths.iter().enumerate() {
        let is_last = position + 1 == widths.len();
        let more = if row + 1 == rows && !is_last { MORE } else { 0.0 };
        if left > 0.0 && left + width + more > area.width() {
            (left, row) = (0.0, row + 1);
        }
        if row == rows {
            break;
        }
        places.push((left, row));
        left += width;
    }
    places
}

const CHIP: f32 = 10.0;
const AFTER_CHIP: f32 = 8.0;
const AFTER_FIELD: f32 = 14.0;

fn parts(view: &View<'_>, entry: &StateEntry) -> Vec<(String, String)> {
    entry.values.iter().map(|f| (f.name.to_string(), words::value(view, &f.text))).collect()
}

fn entry_width(painter: &Painter, view: &View<'_>, entry: &StateEntry) -> f32 {
    let color = view.theme.palette.text.primary;
    let wide = |step, words: &str| text::galley(painter, step, words, color, 200.0).size().x;
    let field = |(name, value): (String, String)| {
        wide(Type::Label, &name) + 5.0 + wide(Type::Section, &value) + AFTER_FIELD
    };
    2.0 * CHIP + AFTER_CHIP + parts(view, entry).into_iter().map(field).sum::<f32>()
}

/// Paints a key and its values.
fn entry(
    painter: &Painter,
    view: &View<'_>,
    at: Pos2,
    entry: &StateEntry,
    newest: Option<u64>,
    right: f32,
) {
    let palette = &view.theme.palette;
    if newest == Some(entry.sequence) {
        let width = entry_width(painter, view, entry) - AFTER_FIELD + 10.0;
        let rect =
            Rect::from_min_size(at - vec2(4.0, 13.0), vec2(width.min(right - at.x + 6.0), 26.0));
        painter.rect_filled(rect, view.theme.radius.chip, palette.accent.soft);
    }
    chip(painter, view.theme, at + vec2(CHIP, 0.0), CHIP, entry);
    let mut x = at.x + 2.0 * CHIP + AFTER_CHIP;
    for (name, value) in parts(view, entry) {
        let room = (right - x).max(1.0);
        let look = (Type::Label, palette.text.muted);
        x = text::line(painter, pos2(x, at.y + 1.0), Align2::LEFT_CENTER, look, &name, room)
            .right()
            + 5.0;
        let look = (Type::Section, palette.text.primary);
        let room = (right - x).max(1.0);
        x = text::line(painter, pos2(x, at.y), Align2::LEFT_CENTER, look, &value, room).right()
            + AFTER_FIELD;
    }
}

fn chip(painter: &Painter, theme: &Theme, center: Pos2, radius: f32, entry: &StateEntry) {
    paint_key_chip(painter, center, radius, theme, usize::from(entry.key.color), &entry.key.text);
}

fn load_row(painter: &Painter, view: &View<'_>, subtask: &Subtask, inner: Rect, y: f32) {
    let palette = &view.theme.palette;
    let bar = Rect::from_min_max(pos2(inner.left(), y - 3.0), pos2(inner.right() - 58.0, y + 3.0));
    load(painter, view.theme, bar, subtask.load);
    let (share, color) = if subtask.load.back_pressured > 0.2 {
        (subtask.load.back_pressured, palette.load.pressure)
    } else {
        (subtask.load.busy, palette.text.secondary)
    };
    let look = (Type::Label, color);
    let at = pos2(inner.right(), y);
    text::line(painter, at, Align2::RIGHT_CENTER, look, &words::percent(share), 56.0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_fill_rows_and_leave_room_for_the_count_of_the_rest() {
        let area = Rect::from_min_size(Pos2::ZERO, vec2(250.0, 30.0));
        assert_eq!(flow(vec![100.0, 100.0], area, 1), [(0.0, 0), (100.0, 0)]);
        assert_eq!(flow(vec![100.0, 120.0, 100.0], area, 1), [(0.0, 0)]);
        assert_eq!(flow(vec![100.0, 100.0, 100.0], area, 2), [(0.0, 0), (100.0, 0), (0.0, 1)]);
        assert_eq!(flow(vec![400.0], area, 1), [(0.0, 0)]);
    }
}
