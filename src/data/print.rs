//! Values and tables as Flink prints them.
//!
//! - [`cell`]: one value in the SQL client's tables, which is also what CAST to STRING gives;
//! - [`table`]: the boxes around them, for batch results, listings and changelogs;
//! - [`java`]: the forms of the `print` connector, `+I[1, null, 2024-01-01T00:00]`.

pub mod java;
pub mod number;
pub mod table;
pub mod temporal;

use std::fmt::Write;

use super::row::Value;
use super::types::{DataType, LogicalType};
use super::zone::Zone;

/// What stands for NULL at the top level of a row.
pub const NULL_CELL: &str = "<NULL>";

/// A value as a cell of a result. TIMESTAMP_LTZ shows the clock of `zone`.
pub fn cell(value: &Value, data_type: &DataType, zone: &Zone) -> String {
    match value {
        Value::Null => NULL_CELL.to_owned(),
        value => text(value, &data_type.logical, zone),
    }
}

/// A value as CAST to STRING gives it; NULL is `NULL`.
pub fn text(value: &Value, logical: &LogicalType, zone: &Zone) -> String {
    let mut out = String::new();
    write_text(&mut out, value, logical, zone);
    out
}

fn write_text(out: &mut String, value: &Value, logical: &LogicalType, zone: &Zone) {
    // Writing to a String cannot fail.
    let _ = match value {
        Value::Null => write!(out, "NULL"),
        Value::Boolean(v) => write!(out, "{}", if *v { "TRUE" } else { "FALSE" }),
        Value::TinyInt(v) => write!(out, "{v}"),
        Value::SmallInt(v) => write!(out, "{v}"),
        Value::Int(v) => write!(out, "{v}"),
        Value::BigInt(v) => write!(out, "{v}"),
        Value::Float(v) => write!(out, "{}", number::java_float(*v)),
        Value::Double(v) => write!(out, "{}", number::java_double(*v)),
        Value::Decimal(unscaled, scale) => write!(out, "{}", number::decimal(*unscaled, *scale)),
        Value::String(v) => write!(out, "{v}"),
        Value::Bytes(bytes) => {
            let length = match logical {
                LogicalType::Binary(length) => bytes.len().min(*length as usize),
                _ => bytes.len(),
            };
            write!(out, "x'{}'", hex(&bytes[..length]))
        }
        Value::Date(days) => write!(out, "{}", temporal::date(*days)),
        Value::Time(millis) => write!(out, "{}", temporal::time(*millis, precision(logical))),
        Value::Timestamp(millis, nanos) => {
            write!(out, "{}", temporal::timestamp(*millis, *nanos, precision(logical)))
        }
        Value::TimestampLtz(millis, nanos) => {
            let local = zone.local_millis(*millis);
            write!(out, "{}", temporal::timestamp(local, *nanos, precision(logical)))
        }
        Value::IntervalYearMonth(months) => write!(out, "{}", temporal::year_month(*months)),
        Value::IntervalDayTime(millis) => write!(out, "{}", temporal::day_time(*millis)),
        Value::Array(items) => {
            let LogicalType::Array(element) = logical else { return };
            return write_list(out, "[", "]", items.iter(), |out, item| {
                write_text(out, item, &element.logical, zone);
            });
        }
        Value::Map(entries) => return write_map(out, entries, logical, zone),
        Value::Row(fields) => {
            let LogicalType::Row(schema) = logical else { return };
            let fields = fields.iter().zip(schema.fields());
            return write_list(out, "(", ")", fields, |out, (value, field)| {
                write_text(out, value, &field.data_type.logical, zone);
            });
        }
    };
}

fn write_map(out: &mut String, entries: &[(Value, Value)], logical: &LogicalType, zone: &Zone) {
    const COUNT: LogicalType = LogicalType::Int;
    let (key, value) = match logical {
        LogicalType::Map(key, value) => (&key.logical, &value.logical),
        LogicalType::Multiset(element) => (&element.logical, &COUNT),
        _ => return,
    };
    write_list(out, "{", "}", entries.iter(), |out, (k, v)| {
        write_text(out, k, key, zone);
        out.push('=');
        write_text(out, v, value, zone);
    });
}

fn write_list<T>(
    out: &mut String,
    open: &str,
    close: &str,
    items: impl Iterator<Item = T>,
    write_item: impl Fn(&mut String, T),
) {
    out.push_str(open);
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        write_item(out, item);
    }
    out.push_str(close);
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The fraction digits of a time or timestamp type.
fn precision(logical: &LogicalType) -> u8 {
    match logical {
        LogicalType::Time(precision)
        | LogicalType::Timestamp { precision, .. }
        | LogicalType::TimestampLtz { precision, .. } => *precision,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::data::{Field, Schema};

    #[test]
    fn cells_read_as_in_the_sql_client() {
        use LogicalType as L;
        let int = Arc::new(DataType::nullable(L::Int));
        let string = DataType::nullable(L::STRING);
        let row = Schema::new(vec![
            Field::new("a", DataType::nullable(L::Int)),
            Field::new("b", string.clone()),
        ]);
        let ltz = L::TimestampLtz { precision: 3, attribute: Default::default() };
        let cases = [
            (L::Int, Value::Null, "<NULL>"),
            (L::Boolean, Value::Boolean(true), "TRUE"),
            (L::Double, Value::Double(1e10), "1.0E10"),
            (L::Decimal { precision: 5, scale: 2 }, Value::Decimal(150, 2), "1.50"),
            (L::timestamp(3), Value::Timestamp(1_704_067_200_120, 0), "2024-01-01 00:00:00.120"),
            (L::timestamp(0), Value::Timestamp(-1_000, 0), "1969-12-31 23:59:59"),
            (L::timestamp(0), Value::Timestamp(-1, 0), "1969-12-31 23:59:59.999"),
            (ltz, Value::TimestampLtz(0, 0), "1969-12-31 21:00:00.000"),
            (L::Varbinary(9), Value::Bytes([0xab, 1].into()), "x'ab01'"),
            (L::Array(int.clone()), Value::Array([Value::Int(1), Value::Null].into()), "[1, NULL]"),
            (
                L::Map(string.clone().into(), int),
                Value::Map([("k".into(), Value::Int(1))].into()),
                "{k=1}",
            ),
            (L::Row(row), Value::Row([Value::Int(1), "x".into()].into()), "(1, x)"),
            (L::IntervalDayTime, Value::IntervalDayTime(93_784_000), "+1 02:03:04.000"),
            (L::IntervalDayTime, Value::IntervalDayTime(-1_500), "-0 00:00:01.500"),
            (L::IntervalYearMonth, Value::IntervalYearMonth(14), "+1-02"),
        ];
        let zone = "America/Sao_Paulo".parse().unwrap();
        for (logical, value, expected) in cases {
            assert_eq!(cell(&value, &DataType::nullable(logical), &zone), expected);
        }
    }
}
