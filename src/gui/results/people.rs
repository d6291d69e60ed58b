//! Part files of people that come into a folder of the workspace: what the tutorial's `generate.py` does,
//! by a button and by the lab clock.

use egui::{DragValue, TextEdit, Ui};

use crate::base::LabDuration;
use crate::gui::theme::Type;
use crate::gui::view::{Action, Actions, View};
use crate::gui::widgets::{Button, Icon, label};
use crate::runtime::api::{Command, PartsOptions, PartsStatus, parts_table};

/// What the line keeps between two frames.
pub struct PeopleState {
    directory: String,
    rows: u32,
    seconds: u32,
    files: u32,
}

impl Default for PeopleState {
    fn default() -> Self {
        let tutorial = PartsOptions::tutorial("/home/admin123/people", "");
        let seconds = u32::try_from(tutorial.every.0 / LabDuration::seconds(1).0).unwrap_or(1);
        let (rows, files) = (tutorial.rows, tutorial.files);
        Self { directory: tutorial.directory, rows, seconds, files }
    }
}

/// Draws the line: where, how many, how often, and the button.
pub fn ui(
    ui: &mut Ui,
    view: &View<'_>,
    parts: Option<&PartsStatus>,
    state: &mut PeopleState,
    actions: &mut Actions,
) {
    let margin = egui::Margin { left: 16, right: 16, top: 4, bottom: 8 };
    egui::Frame::new().inner_margin(margin).show(ui, |ui| {
        ui.spacing_mut().item_spacing = egui::vec2(8.0, 6.0);
        ui.horizontal_wrapped(|ui| line(ui, view, parts, state, actions));
    });
}

fn line(
    ui: &mut Ui,
    view: &View<'_>,
    parts: Option<&PartsStatus>,
    state: &mut PeopleState,
    actions: &mut Actions,
) {
    let ink = view.theme.palette.text.secondary;
    if let Some(parts) = parts.filter(|parts| !parts.over) {
        let words = view.tr("people-stop");
        if ui.add(Button::secondary(&words).icon(Icon::Cross).small()).clicked() {
            actions.push(Action::Engine(Command::StopParts));
        }
        let args = [("written", parts.written.into()), ("files", parts.files.into())];
        label(ui, Type::Label, view.tr_args("people-progress", &args), ink);
        label(ui, Type::Code, &parts.directory, ink);
        return;
    }
    let words = view.tr("people-start");
    if ui.add(Button::secondary(&words).icon(Icon::Play).small()).clicked() {
        actions.push(Action::Engine(Command::BringParts(state.options(view))));
    }
    number(ui, view, "people-rows", &mut state.rows);
    number(ui, view, "people-seconds", &mut state.seconds);
    number(ui, view, "people-files", &mut state.files);
    let name = label(ui, Type::Label, view.tr("people-folder"), ink);
    let edit = TextEdit::singleline(&mut state.directory).desired_width(180.0);
    ui.add(edit.font(Type::Code.font())).labelled_by(name.id);
    let words = view.tr("people-table");
    if ui.add(Button::ghost(&words).icon(Icon::Table).small()).clicked() {
        actions.push(Action::AddToEditor(parts_table(&state.directory)));
    }
}

fn number(ui: &mut Ui, view: &View<'_>, id: &str, value: &mut u32) {
    let name = label(ui, Type::Label, view.tr(id), view.theme.palette.text.secondary);
    ui.add(DragValue::new(value).range(1..=1_000)).labelled_by(name.id);
}

impl PeopleState {
    fn options(&self, view: &View<'_>) -> PartsOptions {
        PartsOptions {
            rows: self.rows,
            every: LabDuration::seconds(self.seconds.into()),
            files: self.files,
            ..PartsOptions::tutorial(&self.directory, view.language.code())
        }
    }
}
