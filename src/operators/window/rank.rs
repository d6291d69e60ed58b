//! WindowRank: the first rows of an order in each window and partition, once the window has passed.
//!
//! As a deduplication it is the first row of the order by time; of rows that tie the last one wins if
//! the last is kept.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array};

use super::{Moment, WindowTime, answered, millis};
use crate::base::{LabTime, RecordId, Result, Watermark};
use crate::data::{Batch, DataType, LogicalType, Row, Schema, Value, rows_to_batch, value_at};
use crate::operators::aggregates::{GroupKeys, intern_values};
use crate::operators::buffer::{SortKey, Sorter};
use crate::operators::group_index::GroupIndex;
use crate::operators::{Context, Drain, Operator, OperatorFactory, SubtaskInfo};
use crate::state::OperatorSnapshot;

const VERSION: u16 = 1;
/// Partitions that one portion of the answer holds.
const PORTION: usize = 1024;

/// What a WindowRank keeps.
#[derive(Clone, Debug)]
pub struct WindowRankFactory {
    /// PARTITION BY, without the window.
    pub keys: GroupKeys,
    /// ORDER BY.
    pub order: Vec<SortKey>,
    /// The first place that goes out, from 1.
    pub start: usize,
    /// The last place that goes out.
    pub end: usize,
    /// Whether the place goes out as the last column.
    pub number: bool,
    /// Whether of rows that tie the last one comes first.
    pub last_of_ties: bool,
    /// Where the window of a row is, and what moves windows on.
    pub time: WindowTime,
    /// The columns of the input.
    pub input: Schema,
    /// The columns that go out.
    pub output: Schema,
}

impl OperatorFactory for WindowRankFactory {
    fn create(&self, subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        let end = DataType::not_null(LogicalType::BigInt);
        let types: Vec<DataType> =
            std::iter::once(end).chain(self.keys.types.iter().cloned()).collect();
        Ok(Box::new(WindowRank {
            index: GroupIndex::new(&types)?,
            types,
            sorter: Sorter::new(&self.order),
            open: BTreeMap::new(),
            rows: Vec::new(),
            due: VecDeque::new(),
            owed: None,
            answered: i64::MIN,
            key_group_count: subtask.max_parallelism,
            factory: self.clone(),
        }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }

    fn emits_inserts_only(&self) -> bool {
        true
    }
}

/// A row, what it is ordered by, and its id in the trace.
#[derive(Clone)]
struct Entry {
    key: Box<[u8]>,
    fields: Vec<Value>,
    id: Option<RecordId>,
}

struct WindowRank {
    factory: WindowRankFactory,
    /// Partitions within windows: the first column is the window's end.
    index: GroupIndex,
    types: Vec<DataType>,
    sorter: Sorter,
    /// By the end of a window: its partitions in order of arrival.
    open: BTreeMap<i64, Vec<u32>>,
    /// By partition: its first rows in order.
    rows: Vec<Vec<Entry>>,
    due: VecDeque<u32>,
    owed: Option<Watermark>,
    answered: i64,
    key_group_count: u16,
}

impl WindowRank {
    fn ends(&self, batch: &Batch) -> Vec<i64> {
        let Moment::WindowEnd(column) = self.factory.time.moment else {
            return vec![i64::MIN; batch.len()];
        };
        millis(batch.column(column)).into_iter().map(|end| end.unwrap_or(i64::MIN)).collect()
    }

    fn insert(&mut self, partition: u32, end: i64, entry: Entry) {
        let rows = &mut self.rows[partition as usize];
        if rows.is_empty() {
            self.open.entry(end).or_default().push(partition);
        }
        let at = rows.partition_point(|e| match self.factory.last_of_ties {
            true => *e.key < *entry.key,
            false => *e.key <= *entry.key,
        });
        rows.insert(at, entry);
        rows.truncate(self.factory.end);
    }

    fn close(&mut self, until: i64) {
        while let Some(entry) = self.open.first_entry().filter(|e| *e.key() <= until) {
            self.due.extend(entry.remove());
        }
        self.answered = self.answered.max(until);
    }

    fn partitions(&mut self, ends: &[i64], batch: &Batch) -> Result<Vec<u32>> {
        let mut columns: Vec<ArrayRef> = vec![Arc::new(Int64Array::from(ends.to_vec()))];
        columns.extend(self.factory.keys.of(batch));
        let mut partitions = Vec::new();
        self.index.intern(&columns, batch.len(), &mut partitions)?;
        self.rows.resize(self.index.capacity(), Vec::new());
        Ok(partitions)
    }

    fn entries(&self, batch: &Batch) -> Result<Vec<Entry>> {
        let keys = self.sorter.comparable(batch)?;
        let entry = |(row, key): (usize, arrow::row::Row<'_>)| Entry {
            key: key.as_ref().into(),
            fields: batch.row(&self.factory.input, row).fields,
            id: batch.ids().map(|ids| ids[row]),
        };
        Ok(keys.iter().enumerate().map(entry).collect())
    }
}

impl Operator for WindowRank {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let ends = self.ends(&batch);
        let partitions = self.partitions(&ends, &batch)?;
        let entries = self.entries(&batch)?;
        let mut late = Vec::new();
        for ((partition, end), entry) in partitions.iter().zip(ends).zip(entries) {
            if end > self.answered {
                self.insert(*partition, end, entry);
                continue;
            }
            late.push(*partition);
            if let Some(id) = entry.id {
                context.trace_late(id);
            }
        }
        late.sort_unstable();
        late.dedup();
        late.into_iter().for_each(|partition| self.index.remove(partition));
        Ok(())
    }

    fn watermark(&mut self, watermark: Watermark, _context: &mut Context<'_>) -> Result<()> {
        self.owed = Some(watermark);
        if let Some(until) = self.factory.time.due_at(watermark) {
            self.close(until);
        }
        Ok(())
    }

    fn next_timer(&self) -> Option<LabTime> {
        self.factory.time.next_timer(self.open.keys().next().copied())
    }

    fn timer(&mut self, context: &mut Context<'_>) -> Result<()> {
        self.close(self.factory.time.due_now(context.now));
        Ok(())
    }

    fn end_input(&mut self, _input: usize, _context: &mut Context<'_>) -> Result<()> {
        if self.factory.time.answers_at_the_end() {
            self.close(i64::MAX);
        }
        Ok(())
    }

    fn drain(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        let portion: Vec<u32> = self.due.drain(..self.due.len().min(PORTION)).collect();
        if portion.is_empty() {
            if let Some(watermark) = self.owed.take() {
                context.emit_watermark(watermark);
            }
            return Ok(Drain::Done);
        }
        let (mut rows, mut causes) = (Vec::new(), Vec::new());
        for partition in portion {
            self.index.remove(partition);
            let kept = std::mem::take(&mut self.rows[partition as usize]);
            let places = kept.into_iter().enumerate().skip(self.factory.start - 1);
            for (place, Entry { mut fields, id, .. }) in places {
                if self.factory.number {
                    fields.push(Value::BigInt(place as i64 + 1));
                }
                rows.push(Row::insert(fields));
                causes.extend(id);
            }
        }
        if !rows.is_empty() {
            context.emit_each(rows_to_batch(&self.factory.output, &rows)?, &causes);
        }
        Ok(Drain::More)
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        let partitions: Vec<u32> = self.open.values().flatten().copied().collect();
        let columns = self.index.columns(&partitions)?;
        let keys = &self.factory.keys;
        let key_groups = keys.key_groups(&columns[1..], partitions.len(), self.key_group_count);
        let entry = |(row, partition): (usize, &u32)| {
            let key = columns.iter().zip(&self.types).map(|(c, t)| value_at(c, t, row));
            let rows = self.rows[*partition as usize].iter().map(|e| e.fields.clone());
            (key.collect::<Vec<Value>>(), rows.collect::<Vec<_>>())
        };
        let entries = partitions.iter().enumerate().map(entry);
        OperatorSnapshot::of_entries(VERSION, key_groups.into_iter().zip(entries))?
            .with_operator(&self.answered)
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &mut Context<'_>) -> Result<()> {
        type Saved = (Vec<Value>, Vec<Vec<Value>>);
        self.answered = answered(snapshots, VERSION)?;
        let range = context.subtask().key_groups();
        let entries: Vec<Saved> = OperatorSnapshot::entries(snapshots, VERSION, &range)?;
        let keys: Vec<_> = entries.iter().map(|(key, _)| key.clone()).collect();
        let partitions = intern_values(&mut self.index, &self.types, &keys)?;
        self.rows.resize(self.index.capacity(), Vec::new());
        for ((key, saved), partition) in entries.into_iter().zip(partitions) {
            let Some(Value::BigInt(end)) = key.first() else { continue };
            let rows: Vec<Row> = saved.into_iter().map(Row::insert).collect();
            let entries = self.entries(&rows_to_batch(&self.factory.input, &rows)?)?;
            self.open.entry(*end).or_default().push(partition);
            self.rows[partition as usize] = entries;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Progress;
    use super::*;
    use crate::operators::harness::{check, keys, schema};

    fn factory(end: usize, descending: bool, last_of_ties: bool) -> WindowRankFactory {
        let input = schema("k STRING, v INT, e TIMESTAMP");
        WindowRankFactory {
            keys: keys(&input, "k"),
            order: vec![SortKey { column: 1, descending, nulls_first: !descending }],
            start: 1,
            end,
            number: true,
            last_of_ties,
            time: WindowTime {
                moment: Moment::WindowEnd(2),
                progress: Progress::Watermark,
                zone: None,
            },
            output: schema("k STRING, v INT, e TIMESTAMP, rn BIGINT"),
            input,
        }
    }

    #[test]
    fn the_first_rows_of_each_window_once_it_has_passed() {
        let factory = factory(2, true, false);
        check(
            &factory,
            &factory.input.clone(),
            &[
                ("+I a 1 10\n+I a 3 10\n+I b 7 20\n+I a 2 10", ""),
                ("restore\nwatermark 9", "+I a 3 10 1\n+I a 2 10 2\nwatermark 9"),
                ("+I a 9 10\nend", "+I b 7 20 1"),
            ],
        );
    }

    #[test]
    fn of_ties_the_last_may_win() {
        let rows = "+I a 1 10\n+I a 1 10\nend";
        for last_of_ties in [false, true] {
            let factory = factory(1, true, last_of_ties);
            check(&factory, &factory.input.clone(), &[(rows, "+I a 1 10 1")]);
        }
    }
}
