//! Grounds: a panel between its gaps, a card on a panel.

use egui::{Frame, InnerResponse, Margin, Rect, StrokeKind, Ui, UiBuilder};

use crate::gui::theme::Theme;

/// A panel that fills `rect`; what is inside is clipped to it.
pub fn panel<R>(ui: &mut Ui, rect: Rect, name: &str, content: impl FnOnce(&mut Ui) -> R) -> R {
    let theme = Theme::of(ui);
    let fill = theme.palette.surface.panel;
    ui.painter().rect(rect, theme.radius.panel, fill, theme.hairline(), StrokeKind::Inside);
    let inner = rect.shrink(1.0);
    let mut child = ui.new_child(
        UiBuilder::new()
            .id_salt(name)
            .max_rect(inner)
            .layout(egui::Layout::top_down(egui::Align::Min)),
    );
    child.set_clip_rect(inner.intersect(ui.clip_rect()));
    child.spacing_mut().item_spacing = egui::vec2(0.0, 0.0);
    content(&mut child)
}

/// A card on a panel.
pub fn card<R>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    let theme = Theme::of(ui);
    Frame::new()
        .fill(theme.palette.surface.raised)
        .stroke(theme.hairline())
        .corner_radius(theme.radius.card)
        .inner_margin(Margin::same(12))
        .show(ui, content)
}
