//! Top-N and deduplication: what they keep, and how.

use super::physical::LimitOf;
use super::window::WindowTimes;
use crate::sql::bound::SortKey;

/// The first rows of an order in each partition.
#[derive(Clone, Debug, PartialEq)]
pub struct Rank {
    /// What makes a partition.
    pub partition: Vec<usize>,
    /// The order.
    pub order: Vec<SortKey>,
    /// Which places of it.
    pub range: RankRange,
    /// The column that says which is the last place of a partition, in the first row of it that comes.
    pub end_column: Option<usize>,
    /// Whether the place is a column, the last one.
    pub number: bool,
    /// How they are kept.
    pub strategy: RankStrategy,
    /// Of which rows they are the first; in a batch those of a subtask are left first.
    pub of: LimitOf,
}

/// Places of an order, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RankRange {
    /// The first.
    pub start: u64,
    /// The last.
    pub end: u64,
}

/// How a Top-N keeps its rows, by what its input does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RankStrategy {
    /// The input only adds: what falls out never comes back.
    Append,
    /// The input updates rows of these keys, and only so that they come further to the front.
    UpdateFast(Vec<usize>),
    /// The input takes rows away: all rows are kept.
    Retract,
}

/// One row a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deduplicate {
    /// The key.
    pub key: Vec<usize>,
    /// The column of event time; `None` is the order of arrival.
    pub rowtime: Option<usize>,
    /// Whether the last row stays, or the first.
    pub keep_last: bool,
}

/// The first rows of an order in each window.
#[derive(Clone, Debug, PartialEq)]
pub struct WindowRank {
    /// The windows.
    pub windows: WindowTimes,
    /// What makes a partition besides the window.
    pub partition: Vec<usize>,
    /// The order.
    pub order: Vec<SortKey>,
    /// Which places of it.
    pub range: RankRange,
    /// Whether the place is a column, the last one.
    pub number: bool,
    /// It is a deduplication by time: of rows that tie the last one wins if that is kept.
    pub deduplicates: bool,
}

impl RankStrategy {
    /// As EXPLAIN writes it.
    pub fn text(&self) -> String {
        match self {
            Self::Append => "AppendFastStrategy".to_owned(),
            Self::UpdateFast(keys) => {
                let keys: Vec<String> = keys.iter().map(usize::to_string).collect();
                format!("UpdateFastStrategy[{}]", keys.join(","))
            }
            Self::Retract => "RetractStrategy".to_owned(),
        }
    }
}
