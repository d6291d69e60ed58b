//! Writing rows as JSON lines, byte for byte as Flink does.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::NullKey;
use crate::base::{Error, Result};
use crate::connectors::format::{FileWriter, FileWriterFactory, written};
use crate::data::print::{number, temporal};
use crate::data::{Batch, DataType, LogicalType as L, RowKind, Schema, Value, json, value_at};

/// What the options say of writing.
#[derive(Clone)]
pub(in crate::connectors::format) struct Rules {
    /// What stands between a date and a time.
    pub(super) between: char,
    pub(super) null_key: NullKey,
    pub(super) plain_decimals: bool,
}

/// What stands around the object of a row, by its kind.
pub(in crate::connectors::format) type Envelope = fn(RowKind) -> (&'static str, &'static str);

/// Makes writers of JSON files of one table.
pub(in crate::connectors::format) struct Factory {
    pub(in crate::connectors::format) rules: Rules,
    pub(in crate::connectors::format) schema: Schema,
    pub(in crate::connectors::format) envelope: Envelope,
}

impl FileWriterFactory for Factory {
    fn create(&self) -> Box<dyn FileWriter> {
        let (rules, schema) = (self.rules.clone(), self.schema.clone());
        Box::new(JsonWriter { rules, schema, envelope: self.envelope, line: String::new() })
    }
}

struct JsonWriter {
    rules: Rules,
    schema: Schema,
    envelope: Envelope,
    line: String,
}

impl FileWriter for JsonWriter {
    fn write(&mut self, batch: &Batch, out: &mut Vec<u8>) -> Result<()> {
        for row in 0..batch.len() {
            self.line.clear();
            let value = |(column, field): (usize, &crate::data::Field)| {
                value_at(batch.column(column), &field.data_type, row)
            };
            let values: Vec<Value> = self.schema.fields().iter().enumerate().map(value).collect();
            let (before, after) = (self.envelope)(batch.kind(row));
            self.line.push_str(before);
            self.rules.object(&values, &self.schema, &mut self.line)?;
            self.line.push_str(after);
            out.extend_from_slice(self.line.as_bytes());
            out.push(b'\n');
        }
        Ok(())
    }
}

impl Rules {
    fn append(&self, value: &Value, data_type: &DataType, out: &mut String) -> Result<()> {
        // Writing to a String cannot fail.
        let _ = match (value, &data_type.logical) {
            (Value::Null, _) => out.write_str("null"),
            (Value::Boolean(v), _) => write!(out, "{v}"),
            (Value::TinyInt(v), _) => write!(out, "{v}"),
            (Value::SmallInt(v), _) => write!(out, "{v}"),
            (Value::Int(v) | Value::IntervalYearMonth(v), _) => write!(out, "{v}"),
            (Value::BigInt(v) | Value::IntervalDayTime(v), _) => write!(out, "{v}"),
            (Value::Float(v), _) => finite(v.is_finite(), number::java_float(*v), out),
            (Value::Double(v), _) => finite(v.is_finite(), number::java_double(*v), out),
            (Value::Decimal(unscaled, scale), _) => {
                out.write_str(&written::decimal(*unscaled, *scale, !self.plain_decimals))
            }
            (Value::Array(items), L::Array(element)) => return self.array(items, element, out),
            (Value::Map(entries), L::Map(_, value)) => return self.map(entries, value, out),
            (Value::Map(entries), L::Multiset(_)) => {
                return self.map(entries, &DataType::not_null(L::Int), out);
            }
            (Value::Row(fields), L::Row(schema)) => return self.object(fields, schema, out),
            (text, _) => {
                json::quote(&self.text(text), out);
                Ok(())
            }
        };
        Ok(())
    }

    fn text(&self, value: &Value) -> String {
        match value {
            Value::String(text) => text.to_string(),
            Value::Bytes(bytes) => STANDARD.encode(bytes),
            Value::Date(days) => temporal::date(*days),
            Value::Time(millis) => written::time(*millis),
            Value::Timestamp(millis, nanos) => written::timestamp(*millis, *nanos, self.between),
            Value::TimestampLtz(millis, nanos) => {
                written::timestamp(*millis, *nanos, self.between) + "Z"
            }
            _ => String::new(),
        }
    }

    fn array(&self, items: &[Value], element: &DataType, out: &mut String) -> Result<()> {
        out.push('[');
        for (index, item) in items.iter().enumerate() {
            separate(index, out);
            self.append(item, element, out)?;
        }
        out.push(']');
        Ok(())
    }

    pub(super) fn object(&self, fields: &[Value], schema: &Schema, out: &mut String) -> Result<()> {
        out.push('{');
        for (index, (value, field)) in fields.iter().zip(schema.fields()).enumerate() {
            separate(index, out);
            json::quote(&field.name, out);
            out.push(':');
            self.append(value, &field.data_type, out)?;
        }
        out.push('}');
        Ok(())
    }

    fn map(&self, entries: &[(Value, Value)], value: &DataType, out: &mut String) -> Result<()> {
        out.push('{');
        let mut written = 0;
        for (key, item) in entries {
            let key = match (key, &self.null_key) {
                (Value::Null, NullKey::Fail) => return Err(Error::new("json-map-key-null")),
                (Value::Null, NullKey::Drop) => continue,
                (Value::Null, NullKey::Literal(literal)) => literal.clone(),
                (key, _) => self.text(key),
            };
            separate(written, out);
            written += 1;
            json::quote(&key, out);
            out.push(':');
            self.append(item, value, out)?;
        }
        out.push('}');
        Ok(())
    }
}

fn separate(index: usize, out: &mut String) {
    if index > 0 {
        out.push(',');
    }
}

/// JSON has no number for infinity: Jackson writes it as a text.
fn finite(is: bool, text: String, out: &mut String) -> std::fmt::Result {
    if is { out.write_str(&text) } else { write!(out, "\"{text}\"") }
}
