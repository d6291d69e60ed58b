//! IntervalJoin: rows of two streams whose times are near each other.
//!
//! As Flink's `RowTimeIntervalJoin`. A row that comes meets the rows of the other input that are held, and
//! is held itself while partners can still come. Rows without a partner go out when they are let go: once
//! the clean-up timer of their key fires, or a row of the other input comes by that finds them expired.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::answer::{Answer, Pair};
use super::side::{Saved, TimedSide};
use super::times;
use crate::base::{Result, Watermark};
use crate::data::{Batch, RowKind, Schema, Value};
use crate::expr::EvalContext;
use crate::operators::aggregates::intern_values;
use crate::operators::group_index::GroupIndex;
use crate::operators::join::pairs::Condition;
use crate::operators::join::{JoinSpec, STATE, can_match, held};
use crate::operators::row_store::RowId;
use crate::operators::state_trace::StateTrace;
use crate::operators::{Context, Drain, Operator, OperatorFactory, SubtaskInfo};
use crate::state::OperatorSnapshot;

const VERSION: u16 = 1;

/// An IntervalJoin. Both inputs only add, and so does its output.
#[derive(Clone, Debug)]
pub struct IntervalJoinFactory {
    /// Keys, condition, columns.
    pub join: JoinSpec,
    /// The column of event time in each input.
    pub times: [usize; 2],
    /// The time of the left minus that of the right is at least this, in milliseconds.
    pub lower: i64,
    /// And at most this.
    pub upper: i64,
}

impl OperatorFactory for IntervalJoinFactory {
    fn create(&self, subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        let [left, right] = &self.join.inputs;
        Ok(Box::new(IntervalJoin {
            condition: Condition::of(&self.join),
            reach: [self.lower.saturating_neg(), self.upper],
            index: GroupIndex::new(&self.join.keys[0].types)?,
            keys: Vec::new(),
            sides: [TimedSide::new(left)?, TimedSide::new(right)?],
            timers: BTreeSet::new(),
            watermark: 0,
            expired: [0; 2],
            answer: Answer::default(),
            key_group_count: subtask.max_parallelism,
            factory: self.clone(),
        }))
    }

    fn output(&self) -> &Schema {
        &self.join.output
    }
}

/// What is held of one key.
#[derive(Default)]
struct OfKey {
    /// The rows of each input, by time; those of the same time as they came.
    rows: [Vec<RowId>; 2],
    /// When the rows of each input are looked through next.
    timers: [Option<i64>; 2],
}

/// The same, as a checkpoint keeps it.
#[derive(Serialize, Deserialize)]
struct SavedKey {
    key: Vec<Value>,
    rows: [Vec<Saved>; 2],
    timers: [Option<i64>; 2],
}

struct IntervalJoin {
    factory: IntervalJoinFactory,
    condition: Option<Condition>,
    /// How long after a row of each input a partner may come.
    reach: [i64; 2],
    index: GroupIndex,
    /// By the number of a key.
    keys: Vec<OfKey>,
    sides: [TimedSide; 2],
    /// Time, key, input.
    timers: BTreeSet<(i64, u32, usize)>,
    watermark: i64,
    /// Up to which time rows of each input had expired when this was last asked.
    expired: [i64; 2],
    answer: Answer,
    key_group_count: u16,
}

/// What a row of a batch finds of the other input.
struct Visit {
    /// Its candidates, among all of the batch.
    pairs: Range<usize>,
    /// Rows that it finds expired, among all of the batch.
    expired: Range<usize>,
}

impl IntervalJoin {
    /// The times of the other input that fit a row.
    fn window(&self, input: usize, time: i64) -> [i64; 2] {
        let own = time.saturating_add(self.reach[input]);
        [time.saturating_sub(self.reach[1 - input]), own]
    }

    /// Up to which time rows of an input have expired.
    fn expiry(&self, input: usize) -> i64 {
        match self.watermark {
            i64::MAX => i64::MAX,
            now => now.saturating_sub(self.reach[input]).saturating_sub(1),
        }
    }

    /// Takes the rows of a key out whose time is at most this.
    fn take_expired(&mut self, key: u32, input: usize, until: i64, expired: &mut Vec<RowId>) {
        let rows = &mut self.keys[key as usize].rows[input];
        let until = rows.partition_point(|row| self.sides[input].row(*row).time <= until);
        expired.extend(rows.drain(..until));
    }

    /// Finds the partners of a row, and lets go what has expired of its key.
    fn visit(
        &mut self,
        (input, row, key): (usize, RowId, u32),
        can_match: bool,
        pairs: &mut Vec<Pair>,
        expired: &mut Vec<RowId>,
    ) -> Visit {
        let (first_pair, first_expired, other) = (pairs.len(), expired.len(), 1 - input);
        let [from, to] = self.window(input, self.sides[input].row(row).time);
        if self.expired[other] < to {
            if can_match {
                let rows = &self.keys[key as usize].rows[other];
                let time = |row: &RowId| self.sides[other].row(*row).time;
                let start = rows.partition_point(|row| time(row) < from);
                let end = rows.partition_point(|row| time(row) <= to).max(start);
                pairs.extend(rows[start..end].iter().map(|other| pair(input, row, *other)));
            }
            self.expired[other] = self.expiry(other);
            self.take_expired(key, other, self.expired[other], expired);
        }
        Visit { pairs: first_pair..pairs.len(), expired: first_expired..expired.len() }
    }

    /// A row goes; alone, if it found no partner and goes out without one.
    fn let_go(&mut self, input: usize, row: RowId) {
        if !self.sides[input].row(row).paired && self.factory.join.kind.keeps(input) {
            self.answer.push(alone(input, row), RowKind::Insert);
        }
        self.answer.release(input, row);
    }

    /// Holds a row while partners can come.
    fn hold(&mut self, input: usize, row: RowId, key: u32) {
        let time = self.sides[input].row(row).time;
        let [from, to] = self.window(input, time);
        if self.watermark >= to || from > to {
            return self.let_go(input, row);
        }
        let rows = &mut self.keys[key as usize].rows[input];
        let at = rows.partition_point(|row| self.sides[input].row(*row).time <= time);
        rows.insert(at, row);
        if self.keys[key as usize].timers[input].is_none() {
            self.set_timer(input, key, time);
        }
    }

    /// The rows of a key are looked through once a row of this time, and some after it, have expired.
    fn set_timer(&mut self, input: usize, key: u32, time: i64) {
        let some = self.reach[0].saturating_add(self.reach[1]) / 2;
        let at = time.saturating_add(self.reach[input]).saturating_add(some).saturating_add(1);
        self.keys[key as usize].timers[input] = Some(at);
        self.timers.insert((at, key, input));
    }

    /// The clean-up of a key's rows of one input.
    fn clean_up(&mut self, input: usize, key: u32) {
        self.expired[input] = self.expiry(input);
        let mut expired = Vec::new();
        self.take_expired(key, input, self.expired[input], &mut expired);
        expired.into_iter().for_each(|row| self.let_go(input, row));
        let of_key = &mut self.keys[key as usize];
        of_key.timers[input] = None;
        let first = of_key.rows[input].first().map(|row| self.sides[input].row(*row).time);
        if let Some(first) = first {
            self.set_timer(input, key, first);
        }
    }

    /// Forgets those of these keys of which nothing is held.
    fn forget(&mut self, mut keys: Vec<u32>) {
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            let of_key = &self.keys[key as usize];
            if of_key.rows.iter().all(Vec::is_empty) && of_key.timers == [None; 2] {
                self.index.remove(key);
            }
        }
    }

    /// How many rows of each input a key has.
    fn counts(&self, key: u32) -> [i64; 2] {
        self.keys[key as usize].rows.each_ref().map(|rows| rows.len() as i64)
    }
}

fn pair(input: usize, own: RowId, other: RowId) -> Pair {
    if input == 0 { [Some(own), Some(other)] } else { [Some(other), Some(own)] }
}

fn alone(input: usize, row: RowId) -> Pair {
    if input == 0 { [Some(row), None] } else { [None, Some(row)] }
}

impl Operator for IntervalJoin {
    fn process(&mut self, input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let column = self.factory.times[input];
        let times = times(batch.column(column), column, &self.factory.join.inputs[input])?;
        let spec = &self.factory.join;
        let mut keys = Vec::new();
        self.index.intern(&spec.keys[input].of(&batch), batch.len(), &mut keys)?;
        self.keys.resize_with(self.index.capacity(), OfKey::default);
        let before: Vec<[i64; 2]> = keys.iter().map(|key| self.counts(*key)).collect();
        let can = self.factory.join.can_match(input, &batch);
        let rows = self.sides[input].hold(&batch, &times)?;

        let (mut pairs, mut expired, mut visits) = (Vec::new(), Vec::new(), Vec::new());
        for (at, (row, key)) in rows.iter().zip(&keys).enumerate() {
            let can = can_match(can.as_ref(), at);
            visits.push(self.visit((input, *row, *key), can, &mut pairs, &mut expired));
        }
        let holds = match &self.condition {
            None => vec![true; pairs.len()],
            Some(condition) => {
                let surroundings = EvalContext::at(context.now, self.factory.join.zone);
                let [left, right] = &self.sides;
                condition.of_kept([left, right], &pairs, &surroundings)?
            }
        };
        for ((row, key), visit) in rows.iter().zip(&keys).zip(visits) {
            for at in visit.pairs.filter(|at| holds[*at]) {
                self.answer.push(pairs[at], RowKind::Insert);
                let both = self.sides.iter_mut().zip(pairs[at]);
                both.for_each(|(side, row)| row.into_iter().for_each(|row| side.pair(row)));
            }
            expired[visit.expired].iter().for_each(|row| self.let_go(1 - input, *row));
            self.hold(input, *row, *key);
        }

        let spec = &self.factory.join;
        if let Some(trace) = StateTrace::of(STATE, &spec.keys[input], &batch, context) {
            for (row, key) in keys.iter().enumerate() {
                trace.write(row, held(before[row]), held(self.counts(*key)), context);
            }
        }
        self.forget(keys);
        Ok(())
    }

    fn watermark(&mut self, watermark: Watermark, context: &mut Context<'_>) -> Result<()> {
        self.watermark = watermark.0.max(0);
        let mut before = BTreeMap::new();
        while let Some((_, key, input)) =
            self.timers.first().filter(|t| t.0 <= watermark.0).copied()
        {
            self.timers.pop_first();
            before.entry(key).or_insert(self.counts(key));
            self.clean_up(input, key);
        }
        let (state, keys) =
            (&self.factory.join.keys[0], before.keys().copied().collect::<Vec<_>>());
        if let Some(trace) = StateTrace::of_groups(STATE, state, &self.index, &keys, context)? {
            for (row, (key, before)) in before.into_iter().enumerate() {
                trace.write(row, held(before), held(self.counts(key)), context);
            }
        }
        self.forget(keys);
        // What goes out later than its time must not be late.
        let lag = self.reach[0].max(self.reach[1]).max(0);
        let behind = match watermark.0 {
            i64::MAX => i64::MAX,
            at => at.saturating_sub(lag),
        };
        self.answer.follow(Watermark(behind));
        Ok(())
    }

    fn drain(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        self.answer.drain(&self.factory.join, &mut self.sides, context)
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        let groups = self.index.groups();
        let columns = self.index.columns(&groups)?;
        let keys = &self.factory.join.keys[0];
        let of_keys = groups.iter().map(|group| &self.keys[*group as usize]);
        let left = self.sides[0].saved(of_keys.clone().map(|of_key| &of_key.rows[0]))?;
        let right = self.sides[1].saved(of_keys.clone().map(|of_key| &of_key.rows[1]))?;
        let rows = left.into_iter().zip(right).zip(of_keys).enumerate();
        let entries = rows.map(|(row, ((left, right), of_key))| SavedKey {
            key: keys.values(&columns, row),
            rows: [left, right],
            timers: of_key.timers,
        });
        let key_groups = keys.key_groups(&columns, groups.len(), self.key_group_count);
        OperatorSnapshot::of_entries(VERSION, key_groups.into_iter().zip(entries))
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &mut Context<'_>) -> Result<()> {
        let range = context.subtask().key_groups();
        let entries: Vec<SavedKey> = OperatorSnapshot::entries(snapshots, VERSION, &range)?;
        let keys: Vec<_> = entries.iter().map(|saved| saved.key.clone()).collect();
        let groups = intern_values(&mut self.index, &self.factory.join.keys[0].types, &keys)?;
        self.keys.resize_with(self.index.capacity(), OfKey::default);
        let left = self.sides[0].restore(entries.iter().map(|saved| &saved.rows[0]))?;
        let right = self.sides[1].restore(entries.iter().map(|saved| &saved.rows[1]))?;
        let rows = left.into_iter().zip(right).map(|(left, right)| [left, right]);
        for ((rows, saved), key) in rows.zip(entries).zip(groups) {
            for (input, timer) in saved.timers.into_iter().enumerate() {
                self.timers.extend(timer.map(|at| (at, key, input)));
            }
            self.keys[key as usize] = OfKey { rows, timers: saved.timers };
        }
        Ok(())
    }
}
