//! FIRST_VALUE and LAST_VALUE: by order of arrival, without NULLs.

use std::collections::VecDeque;

use arrow::array::ArrayRef;

use super::accumulator::Accumulator;
use super::call::{AggregateCall, AggregateFunction, AggregateTypes, Nullable, only};
use super::extreme::any_column;
use super::fold::{Fold, Grouped};
use crate::base::Result;
use crate::data::{DataType, Value, value_at};
use crate::expr::Expr;
use crate::expr::function::Mismatch;

pub(super) static FUNCTIONS: &[AggregateFunction] = &[
    AggregateFunction { name: "FIRST_VALUE", usage: "FIRST_VALUE(value)", infer, create },
    AggregateFunction { name: "LAST_VALUE", usage: "LAST_VALUE(value)", infer, create },
];

fn infer(arguments: &[Expr]) -> Result<AggregateTypes, Mismatch> {
    let result = only(arguments)?.data_type.logical.clone();
    Ok(AggregateTypes { result, nullable: Nullable::IfEmpty })
}

fn create(call: &AggregateCall, retracts: bool) -> Result<Box<dyn Accumulator>> {
    let argument = call.arguments.first().ok_or_else(|| call.refused())?.data_type.clone();
    let first = call.function.name == "FIRST_VALUE";
    let fold = Arrivals { argument, first, retracts };
    Ok(Box::new(Grouped::new(fold, call.data_type.clone())))
}

/// Values in order of arrival: all of them if rows can be taken away, else the one that counts.
struct Arrivals {
    argument: DataType,
    first: bool,
    retracts: bool,
}

impl Arrivals {
    fn arrives(&self, values: &mut VecDeque<Value>, value: Value) {
        match self.retracts {
            true => values.push_back(value),
            false if self.first && !values.is_empty() => {}
            false => {
                values.clear();
                values.push_back(value);
            }
        }
    }
}

impl Fold for Arrivals {
    type Group = VecDeque<Value>;
    type Input<'a> = &'a ArrayRef;
    type Results = Vec<Value>;

    fn empty(&self) -> Self::Group {
        VecDeque::new()
    }

    fn input<'a>(&self, arguments: &'a [ArrayRef]) -> Result<&'a ArrayRef> {
        any_column(arguments)
    }

    fn apply(&self, values: &mut Self::Group, input: &&ArrayRef, row: usize, adds: bool) {
        let value = value_at(input, &self.argument, row);
        if value == Value::Null {
            return;
        }
        if adds {
            return self.arrives(values, value);
        }
        // Of equal values the oldest goes, as in Flink.
        if let Some(oldest) = values.iter().position(|v| *v == value) {
            values.remove(oldest);
        }
    }

    fn merge(&self, into: &mut Self::Group, from: &Self::Group) {
        from.iter().for_each(|value| self.arrives(into, value.clone()));
    }

    fn result(&self, values: &Self::Group) -> Option<Value> {
        if self.first { values.front() } else { values.back() }.cloned()
    }

    fn save(&self, values: &Self::Group) -> Vec<Value> {
        values.iter().cloned().collect()
    }

    fn load(&self, state: &[Value]) -> Option<Self::Group> {
        Some(state.iter().cloned().collect())
    }
}
