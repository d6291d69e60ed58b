//! The panel in which answers appear: printed lines, changelogs, tables, and each TaskManager's
//! stdout.

mod copy;
mod files;
mod grid;
mod output;
mod people;
mod printed;
mod query;
mod stdout;
pub mod store;

use egui::{Align, Layout, Rect, Ui, UiBuilder};

use super::link::{Answer, Link};
use super::theme::Type;
use super::view::{Action, Actions, View};
use super::widgets::{ErrorCard, Icon, IconButton, Segment, head, label, segmented, tabs};
use crate::base::{JobId, TaskManagerId};
use crate::i18n::error_text;
use crate::runtime::api::Outcome;
use crate::trace::JobState;
use store::QueryResult;

/// The pages of the panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Page {
    /// What programs printed, and what statements came to.
    #[default]
    Output,
    /// A query's changelog.
    Changelog,
    /// A query's table.
    Table,
    /// The stdout of each TaskManager.
    Stdout,
    /// The files of the workspace.
    Files,
}

/// What the panel keeps between two frames.
#[derive(Default)]
pub struct ResultsState {
    /// The open page.
    pub page: Page,
    /// In the compact layout: whether the results are in front of the editor.
    in_front: bool,
    task_manager: Option<TaskManagerId>,
    files: files::FilesState,
    /// Whether the output is that of a statement rather than of the job on the stage.
    statement: bool,
}

impl ResultsState {
    /// Turns to the page that shows what a statement came to.
    pub fn take_answer(&mut self, answer: &Answer) {
        let program = answer.text.is_empty();
        self.page = match &answer.outcome {
            Ok(Outcome::Query(_)) if self.page == Page::Table => Page::Table,
            Ok(Outcome::Query(_)) => Page::Changelog,
            // Who looks at the files wants to see them change.
            _ if self.page == Page::Files => Page::Files,
            _ => Page::Output,
        };
        self.statement = !program && self.page == Page::Output;
        // An error is read in the editor, beside its statement.
        self.in_front = answer.outcome.is_ok();
    }

    /// In the compact layout: whether the results are in front of the editor.
    pub fn in_front(&mut self) -> &mut bool {
        &mut self.in_front
    }
}

/// Draws the panel.
pub fn ui(
    ui: &mut Ui,
    view: &View<'_>,
    link: &Link,
    state: &mut ResultsState,
    actions: &mut Actions,
) {
    let query = view.job.and_then(|job| link.results.get(job)).or(link.results.iter().next_back());
    head(ui, view.theme.size.panel_head, 12.0, |ui| {
        if view.compact && side_button(ui, view, Icon::Keyboard, "results-side-editor") {
            state.in_front = false;
        }
        let labels = [
            (Page::Output, view.tr("results-output")),
            (Page::Changelog, view.tr("results-changelog")),
            (Page::Table, view.tr("results-table")),
            (Page::Stdout, view.tr("results-stdout")),
            (Page::Files, view.tr("results-files")),
        ];
        tabs(ui, &mut state.page, &labels);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            right(ui, view, link, state, query, actions);
        });
    });
    let job = match state.page {
        Page::Changelog | Page::Table => query.map(|query| query.info.job),
        Page::Output if !state.statement => view.job,
        _ => None,
    };
    let above = failure(ui, view, job);
    let mut ui = ui.new_child(UiBuilder::new().id_salt("page").max_rect(above));
    let ui = &mut ui;
    match (state.page, query) {
        (Page::Output, _) => output::ui(ui, view, link, state.statement, actions),
        (Page::Changelog, Some(query)) => query::changelog(ui, view, query, actions),
        (Page::Table, Some(query)) => query::table(ui, view, query),
        (Page::Changelog | Page::Table, None) => empty_ui(ui, view, "results-none"),
        (Page::Stdout, _) => stdout::ui(ui, view, &mut state.task_manager, actions),
        (Page::Files, _) => {
            files::ui(ui, view, link.parts.as_ref(), &mut state.files, actions);
        }
    }
}

/// Says at the foot why the job failed, if it did; answers what is left above.
fn failure(ui: &mut Ui, view: &View<'_>, job: Option<JobId>) -> Rect {
    const MARGIN: f32 = 8.0;
    let whole = ui.available_rect_before_wrap();
    let job = job.and_then(|id| view.model.job(id)).filter(|job| job.state == JobState::Failed);
    let Some(cause) = job.and_then(|job| job.cause.as_deref()) else { return whole };
    let words = error_text(view.language, cause);
    let card = ErrorCard::new(ui, words, whole.width() - 2.0 * MARGIN, 0.0);
    let cut = (whole.bottom() - card.height() - 2.0 * MARGIN).max(whole.top());
    card.ui(ui, whole.with_min_y(cut).shrink(MARGIN));
    whole.with_max_y(cut)
}

fn right(
    ui: &mut Ui,
    view: &View<'_>,
    link: &Link,
    state: &ResultsState,
    query: Option<&QueryResult>,
    actions: &mut Actions,
) {
    let muted = view.theme.palette.text.muted;
    ui.spacing_mut().item_spacing.x = 6.0;
    match (state.page, query) {
        (Page::Changelog | Page::Table, Some(query)) => {
            copy::menu(ui, view, query, state.page, actions);
            jobs(ui, view, link, query.info.job, actions);
        }
        (Page::Output, _) if !state.statement => {
            let lines = printed::count(view);
            if lines > 0 && ui.available_width() > 120.0 {
                let text = view.tr_args("results-lines", &[("count", lines.into())]);
                label(ui, Type::Label, text, muted);
            }
        }
        _ => {}
    }
}

/// The last queries, to choose from.
fn jobs(ui: &mut Ui, view: &View<'_>, link: &Link, shown: JobId, actions: &mut Actions) {
    const MOST: usize = 3;
    let all: Vec<_> = link.results.iter().map(|query| query.info.job).collect();
    if all.len() < 2 || ui.available_width() < 170.0 {
        return;
    }
    let number =
        |id: JobId| view.model.jobs.iter().position(|job| job.id == id).map_or(0, |at| at + 1);
    let segments: Vec<_> = all[all.len().saturating_sub(MOST)..]
        .iter()
        .map(|id| Segment::new(*id, format!("job {}", number(*id))))
        .collect();
    let mut chosen = shown;
    if segmented(ui, &mut chosen, &segments) {
        actions.push(Action::ShowJob(chosen));
    }
}

/// The button that brings the other side of the compact panel to the front.
pub fn side_button(ui: &mut Ui, view: &View<'_>, icon: Icon, name: &str) -> bool {
    let pressed = ui.add(IconButton::new(icon, &view.tr(name)).side(28.0)).clicked();
    ui.add_space(6.0);
    pressed
}

fn empty_ui(ui: &mut Ui, view: &View<'_>, id: &str) {
    let margin = egui::Margin { left: 16, right: 16, top: 24, bottom: 0 };
    egui::Frame::new().inner_margin(margin).show(ui, |ui| {
        label(ui, Type::Body, view.tr(id), view.theme.palette.text.muted);
    });
}
