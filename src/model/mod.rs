//! What a person looks at: graph, cluster, state, records, timeline. A fold over the trace.
//!
//! [`Model::apply`] takes one event after the other; nothing else changes a model. It holds plain
//! structs of text and numbers, is bounded, and is cheap to clone, so that a [`Recording`] can keep
//! one every thousand events and go back to any moment.
//!
//! Not here: pixels, words of a language, and results (they come as rows, not as events).
//!
//! Invariant: a prefix of a trace and then the rest gives what the whole trace gives.

pub mod cells;
pub mod channel;
pub mod checkpoint;
pub mod cluster;
mod fold;
pub mod job;
pub mod key_path;
pub mod log;
pub mod pace;
pub mod palette;
pub mod part_files;
pub mod passport;
pub mod recording;
pub mod records;
pub mod scoreboard;
pub mod state;
pub mod timeline;
pub mod why;

use std::{collections::BTreeMap, sync::Arc};

pub use cells::Cell;
pub use channel::{Channel, Item, ItemKind};
pub use checkpoint::{Checkpoint, CheckpointStatus};
pub use cluster::{Cluster, Slot, TaskManager};
pub use job::{Job, Load, Subtask};
pub use key_path::{Hasher, KeyPath};
pub use log::Log;
pub use pace::Pace;
pub use palette::{Key, Palette};
pub use part_files::{PartFiles, SeenPart};
pub use passport::{Passport, Stamp};
pub use recording::Recording;
pub use records::{Hop, Place, Record, Records};
pub use scoreboard::Scoreboard;
pub use state::{StateEntry, StateField, StateTable, StateTables};
pub use timeline::{Mark, MarkKind, Marks};
pub use why::{Reason, Verdict, Why, why};

use crate::base::{JobId, LabTime, SubtaskId, TaskManagerId};
use crate::trace::Event;

/// Everything that a person may look at, at one moment of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Events folded so far: the sequence number of the next one.
    pub next: u64,
    /// The lab clock at the last event.
    pub now: LabTime,
    /// The lab clock at the first event.
    pub start: Option<LabTime>,
    /// Jobs in order of submission. At most [`Model::MAX_JOBS`]; the oldest that ended go first.
    pub jobs: Vec<Arc<Job>>,
    /// The TaskManagers.
    pub cluster: Cluster,
    /// What each TaskManager printed.
    pub stdout: BTreeMap<TaskManagerId, Log<StdoutLine>>,
    /// Named moments.
    pub timeline: Marks,
    /// Records seen lately.
    pub records: Records,
    /// Events that were dropped before they could be folded.
    pub missed: u64,
}

/// A line that a subtask printed.
#[derive(Clone, Debug, PartialEq)]
pub struct StdoutLine {
    /// When.
    pub at: LabTime,
    /// The event.
    pub sequence: u64,
    /// Who.
    pub subtask: SubtaskId,
    /// The text, with its `n>` prefix if it has one.
    pub line: Arc<str>,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            next: 0,
            now: LabTime::default(),
            start: None,
            jobs: Vec::new(),
            cluster: Cluster::new(),
            stdout: BTreeMap::new(),
            timeline: Marks::new(timeline::KEEP),
            records: Records::default(),
            missed: 0,
        }
    }
}

impl Model {
    /// Jobs kept.
    pub const MAX_JOBS: usize = 256;
    /// Lines kept of each TaskManager's stdout.
    pub const MAX_LINES: usize = 10_000;

    /// Folds one event.
    pub fn apply(&mut self, event: &Event) {
        self.next = event.sequence + 1;
        self.now = event.at;
        self.start.get_or_insert(event.at);
        fold::apply(self, event);
    }

    /// A job by its id.
    pub fn job(&self, id: JobId) -> Option<&Job> {
        self.jobs.iter().rev().find(|job| job.id == id).map(|job| &**job)
    }

    /// The job that was submitted last.
    pub fn latest_job(&self) -> Option<&Job> {
        self.jobs.last().map(|job| &**job)
    }

    /// A subtask by its id.
    pub fn subtask(&self, id: SubtaskId) -> Option<&Subtask> {
        self.job(id.job)?.subtask(id)
    }

    /// Lab time since the first event.
    pub fn elapsed(&self) -> crate::base::LabDuration {
        self.now - self.start.unwrap_or(self.now)
    }

    fn job_mut(&mut self, id: JobId) -> Option<&mut Job> {
        self.jobs.iter_mut().rev().find(|job| job.id == id).map(Arc::make_mut)
    }

    fn subtask_mut(&mut self, id: SubtaskId) -> Option<&mut Subtask> {
        self.job_mut(id.job)?.subtask_mut(id)
    }
}
