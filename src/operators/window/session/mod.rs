//! Session windows: GROUP BY SESSION(time, gap).
//!
//! A row opens a window that lasts for the gap; windows of one key that meet become one, and their
//! accumulators are merged. A session answers once the watermark, or the clock, has passed its end. A
//! row is late if the session that it would be in has ended.

mod open;

use std::collections::BTreeSet;

use arrow::array::UInt32Array;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use self::open::{Fall, OpenSessions, Session};
use super::aggregate::WindowProperty;
use super::{Progress, WindowTime, answered};
use crate::base::{LabTime, RecordId, Result, Watermark};
use crate::data::arrow::array_of;
use crate::data::select::take;
use crate::data::{Batch, Schema, Value};
use crate::operators::aggregates::{Aggregate, Aggregates, GroupKeys, intern_values};
use crate::operators::group_index::GroupIndex;
use crate::operators::state_trace::{Named, StateTrace};
use crate::operators::window::STATE;
use crate::operators::{Context, Drain, Operator, OperatorFactory, SubtaskInfo};
use crate::state::OperatorSnapshot;

const VERSION: u16 = 1;
/// Sessions that one portion of the answer holds.
const PORTION: usize = 1024;

/// What a session aggregate computes. Its output is keys, aggregates, window properties.
#[derive(Clone, Debug)]
pub struct SessionAggregateFactory {
    /// The key besides the window.
    pub keys: GroupKeys,
    /// The aggregates.
    pub aggregates: Vec<Aggregate>,
    /// The quiet time that ends a session, in milliseconds.
    pub gap: i64,
    /// What puts rows into sessions and moves them on.
    pub time: WindowTime,
    /// What is said of them.
    pub properties: Vec<WindowProperty>,
    /// The output columns.
    pub output: Schema,
}

impl OperatorFactory for SessionAggregateFactory {
    fn create(&self, subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        Ok(Box::new(SessionAggregate {
            index: GroupIndex::new(&self.keys.types)?,
            aggregates: Aggregates::new(&self.aggregates, false)?,
            open: OpenSessions::new(i64::MIN),
            due: Vec::new(),
            owed: None,
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

/// What a checkpoint keeps of a session.
#[derive(Serialize, Deserialize)]
struct SessionState {
    key: Vec<Value>,
    start: i64,
    end: i64,
    states: Vec<Vec<Value>>,
}

struct SessionAggregate {
    factory: SessionAggregateFactory,
    /// The keys; a session has a group of its own in the accumulators.
    index: GroupIndex,
    aggregates: Aggregates,
    open: OpenSessions,
    /// Sessions whose answer is still to be given, the last one first.
    due: Vec<(u32, Session)>,
    owed: Option<Watermark>,
    causes: FxHashMap<u32, Vec<RecordId>>,
    key_group_count: u16,
}

/// Rows that are in sessions already but are not accumulated yet.
#[derive(Default)]
struct Pending {
    rows: Vec<u32>,
    groups: Vec<u32>,
}

impl SessionAggregate {
    /// The group of the session that a row of a key is in; `None` if it is late.
    fn assign(
        &mut self,
        key: u32,
        at: i64,
        batch: &Batch,
        pending: &mut Pending,
        context: &mut Context<'_>,
    ) -> Result<Option<u32>> {
        // The clock asks when the first session ends.
        let exactly = self.factory.time.progress == Progress::Clock;
        let end = at.saturating_add(self.factory.gap);
        let Fall::Into { group, taken_up } = self.open.fall(key, at, end, exactly) else {
            return Ok(None);
        };
        self.aggregates.grow(self.open.groups());
        if !taken_up.is_empty() {
            self.flush(batch, pending, context)?;
        }
        for other in taken_up {
            self.aggregates.merge(&[group], &[other])?;
            self.aggregates.clear(other);
            let causes = self.causes.remove(&other).unwrap_or_default();
            self.causes.entry(group).or_default().extend(causes);
        }
        Ok(Some(group))
    }

    /// Accumulates the rows that wait.
    fn flush(
        &mut self,
        batch: &Batch,
        pending: &mut Pending,
        context: &mut Context<'_>,
    ) -> Result<()> {
        let Pending { rows, groups } = std::mem::take(pending);
        if rows.is_empty() {
            return Ok(());
        }
        let part = take(batch, &UInt32Array::from(rows))?;
        if !context.traces_records() {
            return self.aggregates.accumulate(&part, &groups);
        }
        let results = self.aggregates.running(&part, &groups, None)?;
        let trace = StateTrace::of(STATE, &self.factory.keys, &part, context);
        for row in 0..part.len() {
            let before = self.aggregates.named(&results, 2 * row);
            let after = self.aggregates.named(&results, 2 * row + 1);
            if let Some(trace) = &trace {
                trace.write(row, before, after, context);
            }
            let cause = part.ids().map(|ids| ids[row]);
            self.causes.entry(groups[row]).or_default().extend(cause);
        }
        Ok(())
    }

    /// Makes all sessions that end at `until` or before answer.
    fn close(&mut self, until: i64) {
        let mut due = self.open.close(until);
        due.reverse();
        due.append(&mut self.due);
        self.due = due;
    }

    /// Tells the trace that the sessions of keys have no state any more.
    fn trace_gone(&self, keys: &[u32], groups: &[u32], context: &mut Context<'_>) -> Result<()> {
        let (of, index) = (&self.factory.keys, &self.index);
        let Some(trace) = StateTrace::of_groups(STATE, of, index, keys, context)? else {
            return Ok(());
        };
        let results = self.aggregates.evaluate(groups)?;
        for row in 0..keys.len() {
            trace.write(row, self.aggregates.named(&results, row), Named::new(), context);
        }
        Ok(())
    }

    fn answer(&mut self, sessions: &[(u32, Session)], context: &mut Context<'_>) -> Result<()> {
        let keys: Vec<u32> = sessions.iter().map(|(key, _)| *key).collect();
        let groups: Vec<u32> = sessions.iter().map(|(_, s)| s.group).collect();
        let mut columns = self.index.columns(&keys)?;
        columns.extend(self.aggregates.evaluate(&groups)?);
        let fields = &self.factory.output.fields()[columns.len()..];
        for (property, field) in self.factory.properties.iter().zip(fields) {
            let time = &self.factory.time;
            let value = |(_, s): &(u32, Session)| {
                property.value((s.start, s.end), time, &field.data_type, context.now)
            };
            let values: Vec<Value> = sessions.iter().map(value).collect();
            columns.push(array_of(&field.data_type, &values)?);
        }
        if context.traces_records() {
            self.trace_gone(&keys, &groups, context)?;
        }
        let causes = |row: usize| self.causes.remove(&groups[row]).unwrap_or_default();
        context.emit_rows_because(Batch::new(columns, sessions.len()), causes);
        for group in groups {
            self.aggregates.clear(group);
            self.open.release(group);
        }
        let waiting: BTreeSet<u32> = self.due.iter().map(|(key, _)| *key).collect();
        let gone: BTreeSet<u32> = keys.into_iter().collect();
        for key in gone.difference(&waiting) {
            if self.open.is_empty(*key) {
                self.index.remove(*key);
            }
        }
        Ok(())
    }
}

impl Operator for SessionAggregate {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let moments = self.factory.time.moments(&batch, context.now);
        let mut keys = Vec::new();
        self.index.intern(&self.factory.keys.of(&batch), batch.len(), &mut keys)?;
        self.open.reach(self.index.capacity());
        let mut pending = Pending::default();
        for (row, (at, key)) in moments.into_iter().zip(&keys).enumerate() {
            let Some(at) = at else { continue };
            match self.assign(*key, at, &batch, &mut pending, context)? {
                Some(group) => {
                    pending.rows.push(row as u32);
                    pending.groups.push(group);
                }
                None => {
                    if let Some(ids) = batch.ids() {
                        context.trace_late(ids[row]);
                    }
                }
            }
        }
        self.flush(&batch, &mut pending, context)?;
        self.index.remove_unused(keys, |key| self.open.is_empty(key));
        Ok(())
    }

    fn watermark(&mut self, watermark: Watermark, _context: &mut Context<'_>) -> Result<()> {
        self.owed = Some(watermark);
        if let Some(until) = self.factory.time.due_at(watermark) {
            self.close(until);
        }
        Ok(())
    }

    fn next_timer(&self) -> Option<LabTime> {
        self.factory.time.next_timer(self.open.first_end())
    }

    fn timer(&mut self, context: &mut Context<'_>) -> Result<()> {
        self.close(self.factory.time.due_now(context.now));
        Ok(())
    }

    fn end_input(&mut self, _input: usize, _context: &mut Context<'_>) -> Result<()> {
        if self.factory.time.answers_at_the_end() {
            self.close(i64::MAX);
        }
        Ok(())
    }

    fn drain(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        if !self.due.is_empty() {
            let rest = self.due.len().saturating_sub(PORTION);
            let mut portion = self.due.split_off(rest);
            portion.reverse();
            self.answer(&portion, context)?;
            return Ok(Drain::More);
        }
        if let Some(watermark) = self.owed.take() {
            context.emit_watermark(watermark);
        }
        Ok(Drain::Done)
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        // In the order in which they answer, which a restored subtask then keeps.
        let open = self.open.in_order();
        let groups: Vec<u32> = open.iter().map(|(key, _)| *key).collect();
        let (key_groups, keys) =
            self.factory.keys.saved(&self.index, &groups, self.key_group_count)?;
        let entry = |((_, session), key): (&(u32, Session), Vec<Value>)| SessionState {
            key,
            start: session.start,
            end: session.end,
            states: self.aggregates.state(session.group),
        };
        let entries = open.iter().zip(keys).map(entry);
        OperatorSnapshot::of_entries(VERSION, key_groups.into_iter().zip(entries))?
            .with_operator(&self.open.passed)
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &mut Context<'_>) -> Result<()> {
        self.open = OpenSessions::new(answered(snapshots, VERSION)?);
        let range = context.subtask().key_groups();
        let entries: Vec<SessionState> = OperatorSnapshot::entries(snapshots, VERSION, &range)?;
        let keys: Vec<_> = entries.iter().map(|e| e.key.clone()).collect();
        let keys = intern_values(&mut self.index, &self.factory.keys.types, &keys)?;
        self.open.reach(self.index.capacity());
        for (entry, key) in entries.iter().zip(keys) {
            let group = self.open.open(key, entry.start, entry.end);
            self.aggregates.grow(self.open.groups());
            self.aggregates.restore(group, &entry.states)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operators::harness::{aggregate, check, keys, schema};
    use crate::operators::window::Moment;

    fn factory(moment: Moment, progress: Progress) -> SessionAggregateFactory {
        let input = input();
        SessionAggregateFactory {
            keys: keys(&input, "k"),
            aggregates: vec![aggregate(&input, "SUM", "v")],
            gap: 100,
            time: WindowTime { moment, progress, zone: None },
            properties: vec![WindowProperty::Start, WindowProperty::End],
            output: schema("k STRING, s BIGINT, start TIMESTAMP, end TIMESTAMP"),
        }
    }

    fn input() -> Schema {
        schema("k STRING, v BIGINT, ts ROWTIME")
    }

    #[test]
    fn sessions_that_meet_become_one() {
        check(
            &factory(Moment::Column(2), Progress::Watermark),
            &input(),
            &[
                ("+I a 1 0\n+I a 2 150\n+I b 5 20", ""),
                ("restore\n+I a 4 75", ""),
                ("watermark 119", "+I b 5 20 120\nwatermark 119"),
                // What meets an open session is in time, whatever its own time is.
                ("+I a 8 10\n+I b 9 10", ""),
                ("watermark 249", "+I a 15 0 250\nwatermark 249"),
                ("+I a 1 150\n+I a 1 151\nend", "+I a 1 151 251"),
            ],
        );
    }

    #[test]
    fn touching_is_meeting() {
        check(
            &factory(Moment::Column(2), Progress::Watermark),
            &input(),
            &[("+I a 1 0\n+I a 2 100\n+I a 4 201\nend", "+I a 3 0 200\n+I a 4 201 301")],
        );
    }

    #[test]
    fn the_clock_ends_sessions_of_processing_time() {
        check(
            &factory(Moment::Clock, Progress::Clock),
            &input(),
            &[
                ("time 10\n+I a 1 0", ""),
                ("time 60\n+I a 2 0", ""),
                ("time 159", ""),
                ("time 160", "+I a 3 10 160"),
                ("+I a 9 0\nend", ""),
            ],
        );
    }
}
