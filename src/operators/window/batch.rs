//! GROUP BY with a group window over a bounded input, answered at its end: one answer a key and window.
//!
//! Of an input that is sorted by key and time answers come in order of key and window; else they come as
//! their first rows did.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Int64Array, UInt32Array};
use arrow::datatypes::Int64Type;
use rustc_hash::FxHashMap;

use super::aggregate::WindowProperty;
use super::slicing::Windows;
use super::{WindowTime, millis};
use crate::base::{RecordId, Result};
use crate::data::arrow::array_of;
use crate::data::select::take;
use crate::data::{Batch, DataType, LogicalType, Schema, Value};
use crate::operators::aggregates::{Aggregate, Aggregates, GroupKeys};
use crate::operators::buffer::{Buffer, Ordered, PORTION, SortKey, Sorter};
use crate::operators::group_index::GroupIndex;
use crate::operators::{Context, Drain, Operator, OperatorFactory, SubtaskInfo};
use crate::state::OperatorSnapshot;

const VERSION: u16 = 1;

/// What such an aggregate computes. Its output is keys, aggregates, window properties.
#[derive(Clone, Debug)]
pub struct BatchWindowFactory {
    /// The key besides the window.
    pub keys: GroupKeys,
    /// The aggregates.
    pub aggregates: Vec<Aggregate>,
    /// The windows.
    pub windows: Windows,
    /// The time of rows.
    pub time: WindowTime,
    /// The column of the time.
    pub time_column: usize,
    /// What is said of windows.
    pub properties: Vec<WindowProperty>,
    /// Whether rows come sorted by key and time.
    pub sorted: bool,
    /// The columns of the input.
    pub input: Schema,
    /// The output columns.
    pub output: Schema,
}

impl OperatorFactory for BatchWindowFactory {
    fn create(&self, _subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        // The end of a window stands before the key.
        let end = DataType::not_null(LogicalType::BigInt);
        let types: Vec<DataType> = std::iter::once(end).chain(self.keys.types.clone()).collect();
        Ok(Box::new(BatchWindow {
            factory: self.clone(),
            buffer: Buffer::default(),
            index: GroupIndex::new(&types)?,
            aggregates: Aggregates::new(&self.aggregates, false)?,
            owed: Vec::new().into_iter(),
            causes: FxHashMap::default(),
        }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }

    fn emits_inserts_only(&self) -> bool {
        true
    }
}

fn rising(columns: impl IntoIterator<Item = usize>) -> Vec<SortKey> {
    let key = |column| SortKey { column, descending: false, nulls_first: true };
    columns.into_iter().map(key).collect()
}

struct BatchWindow {
    factory: BatchWindowFactory,
    buffer: Buffer,
    index: GroupIndex,
    aggregates: Aggregates,
    /// Groups whose answer is still to be given.
    owed: std::vec::IntoIter<u32>,
    /// The records in each group; empty unless records are traced.
    causes: FxHashMap<u32, Vec<RecordId>>,
}

impl BatchWindow {
    /// Puts rows into their windows and accumulates them. A row without a time is in none.
    fn accumulate(&mut self, batch: &Batch) -> Result<()> {
        let (mut rows, mut ends) = (Vec::new(), Vec::new());
        let moments = millis(batch.column(self.factory.time_column));
        for (row, at) in moments.into_iter().enumerate() {
            let Some(at) = at.map(|at| self.factory.time.on_the_wall(at)) else { continue };
            for end in self.factory.windows.of(at) {
                rows.push(row as u32);
                ends.push(end);
            }
        }
        let rows = take(batch, &UInt32Array::from(rows))?;
        let ends: ArrayRef = Arc::new(Int64Array::from(ends));
        let columns: Vec<ArrayRef> =
            std::iter::once(ends).chain(self.factory.keys.of(&rows)).collect();
        let mut groups = Vec::new();
        self.index.intern(&columns, rows.len(), &mut groups)?;
        self.aggregates.grow(self.index.capacity());
        for (group, id) in groups.iter().zip(rows.ids().into_iter().flat_map(|ids| ids.iter())) {
            self.causes.entry(*group).or_default().push(*id);
        }
        self.aggregates.accumulate(&rows, &groups)
    }

    /// The groups in the order of their answers.
    fn in_order(&self) -> Result<Vec<u32>> {
        let mut groups: Vec<u32> = (0..self.index.capacity() as u32).collect();
        if !self.factory.sorted || groups.is_empty() {
            return Ok(groups);
        }
        let columns = self.index.columns(&groups)?;
        let by_key_and_end = rising((1..columns.len()).chain([0]));
        let keys = Sorter::new(&by_key_and_end).comparable(&Batch::new(columns, groups.len()))?;
        groups.sort_by(|a, b| keys.row(*a as usize).cmp(&keys.row(*b as usize)));
        Ok(groups)
    }
}

impl Operator for BatchWindow {
    fn process(&mut self, _input: usize, batch: Batch, _context: &mut Context<'_>) -> Result<()> {
        self.buffer.push(batch);
        Ok(())
    }

    fn end_input(&mut self, _input: usize, _context: &mut Context<'_>) -> Result<()> {
        let rows = Ordered::new(&mut self.buffer, &[])?;
        for start in (0..rows.len()).step_by(PORTION) {
            self.accumulate(&rows.gather(start..rows.len().min(start + PORTION))?)?;
        }
        self.owed = self.in_order()?.into_iter();
        Ok(())
    }

    fn drain(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        let groups: Vec<u32> = self.owed.by_ref().take(PORTION).collect();
        if groups.is_empty() {
            return Ok(Drain::Done);
        }
        let mut columns = self.index.columns(&groups)?;
        let ends = columns.remove(0);
        let ends = ends.as_primitive::<Int64Type>();
        columns.extend(self.aggregates.evaluate(&groups)?);
        let BatchWindowFactory { windows, time, properties, output, .. } = &self.factory;
        let fields = &output.fields()[columns.len()..];
        for (property, field) in properties.iter().zip(fields) {
            let value = |end: &i64| {
                let bounds = (windows.start(*end), *end);
                property.value(bounds, time, &field.data_type, context.now)
            };
            let values: Vec<Value> = ends.values().iter().map(value).collect();
            columns.push(array_of(&field.data_type, &values)?);
        }
        let causes = |row: usize| self.causes.remove(&groups[row]).unwrap_or_default();
        context.emit_rows_because(Batch::new(columns, groups.len()), causes);
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

#[cfg(test)]
mod tests {
    use super::super::slicing::WindowKind;
    use super::super::{Moment, Progress};
    use super::*;
    use crate::operators::harness::{aggregate, check, keys, schema};

    fn factory(kind: WindowKind, sorted: bool) -> (BatchWindowFactory, Schema) {
        let input = schema("k STRING, v INT, ts TIMESTAMP");
        let factory = BatchWindowFactory {
            keys: keys(&input, "k"),
            aggregates: vec![aggregate(&input, "SUM", "v")],
            windows: Windows { kind, offset: 0 },
            time: WindowTime {
                moment: Moment::Column(2),
                progress: Progress::EndOfInput,
                zone: None,
            },
            time_column: 2,
            properties: vec![WindowProperty::Start],
            sorted,
            input: input.clone(),
            output: schema("k STRING, s INT, start TIMESTAMP"),
        };
        (factory, input)
    }

    const ROWS: &str = "+I b 1 10\n+I a 2 7\n+I b 3 2\n+I a 4 9";
    const SORTED: &str = "+I a 2 7\n+I a 4 9\n+I b 3 2\n+I b 1 10";

    #[test]
    fn hashed_windows_answer_in_order_of_arrival() {
        let (factory, input) = factory(WindowKind::Tumble { size: 5 }, false);
        check(&factory, &input, &[(ROWS, ""), ("restore\nend", "+I b 1 10\n+I a 6 5\n+I b 3 0")]);
    }

    #[test]
    fn sorted_windows_answer_in_order_of_key_and_time() {
        let (factory, input) = factory(WindowKind::Hop { slide: 5, size: 10 }, true);
        let answer = "+I a 6 0\n+I a 6 5\n+I b 3 -5\n+I b 3 0\n+I b 1 5\n+I b 1 10";
        check(&factory, &input, &[(SORTED, ""), ("end", answer)]);
    }
}
