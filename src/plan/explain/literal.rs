//! Constants and types as Calcite writes them: `1`, `1:BIGINT`, `_UTF-16LE'x'`, `5000:INTERVAL SECOND`.
//!
//! Source: `RexLiteral.computeDigest` of Calcite 1.32.

use super::expression::Style;
use crate::data::zone::Zone;
use crate::data::{Field, LogicalType, Schema, TimeAttribute, Value, print};
use crate::expr::Expr;
use crate::expr::types::is_numeric;

/// Whether the type of a constant stands behind it.
#[derive(Clone, Copy, Debug)]
pub(super) enum TypeText<'a> {
    /// If its form does not give it away.
    Optional,
    /// A text is of this type.
    As(&'a LogicalType),
    /// It is compared with this type; the flag says whether it has the same.
    Like(&'a LogicalType, bool),
    /// It is to be equal to this type.
    Equal(&'a LogicalType),
}

/// A constant.
pub(super) fn constant(
    value: &Value,
    logical: &LogicalType,
    types: TypeText<'_>,
    style: Style,
) -> String {
    if *value == Value::Null {
        return format!("null:{}", type_name(logical, style));
    }
    let text = bare(value, logical, style);
    if matches!(logical, LogicalType::IntervalYearMonth | LogicalType::IntervalDayTime) {
        return text;
    }
    if !style.is_typed() {
        return text;
    }
    let (logical, same) = match types {
        TypeText::Like(other, same) if is_text(logical) || is_bytes(logical) => {
            (other, same || style.is_syntax())
        }
        TypeText::Equal(other) if is_numeric(logical) && is_numeric(other) => (other, true),
        TypeText::Equal(other) if is_text(logical) || is_bytes(logical) => {
            (other, style.is_syntax())
        }
        TypeText::Equal(other) if is_moment(logical) && is_moment(other) => {
            (other, style.is_syntax())
        }
        TypeText::Equal(_) => (logical, false),
        TypeText::Like(_, same) => (logical, same),
        TypeText::As(other) if is_text(logical) && is_text(other) => (other, false),
        TypeText::As(_) | TypeText::Optional => (logical, false),
    };
    if (same && style.is_syntax()) || is_plain(value, logical) {
        return text;
    }
    format!("{text}:{}", type_name(logical, style))
}

/// A constant without its type.
pub(super) fn untyped(constant: &Expr) -> String {
    let value = constant.as_literal();
    let logical = &constant.data_type.logical;
    value.map(|value| bare(value, logical, Style::Syntax)).unwrap_or_default()
}

/// Whether the form of a constant gives its type away.
fn is_plain(value: &Value, logical: &LogicalType) -> bool {
    match (value, logical) {
        (Value::String(text), LogicalType::Char(length)) => {
            text.chars().count() == *length as usize
        }
        (_, LogicalType::Int | LogicalType::Boolean | LogicalType::Date) => true,
        (_, LogicalType::Time(precision)) => *precision == 0,
        (_, LogicalType::Timestamp { precision, .. }) => *precision == 0,
        _ => false,
    }
}

/// A constant that CAST gives another type, if Calcite makes it a constant of that type.
pub(super) fn cast_constant(constant: &Expr, to: &LogicalType) -> Option<String> {
    use LogicalType as L;
    let value = constant.as_literal()?;
    let from = &constant.data_type.logical;
    let number = |t: &L| {
        matches!(
            t,
            L::TinyInt
                | L::SmallInt
                | L::Int
                | L::BigInt
                | L::Decimal { .. }
                | L::Double
                | L::Float
        )
    };
    let kept = match (from, to) {
        (from, L::Varchar(_) | L::Char(_)) => is_text(from),
        (from, to) => number(from) && number(to) && (!is_exact(to) || is_whole(value)),
    };
    let text = bare(value, from, Style::Syntax);
    kept.then(|| match to {
        L::Int => text,
        to => format!("{text}:{}", type_name(to, Style::Syntax)),
    })
}

fn is_exact(logical: &LogicalType) -> bool {
    use LogicalType as L;
    matches!(logical, L::TinyInt | L::SmallInt | L::Int | L::BigInt)
}

fn is_whole(value: &Value) -> bool {
    matches!(value, Value::TinyInt(_) | Value::SmallInt(_) | Value::Int(_) | Value::BigInt(_))
}

/// Whether the cast of an argument is not shown: between numbers, and between moments.
pub(super) fn is_quiet(inner: &Expr, cast: &Expr) -> bool {
    use LogicalType as L;
    let kind = |e: &Expr| match e.data_type.logical {
        ref logical if is_numeric(logical) => 1,
        L::Date | L::Timestamp { .. } => 2,
        L::TimestampLtz { .. } => 3,
        L::IntervalYearMonth | L::IntervalDayTime => 4,
        _ => 0,
    };
    kind(inner) != 0 && kind(inner) == kind(cast)
}

fn is_text(logical: &LogicalType) -> bool {
    matches!(logical, LogicalType::Char(_) | LogicalType::Varchar(_))
}

fn is_moment(logical: &LogicalType) -> bool {
    matches!(logical, LogicalType::Timestamp { .. })
}

fn is_bytes(logical: &LogicalType) -> bool {
    matches!(logical, LogicalType::Binary(_) | LogicalType::Varbinary(_))
}

fn bare(value: &Value, logical: &LogicalType, style: Style) -> String {
    match value {
        Value::String(text) if !style.is_typed() => format!("'{text}'"),
        Value::String(text) => format!("_UTF-16LE'{}'", text.replace('\'', "''")),
        Value::Boolean(truth) => truth.to_string(),
        Value::Double(number) => double(*number),
        Value::Float(number) => double(f64::from(*number)),
        Value::IntervalDayTime(millis) => format!("{millis}:INTERVAL {}", unit_of(*millis)),
        Value::IntervalYearMonth(months) => {
            let unit = if months % 12 == 0 { "YEAR" } else { "MONTH" };
            format!("{months}:INTERVAL {unit}")
        }
        value if is_bytes(logical) => {
            let text = print::text(value, logical, &Zone::default());
            text.replacen('x', "X", 1)
        }
        // A fraction of a second has no zeros at its end.
        Value::Timestamp(..) | Value::Time(_) => {
            let text = print::text(value, logical, &Zone::default());
            match text.contains('.') {
                true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
                false => text,
            }
        }
        value => print::text(value, logical, &Zone::default()),
    }
}

/// The unit in which an interval is a whole number; the one that was written is not kept.
fn unit_of(millis: i64) -> &'static str {
    let units = [(86_400_000, "DAY"), (3_600_000, "HOUR"), (60_000, "MINUTE")];
    let unit = units.into_iter().find(|(length, _)| millis != 0 && millis % length == 0);
    unit.map_or("SECOND", |(_, unit)| unit)
}

/// A length of time.
pub(super) fn interval(duration: crate::base::LabDuration) -> String {
    let millis = duration.0 / crate::base::LabDuration::millis(1).0;
    format!("{millis}:INTERVAL {}", unit_of(millis))
}

/// As decimals are written, and as `1E3` if it ends in zeros.
fn double(number: f64) -> String {
    if !number.is_finite() || number.fract() != 0.0 {
        return number.to_string();
    }
    let digits = format!("{number:.0}");
    let zeros = digits.len() - digits.trim_end_matches('0').len();
    match zeros {
        0 => digits,
        _ if number == 0.0 => "0E0".to_owned(),
        zeros => format!("{}E{zeros}", &digits[..digits.len() - zeros]),
    }
}

/// A type by Calcite's name.
pub(super) fn type_name(logical: &LogicalType, style: Style) -> String {
    use LogicalType as L;
    let text = |name: &str, length: u32| match style.is_typed() {
        true => format!("{name}({length}) CHARACTER SET \"UTF-16LE\""),
        false => format!("{name}({length})"),
    };
    match logical {
        L::Char(length) => text("CHAR", *length),
        L::Varchar(length) => text("VARCHAR", *length),
        L::Int => "INTEGER".to_owned(),
        L::Varbinary(length) => format!("VARBINARY({length})"),
        L::TimestampLtz { precision, .. } => format!("TIMESTAMP_WITH_LOCAL_TIME_ZONE({precision})"),
        L::Timestamp { precision, .. } => format!("TIMESTAMP({precision})"),
        L::Array(of) => format!("{} ARRAY", type_name(&of.logical, style)),
        L::Multiset(of) => format!("{} MULTISET", type_name(&of.logical, style)),
        L::Map(key, value) => {
            format!(
                "({}, {}) MAP",
                type_name(&key.logical, style),
                type_name(&value.logical, style)
            )
        }
        L::Row(schema) => {
            let field = |f: &crate::data::Field| {
                format!("{} {}", type_name(&f.data_type.logical, style), f.name)
            };
            let fields: Vec<String> = schema.fields().iter().map(field).collect();
            format!("RecordType({})", fields.join(", "))
        }
        other => other.to_string(),
    }
}

/// The options that a hint gives: `options:{k=v}`.
pub(super) fn hints(options: &[(String, String)]) -> Option<String> {
    let options: Vec<String> = options.iter().map(|(k, v)| format!("{k}={v}")).collect();
    (!options.is_empty()).then(|| format!("options:{{{}}}", options.join(", ")))
}

/// The columns that an INSERT names.
pub(super) fn target_columns(columns: &[usize]) -> Option<String> {
    let columns: Vec<String> = columns.iter().map(|c| format!("[{c}]")).collect();
    (!columns.is_empty()).then(|| format!("targetColumns=[{}]", columns.join(",")))
}

/// The columns of a relation: `RecordType(INTEGER x, VARCHAR(2) y)`.
pub(super) fn record(schema: &Schema) -> String {
    let column = |f: &Field| format!("{} {}", column_type(&f.data_type.logical), f.name);
    if schema.is_empty() {
        return "RecordType(INTEGER ZERO)".to_owned();
    }
    let columns: Vec<String> = schema.fields().iter().map(column).collect();
    format!("RecordType({})", columns.join(", "))
}

/// A type without character set; time attributes are told.
fn column_type(logical: &LogicalType) -> String {
    let attribute = match logical.time_attribute() {
        TimeAttribute::None => {
            let name = type_name(logical, Style::Execution);
            return name.replace("RecordType(", "RecordType:peek_no_expand(");
        }
        TimeAttribute::Rowtime => "*ROWTIME*",
        TimeAttribute::Proctime => "*PROCTIME*",
    };
    match logical {
        LogicalType::TimestampLtz { precision, .. } => {
            format!("TIMESTAMP_LTZ({precision}) {attribute}")
        }
        logical => format!("{} {attribute}", type_name(logical, Style::Execution)),
    }
}
