//! One job as the JobManager sees it: its graph, its state, the state of each subtask.
//!
//! State changes only; what is done about them is the JobMaster's.

use std::sync::Arc;

use super::checkpoint_coordinator::CheckpointCoordinator;
use super::failover::Failover;
use super::options::JobSettings;
use crate::base::{CheckpointId, Error, JobId, LabTime, SlotId, SubtaskId};
use crate::graph::JobGraph;
use crate::trace::{EventKind, ExecutionState, JobState, Tracer};

/// A job.
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Its name.
    pub name: Arc<str>,
    /// What runs.
    pub graph: Arc<JobGraph>,
    /// How it was submitted.
    pub settings: JobSettings,
    /// Its state.
    pub state: JobState,
    /// Why it failed, the last time.
    pub cause: Option<Arc<Error>>,
    /// Which attempt runs or waits to run, from 1.
    pub attempt: u32,
    /// The checkpoint that the attempt started from.
    pub restored: Option<CheckpointId>,
    /// Its subtasks, by vertex and index.
    pub executions: Vec<Execution>,
    /// Its checkpoints.
    pub coordinator: CheckpointCoordinator,
    /// Its restarts.
    pub failover: Failover,
    /// What it waits for before it runs.
    pub waits: Waits,
}

/// What a job waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// Nothing: it runs, or it is over.
    Nothing,
    /// Slots, until this moment.
    Slots(LabTime),
    /// The delay before a restart.
    Restart(LabTime),
}

/// A subtask as the JobManager sees it.
#[derive(Clone, Copy, Debug)]
pub struct Execution {
    /// Which.
    pub subtask: SubtaskId,
    /// Its state.
    pub state: ExecutionState,
    /// Where it runs or ran.
    pub slot: Option<SlotId>,
}

impl Execution {
    /// Whether it is over, one way or another.
    pub fn is_terminal(&self) -> bool {
        matches!(
            self.state,
            ExecutionState::Finished | ExecutionState::Canceled | ExecutionState::Failed
        )
    }
}

impl Job {
    /// A job that was just submitted.
    pub fn new(id: JobId, graph: Arc<JobGraph>, settings: JobSettings) -> Self {
        let subtasks = graph.vertices.iter().flat_map(|v| {
            (0..v.parallelism).map(move |index| SubtaskId { job: id, vertex: v.id, index })
        });
        let execution = |subtask| Execution { subtask, state: ExecutionState::Created, slot: None };
        Self {
            id,
            name: graph.name.as_str().into(),
            executions: subtasks.map(execution).collect(),
            graph,
            settings,
            state: JobState::Created,
            cause: None,
            attempt: 1,
            restored: None,
            coordinator: CheckpointCoordinator::new(settings.checkpoint_interval),
            failover: Failover::new(settings),
            waits: Waits::Nothing,
        }
    }

    /// Whether it will never run again.
    pub fn is_over(&self) -> bool {
        matches!(self.state, JobState::Finished | JobState::Failed | JobState::Canceled)
    }

    /// Moves the job to another state.
    pub fn set_state(&mut self, state: JobState, tracer: &mut Tracer) {
        self.state = state;
        let failed = matches!(state, JobState::Failing | JobState::Failed | JobState::Restarting);
        let cause = self.cause.clone().filter(|_| failed);
        tracer.emit(EventKind::JobStateChanged { job: self.id, state, cause });
    }

    /// Moves a subtask to another state.
    pub fn set_task_state(
        &mut self,
        subtask: SubtaskId,
        state: ExecutionState,
        cause: Option<Arc<Error>>,
        tracer: &mut Tracer,
    ) {
        if let Some(execution) = self.executions.iter_mut().find(|e| e.subtask == subtask) {
            execution.state = state;
            tracer.emit(EventKind::TaskStateChanged { subtask, state, cause });
        }
    }

    /// Moves all subtasks that are not over to another state.
    pub fn set_live_tasks(&mut self, state: ExecutionState, tracer: &mut Tracer) {
        for execution in self.executions.iter_mut().filter(|e| !e.is_terminal()) {
            execution.state = state;
            let subtask = execution.subtask;
            tracer.emit(EventKind::TaskStateChanged { subtask, state, cause: None });
        }
    }

    /// Whether all subtasks are in this state.
    pub fn all_tasks(&self, state: ExecutionState) -> bool {
        self.executions.iter().all(|e| e.state == state)
    }

    /// Whether a subtask is not over.
    pub fn is_live(&self, subtask: SubtaskId) -> bool {
        self.executions.iter().any(|e| e.subtask == subtask && !e.is_terminal())
    }

    /// Whether every task runs, or has ended well.
    pub fn runs_in_full(&self) -> bool {
        let well = |state| matches!(state, ExecutionState::Running | ExecutionState::Finished);
        self.state == JobState::Running && self.executions.iter().all(|e| well(e.state))
    }

    /// The slots that it has tasks in, each once.
    pub fn slots(&self) -> Vec<SlotId> {
        let mut slots: Vec<SlotId> = self.executions.iter().filter_map(|e| e.slot).collect();
        slots.sort();
        slots.dedup();
        slots
    }

    /// The slots in which all its tasks are over.
    pub fn idle_slots(&self) -> Vec<SlotId> {
        let busy = |slot: &SlotId| {
            self.executions.iter().any(|e| e.slot == Some(*slot) && !e.is_terminal())
        };
        self.slots().into_iter().filter(|slot| !busy(slot)).collect()
    }

    /// A slot is no longer its.
    pub fn forget_slot(&mut self, slot: SlotId) {
        self.executions.iter_mut().filter(|e| e.slot == Some(slot)).for_each(|e| e.slot = None);
    }

    /// The next moment at which something is due.
    pub fn next_timer(&self) -> Option<LabTime> {
        let waits = match self.waits {
            Waits::Slots(at) | Waits::Restart(at) => Some(at),
            Waits::Nothing => None,
        };
        [waits, self.coordinator.next_timer()].into_iter().flatten().min()
    }
}
