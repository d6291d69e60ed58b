//! The JobMaster: what is done about one job. It asks for slots, deploys tasks, listens to them, starts
//! checkpoints, restarts or fails what failed.

use std::sync::Arc;

use crossbeam::channel::Sender;

use super::checkpoint_coordinator::{Acknowledged, CompletedCheckpoint, snapshot_bytes};
use super::deployment::{AllocatedSlot, Deployment};
use super::job::{Job, Waits};
use super::message::{Mail, Outgoing, ReportKind, TaskSnapshot};
use super::options::ClusterOptions;
use super::slot::ToSlot;
use super::slot_pool::SlotPool;
use crate::base::{CheckpointId, Error, LabTime, SlotId, SubtaskId, TaskManagerId};
use crate::trace::{EventKind, ExecutionState, JobState, Tracer};

/// What the JobManager may use while it does something.
pub struct Desk<'a> {
    /// The moment on the lab clock.
    pub now: LabTime,
    /// Where events go.
    pub tracer: &'a mut Tracer,
    /// Commands for the slots, in order.
    pub outbox: &'a mut Vec<(SlotId, ToSlot)>,
}

/// What the jobs of a cluster share.
pub(super) struct Resources {
    pub(super) options: ClusterOptions,
    pub(super) pool: SlotPool,
    /// The ordinal of the next task that is deployed.
    pub(super) next_ordinal: u32,
    /// Where tasks hand results and stdout to.
    pub(super) outlet: Sender<Outgoing>,
}

/// One job in the hands of who decides over it.
pub(super) struct JobMaster<'a, 'd> {
    pub(super) job: &'a mut Job,
    pub(super) resources: &'a mut Resources,
    pub(super) desk: &'a mut Desk<'d>,
}

impl JobMaster<'_, '_> {
    /// The job wants to run: its tasks are scheduled and wait for slots.
    pub(super) fn schedule(&mut self) {
        self.job.set_state(JobState::Running, self.desk.tracer);
        self.job.set_live_tasks(ExecutionState::Scheduled, self.desk.tracer);
        let patience = self.resources.options.slot_request_timeout;
        self.job.waits = Waits::Slots(self.desk.now + patience);
    }

    /// Deploys the job if it waits for slots and there are enough.
    pub(super) fn allocate(&mut self) {
        if !matches!(self.job.waits, Waits::Slots(_)) {
            return;
        }
        let needed = self.job.graph.slots_needed() as usize;
        if let Some(slots) = self.resources.pool.allocate(self.job.id, needed) {
            self.deploy(&slots);
        }
    }

    fn deploy(&mut self, slots: &[AllocatedSlot]) {
        let (job, desk) = (&mut *self.job, &mut *self.desk);
        job.waits = Waits::Nothing;
        job.restored = job.coordinator.latest().map(|checkpoint| checkpoint.id);
        for execution in &mut job.executions {
            let slot = slots[execution.subtask.index as usize].id;
            execution.slot = Some(slot);
            let (subtask, attempt) = (execution.subtask, job.attempt);
            desk.tracer.emit(EventKind::SlotAllocated { subtask, slot, attempt });
        }
        job.set_live_tasks(ExecutionState::Deploying, desk.tracer);
        let deployment = Deployment {
            job: job.id,
            graph: &job.graph,
            attempt: job.attempt,
            slots,
            options: &self.resources.options,
            now: desk.now,
            restore: job.coordinator.latest().map(|checkpoint| &**checkpoint),
            keeps_final_state: job.settings.checkpoint_interval.is_some(),
            outlet: &self.resources.outlet,
        };
        for task in deployment.tasks(&mut self.resources.next_ordinal) {
            let slot = slots[task.subtask().index as usize].id;
            desk.outbox.push((slot, ToSlot::Deploy(Box::new(task))));
        }
        job.set_live_tasks(ExecutionState::Initializing, desk.tracer);
        if job.executions.is_empty() {
            self.settle();
        }
    }

    /// Does what the moment asks for: gives up waiting for slots, restarts, starts a checkpoint.
    pub(super) fn tick(&mut self) {
        let now = self.desk.now;
        match self.job.waits {
            Waits::Slots(until) if until <= now => self.no_slots(),
            Waits::Restart(at) if at <= now => self.restart(),
            _ => {}
        }
        if let Some(checkpoint) = self.job.coordinator.expire(now) {
            self.aborted(checkpoint);
        }
        if self.job.coordinator.is_due(now) {
            self.checkpoint();
        }
    }

    fn no_slots(&mut self) {
        let cause = Error::new("no-resource-available")
            .arg("needed", self.job.graph.slots_needed())
            .arg("total", self.resources.pool.total());
        self.fail(Arc::new(cause));
    }

    fn restart(&mut self) {
        // The tasks of the attempt before are all gone first.
        if self.job.executions.iter().any(|e| !e.is_terminal()) {
            return;
        }
        self.job.attempt += 1;
        for execution in &mut self.job.executions {
            execution.state = ExecutionState::Created;
        }
        self.schedule();
    }

    /// Listens to a task of the attempt that runs.
    pub(super) fn report(&mut self, subtask: SubtaskId, kind: ReportKind) {
        match kind {
            ReportKind::Running => self.task_runs(subtask),
            ReportKind::Acknowledged(checkpoint, state) => {
                self.acknowledged(subtask, checkpoint, state);
            }
            ReportKind::Finished(state) => {
                self.task_moved(subtask, ExecutionState::Finished, None);
                let outcome = self.job.coordinator.task_finished(subtask, state);
                self.checkpoint_outcome(outcome);
                self.settle();
            }
            ReportKind::Canceled => {
                self.task_moved(subtask, ExecutionState::Canceled, None);
                self.settle();
            }
            ReportKind::Failed(error) => {
                let cause = Arc::new(error);
                self.task_moved(subtask, ExecutionState::Failed, Some(cause.clone()));
                self.fail(cause);
            }
        }
    }

    fn task_runs(&mut self, subtask: SubtaskId) {
        self.task_moved(subtask, ExecutionState::Running, None);
        if self.job.state == JobState::Running && self.job.all_tasks(ExecutionState::Running) {
            self.job.coordinator.start(self.desk.now);
        }
    }

    fn task_moved(&mut self, subtask: SubtaskId, state: ExecutionState, cause: Option<Arc<Error>>) {
        self.job.set_task_state(subtask, state, cause, self.desk.tracer);
    }

    /// A TaskManager is gone, and what the job had on it.
    pub(super) fn lose(&mut self, task_manager: TaskManagerId, cause: &Arc<Error>) {
        let on_it = |slot: SlotId| slot.task_manager == task_manager;
        let executions = self.job.executions.iter();
        let lost = executions.filter(|e| !e.is_terminal() && e.slot.is_some_and(on_it));
        let lost: Vec<SubtaskId> = lost.map(|e| e.subtask).collect();
        for subtask in &lost {
            self.task_moved(*subtask, ExecutionState::Failed, Some(cause.clone()));
        }
        for slot in self.job.slots().into_iter().filter(|s| on_it(*s)) {
            self.job.forget_slot(slot);
        }
        if !lost.is_empty() {
            self.fail(cause.clone());
        }
    }

    /// Cancels the job, at once. One that is over stays as it is.
    pub(super) fn cancel(&mut self) {
        if self.job.is_over() || self.job.state == JobState::Cancelling {
            return;
        }
        self.job.waits = Waits::Nothing;
        self.job.set_state(JobState::Cancelling, self.desk.tracer);
        self.take_down();
    }

    fn fail(&mut self, cause: Arc<Error>) {
        let job = &mut *self.job;
        if job.state != JobState::Running {
            return self.settle();
        }
        job.cause = Some(cause);
        let has_checkpoint = job.coordinator.latest().is_some();
        let (waits, state) = match job.failover.decide(has_checkpoint) {
            Some(delay) => (Waits::Restart(self.desk.now + delay), JobState::Restarting),
            None => (Waits::Nothing, JobState::Failing),
        };
        job.waits = waits;
        job.set_state(state, self.desk.tracer);
        self.take_down();
    }

    /// Throws away all tasks that are left.
    fn take_down(&mut self) {
        if let Some(checkpoint) = self.job.coordinator.stop() {
            self.aborted(checkpoint);
        }
        let (job, desk) = (&mut *self.job, &mut *self.desk);
        let placed = job.executions.iter().any(|e| !e.is_terminal() && e.slot.is_some());
        if placed {
            job.set_live_tasks(ExecutionState::Canceling, desk.tracer);
            let slots = job.slots().into_iter();
            desk.outbox.extend(slots.map(|slot| (slot, ToSlot::Cancel(job.id))));
        } else {
            job.set_live_tasks(ExecutionState::Canceled, desk.tracer);
        }
        self.settle();
    }

    /// Gives back slots that are not needed, and ends the job once all its tasks are over.
    fn settle(&mut self) {
        let (job, tracer) = (&mut *self.job, &mut *self.desk.tracer);
        for slot in job.idle_slots() {
            job.forget_slot(slot);
            if self.resources.pool.release(slot, job.id) {
                tracer.emit(EventKind::SlotFreed { slot });
            }
        }
        if !job.executions.iter().all(|e| e.is_terminal()) {
            return;
        }
        let end = match job.state {
            JobState::Running => JobState::Finished,
            JobState::Failing => JobState::Failed,
            JobState::Cancelling => JobState::Canceled,
            _ => return,
        };
        job.coordinator.stop();
        job.set_state(end, tracer);
    }

    /// Starts a checkpoint, unless one is under way or the job does not run in full.
    pub(super) fn checkpoint(&mut self) -> Option<CheckpointId> {
        let job = &mut *self.job;
        if !job.runs_in_full() {
            return None;
        }
        let live = job.executions.iter().filter(|e| e.state == ExecutionState::Running);
        let live: Vec<SubtaskId> = live.map(|e| e.subtask).collect();
        let is_source = |s: &SubtaskId| job.graph.vertex(s.vertex).is_source();
        let sources: Vec<SubtaskId> = live.iter().copied().filter(is_source).collect();
        if sources.is_empty() {
            return None;
        }
        let checkpoint = job.coordinator.trigger(self.desk.now, live.into_iter())?;
        self.desk.tracer.emit(EventKind::CheckpointTriggered { job: job.id, checkpoint });
        for source in sources {
            self.send(source, Mail::Trigger(checkpoint));
        }
        Some(checkpoint)
    }

    fn acknowledged(&mut self, subtask: SubtaskId, checkpoint: CheckpointId, state: TaskSnapshot) {
        let bytes = snapshot_bytes(&state);
        self.desk.tracer.emit(EventKind::CheckpointAcknowledged { subtask, checkpoint, bytes });
        let outcome = self.job.coordinator.acknowledge(subtask, checkpoint, state);
        self.checkpoint_outcome(outcome);
    }

    fn checkpoint_outcome(&mut self, outcome: Acknowledged) {
        match outcome {
            Acknowledged::Waiting => {}
            Acknowledged::Aborted(checkpoint) => self.aborted(checkpoint),
            Acknowledged::Completed(completed) => self.completed(&completed),
        }
    }

    fn completed(&mut self, completed: &CompletedCheckpoint) {
        let (job, checkpoint, bytes) = (self.job.id, completed.id, completed.bytes());
        self.desk.tracer.emit(EventKind::CheckpointCompleted { job, checkpoint, bytes });
        let live = self.job.executions.iter().filter(|e| !e.is_terminal());
        let live: Vec<SubtaskId> = live.map(|e| e.subtask).collect();
        live.into_iter().for_each(|subtask| self.send(subtask, Mail::Completed(checkpoint)));
    }

    fn aborted(&mut self, checkpoint: CheckpointId) {
        self.desk.tracer.emit(EventKind::CheckpointAborted { job: self.job.id, checkpoint });
    }

    /// Gives a task its mail, where it runs.
    pub(super) fn send(&mut self, subtask: SubtaskId, mail: Mail) {
        let slot = self.job.executions.iter().find(|e| e.subtask == subtask).and_then(|e| e.slot);
        self.desk.outbox.extend(slot.map(|slot| (slot, ToSlot::Mail(subtask, mail))));
    }
}
