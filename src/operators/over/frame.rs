//! The frames of the partitions: which rows are in them, and what is computed of those.
//!
//! Rows enter and leave frames as events of the accumulators, so that a whole portion of answers is
//! one pass: the answer of a row is what its partition holds after the event that completes its frame.

use std::collections::VecDeque;

use arrow::array::{Array, ArrayRef, Int64Array, UInt32Array};
use arrow::compute::{interleave, take};

use super::store::{RowRef, RowStore};
use super::{OverFactory, OverFunction, Saved, Turn, broken};
use crate::base::{Error, Result};
use crate::data::Row;
use crate::data::arrow::null_array;
use crate::operators::aggregates::Aggregates;

/// What is kept of one partition.
#[derive(Default)]
struct Partition {
    /// Rows in the frame, if it is bounded.
    frame: VecDeque<(i64, RowRef)>,
    /// The last rows, as far as LAG looks back.
    before: VecDeque<RowRef>,
    /// How many rows have been answered.
    numbered: i64,
    /// The time of the last answer.
    last: Option<i64>,
}

pub(super) struct Frames {
    aggregates: Aggregates,
    partitions: Vec<Partition>,
    /// How far LAG looks back.
    back: usize,
    /// Whether rows of one time are answered together.
    together: bool,
    rows: bool,
    preceding: Option<i64>,
}

/// A row that enters or leaves the frame of its partition.
#[derive(Default)]
struct Events {
    rows: Vec<RowRef>,
    partitions: Vec<u32>,
    leaves: Vec<bool>,
}

impl Events {
    fn push(&mut self, partition: u32, row: RowRef, leaves: bool) {
        self.rows.push(row);
        self.partitions.push(partition);
        self.leaves.push(leaves);
    }
}

impl Frames {
    pub(super) fn new(factory: &OverFactory, aggregates: Aggregates) -> Self {
        let back = |f: &OverFunction| match f {
            OverFunction::Lag { back, .. } => *back,
            _ => 0,
        };
        let by_arrival = factory.time == super::OverTime::Processing;
        let at_once = by_arrival && factory.preceding.is_none();
        Self {
            aggregates,
            partitions: Vec::new(),
            back: factory.functions.iter().map(back).max().unwrap_or(0),
            together: !factory.rows && !at_once,
            rows: factory.rows,
            preceding: factory.preceding,
        }
    }

    pub(super) fn grow(&mut self, partitions: usize) {
        self.partitions.resize_with(partitions, Partition::default);
        self.aggregates.grow(partitions);
    }

    /// The time of the last answer of a partition.
    pub(super) fn last(&self, partition: u32) -> Option<i64> {
        self.partitions.get(partition as usize)?.last
    }

    /// The columns of the functions for rows whose turn it is.
    pub(super) fn answer(
        &mut self,
        turns: &[Turn],
        store: &mut RowStore,
        factory: &OverFactory,
    ) -> Result<Vec<ArrayRef>> {
        let mut events = Events::default();
        let mut gone: Vec<RowRef> = Vec::new();
        // For each turn, the event after which it is answered, its number, and the row that LAG finds.
        let (mut after, mut numbers) = (Vec::new(), Vec::new());
        let mut lags: Vec<Vec<Option<RowRef>>> = vec![Vec::new(); factory.functions.len()];
        let together = self.together;
        let same = |a: &Turn, b: &Turn| together && (a.partition, a.at) == (b.partition, b.at);
        for run in turns.chunk_by(same) {
            for turn in run {
                self.enter(*turn, store, &mut events, &mut gone);
                numbers.push(self.partitions[turn.partition as usize].numbered);
            }
            let Some(last) = run.last() else { continue };
            let found = self.partitions[last.partition as usize].looking_back(factory);
            for (column, found) in lags.iter_mut().zip(found) {
                column.extend(std::iter::repeat_n(found, run.len()));
            }
            let complete = events.rows.len() - 1;
            after.extend(std::iter::repeat_n(2 * complete as u32 + 1, run.len()));
        }
        let batch = store.gather(&events.rows, factory.input.len())?;
        let leaves = self.preceding.is_some().then_some(events.leaves.as_slice());
        let results = self.aggregates.running(&batch, &events.partitions, leaves)?;
        let mut results = results.into_iter();
        let after = UInt32Array::from(after);
        let mut columns = Vec::with_capacity(factory.functions.len());
        for (function, found) in factory.functions.iter().zip(&lags) {
            columns.push(match function {
                OverFunction::Aggregate(_) => {
                    let result = results.next().ok_or_else(broken)?;
                    take(&result, &after, None).map_err(internal)?
                }
                OverFunction::RowNumber => {
                    std::sync::Arc::new(Int64Array::from(numbers.clone())) as ArrayRef
                }
                OverFunction::Lag { value, default, .. } => {
                    lag(turns, found, *value, *default, store, factory)?
                }
            });
        }
        gone.into_iter().for_each(|row| store.release(row));
        Ok(columns)
    }

    /// A row enters the frame of its partition; others may leave it. References that end are in `gone`.
    fn enter(
        &mut self,
        turn: Turn,
        store: &mut RowStore,
        events: &mut Events,
        gone: &mut Vec<RowRef>,
    ) {
        let (rows, back) = (self.rows, self.back);
        let partition = &mut self.partitions[turn.partition as usize];
        if let Some(preceding) = self.preceding {
            let leaves = |frame: &VecDeque<(i64, RowRef)>| {
                frame.front().copied().filter(|(at, _)| match rows {
                    true => frame.len() as i64 > preceding,
                    false => turn.at.saturating_sub(*at) > preceding,
                })
            };
            while let Some((_, row)) = leaves(&partition.frame) {
                partition.frame.pop_front();
                events.push(turn.partition, row, true);
                gone.push(row);
            }
            partition.frame.push_back((turn.at, turn.row));
            store.hold(turn.row);
        }
        events.push(turn.partition, turn.row, false);
        partition.numbered += 1;
        partition.last = Some(turn.at);
        if back > 0 {
            partition.before.push_back(turn.row);
            store.hold(turn.row);
            if partition.before.len() > back + 1 {
                gone.extend(partition.before.pop_front());
            }
        }
    }

    /// A partition begins anew.
    pub(super) fn forget(&mut self, partition: u32, store: &mut RowStore) {
        let Partition { frame, before, .. } =
            std::mem::take(&mut self.partitions[partition as usize]);
        let rows = frame.into_iter().map(|(_, row)| row).chain(before);
        rows.for_each(|row| store.release(row));
        self.aggregates.clear(partition);
    }

    /// A partition as a checkpoint keeps it.
    pub(super) fn save(
        &self,
        partition: u32,
        rows: impl Fn(&[(i64, RowRef)]) -> Result<Vec<(i64, Row)>>,
    ) -> Result<Saved> {
        let Partition { frame, before, numbered, last } = &self.partitions[partition as usize];
        let frame: Vec<(i64, RowRef)> = frame.iter().copied().collect();
        let before: Vec<(i64, RowRef)> = before.iter().map(|row| (0, *row)).collect();
        Ok(Saved {
            numbered: *numbered,
            last: *last,
            states: self.aggregates.state(partition),
            frame: rows(&frame)?,
            before: rows(&before)?.into_iter().map(|(_, row)| row).collect(),
            ..Saved::default()
        })
    }

    /// Takes over a partition of a checkpoint.
    pub(super) fn load(
        &mut self,
        partition: u32,
        saved: &Saved,
        frame: Vec<(i64, RowRef)>,
        before: Vec<(i64, RowRef)>,
    ) -> Result<()> {
        self.partitions[partition as usize] = Partition {
            frame: frame.into(),
            before: before.into_iter().map(|(_, row)| row).collect(),
            numbered: saved.numbered,
            last: saved.last,
        };
        self.aggregates.restore(partition, &saved.states)
    }
}

impl Partition {
    /// For each function the row that it looks back at, from the last row.
    fn looking_back(&self, factory: &OverFactory) -> Vec<Option<RowRef>> {
        let found = |f: &OverFunction| match f {
            OverFunction::Lag { back, .. } => {
                let at = self.before.len().checked_sub(back + 1)?;
                self.before.get(at).copied()
            }
            _ => None,
        };
        factory.functions.iter().map(found).collect()
    }
}

/// The values of earlier rows, or the defaults.
fn lag(
    turns: &[Turn],
    found: &[Option<RowRef>],
    value: usize,
    default: Option<usize>,
    store: &RowStore,
    factory: &OverFactory,
) -> Result<ArrayRef> {
    let width = factory.input.len();
    let rows: Vec<RowRef> = turns.iter().map(|t| t.row).collect();
    let earlier: Vec<RowRef> =
        found.iter().zip(&rows).map(|(found, row)| found.unwrap_or(*row)).collect();
    let values = store.gather(&earlier, width)?.column(value).clone();
    let defaults = match default {
        Some(column) => store.gather(&rows, width)?.column(column).clone(),
        None => null_array(&factory.input.fields()[value].data_type.logical, rows.len()),
    };
    let choice = |(row, found): (usize, &Option<RowRef>)| (usize::from(found.is_none()), row);
    let choices: Vec<(usize, usize)> = found.iter().enumerate().map(choice).collect();
    let sources: [&dyn Array; 2] = [&values, &defaults];
    interleave(&sources, &choices).map_err(internal)
}

fn internal(error: arrow::error::ArrowError) -> Error {
    Error::new("column-not-made").arg("reason", error)
}
