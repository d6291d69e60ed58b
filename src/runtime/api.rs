//! What the doors and the engine say to each other: plain data, no handles, no Arrow.

use std::{path::PathBuf, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::base::{Error, JobId, LabDuration, LabTime, Location, TaskManagerId};
use crate::data::{Row, RowKind};
use crate::graph::RuntimeMode;
use crate::trace::{Event, JobState, Level};

pub use crate::connectors::faker::parts::{PartsOptions, PartsStatus, table_of as parts_table};
pub use crate::sql::catalog::{CatalogSummary, TableSummary};
pub use crate::sql::editor::{Completion, CompletionClass, TokenClass};
pub use crate::sql::split::ScriptStatement;

/// Which driver runs the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Driver {
    /// One thread, a virtual clock, a policy that says who moves next: can be paused, stepped,
    /// repeated.
    Step(Policy),
    /// Slots on real threads, the wall clock.
    Threads,
}

/// Who moves next on the step driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Policy {
    /// In turn.
    RoundRobin,
    /// By the seed of the run.
    Seeded,
}

/// How a lab is set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabOptions {
    /// How many TaskManagers.
    pub task_managers: u32,
    /// Slots of each.
    pub slots: u32,
    /// Which driver.
    pub driver: Driver,
    /// The seed of the run: policy, generators, job ids.
    pub seed: u64,
    /// Rows that travel together. 1 shows each record.
    pub batch_size: usize,
    /// Elements that a channel holds.
    pub channel_capacity: usize,
    /// How much is traced.
    pub level: Level,
    /// Lab time that one step costs on the step driver.
    pub step_cost: LabDuration,
    /// Where the virtual clock starts; the wall clock's now if absent.
    pub start: Option<LabTime>,
    /// Confines all file access below this folder; absent: paths are real.
    pub root: Option<PathBuf>,
    /// Whether sockets may be those of other machines.
    pub remote_sockets: bool,
}

impl LabOptions {
    /// What the window starts with: two TaskManagers of two slots, every record visible.
    pub fn lesson() -> Self {
        Self {
            task_managers: 2,
            slots: 2,
            driver: Driver::Step(Policy::RoundRobin),
            seed: 42,
            batch_size: 1,
            channel_capacity: 4,
            level: Level::Records,
            step_cost: LabDuration::millis(100),
            start: None,
            root: None,
            remote_sockets: false,
        }
    }

    /// What the command line starts with: full speed on threads, no trace.
    pub fn full_speed() -> Self {
        Self {
            driver: Driver::Threads,
            batch_size: 4096,
            level: Level::Off,
            step_cost: LabDuration::micros(1),
            ..Self::lesson()
        }
    }

    /// Repeatable answers without a clock on the wall: what scripts are graded with.
    pub fn transcript() -> Self {
        Self { driver: Driver::Step(Policy::RoundRobin), ..Self::full_speed() }
    }
}

/// A built-in program of the DataStream API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Program {
    /// The tutorial's scoreboard.
    Scoreboard {
        /// Answers `(student, points)` in order; absent: the tutorial's ten.
        answers: Option<Vec<(String, i32)>>,
        /// After so many answers in total the exam ends; further ones do not count.
        exam_ends_at: u32,
        /// Whether the exam stays open for answers that come from outside ([`Command::Feed`]).
        open: bool,
    },
    /// The tutorial's word count.
    WordCount,
    /// Flink's word count over a socket, in windows of five seconds.
    SocketWindowWordCount {
        /// Where the lines come from.
        hostname: String,
        /// Its port.
        port: u16,
    },
}

/// What a statement came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It is done and prints nothing.
    Done {
        /// Things worth saying although it worked (an option key that does not exist).
        warnings: Vec<Error>,
    },
    /// SHOW, DESCRIBE, EXPLAIN: a small table of text; `None` prints as blank.
    Listing {
        /// Column names.
        columns: Vec<String>,
        /// Rows of cells.
        rows: Vec<Vec<Option<String>>>,
    },
    /// SET without a key: the settings, by key.
    Settings(Vec<(String, String)>),
    /// A query runs; its rows come as [`Update::Rows`].
    Query(QueryInfo),
    /// An INSERT (or a statement set) runs.
    Insert {
        /// Its job.
        job: JobId,
        /// Whether it ends by itself.
        bounded: bool,
    },
}

/// What is known of a query when it starts.
#[derive(Clone, Debug, PartialEq)]
pub struct QueryInfo {
    /// Its job.
    pub job: JobId,
    /// Its columns.
    pub columns: Vec<ResultColumn>,
    /// Streaming results are changelogs; batch results are tables.
    pub mode: RuntimeMode,
    /// Result columns that hold the key, if the result has one (for colours).
    pub key_columns: Vec<usize>,
}

/// A column of a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultColumn {
    /// Its name.
    pub name: String,
    /// Its type as Flink writes it (`BIGINT NOT NULL`).
    pub data_type: String,
    /// The width that Flink's changelog printing gives the type, before header and maximum.
    pub display_width: usize,
    /// Whether values are numbers (they line up on the right).
    pub numeric: bool,
}

/// One row of a result, as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultRow {
    /// What it does.
    pub kind: RowKind,
    /// Cells as Flink prints them; `<NULL>` at top level.
    pub cells: Arc<[String]>,
    /// The record it was, at level *records* (`0` if not traced).
    pub record: crate::base::RecordId,
}

/// What a person asks of the lab. Commands are never bounded and never queue behind data.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Runs one statement; `id` comes back in [`Update::Statement`].
    Execute {
        /// Chosen by the sender.
        id: u64,
        /// The text of one statement.
        text: String,
        /// Where it begins in the editor, so that spans are the editor's.
        at: Location,
    },
    /// Starts a built-in program.
    RunProgram {
        /// Chosen by the sender.
        id: u64,
        /// Which.
        program: Program,
        /// How parallel.
        parallelism: u32,
    },
    /// Cancels a job.
    Cancel(JobId),
    /// Gives rows to the open source of a job.
    Feed {
        /// The job.
        job: JobId,
        /// The rows.
        rows: Vec<Row>,
    },
    /// Time goes on.
    Play,
    /// Time stops.
    Pause,
    /// Goes on until one record has moved, then stops.
    StepRecord,
    /// Seconds of lab time in a second on the wall; infinite: as fast as it goes.
    SetSpeed(f64),
    /// Kills a TaskManager with everything in it.
    KillTaskManager(TaskManagerId),
    /// Starts a TaskManager in the place of a dead one.
    StartTaskManager(TaskManagerId),
    /// Takes a checkpoint of a job now.
    TriggerCheckpoint(JobId),
    /// Lets part files come into a folder, in the place of those that came before.
    BringParts(PartsOptions),
    /// Lets no more of them come.
    StopParts,
    /// Throws the cluster away and makes a new one; the catalog stays.
    Reset(LabOptions),
    /// Ends the engine.
    Shutdown,
}

/// What the lab tells.
#[derive(Clone, Debug)]
pub enum Update {
    /// A statement or program was taken or refused.
    Statement {
        /// The sender's id.
        id: u64,
        /// What it came to. A program comes to [`Outcome::Insert`].
        outcome: Result<Outcome, Error>,
    },
    /// Events of the trace, in order.
    Events(Vec<Event>),
    /// Rows of a query's changelog, from position `first`.
    Rows {
        /// The query's job.
        job: JobId,
        /// Position of the first row in the whole changelog.
        first: u64,
        /// The rows.
        rows: Vec<ResultRow>,
    },
    /// The lab clock, and whether it runs.
    Clock {
        /// Now.
        now: LabTime,
        /// Whether time goes on.
        playing: bool,
    },
    /// Part files that come stand otherwise.
    Parts(PartsStatus),
    /// The catalog changed: names for completion and the catalog panel.
    Catalog(Arc<CatalogSummary>),
    /// The cluster was thrown away: the trace begins anew.
    Reset(LabOptions),
}

/// How a job stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobStatus {
    /// Its name.
    pub name: Arc<str>,
    /// Its state.
    pub state: JobState,
    /// Why it failed.
    pub cause: Option<Arc<Error>>,
}
