//! DISTINCT: passes a value on when it first comes and when it last goes.

use std::collections::hash_map::Entry;

use arrow::array::{Array, ArrayRef, BooleanArray};

use rustc_hash::FxHashMap;

use super::accumulator::{Accumulator, GroupedRows};
use crate::base::{Error, Result};
use crate::data::arrow::array_of;
use crate::data::order::Ordered;
use crate::data::{DataType, Value, value_at};

/// An accumulator that sees each value of a group once; of several arguments, each combination.
pub struct Distinct {
    inner: Box<dyn Accumulator>,
    arguments: Vec<DataType>,
    seen: Vec<Seen>,
}

/// The values of a group.
#[derive(Clone, Default)]
struct Seen {
    /// How often each is there, and when it came among the others, by which they are put in order.
    values: FxHashMap<Ordered, (i64, u64)>,
    /// How many came.
    arrivals: u64,
}

impl Seen {
    /// Counts a value so many times more, and says whether it has now come or gone.
    fn turns(&mut self, value: Ordered, times: i64) -> bool {
        let entry = match self.values.entry(value) {
            Entry::Vacant(entry) => {
                entry.insert((times, self.arrivals));
                self.arrivals += 1;
                return times > 0;
            }
            Entry::Occupied(entry) => entry,
        };
        let (before, at) = *entry.get();
        match before + times {
            0 => drop(entry.remove()),
            after => *entry.into_mut() = (after, at),
        }
        (before > 0) != (before + times > 0)
    }

    /// The values in order of arrival.
    fn in_order(&self) -> Vec<(&Ordered, i64)> {
        let mut values: Vec<_> = self.values.iter().collect();
        values.sort_by_key(|(_, (_, at))| *at);
        values.into_iter().map(|(value, (count, _))| (value, *count)).collect()
    }
}

impl Distinct {
    /// Wraps the accumulator of a function with arguments of these types.
    pub fn new(inner: Box<dyn Accumulator>, arguments: Vec<DataType>) -> Self {
        Self { inner, arguments, seen: Vec::new() }
    }

    /// The rows at which a value first comes or last goes.
    fn turns(&mut self, rows: &GroupedRows<'_>) -> BooleanArray {
        let turn = |(row, group): (usize, &u32)| {
            let counts = rows.filter.is_none_or(|f| f.is_valid(row) && f.value(row));
            let adds = !rows.retracts.is_some_and(|retracts| retracts[row]);
            let value = if counts { key(rows.args, &self.arguments, row) } else { None };
            let seen = &mut self.seen[*group as usize];
            value.is_some_and(|value| seen.turns(value, if adds { 1 } else { -1 }))
        };
        rows.groups.iter().enumerate().map(turn).map(Some).collect()
    }

    /// The columns of the arguments that these values are.
    fn columns(&self, keys: &[Ordered]) -> Result<Vec<ArrayRef>> {
        let single = self.arguments.len() == 1;
        let column = |(index, data_type): (usize, &DataType)| {
            let value = |key: &Ordered| match &key.0 {
                Value::Row(fields) if !single => fields[index].clone(),
                value => value.clone(),
            };
            array_of(data_type, &keys.iter().map(value).collect::<Vec<_>>())
        };
        self.arguments.iter().enumerate().map(column).collect()
    }
}

/// What counts once; `None` for a row with a NULL argument, which counts nowhere.
fn key(args: &[ArrayRef], types: &[DataType], row: usize) -> Option<Ordered> {
    let value = |(array, data_type)| match value_at(array, data_type, row) {
        Value::Null => None,
        value => Some(value),
    };
    let mut values = args.iter().zip(types).map(value);
    match args.len() {
        1 => values.next().flatten().map(Ordered),
        _ => Some(Ordered(Value::Row(values.collect::<Option<_>>()?))),
    }
}

impl Accumulator for Distinct {
    fn grow(&mut self, groups: usize) {
        if groups > self.seen.len() {
            self.seen.resize(groups, Seen::default());
        }
        self.inner.grow(groups);
    }

    fn accumulate(&mut self, rows: GroupedRows<'_>) -> Result<()> {
        let turns = self.turns(&rows);
        self.inner.accumulate(GroupedRows { filter: Some(&turns), ..rows })
    }

    fn accumulate_running(&mut self, rows: GroupedRows<'_>) -> Result<ArrayRef> {
        let turns = self.turns(&rows);
        self.inner.accumulate_running(GroupedRows { filter: Some(&turns), ..rows })
    }

    fn evaluate(&self, groups: &[u32]) -> Result<ArrayRef> {
        self.inner.evaluate(groups)
    }

    /// The values that are new to their group go through the function as rows.
    fn merge(&mut self, into: &[u32], from: &[u32]) -> Result<()> {
        let (mut groups, mut keys) = (Vec::new(), Vec::new());
        for (into, from) in into.iter().zip(from) {
            let other = self.seen[*from as usize].clone();
            let seen = &mut self.seen[*into as usize];
            for (value, count) in other.in_order() {
                if seen.turns(value.clone(), count) {
                    groups.push(*into);
                    keys.push(value.clone());
                }
            }
        }
        let args = self.columns(&keys)?;
        let rows = GroupedRows { groups: &groups, args: &args, filter: None, retracts: None };
        self.inner.accumulate(rows)
    }

    fn clear(&mut self, group: u32) {
        self.seen[group as usize] = Seen::default();
        self.inner.clear(group);
    }

    /// How many distinct values, the values with their counts, then the state of the function.
    fn state(&self, group: u32) -> Vec<Value> {
        let seen = self.seen[group as usize].in_order();
        let entry = |(value, count): (&Ordered, i64)| [value.0.clone(), Value::BigInt(count)];
        std::iter::once(Value::BigInt(seen.len() as i64))
            .chain(seen.into_iter().flat_map(entry))
            .chain(self.inner.state(group))
            .collect()
    }

    fn restore(&mut self, group: u32, state: &[Value]) -> Result<()> {
        let unreadable = || Error::new("state-not-readable");
        let Some((Value::BigInt(len), rest)) = state.split_first() else {
            return Err(unreadable());
        };
        let entries = usize::try_from(*len).ok().and_then(|len| len.checked_mul(2));
        let (entries, inner) =
            entries.and_then(|len| rest.split_at_checked(len)).ok_or_else(unreadable)?;
        let mut seen = Seen::default();
        for [value, count] in entries.as_chunks::<2>().0 {
            let Value::BigInt(count) = count else { return Err(unreadable()) };
            seen.turns(Ordered(value.clone()), *count);
        }
        self.seen[group as usize] = seen;
        self.inner.restore(group, inner)
    }
}
