//! The marks of the timeline: what happened that a person may want to go back to.

use super::log::Log;
use crate::base::{CheckpointId, JobId, LabDuration, LabTime, TaskManagerId, Watermark};

/// The marks of a run, oldest first.
pub type Marks = Log<Mark>;

/// Marks kept.
pub(super) const KEEP: usize = 1_024;

/// Watermarks closer than this to the last mark of one are left out.
pub(super) const WATERMARK_SPACING: LabDuration = LabDuration::seconds(1);

/// A moment with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// When.
    pub at: LabTime,
    /// The event.
    pub sequence: u64,
    /// What.
    pub kind: MarkKind,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// A job was accepted.
    Submitted(JobId),
    /// A job reached its end without a failure.
    Ended(JobId),
    /// A job failed.
    Failed(JobId),
    /// A checkpoint completed.
    Checkpoint(JobId, CheckpointId),
    /// A checkpoint was given up.
    CheckpointAborted(JobId, CheckpointId),
    /// A TaskManager died.
    TaskManagerLost(TaskManagerId),
    /// The watermark of a job moved on.
    Watermark(JobId, Watermark),
    /// Nothing could move any more.
    Stalled(JobId),
    /// Events were dropped here.
    Gap(u64),
}
