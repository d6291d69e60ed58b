//! What panels look at, and what they ask for. A panel reads the [`View`] and pushes [`Action`]s; it
//! changes nothing but its own small state.

use std::path::Path;

use egui::Context;

use crate::base::{Error, JobId, LabTime, RecordId, SubtaskId, TaskManagerId};
use crate::gui::settings::Settings;
use crate::gui::theme::Theme;
use crate::i18n::{self, FluentValue, Language};
use crate::model::{Model, Recording};
use crate::runtime::api::{Command, Program};

/// What every panel may look at during one frame.
pub struct View<'a> {
    /// The picture of the cluster at the moment that is looked at.
    pub model: &'a Model,
    /// Everything recorded, up to the newest moment.
    pub recording: &'a Recording,
    /// The colours and measures.
    pub theme: &'static Theme,
    /// The language of the screen.
    pub language: Language,
    /// Time.
    pub clock: Clock,
    /// What is looked at closely.
    pub selection: Selection,
    /// The job on the stage.
    pub job: Option<JobId>,
    /// Whether the window is small.
    pub compact: bool,
    /// Whether things jump rather than move.
    pub reduced_motion: bool,
    /// What the person has set.
    pub settings: &'a Settings,
    /// The folder below which the lab reads and writes; nothing if paths are real.
    pub workspace: Option<&'a Path>,
}

impl View<'_> {
    /// The words of a message.
    pub fn tr(&self, id: &str) -> String {
        i18n::tr(self.language, id)
    }

    /// The words of a message with arguments.
    pub fn tr_args(&self, id: &str, args: &[(&'static str, FluentValue<'_>)]) -> String {
        i18n::tr_args(self.language, id, args)
    }

    /// Asks for the next frame, but only if something moves.
    pub fn repaint_while(&self, ctx: &Context, moving: bool) {
        if moving && !self.reduced_motion {
            ctx.request_repaint();
        }
    }
}

/// The lab's time as the window knows it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Clock {
    /// The moment that is looked at.
    pub shown: LabTime,
    /// Where the lab's clock started.
    pub start: LabTime,
    /// The newest moment.
    pub live: LabTime,
    /// Whether time goes on.
    pub playing: bool,
    /// Whether the newest moment is looked at, rather than an earlier one.
    pub at_live: bool,
    /// Seconds of lab time in a second on the wall.
    pub speed: f64,
}

/// What is looked at closely: the inspector shows it, the stage rings it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// A record.
    pub record: Option<RecordId>,
    /// A subtask.
    pub subtask: Option<SubtaskId>,
    /// A TaskManager.
    pub task_manager: Option<TaskManagerId>,
}

/// A moment of the recorded trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The newest.
    Live,
    /// Before anything.
    Start,
    /// After the event with this sequence.
    After(u64),
    /// At this lab time.
    At(LabTime),
    /// One record's move earlier.
    Back,
    /// One record's move later.
    Forward,
}

/// What a panel asks for. One place carries them all out, after the panels are drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Something that the engine does.
    Engine(Command),
    /// Looks closely at something else.
    Select(Selection),
    /// Shows a job on the stage.
    ShowJob(JobId),
    /// Looks at another moment.
    Look(Moment),
    /// Runs what the editor has: the statement at the caret, the selection, or all.
    Run(RunScope),
    /// Runs a built-in program with the parallelism of the settings.
    RunProgram(Program),
    /// Plays or pauses, the lab or its recording.
    TogglePlay,
    /// One record further.
    Step,
    /// Another language.
    SetLanguage(Language),
    /// The other theme.
    ToggleTheme,
    /// The window over the whole screen, or not.
    ToggleFullScreen,
    /// The board over the whole window, or not.
    ToggleBoard,
    /// The page of shortcuts, or not.
    ToggleHelp,
    /// The page that makes a table of the clipboard.
    PasteTable,
    /// Folds or unfolds the lesson.
    ToggleLesson,
    /// Changes what is remembered.
    Settings(Box<Settings>),
    /// Puts text into the editor, in the place of what is there, which the history keeps.
    SetEditorText(String),
    /// Puts text behind what is in the editor, and selects it.
    AddToEditor(String),
    /// Puts text into the editor, where the caret is.
    InsertIntoEditor(String),
    /// Puts text on the clipboard, and says so.
    Copy(String),
    /// Tells the person of a problem.
    Notice(Error),
}

/// How much of the editor runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunScope {
    /// The statement at the caret, or what is selected.
    AtCaret,
    /// Everything.
    All,
}

/// The actions of one frame.
pub type Actions = Vec<Action>;
