//! What a source is to the cluster: a reader that is polled and never waits.

use super::files::Files;
use super::socket::Endpoint;
use crate::base::{Error, LabTime, Result, Watermark};
use crate::data::{Batch, Row, Schema};

/// What a source has to say when it is polled.
#[derive(Debug)]
pub enum Poll {
    /// Rows; watermark marks may stand in the batch.
    Batch(Batch),
    /// A watermark on its own.
    Watermark(Watermark),
    /// Nothing before this moment of the lab clock.
    WaitUntil(LabTime),
    /// Nothing until the world outside delivers something.
    WaitOutside,
    /// Nothing ever more.
    End,
}

/// What a reader may use while it is polled.
pub struct SourceContext<'a> {
    /// The moment on the lab clock.
    pub now: LabTime,
    /// The most rows that the answer may have.
    pub max_rows: usize,
    /// Files, as the lab allows them.
    pub files: &'a dyn Files,
}

/// One parallel reader of a source. Holds offsets and buffers, no handles.
pub trait SourceReader: Send {
    /// The next rows, or why there are none.
    fn poll(&mut self, context: &mut SourceContext<'_>) -> Result<Poll>;

    /// Takes rows that came from outside (an instructor types an answer).
    fn feed(&mut self, _rows: Vec<Row>) {}

    /// Nothing comes from outside any more; with the cause if something went wrong there.
    fn no_more(&mut self, _cause: Option<Error>) {}

    /// Offsets, random state, what was fed and not yet read: all that a restart needs.
    fn snapshot(&mut self) -> Result<Vec<u8>>;

    /// Goes on from snapshots of all readers of this source, taken at the same checkpoint.
    fn restore(&mut self, snapshots: &[Vec<u8>]) -> Result<()>;
}

/// Makes the readers of a source.
pub trait SourceFactory: Send + Sync {
    /// The reader of one subtask. `seed` is the seed of the run.
    fn create(&self, index: u32, parallelism: u32, seed: u64) -> Result<Box<dyn SourceReader>>;

    /// The columns it emits.
    fn output(&self) -> &Schema;

    /// Whether it ends by itself.
    fn bounded(&self) -> bool;

    /// Where lines for it come from: who runs the cluster connects there and feeds them.
    fn listens_to(&self) -> Option<&Endpoint> {
        None
    }

    /// How many rows it is estimated to have, if that can be told without reading them all.
    fn estimated_rows(&self, _files: &dyn Files) -> Option<u64> {
        None
    }

    /// The most subtasks it can have (1 for what must keep its order).
    fn max_parallelism(&self) -> Option<u32> {
        None
    }
}
