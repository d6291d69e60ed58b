//! The checkpoint coordinator of a job: starts checkpoints, collects what tasks put into them, keeps
//! the last one that every task acknowledged.
//!
//! One checkpoint is under way at a time (Flink's `max-concurrent-checkpoints` default). A task that
//! has finished takes part with the state it finished with.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::message::TaskSnapshot;
use crate::base::{CheckpointId, LabDuration, LabTime, SubtaskId};

/// A checkpoint that counts.
#[derive(Clone, Debug)]
pub struct CompletedCheckpoint {
    /// Its id.
    pub id: CheckpointId,
    /// What each task put into it.
    pub states: BTreeMap<SubtaskId, TaskSnapshot>,
}

impl CompletedCheckpoint {
    /// Its size in bytes, for people.
    pub fn bytes(&self) -> u64 {
        self.states.values().map(snapshot_bytes).sum()
    }
}

/// The size of what one task put into a checkpoint.
pub fn snapshot_bytes(snapshot: &TaskSnapshot) -> u64 {
    snapshot.iter().map(|(_, s)| s.bytes()).sum()
}

/// The coordinator.
pub struct CheckpointCoordinator {
    interval: Option<LabDuration>,
    next_trigger: Option<LabTime>,
    last_id: CheckpointId,
    pending: Option<Pending>,
    completed: Option<Arc<CompletedCheckpoint>>,
    /// The state that tasks finished with; absent if they keep none.
    finished: BTreeMap<SubtaskId, Option<TaskSnapshot>>,
}

struct Pending {
    id: CheckpointId,
    expires: LabTime,
    missing: BTreeSet<SubtaskId>,
    states: BTreeMap<SubtaskId, TaskSnapshot>,
}

/// What an acknowledgement brought about.
#[derive(Debug)]
pub enum Acknowledged {
    /// Others are missing, or nobody waits for it.
    Waiting,
    /// The checkpoint counts.
    Completed(Arc<CompletedCheckpoint>),
    /// It cannot be completed any more.
    Aborted(CheckpointId),
}

impl CheckpointCoordinator {
    /// Flink's `execution.checkpointing.timeout`.
    pub const TIMEOUT: LabDuration = LabDuration::seconds(600);

    /// A coordinator that starts a checkpoint each `interval`, or on demand only.
    pub fn new(interval: Option<LabDuration>) -> Self {
        Self {
            interval,
            next_trigger: None,
            last_id: CheckpointId(0),
            pending: None,
            completed: None,
            finished: BTreeMap::new(),
        }
    }

    /// The last checkpoint that counts.
    pub fn latest(&self) -> Option<&Arc<CompletedCheckpoint>> {
        self.completed.as_ref()
    }

    /// All tasks run: the time to the next checkpoint counts from now.
    pub fn start(&mut self, now: LabTime) {
        self.next_trigger = self.interval.map(|interval| now + interval);
    }

    /// An attempt of the job is over: no checkpoints until the next runs. Answers what was under way.
    pub fn stop(&mut self) -> Option<CheckpointId> {
        self.next_trigger = None;
        self.finished.clear();
        self.pending.take().map(|p| p.id)
    }

    /// The next moment at which [`Self::is_due`] or [`Self::expire`] may have something to say.
    pub fn next_timer(&self) -> Option<LabTime> {
        [self.next_trigger, self.pending.as_ref().map(|p| p.expires)].into_iter().flatten().min()
    }

    /// Whether a periodic checkpoint is due; the next one is an interval later.
    pub fn is_due(&mut self, now: LabTime) -> bool {
        let due = self.next_trigger.is_some_and(|at| at <= now);
        if due {
            self.start(now);
        }
        due
    }

    /// Gives up the checkpoint under way if it has taken too long.
    pub fn expire(&mut self, now: LabTime) -> Option<CheckpointId> {
        self.pending.take_if(|p| p.expires <= now).map(|p| p.id)
    }

    /// Starts a checkpoint of a job with these running tasks. Nothing starts while another is under
    /// way, or when a task has finished and kept no state.
    pub fn trigger(
        &mut self,
        now: LabTime,
        running: impl Iterator<Item = SubtaskId>,
    ) -> Option<CheckpointId> {
        if self.pending.is_some() {
            return None;
        }
        let kept = self.finished.iter().map(|(s, state)| Some((*s, state.clone()?)));
        let states = kept.collect::<Option<BTreeMap<_, _>>>()?;
        self.last_id.0 += 1;
        let id = self.last_id;
        let expires = now + Self::TIMEOUT;
        self.pending = Some(Pending { id, expires, missing: running.collect(), states });
        Some(id)
    }

    /// A task put its state into a checkpoint.
    pub fn acknowledge(
        &mut self,
        subtask: SubtaskId,
        checkpoint: CheckpointId,
        state: TaskSnapshot,
    ) -> Acknowledged {
        let Some(pending) = self.pending.as_mut().filter(|p| p.id == checkpoint) else {
            return Acknowledged::Waiting;
        };
        if !pending.missing.remove(&subtask) {
            return Acknowledged::Waiting;
        }
        pending.states.insert(subtask, state);
        self.complete()
    }

    /// A task finished. If a checkpoint waits for it, it takes part with its last state: its end
    /// reached everyone behind it in the place of the barrier.
    pub fn task_finished(
        &mut self,
        subtask: SubtaskId,
        state: Option<TaskSnapshot>,
    ) -> Acknowledged {
        self.finished.insert(subtask, state.clone());
        let Some(pending) = &mut self.pending else { return Acknowledged::Waiting };
        if !pending.missing.remove(&subtask) {
            return Acknowledged::Waiting;
        }
        let Some(state) = state else {
            let id = pending.id;
            self.pending = None;
            return Acknowledged::Aborted(id);
        };
        pending.states.insert(subtask, state);
        self.complete()
    }

    fn complete(&mut self) -> Acknowledged {
        let Some(pending) = self.pending.take_if(|p| p.missing.is_empty()) else {
            return Acknowledged::Waiting;
        };
        let completed = CompletedCheckpoint { id: pending.id, states: pending.states };
        let completed = Arc::new(completed);
        self.completed = Some(completed.clone());
        Acknowledged::Completed(completed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{JobId, VertexId};

    fn subtask(index: u32) -> SubtaskId {
        SubtaskId { job: JobId(1), vertex: VertexId(0), index }
    }

    fn trigger(coordinator: &mut CheckpointCoordinator, tasks: u32) -> Option<CheckpointId> {
        coordinator.trigger(LabTime(0), (0..tasks).map(subtask))
    }

    #[test]
    fn it_counts_once_everyone_acknowledged() {
        let mut coordinator = CheckpointCoordinator::new(None);
        let id = trigger(&mut coordinator, 2);
        assert_eq!(id, Some(CheckpointId(1)));
        assert_eq!(trigger(&mut coordinator, 2), None, "one is under way");
        let first = coordinator.acknowledge(subtask(0), CheckpointId(1), Vec::new());
        assert!(matches!(first, Acknowledged::Waiting));
        assert!(coordinator.latest().is_none());
        let again = coordinator.acknowledge(subtask(0), CheckpointId(1), Vec::new());
        assert!(matches!(again, Acknowledged::Waiting));
        let second = coordinator.acknowledge(subtask(1), CheckpointId(1), Vec::new());
        assert!(matches!(second, Acknowledged::Completed(_)));
        assert_eq!(trigger(&mut coordinator, 2), Some(CheckpointId(2)));
    }

    #[test]
    fn a_finished_task_takes_part_with_its_last_state() {
        let mut coordinator = CheckpointCoordinator::new(None);
        coordinator.task_finished(subtask(0), Some(Vec::new()));
        coordinator.trigger(LabTime(0), [subtask(1), subtask(2)].into_iter());
        coordinator.acknowledge(subtask(1), CheckpointId(1), Vec::new());
        let last = coordinator.task_finished(subtask(2), Some(Vec::new()));
        match last {
            Acknowledged::Completed(checkpoint) => assert_eq!(checkpoint.states.len(), 3),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_finished_task_without_state_ends_checkpoints() {
        let mut coordinator = CheckpointCoordinator::new(None);
        trigger(&mut coordinator, 1);
        let aborted = coordinator.task_finished(subtask(0), None);
        assert!(matches!(aborted, Acknowledged::Aborted(CheckpointId(1))));
        assert_eq!(coordinator.trigger(LabTime(0), [subtask(1)].into_iter()), None);
    }

    #[test]
    fn periodic_checkpoints_follow_the_lab_clock() {
        let mut coordinator = CheckpointCoordinator::new(Some(LabDuration::seconds(1)));
        coordinator.start(LabTime(0));
        assert!(!coordinator.is_due(LabTime::from_millis(999)));
        assert!(coordinator.is_due(LabTime::from_millis(1_000)));
        assert_eq!(coordinator.next_timer(), Some(LabTime::from_millis(2_000)));
        trigger(&mut coordinator, 1);
        assert_eq!(coordinator.expire(LabTime::from_millis(1_000)), None);
        assert_eq!(coordinator.expire(LabTime::from_millis(600_000)), Some(CheckpointId(1)));
    }
}
