//! AVG: of integers an integer, cut toward zero.

use std::marker::PhantomData;

use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, PrimitiveArray};
use arrow::datatypes::{
    Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
};

use super::accumulator::Accumulator;
use super::call::{AggregateCall, AggregateFunction, AggregateTypes, Nullable, only};
use super::fold::{Fold, Grouped, Primitives, column};
use super::partial::Buffer;
use super::sum::{Number, each_sum, packed_sums};
use crate::base::Result;
use crate::data::{LogicalType, Value};
use crate::expr::Expr;
use crate::expr::cast::{divide_half_up, rescale};
use crate::expr::function::Mismatch;
use crate::expr::types::{MAX_PRECISION, is_numeric};

const MIN_SCALE: u8 = 6;

pub(super) static FUNCTIONS: &[AggregateFunction] =
    &[AggregateFunction { name: "AVG", usage: "AVG([DISTINCT] number)", infer, create }];

fn infer(arguments: &[Expr]) -> Result<AggregateTypes, Mismatch> {
    let result = match &only(arguments)?.data_type.logical {
        LogicalType::Decimal { scale, .. } => {
            LogicalType::Decimal { precision: MAX_PRECISION, scale: MIN_SCALE.max(*scale) }
        }
        other if is_numeric(other) => other.clone(),
        _ => return Err(Mismatch::Types),
    };
    Ok(AggregateTypes { result, nullable: Nullable::IfEmpty })
}

fn create(call: &AggregateCall, _retracts: bool) -> Result<Box<dyn Accumulator>> {
    Ok(match call.arguments.first().map(|a| &a.data_type.logical) {
        Some(LogicalType::TinyInt) => integers::<Int8Type>(call, i64::from, |v| v as i8),
        Some(LogicalType::SmallInt) => integers::<Int16Type>(call, i64::from, |v| v as i16),
        Some(LogicalType::Int) => integers::<Int32Type>(call, i64::from, |v| v as i32),
        Some(LogicalType::BigInt) => integers::<Int64Type>(call, |v| v, |v| v),
        Some(LogicalType::Float) => floats::<Float32Type>(call, f64::from, |v| v as f32),
        Some(LogicalType::Double) => floats::<Float64Type>(call, |v| v, |v| v),
        Some(LogicalType::Decimal { scale, .. }) => decimals(call, *scale),
        _ => return Err(call.refused()),
    })
}

fn integers<T: ArrowPrimitiveType>(
    call: &AggregateCall,
    wide: fn(T::Native) -> i64,
    narrow: fn(i64) -> T::Native,
) -> Box<dyn Accumulator> {
    average::<T, Int64Type>(
        call,
        Arithmetic {
            wide,
            add: i64::wrapping_add,
            subtract: i64::wrapping_sub,
            divide: Box::new(move |sum, count| Some(narrow(sum.wrapping_div(count)))),
        },
    )
}

fn floats<T: ArrowPrimitiveType>(
    call: &AggregateCall,
    wide: fn(T::Native) -> f64,
    narrow: fn(f64) -> T::Native,
) -> Box<dyn Accumulator> {
    average::<T, Float64Type>(
        call,
        Arithmetic {
            wide,
            add: |a, b| a + b,
            subtract: |a, b| a - b,
            divide: Box::new(move |sum, count| Some(narrow(sum / count as f64))),
        },
    )
}

fn decimals(call: &AggregateCall, scale: u8) -> Box<dyn Accumulator> {
    let result_scale = MIN_SCALE.max(scale);
    average::<Decimal128Type, Decimal128Type>(
        call,
        Arithmetic {
            wide: |v| v,
            add: i128::wrapping_add,
            subtract: i128::wrapping_sub,
            divide: Box::new(move |sum, count| {
                let sum = rescale(sum, scale, MAX_PRECISION, result_scale)?;
                Some(divide_half_up(sum, i128::from(count)))
            }),
        },
    )
}

/// How values of one type are summed in a wider one.
struct Arithmetic<N, S> {
    wide: fn(N) -> S,
    add: fn(S, S) -> S,
    subtract: fn(S, S) -> S,
    divide: Box<dyn Fn(S, i64) -> Option<N> + Send>,
}

struct Average<T: ArrowPrimitiveType, S: Number> {
    arithmetic: Arithmetic<T::Native, S::Native>,
    columns: PhantomData<fn() -> (T, S)>,
}

fn average<T: ArrowPrimitiveType, S: Number>(
    call: &AggregateCall,
    arithmetic: Arithmetic<T::Native, S::Native>,
) -> Box<dyn Accumulator>
where
    S::Native: Send,
{
    let fold = Average::<T, S> { arithmetic, columns: PhantomData };
    Box::new(Grouped::new(fold, call.data_type.clone()))
}

impl<T: ArrowPrimitiveType, S: Number> Fold for Average<T, S>
where
    S::Native: Send,
{
    /// The sum and how many values are in it.
    type Group = (S::Native, i64);
    type Input<'a> = &'a PrimitiveArray<T>;
    type Results = Primitives<T>;

    fn empty(&self) -> Self::Group {
        (S::Native::default(), 0)
    }

    fn input<'a>(&self, arguments: &'a [ArrayRef]) -> Result<&'a PrimitiveArray<T>> {
        column(arguments)
    }

    #[inline]
    fn apply(&self, group: &mut Self::Group, input: &Self::Input<'_>, row: usize, adds: bool) {
        if input.is_null(row) {
            return;
        }
        let (sum, count) = group;
        let value = (self.arithmetic.wide)(input.value(row));
        (*sum, *count) = match adds {
            true => ((self.arithmetic.add)(*sum, value), *count + 1),
            false => ((self.arithmetic.subtract)(*sum, value), *count - 1),
        };
    }

    fn merge(&self, into: &mut Self::Group, (sum, count): &Self::Group) {
        *into = ((self.arithmetic.add)(into.0, *sum), into.1 + count);
    }

    fn result(&self, (sum, count): &Self::Group) -> Option<T::Native> {
        if *count == 0 { None } else { (self.arithmetic.divide)(*sum, *count) }
    }

    fn save(&self, (sum, count): &Self::Group) -> Vec<Value> {
        vec![S::value(*sum), Value::BigInt(*count)]
    }

    fn load(&self, state: &[Value]) -> Option<Self::Group> {
        match state {
            [sum, Value::BigInt(count)] => Some((S::native(sum)?, *count)),
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
        let [sum, count] = buffers else { return None };
        let types = [&sum.data_type, &count.data_type];
        Some(packed_sums::<S>(groups.clone().map(|g| g.0), groups.map(|g| g.1), types))
    }

    fn merge_packed(
        &self,
        groups: &mut [Self::Group],
        into: &[u32],
        columns: &[ArrayRef],
    ) -> Option<Result<()>> {
        Some(each_sum::<S>(columns, into, |group, sum, count| {
            self.merge(&mut groups[group as usize], &(sum, count));
        }))
    }
}
