//! Keys and what is accumulated for them, as a checkpoint keeps them.

use super::super::aggregates::{Aggregates, GroupKeys, GroupState, intern_values};
use super::super::group_index::GroupIndex;
use super::super::ttl::Ttl;
use crate::base::{LabTime, Result};
use crate::operators::SubtaskInfo;
use crate::state::OperatorSnapshot;

/// A key, with the moment of its last row if keys expire.
type Saved = (GroupState, Option<i64>);

/// The keyed state of an operator, for a checkpoint.
pub(super) struct KeyedState<'a> {
    pub(super) keys: &'a GroupKeys,
    pub(super) index: &'a mut GroupIndex,
    pub(super) values: &'a mut Aggregates,
    pub(super) ttl: &'a mut Ttl<u32>,
}

impl KeyedState<'_> {
    /// All keys; `rows` knows how many rows a group has.
    pub(super) fn snapshot(
        &self,
        version: u16,
        key_group_count: u16,
        rows: impl Fn(u32) -> i64,
    ) -> Result<OperatorSnapshot> {
        let groups = self.index.groups();
        let (key_groups, keys) = self.keys.saved(self.index, &groups, key_group_count)?;
        let entry = |(group, key): (&u32, _)| -> Saved {
            let state = GroupState { key, rows: rows(*group), states: self.values.state(*group) };
            (state, self.ttl.written(*group))
        };
        let entries = groups.iter().zip(keys).map(entry);
        OperatorSnapshot::of_entries(version, key_groups.into_iter().zip(entries))
    }

    /// Takes over the keys of a subtask; each group with how many rows it has.
    pub(super) fn restore(
        self,
        version: u16,
        snapshots: &[OperatorSnapshot],
        subtask: &SubtaskInfo,
        now: LabTime,
    ) -> Result<Vec<(u32, i64)>> {
        let entries: Vec<Saved> =
            OperatorSnapshot::entries(snapshots, version, &subtask.key_groups())?;
        let keys: Vec<_> = entries.iter().map(|(state, _)| state.key.clone()).collect();
        let groups = intern_values(self.index, &self.keys.types, &keys)?;
        self.values.grow(self.index.capacity());
        let mut rows = Vec::with_capacity(groups.len());
        for ((state, written), group) in entries.iter().zip(groups) {
            self.values.restore(group, &state.states)?;
            self.ttl.restore(group, *written, now.millis());
            rows.push((group, state.rows));
        }
        Ok(rows)
    }
}
