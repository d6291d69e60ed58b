//! The menu of lessons in the top bar: which one is open, which others there are, an instructor's own.

use egui::{Popup, PopupCloseBehavior, Ui};

use super::LessonState;
use crate::gui::settings::Settings;
use crate::gui::theme::Type;
use crate::gui::view::{Action, Actions, View};
use crate::gui::widgets::{Button, Icon, label};
use crate::lessons::Lesson;

/// Draws the name of the open lesson; a press opens the menu.
pub fn ui(ui: &mut Ui, view: &View<'_>, state: &LessonState, actions: &mut Actions) {
    let Some(lesson) = state.lesson() else { return };
    let number = view.tr_args("lesson-number", &[("number", lesson.number.into())]);
    label(ui, Type::Body, number, view.theme.palette.text.secondary);
    ui.spacing_mut().item_spacing.x = 0.0;
    let title = &lesson.prose.get(view.language).title;
    let name = view.tr("lesson-menu");
    let button = ui.add(Button::ghost(title).trailing(Icon::ChevronDown).name(&name).small());
    Popup::menu(&button).close_behavior(PopupCloseBehavior::CloseOnClick).show(|ui| {
        ui.set_min_width(240.0);
        for other in state.shelf.lessons() {
            lesson_ui(ui, view, other, other.folder == lesson.folder, actions);
        }
        ui.separator();
        folder_ui(ui, view, state, actions);
        if entry(ui, view, Icon::Book, "lesson-fold") {
            actions.push(Action::ToggleLesson);
        }
    });
}

fn lesson_ui(ui: &mut Ui, view: &View<'_>, lesson: &Lesson, open: bool, actions: &mut Actions) {
    let title = &lesson.prose.get(view.language).title;
    let words = format!("{}  {title}", lesson.number);
    let passed = view.settings.lessons.get(lesson).is_some_and(|progress| progress.passed(lesson));
    let button = Button::ghost(&words).small();
    let button = if passed { button.trailing(Icon::Check) } else { button };
    if ui.add(button).clicked() && !open {
        change(view, actions, |settings| settings.lesson.clone_from(&lesson.folder));
    }
}

fn folder_ui(ui: &mut Ui, view: &View<'_>, state: &LessonState, actions: &mut Actions) {
    if entry(ui, view, Icon::Folder, "lesson-open-folder") {
        let dialog = rfd::FileDialog::new().set_title(view.tr("lesson-open-folder"));
        if let Some(folder) = dialog.pick_folder() {
            change(view, actions, |settings| settings.lessons_folder = Some(folder));
        }
    }
    if state.shelf.folder().is_some() && entry(ui, view, Icon::History, "lesson-built-in") {
        change(view, actions, |settings| settings.lessons_folder = None);
    }
}

fn entry(ui: &mut Ui, view: &View<'_>, icon: Icon, id: &str) -> bool {
    ui.add(Button::ghost(&view.tr(id)).icon(icon).small()).clicked()
}

fn change(view: &View<'_>, actions: &mut Actions, how: impl FnOnce(&mut Settings)) {
    let mut settings = view.settings.clone();
    how(&mut settings);
    actions.push(Action::Settings(Box::new(settings)));
}
