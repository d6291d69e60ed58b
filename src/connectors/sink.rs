//! What a sink is to the cluster: a writer that follows the life of checkpoints.

use std::sync::Arc;

use super::files::Files;
use crate::base::{CheckpointId, LabTime, Result, Watermark};
use crate::data::{Batch, PartFile};

/// A line that a writer prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Without its end.
    pub text: Arc<str>,
    /// Whether it is for stderr rather than stdout.
    pub error: bool,
}

/// What a writer may use while it writes.
pub struct SinkContext<'a> {
    /// The moment on the lab clock.
    pub now: LabTime,
    /// Files, as the lab allows them.
    pub files: &'a dyn Files,
    /// Lines for the TaskManager's stdout and stderr.
    pub printed: &'a mut Vec<Line>,
    /// What became of part files, in order.
    pub parts: &'a mut Vec<PartFile>,
}

/// One parallel writer of a sink. Holds buffers and names, no handles.
pub trait SinkWriter: Send {
    /// Takes rows.
    fn write(&mut self, batch: &Batch, context: &mut SinkContext<'_>) -> Result<()>;

    /// Event time is complete up to here.
    fn watermark(&mut self, _watermark: Watermark) {}

    /// What a restart needs; what was written so far becomes pending for the next checkpoint.
    fn snapshot(&mut self, context: &mut SinkContext<'_>) -> Result<Vec<u8>>;

    /// Goes on from the snapshots of all writers of this sink.
    fn restore(&mut self, snapshots: &[Vec<u8>], context: &mut SinkContext<'_>) -> Result<()>;

    /// The checkpoint counts: what was pending for it becomes visible.
    fn checkpoint_completed(
        &mut self,
        _checkpoint: CheckpointId,
        _context: &mut SinkContext<'_>,
    ) -> Result<()> {
        Ok(())
    }

    /// The input ended (bounded jobs): everything becomes visible.
    fn finish(&mut self, context: &mut SinkContext<'_>) -> Result<()>;
}

/// Makes the writers of a sink.
pub trait SinkFactory: Send + Sync {
    /// The writer of one subtask.
    fn create(&self, index: u32, parallelism: u32) -> Result<Box<dyn SinkWriter>>;
}
