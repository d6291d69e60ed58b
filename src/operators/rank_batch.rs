//! Rank over a bounded input that is sorted by partition and order: rows pass while their rank is among
//! those that are asked for.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int64Array};
use serde::{Deserialize, Serialize};

use super::buffer::{SortKey, Sorter};
use super::{Context, Operator, OperatorFactory, SubtaskInfo};
use crate::base::Result;
use crate::data::select::filter;
use crate::data::{Batch, Schema};
use crate::state::OperatorSnapshot;

const VERSION: u16 = 1;

/// What a Rank passes on.
#[derive(Clone, Debug)]
pub struct RankBatchFactory {
    /// PARTITION BY, in the order of the input.
    pub partition: Vec<SortKey>,
    /// ORDER BY.
    pub order: Vec<SortKey>,
    /// The first rank, from 1.
    pub start: u64,
    /// The last.
    pub end: u64,
    /// Whether the rank is a column, the last one.
    pub number: bool,
    /// The columns that go out.
    pub output: Schema,
}

impl OperatorFactory for RankBatchFactory {
    fn create(&self, _subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        Ok(Box::new(RankBatch { factory: self.clone(), last: Last::default() }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }

    fn emits_inserts_only(&self) -> bool {
        true
    }
}

struct RankBatch {
    factory: RankBatchFactory,
    last: Last,
}

/// The row before.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Last {
    /// Its partition and its place in the order, as bytes; `None` before the first row.
    keys: Option<[Vec<u8>; 2]>,
    /// How many rows of its partition there were.
    rows: u64,
    rank: u64,
}

impl Last {
    /// The rank of the next row.
    fn next(&mut self, partition: &[u8], order: &[u8]) -> u64 {
        let known = self.keys.as_ref().map(|[partition, order]| (&partition[..], &order[..]));
        let same_partition = known.is_some_and(|(known, _)| known == partition);
        let ties = same_partition && known.is_some_and(|(_, known)| known == order);
        self.rows = if same_partition { self.rows + 1 } else { 1 };
        if !ties {
            self.rank = self.rows;
            self.keys = Some([partition.to_vec(), order.to_vec()]);
        }
        self.rank
    }
}

impl Operator for RankBatch {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let partition = Sorter::new(&self.factory.partition);
        let partition = match self.factory.partition.is_empty() {
            true => None,
            false => Some(partition.comparable(&batch)?),
        };
        let order = Sorter::new(&self.factory.order).comparable(&batch)?;
        let rank = |row: usize| {
            let of_partition = partition.as_ref().map(|rows| rows.row(row));
            let of_partition = of_partition.as_ref().map_or(&[][..], |bytes| bytes.as_ref());
            self.last.next(of_partition, order.row(row).as_ref())
        };
        let ranks: Vec<u64> = (0..batch.len()).map(rank).collect();
        let asked = self.factory.start..=self.factory.end;
        let keep: BooleanArray = ranks.iter().map(|rank| Some(asked.contains(rank))).collect();
        let numbered = match self.factory.number {
            false => batch,
            true => {
                let ranks: Int64Array = ranks.into_iter().map(|rank| Some(rank as i64)).collect();
                let ranks: ArrayRef = Arc::new(ranks);
                let columns = batch.columns().iter().cloned().chain([ranks]).collect();
                batch.with_columns(columns)
            }
        };
        let (_, kept) = filter(&numbered, &keep)?;
        if !kept.is_empty() {
            let causes = kept.ids().cloned().unwrap_or_default();
            context.emit_each(kept, &causes);
        }
        Ok(())
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        OperatorSnapshot::of_operator(VERSION, &self.last)
    }

    fn restore(
        &mut self,
        snapshots: &[OperatorSnapshot],
        _context: &mut Context<'_>,
    ) -> Result<()> {
        for snapshot in snapshots {
            self.last = snapshot.operator(VERSION)?.unwrap_or_default();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{check, schema};
    use super::*;

    #[test]
    fn rows_that_tie_have_one_rank() {
        let key = |column| SortKey { column, descending: false, nulls_first: true };
        let input = schema("k STRING, v INT");
        let factory = RankBatchFactory {
            partition: vec![key(0)],
            order: vec![key(1)],
            start: 1,
            end: 3,
            number: true,
            output: schema("k STRING, v INT, r BIGINT"),
        };
        let steps = [
            ("+I a 1\n+I a 1", "+I a 1 1\n+I a 1 1"),
            ("restore\n+I a 2\n+I a 2\n+I a 3\n+I b 0", "+I a 2 3\n+I a 2 3\n+I b 0 1"),
        ];
        check(&factory, &input, &steps);
    }
}
