//! What every join says: which rows meet, and which go out.

use arrow::array::Array;
use arrow::buffer::NullBuffer;

use crate::data::{Batch, Schema};
use crate::expr::{Expr, Zone};
use crate::operators::aggregates::GroupKeys;

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
    pub(super) fn keeps(self, input: usize) -> bool {
        matches!((self, input), (Self::Full, _) | (Self::Left, 0) | (Self::Right, 1))
    }

    /// Whether only rows of the left go out.
    pub(super) fn only_left(self) -> bool {
        matches!(self, Self::Semi | Self::Anti)
    }
}

/// What a join compares and gives out.
#[derive(Clone, Debug)]
pub struct JoinSpec {
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
    /// The columns that go out: those of the left and then of the right; only the left where partners
    /// are only asked for.
    pub output: Schema,
    /// The session's time zone.
    pub zone: Zone,
}

impl JoinSpec {
    /// Which rows of an input can have a partner at all, for NULL equals nothing; `None`: all of them.
    pub(super) fn can_match(&self, input: usize, batch: &Batch) -> Option<NullBuffer> {
        let columns = self.keys[input].columns.iter().zip(&self.null_meets_null);
        let columns = columns.filter(|(_, null_safe)| !**null_safe);
        let nulls = columns.filter_map(|(column, _)| batch.column(*column).logical_nulls());
        let nulls = nulls.fold(None, |all, nulls| NullBuffer::union(all.as_ref(), Some(&nulls)));
        nulls.filter(|nulls| nulls.null_count() > 0)
    }
}

/// Whether a row can have a partner.
pub(super) fn can_match(can: Option<&NullBuffer>, row: usize) -> bool {
    can.is_none_or(|can| can.is_valid(row))
}
