//! Arithmetic of dates, times and timestamps.

use std::sync::Arc;

use arrow::array::{BooleanArray, Int32Array, PrimitiveArray};
use arrow::datatypes::{
    ArrowTimestampType, DurationMillisecondType, Int64Type, IntervalYearMonthType,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
};

use super::units::{
    MILLIS_PER_DAY, Unit, add_months, from_values, months_between, shifted_type, wall_millis,
};
use super::{Inferred, as_given, fits, resolved};
use crate::base::Result;
use crate::data::arrow::{arrow_type, timestamp_unit};
use crate::data::{LogicalType, Value};
use crate::expr::cast::truncated;
use crate::expr::columnar::Columnar;
use crate::expr::function::{Call, Function, Mismatch};
use crate::expr::tree::Expr;
use crate::expr::types::{is_datetime, is_integer, is_interval, is_timestamp};

pub(super) static FUNCTIONS: &[Function] = &[
    Function::strict("TIMESTAMPADD", "TIMESTAMPADD(unit, count, time)", infer_add, add),
    Function::strict(
        "TIMESTAMPDIFF",
        "TIMESTAMPDIFF(unit, from, to)",
        infer_difference,
        difference,
    ),
    Function::strict("DATETIME_MINUS", "(time - time) DAY", infer_minus, minus),
    Function::strict("MONTHS MINUS", "(time - time) MONTH", infer_months, months),
    Function::strict("OVERLAPS", "(start, end) OVERLAPS (start, end)", infer_overlaps, overlaps),
];

fn infer_add(operands: &[Expr]) -> Inferred {
    let [unit, count, time] = operands else { return Err(Mismatch::Types) };
    if !fits(count, is_integer) || !is_datetime(&time.data_type.logical) {
        return Err(Mismatch::Types);
    }
    let unit_type = unit.data_type.logical.clone();
    let result = shifted_type(&time.data_type.logical, Unit::of(unit)?);
    Ok(resolved(operands, vec![unit_type, LogicalType::BigInt, result.clone()], result))
}

fn add(call: &Call<'_>) -> Result<Columnar> {
    let unit = Unit::of(&call.operands[0])?;
    let count = call.numbers::<Int64Type>(1)?;
    let one = |row| {
        let shifted = |millis| count.get(row).and_then(|count| unit.add(millis, count));
        shift_value(call.value(2, row), shifted)
    };
    from_values(call, |row| one(row).unwrap_or(Value::Null))
}

/// A date, time or timestamp with its milliseconds changed.
fn shift_value(value: Value, shift: impl Fn(i64) -> Option<i64>) -> Option<Value> {
    Some(match value {
        Value::Date(days) => {
            let millis = shift(i64::from(days) * MILLIS_PER_DAY)?;
            Value::Date(i32::try_from(millis.div_euclid(MILLIS_PER_DAY)).ok()?)
        }
        Value::Time(millis) => {
            Value::Time(shift(i64::from(millis))?.rem_euclid(MILLIS_PER_DAY) as i32)
        }
        Value::Timestamp(millis, nanos) => Value::Timestamp(shift(millis)?, nanos),
        Value::TimestampLtz(millis, nanos) => Value::TimestampLtz(shift(millis)?, nanos),
        _ => return None,
    })
}

/// A time plus (`sign` 1) or minus (-1) an interval.
pub(super) fn shift(call: &Call<'_>, time: usize, interval: usize, sign: i64) -> Result<Columnar> {
    if let Some(shifted) = shift_timestamps(call, time, interval, sign)? {
        return Ok(shifted);
    }
    let one = |row| match call.value(interval, row) {
        Value::IntervalDayTime(by) => {
            let time = call.value(time, row);
            // Of what is added to a date, or taken from it, whole days count.
            let by = if let Value::Date(_) = time { by - by % MILLIS_PER_DAY } else { by };
            shift_value(time, |millis| millis.checked_add(by * sign))
        }
        Value::IntervalYearMonth(by) => {
            let months = by.wrapping_mul(sign as i32);
            shift_value(call.value(time, row), |millis| add_months(millis, months))
        }
        _ => None,
    };
    let precision = timestamp_precision(&call.result.logical);
    from_values(call, |row| match one(row) {
        Some(Value::Timestamp(millis, nanos)) => {
            let (millis, nanos) = truncated(millis, nanos, precision);
            Value::Timestamp(millis, nanos)
        }
        other => other.unwrap_or(Value::Null),
    })
}

fn timestamp_precision(logical: &LogicalType) -> u8 {
    match logical {
        LogicalType::Timestamp { precision, .. } | LogicalType::TimestampLtz { precision, .. } => {
            *precision
        }
        _ => 0,
    }
}

/// The way of watermarks and window ends: a column of timestamps and one interval in milliseconds.
fn shift_timestamps(
    call: &Call<'_>,
    time: usize,
    interval: usize,
    sign: i64,
) -> Result<Option<Columnar>> {
    use arrow::datatypes::TimeUnit;
    let precision = timestamp_precision(&call.result.logical);
    let day_time = *call.logical(interval) == LogicalType::IntervalDayTime;
    // Below milliseconds the result has to be cut.
    let fast = is_timestamp(&call.result.logical) && day_time && precision >= 3;
    if !fast || !call.arguments[interval].is_scalar() {
        return Ok(None);
    }
    let Some(by) = call.numbers::<DurationMillisecondType>(interval)?.get(0) else {
        return Ok(None);
    };
    let shifted = match timestamp_unit(precision) {
        TimeUnit::Nanosecond => {
            shifted::<TimestampNanosecondType>(call, time, by * sign * 1_000_000)
        }
        TimeUnit::Microsecond => shifted::<TimestampMicrosecondType>(call, time, by * sign * 1_000),
        _ => shifted::<TimestampMillisecondType>(call, time, by * sign),
    };
    shifted.map(Some)
}

fn shifted<T: ArrowTimestampType>(call: &Call<'_>, time: usize, by: i64) -> Result<Columnar> {
    let times = call.numbers::<T>(time)?;
    let shifted: PrimitiveArray<T> = times.array.unary(|at| at.wrapping_add(by));
    let shifted = shifted.with_data_type(arrow_type(&call.result.logical));
    Ok(call.arguments[time].with_values(Arc::new(shifted)))
}

fn infer_difference(operands: &[Expr]) -> Inferred {
    match operands {
        [unit, from, to]
            if fits(from, has_date) && fits(to, has_date) && !mixes_instants(from, to) =>
        {
            Unit::of(unit)?;
            Ok(as_given(operands, LogicalType::Int))
        }
        _ => Err(Mismatch::Types),
    }
}

/// Between instants units of a fixed length count the time that passed, whatever the clock did.
fn difference(call: &Call<'_>) -> Result<Columnar> {
    let unit = Unit::of(&call.operands[0])?;
    let millis = |index: usize, row: usize| match call.value(index, row) {
        Value::TimestampLtz(instant, _) if unit.millis().is_some() => Some(instant),
        _ => wall_millis(call, index, row),
    };
    let row = |row| {
        let (from, to) = (millis(1, row)?, millis(2, row)?);
        Some(unit.between(from, to) as i32)
    };
    Ok(call.collect::<_, Int32Array>(row))
}

fn infer_minus(operands: &[Expr]) -> Inferred {
    match operands {
        [a, b] if fits(a, is_datetime) && fits(b, is_datetime) => {
            Ok(as_given(operands, LogicalType::IntervalDayTime))
        }
        _ => Err(Mismatch::Types),
    }
}

fn minus(call: &Call<'_>) -> Result<Columnar> {
    let row = |row| Some(wall_millis(call, 0, row)? - wall_millis(call, 1, row)?);
    Ok(call.collect::<_, PrimitiveArray<DurationMillisecondType>>(row))
}

/// A date or timestamp: a time of day is on no day.
fn has_date(logical: &LogicalType) -> bool {
    *logical == LogicalType::Date || is_timestamp(logical)
}

/// Whether an instant stands beside a moment on the wall.
fn mixes_instants(a: &Expr, b: &Expr) -> bool {
    let instant = |e: &Expr| matches!(e.data_type.logical, LogicalType::TimestampLtz { .. });
    instant(a) != instant(b)
}

fn infer_months(operands: &[Expr]) -> Inferred {
    match operands {
        [a, b] if fits(a, has_date) && fits(b, has_date) => {
            Ok(as_given(operands, LogicalType::IntervalYearMonth))
        }
        _ => Err(Mismatch::Types),
    }
}

fn months(call: &Call<'_>) -> Result<Columnar> {
    let row = |row| Some(months_between(wall_millis(call, 1, row)?, wall_millis(call, 0, row)?));
    Ok(call.collect::<_, PrimitiveArray<IntervalYearMonthType>>(row))
}

/// Two periods, each by its start and its end or length.
fn infer_overlaps(operands: &[Expr]) -> Inferred {
    let [a, a_end, b, b_end] = operands else { return Err(Mismatch::Types) };
    let ends = |start: &Expr, end: &Expr| {
        let same = std::mem::discriminant(&start.data_type.logical)
            == std::mem::discriminant(&end.data_type.logical);
        is_datetime(&start.data_type.logical) && (same || fits(end, is_interval))
    };
    match ends(a, a_end) && ends(b, b_end) {
        true => Ok(as_given(operands, LogicalType::Boolean)),
        false => Err(Mismatch::Types),
    }
}

/// Periods that touch overlap. As Calcite takes it apart: a bound that is not known counts as the earlier
/// one if it was written last, and what is compared with it is not known.
fn overlaps(call: &Call<'_>) -> Result<Columnar> {
    let period = |index: usize, row: usize| {
        let start = wall_millis(call, index, row);
        let end = match call.value(index + 1, row) {
            Value::IntervalDayTime(millis) => start.and_then(|start| start.checked_add(millis)),
            Value::IntervalYearMonth(months) => start.and_then(|start| add_months(start, months)),
            _ => wall_millis(call, index + 1, row),
        };
        match (start, end) {
            (Some(a), Some(b)) if a <= b => (start, end),
            _ => (end, start),
        }
    };
    let reaches = |end: Option<i64>, start: Option<i64>| Some(end? >= start?);
    let row = |row| {
        let ((start, end), (other, other_end)) = (period(0, row), period(2, row));
        match (reaches(end, other), reaches(other_end, start)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        }
    };
    Ok(call.collect::<_, BooleanArray>(row))
}
