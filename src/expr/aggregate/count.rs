//! COUNT: of rows, or of values that are not NULL.

use arrow::array::{Array, ArrayRef};
use arrow::datatypes::Int64Type;

use super::accumulator::Accumulator;
use super::call::{AggregateCall, AggregateFunction, AggregateTypes};
use super::fold::{Fold, Grouped, Primitives};
use crate::base::Result;
use crate::data::{LogicalType, Value};
use crate::expr::Expr;
use crate::expr::function::Mismatch;

pub(super) static FUNCTIONS: &[AggregateFunction] = &[AggregateFunction {
    name: "COUNT",
    usage: "COUNT(*), COUNT([DISTINCT] value)",
    infer,
    create,
}];

fn infer(arguments: &[Expr]) -> Result<AggregateTypes, Mismatch> {
    match arguments {
        [] | [_] => Ok(AggregateTypes { result: LogicalType::BigInt, null_if_empty: false }),
        _ => Err(Mismatch::Types),
    }
}

fn create(call: &AggregateCall, _retracts: bool) -> Result<Box<dyn Accumulator>> {
    Ok(Box::new(Grouped::new(Count, call.data_type.clone())))
}

struct Count;

impl Fold for Count {
    type Group = i64;
    /// The argument, if it has NULLs: nothing else of it counts.
    type Input<'a> = Option<&'a ArrayRef>;
    type Results = Primitives<Int64Type>;

    fn empty(&self) -> i64 {
        0
    }

    fn input<'a>(&self, arguments: &'a [ArrayRef]) -> Result<Option<&'a ArrayRef>> {
        Ok(arguments.first().filter(|a| a.logical_null_count() > 0))
    }

    #[inline]
    fn apply(&self, count: &mut i64, nullable: &Option<&ArrayRef>, row: usize, adds: bool) {
        if nullable.is_none_or(|array| array.is_valid(row)) {
            *count += if adds { 1 } else { -1 };
        }
    }

    fn merge(&self, into: &mut i64, from: &i64) {
        *into += from;
    }

    fn result(&self, count: &i64) -> Option<i64> {
        Some(*count)
    }

    fn save(&self, count: &i64) -> Vec<Value> {
        vec![Value::BigInt(*count)]
    }

    fn load(&self, state: &[Value]) -> Option<i64> {
        match state {
            [Value::BigInt(count)] => Some(*count),
            _ => None,
        }
    }
}
