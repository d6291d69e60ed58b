//! COLLECT: the multiset of values that are not NULL.

use std::sync::Arc;

use arrow::array::ArrayRef;

use super::accumulator::Accumulator;
use super::call::{AggregateCall, AggregateFunction, AggregateTypes, Nullable, only};
use super::extreme::any_column;
use super::fold::{Fold, Grouped};
use crate::base::Result;
use crate::data::key::sort_values_by_bucket;
use crate::data::order::compare;
use crate::data::{DataType, LogicalType, Value, value_at};
use crate::expr::Expr;
use crate::expr::function::Mismatch;

pub(super) static FUNCTIONS: &[AggregateFunction] =
    &[AggregateFunction { name: "COLLECT", usage: "COLLECT([DISTINCT] value)", infer, create }];

fn infer(arguments: &[Expr]) -> Result<AggregateTypes, Mismatch> {
    let element = only(arguments)?.data_type.clone();
    let result = LogicalType::Multiset(Arc::new(element));
    Ok(AggregateTypes { result, nullable: Nullable::Never })
}

fn create(call: &AggregateCall, _retracts: bool) -> Result<Box<dyn Accumulator>> {
    let argument = call.arguments.first().ok_or_else(|| call.refused())?.data_type.clone();
    Ok(Box::new(Grouped::new(Collect { argument }, call.data_type.clone())))
}

struct Collect {
    argument: DataType,
}

/// Counts a value so many times more, in order of arrival; what is there no more goes.
fn count(values: &mut Vec<(Value, i32)>, value: &Value, times: i32) {
    match values.iter().position(|(known, _)| compare(known, value).is_eq()) {
        Some(place) => {
            values[place].1 += times;
            if values[place].1 == 0 {
                values.remove(place);
            }
        }
        None => values.push((value.clone(), times)),
    }
}

impl Fold for Collect {
    type Group = Vec<(Value, i32)>;
    type Input<'a> = &'a ArrayRef;
    type Results = Vec<Value>;

    fn empty(&self) -> Self::Group {
        Vec::new()
    }

    fn input<'a>(&self, arguments: &'a [ArrayRef]) -> Result<&'a ArrayRef> {
        any_column(arguments)
    }

    fn apply(&self, values: &mut Self::Group, input: &&ArrayRef, row: usize, adds: bool) {
        let value = value_at(input, &self.argument, row);
        if value != Value::Null {
            count(values, &value, if adds { 1 } else { -1 });
        }
    }

    fn merge(&self, into: &mut Self::Group, from: &Self::Group) {
        from.iter().for_each(|(value, times)| count(into, value, *times));
    }

    fn result(&self, values: &Self::Group) -> Option<Value> {
        let mut present: Vec<_> = values.iter().filter(|(_, times)| *times > 0).collect();
        sort_values_by_bucket(&mut present, |(value, _)| value);
        let entries = present.into_iter().map(|(v, times)| (v.clone(), Value::Int(*times)));
        Some(Value::Map(entries.collect()))
    }

    fn save(&self, values: &Self::Group) -> Vec<Value> {
        values.iter().flat_map(|(value, times)| [value.clone(), Value::Int(*times)]).collect()
    }

    fn load(&self, state: &[Value]) -> Option<Self::Group> {
        let (entries, []) = state.as_chunks::<2>() else { return None };
        let entry = |[value, times]: &[Value; 2]| match times {
            Value::Int(times) => Some((value.clone(), *times)),
            _ => None,
        };
        entries.iter().map(entry).collect()
    }
}
