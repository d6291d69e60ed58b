//! From columns and values to text: the only place of the model that looks into Arrow.

use std::sync::Arc;

use crate::data::arrow::logical_type;
use crate::data::print;
use crate::data::zone::Zone;
use crate::data::{Batch, DataType, LogicalType, Value, value_at};

/// One value of a row, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The value as Flink prints it; `NULL` is `<NULL>`.
    pub text: Arc<str>,
    /// Whether it is a number.
    pub numeric: bool,
    /// Whether it is text, and so stands in quotes inside a row.
    pub quoted: bool,
}

/// The cells of all rows of a batch.
pub(super) fn cells(batch: &Batch) -> Vec<Arc<[Cell]>> {
    let types: Vec<_> = batch
        .columns()
        .iter()
        .map(|column| logical_type(column.data_type()).unwrap_or(LogicalType::Null))
        .map(DataType::nullable)
        .collect();
    let row = |index| {
        let columns = batch.columns().iter().zip(&types);
        columns
            .map(|(column, data_type)| cell(&value_at(column, data_type, index), data_type))
            .collect()
    };
    (0..batch.len()).map(row).collect()
}

/// The cell of one value.
pub(super) fn cell(value: &Value, data_type: &DataType) -> Cell {
    Cell {
        text: print::cell(value, data_type, &Zone::default()).into(),
        numeric: is_number(value),
        quoted: matches!(value, Value::String(_)),
    }
}

/// A value as text, its type taken from itself.
pub(super) fn value_text(value: &Value) -> Arc<str> {
    cell(value, &DataType::nullable(type_of(value))).text
}

/// A row as people write it: `('a', 3)`.
pub fn row_text(cells: &[Cell]) -> String {
    let parts: Vec<_> = cells
        .iter()
        .map(|c| if c.quoted { format!("'{}'", c.text) } else { c.text.to_string() })
        .collect();
    format!("({})", parts.join(", "))
}

fn is_number(value: &Value) -> bool {
    use Value as V;
    matches!(
        value,
        V::TinyInt(_)
            | V::SmallInt(_)
            | V::Int(_)
            | V::BigInt(_)
            | V::Float(_)
            | V::Double(_)
            | V::Decimal(..)
    )
}

/// The plainest type that has this value; a nested value takes the type of its first member.
pub(super) fn type_of(value: &Value) -> LogicalType {
    use LogicalType as L;
    let nested =
        |value: Option<&Value>| Arc::new(DataType::nullable(value.map_or(L::Null, type_of)));
    match value {
        Value::Null => L::Null,
        Value::Boolean(_) => L::Boolean,
        Value::TinyInt(_) => L::TinyInt,
        Value::SmallInt(_) => L::SmallInt,
        Value::Int(_) => L::Int,
        Value::BigInt(_) => L::BigInt,
        Value::Float(_) => L::Float,
        Value::Double(_) => L::Double,
        Value::Decimal(_, scale) => L::Decimal { precision: 38, scale: *scale },
        Value::String(_) => L::STRING,
        Value::Bytes(_) => L::Varbinary(L::MAX_LENGTH),
        Value::Date(_) => L::Date,
        Value::Time(_) => L::Time(3),
        Value::Timestamp(..) => L::timestamp(3),
        Value::TimestampLtz(..) => {
            L::TimestampLtz { precision: 3, attribute: crate::data::TimeAttribute::None }
        }
        Value::IntervalYearMonth(_) => L::IntervalYearMonth,
        Value::IntervalDayTime(_) => L::IntervalDayTime,
        Value::Array(items) => L::Array(nested(items.first())),
        Value::Map(entries) => {
            let first = entries.first();
            L::Map(nested(first.map(|(key, _)| key)), nested(first.map(|(_, value)| value)))
        }
        Value::Row(fields) => L::Row(row_type(fields)),
    }
}

fn row_type(fields: &[Value]) -> crate::data::Schema {
    let field = |(at, value): (usize, &Value)| {
        crate::data::Field::new(format!("f{at}"), DataType::nullable(type_of(value)))
    };
    crate::data::Schema::new(fields.iter().enumerate().map(field).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_reads_as_people_write_it() {
        let values = [Value::from("a"), Value::Int(3), Value::Null, Value::Double(3.5)];
        let cells: Vec<_> =
            values.iter().map(|v| cell(v, &DataType::nullable(type_of(v)))).collect();
        assert_eq!(row_text(&cells), "('a', 3, <NULL>, 3.5)");
        assert_eq!(cells.iter().map(|c| c.numeric).collect::<Vec<_>>(), [false, true, false, true]);
    }
}
