//! The threads driver: each slot on a thread of its own, the wall clock.
//!
//! The threads run the same steps as the step driver does. A slot with nothing to do is parked in one
//! place, until somebody wakes one of its tasks, a command comes, or its next timer is due. Not
//! replayable, and blind for stalls: on threads nobody sees the whole at one moment.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::{self, JoinHandle, Thread};
use std::time::Duration;

use crossbeam::channel::{self, Receiver, Sender, TrySendError};

use super::clock::WallClock;
use crate::base::{Error, LabTime, Result, SlotId, TaskManagerId};
use crate::cluster::{Notify, Slot, Step, TaskReport, ToSlot, World};
use crate::connectors::Files;
use crate::trace::{EventKind, Level, Tracer};

/// What slot threads tell the caller's thread, in order for each slot.
pub enum FromSlot {
    /// For the JobManager.
    Reports(Vec<TaskReport>),
    /// Events, without numbers.
    Events(Vec<(LabTime, EventKind)>),
}

enum ToThread {
    Slot(ToSlot),
    Level(Level),
    Stop,
}

struct SlotThread {
    commands: Sender<ToThread>,
    handle: JoinHandle<()>,
}

/// The threads of all slots.
pub struct ThreadsDriver {
    clock: WallClock,
    files: Arc<dyn Files>,
    slots: BTreeMap<SlotId, SlotThread>,
    /// Threads that were told to stop and may still be in a step.
    stopping: Vec<JoinHandle<()>>,
    sender: Sender<FromSlot>,
    receiver: Receiver<FromSlot>,
}

struct Unpark(Thread);

impl Notify for Unpark {
    fn notify(&self) {
        self.0.unpark();
    }
}

/// Messages between two visits of the caller: beyond them a slot keeps its events to itself (and
/// drops what its tracer cannot hold); reports wait in the slot.
const MESSAGES: usize = 1 << 10;

/// Events that a slot hands over at once.
const EVENTS: usize = 1 << 10;

impl ThreadsDriver {
    /// A driver without slots, whose clock shows `start`.
    pub fn new(start: LabTime, files: Arc<dyn Files>) -> Self {
        let (sender, receiver) = channel::bounded(MESSAGES);
        let clock = WallClock::new(start);
        Self { clock, files, slots: BTreeMap::new(), stopping: Vec::new(), sender, receiver }
    }

    /// Now.
    pub fn now(&self) -> LabTime {
        self.clock.now()
    }

    /// What the slots have to say.
    pub fn receiver(&self) -> &Receiver<FromSlot> {
        &self.receiver
    }

    /// A TaskManager brings slots. Answers what wakes each.
    ///
    /// Errors: `thread-not-started`.
    pub fn add_slots(
        &mut self,
        task_manager: TaskManagerId,
        count: u32,
        level: Level,
    ) -> Result<Vec<Option<Arc<dyn Notify>>>> {
        let mut notifies: Vec<Option<Arc<dyn Notify>>> = Vec::new();
        for index in 0..count {
            let id = SlotId { task_manager, index };
            let slot = self.start_slot(id, level)?;
            notifies.push(Some(Arc::new(Unpark(slot.handle.thread().clone()))));
            self.slots.insert(id, slot);
        }
        Ok(notifies)
    }

    #[allow(clippy::disallowed_methods, reason = "commands never queue behind data")]
    fn start_slot(&self, id: SlotId, level: Level) -> Result<SlotThread> {
        let (commands, mailbox) = channel::unbounded();
        let mut slot = SlotLoop {
            slot: Slot::new(id),
            commands: mailbox,
            out: self.sender.clone(),
            clock: self.clock,
            files: self.files.clone(),
            tracer: Tracer::new(level),
            reports: Vec::new(),
        };
        let builder = thread::Builder::new().name(format!("slot-{id}"));
        let handle = builder
            .spawn(move || slot.run())
            .map_err(|e| Error::new("thread-not-started").arg("reason", e))?;
        Ok(SlotThread { commands, handle })
    }

    /// A TaskManager is gone: its threads stop after the step they are in.
    pub fn remove_slots(&mut self, task_manager: TaskManagerId) {
        let ids: Vec<SlotId> = self.slots.keys().copied().collect();
        for id in ids.into_iter().filter(|id| id.task_manager == task_manager) {
            if let Some(slot) = self.slots.remove(&id) {
                slot.tell(ToThread::Stop);
                self.stopping.push(slot.handle);
            }
        }
    }

    /// Carries a command of the JobManager to its slot.
    pub fn apply(&self, slot: SlotId, command: ToSlot) {
        if let Some(slot) = self.slots.get(&slot) {
            slot.tell(ToThread::Slot(command));
        }
    }

    /// Changes the trace level for what comes.
    pub fn set_level(&self, level: Level) {
        self.slots.values().for_each(|slot| slot.tell(ToThread::Level(level)));
    }
}

/// Waits for the threads, so that nothing of a cluster outlives it.
impl Drop for ThreadsDriver {
    fn drop(&mut self) {
        for (_, slot) in std::mem::take(&mut self.slots) {
            slot.tell(ToThread::Stop);
            self.stopping.push(slot.handle);
        }
        // A slot may wait for room to say something.
        let (_, nothing) = channel::bounded(0);
        self.receiver = nothing;
        for handle in self.stopping.drain(..) {
            // A slot that panicked outside its tasks has nothing left to say.
            let _ = handle.join();
        }
    }
}

impl SlotThread {
    fn tell(&self, message: ToThread) {
        // A thread that has stopped needs no commands.
        let _ = self.commands.send(message);
        self.handle.thread().unpark();
    }
}

/// What runs on the thread of a slot.
struct SlotLoop {
    slot: Slot,
    commands: Receiver<ToThread>,
    out: Sender<FromSlot>,
    clock: WallClock,
    files: Arc<dyn Files>,
    tracer: Tracer,
    reports: Vec<TaskReport>,
}

impl SlotLoop {
    /// Steps of one task before the next has its turn: caches stay warm, nobody waits long.
    const BURST: usize = 4;
    /// The longest a slot is parked; a lost wake-up would cost no more.
    const PARKED: Duration = Duration::from_millis(100);
    /// How long a slot waits for the world to take results and reports.
    const OUTLET: Duration = Duration::from_micros(200);

    fn run(&mut self) {
        loop {
            if self.read_commands() {
                return;
            }
            let now = self.clock.now();
            self.tracer.set_now(now);
            if self.slot.next_timer().is_some_and(|at| at <= now) {
                self.slot.wake_due(now);
            }
            let progress = self.round(now);
            let told = self.tell();
            if !progress {
                thread::park_timeout(self.park_time(now, told));
            }
        }
    }

    /// Whether the slot is to stop.
    fn read_commands(&mut self) -> bool {
        while let Ok(message) = self.commands.try_recv() {
            match message {
                ToThread::Slot(command) => self.slot.apply(command, &mut self.reports),
                ToThread::Level(level) => self.tracer.set_level(level),
                ToThread::Stop => return true,
            }
        }
        false
    }

    /// Lets each ready task take some steps. Says whether one made progress.
    fn round(&mut self, now: LabTime) -> bool {
        let mut progress = false;
        let mut index = 0;
        while index < self.slot.len() {
            let over = self.burst(index, now, &mut progress);
            // The seat of a task that is over is taken by the next one.
            index += usize::from(!over);
        }
        progress
    }

    /// Says whether the task is over.
    fn burst(&mut self, index: usize, now: LabTime, progress: &mut bool) -> bool {
        for _ in 0..Self::BURST {
            if !self.slot.is_ready(index) {
                return false;
            }
            let mut world = World {
                now,
                tracer: &mut self.tracer,
                files: &*self.files,
                reports: &mut self.reports,
            };
            match self.slot.step(index, &mut world) {
                Step::Progress => *progress = true,
                Step::Over => {
                    *progress = true;
                    return true;
                }
                Step::Idle { .. } | Step::Blocked(_) => return false,
            }
        }
        false
    }

    /// Hands over reports and events. Says whether the reports found room.
    fn tell(&mut self) -> bool {
        if self.tracer.len() >= EVENTS || (!self.tracer.is_empty() && !self.reports.is_empty()) {
            self.tell_events();
        }
        if self.reports.is_empty() {
            return true;
        }
        let reports = std::mem::take(&mut self.reports);
        match self.out.try_send(FromSlot::Reports(reports)) {
            Err(TrySendError::Full(FromSlot::Reports(reports))) => {
                self.reports = reports;
                false
            }
            _ => true,
        }
    }

    fn tell_events(&mut self) {
        if !self.out.is_full() {
            // Another slot may have been faster: then these events are lost, as a gap would say.
            let _ = self.out.try_send(FromSlot::Events(self.tracer.take()));
        }
    }

    fn park_time(&mut self, now: LabTime, told: bool) -> Duration {
        if !self.tracer.is_empty() {
            self.tell_events();
        }
        let waits_for_world = !told || (0..self.slot.len()).any(|t| self.slot.is_ready(t));
        if waits_for_world {
            return Self::OUTLET;
        }
        let until_timer = self.slot.next_timer().map(|at| (at - now).0);
        let timer = until_timer.map(|micros| Duration::from_micros(micros.max(0) as u64));
        timer.map_or(Self::PARKED, |t| t.min(Self::PARKED))
    }
}
