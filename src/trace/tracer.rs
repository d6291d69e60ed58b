//! The tracer: where the running parts of the cluster put their events.
//!
//! Every thread of the engine owns one; the driver takes what it holds and gives it its place in the
//! trace. It is bounded: past [`Tracer::CAPACITY`] events it counts instead of keeping.

use serde::{Deserialize, Serialize};

use super::event::{Event, EventKind};
use crate::base::LabTime;

/// How much is traced. Each level holds the ones before it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Level {
    /// The life of jobs and tasks, checkpoints, stdout.
    #[default]
    Off,
    /// Metrics, channel fill, watermarks, barriers.
    Steps,
    /// Every record, every hop, every write to state.
    Records,
}

/// Collects events between two visits of the driver.
#[derive(Debug)]
pub struct Tracer {
    level: Level,
    now: LabTime,
    events: Vec<(LabTime, EventKind)>,
    dropped: u64,
}

impl Tracer {
    /// Events kept between two visits: a step driver visits after each step, a slot thread after
    /// each batch.
    pub const CAPACITY: usize = 1 << 16;

    /// A tracer that keeps what `level` asks for.
    pub fn new(level: Level) -> Self {
        Self { level, now: LabTime::default(), events: Vec::new(), dropped: 0 }
    }

    /// The level in force.
    pub fn level(&self) -> Level {
        self.level
    }

    /// Changes the level for what comes.
    pub fn set_level(&mut self, level: Level) {
        self.level = level;
    }

    /// Whether single records are traced: ask before building an event of that level.
    pub fn records(&self) -> bool {
        self.level >= Level::Records
    }

    /// Whether steps are traced.
    pub fn steps(&self) -> bool {
        self.level >= Level::Steps
    }

    /// Sets the moment that events from now on carry.
    pub fn set_now(&mut self, now: LabTime) {
        self.now = now;
    }

    /// Keeps an event. The caller asks for the level first.
    pub fn emit(&mut self, kind: EventKind) {
        if self.events.len() < Self::CAPACITY {
            self.events.push((self.now, kind));
        } else {
            self.dropped += 1;
        }
    }

    /// How many events it holds.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty() && self.dropped == 0
    }

    /// Moves all events out, without numbers: for a thread that hands them to another.
    pub fn take(&mut self) -> Vec<(LabTime, EventKind)> {
        let gap = (self.dropped > 0).then(|| (self.now, EventKind::Gap { events: self.dropped }));
        self.dropped = 0;
        let mut events = std::mem::take(&mut self.events);
        events.extend(gap);
        events
    }

    /// Moves all events out, numbered from `next_sequence`, which moves on.
    pub fn drain_into(&mut self, next_sequence: &mut u64, to: &mut Vec<Event>) {
        let gap = (self.dropped > 0).then(|| (self.now, EventKind::Gap { events: self.dropped }));
        self.dropped = 0;
        for (at, kind) in self.events.drain(..).chain(gap) {
            to.push(Event { sequence: *next_sequence, at, kind });
            *next_sequence += 1;
        }
    }
}
