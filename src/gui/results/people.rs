//! Part files of people that come into a folder of the workspace: what the tutorial's `generate.py` does,
//! by a button and by the lab clock.

use egui::{
    Align, Color32, DragValue, Layout, Popup, PopupCloseBehavior, TextEdit, TextWrapMode, Ui,
};

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

/// Draws the line: the button and what it would do, or how far it has come.
pub fn ui(
    ui: &mut Ui,
    view: &View<'_>,
    parts: Option<&PartsStatus>,
    state: &mut PeopleState,
    actions: &mut Actions,
) {
    let margin = egui::Margin { left: 16, right: 16, top: 4, bottom: 8 };
    egui::Frame::new().inner_margin(margin).show(ui, |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        ui.horizontal(|ui| match parts.filter(|parts| !parts.over) {
            Some(parts) => progress(ui, view, parts, actions),
            None => offer(ui, view, state, actions),
        });
    });
}

fn progress(ui: &mut Ui, view: &View<'_>, parts: &PartsStatus, actions: &mut Actions) {
    let words = view.tr("people-stop");
    if ui.add(Button::secondary(&words).icon(Icon::Cross).small()).clicked() {
        actions.push(Action::Engine(Command::StopParts));
    }
    let args = [
        ("written", parts.written.into()),
        ("files", parts.files.into()),
        ("folder", parts.directory.as_str().into()),
    ];
    ui.style_mut().wrap_mode = Some(TextWrapMode::Truncate);
    label(ui, Type::Label, view.tr_args("people-progress", &args), ink(view));
}

/// The button, and beside it in words what comes; these open what can be changed.
fn offer(ui: &mut Ui, view: &View<'_>, state: &mut PeopleState, actions: &mut Actions) {
    let words = view.tr("people-start");
    if ui.add(Button::secondary(&words).icon(Icon::Play).small()).clicked() {
        actions.push(Action::Engine(Command::BringParts(state.options(view))));
    }
    let args = [
        ("rows", state.rows.into()),
        ("seconds", state.seconds.into()),
        ("files", state.files.into()),
    ];
    let plan = view.tr_args("people-plan", &args);
    let button = ui.add(Button::ghost(&plan).trailing(Icon::ChevronDown).small().cut());
    let popup = Popup::from_toggle_button_response(&button)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    popup.show(|ui| {
        ui.set_width(280.0);
        ui.spacing_mut().item_spacing.y = 6.0;
        number(ui, view, "people-rows", &mut state.rows);
        number(ui, view, "people-seconds", &mut state.seconds);
        number(ui, view, "people-files", &mut state.files);
        let name = label(ui, Type::Label, view.tr("people-folder"), ink(view));
        let edit = TextEdit::singleline(&mut state.directory).desired_width(f32::INFINITY);
        ui.add(edit.font(Type::Code.font())).labelled_by(name.id);
        let words = view.tr("people-table");
        if ui.add(Button::ghost(&words).icon(Icon::Table).small()).clicked() {
            actions.push(Action::AddToEditor(parts_table(&state.directory)));
        }
    });
}

fn ink(view: &View<'_>) -> Color32 {
    view.theme.palette.text.secondary
}

fn number(ui: &mut Ui, view: &View<'_>, id: &str, value: &mut u32) {
    ui.horizontal(|ui| {
        let name = label(ui, Type::Label, view.tr(id), ink(view));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add(DragValue::new(value).range(1..=1_000)).labelled_by(name.id);
        });
    });
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
