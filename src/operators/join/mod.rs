//! Joins: rows of two inputs with equal keys, side by side.
//!
//! | File | What it holds |
//! |---|---|
//! | `streaming` | both inputs kept; each row answered with the changes that it makes |
//! | `bounded` | the right input kept whole, then the left one looked up in it |
//! | `pairs` | who matches whom, and the columns of what goes out |
//! | `timed` | by event time: rows near in time, and the version of a time |
//! | `side` | the rows of one input, by key |

mod bounded;
mod pairs;
mod side;
mod streaming;
#[cfg(test)]
mod tests;
pub mod timed;

use arrow::array::{Array, ArrayRef};
use arrow::buffer::NullBuffer;

use super::aggregates::GroupKeys;
use super::group_index::GroupIndex;
use super::{Context, Operator, OperatorFactory, SubtaskInfo};
use crate::base::{RecordId, Result};
use crate::data::{Batch, Schema, Value};
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
    /// How long a row is kept after it was last written, in milliseconds; for ever if 0.
    pub ttl: i64,
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
    /// Which rows of an input can have a partner at all, for NULL equals nothing; `None`: all of them.
    fn can_match(&self, input: usize, batch: &Batch) -> Option<NullBuffer> {
        let columns = self.keys[input].columns.iter().zip(&self.null_meets_null);
        let columns = columns.filter(|(_, null_safe)| !**null_safe);
        let nulls = columns.filter_map(|(column, _)| batch.column(*column).logical_nulls());
        let nulls = nulls.fold(None, |all, nulls| NullBuffer::union(all.as_ref(), Some(&nulls)));
        nulls.filter(|nulls| nulls.null_count() > 0)
    }
}

/// What the trace tells of the state of a join: how many rows of each input a key has.
impl JoinFactory {
    /// Of the key of each of these rows, which changed it.
    fn trace_counts(
        &self,
        key_columns: &[ArrayRef],
        rows: usize,
        counts: impl Fn(usize) -> [i64; 2],
        causes: Option<&[RecordId]>,
        context: &mut Context<'_>,
    ) {
        if !context.traces_records() {
            return;
        }
        let (keys, state) = (&self.keys[0], "join".into());
        let groups = keys.key_groups(key_columns, rows, context.subtask().max_parallelism);
        for (row, group) in groups.into_iter().enumerate() {
            let [left, right] = counts(row).map(Value::BigInt);
            let after = vec![("left".into(), left), ("right".into(), right)];
            let (key, cause) = (keys.values(key_columns, row), causes.map(|causes| causes[row]));
            context.trace_state(&state, key.into(), group, Vec::new(), after, cause);
        }
    }

    /// Of these keys, after time alone changed them.
    fn trace_kept(
        &self,
        index: &GroupIndex,
        keys: &[u32],
        counts: impl Fn(u32) -> [i64; 2],
        context: &mut Context<'_>,
    ) -> Result<()> {
        if context.traces_records() {
            let columns = index.columns(keys)?;
            self.trace_counts(&columns, keys.len(), |row| counts(keys[row]), None, context);
        }
        Ok(())
    }
}

/// Whether a row can have a partner.
fn can_match(can: Option<&NullBuffer>, row: usize) -> bool {
    can.is_none_or(|can| can.is_valid(row))
}
