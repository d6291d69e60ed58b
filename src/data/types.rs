//! Flink's logical types.
//!
//! Source: "Data Types" in Flink's Table API documentation, 1.18.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A type and whether a value of it may be NULL.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DataType {
    /// What values look like.
    pub logical: LogicalType,
    /// Whether NULL is among them.
    pub nullable: bool,
}

/// What a timestamp column means to windows and timers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TimeAttribute {
    /// A plain timestamp.
    #[default]
    None,
    /// Event time: a watermark is declared on the column.
    Rowtime,
    /// Processing time: the value is the clock when it is read.
    Proctime,
}

/// Flink's types. Precisions and lengths are as in SQL.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LogicalType {
    /// `CHAR(n)`.
    Char(u32),
    /// `VARCHAR(n)`; `STRING` is `VARCHAR(2147483647)`.
    Varchar(u32),
    /// `BOOLEAN`.
    Boolean,
    /// `BINARY(n)`.
    Binary(u32),
    /// `VARBINARY(n)`; `BYTES` is `VARBINARY(2147483647)`.
    Varbinary(u32),
    /// `DECIMAL(p, s)`, `p` at most 38.
    Decimal {
        /// Digits in all.
        precision: u8,
        /// Digits after the point.
        scale: u8,
    },
    /// `TINYINT`.
    TinyInt,
    /// `SMALLINT`.
    SmallInt,
    /// `INT`.
    Int,
    /// `BIGINT`.
    BigInt,
    /// `FLOAT`.
    Float,
    /// `DOUBLE`.
    Double,
    /// `DATE`.
    Date,
    /// `TIME(p)`; kept in milliseconds, as Flink does.
    Time(u8),
    /// `TIMESTAMP(p)` without time zone.
    Timestamp {
        /// Fraction digits, 0 to 9.
        precision: u8,
        /// Whether it is a time attribute.
        attribute: TimeAttribute,
    },
    /// `TIMESTAMP_LTZ(p)`, an instant.
    TimestampLtz {
        /// Fraction digits, 0 to 9.
        precision: u8,
        /// Whether it is a time attribute.
        attribute: TimeAttribute,
    },
    /// `INTERVAL YEAR TO MONTH` and its parts, in months.
    IntervalYearMonth,
    /// `INTERVAL DAY TO SECOND` and its parts, in milliseconds.
    IntervalDayTime,
    /// `ARRAY<t>`.
    Array(Arc<DataType>),
    /// `MAP<k, v>`.
    Map(Arc<DataType>, Arc<DataType>),
    /// `MULTISET<t>`.
    Multiset(Arc<DataType>),
    /// `ROW<..>`.
    Row(Schema),
    /// The type of a bare NULL.
    Null,
}

/// A named column or field.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Field {
    /// Its name, case kept.
    pub name: String,
    /// Its type.
    pub data_type: DataType,
}

/// The columns of a row, in order. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Schema(pub Arc<[Field]>);

impl DataType {
    /// A type whose values may be NULL.
    pub fn nullable(logical: LogicalType) -> Self {
        Self { logical, nullable: true }
    }

    /// A type without NULL.
    pub fn not_null(logical: LogicalType) -> Self {
        Self { logical, nullable: false }
    }
}

impl LogicalType {
    /// The length of `STRING` and `BYTES`.
    pub const MAX_LENGTH: u32 = i32::MAX as u32;

    /// `STRING`.
    pub const STRING: Self = Self::Varchar(Self::MAX_LENGTH);

    /// A plain `TIMESTAMP(p)`.
    pub const fn timestamp(precision: u8) -> Self {
        Self::Timestamp { precision, attribute: TimeAttribute::None }
    }

    /// The time attribute of a timestamp type; `None` for anything else.
    pub fn time_attribute(&self) -> TimeAttribute {
        match self {
            Self::Timestamp { attribute, .. } | Self::TimestampLtz { attribute, .. } => *attribute,
            _ => TimeAttribute::None,
        }
    }
}

impl Field {
    /// A named column.
    pub fn new(name: impl Into<String>, data_type: DataType) -> Self {
        Self { name: name.into(), data_type }
    }
}

impl Schema {
    /// The same columns, no two by one name: a name that is taken gets the first number that makes it
    /// another, as in Calcite.
    #[must_use]
    pub fn with_own_names(&self) -> Self {
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let own = |field: &Field| {
            let numbered = (0..).map(|n| format!("{}{n}", field.name));
            let mut names = std::iter::once(field.name.clone()).chain(numbered);
            let name = names.find(|name| taken.insert(name.clone()));
            Field::new(name.unwrap_or_default(), field.data_type.clone())
        };
        Self::new(self.fields().iter().map(own).collect())
    }

    /// The columns of a row.
    pub fn new(fields: Vec<Field>) -> Self {
        Self(fields.into())
    }

    /// The fields in order.
    pub fn fields(&self) -> &[Field] {
        &self.0
    }

    /// How many columns.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The position of a column by its exact name.
    pub fn index_of(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|f| f.name == name)
    }
}
