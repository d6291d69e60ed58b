//! The JobManager: takes jobs and TaskManagers, hands out slots, and lets the JobMaster of each job act.
//!
//! A state machine: its driver tells it the moment and carries its commands to the slots.

use std::sync::Arc;

use crossbeam::channel::Sender;
use rand::RngExt;

use super::job::{Job, Waits};
use super::job_master::{Desk, JobMaster, Resources};
use super::message::{Mail, Outgoing, TaskReport};
use super::options::{ClusterOptions, JobSettings};
use super::slot_pool::SlotPool;
use super::waker::Notify;
use crate::base::{
    CheckpointId, Error, JobId, LabTime, Result, SeededRandom, SubtaskId, TaskManagerId, VertexId,
};
use crate::data::Row;
use crate::graph::JobGraph;
use crate::trace::{EventKind, JobState};

/// The JobManager of a cluster.
pub struct JobManager {
    random: SeededRandom,
    /// In the order of their submission.
    jobs: Vec<Job>,
    resources: Resources,
}

impl JobManager {
    /// A JobManager without TaskManagers. Tasks hand results and stdout to `outlet`.
    pub fn new(options: ClusterOptions, outlet: Sender<Outgoing>) -> Self {
        let pool = SlotPool::default();
        Self {
            random: SeededRandom::for_stream(options.seed, JOB_IDS),
            jobs: Vec::new(),
            resources: Resources { options, pool, next_ordinal: 1, outlet },
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

    /// The attempt of a job of which every task runs.
    pub fn running_attempt(&self, job: JobId) -> Option<u32> {
        self.job(job).filter(|job| job.runs_in_full()).map(|job| job.attempt)
    }

    /// A TaskManager brings its slots, each with what wakes it.
    pub fn register(
        &mut self,
        task_manager: TaskManagerId,
        slots: Vec<Option<Arc<dyn Notify>>>,
        desk: &mut Desk<'_>,
    ) {
        let count = slots.len() as u32;
        self.resources.pool.register(task_manager, slots);
        desk.tracer.emit(EventKind::TaskManagerRegistered { task_manager, slots: count });
        self.allocate(desk);
    }

    /// A TaskManager is gone, with every task in it.
    pub fn lose(&mut self, task_manager: TaskManagerId, desk: &mut Desk<'_>) {
        if !self.resources.pool.remove(task_manager) {
            return;
        }
        desk.tracer.emit(EventKind::TaskManagerLost { task_manager });
        let cause = Arc::new(Error::new("task-manager-lost").arg("task-manager", task_manager));
        self.each(desk, |job| job.lose(task_manager, &cause));
        self.allocate(desk);
    }

    /// Takes a job. It runs as soon as it has slots.
    pub fn submit(&mut self, graph: JobGraph, settings: JobSettings, desk: &mut Desk<'_>) -> JobId {
        let id = JobId(self.random.rng().random());
        let mut job = Job::new(id, Arc::new(graph), settings);
        let capacity = self.resources.options.channel_capacity as u32;
        let (name, graph) = (job.name.clone(), Arc::new(job.graph.shape(capacity)));
        desk.tracer.emit(EventKind::JobSubmitted { job: id, name, graph });
        job.set_state(JobState::Created, desk.tracer);
        JobMaster { job: &mut job, resources: &mut self.resources, desk }.schedule();
        self.jobs.push(job);
        self.allocate(desk);
        id
    }

    /// Cancels a job, at once.
    ///
    /// Errors: `unknown-job`. A job that is over stays as it is.
    pub fn cancel(&mut self, job: JobId, desk: &mut Desk<'_>) -> Result<()> {
        self.master(job, desk)?.cancel();
        self.allocate(desk);
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
        Ok(self.master(job, desk)?.checkpoint())
    }

    /// Gives rows to the sources of a job; an open source takes them.
    ///
    /// Errors: `unknown-job`, `job-over`.
    pub fn feed(&mut self, job: JobId, rows: &[Row], desk: &mut Desk<'_>) -> Result<()> {
        let mut master = self.master(job, desk)?;
        if master.job.is_over() {
            return Err(Error::new("job-over").arg("job", job));
        }
        let graph = master.job.graph.clone();
        for vertex in graph.vertices.iter().filter(|v| v.is_source()) {
            let subtask = SubtaskId { job, vertex: vertex.id, index: 0 };
            master.send(subtask, Mail::Feed(rows.to_vec()));
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

    fn mail_source(&mut self, job: JobId, vertex: VertexId, mail: Mail, desk: &mut Desk<'_>) {
        let master = self.master(job, desk).ok();
        if let Some(mut master) = master.filter(|master| !master.job.is_over()) {
            master.send(SubtaskId { job, vertex, index: 0 }, mail);
        }
    }

    /// Does what the moment asks for: gives up waiting for slots, restarts, starts checkpoints.
    pub fn tick(&mut self, desk: &mut Desk<'_>) {
        self.each(desk, |job| job.tick());
        self.allocate(desk);
    }

    /// Listens to a task.
    pub fn report(&mut self, report: TaskReport, desk: &mut Desk<'_>) {
        let TaskReport { subtask, attempt, kind } = report;
        let Ok(mut master) = self.master(subtask.job, desk) else { return };
        if master.job.attempt == attempt && master.job.is_live(subtask) {
            master.report(subtask, kind);
            self.allocate(desk);
        }
    }

    /// The master of a job.
    fn master<'a, 'd>(
        &'a mut self,
        job: JobId,
        desk: &'a mut Desk<'d>,
    ) -> Result<JobMaster<'a, 'd>> {
        let found = self.jobs.iter_mut().find(|j| j.id == job);
        let found = found.ok_or_else(|| Error::new("unknown-job").arg("job", job))?;
        Ok(JobMaster { job: found, resources: &mut self.resources, desk })
    }

    fn each(&mut self, desk: &mut Desk<'_>, mut act: impl FnMut(&mut JobMaster<'_, '_>)) {
        for job in &mut self.jobs {
            act(&mut JobMaster { job, resources: &mut self.resources, desk });
        }
    }

    /// Gives free slots to the jobs that wait for them, in the order of their submission.
    fn allocate(&mut self, desk: &mut Desk<'_>) {
        self.each(desk, |job| job.allocate());
    }
}

/// The stream of the run's seed that job ids come from.
const JOB_IDS: u64 = 0x6a6f_6273;
