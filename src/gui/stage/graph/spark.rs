//! A source's pace in a few strokes: a bar for each of the last seconds.

use egui::{Painter, Rect, pos2};

use crate::gui::view::View;

/// Seconds from which on there is a pace to see.
pub const FROM: usize = 5;
/// Width of a second.
const SECOND: f32 = 3.0;

/// Paints the last seconds that find room, the newest on the right; the tallest fills the height.
pub fn paint(painter: &Painter, view: &View<'_>, seconds: &[(i64, u64)], area: Rect) {
    let fit = (area.width() / SECOND) as usize;
    let most = seconds.iter().map(|(_, rows)| *rows).max().unwrap_or(0).max(1) as f32;
    for (back, (_, rows)) in seconds.iter().rev().take(fit).enumerate() {
        let right = area.right() - back as f32 * SECOND;
        // A second without a row leaves a trace on the ground.
        let height = (area.height() * *rows as f32 / most).max(1.0);
        let bar = Rect::from_min_max(
            pos2(right - SECOND + 1.0, area.bottom() - height),
            pos2(right, area.bottom()),
        );
        painter.rect_filled(bar, 0, view.theme.palette.accent.text);
    }
}
