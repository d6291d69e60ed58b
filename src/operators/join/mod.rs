//! Joins: rows of two inputs with equal keys, side by side.
//!
//! | File | What it holds |
//! |---|---|
//! | `streaming` | both inputs kept; each row answered with the changes that it makes |
//! | `bounded` | the right input kept whole, then the left one looked up in it |
//! | `pairs` | who matches whom, and the columns of what goes out |
//! | `timed` | rows near in time, and the version of a time |
//! | `side` | the rows of one input, by key |

mod bounded;
mod pairs;
mod side;
mod streaming;
#[cfg(test)]
mod tests;
pub mod timed;

use arrow::array::{Array, ArrayRef};

use super::aggregates::GroupKeys;
use super::{Operator, OperatorFactory, SubtaskInfo};
use crate::base::Result;
use crate::data::{Batch, Schema};
use crate::expr::{Expr, Zone};

/// Which rows go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinKind {
    /// Pairs.
    Inner,
    /// Pairs, and rows of the left without a partner.
    Left,
    /// Pairs, and rows of the right without a partner.
    Right,
    /// Pairs, and all rows without a partner.
    Full,
    /// Rows of the left with a partner.
    Semi,
    /// Rows of the left without a partner.
    Anti,
}

impl JoinKind {
    /// Whether rows of an input go out without a partner, beside pairs.
    fn keeps(self, input: usize) -> bool {
        matches!((self, input), (Self::Full, _) | (Self::Left, 0) | (Self::Right, 1))
    }

    /// Whether only rows of the left go out.
    fn only_left(self) -> bool {
        matches!(self, Self::Semi | Self::Anti)
    }
}

/// What a join compares and gives out.
#[derive(Clone, Debug)]
pub struct JoinFactory {
    /// Which rows go out.
    pub kind: JoinKind,
    /// The keys of the left and of the right; without columns every row meets every row.
    pub keys: [GroupKeys; 2],
    /// For each column of the key: whether NULL meets NULL.
    pub null_meets_null: Vec<bool>,
    /// What must hold besides, over the columns of the left and then those of the right.
    pub condition: Option<Expr>,
    /// The columns of the left and of the right.
    pub inputs: [Schema; 2],
    /// The columns that go out.
    pub output: Schema,
    /// The session's time zone.
    pub zone: Zone,
    /// Whether both inputs end and the answer comes once.
    pub bounded: bool,
}

impl OperatorFactory for JoinFactory {
    fn create(&self, subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        Ok(match self.bounded {
            true => Box::new(bounded::BoundedJoin::new(self)?),
            false => Box::new(streaming::StreamingJoin::new(self, subtask)?),
        })
    }

    fn output(&self) -> &Schema {
        &self.output
    }
}

impl JoinFactory {
    /// For each row of an input whether it can have a partner at all: NULL equals nothing.
    fn can_match(&self, input: usize, batch: &Batch) -> Vec<bool> {
        let mut can = vec![true; batch.len()];
        let columns: Vec<ArrayRef> = self.keys[input].of(batch);
        for (column, null_safe) in columns.iter().zip(&self.null_meets_null) {
            if *null_safe || column.null_count() == 0 {
                continue;
            }
            can.iter_mut().enumerate().for_each(|(row, can)| *can &= column.is_valid(row));
        }
        can
    }
}
