//! Rank and SortLimit over a stream: the first rows of an order in each partition, corrected as rows
//! come and go.
//!
//! What is emitted is what Flink's functions emit, by how the input changes ([`Strategy`]) and by
//! whether rows know their place. Where they do (or where an offset hides the first places), a row that
//! comes or goes shifts those behind it, and each shifted place is updated. Where they do not, the row
//! that enters pushes one out: `-D`, then `+I`; where one row is kept of an input that only adds, the
//! two are `-U` and `+U` (`FastTop1Function`).

mod expiry;
mod partition;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use arrow::array::{AsArray, Int64Array};
use arrow::compute;
use arrow::datatypes::{DataType, Int64Type};
use arrow::row::Rows;

use super::aggregates::{GroupKeys, intern_values};
use super::buffer::{PORTION, SortKey, Sorter};
use super::group_index::GroupIndex;
use super::row_store::{Place, RowStore};
use super::state_trace::{Named, StateTrace};
use super::ttl::Ttl;
use super::{Context, Operator, OperatorFactory, SubtaskInfo};
use crate::base::{RecordId, Result};
use crate::data::{Batch, Row, Schema, Value, rows_to_batch};
use crate::expr::kernel_error;
use crate::state::OperatorSnapshot;
use partition::{Change, Changes, Entry, NEVER, Partition};

const VERSION: u16 = 5;

/// How rows are kept, by what the input does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// It only adds.
    Append,
    /// It updates rows of these columns' values, and they only move to the front.
    UpdateFast(Vec<usize>),
    /// It takes rows away.
    Retract,
}

/// What a Rank keeps.
#[derive(Clone, Debug)]
pub struct RankFactory {
    /// PARTITION BY.
    pub partition: GroupKeys,
    /// ORDER BY. Without keys the order is that of arrival.
    pub order: Vec<SortKey>,
    /// The first place that goes out, from 1.
    pub start: usize,
    /// The last place that goes out, if it is the same everywhere.
    pub end: usize,
    /// The column that says it for a partition, in the first row of it that comes.
    pub end_column: Option<usize>,
    /// Whether the place goes out as the last column.
    pub number: bool,
    /// How rows are kept.
    pub strategy: Strategy,
    /// Whether `-U` goes out before `+U`.
    pub update_before: bool,
    /// How long rows are kept after they were written, in milliseconds; for ever if 0.
    pub ttl: i64,
    /// The columns of the input.
    pub input: Schema,
    /// The columns that go out.
    pub output: Schema,
}

impl OperatorFactory for RankFactory {
    fn create(&self, subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        Ok(Box::new(Rank {
            index: GroupIndex::new(&self.partition.types)?,
            sorter: Sorter::new(&self.order),
            partitions: Vec::new(),
            store: RowStore::new(&self.input),
            ttl: Ttl::new(self.ttl),
            key_group_count: subtask.max_parallelism,
            factory: self.clone(),
        }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }
}

impl RankFactory {
    /// Whether every place is told of: it is a column, or an offset hides some.
    fn numbers(&self) -> bool {
        self.number || self.start > 1
    }

    /// Whether a row may go out again once it went out: where the first alone goes out and nobody asks
    /// for the row before it, what orders it is all that is to be known.
    fn keeps_rows(&self) -> bool {
        let only_first = self.end == 1 && !self.numbers();
        !only_first || self.update_before || self.strategy != Strategy::Append
    }

    /// Whether Flink has one value a partition, and no list of rows (`FastTop1Function`).
    fn only_first(&self) -> bool {
        self.start == 1 && self.end == 1 && self.strategy != Strategy::Retract
    }

    /// Flink's name of the state.
    fn state(&self) -> &'static str {
        match self.strategy {
            _ if self.only_first() => "Top1-Rank-State",
            Strategy::Append => "data-state-with-append",
            Strategy::UpdateFast(_) => "data-state-with-update",
            Strategy::Retract => "data-state",
        }
    }
}

struct Rank {
    factory: RankFactory,
    index: GroupIndex,
    sorter: Sorter,
    /// By the number of a partition.
    partitions: Vec<Partition>,
    /// The rows that may go out again.
    store: RowStore,
    /// When to look at which partition.
    ttl: Ttl<u32>,
    key_group_count: u16,
}

impl Rank {
    /// What orders each row, as bytes; without an order there is nothing to compare.
    fn keys(&self, batch: &Batch) -> Result<Option<Rows>> {
        let ordered = !self.factory.order.is_empty();
        ordered.then(|| self.sorter.comparable(batch)).transpose()
    }

    fn partitions_of(&mut self, batch: &Batch) -> Result<Vec<u32>> {
        let mut groups = Vec::new();
        let columns = self.factory.partition.of(batch);
        self.index.intern(&columns, batch.len(), &mut groups)?;
        self.partitions.resize_with(self.index.capacity(), Partition::default);
        Ok(groups)
    }

    /// The last place that goes out, as each row says it; `None` if that is the same everywhere.
    fn ends(&self, batch: &Batch) -> Result<Option<Vec<usize>>> {
        let Some(column) = self.factory.end_column else { return Ok(None) };
        let numbers =
            compute::cast(batch.column(column), &DataType::Int64).map_err(kernel_error)?;
        let numbers = numbers.as_primitive::<Int64Type>().iter();
        let end = |number: Option<i64>| usize::try_from(number.unwrap_or(0)).unwrap_or(0);
        Ok(Some(numbers.map(end).collect()))
    }

    /// What a row changes.
    fn apply(
        &mut self,
        partition: u32,
        key: &[u8],
        adds: bool,
        (row, written): (usize, i64),
        out: &mut Changes,
    ) {
        let factory = &self.factory;
        let partition = &mut self.partitions[partition as usize];
        let end = partition.end.unwrap_or(factory.end);
        let change = &mut Change { factory, store: &mut self.store, end, row, written, out };
        match (&factory.strategy, adds) {
            (Strategy::Retract, false) => partition.take_away(key, change),
            (_, false) => {}
            (Strategy::UpdateFast(columns), true) => partition.update(key, columns, change),
            // Most rows of a Top-N fall behind it: they need not be looked at.
            (Strategy::Append, true) if partition.ends_before(key, end) => {}
            (_, true) => partition.add(key, change),
        }
    }

    /// What the trace tells of a partition.
    fn places(&self, partition: u32) -> Result<Named> {
        let rows = self.partitions[partition as usize].rows.iter().map(|entry| &*entry.key);
        self.sorter.places(rows, &self.factory.input)
    }

    /// Changed rows as they go out.
    fn emit(&self, out: &Changes, causes: &[RecordId], context: &mut Context<'_>) -> Result<()> {
        for start in (0..out.rows.len()).step_by(PORTION) {
            let range = start..out.rows.len().min(start + PORTION);
            let mut columns = self.store.columns(&out.rows[range.clone()])?;
            if self.factory.number {
                columns.push(Arc::new(Int64Array::from(out.numbers[range.clone()].to_vec())));
            }
            let batch = Batch::new(columns, range.len()).with_kinds(out.kinds(range.clone()));
            context.emit_each(batch, causes.get(range).unwrap_or_default());
        }
        Ok(())
    }

    /// The fields of the rows that partitions keep, one after the other.
    fn kept_rows(&self, partitions: &[u32]) -> Result<std::vec::IntoIter<Vec<Value>>> {
        let entries = partitions.iter().flat_map(|p| &self.partitions[*p as usize].rows);
        let places = entries.filter_map(|entry| entry.row).map(|row| self.store.place(row));
        let mut rows = Vec::new();
        for places in places.collect::<Vec<Place>>().chunks(PORTION) {
            let batch = Batch::new(self.store.columns(places)?, places.len());
            rows.extend(batch.rows(&self.factory.input).map(|row| row.fields));
        }
        Ok(rows.into_iter())
    }

    /// Partitions without rows are forgotten, unless it is known of them how many they may have.
    fn forget(&mut self, touched: Vec<u32>) {
        let is_unused = |partition| {
            let Partition { rows, end, .. } = &self.partitions[partition as usize];
            rows.is_empty() && end.is_none()
        };
        let gone = self.index.remove_unused(touched, is_unused);
        gone.into_iter().for_each(|partition| self.ttl.forget(partition));
    }
}

/// A row as a checkpoint keeps it: what orders it, the row if it may go out again, and when it was
/// written if rows expire.
type Saved = (Vec<u8>, Option<Vec<Value>>, i64);

/// A partition as a checkpoint keeps it: its key, how many rows go out if partitions differ in that, and
/// its rows.
type SavedPartition = (Vec<Value>, (Option<usize>, Vec<Saved>));

/// What orders a row.
fn key_of(keys: Option<&Rows>, row: usize) -> &[u8] {
    keys.map_or(&[], |keys| keys.row(row).data())
}

impl Operator for Rank {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let now = context.now.millis();
        self.expire(now)?;
        let written = self.written(now);
        let keys = self.keys(&batch)?;
        let partitions = self.partitions_of(&batch)?;
        self.store.arrive(&batch);
        let trace = StateTrace::of(self.factory.state(), &self.factory.partition, &batch, context);
        let ends = self.ends(&batch)?;
        let (mut out, mut causes): (Changes, Vec<RecordId>) = Default::default();
        for (row, partition) in partitions.iter().enumerate() {
            let known = out.rows.len();
            let (key, adds) = (key_of(keys.as_ref(), row), batch.kind(row).adds());
            let before = trace.as_ref().map(|_| self.places(*partition)).transpose()?;
            if let Some(ends) = &ends {
                self.partitions[*partition as usize].end.get_or_insert(ends[row]);
            }
            self.apply(*partition, key, adds, (row, written), &mut out);
            if let Some((trace, before)) = trace.as_ref().zip(before) {
                trace.changed(row, before, self.places(*partition)?, context);
            }
            if self.ttl.is_on() {
                self.looked_at(*partition, out.rows.len() > known, now);
            }
            if let Some(ids) = batch.ids() {
                causes.extend(std::iter::repeat_n(ids[row], out.rows.len() - known));
            }
        }
        self.forget(partitions);
        self.emit(&out, &causes, context)?;
        self.store.settle()
    }

    fn snapshot(&mut self, context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        let now = context.now.millis();
        self.expire(now)?;
        self.flush(now);
        let groups = self.index.groups();
        let (key_groups, keys) =
            self.factory.partition.saved(&self.index, &groups, self.key_group_count)?;
        let mut kept = self.kept_rows(&groups)?;
        let mut saved = |entry: &Entry| -> Saved {
            (entry.key.to_vec(), entry.row.and_then(|_| kept.next()), entry.written)
        };
        let entry = |(group, key): (&u32, Vec<Value>)| {
            let Partition { rows, end, .. } = &self.partitions[*group as usize];
            let rows: Vec<Saved> = rows.iter().map(&mut saved).collect();
            (key, (*end, rows))
        };
        let entries = groups.iter().zip(keys).map(entry);
        OperatorSnapshot::of_entries(VERSION, key_groups.into_iter().zip(entries))
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &mut Context<'_>) -> Result<()> {
        let now = context.now.millis();
        let range = context.subtask().key_groups();
        let entries: Vec<SavedPartition> = OperatorSnapshot::entries(snapshots, VERSION, &range)?;
        let (keys, saved): (Vec<_>, Vec<_>) = entries.into_iter().unzip();
        let groups = intern_values(&mut self.index, &self.factory.partition.types, &keys)?;
        self.partitions.resize_with(self.index.capacity(), Partition::default);
        let fields = saved.iter().flat_map(|(_, rows)| rows).filter_map(|saved| saved.1.clone());
        let rows: Vec<Row> = fields.map(Row::insert).collect();
        self.store.arrive(&rows_to_batch(&self.factory.input, &rows)?);
        let mut arrived = 0..;
        for ((end, saved), group) in saved.into_iter().zip(groups) {
            let entry = |(key, fields, written): Saved| {
                // What comes from a time without expiry is as good as new.
                let written = if written == NEVER { self.written(now) } else { written };
                let row = fields.and_then(|_| arrived.next()).map(|row| self.store.keep(row));
                Entry { key: key.into(), row, written }
            };
            let rows = saved.into_iter().map(entry).collect();
            self.partitions[group as usize] = Partition { rows, end, cached: None };
            self.look_again(group);
        }
        self.store.settle()
    }
}
