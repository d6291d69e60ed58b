//! CAST and TRY_CAST: which types turn into which, and how.
//!
//! Source: `CastRuleProvider` of Flink 1.18. Numbers narrow as in Java (INT to TINYINT wraps, DOUBLE
//! to INT saturates); a DECIMAL that does not fit becomes NULL; text that does not parse fails CAST and
//! is NULL in TRY_CAST.

pub(crate) mod number;
mod parse;

use std::sync::Arc;

use arrow::array::{Array, ArrayRef};
use arrow::datatypes::DataType as ArrowType;

use super::context::EvalContext;
use super::tree::{Expr, Node};
use super::types::{is_integer, is_numeric, is_text, is_timestamp};
use crate::base::{Error, Result};
use crate::data::arrow::{array_of, arrow_type, null_array};
use crate::data::zone::Zone;
use crate::data::{DataType, LogicalType, Value, print, value_at};

pub(crate) use number::{divide_half_up, rescale};
pub(crate) use parse::clamped_day;
pub use parse::{parse_date, parse_decimal, parse_time, parse_timestamp};

const MILLIS_PER_DAY: i64 = 86_400_000;

impl Expr {
    /// The value as another type: CAST. The result may be NULL if the value may.
    ///
    /// # Errors
    /// `cast-unsupported` (`from`, `to`) if the types do not turn into each other.
    pub fn cast(self, to: LogicalType) -> Result<Expr> {
        self.cast_or_null(to, false, false)
    }

    /// The value as another type, or NULL where that fails: TRY_CAST.
    ///
    /// # Errors
    /// As [`Expr::cast`].
    pub fn try_cast(self, to: LogicalType) -> Result<Expr> {
        self.cast_or_null(to, true, false)
    }

    fn cast_or_null(self, to: LogicalType, safe: bool, implied: bool) -> Result<Expr> {
        let from = &self.data_type.logical;
        let nullable = self.data_type.nullable || safe;
        let is_null = self.as_literal() == Some(&Value::Null);
        // Which cast a number asks for does not matter if there is none.
        let of_no_number = is_null && is_numeric(from) && is_timestamp(&to);
        if !castable(from, &to) && !of_no_number {
            return Err(Error::new("cast-unsupported").arg("from", from).arg("to", &to));
        }
        if is_null {
            return Ok(Expr::null(to));
        }
        if *from == to && self.data_type.nullable == nullable {
            return Ok(self);
        }
        let node = Node::Cast { safe, implied };
        Ok(Expr::new(node, DataType { logical: to, nullable }, vec![self]))
    }

    /// What is cast to a type in place of this: the constant that was cast to FLOAT, if the type has more
    /// digits. Flink's planner keeps those that were written: `CAST(CAST(1.1 AS FLOAT) AS DOUBLE)` is 1.1.
    pub(crate) fn with_digits_for(self, to: &LogicalType) -> Expr {
        let rounded = matches!(self.node, Node::Cast { .. });
        let was_float = self.data_type.logical == LogicalType::Float;
        let finer = matches!(to, LogicalType::Double | LogicalType::Decimal { .. });
        match self.operands().first() {
            Some(constant)
                if rounded
                    && was_float
                    && finer
                    && constant.as_literal().is_some()
                    && is_numeric(&constant.data_type.logical) =>
            {
                constant.clone()
            }
            _ => self,
        }
    }

    /// An implicit cast: nothing if only lengths or time attributes differ.
    pub(crate) fn coerce(self, to: LogicalType) -> Result<Expr> {
        self.coerced(to, false)
    }

    /// The implicit cast of a function's argument.
    pub(crate) fn coerce_argument(self, to: LogicalType) -> Result<Expr> {
        self.coerced(to, true)
    }

    fn coerced(self, to: LogicalType, implied: bool) -> Result<Expr> {
        let same_columns = arrow_type(&self.data_type.logical) == arrow_type(&to);
        let same_columns = same_columns && !matches!(to, LogicalType::Timestamp { .. });
        match same_columns || self.data_type.logical == to {
            true => Ok(self),
            false => self.cast_or_null(to, false, implied),
        }
    }
}

/// Whether CAST takes this pair of types.
pub fn castable(from: &LogicalType, to: &LogicalType) -> bool {
    use LogicalType as L;
    let plain = |t: &L| is_text(t) || *t == L::Boolean || is_numeric(t);
    match (from, to) {
        (L::Null, _) => true,
        (_, L::Null) => false,
        (L::Array(a), L::Array(b)) | (L::Multiset(a), L::Multiset(b)) => {
            castable(&a.logical, &b.logical)
        }
        (L::Map(ak, av), L::Map(bk, bv)) => {
            castable(&ak.logical, &bk.logical) && castable(&av.logical, &bv.logical)
        }
        (L::Row(a), L::Row(b)) => {
            let castable = |(a, b): (&crate::data::Field, &crate::data::Field)| {
                castable(&a.data_type.logical, &b.data_type.logical)
            };
            a.len() == b.len() && a.fields().iter().zip(b.fields()).all(castable)
        }
        (_, to) if is_text(to) => true,
        (from, L::Array(_) | L::Map(..) | L::Multiset(_) | L::Row(_)) => from == to,
        (L::Array(_) | L::Map(..) | L::Multiset(_) | L::Row(_), _) => false,
        (L::Binary(_) | L::Varbinary(_), L::Binary(_) | L::Varbinary(_)) => true,
        (from, L::Binary(_) | L::Varbinary(_)) => is_text(from),
        (from, L::IntervalDayTime | L::IntervalYearMonth) => from == to || is_integer(from),
        (L::IntervalDayTime | L::IntervalYearMonth, to) => is_integer(to),
        (from, L::Date) => is_text(from) || is_timestamp(from) || *from == L::Date,
        (from, L::Time(_)) => is_text(from) || is_timestamp(from) || matches!(from, L::Time(_)),
        (from, to) if is_timestamp(to) => {
            is_text(from) || is_timestamp(from) || matches!(from, L::Date | L::Time(_))
        }
        (from, to) => plain(from) && plain(to),
    }
}

/// Casts a column.
///
/// # Errors
/// `cast-failed` (`value`, `from`, `to`) for a value that has no counterpart, unless `safe`.
pub fn cast_array(
    array: &ArrayRef,
    from: &LogicalType,
    to: &LogicalType,
    safe: bool,
    context: &EvalContext,
) -> Result<ArrayRef> {
    if from == to {
        return Ok(array.clone());
    }
    if array.data_type() == &ArrowType::Null {
        return Ok(null_array(to, array.len()));
    }
    if let Some(array) = number::cast_integers(array, from, to) {
        return Ok(array);
    }
    if keeps_digits(from, to) {
        return Ok(array.clone());
    }
    let source = DataType::nullable(from.clone());
    let cast = |index| {
        let value = value_at(array, &source, index);
        match cast_value(&value, from, to, &context.zone) {
            Err(_) if safe => Ok(Value::Null),
            result => result,
        }
    };
    let values = (0..array.len()).map(cast).collect::<Result<Vec<_>>>()?;
    array_of(&DataType::nullable(to.clone()), &values)
}

/// Whether timestamps are the same in the other type: only what they are used for differs, or digits
/// are added for which the column has room.
fn keeps_digits(from: &LogicalType, to: &LogicalType) -> bool {
    use LogicalType as L;
    let (before, after) = match (from, to) {
        (L::Timestamp { precision: a, .. }, L::Timestamp { precision: b, .. })
        | (L::TimestampLtz { precision: a, .. }, L::TimestampLtz { precision: b, .. }) => (a, b),
        _ => return false,
    };
    before <= after && arrow_type(from) == arrow_type(to)
}

/// Casts one value.
///
/// # Errors
/// `cast-failed` for a value that has no counterpart.
pub fn cast_value(
    value: &Value,
    from: &LogicalType,
    to: &LogicalType,
    zone: &Zone,
) -> Result<Value> {
    counterpart(value, from, to, zone).map_err(|NoCounterpart| {
        Error::new("cast-failed")
            .arg("value", print::text(value, from, zone))
            .arg("from", from)
            .arg("to", to)
    })
}

/// What a cast of one value comes to; why it failed is said by its caller, who knows the types.
type Cast = Result<Value, NoCounterpart>;

/// The value has no counterpart in the other type.
#[derive(Debug)]
struct NoCounterpart;

fn counterpart(value: &Value, from: &LogicalType, to: &LogicalType, zone: &Zone) -> Cast {
    use LogicalType as L;
    if *value == Value::Null {
        return Ok(Value::Null);
    }
    match to {
        L::Char(length) => Ok(Value::String(padded(&text_of(value, from, zone), *length).into())),
        L::Varchar(length) => Ok(Value::String(cut(&text_of(value, from, zone), *length).into())),
        L::Binary(_) | L::Varbinary(_) => bytes_of(value, to),
        L::Array(_) | L::Multiset(_) | L::Map(..) | L::Row(_) => nested(value, from, to, zone),
        L::Boolean => number::boolean(value),
        L::Date | L::Time(_) | L::Timestamp { .. } | L::TimestampLtz { .. } => {
            temporal(value, to, zone)
        }
        L::Null => Ok(Value::Null),
        _ => number::number(value, to),
    }
}

/// The text of a value. Bytes are read as UTF-8.
fn text_of(value: &Value, from: &LogicalType, zone: &Zone) -> Arc<str> {
    match value {
        Value::String(text) => text.clone(),
        Value::Bytes(bytes) => String::from_utf8_lossy(bytes).into(),
        value => print::text(value, from, zone).into(),
    }
}

fn cut(text: &str, length: u32) -> &str {
    match text.char_indices().nth(length as usize) {
        Some((end, _)) if text.len() > length as usize => &text[..end],
        _ => text,
    }
}

fn padded(text: &str, length: u32) -> String {
    let text = cut(text, length);
    let missing = (length as usize).saturating_sub(text.chars().count());
    format!("{text}{}", " ".repeat(missing))
}

fn bytes_of(value: &Value, to: &LogicalType) -> Cast {
    let bytes = match value {
        Value::String(text) => text.as_bytes(),
        Value::Bytes(bytes) => bytes,
        _ => return Err(NoCounterpart),
    };
    let mut bytes = bytes.to_vec();
    match to {
        LogicalType::Binary(length) => bytes.resize(*length as usize, 0),
        LogicalType::Varbinary(length) => bytes.truncate(*length as usize),
        _ => {}
    }
    Ok(Value::Bytes(bytes.into()))
}

fn nested(value: &Value, from: &LogicalType, to: &LogicalType, zone: &Zone) -> Cast {
    use LogicalType as L;
    let cast = |value: &Value, from: &DataType, to: &DataType| {
        counterpart(value, &from.logical, &to.logical, zone)
    };
    match (value, from, to) {
        (Value::Array(items), L::Array(from), L::Array(to)) => {
            let items = items.iter().map(|item| cast(item, from, to));
            Ok(Value::Array(items.collect::<Result<_, _>>()?))
        }
        (Value::Map(entries), L::Map(from_key, from_value), L::Map(to_key, to_value)) => {
            let entry = |(k, v): &(Value, Value)| {
                Ok((cast(k, from_key, to_key)?, cast(v, from_value, to_value)?))
            };
            Ok(Value::Map(entries.iter().map(entry).collect::<Result<_, NoCounterpart>>()?))
        }
        (Value::Map(entries), L::Multiset(from), L::Multiset(to)) => {
            let entry = |(k, count): &(Value, Value)| Ok((cast(k, from, to)?, count.clone()));
            Ok(Value::Map(entries.iter().map(entry).collect::<Result<_, NoCounterpart>>()?))
        }
        (Value::Row(fields), L::Row(from), L::Row(to)) => {
            let types = from.fields().iter().zip(to.fields());
            let fields = fields.iter().zip(types);
            let fields = fields.map(|(v, (from, to))| cast(v, &from.data_type, &to.data_type));
            Ok(Value::Row(fields.collect::<Result<_, _>>()?))
        }
        _ => Err(NoCounterpart),
    }
}

fn temporal(value: &Value, to: &LogicalType, zone: &Zone) -> Cast {
    // Whatever the source, first the clock on the wall; then the instant if that is asked for.
    let (millis, nanos) = match value {
        Value::String(text) => return parsed(text.trim(), to, zone),
        Value::Date(days) => (i64::from(*days) * MILLIS_PER_DAY, 0),
        Value::Time(millis) => (i64::from(*millis), 0),
        Value::Timestamp(millis, nanos) => (*millis, *nanos),
        Value::TimestampLtz(millis, nanos) => match to {
            LogicalType::TimestampLtz { precision, .. } => {
                let (millis, nanos) = truncated(*millis, *nanos, *precision);
                return Ok(Value::TimestampLtz(millis, nanos));
            }
            _ => (zone.local_millis(*millis), *nanos),
        },
        _ => return Err(NoCounterpart),
    };
    from_wall_clock(millis, nanos, to, zone)
}

fn parsed(text: &str, to: &LogicalType, zone: &Zone) -> Cast {
    match to {
        LogicalType::Date => parse_date(text).map(Value::Date).ok_or(NoCounterpart),
        LogicalType::Time(_) => parse_time(text).map(Value::Time).ok_or(NoCounterpart),
        _ => {
            let (millis, nanos) = parse_timestamp(text).ok_or(NoCounterpart)?;
            from_wall_clock(millis, nanos, to, zone)
        }
    }
}

fn from_wall_clock(millis: i64, nanos: i32, to: &LogicalType, zone: &Zone) -> Cast {
    match to {
        LogicalType::Date => {
            let days = i32::try_from(millis.div_euclid(MILLIS_PER_DAY));
            days.map(Value::Date).map_err(|_| NoCounterpart)
        }
        LogicalType::Time(_) => Ok(Value::Time(millis.rem_euclid(MILLIS_PER_DAY) as i32)),
        LogicalType::TimestampLtz { precision, .. } => {
            let (millis, nanos) = truncated(zone.instant_millis(millis), nanos, *precision);
            Ok(Value::TimestampLtz(millis, nanos))
        }
        LogicalType::Timestamp { precision, .. } => {
            let (millis, nanos) = truncated(millis, nanos, *precision);
            Ok(Value::Timestamp(millis, nanos))
        }
        _ => Err(NoCounterpart),
    }
}

/// Cuts fraction digits beyond the precision, as Flink does (it does not round).
pub(crate) fn truncated(millis: i64, nanos: i32, precision: u8) -> (i64, i32) {
    match precision {
        0..=3 => {
            let unit = 10_i64.pow(u32::from(3 - precision));
            (millis.div_euclid(unit) * unit, 0)
        }
        4..=8 => {
            let unit = 10_i32.pow(u32::from(9 - precision));
            (millis, nanos / unit * unit)
        }
        _ => (millis, nanos),
    }
}

#[cfg(test)]
mod tests;
