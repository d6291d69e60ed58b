//! The aggregate functions of one operator, side by side, and the keys of their groups.

mod part;

use std::sync::Arc;

use arrow::array::{Array, ArrayRef};
use arrow::compute::concat;
use serde::{Deserialize, Serialize};

use self::part::Part;
use super::group_index::GroupIndex;
use crate::base::{Error, Result};
use crate::data::arrow::array_of;
use crate::data::key::{hash_columns, key_group};
use crate::data::{Batch, DataType, Value, value_at};
use crate::expr::aggregate::AggregateCall;

/// One aggregate function over columns of the input.
#[derive(Clone, Debug)]
pub struct Aggregate {
    /// Its name in the output, by which the trace shows its value.
    pub name: Arc<str>,
    /// The function.
    pub call: AggregateCall,
    /// The columns of its arguments; where accumulators are merged, those of its accumulator.
    pub args: Vec<usize>,
    /// The BOOLEAN column of its `FILTER (WHERE ..)`.
    pub filter: Option<usize>,
}

/// The key columns of an operator's input.
#[derive(Clone, Debug, Default)]
pub struct GroupKeys {
    /// Their positions.
    pub columns: Vec<usize>,
    /// Their types, in the same order.
    pub types: Vec<DataType>,
}

/// What a checkpoint keeps of one group.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct GroupState {
    /// The key.
    pub(crate) key: Vec<Value>,
    /// How many rows it has; 0 if the operator does not count.
    pub(crate) rows: i64,
    /// The state of each aggregate.
    pub(crate) states: Vec<Vec<Value>>,
}

/// The values of all aggregates for all groups.
pub(crate) struct Aggregates {
    aggregates: Vec<Aggregate>,
    parts: Vec<Part>,
}

impl Aggregates {
    /// `retracts`: rows may be taken away again.
    pub(crate) fn new(aggregates: &[Aggregate], retracts: bool) -> Result<Self> {
        let parts = Part::all_of(aggregates, retracts)?;
        Ok(Self { aggregates: aggregates.to_vec(), parts })
    }

    pub(crate) fn grow(&mut self, groups: usize) {
        self.parts.iter_mut().for_each(|part| part.grow(groups));
    }

    /// Accumulates the rows of a batch.
    pub(crate) fn accumulate(&mut self, batch: &Batch, groups: &[u32]) -> Result<()> {
        self.accumulate_changes(batch, groups, None)
    }

    /// Accumulates the rows of a batch, of which some may take away.
    pub(crate) fn accumulate_changes(
        &mut self,
        batch: &Batch,
        groups: &[u32],
        retracts: Option<&[bool]>,
    ) -> Result<()> {
        let Self { aggregates, parts } = self;
        let mut parts = parts.iter_mut();
        parts.try_for_each(|part| {
            part.accumulate(aggregates, batch, groups, retracts, false).map(drop)
        })
    }

    /// Accumulates the rows of a batch; for each aggregate its results before and after each row.
    pub(crate) fn running(
        &mut self,
        batch: &Batch,
        groups: &[u32],
        retracts: Option<&[bool]>,
    ) -> Result<Vec<ArrayRef>> {
        let Self { aggregates, parts } = self;
        let results = parts
            .iter_mut()
            .map(|part| part.accumulate(aggregates, batch, groups, retracts, true))
            .collect::<Result<_>>()?;
        Ok(self.in_order(results))
    }

    pub(crate) fn evaluate(&self, groups: &[u32]) -> Result<Vec<ArrayRef>> {
        let results = self.parts.iter().map(|part| part.evaluate(groups));
        Ok(self.in_order(results.collect::<Result<_>>()?))
    }

    /// What the parts have for their members, by aggregate.
    fn in_order<T>(&self, of_parts: Vec<Vec<T>>) -> Vec<T> {
        let members = self.parts.iter().zip(of_parts);
        let mut all: Vec<(usize, T)> = members
            .flat_map(|(part, of_part)| part.members().iter().copied().zip(of_part))
            .collect();
        all.sort_unstable_by_key(|(position, _)| *position);
        all.into_iter().map(|(_, of_member)| of_member).collect()
    }

    /// Adds to each group of `into` what the group of `from` at its place has. No group is in both.
    pub(crate) fn merge(&mut self, into: &[u32], from: &[u32]) -> Result<()> {
        self.parts.iter_mut().try_for_each(|part| part.merge(into, from))
    }

    pub(crate) fn clear(&mut self, group: u32) {
        self.parts.iter_mut().for_each(|part| part.clear(group));
    }

    pub(crate) fn state(&self, group: u32) -> Vec<Vec<Value>> {
        self.in_order(self.parts.iter().map(|part| part.states(group)).collect())
    }

    pub(crate) fn restore(&mut self, group: u32, states: &[Vec<Value>]) -> Result<()> {
        if states.len() != self.aggregates.len() {
            return Err(Error::new("state-not-read").arg("reason", "another set of aggregates"));
        }
        self.parts.iter_mut().try_for_each(|part| part.restore(group, states))
    }

    /// What is accumulated in these groups, as columns: those of each aggregate's accumulator.
    pub(crate) fn partials(&self, groups: &[u32], retracts: bool) -> Result<Vec<Vec<ArrayRef>>> {
        let parts = self.parts.iter();
        let of_parts = parts.map(|part| part.partials(&self.aggregates, groups, retracts));
        Ok(self.in_order(of_parts.collect::<Result<_>>()?))
    }

    /// Adds what [`Self::partials`] gave elsewhere, a row a group; the arguments of each aggregate are
    /// the columns of its accumulator. Groups are below `capacity`.
    pub(crate) fn merge_partials(
        &mut self,
        batch: &Batch,
        groups: &[u32],
        capacity: usize,
        retracts: bool,
    ) -> Result<()> {
        let Self { aggregates, parts } = self;
        let mut parts = parts.iter_mut();
        parts
            .try_for_each(|part| part.merge_partials(aggregates, batch, groups, capacity, retracts))
    }

    /// Adds such rows; for each aggregate its results before and after each row.
    pub(crate) fn running_partials(
        &mut self,
        batch: &Batch,
        groups: &[u32],
        capacity: usize,
    ) -> Result<Vec<ArrayRef>> {
        let mut results = vec![Vec::with_capacity(2 * groups.len()); self.aggregates.len()];
        for (row, group) in groups.iter().enumerate() {
            let group = std::slice::from_ref(group);
            let before = self.evaluate(group)?;
            self.merge_partials(&batch.slice(row, 1), group, capacity, false)?;
            let after = self.evaluate(group)?;
            let pairs = before.into_iter().zip(after);
            results.iter_mut().zip(pairs).for_each(|(all, pair)| all.extend([pair.0, pair.1]));
        }
        let joined = |all: Vec<ArrayRef>| {
            let all: Vec<&dyn Array> = all.iter().map(|column| &**column).collect();
            concat(&all).map_err(|e| Error::new("column-not-made").arg("reason", e))
        };
        results.into_iter().map(joined).collect()
    }

    /// The value of each aggregate at one position of its column, named.
    pub(crate) fn named(&self, columns: &[ArrayRef], index: usize) -> Vec<(Arc<str>, Value)> {
        let values = self.aggregates.iter().zip(columns);
        values
            .map(|(a, column)| (a.name.clone(), value_at(column, &a.call.data_type, index)))
            .collect()
    }
}

impl GroupKeys {
    /// The key columns of a batch.
    pub(crate) fn of(&self, batch: &Batch) -> Vec<ArrayRef> {
        self.columns.iter().map(|c| batch.column(*c).clone()).collect()
    }

    /// The key of one row of key columns.
    pub(crate) fn values(&self, columns: &[ArrayRef], row: usize) -> Vec<Value> {
        columns.iter().zip(&self.types).map(|(c, t)| value_at(c, t, row)).collect()
    }

    /// The key group of each row of key columns.
    pub(crate) fn key_groups(&self, columns: &[ArrayRef], rows: usize, of: u16) -> Vec<u16> {
        let all: Vec<usize> = (0..columns.len()).collect();
        let hashes = hash_columns(&Batch::new(columns.to_vec(), rows), &all, &self.types);
        hashes.into_iter().map(|hash| key_group(hash, of)).collect()
    }

    /// What a checkpoint keeps of the keys of groups: the key group of each, and the key.
    pub(crate) fn saved(
        &self,
        index: &GroupIndex,
        groups: &[u32],
        of: u16,
    ) -> Result<(Vec<u16>, Vec<Vec<Value>>)> {
        let columns = index.columns(groups)?;
        let keys = (0..groups.len()).map(|row| self.values(&columns, row)).collect();
        Ok((self.key_groups(&columns, groups.len(), of), keys))
    }
}

/// Interns keys that a checkpoint kept; the group of each.
pub(crate) fn intern_values(
    index: &mut GroupIndex,
    types: &[DataType],
    keys: &[Vec<Value>],
) -> Result<Vec<u32>> {
    let column = |(i, t): (usize, &DataType)| {
        array_of(t, &keys.iter().map(|k| k[i].clone()).collect::<Vec<_>>())
    };
    let columns = types.iter().enumerate().map(column).collect::<Result<Vec<_>>>()?;
    let mut groups = Vec::new();
    index.intern(&columns, keys.len(), &mut groups)?;
    Ok(groups)
}
