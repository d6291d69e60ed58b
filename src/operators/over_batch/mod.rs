//! OverAggregate over a bounded input: rows are sorted by partition and order, and answered at the end.

mod frame;
mod numbering;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::ops::Range;

use arrow::array::{Array, ArrayRef, UInt32Array};
use arrow::compute::{interleave, take as take_column};

use super::aggregates::{Aggregate, Aggregates};
use super::buffer::{Buffer, Ordered, PORTION, SortKey, emit_as_they_are};
use super::{Context, Drain, Operator, OperatorFactory, SubtaskInfo};
use crate::base::{Error, Result};
use crate::data::arrow::{array_of, null_array};
use crate::data::select::take;
use crate::data::{Batch, Schema, Value};
use crate::state::OperatorSnapshot;
use numbering::number;

pub use frame::{Bound, Frame};
pub use numbering::Numbering;

const VERSION: u16 = 1;
/// Rows that are accumulated in one go where each frame is accumulated anew.
const MOST_EVENTS: usize = 1 << 18;

/// One column of the answer.
#[derive(Clone, Debug)]
pub enum OverFunction {
    /// An aggregate of the rows around each row that count.
    Aggregate(Box<Aggregate>, Frame),
    /// The place of the row in its partition.
    Number(Numbering),
    /// The value of an earlier row, or of a later one.
    Lag {
        /// Its column.
        value: usize,
        /// How many rows back; forward if below nothing.
        back: i64,
        /// The column with the value where there is no such row, else NULL.
        default: Option<usize>,
    },
}

/// What an OverAggregate computes. Its output is the input's columns, then the functions.
#[derive(Clone, Debug)]
pub struct OverBatchFactory {
    /// PARTITION BY.
    pub partition: Vec<usize>,
    /// ORDER BY.
    pub order: Vec<SortKey>,
    /// What is computed.
    pub functions: Vec<OverFunction>,
    /// The columns of the input.
    pub input: Schema,
    /// The output columns.
    pub output: Schema,
}

impl OperatorFactory for OverBatchFactory {
    fn create(&self, _subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        let (factory, buffer) = (self.clone(), Buffer::default());
        Ok(Box::new(OverBatch {
            factory,
            buffer,
            held: Ordered::default(),
            partitions: VecDeque::new(),
            answer: None,
            sent: 0,
        }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }

    fn emits_inserts_only(&self) -> bool {
        true
    }
}

struct OverBatch {
    factory: OverBatchFactory,
    buffer: Buffer,
    /// All rows by partition and order, once the input has ended.
    held: Ordered,
    /// The partitions that are still to be answered.
    partitions: VecDeque<Range<usize>>,
    /// The answer for some of them.
    answer: Option<Batch>,
    sent: usize,
}

/// Rows of whole partitions, sorted by partition and order.
struct Sorted {
    rows: Batch,
    /// The rows of each partition.
    partitions: Vec<Range<usize>>,
    /// For each row, those that tie with it.
    peers: Vec<Range<usize>>,
}

impl Sorted {
    fn new(rows: Batch, factory: &OverBatchFactory) -> Result<Self> {
        let mut buffer = Buffer::default();
        buffer.push(rows.clone());
        let held = Ordered::new(&mut buffer, &[])?;
        let partitions = held.runs(&factory.partition_keys())?;
        let peers = match factory.order.is_empty() {
            true => partitions.clone(),
            false => held.runs(&factory.all_keys())?,
        };
        let peers = peers.into_iter().flat_map(|r| std::iter::repeat_n(r.clone(), r.len()));
        let peers = peers.collect();
        Ok(Self { rows, partitions, peers })
    }
}

impl OverBatchFactory {
    /// Partitions rise, unless ORDER BY says otherwise of their columns.
    fn partition_keys(&self) -> Vec<SortKey> {
        let key = |column: &usize| {
            let ordered = self.order.iter().find(|key| key.column == *column).copied();
            ordered.unwrap_or(SortKey { column: *column, descending: false, nulls_first: true })
        };
        self.partition.iter().map(key).collect()
    }

    fn all_keys(&self) -> Vec<SortKey> {
        [self.partition_keys(), self.order.clone()].concat()
    }
}

impl OverBatch {
    /// Answers the next partitions, as many as fill a portion.
    fn answer_next(&mut self) -> Result<Drain> {
        let Some(first) = self.partitions.pop_front() else {
            self.held = Ordered::default();
            return Ok(Drain::Done);
        };
        let mut rows = first;
        while let Some(next) = self.partitions.pop_front_if(|next| next.end - rows.start <= PORTION)
        {
            rows.end = next.end;
        }
        let sorted = Sorted::new(self.held.gather(rows)?, &self.factory)?;
        self.answer = Some(self.compute(&sorted)?);
        self.sent = 0;
        Ok(Drain::More)
    }

    fn compute(&self, sorted: &Sorted) -> Result<Batch> {
        let mut columns = sorted.rows.columns().to_vec();
        let types = &self.factory.output.fields()[columns.len()..];
        for (function, field) in self.factory.functions.iter().zip(types) {
            columns.push(match function {
                OverFunction::Number(numbering) => {
                    array_of(&field.data_type, &number(*numbering, sorted))?
                }
                OverFunction::Lag { value, back, default } => {
                    self.lag(sorted, *value, *back, *default)?
                }
                OverFunction::Aggregate(aggregate, frame) => {
                    self.aggregate(sorted, aggregate, frame)?
                }
            });
        }
        Ok(Batch::new(columns, sorted.rows.len()).with_ids(sorted.rows.ids().cloned()))
    }

    fn lag(
        &self,
        sorted: &Sorted,
        value: usize,
        back: i64,
        default: Option<usize>,
    ) -> Result<ArrayRef> {
        let values = sorted.rows.column(value);
        let defaults = match default {
            Some(column) => sorted.rows.column(column).clone(),
            None => null_array(&self.factory.input.fields()[value].data_type.logical, values.len()),
        };
        let mut choices = Vec::with_capacity(values.len());
        for partition in &sorted.partitions {
            for row in partition.clone() {
                let at =
                    usize::try_from(row as i64 - back).ok().filter(|at| partition.contains(at));
                choices.push(at.map_or((1, row), |at| (0, at)));
            }
        }
        let sources: [&dyn Array; 2] = [values, &defaults];
        interleave(&sources, &choices).map_err(internal)
    }

    fn aggregate(&self, sorted: &Sorted, aggregate: &Aggregate, frame: &Frame) -> Result<ArrayRef> {
        let frames = frame.of_rows(sorted, &self.factory.order, &self.factory.input);
        let mut aggregates = Aggregates::new(std::slice::from_ref(aggregate), false)?;
        match (&frame.start, &frame.end) {
            (Bound::UnboundedPreceding, Bound::UnboundedFollowing) => {
                whole(sorted, &mut aggregates)
            }
            (Bound::UnboundedPreceding, _) => running(sorted, &frames, &mut aggregates),
            _ => anew(sorted, &frames, aggregate),
        }
    }
}

/// Each row gets the aggregate of its partition.
fn whole(sorted: &Sorted, aggregates: &mut Aggregates) -> Result<ArrayRef> {
    let groups = groups(&sorted.partitions);
    aggregates.grow(sorted.partitions.len());
    aggregates.accumulate(&sorted.rows, &groups)?;
    let all: Vec<u32> = (0..sorted.partitions.len() as u32).collect();
    let results = only(aggregates.evaluate(&all)?)?;
    take_column(&results, &UInt32Array::from(groups), None).map_err(internal)
}

/// Each row gets what its partition has up to the end of its frame.
fn running(
    sorted: &Sorted,
    frames: &[Range<usize>],
    aggregates: &mut Aggregates,
) -> Result<ArrayRef> {
    let groups = groups(&sorted.partitions);
    aggregates.grow(sorted.partitions.len() + 1);
    let results = only(aggregates.running(&sorted.rows, &groups, None)?)?;
    let nothing = only(aggregates.evaluate(&[sorted.partitions.len() as u32])?)?;
    let choice = |frame: &Range<usize>| match frame.is_empty() {
        true => (1, 0),
        false => (0, 2 * (frame.end - 1) + 1),
    };
    let choices: Vec<(usize, usize)> = frames.iter().map(choice).collect();
    let sources: [&dyn Array; 2] = [&results, &nothing];
    interleave(&sources, &choices).map_err(internal)
}

/// The frame of each row is accumulated anew, so that sums of doubles are those of the frame alone.
fn anew(sorted: &Sorted, frames: &[Range<usize>], aggregate: &Aggregate) -> Result<ArrayRef> {
    let mut parts: Vec<ArrayRef> = Vec::new();
    let mut next = 0;
    while next < frames.len() {
        let (mut rows, mut groups) = (Vec::new(), Vec::new());
        let first = next;
        while next < frames.len() && (next == first || rows.len() < MOST_EVENTS) {
            rows.extend(frames[next].clone().map(|row| row as u32));
            groups.resize(rows.len(), (next - first) as u32);
            next += 1;
        }
        let mut aggregates = Aggregates::new(std::slice::from_ref(aggregate), false)?;
        aggregates.grow(next - first);
        aggregates.accumulate(&take(&sorted.rows, &UInt32Array::from(rows))?, &groups)?;
        let all: Vec<u32> = (0..(next - first) as u32).collect();
        parts.push(only(aggregates.evaluate(&all)?)?);
    }
    let parts: Vec<&dyn Array> = parts.iter().map(|p| p.as_ref()).collect();
    arrow::compute::concat(&parts).map_err(internal)
}

fn groups(partitions: &[Range<usize>]) -> Vec<u32> {
    let group = |(n, rows): (usize, &Range<usize>)| std::iter::repeat_n(n as u32, rows.len());
    partitions.iter().enumerate().flat_map(group).collect()
}

fn only(columns: Vec<ArrayRef>) -> Result<ArrayRef> {
    let broken = || Error::new("column-not-made").arg("reason", "no result");
    columns.into_iter().next().ok_or_else(broken)
}

fn internal(error: arrow::error::ArrowError) -> Error {
    Error::new("column-not-made").arg("reason", error)
}

impl Operator for OverBatch {
    fn process(&mut self, _input: usize, batch: Batch, _context: &mut Context<'_>) -> Result<()> {
        self.buffer.push(batch);
        Ok(())
    }

    fn end_input(&mut self, _input: usize, _context: &mut Context<'_>) -> Result<()> {
        self.held = Ordered::new(&mut self.buffer, &self.factory.all_keys())?;
        self.partitions = self.held.runs(&self.factory.partition_keys())?.into();
        Ok(())
    }

    fn drain(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        let Some(answer) = &self.answer else { return self.answer_next() };
        let portion = answer.slice(self.sent, PORTION.min(answer.len() - self.sent));
        self.sent += portion.len();
        match portion.is_empty() {
            true => self.answer = None,
            false => emit_as_they_are(portion, context),
        }
        Ok(Drain::More)
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        self.buffer.snapshot(VERSION, &self.factory.input)
    }

    fn restore(
        &mut self,
        snapshots: &[OperatorSnapshot],
        _context: &mut Context<'_>,
    ) -> Result<()> {
        self.buffer.restore(VERSION, snapshots, &self.factory.input)
    }
}

/// A number as the answer shows it.
fn big(number: usize) -> Value {
    Value::BigInt(number as i64)
}
