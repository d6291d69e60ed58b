//! Text on a canvas: single lines and small paragraphs, cut with an ellipsis where there is no room.

use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Align2, Color32, Galley, Painter, Pos2, Rect};

use crate::gui::theme::Type;

/// One line, at most `width` points wide.
pub fn galley(
    painter: &Painter,
    step: Type,
    text: &str,
    color: Color32,
    width: f32,
) -> Arc<Galley> {
    let format = TextFormat::simple(step.font(), color);
    let mut job = LayoutJob::single_section(text.to_owned(), format);
    job.wrap = TextWrapping::truncate_at_width(width.max(1.0));
    painter.layout_job(job)
}

/// At most `rows` lines, each at most `width` points wide.
pub fn paragraph(
    painter: &Painter,
    (step, color): (Type, Color32),
    text: &str,
    width: f32,
    rows: usize,
) -> Arc<Galley> {
    let format = TextFormat::simple(step.font(), color);
    let mut job = LayoutJob::single_section(text.to_owned(), format);
    job.wrap = TextWrapping { max_rows: rows, ..TextWrapping::wrap_at_width(width.max(1.0)) };
    painter.layout_job(job)
}

/// The width of a line with all its words.
pub fn width(painter: &Painter, step: Type, text: &str) -> f32 {
    galley(painter, step, text, Color32::WHITE, f32::INFINITY).size().x
}

/// Paints a line; `align` says which of its points stands at `at`. Answers where it stands.
pub fn line(
    painter: &Painter,
    at: Pos2,
    align: Align2,
    (step, color): (Type, Color32),
    text: &str,
    width: f32,
) -> Rect {
    let galley = galley(painter, step, text, color, width);
    let rect = align.anchor_size(at, galley.size());
    painter.galley(rect.min, galley, color);
    rect
}
