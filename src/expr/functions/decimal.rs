//! Arithmetic of DECIMAL: the digits of results, and results rounded half up. A result with too many
//! digits is NULL, as in Flink.

use arrow::array::PrimitiveArray;
use arrow::datatypes::{Decimal128Type, i256};

use crate::base::{Error, Result};
use crate::data::LogicalType;
use crate::data::arrow::arrow_type;
use crate::expr::cast::number::power_of_ten;
use crate::expr::columnar::Columnar;
use crate::expr::function::{Call, Mismatch};
use crate::expr::types::{adjusted_decimal, decimal_digits};

type Digits = (u8, u8);

/// Precision and scale of an exact number.
pub(super) fn digits(logical: &LogicalType) -> Result<Digits, Mismatch> {
    decimal_digits(logical).ok_or(Mismatch::Types)
}

/// The type of a sum or difference.
pub(super) fn sum_type((ap, a_scale): Digits, (bp, b_scale): Digits) -> LogicalType {
    let scale = u32::from(a_scale.max(b_scale));
    let whole = u32::from((ap - a_scale).max(bp - b_scale));
    adjusted_decimal(whole + scale + 1, scale)
}

/// The type of a product.
pub(super) fn product_type((ap, a_scale): Digits, (bp, b_scale): Digits) -> LogicalType {
    adjusted_decimal(u32::from(ap) + u32::from(bp) + 1, u32::from(a_scale) + u32::from(b_scale))
}

/// The type of a quotient.
pub(super) fn quotient_type((ap, a_scale): Digits, (bp, b_scale): Digits) -> LogicalType {
    const MIN_SCALE: u32 = 6;
    let scale = MIN_SCALE.max(u32::from(a_scale) + u32::from(bp) + 1);
    adjusted_decimal(u32::from(ap - a_scale) + u32::from(b_scale) + scale, scale)
}

/// The type of a remainder.
pub(super) fn remainder_type((ap, a_scale): Digits, (bp, b_scale): Digits) -> LogicalType {
    let scale = u32::from(a_scale.max(b_scale));
    adjusted_decimal(u32::from((ap - a_scale).min(bp - b_scale)) + scale, scale)
}

pub(super) fn add(call: &Call<'_>) -> Result<Columnar> {
    same_scale(call, |a, b| Ok(a.checked_add(b)))
}

pub(super) fn subtract(call: &Call<'_>) -> Result<Columnar> {
    same_scale(call, |a, b| Ok(a.checked_sub(b)))
}

pub(super) fn remainder(call: &Call<'_>) -> Result<Columnar> {
    same_scale(call, |a, b| match b == i256::ZERO {
        true => Err(Error::new("division-by-zero")),
        false => Ok(a.checked_rem(b)),
    })
}

pub(super) fn multiply(call: &Call<'_>) -> Result<Columnar> {
    if let Some(product) = exact_product(call)? {
        return Ok(product);
    }
    each(call, |(a, a_scale), (b, b_scale)| {
        Ok(a.checked_mul(b).map(|product| (product, a_scale + b_scale)))
    })
}

pub(super) fn divide(call: &Call<'_>) -> Result<Columnar> {
    let scale = decimal_digits(&call.result.logical).map_or(0, |(_, scale)| u32::from(scale));
    each(call, |(a, a_scale), (b, b_scale)| {
        if b == i256::ZERO {
            return Err(Error::new("division-by-zero"));
        }
        // One digit more than the result has, which is then rounded away.
        let digits = scale + 1 + b_scale;
        let shifted = match digits >= a_scale {
            true => a.checked_mul(ten_to(digits - a_scale)),
            false => a.checked_div(ten_to(a_scale - digits)),
        };
        Ok(shifted.and_then(|s| s.checked_div(b)).map(|quotient| (quotient, scale + 1)))
    })
}

/// The product of a column and a constant, if its scale needs no rounding: then what does not fit into
/// 128 bits has too many digits in any case.
fn exact_product(call: &Call<'_>) -> Result<Option<Columnar>> {
    let (left, right) = (call.numbers::<Decimal128Type>(0)?, call.numbers::<Decimal128Type>(1)?);
    let (column, constant) = match (left.scalar, right.scalar) {
        (false, true) => (left.array, right.get(0)),
        (true, false) => (right.array, left.get(0)),
        _ => return Ok(None),
    };
    let Some((precision, scale)) = decimal_digits(&call.result.logical) else { return Ok(None) };
    let exact = scale_of(left.array) + scale_of(right.array) == u32::from(scale);
    let Some(constant) = constant.filter(|_| exact) else { return Ok(None) };
    let limit = power_of_ten(precision).unsigned_abs();
    let fits = |product: &i128| product.unsigned_abs() < limit;
    let product: PrimitiveArray<Decimal128Type> =
        column.unary_opt(|value| value.checked_mul(constant).filter(fits));
    let product = product.with_data_type(arrow_type(&call.result.logical));
    Ok(Some(Columnar::Array(std::sync::Arc::new(product))))
}

/// An operation on unscaled values of one scale.
fn same_scale(
    call: &Call<'_>,
    operation: impl Fn(i256, i256) -> Result<Option<i256>>,
) -> Result<Columnar> {
    each(call, |(a, a_scale), (b, b_scale)| {
        let scale = a_scale.max(b_scale);
        let widened = |v: i256, from: u32| v.checked_mul(ten_to(scale - from));
        match (widened(a, a_scale), widened(b, b_scale)) {
            (Some(a), Some(b)) => Ok(operation(a, b)?.map(|result| (result, scale))),
            _ => Ok(None),
        }
    })
}

/// Applies an operation that gives an unscaled value and its scale, and fits that into the result.
fn each(
    call: &Call<'_>,
    operation: impl Fn((i256, u32), (i256, u32)) -> Result<Option<(i256, u32)>>,
) -> Result<Columnar> {
    let (left, right) = (call.numbers::<Decimal128Type>(0)?, call.numbers::<Decimal128Type>(1)?);
    let (a_scale, b_scale) = (scale_of(left.array), scale_of(right.array));
    let one = |row| -> Result<Option<i128>> {
        let (Some(a), Some(b)) = (left.get(row), right.get(row)) else { return Ok(None) };
        let result = operation((i256::from_i128(a), a_scale), (i256::from_i128(b), b_scale))?;
        Ok(result.and_then(|(value, scale)| fitted(value, scale, &call.result.logical)))
    };
    let array = (0..call.rows).map(one).collect::<Result<PrimitiveArray<Decimal128Type>>>()?;
    let array = array.with_data_type(arrow_type(&call.result.logical));
    Ok(Columnar::Array(std::sync::Arc::new(array)))
}

fn scale_of(array: &PrimitiveArray<Decimal128Type>) -> u32 {
    u32::try_from(array.scale()).unwrap_or(0)
}

fn ten_to(exponent: u32) -> i256 {
    i256::from_i128(10).checked_pow(exponent).unwrap_or(i256::MAX)
}

/// A value with the scale of the result, rounded half up; `None` if it has too many digits.
fn fitted(value: i256, from: u32, to: &LogicalType) -> Option<i128> {
    let (precision, scale) = decimal_digits(to)?;
    let scale = u32::from(scale);
    let value = match scale >= from {
        true => value.checked_mul(ten_to(scale - from))?,
        false => {
            let divisor = ten_to(from - scale);
            let rest = value.checked_rem(divisor)?;
            let up = rest.wrapping_abs().checked_mul(i256::from_i128(2))? >= divisor;
            let sign = if value < i256::ZERO { i256::MINUS_ONE } else { i256::ONE };
            value.checked_div(divisor)?.checked_add(if up { sign } else { i256::ZERO })?
        }
    };
    let value = value.to_i128()?;
    (value.unsigned_abs() < power_of_ten(precision).unsigned_abs()).then_some(value)
}
