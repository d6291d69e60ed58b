//! The way out of the cluster: rows of queries, lines of stdout, and the barriers between them.

use std::collections::VecDeque;

use crossbeam::channel::{Sender, TrySendError};

use super::blueprint::Blueprint;
use super::message::{Outgoing, OutgoingBody};
use crate::base::{SlotId, SubtaskId};
use crate::operators::External;
use crate::trace::LoadMetrics;

/// The outlet of one task.
pub struct Outlet {
    subtask: SubtaskId,
    attempt: u32,
    slot: SlotId,
    to: Sender<Outgoing>,
    /// What operators handed out in this step.
    pub external: Vec<External>,
    /// What found no room.
    waiting: VecDeque<Outgoing>,
}

impl Outlet {
    /// The outlet of the task of a blueprint.
    pub fn new(of: &Blueprint, to: Sender<Outgoing>) -> Self {
        let (external, waiting) = (Vec::new(), VecDeque::new());
        let (subtask, attempt, slot) = (of.info.id, of.attempt, of.slot);
        Self { subtask, attempt, slot, to, external, waiting }
    }

    /// Whether nothing waits for room.
    pub fn is_clear(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Sends what operators handed out in this step, as far as there is room.
    pub fn hand_out(&mut self, metrics: &mut LoadMetrics) {
        let mut external = std::mem::take(&mut self.external);
        for external in external.drain(..) {
            let (rows, body) = match external {
                External::Result(batch) => (batch.len() as u64, OutgoingBody::Rows(batch)),
                External::Printed(line) => (1, OutgoingBody::Line(line)),
            };
            metrics.records_out += rows;
            self.send(body);
        }
        self.external = external;
    }

    /// Sends something, behind what waits.
    pub fn send(&mut self, body: OutgoingBody) {
        let Self { subtask, attempt, slot, .. } = *self;
        self.waiting.push_back(Outgoing { subtask, slot, attempt, body });
        self.flush();
    }

    /// Says whether everything found room.
    pub fn flush(&mut self) -> bool {
        while let Some(next) = self.waiting.pop_front() {
            match self.to.try_send(next) {
                Ok(()) | Err(TrySendError::Disconnected(_)) => {}
                Err(TrySendError::Full(next)) => {
                    self.waiting.push_front(next);
                    return false;
                }
            }
        }
        true
    }
}
