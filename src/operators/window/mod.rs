//! Operators over windows of time: which windows there are, and what is computed of each.

pub mod aggregate;
pub mod batch;
pub mod emit;
pub mod join;
pub mod rank;
pub mod session;
pub mod slicing;
pub mod table_function;
mod trigger;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{Int64Type, TimestampMillisecondType};

use self::slicing::Windows;
use super::aggregates::Aggregates;
use super::group_index::GroupIndex;
use super::state_trace::{Named, StateTrace};
use super::{Context, GroupKeys};
use crate::base::{LabTime, Result, Watermark};
use crate::data::zone::Zone;
use crate::data::{Batch, DataType, LogicalType, Value, value_at};
use crate::state::OperatorSnapshot;

/// Flink's name of the state of windows.
const STATE: &str = "window-aggs";

/// What moves windows on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The watermark.
    Watermark,
    /// The lab clock.
    Clock,
    /// The end of the input, where all windows answer.
    EndOfInput,
}

/// Which moment of a row its window comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The timestamp in a column.
    Column(usize),
    /// The lab clock.
    Clock,
    /// The row was put into its window before: the window's end is in a column.
    WindowEnd(usize),
    /// The row was put into its slice before: the slice's end is in a column.
    SliceEnd(usize),
}

/// The time of windows: what a row brings, what moves them on, and which clock on the wall they
/// follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowTime {
    /// What a row brings.
    pub moment: Moment,
    /// What moves them on.
    pub progress: Progress,
    /// For instants (TIMESTAMP_LTZ, processing time): windows begin and end by this clock. `None` for
    /// timestamps, which have no zone.
    pub zone: Option<Zone>,
}

impl WindowTime {
    /// The moment of each row, as windows count it; `None` where it is NULL.
    fn moments(&self, batch: &Batch, now: LabTime) -> Vec<Option<i64>> {
        match self.moment {
            Moment::Column(column) => {
                let wall = |at: Option<i64>| at.map(|at| self.on_the_wall(at));
                millis(batch.column(column)).into_iter().map(wall).collect()
            }
            Moment::Clock | Moment::WindowEnd(_) | Moment::SliceEnd(_) => {
                vec![Some(self.on_the_wall(now.millis())); batch.len()]
            }
        }
    }

    /// The end of the slice of each row, or of the window where that is known; `None` for a row without
    /// a time.
    fn slices(&self, windows: Windows, batch: &Batch, now: LabTime) -> Vec<Option<i64>> {
        match self.moment {
            Moment::Clock => {
                vec![Some(windows.slice_end(self.on_the_wall(now.millis()))); batch.len()]
            }
            Moment::WindowEnd(column) | Moment::SliceEnd(column) => millis(batch.column(column)),
            Moment::Column(column) => {
                // Rows of one slice most often come one after the other.
                let (mut from, mut end) = (0, 0);
                let mut slice = |at: i64| {
                    let at = self.on_the_wall(at);
                    if !(from..end).contains(&at) {
                        end = windows.slice_end(at);
                        from = end.saturating_sub(windows.slice());
                    }
                    end
                };
                millis(batch.column(column)).into_iter().map(|at| at.map(&mut slice)).collect()
            }
        }
    }

    /// A moment as windows count it.
    pub fn on_the_wall(&self, instant: i64) -> i64 {
        self.zone.as_ref().map_or(instant, |zone| zone.local_millis(instant))
    }

    /// How far the clock of a zone without summer time is from UTC, in milliseconds; zero of any other.
    fn hours_apart(&self) -> i64 {
        self.zone.as_ref().and_then(Zone::fixed_millis).unwrap_or(0)
    }

    /// The instant of what windows count.
    pub fn instant(&self, wall: i64) -> i64 {
        self.zone.as_ref().map_or(wall, |zone| zone.instant_millis(wall))
    }

    /// Up to which end windows answer once this watermark has come: those whose last millisecond it
    /// has passed. `None` where something else moves them on.
    fn due_at(&self, watermark: Watermark) -> Option<i64> {
        let wall = self.on_the_wall(watermark.0).saturating_add(1);
        (self.progress == Progress::Watermark).then_some(wall)
    }

    /// Up to which end windows answer now, by the clock.
    fn due_now(&self, now: LabTime) -> i64 {
        self.on_the_wall(now.millis())
    }

    /// Whether windows that are still open answer at the end of the input: those of processing time
    /// do not, as in Flink.
    fn answers_at_the_end(&self) -> bool {
        self.progress != Progress::Clock
    }

    /// When the clock makes the window that ends first answer; `None` where the clock does not.
    fn next_timer(&self, first_end: Option<i64>) -> Option<LabTime> {
        let end = first_end.filter(|_| self.progress == Progress::Clock)?;
        Some(LabTime::from_millis(self.instant(end)))
    }
}

/// Up to which end windows had answered in what several subtasks saved: what the slowest had done.
pub(crate) fn answered(snapshots: &[OperatorSnapshot], version: u16) -> Result<i64> {
    let ends = snapshots.iter().filter_map(|s| s.operator::<i64>(version).transpose());
    let ends: Vec<i64> = ends.collect::<Result<_>>()?;
    Ok(ends.into_iter().min().unwrap_or(i64::MIN))
}

/// The milliseconds of a timestamp column, or of one that counts them.
pub(crate) fn millis(column: &ArrayRef) -> Vec<Option<i64>> {
    if let Some(millis) = column.as_primitive_opt::<Int64Type>() {
        return millis.iter().collect();
    }
    if let Some(millis) = column.as_primitive_opt::<TimestampMillisecondType>() {
        return millis.iter().collect();
    }
    let data_type = DataType::nullable(LogicalType::timestamp(3));
    let one = |row| match value_at(column, &data_type, row) {
        Value::Timestamp(millis, _) => Some(millis),
        _ => None,
    };
    (0..column.len()).map(one).collect()
}

/// A timestamp of the type that a column has.
pub(crate) fn timestamp(data_type: &DataType, millis: i64) -> Value {
    match data_type.logical {
        LogicalType::TimestampLtz { .. } => Value::TimestampLtz(millis, 0),
        _ => Value::Timestamp(millis, 0),
    }
}

/// Tells the trace that groups have no state any more; the first column of their keys is the end of
/// a window.
fn trace_gone(
    groups: &[u32],
    index: &GroupIndex,
    aggregates: &Aggregates,
    keys: &GroupKeys,
    context: &mut Context<'_>,
) -> Result<()> {
    if !context.traces_records() || groups.is_empty() {
        return Ok(());
    }
    let (columns, results) = (index.columns(groups)?, aggregates.evaluate(groups)?);
    let ends = columns[0].as_primitive::<Int64Type>().values().iter().copied();
    let trace = StateTrace::of_columns(STATE, keys, &columns[1..], groups.len(), context);
    let trace = trace.within(ends);
    for row in 0..groups.len() {
        trace.write(row, aggregates.named(&results, row), Named::new(), context);
    }
    Ok(())
}
