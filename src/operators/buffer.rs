//! Rows that an operator holds back, and the order in which it lets them go.

use arrow::array::{ArrayRef, UInt32Array};
use arrow::compute::SortOptions;
use arrow::row::{RowConverter, Rows, SortField};

use crate::base::{Error, Result};
use crate::data::select::{concat, take};
use crate::data::{Batch, Row, Schema, rows_to_batch};

/// Rows that one portion of an answer holds.
pub(crate) const PORTION: usize = 4_096;

/// One column of ORDER BY.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SortKey {
    /// The column.
    pub column: usize,
    /// `DESC`.
    pub descending: bool,
    /// `NULLS FIRST`; Flink's default is first when ascending, last when descending.
    pub nulls_first: bool,
}

/// Rows held back, in order of arrival.
#[derive(Default)]
pub(crate) struct Buffer(Vec<Batch>);

impl Buffer {
    pub(crate) fn push(&mut self, batch: Batch) {
        self.0.push(batch);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All rows as one batch; the buffer is empty after it.
    pub(crate) fn take_all(&mut self) -> Result<Batch> {
        concat(&std::mem::take(&mut self.0))
    }

    /// The rows as a checkpoint keeps them.
    pub(crate) fn to_rows(&self, schema: &Schema) -> Vec<Row> {
        self.0.iter().flat_map(|b| b.rows(schema)).collect()
    }

    /// Takes over the rows of a checkpoint.
    pub(crate) fn push_rows(&mut self, schema: &Schema, rows: &[Row]) -> Result<()> {
        if !rows.is_empty() {
            self.push(rows_to_batch(schema, rows)?);
        }
        Ok(())
    }
}

/// Compares rows by sort keys.
pub(crate) struct Sorter {
    keys: Vec<SortKey>,
}

impl Sorter {
    pub(crate) fn new(keys: &[SortKey]) -> Self {
        Self { keys: keys.to_vec() }
    }

    /// The rows in order; equal ones stay in order of arrival.
    pub(crate) fn sort(&self, batch: &Batch) -> Result<Batch> {
        let rows = self.comparable(batch)?;
        let mut positions: Vec<u32> = (0..batch.len() as u32).collect();
        positions.sort_by(|a, b| rows.row(*a as usize).cmp(&rows.row(*b as usize)));
        take(batch, &UInt32Array::from(positions))
    }

    /// What orders the rows when compared as bytes.
    pub(crate) fn comparable(&self, batch: &Batch) -> Result<Rows> {
        let refused = |e| Error::new("sort-type").arg("reason", e);
        let columns: Vec<ArrayRef> =
            self.keys.iter().map(|k| batch.column(k.column).clone()).collect();
        let field = |(key, column): (&SortKey, &ArrayRef)| {
            let options = SortOptions { descending: key.descending, nulls_first: key.nulls_first };
            SortField::new_with_options(column.data_type().clone(), options)
        };
        let fields = self.keys.iter().zip(&columns).map(field).collect();
        let converter = RowConverter::new(fields).map_err(refused)?;
        converter.convert_columns(&columns).map_err(refused)
    }
}
