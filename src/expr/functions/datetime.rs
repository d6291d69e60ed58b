//! Dates, times and timestamps: their parts, arithmetic, and their text in Java's patterns.

use std::sync::Arc;

use arrow::array::{Int32Array, Int64Array, PrimitiveArray, StringArray};
use arrow::datatypes::{
    ArrowTimestampType, DurationMillisecondType, Int64Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType,
};

use super::pattern::DatePattern;
use super::units::{MILLIS_PER_DAY, Unit, add_months, from_values, shifted_type, wall_millis};
use super::{Inferred, as_given, fits, resolved};
use crate::base::{Error, Result};
use crate::data::arrow::{arrow_type, timestamp_unit};
use crate::data::{DataType, LogicalType, TimeAttribute, Value};
use crate::expr::cast::{parse_date, parse_timestamp, truncated};
use crate::expr::columnar::Columnar;
use crate::expr::function::{Call, Function, Mismatch, Resolved};
use crate::expr::tree::Expr;
use crate::expr::types::{is_datetime, is_integer, is_text, is_timestamp};

/// What DATE_FORMAT reads text by and FROM_UNIXTIME writes by, unless told otherwise.
const DEFAULT_PATTERN: &str = "yyyy-MM-dd HH:mm:ss";

pub(super) static FUNCTIONS: &[Function] = &[
    Function::strict("EXTRACT", "EXTRACT(unit FROM time)", infer_extract, extract),
    Function::strict("YEAR", "YEAR(date)", infer_part, |c| part(c, Unit::Year)),
    Function::strict("QUARTER", "QUARTER(date)", infer_part, |c| part(c, Unit::Quarter)),
    Function::strict("MONTH", "MONTH(date)", infer_part, |c| part(c, Unit::Month)),
    Function::strict("WEEK", "WEEK(date)", infer_part, |c| part(c, Unit::Week)),
    Function::strict("DAYOFYEAR", "DAYOFYEAR(date)", infer_part, |c| part(c, Unit::DayOfYear)),
    Function::strict("DAYOFMONTH", "DAYOFMONTH(date)", infer_part, |c| part(c, Unit::Day)),
    Function::strict("DAYOFWEEK", "DAYOFWEEK(date)", infer_part, |c| part(c, Unit::DayOfWeek)),
    Function::strict("HOUR", "HOUR(time)", infer_part, |c| part(c, Unit::Hour)),
    Function::strict("MINUTE", "MINUTE(time)", infer_part, |c| part(c, Unit::Minute)),
    Function::strict("SECOND", "SECOND(time)", infer_part, |c| part(c, Unit::Second)),
    Function::strict("TIMESTAMPADD", "TIMESTAMPADD(unit, count, time)", infer_add, add),
    Function::strict(
        "TIMESTAMPDIFF",
        "TIMESTAMPDIFF(unit, from, to)",
        infer_difference,
        difference,
    ),
    Function::strict("DATETIME_MINUS", "(time - time) unit", infer_minus, minus),
    Function::strict("DATE_FORMAT", "DATE_FORMAT(time, pattern)", infer_format, format),
    Function::strict(
        "TO_TIMESTAMP",
        "TO_TIMESTAMP(text[, pattern])",
        infer_to_timestamp,
        to_timestamp,
    ),
    Function::strict("TO_DATE", "TO_DATE(text[, pattern])", infer_to_date, to_date),
    Function::strict(
        "TO_TIMESTAMP_LTZ",
        "TO_TIMESTAMP_LTZ(number, precision)",
        infer_to_ltz,
        to_ltz,
    ),
    Function::strict(
        "FROM_UNIXTIME",
        "FROM_UNIXTIME(seconds[, pattern])",
        infer_from_unix,
        from_unix,
    ),
    Function {
        volatility: crate::expr::function::Volatility::Volatile,
        ..Function::strict("UNIX_TIMESTAMP", "UNIX_TIMESTAMP([text[, pattern]])", infer_unix, unix)
    },
];

fn infer_extract(operands: &[Expr]) -> Inferred {
    match operands {
        [unit, time] if fits(time, is_datetime) => {
            Unit::of(unit)?;
            Ok(as_given(operands, LogicalType::BigInt))
        }
        _ => Err(Mismatch::Types),
    }
}

fn extract(call: &Call<'_>) -> Result<Columnar> {
    let unit = Unit::of(&call.operands[0])?;
    Ok(call.collect::<_, Int64Array>(|row| Some(unit.extract(wall_millis(call, 1, row)?))))
}

fn infer_part(operands: &[Expr]) -> Inferred {
    match operands {
        [time] if fits(time, is_datetime) => Ok(as_given(operands, LogicalType::BigInt)),
        _ => Err(Mismatch::Types),
    }
}

fn part(call: &Call<'_>, unit: Unit) -> Result<Columnar> {
    Ok(call.collect::<_, Int64Array>(|row| Some(unit.extract(wall_millis(call, 0, row)?))))
}

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
            shift_value(call.value(time, row), |millis| millis.checked_add(by * sign))
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
        [unit, from, to] if fits(from, is_datetime) && fits(to, is_datetime) => {
            Unit::of(unit)?;
            Ok(as_given(operands, LogicalType::Int))
        }
        _ => Err(Mismatch::Types),
    }
}

fn difference(call: &Call<'_>) -> Result<Columnar> {
    let unit = Unit::of(&call.operands[0])?;
    let row = |row| {
        let (from, to) = (wall_millis(call, 1, row)?, wall_millis(call, 2, row)?);
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

/// A pattern argument, or the default if there is none. Constants are read once.
enum Pattern<'a> {
    Once(Option<DatePattern>),
    Each(super::Values<'a, StringArray>),
}

impl<'a> Pattern<'a> {
    fn argument(call: &Call<'a>, index: usize) -> Result<Self> {
        if index >= call.arguments.len() {
            return Ok(Self::Once(Some(DatePattern::new(DEFAULT_PATTERN)?)));
        }
        let texts = call.texts(index)?;
        match texts.scalar {
            true => Ok(Self::Once(texts.get(0).map(DatePattern::new).transpose()?)),
            false => Ok(Self::Each(texts)),
        }
    }

    /// Applies the pattern of a row; NULL or an unreadable pattern give `None`.
    fn with<T>(&self, row: usize, apply: impl FnOnce(&DatePattern) -> Option<T>) -> Option<T> {
        match self {
            Self::Once(pattern) => apply(pattern.as_ref()?),
            Self::Each(texts) => apply(&DatePattern::new(texts.get(row)?).ok()?),
        }
    }
}

fn text_and_pattern(operands: &[Expr], result: LogicalType) -> Inferred {
    match operands {
        [text] | [text, _] if fits(text, is_text) && operands.iter().all(|o| fits(o, is_text)) => {
            let arguments = vec![LogicalType::STRING; operands.len()];
            Ok(Resolved { arguments, result: DataType::nullable(result) })
        }
        _ => Err(Mismatch::Types),
    }
}

fn infer_format(operands: &[Expr]) -> Inferred {
    match operands {
        [time, pattern] if fits(pattern, is_text) && is_timestamp(&time.data_type.logical) => {
            Ok(as_given(operands, LogicalType::STRING))
        }
        [_, _] => text_and_pattern(operands, LogicalType::STRING),
        _ => Err(Mismatch::Types),
    }
}

fn format(call: &Call<'_>) -> Result<Columnar> {
    let pattern = Pattern::argument(call, 1)?;
    let moment = |row| match call.value(0, row) {
        Value::Timestamp(millis, nanos) => Some((millis, nanos)),
        Value::TimestampLtz(millis, nanos) => Some((call.context.zone.local_millis(millis), nanos)),
        Value::String(text) => parse_timestamp(&text),
        _ => None,
    };
    let row = |row| {
        let (millis, nanos) = moment(row)?;
        pattern.with(row, |pattern| Some(pattern.format(millis, nanos)))
    };
    Ok(call.collect::<_, StringArray>(row))
}

fn infer_to_timestamp(operands: &[Expr]) -> Inferred {
    text_and_pattern(operands, LogicalType::timestamp(3))
}

/// Text that is no moment gives NULL.
fn to_timestamp(call: &Call<'_>) -> Result<Columnar> {
    let text = call.texts(0)?;
    let pattern = Pattern::argument(call, 1)?;
    let plain = call.arguments.len() == 1;
    let row = |row| {
        let text = text.get(row)?;
        let moment = match plain {
            true => parse_timestamp(text.trim()),
            false => pattern.with(row, |pattern| pattern.parse(text)),
        };
        moment.map(|(millis, _)| millis)
    };
    Ok(call.collect::<_, PrimitiveArray<TimestampMillisecondType>>(row))
}

fn infer_to_date(operands: &[Expr]) -> Inferred {
    text_and_pattern(operands, LogicalType::Date)
}

fn to_date(call: &Call<'_>) -> Result<Columnar> {
    let text = call.texts(0)?;
    let pattern = Pattern::argument(call, 1)?;
    let plain = call.arguments.len() == 1;
    let row = |row| {
        let text = text.get(row)?;
        match plain {
            true => parse_date(text.trim()),
            false => pattern
                .with(row, |pattern| pattern.parse(text))
                .map(|(millis, _)| millis.div_euclid(MILLIS_PER_DAY) as i32),
        }
    };
    from_values(call, |index| row(index).map_or(Value::Null, Value::Date))
}

/// The number counts seconds (precision 0) or milliseconds (3).
fn infer_to_ltz(operands: &[Expr]) -> Inferred {
    let attribute = TimeAttribute::None;
    match operands {
        [number, precision] if fits(number, is_integer) && fits(precision, is_integer) => {
            if !matches!(precision.as_literal(), Some(Value::Int(0 | 3)) | None) {
                let error = Error::new("timestamp-precision").arg("found", precision);
                return Err(Mismatch::Because(error));
            }
            Ok(Resolved {
                arguments: vec![LogicalType::BigInt, LogicalType::Int],
                result: DataType::nullable(LogicalType::TimestampLtz { precision: 3, attribute }),
            })
        }
        _ => Err(Mismatch::Types),
    }
}

fn to_ltz(call: &Call<'_>) -> Result<Columnar> {
    let number = call.numbers::<Int64Type>(0)?;
    let precision = call.numbers::<arrow::datatypes::Int32Type>(1)?;
    from_values(call, |row| match (number.get(row), precision.get(row)) {
        (Some(seconds), Some(0)) => Value::TimestampLtz(seconds.saturating_mul(1_000), 0),
        (Some(millis), Some(_)) => Value::TimestampLtz(millis, 0),
        _ => Value::Null,
    })
}

fn infer_from_unix(operands: &[Expr]) -> Inferred {
    match operands {
        [seconds] | [seconds, _] if fits(seconds, is_integer) => {
            if operands.iter().skip(1).any(|o| !fits(o, is_text)) {
                return Err(Mismatch::Types);
            }
            let mut arguments = vec![LogicalType::BigInt];
            arguments.extend(operands.get(1).map(|_| LogicalType::STRING));
            Ok(resolved(operands, arguments, LogicalType::STRING))
        }
        _ => Err(Mismatch::Types),
    }
}

fn from_unix(call: &Call<'_>) -> Result<Columnar> {
    let seconds = call.numbers::<Int64Type>(0)?;
    let pattern = Pattern::argument(call, 1)?;
    let row = |row| {
        let local = call.context.zone.local_millis(seconds.get(row)?.saturating_mul(1_000));
        pattern.with(row, |pattern| Some(pattern.format(local, 0)))
    };
    Ok(call.collect::<_, StringArray>(row))
}

fn infer_unix(operands: &[Expr]) -> Inferred {
    match operands {
        [] => {
            Ok(Resolved { arguments: Vec::new(), result: DataType::not_null(LogicalType::BigInt) })
        }
        _ => {
            let nullable = operands.iter().any(|o| o.data_type.nullable);
            let types = text_and_pattern(operands, LogicalType::BigInt)?;
            Ok(Resolved { result: DataType { nullable, ..types.result }, ..types })
        }
    }
}

/// Seconds since the epoch: of now, or of a moment in the session's zone.
fn unix(call: &Call<'_>) -> Result<Columnar> {
    if call.arguments.is_empty() {
        let seconds = call.context.now.millis().div_euclid(1_000);
        return Columnar::scalar(&Value::BigInt(seconds), call.result);
    }
    let text = call.texts(0)?;
    let pattern = Pattern::argument(call, 1)?;
    let row = |row| {
        let (millis, _) = pattern.with(row, |pattern| pattern.parse(text.get(row)?))?;
        Some(call.context.zone.instant_millis(millis).div_euclid(1_000))
    };
    Ok(call.collect::<_, Int64Array>(row))
}
