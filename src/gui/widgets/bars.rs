//! Bars: the phases of a lesson, and the load of a subtask.

use egui::{Painter, Rect, Response, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::gui::theme::Theme;

/// The phases of a lesson as segments, `done` of `count` filled; `name` is what a screen reader says.
pub fn phase_bar(ui: &mut Ui, count: usize, done: usize, name: &str) -> Response {
    let theme = Theme::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 4.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, name));
    let gap = 5.0;
    let width = (rect.width() - gap * (count.max(1) - 1) as f32) / count.max(1) as f32;
    for index in 0..count {
        let left = rect.left() + index as f32 * (width + gap);
        let part = Rect::from_min_size(pos2(left, rect.top()), vec2(width, rect.height()));
        let on = index < done;
        let fill = if on { theme.palette.accent.fill } else { theme.palette.channel.edge };
        ui.painter().rect_filled(part, 2, fill);
    }
    response
}

/// Shares of a subtask's time, each from 0 to 1; the rest is idle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LoadShares {
    /// At work.
    pub busy: f32,
    /// With output that nobody takes.
    pub back_pressured: f32,
}

/// Paints a load bar: solid is busy, hatched is back-pressured, empty is idle.
pub fn load_bar(painter: &Painter, rect: Rect, theme: &Theme, shares: LoadShares) {
    let load = &theme.palette.load;
    let radius = (rect.height() / 2.0) as u8;
    painter.rect_filled(rect, radius, load.idle);
    let busy = rect.width() * shares.busy.clamp(0.0, 1.0);
    let pressure =
        rect.width() * shares.back_pressured.clamp(0.0, 1.0 - shares.busy.clamp(0.0, 1.0));
    if pressure > 0.5 {
        let min = pos2(rect.left() + busy, rect.top());
        hatch(painter, Rect::from_min_size(min, vec2(pressure, rect.height())), theme);
    }
    if busy > 0.5 {
        let part = Rect::from_min_size(rect.min, vec2(busy.max(rect.height()), rect.height()));
        painter.rect_filled(part.intersect(rect), radius, load.busy);
    }
}

fn hatch(painter: &Painter, rect: Rect, theme: &Theme) {
    let color = theme.palette.load.pressure;
    painter.rect_filled(rect, 0, color.gamma_multiply(0.35));
    let clipped = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
    let mut x = rect.left() - rect.height();
    while x < rect.right() {
        let line = [pos2(x, rect.bottom()), pos2(x + rect.height(), rect.top())];
        clipped.add(Shape::line_segment(line, Stroke::new(1.6, color)));
        x += 4.0;
    }
}
