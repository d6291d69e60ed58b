//! The window as a whole. Each frame: take what the lab tells, draw the panels, carry out what they
//! asked for. It knows the panels' states, and no panel's inside.

use std::path::PathBuf;

use eframe::Frame;
use egui::{Context, Ui};

use super::layout::Layout;
use super::link::{LabPort, Link};
use super::notices::{self, Notices};
use super::panels::Panels;
use super::paste::{self, PasteState};
use super::settings::{Ground, Settings, Store};
use super::theme::{Theme, style};
use super::view::{Action, Actions, Selection, View};
use super::widgets::Tone;
use super::{board, editor, help, shortcuts};
use crate::base::JobId;

/// The window.
pub struct LabApp {
    link: Link,
    settings: Settings,
    store: Store,
    selection: Selection,
    job: Option<JobId>,
    workspace: Option<PathBuf>,
    panels: Panels,
    notices: Notices,
    shows: Shows,
    paste: Option<PasteState>,
}

/// What lies over the panels.
#[derive(Default)]
struct Shows {
    board: bool,
    help: bool,
    full_screen: bool,
}

impl LabApp {
    /// A window on a lab, with the settings of a store; `first` are those of a first start.
    pub fn new(ctx: &Context, lab: Box<dyn LabPort>, mut store: Store, first: Settings) -> Self {
        style::install(ctx);
        let (settings, problem) = store.load(first);
        let mut notices = Notices::default();
        if let Err(error) = problem {
            notices.error(settings.language, &error);
        }
        let panels = Panels::new(&settings);
        let mut link = Link::new(lab, settings.speed);
        link.restore(settings.catalog.as_deref().unwrap_or_default());
        let app = Self {
            link,
            settings,
            store,
            selection: Selection::default(),
            job: None,
            workspace: None,
            panels,
            notices,
            shows: Shows::default(),
            paste: None,
        };
        app.apply_look(ctx);
        app
    }

    /// Tells below which folder the lab reads and writes.
    #[must_use]
    pub fn in_workspace(mut self, workspace: Option<PathBuf>) -> Self {
        self.workspace = workspace;
        self
    }

    /// What is remembered.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The line to the lab.
    pub fn link(&self) -> &Link {
        &self.link
    }

    fn apply_look(&self, ctx: &Context) {
        ctx.set_theme(match self.settings.ground {
            Ground::Dark => egui::Theme::Dark,
            Ground::Light => egui::Theme::Light,
        });
        ctx.set_zoom_factor(self.settings.zoom);
    }

    fn drain(&mut self, ctx: &Context) {
        let before = self.link.model().jobs.len();
        let (answers, more) = self.link.drain();
        for answer in &answers {
            if let Some(job) = Link::job_of(answer) {
                self.job = Some(job);
                self.selection = Selection::default();
            }
            self.panels.editor.take_answer(ctx, answer);
            self.panels.results.take_answer(answer);
        }
        for error in self.link.take_refused() {
            self.notices.error(self.settings.language, &error);
        }
        self.keep_catalog();
        let model = self.link.model();
        if model.jobs.len() != before || self.job.is_none() {
            self.job = self.job.or(model.latest_job().map(|job| job.id));
        }
        if more || !answers.is_empty() {
            ctx.request_repaint();
        }
        let playing = self.link.clock().playing;
        if let Err(error) = self.panels.lesson.follow(ctx, &mut self.settings) {
            self.notices.error(self.settings.language, &error);
        }
        self.panels.lesson.look(&mut self.settings, self.link.recording().live(), playing);
        let seconds = f64::from(ctx.input(|input| input.stable_dt.min(0.1)));
        if self.link.replay(seconds) {
            ctx.request_repaint();
        }
    }

    /// Remembers the catalog, if it is kept and has changed.
    fn keep_catalog(&mut self) {
        let (kept, now) = (&mut self.settings.catalog, self.link.catalog_script());
        if let (Some(kept), Some(now)) = (kept, now)
            && *kept != now
        {
            *kept = now.to_vec();
        }
    }

    fn settle(&mut self, ctx: &Context) {
        self.settings.zoom = ctx.zoom_factor();
        match self.store.settle(&self.settings, ctx.input(|input| input.time)) {
            Ok(Some(seconds)) => {
                ctx.request_repaint_after(std::time::Duration::from_secs_f64(seconds));
            }
            Ok(None) => {}
            Err(error) => self.notices.error(self.settings.language, &error),
        }
    }

    fn carry_out(&mut self, ctx: &Context, actions: Actions) {
        for action in actions {
            match action {
                Action::Engine(command) => self.engine(command),
                Action::Select(selection) => self.selection = selection,
                Action::ShowJob(job) => self.job = Some(job),
                Action::Look(moment) => self.link.look(moment),
                Action::TogglePlay => self.link.toggle_play(),
                Action::Step => self.link.step(),
                Action::Run(scope) => {
                    let statements = self.panels.editor.statements(scope);
                    self.settings.remember(&editor::joined(&statements));
                    self.link.run_script(statements);
                }
                Action::RunProgram(program) => {
                    self.link.run_program(program, self.settings.parallelism);
                }
                Action::SetLanguage(language) => self.settings.language = language,
                Action::ToggleTheme => self.toggle_theme(ctx),
                Action::ToggleFullScreen => self.toggle_full_screen(ctx),
                Action::ToggleBoard => self.shows.board = !self.shows.board,
                Action::PasteTable => {
                    self.paste = Some(PasteState::new(ctx, self.settings.language));
                }
                Action::ToggleHelp => self.shows.help = !self.shows.help,
                Action::ToggleLesson => {
                    self.settings.layout.lesson_open = !self.settings.layout.lesson_open;
                }
                Action::Settings(settings) => self.settings = *settings,
                Action::SetEditorText(text) => {
                    self.settings.remember(self.panels.editor.text());
                    self.panels.editor.set_text(text);
                }
                Action::AddToEditor(text) => self.panels.editor.add(ctx, &text),
                Action::InsertIntoEditor(text) => self.panels.editor.insert(ctx, &text),
                Action::Copy(text) => {
                    ctx.copy_text(text);
                    self.notices.say(Tone::Accent, "notice-copied");
                }
                Action::Notice(error) => self.notices.error(self.settings.language, &error),
            }
        }
    }

    fn engine(&mut self, command: crate::runtime::api::Command) {
        if let crate::runtime::api::Command::SetSpeed(speed) = command {
            self.settings.speed = speed;
        }
        self.link.send(command);
    }

    fn toggle_theme(&mut self, ctx: &Context) {
        self.settings.ground = match self.settings.ground {
            Ground::Dark => Ground::Light,
            Ground::Light => Ground::Dark,
        };
        self.apply_look(ctx);
    }

    fn toggle_full_screen(&mut self, ctx: &Context) {
        self.shows.full_screen = !self.shows.full_screen;
        ctx.send_viewport_cmd(egui::ViewportCommand::Fullscreen(self.shows.full_screen));
    }

    fn draw(&mut self, ui: &mut Ui) -> Actions {
        let mut actions = Actions::new();
        let window = ui.max_rect();
        let layout = Layout::new(window, &self.settings.layout, Theme::of(ui));
        let view = View {
            model: self.link.model(),
            recording: self.link.recording(),
            theme: Theme::of(ui),
            language: self.settings.language,
            clock: self.link.clock(),
            selection: self.selection,
            job: self.job,
            compact: layout.compact,
            reduced_motion: self.settings.reduced_motion,
            settings: &self.settings,
            workspace: self.workspace.as_deref(),
        };
        shortcuts::read(ui.ctx(), self.shows.board, &mut actions);
        if self.shows.board {
            board::ui(ui, &view, &mut self.panels.board, &mut actions);
        } else {
            self.panels.draw(ui, &view, &layout, &self.link, &mut actions);
        }
        if self.shows.help {
            help::ui(ui.ctx(), &mut self.settings, &mut self.shows.help);
        }
        let (language, workspace) = (self.settings.language, self.workspace.as_deref());
        paste::ui(ui.ctx(), language, workspace, &mut self.paste, &mut actions);
        notices::ui(ui.ctx(), self.settings.language, &mut self.notices);
        actions
    }
}

impl eframe::App for LabApp {
    fn logic(&mut self, ctx: &Context, _frame: &mut Frame) {
        self.drain(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut Frame) {
        let ctx = ui.ctx().clone();
        let actions = self.draw(ui);
        if !actions.is_empty() {
            ctx.request_repaint();
        }
        self.carry_out(&ctx, actions);
        self.panels.editor.keep(&mut self.settings);
        self.settle(&ctx);
    }

    /// The colour of panels: see [`super::widgets::panel`].
    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        // The window is closing: there is nobody left to tell.
        let _ = self.store.save(&self.settings);
        self.link.send(crate::runtime::api::Command::Shutdown);
    }
}
