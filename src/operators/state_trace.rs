//! What the trace is told of the state that an operator keeps by key.
//!
//! The lab shows it as a table: a line a key, a column a name. What has no name in SQL bears that of
//! Flink's state, or tells how many rows there are.

use std::sync::Arc;

use arrow::array::ArrayRef;

use super::group_index::GroupIndex;
use super::{Context, GroupKeys, StateKey};
use crate::base::{RecordId, Result};
use crate::data::{Batch, Value};

/// What a key holds, by name. Nothing: it is gone.
pub(crate) type Named = Vec<(Arc<str>, Value)>;

/// The keys of some rows, and what changed them.
pub(crate) struct StateTrace {
    state: Arc<str>,
    keys: Vec<StateKey>,
    causes: Option<Arc<[RecordId]>>,
}

impl StateTrace {
    /// Of the keys of a batch, if single records are traced.
    pub(crate) fn of(
        state: &str,
        keys: &GroupKeys,
        batch: &Batch,
        context: &Context<'_>,
    ) -> Option<Self> {
        let traced = context.traces_records();
        traced.then(|| Self {
            causes: batch.ids().cloned(),
            ..Self::of_columns(state, keys, &keys.of(batch), batch.len(), context)
        })
    }

    /// Of groups that no record has changed but time, if single records are traced.
    pub(crate) fn of_groups(
        state: &str,
        keys: &GroupKeys,
        index: &GroupIndex,
        groups: &[u32],
        context: &Context<'_>,
    ) -> Result<Option<Self>> {
        let traced = context.traces_records() && !groups.is_empty();
        let columns = traced.then(|| index.columns(groups)).transpose()?;
        Ok(columns.map(|columns| Self::of_columns(state, keys, &columns, groups.len(), context)))
    }

    /// Of keys, column by column.
    pub(crate) fn of_columns(
        state: &str,
        keys: &GroupKeys,
        columns: &[ArrayRef],
        rows: usize,
        context: &Context<'_>,
    ) -> Self {
        let groups = keys.key_groups(columns, rows, context.subtask().max_parallelism);
        let key = |(row, key_group)| {
            let key = keys.values(columns, row).into();
            StateKey { key, window: None, key_group }
        };
        let keys = groups.into_iter().enumerate().map(key).collect();
        Self { state: state.into(), keys, causes: None }
    }

    /// The same keys within windows that end at these moments.
    pub(crate) fn within(mut self, ends: impl Iterator<Item = i64>) -> Self {
        for (key, end) in self.keys.iter_mut().zip(ends) {
            key.window = Some(Value::Timestamp(end, 0));
        }
        self
    }

    /// The same keys, each changed because of a record.
    pub(crate) fn because(self, causes: Vec<RecordId>) -> Self {
        let causes = (causes.len() == self.keys.len()).then(|| causes.into());
        Self { causes, ..self }
    }

    /// What the key of a row held, and holds now, if that is something else.
    pub(crate) fn changed(
        &self,
        row: usize,
        before: Named,
        after: Named,
        context: &mut Context<'_>,
    ) {
        if before != after {
            self.write(row, before, after, context);
        }
    }

    /// What the key of a row held, and holds now.
    pub(crate) fn write(&self, row: usize, before: Named, after: Named, context: &mut Context<'_>) {
        let cause = self.causes.as_ref().map(|causes| causes[row]);
        context.trace_state(&self.state, self.keys[row].clone(), before, after, cause);
    }
}

/// How many there are of something: nothing, if none.
pub(crate) fn counted(name: &str, count: usize) -> Named {
    match count {
        0 => Vec::new(),
        count => vec![(name.into(), Value::BigInt(count as i64))],
    }
}
