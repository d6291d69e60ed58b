//! The aggregate functions of one operator, side by side, and the keys of their groups.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use serde::{Deserialize, Serialize};

use super::group_index::GroupIndex;
use crate::base::{Error, Result};
use crate::data::arrow::array_of;
use crate::data::key::{hash_columns, key_group};
use crate::data::{Batch, DataType, Value, value_at};
use crate::expr::aggregate::{Accumulator, AggregateCall, GroupedRows};

/// One aggregate function over columns of the input.
#[derive(Clone, Debug)]
pub struct Aggregate {
    /// Its name in the output, by which the trace shows its value.
    pub name: Arc<str>,
    /// The function.
    pub call: AggregateCall,
    /// The columns of its arguments.
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
pub(crate) struct Aggregates(Vec<(Aggregate, Box<dyn Accumulator>)>);

impl Aggregates {
    /// `retracts`: rows may be taken away again.
    pub(crate) fn new(aggregates: &[Aggregate], retracts: bool) -> Result<Self> {
        let make = |a: &Aggregate| Ok((a.clone(), a.call.accumulator(retracts)?));
        Ok(Self(aggregates.iter().map(make).collect::<Result<_>>()?))
    }

    pub(crate) fn grow(&mut self, groups: usize) {
        self.0.iter_mut().for_each(|(_, a)| a.grow(groups));
    }

    /// Accumulates the rows of a batch.
    pub(crate) fn accumulate(&mut self, batch: &Batch, groups: &[u32]) -> Result<()> {
        self.each(batch, groups, None, |a, rows| a.accumulate(rows)).map(drop)
    }

    /// Accumulates the rows of a batch; for each aggregate its results before and after each row.
    pub(crate) fn running(
        &mut self,
        batch: &Batch,
        groups: &[u32],
        retracts: Option<&[bool]>,
    ) -> Result<Vec<ArrayRef>> {
        self.each(batch, groups, retracts, |a, rows| a.accumulate_running(rows))
    }

    fn each<T>(
        &mut self,
        batch: &Batch,
        groups: &[u32],
        retracts: Option<&[bool]>,
        mut what: impl FnMut(&mut dyn Accumulator, GroupedRows<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut results = Vec::with_capacity(self.0.len());
        for (aggregate, accumulator) in &mut self.0 {
            let args: Vec<ArrayRef> =
                aggregate.args.iter().map(|c| batch.column(*c).clone()).collect();
            let filter = aggregate.filter.map(|c| condition(batch, c)).transpose()?;
            let rows = GroupedRows { groups, args: &args, filter, retracts };
            results.push(what(&mut **accumulator, rows)?);
        }
        Ok(results)
    }

    pub(crate) fn evaluate(&self, groups: &[u32]) -> Result<Vec<ArrayRef>> {
        self.0.iter().map(|(_, a)| a.evaluate(groups)).collect()
    }

    /// Adds to each group of `into` what the group of `from` at its place has.
    pub(crate) fn merge(&mut self, into: &[u32], from: &[u32]) -> Result<()> {
        self.0.iter_mut().try_for_each(|(_, a)| a.merge(into, from))
    }

    pub(crate) fn clear(&mut self, group: u32) {
        self.0.iter_mut().for_each(|(_, a)| a.clear(group));
    }

    pub(crate) fn state(&self, group: u32) -> Vec<Vec<Value>> {
        self.0.iter().map(|(_, a)| a.state(group)).collect()
    }

    pub(crate) fn restore(&mut self, group: u32, states: &[Vec<Value>]) -> Result<()> {
        if states.len() != self.0.len() {
            return Err(Error::new("state-not-read").arg("reason", "another set of aggregates"));
        }
        let mut each = self.0.iter_mut().zip(states);
        each.try_for_each(|((_, a), state)| a.restore(group, state))
    }

    /// The value of each aggregate at one position of its column, named.
    pub(crate) fn named(&self, columns: &[ArrayRef], index: usize) -> Vec<(Arc<str>, Value)> {
        let values = self.0.iter().zip(columns);
        values
            .map(|((a, _), column)| (a.name.clone(), value_at(column, &a.call.data_type, index)))
            .collect()
    }
}

fn condition(batch: &Batch, column: usize) -> Result<&BooleanArray> {
    let column = batch.column(column);
    column
        .as_boolean_opt()
        .ok_or_else(|| Error::new("not-a-condition").arg("type", column.data_type()))
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
