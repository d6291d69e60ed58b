//! MATCH_RECOGNIZE: rows in a row that fit a pattern.

use super::{Rel, SortKey};
use crate::base::LabDuration;
use crate::expr::Expr;
use crate::expr::aggregate::AggregateCall;

/// One row for every match. Columns: the partition's, then the measures.
#[derive(Clone, Debug)]
pub struct MatchRecognize {
    /// What it reads.
    pub input: Box<Rel>,
    /// What is searched.
    pub pattern: Pattern,
}

/// What is searched in the rows of each partition, and what is told of it.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// PARTITION BY.
    pub partition: Vec<usize>,
    /// ORDER BY; the first key is a time.
    pub order: Vec<SortKey>,
    /// The variables one after the other, each with how often it comes.
    pub items: Vec<PatternItem>,
    /// DEFINE of each item's variable; none lets every row be it.
    pub defines: Vec<Option<MatchExpr>>,
    /// MEASURES.
    pub measures: Vec<MatchExpr>,
    /// Where the search goes on after a match.
    pub skip: MatchSkip,
    /// WITHIN: how long a match may last.
    pub within: Option<LabDuration>,
}

/// A variable of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternItem {
    /// Its name.
    pub name: String,
    /// How often it comes at least.
    pub min: u32,
    /// How often it comes at most.
    pub max: Option<u32>,
    /// Whether it takes every row that it can.
    pub greedy: bool,
}

impl PatternItem {
    /// Whether it may take more rows or fewer; Flink lets `A?` and `A{2}` be neither greedy nor reluctant.
    pub fn varies(&self) -> bool {
        (self.min, self.max) != (0, Some(1)) && Some(self.min) != self.max
    }
}

/// AFTER MATCH SKIP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchSkip {
    /// PAST LAST ROW.
    PastLastRow,
    /// TO NEXT ROW, which is also what holds if nothing is said.
    ToNextRow,
    /// TO FIRST of an item's rows.
    ToFirst(usize),
    /// TO LAST of an item's rows.
    ToLast(usize),
}

/// An expression over what a match has found so far: its columns are slots.
#[derive(Clone, Debug)]
pub struct MatchExpr {
    /// The expression.
    pub expr: Expr,
    /// What its columns are.
    pub slots: Vec<MatchSlot>,
}

/// A value that a match knows.
#[derive(Clone, Debug, PartialEq)]
pub enum MatchSlot {
    /// The value of a row.
    Row {
        /// Of this item's rows; of all rows of the match if absent.
        item: Option<usize>,
        /// The column.
        column: usize,
        /// Counted from the first row, or from the last one.
        first: bool,
        /// How many rows further.
        offset: usize,
        /// Whether FIRST or LAST was written.
        navigated: bool,
    },
    /// An aggregate, over the columns of the input.
    Aggregate {
        /// Of this item's rows; of all rows of the match if absent.
        item: Option<usize>,
        /// The call.
        call: AggregateCall,
    },
}
