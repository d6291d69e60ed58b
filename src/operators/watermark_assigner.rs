//! WatermarkAssigner: event time moves on with the rows, by the watermark expression of the table.
//!
//! As Flink's `WatermarkAssignerOperator`: event time begins at 0; a row is followed by a watermark if
//! that moved on by more than `pipeline.auto-watermark-interval`, else the watermark waits for the
//! next tick of that interval on the clock. Watermarks from before it are ignored, but for the last.

use arrow::array::{Array, AsArray};
use arrow::compute;
use arrow::datatypes::{DataType as ArrowType, TimeUnit, TimestampMillisecondType};

use super::{Context, Operator, OperatorFactory, SubtaskInfo};
use crate::base::{Error, LabDuration, LabTime, Result, Watermark};
use crate::data::{Batch, Mark, Schema};
use crate::expr::{EvalContext, Expr, Zone};
use crate::state::OperatorSnapshot;

const VERSION: u16 = 1;

/// Where event time comes from.
#[derive(Clone, Debug)]
pub struct WatermarkAssignerFactory {
    /// The column of event time; it must not be NULL.
    pub rowtime: usize,
    /// The watermark of a row, a timestamp over the input's columns.
    pub watermark: Expr,
    /// `pipeline.auto-watermark-interval` in milliseconds.
    pub interval_millis: i64,
    /// The columns, in and out.
    pub output: Schema,
    /// The session's time zone.
    pub zone: Zone,
}

impl OperatorFactory for WatermarkAssignerFactory {
    fn create(&self, _subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        let factory = self.clone();
        Ok(Box::new(WatermarkAssigner { factory, current: 0, last: 0, tick: None }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }
}

struct WatermarkAssigner {
    factory: WatermarkAssignerFactory,
    /// The highest watermark of a row so far.
    current: i64,
    /// The last one emitted.
    last: i64,
    /// The next tick of the interval; counted from the first row.
    tick: Option<LabTime>,
}

impl WatermarkAssigner {
    fn interval(&self) -> LabDuration {
        LabDuration::millis(self.factory.interval_millis)
    }

    /// The watermark marks among the rows of a batch.
    fn marks(&mut self, batch: &Batch, now: LabTime) -> Result<Vec<Mark>> {
        let surroundings = EvalContext::at(now, self.factory.zone);
        let values = self.factory.watermark.evaluate(batch, &surroundings)?;
        let millis = ArrowType::Timestamp(TimeUnit::Millisecond, None);
        let not_made = |e| Error::new("column-not-made").arg("reason", e);
        let values = compute::cast(&values, &millis).map_err(not_made)?;
        let values = values.as_primitive::<TimestampMillisecondType>();
        let mut marks = Vec::new();
        for row in 0..batch.len() {
            if values.is_valid(row) {
                self.current = self.current.max(values.value(row));
            }
            if self.current.saturating_sub(self.last) > self.factory.interval_millis {
                self.last = self.current;
                marks.push(Mark { after: row + 1, watermark: Watermark(self.current) });
            }
        }
        Ok(marks)
    }

    /// The clock stands at `now`: the tick that comes next, if ticks count at all.
    fn move_tick(&mut self, now: LabTime) {
        let interval = self.interval();
        if interval <= LabDuration::ZERO {
            return;
        }
        let first = *self.tick.get_or_insert(now + interval);
        if first <= now {
            let behind = (now - first).0 / interval.0 + 1;
            self.tick = Some(first + LabDuration(behind * interval.0));
        }
    }

    fn emit_last(&mut self, context: &mut Context<'_>) {
        if self.last < Watermark::MAX.0 {
            self.current = Watermark::MAX.0;
            self.last = Watermark::MAX.0;
            context.emit_watermark(Watermark::MAX);
        }
    }
}

impl Operator for WatermarkAssigner {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        self.move_tick(context.now);
        let rowtime = self.factory.rowtime;
        if batch.column(rowtime).null_count() > 0 {
            let name = &self.factory.output.fields()[rowtime].name;
            return Err(Error::new("rowtime-null").arg("column", name));
        }
        let marks = self.marks(&batch, context.now)?;
        let ids = batch.ids().cloned();
        context.emit_each(batch.with_marks(marks), ids.as_deref().unwrap_or_default());
        Ok(())
    }

    fn passes_marks(&self) -> bool {
        true
    }

    fn watermark(&mut self, watermark: Watermark, context: &mut Context<'_>) -> Result<()> {
        if watermark == Watermark::MAX {
            self.emit_last(context);
        }
        Ok(())
    }

    fn next_timer(&self) -> Option<LabTime> {
        self.tick.filter(|_| self.current > self.last)
    }

    fn timer(&mut self, context: &mut Context<'_>) -> Result<()> {
        self.move_tick(context.now);
        if self.current > self.last {
            self.last = self.current;
            context.emit_watermark(Watermark(self.current));
        }
        Ok(())
    }

    fn end_input(&mut self, _input: usize, context: &mut Context<'_>) -> Result<()> {
        self.emit_last(context);
        Ok(())
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        OperatorSnapshot::of_operator(VERSION, &self.current)
    }

    /// Flink begins again at 0; going on from the checkpoint drops the same late rows as before it.
    /// Which subtask was which is not known, so all go on from the earliest.
    fn restore(
        &mut self,
        snapshots: &[OperatorSnapshot],
        _context: &mut Context<'_>,
    ) -> Result<()> {
        self.current = earliest(snapshots)?.unwrap_or(self.current);
        Ok(())
    }
}

fn earliest(snapshots: &[OperatorSnapshot]) -> Result<Option<i64>> {
    let saved = snapshots.iter().map(|snapshot| snapshot.operator::<i64>(VERSION));
    Ok(saved.collect::<Result<Vec<_>>>()?.into_iter().flatten().min())
}

#[cfg(test)]
mod tests {
    use super::super::harness::{check, schema};
    use super::*;

    /// The watermark is the column `ts` itself.
    fn factory(interval_millis: i64) -> WatermarkAssignerFactory {
        let output = schema("ts ROWTIME");
        let watermark = Expr::column(0, output.fields()[0].data_type.clone());
        WatermarkAssignerFactory {
            rowtime: 0,
            watermark,
            interval_millis,
            output,
            zone: Zone::default(),
        }
    }

    #[test]
    fn a_row_is_followed_by_a_watermark_that_moved_on_enough() {
        let factory = factory(200);
        check(
            &factory,
            &factory.output.clone(),
            &[
                ("+I 150\n+I 200\n+I 201", "+I 150\n+I 200\n+I 201\nwatermark 201"),
                ("+I 100\n+I 401\n+I 402", "+I 100\n+I 401\n+I 402\nwatermark 402"),
                ("watermark 9", ""),
                ("end", "watermark +inf"),
                ("end", ""),
            ],
        );
    }

    #[test]
    fn the_clock_brings_what_waits() {
        let factory = factory(200);
        check(
            &factory,
            &factory.output.clone(),
            &[
                ("time 1000\n+I 50", "+I 50"),
                ("time 1199", ""),
                ("time 1200", "watermark 50"),
                ("time 9000", ""),
                ("+I 60\ntime 9100", "+I 60"),
                ("time 9200", "watermark 60"),
            ],
        );
    }

    #[test]
    fn event_time_goes_on_after_a_restart() {
        let factory = factory(0);
        let steps = [
            ("+I 50", "+I 50\nwatermark 50"),
            ("restore\n+I 40\n+I 60", "+I 40\nwatermark 50\n+I 60\nwatermark 60"),
        ];
        check(&factory, &factory.output.clone(), &steps);
    }

    #[test]
    fn a_subtask_that_has_ended_does_not_hurry_the_others() {
        let saved = |current: i64| OperatorSnapshot::of_operator(VERSION, &current).unwrap();
        assert_eq!(earliest(&[saved(0), saved(i64::MAX)]).unwrap(), Some(0));
        assert_eq!(earliest(&[saved(i64::MAX), saved(70), saved(50)]).unwrap(), Some(50));
        assert_eq!(earliest(&[]).unwrap(), None);
    }

    #[test]
    fn null_is_no_event_time() {
        let factory = factory(200);
        let steps = [("+I null", "error rowtime-null column=\"ts\"")];
        check(&factory, &factory.output.clone(), &steps);
    }
}
