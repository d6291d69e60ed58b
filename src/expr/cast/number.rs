//! Casts to numbers and to BOOLEAN.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, PrimitiveArray};
use arrow::datatypes::{
    ArrowPrimitiveType, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type,
};

use super::parse::parse_decimal;
use super::{Cast, NoCounterpart};
use crate::data::arrow::arrow_type;
use crate::data::{LogicalType, Value};

/// Casts a whole column of integers at once; `None` for what needs a look at each value.
pub(super) fn cast_integers(
    array: &ArrayRef,
    from: &LogicalType,
    to: &LogicalType,
) -> Option<ArrayRef> {
    match from {
        LogicalType::TinyInt => widen::<Int8Type>(array, to, i64::from),
        LogicalType::SmallInt => widen::<Int16Type>(array, to, i64::from),
        LogicalType::Int => widen::<Int32Type>(array, to, i64::from),
        LogicalType::BigInt => widen::<Int64Type>(array, to, |v| v),
        _ => None,
    }
}

/// Integers narrow by their low bits, as in Java.
fn widen<T: ArrowPrimitiveType>(
    array: &ArrayRef,
    to: &LogicalType,
    wide: impl Fn(T::Native) -> i64,
) -> Option<ArrayRef> {
    let array: &PrimitiveArray<T> = array.as_primitive_opt()?;
    Some(match to {
        LogicalType::TinyInt => Arc::new(array.unary::<_, Int8Type>(|v| wide(v) as i8)),
        LogicalType::SmallInt => Arc::new(array.unary::<_, Int16Type>(|v| wide(v) as i16)),
        LogicalType::Int => Arc::new(array.unary::<_, Int32Type>(|v| wide(v) as i32)),
        LogicalType::BigInt => Arc::new(array.unary::<_, Int64Type>(wide)),
        LogicalType::Float => Arc::new(array.unary::<_, Float32Type>(|v| wide(v) as f32)),
        LogicalType::Double => Arc::new(array.unary::<_, Float64Type>(|v| wide(v) as f64)),
        LogicalType::Decimal { precision, scale }
            if precision.saturating_sub(*scale) >= digits::<T>() =>
        {
            let unit = power_of_ten(*scale);
            let decimals = array.unary::<_, Decimal128Type>(|v| i128::from(wide(v)) * unit);
            Arc::new(decimals.with_data_type(arrow_type(to)))
        }
        _ => return None,
    })
}

/// How many digits an integer has at most.
fn digits<T: ArrowPrimitiveType>() -> u8 {
    match size_of::<T::Native>() {
        1 => 3,
        2 => 5,
        4 => 10,
        _ => 19,
    }
}

/// A number as it stands before it is narrowed.
enum Number {
    Integer(i64),
    Exact(i128, u8),
    Approximate(f64),
    Single(f32),
}

fn read(value: &Value) -> Option<Number> {
    Some(match value {
        Value::Boolean(v) => Number::Integer(i64::from(*v)),
        Value::TinyInt(v) => Number::Integer(i64::from(*v)),
        Value::SmallInt(v) => Number::Integer(i64::from(*v)),
        Value::Int(v) | Value::IntervalYearMonth(v) => Number::Integer(i64::from(*v)),
        Value::BigInt(v) | Value::IntervalDayTime(v) => Number::Integer(*v),
        Value::Float(v) => Number::Single(*v),
        Value::Double(v) => Number::Approximate(*v),
        Value::Decimal(unscaled, scale) => Number::Exact(*unscaled, *scale),
        _ => return None,
    })
}

/// The value as a number of the type. What a DECIMAL cannot hold is NULL.
pub(super) fn number(value: &Value, to: &LogicalType) -> Cast {
    if let Value::String(text) = value {
        return parse_number(text.trim(), to).ok_or(NoCounterpart);
    }
    let number = read(value).ok_or(NoCounterpart)?;
    Ok(match to {
        LogicalType::TinyInt => Value::TinyInt(integer(&number) as i8),
        LogicalType::SmallInt => Value::SmallInt(integer(&number) as i16),
        LogicalType::Int => Value::Int(match number {
            Number::Approximate(v) => v as i32,
            Number::Single(v) => v as i32,
            other => integer(&other) as i32,
        }),
        LogicalType::BigInt => Value::BigInt(integer(&number)),
        LogicalType::IntervalYearMonth => Value::IntervalYearMonth(integer(&number) as i32),
        LogicalType::IntervalDayTime => Value::IntervalDayTime(integer(&number)),
        LogicalType::Float => Value::Float(match number {
            Number::Single(v) => v,
            Number::Integer(v) => v as f32,
            other => double(&other) as f32,
        }),
        LogicalType::Double => Value::Double(double(&number)),
        LogicalType::Decimal { precision, scale } => decimal(&number, *precision, *scale),
        _ => return Err(NoCounterpart),
    })
}

/// TRUE for what is not zero; text by its word.
pub(super) fn boolean(value: &Value) -> Cast {
    let truth = match value {
        Value::String(text) => match text.to_ascii_lowercase().as_str() {
            "t" | "true" | "y" | "yes" | "1" => true,
            "f" | "false" | "n" | "no" | "0" => false,
            _ => return Err(NoCounterpart),
        },
        value => match read(value).ok_or(NoCounterpart)? {
            Number::Exact(unscaled, _) => unscaled != 0,
            other => double(&other) != 0.0,
        },
    };
    Ok(Value::Boolean(truth))
}

/// Toward zero; floats saturate and narrow types first pass through INT, as Java's casts do.
fn integer(number: &Number) -> i64 {
    match number {
        Number::Integer(v) => *v,
        Number::Exact(unscaled, scale) => (unscaled / power_of_ten(*scale)) as i64,
        Number::Approximate(v) => *v as i64,
        Number::Single(v) => *v as i64,
    }
}

fn double(number: &Number) -> f64 {
    match number {
        Number::Integer(v) => *v as f64,
        // Through text: the quotient of two rounded numbers may be off by one digit.
        Number::Exact(unscaled, scale) => {
            format!("{unscaled}e-{scale}").parse().unwrap_or(f64::NAN)
        }
        Number::Approximate(v) => *v,
        Number::Single(v) => f64::from(*v),
    }
}

fn decimal(number: &Number, precision: u8, scale: u8) -> Value {
    let exact = match number {
        Number::Integer(v) => Some((i128::from(*v), 0)),
        Number::Exact(unscaled, scale) => Some((*unscaled, *scale)),
        Number::Approximate(v) => parse_decimal(&v.to_string()),
        Number::Single(v) => parse_decimal(&f64::from(*v).to_string()),
    };
    let rescaled = exact.and_then(|(unscaled, from)| rescale(unscaled, from, precision, scale));
    rescaled.map_or(Value::Null, |unscaled| Value::Decimal(unscaled, scale))
}

fn parse_number(text: &str, to: &LogicalType) -> Option<Value> {
    Some(match to {
        LogicalType::TinyInt => Value::TinyInt(parse_integer(text)?.try_into().ok()?),
        LogicalType::SmallInt => Value::SmallInt(parse_integer(text)?.try_into().ok()?),
        LogicalType::Int => Value::Int(parse_integer(text)?.try_into().ok()?),
        LogicalType::BigInt => Value::BigInt(parse_integer(text)?),
        LogicalType::Float => Value::Float(parse_float(text)?),
        LogicalType::Double => Value::Double(parse_float(text)?),
        LogicalType::Decimal { precision, scale } => {
            let (unscaled, from) = parse_decimal(text)?;
            let rescaled = rescale(unscaled, from, *precision, *scale);
            rescaled.map_or(Value::Null, |unscaled| Value::Decimal(unscaled, *scale))
        }
        _ => return None,
    })
}

/// An integer; a fraction is cut, as Flink does.
fn parse_integer(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    match (whole, fraction) {
        ("" | "+" | "-", "") => None,
        ("" | "+" | "-", _) => Some(0),
        (whole, _) => whole.parse().ok(),
    }
}

/// A float in Java's forms; Rust reads more words for infinity than Java does.
fn parse_float<T: std::str::FromStr>(text: &str) -> Option<T> {
    let digits = text.trim_end_matches(['d', 'D', 'f', 'F']);
    let unsigned = text.trim_start_matches(['+', '-']);
    match unsigned {
        "NaN" | "Infinity" => text.parse().ok(),
        _ if digits.bytes().any(|b| b.is_ascii_digit()) => digits.parse().ok(),
        _ => None,
    }
}

/// Ten to the power of a scale (at most 38).
pub(crate) fn power_of_ten(scale: u8) -> i128 {
    10_i128.checked_pow(u32::from(scale)).unwrap_or(i128::MAX)
}

/// A decimal with another scale, rounded half up (away from zero); `None` if it has too many digits.
pub(crate) fn rescale(unscaled: i128, from: u8, precision: u8, to: u8) -> Option<i128> {
    let rescaled = match to >= from {
        true => unscaled.checked_mul(power_of_ten(to - from))?,
        false => divide_half_up(unscaled, power_of_ten(from - to)),
    };
    (rescaled.unsigned_abs() < power_of_ten(precision).unsigned_abs()).then_some(rescaled)
}

/// A quotient rounded half away from zero; the divisor is positive.
pub(crate) fn divide_half_up(value: i128, divisor: i128) -> i128 {
    let (quotient, rest) = (value / divisor, value % divisor);
    let up = rest.unsigned_abs() >= divisor.unsigned_abs().div_ceil(2);
    quotient + if up { value.signum() } else { 0 }
}
