//! The join of two streams: both inputs are kept, and each row is answered at once.
//!
//! As Flink's `StreamingJoinOperator` and `StreamingSemiAntiJoinOperator`: a row that comes is paired
//! with the rows of the other input; where an outer join had sent a row of the other input alone, that is
//! taken back first (`-D`), and sent again (`+I`) when its last partner goes. Where state expires, a row
//! lives on from each time that it is written: when it comes, once more or less, and when the number of
//! its partners changes that it keeps.

mod changes;

use arrow::buffer::NullBuffer;

use self::changes::Met;
use super::pairs::{Condition, Owed, Pairs};
use super::side::{Saved, Side};
use super::{JoinFactory, JoinSpec, STATE, can_match, held};
use crate::base::Result;
use crate::data::{Batch, Value};
use crate::expr::EvalContext;
use crate::operators::aggregates::intern_values;
use crate::operators::group_index::GroupIndex;
use crate::operators::state_trace::StateTrace;
use crate::operators::{Context, Drain, Operator, SubtaskInfo};
use crate::state::OperatorSnapshot;

const VERSION: u16 = 3;

/// A join of two streams, in one subtask.
pub(super) struct StreamingJoin {
    join: JoinSpec,
    ttl: i64,
    condition: Option<Condition>,
    keys: GroupIndex,
    sides: [Side; 2],
    /// The input of what arrived last.
    input: usize,
    arrived: Option<Arrived>,
    owed: Owed,
    key_group_count: u16,
}

/// Rows that arrived and are answered a part at a time.
struct Arrived {
    batch: Batch,
    keys: Vec<u32>,
    can_match: Option<NullBuffer>,
    /// How many have been answered.
    done: usize,
}

impl StreamingJoin {
    pub(super) fn new(factory: &JoinFactory, subtask: SubtaskInfo) -> Result<Self> {
        let join = factory.join.clone();
        let [left, right] = &join.inputs;
        Ok(Self {
            condition: Condition::of(&join),
            keys: GroupIndex::new(&join.keys[0].types)?,
            sides: [(left, 0), (right, 1)]
                .map(|(schema, side)| Side::new(schema, factory.names[side].clone(), factory.ttl)),
            ttl: factory.ttl,
            input: 0,
            arrived: None,
            owed: Owed::default(),
            key_group_count: subtask.max_parallelism,
            join,
        })
    }

    /// Whether the rows of an input keep how many partners they have.
    fn counts_partners(&self, input: usize) -> bool {
        self.join.kind.keeps(input) || (input == 0 && self.join.kind.only_left())
    }

    /// Finds the partners of the next rows that arrived, and what these change.
    fn answer(&mut self, arrived: &mut Arrived, context: &mut Context<'_>) -> Result<()> {
        let (input, from) = (self.input, arrived.done);
        let other = &self.sides[1 - input];
        let mut pairs = Pairs::find(from..arrived.batch.len(), |row| {
            match can_match(arrived.can_match.as_ref(), row) {
                true => other.with_key(arrived.keys[row]),
                false => &[],
            }
        });
        let rows = pairs.len();
        let (batch, keys) = (arrived.batch.slice(from, rows), &arrived.keys[from..from + rows]);
        arrived.done += rows;
        if let Some(condition) = &self.condition {
            let surroundings = EvalContext::at(context.now, self.join.zone);
            pairs.decide(condition, input, &batch, other, &surroundings)?;
        }
        let before: Vec<[i64; 2]> = match context.traces_records() {
            true => keys.iter().map(|key| self.counts(*key)).collect(),
            false => Vec::new(),
        };
        let mut items = Vec::new();
        for row in 0..rows {
            let (kind, partners) = (batch.kind(row), pairs.of(row));
            let met = Met { input, row: row as u32, kind, partners };
            self.changes(&met, &mut items);
        }
        self.remember(input, &batch, keys, &pairs, context.now.millis())?;
        if let Some(trace) = StateTrace::of(STATE, &self.join.keys[input], &batch, context) {
            for (row, key) in keys.iter().enumerate() {
                trace.write(row, held(before[row]), held(self.counts(*key)), context);
            }
        }
        self.owed = Owed::new(input, batch, items);
        Ok(())
    }

    /// Keeps a row, or takes it away.
    fn remember(
        &mut self,
        input: usize,
        batch: &Batch,
        keys: &[u32],
        pairs: &Pairs,
        now: i64,
    ) -> Result<()> {
        let hashes = self.sides[input].hashes(batch.columns(), keys)?;
        self.sides[input].arrive(batch);
        for (row, key) in keys.iter().enumerate() {
            let written = match batch.kind(row).adds() {
                true => {
                    let partners = pairs.of(row).iter();
                    let partners = partners.map(|p| self.sides[1 - input].row(*p).count as i32);
                    let id = batch.ids().map(|ids| ids[row]);
                    Some(self.sides[input].add(*key, hashes[row], row, partners.sum(), id))
                }
                false => self.sides[input].take_away(*key, hashes[row], row),
            };
            if let Some(row) = written {
                self.sides[input].write(*key, row, now);
            }
        }
        if self.ttl > 0 && self.counts_partners(1 - input) {
            for (row, key) in keys.iter().enumerate() {
                let partners = pairs.of(row).iter();
                partners.for_each(|partner| self.sides[1 - input].write(*key, *partner, now));
            }
        }
        self.sides[input].settle()
    }

    /// Lets rows of both inputs go whose time is over.
    fn expire(&mut self, now: i64) -> Result<()> {
        let mut keys = self.sides[0].expire(now)?;
        keys.extend(self.sides[1].expire(now)?);
        self.forget(keys);
        Ok(())
    }

    /// Keys that no row has any more are forgotten.
    fn forget(&mut self, keys: Vec<u32>) {
        let sides = &self.sides;
        let is_unused = |key| sides.iter().all(|side| side.with_key(key).is_empty());
        self.keys.remove_unused(keys, is_unused);
    }

    /// How many rows of each input a key has.
    fn counts(&self, key: u32) -> [i64; 2] {
        let count = |side: &Side| {
            let rows = side.with_key(key).iter();
            rows.map(|row| i64::from(side.row(*row).count)).sum()
        };
        self.sides.each_ref().map(count)
    }
}

impl Operator for StreamingJoin {
    fn process(&mut self, input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        if self.ttl > 0 {
            self.expire(context.now.millis())?;
        }
        let mut keys = Vec::new();
        self.keys.intern(&self.join.keys[input].of(&batch), batch.len(), &mut keys)?;
        let capacity = self.keys.capacity();
        self.sides.iter_mut().for_each(|side| side.grow(capacity));
        let can_match = self.join.can_match(input, &batch);
        self.input = input;
        self.arrived = Some(Arrived { batch, keys, can_match, done: 0 });
        Ok(())
    }

    fn drain(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        if self.owed.drain(&self.join, &self.sides[1 - self.input], context)? == Drain::More {
            return Ok(Drain::More);
        }
        let Some(mut arrived) = self.arrived.take() else { return Ok(Drain::Done) };
        if arrived.done < arrived.batch.len() {
            self.answer(&mut arrived, context)?;
            self.arrived = Some(arrived);
        } else {
            self.forget(arrived.keys);
        }
        Ok(Drain::More)
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        let groups = self.keys.groups();
        let (key_groups, keys) =
            self.join.keys[0].saved(&self.keys, &groups, self.key_group_count)?;
        let [left, right] = self.sides.each_ref().map(|side| side.saved(&groups));
        let entries = keys.into_iter().zip(left?.into_iter().zip(right?));
        OperatorSnapshot::of_entries(VERSION, key_groups.into_iter().zip(entries))
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &mut Context<'_>) -> Result<()> {
        type OfKey = (Vec<Value>, (Vec<Saved>, Vec<Saved>));
        let range = context.subtask().key_groups();
        let entries: Vec<OfKey> = OperatorSnapshot::entries(snapshots, VERSION, &range)?;
        let (values, saved): (Vec<_>, Vec<_>) = entries.into_iter().unzip();
        let keys = intern_values(&mut self.keys, &self.join.keys[0].types, &values)?;
        let capacity = self.keys.capacity();
        let (left, right): (Vec<_>, Vec<_>) = saved.into_iter().unzip();
        for (side, saved) in self.sides.iter_mut().zip([left, right]) {
            side.grow(capacity);
            side.restore(&keys, &saved, context.now.millis())?;
        }
        Ok(())
    }
}
