//! What a subtask remembers, in its lane: its state by key or, without any, its watermark.

use egui::{Align2, Painter, Pos2, Rect, pos2, vec2};

use super::bed::flat_wave;
use super::part_files;
use crate::gui::stage::words;
use crate::gui::theme::{Theme, Type};
use crate::gui::view::View;
use crate::gui::widgets::{paint_key_chip, text};
use crate::model::{Job, StateEntry, Subtask};

const ROW: f32 = 30.0;
const CHIP: f32 = 10.0;
const AFTER_CHIP: f32 = 8.0;
const AFTER_NAME: f32 = 5.0;
const AFTER_FIELD: f32 = 14.0;
/// Room for the count of what is not shown.
const MORE: f32 = 40.0;
/// A value that has less room than this is left out.
const LEAST: f32 = 16.0;

/// Paints as many keys as find room, in their order; the newest write of the job (its event) is lit, and
/// always among them. What a sink writes stands on the right.
pub fn paint(
    painter: &Painter,
    view: &View<'_>,
    job: &Job,
    subtask: &Subtask,
    area: Rect,
    newest: Option<u64>,
) {
    let area = beside_parts(painter, view, subtask, area);
    let tables = || subtask.states.values().flat_map(|table| table.entries.values());
    let Some(first) = tables().next() else {
        return without_state(painter, view, job, subtask, area);
    };
    let count: usize = subtask.states.values().map(|table| table.entries.len()).sum();
    let rows = ((area.height() / ROW) as usize).max(1);
    let look = Look::new(painter, view, first, area.width() - if count > 1 { MORE } else { 0.0 });
    let widths = tables().map(|entry| look.width(painter, view, entry));
    let places = flow(widths, count, area, rows);
    let mut shown: Vec<&StateEntry> = tables().take(places.len()).map(|entry| &**entry).collect();
    let lit = tables().skip(shown.len()).find(|entry| newest == Some(entry.sequence));
    if let (Some(last), Some(lit)) = (shown.last_mut(), lit) {
        *last = lit;
    }
    let hidden = count - shown.len();
    let height = area.height() / rows as f32;
    for (entry, (column, row)) in shown.into_iter().zip(&places) {
        let middle = area.top() + height * (*row as f32 + 0.5);
        let more = if hidden > 0 && row + 1 == rows { MORE } else { 0.0 };
        let right = area.right() - more;
        let at = pos2(area.left() + column, middle);
        look.entry(painter, view, at, entry, (newest == Some(entry.sequence), right));
    }
    if hidden > 0 {
        let look = (Type::LabelStrong, view.theme.palette.text.muted);
        let at = pos2(area.right(), area.bottom() - height * 0.5);
        text::line(painter, at, Align2::RIGHT_CENTER, look, &format!("+{hidden}"), MORE);
    }
}

/// Paints the mark of an entry's key.
pub fn chip(painter: &Painter, theme: &Theme, center: Pos2, radius: f32, entry: &StateEntry) {
    paint_key_chip(painter, center, radius, theme, usize::from(entry.key.color), &entry.key.text);
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

fn without_state(painter: &Painter, view: &View<'_>, job: &Job, subtask: &Subtask, area: Rect) {
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
}

/// Sets things of these widths, `count` in all, from left to right in rows; the first always finds a
/// place. Answers the left edge and the row of those that fit, and measures no more than them.
fn flow(
    widths: impl Iterator<Item = f32>,
    count: usize,
    area: Rect,
    rows: usize,
) -> Vec<(f32, usize)> {
    let (mut left, mut row) = (0.0, 0);
    let mut places: Vec<(f32, usize)> = Vec::new();
    for (position, width) in widths.enumerate() {
        let more = if row + 1 == rows && position + 1 < count { MORE } else { 0.0 };
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

/// How much is written of each entry.
struct Look {
    /// Whether values have their names before them: they do where one entry has room for that.
    names: bool,
    /// How large values are: small where one entry has no room otherwise.
    value: Type,
}

impl Look {
    fn new(painter: &Painter, view: &View<'_>, first: &StateEntry, room: f32) -> Self {
        let looks = [(true, Type::Section), (false, Type::Section), (false, Type::Strong)];
        let mut looks = looks.map(|(names, value)| Self { names, value }).into_iter();
        let fits = |look: &Self| look.width(painter, view, first) - AFTER_FIELD <= room;
        looks.find(fits).unwrap_or(Self { names: false, value: Type::Strong })
    }

    fn width(&self, painter: &Painter, view: &View<'_>, entry: &StateEntry) -> f32 {
        let color = view.theme.palette.text.primary;
        let wide = |step, words: &str| text::galley(painter, step, words, color, 200.0).size().x;
        let field = |(name, value): (&str, String)| {
            let name = if self.names { wide(Type::Label, name) + AFTER_NAME } else { 0.0 };
            name + wide(self.value, &value) + AFTER_FIELD
        };
        2.0 * CHIP + AFTER_CHIP + fields(view, entry).map(field).sum::<f32>()
    }

    /// Paints a key and its values, those that have room before `right`.
    fn entry(
        &self,
        painter: &Painter,
        view: &View<'_>,
        at: Pos2,
        entry: &StateEntry,
        (lit, right): (bool, f32),
    ) {
        let palette = &view.theme.palette;
        if lit {
            let width = self.width(painter, view, entry) - AFTER_FIELD + 10.0;
            let size = vec2(width.min(right - at.x + 6.0), 26.0);
            let rect = Rect::from_min_size(at - vec2(4.0, 13.0), size);
            painter.rect_filled(rect, view.theme.radius.chip, palette.accent.soft);
        }
        chip(painter, view.theme, at + vec2(CHIP, 0.0), CHIP, entry);
        let mut x = at.x + 2.0 * CHIP + AFTER_CHIP;
        let mut first = true;
        for (name, value) in fields(view, entry) {
            if self.names {
                let (look, at) = ((Type::Label, palette.text.muted), pos2(x, at.y + 1.0));
                let room = (right - x).max(LEAST);
                x = text::line(painter, at, Align2::LEFT_CENTER, look, name, room).right()
                    + AFTER_NAME;
            }
            let look = (self.value, palette.text.primary);
            let at = pos2(x, at.y);
            let fits = text::width(painter, look.0, &value) <= right - x;
            if !fits && !first {
                // Half a number would be another number.
                text::line(painter, at, Align2::LEFT_CENTER, look, "…", right - x);
                break;
            }
            first = false;
            x = text::line(painter, at, Align2::LEFT_CENTER, look, &value, right - x).right()
                + AFTER_FIELD;
            if right - x < LEAST {
                break;
            }
        }
    }
}

fn fields<'a>(
    view: &'a View<'_>,
    entry: &'a StateEntry,
) -> impl Iterator<Item = (&'a str, String)> {
    entry.values.iter().map(|field| (&*field.name, words::value(view, &field.text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_fill_rows_and_leave_room_for_the_count_of_the_rest() {
        let area = Rect::from_min_size(Pos2::ZERO, vec2(250.0, 30.0));
        let set = |widths: &[f32], rows| flow(widths.iter().copied(), widths.len(), area, rows);
        assert_eq!(set(&[100.0, 100.0], 1), [(0.0, 0), (100.0, 0)]);
        assert_eq!(set(&[100.0, 120.0, 100.0], 1), [(0.0, 0)]);
        assert_eq!(set(&[100.0, 100.0, 100.0], 2), [(0.0, 0), (100.0, 0), (0.0, 1)]);
        assert_eq!(set(&[400.0], 1), [(0.0, 0)]);
    }

    #[test]
    fn what_does_not_fit_is_not_measured() {
        let area = Rect::from_min_size(Pos2::ZERO, vec2(250.0, 30.0));
        let mut measured = 0;
        let widths = (0..1_000).map(|_| {
            measured += 1;
            100.0
        });
        assert_eq!(flow(widths, 1_000, area, 1).len(), 2);
        assert_eq!(measured, 3);
    }
}
