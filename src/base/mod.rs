//! What every layer shares: ids, time and units, seeded randomness, source spans, errors.
//!
//! Not here: anything that knows of columns, jobs or screens.

pub mod error;
pub mod id;
pub mod mode;
pub mod random;
pub mod span;
pub mod stack;
pub mod time;

pub use error::{Error, Result};
pub use id::{
    ChannelId, CheckpointId, JobId, OperatorId, RecordId, SlotId, SubtaskId, TaskManagerId,
    VertexId,
};
pub use mode::RuntimeMode;
pub use random::SeededRandom;
pub use span::{Location, Span};
pub use time::{LabDuration, LabTime, Watermark};
