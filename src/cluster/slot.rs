//! A slot: the tasks that share it, and the steps they take. It runs wherever its driver puts it.

use std::sync::Arc;

use super::message::{Mail, TaskReport};
use super::step::{Blocker, Step};
use super::task::{Task, World};
use super::waker::Waker;
use crate::base::{JobId, LabTime, SlotId, SubtaskId};

/// From the JobManager to a slot.
pub enum ToSlot {
    /// Runs a task.
    Deploy(Box<Task>),
    /// Gives mail to one task; a task that is gone gets nothing.
    Mail(SubtaskId, Mail),
    /// Throws away all tasks of a job, at once.
    Cancel(JobId),
}

/// One slot of a TaskManager.
pub struct Slot {
    id: SlotId,
    seats: Vec<Seat>,
}

struct Seat {
    task: Task,
    waker: Arc<Waker>,
    /// When the task wants to be stepped although nobody woke it.
    until: Option<LabTime>,
}

impl Slot {
    /// An empty slot.
    pub fn new(id: SlotId) -> Self {
        Self { id, seats: Vec::new() }
    }

    /// Its id.
    pub fn id(&self) -> SlotId {
        self.id
    }

    /// How many tasks are in it.
    pub fn len(&self) -> usize {
        self.seats.len()
    }

    /// Whether no task is in it.
    pub fn is_empty(&self) -> bool {
        self.seats.is_empty()
    }

    /// The tasks in it, in the order in which they came.
    pub fn tasks(&self) -> impl Iterator<Item = &Task> {
        self.seats.iter().map(|seat| &seat.task)
    }

    /// One task.
    pub fn task(&self, index: usize) -> Option<&Task> {
        self.seats.get(index).map(|seat| &seat.task)
    }

    /// Does what the JobManager says.
    pub fn apply(&mut self, command: ToSlot, reports: &mut Vec<TaskReport>) {
        match command {
            ToSlot::Deploy(task) => {
                let waker = task.waker().clone();
                self.seats.push(Seat { task: *task, waker, until: None });
            }
            ToSlot::Mail(subtask, mail) => {
                let seat = self.seats.iter_mut().find(|seat| seat.task.subtask() == subtask);
                if let Some(seat) = seat {
                    seat.task.deliver(mail);
                }
            }
            ToSlot::Cancel(job) => self.seats.retain(|seat| {
                let stays = seat.task.subtask().job != job;
                if !stays {
                    reports.push(seat.task.canceled());
                }
                stays
            }),
        }
    }

    /// Whether somebody woke a task, or it has not said that it waits.
    pub fn is_ready(&self, index: usize) -> bool {
        self.seats.get(index).is_some_and(|seat| seat.waker.is_ready())
    }

    /// Lets one task take one step. A task that is over leaves the slot.
    pub fn step(&mut self, index: usize, world: &mut World<'_>) -> Step {
        let Some(seat) = self.seats.get_mut(index) else { return Step::Idle { until: None } };
        seat.waker.take();
        let step = seat.task.step(world);
        seat.until = None;
        match step {
            // Nobody wakes a task when the world takes its results: it asks again.
            Step::Progress | Step::Blocked(Blocker::Outlet) => seat.waker.mark(),
            Step::Idle { until } => seat.until = until,
            Step::Blocked(Blocker::Channel(_)) => {}
            Step::Over => {
                self.seats.remove(index);
            }
        }
        step
    }

    /// The earliest moment at which a task wants to be stepped.
    pub fn next_timer(&self) -> Option<LabTime> {
        self.seats.iter().filter_map(|seat| seat.until).min()
    }

    /// Wakes the tasks whose moment has come.
    pub fn wake_due(&mut self, now: LabTime) {
        for seat in &mut self.seats {
            if seat.until.is_some_and(|until| until <= now) {
                seat.until = None;
                seat.waker.mark();
            }
        }
    }
}
