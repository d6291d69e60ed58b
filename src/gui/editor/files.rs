//! Scripts as files: open, save, drop; and the history of what was run.

use std::path::Path;

use egui::{Popup, PopupCloseBehavior, ScrollArea, Ui};

use super::EditorState;
use crate::base::Error;
use crate::gui::settings;
use crate::gui::theme::Type;
use crate::gui::view::{Action, Actions, View};
use crate::gui::widgets::{Button, Icon, IconButton, label};

/// Draws the menu of the editor.
pub fn menu(ui: &mut Ui, view: &View<'_>, state: &mut EditorState, actions: &mut Actions) {
    let name = view.tr("editor-menu");
    let button = ui.add(IconButton::new(Icon::Menu, &name).side(28.0));
    Popup::menu(&button).close_behavior(PopupCloseBehavior::CloseOnClick).show(|ui| {
        ui.set_min_width(220.0);
        entries(ui, view, state, actions);
    });
}

fn entries(ui: &mut Ui, view: &View<'_>, state: &mut EditorState, actions: &mut Actions) {
    let entry = |ui: &mut Ui, icon, id: &str| {
        let words = view.tr(id);
        ui.add(Button::ghost(&words).icon(icon).small()).clicked()
    };
    if entry(ui, Icon::Play, "editor-run-all") {
        actions.push(Action::Run(crate::gui::view::RunScope::All));
    }
    if entry(ui, Icon::Folder, "editor-open") {
        open(view, state, actions);
    }
    if entry(ui, Icon::Save, "editor-save") {
        save(view, state, actions);
    }
    if entry(ui, Icon::Table, "paste-open") {
        actions.push(Action::PasteTable);
    }
    ui.separator();
    label(ui, Type::Label, view.tr("editor-history"), view.theme.palette.text.muted);
    ScrollArea::vertical().max_height(180.0).show(ui, |ui| {
        for script in view.settings.history.iter().rev() {
            let first = script.lines().next().unwrap_or_default();
            let shown: String = first.chars().take(44).collect();
            if ui.add(Button::ghost(&shown).icon(Icon::History).small()).clicked() {
                actions.push(Action::SetEditorText(script.clone()));
            }
        }
    });
}

fn dialog(view: &View<'_>, state: &EditorState) -> rfd::FileDialog {
    let dialog =
        rfd::FileDialog::new().add_filter("SQL", &["sql"]).set_title(view.tr("editor-file"));
    match state.file.as_deref().and_then(Path::parent) {
        Some(folder) => dialog.set_directory(folder),
        None => dialog,
    }
}

fn open(view: &View<'_>, state: &mut EditorState, actions: &mut Actions) {
    if let Some(path) = dialog(view, state).pick_file() {
        read(&path, state, actions);
    }
}

fn save(view: &View<'_>, state: &mut EditorState, actions: &mut Actions) {
    let name = state.file.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy());
    let dialog = dialog(view, state).set_file_name(name.as_deref().unwrap_or("riacho.sql"));
    let Some(path) = dialog.save_file() else { return };
    match settings::replace(&path, state.text.as_bytes()) {
        Ok(()) => {
            state.file = Some(path);
            state.changed = true;
        }
        Err(error) => actions.push(Action::Notice(refusal("file-not-saved", &path, &error))),
    }
}

/// Takes files that were dropped on the window.
pub fn take_dropped(ctx: &egui::Context, state: &mut EditorState, actions: &mut Actions) {
    let dropped = ctx.input_mut(|input| std::mem::take(&mut input.raw.dropped_files));
    for file in dropped {
        read(file.path(), state, actions);
    }
}

fn read(path: &Path, state: &mut EditorState, actions: &mut Actions) {
    match std::fs::read_to_string(path) {
        Ok(text) => {
            state.set_text(text);
            state.file = Some(path.to_owned());
        }
        Err(error) => actions.push(Action::Notice(refusal("file-not-read", path, &error))),
    }
}

fn refusal(code: &'static str, path: &Path, error: &std::io::Error) -> Error {
    Error::new(code).arg("path", path.display()).arg("reason", error)
}
