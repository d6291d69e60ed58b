//! The events that the cluster emits: everything that a person may want to see.
//!
//! An event carries data, never prose, and shares what is large (a batch is a few pointers).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::base::{
    ChannelId, CheckpointId, Error, JobId, LabTime, OperatorId, RecordId, SlotId, SubtaskId,
    TaskManagerId, Watermark,
};
use crate::data::{Batch, PartFile, Value};

/// One event, with its place in the run.
#[derive(Clone, Debug)]
pub struct Event {
    /// Position in the trace, from 0, without holes (a gap is an event of its own).
    pub sequence: u64,
    /// When, on the lab clock.
    pub at: LabTime,
    /// What.
    pub kind: EventKind,
}

/// The states of a job, as Flink names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are Flink's own")]
pub enum JobState {
    Created,
    Running,
    Failing,
    Failed,
    Cancelling,
    Canceled,
    Finished,
    Restarting,
}

/// The states of a subtask, as Flink names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are Flink's own")]
pub enum ExecutionState {
    Created,
    Scheduled,
    Deploying,
    Initializing,
    Running,
    Finished,
    Canceling,
    Canceled,
    Failed,
}

/// Why a record exists: the records of the step before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Causes {
    /// It came from outside: row `position` of the source subtask, from 0.
    Source {
        /// Which row of the source.
        position: u64,
    },
    /// These records made it.
    Records(Arc<[RecordId]>),
}

/// Counters of one subtask since it was deployed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadMetrics {
    /// Rows taken from input channels.
    pub records_in: u64,
    /// Rows put into output channels, results or print output.
    pub records_out: u64,
    /// Bytes taken from input channels (Arrow buffer sizes).
    pub bytes_in: u64,
    /// Bytes put into output channels.
    pub bytes_out: u64,
    /// Microseconds of lab time at work.
    pub busy: i64,
    /// Microseconds of lab time without input.
    pub idle: i64,
    /// Microseconds of lab time with output that nobody takes.
    pub back_pressured: i64,
}

/// What happened. The level at which an event appears stands beside each group.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each event is documented; its fields are named after their types")]
pub enum EventKind {
    // --- always -------------------------------------------------------------------------------
    /// A TaskManager registered its slots.
    TaskManagerRegistered { task_manager: TaskManagerId, slots: u32 },
    /// A TaskManager is gone, with everything in it.
    TaskManagerLost { task_manager: TaskManagerId },
    /// The JobManager accepted a job. `graph` is the picture of it.
    JobSubmitted { job: JobId, name: Arc<str>, graph: Arc<GraphShape> },
    /// A job changed its state.
    JobStateChanged { job: JobId, state: JobState, cause: Option<Arc<Error>> },
    /// A subtask got a slot for an attempt (from 1).
    SlotAllocated { subtask: SubtaskId, slot: SlotId, attempt: u32 },
    /// A slot became free.
    SlotFreed { slot: SlotId },
    /// A subtask changed its state.
    TaskStateChanged { subtask: SubtaskId, state: ExecutionState, cause: Option<Arc<Error>> },
    /// The coordinator started a checkpoint.
    CheckpointTriggered { job: JobId, checkpoint: CheckpointId },
    /// A subtask put its state into a checkpoint.
    CheckpointAcknowledged { subtask: SubtaskId, checkpoint: CheckpointId, bytes: u64 },
    /// Every subtask did: the checkpoint counts.
    CheckpointCompleted { job: JobId, checkpoint: CheckpointId, bytes: u64 },
    /// The checkpoint will not be.
    CheckpointAborted { job: JobId, checkpoint: CheckpointId },
    /// A subtask took its state from a checkpoint.
    StateRestored { subtask: SubtaskId, checkpoint: CheckpointId, key_groups: (u16, u16) },
    /// A line on a TaskManager's stdout.
    Stdout { task_manager: TaskManagerId, subtask: SubtaskId, line: Arc<str> },
    /// The result of a query grew: rows `0 .. rows` of its changelog are there.
    ResultGrew { job: JobId, rows: u64 },
    /// Nothing moves and no timer is pending. The chain of who waits for whom, first the sink.
    Stalled { job: JobId, chain: Arc<[Waiting]> },
    /// Events that were dropped, because nobody took them in time.
    Gap { events: u64 },

    // --- level steps --------------------------------------------------------------------------
    /// The counters of a subtask, at most every 100 ms of lab time.
    Metrics { subtask: SubtaskId, metrics: LoadMetrics },
    /// How full a channel is, in elements, when it changed.
    ChannelFill { job: JobId, channel: ChannelId, used: u32 },
    /// The watermark of a subtask (the minimum over its inputs) moved on.
    WatermarkAdvanced { subtask: SubtaskId, watermark: Watermark },
    /// A watermark went into a channel.
    WatermarkEnqueued { job: JobId, channel: ChannelId, watermark: Watermark },
    /// A barrier went into a channel.
    BarrierEnqueued { job: JobId, channel: ChannelId, checkpoint: CheckpointId },
    /// A part file of a sink took a step of its life; `subtask` is who did it.
    PartFileChanged { subtask: SubtaskId, file: PartFile },
    /// A subtask took a barrier from a channel (and, with several inputs, waits for the others).
    BarrierTaken { job: JobId, channel: ChannelId, checkpoint: CheckpointId },

    // --- level records ------------------------------------------------------------------------
    /// An operator emitted rows; `batch` carries their ids. Rows of one event share their causes.
    RecordsEmitted { subtask: SubtaskId, operator: OperatorId, batch: Batch, causes: Causes },
    /// Rows went into a channel.
    RecordsEnqueued { job: JobId, channel: ChannelId, batch: Batch },
    /// A subtask took rows from a channel.
    RecordsTaken { job: JobId, channel: ChannelId, ids: Arc<[RecordId]> },
    /// Keyed state changed.
    StateChanged(Box<StateChange>),
    /// Rows reached a sink and left the job.
    RecordsOutput { subtask: SubtaskId, operator: OperatorId, ids: Arc<[RecordId]> },
    /// A row asked a table by key.
    LookedUp { subtask: SubtaskId, operator: OperatorId, id: RecordId, look_up: Arc<LookUp> },
    /// A row came after its window had passed, and was dropped.
    RecordLate { subtask: SubtaskId, operator: OperatorId, id: RecordId },
}

/// One write to keyed state.
#[derive(Clone, Debug, PartialEq)]
pub struct StateChange {
    /// Who wrote.
    pub subtask: SubtaskId,
    /// Which operator of its chain.
    pub operator: OperatorId,
    /// The name of the state, as declared.
    pub state: Arc<str>,
    /// The key.
    pub key: Arc<[Value]>,
    /// The window in which the key has this state, by its end: Flink's namespace.
    pub window: Option<Value>,
    /// The key's group.
    pub key_group: u16,
    /// Named values before; empty if the key had no state.
    pub before: Vec<(Arc<str>, Value)>,
    /// Named values after; empty if the state was cleared.
    pub after: Vec<(Arc<str>, Value)>,
    /// The record that caused it, if one did.
    pub cause: Option<RecordId>,
}

/// What a table was asked, and what it answered.
#[derive(Clone, Debug, PartialEq)]
pub struct LookUp {
    /// Which table.
    pub table: Arc<str>,
    /// The columns that were asked for, and what they were to be.
    pub key: Vec<(Arc<str>, Value)>,
    /// How many rows it found.
    pub count: u64,
    /// The first of them, by the names of the columns. At most [`LookUp::MAX_FOUND`].
    pub found: Vec<Vec<(Arc<str>, Value)>>,
}

impl LookUp {
    /// Bound on the rows that are told.
    pub const MAX_FOUND: usize = 4;
}

/// A link of the chain of who waits for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Who waits.
    pub subtask: SubtaskId,
    /// For what.
    pub reason: WaitReason,
}

/// What a subtask waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WaitReason {
    /// Rows from these subtasks.
    Input(Vec<SubtaskId>),
    /// Room in the channel to this subtask.
    Output(SubtaskId),
    /// The barrier of a checkpoint from this subtask.
    Barrier(SubtaskId, CheckpointId),
    /// The world outside: a file, a socket, a person.
    Outside,
}

/// The picture of a job graph: what the stage draws, without factories.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GraphShape {
    /// The vertices in plan order; a vertex's id is its position.
    pub vertices: Vec<VertexShape>,
    /// The edges in plan order.
    pub edges: Vec<EdgeShape>,
    /// `maxParallelism`: the number of key groups.
    pub key_groups: u16,
}

/// A vertex: operators that run chained in one task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VertexShape {
    /// Flink's name of the task: the operators' names joined by ` -> `, branches in parentheses.
    pub name: String,
    /// How many subtasks.
    pub parallelism: u32,
    /// The chain, the head first and each operator in front of those that take its output.
    pub operators: Vec<OperatorShape>,
}

impl VertexShape {
    /// Whether an operator is the head of the chain, and whether none takes its output in the chain.
    pub fn place_of(&self, operator: OperatorId) -> Option<(bool, bool)> {
        let place = self.operators.iter().position(|shape| shape.id == operator)?;
        Some((place == 0, self.behind(place).next().is_none()))
    }

    /// The positions of the operators that take the output of the one at a position.
    pub fn behind(&self, position: usize) -> impl Iterator<Item = usize> + '_ {
        let operators = self.operators.iter().enumerate();
        operators.filter(move |(_, shape)| shape.after == Some(position)).map(|(next, _)| next)
    }

    /// Whether the chain branches.
    pub fn branches(&self) -> bool {
        (0..self.operators.len()).any(|position| self.behind(position).nth(1).is_some())
    }

    /// The operators at the ends of the chain that lie behind a position, or stand there.
    pub fn ends(&self, position: usize) -> Vec<&OperatorShape> {
        let behind: Vec<usize> = self.behind(position).collect();
        match behind.as_slice() {
            [] => self.operators.get(position).into_iter().collect(),
            next => next.iter().flat_map(|next| self.ends(*next)).collect(),
        }
    }
}

/// An operator of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorShape {
    /// Its id in the job.
    pub id: OperatorId,
    /// The position in the chain of the operator whose output it takes; `None` for the head.
    pub after: Option<usize>,
    /// Flink's kind of it: `Source`, `Map`, `Calc`, `GroupAggregate`, `Sink`..
    pub kind: String,
    /// What it is called: a table, a function, a description.
    pub name: String,
    /// The names of its output columns.
    pub columns: Vec<String>,
    /// The output columns that hold the key of its records, if they have one. The stage colours
    /// records by it.
    pub key_columns: Vec<usize>,
    /// Whether it keeps keyed state.
    pub keyed_state: bool,
}

/// An edge between vertices; its channels are numbered from `first_channel`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EdgeShape {
    /// Position of the sending vertex.
    pub from: usize,
    /// Position of the receiving vertex.
    pub to: usize,
    /// Which input of the receiver.
    pub input: usize,
    /// How rows find their receiver.
    pub partitioner: PartitionerShape,
    /// Elements that one channel holds.
    pub capacity: u32,
    /// The channels, by sender and then receiver: `(channel, sender index, receiver index)`.
    pub channels: Vec<(ChannelId, u32, u32)>,
}

/// How rows find their receiver, as Flink names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PartitionerShape {
    /// To the subtask of the same index.
    Forward,
    /// To the owner of the key group; the key as the plan writes it.
    Hash(String),
    /// In turn.
    Rebalance,
    /// To all.
    Broadcast,
    /// To the first.
    Global,
}
