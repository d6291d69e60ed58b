//! From columns and values to text: the only place of the model that looks into Arrow.

use std::sync::Arc;

use arrow::array::Array;
use arrow::util::display::{ArrayFormatter, FormatOptions};

use crate::data::{Batch, Value};

/// One value of a row, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The value; `NULL` is `<NULL>`.
    pub text: Arc<str>,
    /// Whether it is a number.
    pub numeric: bool,
    /// Whether it is text, and so stands in quotes inside a row.
    pub quoted: bool,
}

/// The cells of all rows of a batch.
pub(super) fn cells(batch: &Batch) -> Vec<Arc<[Cell]>> {
    let options = FormatOptions::new().with_null("<NULL>");
    let formatters: Vec<_> = batch
        .columns()
        .iter()
        .map(|column| (column, ArrayFormatter::try_new(column.as_ref(), &options).ok()))
        .collect();
    let cell = |column: &dyn Array, formatter: &Option<ArrayFormatter<'_>>, row| Cell {
        text: formatter.as_ref().map(|f| f.value(row).to_string()).unwrap_or_default().into(),
        numeric: column.data_type().is_numeric(),
        quoted: column.data_type().is_string() && column.is_valid(row),
    };
    (0..batch.len())
        .map(|row| formatters.iter().map(|(c, f)| cell(c.as_ref(), f, row)).collect())
        .collect()
}

/// A row as people write it: `('a', 3)`.
pub fn row_text(cells: &[Cell]) -> String {
    let parts: Vec<_> = cells
        .iter()
        .map(|c| if c.quoted { format!("'{}'", c.text) } else { c.text.to_string() })
        .collect();
    format!("({})", parts.join(", "))
}

/// A value as text, as Flink prints it at top level.
pub(super) fn value_text(value: &Value) -> String {
    match value {
        Value::Null => "<NULL>".to_owned(),
        Value::Boolean(v) => v.to_string().to_uppercase(),
        Value::TinyInt(v) => v.to_string(),
        Value::SmallInt(v) => v.to_string(),
        Value::Int(v) | Value::Date(v) | Value::Time(v) | Value::IntervalYearMonth(v) => {
            v.to_string()
        }
        Value::BigInt(v) | Value::IntervalDayTime(v) => v.to_string(),
        Value::Float(v) => format!("{v:?}"),
        Value::Double(v) => format!("{v:?}"),
        Value::Decimal(v, scale) => format!("{v}e-{scale}"),
        Value::String(v) => v.to_string(),
        Value::Bytes(v) => format!("{v:02x?}"),
        Value::Timestamp(millis, _) | Value::TimestampLtz(millis, _) => millis.to_string(),
        Value::Array(v) | Value::Row(v) => v.iter().map(value_text).collect::<Vec<_>>().join(", "),
        Value::Map(_) => "{..}".to_owned(),
    }
}
