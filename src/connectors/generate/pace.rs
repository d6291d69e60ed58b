//! How many rows at which moment: a burst at the start of every second, as Flink has it, or of another
//! interval; not evenly within it.

use crate::base::{LabDuration, LabTime};

/// So many rows at the start of each interval.
#[derive(Clone, Copy, Debug)]
pub(in crate::connectors) struct Pace {
    /// Rows of an interval.
    pub(in crate::connectors) rows: u64,
    /// The interval.
    pub(in crate::connectors) every: LabDuration,
}

impl Pace {
    /// So many rows a second.
    pub(in crate::connectors) fn per_second(rows: u64) -> Self {
        Self { rows, every: LabDuration::seconds(1) }
    }

    /// What is due of it in one subtask. One without a share of its own would never end: it makes a row
    /// as well, as in Flink; but without any rows at all each of them waits for ever.
    pub(super) fn share(self, index: u32, parallelism: u32) -> Due {
        let (index, of) = (u64::from(index), u64::from(parallelism));
        let rows = self.rows / of + u64::from(index < self.rows % of);
        Due { rows: rows.max(self.rows.min(1)), every: self.every, left: 0, next: None }
    }
}

/// What is left to make of an interval, and when the next one begins.
pub(super) struct Due {
    rows: u64,
    every: LabDuration,
    left: u64,
    next: Option<LabTime>,
}

impl Due {
    /// How many rows may be made now, or when some may be.
    pub(super) fn allowed(&mut self, now: LabTime) -> Result<u64, LabTime> {
        if self.left > 0 {
            return Ok(self.left);
        }
        let start = self.next.unwrap_or(now);
        if now < start {
            return Err(start);
        }
        let next = start + self.every;
        self.next = Some(next);
        self.left = self.rows;
        if self.left == 0 { Err(next) } else { Ok(self.left) }
    }

    /// Rows were made.
    pub(super) fn made(&mut self, rows: u64) {
        self.left = self.left.saturating_sub(rows);
    }
}
