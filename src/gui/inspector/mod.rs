//! The inspector: what is known of the record, subtask or state that is looked at closely.

mod arithmetic;
mod pace;
mod parts;
mod record;
mod state;
mod task;
mod why;

use egui::{Margin, ScrollArea, Ui};

use crate::gui::view::{Actions, Selection, View};
use crate::gui::widgets::{head, tabs};

/// The pages of the inspector.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Page {
    /// A record and its passport.
    Record,
    /// Keyed state.
    #[default]
    State,
    /// A subtask.
    Task,
    /// Why there is no output yet.
    Why,
}

/// What the inspector keeps between two frames.
#[derive(Default)]
pub struct InspectorState {
    /// The open page.
    pub page: Page,
    seen: Selection,
}

/// Draws the inspector into what is left of `ui`, its tabs included.
pub fn ui(ui: &mut Ui, view: &View<'_>, state: &mut InspectorState, actions: &mut Actions) {
    let job = view.job.and_then(|id| view.model.job(id));
    let pages = [
        (Page::Record, view.tr("inspector-record")),
        (Page::State, view.tr("inspector-state")),
        (Page::Task, view.tr("inspector-task")),
        (Page::Why, view.tr("inspector-why")),
    ];
    head(ui, view.theme.size.panel_head, 16.0, |ui| tabs(ui, &mut state.page, &pages));
    ScrollArea::vertical().id_salt(("inspector", state.page as u8)).auto_shrink(false).show(
        ui,
        |ui| {
            egui::Frame::new().inner_margin(Margin::symmetric(16, 14)).show(ui, |ui| {
                ui.spacing_mut().item_spacing = egui::vec2(6.0, 4.0);
                ui.set_width(ui.available_width());
                match (job, state.page) {
                    (None, _) => parts::nothing(ui, view, "inspector-nothing"),
                    (Some(job), Page::Record) => record::ui(ui, view, job, actions),
                    (Some(job), Page::State) => state::ui(ui, view, job, actions),
                    (Some(job), Page::Task) => task::ui(ui, view, job, actions),
                    (Some(job), Page::Why) => why::ui(ui, view, job, actions),
                }
            });
        },
    );
}

/// A new selection turns to its page: whoever looks at states goes on to those of a subtask that has
/// some. Answers whether there is something new to look at, or nothing any more.
pub fn follow(view: &View<'_>, state: &mut InspectorState) -> Option<bool> {
    let selection = view.selection;
    if state.seen == selection {
        return None;
    }
    state.seen = selection;
    let job = view.job.and_then(|id| view.model.job(id));
    let keyed = |vertex| job.is_some_and(|job| job.is_keyed(vertex));
    match selection {
        Selection { record: Some(_), .. } => state.page = Page::Record,
        Selection { subtask: Some(id), .. } if state.page == Page::State && keyed(id.vertex) => {}
        Selection { subtask: Some(_), .. } => state.page = Page::Task,
        _ => return Some(false),
    }
    Some(true)
}
