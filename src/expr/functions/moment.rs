//! Moments as text and as numbers: DATE_FORMAT, TO_TIMESTAMP, FROM_UNIXTIME and their like.

use std::sync::Arc;

use arrow::array::{Int64Array, PrimitiveArray, StringArray, StringBuilder};
use arrow::datatypes::{Int64Type, TimestampMillisecondType};

use super::date_writer::DateWriter;
use super::java_zone::java_zone;
use super::pattern::{DatePattern, SimplePattern, sql_moment};
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
enum Pattern<'a, P> {
    Once(Option<P>),
    Each(super::Values<'a, StringArray>, fn(&str) -> Result<P>),
}

impl<'a, P> Pattern<'a, P> {
    fn argument(call: &Call<'a>, index: usize, read: fn(&str) -> Result<P>) -> Result<Self> {
        if index >= call.arguments.len() {
            return Ok(Self::Once(Some(read(DEFAULT_PATTERN)?)));
        }
        let texts = call.texts(index)?;
        match texts.scalar {
            true => Ok(Self::Once(texts.get(0).map(read).transpose()?)),
            false => Ok(Self::Each(texts, read)),
        }
    }

    /// Applies the pattern of a row; NULL or an unreadable pattern give `None`.
    fn with<T>(&self, row: usize, apply: impl FnOnce(&P) -> Option<T>) -> Option<T> {
        match self {
            Self::Once(pattern) => apply(pattern.as_ref()?),
            Self::Each(texts, read) => apply(&read(texts.get(row)?).ok()?),
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
    if is_text(call.logical(0)) {
        return format_text(call);
    }
    let pattern = Pattern::argument(call, 1, DatePattern::for_writing)?;
    let any_moment = |row| match call.value(0, row) {
        Value::Timestamp(millis, nanos) => Some((millis, nanos)),
        Value::TimestampLtz(millis, nanos) => Some((call.context.zone.local_millis(millis), nanos)),
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
        Pattern::Each(..) => {
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

/// A text that is a moment is read and written by the other family of patterns.
fn format_text(call: &Call<'_>) -> Result<Columnar> {
    let text = call.texts(0)?;
    let (read, utc) = (SimplePattern::new(DEFAULT_PATTERN)?, Zone::default());
    let pattern = Pattern::argument(call, 1, SimplePattern::new)?;
    let row = |row| {
        let instant = read.parse(text.get(row)?, &utc)?;
        pattern.with(row, |pattern| Some(pattern.format(instant, &utc)))
    };
    Ok(call.collect::<_, StringArray>(row))
}

fn infer_to_timestamp(operands: &[Expr]) -> Inferred {
    text_and_pattern(operands, LogicalType::timestamp(3))
}

/// Text that is no moment gives NULL, and so does a pattern that is none.
fn to_timestamp(call: &Call<'_>) -> Result<Columnar> {
    let text = call.texts(0)?;
    let pattern = match Pattern::argument(call, 1, DatePattern::new) {
        Err(error) if error.code() == "date-pattern" => Pattern::Once(None),
        pattern => pattern?,
    };
    let plain = call.arguments.len() == 1;
    let row = |row| {
        let text = text.get(row)?;
        let moment = match plain {
            true => parse_timestamp(text.trim()),
            false => {
                pattern.with(row, |pattern| pattern.parse(text).or_else(|| sql_moment(text.trim())))
            }
        };
        moment.map(|(millis, _)| millis)
    };
    Ok(call.collect::<_, PrimitiveArray<TimestampMillisecondType>>(row))
}

fn infer_to_date(operands: &[Expr]) -> Inferred {
    text_and_pattern(operands, LogicalType::Date)
}

/// What Flink makes of a text that is no date by its pattern: the day of its least moment (`i64::MIN`
/// milliseconds), which is out of the bounds of its calendar.
const NO_DAY: i32 = 1_278_983;

fn to_date(call: &Call<'_>) -> Result<Columnar> {
    let text = call.texts(0)?;
    if call.arguments.len() == 1 {
        let day = |row| parse_date(text.get(row)?.trim());
        return from_values(call, |row| day(row).map_or(Value::Null, Value::Date));
    }
    let pattern = Pattern::argument(call, 1, SimplePattern::new)?;
    let utc = Zone::default();
    let row = |row| {
        let text = text.get(row)?;
        pattern.with(row, |pattern| {
            let millis = pattern.parse(text, &utc);
            Some(millis.map_or(NO_DAY, |m| m.div_euclid(MILLIS_PER_DAY) as i32))
        })
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
    let pattern = Pattern::argument(call, 1, SimplePattern::new)?;
    let row = |row| {
        // As Java multiplies: the least number there is comes to 0.
        let instant = seconds.get(row)?.wrapping_mul(1_000);
        pattern.with(row, |pattern| Some(pattern.format(instant, &call.context.zone)))
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
    let pattern = Pattern::argument(call, 1, SimplePattern::new)?;
    let zone = &call.context.zone;
    let row = |row| {
        let text = text.get(row)?;
        let instant = pattern.with(row, |pattern| pattern.parse(text, zone));
        Some(instant.map_or(NO_MOMENT, |millis| millis.div_euclid(1_000)))
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

/// A moment on the clock of one zone, as that of another shows it. NULL for what is no moment.
fn convert(call: &Call<'_>) -> Result<Columnar> {
    let (text, from, to) = (call.texts(0)?, call.texts(1)?, call.texts(2)?);
    let pattern = SimplePattern::new(DEFAULT_PATTERN)?;
    let row = |row| {
        let (text, from, to) = (text.get(row)?, from.get(row)?, to.get(row)?);
        let instant = pattern.parse(text, &java_zone(from))?;
        Some(pattern.format(instant, &java_zone(to)))
    };
    Ok(call.collect::<_, StringArray>(row))
}
