//! The JobManager: takes jobs, gives them slots, deploys their tasks, listens to them, starts
//! checkpoints, restarts or fails what failed.
//!
//! A state machine: its driver tells it the moment and carries its commands to the slots.

use std::sync::Arc;

use crossbeam::channel::Sender;
use rand::RngExt;

use super::checkpoint_coordinator::{Acknowledged, CompletedCheckpoint, snapshot_bytes};
use super::deployment::{AllocatedSlot, Deployment};
use super::job::{Job, Waits};
use super::message::{Mail, Outgoing, ReportKind, TaskReport, TaskSnapshot};
use super::options::{ClusterOptions, JobSettings};
use super::slot::ToSlot;
use super::slot_pool::SlotPool;
use super::waker::Notify;
use crate::base::{
    CheckpointId, Error, JobId, LabTime, Result, SeededRandom, SlotId, SubtaskId, TaskManagerId,
    VertexId,
};
use crate::data::Row;
use crate::graph::JobGraph;
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

/// The JobManager of a cluster.
pub struct JobManager {
    options: ClusterOptions,
    random: SeededRandom,
    pool: SlotPool,
    /// In the order of their submission.
    jobs: Vec<Job>,
    next_ordinal: u32,
    outlet: Sender<Outgoing>,
}

impl JobManager {
    /// A JobManager without TaskManagers. Tasks hand results and stdout to `outlet`.
    pub fn new(options: ClusterOptions, outlet: Sender<Outgoing>) -> Self {
        Self {
            options,
            random: SeededRandom::for_stream(options.seed, JOB_IDS),
            pool: SlotPool::default(),
            jobs: Vec::new(),
            next_ordinal: 1,
            outlet,
        }
    }

    /// The jobs, in the order of their submission.
    pub fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    /// One job.
    pub fn job(&self, id: JobId) -> Option<&Job> {
        self.jobs.iter().find(|job| job.id == id)
    }

    /// The next moment at which [`Self::tick`] has something to do for a job that only time can move
    /// on: it waits for slots, or for its restart.
    pub fn next_wait(&self) -> Option<LabTime> {
        self.jobs.iter().filter(|j| j.waits != Waits::Nothing).filter_map(Job::next_timer).min()
    }

    /// The next moment at which [`Self::tick`] has something to do, periodic checkpoints included.
    pub fn next_timer(&self) -> Option<LabTime> {
        self.jobs.iter().filter_map(Job::next_timer).min()
    }

    /// A TaskManager brings its slots, each with what wakes it.
    pub fn register(
        &mut self,
        task_manager: TaskManagerId,
        slots: Vec<Option<Arc<dyn Notify>>>,
        desk: &mut Desk<'_>,
    ) {
        let count = slots.len() as u32;
        self.pool.register(task_manager, slots);
        desk.tracer.emit(EventKind::TaskManagerRegistered { task_manager, slots: count });
        self.allocate(desk);
    }

    /// A TaskManager is gone, with every task in it.
    pub fn lose(&mut self, task_manager: TaskManagerId, desk: &mut Desk<'_>) {
        if !self.pool.remove(task_manager) {
            return;
        }
        desk.tracer.emit(EventKind::TaskManagerLost { task_manager });
        let cause = Arc::new(Error::new("task-manager-lost").arg("task-manager", task_manager));
        for index in 0..self.jobs.len() {
            let on_it = |slot: SlotId| slot.task_manager == task_manager;
            let executions = self.jobs[index].executions.iter();
            let lost = executions.filter(|e| !e.is_terminal() && e.slot.is_some_and(on_it));
            let lost: Vec<SubtaskId> = lost.map(|e| e.subtask).collect();
            for subtask in &lost {
                let job = &mut self.jobs[index];
                let failed = ExecutionState::Failed;
                job.set_task_state(*subtask, failed, Some(cause.clone()), desk.tracer);
            }
            for slot in self.jobs[index].slots().into_iter().filter(|s| on_it(*s)) {
                self.jobs[index].forget_slot(slot);
            }
            if !lost.is_empty() {
                self.fail(index, cause.clone(), desk);
            }
        }
    }

    /// Takes a job. It runs as soon as it has slots.
    pub fn submit(&mut self, graph: JobGraph, settings: JobSettings, desk: &mut Desk<'_>) -> JobId {
        let id = JobId(self.random.rng().random());
        let job = Job::new(id, Arc::new(graph), settings);
        desk.tracer.emit(EventKind::JobSubmitted {
            job: id,
            name: job.name.clone(),
            graph: Arc::new(job.graph.shape(self.options.channel_capacity as u32)),
        });
        self.jobs.push(job);
        let index = self.jobs.len() - 1;
        self.jobs[index].set_state(JobState::Created, desk.tracer);
        self.schedule(index, desk);
        id
    }

    /// Cancels a job, at once.
    ///
    /// Errors: `unknown-job`. A job that is over stays as it is.
    pub fn cancel(&mut self, job: JobId, desk: &mut Desk<'_>) -> Result<()> {
        let index = self.index(job)?;
        if self.jobs[index].is_over() || self.jobs[index].state == JobState::Cancelling {
            return Ok(());
        }
        self.jobs[index].waits = Waits::Nothing;
        self.jobs[index].set_state(JobState::Cancelling, desk.tracer);
        self.take_down(index, desk);
        Ok(())
    }

    /// Starts a checkpoint of a job now. While one is under way, or when the job does not run in
    /// full, nothing starts.
    ///
    /// Errors: `unknown-job`.
    pub fn trigger_checkpoint(
        &mut self,
        job: JobId,
        desk: &mut Desk<'_>,
    ) -> Result<Option<CheckpointId>> {
        let index = self.index(job)?;
        Ok(self.checkpoint(index, desk))
    }

    /// Gives rows to the sources of a job; an open source takes them.
    ///
    /// Errors: `unknown-job`, `job-over`.
    pub fn feed(&mut self, job: JobId, rows: &[Row], desk: &mut Desk<'_>) -> Result<()> {
        let index = self.index(job)?;
        let job = &self.jobs[index];
        if job.is_over() {
            return Err(Error::new("job-over").arg("job", job.id));
        }
        for vertex in job.graph.vertices.iter().filter(|v| v.is_source()) {
            let subtask = SubtaskId { job: job.id, vertex: vertex.id, index: 0 };
            send(job, subtask, Mail::Feed(rows.to_vec()), desk);
        }
        Ok(())
    }

    /// Gives rows to one source of a job. A job that is over takes none.
    pub fn feed_source(
        &mut self,
        job: JobId,
        vertex: VertexId,
        rows: Vec<Row>,
        desk: &mut Desk<'_>,
    ) {
        self.mail_source(job, vertex, Mail::Feed(rows), desk);
    }

    /// Tells one source of a job that nothing comes from outside any more.
    pub fn no_more(
        &mut self,
        job: JobId,
        vertex: VertexId,
        cause: Option<Error>,
        desk: &mut Desk<'_>,
    ) {
        self.mail_source(job, vertex, Mail::NoMore(cause), desk);
    }

    fn mail_source(&self, job: JobId, vertex: VertexId, mail: Mail, desk: &mut Desk<'_>) {
        if let Some(job) = self.job(job).filter(|job| !job.is_over()) {
            send(job, SubtaskId { job: job.id, vertex, index: 0 }, mail, desk);
        }
    }

    /// The attempt of a job of which every task runs.
    pub fn running_attempt(&self, job: JobId) -> Option<u32> {
        let running = |state| matches!(state, ExecutionState::Running | ExecutionState::Finished);
        let job = self.job(job).filter(|job| job.state == JobState::Running)?;
        job.executions.iter().all(|e| running(e.state)).then_some(job.attempt)
    }

    /// Does what the moment asks for: gives up waiting for slots, restarts, starts checkpoints.
    pub fn tick(&mut self, desk: &mut Desk<'_>) {
        for index in 0..self.jobs.len() {
            match self.jobs[index].waits {
                Waits::Slots(until) if until <= desk.now => self.no_slots(index, desk),
                Waits::Restart(at) if at <= desk.now => self.restart(index, desk),
                _ => {}
            }
            let job = &mut self.jobs[index];
            if let Some(checkpoint) = job.coordinator.expire(desk.now) {
                desk.tracer.emit(EventKind::CheckpointAborted { job: job.id, checkpoint });
            }
            if job.coordinator.is_due(desk.now) {
                self.checkpoint(index, desk);
            }
        }
    }

    /// Listens to a task.
    pub fn report(&mut self, report: TaskReport, desk: &mut Desk<'_>) {
        let TaskReport { subtask, attempt, kind } = report;
        let Ok(index) = self.index(subtask.job) else { return };
        if self.jobs[index].attempt != attempt || !self.is_live(index, subtask) {
            return;
        }
        match kind {
            ReportKind::Running => self.task_runs(index, subtask, desk),
            ReportKind::Acknowledged(checkpoint, state) => {
                self.acknowledged(index, subtask, checkpoint, state, desk);
            }
            ReportKind::Finished(state) => {
                self.task_over(index, subtask, ExecutionState::Finished, None, desk);
                let outcome = self.jobs[index].coordinator.task_finished(subtask, state);
                self.checkpoint_outcome(index, outcome, desk);
                self.settle(index, desk);
            }
            ReportKind::Canceled => {
                self.task_over(index, subtask, ExecutionState::Canceled, None, desk);
                self.settle(index, desk);
            }
            ReportKind::Failed(error) => {
                let cause = Arc::new(error);
                let failed = ExecutionState::Failed;
                self.task_over(index, subtask, failed, Some(cause.clone()), desk);
                self.fail(index, cause, desk);
            }
        }
    }

    fn index(&self, job: JobId) -> Result<usize> {
        let index = self.jobs.iter().position(|j| j.id == job);
        index.ok_or_else(|| Error::new("unknown-job").arg("job", job))
    }

    fn is_live(&self, index: usize, subtask: SubtaskId) -> bool {
        let mut executions = self.jobs[index].executions.iter();
        executions.any(|e| e.subtask == subtask && !e.is_terminal())
    }

    /// The job wants to run: its tasks are scheduled and wait for slots.
    fn schedule(&mut self, index: usize, desk: &mut Desk<'_>) {
        let job = &mut self.jobs[index];
        job.set_state(JobState::Running, desk.tracer);
        job.set_live_tasks(ExecutionState::Scheduled, desk.tracer);
        job.waits = Waits::Slots(desk.now + self.options.slot_request_timeout);
        self.allocate(desk);
    }

    /// Gives slots to the jobs that wait for them, in the order of their submission.
    fn allocate(&mut self, desk: &mut Desk<'_>) {
        for index in 0..self.jobs.len() {
            let job = &self.jobs[index];
            if !matches!(job.waits, Waits::Slots(_)) {
                continue;
            }
            let needed = job.graph.slots_needed() as usize;
            if let Some(slots) = self.pool.allocate(job.id, needed) {
                self.deploy(index, &slots, desk);
            }
        }
    }

    fn deploy(&mut self, index: usize, slots: &[AllocatedSlot], desk: &mut Desk<'_>) {
        let job = &mut self.jobs[index];
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
            options: &self.options,
            now: desk.now,
            restore: job.coordinator.latest().map(|checkpoint| &**checkpoint),
            keeps_final_state: job.settings.checkpoint_interval.is_some(),
            outlet: &self.outlet,
        };
        for task in deployment.tasks(&mut self.next_ordinal) {
            let slot = slots[task.subtask().index as usize].id;
            desk.outbox.push((slot, ToSlot::Deploy(Box::new(task))));
        }
        job.set_live_tasks(ExecutionState::Initializing, desk.tracer);
        if job.executions.is_empty() {
            self.settle(index, desk);
        }
    }

    fn no_slots(&mut self, index: usize, desk: &mut Desk<'_>) {
        let job = &self.jobs[index];
        let cause = Error::new("no-resource-available")
            .arg("needed", job.graph.slots_needed())
            .arg("total", self.pool.total());
        let cause = Arc::new(cause);
        self.fail(index, cause, desk);
    }

    fn restart(&mut self, index: usize, desk: &mut Desk<'_>) {
        let job = &mut self.jobs[index];
        // The tasks of the attempt before are all gone first.
        if job.executions.iter().any(|e| !e.is_terminal()) {
            return;
        }
        job.attempt += 1;
        for execution in &mut job.executions {
            execution.state = ExecutionState::Created;
        }
        self.schedule(index, desk);
    }

    fn task_runs(&mut self, index: usize, subtask: SubtaskId, desk: &mut Desk<'_>) {
        let job = &mut self.jobs[index];
        job.set_task_state(subtask, ExecutionState::Running, None, desk.tracer);
        if job.state == JobState::Running && job.all_tasks(ExecutionState::Running) {
            job.coordinator.start(desk.now);
        }
    }

    fn task_over(
        &mut self,
        index: usize,
        subtask: SubtaskId,
        state: ExecutionState,
        cause: Option<Arc<Error>>,
        desk: &mut Desk<'_>,
    ) {
        self.jobs[index].set_task_state(subtask, state, cause, desk.tracer);
    }

    fn fail(&mut self, index: usize, cause: Arc<Error>, desk: &mut Desk<'_>) {
        let job = &mut self.jobs[index];
        if job.state == JobState::Running {
            job.cause = Some(cause);
            let has_checkpoint = job.coordinator.latest().is_some();
            match job.failover.decide(has_checkpoint) {
                Some(delay) => {
                    job.waits = Waits::Restart(desk.now + delay);
                    job.set_state(JobState::Restarting, desk.tracer);
                }
                None => {
                    job.waits = Waits::Nothing;
                    job.set_state(JobState::Failing, desk.tracer);
                }
            }
            self.take_down(index, desk);
        } else {
            self.settle(index, desk);
        }
    }

    /// Throws away all tasks of a job that are left.
    fn take_down(&mut self, index: usize, desk: &mut Desk<'_>) {
        let job = &mut self.jobs[index];
        if let Some(checkpoint) = job.coordinator.stop() {
            desk.tracer.emit(EventKind::CheckpointAborted { job: job.id, checkpoint });
        }
        let placed = job.executions.iter().any(|e| !e.is_terminal() && e.slot.is_some());
        if placed {
            job.set_live_tasks(ExecutionState::Canceling, desk.tracer);
            let slots = job.slots().into_iter();
            desk.outbox.extend(slots.map(|slot| (slot, ToSlot::Cancel(job.id))));
        } else {
            job.set_live_tasks(ExecutionState::Canceled, desk.tracer);
        }
        self.settle(index, desk);
    }

    /// Gives back slots that are not needed, and ends the job once all its tasks are over.
    fn settle(&mut self, index: usize, desk: &mut Desk<'_>) {
        let job = &mut self.jobs[index];
        let mut freed = false;
        for slot in job.idle_slots() {
            job.forget_slot(slot);
            if self.pool.release(slot, job.id) {
                desk.tracer.emit(EventKind::SlotFreed { slot });
                freed = true;
            }
        }
        if job.executions.iter().all(|e| e.is_terminal()) {
            let end = match job.state {
                JobState::Running => Some(JobState::Finished),
                JobState::Failing => Some(JobState::Failed),
                JobState::Cancelling => Some(JobState::Canceled),
                _ => None,
            };
            if let Some(end) = end {
                job.coordinator.stop();
                job.set_state(end, desk.tracer);
            }
        }
        if freed {
            self.allocate(desk);
        }
    }

    fn checkpoint(&mut self, index: usize, desk: &mut Desk<'_>) -> Option<CheckpointId> {
        let job = &mut self.jobs[index];
        let running = |state| matches!(state, ExecutionState::Running | ExecutionState::Finished);
        if job.state != JobState::Running || !job.executions.iter().all(|e| running(e.state)) {
            return None;
        }
        let live = job.executions.iter().filter(|e| e.state == ExecutionState::Running);
        let live: Vec<SubtaskId> = live.map(|e| e.subtask).collect();
        let is_source = |s: &SubtaskId| job.graph.vertex(s.vertex).is_source();
        let sources: Vec<SubtaskId> = live.iter().copied().filter(is_source).collect();
        if sources.is_empty() {
            return None;
        }
        let checkpoint = job.coordinator.trigger(desk.now, live.into_iter())?;
        desk.tracer.emit(EventKind::CheckpointTriggered { job: job.id, checkpoint });
        for source in sources {
            send(job, source, Mail::Trigger(checkpoint), desk);
        }
        Some(checkpoint)
    }

    fn acknowledged(
        &mut self,
        index: usize,
        subtask: SubtaskId,
        checkpoint: CheckpointId,
        state: TaskSnapshot,
        desk: &mut Desk<'_>,
    ) {
        let bytes = snapshot_bytes(&state);
        desk.tracer.emit(EventKind::CheckpointAcknowledged { subtask, checkpoint, bytes });
        let outcome = self.jobs[index].coordinator.acknowledge(subtask, checkpoint, state);
        self.checkpoint_outcome(index, outcome, desk);
    }

    fn checkpoint_outcome(&mut self, index: usize, outcome: Acknowledged, desk: &mut Desk<'_>) {
        match outcome {
            Acknowledged::Waiting => {}
            Acknowledged::Aborted(checkpoint) => {
                let job = self.jobs[index].id;
                desk.tracer.emit(EventKind::CheckpointAborted { job, checkpoint });
            }
            Acknowledged::Completed(completed) => self.completed(index, &completed, desk),
        }
    }

    fn completed(&self, index: usize, completed: &CompletedCheckpoint, desk: &mut Desk<'_>) {
        let job = &self.jobs[index];
        let (checkpoint, bytes) = (completed.id, completed.bytes());
        desk.tracer.emit(EventKind::CheckpointCompleted { job: job.id, checkpoint, bytes });
        for execution in job.executions.iter().filter(|e| !e.is_terminal()) {
            send(job, execution.subtask, Mail::Completed(checkpoint), desk);
        }
    }
}

/// The stream of the run's seed that job ids come from.
const JOB_IDS: u64 = 0x6a6f_6273;

fn send(job: &Job, subtask: SubtaskId, mail: Mail, desk: &mut Desk<'_>) {
    let slot = job.executions.iter().find(|e| e.subtask == subtask).and_then(|e| e.slot);
    desk.outbox.extend(slot.map(|slot| (slot, ToSlot::Mail(subtask, mail))));
}
