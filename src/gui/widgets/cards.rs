//! Grounds: a panel between its gaps, a card on a panel.

use std::f32::consts::FRAC_PI_2;

use egui::{
    Area, Color32, Context, CornerRadius, Frame, Id, InnerResponse, Margin, Mesh, Order, Rect,
    Sense, StrokeKind, Ui, UiBuilder, Vec2, vec2,
};

use crate::gui::theme::Theme;

/// A panel that fills `rect`; what is inside is clipped to it.
///
/// The window is cleared to the colour of panels, as most of it is panels: here only the corners
/// are cut out of the ground around. A software renderer pays for each pixel that is painted twice.
pub fn panel<R>(ui: &mut Ui, rect: Rect, name: &str, content: impl FnOnce(&mut Ui) -> R) -> R {
    let theme = Theme::of(ui);
    let radius = f32::from(theme.radius.panel);
    ui.painter().add(corners(rect, radius, theme.palette.surface.window));
    framed(ui, rect, name, content)
}

/// What a rectangle has outside its round corners.
fn corners(rect: Rect, radius: f32, color: Color32) -> Mesh {
    const STEPS: u32 = 6;
    let mut mesh = Mesh::default();
    let all = [
        (rect.right_bottom(), vec2(-radius, -radius)),
        (rect.left_bottom(), vec2(radius, -radius)),
        (rect.left_top(), vec2(radius, radius)),
        (rect.right_top(), vec2(-radius, radius)),
    ];
    for (quarter, (corner, inwards)) in (0_u8..).zip(all) {
        let first = mesh.vertices.len() as u32;
        mesh.colored_vertex(corner, color);
        for step in 0..=STEPS {
            let turned = f32::from(quarter) + step as f32 / STEPS as f32;
            let out = Vec2::angled(turned * FRAC_PI_2) * radius;
            mesh.colored_vertex(corner + inwards + out, color);
        }
        (1..=STEPS).for_each(|step| mesh.add_triangle(first, first + step, first + step + 1));
    }
    mesh
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
    child.spacing_mut().item_spacing = vec2(0.0, 0.0);
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
