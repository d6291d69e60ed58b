//! The parts that the pages of the inspector share.

use egui::{Align2, Color32, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::gui::theme::Type;
use crate::gui::view::View;
use crate::gui::widgets::{Icon, label, paint_icon, text};

/// The first line of a page, and the line under it.
pub fn title(ui: &mut Ui, view: &View<'_>, title: &str, under: &str) {
    let color = view.theme.palette.text.primary;
    ui.add(egui::Label::new(Type::Section.text(title, color)).truncate());
    label(ui, Type::Label, under, view.theme.palette.text.secondary);
    ui.add_space(4.0);
}

/// The head of a part, with a fact on the right.
pub fn section(ui: &mut Ui, view: &View<'_>, title: &str, fact: &str) {
    ui.add_space(10.0);
    let palette = &view.theme.palette;
    let size = vec2(ui.available_width(), 22.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{title} {fact}")));
    let look = (Type::Strong, palette.text.primary);
    let (at, room) = (rect.left_center(), rect.width() * 0.7);
    text::line(ui.painter(), at, Align2::LEFT_CENTER, look, title, room);
    let look = (Type::Label, palette.text.secondary);
    let (at, room) = (rect.right_center(), rect.width() * 0.5);
    text::line(ui.painter(), at, Align2::RIGHT_CENTER, look, fact, room);
    ui.add_space(2.0);
}

/// A quiet sentence where there is nothing to show.
pub fn nothing(ui: &mut Ui, view: &View<'_>, id: &str) {
    label(ui, Type::Body, view.tr(id), view.theme.palette.text.muted);
}

/// A row of the full width.
pub fn row<R>(ui: &mut Ui, height: f32, content: impl FnOnce(&mut Ui, Rect) -> R) -> R {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    content(ui, rect)
}

/// A name on the left and a value on the right, over a hairline.
pub fn fact(ui: &mut Ui, view: &View<'_>, name: &str, value: &str) {
    fact_in(ui, view, name, value, view.theme.palette.text.primary);
}

/// The same in a colour.
pub fn fact_in(ui: &mut Ui, view: &View<'_>, name: &str, value: &str, color: Color32) {
    let width = ui.available_width();
    let (rect, response) = ui.allocate_exact_size(vec2(width, 26.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{name}: {value}")));
    let look = (Type::Label, view.theme.palette.text.secondary);
    let painter = ui.painter();
    let value_rect = text::line(
        painter,
        rect.right_center(),
        Align2::RIGHT_CENTER,
        (Type::Code, color),
        value,
        width * 0.66,
    );
    let room = value_rect.left() - rect.left() - 8.0;
    text::line(painter, rect.left_center(), Align2::LEFT_CENTER, look, name, room);
    painter.hline(rect.x_range(), rect.bottom(), view.theme.hairline());
}

/// A name behind an icon on the left and a value on the right, over a hairline.
pub fn icon_fact(
    ui: &mut Ui,
    view: &View<'_>,
    (icon, color): (Icon, Color32),
    name: &str,
    value: &str,
) {
    let size = vec2(ui.available_width(), 26.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{name}: {value}")));
    let (painter, palette) = (ui.painter(), &view.theme.palette);
    let square = Rect::from_center_size(rect.left_center() + vec2(7.0, 0.0), vec2(14.0, 14.0));
    paint_icon(painter, square, icon, color, view.theme.stroke.icon);
    let look = (Type::Label, palette.text.primary);
    let at = rect.right_center();
    let right = text::line(painter, at, Align2::RIGHT_CENTER, look, value, rect.width() * 0.55);
    let look = (Type::Code, palette.text.secondary);
    let at = rect.left_center() + vec2(22.0, 0.0);
    text::line(painter, at, Align2::LEFT_CENTER, look, name, right.left() - at.x - 8.0);
    painter.hline(rect.x_range(), rect.bottom(), view.theme.hairline());
}

/// A row that can be pressed.
pub fn press_row(
    ui: &mut Ui,
    view: &View<'_>,
    name: &str,
    selected: bool,
    content: impl FnOnce(&mut Ui, Rect),
) -> bool {
    let size = vec2(ui.available_width(), view.theme.size.table_row);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, selected, name));
    let palette = &view.theme.palette;
    if selected || response.hovered() {
        let fill = if selected { palette.accent.soft } else { palette.surface.raised };
        ui.painter().rect_filled(rect.expand2(vec2(6.0, 0.0)), view.theme.radius.small, fill);
    }
    content(ui, rect);
    crate::gui::widgets::focus_ring(ui, &response, view.theme.radius.small);
    response.clicked()
}

/// A stop on a way: a ring on a line that goes on below, with two lines of words beside it.
pub struct Stop<'a> {
    /// What a person would say.
    pub title: &'a str,
    /// On the right.
    pub aside: &'a str,
    /// The line below.
    pub detail: &'a str,
    /// The colour of the ring.
    pub color: Color32,
    /// Whether the way goes on.
    pub goes_on: bool,
}

/// Draws a stop.
pub fn stop(ui: &mut Ui, view: &View<'_>, stop: &Stop<'_>) {
    let palette = &view.theme.palette;
    let width = ui.available_width() - 28.0;
    let detail = wrapped(ui, stop.detail, palette.text.secondary, width);
    let height = 22.0 + detail.size().y + 12.0;
    let size = vec2(ui.available_width(), height);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| {
        WidgetInfo::labeled(
            Role::Label,
            true,
            format!("{} {} {}", stop.title, stop.aside, stop.detail),
        )
    });
    let painter = ui.painter();
    let center = rect.min + vec2(8.0, 10.0);
    if stop.goes_on {
        let line = Stroke::new(1.5, palette.line.strong);
        painter.vline(center.x, center.y + 9.0..=rect.bottom() + 4.0, line);
    }
    painter.circle_stroke(center, 6.0, Stroke::new(1.8, stop.color));
    painter.circle_filled(center, 2.5, stop.color);
    let left = rect.left() + 28.0;
    let look = (Type::Code, palette.text.muted);
    let aside = pos2(rect.right(), center.y);
    let edge =
        text::line(painter, aside, Align2::RIGHT_CENTER, look, stop.aside, width * 0.4).left();
    let look = (Type::Strong, palette.text.primary);
    let at = pos2(left, center.y);
    text::line(painter, at, Align2::LEFT_CENTER, look, stop.title, edge - left - 6.0);
    painter.galley(pos2(left, rect.top() + 21.0), detail, palette.text.secondary);
}

fn wrapped(ui: &Ui, words: &str, color: Color32, width: f32) -> std::sync::Arc<egui::Galley> {
    ui.painter().layout(words.to_owned(), Type::Label.font(), color, width)
}
