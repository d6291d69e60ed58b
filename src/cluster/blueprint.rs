//! What a task is made from in its slot: its place in the graph, its channels, the state it starts from.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::channel::Receiver;
use super::checkpoint_coordinator::CompletedCheckpoint;
use super::waker::Waker;
use crate::base::{CheckpointId, LabTime, OperatorId, SlotId, VertexId};
use crate::graph::{ChainedOperator, JobGraph, JobVertex};
use crate::operators::SubtaskInfo;
use crate::state::OperatorSnapshot;

/// What a task is made from in its slot.
pub struct Blueprint {
    /// What runs.
    pub graph: Arc<JobGraph>,
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
    /// The operators of its chain, the head first.
    pub fn operators(&self) -> &[ChainedOperator] {
        &self.vertex().chain
    }

    /// Which edges out of the task an operator sends over.
    pub fn edges_of(&self, operator: OperatorId) -> Vec<usize> {
        let edges = self.graph.outputs(self.info.id.vertex).enumerate();
        edges.filter(|(_, edge)| edge.operator == operator).map(|(index, _)| index).collect()
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
    pub fn new(checkpoint: &CompletedCheckpoint, vertex: VertexId, info: &SubtaskInfo) -> Self {
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
