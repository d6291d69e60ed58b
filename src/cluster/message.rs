//! What the parts of the cluster say to each other. Control only: rows travel in channels.

use crate::base::{CheckpointId, Error, OperatorId, SlotId, SubtaskId};
use crate::connectors::Line;
use crate::data::{Batch, Row};
use crate::state::OperatorSnapshot;

/// Mail of a task.
#[derive(Clone, Debug)]
pub enum Mail {
    /// Starts a checkpoint at a source.
    Trigger(CheckpointId),
    /// A checkpoint counts.
    Completed(CheckpointId),
    /// Rows from outside for an open source.
    Feed(Vec<Row>),
    /// Nothing comes from outside any more; with the cause if something went wrong there.
    NoMore(Option<Error>),
}

/// The state of the operators of one task, head first.
pub type TaskSnapshot = Vec<(OperatorId, OperatorSnapshot)>;

/// From a task to the JobManager.
#[derive(Debug)]
pub struct TaskReport {
    /// Who speaks.
    pub subtask: SubtaskId,
    /// In which attempt of the job; the JobManager does not listen to old ones.
    pub attempt: u32,
    /// What it says.
    pub kind: ReportKind,
}

/// What a task has to say.
#[derive(Debug)]
pub enum ReportKind {
    /// Its operators are made and restored.
    Running,
    /// The barrier of a checkpoint went through it.
    Acknowledged(CheckpointId, TaskSnapshot),
    /// All its input ended and all its output is taken. With what it would put into later
    /// checkpoints; absent if the job keeps none.
    Finished(Option<TaskSnapshot>),
    /// It was thrown away.
    Canceled,
    /// It failed.
    Failed(Error),
}

/// What leaves a job other than through a channel.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Who sends it.
    pub subtask: SubtaskId,
    /// In which slot it runs (its TaskManager owns the stdout).
    pub slot: SlotId,
    /// In which attempt of the job.
    pub attempt: u32,
    /// What it is.
    pub body: OutgoingBody,
}

/// What can leave a job.
#[derive(Clone, Debug)]
pub enum OutgoingBody {
    /// Rows of a query's result.
    Rows(Batch),
    /// The barrier of a checkpoint, in its place among the rows.
    Barrier(CheckpointId),
    /// A line for stdout or stderr.
    Line(Line),
}
