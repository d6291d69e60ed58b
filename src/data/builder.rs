//! Rows into batches and back: the border between [`Row`] and columns.
//!
//! Operators work on whole columns; this is for sources, tests, the inspector and printing.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{
    DataType as ArrowType, Date32Type, Decimal128Type, DurationMillisecondType, Float32Type,
    Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, IntervalYearMonthType,
    Time32MillisecondType, TimeUnit, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType,
};

use super::arrow::{column, timestamp_from};
use super::batch::{Batch, Kinds};
use super::row::{Row, RowKind, Value};
use super::types::{DataType, LogicalType, Schema};
use crate::base::{Error, Result};

/// Makes a batch of rows.
///
/// # Errors
/// `value-of-other-type` for a value that is not of its column's type, `row-of-other-length` for a
/// row with too few or too many values.
pub fn rows_to_batch(schema: &Schema, rows: &[Row]) -> Result<Batch> {
    if let Some(row) = rows.iter().find(|r| r.fields.len() != schema.len()) {
        return Err(Error::new("row-of-other-length")
            .arg("found", row.fields.len())
            .arg("expected", schema.len()));
    }
    let columns = schema.fields().iter().enumerate().map(|(i, field)| {
        column(&field.data_type.logical, &rows.iter().map(|r| &r.fields[i]).collect::<Vec<_>>())
    });
    let kinds = rows.iter().map(|r| r.kind).collect();
    Ok(Batch::new(columns.collect::<Result<_>>()?, rows.len()).with_kinds(Kinds::of(kinds)))
}

/// Collects rows until there are enough for a batch.
#[derive(Clone, Debug)]
pub struct BatchBuilder {
    schema: Schema,
    rows: Vec<Row>,
}

impl BatchBuilder {
    /// An empty batch of rows with these columns.
    pub fn new(schema: Schema) -> Self {
        Self { schema, rows: Vec::new() }
    }

    /// Adds a row.
    pub fn push(&mut self, row: Row) {
        self.rows.push(row);
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Makes the batch and starts anew.
    ///
    /// # Errors
    /// As [`rows_to_batch`].
    pub fn finish(&mut self) -> Result<Batch> {
        rows_to_batch(&self.schema, &std::mem::take(&mut self.rows))
    }
}

impl Kinds {
    /// These kinds, in their shortest form.
    pub fn of(kinds: Vec<RowKind>) -> Self {
        match kinds.iter().all(|k| *k == RowKind::Insert) {
            true => Self::Insert,
            false => Self::Each(kinds.into()),
        }
    }
}

impl Batch {
    /// Row `index` as values.
    pub fn row(&self, schema: &Schema, index: usize) -> Row {
        let fields = schema.fields().iter().zip(self.columns());
        Row {
            kind: self.kind(index),
            fields: fields.map(|(f, column)| value_at(column, &f.data_type, index)).collect(),
        }
    }

    /// All rows as values.
    pub fn rows<'a>(&'a self, schema: &'a Schema) -> impl Iterator<Item = Row> + 'a {
        (0..self.len()).map(|index| self.row(schema, index))
    }
}

/// The value at `index` of a column of this type. A column of another Arrow type gives NULL.
pub fn value_at(array: &ArrayRef, data_type: &DataType, index: usize) -> Value {
    if array.is_null(index) {
        return Value::Null;
    }
    use LogicalType as L;
    let found = match &data_type.logical {
        L::Char(_) | L::Varchar(_) => {
            array.as_string_opt::<i32>().map(|a| Value::String(a.value(index).into()))
        }
        L::Binary(_) | L::Varbinary(_) => {
            array.as_binary_opt::<i32>().map(|a| Value::Bytes(a.value(index).into()))
        }
        L::Boolean => array.as_boolean_opt().map(|a| Value::Boolean(a.value(index))),
        L::Decimal { scale, .. } => {
            let array = array.as_primitive_opt::<Decimal128Type>();
            array.map(|a| Value::Decimal(a.value(index), *scale))
        }
        L::Timestamp { .. } => timestamp(array, index).map(|(m, n)| Value::Timestamp(m, n)),
        L::TimestampLtz { .. } => timestamp(array, index).map(|(m, n)| Value::TimestampLtz(m, n)),
        L::Array(element) => array.as_list_opt::<i32>().map(|a| {
            let items = a.value(index);
            Value::Array((0..items.len()).map(|i| value_at(&items, element, i)).collect())
        }),
        L::Map(key, value) => entries(array, key, value, index),
        L::Multiset(element) => {
            entries(array, element, &DataType::not_null(LogicalType::Int), index)
        }
        L::Row(schema) => array.as_struct_opt().map(|a| {
            let fields = schema.fields().iter().zip(a.columns());
            Value::Row(fields.map(|(f, column)| value_at(column, &f.data_type, index)).collect())
        }),
        L::Null => None,
        _ => number(array, index),
    };
    found.unwrap_or(Value::Null)
}

/// The types whose Arrow type alone says what they are.
fn number(array: &ArrayRef, index: usize) -> Option<Value> {
    macro_rules! get {
        ($type:ty, $value:path) => {
            array.as_primitive_opt::<$type>().map(|a| $value(a.value(index)))
        };
    }
    match array.data_type() {
        ArrowType::Int8 => get!(Int8Type, Value::TinyInt),
        ArrowType::Int16 => get!(Int16Type, Value::SmallInt),
        ArrowType::Int32 => get!(Int32Type, Value::Int),
        ArrowType::Int64 => get!(Int64Type, Value::BigInt),
        ArrowType::Float32 => get!(Float32Type, Value::Float),
        ArrowType::Float64 => get!(Float64Type, Value::Double),
        ArrowType::Date32 => get!(Date32Type, Value::Date),
        ArrowType::Time32(_) => get!(Time32MillisecondType, Value::Time),
        ArrowType::Interval(_) => get!(IntervalYearMonthType, Value::IntervalYearMonth),
        ArrowType::Duration(_) => get!(DurationMillisecondType, Value::IntervalDayTime),
        _ => None,
    }
}

/// The milliseconds and nanoseconds of the millisecond at `index` of a timestamp column.
fn timestamp(array: &ArrayRef, index: usize) -> Option<(i64, i32)> {
    let ArrowType::Timestamp(unit, _) = array.data_type() else { return None };
    let value = match unit {
        TimeUnit::Second => return None,
        TimeUnit::Millisecond => array.as_primitive::<TimestampMillisecondType>().value(index),
        TimeUnit::Microsecond => array.as_primitive::<TimestampMicrosecondType>().value(index),
        TimeUnit::Nanosecond => array.as_primitive::<TimestampNanosecondType>().value(index),
    };
    Some(timestamp_from(*unit, value))
}

fn entries(array: &ArrayRef, key: &DataType, value: &DataType, index: usize) -> Option<Value> {
    let entries = array.as_map_opt()?.value(index);
    let [keys, values] = entries.columns() else { return None };
    let entry = |i| (value_at(keys, key, i), value_at(values, value, i));
    Some(Value::Map((0..entries.len()).map(entry).collect()))
}
