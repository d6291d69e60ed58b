//! Choices in a row: segments in a frame, and tabs with a line under the open one.

use egui::{
    Color32, CornerRadius, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2,
    WidgetInfo, pos2, vec2,
};

use super::{Icon, icon};
use crate::gui::theme::{Theme, Type};

/// One of several segments in a frame.
#[derive(Clone, Debug)]
pub struct Segment<T> {
    /// What it stands for.
    pub value: T,
    /// Its words.
    pub label: String,
    /// Shown before the words while it is chosen.
    pub icon: Option<Icon>,
}

impl<T> Segment<T> {
    /// A segment of words alone.
    pub fn new(value: T, label: impl Into<String>) -> Self {
        Self { value, label: label.into(), icon: None }
    }

    /// With an icon.
    #[must_use]
    pub fn icon(self, icon: Icon) -> Self {
        Self { icon: Some(icon), ..self }
    }
}

/// Segments in a frame; returns whether the choice changed.
pub fn segmented<T: PartialEq + Clone>(
    ui: &mut Ui,
    chosen: &mut T,
    segments: &[Segment<T>],
) -> bool {
    let theme = Theme::of(ui);
    let font = |on: bool| if on { Type::Strong } else { Type::Body }.font();
    let widths: Vec<f32> = segments
        .iter()
        .map(|s| {
            // The bold width for all, so that nothing moves when the choice does.
            let text = ui.painter().layout_no_wrap(s.label.clone(), font(true), Color32::WHITE);
            let icon = if s.icon.is_some() && s.value == *chosen { 20.0 } else { 0.0 };
            text.size().x + icon
        })
        .collect();
    let (words, count) = (widths.iter().sum::<f32>() + 4.0, widths.len() as f32);
    // Closer together where there is no room.
    let pad = ((ui.available_width() - words) / count).clamp(12.0, 24.0);
    let height = theme.size.button_small;
    let size = vec2(words + pad * count, height + 2.0);
    let (frame, _) = ui.allocate_exact_size(size, Sense::hover());
    let radius = theme.radius.control + 1;
    let ground = theme.palette.surface.inset;
    ui.painter().rect(frame, radius, ground, theme.hairline(), StrokeKind::Inside);
    let mut x = frame.left() + 2.0;
    let mut changed = false;
    for (segment, width) in segments.iter().zip(widths.iter().map(|width| width + pad)) {
        let rect = Rect::from_min_size(pos2(x, frame.top() + 1.0), vec2(width, height));
        x += width;
        let response =
            choice(ui, rect, &segment.label, segment.value == *chosen, Role::RadioButton);
        if response.clicked() && segment.value != *chosen {
            *chosen = segment.value.clone();
            changed = true;
        }
        let on = segment.value == *chosen;
        if on {
            let (fill, edge) = (theme.palette.surface.raised, theme.outline());
            let inner = rect.shrink2(vec2(0.0, 1.0));
            ui.painter().rect(inner, theme.radius.control, fill, edge, StrokeKind::Inside);
        }
        let ink = ink(theme, on, response.hovered());
        let mut center = rect.center();
        if let (true, Some(kind)) = (on, segment.icon) {
            let at = Rect::from_center_size(pos2(rect.left() + 19.0, center.y), Vec2::splat(15.0));
            icon::paint(ui.painter(), at, kind, theme.palette.accent.text, theme.stroke.icon);
            center.x += 10.0;
        }
        let text = ui.painter().layout_no_wrap(segment.label.clone(), font(on), ink);
        ui.painter().galley(center - text.size() / 2.0, text, ink);
        super::focus_ring(ui, &response, theme.radius.control);
    }
    changed
}

/// Tabs with a line under the open one, on the foot of a panel's head; returns whether the choice
/// changed.
pub fn tabs<T: PartialEq + Clone>(ui: &mut Ui, chosen: &mut T, labels: &[(T, String)]) -> bool {
    let theme = Theme::of(ui);
    let mut changed = false;
    ui.spacing_mut().item_spacing.x = 15.0;
    for (value, label) in labels {
        let bold = ui.painter().layout_no_wrap(label.clone(), Type::Strong.font(), Color32::WHITE);
        let height = ui.available_height().max(theme.size.hit_min);
        let (rect, _) = ui.allocate_exact_size(vec2(bold.size().x, height), Sense::hover());
        let response = choice(ui, rect.expand2(vec2(7.0, 0.0)), label, value == chosen, Role::Tab);
        if response.clicked() && value != chosen {
            *chosen = value.clone();
            changed = true;
        }
        let on = value == chosen;
        let font = if on { Type::Strong } else { Type::Body }.font();
        let ink = ink(theme, on, response.hovered());
        let text = ui.painter().layout_no_wrap(label.clone(), font, ink);
        ui.painter().galley(rect.center() - text.size() / 2.0, text, ink);
        if on {
            let line = Stroke::new(2.0, theme.palette.accent.text);
            ui.painter().hline(rect.left()..=rect.right(), rect.bottom() - 1.0, line);
        }
        super::focus_ring(ui, &response, theme.radius.small);
    }
    changed
}

fn ink(theme: &Theme, on: bool, hovered: bool) -> Color32 {
    if on || hovered { theme.palette.text.primary } else { theme.palette.text.secondary }
}

/// The interaction of one choice. Its id comes from its words, so that it stays the same when its
/// neighbours change.
fn choice(ui: &mut Ui, rect: Rect, label: &str, on: bool, role: Role) -> Response {
    let id = ui.scope_id().with(("choice", label));
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| WidgetInfo::selected(role, ui.is_enabled(), on, label));
    response
}

/// The head of a panel: a row of `height` with a hairline under it.
pub fn head<R>(ui: &mut Ui, height: f32, pad: f32, content: impl FnOnce(&mut Ui) -> R) -> R {
    let theme = Theme::of(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, theme.hairline());
    let inner = rect.shrink2(vec2(pad, 0.0));
    let layout = egui::Layout::left_to_right(egui::Align::Center);
    let mut child = ui.new_child(UiBuilder::new().max_rect(inner).layout(layout));
    child.set_clip_rect(rect.intersect(ui.clip_rect()));
    child.spacing_mut().item_spacing = vec2(8.0, 0.0);
    content(&mut child)
}

/// A filled rounded rectangle behind what comes next; for rows that are lit.
pub fn lit_row(ui: &Ui, rect: Rect) {
    let theme = Theme::of(ui);
    ui.painter().rect_filled(rect, CornerRadius::ZERO, theme.palette.accent.soft);
}
