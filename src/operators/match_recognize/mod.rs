//! Match: MATCH_RECOGNIZE, one row for every match of a pattern in the rows of a partition.
//!
//! In event time rows wait for the watermark, and are searched in order of time; a row behind the
//! watermark is late and is dropped.

mod pattern;
mod search;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::aggregates::{GroupKeys, intern_values};
use super::buffer::{SortKey, Sorter};
use super::group_index::GroupIndex;
use super::window::millis;
use super::{Context, Drain, Operator, OperatorFactory, SubtaskInfo};
use crate::base::{RecordId, Result, Watermark};
use crate::data::{Batch, Row, Schema, Value, rows_to_batch};
use crate::expr::{EvalContext, Zone};
use crate::operators::state_trace::{StateTrace, counted};
use crate::state::OperatorSnapshot;
use crate::trace::Causes;
pub use pattern::{Item, MatchExpr, Skip, Slot};
use search::{Run, SavedSearch, Search, Turn};

/// Flink's name of the state.
const STATE: &str = "nfaStateName";
const VERSION: u16 = 1;
/// Rows that are searched in one portion.
const PORTION: usize = 1024;

/// What orders the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchTime {
    /// Event time, in this column.
    Event(usize),
    /// Their arrival.
    Processing,
    /// The time in this column, once the input has ended.
    Bounded(usize),
}

/// What is searched, and what is told of it. The output is the partition's columns, then the measures.
#[derive(Clone, Debug)]
pub struct MatchFactory {
    /// PARTITION BY.
    pub partition: GroupKeys,
    /// What orders the rows first.
    pub time: MatchTime,
    /// The whole order.
    pub order: Vec<SortKey>,
    /// The pattern.
    pub items: Vec<Item>,
    /// When a row is an item; always if absent.
    pub defines: Vec<Option<MatchExpr>>,
    /// What is told of a match.
    pub measures: Vec<MatchExpr>,
    /// Where the search goes on.
    pub skip: Skip,
    /// How long a match may last, in milliseconds.
    pub within: Option<i64>,
    /// The columns of the input.
    pub input: Schema,
    /// The output columns.
    pub output: Schema,
    /// The session's time zone.
    pub zone: Zone,
}

impl OperatorFactory for MatchFactory {
    fn create(&self, subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        Ok(Box::new(Match {
            index: GroupIndex::new(&self.partition.types)?,
            sorter: Sorter::new(&self.order),
            searches: Vec::new(),
            held: BTreeMap::new(),
            due: VecDeque::new(),
            owed: None,
            watermark: i64::MIN,
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

/// A row that waits.
struct Held {
    partition: u32,
    key: Box<[u8]>,
    row: Arc<Vec<Value>>,
    id: Option<RecordId>,
}

/// What a checkpoint keeps of a partition.
#[derive(Serialize, Deserialize)]
struct Saved {
    key: Vec<Value>,
    search: SavedSearch,
    held: Vec<Vec<Value>>,
}

struct Match {
    factory: MatchFactory,
    index: GroupIndex,
    sorter: Sorter,
    searches: Vec<Search>,
    /// Rows that wait for their time.
    held: BTreeMap<i64, Vec<Held>>,
    /// Rows whose time has come, by partition.
    due: VecDeque<(u32, Turn)>,
    owed: Option<Watermark>,
    watermark: i64,
    key_group_count: u16,
}

impl Match {
    fn times(&self, batch: &Batch, now: i64) -> Vec<Option<i64>> {
        match self.factory.time {
            MatchTime::Event(column) | MatchTime::Bounded(column) => millis(batch.column(column)),
            MatchTime::Processing => vec![Some(now); batch.len()],
        }
    }

    /// Holds rows back, or gives them their turn at once.
    fn hold(&mut self, batch: &Batch, context: &mut Context<'_>) -> Result<()> {
        let times = self.times(batch, context.now.millis());
        let keys = self.sorter.comparable(batch)?;
        let mut partitions = Vec::new();
        self.index.intern(&self.factory.partition.of(batch), batch.len(), &mut partitions)?;
        self.searches.resize_with(self.index.capacity(), Search::default);
        let event = matches!(self.factory.time, MatchTime::Event(_));
        for (row, (at, partition)) in times.into_iter().zip(partitions).enumerate() {
            let id = batch.ids().map(|ids| ids[row]);
            let Some(at) = at.filter(|at| !event || *at > self.watermark) else {
                id.into_iter().for_each(|id| context.trace_late(id));
                continue;
            };
            let fields = Arc::new(batch.row(&self.factory.input, row).fields);
            if self.factory.time == MatchTime::Processing {
                self.due.push_back((partition, Turn { at, row: fields, id }));
                continue;
            }
            let key = keys.row(row).as_ref().into();
            let held = Held { partition, key, row: fields, id };
            self.held.entry(at).or_default().push(held);
        }
        Ok(())
    }

    /// Gives everything up to and with `until` its turn, partition by partition.
    fn release(&mut self, until: i64) {
        let rest = match until.checked_add(1) {
            Some(next) => self.held.split_off(&next),
            None => BTreeMap::new(),
        };
        let due = std::mem::replace(&mut self.held, rest);
        let mut first: BTreeMap<u32, usize> = BTreeMap::new();
        let mut turns = Vec::new();
        for (at, mut rows) in due {
            rows.sort_by(|a, b| a.key.cmp(&b.key));
            for Held { partition, row, id, .. } in rows {
                let place = *first.entry(partition).or_insert(turns.len());
                turns.push((place, partition, Turn { at, row, id }));
            }
        }
        turns.sort_by_key(|(place, ..)| *place);
        self.due.extend(turns.into_iter().map(|(_, partition, turn)| (partition, turn)));
    }

    fn tell(&self, runs: &[Run], context: &mut Context<'_>) -> Result<()> {
        for run in runs {
            let Some(first) = run.found.first() else { continue };
            let key = self.factory.partition.columns.iter().map(|c| first.row[*c].clone());
            let mut fields: Vec<Value> = key.collect();
            let surroundings = EvalContext::at(context.now, self.factory.zone);
            for measure in &self.factory.measures {
                fields.push(measure.value(&run.found, &self.factory.input, &surroundings)?);
            }
            let causes: Vec<RecordId> = run.found.iter().filter_map(|f| f.id).collect();
            let row = rows_to_batch(&self.factory.output, &[Row::insert(fields)])?;
            context.emit_because(row, Causes::Records(causes.into()));
        }
        Ok(())
    }

    /// Tells the trace how many matches of a partition have begun.
    fn trace(&self, partition: u32, before: usize, context: &mut Context<'_>) -> Result<()> {
        let after = self.searches[partition as usize].begun();
        if before != after {
            let (keys, index) = (&self.factory.partition, &self.index);
            if let Some(trace) = StateTrace::of_groups(STATE, keys, index, &[partition], context)? {
                trace.write(0, counted("begun", before), counted("begun", after), context);
            }
        }
        Ok(())
    }

    /// Time is complete up to here: runs that last too long end.
    fn pass_time(&mut self, now: i64, context: &mut Context<'_>) -> Result<()> {
        if self.factory.within.is_none() {
            return Ok(());
        }
        for partition in self.index.groups() {
            let before = self.searches[partition as usize].begun();
            let runs = self.searches[partition as usize].time(now, &self.factory)?;
            self.trace(partition, before, context)?;
            self.tell(&runs, context)?;
        }
        Ok(())
    }
}

impl Operator for Match {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        self.hold(&batch, context)
    }

    fn watermark(&mut self, watermark: Watermark, _context: &mut Context<'_>) -> Result<()> {
        self.owed = Some(watermark);
        self.watermark = self.watermark.max(watermark.0);
        if let MatchTime::Event(_) = self.factory.time {
            self.release(watermark.0);
        }
        Ok(())
    }

    fn end_input(&mut self, _input: usize, _context: &mut Context<'_>) -> Result<()> {
        self.release(i64::MAX);
        Ok(())
    }

    fn drain(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        let surroundings = EvalContext::at(context.now, self.factory.zone);
        for _ in 0..PORTION {
            let Some((partition, turn)) = self.due.pop_front() else {
                if let Some(watermark) = self.owed.take() {
                    self.pass_time(watermark.0, context)?;
                    context.emit_watermark(watermark);
                }
                return Ok(Drain::Done);
            };
            let search = &mut self.searches[partition as usize];
            let before = search.begun();
            let runs = search.row(&turn, &self.factory, &surroundings)?;
            self.trace(partition, before, context)?;
            self.tell(&runs, context)?;
        }
        Ok(Drain::More)
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        let partitions = self.index.groups();
        let (key_groups, keys) =
            self.factory.partition.saved(&self.index, &partitions, self.key_group_count)?;
        let mut held: BTreeMap<u32, Vec<Vec<Value>>> = BTreeMap::new();
        for row in self.held.values().flatten() {
            held.entry(row.partition).or_default().push(row.row.as_ref().clone());
        }
        let entry = |(partition, key): (&u32, Vec<Value>)| Saved {
            key,
            search: self.searches[*partition as usize].save(),
            held: held.remove(partition).unwrap_or_default(),
        };
        let entries: Vec<Saved> = partitions.iter().zip(keys).map(entry).collect();
        let busy = |(_, saved): &(u16, Saved)| !saved.held.is_empty() || !saved.search.is_idle();
        let entries = key_groups.into_iter().zip(entries).filter(busy);
        OperatorSnapshot::of_entries(VERSION, entries)?.with_operator(&self.watermark)
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &mut Context<'_>) -> Result<()> {
        let range = context.subtask().key_groups();
        let entries: Vec<Saved> = OperatorSnapshot::entries(snapshots, VERSION, &range)?;
        let keys: Vec<_> = entries.iter().map(|e| e.key.clone()).collect();
        let partitions = intern_values(&mut self.index, &self.factory.partition.types, &keys)?;
        self.searches.resize_with(self.index.capacity(), Search::default);
        for (saved, partition) in entries.into_iter().zip(partitions) {
            self.searches[partition as usize] = Search::load(saved.search);
            let rows: Vec<Row> = saved.held.into_iter().map(Row::insert).collect();
            self.hold(&rows_to_batch(&self.factory.input, &rows)?, context)?;
        }
        let watermarks = snapshots.iter().map(|s| s.operator::<i64>(VERSION));
        let watermarks: Vec<_> = watermarks.filter_map(Result::transpose).collect::<Result<_>>()?;
        self.watermark = watermarks.into_iter().min().unwrap_or(i64::MIN);
        Ok(())
    }
}
