//! The aggregate functions of one operator, side by side, and the keys of their groups.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use serde::{Deserialize, Serialize};

use super::group_index::GroupIndex;
use crate::base::{Error, Result};
use crate::data::arrow::array_of;
use crate::data::key::{hash_columns, key_group};
use crate::data::{Batch, DataType, Value, value_at};
use crate::expr::aggregate::{
    Accumulator, AggregateCall, Buffer, Distinct, GroupedRows, SharedRows,
};

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

/// What computes some of the aggregates.
struct Part {
    /// Their positions.
    members: Vec<usize>,
    values: PartValues,
}

enum PartValues {
    /// One that is on its own.
    Alone(Box<dyn Accumulator>),
    /// Those of the same distinct arguments.
    Distinct(Box<Distinct>),
}

impl Part {
    /// Puts each aggregate into a part. Those that share what is distinct must see no order: a restored
    /// group has lost it between them.
    fn all_of(aggregates: &[Aggregate], retracts: bool) -> Result<Vec<Self>> {
        let shares = |a: &Aggregate| a.call.is_distinct() && a.call.sees_no_order();
        let mut sets: Vec<Vec<usize>> = Vec::new();
        for (position, aggregate) in aggregates.iter().enumerate() {
            let same = |set: &&mut Vec<usize>| {
                let first = &aggregates[set[0]];
                shares(first) && shares(aggregate) && first.args == aggregate.args
            };
            match sets.iter_mut().find(same) {
                Some(set) => set.push(position),
                None => sets.push(vec![position]),
            }
        }
        let part = |members: Vec<usize>| {
            let values = match members.as_slice() {
                [only] => PartValues::Alone(aggregates[*only].call.accumulator(retracts)?),
                several => {
                    let calls: Vec<_> = several.iter().map(|m| &aggregates[*m].call).collect();
                    PartValues::Distinct(Box::new(AggregateCall::distinct(&calls, retracts)?))
                }
            };
            Ok(Self { members, values })
        };
        sets.into_iter().map(part).collect()
    }

    /// Accumulates rows, and gives results before and after each if they are wanted.
    fn accumulate(
        &mut self,
        aggregates: &[Aggregate],
        batch: &Batch,
        groups: &[u32],
        retracts: Option<&[bool]>,
        running: bool,
    ) -> Result<Vec<ArrayRef>> {
        let of = |member: &usize| &aggregates[*member];
        let args = self.members.first().map_or(&[][..], |first| &of(first).args);
        let args: Vec<ArrayRef> = args.iter().map(|c| batch.column(*c).clone()).collect();
        let filter = |member| of(member).filter.map(|c| condition(batch, c)).transpose();
        let filters = self.members.iter().map(filter).collect::<Result<Vec<_>>>()?;
        match &mut self.values {
            PartValues::Alone(values) => {
                let filter = filters.first().copied().flatten();
                let rows = GroupedRows { groups, args: &args, filter, retracts };
                match running {
                    true => Ok(vec![values.accumulate_running(rows)?]),
                    false => values.accumulate(rows).map(|()| Vec::new()),
                }
            }
            PartValues::Distinct(values) => {
                let rows = SharedRows { groups, args: &args, filters: &filters, retracts };
                match running {
                    true => values.accumulate_running(rows),
                    false => values.accumulate(rows).map(|()| Vec::new()),
                }
            }
        }
    }

    fn evaluate(&self, groups: &[u32]) -> Result<Vec<ArrayRef>> {
        match &self.values {
            PartValues::Alone(values) => Ok(vec![values.evaluate(groups)?]),
            PartValues::Distinct(values) => values.evaluate(groups),
        }
    }
}

impl Aggregates {
    /// `retracts`: rows may be taken away again.
    pub(crate) fn new(aggregates: &[Aggregate], retracts: bool) -> Result<Self> {
        let parts = Part::all_of(aggregates, retracts)?;
        Ok(Self { aggregates: aggregates.to_vec(), parts })
    }

    pub(crate) fn grow(&mut self, groups: usize) {
        self.parts.iter_mut().for_each(|part| match &mut part.values {
            PartValues::Alone(values) => values.grow(groups),
            PartValues::Distinct(values) => values.grow(groups),
        });
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
        let mut all: Vec<(usize, T)> =
            members.flat_map(|(part, of_part)| part.members.iter().copied().zip(of_part)).collect();
        all.sort_unstable_by_key(|(position, _)| *position);
        all.into_iter().map(|(_, of_member)| of_member).collect()
    }

    /// Adds to each group of `into` what the group of `from` at its place has. No group is in both.
    pub(crate) fn merge(&mut self, into: &[u32], from: &[u32]) -> Result<()> {
        self.parts.iter_mut().try_for_each(|part| match &mut part.values {
            PartValues::Alone(values) => values.merge(into, from),
            PartValues::Distinct(values) => values.merge(into, from),
        })
    }

    pub(crate) fn clear(&mut self, group: u32) {
        self.parts.iter_mut().for_each(|part| match &mut part.values {
            PartValues::Alone(values) => values.clear(group),
            PartValues::Distinct(values) => values.clear(group),
        });
    }

    pub(crate) fn state(&self, group: u32) -> Vec<Vec<Value>> {
        let states = self.parts.iter().map(|part| match &part.values {
            PartValues::Alone(values) => vec![values.state(group)],
            PartValues::Distinct(values) => {
                (0..part.members.len()).map(|call| values.state(call, group)).collect()
            }
        });
        self.in_order(states.collect())
    }

    pub(crate) fn restore(&mut self, group: u32, states: &[Vec<Value>]) -> Result<()> {
        if states.len() != self.aggregates.len() {
            return Err(Error::new("state-not-read").arg("reason", "another set of aggregates"));
        }
        let mut states = states.iter().enumerate();
        states.try_for_each(|(position, state)| self.restore_one(position, group, state))
    }

    /// What is accumulated in these groups, as columns: those of each aggregate's accumulator.
    pub(crate) fn partials(&self, groups: &[u32], retracts: bool) -> Result<Vec<Vec<ArrayRef>>> {
        let states: Vec<_> = groups.iter().map(|group| self.state(*group)).collect();
        let of_aggregate = |(position, aggregate): (usize, &Aggregate)| {
            let call = &aggregate.call;
            let buffers = call.buffers(retracts).ok_or_else(not_merged)?;
            let packed = states.iter().map(|state| call.pack(state[position].clone(), retracts));
            let packed = packed.collect::<Result<Vec<_>>>()?;
            let column = |(place, buffer): (usize, &Buffer)| {
                let values: Vec<Value> = packed.iter().map(|row| row[place].clone()).collect();
                array_of(&buffer.data_type, &values)
            };
            buffers.iter().enumerate().map(column).collect::<Result<Vec<_>>>()
        };
        self.aggregates.iter().enumerate().map(of_aggregate).collect()
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
        let others: Vec<u32> = (0..batch.len()).map(|row| (capacity + row) as u32).collect();
        self.grow(capacity + batch.len());
        for (position, aggregate) in self.aggregates.clone().iter().enumerate() {
            let call = &aggregate.call;
            let buffers = call.buffers(retracts).ok_or_else(not_merged)?;
            for (row, other) in others.iter().enumerate() {
                let columns = aggregate.args.iter().zip(&buffers);
                let values = columns.map(|(c, b)| value_at(batch.column(*c), &b.data_type, row));
                if let Some(state) = call.unpack(values.collect(), retracts)? {
                    self.restore_one(position, *other, &state)?;
                }
            }
        }
        self.merge(groups, &others)?;
        others.into_iter().for_each(|other| self.clear(other));
        Ok(())
    }

    fn restore_one(&mut self, position: usize, group: u32, state: &[Value]) -> Result<()> {
        for part in &mut self.parts {
            let Some(call) = part.members.iter().position(|m| *m == position) else { continue };
            return match &mut part.values {
                PartValues::Alone(values) => values.restore(group, state),
                PartValues::Distinct(values) => values.restore(call, group, state),
            };
        }
        Ok(())
    }

    /// The value of each aggregate at one position of its column, named.
    pub(crate) fn named(&self, columns: &[ArrayRef], index: usize) -> Vec<(Arc<str>, Value)> {
        let values = self.aggregates.iter().zip(columns);
        values
            .map(|(a, column)| (a.name.clone(), value_at(column, &a.call.data_type, index)))
            .collect()
    }
}

fn not_merged() -> Error {
    Error::new("plan-broken").arg("reason", "an aggregate that cannot be merged")
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
