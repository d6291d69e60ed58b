//! Types as Flink prints them (`asSummaryString`): `STRING`, `TIMESTAMP(3) *ROWTIME*`,
//! ``ROW<`a` INT NOT NULL>``. Reading such texts is the SQL parser's.

use std::fmt;

use super::types::{DataType, LogicalType, Schema, TimeAttribute};

/// With ` NOT NULL` where it holds: what TYPEOF says.
impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let attribute = self.logical.time_attribute();
        write_name(&self.logical, f)?;
        if !self.nullable {
            f.write_str(" NOT NULL")?;
        }
        write_attribute(attribute, f)
    }
}

/// Without the outer NOT NULL: what DESCRIBE has a column of its own for.
impl fmt::Display for LogicalType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_name(self, f)?;
        write_attribute(self.time_attribute(), f)
    }
}

fn write_attribute(attribute: TimeAttribute, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match attribute {
        TimeAttribute::None => Ok(()),
        TimeAttribute::Rowtime => f.write_str(" *ROWTIME*"),
        TimeAttribute::Proctime => f.write_str(" *PROCTIME*"),
    }
}

fn write_name(logical: &LogicalType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    use LogicalType as L;
    match logical {
        L::Char(length) => write!(f, "CHAR({length})"),
        L::Varchar(L::MAX_LENGTH) => f.write_str("STRING"),
        L::Varchar(length) => write!(f, "VARCHAR({length})"),
        L::Boolean => f.write_str("BOOLEAN"),
        L::Binary(length) => write!(f, "BINARY({length})"),
        L::Varbinary(L::MAX_LENGTH) => f.write_str("BYTES"),
        L::Varbinary(length) => write!(f, "VARBINARY({length})"),
        L::Decimal { precision, scale } => write!(f, "DECIMAL({precision}, {scale})"),
        L::TinyInt => f.write_str("TINYINT"),
        L::SmallInt => f.write_str("SMALLINT"),
        L::Int => f.write_str("INT"),
        L::BigInt => f.write_str("BIGINT"),
        L::Float => f.write_str("FLOAT"),
        L::Double => f.write_str("DOUBLE"),
        L::Date => f.write_str("DATE"),
        L::Time(precision) => write!(f, "TIME({precision})"),
        L::Timestamp { precision, .. } => write!(f, "TIMESTAMP({precision})"),
        L::TimestampLtz { precision, .. } => write!(f, "TIMESTAMP_LTZ({precision})"),
        L::IntervalYearMonth => f.write_str("INTERVAL MONTH"),
        L::IntervalDayTime => f.write_str("INTERVAL SECOND(3)"),
        L::Array(element) => write!(f, "ARRAY<{element}>"),
        L::Map(key, value) => write!(f, "MAP<{key}, {value}>"),
        L::Multiset(element) => write!(f, "MULTISET<{element}>"),
        L::Row(schema) => write_row(schema, f),
        L::Null => f.write_str("NULL"),
    }
}

fn write_row(schema: &Schema, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("ROW<")?;
    for (i, field) in schema.fields().iter().enumerate() {
        let comma = if i > 0 { ", " } else { "" };
        write!(f, "{comma}`{}` {}", field.name.replace('`', "``"), field.data_type)?;
    }
    f.write_str(">")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Field;

    #[test]
    fn types_print_as_flink_does() {
        use LogicalType as L;
        let int = DataType::not_null(L::Int);
        let row = Schema::new(vec![
            Field::new("a", int.clone()),
            Field::new("b", DataType::nullable(L::STRING)),
        ]);
        let rowtime = L::Timestamp { precision: 3, attribute: TimeAttribute::Rowtime };
        let proctime = L::TimestampLtz { precision: 3, attribute: TimeAttribute::Proctime };
        let cases = [
            (int.clone(), "INT NOT NULL"),
            (DataType::nullable(L::STRING), "STRING"),
            (DataType::nullable(L::Decimal { precision: 10, scale: 2 }), "DECIMAL(10, 2)"),
            (DataType::nullable(rowtime), "TIMESTAMP(3) *ROWTIME*"),
            (DataType::not_null(proctime), "TIMESTAMP_LTZ(3) NOT NULL *PROCTIME*"),
            (DataType::nullable(L::Array(int.into())), "ARRAY<INT NOT NULL>"),
            (DataType::nullable(L::Row(row)), "ROW<`a` INT NOT NULL, `b` STRING>"),
        ];
        for (data_type, expected) in cases {
            assert_eq!(data_type.to_string(), expected);
        }
    }
}
