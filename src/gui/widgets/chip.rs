//! Chips: small rounded labels of a state, a key or a choice.

use egui::{
    Align2, Color32, Painter, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2,
    WidgetInfo, pos2, vec2,
};

use super::{Icon, icon};
use crate::gui::theme::{Theme, Type};

/// What a chip says by its colour; always beside words and an icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to say.
    Plain,
    /// It runs, it is done.
    Ok,
    /// It waits, it comes back.
    Warn,
    /// It failed, it is lost.
    Danger,
    /// Completed, or of interest.
    Accent,
}

impl Tone {
    /// Ground and ink.
    pub fn colors(self, theme: &Theme) -> (Color32, Color32) {
        let (status, accent) = (&theme.palette.status, &theme.palette.accent);
        match self {
            Self::Plain => (theme.palette.surface.raised, theme.palette.text.secondary),
            Self::Ok => (status.ok_soft, status.ok),
            Self::Warn => (status.warn_soft, status.warn),
            Self::Danger => (status.danger_soft, status.danger),
            Self::Accent => (accent.soft, accent.text),
        }
    }
}

/// A chip with an optional icon; only to be read.
pub fn chip(ui: &mut Ui, tone: Tone, mark: Option<Icon>, text: &str) -> Response {
    let theme = Theme::of(ui);
    let (ground, ink) = tone.colors(theme);
    let step = if tone == Tone::Plain { Type::Label } else { Type::LabelStrong };
    let galley = ui.painter().layout_no_wrap(text.to_owned(), step.font(), ink);
    let lead = if mark.is_some() { 20.0 } else { 0.0 };
    let size = vec2(galley.size().x + lead + 22.0, theme.size.chip);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    let edge = if tone == Tone::Plain { theme.hairline() } else { Stroke::NONE };
    ui.painter().rect(rect, theme.radius.chip, ground, edge, StrokeKind::Inside);
    if let Some(mark) = mark {
        let center = pos2(rect.left() + 18.0, rect.center().y);
        let at = Rect::from_center_size(center, Vec2::splat(14.0));
        icon::paint(ui.painter(), at, mark, ink, theme.stroke.icon);
    }
    let at = pos2(rect.left() + 11.0 + lead, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, ink);
    response
}

/// A pill with a hairline, painted at a place: a partitioner in the fork of a channel.
pub fn pill(painter: &Painter, center: Pos2, theme: &Theme, text: &str) -> Rect {
    let ink = theme.palette.text.secondary;
    let galley = painter.layout_no_wrap(text.to_owned(), Type::LabelStrong.font(), ink);
    let rect = Rect::from_center_size(center, vec2(galley.size().x + 20.0, theme.size.chip));
    let fill = theme.palette.surface.raised;
    painter.rect(rect, theme.radius.chip, fill, theme.outline(), StrokeKind::Inside);
    painter.galley(center - galley.size() / 2.0, galley, ink);
    rect
}

/// The mark of a key: a disc in its colour with its letter.
pub fn key_chip(ui: &mut Ui, index: usize, key: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(18.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, key));
    paint_key_chip(ui.painter(), rect.center(), 8.5, Theme::of(ui), index, key);
    response
}

/// Paints the mark of a key; a key of more than two characters shows its first.
pub fn paint_key_chip(
    painter: &Painter,
    center: Pos2,
    radius: f32,
    theme: &Theme,
    index: usize,
    key: &str,
) {
    let (fill, ink) = theme.key_colors(index);
    painter.circle_filled(center, radius, fill);
    if radius >= 6.0 {
        let font = egui::FontId::new(radius * 1.4, Type::Strong.font().family);
        painter.text(center, Align2::CENTER_CENTER, short_key(key), font, ink);
    }
}

/// What of a key fits into a disc.
fn short_key(key: &str) -> String {
    let take = if key.chars().count() <= 2 { 2 } else { 1 };
    key.chars().take(take).collect()
}

/// A key of the keyboard, for the page of shortcuts.
pub fn keycap(ui: &mut Ui, text: &str) -> Response {
    let theme = Theme::of(ui);
    let ink = theme.palette.text.primary;
    let galley = ui.painter().layout_no_wrap(text.to_owned(), Type::Code.font(), ink);
    let (rect, response) =
        ui.allocate_exact_size(vec2(galley.size().x + 14.0, 22.0), Sense::hover());
    let fill = theme.palette.surface.raised;
    ui.painter().rect(rect, theme.radius.small, fill, theme.outline(), StrokeKind::Inside);
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, ink);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_key_shows_its_first_character() {
        assert_eq!([short_key("a"), short_key("42"), short_key("Árvore")], ["a", "42", "Á"]);
    }
}
