//! DISTINCT: passes a value on when it first comes and when it last goes.

use std::collections::BTreeMap;

use arrow::array::{Array, ArrayRef, BooleanArray};

use super::accumulator::{Accumulator, GroupedRows};
use super::extreme::any_column;
use crate::base::{Error, Result};
use crate::data::order::Ordered;
use crate::data::{DataType, Value, value_at};

/// An accumulator that sees each value of a group once.
pub struct Distinct {
    inner: Box<dyn Accumulator>,
    argument: DataType,
    /// How often each value of a group is there.
    seen: Vec<BTreeMap<Ordered, i64>>,
}

impl Distinct {
    /// Wraps the accumulator of a function with an argument of this type.
    pub fn new(inner: Box<dyn Accumulator>, argument: DataType) -> Self {
        Self { inner, argument, seen: Vec::new() }
    }

    /// The rows at which a value first comes or last goes.
    fn turns(&mut self, rows: &GroupedRows<'_>) -> Result<BooleanArray> {
        let column = any_column(rows.args)?;
        let turn = |(row, group): (usize, &u32)| {
            let counts = rows.filter.is_none_or(|f| f.is_valid(row) && f.value(row));
            let adds = !rows.retracts.is_some_and(|retracts| retracts[row]);
            let value = value_at(column, &self.argument, row);
            counts && value != Value::Null && turns(&mut self.seen[*group as usize], value, adds)
        };
        Ok(rows.groups.iter().enumerate().map(turn).map(Some).collect())
    }
}

/// Counts a value, and says whether it has now come or gone.
fn turns(seen: &mut BTreeMap<Ordered, i64>, value: Value, adds: bool) -> bool {
    let key = Ordered(value);
    let count = seen.entry(key.clone()).or_insert(0);
    let before = *count > 0;
    *count += if adds { 1 } else { -1 };
    let after = *count > 0;
    if *count == 0 {
        seen.remove(&key);
    }
    before != after
}

impl Accumulator for Distinct {
    fn grow(&mut self, groups: usize) {
        if groups > self.seen.len() {
            self.seen.resize(groups, BTreeMap::new());
        }
        self.inner.grow(groups);
    }

    fn accumulate(&mut self, rows: GroupedRows<'_>) -> Result<()> {
        let turns = self.turns(&rows)?;
        self.inner.accumulate(GroupedRows { filter: Some(&turns), ..rows })
    }

    fn accumulate_running(&mut self, rows: GroupedRows<'_>) -> Result<ArrayRef> {
        let turns = self.turns(&rows)?;
        self.inner.accumulate_running(GroupedRows { filter: Some(&turns), ..rows })
    }

    fn evaluate(&self, groups: &[u32]) -> Result<ArrayRef> {
        self.inner.evaluate(groups)
    }

    fn clear(&mut self, group: u32) {
        self.seen[group as usize].clear();
        self.inner.clear(group);
    }

    /// How many distinct values, the values with their counts, then the state of the function.
    fn state(&self, group: u32) -> Vec<Value> {
        let seen = &self.seen[group as usize];
        let entry = |(value, count): (&Ordered, &i64)| [value.0.clone(), Value::BigInt(*count)];
        std::iter::once(Value::BigInt(seen.len() as i64))
            .chain(seen.iter().flat_map(entry))
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
        let entry = |[value, count]: &[Value; 2]| match count {
            Value::BigInt(count) => Ok((Ordered(value.clone()), *count)),
            _ => Err(unreadable()),
        };
        let (entries, _) = entries.as_chunks::<2>();
        self.seen[group as usize] = entries.iter().map(entry).collect::<Result<_>>()?;
        self.inner.restore(group, inner)
    }
}
