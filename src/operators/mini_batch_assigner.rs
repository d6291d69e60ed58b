//! MiniBatchAssigner: the beat to which operators behind it let their bundles go, as watermarks.
//!
//! By the clock (`ProcTimeMiniBatchAssignerOperator`): a watermark whenever a new interval has begun;
//! those from before it are held back, but for the last. By event time
//! (`RowTimeMiniBatchAssginerOperator`): of the watermarks from before it those that end an interval.

use super::{Context, Operator, OperatorFactory, SubtaskInfo};
use crate::base::{LabTime, Result, Watermark};
use crate::data::{Batch, Schema};
use crate::state::OperatorSnapshot;

const VERSION: u16 = 1;

/// What a MiniBatchAssigner beats to.
#[derive(Clone, Debug)]
pub struct MiniBatchFactory {
    /// The interval, in milliseconds; more than 0.
    pub interval: i64,
    /// Whether event time gives the beat, or the clock.
    pub rowtime: bool,
    /// The columns, in and out.
    pub output: Schema,
}

impl OperatorFactory for MiniBatchFactory {
    fn create(&self, _subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        let factory = self.clone();
        Ok(Box::new(MiniBatch { factory, current: 0, next: 0, timer: None }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }
}

struct MiniBatch {
    factory: MiniBatchFactory,
    /// The last beat, or the highest watermark of event time.
    current: i64,
    /// The watermark of event time with which the interval ends.
    next: i64,
    /// When the clock begins the next interval.
    timer: Option<LabTime>,
}

impl MiniBatch {
    /// The interval that holds a moment begins here.
    fn begin(&self, millis: i64) -> i64 {
        millis - millis.rem_euclid(self.factory.interval)
    }

    fn beat(&mut self, now: LabTime, context: &mut Context<'_>) {
        let begin = self.begin(now.millis());
        self.timer = Some(LabTime::from_millis(begin + self.factory.interval));
        if begin > self.current {
            self.current = begin;
            context.emit_watermark(Watermark(begin));
        }
    }
}

impl Operator for MiniBatch {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        if !self.factory.rowtime {
            self.beat(context.now, context);
        }
        let ids = batch.ids().cloned();
        context.emit_each(batch, ids.as_deref().unwrap_or_default());
        Ok(())
    }

    fn watermark(&mut self, watermark: Watermark, context: &mut Context<'_>) -> Result<()> {
        if watermark == Watermark::MAX {
            // Nothing comes after it, no beat of the clock either.
            (self.current, self.timer) = (watermark.0, None);
            context.emit_watermark(watermark);
            return Ok(());
        }
        if self.factory.rowtime {
            self.current = self.current.max(watermark.0);
            if self.current >= self.next {
                self.next = self.begin(self.current) + self.factory.interval - 1;
                if self.next <= self.current {
                    self.next += self.factory.interval;
                }
                context.emit_watermark(Watermark(self.current));
            }
        }
        Ok(())
    }

    fn next_timer(&self) -> Option<LabTime> {
        self.timer.filter(|_| !self.factory.rowtime)
    }

    fn timer(&mut self, context: &mut Context<'_>) -> Result<()> {
        self.beat(context.now, context);
        Ok(())
    }

    fn end_input(&mut self, _input: usize, _context: &mut Context<'_>) -> Result<()> {
        self.timer = None;
        Ok(())
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        OperatorSnapshot::of_operator(VERSION, &(self.current, self.next))
    }

    fn restore(
        &mut self,
        snapshots: &[OperatorSnapshot],
        _context: &mut Context<'_>,
    ) -> Result<()> {
        let saved = snapshots.iter().map(|s| s.operator::<(i64, i64)>(VERSION));
        let saved: Vec<_> = saved.filter_map(Result::transpose).collect::<Result<_>>()?;
        (self.current, self.next) = saved.into_iter().min().unwrap_or_default();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{check, schema};
    use super::*;

    fn factory(rowtime: bool) -> MiniBatchFactory {
        MiniBatchFactory { interval: 100, rowtime, output: schema("v INT") }
    }

    #[test]
    fn the_clock_beats() {
        let factory = factory(false);
        check(
            &factory,
            &factory.output.clone(),
            &[
                ("time 250\n+I 1\n+I 2\nwatermark 7", "watermark 200\n+I 1\n+I 2"),
                ("time 299\n+I 3", "+I 3"),
                ("restore\n+I 4\ntime 300", "+I 4\nwatermark 300"),
                ("watermark 9223372036854775807", "watermark +inf"),
                ("time 500", ""),
            ],
        );
    }

    #[test]
    fn event_time_beats_once_an_interval() {
        let factory = factory(true);
        check(
            &factory,
            &factory.output.clone(),
            &[
                ("watermark 10\n+I 1", "watermark 10\n+I 1"),
                ("watermark 98\n+I 2", "+I 2"),
                ("watermark 99\n+I 3", "watermark 99\n+I 3"),
                ("restore\nwatermark 150\n+I 4\nwatermark 230", "+I 4\nwatermark 230"),
            ],
        );
    }
}
