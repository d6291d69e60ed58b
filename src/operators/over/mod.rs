//! OverAggregate over a stream: aggregates of the rows up to each row, by event time or by arrival.
//!
//! In event time rows wait for the watermark and go out in order of time; a row that comes after its
//! time has gone out is late and is dropped. By arrival each row is answered at once, but for a frame
//! that is a length of time: there rows wait until the clock has moved on, as in Flink, so that at the
//! end of an input the last ones do not answer.

mod expiry;
mod frame;
mod store;
#[cfg(test)]
mod tests;
mod told;
mod turns;

use std::collections::{BTreeMap, VecDeque};

use arrow::array::ArrayRef;
use serde::{Deserialize, Serialize};

use super::aggregates::{Aggregate, Aggregates, GroupKeys, intern_values};
use super::group_index::GroupIndex;
use super::ttl::Ttl;
use super::window::millis;
use super::{Context, Drain, Operator, OperatorFactory, SubtaskInfo};
use crate::base::{Error, LabTime, Result, Watermark};
use crate::data::{Batch, Row, Schema, Value, rows_to_batch};
use crate::state::OperatorSnapshot;
use frame::Frames;
use store::{RowRef, RowStore};
use told::Told;
use turns::Turns;

const VERSION: u16 = 2;
/// Rows that one portion of the answer holds, unless more go out together.
const PORTION: usize = 4096;

/// What orders the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OverTime {
    /// Event time, in this column.
    Event(usize),
    /// Their arrival.
    Processing,
}

/// One column of the answer.
#[derive(Clone, Debug)]
pub enum OverFunction {
    /// An aggregate of the frame.
    Aggregate(Box<Aggregate>),
    /// The number of the row in its partition.
    RowNumber,
    /// The value of an earlier row.
    Lag {
        /// Its column.
        value: usize,
        /// How many rows back.
        back: usize,
        /// The column with the value where there is no such row, else NULL.
        default: Option<usize>,
    },
}

/// What an OverAggregate computes. Its output is the input's columns, then the functions.
#[derive(Clone, Debug)]
pub struct OverFactory {
    /// PARTITION BY.
    pub partition: GroupKeys,
    /// ORDER BY.
    pub time: OverTime,
    /// Whether the frame counts rows, or lengths of time.
    pub rows: bool,
    /// How far the frame reaches back, in rows or milliseconds; to the first row if absent.
    pub preceding: Option<i64>,
    /// How long what is known of a partition is kept, in milliseconds; for ever if 0.
    pub ttl: i64,
    /// What is computed.
    pub functions: Vec<OverFunction>,
    /// The columns of the input.
    pub input: Schema,
    /// The output columns.
    pub output: Schema,
}

impl OperatorFactory for OverFactory {
    fn create(&self, subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        let aggregates = self.functions.iter().filter_map(|f| match f {
            OverFunction::Aggregate(aggregate) => Some((**aggregate).clone()),
            _ => None,
        });
        let aggregates: Vec<Aggregate> = aggregates.collect();
        Ok(Box::new(Over {
            index: GroupIndex::new(&self.partition.types)?,
            store: RowStore::default(),
            frames: Frames::new(self, Aggregates::new(&aggregates, self.preceding.is_some())?),
            turns: Turns::new(self.preceding.is_some()),
            due: VecDeque::new(),
            owed: None,
            watermark: i64::MIN,
            ttl: Ttl::new(self.kept_for()),
            told: Told::default(),
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

/// A row whose turn it is, or comes.
#[derive(Clone, Copy, Debug)]
struct Turn {
    at: i64,
    partition: u32,
    row: RowRef,
}

/// What a checkpoint keeps of a partition.
#[derive(Default, Serialize, Deserialize)]
struct Saved {
    key: Vec<Value>,
    numbered: i64,
    last: Option<i64>,
    states: Vec<Vec<Value>>,
    frame: Vec<(i64, Row)>,
    before: Vec<Row>,
    held: Vec<(i64, Row)>,
    /// When it is forgotten.
    deadline: Option<i64>,
}

struct Over {
    factory: OverFactory,
    index: GroupIndex,
    store: RowStore,
    frames: Frames,
    /// Rows that wait for their time.
    turns: Turns,
    /// Rows whose time has come, in the order in which they go out.
    due: VecDeque<Turn>,
    owed: Option<Watermark>,
    watermark: i64,
    /// When partitions are forgotten.
    ttl: Ttl<u32>,
    told: Told,
    key_group_count: u16,
}

impl Over {
    /// Whether rows wait for the clock.
    fn waits_for_clock(&self) -> bool {
        let bounded = !self.factory.rows && self.factory.preceding.is_some();
        self.factory.time == OverTime::Processing && bounded
    }

    fn times(&self, batch: &Batch, now: LabTime) -> Vec<Option<i64>> {
        match self.factory.time {
            OverTime::Event(column) => millis(batch.column(column)),
            OverTime::Processing => vec![Some(now.millis()); batch.len()],
        }
    }

    fn is_late(&self, partition: u32, at: i64) -> bool {
        match (self.factory.time, self.factory.preceding) {
            (OverTime::Processing, _) => false,
            (OverTime::Event(_), None) => at <= self.watermark,
            (OverTime::Event(_), Some(_)) => {
                self.frames.last(partition).is_some_and(|last| at <= last)
            }
        }
    }

    /// Lets everything up to and with `until` have its turn.
    fn release(&mut self, until: i64) {
        let turns = self.turns.release(until);
        self.due.extend(turns);
    }

    /// The next rows that go out, as many as a portion holds and those that go out with the last one.
    fn portion(&mut self) -> Vec<Turn> {
        let mut portion: Vec<Turn> = Vec::new();
        while let Some(next) = self.due.front() {
            let together =
                portion.last().is_some_and(|l| (l.partition, l.at) == (next.partition, next.at));
            if portion.len() >= PORTION && !together {
                break;
            }
            portion.extend(self.due.pop_front());
        }
        portion
    }

    fn answer(&mut self, turns: &[Turn], context: &mut Context<'_>) -> Result<()> {
        self.touch(turns.iter().map(|turn| turn.partition), context.now.millis());
        let columns = self.frames.answer(turns, &mut self.store, &self.factory)?;
        let rows: Vec<RowRef> = turns.iter().map(|t| t.row).collect();
        let input = self.store.gather(&rows, self.factory.input.len())?;
        let all: Vec<ArrayRef> = input.columns().iter().cloned().chain(columns).collect();
        rows.iter().for_each(|row| self.store.release(*row));
        let ids = input.ids().cloned();
        let answer = Batch::new(all, turns.len()).with_ids(ids.clone());
        self.told.answer(turns, &answer, &self.factory, context);
        context.emit_each(answer, ids.as_deref().unwrap_or_default());
        Ok(())
    }
}

impl Operator for Over {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let now = context.now.millis();
        self.expire(now);
        let times = self.times(&batch, context.now);
        let mut partitions = Vec::new();
        self.index.intern(&self.factory.partition.of(&batch), batch.len(), &mut partitions)?;
        self.frames.grow(self.index.capacity());
        self.touch(partitions.iter().copied(), now);
        let ids = batch.ids().cloned();
        let chunk = self.store.push(batch.clone());
        let mut held = Vec::new();
        let at_once = self.factory.time == OverTime::Processing && !self.waits_for_clock();
        for (place, (at, partition)) in times.into_iter().zip(partitions).enumerate() {
            let Some(at) = at.filter(|at| !self.is_late(partition, *at)) else {
                if let Some(ids) = &ids {
                    context.trace_late(ids[place]);
                }
                continue;
            };
            let row = (chunk, place as u32);
            self.store.hold(row);
            match at_once {
                true => self.due.push_back(Turn { at, partition, row }),
                false => {
                    self.turns.hold(Turn { at, partition, row }, self.watermark);
                    held.push((place, partition));
                }
            }
        }
        self.store.forget(chunk);
        if context.traces_records() {
            self.told.wait(&held, &batch, &self.factory, context);
        }
        Ok(())
    }

    fn watermark(&mut self, watermark: Watermark, context: &mut Context<'_>) -> Result<()> {
        self.expire(context.now.millis());
        self.owed = Some(watermark);
        self.watermark = self.watermark.max(watermark.0);
        if let OverTime::Event(_) = self.factory.time {
            self.release(watermark.0);
        }
        Ok(())
    }

    fn next_timer(&self) -> Option<LabTime> {
        let at = self.turns.first().filter(|_| self.waits_for_clock())?;
        Some(LabTime::from_millis(at + 1))
    }

    fn timer(&mut self, context: &mut Context<'_>) -> Result<()> {
        self.release(context.now.millis() - 1);
        Ok(())
    }

    fn end_input(&mut self, _input: usize, _context: &mut Context<'_>) -> Result<()> {
        if let OverTime::Event(_) = self.factory.time {
            self.release(i64::MAX);
        }
        Ok(())
    }

    fn drain(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        let portion = self.portion();
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
        let partitions = self.index.groups();
        let (key_groups, keys) =
            self.factory.partition.saved(&self.index, &partitions, self.key_group_count)?;
        let mut held: BTreeMap<u32, Vec<(i64, RowRef)>> = BTreeMap::new();
        for (at, partition, row) in self.turns.held() {
            held.entry(partition).or_default().push((at, row));
        }
        let mut entries = Vec::with_capacity(partitions.len());
        for ((partition, key), key_group) in partitions.iter().zip(keys).zip(key_groups) {
            let waiting = held.remove(partition).unwrap_or_default();
            let saved = Saved {
                key,
                held: self.saved(&waiting)?,
                deadline: self.ttl.deadline(*partition),
                ..self.frames.save(*partition, |rows| self.saved(rows))?
            };
            entries.push((key_group, saved));
        }
        OperatorSnapshot::of_entries(VERSION, entries)?.with_operator(&self.watermark)
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &mut Context<'_>) -> Result<()> {
        let watermarks = snapshots.iter().map(|s| s.operator::<i64>(VERSION));
        let watermarks: Vec<_> = watermarks.filter_map(Result::transpose).collect::<Result<_>>()?;
        self.watermark = watermarks.into_iter().min().unwrap_or(i64::MIN);
        let range = context.subtask().key_groups();
        let entries: Vec<Saved> = OperatorSnapshot::entries(snapshots, VERSION, &range)?;
        let keys: Vec<_> = entries.iter().map(|e| e.key.clone()).collect();
        let partitions = intern_values(&mut self.index, &self.factory.partition.types, &keys)?;
        self.frames.grow(self.index.capacity());
        for (saved, partition) in entries.into_iter().zip(partitions) {
            self.told.set(partition, saved.held.len());
            for (at, row) in self.restored(&saved.held)? {
                self.turns.hold(Turn { at, partition, row }, self.watermark);
            }
            let frame = self.restored(&saved.frame)?;
            let before: Vec<(i64, Row)> = saved.before.iter().map(|r| (0, r.clone())).collect();
            let before = self.restored(&before)?;
            self.frames.load(partition, &saved, frame, before)?;
            self.take_deadline(partition, saved.deadline, context.now.millis());
        }
        Ok(())
    }
}

impl Over {
    /// Rows as a checkpoint keeps them.
    fn saved(&self, rows: &[(i64, RowRef)]) -> Result<Vec<(i64, Row)>> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let refs: Vec<RowRef> = rows.iter().map(|(_, row)| *row).collect();
        let batch = self.store.gather(&refs, self.factory.input.len())?;
        let schema = &self.factory.input;
        Ok(rows.iter().map(|(at, _)| *at).zip(batch.rows(schema)).collect())
    }

    /// Takes over rows of a checkpoint; somebody refers to each of them.
    fn restored(&mut self, rows: &[(i64, Row)]) -> Result<Vec<(i64, RowRef)>> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let bare: Vec<Row> = rows.iter().map(|(_, row)| row.clone()).collect();
        let chunk = self.store.push(rows_to_batch(&self.factory.input, &bare)?);
        let refs: Vec<(i64, RowRef)> =
            rows.iter().enumerate().map(|(n, (at, _))| (*at, (chunk, n as u32))).collect();
        refs.iter().for_each(|(_, row)| self.store.hold(*row));
        Ok(refs)
    }
}

/// An internal promise that was not kept.
fn broken() -> Error {
    Error::new("column-not-made").arg("reason", "a frame without rows")
}
