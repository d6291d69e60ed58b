//! What OVER computes: functions over the rows around each row.

use std::fmt;

use super::{Rel, SortKey};
use crate::base::Span;
use crate::data::{DataType, Value};
use crate::expr::aggregate::AggregateCall;

/// Calls with OVER. Columns: the input's, then the calls of each window.
#[derive(Clone, Debug)]
pub struct Over {
    /// What it reads. Partitions, orders and arguments are columns of it.
    pub input: Box<Rel>,
    /// Calls by their windows.
    pub windows: Vec<OverWindow>,
}

/// The calls over one window.
#[derive(Clone, Debug)]
pub struct OverWindow {
    /// PARTITION BY.
    pub partition: Vec<usize>,
    /// ORDER BY.
    pub order: Vec<SortKey>,
    /// Which rows around a row count.
    pub frame: Frame,
    /// What is computed.
    pub calls: Vec<OverCall>,
    /// Where the first of them was written.
    pub place: Option<Span>,
}

/// One call.
#[derive(Clone, Debug, PartialEq)]
pub struct OverCall {
    /// What it computes.
    pub function: OverFunction,
    /// The type of its column.
    pub data_type: DataType,
}

/// What can be computed with OVER.
#[derive(Clone, Debug, PartialEq)]
pub enum OverFunction {
    /// An aggregate of the rows in the frame; its arguments are bare columns of the input.
    Aggregate(AggregateCall),
    /// ROW_NUMBER().
    RowNumber,
    /// RANK().
    Rank,
    /// DENSE_RANK().
    DenseRank,
    /// PERCENT_RANK().
    PercentRank,
    /// CUME_DIST().
    CumeDist,
    /// NTILE(buckets).
    Ntile(i64),
    /// LAG; LEAD looks back by less than nothing.
    Lag {
        /// The column whose value it is.
        value: usize,
        /// How many rows back.
        back: i64,
        /// The column with the value where there is no such row, else NULL.
        default: Option<usize>,
        /// Whether it is written how many rows back.
        explicit: bool,
    },
}

impl OverFunction {
    /// Its name in SQL.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Aggregate(call) => call.function.name,
            Self::RowNumber => "ROW_NUMBER",
            Self::Rank => "RANK",
            Self::DenseRank => "DENSE_RANK",
            Self::PercentRank => "PERCENT_RANK",
            Self::CumeDist => "CUME_DIST",
            Self::Ntile(_) => "NTILE",
            Self::Lag { back, .. } if *back < 0 => "LEAD",
            Self::Lag { .. } => "LAG",
        }
    }
}

/// Which rows around a row count.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// Whether bounds count rows (ROWS) or distances of the order (RANGE).
    pub rows: bool,
    /// The first.
    pub start: Bound,
    /// The last.
    pub end: Bound,
}

/// One end of a frame.
#[derive(Clone, Debug, PartialEq)]
pub enum Bound {
    /// UNBOUNDED PRECEDING.
    UnboundedPreceding,
    /// So far before the row: a number of rows, or a distance.
    Preceding(Value),
    /// The row; with RANGE also those that tie with it.
    CurrentRow,
    /// So far behind it.
    Following(Value),
    /// UNBOUNDED FOLLOWING.
    UnboundedFollowing,
}

impl Frame {
    /// From the first row up to the row and, with RANGE, those that tie with it.
    pub const fn running(rows: bool) -> Self {
        Self { rows, start: Bound::UnboundedPreceding, end: Bound::CurrentRow }
    }

    /// All rows.
    pub const fn whole() -> Self {
        Self { rows: false, start: Bound::UnboundedPreceding, end: Bound::UnboundedFollowing }
    }
}

impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = if self.rows { "ROWS" } else { "RANGE" };
        write!(f, "{unit} BETWEEN {} AND {}", self.start, self.end)
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnboundedPreceding => f.write_str("UNBOUNDED PRECEDING"),
            Self::Preceding(by) => write!(f, "{} PRECEDING", distance(by)),
            Self::CurrentRow => f.write_str("CURRENT ROW"),
            Self::Following(by) => write!(f, "{} FOLLOWING", distance(by)),
            Self::UnboundedFollowing => f.write_str("UNBOUNDED FOLLOWING"),
        }
    }
}

fn distance(value: &Value) -> String {
    match value {
        Value::TinyInt(n) => n.to_string(),
        Value::SmallInt(n) => n.to_string(),
        Value::Int(n) => n.to_string(),
        Value::BigInt(n) | Value::IntervalDayTime(n) => n.to_string(),
        Value::Double(n) => n.to_string(),
        other => format!("{other:?}"),
    }
}
