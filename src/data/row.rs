//! One row outside of columns: what the DataStream API, keys and the inspector work with.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

/// What a row does to the table that its stream describes.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[repr(u8)]
pub enum RowKind {
    /// `+I`: a row is born.
    #[default]
    Insert = 0,
    /// `-U`: the old value of a row that changes.
    UpdateBefore = 1,
    /// `+U`: its new value.
    UpdateAfter = 2,
    /// `-D`: a row dies.
    Delete = 3,
}

impl RowKind {
    /// As Flink prints it.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Insert => "+I",
            Self::UpdateBefore => "-U",
            Self::UpdateAfter => "+U",
            Self::Delete => "-D",
        }
    }

    /// Whether the row adds to the table (`+I`, `+U`) rather than takes away.
    pub fn adds(self) -> bool {
        matches!(self, Self::Insert | Self::UpdateAfter)
    }
}

impl fmt::Display for RowKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.symbol())
    }
}

/// One value. The units are those of Flink's internal data: days, milliseconds, nanoseconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// NULL.
    #[default]
    Null,
    /// BOOLEAN.
    Boolean(bool),
    /// TINYINT.
    TinyInt(i8),
    /// SMALLINT.
    SmallInt(i16),
    /// INT.
    Int(i32),
    /// BIGINT.
    BigInt(i64),
    /// FLOAT.
    Float(f32),
    /// DOUBLE.
    Double(f64),
    /// DECIMAL: the unscaled value and the scale.
    Decimal(i128, u8),
    /// CHAR and VARCHAR.
    String(Arc<str>),
    /// BINARY and VARBINARY.
    Bytes(Arc<[u8]>),
    /// DATE in days since the epoch.
    Date(i32),
    /// TIME in milliseconds of the day.
    Time(i32),
    /// TIMESTAMP: milliseconds since the epoch, nanoseconds of the millisecond.
    Timestamp(i64, i32),
    /// TIMESTAMP_LTZ: the same units, an instant.
    TimestampLtz(i64, i32),
    /// INTERVAL of months.
    IntervalYearMonth(i32),
    /// INTERVAL in milliseconds.
    IntervalDayTime(i64),
    /// ARRAY.
    Array(Arc<[Value]>),
    /// MAP and MULTISET, in insertion order.
    Map(Arc<[(Value, Value)]>),
    /// ROW.
    Row(Arc<[Value]>),
}

impl Value {
    /// The nearest number, of what is one.
    pub fn as_f64(&self) -> Option<f64> {
        Some(match self {
            Self::TinyInt(n) => f64::from(*n),
            Self::SmallInt(n) => f64::from(*n),
            Self::Int(n) => f64::from(*n),
            Self::BigInt(n) => *n as f64,
            Self::Float(n) => f64::from(*n),
            Self::Double(n) => *n,
            Self::Decimal(n, scale) => *n as f64 / 10_f64.powi(i32::from(*scale)),
            _ => return None,
        })
    }
}

/// A row with its kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// What it does.
    pub kind: RowKind,
    /// Its values in column order.
    pub fields: Vec<Value>,
}

impl Row {
    /// An inserted row.
    pub fn insert(fields: Vec<Value>) -> Self {
        Self { kind: RowKind::Insert, fields }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}
