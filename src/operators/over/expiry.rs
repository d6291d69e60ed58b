//! When an OVER forgets a partition.
//!
//! By arrival, with a frame from the first row on, what is known of a partition is a value that each row
//! writes (`ProcTimeUnboundedPrecedingFunction`). Else Flink forgets with a timer: it rings half as long
//! again after a row as the state is kept for, and is set anew only by a row with which less would be
//! left than that; while rows of the partition wait for a watermark it is put off
//! (`KeyedProcessFunctionWithCleanupState`). A frame that is a length of time forgets by itself.

use rustc_hash::FxHashSet;

use super::{Over, OverFactory, OverTime};

impl OverFactory {
    /// How long a partition is kept at most, in milliseconds; for ever if 0.
    pub(super) fn kept_for(&self) -> i64 {
        match (self.rows, self.preceding.is_some()) {
            (false, true) => 0,
            _ if self.is_written_by_each_row() => self.ttl,
            // Below two milliseconds Flink sets no timer.
            _ if self.ttl < 2 => 0,
            _ => self.ttl.saturating_mul(3) / 2,
        }
    }

    fn is_written_by_each_row(&self) -> bool {
        self.time == OverTime::Processing && self.preceding.is_none()
    }
}

impl Over {
    /// Rows came or were answered.
    pub(super) fn touch(&mut self, partitions: impl Iterator<Item = u32>, now: i64) {
        if !self.ttl.is_on() {
            return;
        }
        let enough = match self.factory.is_written_by_each_row() {
            true => i64::MAX,
            false => now.saturating_add(self.factory.ttl),
        };
        for partition in partitions {
            if self.ttl.deadline(partition).is_none_or(|deadline| deadline < enough) {
                self.ttl.write(partition, now);
            }
        }
    }

    /// Takes a deadline over from a checkpoint.
    pub(super) fn take_deadline(&mut self, partition: u32, deadline: Option<i64>, now: i64) {
        if self.ttl.is_on() {
            self.ttl.set(partition, deadline.unwrap_or(self.ttl.after(now)));
        }
    }

    /// Forgets partitions whose time is over.
    pub(super) fn expire(&mut self, now: i64) {
        let mut waiting: Option<FxHashSet<u32>> = None;
        while let Some((at, partition)) = self.ttl.due(now) {
            let held = || self.turns.held().map(|(_, partition, _)| partition).collect();
            if waiting.get_or_insert_with(held).contains(&partition) {
                self.ttl.write(partition, at);
            } else {
                self.frames.forget(partition, &mut self.store);
                self.index.remove(partition);
                self.told.set(partition, 0);
            }
        }
    }
}
