//! How the rows of a Top-N expire, which depends on where Flink keeps them.
//!
//! `RetractableTopNFunction` has a list for each value of the order, written with every row of it. Of an
//! input that only adds, `AppendOnlyTopNFunction` has the same, behind a cache that is filled for a whole
//! partition and forgotten after the time of the state: only then is what had expired meanwhile missed.
//! `UpdatableTopNFunction` and `FastTop1Function` write their cache to the state with a checkpoint alone.

use super::partition::{Entry, NEVER, Partition};
use super::{Rank, Strategy};
use crate::base::Result;

impl Rank {
    /// When the state is written of a row that comes now.
    pub(super) fn written(&self, now: i64) -> i64 {
        let at_once = match self.factory.strategy {
            Strategy::Retract => true,
            Strategy::Append => !self.factory.only_first(),
            Strategy::UpdateFast(_) => false,
        };
        if at_once && self.ttl.is_on() { now } else { NEVER }
    }

    /// A row was compared with those of a partition, and may have changed it.
    pub(super) fn looked_at(&mut self, partition: u32, changed: bool, now: i64) {
        let fills_cache = match self.factory.strategy {
            Strategy::Retract => false,
            _ if self.factory.only_first() => changed,
            _ => self.partitions[partition as usize].cached.is_none(),
        };
        if fills_cache {
            self.partitions[partition as usize].cached = Some(now);
            self.ttl.write(partition, now);
        } else if self.ttl.deadline(partition).is_none() {
            self.look_again(partition);
        }
    }

    /// Waits for the moment at which a partition can have lost something.
    pub(super) fn look_again(&mut self, partition: u32) {
        let Partition { rows, cached, .. } = &self.partitions[partition as usize];
        let first = cached.or_else(|| rows.iter().map(|entry| entry.written).min());
        first.into_iter().for_each(|first| self.ttl.write(partition, first));
    }

    /// Lets rows go whose time is over.
    pub(super) fn expire(&mut self, now: i64) -> Result<()> {
        if !self.ttl.is_on() {
            return Ok(());
        }
        while let Some((_, number)) = self.ttl.due(now) {
            let partition = &mut self.partitions[number as usize];
            partition.cached = None;
            let (ttl, store) = (&self.ttl, &mut self.store);
            partition.rows.retain(|entry| {
                let lives = ttl.after(entry.written) > now;
                entry.row.filter(|_| !lives).into_iter().for_each(|row| store.release(row));
                lives
            });
            match partition.rows.is_empty() {
                true => self.index.remove(number),
                false => self.look_again(number),
            }
        }
        self.store.settle()
    }

    /// A checkpoint writes what the caches hold.
    pub(super) fn flush(&mut self, now: i64) {
        if !self.ttl.is_on() || self.factory.strategy == Strategy::Retract {
            return;
        }
        let only_first = self.factory.only_first();
        for Partition { rows, cached, .. } in &mut self.partitions {
            if cached.is_some_and(|cached| self.ttl.after(cached) > now) {
                let unwritten = |e: &&mut Entry| only_first || e.written == NEVER;
                rows.iter_mut().filter(unwritten).for_each(|entry| entry.written = now);
            }
        }
    }
}
