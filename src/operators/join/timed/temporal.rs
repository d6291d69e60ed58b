//! TemporalJoin: a row beside the version that was valid at its time.
//!
//! As Flink's `TemporalRowTimeJoinOperator`. Rows of the left wait for the watermark, and then meet the
//! newest version that is not later than they are. Of the versions before the watermark only the newest is
//! held on.

use std::collections::BTreeSet;

use super::answer::Pair;
use super::keyed::Keyed;
use crate::base::{Result, Watermark};
use crate::data::{Batch, RowKind, Schema};
use crate::operators::join::JoinSpec;
use crate::operators::row_store::RowId;
use crate::operators::ttl::Ttl;
use crate::operators::{Context, Drain, Operator, OperatorFactory, SubtaskInfo};
use crate::state::OperatorSnapshot;

/// A TemporalJoin by event time: inner, or left.
#[derive(Clone, Debug)]
pub struct TemporalJoinFactory {
    /// Keys, condition, columns.
    pub join: JoinSpec,
    /// The column of event time in each input.
    pub times: [usize; 2],
    /// How long what a key holds is kept after it was last asked for, in milliseconds, and half as long
    /// again at most; for ever if 0.
    pub ttl: i64,
}

impl OperatorFactory for TemporalJoinFactory {
    fn create(&self, subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        let keyed = Keyed::new(&self.join, self.times, subtask)?;
        // Below two milliseconds Flink sets no timer.
        let most = if self.ttl < 2 { 0 } else { self.ttl.saturating_mul(3) / 2 };
        Ok(Box::new(TemporalJoin {
            keyed,
            timers: BTreeSet::new(),
            kept_for: self.ttl,
            ttl: Ttl::new(most),
        }))
    }

    fn output(&self) -> &Schema {
        &self.join.output
    }
}

struct TemporalJoin {
    /// Of a key the rows of the left, as they came, and the versions by time; its timer stands at the
    /// least time that came since the last one.
    keyed: Keyed<Option<i64>>,
    /// Time and key.
    timers: BTreeSet<(i64, u32)>,
    /// How long a key is kept at least.
    kept_for: i64,
    /// When keys are forgotten.
    ttl: Ttl<u32>,
}

impl TemporalJoin {
    /// A key is used. As Flink's timer, its deadline moves only if less is left than the time of the state.
    fn touch(&mut self, key: u32, now: i64) {
        let enough = now.saturating_add(self.kept_for);
        if self.ttl.deadline(key).is_none_or(|deadline| deadline < enough) {
            self.ttl.write(key, now);
        }
    }

    /// Lets go what keys hold whose time is over.
    fn expire(&mut self, context: &mut Context<'_>) -> Result<()> {
        let mut before = Vec::new();
        while let Some((_, key)) = self.ttl.due(context.now.millis()) {
            before.push((key, self.keyed.counts(key)));
            let of_key = std::mem::take(&mut self.keyed.keys[key as usize]);
            if let Some(at) = of_key.timers {
                self.timers.remove(&(at, key));
            }
            for (input, rows) in of_key.rows.into_iter().enumerate() {
                rows.into_iter().for_each(|row| self.keyed.answer.release(input, row));
            }
        }
        self.keyed.pass(&before, context)
    }

    /// A version takes the place of one of the same time.
    fn put_version(&mut self, key: u32, version: RowId) {
        let time = |row: &RowId| self.keyed.sides[1].row(*row).time;
        let versions = &mut self.keyed.keys[key as usize].rows[1];
        let at = versions.partition_point(|v| time(v) < time(&version));
        match versions.get_mut(at).filter(|same| time(same) == time(&version)) {
            Some(same) => self.keyed.answer.release(1, std::mem::replace(same, version)),
            None => versions.insert(at, version),
        }
    }

    /// The timer of a key stands at the least time.
    fn set_timer(&mut self, key: u32, time: i64) {
        let timer = &mut self.keyed.keys[key as usize].timers;
        if timer.is_some_and(|at| at <= time) {
            return;
        }
        if let Some(later) = timer.replace(time) {
            self.timers.remove(&(later, key));
        }
        self.timers.insert((time, key));
    }

    /// The rows of a key that the watermark has reached meet their versions.
    fn meet(&mut self, key: u32, watermark: i64, met: &mut Vec<Pair>) {
        let of_key = &mut self.keyed.keys[key as usize];
        of_key.timers = None;
        let waiting = std::mem::take(&mut of_key.rows[0]);
        let (due, later): (Vec<RowId>, Vec<RowId>) =
            waiting.into_iter().partition(|row| self.keyed.sides[0].row(*row).time <= watermark);
        for row in due {
            let time = self.keyed.sides[0].row(row).time;
            let versions = &of_key.rows[1];
            let valid = versions.partition_point(|v| self.keyed.sides[1].row(*v).time <= time);
            let version = valid.checked_sub(1).map(|at| versions[at]);
            let there = |version: &RowId| self.keyed.sides[1].row(*version).kind != RowKind::Delete;
            met.push([Some(row), version.filter(there)]);
        }
        let old = of_key.rows[1].partition_point(|v| self.keyed.sides[1].row(*v).time <= watermark);
        let gone = of_key.rows[1].drain(..old.saturating_sub(1));
        gone.for_each(|version| self.keyed.answer.release(1, version));
        let next = later.iter().map(|row| self.keyed.sides[0].row(*row).time).min();
        of_key.rows[0] = later;
        if let Some(next) = next {
            self.set_timer(key, next);
        }
    }
}

impl Operator for TemporalJoin {
    fn process(&mut self, input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        self.expire(context)?;
        let came = self.keyed.arrive(input, &batch)?;
        for (at, came) in came.iter().enumerate() {
            // What a version was before says nothing: the time of the new one tells until when it was.
            let is_version = batch.kind(at) != RowKind::UpdateBefore && came.can_match;
            match input {
                0 => self.keyed.keys[came.key as usize].rows[0].push(came.row),
                _ if is_version => self.put_version(came.key, came.row),
                _ => {
                    self.keyed.answer.release(1, came.row);
                    continue;
                }
            }
            self.set_timer(came.key, came.time);
            self.touch(came.key, context.now.millis());
        }
        self.keyed.settle(input, &batch, &came, context);
        Ok(())
    }

    fn watermark(&mut self, watermark: Watermark, context: &mut Context<'_>) -> Result<()> {
        self.expire(context)?;
        let (mut met, mut before) = (Vec::new(), Vec::new());
        while let Some((_, key)) = self.timers.first().filter(|t| t.0 <= watermark.0).copied() {
            self.timers.pop_first();
            before.push((key, self.keyed.counts(key)));
            self.meet(key, watermark.0, &mut met);
            match self.keyed.counts(key) {
                [0, 0] => self.ttl.forget(key),
                _ => self.touch(key, context.now.millis()),
            }
        }
        self.keyed.pass(&before, context)?;
        let holds = self.keyed.hold(&met, context)?;
        let left_goes_alone = self.keyed.join.kind.keeps(0);
        for ([row, version], holds) in met.into_iter().zip(holds) {
            let Some(row) = row else { continue };
            let version = version.filter(|_| holds);
            if version.is_some() || left_goes_alone {
                let kind = self.keyed.sides[0].row(row).kind;
                self.keyed.answer.push([Some(row), version], kind);
            }
            self.keyed.answer.release(0, row);
        }
        self.keyed.answer.follow(watermark);
        Ok(())
    }

    fn drain(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        self.keyed.drain(context)
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        self.keyed.snapshot()
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &mut Context<'_>) -> Result<()> {
        for (key, timer) in self.keyed.restore(snapshots, context)? {
            self.timers.extend(timer.map(|at| (at, key)));
            self.touch(key, context.now.millis());
        }
        Ok(())
    }
}
