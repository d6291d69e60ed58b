//! The panel in which a person says what shall run: built-in programs, SQL; beside them the catalog
//! and the list of jobs.

mod catalog;
mod code;
mod complete;
mod error_line;
mod files;
mod functions;
mod hints;
mod jobs;
mod language;
mod program;
mod reading;
mod text;

use egui::{Align, Context, Layout, Ui};

use super::link::{Answer, Link};
use super::results::side_button;
use super::settings::Settings;
use super::theme::Type;
use super::view::{Action, Actions, RunScope, View};
use super::widgets::{Button, Icon, Tone, chip, head, icon_mark, tabs};
use crate::base::Error;
use crate::runtime::api::ScriptStatement;
pub use code::colored;
use complete::CompletionState;
use program::ProgramChoice;

/// The pages of the panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Page {
    /// Built-in programs.
    #[default]
    Program,
    /// The SQL editor.
    Sql,
    /// What there is to name in a statement.
    Catalog,
    /// Running and completed jobs.
    Jobs,
}

/// What the panel keeps between two frames.
#[derive(Default)]
pub struct EditorState {
    /// The open page.
    pub page: Page,
    text: String,
    file: Option<std::path::PathBuf>,
    changed: bool,
    /// In the compact layout: whether the results were asked for.
    side_pressed: bool,
    /// Byte positions of the caret and of the other end of the selection.
    selection: (usize, usize),
    errors: Vec<Error>,
    hints: hints::Hints,
    completion: CompletionState,
    reading: reading::Reading,
    /// Where the caret goes once the statement that was sent is accepted.
    next: Option<usize>,
    /// Whether the caret is to be brought into view.
    reveal: bool,
    /// Whether the newest error is to be brought into view.
    reveal_error: bool,
    program: ProgramChoice,
    catalog: catalog::CatalogState,
}

impl EditorState {
    /// An editor with a text.
    pub fn new(text: String) -> Self {
        Self { text, ..Self::default() }
    }

    /// Puts another text into the editor and shows it.
    pub fn set_text(&mut self, text: String) {
        self.page = Page::Sql;
        self.replace(text);
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Puts text behind what is there, shows it, and selects it, so that one press runs it.
    pub fn add(&mut self, ctx: &Context, text: &str) {
        self.page = Page::Sql;
        let kept = self.text.trim_end().len();
        self.text.truncate(kept);
        if kept > 0 {
            self.text.push_str("\n\n");
        }
        let start = self.text.len();
        self.text.push_str(text.trim_end());
        self.text.push('\n');
        self.touch();
        code::select(ctx, self, start..self.text.len());
    }

    /// Puts text in the place of the selection, and the caret behind it.
    pub fn insert(&mut self, ctx: &Context, text: &str) {
        self.page = Page::Sql;
        let end = |at: usize| text::floor(&self.text, at);
        let (from, to) = (end(self.selection.0), end(self.selection.1));
        let from_to = from.min(to)..from.max(to);
        let behind = from_to.start + text.len();
        self.text.replace_range(from_to, text);
        self.touch();
        code::select(ctx, self, behind..behind);
    }

    /// In the compact layout: whether the results were asked for since the last call.
    pub fn take_side_press(&mut self) -> bool {
        std::mem::take(&mut self.side_pressed)
    }

    /// Gives the settings what has to be remembered.
    pub fn keep(&mut self, settings: &mut Settings) {
        if std::mem::take(&mut self.changed) {
            settings.editor.clone_from(&self.text);
            settings.file.clone_from(&self.file);
        }
    }

    /// The statements that shall run.
    pub fn statements(&mut self, scope: RunScope) -> Vec<ScriptStatement> {
        self.errors.clear();
        self.hints = hints::Hints::default();
        self.page = Page::Sql;
        let (from, to) =
            (self.selection.0.min(self.selection.1), self.selection.0.max(self.selection.1));
        self.next = None;
        if scope == RunScope::AtCaret && from == to {
            let Some((statement, next)) = self.reading.at_caret(&self.text, from) else {
                return Vec::new();
            };
            self.next = next;
            return vec![statement.clone()];
        }
        let (from, to) = if scope == RunScope::All { (0, usize::MAX) } else { (from, to) };
        let bounds = |s: &ScriptStatement| text::range(&self.text, s.span);
        let inside = |s: &&ScriptStatement| bounds(s).start < to && bounds(s).end > from;
        self.reading.statements(&self.text).iter().filter(inside).cloned().collect()
    }

    /// Shows what a statement came to. Once it is accepted the caret stands at the next one, so that
    /// a script is walked through by pressing one key.
    pub fn take_answer(&mut self, ctx: &Context, answer: &Answer) {
        if answer.text.is_empty() {
            return;
        }
        let next = self.next.take();
        match &answer.outcome {
            Err(error) => {
                self.errors.push(error.clone());
                self.reveal_error = true;
            }
            Ok(_) => {
                if let Some(next) = next {
                    code::select(ctx, self, next..next);
                }
            }
        }
    }

    fn replace(&mut self, text: String) {
        self.text = text;
        self.touch();
        self.selection = (0, 0);
        self.completion.close();
    }

    /// The text is another one now: what was found in the old one holds no longer.
    fn touch(&mut self) {
        self.changed = true;
        self.next = None;
        self.errors.clear();
        self.hints = hints::Hints::default();
    }
}

/// The statements as one script.
pub fn joined(statements: &[ScriptStatement]) -> String {
    let texts: Vec<_> = statements.iter().map(|s| s.text.trim()).collect();
    if texts.is_empty() { String::new() } else { format!("{};", texts.join(";\n\n")) }
}

/// Draws the panel.
pub fn ui(
    ui: &mut Ui,
    view: &View<'_>,
    link: &Link,
    state: &mut EditorState,
    actions: &mut Actions,
) {
    head_ui(ui, view, link, state, actions);
    match state.page {
        Page::Program => program::ui(ui, view, &mut state.program, actions),
        Page::Sql => code::ui(ui, view, link, state),
        Page::Catalog => catalog::ui(ui, view, link, &mut state.catalog, actions),
        Page::Jobs => jobs::ui(ui, view, link, actions),
    }
    files::take_dropped(ui.ctx(), state, actions);
}

fn head_ui(
    ui: &mut Ui,
    view: &View<'_>,
    link: &Link,
    state: &mut EditorState,
    actions: &mut Actions,
) {
    head(ui, view.theme.size.panel_head, 12.0, |ui| {
        if view.compact && side_button(ui, view, Icon::Table, "results-side-results") {
            state.side_pressed = true;
        }
        let labels = [
            (Page::Program, view.tr("editor-program")),
            (Page::Sql, view.tr("editor-sql")),
            (Page::Catalog, view.tr("editor-catalog")),
            (Page::Jobs, view.tr("editor-jobs")),
        ];
        tabs(ui, &mut state.page, &labels);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            match state.page {
                Page::Program => program::run_ui(ui, view, &state.program, actions),
                Page::Sql => sql_buttons(ui, view, link, state, actions),
                Page::Catalog | Page::Jobs => {}
            }
        });
    });
}

fn sql_buttons(
    ui: &mut Ui,
    view: &View<'_>,
    link: &Link,
    state: &mut EditorState,
    actions: &mut Actions,
) {
    // The mark of errors goes before the one on the button.
    const MARKS: f32 = 120.0;
    let run = view.tr("editor-run");
    let button = Button::primary(&run).small().enabled(!link.busy());
    let narrow = ui.available_width() < MARKS;
    let button = if narrow { button } else { button.icon(Icon::Play) };
    if narrow {
        ui.spacing_mut().item_spacing.x = 2.0;
    }
    if ui.add(button).on_hover_text(view.tr("editor-run-help")).clicked() {
        actions.push(Action::Run(RunScope::AtCaret));
    }
    files::menu(ui, view, state, actions);
    if !state.errors.is_empty() {
        let words = view.tr_args("editor-errors", &[("count", state.errors.len().into())]);
        if ui.available_width() > 70.0 {
            chip(ui, Tone::Danger, None, &words);
        } else {
            let color = view.theme.palette.status.danger;
            icon_mark(ui, Icon::Warning, color, 16.0, &words).on_hover_text(words);
        }
    }
}

/// Words where a page has nothing to show yet.
fn empty_ui(ui: &mut Ui, view: &View<'_>, id: &str) {
    let margin = egui::Margin { left: 16, right: 16, top: 24, bottom: 0 };
    egui::Frame::new().inner_margin(margin).show(ui, |ui| {
        super::widgets::label(ui, Type::Body, view.tr(id), view.theme.palette.text.muted);
    });
}
