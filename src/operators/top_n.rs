//! SortLimit over a stream: the first rows of an order, corrected as rows come and go.
//!
//! A row that enters pushes the last one out: `-D` of the one that leaves, then `+I` of the one that
//! enters; where there is room for one row only, `-U` and `+U` (Flink's `FastTop1Function`). A row
//! that ties with the last one does not enter. Without sort keys the order is that of arrival.

use super::buffer::{SortKey, Sorter};
use super::{Context, Operator, OperatorFactory, SubtaskInfo};
use crate::base::{RecordId, Result};
use crate::data::{Batch, Row, RowKind, Schema, Value, rows_to_batch};
use crate::state::OperatorSnapshot;

const VERSION: u16 = 1;

/// Which rows a TopN lets through.
#[derive(Clone, Debug)]
pub struct TopNFactory {
    /// ORDER BY.
    pub keys: Vec<SortKey>,
    /// How many rows of the order are left out at the start.
    pub offset: usize,
    /// How many go out after that.
    pub fetch: usize,
    /// Whether the input may take rows away: then all rows are kept, else only those that count.
    pub retracting: bool,
    /// The columns, in and out.
    pub output: Schema,
}

impl OperatorFactory for TopNFactory {
    fn create(&self, _subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        let sorter = Sorter::new(&self.keys);
        Ok(Box::new(TopN { factory: self.clone(), sorter, rows: Vec::new() }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }
}

struct TopN {
    factory: TopNFactory,
    sorter: Sorter,
    /// The rows in order, with what they are ordered by.
    rows: Vec<(Box<[u8]>, Vec<Value>)>,
}

/// A row that the window over the order lost, and one that it gained.
type Change = (Option<Vec<Value>>, Option<Vec<Value>>);

impl TopN {
    fn end(&self) -> usize {
        self.factory.offset.saturating_add(self.factory.fetch)
    }

    fn at(&self, rank: usize) -> Option<Vec<Value>> {
        self.rows.get(rank).map(|(_, row)| row.clone())
    }

    fn add(&mut self, key: Box<[u8]>, row: Vec<Value>) -> Change {
        let (rank, end) = (self.rows.partition_point(|(k, _)| *k <= key), self.end());
        if rank >= end && !self.factory.retracting {
            return (None, None);
        }
        self.rows.insert(rank, (key, row));
        if rank >= end {
            return (None, None);
        }
        let change = (self.at(end), self.at(rank.max(self.factory.offset)));
        if !self.factory.retracting {
            self.rows.truncate(end);
        }
        change
    }

    fn take_away(&mut self, key: &[u8], row: &[Value]) -> Change {
        let first = self.rows.partition_point(|(k, _)| **k < *key);
        let same = self.rows[first..].iter().take_while(|(k, _)| **k == *key);
        let Some(rank) = same.into_iter().position(|(_, r)| r == row).map(|p| first + p) else {
            return (None, None);
        };
        let leaves = self.at(rank.max(self.factory.offset));
        self.rows.remove(rank);
        if rank >= self.end() {
            return (None, None);
        }
        (leaves, self.at(self.end() - 1))
    }

    fn kinds(&self, change: &Change) -> (RowKind, RowKind) {
        match change {
            (Some(_), Some(_)) if self.factory.fetch == 1 => {
                (RowKind::UpdateBefore, RowKind::UpdateAfter)
            }
            _ => (RowKind::Delete, RowKind::Insert),
        }
    }

    fn keys(&self, batch: &Batch) -> Result<Vec<Box<[u8]>>> {
        if self.factory.keys.is_empty() {
            return Ok(vec![Box::default(); batch.len()]);
        }
        let rows = self.sorter.comparable(batch)?;
        Ok(rows.iter().map(|row| row.as_ref().into()).collect())
    }
}

impl Operator for TopN {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        if self.factory.fetch == 0 {
            return Ok(());
        }
        let keys = self.keys(&batch)?;
        let (mut rows, mut causes): (Vec<Row>, Vec<RecordId>) = (Vec::new(), Vec::new());
        for (index, key) in keys.into_iter().enumerate() {
            let row = batch.row(&self.factory.output, index);
            let change = match row.kind.adds() {
                true => self.add(key, row.fields),
                false => self.take_away(&key, &row.fields),
            };
            let (lost, gained) = self.kinds(&change);
            let before = rows.len();
            rows.extend(change.0.map(|fields| Row { kind: lost, fields }));
            rows.extend(change.1.map(|fields| Row { kind: gained, fields }));
            if let Some(ids) = batch.ids() {
                causes.extend(std::iter::repeat_n(ids[index], rows.len() - before));
            }
        }
        context.emit_each(rows_to_batch(&self.factory.output, &rows)?, &causes);
        Ok(())
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        let rows: Vec<&Vec<Value>> = self.rows.iter().map(|(_, row)| row).collect();
        OperatorSnapshot::of_operator(VERSION, &rows)
    }

    fn restore(
        &mut self,
        snapshots: &[OperatorSnapshot],
        _context: &mut Context<'_>,
    ) -> Result<()> {
        for snapshot in snapshots {
            let rows: Vec<Vec<Value>> = snapshot.operator(VERSION)?.unwrap_or_default();
            let rows: Vec<Row> = rows.into_iter().map(Row::insert).collect();
            let keys = self.keys(&rows_to_batch(&self.factory.output, &rows)?)?;
            for (key, row) in keys.into_iter().zip(rows) {
                let rank = self.rows.partition_point(|(k, _)| *k <= key);
                self.rows.insert(rank, (key, row.fields));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{check, schema};
    use super::*;

    fn top(fetch: usize, offset: usize, retracting: bool, keys: &[usize]) -> TopNFactory {
        let key = |c: &usize| SortKey { column: *c, descending: false, nulls_first: true };
        let (keys, output) = (keys.iter().map(key).collect(), schema("v INT, n STRING"));
        TopNFactory { keys, offset, fetch, retracting, output }
    }

    #[test]
    fn who_enters_pushes_the_last_out() {
        let factory = top(2, 0, false, &[0]);
        check(
            &factory,
            &factory.output.clone(),
            &[
                ("+I 5 a\n+I 3 b\n+I 4 c", "+I 5 a\n+I 3 b\n-D 5 a\n+I 4 c"),
                ("+I 4 tie\n+I 9 late", ""),
                ("restore\n+I 1 d", "-D 4 c\n+I 1 d"),
            ],
        );
    }

    #[test]
    fn one_row_is_updated() {
        let factory = top(1, 0, false, &[0]);
        let steps = [("+I 5 a\n+I 3 b\n+I 4 c", "+I 5 a\n-U 5 a\n+U 3 b")];
        check(&factory, &factory.output.clone(), &steps);
    }

    #[test]
    fn an_offset_moves_the_window() {
        let factory = top(1, 1, false, &[0]);
        let steps = [("+I 5 a\n+I 3 b\n+I 1 c\n+I 2 d", "+I 5 a\n-U 5 a\n+U 3 b\n-U 3 b\n+U 2 d")];
        check(&factory, &factory.output.clone(), &steps);
    }

    #[test]
    fn what_is_taken_away_lets_the_next_in() {
        let factory = top(2, 0, true, &[0]);
        check(
            &factory,
            &factory.output.clone(),
            &[
                ("+I 1 a\n+I 2 b\n+I 3 c", "+I 1 a\n+I 2 b"),
                ("restore\n-D 1 a", "-D 1 a\n+I 3 c"),
                ("-U 2 b\n+U 9 b", "-D 2 b\n+I 9 b"),
                ("-D 7 nowhere", ""),
            ],
        );
    }

    #[test]
    fn without_keys_the_first_to_come_stay() {
        let factory = top(2, 0, true, &[]);
        let steps = [("+I 3 a\n+I 2 b\n+I 1 c", "+I 3 a\n+I 2 b"), ("-D 3 a", "-D 3 a\n+I 1 c")];
        check(&factory, &factory.output.clone(), &steps);
    }
}
