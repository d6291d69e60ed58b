//! What computes one aggregate, or some that share what is distinct among their arguments.

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray};

use super::Aggregate;
use crate::base::{Error, Result};
use crate::data::{Batch, Value};
use crate::expr::aggregate::{Accumulator, AggregateCall, Distinct, GroupedRows, SharedRows};

/// What computes some of the aggregates.
pub(super) struct Part {
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
    pub(super) fn all_of(aggregates: &[Aggregate], retracts: bool) -> Result<Vec<Self>> {
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
    pub(super) fn accumulate(
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
                let monotonic = self.members.iter().any(|member| of(member).call.monotonic);
                // What is taken away is not told to what only grows.
                let added = retracts.filter(|_| monotonic).map(|takes| adding(takes, filter));
                let (filter, retracts) = match &added {
                    Some(added) => (Some(added), None),
                    None => (filter, retracts),
                };
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

    pub(super) fn evaluate(&self, groups: &[u32]) -> Result<Vec<ArrayRef>> {
        match &self.values {
            PartValues::Alone(values) => Ok(vec![values.evaluate(groups)?]),
            PartValues::Distinct(values) => values.evaluate(groups),
        }
    }

    /// The positions of its aggregates.
    pub(super) fn members(&self) -> &[usize] {
        &self.members
    }

    pub(super) fn grow(&mut self, groups: usize) {
        match &mut self.values {
            PartValues::Alone(values) => values.grow(groups),
            PartValues::Distinct(values) => values.grow(groups),
        }
    }

    pub(super) fn merge(&mut self, into: &[u32], from: &[u32]) -> Result<()> {
        match &mut self.values {
            PartValues::Alone(values) => values.merge(into, from),
            PartValues::Distinct(values) => values.merge(into, from),
        }
    }

    pub(super) fn clear(&mut self, group: u32) {
        match &mut self.values {
            PartValues::Alone(values) => values.clear(group),
            PartValues::Distinct(values) => values.clear(group),
        }
    }

    /// What a checkpoint keeps of a group, for each of its aggregates.
    pub(super) fn states(&self, group: u32) -> Vec<Vec<Value>> {
        (0..self.members.len()).map(|call| self.state(call, group)).collect()
    }

    fn state(&self, call: usize, group: u32) -> Vec<Value> {
        match &self.values {
            PartValues::Alone(values) => values.state(group),
            PartValues::Distinct(values) => values.state(call, group),
        }
    }

    /// Takes its own out of the states of all aggregates.
    pub(super) fn restore(&mut self, group: u32, states: &[Vec<Value>]) -> Result<()> {
        let own: Vec<(usize, &Vec<Value>)> =
            self.members.iter().enumerate().map(|(call, m)| (call, &states[*m])).collect();
        own.into_iter().try_for_each(|(call, state)| self.restore_one(call, group, state))
    }

    fn restore_one(&mut self, call: usize, group: u32, state: &[Value]) -> Result<()> {
        match &mut self.values {
            PartValues::Alone(values) => values.restore(group, state),
            PartValues::Distinct(values) => values.restore(call, group, state),
        }
    }

    /// What its aggregates have accumulated in these groups, as the columns of their accumulators.
    pub(super) fn partials(
        &self,
        aggregates: &[Aggregate],
        groups: &[u32],
        retracts: bool,
    ) -> Result<Vec<Vec<ArrayRef>>> {
        let of_call = |(call, member): (usize, &usize)| {
            let aggregate = &aggregates[*member].call;
            if let PartValues::Alone(values) = &self.values {
                let buffers = aggregate.buffers(retracts).unwrap_or_default();
                if let Some(columns) = values.pack(groups, &buffers)? {
                    return Ok(columns);
                }
            }
            let states = groups.iter().map(|group| self.state(call, *group));
            aggregate.packed(states, retracts)
        };
        self.members.iter().enumerate().map(of_call).collect()
    }

    /// Adds such columns, a row a group. Where they go value by value, groups from `capacity` on are
    /// used for as long as that takes.
    pub(super) fn merge_partials(
        &mut self,
        aggregates: &[Aggregate],
        batch: &Batch,
        groups: &[u32],
        capacity: usize,
        retracts: bool,
    ) -> Result<()> {
        let columns = |member: &usize| -> Vec<ArrayRef> {
            aggregates[*member].args.iter().map(|c| batch.column(*c).clone()).collect()
        };
        if let (PartValues::Alone(values), [only]) = (&mut self.values, self.members.as_slice())
            && values.merge_packed(groups, &columns(only))?
        {
            return Ok(());
        }
        self.grow(capacity + batch.len());
        let others: Vec<u32> = (0..batch.len()).map(|row| (capacity + row) as u32).collect();
        for (call, member) in self.members.clone().iter().enumerate() {
            let aggregate = &aggregates[*member].call;
            let states = aggregate.unpacked(&columns(member), batch.len(), retracts)?;
            for (other, state) in others.iter().zip(states) {
                state.iter().try_for_each(|state| self.restore_one(call, *other, state))?;
            }
        }
        self.merge(groups, &others)?;
        others.into_iter().for_each(|other| self.clear(other));
        Ok(())
    }
}

/// The rows that add and pass a filter.
fn adding(retracts: &[bool], filter: Option<&BooleanArray>) -> BooleanArray {
    let passes = |row: usize| filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row));
    retracts.iter().enumerate().map(|(row, takes)| Some(!takes && passes(row))).collect()
}

fn condition(batch: &Batch, column: usize) -> Result<&BooleanArray> {
    let column = batch.column(column);
    column
        .as_boolean_opt()
        .ok_or_else(|| Error::new("not-a-condition").arg("type", column.data_type()))
}
