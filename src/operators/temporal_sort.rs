//! TemporalSort: ORDER BY a time attribute over a stream. Rows wait until the watermark has passed
//! their event time.
//!
//! A row whose event time is not after the last one that went out is late and is dropped.

use arrow::array::BooleanArray;

use super::buffer::{Buffer, Ordered, SortKey};
use super::{Context, Drain, Operator, OperatorFactory, SubtaskInfo};
use crate::base::{Result, Watermark};
use crate::data::select::filter;
use crate::data::{Batch, Row, Schema, Value, value_at};
use crate::state::OperatorSnapshot;

const VERSION: u16 = 1;

/// What a TemporalSort does.
#[derive(Clone, Debug)]
pub struct TemporalSortFactory {
    /// ORDER BY; the first key is the time attribute, ascending.
    pub keys: Vec<SortKey>,
    /// The columns, in and out.
    pub output: Schema,
}

impl OperatorFactory for TemporalSortFactory {
    fn create(&self, _subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        Ok(Box::new(TemporalSort {
            factory: self.clone(),
            buffer: Buffer::default(),
            earliest: i64::MAX,
            gone: i64::MIN,
            due: Ordered::default(),
            owed: None,
        }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }

    fn emits_inserts_only(&self) -> bool {
        true
    }
}

struct TemporalSort {
    factory: TemporalSortFactory,
    buffer: Buffer,
    /// The earliest event time in the buffer: a watermark before it lets nothing go.
    earliest: i64,
    /// The event time of the last row that went out.
    gone: i64,
    /// Rows that are due.
    due: Ordered,
    /// The watermark to pass on after them.
    owed: Option<Watermark>,
}

impl TemporalSort {
    fn times(&self, batch: &Batch) -> Vec<i64> {
        let Some(key) = self.factory.keys.first() else { return vec![0; batch.len()] };
        let (column, field) = (batch.column(key.column), &self.factory.output.fields()[key.column]);
        let one = |row| match value_at(column, &field.data_type, row) {
            Value::Timestamp(millis, _) | Value::TimestampLtz(millis, _) => millis,
            _ => i64::MIN,
        };
        (0..batch.len()).map(one).collect()
    }

    fn hold(&mut self, batch: Batch, times: impl Iterator<Item = i64>) {
        self.earliest = times.fold(self.earliest, i64::min);
        if !batch.is_empty() {
            self.buffer.push(batch);
        }
    }

    /// Lets everything up to and with `until` go.
    fn release(&mut self, until: i64) -> Result<()> {
        if self.buffer.is_empty() || self.earliest > until {
            return Ok(());
        }
        let held = self.buffer.take_all()?;
        let times = self.times(&held);
        let due: BooleanArray = times.iter().map(|t| Some(*t <= until)).collect();
        let rest: BooleanArray = times.iter().map(|t| Some(*t > until)).collect();
        self.gone = times.iter().filter(|t| **t <= until).fold(self.gone, |a, b| a.max(*b));
        self.earliest = i64::MAX;
        let (_, stays) = filter(&held, &rest)?;
        self.hold(stays, times.into_iter().filter(|t| *t > until));
        let (_, goes) = filter(&held, &due)?;
        let mut due = Buffer::default();
        due.push(goes);
        self.due = Ordered::new(&mut due, &self.factory.keys)?;
        Ok(())
    }
}

impl Operator for TemporalSort {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let times = self.times(&batch);
        let in_time: BooleanArray = times.iter().map(|t| Some(*t > self.gone)).collect();
        if let Some(ids) = batch.ids() {
            let late = (0..batch.len()).filter(|row| !in_time.value(*row));
            late.for_each(|row| context.trace_late(ids[row]));
        }
        let (_, kept) = filter(&batch, &in_time)?;
        let gone = self.gone;
        self.hold(kept, times.into_iter().filter(|t| *t > gone));
        Ok(())
    }

    fn watermark(&mut self, watermark: Watermark, _context: &mut Context<'_>) -> Result<()> {
        self.owed = Some(watermark);
        self.release(watermark.0)
    }

    fn end_input(&mut self, _input: usize, _context: &mut Context<'_>) -> Result<()> {
        self.release(i64::MAX)
    }

    fn drain(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        if self.due.emit_next(context)? == Drain::More {
            return Ok(Drain::More);
        }
        if let Some(watermark) = self.owed.take() {
            context.emit_watermark(watermark);
        }
        Ok(Drain::Done)
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        let rows = self.buffer.to_rows(&self.factory.output);
        OperatorSnapshot::of_operator(VERSION, &(self.gone, rows))
    }

    fn restore(
        &mut self,
        snapshots: &[OperatorSnapshot],
        _context: &mut Context<'_>,
    ) -> Result<()> {
        for snapshot in snapshots {
            if let Some((gone, rows)) = snapshot.operator::<(i64, Vec<Row>)>(VERSION)? {
                self.gone = self.gone.max(gone);
                self.buffer.push_rows(&self.factory.output, &rows)?;
            }
        }
        let held = self.buffer.take_all()?;
        let times = self.times(&held);
        self.hold(held, times.into_iter());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{check, schema};
    use super::*;

    #[test]
    fn rows_wait_for_the_watermark() {
        let output = schema("v INT, ts ROWTIME");
        let rising = |column| SortKey { column, descending: false, nulls_first: true };
        let factory =
            TemporalSortFactory { keys: vec![rising(1), rising(0)], output: output.clone() };
        check(
            &factory,
            &output,
            &[
                ("+I 1 30\n+I 2 10\n+I 3 20\n+I 1 20", ""),
                ("watermark 5", "watermark 5"),
                ("restore\nwatermark 25", "+I 2 10\n+I 1 20\n+I 3 20\nwatermark 25"),
                // Late is what is not after the last row that went out, not what is behind the
                // watermark.
                ("+I 7 20\n+I 8 21", ""),
                ("watermark 26", "+I 8 21\nwatermark 26"),
                ("end", "+I 1 30"),
            ],
        );
    }
}
