//! What the trace is told of a WindowJoin: how many rows of each input a key holds in a window.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array};

use crate::base::Result;
use crate::data::{Batch, DataType, LogicalType};
use crate::operators::Context;
use crate::operators::group_index::GroupIndex;
use crate::operators::join::{JoinSpec, STATE, held};
use crate::operators::state_trace::{Named, StateTrace};

/// The counts. Nothing is counted unless single records are traced.
pub(super) struct Told {
    /// Keys within windows: the first column is the window's end.
    index: GroupIndex,
    /// By group.
    counts: Vec<[i64; 2]>,
    /// By the end of a window.
    groups: BTreeMap<i64, Vec<u32>>,
}

impl Told {
    pub(super) fn new(join: &JoinSpec) -> Result<Self> {
        let end = DataType::not_null(LogicalType::BigInt);
        let types: Vec<DataType> =
            std::iter::once(end).chain(join.keys[0].types.iter().cloned()).collect();
        Ok(Self { index: GroupIndex::new(&types)?, counts: Vec::new(), groups: BTreeMap::new() })
    }

    /// Rows wait in the window that ends at this moment.
    pub(super) fn wait(
        &mut self,
        join: &JoinSpec,
        side: usize,
        (batch, end): (&Batch, i64),
        context: &mut Context<'_>,
    ) -> Result<()> {
        let Some(trace) = StateTrace::of(STATE, &join.keys[side], batch, context) else {
            return Ok(());
        };
        let trace = trace.within(std::iter::repeat_n(end, batch.len()));
        let mut columns: Vec<ArrayRef> = vec![Arc::new(Int64Array::from(vec![end; batch.len()]))];
        columns.extend(join.keys[side].of(batch));
        let mut groups = Vec::new();
        self.index.intern(&columns, batch.len(), &mut groups)?;
        self.counts.resize(self.index.capacity(), [0; 2]);
        for (row, group) in groups.into_iter().enumerate() {
            let counts = &mut self.counts[group as usize];
            let before = held(*counts);
            if before.is_empty() {
                self.groups.entry(end).or_default().push(group);
            }
            counts[side] += 1;
            trace.write(row, before, held(*counts), context);
        }
        Ok(())
    }

    /// The rows of a window are joined, and wait no longer.
    pub(super) fn pass(
        &mut self,
        join: &JoinSpec,
        end: i64,
        context: &mut Context<'_>,
    ) -> Result<()> {
        let groups = self.groups.remove(&end).unwrap_or_default();
        let columns = self.index.columns(&groups)?;
        let keys = &join.keys[0];
        let trace = StateTrace::of_columns(STATE, keys, &columns[1..], groups.len(), context);
        let trace = trace.within(std::iter::repeat_n(end, groups.len()));
        for (row, group) in groups.into_iter().enumerate() {
            let counts = std::mem::take(&mut self.counts[group as usize]);
            trace.write(row, held(counts), Named::new(), context);
            self.index.remove(group);
        }
        Ok(())
    }
}
