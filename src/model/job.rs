//! A job as a person follows it: its graph, its subtasks, its channels, its checkpoints.

use std::{collections::VecDeque, sync::Arc};

use super::channel::Channel;
use super::checkpoint::{Checkpoint, CheckpointStatus};
use super::pace::Pace;
use super::palette::Palette;
use super::part_files::PartFiles;
use super::scoreboard::Scoreboard;
use super::state::StateTables;
use crate::base::{
    ChannelId, CheckpointId, Error, JobId, LabTime, OperatorId, RecordId, SlotId, SubtaskId,
    VertexId, Watermark,
};
use crate::data::key::key_group_range;
use crate::trace::event::{EdgeShape, GraphShape, OperatorShape, VertexShape, Waiting};
use crate::trace::{ExecutionState, JobState, LoadMetrics};

/// One job.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Its name.
    pub name: Arc<str>,
    /// The picture of it.
    pub graph: Arc<GraphShape>,
    /// Its state.
    pub state: JobState,
    /// When it was accepted.
    pub submitted: LabTime,
    /// When it reached its state.
    pub since: LabTime,
    /// When it reached a state from which nothing comes.
    pub ended: Option<LabTime>,
    /// Why it failed or restarted last.
    pub cause: Option<Arc<Error>>,
    /// The attempt of its subtasks, from 1; 0 before any is deployed.
    pub attempt: u32,
    /// Subtasks by vertex and index.
    pub vertices: Vec<Vec<Subtask>>,
    /// Channels by id.
    pub channels: Vec<Channel>,
    /// Checkpoints, oldest first. At most [`Job::MAX_CHECKPOINTS`].
    pub checkpoints: VecDeque<Arc<Checkpoint>>,
    /// Who waits for whom, first the sink, since nothing moves; `None` while something does.
    pub stalled: Option<Arc<[Waiting]>>,
    /// Rows in the changelog of its result.
    pub result_rows: u64,
    /// The colours of its keys.
    pub palette: Palette,
    /// The board, if its keyed state is one.
    pub scoreboard: Scoreboard,
}

/// One parallel instance of a vertex.
#[derive(Clone, Debug, PartialEq)]
pub struct Subtask {
    /// Its id.
    pub id: SubtaskId,
    /// Its state.
    pub state: ExecutionState,
    /// When it reached its state.
    pub since: LabTime,
    /// Why it failed.
    pub cause: Option<Arc<Error>>,
    /// Where it runs, or ran last.
    pub slot: Option<SlotId>,
    /// Which attempt, from 1.
    pub attempt: u32,
    /// Its counters.
    pub metrics: LoadMetrics,
    /// What it did in the last second or so of lab time.
    pub load: Load,
    /// Its watermark: the minimum over its inputs.
    pub watermark: Option<Watermark>,
    /// When its watermark moved last.
    pub watermark_at: LabTime,
    /// The record that it works on or worked on last.
    pub current: Option<RecordId>,
    /// For a source: rows that it read. Otherwise rows that its head took.
    pub read: u64,
    /// Rows that its last operator emitted.
    pub emitted: u64,
    /// The last rows that its head emitted, newest last. At most [`Subtask::MAX_RECENT`].
    pub recent: VecDeque<RecordId>,
    /// Rows that left the job here.
    pub output: u64,
    /// Rows that came too late.
    pub late: u64,
    /// When a record last moved here.
    pub active: LabTime,
    /// The checkpoint from which it took its state.
    pub restored: Option<CheckpointId>,
    /// The key groups that it owns, both ends included.
    pub key_groups: (u16, u16),
    /// Its keyed state.
    pub states: StateTables,
    /// The part files that it writes, as the sink of a file system.
    pub parts: PartFiles,
    /// Its rows by second of lab time.
    pub pace: Pace,
}

/// Shares of time, from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Load {
    /// At work.
    pub busy: f32,
    /// Output that nobody takes.
    pub back_pressured: f32,
    /// Without input.
    pub idle: f32,
}

impl Job {
    /// Checkpoints kept of one job.
    pub const MAX_CHECKPOINTS: usize = 32;

    pub(super) fn new(id: JobId, name: Arc<str>, graph: Arc<GraphShape>, at: LabTime) -> Self {
        let vertices = (0..)
            .zip(&graph.vertices)
            .map(|(v, vertex)| {
                let subtask = |index| {
                    let id = SubtaskId { job: id, vertex: VertexId(v), index };
                    Subtask::new(id, key_groups(graph.key_groups, vertex.parallelism, index), at)
                };
                (0..vertex.parallelism).map(subtask).collect()
            })
            .collect();
        let channels = channels(id, &graph);
        Self {
            id,
            name,
            graph,
            state: JobState::Created,
            submitted: at,
            since: at,
            ended: None,
            cause: None,
            attempt: 0,
            vertices,
            channels,
            checkpoints: VecDeque::new(),
            stalled: None,
            result_rows: 0,
            palette: Palette::default(),
            scoreboard: Scoreboard::default(),
        }
    }

    /// Whether anything may still come from it.
    pub fn is_alive(&self) -> bool {
        self.ended.is_none()
    }

    /// A subtask by its id.
    pub fn subtask(&self, id: SubtaskId) -> Option<&Subtask> {
        self.vertices.get(id.vertex.0 as usize)?.get(id.index as usize)
    }

    /// All subtasks, in plan order.
    pub fn subtasks(&self) -> impl Iterator<Item = &Subtask> {
        self.vertices.iter().flatten()
    }

    /// The shape of the vertex of a subtask.
    pub fn vertex(&self, id: VertexId) -> Option<&VertexShape> {
        self.graph.vertices.get(id.0 as usize)
    }

    /// An operator's shape and the vertex in whose chain it stands.
    pub fn operator(&self, id: OperatorId) -> Option<(VertexId, &OperatorShape)> {
        (0..).zip(&self.graph.vertices).find_map(|(v, vertex)| {
            let operator = vertex.operators.iter().find(|operator| operator.id == id)?;
            Some((VertexId(v), operator))
        })
    }

    /// A channel by its id.
    pub fn channel(&self, id: ChannelId) -> Option<&Channel> {
        self.channels.get(id.0 as usize)
    }

    /// The edge of a channel.
    pub fn edge(&self, channel: &Channel) -> Option<&EdgeShape> {
        self.graph.edges.get(channel.edge)
    }

    /// The channels that a subtask reads.
    pub fn inputs(&self, id: SubtaskId) -> impl Iterator<Item = &Channel> {
        self.channels.iter().filter(move |channel| channel.to == id)
    }

    /// Whether a vertex has no inputs.
    pub fn is_source(&self, id: VertexId) -> bool {
        self.graph.edges.iter().all(|edge| edge.to != id.0 as usize)
    }

    /// Whether a vertex has no outputs.
    pub fn is_sink(&self, id: VertexId) -> bool {
        self.graph.edges.iter().all(|edge| edge.from != id.0 as usize)
    }

    /// Whether a vertex keeps keyed state.
    pub fn is_keyed(&self, id: VertexId) -> bool {
        self.vertex(id).is_some_and(|vertex| vertex.operators.iter().any(|op| op.keyed_state))
    }

    /// The newest checkpoint that counts.
    pub fn last_checkpoint(&self) -> Option<&Checkpoint> {
        let completed = |c: &&Arc<Checkpoint>| c.status == CheckpointStatus::Completed;
        self.checkpoints.iter().rev().find(completed).map(|checkpoint| &**checkpoint)
    }

    pub(super) fn subtask_mut(&mut self, id: SubtaskId) -> Option<&mut Subtask> {
        self.vertices.get_mut(id.vertex.0 as usize)?.get_mut(id.index as usize)
    }

    pub(super) fn channel_mut(&mut self, id: ChannelId) -> Option<&mut Channel> {
        self.channels.get_mut(id.0 as usize)
    }

    pub(super) fn checkpoint_mut(&mut self, id: CheckpointId) -> Option<&mut Checkpoint> {
        self.checkpoints.iter_mut().rev().find(|c| c.id == id).map(Arc::make_mut)
    }
}

impl Subtask {
    /// How far back the shares of time look, in microseconds of lab time.
    const LOAD_WINDOW_MICROS: f32 = 1_000_000.0;

    /// Records remembered as the last that it emitted.
    pub const MAX_RECENT: usize = 32;

    fn new(id: SubtaskId, key_groups: (u16, u16), at: LabTime) -> Self {
        Self {
            id,
            state: ExecutionState::Created,
            since: at,
            cause: None,
            slot: None,
            attempt: 0,
            metrics: LoadMetrics::default(),
            load: Load::default(),
            watermark: None,
            watermark_at: at,
            current: None,
            read: 0,
            emitted: 0,
            recent: VecDeque::new(),
            output: 0,
            late: 0,
            active: at,
            restored: None,
            key_groups,
            states: StateTables::new(),
            parts: PartFiles::default(),
            pace: Pace::default(),
        }
    }

    /// A new attempt begins in a slot, with nothing in memory. What left it stays.
    pub(super) fn deploy(&mut self, slot: SlotId, attempt: u32, at: LabTime) {
        let fresh = Self::new(self.id, self.key_groups, at);
        let (parts, pace) = (self.parts.restarted(), std::mem::take(&mut self.pace));
        *self = Self { slot: Some(slot), attempt, parts, pace, ..fresh };
    }

    /// Takes over counters. The shares follow the last second or so of lab time: one report may
    /// cover a single step, which is all work or none.
    pub(super) fn report(&mut self, metrics: LoadMetrics, at: LabTime) {
        let (busy, idle, pressed) = (
            metrics.busy - self.metrics.busy,
            metrics.idle - self.metrics.idle,
            metrics.back_pressured - self.metrics.back_pressured,
        );
        let total = (busy + idle + pressed) as f32;
        if total > 0.0 {
            let weight = (total / Self::LOAD_WINDOW_MICROS).min(1.0);
            let blend = |old: f32, part: i64| old + (part as f32 / total - old) * weight;
            self.load = Load {
                busy: blend(self.load.busy, busy),
                back_pressured: blend(self.load.back_pressured, pressed),
                idle: blend(self.load.idle, idle),
            };
        }
        self.metrics = metrics;
        self.keep_pace(at);
    }

    /// Rows were counted.
    pub(super) fn keep_pace(&mut self, at: LabTime) {
        self.pace.note(at, self.rows());
    }

    pub(super) fn remember(&mut self, id: RecordId) {
        if self.recent.len() == Self::MAX_RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(id);
    }

    /// Rows that left it: into channels, results or print output.
    pub fn given(&self) -> u64 {
        self.emitted.max(self.output).max(self.metrics.records_out)
    }

    /// Rows that it took or, as a source, read.
    pub fn taken(&self) -> u64 {
        self.read.max(self.metrics.records_in)
    }

    /// Rows that came through it: those that it took, or gave if it took none.
    pub fn rows(&self) -> u64 {
        match self.taken() {
            0 => self.given(),
            taken => taken,
        }
    }

    /// The keyed-state entry written last, over all its states.
    pub fn last_write(&self) -> Option<&super::state::StateEntry> {
        let last = self.states.values().filter_map(|table| table.last_entry());
        last.max_by_key(|entry| entry.sequence)
    }
}

/// The key groups of a subtask, both ends included; `(1, 0)` if it has none.
fn key_groups(max: u16, parallelism: u32, index: u32) -> (u16, u16) {
    key_group_range(index, parallelism.max(1), max).into_inner()
}

fn channels(job: JobId, graph: &GraphShape) -> Vec<Channel> {
    let mut channels: Vec<_> = graph
        .edges
        .iter()
        .enumerate()
        .flat_map(|(position, edge)| {
            let end = move |vertex: usize, index| SubtaskId {
                job,
                vertex: VertexId(vertex as u32),
                index,
            };
            edge.channels.iter().map(move |&(id, from, to)| {
                Channel::new(id, position, end(edge.from, from), end(edge.to, to), edge.capacity)
            })
        })
        .collect();
    channels.sort_by_key(|channel| channel.id);
    channels
}
