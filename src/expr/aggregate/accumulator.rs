//! What an aggregate function is to the operators that run it: columns in, columns out.
//!
//! Groups are numbers that the operator gives out, dense from 0 and used again after
//! [`Accumulator::clear`]; the accumulator knows nothing of keys. Calls are per batch, so that the
//! loop over rows is inside the function, without dispatch.

use arrow::array::{ArrayRef, BooleanArray};

use super::partial::Buffer;
use crate::base::Result;
use crate::data::Value;

/// Rows to accumulate, in order.
#[derive(Clone, Copy, Debug)]
pub struct GroupedRows<'a> {
    /// The group of each row.
    pub groups: &'a [u32],
    /// The columns of the arguments; none for `COUNT(*)`.
    pub args: &'a [ArrayRef],
    /// Rows that count (`FILTER (WHERE ..)`): those where it is true. All if absent.
    pub filter: Option<&'a BooleanArray>,
    /// Rows that take away (`-U`, `-D`) rather than add. All add if absent.
    pub retracts: Option<&'a [bool]>,
}

/// The values of one aggregate function for all groups.
pub trait Accumulator: Send {
    /// Makes room for groups `0 .. groups`; new ones are empty. Never makes less room.
    fn grow(&mut self, groups: usize);

    /// Accumulates rows.
    fn accumulate(&mut self, rows: GroupedRows<'_>) -> Result<()>;

    /// Accumulates rows and answers what the result of the row's group was before and after each:
    /// a column of twice as many values, row `i`'s at `2 * i` (before) and `2 * i + 1` (after).
    fn accumulate_running(&mut self, rows: GroupedRows<'_>) -> Result<ArrayRef>;

    /// The results of these groups.
    fn evaluate(&self, groups: &[u32]) -> Result<ArrayRef>;

    /// Adds to each group of `into` what the group of `from` at its place has; that one stays as it
    /// is. What came first is in `into`. So the groups of slices make up those of windows; what a
    /// checkpoint or another subtask holds is first taken over by [`Self::restore`].
    fn merge(&mut self, into: &[u32], from: &[u32]) -> Result<()>;

    /// What these groups have, as the columns of the accumulator that travels; `None` where it has to go
    /// value by value, through [`Self::state`].
    ///
    /// Errors: `column-not-made`.
    fn pack(&self, _groups: &[u32], _buffers: &[Buffer]) -> Result<Option<Vec<ArrayRef>>> {
        Ok(None)
    }

    /// Adds what [`Self::pack`] gave elsewhere, a row a group; whether that is how it goes.
    ///
    /// Errors: `column-not-made` if the columns are of other types.
    fn merge_packed(&mut self, _groups: &[u32], _columns: &[ArrayRef]) -> Result<bool> {
        Ok(false)
    }

    /// Empties a group.
    fn clear(&mut self, group: u32);

    /// What a checkpoint keeps of a group.
    fn state(&self, group: u32) -> Vec<Value>;

    /// Takes over what [`Self::state`] gave, into an empty group.
    fn restore(&mut self, group: u32, state: &[Value]) -> Result<()>;
}
