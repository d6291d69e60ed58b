//! IntervalJoin: rows of two streams whose times are near each other.
//!
//! As Flink's `RowTimeIntervalJoin`. A row that comes meets the rows of the other input that are held, and
//! is held itself while partners can still come. Rows without a partner go out when they are let go: once
//! the clean-up timer of their key fires, or a row of the other input comes by that finds them expired.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::answer::Pair;
use super::keyed::{Came, Keyed};
use crate::base::{Result, Watermark};
use crate::data::{Batch, RowKind, Schema};
use crate::operators::join::JoinSpec;
use crate::operators::row_store::RowId;
use crate::operators::{Context, Drain, Operator, OperatorFactory, SubtaskInfo};
use crate::state::OperatorSnapshot;

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
        Ok(Box::new(IntervalJoin {
            keyed: Keyed::new(&self.join, self.times, subtask)?,
            reach: [self.lower.saturating_neg(), self.upper],
            timers: BTreeSet::new(),
            watermark: 0,
            expired: [0; 2],
        }))
    }

    fn output(&self) -> &Schema {
        &self.join.output
    }
}

struct IntervalJoin {
    /// The rows of a key stand by time, those of the same time as they came; its timers say when the
    /// rows of each input are looked through.
    keyed: Keyed<[Option<i64>; 2]>,
    /// How long after a row of each input a partner may come.
    reach: [i64; 2],
    /// Time, key, input.
    timers: BTreeSet<(i64, u32, usize)>,
    watermark: i64,
    /// Up to which time rows of each input had expired when this was last asked.
    expired: [i64; 2],
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
        let rows = &mut self.keyed.keys[key as usize].rows[input];
        let until = rows.partition_point(|row| self.keyed.sides[input].row(*row).time <= until);
        expired.extend(rows.drain(..until));
    }

    /// Finds the partners of a row, and lets go what has expired of its key.
    fn visit(
        &mut self,
        input: usize,
        &Came { row, key, time, can_match, .. }: &Came,
        pairs: &mut Vec<Pair>,
        expired: &mut Vec<RowId>,
    ) -> Visit {
        let (first_pair, first_expired, other) = (pairs.len(), expired.len(), 1 - input);
        let [from, to] = self.window(input, time);
        if self.expired[other] < to {
            if can_match {
                let rows = &self.keyed.keys[key as usize].rows[other];
                let time = |row: &RowId| self.keyed.sides[other].row(*row).time;
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
        if !self.keyed.sides[input].row(row).paired && self.keyed.join.kind.keeps(input) {
            self.keyed.answer.push(alone(input, row), RowKind::Insert);
        }
        self.keyed.answer.release(input, row);
    }

    /// Holds a row while partners can come.
    fn hold(&mut self, input: usize, &Came { row, key, time, .. }: &Came) {
        let [from, to] = self.window(input, time);
        if self.watermark >= to || from > to {
            return self.let_go(input, row);
        }
        let rows = &mut self.keyed.keys[key as usize].rows[input];
        let at = rows.partition_point(|row| self.keyed.sides[input].row(*row).time <= time);
        rows.insert(at, row);
        if self.keyed.keys[key as usize].timers[input].is_none() {
            self.set_timer(input, key, time);
        }
    }

    /// The rows of a key are looked through once a row of this time, and some after it, have expired.
    fn set_timer(&mut self, input: usize, key: u32, time: i64) {
        let some = self.reach[0].saturating_add(self.reach[1]) / 2;
        let at = time.saturating_add(self.reach[input]).saturating_add(some).saturating_add(1);
        self.keyed.keys[key as usize].timers[input] = Some(at);
        self.timers.insert((at, key, input));
    }

    /// The clean-up of a key's rows of one input.
    fn clean_up(&mut self, input: usize, key: u32) {
        self.expired[input] = self.expiry(input);
        let mut expired = Vec::new();
        self.take_expired(key, input, self.expired[input], &mut expired);
        expired.into_iter().for_each(|row| self.let_go(input, row));
        let of_key = &mut self.keyed.keys[key as usize];
        of_key.timers[input] = None;
        let first = of_key.rows[input].first().map(|row| self.keyed.sides[input].row(*row).time);
        if let Some(first) = first {
            self.set_timer(input, key, first);
        }
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
        let came = self.keyed.arrive(input, &batch)?;
        let (mut pairs, mut expired, mut visits) = (Vec::new(), Vec::new(), Vec::new());
        for came in &came {
            visits.push(self.visit(input, came, &mut pairs, &mut expired));
        }
        let holds = self.keyed.hold(&pairs, context)?;
        for (came, visit) in came.iter().zip(visits) {
            for at in visit.pairs.filter(|at| holds[*at]) {
                self.keyed.answer.push(pairs[at], RowKind::Insert);
                let both = self.keyed.sides.iter_mut().zip(pairs[at]);
                both.for_each(|(side, row)| row.into_iter().for_each(|row| side.pair(row)));
            }
            expired[visit.expired].iter().for_each(|row| self.let_go(1 - input, *row));
            self.hold(input, came);
        }
        self.keyed.settle(input, &batch, &came, context);
        Ok(())
    }

    fn watermark(&mut self, watermark: Watermark, context: &mut Context<'_>) -> Result<()> {
        self.watermark = watermark.0.max(0);
        let mut before = BTreeMap::new();
        let due = |timers: &BTreeSet<_>| {
            timers.first().filter(|t: &&(i64, _, _)| t.0 <= watermark.0).copied()
        };
        while let Some((_, key, input)) = due(&self.timers) {
            self.timers.pop_first();
            before.entry(key).or_insert(self.keyed.counts(key));
            self.clean_up(input, key);
        }
        self.keyed.pass(&before.into_iter().collect::<Vec<_>>(), context)?;
        // What goes out later than its time must not be late.
        let lag = self.reach[0].max(self.reach[1]).max(0);
        let behind = match watermark.0 {
            i64::MAX => i64::MAX,
            at => at.saturating_sub(lag),
        };
        self.keyed.answer.follow(Watermark(behind));
        Ok(())
    }

    fn drain(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        self.keyed.drain(context)
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        self.keyed.snapshot()
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &mut Context<'_>) -> Result<()> {
        for (key, timers) in self.keyed.restore(snapshots, context)? {
            let timers = timers.into_iter().enumerate();
            self.timers.extend(timers.filter_map(|(input, at)| Some((at?, key, input))));
        }
        Ok(())
    }
}
