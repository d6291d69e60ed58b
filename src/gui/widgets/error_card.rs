//! A red card that says in a few lines what went wrong.

use std::sync::Arc;

use egui::{Galley, Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::{Icon, paint_icon, text};
use crate::gui::theme::{Theme, Type};

/// Lines of words that a card has; all of them stand in its tooltip.
const ROWS: usize = 4;
/// Above and below the words.
const PAD: f32 = 6.0;
/// Left and right of the words and the icon.
const SIDE: f32 = 10.0;
const ICON: f32 = 14.0;
const AFTER_ICON: f32 = 8.0;

/// The words of a card, laid out.
pub struct ErrorCard {
    words: String,
    galley: Arc<Galley>,
}

impl ErrorCard {
    /// A card of a width; `beside` is what stands on the right of the words.
    pub fn new(ui: &Ui, words: String, width: f32, beside: f32) -> Self {
        let look = (Type::Label, Theme::of(ui).palette.text.primary);
        let room = width - 2.0 * SIDE - ICON - AFTER_ICON - beside;
        let galley = text::paragraph(ui.painter(), look, &words, room, ROWS);
        Self { words, galley }
    }

    /// How high it is.
    pub fn height(&self) -> f32 {
        (self.galley.size().y + 2.0 * PAD).ceil()
    }

    /// Draws it; answers the room between its edges.
    pub fn ui(&self, ui: &mut Ui, rect: Rect) -> Rect {
        let theme = Theme::of(ui);
        let palette = &theme.palette;
        let danger = palette.status.danger;
        let edge = Stroke::new(1.0, danger.gamma_multiply(0.35));
        let (ground, radius) = (palette.status.danger_soft, theme.radius.control);
        ui.painter().rect(rect, radius, ground, edge, StrokeKind::Inside);
        let (inner, size) = (rect.shrink2(vec2(SIDE, 0.0)), self.galley.size());
        let at = pos2(inner.left() + ICON + AFTER_ICON, rect.center().y - size.y / 2.0);
        let first = self.galley.rows.first().map_or(size.y, |row| row.height());
        let middle = pos2(inner.left() + ICON / 2.0, at.y + first / 2.0);
        let icon = Rect::from_center_size(middle, Vec2::splat(ICON));
        paint_icon(ui.painter(), icon, Icon::Cross, danger, theme.stroke.icon);
        ui.painter().galley(at, self.galley.clone(), palette.text.primary);
        let id = ui.scope_id().with(("error", &self.words));
        let response = ui.interact(Rect::from_min_size(at, size), id, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &self.words));
        if self.galley.elided {
            response.on_hover_text(&self.words);
        }
        inner
    }
}
