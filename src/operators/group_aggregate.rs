//! GroupAggregate: GROUP BY over a stream, answering each row with the change that it makes.
//!
//! As Flink's `GroupAggFunction` without mini-batch: the first row of a key gives `+I`, further ones
//! `-U` and `+U`, and nothing if no value changed; a row that takes away the last row of its key gives
//! `-D`; a row that takes away where nothing is, is ignored. Each aggregate is one column of results
//! before and after every row; the output is chosen from those columns.

mod bundle;
pub mod incremental;
pub mod local;
mod output;
mod saved;

use arrow::array::ArrayRef;

use super::aggregates::{Aggregate, Aggregates, GroupKeys};
use super::group_index::GroupIndex;
use super::state_trace::StateTrace;
use super::ttl::Ttl;
use super::{Context, Operator, OperatorFactory, SubtaskInfo};
use crate::base::{Result, Watermark};
use crate::data::{Batch, Kinds, RowKind, Schema};
use crate::state::OperatorSnapshot;
use bundle::Bundle;
use output::{Pairs, births, causes, choose, unchanged};
use saved::KeyedState;

const VERSION: u16 = 2;
/// Flink\'s name of the state.
const STATE: &str = "accState";

/// What a GroupAggregate computes. Its output is the key columns, then the aggregates.
#[derive(Clone, Debug)]
pub struct GroupAggregateFactory {
    /// The key; no columns: one group for all rows.
    pub keys: GroupKeys,
    /// The aggregates.
    pub aggregates: Vec<Aggregate>,
    /// The output columns.
    pub output: Schema,
    /// Whether the input may take rows away.
    pub retracting: bool,
    /// The input's rows are what [`local`] has accumulated, and how they count.
    pub merges: Option<Merges>,
    /// Whether `-U` goes out before `+U` (a sink with a primary key can do without).
    pub update_before: bool,
    /// With mini-batch: how many rows a bundle holds.
    pub bundle: Option<usize>,
    /// How long a key is kept after its last row, in milliseconds; for ever if 0.
    pub ttl: i64,
}

/// Rows that are accumulators.
#[derive(Clone, Copy, Debug)]
pub struct Merges {
    /// The column with how many rows more there are, if rows may be taken away.
    pub count: Option<usize>,
}

impl OperatorFactory for GroupAggregateFactory {
    fn create(&self, subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        Ok(Box::new(GroupAggregate {
            index: GroupIndex::new(&self.keys.types)?,
            aggregates: Aggregates::new(&self.aggregates, self.retracting)?,
            rows: Vec::new(),
            groups: Vec::new(),
            pairs: Pairs::default(),
            bundle: self.bundle.map(Bundle::new),
            ttl: Ttl::new(self.ttl),
            always_changes: self.ttl > 0 || self.aggregates.iter().any(|a| !a.call.may_stay()),
            key_group_count: subtask.max_parallelism,
            factory: self.clone(),
        }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }
}

struct GroupAggregate {
    factory: GroupAggregateFactory,
    index: GroupIndex,
    aggregates: Aggregates,
    /// How many rows each group has, by group; counted only if the input may take away.
    rows: Vec<i64>,
    /// The groups of the rows at hand; kept for its memory.
    groups: Vec<u32>,
    pairs: Pairs,
    /// Rows that wait, with mini-batch.
    bundle: Option<Bundle>,
    ttl: Ttl<u32>,
    /// Whether every row says something: it changes some result (`COUNT(*)` counts it), or keys expire,
    /// and those behind have to learn that theirs lives.
    always_changes: bool,
    key_group_count: u16,
}

/// What a row does to its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    Born,
    Changed,
    Died,
}

/// Rows that touch each group's life and death in a way that one pass can follow.
struct Segment<'a> {
    batch: &'a Batch,
    groups: &'a [u32],
    retracts: Option<&'a [bool]>,
    /// All changed, if absent.
    effects: Option<&'a [Effect]>,
}

impl GroupAggregate {
    /// Rows that only add: no group dies, and a new group is one with a new number.
    fn add(&mut self, batch: &Batch, context: &mut Context<'_>) -> Result<()> {
        let before = self.index.capacity();
        let mut groups = std::mem::take(&mut self.groups);
        self.index.intern(&self.factory.keys.of(batch), batch.len(), &mut groups)?;
        let effects = (self.index.capacity() > before).then(|| births(&groups, before));
        let segment =
            Segment { batch, groups: &groups, retracts: None, effects: effects.as_deref() };
        self.run(segment, context)?;
        self.groups = groups;
        Ok(())
    }

    /// Rows that may take away. A batch is cut behind each row with which a group dies, because the
    /// group must be empty before the next one.
    fn change(&mut self, batch: &Batch, context: &mut Context<'_>) -> Result<()> {
        let mut groups = std::mem::take(&mut self.groups);
        self.index.intern(&self.factory.keys.of(batch), batch.len(), &mut groups)?;
        self.rows.resize(self.index.capacity(), 0);
        let retracts: Vec<bool> = (0..batch.len()).map(|row| !batch.kind(row).adds()).collect();
        let (mut start, mut effects, mut emptied) = (0, Vec::new(), Vec::new());
        for row in 0..batch.len() {
            let group = groups[row];
            let effect = self.count(group, retracts[row]);
            effects.extend(effect);
            if effect == Some(Effect::Born) || effect == Some(Effect::Changed) {
                continue;
            }
            let end = row + effect.iter().len();
            self.run_slice(batch, &groups, &retracts, &effects, start..end, context)?;
            if effect == Some(Effect::Died) {
                self.aggregates.clear(group);
            }
            emptied.push(group);
            effects.clear();
            start = row + 1;
        }
        self.run_slice(batch, &groups, &retracts, &effects, start..batch.len(), context)?;
        self.touch(&groups, context.now.millis());
        self.index.remove_unused(emptied, |group| self.rows[group as usize] == 0);
        self.groups = groups;
        Ok(())
    }

    /// What a checkpoint keeps: the keys, and how many rows each group has.
    fn keyed(&mut self) -> (KeyedState<'_>, &mut [i64]) {
        let Self { factory, index, aggregates, ttl, rows, .. } = self;
        (KeyedState { keys: &factory.keys, index, values: aggregates, ttl }, rows)
    }

    /// Answers the rows that wait, with mini-batch.
    fn finish_bundle(&mut self, context: &mut Context<'_>) -> Result<()> {
        match self.bundle.as_mut().map(Bundle::take).transpose()?.flatten() {
            Some(batch) => self.answer_bundle(&batch, context),
            None => Ok(()),
        }
    }

    /// Forgets keys that no row came for within their time.
    fn expire(&mut self, now: i64) {
        while let Some((_, group)) = self.ttl.due(now) {
            self.rows[group as usize] = 0;
            self.aggregates.clear(group);
            self.index.remove(group);
        }
    }

    /// Remembers when rows came for these keys, if keys expire.
    fn touch(&mut self, groups: &[u32], now: i64) {
        if !self.ttl.is_on() {
            return;
        }
        for group in groups {
            match self.rows[*group as usize] {
                0 => self.ttl.forget(*group),
                _ => self.ttl.write(*group, now),
            }
        }
    }

    /// Counts a row of a group; `None` if it takes away where nothing is.
    fn count(&mut self, group: u32, retracts: bool) -> Option<Effect> {
        let rows = &mut self.rows[group as usize];
        let before = *rows;
        match (before, retracts) {
            (0, true) => return None,
            (_, true) => *rows -= 1,
            (_, false) => *rows += 1,
        }
        Some(match (before, *rows) {
            (0, _) => Effect::Born,
            (_, 0) => Effect::Died,
            _ => Effect::Changed,
        })
    }

    fn run_slice(
        &mut self,
        batch: &Batch,
        groups: &[u32],
        retracts: &[bool],
        effects: &[Effect],
        range: std::ops::Range<usize>,
        context: &mut Context<'_>,
    ) -> Result<()> {
        if range.is_empty() {
            return Ok(());
        }
        let slice = batch.slice(range.start, range.len());
        let segment = Segment {
            batch: &slice,
            groups: &groups[range.clone()],
            retracts: Some(&retracts[range]),
            effects: Some(effects),
        };
        self.run(segment, context)
    }

    fn run(&mut self, segment: Segment<'_>, context: &mut Context<'_>) -> Result<()> {
        self.aggregates.grow(self.index.capacity());
        let Segment { batch, groups, retracts, effects } = segment;
        let results = self.aggregates.running(batch, groups, retracts)?;
        let keys = self.factory.keys.of(batch);
        if context.traces_records() {
            self.trace(batch, &results, effects, context);
        }
        let rows = batch.len();
        let unchanged = match self.always_changes {
            true => None,
            false => unchanged(&results, rows)?,
        };
        let whole = effects.is_none() && unchanged.is_none() && self.factory.update_before;
        let (output, positions) = if whole {
            (self.pairs.whole(&keys, results, rows)?, None)
        } else {
            let (positions, kinds) = self.chosen(rows, effects, unchanged.as_deref());
            let output = choose(&keys, &results, &positions)?;
            (output.with_kinds(Kinds::Each(kinds.into())), Some(positions))
        };
        match batch.ids().filter(|_| context.traces_records()) {
            None => context.emit(output),
            Some(ids) => {
                let causes = causes(ids, rows, positions.as_deref());
                context.emit_each(output, &causes);
            }
        }
        Ok(())
    }

    /// Which of the results go out, and as what.
    fn chosen(
        &self,
        rows: usize,
        effects: Option<&[Effect]>,
        unchanged: Option<&[bool]>,
    ) -> (Vec<u32>, Vec<RowKind>) {
        let (mut positions, mut kinds) = (Vec::new(), Vec::new());
        for row in 0..rows {
            let (before, after) = (2 * row as u32, 2 * row as u32 + 1);
            match effects.map_or(Effect::Changed, |e| e[row]) {
                Effect::Born => {
                    positions.push(after);
                    kinds.push(RowKind::Insert);
                }
                Effect::Died => {
                    positions.push(before);
                    kinds.push(RowKind::Delete);
                }
                Effect::Changed if unchanged.is_some_and(|u| u[row]) => {}
                Effect::Changed => {
                    if self.factory.update_before {
                        positions.push(before);
                        kinds.push(RowKind::UpdateBefore);
                    }
                    positions.push(after);
                    kinds.push(RowKind::UpdateAfter);
                }
            }
        }
        (positions, kinds)
    }

    fn trace(
        &self,
        batch: &Batch,
        results: &[ArrayRef],
        effects: Option<&[Effect]>,
        context: &mut Context<'_>,
    ) {
        let Some(trace) = StateTrace::of(STATE, &self.factory.keys, batch, context) else { return };
        for row in 0..batch.len() {
            let effect = effects.map_or(Effect::Changed, |e| e[row]);
            let named = |position, there: bool| match there {
                true => self.aggregates.named(results, position),
                false => Vec::new(),
            };
            let before = named(2 * row, effect != Effect::Born);
            let after = named(2 * row + 1, effect != Effect::Died);
            trace.write(row, before, after, context);
        }
    }
}

impl Operator for GroupAggregate {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        if let Some(bundle) = &mut self.bundle {
            let full = bundle.push(&batch)?;
            return full.iter().try_for_each(|batch| self.answer_bundle(batch, context));
        }
        self.expire(context.now.millis());
        match self.factory.retracting || self.ttl.is_on() {
            true => self.change(&batch, context),
            false => self.add(&batch, context),
        }
    }

    fn watermark(&mut self, watermark: Watermark, context: &mut Context<'_>) -> Result<()> {
        self.finish_bundle(context)?;
        context.emit_watermark(watermark);
        Ok(())
    }

    fn end_input(&mut self, _input: usize, context: &mut Context<'_>) -> Result<()> {
        self.finish_bundle(context)
    }

    fn snapshot(&mut self, context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        self.finish_bundle(context)?;
        let count = self.key_group_count;
        let (state, rows) = self.keyed();
        state.snapshot(VERSION, count, |group| rows.get(group as usize).copied().unwrap_or(0))
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &mut Context<'_>) -> Result<()> {
        let (state, _) = self.keyed();
        let restored = state.restore(VERSION, snapshots, context.subtask(), context.now)?;
        self.rows.resize(self.index.capacity(), 0);
        restored.into_iter().for_each(|(group, rows)| self.rows[group as usize] = rows);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
