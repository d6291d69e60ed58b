//! MIN and MAX: the best value so far, or all values in order where rows can be taken away.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use arrow::array::ArrayRef;

use super::accumulator::Accumulator;
use super::best::best;
use super::call::{AggregateCall, AggregateFunction, AggregateTypes, Nullable, only};
use super::fold::{Fold, Grouped};
use crate::base::{Error, Result};
use crate::data::order::Ordered;
use crate::data::{DataType, LogicalType, Value, value_at};
use crate::expr::Expr;
use crate::expr::function::Mismatch;
use crate::expr::types::{is_datetime, is_numeric};

pub(super) static FUNCTIONS: &[AggregateFunction] = &[
    AggregateFunction { name: "MIN", usage: "MIN(value)", infer, create },
    AggregateFunction { name: "MAX", usage: "MAX(value)", infer, create },
];

/// What it cannot keep is refused where it is computed: [`AggregateCall::check`].
fn infer(arguments: &[Expr]) -> Result<AggregateTypes, Mismatch> {
    let result = only(arguments)?.data_type.logical.clone();
    Ok(AggregateTypes { result, nullable: Nullable::IfEmpty })
}

/// Whether Flink has an aggregate function that keeps values of a type; it has none for CHAR.
pub(super) fn is_kept(logical: &LogicalType) -> bool {
    use LogicalType as L;
    matches!(logical, L::Varchar(_) | L::Boolean) || is_numeric(logical) || is_datetime(logical)
}

fn create(call: &AggregateCall, retracts: bool) -> Result<Box<dyn Accumulator>> {
    let argument = call.arguments.first().ok_or_else(|| call.refused())?.data_type.clone();
    let wanted = if call.function.name == "MIN" { Ordering::Less } else { Ordering::Greater };
    let result = call.data_type.clone();
    Ok(match retracts {
        false => best(argument, wanted, result),
        true => Box::new(Grouped::new(All { argument, wanted }, result)),
    })
}

/// The argument as an untyped column.
pub(super) fn any_column(arguments: &[ArrayRef]) -> Result<&ArrayRef> {
    arguments.first().ok_or_else(|| Error::new("column-not-made").arg("reason", "no argument"))
}

/// Counts a value so many times more, and forgets what is there no more.
fn counted(values: &mut BTreeMap<Ordered, i64>, value: Ordered, times: i64) {
    match values.entry(value) {
        Entry::Vacant(entry) => {
            entry.insert(times);
        }
        Entry::Occupied(mut entry) => {
            *entry.get_mut() += times;
            if *entry.get() == 0 {
                entry.remove();
            }
        }
    }
}

/// Of rows that come and go. A value may go before it comes: its count is then below zero.
struct All {
    argument: DataType,
    wanted: Ordering,
}

impl Fold for All {
    type Group = BTreeMap<Ordered, i64>;
    type Input<'a> = &'a ArrayRef;
    type Results = Vec<Value>;

    fn empty(&self) -> Self::Group {
        BTreeMap::new()
    }

    fn input<'a>(&self, arguments: &'a [ArrayRef]) -> Result<&'a ArrayRef> {
        any_column(arguments)
    }

    fn apply(&self, values: &mut Self::Group, input: &&ArrayRef, row: usize, adds: bool) {
        let value = value_at(input, &self.argument, row);
        if value == Value::Null {
            return;
        }
        counted(values, Ordered(value), if adds { 1 } else { -1 });
    }

    fn merge(&self, into: &mut Self::Group, from: &Self::Group) {
        from.iter().for_each(|(value, count)| counted(into, value.clone(), *count));
    }

    fn result(&self, values: &Self::Group) -> Option<Value> {
        let mut present = values.iter().filter(|(_, count)| **count > 0).map(|(value, _)| value);
        let best = match self.wanted {
            Ordering::Less => present.next(),
            _ => present.next_back(),
        };
        best.map(|value| value.0.clone())
    }

    fn save(&self, values: &Self::Group) -> Vec<Value> {
        let entry = |(value, count): (&Ordered, &i64)| [value.0.clone(), Value::BigInt(*count)];
        values.iter().flat_map(entry).collect()
    }

    fn load(&self, state: &[Value]) -> Option<Self::Group> {
        let (entries, []) = state.as_chunks::<2>() else { return None };
        let entry = |[value, count]: &[Value; 2]| match count {
            Value::BigInt(count) => Some((Ordered(value.clone()), *count)),
            _ => None,
        };
        entries.iter().map(entry).collect()
    }
}
