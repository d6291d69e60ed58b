//! What the trace tells of the state of a join: how many rows of each input a key has.

use arrow::array::ArrayRef;

use super::JoinSpec;
use crate::base::{RecordId, Result};
use crate::data::Value;
use crate::operators::Context;
use crate::operators::group_index::GroupIndex;

impl JoinSpec {
    /// Of the key of each of these rows, which changed it.
    pub(super) fn trace_counts(
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
    pub(super) fn trace_kept(
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
