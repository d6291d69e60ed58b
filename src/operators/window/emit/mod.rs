//! GROUP BY TUMBLE and HOP whose windows answer before or after their end (`table.exec.emit.*`), or of
//! an input that takes rows away.
//!
//! As Flink's `AggregateWindowOperator` that produces updates: a window of a key answers for every row,
//! or by a beat of the clock, then at its end, and for rows that come after that as long as lateness
//! is allowed. The first answer is `+I`, each further one `-U` and `+U`, and nothing if no value changed;
//! where the input takes rows away, a window without rows answers `-D`, or not at all.
//! Each window accumulates its own rows: here answers are many, and slices would be merged for each.

mod pane;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Bound::{Excluded, Included};
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use self::pane::Pane;
use super::aggregate::WindowProperty;
use super::slicing::Windows;
use super::{WindowTime, answered};
use crate::base::{LabTime, RecordId, Result, Watermark};
use crate::data::{
    Batch, DataType, LogicalType, Row, RowKind, Schema, Value, rows_to_batch, value_at,
};
use crate::operators::aggregates::{Aggregate, Aggregates, GroupKeys, intern_values};
use crate::operators::group_index::GroupIndex;
use crate::operators::state_trace::StateTrace;
use crate::operators::window::{STATE, trace_gone};
use crate::operators::{Context, Drain, Operator, OperatorFactory, SubtaskInfo};
use crate::state::OperatorSnapshot;
use crate::trace::Causes;

pub use self::pane::Emit;

const VERSION: u16 = 1;
/// Windows that one portion of the answer holds.
const PORTION: usize = 4096;

/// What an aggregate computes whose windows answer several times. Its output is keys, aggregates, window
/// properties.
#[derive(Clone, Debug)]
pub struct EmittingAggregateFactory {
    /// The key besides the window.
    pub keys: GroupKeys,
    /// The aggregates.
    pub aggregates: Vec<Aggregate>,
    /// The windows.
    pub windows: Windows,
    /// What puts rows into them and moves them on.
    pub time: WindowTime,
    /// When they answer besides at their end.
    pub emit: Emit,
    /// Whether the input may take rows away.
    pub retracting: bool,
    /// What is said of them.
    pub properties: Vec<WindowProperty>,
    /// The output columns.
    pub output: Schema,
}

impl OperatorFactory for EmittingAggregateFactory {
    fn create(&self, subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        let end = DataType::not_null(LogicalType::BigInt);
        let types: Vec<DataType> =
            std::iter::once(end).chain(self.keys.types.iter().cloned()).collect();
        Ok(Box::new(EmittingAggregate {
            index: GroupIndex::new(&types)?,
            types,
            aggregates: Aggregates::new(&self.aggregates, self.retracting)?,
            panes: Vec::new(),
            open: BTreeMap::new(),
            beats: BTreeSet::new(),
            due: VecDeque::new(),
            owed: None,
            ended: i64::MIN,
            causes: FxHashMap::default(),
            key_group_count: subtask.max_parallelism,
            factory: self.clone(),
        }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }
}

/// What a checkpoint keeps of the window of a key.
#[derive(Serialize, Deserialize)]
struct Saved {
    key: Vec<Value>,
    states: Vec<Vec<Value>>,
    pane: Pane,
}

struct EmittingAggregate {
    factory: EmittingAggregateFactory,
    /// Groups are keys within windows: the first column is the window's end.
    index: GroupIndex,
    types: Vec<DataType>,
    aggregates: Aggregates,
    /// By group; `None` where no window is.
    panes: Vec<Option<Pane>>,
    /// By the end of a window: its groups in order of arrival.
    open: BTreeMap<i64, Vec<u32>>,
    /// Moments of the clock, and the groups that look whether to answer.
    beats: BTreeSet<(i64, u32)>,
    /// Groups whose answer is still to be given.
    due: VecDeque<u32>,
    owed: Option<Watermark>,
    /// Windows that end here or before have ended.
    ended: i64,
    /// The records in each group since its last answer; empty unless records are traced.
    causes: FxHashMap<u32, Vec<RecordId>>,
    key_group_count: u16,
}

impl EmittingAggregate {
    /// Whether a window takes no more rows.
    fn is_over(&self, end: i64) -> bool {
        end.saturating_add(self.factory.emit.lateness) <= self.ended
    }

    /// The group of a row in a window, and whether it opens for it.
    fn group(&mut self, row: &Batch, end: i64) -> Result<(u32, bool)> {
        let mut columns: Vec<ArrayRef> = vec![Arc::new(Int64Array::from(vec![end]))];
        columns.extend(self.factory.keys.of(row));
        let mut groups = Vec::new();
        self.index.intern(&columns, 1, &mut groups)?;
        Ok((groups[0], self.open_group(groups[0], end, Pane::default())))
    }

    /// Opens a group, unless it is open.
    fn open_group(&mut self, group: u32, end: i64, pane: Pane) -> bool {
        self.panes.resize(self.index.capacity(), None);
        self.aggregates.grow(self.index.capacity());
        let place = &mut self.panes[group as usize];
        if place.is_some() {
            return false;
        }
        self.beats.extend(pane.beats.iter().flatten().map(|at| (*at, group)));
        *place = Some(pane);
        self.open.entry(end).or_default().push(group);
        true
    }

    /// Takes one row into a window, and answers if it is time.
    fn accept(&mut self, row: &Batch, end: i64, context: &mut Context<'_>) -> Result<()> {
        let (group, is_new) = self.group(row, end)?;
        if self.factory.retracting || context.traces_records() {
            let retracts = [!row.kind(0).adds()];
            let retracts = self.factory.retracting.then_some(&retracts[..]);
            let results = self.aggregates.running(row, &[group], retracts)?;
            if context.traces_records() {
                self.trace(row, (group, is_new), end, &results, context);
            }
        } else {
            self.aggregates.accumulate(row, &[group])?;
        }
        let (emit, ended) = (self.factory.emit, end <= self.ended);
        let Some(pane) = &mut self.panes[group as usize] else { return Ok(()) };
        pane.rows += if row.kind(0).adds() { 1 } else { -1 };
        let at_once = pane.row(&emit, ended, context.now.millis());
        self.beats.extend(pane.beats.iter().flatten().map(|at| (*at, group)));
        if at_once { self.answer(&[group], context) } else { Ok(()) }
    }

    /// Tells the trace what a row changes.
    fn trace(
        &mut self,
        row: &Batch,
        (group, is_new): (u32, bool),
        end: i64,
        results: &[ArrayRef],
        context: &mut Context<'_>,
    ) {
        let before = if is_new { Vec::new() } else { self.aggregates.named(results, 0) };
        let after = self.aggregates.named(results, 1);
        if let Some(trace) = StateTrace::of(STATE, &self.factory.keys, row, context) {
            trace.within([end].into_iter()).write(0, before, after, context);
        }
        let cause = row.ids().map(|ids| ids[0]);
        self.causes.entry(group).or_default().extend(cause);
    }

    /// Windows that end at `until` or before have ended.
    fn end(&mut self, until: i64) {
        if until <= self.ended {
            return;
        }
        let has_late_beat = self.factory.emit.late_beat().is_some();
        for (_, groups) in self.open.range((Excluded(self.ended), Included(until))) {
            for group in groups {
                if let Some(pane) = self.panes[*group as usize].as_mut() {
                    pane.passed = has_late_beat;
                }
                self.due.push_back(*group);
            }
        }
        self.ended = until;
    }

    /// Forgets windows that take no more rows.
    fn forget(&mut self, context: &mut Context<'_>) -> Result<()> {
        while let Some(entry) = self.open.first_entry() {
            if entry.key().saturating_add(self.factory.emit.lateness) > self.ended {
                break;
            }
            let groups = entry.remove();
            trace_gone(&groups, &self.index, &self.aggregates, &self.factory.keys, context)?;
            for group in groups {
                let pane = self.panes[group as usize].take().unwrap_or_default();
                for at in pane.beats.into_iter().flatten() {
                    self.beats.remove(&(at, group));
                }
                self.aggregates.clear(group);
                self.index.remove(group);
                self.causes.remove(&group);
            }
        }
        Ok(())
    }

    /// What changed in these windows since they answered last.
    fn answer(&mut self, groups: &[u32], context: &mut Context<'_>) -> Result<()> {
        let results = self.aggregates.evaluate(groups)?;
        let columns = self.index.columns(groups)?;
        let (mut rows, mut changed): (Vec<Row>, Vec<(u32, usize)>) = Default::default();
        for (place, group) in groups.iter().enumerate() {
            let of = results.iter().zip(&self.factory.aggregates);
            let values: Vec<Value> =
                of.map(|(column, a)| value_at(column, &a.call.data_type, place)).collect();
            let Some(pane) = &mut self.panes[*group as usize] else { continue };
            // Where all rows were taken away there is nothing to say.
            let after = (!self.factory.retracting || pane.rows != 0).then_some(values);
            if pane.answered == after {
                continue;
            }
            let before = std::mem::replace(&mut pane.answered, after.clone());
            let (end, key) = self.key(&columns, place);
            let row = |kind, values: Vec<Value>| {
                let fields = key.iter().cloned().chain(values);
                Row { kind, fields: fields.chain(self.properties(end, context.now)).collect() }
            };
            let known = rows.len();
            match (before, after) {
                (Some(before), Some(after)) => {
                    rows.push(row(RowKind::UpdateBefore, before));
                    rows.push(row(RowKind::UpdateAfter, after));
                }
                (before, after) => {
                    rows.extend(before.map(|before| row(RowKind::Delete, before)));
                    rows.extend(after.map(|after| row(RowKind::Insert, after)));
                }
            }
            changed.push((*group, rows.len() - known));
        }
        let batch = rows_to_batch(&self.factory.output, &rows)?;
        if !context.traces_records() {
            context.emit(batch);
            return Ok(());
        }
        let mut start = 0;
        for (group, count) in changed {
            let causes = self.causes.remove(&group).unwrap_or_default();
            context.emit_because(batch.slice(start, count), Causes::Records(causes.into()));
            start += count;
        }
        Ok(())
    }

    /// The end of a group's window, and its key.
    fn key(&self, columns: &[ArrayRef], place: usize) -> (i64, Vec<Value>) {
        let mut values = columns.iter().zip(&self.types).map(|(c, t)| value_at(c, t, place));
        let end = match values.next() {
            Some(Value::BigInt(end)) => end,
            _ => 0,
        };
        (end, values.collect())
    }

    fn properties(&self, end: i64, now: LabTime) -> impl Iterator<Item = Value> {
        let EmittingAggregateFactory { properties, output, windows, time, .. } = &self.factory;
        let first = output.len() - properties.len();
        let fields = properties.iter().zip(&output.fields()[first..]);
        let bounds = (windows.start(end), end);
        fields.map(move |(property, field)| property.value(bounds, time, &field.data_type, now))
    }
}

impl Operator for EmittingAggregate {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let moments = self.factory.time.moments(&batch, context.now);
        for (row, at) in moments.into_iter().enumerate() {
            let Some(at) = at else { continue };
            let one = batch.slice(row, 1);
            let (mut windows, mut in_time) = (0, 0);
            for end in self.factory.windows.of(at) {
                windows += 1;
                if !self.is_over(end) {
                    in_time += 1;
                    self.accept(&one, end, context)?;
                }
            }
            if let (Some(ids), true) = (batch.ids(), windows > 0 && in_time == 0) {
                context.trace_late(ids[row]);
            }
        }
        Ok(())
    }

    fn watermark(&mut self, watermark: Watermark, _context: &mut Context<'_>) -> Result<()> {
        self.owed = Some(watermark);
        if let Some(until) = self.factory.time.due_at(watermark) {
            self.end(until);
        }
        Ok(())
    }

    /// The next beat, one millisecond after its moment as Flink's timers, or the end of a window.
    fn next_timer(&self) -> Option<LabTime> {
        let beat = self.beats.first().map(|(at, _)| LabTime::from_millis(at.saturating_add(1)));
        let end = self.factory.time.next_timer(self.open.keys().next().copied());
        beat.into_iter().chain(end).min()
    }

    fn timer(&mut self, context: &mut Context<'_>) -> Result<()> {
        let (emit, now) = (self.factory.emit, context.now.millis());
        while let Some((at, group)) = self.beats.first().copied().filter(|(at, _)| *at < now) {
            self.beats.pop_first();
            let pane = self.panes[group as usize].as_mut();
            if let Some(next) = pane.and_then(|pane| pane.after(&emit, at, now)) {
                self.beats.insert((next, group));
                self.due.push_back(group);
            }
        }
        if self.factory.time.progress == super::Progress::Clock {
            self.end(self.factory.time.due_now(context.now));
        }
        Ok(())
    }

    fn end_input(&mut self, _input: usize, _context: &mut Context<'_>) -> Result<()> {
        if self.factory.time.answers_at_the_end() {
            self.end(i64::MAX);
        }
        Ok(())
    }

    fn drain(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        if !self.due.is_empty() {
            let count = self.due.len().min(PORTION);
            let portion: Vec<u32> = self.due.drain(..count).collect();
            self.answer(&portion, context)?;
            return Ok(Drain::More);
        }
        self.forget(context)?;
        if let Some(watermark) = self.owed.take() {
            context.emit_watermark(watermark);
        }
        Ok(Drain::Done)
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        let groups: Vec<u32> = self.open.values().flatten().copied().collect();
        let columns = self.index.columns(&groups)?;
        let keys = &self.factory.keys;
        let key_groups = keys.key_groups(&columns[1..], groups.len(), self.key_group_count);
        let entry = |(row, group): (usize, &u32)| Saved {
            key: columns.iter().zip(&self.types).map(|(c, t)| value_at(c, t, row)).collect(),
            states: self.aggregates.state(*group),
            pane: self.panes[*group as usize].clone().unwrap_or_default(),
        };
        let entries = groups.iter().enumerate().map(entry);
        OperatorSnapshot::of_entries(VERSION, key_groups.into_iter().zip(entries))?
            .with_operator(&self.ended)
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &mut Context<'_>) -> Result<()> {
        self.ended = answered(snapshots, VERSION)?;
        let range = context.subtask().key_groups();
        let entries: Vec<Saved> = OperatorSnapshot::entries(snapshots, VERSION, &range)?;
        let keys: Vec<_> = entries.iter().map(|e| e.key.clone()).collect();
        let groups = intern_values(&mut self.index, &self.types, &keys)?;
        for (entry, group) in entries.into_iter().zip(groups) {
            let Some(Value::BigInt(end)) = entry.key.first() else { continue };
            self.open_group(group, *end, entry.pane);
            self.aggregates.restore(group, &entry.states)?;
        }
        Ok(())
    }
}
