//! The step driver: all slots on the caller's thread, a virtual clock, a policy that says who moves.
//!
//! The same job, seed, commands and inputs give the same steps in the same order.

use std::collections::{BTreeMap, VecDeque};

use super::api::Policy;
use super::clock::VirtualClock;
use crate::base::{JobId, LabDuration, LabTime, SeededRandom, SlotId, SubtaskId, TaskManagerId};
use crate::cluster::{Slot, Step, Task, TaskReport, ToSlot, World};
use crate::trace::event::WaitReason;

/// Slots, clock and policy.
pub struct StepDriver {
    /// By id.
    slots: Vec<Slot>,
    clock: VirtualClock,
    step_cost: LabDuration,
    order: Order,
    /// The task that moved last, as positions of slot and task; none when tasks came, so that the
    /// sources of a job begin in their order.
    cursor: Option<(usize, usize)>,
    /// The earliest moment at which a task wants to be stepped unasked.
    next_timer: Option<LabTime>,
    /// Rows that went in or out of tasks, over all steps.
    records_moved: u64,
}

enum Order {
    RoundRobin,
    Seeded(SeededRandom),
    /// These subtasks, each as soon as it is ready; then in turn.
    Scripted(VecDeque<SubtaskId>),
}

/// The stream of the run's seed that the seeded policy draws from.
const POLICY: u64 = 0x706f_6c69;

impl StepDriver {
    /// A driver without slots.
    pub fn new(policy: Policy, seed: u64, start: LabTime, step_cost: LabDuration) -> Self {
        let order = match policy {
            Policy::RoundRobin => Order::RoundRobin,
            Policy::Seeded => Order::Seeded(SeededRandom::for_stream(seed, POLICY)),
        };
        Self {
            slots: Vec::new(),
            clock: VirtualClock::new(start),
            step_cost,
            order,
            cursor: None,
            next_timer: None,
            records_moved: 0,
        }
    }

    /// Now.
    pub fn now(&self) -> LabTime {
        self.clock.now()
    }

    /// Lets these subtasks move in this order, each as soon as it is ready.
    pub fn script(&mut self, subtasks: Vec<SubtaskId>) {
        self.order = Order::Scripted(subtasks.into());
    }

    /// Rows that went in or out of tasks so far.
    pub fn records_moved(&self) -> u64 {
        self.records_moved
    }

    /// A TaskManager brings slots.
    pub fn add_slots(&mut self, task_manager: TaskManagerId, count: u32) {
        let ids = (0..count).map(|index| SlotId { task_manager, index });
        self.slots.extend(ids.map(Slot::new));
        self.slots.sort_by_key(Slot::id);
    }

    /// A TaskManager is gone, with everything in it.
    pub fn remove_slots(&mut self, task_manager: TaskManagerId) {
        self.slots.retain(|slot| slot.id().task_manager != task_manager);
        self.cursor = None;
        self.refresh_timer();
    }

    /// Carries a command of the JobManager to its slot.
    pub fn apply(&mut self, slot: SlotId, command: ToSlot, reports: &mut Vec<TaskReport>) {
        if matches!(command, ToSlot::Deploy(_)) {
            self.cursor = None;
        }
        if let Some(slot) = self.slots.iter_mut().find(|s| s.id() == slot) {
            slot.apply(command, reports);
        }
        self.refresh_timer();
    }

    /// Lets the next ready task take a step; nothing if no task is ready. `world.now` is the moment
    /// of the driver's clock.
    pub fn step(&mut self, world: &mut World<'_>) -> Option<Step> {
        if self.next_timer.is_some_and(|at| at <= world.now) {
            self.slots.iter_mut().for_each(|slot| slot.wake_due(world.now));
            self.refresh_timer();
        }
        self.cursor = self.choose();
        let (slot, index) = self.cursor?;
        let before = self.moved_by(slot, index);
        let step = self.slots[slot].step(index, world);
        match step {
            Step::Progress => {
                self.records_moved += self.moved_by(slot, index).wrapping_sub(before);
                self.clock.spend(self.step_cost);
            }
            Step::Over => self.clock.spend(self.step_cost),
            Step::Idle { until: Some(until) } => {
                self.next_timer = Some(self.next_timer.map_or(until, |at| at.min(until)));
            }
            Step::Idle { until: None } | Step::Blocked(_) => {}
        }
        Some(step)
    }

    /// The earliest moment at which a task wants to be stepped.
    pub fn next_timer(&self) -> Option<LabTime> {
        self.next_timer
    }

    /// Time goes on without a step.
    pub fn jump(&mut self, to: LabTime) {
        self.clock.jump(to);
    }

    /// For what each task waits, by job.
    pub fn waiting(&self) -> BTreeMap<JobId, BTreeMap<SubtaskId, WaitReason>> {
        let mut jobs: BTreeMap<JobId, BTreeMap<SubtaskId, WaitReason>> = BTreeMap::new();
        for task in self.slots.iter().flat_map(Slot::tasks) {
            let subtask = task.subtask();
            jobs.entry(subtask.job).or_default().insert(subtask, task.waits_for());
        }
        jobs
    }

    fn moved_by(&self, slot: usize, index: usize) -> u64 {
        let metrics = self.slots[slot].task(index).map(Task::metrics);
        metrics.map_or(0, |m| m.records_in + m.records_out)
    }

    fn refresh_timer(&mut self) {
        self.next_timer = self.slots.iter().filter_map(Slot::next_timer).min();
    }

    fn choose(&mut self) -> Option<(usize, usize)> {
        match &mut self.order {
            Order::RoundRobin => self.next_in_turn(),
            Order::Seeded(random) => {
                let count = ready(&self.slots).count();
                let chosen = if count == 0 { return None } else { random.below(count) };
                ready(&self.slots).nth(chosen)
            }
            Order::Scripted(script) => {
                let next = script.front().and_then(|subtask| ready_task(&self.slots, *subtask));
                if next.is_some() {
                    script.pop_front();
                    return next;
                }
                self.next_in_turn()
            }
        }
    }

    /// The first ready task behind the one that moved last.
    fn next_in_turn(&self) -> Option<(usize, usize)> {
        let Some((slot, task)) = self.cursor else { return ready(&self.slots).next() };
        let count = self.slots.len();
        let first = self.slots.get(slot)?;
        if let Some(next) = (task + 1..first.len()).find(|t| first.is_ready(*t)) {
            return Some((slot, next));
        }
        // All other slots, and at last the first one again from its beginning.
        (1..=count).map(|step| (slot + step) % count).find_map(|index| {
            let slot = &self.slots[index];
            (0..slot.len()).find(|t| slot.is_ready(*t)).map(|task| (index, task))
        })
    }
}

fn ready(slots: &[Slot]) -> impl Iterator<Item = (usize, usize)> {
    slots.iter().enumerate().flat_map(|(index, slot)| {
        (0..slot.len()).filter(|t| slot.is_ready(*t)).map(move |task| (index, task))
    })
}

fn ready_task(slots: &[Slot], subtask: SubtaskId) -> Option<(usize, usize)> {
    slots.iter().enumerate().find_map(|(index, slot)| {
        let task = slot.tasks().position(|task| task.subtask() == subtask)?;
        slot.is_ready(task).then_some((index, task))
    })
}
