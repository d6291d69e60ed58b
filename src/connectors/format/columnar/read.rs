//! Reading a file of columns: what its decoder gives, as batches of the table.

use std::panic::{self, AssertUnwindSafe};

use arrow::array::{ArrayRef, RecordBatch};

use super::fit::fit;
use crate::base::{Error, Result};
use crate::connectors::Files;
use crate::connectors::format::{FileReader, Position};
use crate::data::arrow::null_array;
use crate::data::{Batch, Field};

/// Takes a file apart.
pub(in crate::connectors::format) trait Decoder: Send {
    /// The next rows of the file, as many as it likes to give; `None` at the end.
    ///
    /// Errors: those of [`Files::read`]; `file-broken`, `file-cut-short`, `file-garbled`.
    fn next(&mut self, files: &dyn Files) -> Result<Option<RecordBatch>>;

    /// The name of the format.
    fn format(&self) -> &'static str;

    /// Where the rows begin that come next.
    fn position(&self) -> Position;
}

/// Reads the columns of a table from a file.
pub(in crate::connectors::format) struct ColumnarReader<D> {
    path: String,
    columns: Vec<Field>,
    decoder: D,
    /// Decoded, and not given yet; with the place of the first of its rows.
    rest: Option<(Position, Batch)>,
}

impl<D: Decoder> ColumnarReader<D> {
    /// The columns of a file, in this order.
    pub(in crate::connectors::format) fn new(path: &str, columns: &[Field], decoder: D) -> Self {
        Self { path: path.to_owned(), columns: columns.to_vec(), decoder, rest: None }
    }

    /// The next rows. The libraries trust the lengths and offsets of a file, and panic over those that
    /// are not true: to who reads, that is one more way for a file to be broken.
    fn next(&mut self, files: &dyn Files) -> Result<Option<RecordBatch>> {
        let decoder = &mut self.decoder;
        let next = panic::catch_unwind(AssertUnwindSafe(|| decoder.next(files)));
        next.unwrap_or_else(|_| Err(garbled(&self.path, self.decoder.format())))
    }

    /// A column that the file does not have is NULL, as in Flink.
    fn column(&self, field: &Field, record: &RecordBatch) -> Result<ArrayRef> {
        let Some(column) = record.column_by_name(&field.name) else {
            return Ok(null_array(&field.data_type.logical, record.num_rows()));
        };
        fit(column, &field.data_type.logical).ok_or_else(|| {
            Error::new("file-column-type")
                .arg("file", &self.path)
                .arg("column", &field.name)
                .arg("found", column.data_type())
                .arg("type", &field.data_type.logical)
        })
    }
}

impl<D: Decoder> FileReader for ColumnarReader<D> {
    fn read(&mut self, files: &dyn Files, max_rows: usize) -> Result<Option<Batch>> {
        let (position, batch) = match self.rest.take() {
            Some(rest) => rest,
            None => loop {
                let position = self.decoder.position();
                let Some(record) = self.next(files)? else { return Ok(None) };
                if record.num_rows() > 0 {
                    let columns = self.columns.iter().map(|field| self.column(field, &record));
                    let columns = columns.collect::<Result<_>>()?;
                    break (position, Batch::new(columns, record.num_rows()));
                }
            },
        };
        let Some(left) = batch.len().checked_sub(max_rows).filter(|left| *left > 0) else {
            return Ok(Some(batch));
        };
        let next = Position { inside: position.inside + max_rows as u64, ..position };
        self.rest = Some((next, batch.slice(max_rows, left)));
        Ok(Some(batch.slice(0, max_rows)))
    }

    fn position(&self) -> Position {
        self.rest.as_ref().map_or_else(|| self.decoder.position(), |(position, _)| *position)
    }
}

/// The error of a file that has less than it should.
pub(in crate::connectors::format) fn cut_short(path: &str, format: &str) -> Error {
    Error::new("file-cut-short").arg("file", path).arg("format", format)
}

/// The error of a file whose bytes do not fit together.
pub(in crate::connectors::format) fn garbled(path: &str, format: &str) -> Error {
    Error::new("file-garbled").arg("file", path).arg("format", format)
}

/// The error of a file that a library does not take.
pub(in crate::connectors::format) fn broken(
    path: &str,
    format: &str,
    reason: impl std::fmt::Display,
) -> Error {
    Error::new("file-broken").arg("file", path).arg("format", format).arg("reason", reason)
}
