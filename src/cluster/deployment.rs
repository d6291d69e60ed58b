//! Deployment: from a job graph and slots to tasks, joined by channels.

use std::collections::BTreeMap;
use std::sync::Arc;

use crossbeam::channel as crossbeam_channel;

use super::channel::{Peer, Receiver, Sender, channel};
use super::checkpoint_coordinator::CompletedCheckpoint;
use super::message::Outgoing;
use super::options::ClusterOptions;
use super::output::{OutputEdge, Outputs};
use super::partition::{Edge, Router};
use super::task::Task;
use super::waker::{Notify, Waker};
use crate::base::{CheckpointId, JobId, LabTime, OperatorId, SlotId, SubtaskId, VertexId};
use crate::graph::{JobEdge, JobGraph, JobVertex, RuntimeMode, StreamNode};
use crate::operators::SubtaskInfo;
use crate::state::OperatorSnapshot;

/// What a task is made from in its slot.
pub struct Blueprint {
    graph: Arc<JobGraph>,
    /// Which of the parallel instances.
    pub info: SubtaskInfo,
    /// In which attempt of the job, from 1.
    pub attempt: u32,
    /// Where it runs.
    pub slot: SlotId,
    /// Its flag.
    pub waker: Arc<Waker>,
    /// Its number in the run.
    pub ordinal: u32,
    /// When it was deployed.
    pub deployed: LabTime,
    /// Whether it reports its state when it finishes.
    pub keeps_final_state: bool,
    /// Its input channels, each with the input that it belongs to.
    pub receivers: Vec<(usize, Receiver)>,
    /// The most rows that its source gives at once.
    pub max_rows: usize,
    /// The state that it starts from.
    pub restore: Option<Restore>,
}

impl Blueprint {
    /// The operators of its chain, head first.
    pub fn nodes(&self) -> &[StreamNode] {
        &self.vertex().chain
    }

    /// How many inputs its head has.
    pub fn inputs(&self) -> usize {
        self.vertex().input_count
    }

    fn vertex(&self) -> &JobVertex {
        self.graph.vertex(self.info.id.vertex)
    }
}

/// The state that one subtask starts from.
pub struct Restore {
    /// The checkpoint it was put into.
    pub checkpoint: CheckpointId,
    operators: BTreeMap<OperatorId, Vec<OperatorSnapshot>>,
}

impl Restore {
    /// The snapshots of an operator from all its subtasks, keyed state cut to the own key groups.
    pub fn of(&self, operator: OperatorId) -> &[OperatorSnapshot] {
        self.operators.get(&operator).map_or(&[], Vec::as_slice)
    }

    /// What a checkpoint holds for the operators of a vertex. Keyed state goes to the owners of its
    /// key groups, the subtasks' own state to all.
    fn new(checkpoint: &CompletedCheckpoint, vertex: VertexId, info: &SubtaskInfo) -> Self {
        let groups = info.key_groups();
        let mut operators: BTreeMap<OperatorId, Vec<OperatorSnapshot>> = BTreeMap::new();
        let of_vertex = checkpoint.states.iter().filter(|(subtask, _)| subtask.vertex == vertex);
        for (operator, snapshot) in of_vertex.flat_map(|(_, state)| state) {
            let own = snapshot.keyed.iter().filter(|(group, _)| groups.contains(group));
            operators.entry(*operator).or_default().push(OperatorSnapshot {
                version: snapshot.version,
                keyed: own.map(|(group, bytes)| (*group, bytes.clone())).collect(),
                operator: snapshot.operator.clone(),
            });
        }
        Self { checkpoint: checkpoint.id, operators }
    }
}

/// A slot that a job got, and what wakes it.
#[derive(Clone)]
pub struct AllocatedSlot {
    /// The slot.
    pub id: SlotId,
    /// What lies behind the wakers of its tasks.
    pub notify: Option<Arc<dyn Notify>>,
}

/// All that a deployment of a whole job needs.
pub struct Deployment<'a> {
    /// The job.
    pub job: JobId,
    /// What runs.
    pub graph: &'a Arc<JobGraph>,
    /// Which attempt, from 1.
    pub attempt: u32,
    /// The slots: the i-th holds subtask i of each vertex.
    pub slots: &'a [AllocatedSlot],
    /// Settings of the cluster.
    pub options: &'a ClusterOptions,
    /// Now.
    pub now: LabTime,
    /// The checkpoint to start from.
    pub restore: Option<&'a CompletedCheckpoint>,
    /// Whether tasks report their state when they finish.
    pub keeps_final_state: bool,
    /// The way out of the cluster.
    pub outlet: &'a crossbeam_channel::Sender<Outgoing>,
}

/// The ends of the channels of one subtask.
#[derive(Default)]
struct Ends {
    receivers: Vec<(usize, Receiver)>,
    outputs: Vec<OutputEdge>,
}

impl Deployment<'_> {
    /// The tasks, by vertex and index; each takes the next ordinal.
    pub fn tasks(&self, next_ordinal: &mut u32) -> Vec<Task> {
        let peers = self.peers();
        let mut ends = self.connect(&peers);
        let mut tasks = Vec::new();
        for (vertex, peers) in self.graph.vertices.iter().zip(&peers) {
            for peer in peers {
                let ends = ends.remove(&peer.subtask).unwrap_or_default();
                tasks.push(self.task(vertex, peer, ends, *next_ordinal));
                *next_ordinal += 1;
            }
        }
        tasks
    }

    fn task(&self, vertex: &JobVertex, peer: &Peer, ends: Ends, ordinal: u32) -> Task {
        let info = SubtaskInfo {
            id: peer.subtask,
            parallelism: vertex.parallelism,
            max_parallelism: self.graph.max_parallelism,
            // Two jobs over one generator see different rows, and the same ones in every attempt.
            seed: self.options.seed ^ (peer.subtask.job.0 as u64),
        };
        let blueprint = Blueprint {
            graph: self.graph.clone(),
            info,
            attempt: self.attempt,
            slot: self.slots[peer.subtask.index as usize].id,
            waker: peer.waker.clone(),
            ordinal,
            deployed: self.now,
            keeps_final_state: self.keeps_final_state,
            receivers: ends.receivers,
            max_rows: self.options.batch_size.max(1),
            restore: self.restore.map(|checkpoint| Restore::new(checkpoint, vertex.id, &info)),
        };
        Task::new(blueprint, Outputs::new(self.job, ends.outputs), self.outlet.clone())
    }

    fn peers(&self) -> Vec<Vec<Peer>> {
        let peer = |vertex: VertexId, index: u32| Peer {
            subtask: SubtaskId { job: self.job, vertex, index },
            waker: Arc::new(Waker::new(self.slots[index as usize].notify.clone())),
        };
        let vertices = self.graph.vertices.iter();
        vertices.map(|v| (0..v.parallelism).map(|index| peer(v.id, index)).collect()).collect()
    }

    fn connect(&self, peers: &[Vec<Peer>]) -> BTreeMap<SubtaskId, Ends> {
        let mut ends: BTreeMap<SubtaskId, Ends> = BTreeMap::new();
        for edge in &self.graph.edges {
            let mut senders: BTreeMap<u32, Vec<Sender>> = BTreeMap::new();
            for ids in &edge.channels {
                let from = &peers[edge.from.0 as usize][ids.sender as usize];
                let to = &peers[edge.to.0 as usize][ids.receiver as usize];
                let (sender, receiver) = channel(ids.id, self.capacity(), from, to);
                senders.entry(ids.sender).or_default().push(sender);
                ends.entry(to.subtask).or_default().receivers.push((edge.input, receiver));
            }
            for (index, channels) in senders {
                let subtask = peers[edge.from.0 as usize][index as usize].subtask;
                let router = self.router(edge, index, channels.len());
                ends.entry(subtask).or_default().outputs.push(OutputEdge { router, channels });
            }
        }
        ends
    }

    /// Exchanges of batch jobs are blocking, written down whole: they have no bound.
    fn capacity(&self) -> Option<usize> {
        match self.graph.mode {
            RuntimeMode::Streaming => Some(self.options.channel_capacity),
            RuntimeMode::Batch => None,
        }
    }

    fn router(&self, edge: &JobEdge, sender: u32, channels: usize) -> Router {
        let sending = self.graph.vertex(edge.from);
        let empty = crate::data::Schema::new(Vec::new());
        Router::new(&Edge {
            partitioner: &edge.partitioner,
            schema: sending.chain.last().map_or(&empty, |node| &node.output),
            sender,
            channels,
            key_groups: self.graph.max_parallelism,
        })
    }
}
