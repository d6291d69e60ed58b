//! COUNT: of rows, or of values that are not NULL.

use arrow::array::{Array, ArrayRef, Int64Array};
use arrow::datatypes::Int64Type;

use super::accumulator::Accumulator;
use super::call::{AggregateCall, AggregateFunction, AggregateTypes, Nullable};
use super::fold::{Fold, Grouped, Primitives, column, packed};
use super::partial::Buffer;
use crate::base::Result;
use crate::data::{LogicalType, Value};
use crate::expr::Expr;
use crate::expr::function::Mismatch;

pub(super) static FUNCTIONS: &[AggregateFunction] = &[
    AggregateFunction {
        name: "COUNT",
        usage: "COUNT(*), COUNT(value, ..), COUNT(DISTINCT value)",
        infer,
        create,
    },
    AggregateFunction {
        name: "APPROX_COUNT_DISTINCT",
        usage: "APPROX_COUNT_DISTINCT(value)",
        infer: infer_distinct,
        create,
    },
];

fn infer(_: &[Expr]) -> Result<AggregateTypes, Mismatch> {
    Ok(AggregateTypes { result: LogicalType::BigInt, nullable: Nullable::Never })
}

fn infer_distinct(arguments: &[Expr]) -> Result<AggregateTypes, Mismatch> {
    super::call::only(arguments)?;
    infer(arguments)
}

fn create(call: &AggregateCall, _retracts: bool) -> Result<Box<dyn Accumulator>> {
    Ok(Box::new(Grouped::new(Count, call.data_type.clone())))
}

struct Count;

impl Fold for Count {
    type Group = i64;
    /// The arguments that have NULLs: nothing else of them counts.
    type Input<'a> = Vec<&'a ArrayRef>;
    type Results = Primitives<Int64Type>;

    fn empty(&self) -> i64 {
        0
    }

    fn input<'a>(&self, arguments: &'a [ArrayRef]) -> Result<Vec<&'a ArrayRef>> {
        Ok(arguments.iter().filter(|a| a.logical_null_count() > 0).collect())
    }

    #[inline]
    fn apply(&self, count: &mut i64, nullable: &Vec<&ArrayRef>, row: usize, adds: bool) {
        if nullable.iter().all(|array| array.is_valid(row)) {
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

    fn pack<'a>(
        &self,
        groups: impl ExactSizeIterator<Item = &'a i64> + Clone,
        buffers: &[Buffer],
    ) -> Option<Result<Vec<ArrayRef>>> {
        let [buffer] = buffers else { return None };
        let counts = packed::<Int64Type>(groups.map(|count| Some(*count)), &buffer.data_type);
        Some(counts.map(|counts| vec![counts]))
    }

    fn merge_packed(
        &self,
        groups: &mut [i64],
        into: &[u32],
        columns: &[ArrayRef],
    ) -> Option<Result<()>> {
        let counts = column::<Int64Array>(columns);
        Some(counts.map(|counts| {
            for (group, count) in into.iter().zip(counts.values()) {
                groups[*group as usize] += count;
            }
        }))
    }
}
