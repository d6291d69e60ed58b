//! One parallel reader of a source that makes its rows: which are its own, and when.

use serde::{Deserialize, Serialize};

use super::column::{Chance, Column, Wanted};
use super::pace::Due;
use super::share::Share;
use super::{ColumnMaker, Plan};
use crate::base::{LabTime, Result};
use crate::connectors::snapshot::{decode, encode};
use crate::connectors::{Poll, SourceContext, SourceReader};
use crate::data::Batch;

pub(super) struct Reader {
    columns: Vec<Column>,
    share: Share,
    due: Due,
}

#[derive(Serialize, Deserialize)]
struct Snapshot {
    share: Share,
    chance: Vec<Chance>,
}

impl Reader {
    pub(super) fn new<C: ColumnMaker>(
        plan: &Plan<C>,
        index: u32,
        parallelism: u32,
        seed: u64,
    ) -> Result<Self> {
        let columns = plan.columns.iter().map(|c| c.column(seed, index)).collect::<Result<_>>()?;
        let share = Share::new(index, parallelism, plan.rows);
        Ok(Self { columns, share, due: plan.pace.share(index, parallelism) })
    }

    /// Fills a batch of at most `most` rows.
    fn batch(&mut self, most: u64, now: LabTime) -> Result<Option<Batch>> {
        let Some((rows, len)) = self.share.take(most) else { return Ok(None) };
        let wanted = Wanted { rows, len, each: 1, now };
        let columns = self.columns.iter_mut().map(|c| c.fill(wanted)).collect::<Result<_>>()?;
        Ok(Some(Batch::new(columns, len)))
    }
}

impl SourceReader for Reader {
    fn poll(&mut self, context: &mut SourceContext<'_>) -> Result<Poll> {
        if self.share.is_done() {
            return Ok(Poll::End);
        }
        let allowed = match self.due.allowed(context.now) {
            Ok(rows) => rows.min(context.max_rows as u64),
            Err(later) => return Ok(Poll::WaitUntil(later)),
        };
        let Some(batch) = self.batch(allowed, context.now)? else { return Ok(Poll::End) };
        self.due.made(batch.len() as u64);
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
