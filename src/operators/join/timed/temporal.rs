//! TemporalJoin: a row beside the version that was valid at its time.
//!
//! As Flink's `TemporalRowTimeJoinOperator`. Rows of the left wait for the watermark, and then meet the
//! newest version that is not later than they are. Of the versions before the watermark only the newest is
//! held on.

use std::collections::BTreeSet;

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

/// A TemporalJoin by event time: inner, or left.
#[derive(Clone, Debug)]
pub struct TemporalJoinFactory {
    /// Keys, condition, columns.
    pub join: JoinSpec,
    /// The column of event time in each input.
    pub times: [usize; 2],
}

impl OperatorFactory for TemporalJoinFactory {
    fn create(&self, subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        let [left, right] = &self.join.inputs;
        Ok(Box::new(TemporalJoin {
            condition: Condition::of(&self.join),
            index: GroupIndex::new(&self.join.keys[0].types)?,
            keys: Vec::new(),
            sides: [TimedSide::new(left)?, TimedSide::new(right)?],
            timers: BTreeSet::new(),
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
    /// Rows of the left, as they came.
    waiting: Vec<RowId>,
    /// Versions, by time.
    versions: Vec<RowId>,
    /// The least time that came since the last timer.
    timer: Option<i64>,
}

/// The same, as a checkpoint keeps it.
#[derive(Serialize, Deserialize)]
struct SavedKey {
    key: Vec<Value>,
    waiting: Vec<Saved>,
    versions: Vec<Saved>,
    timer: Option<i64>,
}

struct TemporalJoin {
    factory: TemporalJoinFactory,
    condition: Option<Condition>,
    index: GroupIndex,
    /// By the number of a key.
    keys: Vec<OfKey>,
    sides: [TimedSide; 2],
    /// Time and key.
    timers: BTreeSet<(i64, u32)>,
    answer: Answer,
    key_group_count: u16,
}

impl TemporalJoin {
    /// A version takes the place of one of the same time.
    fn put_version(&mut self, key: u32, version: RowId) {
        let time = |row: &RowId| self.sides[1].row(*row).time;
        let versions = &mut self.keys[key as usize].versions;
        let at = versions.partition_point(|v| time(v) < time(&version));
        match versions.get_mut(at).filter(|same| time(same) == time(&version)) {
            Some(same) => self.answer.release(1, std::mem::replace(same, version)),
            None => versions.insert(at, version),
        }
    }

    /// The timer of a key stands at the least time.
    fn set_timer(&mut self, key: u32, time: i64) {
        let timer = &mut self.keys[key as usize].timer;
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
        let of_key = &mut self.keys[key as usize];
        of_key.timer = None;
        let waiting = std::mem::take(&mut of_key.waiting);
        let (due, later): (Vec<RowId>, Vec<RowId>) =
            waiting.into_iter().partition(|row| self.sides[0].row(*row).time <= watermark);
        for row in due {
            let time = self.sides[0].row(row).time;
            let versions = &of_key.versions;
            let valid = versions.partition_point(|v| self.sides[1].row(*v).time <= time);
            let version = valid.checked_sub(1).map(|at| versions[at]);
            let there = |version: &RowId| self.sides[1].row(*version).kind != RowKind::Delete;
            met.push([Some(row), version.filter(there)]);
        }
        let old = of_key.versions.partition_point(|v| self.sides[1].row(*v).time <= watermark);
        let gone = of_key.versions.drain(..old.saturating_sub(1));
        gone.for_each(|version| self.answer.release(1, version));
        let next = later.iter().map(|row| self.sides[0].row(*row).time).min();
        of_key.waiting = later;
        if let Some(next) = next {
            self.set_timer(key, next);
        }
    }

    /// Forgets those of these keys of which nothing is held.
    fn forget(&mut self, mut keys: Vec<u32>) {
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            let of_key = &self.keys[key as usize];
            if of_key.waiting.is_empty() && of_key.versions.is_empty() && of_key.timer.is_none() {
                self.index.remove(key);
            }
        }
    }

    /// How many rows of each input a key has.
    fn counts(&self, key: u32) -> [i64; 2] {
        let of_key = &self.keys[key as usize];
        [of_key.waiting.len() as i64, of_key.versions.len() as i64]
    }
}

impl Operator for TemporalJoin {
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
        for (at, (row, key)) in rows.into_iter().zip(&keys).enumerate() {
            // What a version was before says nothing: the time of the new one tells until when it was.
            let is_version = batch.kind(at) != RowKind::UpdateBefore && can_match(can.as_ref(), at);
            match input {
                0 => self.keys[*key as usize].waiting.push(row),
                _ if is_version => self.put_version(*key, row),
                _ => {
                    self.answer.release(1, row);
                    continue;
                }
            }
            self.set_timer(*key, times[at]);
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
        let (mut met, mut keys, mut before) = (Vec::new(), Vec::new(), Vec::new());
        while let Some((_, key)) = self.timers.first().filter(|t| t.0 <= watermark.0).copied() {
            self.timers.pop_first();
            before.push(self.counts(key));
            keys.push(key);
            self.meet(key, watermark.0, &mut met);
        }
        let state = &self.factory.join.keys[0];
        if let Some(trace) = StateTrace::of_groups(STATE, state, &self.index, &keys, context)? {
            for (row, key) in keys.iter().enumerate() {
                trace.write(row, held(before[row]), held(self.counts(*key)), context);
            }
        }
        self.forget(keys);
        let holds = match &self.condition {
            None => vec![true; met.len()],
            Some(condition) => {
                let surroundings = EvalContext::at(context.now, self.factory.join.zone);
                let [left, right] = &self.sides;
                condition.of_kept([left, right], &met, &surroundings)?
            }
        };
        let left_goes_alone = self.factory.join.kind.keeps(0);
        for ([row, version], holds) in met.into_iter().zip(holds) {
            let Some(row) = row else { continue };
            let version = version.filter(|_| holds);
            if version.is_some() || left_goes_alone {
                self.answer.push([Some(row), version], self.sides[0].row(row).kind);
            }
            self.answer.release(0, row);
        }
        self.answer.follow(watermark);
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
        let waiting = self.sides[0].saved(of_keys.clone().map(|of_key| &of_key.waiting))?;
        let versions = self.sides[1].saved(of_keys.clone().map(|of_key| &of_key.versions))?;
        let rows = waiting.into_iter().zip(versions).zip(of_keys).enumerate();
        let entries = rows.map(|(row, ((waiting, versions), of_key))| SavedKey {
            key: keys.values(&columns, row),
            waiting,
            versions,
            timer: of_key.timer,
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
        let waiting = self.sides[0].restore(entries.iter().map(|saved| &saved.waiting))?;
        let versions = self.sides[1].restore(entries.iter().map(|saved| &saved.versions))?;
        let rows = waiting.into_iter().zip(versions);
        for (((waiting, versions), saved), key) in rows.zip(entries).zip(groups) {
            self.timers.extend(saved.timer.map(|at| (at, key)));
            self.keys[key as usize] = OfKey { waiting, versions, timer: saved.timer };
        }
        Ok(())
    }
}
