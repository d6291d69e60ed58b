//! Numbers: rounding, powers, logarithms, angles.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, PrimitiveArray};
use arrow::datatypes::{
    Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
};

use super::arithmetic::{absolute, unary};
use super::{Inferred, as_given, fits, hyperbolic, resolved, units};
use crate::base::Result;
use crate::data::arrow::arrow_type;
use crate::data::{DataType, LogicalType, Value};
use crate::expr::cast::number::power_of_ten;
use crate::expr::cast::{divide_half_up, parse_decimal};
use crate::expr::columnar::Columnar;
use crate::expr::function::{Call, Function, Mismatch, Resolved};
use crate::expr::tree::Expr;
use crate::expr::types::{MAX_PRECISION, is_datetime, is_integer, is_numeric};

pub(super) static FUNCTIONS: &[Function] = &[
    Function::strict("ABS", "ABS(number)", infer_same, absolute),
    Function::strict("SIGN", "SIGN(number)", infer_same, sign),
    Function::strict("FLOOR", "FLOOR(number), FLOOR(time TO unit)", infer_whole, floor),
    Function::strict("CEIL", "CEIL(number), CEIL(time TO unit)", infer_whole, ceil),
    Function::strict("CEILING", "CEILING(number)", infer_whole, ceil),
    Function::strict("ROUND", "ROUND(number[, digits])", infer_round, |c| round(c, Cut::HalfUp)),
    Function::strict("TRUNCATE", "TRUNCATE(number[, digits])", infer_round, |c| {
        round(c, Cut::TowardZero)
    }),
    Function::strict("POWER", "POWER(number, exponent)", infer_doubles, power),
    Function::strict("ATAN2", "ATAN2(y, x)", infer_doubles, |c| two(c, f64::atan2)),
    Function::strict("SQRT", "SQRT(number)", infer_double, |c| one(c, f64::sqrt)),
    Function::strict("EXP", "EXP(number)", infer_double, |c| one(c, f64::exp)),
    Function::strict("LN", "LN(number)", infer_double, |c| one(c, f64::ln)),
    Function::strict("LOG", "LOG([base, ]number)", infer_log, log),
    Function::strict("LOG10", "LOG10(number)", infer_double, |c| one(c, f64::log10)),
    Function::strict("LOG2", "LOG2(number)", infer_double, |c| one(c, |v| v.ln() / 2_f64.ln())),
    Function::strict("SIN", "SIN(number)", infer_double, |c| one(c, f64::sin)),
    Function::strict("COS", "COS(number)", infer_double, |c| one(c, f64::cos)),
    Function::strict("TAN", "TAN(number)", infer_double, |c| one(c, f64::tan)),
    Function::strict("COT", "COT(number)", infer_double, |c| one(c, |v| 1.0 / v.tan())),
    Function::strict("SINH", "SINH(number)", infer_double, |c| one(c, hyperbolic::sinh)),
    Function::strict("COSH", "COSH(number)", infer_double, |c| one(c, hyperbolic::cosh)),
    Function::strict("TANH", "TANH(number)", infer_double, |c| one(c, hyperbolic::tanh)),
    Function::strict("ASIN", "ASIN(number)", infer_double, |c| one(c, f64::asin)),
    Function::strict("ACOS", "ACOS(number)", infer_double, |c| one(c, f64::acos)),
    Function::strict("ATAN", "ATAN(number)", infer_double, |c| one(c, f64::atan)),
    Function::strict("RADIANS", "RADIANS(degrees)", infer_double, |c| one(c, f64::to_radians)),
    Function::strict("DEGREES", "DEGREES(radians)", infer_double, |c| one(c, f64::to_degrees)),
    Function::strict("PI", "PI()", infer_constant, |c| constant(c, std::f64::consts::PI)),
    Function::strict("E", "E()", infer_constant, |c| constant(c, std::f64::consts::E)),
];

fn infer_same(operands: &[Expr]) -> Inferred {
    match operands {
        [number] if is_numeric(&number.data_type.logical) => {
            Ok(as_given(operands, number.data_type.logical.clone()))
        }
        _ => Err(Mismatch::Types),
    }
}

fn infer_double(operands: &[Expr]) -> Inferred {
    match operands {
        [number] if fits(number, is_numeric) => {
            Ok(resolved(operands, vec![LogicalType::Double], LogicalType::Double))
        }
        _ => Err(Mismatch::Types),
    }
}

fn infer_doubles(operands: &[Expr]) -> Inferred {
    match operands {
        [a, b] if fits(a, is_numeric) && fits(b, is_numeric) => {
            Ok(resolved(operands, vec![LogicalType::Double; 2], LogicalType::Double))
        }
        _ => Err(Mismatch::Types),
    }
}

fn infer_log(operands: &[Expr]) -> Inferred {
    if operands.len() == 1 { infer_double(operands) } else { infer_doubles(operands) }
}

fn infer_constant(operands: &[Expr]) -> Inferred {
    match operands {
        [] => {
            Ok(Resolved { arguments: Vec::new(), result: DataType::not_null(LogicalType::Double) })
        }
        _ => Err(Mismatch::Types),
    }
}

/// FLOOR and CEIL of a number, or of a time to a unit (a constant).
fn infer_whole(operands: &[Expr]) -> Inferred {
    match operands {
        [number] => {
            let types = infer_same(operands)?;
            Ok(match number.data_type.logical {
                LogicalType::Decimal { precision, .. } => {
                    as_given(operands, LogicalType::Decimal { precision, scale: 0 })
                }
                _ => types,
            })
        }
        [time, unit] if is_datetime(&time.data_type.logical) => {
            units::Unit::of(unit)?;
            Ok(as_given(operands, time.data_type.logical.clone()))
        }
        _ => Err(Mismatch::Types),
    }
}

/// A constant number of digits gives the scale of a DECIMAL.
fn infer_round(operands: &[Expr]) -> Inferred {
    let (number, digits) = match operands {
        [number] => (number, Some(0)),
        [number, digits] if fits(digits, is_integer) => (number, literal_int(digits)),
        _ => return Err(Mismatch::Types),
    };
    let logical = &number.data_type.logical;
    let result = match (logical, digits) {
        (LogicalType::Decimal { precision, scale }, Some(digits)) => {
            rounded_type(*precision, *scale, digits)
        }
        (logical, _) if is_numeric(logical) => logical.clone(),
        _ => return Err(Mismatch::Types),
    };
    let mut arguments = vec![logical.clone()];
    arguments.extend(operands.get(1).map(|_| LogicalType::Int));
    Ok(resolved(operands, arguments, result))
}

fn literal_int(expr: &Expr) -> Option<i32> {
    if expr.is_call("NEGATE") {
        return expr.operands().first().and_then(literal_int).map(i32::wrapping_neg);
    }
    match expr.as_literal()? {
        Value::Int(digits) => Some(*digits),
        Value::BigInt(digits) => i32::try_from(*digits).ok(),
        _ => None,
    }
}

/// `LogicalTypeMerging.findRoundDecimalType`.
fn rounded_type(precision: u8, scale: u8, digits: i32) -> LogicalType {
    match u8::try_from(digits) {
        Ok(digits) if digits >= scale => LogicalType::Decimal { precision, scale },
        Ok(digits) => LogicalType::Decimal {
            precision: (1 + precision - scale + digits).min(MAX_PRECISION),
            scale: digits,
        },
        Err(_) => {
            LogicalType::Decimal { precision: (1 + precision - scale).min(MAX_PRECISION), scale: 0 }
        }
    }
}

fn one(call: &Call<'_>, operation: fn(f64) -> f64) -> Result<Columnar> {
    call.arguments[0].map(|array| unary::<Float64Type>(array, operation))
}

fn two(call: &Call<'_>, operation: fn(f64, f64) -> f64) -> Result<Columnar> {
    let (a, b) = (call.numbers::<Float64Type>(0)?, call.numbers::<Float64Type>(1)?);
    Ok(call.collect::<_, Float64Array>(|row| Some(operation(a.get(row)?, b.get(row)?))))
}

fn power(call: &Call<'_>) -> Result<Columnar> {
    two(call, f64::powf)
}

/// The natural logarithm, or that to a base.
fn log(call: &Call<'_>) -> Result<Columnar> {
    match call.arguments.len() {
        1 => one(call, f64::ln),
        _ => two(call, |base, number| number.ln() / base.ln()),
    }
}

fn constant(_call: &Call<'_>, value: f64) -> Result<Columnar> {
    Ok(Columnar::Scalar(Arc::new(Float64Array::from(vec![value]))))
}

fn sign(call: &Call<'_>) -> Result<Columnar> {
    let direction = |v: f64| if v == 0.0 || v.is_nan() { v } else { v.signum() };
    call.arguments[0].map(|array| match &call.result.logical {
        LogicalType::TinyInt => unary::<Int8Type>(array, i8::signum),
        LogicalType::SmallInt => unary::<Int16Type>(array, i16::signum),
        LogicalType::Int => unary::<Int32Type>(array, i32::signum),
        LogicalType::BigInt => unary::<Int64Type>(array, i64::signum),
        LogicalType::Float => unary::<Float32Type>(array, |v| direction(f64::from(v)) as f32),
        LogicalType::Decimal { scale, .. } => {
            let unit = power_of_ten(*scale);
            unary::<Decimal128Type>(array, |v| v.signum() * unit)
        }
        _ => unary::<Float64Type>(array, direction),
    })
}

fn floor(call: &Call<'_>) -> Result<Columnar> {
    if call.arguments.len() == 2 {
        return units::floor(call);
    }
    whole(call, f64::floor, i128::div_euclid)
}

fn ceil(call: &Call<'_>) -> Result<Columnar> {
    if call.arguments.len() == 2 {
        return units::ceil(call);
    }
    whole(call, f64::ceil, |value, unit| -(-value).div_euclid(unit))
}

fn whole(
    call: &Call<'_>,
    float: fn(f64) -> f64,
    exact: fn(i128, i128) -> i128,
) -> Result<Columnar> {
    call.arguments[0].map(|array| match call.logical(0) {
        LogicalType::Float => unary::<Float32Type>(array, |v| float(f64::from(v)) as f32),
        LogicalType::Double => unary::<Float64Type>(array, float),
        LogicalType::Decimal { scale, .. } => {
            let unit = power_of_ten(*scale);
            let whole = unary::<Decimal128Type>(array, |v| exact(v, unit))?;
            retyped(&whole, &call.result.logical)
        }
        _ => Ok(array.clone()),
    })
}

/// Unscaled values under another precision and scale.
fn retyped(array: &ArrayRef, logical: &LogicalType) -> Result<ArrayRef> {
    use arrow::array::AsArray;
    let other = || crate::base::Error::new("column-not-made").arg("reason", array.data_type());
    let array = array.as_primitive_opt::<Decimal128Type>().ok_or_else(other)?.clone();
    Ok(Arc::new(array.with_data_type(arrow_type(logical))))
}

#[derive(Clone, Copy)]
enum Cut {
    HalfUp,
    TowardZero,
}

/// An unscaled value cut to so many fraction digits, with the scale it had.
fn cut(value: i128, scale: u8, digits: i32, how: Cut) -> i128 {
    let dropped = i32::from(scale).saturating_sub(digits);
    match u8::try_from(dropped) {
        Ok(0) | Err(_) => value,
        Ok(dropped) if dropped > MAX_PRECISION => 0,
        Ok(dropped) => {
            let unit = power_of_ten(dropped);
            let quotient = match how {
                Cut::HalfUp => divide_half_up(value, unit),
                Cut::TowardZero => value / unit,
            };
            quotient.saturating_mul(unit)
        }
    }
}

/// A double is cut as the decimal that it prints as (`ROUND(1.005e0, 2)` is 1.01).
fn cut_double(value: f64, digits: i32, how: Cut) -> f64 {
    let Some((unscaled, scale)) = parse_decimal(&value.to_string()) else { return value };
    let cut = cut(unscaled, scale, digits, how);
    format!("{cut}e-{scale}").parse().unwrap_or(value)
}

fn round(call: &Call<'_>, how: Cut) -> Result<Columnar> {
    let digits = (call.arguments.len() > 1).then(|| call.numbers::<Int32Type>(1)).transpose()?;
    let digits = |row: usize| match &digits {
        Some(digits) => digits.get(row),
        None => Some(0),
    };
    macro_rules! integers {
        ($type:ty) => {{
            let number = call.numbers::<$type>(0)?;
            call.collect::<_, PrimitiveArray<$type>>(|row| {
                Some(cut(number.get(row)?.into(), 0, digits(row)?, how) as _)
            })
        }};
    }
    Ok(match call.logical(0) {
        LogicalType::TinyInt => integers!(Int8Type),
        LogicalType::SmallInt => integers!(Int16Type),
        LogicalType::Int => integers!(Int32Type),
        LogicalType::BigInt => integers!(Int64Type),
        LogicalType::Float => {
            let number = call.numbers::<Float32Type>(0)?;
            call.collect::<_, PrimitiveArray<Float32Type>>(|row| {
                let value: f64 = number.get(row)?.to_string().parse().ok()?;
                Some(cut_double(value, digits(row)?, how) as f32)
            })
        }
        LogicalType::Double => {
            let number = call.numbers::<Float64Type>(0)?;
            call.collect::<_, Float64Array>(|row| {
                Some(cut_double(number.get(row)?, digits(row)?, how))
            })
        }
        _ => round_decimal(call, digits, how)?,
    })
}

fn round_decimal(
    call: &Call<'_>,
    digits: impl Fn(usize) -> Option<i32>,
    how: Cut,
) -> Result<Columnar> {
    let number = call.numbers::<Decimal128Type>(0)?;
    let scale = |logical: &LogicalType| match logical {
        LogicalType::Decimal { scale, .. } => *scale,
        _ => 0,
    };
    let (from, to) = (scale(call.logical(0)), scale(&call.result.logical));
    let unit = power_of_ten(from.saturating_sub(to));
    let row = |row| Some(cut(number.get(row)?, from, digits(row)?, how) / unit);
    let column = call.collect::<_, PrimitiveArray<Decimal128Type>>(row);
    column.map(|array| retyped(array, &call.result.logical))
}
