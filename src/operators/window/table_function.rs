//! WindowTableFunction: each row once for every window that holds it, with window_start, window_end
//! and window_time behind its columns.

use arrow::array::UInt32Array;

use super::slicing::Windows;
use super::{Moment, WindowTime, timestamp};
use crate::base::{Error, LabTime, Result};
use crate::data::arrow::array_of;
use crate::data::select::take;
use crate::data::{Batch, Schema, Value};
use crate::operators::{Context, Operator, OperatorFactory, SubtaskInfo};

/// What a WindowTableFunction does.
#[derive(Clone, Debug)]
pub struct WindowTableFactory {
    /// The windows.
    pub windows: Windows,
    /// The time that rows fall into them by.
    pub time: WindowTime,
    /// The columns: those of the input, then the window's.
    pub output: Schema,
}

impl OperatorFactory for WindowTableFactory {
    fn create(&self, _subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        Ok(Box::new(WindowTable { factory: self.clone() }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }

    fn emits_inserts_only(&self) -> bool {
        true
    }
}

struct WindowTable {
    factory: WindowTableFactory,
}

impl WindowTable {
    /// The moment of each row, on the clock that windows follow.
    fn moments(&self, batch: &Batch, now: LabTime) -> Result<Vec<i64>> {
        let null = || {
            let name = match self.factory.time.moment {
                Moment::Column(column) => self.factory.output.fields()[column].name.as_str(),
                Moment::Clock | Moment::WindowEnd(_) | Moment::SliceEnd(_) => "",
            };
            Error::new("rowtime-null").arg("column", name)
        };
        let moments = self.factory.time.moments(batch, now).into_iter();
        moments.map(|moment| moment.ok_or_else(null)).collect()
    }
}

impl Operator for WindowTable {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let windows = self.factory.windows;
        let (mut rows, mut ends) = (Vec::new(), Vec::new());
        for (row, at) in self.moments(&batch, context.now)?.into_iter().enumerate() {
            for end in windows.of(at) {
                rows.push(row as u32);
                ends.push(end);
            }
        }
        let taken = take(&batch, &UInt32Array::from(rows))?;
        let fields = &self.factory.output.fields()[batch.columns().len()..];
        let time = &self.factory.time;
        let mut columns = taken.columns().to_vec();
        for (field, property) in fields.iter().zip([
            Box::new(|end: i64| windows.start(end)) as Box<dyn Fn(i64) -> i64>,
            Box::new(|end| end),
            Box::new(|end| time.instant(end - 1)),
        ]) {
            let values: Vec<Value> =
                ends.iter().map(|end| timestamp(&field.data_type, property(*end))).collect();
            columns.push(array_of(&field.data_type, &values)?);
        }
        let output = Batch::new(columns, taken.len());
        context.emit_each(output, taken.ids().map_or(&[], |ids| ids));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Progress;
    use super::super::slicing::WindowKind;
    use super::*;
    use crate::operators::harness::{check, schema};

    #[test]
    fn a_row_is_in_each_of_its_windows() {
        let input = schema("v INT, ts ROWTIME");
        let factory = WindowTableFactory {
            windows: Windows { kind: WindowKind::Hop { slide: 5, size: 10 }, offset: 0 },
            time: WindowTime {
                moment: Moment::Column(1),
                progress: Progress::Watermark,
                zone: None,
            },
            output: schema("v INT, ts ROWTIME, s TIMESTAMP, e TIMESTAMP, t ROWTIME"),
        };
        check(
            &factory,
            &input,
            &[
                (
                    "+I 1 7\n+I 2 12",
                    "+I 1 7 5 15 14\n+I 1 7 0 10 9\n+I 2 12 10 20 19\n+I 2 12 5 15 14",
                ),
                ("watermark 9", "watermark 9"),
                ("+I 3 null", "error rowtime-null column=\"ts\""),
            ],
        );
    }
}
