//! SUM, and its form `$SUM0`, which is 0 of no rows.

use std::marker::PhantomData;

use arrow::array::{
    Array, ArrayRef, ArrowNativeTypeOp, ArrowPrimitiveType, Int64Array, PrimitiveArray,
};
use arrow::datatypes::{
    Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
};

use super::accumulator::Accumulator;
use super::call::{AggregateCall, AggregateFunction, AggregateTypes, Nullable, only};
use super::fold::{Fold, Grouped, Primitives, column, column_at, packed};
use super::partial::Buffer;
use crate::base::Result;
use crate::data::{DataType, LogicalType, Value};
use crate::expr::Expr;
use crate::expr::function::Mismatch;
use crate::expr::types::{MAX_PRECISION, is_numeric};

pub(super) static FUNCTIONS: &[AggregateFunction] = &[
    AggregateFunction { name: "SUM", usage: "SUM([DISTINCT] number)", infer, create },
    AggregateFunction { name: "$SUM0", usage: "$SUM0(number)", infer: infer_or_zero, create },
];

fn infer(arguments: &[Expr]) -> Result<AggregateTypes, Mismatch> {
    let result = match &only(arguments)?.data_type.logical {
        LogicalType::Decimal { scale, .. } => {
            LogicalType::Decimal { precision: MAX_PRECISION, scale: *scale }
        }
        other if is_numeric(other) => other.clone(),
        _ => return Err(Mismatch::Types),
    };
    Ok(AggregateTypes { result, nullable: Nullable::IfEmpty })
}

fn infer_or_zero(arguments: &[Expr]) -> Result<AggregateTypes, Mismatch> {
    Ok(AggregateTypes { nullable: Nullable::Never, ..infer(arguments)? })
}

fn create(call: &AggregateCall, _retracts: bool) -> Result<Box<dyn Accumulator>> {
    Ok(match &call.data_type.logical {
        LogicalType::TinyInt => sum::<Int8Type>(call),
        LogicalType::SmallInt => sum::<Int16Type>(call),
        LogicalType::Int => sum::<Int32Type>(call),
        LogicalType::BigInt => sum::<Int64Type>(call),
        LogicalType::Float => sum::<Float32Type>(call),
        LogicalType::Double => sum::<Float64Type>(call),
        LogicalType::Decimal { .. } => sum::<Decimal128Type>(call),
        _ => return Err(call.refused()),
    })
}

fn sum<T: Number>(call: &AggregateCall) -> Box<dyn Accumulator> {
    let fold = Sum::<T> { or_zero: call.function.name == "$SUM0", number: PhantomData };
    Box::new(Grouped::new(fold, call.data_type.clone()))
}

/// A type of numbers that can be summed; sums wrap, as Java's do, but those of DECIMAL.
pub(super) trait Number: ArrowPrimitiveType {
    /// A sum, if it is one.
    fn plus(a: Self::Native, b: Self::Native) -> Option<Self::Native>;
    /// A sum as a value, for state.
    fn value(native: Self::Native) -> Value;
    /// A sum out of state.
    fn native(value: &Value) -> Option<Self::Native>;
}

macro_rules! number {
    ($type:ty, $pattern:pat => $native:expr, $value:expr) => {
        number!($type, $pattern => $native, $value, |a: <$type as ArrowPrimitiveType>::Native, b| {
            Some(a.add_wrapping(b))
        });
    };
    ($type:ty, $pattern:pat => $native:expr, $value:expr, $plus:expr) => {
        impl Number for $type {
            #[inline]
            fn plus(a: Self::Native, b: Self::Native) -> Option<Self::Native> {
                ($plus)(a, b)
            }
            fn value(native: Self::Native) -> Value {
                ($value)(native)
            }
            fn native(value: &Value) -> Option<Self::Native> {
                match value {
                    $pattern => Some($native),
                    _ => None,
                }
            }
        }
    };
}

number!(Int8Type, Value::TinyInt(v) => *v, Value::TinyInt);
number!(Int16Type, Value::SmallInt(v) => *v, Value::SmallInt);
number!(Int32Type, Value::Int(v) => *v, Value::Int);
number!(Int64Type, Value::BigInt(v) => *v, Value::BigInt);
number!(Float32Type, Value::Float(v) => *v, Value::Float);
number!(Float64Type, Value::Double(v) => *v, Value::Double);
number!(Decimal128Type, Value::Decimal(v, _) => *v, |v| Value::Decimal(v, 0), decimal_sum);

/// A sum of at most 38 digits.
fn decimal_sum(a: i128, b: i128) -> Option<i128> {
    const LIMIT: u128 = 10_u128.pow(MAX_PRECISION as u32);
    a.checked_add(b).filter(|sum| sum.unsigned_abs() < LIMIT)
}

struct Sum<T> {
    or_zero: bool,
    number: PhantomData<fn() -> T>,
}

/// The sum of a group and how many values are in it.
#[derive(Clone)]
struct Total<N> {
    sum: N,
    count: i64,
}

impl<N: ArrowNativeTypeOp> Total<N> {
    /// What is no sum any more is NULL, as in Flink, and the next value begins a new one.
    #[inline]
    fn add<T: Number<Native = N>>(&mut self, sum: N, count: i64) {
        (self.sum, self.count) = match T::plus(self.sum, sum) {
            Some(total) => (total, self.count + count),
            None => (N::ZERO, 0),
        };
    }
}

impl<T: Number> Fold for Sum<T>
where
    T::Native: Send,
{
    type Group = Total<T::Native>;
    type Input<'a> = &'a PrimitiveArray<T>;
    type Results = Primitives<T>;

    fn empty(&self) -> Self::Group {
        Total { sum: T::Native::ZERO, count: 0 }
    }

    fn input<'a>(&self, arguments: &'a [ArrayRef]) -> Result<&'a PrimitiveArray<T>> {
        column(arguments)
    }

    #[inline]
    fn apply(&self, group: &mut Self::Group, input: &Self::Input<'_>, row: usize, adds: bool) {
        if input.is_null(row) {
            return;
        }
        let value = input.value(row);
        if adds {
            group.add::<T>(value, 1);
        } else {
            group.sum = group.sum.sub_wrapping(value);
            group.count -= 1;
        }
    }

    fn merge(&self, into: &mut Self::Group, from: &Self::Group) {
        into.add::<T>(from.sum, from.count);
    }

    #[inline]
    fn result(&self, group: &Self::Group) -> Option<T::Native> {
        match group.count {
            // What was added and taken away again leaves no rest, not even of rounding.
            0 => self.or_zero.then_some(T::Native::ZERO),
            _ => Some(group.sum),
        }
    }

    fn save(&self, group: &Self::Group) -> Vec<Value> {
        vec![T::value(group.sum), Value::BigInt(group.count)]
    }

    fn load(&self, state: &[Value]) -> Option<Self::Group> {
        match state {
            [sum, Value::BigInt(count)] => Some(Total { sum: T::native(sum)?, count: *count }),
            _ => None,
        }
    }

    fn pack<'a>(
        &self,
        groups: impl ExactSizeIterator<Item = &'a Self::Group> + Clone,
        buffers: &[Buffer],
    ) -> Option<Result<Vec<ArrayRef>>>
    where
        Self: 'a,
    {
        Some(match buffers {
            [sum] => {
                // Where as much was taken away as was added, the sum is the difference of both.
                let value = |g: &Self::Group| match self.or_zero {
                    true => Some(g.sum),
                    false => self.result(g),
                };
                packed::<T>(groups.map(value), &sum.data_type).map(|sums| vec![sums])
            }
            [sum, count] => packed_sums::<T>(
                groups.clone().map(|g| g.sum),
                groups.map(|g| g.count),
                [&sum.data_type, &count.data_type],
            ),
            _ => return None,
        })
    }

    fn merge_packed(
        &self,
        groups: &mut [Self::Group],
        into: &[u32],
        columns: &[ArrayRef],
    ) -> Option<Result<()>> {
        Some(each_sum::<T>(columns, into, |group, sum, count| {
            groups[group as usize].add::<T>(sum, count);
        }))
    }
}

/// Sums, and of how many values each is, as two columns.
pub(super) fn packed_sums<T: ArrowPrimitiveType>(
    sums: impl ExactSizeIterator<Item = T::Native>,
    counts: impl ExactSizeIterator<Item = i64>,
    [sum, count]: [&DataType; 2],
) -> Result<Vec<ArrayRef>> {
    Ok(vec![packed::<T>(sums.map(Some), sum)?, packed::<Int64Type>(counts.map(Some), count)?])
}

/// Each sum that has travelled, with its group and of how many values it is: of some number if that is
/// not told.
///
/// # Errors
/// `column-not-made` if the columns are of other types.
pub(super) fn each_sum<T: ArrowPrimitiveType>(
    columns: &[ArrayRef],
    into: &[u32],
    mut each: impl FnMut(u32, T::Native, i64),
) -> Result<()> {
    let sums = column::<PrimitiveArray<T>>(columns)?;
    let counts = columns.get(1).map(|_| column_at::<Int64Array>(columns, 1)).transpose()?;
    for (row, group) in into.iter().enumerate().filter(|(row, _)| sums.is_valid(*row)) {
        each(*group, sums.value(row), counts.map_or(1, |counts| counts.value(row)));
    }
    Ok(())
}
