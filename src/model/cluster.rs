//! TaskManagers and their slots, as the JobManager sees them.

use std::collections::BTreeMap;

use super::state::StateTables;
use crate::base::{LabTime, SlotId, SubtaskId, TaskManagerId};

/// All TaskManagers that ever registered.
pub type Cluster = BTreeMap<TaskManagerId, TaskManager>;

/// A worker of the cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskManager {
    /// Its id.
    pub id: TaskManagerId,
    /// When it registered last.
    pub registered: LabTime,
    /// When it died, if it is dead.
    pub lost: Option<LabTime>,
    /// Its slots.
    pub slots: Vec<Slot>,
}

/// A share of a TaskManager.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Slot {
    /// The subtasks in it, in the order in which they came.
    pub subtasks: Vec<SubtaskId>,
    /// What was in it when its TaskManager died.
    pub ghosts: Vec<Ghost>,
}

/// A subtask that died with its TaskManager.
#[derive(Clone, Debug, PartialEq)]
pub struct Ghost {
    /// Which.
    pub subtask: SubtaskId,
    /// In which attempt.
    pub attempt: u32,
    /// The state that died with it.
    pub states: StateTables,
}

impl TaskManager {
    /// A TaskManager that just registered.
    pub fn new(id: TaskManagerId, slots: u32, registered: LabTime) -> Self {
        Self { id, registered, lost: None, slots: vec![Slot::default(); slots as usize] }
    }

    /// Slots with a subtask in them.
    pub fn slots_in_use(&self) -> usize {
        self.slots.iter().filter(|slot| !slot.subtasks.is_empty()).count()
    }
}

pub(super) fn allocate(cluster: &mut Cluster, subtask: SubtaskId, at: SlotId) {
    free_subtask(cluster, subtask);
    if let Some(slot) = slot_mut(cluster, at) {
        slot.subtasks.push(subtask);
    }
}

pub(super) fn free(cluster: &mut Cluster, at: SlotId) {
    if let Some(slot) = slot_mut(cluster, at) {
        slot.subtasks.clear();
    }
}

fn free_subtask(cluster: &mut Cluster, subtask: SubtaskId) {
    for slot in cluster.values_mut().flat_map(|tm| &mut tm.slots) {
        slot.subtasks.retain(|other| *other != subtask);
    }
}

fn slot_mut(cluster: &mut Cluster, at: SlotId) -> Option<&mut Slot> {
    cluster.get_mut(&at.task_manager)?.slots.get_mut(at.index as usize)
}
