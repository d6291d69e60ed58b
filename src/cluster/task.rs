//! A task: one subtask of a vertex, as a step machine.
//!
//! ```text
//! mail ----------+
//! source or gate +--> chain of operators --> outputs (channels)
//! timers --------+                      \--> outlet (results, stdout)
//! ```
//!
//! A step flushes what is pending, else takes mail, else fires a due timer, else works off what the
//! operators owe, else takes ONE input element through the chain. It never waits; a step that finds
//! no room changes nothing. A panic of an operator ends here, as the failure of the task.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crossbeam::channel::Sender;

use super::blueprint::{Blueprint, Restore};
use super::chain::{Chain, Place};
use super::gate::Gate;
use super::head::Head;
use super::load::Load;
use super::message::{Mail, Outgoing, OutgoingBody, ReportKind, TaskReport, TaskSnapshot};
use super::outlet::Outlet;
use super::output::Outputs;
use super::source_head::SourceHead;
use super::step::{Blocker, Step};
use super::surroundings::Surroundings;
use super::waker::Waker;
use crate::base::{Error, LabTime, Result, SubtaskId};
use crate::connectors::Files;
use crate::data::Element;
use crate::graph::{ChainedOperator, NodeKind};
use crate::operators::context::RecordIds;
use crate::operators::sink::SinkOperator;
use crate::operators::{Operator, SubtaskInfo, checked};
use crate::trace::event::WaitReason;
use crate::trace::{EventKind, LoadMetrics, Tracer};

/// What a task may use during a step, and where it puts what it has to say.
pub struct World<'a> {
    /// The moment on the lab clock.
    pub now: LabTime,
    /// Where events go.
    pub tracer: &'a mut Tracer,
    /// Files, as the lab allows them.
    pub files: &'a dyn Files,
    /// For the JobManager.
    pub reports: &'a mut Vec<TaskReport>,
}

/// One subtask in one attempt of its job.
pub struct Task {
    info: SubtaskInfo,
    attempt: u32,
    waker: Arc<Waker>,
    mailbox: VecDeque<Mail>,
    head: Head,
    chain: Chain,
    outputs: Outputs,
    outlet: Outlet,
    /// The source's part of the checkpoint whose barrier is on its way through the chain.
    source_snapshot: TaskSnapshot,
    /// What the source gave, kept to spare the allocation.
    given: Vec<Element>,
    records: RecordIds,
    keeps_final_state: bool,
    /// Whether the last step was a timer's: the next one is the input's, so that timers that come due
    /// as fast as steps are taken cannot starve it.
    fired: bool,
    load: Load,
}

impl Task {
    /// The task of a blueprint; its operators are made in its first step.
    pub fn new(blueprint: Blueprint, outputs: Outputs, outlet: Sender<Outgoing>) -> Self {
        Self {
            info: blueprint.info,
            attempt: blueprint.attempt,
            waker: blueprint.waker.clone(),
            mailbox: VecDeque::new(),
            chain: Chain::new(Vec::new(), 0, Vec::new()),
            outputs,
            outlet: Outlet::new(&blueprint, outlet),
            source_snapshot: Vec::new(),
            given: Vec::new(),
            records: RecordIds::new(blueprint.ordinal),
            keeps_final_state: blueprint.keeps_final_state,
            fired: false,
            load: Load::new(blueprint.deployed),
            head: Head::New(Box::new(blueprint)),
        }
    }

    /// Which subtask it is.
    pub fn subtask(&self) -> SubtaskId {
        self.info.id
    }

    /// The flag that others set when they give it something.
    pub fn waker(&self) -> &Arc<Waker> {
        &self.waker
    }

    /// Its counters.
    pub fn metrics(&self) -> &LoadMetrics {
        &self.load.metrics
    }

    /// Puts mail into its box.
    pub fn deliver(&mut self, mail: Mail) {
        self.mailbox.push_back(mail);
        self.waker.wake();
    }

    /// What it has to say about being thrown away.
    pub fn canceled(&self) -> TaskReport {
        self.report(ReportKind::Canceled)
    }

    /// For what it waits, after a step that was not progress.
    pub fn waits_for(&self) -> WaitReason {
        if let Some(receiver) = self.outputs.waits_for() {
            return WaitReason::Output(receiver);
        }
        if self.outlet.is_clear() { self.head.waits_for() } else { WaitReason::Outside }
    }

    /// One step.
    pub fn step(&mut self, world: &mut World<'_>) -> Step {
        self.load.account(world.now);
        let step = catch_unwind(AssertUnwindSafe(|| self.try_step(world)));
        let step = step.unwrap_or_else(|panic| Err(panicked(&*panic)));
        let step = step.unwrap_or_else(|error| {
            world.reports.push(self.report(ReportKind::Failed(error)));
            Step::Over
        });
        self.load.settle(step);
        if world.tracer.steps() && self.load.is_due(world.now, step) {
            let (subtask, metrics) = (self.info.id, self.load.metrics);
            world.tracer.emit(EventKind::Metrics { subtask, metrics });
        }
        step
    }

    fn try_step(&mut self, world: &mut World<'_>) -> Result<Step> {
        if !self.outputs.is_clear()
            && let Some(channel) = self.outputs.flush(&mut self.load.metrics, world.tracer)
        {
            return Ok(Step::Blocked(Blocker::Channel(channel)));
        }
        if !self.outlet.flush() {
            return Ok(Step::Blocked(Blocker::Outlet));
        }
        if self.chain.has_ended() {
            return self.finish(world);
        }
        let step = self.work(world)?;
        self.outlet.hand_out(&mut self.load.metrics);
        self.acknowledge(world);
        Ok(step)
    }

    fn work(&mut self, world: &mut World<'_>) -> Result<Step> {
        if matches!(self.head, Head::New(_)) {
            return self.open(world);
        }
        if let Some(mail) = self.mailbox.pop_front() {
            return self.read(mail, world);
        }
        let fired = std::mem::take(&mut self.fired);
        if !fired && self.fire(world)? {
            return Ok(Step::Progress);
        }
        let (head, chain, given, mut s) = self.parts(world);
        if chain.has_work() {
            chain.drain(&mut s)?;
            chain.run(&mut s)?;
            return Ok(Step::Progress);
        }
        let (until, given) = head.take(chain, given, &mut s)?;
        if !given {
            if fired && self.fire(world)? {
                return Ok(Step::Progress);
            }
            let until = [until, self.chain.next_timer()].into_iter().flatten().min();
            return Ok(Step::Idle { until });
        }
        chain.run(&mut s)?;
        Ok(Step::Progress)
    }

    /// Fires a timer that is due. Says whether one was.
    fn fire(&mut self, world: &mut World<'_>) -> Result<bool> {
        let (_, chain, _, mut s) = self.parts(world);
        let fired = chain.timer(&mut s)?;
        if fired {
            chain.run(&mut s)?;
        }
        self.fired = fired;
        Ok(fired)
    }

    /// The parts of the task that a step works on, borrowed side by side.
    fn parts<'a>(
        &'a mut self,
        world: &'a mut World<'_>,
    ) -> (&'a mut Head, &'a mut Chain, &'a mut Vec<Element>, Surroundings<'a>) {
        let surroundings = Surroundings {
            now: world.now,
            subtask: self.info,
            tracer: world.tracer,
            files: world.files,
            records: &mut self.records,
            metrics: &mut self.load.metrics,
            external: &mut self.outlet.external,
            outputs: &mut self.outputs,
            source_snapshot: &mut self.source_snapshot,
        };
        (&mut self.head, &mut self.chain, &mut self.given, surroundings)
    }

    fn read(&mut self, mail: Mail, world: &mut World<'_>) -> Result<Step> {
        match (mail, &mut self.head) {
            (Mail::Trigger(checkpoint), Head::Source(source)) => source.trigger(checkpoint),
            (Mail::Feed(rows), Head::Source(source)) => source.feed(rows),
            (Mail::NoMore(cause), Head::Source(source)) => source.no_more(cause),
            (Mail::Completed(checkpoint), _) => {
                let (_, chain, _, mut s) = self.parts(world);
                chain.completed(checkpoint, &mut s)?;
            }
            (Mail::Trigger(_) | Mail::Feed(_) | Mail::NoMore(_), Head::New(_) | Head::Gate(_)) => {}
        }
        Ok(Step::Progress)
    }

    /// Makes the operators and gives them their state back.
    fn open(&mut self, world: &mut World<'_>) -> Result<Step> {
        let gate = Head::Gate(Gate::new(self.info.id, Vec::new()));
        let Head::New(blueprint) = std::mem::replace(&mut self.head, gate) else {
            return Ok(Step::Progress);
        };
        let mut places = Vec::new();
        let mut source = None;
        let (index, parallelism) = (self.info.id.index, self.info.parallelism);
        for ChainedOperator { node, after } in blueprint.operators() {
            let operator: Box<dyn Operator> = match &node.body {
                NodeKind::Source(factory) => {
                    let reader = factory.create(index, parallelism, self.info.seed)?;
                    source = Some(SourceHead::new(node.id, reader, blueprint.max_rows));
                    continue;
                }
                NodeKind::Operator(factory) => checked::create(&**factory, self.info)?,
                NodeKind::Sink(factory) => {
                    Box::new(SinkOperator::new(factory.create(index, parallelism)?))
                }
            };
            // A source is no place of the chain.
            let after = after.and_then(|after| after.checked_sub(usize::from(source.is_some())));
            let edges = blueprint.edges_of(node.id);
            places.push(Place { id: node.id, operator, after, edges });
        }
        let of_source = source.as_ref().map(|source| blueprint.edges_of(source.operator()));
        self.chain = Chain::new(places, blueprint.inputs(), of_source.unwrap_or_default());
        let Blueprint { receivers, restore, .. } = *blueprint;
        self.head = match source {
            Some(source) => Head::Source(Box::new(source)),
            None => Head::Gate(Gate::new(self.info.id, receivers)),
        };
        if let Some(restore) = restore {
            self.restore(&restore, world)?;
        }
        world.reports.push(self.report(ReportKind::Running));
        Ok(Step::Progress)
    }

    fn restore(&mut self, restore: &Restore, world: &mut World<'_>) -> Result<()> {
        let groups = self.info.key_groups();
        let (head, chain, _, mut s) = self.parts(world);
        if let Head::Source(source) = head {
            let own = s.subtask.id.index as usize;
            source.restore(restore.of(source.operator()), own)?;
        }
        chain.restore(|operator| restore.of(operator), &mut s)?;
        world.tracer.emit(EventKind::StateRestored {
            subtask: self.info.id,
            checkpoint: restore.checkpoint,
            key_groups: (*groups.start(), *groups.end()),
        });
        Ok(())
    }

    /// Tells the coordinator what the operators put into a checkpoint, once its barrier is through.
    fn acknowledge(&mut self, world: &mut World<'_>) {
        let Some((checkpoint, snapshots)) = self.chain.take_checkpoint() else { return };
        let mut all = std::mem::take(&mut self.source_snapshot);
        all.extend(snapshots);
        world.reports.push(self.report(ReportKind::Acknowledged(checkpoint, all)));
        if self.outputs.is_last() {
            self.outlet.send(OutgoingBody::Barrier(checkpoint));
        }
    }

    /// The end is through and everything is sent.
    fn finish(&mut self, world: &mut World<'_>) -> Result<Step> {
        let state = self.keeps_final_state.then(|| self.final_state(world)).transpose()?;
        world.reports.push(self.report(ReportKind::Finished(state)));
        Ok(Step::Over)
    }

    fn final_state(&mut self, world: &mut World<'_>) -> Result<TaskSnapshot> {
        let (head, chain, _, mut s) = self.parts(world);
        let mut all = TaskSnapshot::new();
        if let Head::Source(source) = head {
            all.push((source.operator(), source.snapshot()?));
        }
        all.extend(chain.snapshot(&mut s)?);
        Ok(all)
    }

    fn report(&self, kind: ReportKind) -> TaskReport {
        TaskReport { subtask: self.info.id, attempt: self.attempt, kind }
    }
}

fn panicked(panic: &(dyn Any + Send)) -> Error {
    let text = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    Error::new("task-panicked").arg("message", text)
}
