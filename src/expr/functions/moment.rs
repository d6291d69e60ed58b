//! Moments as text and as numbers: DATE_FORMAT, TO_TIMESTAMP, FROM_UNIXTIME and their like.

use std::sync::Arc;

use arrow::array::{Int64Array, PrimitiveArray, StringArray, StringBuilder};
use arrow::datatypes::{Int64Type, TimestampMillisecondType};

use super::date_writer::DateWriter;
use super::pattern::DatePattern;
use super::units::{MILLIS_PER_DAY, from_values};
use super::{Inferred, as_given, fits};
use crate::base::{Error, Result};
use crate::data::zone::Zone;
use crate::data::{DataType, LogicalType, TimeAttribute, Value};
use crate::expr::cast::{parse_date, parse_timestamp};
use crate::expr::columnar::Columnar;
use crate::expr::function::{Call, Function, Mismatch, Resolved};
use crate::expr::tree::Expr;
use crate::expr::types::{is_integer, is_numeric, is_text, is_timestamp};

pub(super) static FUNCTIONS: &[Function] = &[
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
    Function::zoned(
        "FROM_UNIXTIME",
        "FROM_UNIXTIME(seconds[, pattern])",
        infer_from_unix,
        from_unix,
    ),
    Function::volatile("UNIX_TIMESTAMP", "UNIX_TIMESTAMP([text[, pattern]])", infer_unix, unix),
    Function::strict("CONVERT_TZ", "CONVERT_TZ(text, zone, zone)", infer_convert, convert),
];

/// What DATE_FORMAT reads text by and FROM_UNIXTIME writes by, unless told otherwise.
const DEFAULT_PATTERN: &str = "yyyy-MM-dd HH:mm:ss";

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
            let types = as_given(operands, LogicalType::STRING);
            Ok(Resolved { result: DataType::nullable(LogicalType::STRING), ..types })
        }
        [_, _] => text_and_pattern(operands, LogicalType::STRING),
        _ => Err(Mismatch::Types),
    }
}

fn format(call: &Call<'_>) -> Result<Columnar> {
    let pattern = Pattern::argument(call, 1)?;
    let any_moment = |row| match call.value(0, row) {
        Value::Timestamp(millis, nanos) => Some((millis, nanos)),
        Value::TimestampLtz(millis, nanos) => Some((call.context.zone.local_millis(millis), nanos)),
        Value::String(text) if text.contains(' ') => parse_timestamp(&text),
        _ => None,
    };
    let on_the_wall = matches!(call.logical(0), LogicalType::Timestamp { .. });
    let plain = call.numbers::<TimestampMillisecondType>(0).ok().filter(|_| on_the_wall);
    let moment = |row| match &plain {
        Some(plain) => plain.get(row).map(|millis| (millis, 0)),
        None => any_moment(row),
    };
    let mut texts = StringBuilder::with_capacity(call.rows, 0);
    match &pattern {
        Pattern::Once(pattern) => {
            let mut writer = pattern.as_ref().map(DateWriter::new);
            for row in 0..call.rows {
                let written = writer.as_mut().zip(moment(row));
                texts.append_option(
                    written.map(|(writer, (millis, nanos))| writer.write(millis, nanos)),
                );
            }
        }
        Pattern::Each(_) => {
            for row in 0..call.rows {
                let written = moment(row).and_then(|(millis, nanos)| {
                    pattern.with(row, |pattern| Some(pattern.format(millis, nanos)))
                });
                texts.append_option(written);
            }
        }
    }
    Ok(Columnar::Array(Arc::new(texts.finish())))
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
            // What is not of the pattern may still be a plain timestamp.
            false => pattern
                .with(row, |pattern| pattern.parse(text))
                .or_else(|| parse_timestamp(text.trim())),
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
        [number, precision] if fits(number, is_numeric) && fits(precision, is_integer) => {
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
            let result = DataType::nullable(LogicalType::STRING);
            Ok(Resolved { arguments, result })
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

/// What UNIX_TIMESTAMP gives for a text that is no moment.
const NO_MOMENT: i64 = i64::MIN;

/// Seconds since the epoch: of now, or of a moment in the session's zone.
fn unix(call: &Call<'_>) -> Result<Columnar> {
    if call.arguments.is_empty() {
        let seconds = call.context.now.millis().div_euclid(1_000);
        return Columnar::scalar(&Value::BigInt(seconds), call.result);
    }
    let text = call.texts(0)?;
    let pattern = Pattern::argument(call, 1)?;
    let row = |row| {
        let text = text.get(row)?;
        let (millis, _) = match pattern.with(row, |pattern| pattern.parse(text)) {
            Some(moment) => moment,
            None => return Some(NO_MOMENT),
        };
        Some(call.context.zone.instant_millis(millis).div_euclid(1_000))
    };
    Ok(call.collect::<_, Int64Array>(row))
}

fn infer_convert(operands: &[Expr]) -> Inferred {
    match operands {
        [_, _, _] if operands.iter().all(|o| fits(o, is_text)) => {
            let result = DataType::nullable(LogicalType::STRING);
            Ok(Resolved { arguments: vec![LogicalType::STRING; 3], result })
        }
        _ => Err(Mismatch::Types),
    }
}

/// A zone that nobody knows is UTC, as in Java.
fn zone_or_utc(name: &str) -> Zone {
    name.parse().unwrap_or_default()
}

/// A moment on the clock of one zone, as that of another shows it. NULL for what is no moment.
fn convert(call: &Call<'_>) -> Result<Columnar> {
    let (text, from, to) = (call.texts(0)?, call.texts(1)?, call.texts(2)?);
    let pattern = DatePattern::new(DEFAULT_PATTERN)?;
    let row = |row| {
        let (text, from, to) = (text.get(row)?, from.get(row)?, to.get(row)?);
        let (millis, _) = pattern.parse_start(text)?;
        let instant = zone_or_utc(from).later_instant_millis(millis);
        Some(pattern.format(zone_or_utc(to).local_millis(instant), 0))
    };
    Ok(call.collect::<_, StringArray>(row))
}
