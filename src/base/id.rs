//! The names of things that run: small, ordered, copyable, and the same in every process.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }
    };
}

number_id!(
    /// A vertex of a job graph: a chain of operators that runs as one task. From 0, in plan order.
    VertexId(u32)
);
number_id!(
    /// An operator of a job, before chaining. From 0, in plan order.
    OperatorId(u32)
);
number_id!(
    /// One channel of a job, between two subtasks. From 0, by edge, then sender, then receiver.
    ChannelId(u32)
);
number_id!(
    /// A checkpoint of a job. From 1, as in Flink.
    CheckpointId(u64)
);
number_id!(
    /// A TaskManager, from 1, as people count them.
    TaskManagerId(u32)
);

/// A job: 32 hexadecimal digits, as Flink prints it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct JobId(pub u128);

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// One parallel instance of a vertex; `index` counts from 0, as the key group arithmetic gives it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct SubtaskId {
    /// The job.
    pub job: JobId,
    /// The vertex of the job graph.
    pub vertex: VertexId,
    /// Which of the vertex's parallel instances, from 0.
    pub index: u32,
}

impl fmt::Display for SubtaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}.{}", self.vertex, self.index)
    }
}

/// A slot of a TaskManager; `index` counts from 0.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct SlotId {
    /// The TaskManager.
    pub task_manager: TaskManagerId,
    /// Which of its slots, from 0.
    pub index: u32,
}

impl fmt::Display for SlotId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tm{}.{}", self.task_manager, self.index)
    }
}

/// A row as it left one operator, unique in a run.
///
/// The id is made by the task that emits the row (its ordinal in the upper 24 bits, a counter in
/// the lower 40), so it does not depend on how tasks were interleaved.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct RecordId(pub u64);

impl RecordId {
    /// The `sequence`-th row (from 1) of the task with this ordinal.
    pub fn new(task_ordinal: u32, sequence: u64) -> Self {
        Self((u64::from(task_ordinal) << 40) | (sequence & ((1 << 40) - 1)))
    }

    /// The part that counts, within the task that made it.
    pub fn sequence(self) -> u64 {
        self.0 & ((1 << 40) - 1)
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "r{}.{}", self.0 >> 40, self.sequence())
    }
}
