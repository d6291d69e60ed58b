//! A plot that stands still: nobody drags or zooms it, and only its height has lines.

use egui::{FontId, Rect, TextStyle, Ui, UiBuilder, Vec2, Vec2b};
use egui_plot::Plot;

use crate::gui::theme::{Theme, fonts};

/// The plot and the part of the screen to show it in, with names of axes in this size and colour.
pub fn still_plot<'a>(
    ui: &mut Ui,
    id: &'static str,
    rect: Rect,
    size: f32,
    color: egui::Color32,
) -> (Plot<'a>, Ui) {
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect));
    let font = FontId::new(size, fonts::family(false, false));
    child.style_mut().text_styles.insert(TextStyle::Body, font);
    child.visuals_mut().override_text_color = Some(color);
    let plot = Plot::new(id)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .show_background(false)
        .show_x(false)
        .show_y(false)
        .show_grid(Vec2b::new(false, true))
        .grid_color(Theme::of(ui).palette.line.hairline)
        .set_margin_fraction(Vec2::ZERO);
    (plot, child)
}
