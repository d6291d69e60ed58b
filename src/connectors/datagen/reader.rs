//! One parallel reader of datagen: which rows are its own, and when.

use serde::{Deserialize, Serialize};

use super::Plan;
use super::column::{Chance, Column};
use crate::base::{LabDuration, LabTime, Result};
use crate::connectors::snapshot::{decode, encode};
use crate::connectors::{Poll, SourceContext, SourceReader};
use crate::data::Batch;

/// Row positions that belong to one reader: `next, next + step, ..` below the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Progression {
    pub(super) next: u64,
    pub(super) step: u64,
}

impl Progression {
    fn remaining(self, end: Option<u64>) -> u64 {
        match end {
            None => u64::MAX,
            Some(end) => end.saturating_sub(self.next).div_ceil(self.step),
        }
    }
}

pub(super) struct Reader {
    columns: Vec<Column>,
    own: Vec<Progression>,
    end: Option<u64>,
    pace: Pace,
    index: u32,
    parallelism: u32,
}

#[derive(Serialize, Deserialize)]
struct Snapshot {
    index: u32,
    parallelism: u32,
    own: Vec<Progression>,
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
            own: vec![Progression { next: index.into(), step: parallelism.into() }],
            end: plan.rows,
            pace: Pace { rows_per_second: share, left: 0, next_second: None },
            index,
            parallelism,
        })
    }

    /// Fills a batch of at most `most` rows from the first progression that has some.
    fn batch(&mut self, most: u64, now: LabTime) -> Option<Batch> {
        let end = self.end;
        let own = self.own.iter_mut().find(|p| p.remaining(end) > 0)?;
        let len = own.remaining(end).min(most);
        let rows = Progression { ..*own };
        own.next += len * own.step;
        let len = len as usize;
        let columns = self.columns.iter_mut().map(|c| c.fill(rows, len, now)).collect();
        Some(Batch::new(columns, len))
    }
}

impl SourceReader for Reader {
    fn poll(&mut self, context: &mut SourceContext<'_>) -> Result<Poll> {
        if self.own.iter().all(|p| p.remaining(self.end) == 0) {
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
        let snapshot = Snapshot {
            index: self.index,
            parallelism: self.parallelism,
            own: self.own.clone(),
            chance: self.columns.iter().map(Column::chance).collect(),
        };
        encode(&snapshot)
    }

    /// At the same parallelism each reader goes on exactly; at another, readers take over what is
    /// left of sequences in turn, and chance starts anew.
    fn restore(&mut self, snapshots: &[Vec<u8>]) -> Result<()> {
        let all = snapshots.iter().map(|bytes| decode::<Snapshot>(bytes));
        let mut all = all.collect::<Result<Vec<_>>>()?;
        all.sort_by_key(|s| s.index);
        let same = |s: &Snapshot| s.index == self.index && s.parallelism == self.parallelism;
        if let Some(position) = all.iter().position(same) {
            let own = all.swap_remove(position);
            self.own = own.own;
            for (column, chance) in self.columns.iter_mut().zip(own.chance) {
                column.set_chance(chance);
            }
            return Ok(());
        }
        let every = self.parallelism as usize;
        let left = all.into_iter().flat_map(|s| s.own);
        self.own = left.skip(self.index as usize).step_by(every).collect();
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
