//! Types of calls as a running Flink gives them: DESCRIBE of a view over one column of each type.

use super::{Expr, call};
use crate::data::{DataType, LogicalType, TimeAttribute, Value};

/// Function, operands (columns of [`column`], integers, quoted words), type of the result.
const TYPES: &[(&str, &str, &str)] = &[
    ("+", "t t", "TINYINT"),
    ("+", "t s", "SMALLINT"),
    ("*", "s i", "INT"),
    ("-", "i b", "BIGINT"),
    ("+", "i f", "FLOAT"),
    ("+", "b f", "FLOAT"),
    ("+", "f d", "FLOAT"),
    ("+", "f e", "DOUBLE"),
    ("+", "e d", "DOUBLE"),
    ("+", "e i", "DECIMAL(13, 2)"),
    ("*", "e t", "DECIMAL(14, 2)"),
    ("/", "e b", "DECIMAL(30, 22)"),
    ("/", "g e", "DECIMAL(33, 16)"),
    ("/", "t t", "TINYINT"),
    ("/", "s t", "SMALLINT"),
    ("/", "f i", "FLOAT"),
    ("NEGATE", "t", "TINYINT"),
    ("NEGATE", "e", "DECIMAL(10, 2)"),
    ("*", "i e", "DECIMAL(21, 2)"),
    ("*", "b g", "DECIMAL(38, 5)"),
    ("%", "b i", "INT"),
    ("%", "i b", "BIGINT"),
    ("MOD", "t s", "SMALLINT"),
    ("%", "i e", "DECIMAL(10, 2)"),
    ("MOD", "g e", "DECIMAL(13, 5)"),
    ("ABS", "e", "DECIMAL(10, 2)"),
    ("ROUND", "i 1", "INT"),
    ("ROUND", "e 1", "DECIMAL(10, 1)"),
    ("ROUND", "e", "DECIMAL(9, 0)"),
    ("ROUND", "d 2", "DOUBLE"),
    ("ROUND", "g i", "DECIMAL(20, 5)"),
    ("ROUND", "g -2", "DECIMAL(16, 0)"),
    ("ROUND", "e 5", "DECIMAL(10, 2)"),
    ("FLOOR", "i", "INT"),
    ("FLOOR", "e", "DECIMAL(10, 0)"),
    ("CEIL", "g", "DECIMAL(20, 0)"),
    ("SIGN", "e", "DECIMAL(10, 2)"),
    ("POWER", "i i", "DOUBLE"),
    ("SQRT", "i", "DOUBLE"),
    ("PI", "", "DOUBLE NOT NULL"),
    ("TRUNCATE", "e 1", "DECIMAL(10, 1)"),
    ("GREATEST", "i b", "BIGINT"),
    ("UPPER", "c", "CHAR(3)"),
    ("UPPER", "w", "VARCHAR(5)"),
    ("CHAR_LENGTH", "v", "INT"),
    ("SUBSTRING", "c 1", "VARCHAR(3)"),
    ("SUBSTR", "w 1 1", "VARCHAR(5)"),
    ("TRIM", "c", "VARCHAR(3)"),
    ("RTRIM", "c", "VARCHAR(3)"),
    ("CONCAT", "v c", "STRING"),
    ("||", "v c", "STRING"),
    ("||", "c c", "CHAR(6)"),
    ("||", "w w", "VARCHAR(10)"),
    ("CONCAT_WS", "v v v", "STRING"),
    ("INITCAP", "c", "CHAR(3)"),
    ("REVERSE", "c", "STRING"),
    ("RIGHT", "c 1", "VARCHAR(3)"),
    ("LIKE", "v v", "BOOLEAN"),
    ("COALESCE", "i b", "BIGINT"),
    ("COALESCE", "i 0", "INT NOT NULL"),
    ("IF", "h i b", "BIGINT"),
    ("NULLIF", "i b", "INT"),
    ("IFNULL", "i 0", "INT NOT NULL"),
    ("DATE_FORMAT", "ts v", "STRING"),
    ("TO_TIMESTAMP", "v", "TIMESTAMP(3)"),
    ("TO_DATE", "v", "DATE"),
    ("EXTRACT", "'YEAR' da", "BIGINT"),
    ("YEAR", "da", "BIGINT"),
    ("TIMESTAMPDIFF", "'DAY' ts t6", "INT"),
    ("TIMESTAMPADD", "'DAY' 1 ts", "TIMESTAMP(3)"),
    ("TIMESTAMPADD", "'MONTH' 1 da", "DATE"),
    ("TIMESTAMPADD", "'HOUR' 1 da", "TIMESTAMP(6)"),
    ("FLOOR", "ts 'DAY'", "TIMESTAMP(3)"),
    ("CEIL", "da 'MONTH'", "DATE"),
    ("FLOOR", "t6 'HOUR'", "TIMESTAMP(6)"),
    ("CURRENT_TIMESTAMP", "", "TIMESTAMP_LTZ(3) NOT NULL"),
    ("LOCALTIMESTAMP", "", "TIMESTAMP(3) NOT NULL"),
    ("LOCALTIME", "", "TIME(0) NOT NULL"),
    ("CURRENT_DATE", "", "DATE NOT NULL"),
    ("FROM_UNIXTIME", "b", "STRING"),
    ("TO_TIMESTAMP_LTZ", "b 3", "TIMESTAMP_LTZ(3)"),
    ("UNIX_TIMESTAMP", "", "BIGINT NOT NULL"),
    ("UNIX_TIMESTAMP", "v", "BIGINT"),
    ("DATETIME_MINUS", "ts t0", "INTERVAL SECOND(3)"),
    ("CASE", "h i e", "DECIMAL(12, 2)"),
    ("CASE", "h i d", "DOUBLE"),
    ("CASE", "h e g", "DECIMAL(20, 5)"),
    ("CASE", "h f e", "DOUBLE"),
    ("CASE", "h c w", "VARCHAR(5)"),
    ("CASE", "h b f", "FLOAT"),
];

fn column(name: &str) -> LogicalType {
    match name {
        "t" => LogicalType::TinyInt,
        "s" => LogicalType::SmallInt,
        "i" => LogicalType::Int,
        "b" => LogicalType::BigInt,
        "f" => LogicalType::Float,
        "d" => LogicalType::Double,
        "e" => LogicalType::Decimal { precision: 10, scale: 2 },
        "g" => LogicalType::Decimal { precision: 20, scale: 5 },
        "h" => LogicalType::Boolean,
        "v" => LogicalType::STRING,
        "w" => LogicalType::Varchar(5),
        "c" => LogicalType::Char(3),
        "da" => LogicalType::Date,
        "ti" => LogicalType::Time(0),
        "ts" => LogicalType::timestamp(3),
        "t6" => LogicalType::timestamp(6),
        "t0" => LogicalType::timestamp(0),
        "lz" => LogicalType::TimestampLtz { precision: 3, attribute: TimeAttribute::None },
        other => panic!("no column {other}"),
    }
}

fn operand(text: &str) -> Expr {
    if let Ok(number) = text.parse() {
        return Expr::constant(Value::Int(number));
    }
    match text.strip_prefix('\'').and_then(|t| t.strip_suffix('\'')) {
        Some(word) => Expr::constant(word.into()),
        None => Expr::column(0, DataType::nullable(column(text))),
    }
}

#[test]
fn calls_have_the_types_that_flink_gives_them() {
    for (name, operands, expected) in TYPES {
        let arguments: Vec<Expr> = operands.split_whitespace().map(operand).collect();
        let expr = match (*name, arguments.as_slice()) {
            ("CASE", [condition, value, otherwise]) => {
                Expr::case(vec![(condition.clone(), value.clone())], Some(otherwise.clone()))
            }
            _ => call(name, arguments),
        };
        let found = expr.map_or_else(|e| e.to_string(), |e| e.data_type.to_string());
        assert_eq!(found, *expected, "{name}({operands})");
    }
}
