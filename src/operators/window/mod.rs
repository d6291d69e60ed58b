//! Operators over windows of time: which windows there are, and what is computed of each.

pub mod aggregate;
pub mod join;
mod local;
pub mod rank;
pub mod session;
pub mod slicing;
pub mod table_function;

use arrow::array::{Array, ArrayRef};

use crate::base::LabTime;
use crate::data::zone::Zone;
use crate::data::{DataType, LogicalType, Value, value_at};

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
    /// A moment as windows count it.
    pub fn on_the_wall(&self, instant: i64) -> i64 {
        self.zone.as_ref().map_or(instant, |zone| zone.local_millis(instant))
    }

    /// The instant of what windows count.
    pub fn instant(&self, wall: i64) -> i64 {
        self.zone.as_ref().map_or(wall, |zone| zone.instant_millis(wall))
    }

    /// When the clock makes the windows with this end answer.
    fn timer(&self, end: i64) -> LabTime {
        LabTime::from_millis(self.instant(end))
    }
}

/// The milliseconds of a timestamp column.
pub(crate) fn millis(column: &ArrayRef) -> Vec<Option<i64>> {
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
