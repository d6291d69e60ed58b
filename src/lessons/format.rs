//! The form of a lesson on disk and in memory.
//!
//! `lesson.toml` holds order, steps, checks and short texts in both languages; `pt-BR.md` and
//! `en.md` hold the prose: a title and one section for each phase, in the order of [`Phase::ALL`].

use serde::{Deserialize, Serialize};

use super::check::Check;
use crate::i18n::Language;

/// A short text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// In pt-BR.
    pub pt: String,
    /// In English.
    pub en: String,
}

/// The six phases that every lesson goes through.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default,
)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Say what will happen before it does.
    #[default]
    Predict,
    /// Start it.
    Run,
    /// Watch it, record by record.
    See,
    /// Say why.
    Explain,
    /// Change something, and see what stays.
    Vary,
    /// Make it fail.
    Break,
}

/// One lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// The folder's name, which names the lesson in saved progress.
    pub folder: String,
    /// Its place in the course, from 1.
    pub number: u32,
    /// What the lab looks like when it opens.
    pub start: Start,
    /// Questions to answer before the lab does.
    pub predictions: Vec<Prediction>,
    /// Things to do.
    pub steps: Vec<Step>,
    /// Three levels of help.
    pub hints: Vec<Words>,
    /// How it is done, shown after an attempt.
    pub solution: Words,
    /// The same as actions, by which a test proves that the lesson can be passed.
    pub proof: Vec<Action>,
    /// The prose.
    pub prose: Prose,
}

/// How the lab is set up for a lesson.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// How many TaskManagers.
    pub task_managers: u32,
    /// Slots of each.
    pub slots: u32,
    /// The built-in program that the lesson is about, if it is about one.
    #[serde(default)]
    pub program: Option<ProgramName>,
    /// How parallel it starts.
    #[serde(default = "one")]
    pub parallelism: u32,
    /// What stands in the SQL editor.
    #[serde(default)]
    pub sql: String,
}

fn a_minute() -> u32 {
    60
}

fn one() -> u32 {
    1
}

/// The built-in programs, as lessons name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProgramName {
    /// The scoreboard.
    Scoreboard,
    /// The word count.
    WordCount,
}

/// A question with one right answer, asked before the lab shows it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prediction {
    /// Names it within the lesson.
    pub id: String,
    /// When it is asked.
    pub phase: Phase,
    /// The question.
    pub question: Words,
    /// What can be answered.
    pub options: Vec<Words>,
    /// Position of the right answer, from 0.
    pub right: usize,
    /// Why, shown when it is answered.
    pub because: Words,
}

/// Something to do, and how the lab sees that it is done.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Names it within the lesson.
    pub id: String,
    /// Where it belongs.
    pub phase: Phase,
    /// What to do.
    pub text: Words,
    /// When it is done.
    pub check: Check,
}

/// One thing that a student does, for the proof.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Action {
    /// Answers a prediction with the option at this position.
    Predict {
        /// Which prediction.
        id: String,
        /// Which option, from 0.
        option: usize,
    },
    /// Starts the lesson's program.
    Run {
        /// How parallel.
        parallelism: u32,
        /// Whether the exam stays open for more answers.
        #[serde(default)]
        open: bool,
    },
    /// Runs one statement and lets it work until nothing moves.
    Sql {
        /// The statement.
        text: String,
        /// A query without an end is left at work after so many seconds of lab time.
        #[serde(default = "a_minute")]
        seconds: u32,
    },
    /// Runs what stands in the editor when the lesson opens, statement by statement.
    Script {
        /// As with one statement.
        #[serde(default = "a_minute")]
        seconds: u32,
    },
    /// Takes a checkpoint of the newest job.
    Checkpoint {},
    /// Cancels the newest job that is not over and whose name contains this.
    Cancel {
        /// A part of its name.
        job: String,
    },
    /// Steps until the newest job's source has read so many rows, then stands still.
    PauseAfter(u64),
    /// Steps until a key's state holds a value, then stands still.
    StepUntilState {
        /// The key.
        key: String,
        /// The name of the value.
        field: String,
        /// The value, as text.
        value: String,
    },
    /// Lets the tutorial's files of people come, and time go on.
    Generate {
        /// For so many seconds of lab time.
        seconds: u32,
    },
    /// Gives an answer to the open exam.
    Answer {
        /// Who.
        student: String,
        /// How many points.
        points: i32,
    },
    /// Goes on until nothing moves.
    Play {},
    /// Kills a TaskManager.
    Kill {
        /// Which, from 1.
        task_manager: u32,
    },
}

/// The prose of a lesson in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prose {
    /// In pt-BR.
    pub pt: Text,
    /// In English.
    pub en: Text,
}

/// A title and a Markdown text for each phase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The lesson's title.
    pub title: String,
    /// One Markdown text for each of [`Phase::ALL`].
    pub phases: [String; Phase::COUNT],
}

impl Words {
    /// The text in one language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::PtBr => &self.pt,
            Language::En => &self.en,
        }
    }
}

impl Prose {
    /// The prose in one language.
    pub fn get(&self, language: Language) -> &Text {
        match language {
            Language::PtBr => &self.pt,
            Language::En => &self.en,
        }
    }
}

impl Phase {
    /// How many there are.
    pub const COUNT: usize = 6;

    /// In the order in which a lesson goes through them.
    pub const ALL: [Phase; Self::COUNT] =
        [Self::Predict, Self::Run, Self::See, Self::Explain, Self::Vary, Self::Break];

    /// Its position in [`Phase::ALL`].
    pub fn position(self) -> usize {
        self as usize
    }

    /// The phase after it.
    pub fn next(self) -> Option<Phase> {
        Self::ALL.get(self.position() + 1).copied()
    }

    /// The id of its name in the translation files.
    pub fn message(self) -> &'static str {
        match self {
            Self::Predict => "phase-predict",
            Self::Run => "phase-run",
            Self::See => "phase-see",
            Self::Explain => "phase-explain",
            Self::Vary => "phase-vary",
            Self::Break => "phase-break",
        }
    }
}

impl Lesson {
    /// The predictions of a phase.
    pub fn predictions_of(&self, phase: Phase) -> impl Iterator<Item = &Prediction> {
        self.predictions.iter().filter(move |prediction| prediction.phase == phase)
    }

    /// The steps of a phase.
    pub fn steps_of(&self, phase: Phase) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(move |step| step.phase == phase)
    }
}
