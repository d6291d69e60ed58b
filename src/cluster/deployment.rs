//! Deployment: from a job graph and slots to tasks, joined by channels.

use std::collections::BTreeMap;
use std::sync::Arc;

use crossbeam::channel as crossbeam_channel;

use super::blueprint::{Blueprint, Restore};
use super::channel::{Peer, Receiver, Sender, channel};
use super::checkpoint_coordinator::CompletedCheckpoint;
use super::message::Outgoing;
use super::options::ClusterOptions;
use super::output::{OutputEdge, Outputs};
use super::partition::{Edge, Router};
use super::task::Task;
use super::waker::{Notify, Waker};
use crate::base::{JobId, LabTime, SlotId, SubtaskId, VertexId};
use crate::graph::{JobEdge, JobGraph, JobVertex, RuntimeMode};
use crate::operators::SubtaskInfo;

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
        let empty = crate::data::Schema::new(Vec::new());
        Router::new(&Edge {
            partitioner: &edge.partitioner,
            schema: self.graph.sender(edge).map_or(&empty, |node| &node.output),
            sender,
            channels,
            key_groups: self.graph.max_parallelism,
        })
    }
}
