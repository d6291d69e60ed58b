//! One parallel reader of datagen: which rows are its own, and when.

use serde::{Deserialize, Serialize};

use super::Plan;
use super::column::{Chance, Column};
use crate::base::{LabDuration, LabTime, Result};
use crate::connectors::share::Share;
use crate::connectors::snapshot::{decode, encode};
use crate::connectors::{Poll, SourceContext, SourceReader};
use crate::data::Batch;

pub(super) struct Reader {
    columns: Vec<Column>,
    share: Share,
    pace: Pace,
}

#[derive(Serialize, Deserialize)]
struct Snapshot {
    share: Share,
    chance: Vec<Chance>,
}

impl Reader {
    pub(super) fn new(plan: &Plan, index: u32, parallelism: u32, seed: u64) -> Result<Self> {
        let columns = plan.columns.iter().map(|c| c.column(seed, index)).collect::<Result<_>>()?;
        let share = plan.rows_per_second / u64::from(parallelism)
            + u64::from(u64::from(index) < plan.rows_per_second % u64::from(parallelism));
        // A subtask without a share of its own would never end; Flink gives it one row as well.
        let share = share.max(1);
        Ok(Self {
            columns,
            share: Share::new(index, parallelism, plan.rows),
            pace: Pace { rows_per_second: share, left: 0, next_second: None },
        })
    }

    /// Fills a batch of at most `most` rows.
    fn batch(&mut self, most: u64, now: LabTime) -> Option<Batch> {
        let (rows, len) = self.share.take(most)?;
        let columns = self.columns.iter_mut().map(|c| c.fill(rows, len, now)).collect();
        Some(Batch::new(columns, len))
    }
}

impl SourceReader for Reader {
    fn poll(&mut self, context: &mut SourceContext<'_>) -> Result<Poll> {
        if self.share.is_done() {
            return Ok(Poll::End);
        }
        let allowed = match self.pace.allowed(context.now) {
            Ok(rows) => rows.min(context.max_rows as u64),
            Err(later) => return Ok(Poll::WaitUntil(later)),
        };
        let Some(batch) = self.batch(allowed, context.now) else { return Ok(Poll::End) };
        self.pace.left -= batch.len() as u64;
        Ok(Poll::Batch(batch))
    }

    fn snapshot(&mut self) -> Result<Vec<u8>> {
        let mut chance = Vec::new();
        self.columns.iter().for_each(|column| column.chances(&mut chance));
        encode(&Snapshot { share: self.share.clone(), chance })
    }

    /// At another parallelism than before, chance starts anew.
    fn restore(&mut self, snapshots: &[Vec<u8>]) -> Result<()> {
        let all = snapshots.iter().map(|bytes| decode::<Snapshot>(bytes));
        let all = all.collect::<Result<Vec<_>>>()?;
        if let Some(own) = all.iter().find(|s| self.share.is_same(&s.share)) {
            let mut chances = own.chance.iter().cloned();
            self.columns.iter_mut().for_each(|column| column.set_chances(&mut chances));
        }
        self.share.restore(all.into_iter().map(|s| s.share).collect());
        Ok(())
    }
}

/// So many rows at the start of each second, as Flink does; not evenly within it.
struct Pace {
    rows_per_second: u64,
    left: u64,
    next_second: Option<LabTime>,
}

impl Pace {
    /// How many rows may be made now, or when some may be.
    fn allowed(&mut self, now: LabTime) -> Result<u64, LabTime> {
        if self.left > 0 {
            return Ok(self.left);
        }
        let start = self.next_second.unwrap_or(now);
        if now < start {
            return Err(start);
        }
        self.next_second = Some(start + LabDuration::seconds(1));
        self.left = self.rows_per_second;
        Ok(self.left)
    }
}
