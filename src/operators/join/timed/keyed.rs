//! What both joins by event time hold by key: the numbers of its rows, and when they are looked at next.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::answer::{Answer, Pair};
use super::side::{Saved, TimedSide};
use crate::base::{Error, Result};
use crate::data::{Batch, Value};
use crate::expr::EvalContext;
use crate::operators::aggregates::intern_values;
use crate::operators::group_index::GroupIndex;
use crate::operators::join::pairs::Condition;
use crate::operators::join::{JoinSpec, STATE, can_match, held};
use crate::operators::row_store::RowId;
use crate::operators::state_trace::StateTrace;
use crate::operators::window::millis;
use crate::operators::{Context, Drain, SubtaskInfo};
use crate::state::OperatorSnapshot;

const VERSION: u16 = 2;

/// The rows of both inputs, by key. `T` is when a key is looked at next; the default is never.
pub(super) struct Keyed<T> {
    pub(super) join: JoinSpec,
    /// The column of event time in each input.
    times: [usize; 2],
    condition: Option<Condition>,
    index: GroupIndex,
    /// By the number of a key.
    pub(super) keys: Vec<OfKey<T>>,
    pub(super) sides: [TimedSide; 2],
    pub(super) answer: Answer,
    key_group_count: u16,
}

/// What is held of one key.
#[derive(Default)]
pub(super) struct OfKey<T> {
    /// Of each input.
    pub(super) rows: [Vec<RowId>; 2],
    pub(super) timers: T,
}

/// The same, as a checkpoint keeps it.
#[derive(Serialize, Deserialize)]
struct SavedKey<T> {
    key: Vec<Value>,
    rows: [Vec<Saved>; 2],
    timers: T,
}

/// A row of a batch that came.
pub(super) struct Came {
    pub(super) row: RowId,
    pub(super) key: u32,
    pub(super) time: i64,
    /// Whether it can have a partner at all.
    pub(super) can_match: bool,
    /// How many rows its key held before the batch.
    before: [i64; 2],
}

impl<T> OfKey<T> {
    fn counts(&self) -> [i64; 2] {
        self.rows.each_ref().map(|rows| rows.len() as i64)
    }
}

impl<T: Copy + Default + PartialEq + Serialize + DeserializeOwned> Keyed<T> {
    pub(super) fn new(join: &JoinSpec, times: [usize; 2], subtask: SubtaskInfo) -> Result<Self> {
        let [left, right] = &join.inputs;
        Ok(Self {
            condition: Condition::of(join),
            index: GroupIndex::new(&join.keys[0].types)?,
            keys: Vec::new(),
            sides: [TimedSide::new(left)?, TimedSide::new(right)?],
            answer: Answer::default(),
            key_group_count: subtask.max_parallelism,
            join: join.clone(),
            times,
        })
    }

    /// Takes the rows of a batch in; whether each stays with its key is for the join to say.
    pub(super) fn arrive(&mut self, input: usize, batch: &Batch) -> Result<Vec<Came>> {
        let column = self.times[input];
        let null = || {
            let name = &self.join.inputs[input].fields()[column].name;
            Error::new("rowtime-null").arg("column", name)
        };
        let times = millis(batch.column(column)).into_iter().map(|time| time.ok_or_else(null));
        let times: Vec<i64> = times.collect::<Result<_>>()?;
        let mut keys = Vec::new();
        self.index.intern(&self.join.keys[input].of(batch), batch.len(), &mut keys)?;
        self.keys.resize_with(self.index.capacity(), OfKey::default);
        let can = self.join.can_match(input, batch);
        let rows = self.sides[input].hold(batch, &times)?;
        let came = rows.into_iter().zip(keys).zip(times).enumerate();
        let came = came.map(|(at, ((row, key), time))| Came {
            row,
            key,
            time,
            can_match: can_match(can.as_ref(), at),
            before: self.keys[key as usize].counts(),
        });
        Ok(came.collect())
    }

    /// The rows of a batch stay with their keys, or do not.
    pub(super) fn settle(
        &mut self,
        input: usize,
        batch: &Batch,
        came: &[Came],
        context: &mut Context<'_>,
    ) {
        if let Some(trace) = StateTrace::of(STATE, &self.join.keys[input], batch, context) {
            for (at, came) in came.iter().enumerate() {
                trace.write(at, held(came.before), held(self.counts(came.key)), context);
            }
        }
        self.forget(came.iter().map(|came| came.key).collect());
    }

    /// Time has passed by keys that held so many rows before.
    pub(super) fn pass(
        &mut self,
        before: &[(u32, [i64; 2])],
        context: &mut Context<'_>,
    ) -> Result<()> {
        let keys: Vec<u32> = before.iter().map(|(key, _)| *key).collect();
        let of = &self.join.keys[0];
        if let Some(trace) = StateTrace::of_groups(STATE, of, &self.index, &keys, context)? {
            for (at, (key, before)) in before.iter().enumerate() {
                trace.changed(at, held(*before), held(self.counts(*key)), context);
            }
        }
        self.forget(keys);
        Ok(())
    }

    /// Forgets those of these keys of which nothing is held.
    fn forget(&mut self, keys: Vec<u32>) {
        let is_unused = |key| {
            let OfKey { rows, timers } = &self.keys[key as usize];
            rows.iter().all(Vec::is_empty) && *timers == T::default()
        };
        self.index.remove_unused(keys, is_unused);
    }

    /// How many rows of each input a key has.
    pub(super) fn counts(&self, key: u32) -> [i64; 2] {
        self.keys[key as usize].counts()
    }

    /// For each pair, whether it fulfils the condition.
    pub(super) fn hold(&self, pairs: &[Pair], context: &Context<'_>) -> Result<Vec<bool>> {
        let Some(condition) = &self.condition else { return Ok(vec![true; pairs.len()]) };
        let surroundings = EvalContext::at(context.now, self.join.zone);
        let [left, right] = &self.sides;
        condition.of_kept([left, right], pairs, &surroundings)
    }

    pub(super) fn drain(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        self.answer.drain(&self.join, &mut self.sides, context)
    }

    pub(super) fn snapshot(&self) -> Result<OperatorSnapshot> {
        let groups = self.index.groups();
        let (key_groups, keys) =
            self.join.keys[0].saved(&self.index, &groups, self.key_group_count)?;
        let of_keys = groups.iter().map(|group| &self.keys[*group as usize]);
        let [left, right] = &self.sides;
        let left = left.saved(of_keys.clone().map(|of_key| &of_key.rows[0]))?;
        let right = right.saved(of_keys.clone().map(|of_key| &of_key.rows[1]))?;
        let rows = left.into_iter().zip(right).zip(of_keys).zip(keys);
        let entries = rows.map(|(((left, right), of_key), key)| SavedKey {
            key,
            rows: [left, right],
            timers: of_key.timers,
        });
        OperatorSnapshot::of_entries(VERSION, key_groups.into_iter().zip(entries))
    }

    /// Takes over what was held; the keys, and when they are to be looked at.
    pub(super) fn restore(
        &mut self,
        snapshots: &[OperatorSnapshot],
        context: &Context<'_>,
    ) -> Result<Vec<(u32, T)>> {
        let range = context.subtask().key_groups();
        let entries: Vec<SavedKey<T>> = OperatorSnapshot::entries(snapshots, VERSION, &range)?;
        let keys: Vec<_> = entries.iter().map(|saved| saved.key.clone()).collect();
        let groups = intern_values(&mut self.index, &self.join.keys[0].types, &keys)?;
        self.keys.resize_with(self.index.capacity(), OfKey::default);
        let [left, right] = &mut self.sides;
        let left = left.restore(entries.iter().map(|saved| &saved.rows[0]))?;
        let right = right.restore(entries.iter().map(|saved| &saved.rows[1]))?;
        let rows = left.into_iter().zip(right).map(|(left, right)| [left, right]);
        let mut timers = Vec::with_capacity(groups.len());
        for ((rows, saved), key) in rows.zip(entries).zip(groups) {
            self.keys[key as usize] = OfKey { rows, timers: saved.timers };
            timers.push((key, saved.timers));
        }
        Ok(timers)
    }
}
