//! Grounds: a panel between its gaps, a card on a panel.

use egui::{
    Area, Color32, Context, CornerRadius, Frame, Id, InnerResponse, Margin, Order, Rect, Sense,
    Stroke, StrokeKind, Ui, UiBuilder,
};

use crate::gui::theme::Theme;

/// A panel that fills `rect`; what is inside is clipped to it.
///
/// The window is cleared to the colour of panels, as most of it is panels: here only the corners
/// are cut out of the ground around. A software renderer pays for each pixel that is painted twice.
pub fn panel<R>(ui: &mut Ui, rect: Rect, name: &str, content: impl FnOnce(&mut Ui) -> R) -> R {
    let theme = Theme::of(ui);
    let radius = theme.radius.panel;
    // A quarter circle leaves a corner of 0.41 of its radius.
    let corner = Stroke::new(f32::from(radius) * 0.5, theme.palette.surface.window);
    ui.painter().rect_stroke(rect, radius, corner, StrokeKind::Outside);
    framed(ui, rect, name, content)
}

fn framed<R>(ui: &mut Ui, rect: Rect, name: &str, content: impl FnOnce(&mut Ui) -> R) -> R {
    let theme = Theme::of(ui);
    ui.painter().rect_stroke(rect, theme.radius.panel, theme.hairline(), StrokeKind::Inside);
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

/// A panel that floats over the others, with the one soft shadow.
pub fn overlay<R>(ctx: &Context, name: &str, rect: Rect, content: impl FnOnce(&mut Ui) -> R) {
    let area = Area::new(Id::unique(name)).order(Order::Foreground).fixed_pos(rect.min);
    area.constrain(false).show(ctx, |ui| {
        let theme = Theme::of(ui);
        ui.painter().add(theme.palette.shadow.shadow().as_shape(rect, theme.radius.panel));
        ui.allocate_rect(rect, Sense::click());
        ui.painter().rect_filled(rect, theme.radius.panel, theme.palette.surface.panel);
        framed(ui, rect, name, content);
    });
}

/// Another ground for the lower part of a panel, down to its round corners.
pub fn panel_ground(ui: &Ui, rect: Rect, fill: Color32) {
    let round = Theme::of(ui).radius.panel.saturating_sub(1);
    let corners = CornerRadius { nw: 0, ne: 0, sw: round, se: round };
    ui.painter().rect_filled(rect, corners, fill);
}
