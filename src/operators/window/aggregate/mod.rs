//! Window aggregates over windows of fixed lengths: GROUP BY TUMBLE(..), and GROUP BY window_start,
//! window_end over a table of windows.
//!
//! A window answers once: in event time when the watermark has passed its last millisecond, in
//! processing time when the clock reaches it, in a batch job at the end of the input. A row is
//! accumulated in its slice; the answer of a window is the merge of its slices (see
//! [`super::slicing`]), key by key. A row all of whose windows have answered is late and is dropped; so
//! is one whose event time is NULL. At the end of an input, windows of processing time that are still
//! open do not answer, as in Flink.

mod answer;
mod arrival;
pub mod local;
mod turns;

use std::collections::{BTreeMap, VecDeque};

use rustc_hash::FxHashMap;

use super::slicing::Windows;
use super::trigger::Waiting;
use super::{Moment, Progress, WindowTime, answered, timestamp};
use crate::base::{LabTime, RecordId, Result, Watermark};
use crate::data::{Batch, DataType, LogicalType, Schema, Value, value_at};
use crate::operators::aggregates::{Aggregate, Aggregates, GroupKeys, GroupState, intern_values};
use crate::operators::group_index::GroupIndex;
use crate::operators::timers::Timers;
use crate::operators::{Context, Drain, Operator, OperatorFactory, SubtaskInfo};
use crate::state::OperatorSnapshot;

const VERSION: u16 = 2;
/// Groups that one portion of the answer holds.
const PORTION: usize = 4096;

/// What the output says of the window, after keys and aggregates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowProperty {
    /// Its start.
    Start,
    /// The first millisecond after it.
    End,
    /// Its last millisecond, as event time.
    Rowtime,
    /// The clock when it answers; NULL in event time.
    Proctime,
}

impl WindowProperty {
    /// Its value for the window from `start` to `end`, which answers now.
    pub(super) fn value(
        self,
        (start, end): (i64, i64),
        time: &WindowTime,
        data_type: &DataType,
        now: LabTime,
    ) -> Value {
        let millis = match self {
            Self::Start => start,
            Self::End => end,
            Self::Rowtime => time.instant(end.saturating_sub(1)),
            Self::Proctime if time.progress == Progress::Clock => now.millis(),
            Self::Proctime => return Value::Null,
        };
        timestamp(data_type, millis)
    }
}

/// What a window aggregate computes. Its output is keys, aggregates, window properties.
#[derive(Clone, Debug)]
pub struct WindowAggregateFactory {
    /// The key besides the window.
    pub keys: GroupKeys,
    /// The aggregates.
    pub aggregates: Vec<Aggregate>,
    /// The windows.
    pub windows: Windows,
    /// What puts rows into them and moves them on.
    pub time: WindowTime,
    /// What is said of them.
    pub properties: Vec<WindowProperty>,
    /// Whether the input's rows are what [`local`] has accumulated.
    pub merges: bool,
    /// Whether the windows are those of a table of windows: rows wait before they come, as in Flink, and
    /// where windows have an offset some are lost.
    pub of_table: bool,
    /// The output columns.
    pub output: Schema,
}

impl OperatorFactory for WindowAggregateFactory {
    fn create(&self, subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        let end = DataType::not_null(LogicalType::BigInt);
        let types: Vec<DataType> =
            std::iter::once(end).chain(self.keys.types.iter().cloned()).collect();
        Ok(Box::new(WindowAggregate {
            index: GroupIndex::new(&types)?,
            types,
            aggregates: Aggregates::new(&self.aggregates, false)?,
            open: BTreeMap::new(),
            is_open: Vec::new(),
            timers: Timers::default(),
            due: VecDeque::new(),
            owed: None,
            waiting: match (self.of_table, self.time.progress) {
                (true, Progress::Watermark) => Waiting::if_apart(self.windows, &self.time),
                _ => None,
            },
            answered: i64::MIN,
            causes: FxHashMap::default(),
            key_group_count: subtask.max_parallelism,
            factory: self.clone(),
        }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }

    fn emits_inserts_only(&self) -> bool {
        true
    }
}

/// Groups of a window that has passed and whose answer is still to be given.
struct Due {
    end: i64,
    groups: VecDeque<u32>,
}

struct WindowAggregate {
    factory: WindowAggregateFactory,
    /// Groups are keys within slices: the first column is the slice's end. A window of several slices
    /// has groups of its own, from when it is awaited until it has answered; see [`turns`].
    index: GroupIndex,
    types: Vec<DataType>,
    aggregates: Aggregates,
    /// By the end of a slice: its groups in order of arrival.
    open: BTreeMap<i64, Vec<u32>>,
    /// By group: whether it is in `open`, or, if it stands for a window of several slices, has a timer.
    is_open: Vec<bool>,
    /// In which order the groups of windows answer.
    timers: Timers,
    due: VecDeque<Due>,
    /// The watermark to pass on after that.
    owed: Option<Watermark>,
    /// Rows that wait, where Flink lets them wait.
    waiting: Option<Waiting>,
    /// Windows that end here or before have answered.
    answered: i64,
    /// The records in each group; empty unless records are traced.
    causes: FxHashMap<u32, Vec<RecordId>>,
    key_group_count: u16,
}

impl WindowAggregate {
    /// Whether rows are not in slices but in whole windows.
    fn is_whole(&self) -> bool {
        matches!(self.factory.time.moment, Moment::WindowEnd(_)) || !self.factory.windows.share()
    }

    /// Of the windows with this slice, the first that ends after a moment.
    fn next_end(&self, slice_end: i64, after: i64) -> Option<i64> {
        match self.is_whole() {
            true => (slice_end > after).then_some(slice_end),
            false => self.factory.windows.next_end(slice_end, after),
        }
    }
}

impl Operator for WindowAggregate {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        self.arrive(batch, context)
    }

    fn watermark(&mut self, watermark: Watermark, context: &mut Context<'_>) -> Result<()> {
        self.owed = Some(watermark);
        let Some(until) = self.factory.time.due_at(watermark) else { return Ok(()) };
        self.accept_due(self.factory.time.on_the_wall(watermark.0), context)?;
        self.close(until, context)
    }

    fn next_timer(&self) -> Option<LabTime> {
        let first = self.open.keys().next().and_then(|end| self.next_end(*end, self.answered));
        self.factory.time.next_timer(first)
    }

    fn timer(&mut self, context: &mut Context<'_>) -> Result<()> {
        self.close(self.factory.time.due_now(context.now), context)
    }

    fn end_input(&mut self, _input: usize, context: &mut Context<'_>) -> Result<()> {
        self.accept_due(i64::MAX, context)?;
        match self.factory.time.answers_at_the_end() {
            true => self.close(i64::MAX, context),
            false => Ok(()),
        }
    }

    fn drain(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        if let Some(due) = self.due.front_mut() {
            let (end, count) = (due.end, due.groups.len().min(PORTION));
            let portion: Vec<u32> = due.groups.drain(..count).collect();
            if due.groups.is_empty() {
                self.due.pop_front();
            }
            self.answer(end, &portion, context)?;
            return Ok(Drain::More);
        }
        if let Some(watermark) = self.owed.take() {
            context.emit_watermark(watermark);
        }
        Ok(Drain::Done)
    }

    fn snapshot(&mut self, context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        if let Some(batch) = self.waiting.as_mut().map(Waiting::take).transpose()?.flatten() {
            self.accept(batch, context)?;
        }
        let groups: Vec<u32> = self.open.values().flatten().copied().collect();
        let columns = self.index.columns(&groups)?;
        let keys = &self.factory.keys;
        let key_groups = keys.key_groups(&columns[1..], groups.len(), self.key_group_count);
        let entry = |(row, group): (usize, &u32)| GroupState {
            key: columns.iter().zip(&self.types).map(|(c, t)| value_at(c, t, row)).collect(),
            rows: 0,
            states: self.aggregates.state(*group),
        };
        let entries = groups.iter().enumerate().map(entry);
        OperatorSnapshot::of_entries(VERSION, key_groups.into_iter().zip(entries))?
            .with_operator(&self.answered)
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &mut Context<'_>) -> Result<()> {
        self.answered = answered(snapshots, VERSION)?;
        let range = context.subtask().key_groups();
        let entries: Vec<GroupState> = OperatorSnapshot::entries(snapshots, VERSION, &range)?;
        let keys: Vec<_> = entries.iter().map(|e| e.key.clone()).collect();
        let groups = intern_values(&mut self.index, &self.types, &keys)?;
        self.aggregates.grow(self.index.capacity());
        let ends = keys.iter().map(|key| match key.first() {
            Some(Value::BigInt(end)) => *end,
            _ => 0,
        });
        self.open_groups(&groups, &ends.collect::<Vec<_>>())?;
        let mut restored = entries.iter().zip(groups);
        restored.try_for_each(|(entry, group)| self.aggregates.restore(group, &entry.states))
    }
}

#[cfg(test)]
mod tests;
