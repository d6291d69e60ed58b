//! The engine: a cluster and the driver that runs it, behind one door.
//!
//! The JobManager runs on the caller's thread; nothing happens between two calls of [`Engine::pump`]
//! except, on the threads driver, the steps of the slots.

mod incoming;
mod outcome;
mod sockets;
mod steps;
mod threads;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use crossbeam::channel::{self, Receiver};

use self::sockets::SocketInput;
use super::api::{Driver, JobStatus, LabOptions};
use super::clock;
use super::result_store::ResultStore;
use super::stdout_store::StdoutStore;
use super::step_driver::StepDriver;
use super::threads_driver::ThreadsDriver;
use super::trace_buffer::TraceBuffer;
use crate::base::{JobId, LabDuration, LabTime, Result, SlotId, SubtaskId, TaskManagerId};
use crate::cluster::{ClusterOptions, Desk, JobManager, JobSettings, Outgoing, TaskReport, ToSlot};
use crate::connectors::Files;
use crate::connectors::faker::parts::Parts;
use crate::data::Row;
use crate::graph::JobGraph;
use crate::trace::{Event, JobState, Level, Tracer};

/// A cluster that runs.
pub struct Engine {
    options: LabOptions,
    job_manager: JobManager,
    driver: Running,
    files: Arc<dyn Files>,
    tracer: Tracer,
    trace: TraceBuffer,
    outbox: Vec<(SlotId, ToSlot)>,
    reports: Vec<TaskReport>,
    outlet: Receiver<Outgoing>,
    results: BTreeMap<JobId, ResultStore>,
    /// Queries whose result grew since the trace was told.
    grown: BTreeSet<JobId>,
    stdout: StdoutStore,
    task_managers: BTreeSet<TaskManagerId>,
    /// When the JobManager has something to do.
    next_tick: Option<LabTime>,
    /// Jobs whose stall was traced.
    stalled: BTreeSet<JobId>,
    /// Part files that come from outside.
    parts: Option<Parts>,
    /// Socket sources of jobs.
    sockets: Vec<SocketInput>,
}

enum Running {
    Step(StepDriver),
    Threads(ThreadsDriver),
}

/// How far [`Engine::pump`] goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Steps at most, on the step driver.
    pub steps: usize,
    /// Lab time at which to stop, on the step driver. While it is far off, the clock jumps over
    /// stretches in which nothing happens.
    pub until: LabTime,
    /// How long to wait for something to happen, on the threads driver.
    pub wait: Duration,
}

impl Budget {
    /// As far as it goes in a short while, in lab time without end.
    pub const FULL_SPEED: Self =
        Self { steps: 4096, until: LabTime(i64::MAX), wait: Duration::from_millis(20) };
}

/// Why [`Engine::pump`] came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pumped {
    /// The budget is used up, or there is much to take (events): call again.
    More,
    /// Nothing happens before this moment of the lab clock, which is beyond the budget.
    Until(LabTime),
    /// Nothing happens until the world outside delivers something (rows, a new TaskManager).
    Outside,
    /// Nothing can move, for ever; the trace holds the chain of who waits for whom.
    Stalled,
    /// No job is left that could run.
    Quiet,
}

/// Messages on the way out of the cluster; beyond them tasks wait (back-pressure).
const OUTLET: usize = 256;

/// Steps in which no record moves, after which a person who asked for one gets the turn back.
const STEPS_FOR_A_RECORD: usize = 1 << 14;

impl Engine {
    /// A cluster with its TaskManagers, as the options say.
    ///
    /// Errors: `thread-not-started`.
    pub fn new(options: LabOptions, files: Arc<dyn Files>) -> Result<Self> {
        let (outgoing, outlet) = channel::bounded(OUTLET);
        let start = options.start.unwrap_or_else(clock::wall_now);
        let driver = match options.driver {
            Driver::Step(policy) => {
                let (seed, cost) = (options.seed, options.step_cost);
                Running::Step(StepDriver::new(policy, seed, start, cost))
            }
            Driver::Threads => Running::Threads(ThreadsDriver::new(start, files.clone())),
        };
        let cluster = ClusterOptions {
            seed: options.seed,
            batch_size: options.batch_size,
            channel_capacity: options.channel_capacity,
            slot_request_timeout: ClusterOptions::SLOT_REQUEST_TIMEOUT,
        };
        let task_managers = options.task_managers;
        let mut engine = Self {
            job_manager: JobManager::new(cluster, outgoing),
            driver,
            files,
            tracer: Tracer::new(options.level),
            trace: TraceBuffer::default(),
            outbox: Vec::new(),
            reports: Vec::new(),
            outlet,
            results: BTreeMap::new(),
            grown: BTreeSet::new(),
            stdout: StdoutStore::default(),
            task_managers: BTreeSet::new(),
            next_tick: None,
            stalled: BTreeSet::new(),
            parts: None,
            sockets: Vec::new(),
            options,
        };
        for number in 1..=task_managers {
            engine.start_task_manager(TaskManagerId(number))?;
        }
        Ok(engine)
    }

    /// How it was set up.
    pub fn options(&self) -> &LabOptions {
        &self.options
    }

    /// Files, as the lab allows them.
    pub fn files(&self) -> &Arc<dyn Files> {
        &self.files
    }

    /// The moment on the lab clock.
    pub fn now(&self) -> LabTime {
        match &self.driver {
            Running::Step(driver) => driver.now(),
            Running::Threads(driver) => driver.now(),
        }
    }

    /// Runs a job as soon as it has slots. The first steps are taken by [`Self::pump`].
    pub fn submit(&mut self, graph: JobGraph, settings: JobSettings) -> JobId {
        let endpoints = sockets::endpoints(&graph);
        let job = self.master(|job_manager, desk| job_manager.submit(graph, settings, desk));
        self.await_sockets(job, endpoints);
        job
    }

    /// Cancels a job, at once.
    ///
    /// Errors: `unknown-job`. A job that is over stays as it is.
    pub fn cancel(&mut self, job: JobId) -> Result<()> {
        self.master(|job_manager, desk| job_manager.cancel(job, desk))
    }

    /// Gives rows to the open source of a job.
    ///
    /// Errors: `unknown-job`, `job-over`.
    pub fn feed(&mut self, job: JobId, rows: &[Row]) -> Result<()> {
        self.master(|job_manager, desk| job_manager.feed(job, rows, desk))
    }

    /// Takes a checkpoint of a job now. Nothing happens while one is under way, or while the job does
    /// not run in full.
    ///
    /// Errors: `unknown-job`.
    pub fn trigger_checkpoint(&mut self, job: JobId) -> Result<()> {
        self.master(|job_manager, desk| job_manager.trigger_checkpoint(job, desk).map(|_| ()))
    }

    /// Kills a TaskManager with everything in it. One that is dead stays dead.
    pub fn kill_task_manager(&mut self, id: TaskManagerId) {
        if self.task_managers.remove(&id) {
            match &mut self.driver {
                Running::Step(driver) => driver.remove_slots(id),
                Running::Threads(driver) => driver.remove_slots(id),
            }
            self.master(|job_manager, desk| job_manager.lose(id, desk));
        }
    }

    /// Starts a TaskManager, in the place of a dead one or as a further one.
    ///
    /// Errors: `thread-not-started`.
    pub fn start_task_manager(&mut self, id: TaskManagerId) -> Result<()> {
        if !self.task_managers.insert(id) {
            return Ok(());
        }
        let slots = self.options.slots;
        let notifies = match &mut self.driver {
            Running::Step(driver) => {
                driver.add_slots(id, slots);
                vec![None; slots as usize]
            }
            Running::Threads(driver) => driver.add_slots(id, slots, self.tracer.level())?,
        };
        self.master(|job_manager, desk| job_manager.register(id, notifies, desk));
        Ok(())
    }

    /// Changes how much is traced from now on.
    pub fn set_level(&mut self, level: Level) {
        self.tracer.set_level(level);
        if let Running::Threads(driver) = &self.driver {
            driver.set_level(level);
        }
    }

    /// Lets these subtasks move in this order on the step driver, each as soon as it is ready.
    pub fn script(&mut self, subtasks: Vec<SubtaskId>) {
        if let Running::Step(driver) = &mut self.driver {
            driver.script(subtasks);
        }
    }

    /// The jobs, in the order of their submission.
    pub fn jobs(&self) -> impl Iterator<Item = JobId> {
        self.job_manager.jobs().iter().map(|job| job.id)
    }

    /// How a job stands.
    pub fn job(&self, id: JobId) -> Option<JobStatus> {
        let job = self.job_manager.job(id)?;
        let (name, cause) = (job.name.clone(), job.cause.clone());
        Some(JobStatus { name, state: job.state, cause })
    }

    /// Whether a job will never run again. So is one that is unknown.
    pub fn is_over(&self, id: JobId) -> bool {
        self.job_manager.job(id).is_none_or(|job| job.is_over())
    }

    /// Takes the events since the last call, in order.
    pub fn drain_events(&mut self, to: &mut Vec<Event>) {
        self.trace.absorb(&mut self.tracer);
        self.trace.drain_into(to);
    }

    /// Lets the cluster go on, within the budget.
    pub fn pump(&mut self, budget: Budget) -> Pumped {
        let pumped = match self.driver {
            Running::Step(_) => self.pump_steps(budget),
            Running::Threads(_) => self.pump_threads(budget.wait),
        };
        self.trace_growth();
        self.trace.absorb(&mut self.tracer);
        pumped
    }

    /// Goes on until one record has moved (into a task or out of it), on the step driver. On the
    /// threads driver records do not move one by one: it is pumped once.
    pub fn step_record(&mut self) -> Pumped {
        let moved = self.records_moved();
        for _ in 0..STEPS_FOR_A_RECORD {
            let pumped = self.pump(Budget { steps: 1, ..Budget::FULL_SPEED });
            let still = matches!(self.driver, Running::Step(_)) && moved == self.records_moved();
            if pumped != Pumped::More || !still {
                return pumped;
            }
        }
        Pumped::More
    }

    /// When there is something to do beside the tasks: a periodic checkpoint, a restart, a time-out, a
    /// part file that comes.
    pub fn next_tick(&self) -> Option<LabTime> {
        self.next_tick.into_iter().chain(self.next_part()).min()
    }

    fn records_moved(&self) -> u64 {
        match &self.driver {
            Running::Step(driver) => driver.records_moved(),
            Running::Threads(_) => 0,
        }
    }

    /// Lets the JobManager do something, and carries its commands to the slots.
    fn master<T>(&mut self, act: impl FnOnce(&mut JobManager, &mut Desk<'_>) -> T) -> T {
        let now = self.now();
        self.tracer.set_now(now);
        let mut desk = Desk { now, tracer: &mut self.tracer, outbox: &mut self.outbox };
        let answer = act(&mut self.job_manager, &mut desk);
        self.carry();
        answer
    }

    /// Carries commands to the slots and what they answer back, until both are silent.
    fn carry(&mut self) {
        let now = self.now();
        loop {
            for (slot, command) in self.outbox.drain(..) {
                match &mut self.driver {
                    Running::Step(driver) => driver.apply(slot, command, &mut self.reports),
                    Running::Threads(driver) => driver.apply(slot, command),
                }
            }
            if self.reports.is_empty() {
                break;
            }
            let mut desk = Desk { now, tracer: &mut self.tracer, outbox: &mut self.outbox };
            for report in self.reports.drain(..) {
                self.job_manager.report(report, &mut desk);
            }
        }
        self.next_tick = self.job_manager.next_timer();
    }

    fn tick_if_due(&mut self, now: LabTime) {
        self.let_parts_come(now);
        self.hear_sockets(now);
        if self.next_tick.is_some_and(|at| at <= now) {
            self.master(|job_manager, desk| job_manager.tick(desk));
            self.take_back_results();
        }
    }

    /// Whether every job is over.
    pub fn is_quiet(&self) -> bool {
        self.job_manager.jobs().iter().all(|job| job.is_over())
    }

    /// Runs until a job is over or nothing more can happen, for at most so much lab time. For tests
    /// and callers that want nothing in between. Answers the job's state.
    pub fn run_job(&mut self, job: JobId, limit: LabDuration) -> Option<JobState> {
        let until = self.now() + limit;
        while !self.is_over(job) && self.now() < until {
            match self.pump(Budget { until, ..Budget::FULL_SPEED }) {
                Pumped::More => {}
                Pumped::Until(_) | Pumped::Outside | Pumped::Stalled | Pumped::Quiet => break,
            }
        }
        self.job(job).map(|status| status.state)
    }
}
