//! The foot of the lesson: hints, the solution, and the way to the next phase.

use egui::{Align, Layout, Rect, Ui, UiBuilder};

use super::LessonState;
use crate::gui::view::View;
use crate::gui::widgets::{Button, Icon, IconButton};
use crate::lessons::{Lesson, LessonProgress, Phase};

/// Draws the foot.
pub fn ui(
    ui: &mut Ui,
    view: &View<'_>,
    state: &mut LessonState,
    rect: Rect,
    lesson: &Lesson,
    progress: &mut LessonProgress,
) {
    ui.painter().hline(ui.max_rect().x_range(), rect.top(), view.theme.hairline());
    let layout = Layout::left_to_right(Align::Center);
    let mut row = ui.new_child(UiBuilder::new().id_salt("foot").max_rect(rect).layout(layout));
    row.spacing_mut().item_spacing.x = 8.0;
    hints(&mut row, view, state, lesson, progress);
    if !view.compact {
        solution(&mut row, view, state, progress);
    }
    row.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        phases(ui, view, lesson, progress);
    });
}

fn hints(
    ui: &mut Ui,
    view: &View<'_>,
    state: &mut LessonState,
    lesson: &Lesson,
    progress: &mut LessonProgress,
) {
    let count = lesson.hints.len();
    let next = (progress.hints + 1).min(count);
    let words = view.tr_args("lesson-hint", &[("number", next.into()), ("count", count.into())]);
    let bulb = Button::hint(&words).icon(Icon::Bulb).icon_color(view.theme.palette.status.warn);
    if ui.add(bulb.small()).clicked() {
        state.hints_shown = true;
        progress.hints = next;
    }
}

fn solution(ui: &mut Ui, view: &View<'_>, state: &mut LessonState, progress: &LessonProgress) {
    let words = view.tr("lesson-solution");
    let open = progress.attempted();
    let button = Button::secondary(&words).enabled(open).small();
    let button = if open { button } else { button.icon(Icon::Lock) };
    if ui.add(button).on_disabled_hover_text(view.tr("lesson-solution-locked")).clicked() {
        state.solution_shown = !state.solution_shown;
    }
}

fn phases(ui: &mut Ui, view: &View<'_>, lesson: &Lesson, progress: &mut LessonProgress) {
    if let Some(phase) = progress.phase.next() {
        let words = view.tr("lesson-next");
        // Whoever did what the phase asks sees the way on; nobody is held back.
        let done = progress.phase_done(lesson, progress.phase);
        let button = if done { Button::primary(&words) } else { Button::ghost(&words) };
        if ui.add(button.trailing(Icon::ChevronRight).small()).clicked() {
            progress.phase = phase;
        }
    }
    let before = progress.phase.position().checked_sub(1);
    if let Some(phase) = before.and_then(|position| Phase::ALL.get(position)) {
        let name = view.tr("lesson-before");
        if ui.add(IconButton::new(Icon::ChevronLeft, &name).side(28.0)).clicked() {
            progress.phase = *phase;
        }
    }
}
