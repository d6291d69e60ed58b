//! The family of STDDEV and VAR, by the sums that Flink reduces them to:
//! `VAR_POP(x) = (SUM(x * x) - SUM(x) * SUM(x) / COUNT(x)) / COUNT(x)`, in the type of `x`.

use std::marker::PhantomData;

use arrow::array::{Array, ArrayRef, ArrowNativeTypeOp, ArrowPrimitiveType, PrimitiveArray};
use arrow::datatypes::{
    Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, i256,
};

use super::accumulator::Accumulator;
use super::call::{AggregateCall, AggregateFunction, AggregateTypes, Nullable, only};
use super::fold::{Fold, Grouped, Primitives, column};
use super::sum::Number;
use crate::base::Result;
use crate::data::{LogicalType, Value};
use crate::expr::Expr;
use crate::expr::cast::number::power_of_ten;
use crate::expr::function::Mismatch;
use crate::expr::types::{MAX_PRECISION, is_numeric};

const fn entry(name: &'static str, usage: &'static str) -> AggregateFunction {
    AggregateFunction { name, usage, infer, create }
}

pub(super) static FUNCTIONS: &[AggregateFunction] = &[
    entry("STDDEV", "STDDEV([DISTINCT] number)"),
    entry("STDDEV_POP", "STDDEV_POP([DISTINCT] number)"),
    entry("STDDEV_SAMP", "STDDEV_SAMP([DISTINCT] number)"),
    entry("VARIANCE", "VARIANCE([DISTINCT] number)"),
    entry("VAR_POP", "VAR_POP([DISTINCT] number)"),
    entry("VAR_SAMP", "VAR_SAMP([DISTINCT] number)"),
];

const MIN_SCALE: u8 = 6;

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

/// Which one of the family.
#[derive(Clone, Copy)]
struct Kind {
    root: bool,
    sample: bool,
}

impl Kind {
    /// What the squares of the differences are divided by; `None` if there is no result.
    fn divisor(self, count: i64) -> Option<i64> {
        match (count, self.sample) {
            (..1, _) | (1, true) => None,
            (count, true) => Some(count - 1),
            (count, false) => Some(count),
        }
    }
}

fn create(call: &AggregateCall, _retracts: bool) -> Result<Box<dyn Accumulator>> {
    let name = call.function.name;
    let kind = Kind { root: name.starts_with("STDDEV"), sample: !name.ends_with("POP") };
    Ok(match call.arguments.first().map(|a| &a.data_type.logical) {
        Some(LogicalType::TinyInt) => {
            variance::<Int8Type>(call, kind, |k, s| Some(whole(k, s)? as i8))
        }
        Some(LogicalType::SmallInt) => {
            variance::<Int16Type>(call, kind, |k, s| Some(whole(k, s)? as i16))
        }
        Some(LogicalType::Int) => {
            variance::<Int32Type>(call, kind, |k, s| Some(whole(k, s)? as i32))
        }
        Some(LogicalType::BigInt) => variance::<Int64Type>(call, kind, whole),
        Some(LogicalType::Float) => variance::<Float32Type>(call, kind, |kind, sums| {
            approximate(kind, sums, f64::from).map(|v| v as f32)
        }),
        Some(LogicalType::Double) => {
            variance::<Float64Type>(call, kind, |kind, sums| approximate(kind, sums, |v| v))
        }
        Some(LogicalType::Decimal { scale, .. }) => {
            let scale = *scale;
            variance::<Decimal128Type>(call, kind, move |kind, sums| exact(kind, sums, scale))
        }
        _ => return Err(call.refused()),
    })
}

fn variance<T: Number>(
    call: &AggregateCall,
    kind: Kind,
    finish: impl Fn(Kind, &Sums<T::Native>) -> Option<T::Native> + Send + 'static,
) -> Box<dyn Accumulator>
where
    T::Native: Send,
{
    let fold = Variance::<T, _> { kind, finish, number: PhantomData };
    Box::new(Grouped::new(fold, call.data_type.clone()))
}

/// Of whole numbers every step is whole.
fn whole<N: ArrowNativeTypeOp>(kind: Kind, sums: &Sums<N>) -> Option<i64> {
    let divisor = kind.divisor(sums.count)?;
    let square = wide(sums.sum.mul_wrapping(sums.sum));
    let spread = wide(sums.squares).wrapping_sub(square / sums.count);
    let variance = spread / divisor;
    Some(if kind.root { (variance as f64).powf(0.5) as i64 } else { variance })
}

/// A whole number of any width as the widest.
fn wide<N: ArrowNativeTypeOp>(value: N) -> i64 {
    value.to_i64().unwrap_or_default()
}

fn approximate<N: ArrowNativeTypeOp>(
    kind: Kind,
    sums: &Sums<N>,
    wide: fn(N) -> f64,
) -> Option<f64> {
    let divisor = kind.divisor(sums.count)? as f64;
    let square = wide(sums.sum.mul_wrapping(sums.sum)) / sums.count as f64;
    let variance = (wide(sums.squares) - square) / divisor;
    Some(if kind.root { variance.powf(0.5) } else { variance })
}

/// Every quotient is rounded half up to the scale of the result: the square's by the count, and the
/// variance itself.
fn exact(kind: Kind, sums: &Sums<i128>, scale: u8) -> Option<i128> {
    let divisor = i256::from_i128(i128::from(kind.divisor(sums.count)?));
    let count = i256::from_i128(i128::from(sums.count));
    let sum = i256::from_i128(sums.sum);
    let result_scale = MIN_SCALE.max(scale);
    // The squares have twice the scale of the values.
    let (from, to) = (2 * scale, result_scale);
    let up = i256::from_i128(power_of_ten(to.saturating_sub(from)));
    let down = i256::from_i128(power_of_ten(from.saturating_sub(to)));
    let scaled = |squares: i256, by: i256| half_up(squares.checked_mul(up)?, by.checked_mul(down)?);
    let squares = scaled(i256::from_i128(sums.squares), i256::ONE)?;
    let spread = squares.checked_sub(scaled(sum.checked_mul(sum)?, count)?)?;
    let variance = half_up(spread, divisor)?.to_i128()?;
    if !kind.root {
        return Some(variance);
    }
    let unit = power_of_ten(result_scale) as f64;
    Some(((variance as f64 / unit).powf(0.5) * unit).round() as i128)
}

fn half_up(value: i256, divisor: i256) -> Option<i256> {
    let half = divisor.checked_div(i256::from_i128(2))?;
    let signed = if value.is_negative() { half.checked_neg()? } else { half };
    value.checked_add(signed)?.checked_div(divisor)
}

struct Variance<T, F> {
    kind: Kind,
    finish: F,
    number: PhantomData<fn() -> T>,
}

/// The sums of a group.
#[derive(Clone)]
struct Sums<N> {
    sum: N,
    squares: N,
    count: i64,
}

impl<T, F> Fold for Variance<T, F>
where
    T: Number,
    T::Native: Send,
    F: Fn(Kind, &Sums<T::Native>) -> Option<T::Native> + Send,
{
    type Group = Sums<T::Native>;
    type Input<'a> = &'a PrimitiveArray<T>;
    type Results = Primitives<T>;

    fn empty(&self) -> Self::Group {
        let zero = T::Native::ZERO;
        Sums { sum: zero, squares: zero, count: 0 }
    }

    fn input<'a>(&self, arguments: &'a [ArrayRef]) -> Result<&'a PrimitiveArray<T>> {
        column(arguments)
    }

    fn apply(&self, group: &mut Self::Group, input: &Self::Input<'_>, row: usize, adds: bool) {
        if input.is_null(row) {
            return;
        }
        let value = input.value(row);
        let square = value.mul_wrapping(value);
        let fold = match adds {
            true => <T::Native as ArrowNativeTypeOp>::add_wrapping,
            false => <T::Native as ArrowNativeTypeOp>::sub_wrapping,
        };
        group.sum = fold(group.sum, value);
        group.squares = fold(group.squares, square);
        group.count += if adds { 1 } else { -1 };
        // What was added and taken away again leaves no rest, not even of rounding.
        if group.count == 0 {
            *group = self.empty();
        }
    }

    fn merge(&self, into: &mut Self::Group, from: &Self::Group) {
        into.sum = into.sum.add_wrapping(from.sum);
        into.squares = into.squares.add_wrapping(from.squares);
        into.count += from.count;
        if into.count == 0 {
            *into = self.empty();
        }
    }

    fn result(&self, group: &Self::Group) -> Option<<T as ArrowPrimitiveType>::Native> {
        (self.finish)(self.kind, group)
    }

    fn save(&self, group: &Self::Group) -> Vec<Value> {
        vec![T::value(group.sum), T::value(group.squares), Value::BigInt(group.count)]
    }

    fn load(&self, state: &[Value]) -> Option<Self::Group> {
        match state {
            [sum, squares, Value::BigInt(count)] => {
                let (sum, squares) = (T::native(sum)?, T::native(squares)?);
                Some(Sums { sum, squares, count: *count })
            }
            _ => None,
        }
    }
}
