//! `+ - * / %` and the sign: of numbers, intervals, and of times with intervals.
//!
//! Integers wrap, as Java's do; only a division by zero fails.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, ArrowNativeTypeOp, ArrowPrimitiveType, AsArray, Datum, Int64Array, PrimitiveArray,
};
use arrow::compute::kernels::numeric;
use arrow::datatypes::{
    DataType as ArrowType, Decimal128Type, DurationMillisecondType, Float32Type, Float64Type,
    Int8Type, Int16Type, Int32Type, Int64Type, IntervalYearMonthType,
};
use arrow::error::ArrowError;

use super::{Inferred, as_given, datetime, decimal, fits, resolved};
use crate::base::{Error, Result};
use crate::data::LogicalType;
use crate::expr::cast::cast_array;
use crate::expr::columnar::{Columnar, kernel_error};
use crate::expr::function::{Call, Function, Mismatch};
use crate::expr::tree::Expr;
use crate::expr::types::{
    common_number, is_approximate, is_datetime, is_integer, is_interval, is_numeric,
};

pub(super) static FUNCTIONS: &[Function] = &[
    Function::strict("+", "number + number, time + interval", infer_add, add),
    Function::strict("-", "number - number, time - interval", infer_subtract, subtract),
    Function::strict("*", "number * number", infer_multiply, multiply),
    Function::strict("/", "number / number", infer_divide, divide),
    Function::strict("%", "number % divisor", infer_remainder, remainder),
    Function::strict("MOD", "MOD(number, divisor)", infer_remainder, remainder),
    Function::strict("NEGATE", "-number", infer_negate, negate),
];

/// The types of an operation on numbers: decimals by their own rule, others in their common type.
fn numbers(operands: &[Expr], decimal: fn((u8, u8), (u8, u8)) -> LogicalType) -> Inferred {
    let [left, right] = operands else { return Err(Mismatch::Types) };
    let (a, b) = number_types(left, right)?;
    let common = common_number(&a, &b).ok_or(Mismatch::Types)?;
    if !matches!(common, LogicalType::Decimal { .. }) {
        return Ok(resolved(operands, vec![common.clone(), common.clone()], common));
    }
    let (a, b) = (decimal::digits(&a)?, decimal::digits(&b)?);
    let exact = |(precision, scale)| LogicalType::Decimal { precision, scale };
    Ok(resolved(operands, vec![exact(a), exact(b)], decimal(a, b)))
}

/// The types of both operands; a bare NULL has the type of the other.
fn number_types(left: &Expr, right: &Expr) -> Result<(LogicalType, LogicalType), Mismatch> {
    let (a, b) = (&left.data_type.logical, &right.data_type.logical);
    match (is_numeric(a), is_numeric(b)) {
        (true, true) => Ok((a.clone(), b.clone())),
        (true, false) if *b == LogicalType::Null => Ok((a.clone(), a.clone())),
        (false, true) if *a == LogicalType::Null => Ok((b.clone(), b.clone())),
        _ => Err(Mismatch::Types),
    }
}

fn infer_add(operands: &[Expr]) -> Inferred {
    let [left, right] = operands else { return Err(Mismatch::Types) };
    let (a, b) = (&left.data_type.logical, &right.data_type.logical);
    match () {
        () if is_interval(a) && a == b => Ok(as_given(operands, a.clone())),
        () if is_datetime(a) && is_interval(b) => Ok(as_given(operands, plain(a))),
        () if is_interval(a) && is_datetime(b) => Ok(as_given(operands, plain(b))),
        () => numbers(operands, decimal::sum_type),
    }
}

fn infer_subtract(operands: &[Expr]) -> Inferred {
    let [left, right] = operands else { return Err(Mismatch::Types) };
    let (a, b) = (&left.data_type.logical, &right.data_type.logical);
    match () {
        () if is_interval(a) && a == b => Ok(as_given(operands, a.clone())),
        () if is_datetime(a) && is_interval(b) => Ok(as_given(operands, plain(a))),
        () => numbers(operands, decimal::sum_type),
    }
}

/// What is computed from a time attribute is none.
fn plain(logical: &LogicalType) -> LogicalType {
    let attribute = crate::data::TimeAttribute::None;
    match logical {
        LogicalType::Timestamp { precision, .. } => LogicalType::timestamp(*precision),
        LogicalType::TimestampLtz { precision, .. } => {
            LogicalType::TimestampLtz { precision: *precision, attribute }
        }
        other => other.clone(),
    }
}

fn infer_multiply(operands: &[Expr]) -> Inferred {
    let [left, right] = operands else { return Err(Mismatch::Types) };
    let (a, b) = (&left.data_type.logical, &right.data_type.logical);
    let number = LogicalType::BigInt;
    match () {
        () if is_integer(a) && is_interval(b) => {
            Ok(resolved(operands, vec![number, b.clone()], b.clone()))
        }
        () if is_interval(a) && is_integer(b) => {
            Ok(resolved(operands, vec![a.clone(), number], a.clone()))
        }
        () => numbers(operands, decimal::product_type),
    }
}

fn infer_divide(operands: &[Expr]) -> Inferred {
    numbers(operands, decimal::quotient_type)
}

/// Of whole numbers it has the type of the divisor; there is none of approximate numbers. An integer has
/// to fit into the type of a DECIMAL that it is divided by.
fn infer_remainder(operands: &[Expr]) -> Inferred {
    if operands.iter().any(|o| is_approximate(&o.data_type.logical)) {
        return Err(Mismatch::Types);
    }
    let mut types = numbers(operands, decimal::remainder_type)?;
    let [_, divisor] = operands else { return Err(Mismatch::Types) };
    let whole = |o: &Expr| match o.data_type.logical {
        LogicalType::Decimal { scale, .. } => scale == 0,
        ref other => is_integer(other),
    };
    if operands.iter().all(whole) && is_integer(&divisor.data_type.logical) {
        types.result.logical = divisor.data_type.logical.clone();
    }
    if is_integer(&operands[0].data_type.logical) && !whole(divisor) {
        types.arguments = vec![divisor.data_type.logical.clone(); 2];
    }
    Ok(types)
}

fn infer_negate(operands: &[Expr]) -> Inferred {
    match operands {
        [operand] if fits(operand, |t| is_numeric(t) || is_interval(t)) => {
            Ok(as_given(operands, operand.data_type.logical.clone()))
        }
        _ => Err(Mismatch::Types),
    }
}

fn add(call: &Call<'_>) -> Result<Columnar> {
    let (a, b) = (call.logical(0), call.logical(1));
    match call.result.logical {
        LogicalType::Decimal { .. } => decimal::add(call),
        _ if is_datetime(a) => datetime::shift(call, 0, 1, 1),
        _ if is_datetime(b) => datetime::shift(call, 1, 0, 1),
        _ => kernel(call, numeric::add_wrapping),
    }
}

fn subtract(call: &Call<'_>) -> Result<Columnar> {
    let a = call.logical(0);
    match call.result.logical {
        LogicalType::Decimal { .. } => decimal::subtract(call),
        _ if is_datetime(a) => datetime::shift(call, 0, 1, -1),
        _ => kernel(call, numeric::sub_wrapping),
    }
}

fn multiply(call: &Call<'_>) -> Result<Columnar> {
    match call.result.logical {
        LogicalType::Decimal { .. } => decimal::multiply(call),
        LogicalType::IntervalYearMonth => {
            let (interval, number) = interval_and_number(call);
            let interval = call.numbers::<IntervalYearMonthType>(interval)?;
            let number = call.numbers::<Int64Type>(number)?;
            let product = |row| Some(interval.get(row)?.wrapping_mul(number.get(row)? as i32));
            Ok(call.collect::<_, PrimitiveArray<IntervalYearMonthType>>(product))
        }
        LogicalType::IntervalDayTime => {
            let (interval, number) = interval_and_number(call);
            let interval = call.numbers::<DurationMillisecondType>(interval)?;
            let number = call.numbers::<Int64Type>(number)?;
            let product = |row| Some(interval.get(row)?.wrapping_mul(number.get(row)?));
            Ok(call.collect::<_, PrimitiveArray<DurationMillisecondType>>(product))
        }
        _ => kernel(call, numeric::mul_wrapping),
    }
}

/// Which operand is the interval, and which the number.
fn interval_and_number(call: &Call<'_>) -> (usize, usize) {
    if is_interval(call.logical(0)) { (0, 1) } else { (1, 0) }
}

/// One of Arrow's kernels on both operands.
fn kernel(
    call: &Call<'_>,
    kernel: fn(&dyn Datum, &dyn Datum) -> Result<ArrayRef, ArrowError>,
) -> Result<Columnar> {
    Ok(Columnar::Array(kernel(&call.arguments[0], &call.arguments[1]).map_err(kernel_error)?))
}

fn divide(call: &Call<'_>) -> Result<Columnar> {
    match call.result.logical {
        LogicalType::Decimal { .. } => decimal::divide(call),
        LogicalType::TinyInt => integers::<Int8Type>(call, i8::wrapping_div),
        LogicalType::SmallInt => integers::<Int16Type>(call, i16::wrapping_div),
        LogicalType::Int => integers::<Int32Type>(call, i32::wrapping_div),
        LogicalType::BigInt => integers::<Int64Type>(call, i64::wrapping_div),
        _ => kernel(call, numeric::div),
    }
}

/// Integers are computed in their common type and narrowed to that of the divisor.
fn remainder(call: &Call<'_>) -> Result<Columnar> {
    if matches!(call.result.logical, LogicalType::Decimal { .. }) {
        return decimal::remainder(call);
    }
    if matches!(call.values(0).data_type(), ArrowType::Decimal128(..)) {
        return whole_remainder(call);
    }
    let narrow = |from: LogicalType, remainder: Columnar| {
        let to = &call.result.logical;
        remainder.map(|array| cast_array(array, &from, to, false, call.context))
    };
    // The operands were cast to their common type; the divisor's own may be narrower.
    match call.values(0).data_type() {
        ArrowType::Int8 => {
            narrow(LogicalType::TinyInt, integers::<Int8Type>(call, i8::wrapping_rem)?)
        }
        ArrowType::Int16 => {
            narrow(LogicalType::SmallInt, integers::<Int16Type>(call, i16::wrapping_rem)?)
        }
        ArrowType::Int32 => {
            narrow(LogicalType::Int, integers::<Int32Type>(call, i32::wrapping_rem)?)
        }
        ArrowType::Int64 => {
            narrow(LogicalType::BigInt, integers::<Int64Type>(call, i64::wrapping_rem)?)
        }
        other => Err(Error::new("column-not-made").arg("reason", other)),
    }
}

/// A whole DECIMAL by an integer, which is of the integer's type.
fn whole_remainder(call: &Call<'_>) -> Result<Columnar> {
    let (left, right) = (call.numbers::<Decimal128Type>(0)?, call.numbers::<Decimal128Type>(1)?);
    let one = |row| match (left.get(row), right.get(row)) {
        (Some(_), Some(0)) => Err(Error::new("division-by-zero")),
        (Some(a), Some(b)) => Ok(i64::try_from(a.wrapping_rem(b)).ok()),
        _ => Ok(None),
    };
    let wide: Int64Array = (0..call.rows).map(one).collect::<Result<_>>()?;
    let (wide, to): (ArrayRef, _) = (Arc::new(wide), &call.result.logical);
    let array = cast_array(&wide, &LogicalType::BigInt, to, false, call.context)?;
    Ok(Columnar::Array(array))
}

/// Integers, where a divisor of zero fails.
fn integers<T: ArrowPrimitiveType>(
    call: &Call<'_>,
    operation: fn(T::Native, T::Native) -> T::Native,
) -> Result<Columnar> {
    let (left, right) = (call.numbers::<T>(0)?, call.numbers::<T>(1)?);
    let checked = |a: T::Native, b: T::Native| match b.is_zero() {
        true => Err(Error::new("division-by-zero")),
        false => Ok(operation(a, b)),
    };
    let array: PrimitiveArray<T> = match right.get(0) {
        Some(divisor) if right.scalar && !left.scalar && !divisor.is_zero() => {
            left.array.unary(|a| operation(a, divisor))
        }
        _ => {
            let one = |row| match (left.get(row), right.get(row)) {
                (Some(a), Some(b)) => checked(a, b).map(Some),
                _ => Ok(None),
            };
            (0..call.rows).map(one).collect::<Result<_>>()?
        }
    };
    Ok(Columnar::Array(Arc::new(array)))
}

fn negate(call: &Call<'_>) -> Result<Columnar> {
    let argument = &call.arguments[0];
    match call.result.logical {
        LogicalType::IntervalYearMonth => {
            let months = call.numbers::<IntervalYearMonthType>(0)?;
            let negated = months.array.unary::<_, IntervalYearMonthType>(i32::wrapping_neg);
            Ok(argument.with_values(Arc::new(negated)))
        }
        _ => argument.map(|values| numeric::neg_wrapping(values).map_err(kernel_error)),
    }
}

/// The absolute value; that of the smallest integer wraps to itself.
pub(super) fn absolute(call: &Call<'_>) -> Result<Columnar> {
    call.arguments[0].map(|array| match call.result.logical {
        LogicalType::TinyInt => unary::<Int8Type>(array, i8::wrapping_abs),
        LogicalType::SmallInt => unary::<Int16Type>(array, i16::wrapping_abs),
        LogicalType::Int => unary::<Int32Type>(array, i32::wrapping_abs),
        LogicalType::BigInt => unary::<Int64Type>(array, i64::wrapping_abs),
        LogicalType::Float => unary::<Float32Type>(array, f32::abs),
        LogicalType::Double => unary::<Float64Type>(array, f64::abs),
        _ => unary::<Decimal128Type>(array, i128::wrapping_abs),
    })
}

/// Applies an operation to each number of a column, keeping its type.
pub(super) fn unary<T: ArrowPrimitiveType>(
    array: &ArrayRef,
    operation: impl Fn(T::Native) -> T::Native,
) -> Result<ArrayRef> {
    let other = || Error::new("column-not-made").arg("reason", array.data_type());
    let numbers = array.as_primitive_opt::<T>().ok_or_else(other)?;
    let changed = numbers.unary::<_, T>(operation);
    Ok(Arc::new(changed.with_data_type(array.data_type().clone())))
}
