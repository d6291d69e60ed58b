//! The parts that every panel is built of: buttons, choices, chips, bars, cards, icons, records.
//!
//! Each draws itself from the theme, has a name for screen readers, and takes the keyboard.
//! Not here: anything that knows of jobs, lessons or the engine.

mod bars;
mod button;
mod cards;
mod chip;
mod error_card;
mod icon;
pub mod logo;
mod plot;
mod record;
mod tabs;
pub mod text;

use egui::{CornerRadius, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo};

pub use bars::{LoadShares, load_bar, phase_bar};
pub use button::{Button, IconButton};
pub use cards::{card, overlay, panel, panel_ground};
pub use chip::{Tone, chip, key_chip, keycap, paint_key_chip, pill};
pub use error_card::ErrorCard;
pub use icon::{Icon, paint as paint_icon};
pub use plot::still_plot;
pub use record::{RecordLook, paint_record};
pub use tabs::{Segment, head, lit_row, segmented, tabs};

use crate::gui::theme::{Theme, Type};

/// The ring around what has the keyboard.
pub fn focus_ring(ui: &Ui, response: &Response, radius: u8) {
    if !response.has_focus() {
        return;
    }
    let theme = Theme::of(ui);
    let gap = theme.stroke.focus_gap;
    let rect = response.rect.expand(gap);
    let corner = CornerRadius::same(radius.saturating_add(gap as u8));
    let stroke = Stroke::new(theme.stroke.focus_ring, theme.palette.accent.text);
    ui.painter().rect_stroke(rect, corner, stroke, StrokeKind::Outside);
}

/// A small icon in a row of text, with a name for screen readers.
pub fn icon_mark(ui: &mut Ui, kind: Icon, color: egui::Color32, side: f32, name: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), Sense::hover());
    paint_icon(ui.painter(), rect, kind, color, Theme::of(ui).stroke.icon);
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
    response
}

/// Words in a step of the type scale.
pub fn label(ui: &mut Ui, step: Type, text: impl Into<String>, color: egui::Color32) -> Response {
    ui.label(step.text(text, color))
}
