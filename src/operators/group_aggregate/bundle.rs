//! GroupAggregate with mini-batch: rows wait in a bundle, and each key answers with one change.
//!
//! As Flink's `MiniBatchGroupAggFunction`: a bundle goes when it holds so many rows, with a watermark,
//! before a checkpoint, and at the end of the input. A key whose result is as before says nothing.

use arrow::array::{ArrayRef, AsArray, make_comparator};
use arrow::compute::SortOptions;
use arrow::datatypes::Int64Type;
use rustc_hash::FxHashMap;

use super::{GroupAggregate, Merges, STATE};
use crate::base::{Error, RecordId, Result};
use crate::data::select::concat;
use crate::data::{Batch, Kinds, RowKind};
use crate::operators::Context;
use crate::operators::state_trace::{Named, StateTrace};
use crate::trace::Causes;

/// Rows that wait.
pub(super) struct Bundle {
    /// How many rows make it go.
    size: usize,
    held: Vec<Batch>,
    rows: usize,
}

impl Bundle {
    pub(super) fn new(size: usize) -> Self {
        Self { size: size.max(1), held: Vec::new(), rows: 0 }
    }

    /// Takes rows; the bundles that are full, and a rest that waits.
    pub(super) fn push(&mut self, batch: &Batch) -> Result<Vec<Batch>> {
        let (mut full, mut start) = (Vec::new(), 0);
        while start < batch.len() {
            let count = (self.size - self.rows).min(batch.len() - start);
            self.held.push(batch.slice(start, count));
            self.rows += count;
            start += count;
            if self.rows == self.size {
                full.extend(self.take()?);
            }
        }
        Ok(full)
    }

    /// The rows that wait.
    pub(super) fn take(&mut self) -> Result<Option<Batch>> {
        self.rows = 0;
        let held = std::mem::take(&mut self.held);
        if held.is_empty() { Ok(None) } else { concat(&held).map(Some) }
    }
}

impl GroupAggregate {
    /// Answers a bundle: for each key, what it was before and what it is after all rows.
    pub(super) fn answer_bundle(&mut self, batch: &Batch, context: &mut Context<'_>) -> Result<()> {
        self.expire(context.now.millis());
        let mut groups = Vec::new();
        self.index.intern(&self.factory.keys.of(batch), batch.len(), &mut groups)?;
        self.rows.resize(self.index.capacity(), 0);
        self.aggregates.grow(self.index.capacity());
        let mut touched: Vec<u32> = Vec::new();
        let mut causes: FxHashMap<u32, Vec<RecordId>> = FxHashMap::default();
        for (row, group) in groups.iter().enumerate() {
            let ids = causes.entry(*group).or_insert_with(|| {
                touched.push(*group);
                Vec::new()
            });
            ids.extend(batch.ids().map(|ids| ids[row]));
        }
        let keys = self.index.columns(&touched)?;
        let before: Vec<i64> = touched.iter().map(|g| self.rows[*g as usize]).collect();
        let old = self.aggregates.evaluate(&touched)?;
        match self.factory.merges {
            Some(merges) => self.merge_bundle(batch, &groups, merges)?,
            None => self.accumulate_bundle(batch, &groups)?,
        }
        let new = self.aggregates.evaluate(&touched)?;
        self.trace_bundle(&touched, (&before, &old, &new), &causes, context)?;
        let same = unchanged(&old, &new, touched.len())?;
        for (place, group) in touched.iter().enumerate() {
            let after = self.rows[*group as usize];
            let kinds: &[(RowKind, bool)] = match (before[place], after) {
                (0, 0) => &[],
                (0, _) => &[(RowKind::Insert, true)],
                (_, 0) => &[(RowKind::Delete, false)],
                _ if same[place] && !self.ttl.is_on() => &[],
                _ if self.factory.update_before => {
                    &[(RowKind::UpdateBefore, false), (RowKind::UpdateAfter, true)]
                }
                _ => &[(RowKind::UpdateAfter, true)],
            };
            let ids = causes.remove(group).unwrap_or_default();
            self.emit_change(place, kinds, (&keys, &old, &new), ids, context)?;
            if after == 0 {
                self.aggregates.clear(*group);
                self.index.remove(*group);
            }
        }
        self.touch(&touched, context.now.millis());
        Ok(())
    }

    /// Tells the trace what a bundle changes; the last record of each key is what changed it.
    fn trace_bundle(
        &self,
        touched: &[u32],
        (before, old, new): (&[i64], &[ArrayRef], &[ArrayRef]),
        causes: &FxHashMap<u32, Vec<RecordId>>,
        context: &mut Context<'_>,
    ) -> Result<()> {
        let (keys, index) = (&self.factory.keys, &self.index);
        let Some(trace) = StateTrace::of_groups(STATE, keys, index, touched, context)? else {
            return Ok(());
        };
        let last = touched.iter().filter_map(|group| causes.get(group)?.last().copied());
        let trace = trace.because(last.collect());
        let named = |results: &[ArrayRef], place, rows| match rows {
            0 => Named::new(),
            _ => self.aggregates.named(results, place),
        };
        for (place, group) in touched.iter().enumerate() {
            let after = named(new, place, self.rows[*group as usize]);
            trace.changed(place, named(old, place, before[place]), after, context);
        }
        Ok(())
    }

    fn emit_change(
        &self,
        place: usize,
        kinds: &[(RowKind, bool)],
        (keys, old, new): (&[ArrayRef], &[ArrayRef], &[ArrayRef]),
        ids: Vec<RecordId>,
        context: &mut Context<'_>,
    ) -> Result<()> {
        for (kind, is_new) in kinds {
            let results = if *is_new { new } else { old };
            let columns = keys.iter().chain(results).map(|c| c.slice(place, 1)).collect();
            let row = Batch::new(columns, 1).with_kinds(Kinds::Each([*kind].into()));
            context.emit_because(row, Causes::Records(ids.as_slice().into()));
        }
        Ok(())
    }

    /// Merges and counts what the rows hold.
    fn merge_bundle(&mut self, batch: &Batch, groups: &[u32], merges: Merges) -> Result<()> {
        let counts = merges.count.map(|column| batch.column(column).as_primitive::<Int64Type>());
        for (row, group) in groups.iter().enumerate() {
            self.rows[*group as usize] += counts.map_or(1, |counts| counts.value(row));
        }
        let (capacity, retracts) = (self.index.capacity(), self.factory.retracting);
        self.aggregates.merge_partials(batch, groups, capacity, retracts)
    }

    /// Accumulates and counts the rows; one that takes away where nothing is, is left out.
    fn accumulate_bundle(&mut self, batch: &Batch, groups: &[u32]) -> Result<()> {
        let mut kept = Vec::with_capacity(batch.len());
        let mut retracts = Vec::with_capacity(batch.len());
        for (row, group) in groups.iter().enumerate() {
            let takes_away = !batch.kind(row).adds();
            if self.count(*group, takes_away).is_some() {
                kept.push(row as u32);
                retracts.push(takes_away);
            }
        }
        let taken = crate::data::select::take(batch, &kept.clone().into())?;
        let groups: Vec<u32> = kept.iter().map(|row| groups[*row as usize]).collect();
        let retracts = self.factory.retracting.then_some(retracts.as_slice());
        self.aggregates.running(&taken, &groups, retracts).map(drop)
    }
}

/// For each key, whether no result changed.
fn unchanged(old: &[ArrayRef], new: &[ArrayRef], keys: usize) -> Result<Vec<bool>> {
    let mut same = vec![true; keys];
    for (old, new) in old.iter().zip(new) {
        let compare = make_comparator(old, new, SortOptions::default())
            .map_err(|e| Error::new("column-not-made").arg("reason", e))?;
        for (place, same) in same.iter_mut().enumerate() {
            *same = *same && compare(place, place).is_eq();
        }
    }
    Ok(same)
}
