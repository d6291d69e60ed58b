//! Buttons: one loud kind, one plain, one without a ground, one that warns; and icons that are pressed.

use egui::{
    Color32, CornerRadius, Painter, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, Widget,
    WidgetInfo, vec2,
};

use super::{Icon, icon, text};
use crate::gui::theme::{Theme, Type};

/// What a button says by its looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Primary,
    Secondary,
    Ghost,
    Danger,
    Warm,
}

/// A button with words, and perhaps an icon before or after them.
#[must_use]
pub struct Button<'a> {
    kind: Kind,
    label: &'a str,
    name: Option<&'a str>,
    icon: Option<Icon>,
    trailing: Option<Icon>,
    icon_color: Option<Color32>,
    enabled: bool,
    small: bool,
    cut: bool,
}

impl<'a> Button<'a> {
    fn new(kind: Kind, label: &'a str) -> Self {
        Self {
            kind,
            label,
            name: None,
            icon: None,
            trailing: None,
            icon_color: None,
            enabled: true,
            small: false,
            cut: false,
        }
    }

    /// The one loud button of a panel.
    pub fn primary(label: &'a str) -> Self {
        Self::new(Kind::Primary, label)
    }

    /// An ordinary button.
    pub fn secondary(label: &'a str) -> Self {
        Self::new(Kind::Secondary, label)
    }

    /// A quiet button without a ground.
    pub fn ghost(label: &'a str) -> Self {
        Self::new(Kind::Ghost, label)
    }

    /// A button that breaks something.
    pub fn danger(label: &'a str) -> Self {
        Self::new(Kind::Danger, label)
    }

    /// A button with a warm outline: a hint.
    pub fn hint(label: &'a str) -> Self {
        Self::new(Kind::Warm, label)
    }

    /// An icon before the words.
    pub fn icon(self, icon: Icon) -> Self {
        Self { icon: Some(icon), ..self }
    }

    /// An icon after the words.
    pub fn trailing(self, icon: Icon) -> Self {
        Self { trailing: Some(icon), ..self }
    }

    /// Another colour for the icon.
    pub fn icon_color(self, color: Color32) -> Self {
        Self { icon_color: Some(color), ..self }
    }

    /// What a screen reader says, when the words on the button are not enough.
    pub fn name(self, name: &'a str) -> Self {
        Self { name: Some(name), ..self }
    }

    /// Whether it can be pressed.
    pub fn enabled(self, enabled: bool) -> Self {
        Self { enabled, ..self }
    }

    /// The lower kind.
    pub fn small(self) -> Self {
        Self { small: true, ..self }
    }

    /// Cuts the words with an ellipsis where there is no room for all of them.
    pub fn cut(self) -> Self {
        Self { cut: true, ..self }
    }

    /// How wide it is while its words are not cut.
    pub fn width(&self, painter: &Painter) -> f32 {
        text::width(painter, Type::Strong, self.label) + self.beside()
    }

    /// What stands beside its words: icons, and the space around them.
    fn beside(&self) -> f32 {
        let icons = [self.icon, self.trailing].iter().flatten().count() as f32;
        icons * (ICON_SIDE + ICON_GAP) + 2.0 * self.pad()
    }

    fn pad(&self) -> f32 {
        if self.small { 9.0 } else { 12.0 }
    }

    fn colors(&self, theme: &Theme, hot: bool, down: bool) -> (Color32, Stroke, Color32) {
        let palette = &theme.palette;
        let line = |color| Stroke::new(theme.stroke.hairline, color);
        let raised = match (down, hot) {
            (true, _) => palette.surface.inset,
            (_, true) => palette.surface.overlay,
            _ => palette.surface.raised,
        };
        if !self.enabled && self.kind != Kind::Ghost {
            let ground = palette.surface.panel;
            return (ground, line(palette.line.hairline), palette.text.muted);
        }
        match self.kind {
            Kind::Primary => {
                let fill = palette.accent.fill;
                let shade = |amount| fill.lerp_to_gamma(palette.surface.window, amount);
                let fill = if down {
                    shade(0.22)
                } else if hot {
                    shade(0.1)
                } else {
                    fill
                };
                (fill, line(fill), palette.accent.on_fill)
            }
            Kind::Secondary => (raised, line(palette.line.strong), palette.text.primary),
            Kind::Warm => {
                let edge = palette.status.warn.gamma_multiply(0.55);
                (raised, line(edge), palette.text.primary)
            }
            Kind::Danger => {
                let ground = if hot { palette.status.danger_soft } else { palette.surface.raised };
                (ground, line(palette.status.danger), palette.status.danger)
            }
            Kind::Ghost => {
                let ground = if hot && self.enabled { raised } else { Color32::TRANSPARENT };
                let ink = if self.enabled { palette.text.secondary } else { palette.text.muted };
                (ground, line(ground), ink)
            }
        }
    }
}

const ICON_SIDE: f32 = 16.0;
const ICON_GAP: f32 = 6.0;

impl Widget for Button<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let theme = Theme::of(ui);
        let height = if self.small { theme.size.button_small } else { theme.size.button };
        let beside = self.beside();
        let room = if self.cut { ui.available_width() - beside } else { f32::INFINITY };
        let galley = text::galley(ui.painter(), Type::Strong, self.label, Color32::WHITE, room);
        let whole = galley.size().x + beside;
        let sense = if self.enabled { Sense::click() } else { Sense::hover() };
        let (rect, response) = ui.allocate_exact_size(vec2(whole, height), sense);
        let name = self.name.unwrap_or(self.label);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, self.enabled, name));
        if !ui.is_rect_visible(rect) {
            return response;
        }
        let down = response.is_pointer_button_down_on();
        let (fill, stroke, ink) = self.colors(theme, response.hovered(), down);
        let radius = CornerRadius::same(theme.radius.control);
        ui.painter().rect(rect, radius, fill, stroke, StrokeKind::Inside);
        let mut x = rect.left() + self.pad();
        let square = |x: f32| {
            egui::Rect::from_min_size(
                egui::pos2(x, rect.center().y - ICON_SIDE / 2.0),
                Vec2::splat(ICON_SIDE),
            )
        };
        let icon_ink = self.icon_color.filter(|_| self.enabled).unwrap_or(ink);
        if let Some(leading) = self.icon {
            icon::paint(ui.painter(), square(x), leading, icon_ink, theme.stroke.icon);
            x += ICON_SIDE + ICON_GAP;
        }
        let width = galley.size().x;
        let text_at = egui::pos2(x, rect.center().y - galley.size().y / 2.0);
        ui.painter().galley_with_override_text_color(text_at, galley, ink);
        if let Some(trailing) = self.trailing {
            let at = square(x + width + ICON_GAP);
            icon::paint(ui.painter(), at, trailing, icon_ink, theme.stroke.icon);
        }
        super::focus_ring(ui, &response, theme.radius.control);
        response
    }
}

/// A button that is an icon; `name` is what a screen reader and the tooltip say.
#[must_use]
pub struct IconButton<'a> {
    icon: Icon,
    name: &'a str,
    side: f32,
    enabled: bool,
    selected: bool,
    round: bool,
}

impl<'a> IconButton<'a> {
    /// An icon without a ground.
    pub fn new(icon: Icon, name: &'a str) -> Self {
        Self { icon, name, side: 32.0, enabled: true, selected: false, round: false }
    }

    /// Whether it can be pressed.
    pub fn enabled(self, enabled: bool) -> Self {
        Self { enabled, ..self }
    }

    /// Whether it shows what is open now.
    pub fn selected(self, selected: bool) -> Self {
        Self { selected, ..self }
    }

    /// Another size; at least the smallest hit area.
    pub fn side(self, side: f32) -> Self {
        Self { side, ..self }
    }

    /// The loud round button: filled with the accent.
    pub fn round(self) -> Self {
        Self { round: true, ..self }
    }
}

impl Widget for IconButton<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let theme = Theme::of(ui);
        let palette = &theme.palette;
        let side = self.side.max(theme.size.hit_min);
        let sense = if self.enabled { Sense::click() } else { Sense::hover() };
        let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), sense);
        let (enabled, name) = (self.enabled, self.name);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name));
        let radius = if self.round { (side / 2.0) as u8 } else { theme.radius.control };
        let hot = response.hovered() && enabled;
        let ground = if self.round {
            let shade = if response.is_pointer_button_down_on() { 0.22 } else { 0.1 };
            let fill = palette.accent.fill;
            if hot { fill.lerp_to_gamma(palette.surface.window, shade) } else { fill }
        } else if self.selected {
            palette.accent.soft
        } else if hot {
            palette.surface.raised
        } else {
            Color32::TRANSPARENT
        };
        let ink = match (self.round, enabled, self.selected, hot) {
            (true, ..) => palette.accent.on_fill,
            (_, false, ..) => palette.line.strong,
            (_, _, true, _) => palette.accent.text,
            (_, _, _, true) => palette.text.primary,
            _ => palette.text.secondary,
        };
        ui.painter().rect_filled(rect, CornerRadius::same(radius), ground);
        let drawn = egui::Rect::from_center_size(
            rect.center(),
            Vec2::splat(if self.round { 20.0 } else { 18.0 }),
        );
        icon::paint(ui.painter(), drawn, self.icon, ink, theme.stroke.icon);
        super::focus_ring(ui, &response, radius);
        response.on_hover_text(self.name)
    }
}
