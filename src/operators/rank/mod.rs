//! Rank and SortLimit over a stream: the first rows of an order in each partition, corrected as rows
//! come and go.
//!
//! What is emitted is what Flink's functions emit, by how the input changes ([`Strategy`]) and by
//! whether rows know their place. Where they do (or where an offset hides the first places), a row that
//! comes or goes shifts those behind it, and each shifted place is updated. Where they do not, the row
//! that enters pushes one out: `-D`, then `+I`; where one row is kept of an input that only adds, the
//! two are `-U` and `+U` (`FastTop1Function`).

mod partition;
#[cfg(test)]
mod tests;

use arrow::row::Rows;

use super::aggregates::{GroupKeys, intern_values};
use super::buffer::{SortKey, Sorter};
use super::group_index::GroupIndex;
use super::{Context, Operator, OperatorFactory, SubtaskInfo};
use crate::base::{RecordId, Result};
use crate::data::{Batch, Row, RowKind, Schema, Value, rows_to_batch};
use crate::state::OperatorSnapshot;
use partition::{Changes, Entry, Partition};

const VERSION: u16 = 2;

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
    /// The last place that goes out.
    pub end: usize,
    /// Whether the place goes out as the last column.
    pub number: bool,
    /// How rows are kept.
    pub strategy: Strategy,
    /// Whether `-U` goes out before `+U`.
    pub update_before: bool,
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
            key_group_count: subtask.max_parallelism,
            factory: self.clone(),
        }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }
}

struct Rank {
    factory: RankFactory,
    index: GroupIndex,
    sorter: Sorter,
    /// By the number of a partition.
    partitions: Vec<Partition>,
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

    /// What a row changes.
    fn apply(&mut self, partition: u32, key: &[u8], batch: &Batch, row: usize) -> Changes {
        let factory = &self.factory;
        let partition = &mut self.partitions[partition as usize];
        let adds = batch.kind(row).adds();
        let retracts = factory.strategy == Strategy::Retract;
        // Most rows of a Top-N fall behind it: they need not be looked at.
        let falls_behind = adds
            && factory.strategy == Strategy::Append
            && partition.rows.len() >= factory.end
            && partition.rows.last().is_some_and(|last| *last.key <= *key);
        if falls_behind || (!adds && !retracts) {
            return Changes::default();
        }
        let entry = Entry { key: key.into(), fields: batch.row(&factory.input, row).fields };
        let mut changes = Changes::new(factory);
        match (&factory.strategy, adds) {
            (_, false) => partition.take_away(&entry, factory, &mut changes),
            (Strategy::UpdateFast(columns), true) => {
                partition.update(entry, columns, factory, &mut changes);
            }
            (_, true) => partition.add(entry, factory, &mut changes),
        }
        changes
    }

    /// A changed row as it goes out.
    fn output_row(&self, kind: RowKind, mut fields: Vec<Value>, place: usize) -> Row {
        if self.factory.number {
            fields.push(Value::BigInt(place as i64));
        }
        Row { kind, fields }
    }

    /// Partitions without rows are forgotten.
    fn forget(&mut self, mut touched: Vec<u32>) {
        touched.sort_unstable();
        touched.dedup();
        for partition in touched {
            if self.partitions[partition as usize].rows.is_empty() {
                self.index.remove(partition);
            }
        }
    }
}

/// What orders a row.
fn key_of(keys: Option<&Rows>, row: usize) -> &[u8] {
    keys.map_or(&[], |keys| keys.row(row).data())
}

impl Operator for Rank {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let keys = self.keys(&batch)?;
        let partitions = self.partitions_of(&batch)?;
        let (mut rows, mut causes): (Vec<Row>, Vec<RecordId>) = (Vec::new(), Vec::new());
        for (row, partition) in partitions.iter().enumerate() {
            let changes = self.apply(*partition, key_of(keys.as_ref(), row), &batch, row);
            let count = changes.rows.len();
            let changed = changes.rows.into_iter();
            rows.extend(changed.map(|(kind, fields, place)| self.output_row(kind, fields, place)));
            if let Some(ids) = batch.ids() {
                causes.extend(std::iter::repeat_n(ids[row], count));
            }
        }
        self.forget(partitions);
        if !rows.is_empty() {
            context.emit_each(rows_to_batch(&self.factory.output, &rows)?, &causes);
        }
        Ok(())
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        let groups = self.index.groups();
        let columns = self.index.columns(&groups)?;
        let keys = &self.factory.partition;
        let key_groups = keys.key_groups(&columns, groups.len(), self.key_group_count);
        let entry = |(row, group): (usize, &u32)| {
            let rows = &self.partitions[*group as usize].rows;
            let rows: Vec<Vec<Value>> = rows.iter().map(|e| e.fields.clone()).collect();
            (keys.values(&columns, row), rows)
        };
        let entries = groups.iter().enumerate().map(entry);
        OperatorSnapshot::of_entries(VERSION, key_groups.into_iter().zip(entries))
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &mut Context<'_>) -> Result<()> {
        type Saved = (Vec<Value>, Vec<Vec<Value>>);
        let range = context.subtask().key_groups();
        let entries: Vec<Saved> = OperatorSnapshot::entries(snapshots, VERSION, &range)?;
        let keys: Vec<_> = entries.iter().map(|(key, _)| key.clone()).collect();
        let groups = intern_values(&mut self.index, &self.factory.partition.types, &keys)?;
        self.partitions.resize_with(self.index.capacity(), Partition::default);
        for ((_, saved), group) in entries.into_iter().zip(groups) {
            let rows: Vec<Row> = saved.into_iter().map(Row::insert).collect();
            let keys = self.keys(&rows_to_batch(&self.factory.input, &rows)?)?;
            let entry = |(place, row): (usize, Row)| Entry {
                key: key_of(keys.as_ref(), place).into(),
                fields: row.fields,
            };
            let entries = rows.into_iter().enumerate().map(entry);
            self.partitions[group as usize].rows = entries.collect();
        }
        Ok(())
    }
}
