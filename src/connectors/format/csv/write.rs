//! Writing rows as lines of CSV, byte for byte as Flink does.
//!
//! Flink's writer does not look closely: a text is quoted if it is longer than 24 characters or has a
//! character that is not safely above the delimiter, the quote and the line end in the code table. So
//! `Ana` stands bare, and `Data Engineer` in quotes.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Dialect, column};
use crate::base::Result;
use crate::connectors::format::{FileWriter, FileWriterFactory, written};
use crate::data::print::{number, temporal};
use crate::data::{Batch, DataType, LogicalType as L, Schema, Value, value_at};

/// The longest text that is looked at before it is quoted.
const LONGEST_LOOK: usize = 24;

/// Makes writers of CSV files of one table.
pub(super) struct Factory {
    dialect: Dialect,
    schema: Schema,
}

impl Factory {
    pub(super) fn new(dialect: Dialect, schema: &Schema) -> Result<Self> {
        schema.fields().iter().try_for_each(|f| column::check(&f.name, &f.data_type))?;
        Ok(Self { dialect, schema: schema.clone() })
    }
}

impl FileWriterFactory for Factory {
    fn create(&self) -> Box<dyn FileWriter> {
        Box::new(CsvWriter {
            dialect: self.dialect.clone(),
            schema: self.schema.clone(),
            field: String::new(),
        })
    }
}

struct CsvWriter {
    dialect: Dialect,
    schema: Schema,
    field: String,
}

impl FileWriter for CsvWriter {
    fn write(&mut self, batch: &Batch, out: &mut Vec<u8>) -> Result<()> {
        for row in 0..batch.len() {
            for (index, field) in self.schema.fields().iter().enumerate() {
                if index > 0 {
                    out.push(self.dialect.delimiter);
                }
                let value = value_at(batch.column(index), &field.data_type, row);
                self.field.clear();
                let bare = self.dialect.append(&value, &field.data_type, &mut self.field);
                self.dialect.quoted(&self.field, bare, out);
            }
            out.push(b'\n');
        }
        Ok(())
    }
}

impl Dialect {
    /// Appends the text of a value; true if it is one that is never quoted.
    fn append(&self, value: &Value, data_type: &DataType, out: &mut String) -> bool {
        // Writing to a String cannot fail.
        let _ = match value {
            Value::Null => {
                out.push_str(self.null_literal.as_deref().unwrap_or_default());
                return true;
            }
            Value::Boolean(v) => write!(out, "{v}"),
            Value::TinyInt(v) => write!(out, "{v}"),
            Value::SmallInt(v) => write!(out, "{v}"),
            Value::Int(v) | Value::IntervalYearMonth(v) => write!(out, "{v}"),
            Value::BigInt(v) | Value::IntervalDayTime(v) => write!(out, "{v}"),
            Value::Float(v) => write!(out, "{}", number::java_float(*v)),
            Value::Double(v) => write!(out, "{}", number::java_double(*v)),
            text => {
                self.append_text(text, data_type, out);
                return false;
            }
        };
        true
    }

    fn append_text(&self, value: &Value, data_type: &DataType, out: &mut String) {
        match (value, &data_type.logical) {
            (Value::String(text), _) => out.push_str(text),
            // A text to Flink's writer: `1E+14` is quoted.
            (Value::Decimal(unscaled, scale), _) => {
                out.push_str(&written::decimal(*unscaled, *scale, true));
            }
            (Value::Bytes(bytes), _) => STANDARD.encode_string(bytes, out),
            (Value::Date(days), _) => out.push_str(&temporal::date(*days)),
            (Value::Time(millis), _) => out.push_str(&written::time(*millis)),
            (Value::Timestamp(millis, nanos), _) => {
                out.push_str(&written::timestamp(*millis, *nanos, ' '));
            }
            (Value::TimestampLtz(millis, nanos), _) => {
                out.push_str(&written::timestamp(*millis, *nanos, ' '));
                out.push('Z');
            }
            (Value::Array(items), L::Array(element)) => {
                self.append_parts(items.iter().map(|item| (item, &**element)), out);
            }
            (Value::Row(fields), L::Row(schema)) => {
                let types = schema.fields().iter().map(|f| &f.data_type);
                self.append_parts(fields.iter().zip(types), out);
            }
            _ => {}
        }
    }

    fn append_parts<'a>(
        &self,
        parts: impl Iterator<Item = (&'a Value, &'a DataType)>,
        out: &mut String,
    ) {
        for (index, (value, data_type)) in parts.enumerate() {
            if index > 0 {
                out.push_str(&self.element_delimiter);
            }
            self.append(value, data_type, out);
        }
    }

    fn quoted(&self, field: &str, bare: bool, out: &mut Vec<u8>) {
        let Some(quote) = self.quote.filter(|quote| !bare && self.needs_quotes(field, *quote))
        else {
            out.extend_from_slice(field.as_bytes());
            return;
        };
        out.push(quote);
        for byte in field.bytes() {
            // Each is escaped by itself: a quote is doubled even where there is an escape character.
            if byte == quote || Some(byte) == self.escape {
                out.push(byte);
            }
            out.push(byte);
        }
        out.push(quote);
    }

    fn needs_quotes(&self, field: &str, quote: u8) -> bool {
        let safe = self.delimiter.max(quote).max(b'\n');
        field.encode_utf16().count() > LONGEST_LOOK
            || field.bytes().any(|b| b <= safe || Some(b) == self.escape)
    }
}
