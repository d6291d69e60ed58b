//! SINGLE_VALUE: the value of the only row. A subquery in the place of a value has one; of two rows
//! nobody could say which is meant. A statement that calls it gets the same, as in Flink.

use arrow::array::ArrayRef;

use super::accumulator::{Accumulator, GroupedRows};
use super::call::{AggregateCall, AggregateFunction, AggregateTypes, Nullable, only};
use crate::base::{Error, Result};
use crate::data::arrow::array_of;
use crate::data::{DataType, Value, value_at};
use crate::expr::Expr;
use crate::expr::function::Mismatch;

/// Its name, which Flink's documentation does not tell.
pub const SINGLE_VALUE: &str = "SINGLE_VALUE";

pub(super) static FUNCTIONS: &[AggregateFunction] =
    &[AggregateFunction { name: SINGLE_VALUE, usage: "(SELECT value ..)", infer, create }];

fn infer(arguments: &[Expr]) -> Result<AggregateTypes, Mismatch> {
    let result = only(arguments)?.data_type.logical.clone();
    Ok(AggregateTypes { result, nullable: Nullable::IfEmpty })
}

fn create(call: &AggregateCall, _retracts: bool) -> Result<Box<dyn Accumulator>> {
    let argument = call.arguments.first().ok_or_else(|| call.refused())?.data_type.clone();
    Ok(Box::new(Single { groups: Vec::new(), argument, result: call.data_type.clone() }))
}

/// The rows of each group; more than one is an error.
struct Single {
    groups: Vec<Vec<Value>>,
    argument: DataType,
    result: DataType,
}

impl Single {
    fn result(&self, group: u32) -> Value {
        self.groups[group as usize].first().cloned().unwrap_or(Value::Null)
    }

    fn each(&mut self, rows: GroupedRows<'_>, mut seen: impl FnMut(Value)) -> Result<()> {
        let [argument] = rows.args else {
            return Err(Error::new("function-arguments")
                .arg("name", SINGLE_VALUE)
                .arg("types", "")
                .arg("usage", "(SELECT value ..)"));
        };
        for (row, group) in rows.groups.iter().enumerate() {
            seen(self.result(*group));
            let value = value_at(argument, &self.argument, row);
            let values = &mut self.groups[*group as usize];
            match rows.retracts.is_some_and(|retracts| retracts[row]) {
                true => {
                    if let Some(at) = values.iter().position(|v| *v == value) {
                        values.remove(at);
                    }
                }
                false => values.push(value),
            }
            if values.len() > 1 {
                return Err(Error::new("subquery-many-rows"));
            }
            seen(self.result(*group));
        }
        Ok(())
    }
}

impl Accumulator for Single {
    fn grow(&mut self, groups: usize) {
        self.groups.resize_with(groups.max(self.groups.len()), Vec::new);
    }

    fn accumulate(&mut self, rows: GroupedRows<'_>) -> Result<()> {
        self.each(rows, |_| {})
    }

    fn accumulate_running(&mut self, rows: GroupedRows<'_>) -> Result<ArrayRef> {
        let mut results = Vec::with_capacity(2 * rows.groups.len());
        self.each(rows, |value| results.push(value))?;
        array_of(&self.result, &results)
    }

    fn evaluate(&self, groups: &[u32]) -> Result<ArrayRef> {
        let results: Vec<Value> = groups.iter().map(|group| self.result(*group)).collect();
        array_of(&self.result, &results)
    }

    fn merge(&mut self, into: &[u32], from: &[u32]) -> Result<()> {
        for (into, from) in into.iter().zip(from) {
            let more = self.groups[*from as usize].clone();
            let values = &mut self.groups[*into as usize];
            values.extend(more);
            if values.len() > 1 {
                return Err(Error::new("subquery-many-rows"));
            }
        }
        Ok(())
    }

    fn clear(&mut self, group: u32) {
        self.groups[group as usize].clear();
    }

    fn state(&self, group: u32) -> Vec<Value> {
        self.groups[group as usize].clone()
    }

    fn restore(&mut self, group: u32, state: &[Value]) -> Result<()> {
        self.groups[group as usize] = state.to_vec();
        Ok(())
    }
}
