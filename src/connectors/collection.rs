//! Rows that a program or a statement holds itself, and rows that a person feeds while it runs.

use std::collections::VecDeque;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::snapshot::{decode, encode};
use super::{Poll, SourceContext, SourceFactory, SourceReader};
use crate::base::Result;
use crate::data::{Row, Schema, rows_to_batch};

/// A source of given rows, in their order; so it has one subtask.
#[derive(Clone, Debug)]
pub struct Collection {
    schema: Schema,
    rows: Arc<[Row]>,
    open: bool,
    ends_after: Option<u64>,
}

impl Collection {
    /// These rows, and then the end.
    pub fn new(schema: Schema, rows: Vec<Row>) -> Self {
        Self { schema, rows: rows.into(), open: false, ends_after: None }
    }

    /// After the rows, waits for more that come from outside.
    #[must_use]
    pub fn open(mut self) -> Self {
        self.open = true;
        self
    }

    /// Ends after so many rows in all; what comes later does not count.
    #[must_use]
    pub fn ends_after(mut self, rows: u64) -> Self {
        self.ends_after = Some(rows);
        self
    }
}

impl SourceFactory for Collection {
    fn create(&self, index: u32, _parallelism: u32, _seed: u64) -> Result<Box<dyn SourceReader>> {
        // A second reader has nothing: the rows have one order.
        let rows = if index == 0 { self.clone() } else { Self::new(self.schema.clone(), vec![]) };
        Ok(Box::new(Reader { source: rows, state: State::default() }))
    }

    fn output(&self) -> &Schema {
        &self.schema
    }

    fn bounded(&self) -> bool {
        !self.open
    }

    fn max_parallelism(&self) -> Option<u32> {
        Some(1)
    }
}

struct Reader {
    source: Collection,
    state: State,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct State {
    /// How many rows were given.
    given: u64,
    /// Fed and not given yet.
    fed: VecDeque<Row>,
}

impl Reader {
    fn next(&mut self) -> Option<Row> {
        if self.source.ends_after.is_some_and(|end| self.state.given >= end) {
            return None;
        }
        let own = usize::try_from(self.state.given).ok().and_then(|i| self.source.rows.get(i));
        let row = own.cloned().or_else(|| self.state.fed.pop_front())?;
        self.state.given += 1;
        Some(row)
    }

    fn waits(&self) -> bool {
        self.source.open && self.source.ends_after.is_none_or(|end| self.state.given < end)
    }
}

impl SourceReader for Reader {
    fn poll(&mut self, context: &mut SourceContext<'_>) -> Result<Poll> {
        let rows: Vec<Row> = std::iter::from_fn(|| self.next()).take(context.max_rows).collect();
        match rows.is_empty() {
            false => rows_to_batch(&self.source.schema, &rows).map(Poll::Batch),
            true if self.waits() => Ok(Poll::WaitOutside),
            true => Ok(Poll::End),
        }
    }

    fn feed(&mut self, rows: Vec<Row>) {
        self.state.fed.extend(rows);
    }

    fn snapshot(&mut self) -> Result<Vec<u8>> {
        encode(&self.state)
    }

    fn restore(&mut self, snapshots: &[Vec<u8>]) -> Result<()> {
        if let Some(bytes) = snapshots.first() {
            self.state = decode(bytes)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::LabTime;
    use crate::connectors::files::MemoryFiles;
    use crate::data::{DataType, Field, LogicalType, Value, value_at};

    fn numbers(numbers: &[i32]) -> Vec<Row> {
        numbers.iter().map(|n| Row::insert(vec![Value::Int(*n)])).collect()
    }

    fn source(rows: &[i32]) -> Collection {
        let int = DataType::not_null(LogicalType::Int);
        Collection::new(Schema::new(vec![Field::new("n", int)]), numbers(rows))
    }

    fn poll(reader: &mut dyn SourceReader) -> String {
        let files = MemoryFiles::default();
        let mut context = SourceContext { now: LabTime(0), max_rows: 2, files: &files };
        match reader.poll(&mut context).unwrap() {
            Poll::Batch(batch) => {
                let int = DataType::not_null(LogicalType::Int);
                let value = |row| format!("{:?}", value_at(batch.column(0), &int, row));
                (0..batch.len()).map(value).collect::<Vec<_>>().join(" ")
            }
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_closed_collection_ends() {
        let mut reader = source(&[1, 2, 3]).create(0, 1, 0).unwrap();
        let polls: Vec<_> = (0..3).map(|_| poll(&mut *reader)).collect();
        assert_eq!(polls, ["Int(1) Int(2)", "Int(3)", "End"]);
    }

    #[test]
    fn an_open_one_waits_and_ends_at_its_count() {
        let mut reader = source(&[1]).open().ends_after(3).create(0, 1, 0).unwrap();
        assert_eq!(poll(&mut *reader), "Int(1)");
        assert_eq!(poll(&mut *reader), "WaitOutside");
        reader.feed(numbers(&[7, 8, 9]));
        let snapshot = reader.snapshot().unwrap();
        assert_eq!(poll(&mut *reader), "Int(7) Int(8)");
        assert_eq!(poll(&mut *reader), "End");
        let mut restored = source(&[1]).open().ends_after(3).create(0, 1, 0).unwrap();
        restored.restore(&[snapshot]).unwrap();
        assert_eq!(poll(&mut *restored), "Int(7) Int(8)");
    }
}
