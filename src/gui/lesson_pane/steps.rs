//! The steps of a phase, each with its check.

use egui::{Label, Rect, Role, Sense, Stroke, Ui, Vec2, WidgetInfo};

use crate::gui::theme::Type;
use crate::gui::view::View;
use crate::gui::widgets::{Icon, label, paint_icon};
use crate::lessons::{Lesson, LessonProgress};

/// Draws the steps of the phase.
pub fn ui(ui: &mut Ui, view: &View<'_>, lesson: &Lesson, progress: &LessonProgress) {
    let palette = &view.theme.palette;
    let steps: Vec<_> = lesson.steps_of(progress.phase).collect();
    if steps.is_empty() {
        return;
    }
    ui.add_space(8.0);
    label(ui, Type::Label, view.tr("lesson-steps"), palette.text.muted);
    let current = steps.iter().position(|step| !progress.done.contains(&step.id));
    for (index, step) in steps.iter().enumerate() {
        let done = progress.done.contains(&step.id);
        let now = current == Some(index);
        let words = step.text.get(view.language).replace(['`', '*'], "");
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 9.0;
            let (rect, response) = ui.allocate_exact_size(Vec2::splat(18.0), Sense::hover());
            let state = view.tr(if done { "lesson-done" } else { "lesson-open" });
            response.widget_info(|| {
                WidgetInfo::selected(Role::CheckBox, true, done, format!("{words}: {state}"))
            });
            mark(ui, view, rect, done, now);
            let color = if now { palette.text.primary } else { palette.text.secondary };
            ui.add(Label::new(Type::Body.text(words, color)).wrap());
        });
    }
}

fn mark(ui: &Ui, view: &View<'_>, rect: Rect, done: bool, now: bool) {
    let palette = &view.theme.palette;
    let center = rect.center();
    if done {
        ui.painter().circle_filled(center, 8.0, palette.status.ok_soft);
        let inner = rect.shrink(2.5);
        paint_icon(ui.painter(), inner, Icon::Check, palette.status.ok, view.theme.stroke.icon);
    } else if now {
        ui.painter().circle_stroke(center, 7.5, Stroke::new(1.5, palette.accent.text));
        ui.painter().circle_filled(center, 3.5, palette.accent.text);
    } else {
        ui.painter().circle_stroke(center, 7.5, Stroke::new(1.5, palette.line.strong));
    }
}
