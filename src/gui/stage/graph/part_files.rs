//! The part files of a sink's subtask: what it writes, what waits for a checkpoint, what can be read.

use egui::{Align2, Color32, Painter, Rect, Stroke, StrokeKind, Vec2, pos2, vec2};

use crate::data::PartStep;
use crate::gui::stage::words;
use crate::gui::theme::Type;
use crate::gui::view::View;
use crate::gui::widgets::{paint_icon, text};
use crate::model::{PartFiles, SeenPart};

const HEIGHT: f32 = 20.0;
const GAP: f32 = 6.0;
const ICON: f32 = 13.0;
const INSET: f32 = 6.0;

/// Paints the newest files that find room in a row, the oldest of them first; a count tells of those
/// before. Each is an icon of its step and the number of its rows.
pub fn paint(painter: &Painter, view: &View<'_>, parts: &PartFiles, area: Rect) {
    let palette = &view.theme.palette;
    let width = |file: &SeenPart| {
        let rows = rows(file);
        let look = palette.text.primary;
        2.0 * INSET
            + ICON
            + 4.0
            + text::galley(painter, Type::LabelStrong, &rows, look, 80.0).size().x
    };
    let more = |shown: usize| parts.finished().saturating_sub(count_finished(parts, shown));
    let mut shown: Vec<(&SeenPart, f32)> = Vec::new();
    let mut room = area.width() - MORE;
    for file in parts.iter().rev() {
        let width = width(file);
        if width > room && !shown.is_empty() {
            break;
        }
        shown.push((file, width));
        room -= width + GAP;
    }
    let (mut x, y) = (area.left(), area.center().y);
    let before = more(shown.len());
    if before > 0 {
        let look = (Type::Label, palette.text.muted);
        let words = format!("{before} +");
        let place = text::line(painter, pos2(x, y), Align2::LEFT_CENTER, look, &words, MORE);
        x = place.right() + GAP;
    }
    for (file, width) in shown.into_iter().rev() {
        chip(
            painter,
            view,
            file,
            Rect::from_min_size(pos2(x, y - HEIGHT / 2.0), vec2(width, HEIGHT)),
        );
        x += width + GAP;
    }
}

/// Room for the count of what is not shown.
const MORE: f32 = 32.0;

/// How many of the newest files are finished.
fn count_finished(parts: &PartFiles, newest: usize) -> u64 {
    let finished = |file: &&SeenPart| file.step == PartStep::Finished;
    parts.iter().rev().take(newest).filter(finished).count() as u64
}

fn rows(file: &SeenPart) -> String {
    file.rows.map_or_else(|| "–".to_owned(), |rows| rows.to_string())
}

fn chip(painter: &Painter, view: &View<'_>, file: &SeenPart, rect: Rect) {
    let theme = view.theme;
    let (icon, color) = words::part_look(view, file.step);
    let (fill, line) = match file.step {
        PartStep::InProgress { .. } => (Color32::TRANSPARENT, theme.outline()),
        PartStep::Pending => (theme.palette.status.warn_soft, Stroke::NONE),
        PartStep::Finished | PartStep::Compacted => (theme.palette.status.ok_soft, Stroke::NONE),
    };
    painter.rect(rect, theme.radius.small, fill, line, StrokeKind::Inside);
    let place = pos2(rect.left() + INSET + ICON / 2.0, rect.center().y);
    let square = Rect::from_center_size(place, Vec2::splat(ICON));
    paint_icon(painter, square, icon, color, theme.stroke.icon);
    let look = (Type::LabelStrong, theme.palette.text.primary);
    let at = pos2(square.right() + 4.0, rect.center().y);
    text::line(painter, at, Align2::LEFT_CENTER, look, &rows(file), rect.right() - at.x);
}
