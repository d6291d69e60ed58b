//! DISTINCT: passes a value on when it first comes and when it last goes.
//!
//! Calls of the same arguments share what they have seen, whatever their filters, as in Flink: a value
//! is looked up once a row, and counted for each call. A distinct value of a group is an entry of a
//! [`GroupIndex`] over the group and the arguments.

mod entries;

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, Int64Array, UInt32Array};
use arrow::buffer::BooleanBuffer;
use arrow::compute::take;

use self::entries::Entries;
use super::accumulator::{Accumulator, GroupedRows};
use crate::base::{Error, Result};
use crate::data::arrow::array_of;
use crate::data::group_index::GroupIndex;
use crate::data::{DataType, LogicalType, Value, value_at};

/// Accumulators that see each value of a group once; of several arguments, each combination.
pub struct Distinct {
    /// Over the group, then the arguments.
    index: GroupIndex,
    arguments: Vec<DataType>,
    entries: Entries,
    calls: Vec<Box<dyn Accumulator>>,
}

/// Rows to accumulate for several calls, in order.
#[derive(Clone, Copy)]
pub struct SharedRows<'a> {
    /// The group of each row.
    pub groups: &'a [u32],
    /// The columns of the arguments.
    pub args: &'a [ArrayRef],
    /// For each call, the rows that count.
    pub filters: &'a [Option<&'a BooleanArray>],
    /// Rows that take away rather than add.
    pub retracts: Option<&'a [bool]>,
}

impl<'a> SharedRows<'a> {
    fn counts(&self, call: usize, row: usize) -> bool {
        self.filters[call].is_none_or(|filter| filter.is_valid(row) && filter.value(row))
    }

    /// The rows as one of the calls sees them.
    fn of(&self, turns: &'a BooleanArray) -> GroupedRows<'a> {
        let Self { groups, args, retracts, .. } = *self;
        GroupedRows { groups, args, filter: Some(turns), retracts }
    }
}

impl Distinct {
    /// Wraps accumulators of functions with arguments of these types. `retracts`: rows may be taken
    /// away again.
    ///
    /// # Errors
    /// `key-type` for a type whose values cannot be compared.
    pub fn new(
        calls: Vec<Box<dyn Accumulator>>,
        arguments: Vec<DataType>,
        retracts: bool,
    ) -> Result<Self> {
        let group = DataType::not_null(LogicalType::BigInt);
        let types: Vec<DataType> = std::iter::once(group).chain(arguments.clone()).collect();
        let (index, entries) = (GroupIndex::new(&types)?, Entries::new(calls.len(), retracts));
        Ok(Self { index, arguments, entries, calls })
    }

    /// Makes room for groups `0 .. groups`.
    pub fn grow(&mut self, groups: usize) {
        self.entries.grow_groups(groups);
        self.calls.iter_mut().for_each(|call| call.grow(groups));
    }

    /// Accumulates rows.
    ///
    /// # Errors
    /// Those of the accumulators.
    pub fn accumulate(&mut self, rows: SharedRows<'_>) -> Result<()> {
        let turns = self.turns(&rows)?;
        let mut calls = self.calls.iter_mut().zip(&turns);
        calls.try_for_each(|(call, turns)| call.accumulate(rows.of(turns)))
    }

    /// Accumulates rows; for each call the results before and after each row.
    ///
    /// # Errors
    /// Those of the accumulators.
    pub fn accumulate_running(&mut self, rows: SharedRows<'_>) -> Result<Vec<ArrayRef>> {
        let turns = self.turns(&rows)?;
        let calls = self.calls.iter_mut().zip(&turns);
        calls.map(|(call, turns)| call.accumulate_running(rows.of(turns))).collect()
    }

    /// The results of these groups, for each call.
    ///
    /// # Errors
    /// Those of the accumulators.
    pub fn evaluate(&self, groups: &[u32]) -> Result<Vec<ArrayRef>> {
        self.calls.iter().map(|call| call.evaluate(groups)).collect()
    }

    /// For each call, the rows at which a value first comes or last goes.
    fn turns(&mut self, rows: &SharedRows<'_>) -> Result<Vec<BooleanArray>> {
        let (calls, len) = (self.calls.len(), rows.groups.len());
        let mut turns = vec![vec![false; len]; calls];
        let (positions, entries) = self.intern_rows(rows)?;
        for (place, entry) in entries.iter().enumerate() {
            let row = positions.as_ref().map_or(place, |positions| positions[place] as usize);
            let adds = !rows.retracts.is_some_and(|retracts| retracts[row]);
            let times = if adds { 1 } else { -1 };
            for (call, turns) in turns.iter_mut().enumerate() {
                if rows.counts(call, row) {
                    turns[row] = self.entries.turns(rows.groups[row], *entry, call, times);
                }
            }
        }
        if rows.retracts.is_some() {
            self.forget(entries);
        }
        Ok(turns.into_iter().map(|turns| BooleanArray::new(turns.into(), None)).collect())
    }

    /// The entries of the rows that count for some call, and which rows those are if they are not all.
    /// A row with a NULL argument counts nowhere.
    fn intern_rows(&mut self, rows: &SharedRows<'_>) -> Result<(Option<Vec<u32>>, Vec<u32>)> {
        let len = rows.groups.len();
        let nulls: Vec<_> = rows.args.iter().filter_map(|a| a.logical_nulls()).collect();
        let unfiltered = rows.filters.iter().any(Option::is_none);
        let counts = |row: usize| {
            nulls.iter().all(|nulls| nulls.is_valid(row))
                && (unfiltered || (0..self.calls.len()).any(|call| rows.counts(call, row)))
        };
        if unfiltered && nulls.iter().all(|nulls| nulls.null_count() == 0) {
            return Ok((None, self.intern(rows.groups.iter(), rows.args)?));
        }
        let positions: Vec<u32> = (0..len as u32).filter(|row| counts(*row as usize)).collect();
        let chosen = UInt32Array::from(positions.clone());
        let args = rows.args.iter().map(|column| take(column, &chosen, None));
        let args = args.collect::<Result<Vec<_>, _>>().map_err(not_made)?;
        let groups = positions.iter().map(|row| &rows.groups[*row as usize]);
        let entries = self.intern(groups, &args)?;
        Ok((Some(positions), entries))
    }

    /// The entries of values of groups; there is room for them.
    fn intern<'a>(
        &mut self,
        groups: impl Iterator<Item = &'a u32>,
        args: &[ArrayRef],
    ) -> Result<Vec<u32>> {
        let groups = Int64Array::from_iter_values(groups.map(|group| i64::from(*group)));
        let (len, mut entries) = (groups.len(), Vec::new());
        let mut columns: Vec<ArrayRef> = vec![Arc::new(groups)];
        columns.extend_from_slice(args);
        self.index.intern(&columns, len, &mut entries)?;
        self.entries.grow(self.index.capacity());
        Ok(entries)
    }

    /// Entries that are in no group are given back.
    fn forget(&mut self, mut entries: Vec<u32>) {
        entries.retain(|entry| self.entries.is_free(*entry));
        entries.sort_unstable();
        entries.dedup();
        entries.into_iter().for_each(|entry| self.index.remove(entry));
    }

    /// Adds to each group of `into` what the group of `from` at its place has: the values that are new
    /// to their group go through the functions as rows. No group is in both.
    ///
    /// # Errors
    /// Those of the accumulators.
    pub fn merge(&mut self, into: &[u32], from: &[u32]) -> Result<()> {
        let (mut groups, mut others) = (Vec::new(), Vec::new());
        for (into, from) in into.iter().zip(from) {
            others.extend(self.entries.of(*from));
            groups.resize(others.len(), *into);
        }
        let args = self.index.columns(&others)?.split_off(1);
        let entries = self.intern(groups.iter(), &args)?;
        for (call, accumulator) in self.calls.iter_mut().enumerate() {
            let all = &mut self.entries;
            let turns = BooleanBuffer::collect_bool(groups.len(), |place| {
                let times = all.count(others[place], call);
                times != 0 && all.turns(groups[place], entries[place], call, times)
            });
            let filter = Some(&BooleanArray::new(turns, None));
            let gone: Vec<bool> =
                others.iter().map(|other| self.entries.count(*other, call) < 0).collect();
            let retracts = gone.contains(&true).then_some(gone.as_slice());
            let rows = GroupedRows { groups: &groups, args: &args, filter, retracts };
            accumulator.accumulate(rows)?;
        }
        Ok(())
    }

    /// Empties a group.
    pub fn clear(&mut self, group: u32) {
        for entry in self.entries.clear(group) {
            self.index.remove(entry);
        }
        self.calls.iter_mut().for_each(|call| call.clear(group));
    }

    /// What a checkpoint keeps of a group for one of the calls: how many distinct values, the values
    /// with their counts, then the state of the function.
    pub fn state(&self, call: usize, group: u32) -> Vec<Value> {
        let mut entries = self.entries.of(group);
        entries.retain(|entry| self.entries.count(*entry, call) != 0);
        let mut state = vec![Value::BigInt(entries.len() as i64)];
        // The columns are those of keys that the index itself made.
        let columns = self.index.columns(&entries).unwrap_or_default();
        for (row, entry) in entries.iter().enumerate() {
            let args = columns.iter().skip(1).zip(&self.arguments);
            let mut values: Vec<Value> = args.map(|(c, t)| value_at(c, t, row)).collect();
            state.push(match values.len() {
                1 => values.remove(0),
                _ => Value::Row(values.into()),
            });
            state.push(Value::BigInt(self.entries.count(*entry, call)));
        }
        state.extend(self.calls[call].state(group));
        state
    }

    /// Takes over what [`Self::state`] gave, into a group that is empty for this call.
    ///
    /// # Errors
    /// `state-not-readable`.
    pub fn restore(&mut self, call: usize, group: u32, state: &[Value]) -> Result<()> {
        let unreadable = || Error::new("state-not-readable");
        let Some((Value::BigInt(len), rest)) = state.split_first() else {
            return Err(unreadable());
        };
        let entries = usize::try_from(*len).ok().and_then(|len| len.checked_mul(2));
        let (entries, inner) =
            entries.and_then(|len| rest.split_at_checked(len)).ok_or_else(unreadable)?;
        let (mut values, mut counts) = (Vec::new(), Vec::new());
        for [value, count] in entries.as_chunks::<2>().0 {
            let Value::BigInt(count) = count else { return Err(unreadable()) };
            values.push(value);
            counts.push(*count);
        }
        let args = self.columns(&values)?;
        let groups = vec![group; values.len()];
        let entries = self.intern(groups.iter(), &args)?;
        for (entry, count) in entries.into_iter().zip(counts) {
            self.entries.turns(group, entry, call, count);
        }
        match inner {
            // The values go through the function when the group is merged into another.
            [] => Ok(()),
            inner => self.calls[call].restore(group, inner),
        }
    }

    /// The columns of the arguments that these values are.
    fn columns(&self, values: &[&Value]) -> Result<Vec<ArrayRef>> {
        let single = self.arguments.len() == 1;
        let column = |(index, data_type): (usize, &DataType)| {
            let value = |value: &&Value| match value {
                Value::Row(fields) if !single => fields.get(index).cloned().unwrap_or_default(),
                value => (*value).clone(),
            };
            array_of(data_type, &values.iter().map(value).collect::<Vec<_>>())
        };
        self.arguments.iter().enumerate().map(column).collect()
    }
}

fn not_made(error: arrow::error::ArrowError) -> Error {
    Error::new("column-not-made").arg("reason", error)
}

/// A call that shares with no other.
pub struct Alone(pub Distinct);

impl Accumulator for Alone {
    fn grow(&mut self, groups: usize) {
        self.0.grow(groups);
    }

    fn accumulate(&mut self, rows: GroupedRows<'_>) -> Result<()> {
        let GroupedRows { groups, args, filter, retracts } = rows;
        self.0.accumulate(SharedRows { groups, args, filters: &[filter], retracts })
    }

    fn accumulate_running(&mut self, rows: GroupedRows<'_>) -> Result<ArrayRef> {
        let GroupedRows { groups, args, filter, retracts } = rows;
        let rows = SharedRows { groups, args, filters: &[filter], retracts };
        only(self.0.accumulate_running(rows)?)
    }

    fn evaluate(&self, groups: &[u32]) -> Result<ArrayRef> {
        only(self.0.evaluate(groups)?)
    }

    fn merge(&mut self, into: &[u32], from: &[u32]) -> Result<()> {
        self.0.merge(into, from)
    }

    fn clear(&mut self, group: u32) {
        self.0.clear(group);
    }

    fn state(&self, group: u32) -> Vec<Value> {
        self.0.state(0, group)
    }

    fn restore(&mut self, group: u32, state: &[Value]) -> Result<()> {
        self.0.restore(0, group, state)
    }
}

fn only(columns: Vec<ArrayRef>) -> Result<ArrayRef> {
    let missing = || Error::new("column-not-made").arg("reason", "no call");
    columns.into_iter().next().ok_or_else(missing)
}
