//! Window aggregates over windows of fixed lengths: GROUP BY TUMBLE(..), and GROUP BY window_start,
//! window_end over a table of windows.
//!
//! A window answers once: in event time when the watermark has passed its last millisecond, in
//! processing time when the clock reaches it, in a batch job at the end of the input. A row is
//! accumulated in its slice; the answer of a window is the merge of its slices (see
//! [`super::slicing`]), key by key. A row all of whose windows have answered is late and is dropped; so
//! is one whose event time is NULL. At the end of an input, windows of processing time that are still
//! open do not answer, as in Flink.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, UInt32Array};
use rustc_hash::FxHashMap;

use super::local::Local;
use super::slicing::{WindowKind, Windows};
use super::{Moment, Progress, WindowTime, answered, millis, timestamp};
use crate::base::{LabTime, RecordId, Result, Watermark};
use crate::data::arrow::array_of;
use crate::data::select::take;
use crate::data::{Batch, DataType, LogicalType, Schema, Value, value_at};
use crate::operators::aggregates::{Aggregate, Aggregates, GroupKeys, GroupState, intern_values};
use crate::operators::group_index::GroupIndex;
use crate::operators::{Context, Drain, Operator, OperatorFactory, SubtaskInfo};
use crate::state::OperatorSnapshot;
use crate::trace::Causes;

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
    /// Whether it stands for Flink's two phases, of which the first loses rows if windows have an
    /// offset.
    pub two_phase: bool,
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
            due: VecDeque::new(),
            owed: None,
            local: Local::new(self.windows).filter(|_| self.two_phase),
            answered: i64::MIN,
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

/// Groups of a window that has passed and whose answer is still to be given.
struct Due {
    end: i64,
    groups: VecDeque<u32>,
}

struct WindowAggregate {
    factory: WindowAggregateFactory,
    /// Groups are keys within slices: the first column is the slice's end. A window that is merged
    /// has groups of its own for as long as it takes to answer; see [`merged`].
    index: GroupIndex,
    types: Vec<DataType>,
    aggregates: Aggregates,
    /// By the end of a slice: its groups in order of arrival.
    open: BTreeMap<i64, Vec<u32>>,
    /// By group: whether it is in `open`.
    is_open: Vec<bool>,
    due: VecDeque<Due>,
    /// The watermark to pass on after that.
    owed: Option<Watermark>,
    /// Rows that wait, where Flink lets them wait.
    local: Option<Local>,
    /// Windows that end here or before have answered.
    answered: i64,
    /// The records in each group; empty unless records are traced.
    causes: FxHashMap<u32, Vec<RecordId>>,
    state_name: Arc<str>,
    key_group_count: u16,
}

/// What stands for a window in the index, where slices are named by their ends: no slice is half the
/// range of time away.
fn merged(end: i64) -> i64 {
    end ^ i64::MIN
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

    /// The slice of each row; `None` for a row without a time.
    fn slices(&self, batch: &Batch, now: LabTime) -> Vec<Option<i64>> {
        let (time, windows) = (&self.factory.time, self.factory.windows);
        match time.moment {
            Moment::Clock => {
                vec![Some(windows.slice_end(time.on_the_wall(now.millis()))); batch.len()]
            }
            Moment::WindowEnd(column) => millis(batch.column(column)),
            Moment::Column(column) => {
                // Rows of one slice most often come one after the other.
                let (mut from, mut end) = (0, 0);
                let mut slice = |at: i64| {
                    let at = time.on_the_wall(at);
                    if !(from..end).contains(&at) {
                        end = windows.slice_end(at);
                        from = end.saturating_sub(windows.slice());
                    }
                    end
                };
                millis(batch.column(column)).into_iter().map(|at| at.map(&mut slice)).collect()
            }
        }
    }

    /// The rows that are in time, and the slice of each.
    fn assign(&self, batch: Batch, context: &mut Context<'_>) -> Result<(Batch, Vec<i64>)> {
        let slices = self.slices(&batch, context.now);
        let (mut kept, mut ends) = (Vec::with_capacity(batch.len()), Vec::new());
        let mut last: Option<(i64, bool)> = None;
        for (row, slice) in slices.into_iter().enumerate() {
            let Some(end) = slice else { continue };
            let in_time = match last {
                Some((known, in_time)) if known == end => in_time,
                _ => self.next_end(end, self.answered).is_some(),
            };
            last = Some((end, in_time));
            if in_time {
                kept.push(row as u32);
                ends.push(end);
            } else if let (Some(ids), Some(_)) = (batch.ids(), self.next_end(end, i64::MIN)) {
                context.trace_late(ids[row]);
            }
        }
        let all = kept.len() == batch.len();
        Ok((if all { batch } else { take(&batch, &UInt32Array::from(kept))? }, ends))
    }

    /// Takes the groups that were not open into their slices; whether each row's group is new.
    fn open_groups(&mut self, groups: &[u32], ends: &[i64]) -> Vec<bool> {
        self.is_open.resize(self.index.capacity(), false);
        let mut opened = Vec::with_capacity(groups.len());
        for (group, end) in groups.iter().zip(ends) {
            let was_open = std::mem::replace(&mut self.is_open[*group as usize], true);
            if !was_open {
                self.open.entry(*end).or_default().push(*group);
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

    /// The key of a group as the trace shows it: the start of the slice as a timestamp, then the key.
    fn key_in_window(&self, group: u32) -> Result<Vec<Value>> {
        let columns = self.index.columns(&[group])?;
        let start = |end: i64| match self.is_whole() {
            true => self.factory.windows.start(end),
            false => end.saturating_sub(self.factory.windows.slice()),
        };
        let value = |(column, data_type)| match value_at(column, data_type, 0) {
            Value::BigInt(end) if std::ptr::eq(data_type, &self.types[0]) => {
                Value::Timestamp(start(end), 0)
            }
            other => other,
        };
        Ok(columns.iter().zip(&self.types).map(value).collect())
    }

    /// Makes all windows that end at `until` or before answer.
    fn close(&mut self, until: i64) -> Result<()> {
        while let Some(slice_end) = self.open.first_key_value().map(|(end, _)| *end) {
            match self.next_end(slice_end, self.answered) {
                Some(end) if end <= until => {
                    let groups = match self.is_whole() {
                        true => self.open.remove(&slice_end).unwrap_or_default(),
                        false => self.merge(end)?,
                    };
                    self.due.push_back(Due { end, groups: groups.into() });
                    self.answered = end;
                }
                Some(_) => break,
                None => self.forget(slice_end),
            }
        }
        self.answered = self.answered.max(until);
        Ok(())
    }

    /// The groups of a window, made of those of its slices.
    fn merge(&mut self, end: i64) -> Result<Vec<u32>> {
        let start = self.factory.windows.start(end);
        let slices = self.open.range(start.saturating_add(1)..=end);
        let mut slices: Vec<&Vec<u32>> = slices.map(|(_, groups)| groups).collect();
        // Flink merges hopping windows from their last slice: LISTAGG shows it.
        if let WindowKind::Hop { .. } = self.factory.windows.kind {
            slices.reverse();
        }
        let from: Vec<u32> = slices.into_iter().flatten().copied().collect();
        let mut columns = self.index.columns(&from)?;
        columns[0] = Arc::new(Int64Array::from(vec![merged(end); from.len()]));
        let (before, mut into) = (self.index.capacity(), Vec::new());
        self.index.intern(&columns, from.len(), &mut into)?;
        self.aggregates.grow(self.index.capacity().max(before));
        self.aggregates.merge(&into, &from)?;
        for (into, from) in into.iter().zip(&from) {
            if let Some(causes) = self.causes.get(from).cloned() {
                self.causes.entry(*into).or_default().extend(causes);
            }
        }
        self.is_open.resize(self.index.capacity(), false);
        let is_open = &mut self.is_open;
        into.retain(|group| !std::mem::replace(&mut is_open[*group as usize], true));
        Ok(into)
    }

    /// A slice whose windows have all answered goes.
    fn forget(&mut self, slice_end: i64) {
        for group in self.open.remove(&slice_end).unwrap_or_default() {
            self.release(group);
            self.causes.remove(&group);
        }
    }

    fn release(&mut self, group: u32) {
        self.aggregates.clear(group);
        self.index.remove(group);
        self.is_open[group as usize] = false;
    }

    fn answer(&mut self, end: i64, groups: &[u32], context: &mut Context<'_>) -> Result<()> {
        let mut columns = self.index.columns(groups)?;
        columns.remove(0);
        columns.extend(self.aggregates.evaluate(groups)?);
        let fields = &self.factory.output.fields()[columns.len()..];
        for (property, field) in self.factory.properties.iter().zip(fields) {
            let value = self.property(*property, &field.data_type, end, context.now);
            columns.push(array_of(&field.data_type, &vec![value; groups.len()])?);
        }
        let answer = Batch::new(columns, groups.len());
        for (row, group) in groups.iter().enumerate() {
            self.release(*group);
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

    fn property(&self, of: WindowProperty, data_type: &DataType, end: i64, now: LabTime) -> Value {
        let time = &self.factory.time;
        let millis = match of {
            WindowProperty::Start => self.factory.windows.start(end),
            WindowProperty::End => end,
            WindowProperty::Rowtime => time.instant(end.saturating_sub(1)),
            WindowProperty::Proctime if time.progress == Progress::Clock => now.millis(),
            WindowProperty::Proctime => return Value::Null,
        };
        timestamp(data_type, millis)
    }
}

impl WindowAggregate {
    /// Takes rows into their slices.
    fn accept(&mut self, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let (batch, ends) = self.assign(batch, context)?;
        if batch.is_empty() {
            return Ok(());
        }
        let mut columns: Vec<ArrayRef> = vec![Arc::new(Int64Array::from(ends.clone()))];
        columns.extend(self.factory.keys.of(&batch));
        let mut groups = Vec::new();
        self.index.intern(&columns, batch.len(), &mut groups)?;
        self.aggregates.grow(self.index.capacity());
        let opened = self.open_groups(&groups, &ends);
        match context.traces_records() {
            true => self.accumulate_traced(&batch, &groups, &opened, context),
            false => self.aggregates.accumulate(&batch, &groups),
        }
    }

    /// The rows that waited for this moment come.
    fn accept_due(&mut self, until: i64, context: &mut Context<'_>) -> Result<()> {
        let due = self.local.as_mut().map(|local| local.due(until)).transpose()?;
        due.flatten().map_or(Ok(()), |batch| self.accept(batch, context))
    }
}

impl Operator for WindowAggregate {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        if self.local.is_none() {
            return self.accept(batch, context);
        }
        let ends = self.slices(&batch, context.now);
        let first = ends.into_iter().flatten().min().unwrap_or(i64::MAX);
        if let Some(local) = &mut self.local {
            local.push(batch, first);
        }
        Ok(())
    }

    fn watermark(&mut self, watermark: Watermark, context: &mut Context<'_>) -> Result<()> {
        self.owed = Some(watermark);
        let Some(until) = self.factory.time.due_at(watermark) else { return Ok(()) };
        self.accept_due(self.factory.time.on_the_wall(watermark.0), context)?;
        self.close(until)
    }

    fn next_timer(&self) -> Option<LabTime> {
        let first = self.open.keys().next().and_then(|end| self.next_end(*end, self.answered));
        self.factory.time.next_timer(first)
    }

    fn timer(&mut self, context: &mut Context<'_>) -> Result<()> {
        self.close(self.factory.time.due_now(context.now))
    }

    fn end_input(&mut self, _input: usize, context: &mut Context<'_>) -> Result<()> {
        self.accept_due(i64::MAX, context)?;
        match self.factory.time.answers_at_the_end() {
            true => self.close(i64::MAX),
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
        if let Some(batch) = self.local.as_mut().map(Local::take).transpose()?.flatten() {
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
        self.open_groups(&groups, &ends.collect::<Vec<_>>());
        let mut restored = entries.iter().zip(groups);
        restored.try_for_each(|(entry, group)| self.aggregates.restore(group, &entry.states))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operators::harness::{Harness, aggregate, check, keys, schema};
    use crate::trace::{EventKind, Level};

    fn factory(time: WindowTime, properties: &[WindowProperty]) -> WindowAggregateFactory {
        let input = input();
        let names = properties.iter().map(|p| format!(", {p:?} TIMESTAMP")).collect::<String>();
        WindowAggregateFactory {
            keys: keys(&input, "k"),
            aggregates: vec![aggregate(&input, "SUM", "v")],
            windows: Windows { kind: WindowKind::Tumble { size: 1_000 }, offset: 0 },
            time,
            properties: properties.to_vec(),
            two_phase: true,
            output: schema(&format!("k STRING, s BIGINT{names}")),
        }
    }

    fn time(moment: Moment, progress: Progress) -> WindowTime {
        WindowTime { moment, progress, zone: None }
    }

    fn event() -> WindowTime {
        time(Moment::Column(2), Progress::Watermark)
    }

    fn input() -> Schema {
        schema("k STRING, v BIGINT, ts ROWTIME")
    }

    #[test]
    fn a_window_answers_when_the_watermark_has_passed_it() {
        use WindowProperty::{End, Rowtime, Start};
        check(
            &factory(event(), &[Start, End, Rowtime]),
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
        check(&factory(event(), &[]), &input(), &steps);
        check(&factory(time(Moment::Column(2), Progress::EndOfInput), &[]), &input(), &steps);
    }

    #[test]
    fn the_clock_moves_windows_of_processing_time() {
        check(
            &factory(time(Moment::Clock, Progress::Clock), &[WindowProperty::Start]),
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

    fn sharing(kind: WindowKind) -> WindowAggregateFactory {
        let windows = Windows { kind, offset: 0 };
        WindowAggregateFactory { windows, ..factory(event(), &[WindowProperty::End]) }
    }

    #[test]
    fn hopping_windows_are_merged_from_slices() {
        check(
            &sharing(WindowKind::Hop { slide: 500, size: 1_000 }),
            &input(),
            &[
                ("+I a 1 100\n+I b 2 600\n+I a 3 700", ""),
                ("watermark 499", "+I a 1 500\nwatermark 499"),
                // A slice counts as long as one of its windows is open.
                ("restore\n+I a 5 200", ""),
                ("watermark 999", "+I a 9 1000\n+I b 2 1000\nwatermark 999"),
                ("+I a 7 200\n+I a 4 3100", ""),
                (
                    "watermark 5000",
                    "+I a 3 1500\n+I b 2 1500\n+I a 4 3500\n+I a 4 4000\nwatermark 5000",
                ),
            ],
        );
    }

    #[test]
    fn hopping_windows_may_leave_gaps_and_slices_may_be_shorter_than_the_slide() {
        check(
            &sharing(WindowKind::Hop { slide: 1_000, size: 400 }),
            &input(),
            &[("+I a 1 100\n+I a 2 500\n+I a 3 1399", ""), ("end", "+I a 1 400\n+I a 3 1400")],
        );
        check(
            &sharing(WindowKind::Hop { slide: 500, size: 800 }),
            &input(),
            &[("+I a 1 600\n+I a 2 900", ""), ("end", "+I a 1 800\n+I a 3 1300")],
        );
    }

    #[test]
    fn cumulating_windows_grow() {
        check(
            &sharing(WindowKind::Cumulate { step: 500, size: 1_500 }),
            &input(),
            &[
                ("+I a 1 100\n+I a 2 700", ""),
                ("watermark 1000", "+I a 1 500\n+I a 3 1000\nwatermark 1000"),
                ("restore\n+I b 9 0", ""),
                ("end", "+I a 3 1500\n+I b 9 1500"),
            ],
        );
    }

    #[test]
    fn an_offset_loses_rows_as_in_flink() {
        let windows = Windows { kind: WindowKind::Tumble { size: 1_000 }, offset: 100 };
        let factory =
            WindowAggregateFactory { windows, ..factory(event(), &[WindowProperty::End]) };
        let steps = [
            ("+I a 1 0\nwatermark 0\n+I a 2 170\nwatermark 170", "watermark 170"),
            ("+I a 4 1200\nwatermark 1200", "+I a 2 1100\nwatermark 1200"),
            ("end", "+I a 4 2100"),
        ];
        check(&factory, &input(), &steps);
        let plain = WindowAggregateFactory { two_phase: false, ..factory };
        check(&plain, &input(), &[("+I a 1 0\nwatermark 100", "+I a 1 100\nwatermark 100")]);
    }

    #[test]
    fn rows_may_know_their_windows() {
        let attached = time(Moment::WindowEnd(2), Progress::Watermark);
        let factory = WindowAggregateFactory {
            windows: Windows { kind: WindowKind::Hop { slide: 500, size: 1_000 }, offset: 0 },
            ..factory(attached, &[WindowProperty::Start])
        };
        let steps = [
            ("+I a 1 500\n+I a 1 1000\n+I b 2 1000\n+I a 3 1000", ""),
            ("watermark 999", "+I a 1 -500\n+I a 4 0\n+I b 2 0\nwatermark 999"),
            ("+I a 1 1000", ""),
        ];
        check(&factory, &input(), &steps);
    }

    #[test]
    fn the_trace_knows_late_rows_and_what_is_behind_an_answer() -> Result<()> {
        let factory = factory(event(), &[]);
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
