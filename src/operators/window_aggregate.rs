//! GroupWindowAggregate: GROUP BY with TUMBLE in the grouping, Flink's legacy group window.
//!
//! A window answers once: in event time when the watermark has passed its last millisecond, in
//! processing time when the clock reaches its end, in a batch job at the end of the input. A row whose
//! window has already answered is late and is dropped; so is one whose event time is NULL. At the end
//! of an input, windows of processing time that are still open do not answer, as in Flink.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, UInt32Array};
use arrow::datatypes::Int64Type;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::aggregates::{Aggregate, Aggregates, GroupKeys, GroupState, intern_values};
use super::group_index::GroupIndex;
use super::{Context, Drain, Operator, OperatorFactory, SubtaskInfo};
use crate::base::{LabTime, RecordId, Result, Watermark};
use crate::data::arrow::array_of;
use crate::data::select::take;
use crate::data::{Batch, DataType, LogicalType, Schema, Value, value_at};
use crate::state::OperatorSnapshot;
use crate::trace::Causes;

const VERSION: u16 = 1;
/// Groups that one portion of the answer holds.
const PORTION: usize = 4096;

/// Fixed windows, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tumble {
    /// How long a window is, in milliseconds; more than 0.
    pub size_millis: i64,
}

/// What moves the windows on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowTime {
    /// The timestamps of this column, and the watermark.
    Event(usize),
    /// The lab clock.
    Processing,
    /// The timestamps of this column; all windows answer at the end of the input.
    Bounded(usize),
}

/// What the output says of the window, after keys and aggregates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowProperty {
    /// `TUMBLE_START`.
    Start,
    /// `TUMBLE_END`: the first millisecond after it.
    End,
    /// `TUMBLE_ROWTIME`: its last millisecond.
    Rowtime,
    /// `TUMBLE_PROCTIME`: the clock when it answers.
    Proctime,
}

/// What a GroupWindowAggregate computes. Its output is keys, aggregates, window properties.
#[derive(Clone, Debug)]
pub struct WindowAggregateFactory {
    /// The key besides the window.
    pub keys: GroupKeys,
    /// The aggregates.
    pub aggregates: Vec<Aggregate>,
    /// The windows.
    pub window: Tumble,
    /// What moves them on.
    pub time: WindowTime,
    /// What is said of them.
    pub properties: Vec<WindowProperty>,
    /// The output columns.
    pub output: Schema,
}

impl OperatorFactory for WindowAggregateFactory {
    fn create(&self, subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        let start = DataType::not_null(LogicalType::BigInt);
        let types: Vec<DataType> =
            std::iter::once(start).chain(self.keys.types.iter().cloned()).collect();
        Ok(Box::new(WindowAggregate {
            index: GroupIndex::new(&types)?,
            types,
            aggregates: Aggregates::new(&self.aggregates, false)?,
            open: BTreeMap::new(),
            is_open: Vec::new(),
            due: VecDeque::new(),
            owed: None,
            watermark: Watermark::MIN,
            causes: FxHashMap::default(),
            state_name: "window-aggs".into(),
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

impl Tumble {
    /// The start of the window that holds a moment.
    fn start(self, millis: i64) -> i64 {
        millis - millis.rem_euclid(self.size_millis)
    }

    fn end(self, start: i64) -> i64 {
        start.saturating_add(self.size_millis)
    }
}

struct WindowAggregate {
    factory: WindowAggregateFactory,
    /// Groups are keys within windows: the first column is the window's start.
    index: GroupIndex,
    types: Vec<DataType>,
    aggregates: Aggregates,
    /// By the start of a window: its groups in order of arrival.
    open: BTreeMap<i64, Vec<u32>>,
    /// By group: whether it is in `open`.
    is_open: Vec<bool>,
    /// Groups whose window has passed and whose answer is still to be given.
    due: VecDeque<u32>,
    /// The watermark to pass on after that.
    owed: Option<Watermark>,
    watermark: Watermark,
    /// The records in each group; empty unless records are traced.
    causes: FxHashMap<u32, Vec<RecordId>>,
    state_name: Arc<str>,
    key_group_count: u16,
}

impl WindowAggregate {
    /// The rows that are in time, and the start of each one's window.
    fn assign(&self, batch: Batch, context: &mut Context<'_>) -> Result<(Batch, Vec<i64>)> {
        let window = self.factory.window;
        let (column, bounded) = match self.factory.time {
            WindowTime::Processing => {
                let start = window.start(context.now.millis());
                let starts = vec![start; batch.len()];
                return Ok((batch, starts));
            }
            WindowTime::Event(column) => (column, false),
            WindowTime::Bounded(column) => (column, true),
        };
        let times = millis(batch.column(column));
        let (mut kept, mut starts) = (Vec::with_capacity(batch.len()), Vec::new());
        for (row, time) in times.into_iter().enumerate() {
            let Some(start) = time.map(|t| window.start(t)) else { continue };
            if !bounded && self.has_passed(start) {
                if let Some(ids) = batch.ids() {
                    context.trace_late(ids[row]);
                }
                continue;
            }
            kept.push(row as u32);
            starts.push(start);
        }
        let all = kept.len() == batch.len();
        Ok((if all { batch } else { take(&batch, &UInt32Array::from(kept))? }, starts))
    }

    fn has_passed(&self, start: i64) -> bool {
        self.factory.window.end(start) - 1 <= self.watermark.0
    }

    /// Takes the groups that were not open into their windows; whether each row's group is new.
    fn open_groups(&mut self, groups: &[u32], starts: &[i64]) -> Vec<bool> {
        self.is_open.resize(self.index.capacity(), false);
        let mut opened = Vec::with_capacity(groups.len());
        for (group, start) in groups.iter().zip(starts) {
            let was_open = std::mem::replace(&mut self.is_open[*group as usize], true);
            if !was_open {
                self.open.entry(*start).or_default().push(*group);
            }
            opened.push(!was_open);
        }
        opened
    }

    /// Accumulates while telling the trace what each row changes.
    fn accumulate_traced(
        &mut self,
        batch: &Batch,
        groups: &[u32],
        opened: &[bool],
        context: &mut Context<'_>,
    ) -> Result<()> {
        let results = self.aggregates.running(batch, groups, None)?;
        let keys = self.factory.keys.of(batch);
        let key_groups = self.factory.keys.key_groups(&keys, batch.len(), self.key_group_count);
        for (row, key_group) in key_groups.into_iter().enumerate() {
            let before = match opened[row] {
                true => Vec::new(),
                false => self.aggregates.named(&results, 2 * row),
            };
            let after = self.aggregates.named(&results, 2 * row + 1);
            let cause = batch.ids().map(|ids| ids[row]);
            let key = self.key_in_window(groups[row])?.into();
            context.trace_state(&self.state_name, key, key_group, before, after, cause);
            self.causes.entry(groups[row]).or_default().extend(cause);
        }
        Ok(())
    }

    /// The key of a group as the trace shows it: the window's start as a timestamp, then the key.
    fn key_in_window(&self, group: u32) -> Result<Vec<Value>> {
        let columns = self.index.columns(&[group])?;
        let value = |(column, data_type)| match value_at(column, data_type, 0) {
            Value::BigInt(start) if std::ptr::eq(data_type, &self.types[0]) => {
                Value::Timestamp(start, 0)
            }
            other => other,
        };
        Ok(columns.iter().zip(&self.types).map(value).collect())
    }

    /// Makes all windows up to and with the one that starts at `last` answer.
    fn close(&mut self, last: i64) {
        while let Some(entry) = self.open.first_entry().filter(|e| *e.key() <= last) {
            self.due.extend(entry.remove());
        }
    }

    fn answer(&mut self, groups: &[u32], context: &mut Context<'_>) -> Result<()> {
        let mut columns = self.index.columns(groups)?;
        let starts = columns.remove(0);
        columns.extend(self.aggregates.evaluate(groups)?);
        let fields = &self.factory.output.fields()[columns.len()..];
        for (property, field) in self.factory.properties.iter().zip(fields) {
            columns.push(self.property(*property, &field.data_type, &starts, context.now)?);
        }
        let answer = Batch::new(columns, groups.len());
        for (row, group) in groups.iter().enumerate() {
            self.aggregates.clear(*group);
            self.index.remove(*group);
            self.is_open[*group as usize] = false;
            if context.traces_records() {
                let causes = self.causes.remove(group).unwrap_or_default();
                context.emit_because(answer.slice(row, 1), Causes::Records(causes.into()));
            }
        }
        if !context.traces_records() {
            context.emit(answer);
        }
        Ok(())
    }

    fn property(
        &self,
        property: WindowProperty,
        data_type: &DataType,
        starts: &ArrayRef,
        now: LabTime,
    ) -> Result<ArrayRef> {
        let size = self.factory.window.size_millis;
        let millis = |start: i64| match property {
            WindowProperty::Start => start,
            WindowProperty::End => start.saturating_add(size),
            WindowProperty::Rowtime => start.saturating_add(size - 1),
            WindowProperty::Proctime => now.millis(),
        };
        let value = |start: &i64| match data_type.logical {
            LogicalType::TimestampLtz { .. } => Value::TimestampLtz(millis(*start), 0),
            _ => Value::Timestamp(millis(*start), 0),
        };
        let starts = starts.as_primitive::<Int64Type>().values();
        array_of(data_type, &starts.iter().map(value).collect::<Vec<_>>())
    }
}

/// The milliseconds of a timestamp column.
fn millis(column: &ArrayRef) -> Vec<Option<i64>> {
    let data_type = DataType::nullable(LogicalType::timestamp(3));
    let one = |row| match value_at(column, &data_type, row) {
        Value::Timestamp(millis, _) => Some(millis),
        _ => None,
    };
    (0..column.len()).map(one).collect()
}

impl Operator for WindowAggregate {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let (batch, starts) = self.assign(batch, context)?;
        if batch.is_empty() {
            return Ok(());
        }
        let mut columns: Vec<ArrayRef> = vec![Arc::new(Int64Array::from(starts.clone()))];
        columns.extend(self.factory.keys.of(&batch));
        let mut groups = Vec::new();
        self.index.intern(&columns, batch.len(), &mut groups)?;
        self.aggregates.grow(self.index.capacity());
        let opened = self.open_groups(&groups, &starts);
        match context.traces_records() {
            true => self.accumulate_traced(&batch, &groups, &opened, context),
            false => self.aggregates.accumulate(&batch, &groups),
        }
    }

    fn watermark(&mut self, watermark: Watermark, _context: &mut Context<'_>) -> Result<()> {
        self.watermark = self.watermark.max(watermark);
        self.owed = Some(watermark);
        if let WindowTime::Event(_) = self.factory.time {
            let size = self.factory.window.size_millis;
            self.close(watermark.0.saturating_add(1).saturating_sub(size));
        }
        Ok(())
    }

    fn next_timer(&self) -> Option<LabTime> {
        let (start, _) = self.open.first_key_value()?;
        (self.factory.time == WindowTime::Processing)
            .then(|| LabTime::from_millis(self.factory.window.end(*start)))
    }

    fn timer(&mut self, context: &mut Context<'_>) -> Result<()> {
        self.close(context.now.millis().saturating_sub(self.factory.window.size_millis));
        Ok(())
    }

    fn end_input(&mut self, _input: usize, _context: &mut Context<'_>) -> Result<()> {
        if self.factory.time != WindowTime::Processing {
            self.close(i64::MAX);
        }
        Ok(())
    }

    fn drain(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        let portion: Vec<u32> = self.due.drain(..self.due.len().min(PORTION)).collect();
        if !portion.is_empty() {
            self.answer(&portion, context)?;
            return Ok(Drain::More);
        }
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
        let entry = |(row, group): (usize, &u32)| GroupState {
            key: columns.iter().zip(&self.types).map(|(c, t)| value_at(c, t, row)).collect(),
            rows: 0,
            states: self.aggregates.state(*group),
        };
        let entries = groups.iter().enumerate().map(entry);
        OperatorSnapshot::of_entries(VERSION, key_groups.into_iter().zip(entries))?
            .with_operator(&self.watermark)
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &mut Context<'_>) -> Result<()> {
        let watermarks = snapshots.iter().map(|s| s.operator::<Watermark>(VERSION));
        let watermarks: Vec<_> = watermarks.filter_map(Result::transpose).collect::<Result<_>>()?;
        self.watermark = watermarks.into_iter().min().unwrap_or(Watermark::MIN);
        let range = context.subtask().key_groups();
        let entries: Vec<GroupState> = OperatorSnapshot::entries(snapshots, VERSION, &range)?;
        let keys: Vec<_> = entries.iter().map(|e| e.key.clone()).collect();
        let groups = intern_values(&mut self.index, &self.types, &keys)?;
        self.aggregates.grow(self.index.capacity());
        let starts = keys.iter().map(|key| match key.first() {
            Some(Value::BigInt(start)) => *start,
            _ => 0,
        });
        self.open_groups(&groups, &starts.collect::<Vec<_>>());
        let mut restored = entries.iter().zip(groups);
        restored.try_for_each(|(entry, group)| self.aggregates.restore(group, &entry.states))
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{Harness, aggregate, check, keys, schema};
    use super::*;
    use crate::trace::{EventKind, Level};

    fn factory(time: WindowTime, properties: &[WindowProperty]) -> WindowAggregateFactory {
        let input = input();
        let names = properties.iter().map(|p| format!(", {p:?} TIMESTAMP")).collect::<String>();
        WindowAggregateFactory {
            keys: keys(&input, "k"),
            aggregates: vec![aggregate(&input, "SUM", "v")],
            window: Tumble { size_millis: 1_000 },
            time,
            properties: properties.to_vec(),
            output: schema(&format!("k STRING, s BIGINT{names}")),
        }
    }

    fn input() -> Schema {
        schema("k STRING, v BIGINT, ts ROWTIME")
    }

    #[test]
    fn a_window_answers_when_the_watermark_has_passed_it() {
        use WindowProperty::{End, Rowtime, Start};
        check(
            &factory(WindowTime::Event(2), &[Start, End, Rowtime]),
            &input(),
            &[
                ("+I a 1 100\n+I b 2 1200\n+I a 3 999", ""),
                ("watermark 998", "watermark 998"),
                ("restore\nwatermark 999", "+I a 4 0 1000 999\nwatermark 999"),
                ("+I a 9 500\n+I a 9 null\n+I a 5 1000", ""),
                ("+I c 1 -1", ""),
                ("watermark 5000", "+I b 2 1000 2000 1999\n+I a 5 1000 2000 1999\nwatermark 5000"),
                ("end", ""),
            ],
        );
    }

    #[test]
    fn windows_still_open_answer_at_the_end() {
        let steps = [("+I a 1 100\n+I a 1 1100\n+I a 2 200", ""), ("end", "+I a 3\n+I a 1")];
        check(&factory(WindowTime::Event(2), &[]), &input(), &steps);
        check(&factory(WindowTime::Bounded(2), &[]), &input(), &steps);
    }

    #[test]
    fn the_clock_moves_windows_of_processing_time() {
        check(
            &factory(WindowTime::Processing, &[WindowProperty::Start]),
            &input(),
            &[
                ("time 300\n+I a 1 0\n+I a 2 0", ""),
                ("time 999", ""),
                ("time 1000", "+I a 3 0"),
                ("+I a 4 0\ntime 2500", "+I a 4 1000"),
                ("+I a 5 0\nend", ""),
            ],
        );
    }

    #[test]
    fn the_trace_knows_late_rows_and_what_is_behind_an_answer() -> Result<()> {
        let factory = factory(WindowTime::Event(2), &[]);
        let mut harness = Harness::new(&factory, &input(), 1, Level::Records);
        harness.run("+I a 1 100\n+I b 1 100\n+I a 1 200\nwatermark 2000\n+I a 1 300")?;
        let (mut late, mut answers) = (0, Vec::new());
        for event in harness.events() {
            match event.kind {
                EventKind::RecordLate { .. } => late += 1,
                EventKind::RecordsEmitted { causes: Causes::Records(ids), .. } => {
                    answers.push(ids.len());
                }
                _ => {}
            }
        }
        assert_eq!((late, answers), (1, vec![2, 1]));
        Ok(())
    }
}
