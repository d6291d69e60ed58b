//! The slots of all TaskManagers, and who has them.
//!
//! Slots are handed out spread evenly: the first slot of each TaskManager, then the second of each
//! (Flink's `cluster.evenly-spread-out-slots`). A job gets all its slots or none, so two jobs never
//! hold half of what they need and wait for each other.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::deployment::AllocatedSlot;
use super::waker::Notify;
use crate::base::{JobId, SlotId, TaskManagerId};

/// The slots of a cluster.
#[derive(Default)]
pub struct SlotPool {
    slots: BTreeMap<SlotId, Entry>,
}

struct Entry {
    notify: Option<Arc<dyn Notify>>,
    job: Option<JobId>,
}

impl SlotPool {
    /// A TaskManager brings its slots, each with what wakes it.
    pub fn register(&mut self, task_manager: TaskManagerId, slots: Vec<Option<Arc<dyn Notify>>>) {
        for (index, notify) in slots.into_iter().enumerate() {
            let id = SlotId { task_manager, index: index as u32 };
            self.slots.insert(id, Entry { notify, job: None });
        }
    }

    /// A TaskManager is gone. Says whether it was there.
    pub fn remove(&mut self, task_manager: TaskManagerId) -> bool {
        let before = self.slots.len();
        self.slots.retain(|id, _| id.task_manager != task_manager);
        self.slots.len() < before
    }

    /// How many slots there are.
    pub fn total(&self) -> usize {
        self.slots.len()
    }

    /// The free slots, in the order in which they are handed out.
    fn free_slots(&self) -> Vec<SlotId> {
        let free = self.slots.iter().filter(|(_, entry)| entry.job.is_none());
        let mut free: Vec<SlotId> = free.map(|(id, _)| *id).collect();
        free.sort_by_key(|id| (id.index, id.task_manager));
        free
    }

    /// Gives a job as many slots as it needs, or none.
    pub fn allocate(&mut self, job: JobId, needed: usize) -> Option<Vec<AllocatedSlot>> {
        let free = self.free_slots();
        let chosen = free.get(..needed)?;
        let mut allocated = Vec::with_capacity(needed);
        for id in chosen {
            let entry = self.slots.get_mut(id)?;
            entry.job = Some(job);
            allocated.push(AllocatedSlot { id: *id, notify: entry.notify.clone() });
        }
        Some(allocated)
    }

    /// A job gives a slot back. Says whether it had it.
    pub fn release(&mut self, slot: SlotId, job: JobId) -> bool {
        let entry = self.slots.get_mut(&slot).filter(|entry| entry.job == Some(job));
        entry.map(|entry| entry.job = None).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool() -> SlotPool {
        let mut pool = SlotPool::default();
        pool.register(TaskManagerId(1), vec![None, None]);
        pool.register(TaskManagerId(2), vec![None, None]);
        pool
    }

    fn allocate(pool: &mut SlotPool, job: u128, needed: usize) -> Option<Vec<String>> {
        let slots = pool.allocate(JobId(job), needed)?;
        Some(slots.iter().map(|s| s.id.to_string()).collect())
    }

    #[test]
    fn slots_are_spread_over_task_managers() {
        let mut pool = pool();
        assert_eq!(allocate(&mut pool, 1, 3).unwrap(), ["tm1.0", "tm2.0", "tm1.1"]);
        assert_eq!(allocate(&mut pool, 2, 2), None, "all or none");
        assert_eq!(allocate(&mut pool, 2, 1).unwrap(), ["tm2.1"]);
    }

    #[test]
    fn a_slot_comes_back_from_its_owner_only() {
        let mut pool = pool();
        allocate(&mut pool, 1, 4);
        let slot = SlotId { task_manager: TaskManagerId(2), index: 0 };
        assert!(!pool.release(slot, JobId(2)));
        assert!(pool.release(slot, JobId(1)));
        assert_eq!(allocate(&mut pool, 2, 1).unwrap(), ["tm2.0"]);
    }

    #[test]
    fn a_lost_task_manager_takes_its_slots_along() {
        let mut pool = pool();
        assert!(pool.remove(TaskManagerId(1)));
        assert!(!pool.remove(TaskManagerId(1)));
        assert_eq!(pool.total(), 2);
    }
}
