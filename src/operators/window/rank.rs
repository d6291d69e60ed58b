//! WindowRank: the first rows of an order in each window and partition, once the window has passed.
//!
//! As a deduplication it is the first row of the order by time; of rows that tie the last one wins if
//! the last is kept.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Int64Array};
use arrow::datatypes::Int64Type;
use smallvec::SmallVec;

use super::{Moment, Progress, WindowTime, answered, millis};
use crate::base::{LabTime, RecordId, Result, Watermark};
use crate::data::{Batch, DataType, LogicalType, Schema, Value, value_at};
use crate::operators::aggregates::{GroupKeys, intern_values};
use crate::operators::buffer::{SortKey, Sorter};
use crate::operators::group_index::GroupIndex;
use crate::operators::row_codec::RowCodec;
use crate::operators::row_store::{RowId, RowStore};
use crate::operators::state_trace::{Named, StateTrace};
use crate::operators::timers::Timers;
use crate::operators::{Context, Drain, Operator, OperatorFactory, SubtaskInfo};
use crate::state::OperatorSnapshot;

const VERSION: u16 = 1;
/// Flink's name of the state.
const STATE: &str = "window_rank";
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
            store: RowStore::new(&self.input),
            open: BTreeMap::new(),
            timers: Timers::default(),
            partitions: Vec::new(),
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

/// A row that is kept, what it is ordered by, and its id in the trace.
struct Entry {
    key: SmallVec<[u8; 24]>,
    row: RowId,
    id: Option<RecordId>,
}

/// A row as a checkpoint keeps it: what it is ordered by, and itself.
type Saved = (Vec<u8>, Vec<u8>);

struct WindowRank {
    factory: WindowRankFactory,
    /// Partitions within windows: the first column is the window's end.
    index: GroupIndex,
    types: Vec<DataType>,
    sorter: Sorter,
    store: RowStore,
    /// By the end of a window: its partitions in order of arrival.
    open: BTreeMap<i64, Vec<u32>>,
    /// In which order they answer.
    timers: Timers,
    /// By partition: its first rows in order.
    partitions: Vec<Vec<Entry>>,
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

    /// Keeps a row that arrived, if it is among the first of its partition.
    fn insert(&mut self, partition: u32, end: i64, key: &[u8], row: usize, id: Option<RecordId>) {
        let entries = &mut self.partitions[partition as usize];
        let at = entries.partition_point(|e| match self.factory.last_of_ties {
            true => *e.key < *key,
            false => *e.key <= *key,
        });
        if at >= self.factory.end {
            return;
        }
        if entries.is_empty() {
            self.open.entry(end).or_default().push(partition);
            match self.factory.time.progress {
                Progress::Watermark => self.timers.hold_back(end, partition),
                Progress::Clock | Progress::EndOfInput => self.timers.set(end, partition),
            }
        }
        entries.insert(at, Entry { key: key.into(), row: self.store.keep(row), id });
        for beyond in entries.drain(self.factory.end.min(entries.len())..) {
            self.store.release(beyond.row);
        }
    }

    fn close(&mut self, until: i64) {
        self.timers.advance(until);
        while let Some(entry) = self.open.first_entry().filter(|e| *e.key() <= until) {
            let (end, _) = entry.remove_entry();
            self.due.extend(self.timers.due(end).into_iter().map(|(_, partition)| partition));
        }
        self.answered = self.answered.max(until);
    }

    fn partitions_of(&mut self, ends: &[i64], batch: &Batch) -> Result<Vec<u32>> {
        let mut columns: Vec<ArrayRef> = vec![Arc::new(Int64Array::from(ends.to_vec()))];
        columns.extend(self.factory.keys.of(batch));
        let mut partitions = Vec::new();
        self.index.intern(&columns, batch.len(), &mut partitions)?;
        self.partitions.resize_with(self.index.capacity(), Vec::new);
        Ok(partitions)
    }

    /// What the trace tells of a partition.
    fn places(&self, partition: u32) -> Result<Named> {
        let rows = self.partitions[partition as usize].iter().map(|entry| &*entry.key);
        self.sorter.places(rows, &self.factory.input)
    }

    /// Tells the trace that partitions are gone.
    fn trace_gone(&self, partitions: &[u32], context: &mut Context<'_>) -> Result<()> {
        if !context.traces_records() {
            return Ok(());
        }
        let columns = self.index.columns(partitions)?;
        let ends = columns[0].as_primitive::<Int64Type>().values().iter().copied();
        let trace = StateTrace::of_columns(
            STATE,
            &self.factory.keys,
            &columns[1..],
            partitions.len(),
            context,
        );
        let trace = trace.within(ends);
        for (row, partition) in partitions.iter().enumerate() {
            trace.write(row, self.places(*partition)?, Named::new(), context);
        }
        Ok(())
    }

    /// Gives out what partitions keep, and forgets it.
    fn give(&mut self, partitions: &[u32], context: &mut Context<'_>) -> Result<()> {
        self.trace_gone(partitions, context)?;
        let (mut rows, mut places, mut numbers, mut causes) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for partition in partitions {
            self.index.remove(*partition);
            let entries = std::mem::take(&mut self.partitions[*partition as usize]);
            for (entry, number) in entries.into_iter().zip(1..) {
                rows.push(entry.row);
                if number >= self.factory.start as i64 {
                    places.push(self.store.place(entry.row));
                    numbers.push(number);
                    causes.extend(entry.id);
                }
            }
        }
        let mut columns = self.store.columns(&places)?;
        if self.factory.number {
            columns.push(Arc::new(Int64Array::from(numbers)));
        }
        context.emit_each(Batch::new(columns, places.len()), &causes);
        rows.into_iter().for_each(|row| self.store.release(row));
        self.store.settle()
    }
}

impl Operator for WindowRank {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let ends = self.ends(&batch);
        let partitions = self.partitions_of(&ends, &batch)?;
        let keys = self.sorter.comparable(&batch)?;
        self.store.arrive(&batch);
        let trace = StateTrace::of(STATE, &self.factory.keys, &batch, context);
        let trace = trace.map(|trace| trace.within(ends.iter().copied()));
        let mut late = Vec::new();
        for (row, (partition, end)) in partitions.iter().zip(ends).enumerate() {
            let id = batch.ids().map(|ids| ids[row]);
            if end > self.answered {
                self.timers.wait(end);
                let before = trace.as_ref().map(|_| self.places(*partition)).transpose()?;
                self.insert(*partition, end, keys.row(row).data(), row, id);
                if let Some((trace, before)) = trace.as_ref().zip(before) {
                    trace.changed(row, before, self.places(*partition)?, context);
                }
                continue;
            }
            late.push(*partition);
            if let Some(id) = id {
                context.trace_late(id);
            }
        }
        self.index.remove_unused(late, |_| true);
        self.store.settle()
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
        if !portion.is_empty() {
            self.give(&portion, context)?;
            return Ok(Drain::More);
        }
        if let Some(watermark) = self.owed.take() {
            context.emit_watermark(watermark);
        }
        Ok(Drain::Done)
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        let partitions: Vec<u32> = self.open.values().flatten().copied().collect();
        let columns = self.index.columns(&partitions)?;
        let keys = &self.factory.keys;
        let key_groups = keys.key_groups(&columns[1..], partitions.len(), self.key_group_count);
        let entries = partitions.iter().flat_map(|p| &self.partitions[*p as usize]);
        let rows: Vec<RowId> = entries.map(|entry| entry.row).collect();
        let mut encoded =
            RowCodec::new(&self.factory.input)?.encode(&self.store, &rows)?.into_iter();
        let saved = |(row, partition): (usize, &u32)| {
            let key = columns.iter().zip(&self.types).map(|(c, t)| value_at(c, t, row));
            let entries = self.partitions[*partition as usize].iter();
            let rows = entries.zip(encoded.by_ref()).map(|(e, bytes)| (e.key.to_vec(), bytes));
            (key.collect::<Vec<Value>>(), rows.collect::<Vec<Saved>>())
        };
        let entries = partitions.iter().enumerate().map(saved);
        OperatorSnapshot::of_entries(VERSION, key_groups.into_iter().zip(entries))?
            .with_operator(&self.answered)
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &mut Context<'_>) -> Result<()> {
        self.answered = answered(snapshots, VERSION)?;
        let range = context.subtask().key_groups();
        let entries: Vec<(Vec<Value>, Vec<Saved>)> =
            OperatorSnapshot::entries(snapshots, VERSION, &range)?;
        let keys: Vec<_> = entries.iter().map(|(key, _)| key.clone()).collect();
        let partitions = intern_values(&mut self.index, &self.types, &keys)?;
        self.partitions.resize_with(self.index.capacity(), Vec::new);
        let rows: Vec<&[u8]> =
            entries.iter().flat_map(|(_, saved)| saved).map(|(_, row)| row.as_slice()).collect();
        self.store.arrive(&RowCodec::new(&self.factory.input)?.decode(rows.into_iter())?);
        let mut row = 0..;
        for ((key, saved), partition) in entries.into_iter().zip(partitions) {
            let Some(Value::BigInt(end)) = key.first() else { continue };
            self.open.entry(*end).or_default().push(partition);
            self.timers.set(*end, partition);
            let entry = |((key, _), row): (Saved, usize)| Entry {
                key: key.into(),
                row: self.store.keep(row),
                id: None,
            };
            self.partitions[partition as usize] =
                saved.into_iter().zip(row.by_ref()).map(entry).collect();
        }
        self.store.settle()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operators::harness::{check, check_told, keys, schema};

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

    #[test]
    fn the_trace_tells_the_first_places_of_a_window() {
        let factory = factory(1, true, false);
        check_told(
            &factory,
            [&factory.input, &factory.input],
            "+I a 1 10\n+I a 3 10\n+I a 2 10\nwatermark 9",
            &[
                "window_rank 10 a:  -> 1=1",
                "window_rank 10 a: 1=1 -> 1=3",
                "window_rank 10 a: 1=3 -> ",
            ],
        );
    }
}
