//! The fields of one kind of event as columns that are filled row by row.
//!
//! A column has a value for each row of a batch; where another kind of event stands, it is NULL.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, StringArray, TimestampMillisecondArray};
use arrow::buffer::{NullBuffer, OffsetBuffer, ScalarBuffer};

use crate::base::{Error, Result};
use crate::data::LogicalType;

/// A field that an event has.
pub(super) struct EventField {
    /// Its name in the table.
    pub(super) name: &'static str,
    /// What it holds.
    pub(super) kind: FieldKind,
}

/// What a field holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldKind {
    /// `BIGINT`.
    Number,
    /// `STRING`.
    Text,
    /// `TIMESTAMP(3)`.
    Moment,
}

impl FieldKind {
    /// The type that the table gives it.
    pub(super) fn logical(self) -> LogicalType {
        match self {
            Self::Number => LogicalType::BigInt,
            Self::Text => LogicalType::STRING,
            Self::Moment => LogicalType::timestamp(3),
        }
    }
}

/// How long most texts are at most, in bytes.
const TEXT: usize = 80;

/// The columns of a kind of event, of which some are wanted.
pub(super) struct Columns {
    columns: Vec<Column>,
    rows: usize,
}

struct Column {
    kind: FieldKind,
    wanted: bool,
    numbers: Vec<i64>,
    /// Where each text begins; of a text that is not wanted nothing stays.
    offsets: Vec<i32>,
    bytes: Vec<u8>,
}

impl Columns {
    /// Columns of `rows` rows, of which `filled` will be filled, for the fields at these positions.
    pub(super) fn new(fields: &[EventField], wanted: &[usize], rows: usize, filled: usize) -> Self {
        let column = |(position, field): (usize, &EventField)| {
            Column::new(field.kind, wanted.contains(&position), rows, filled)
        };
        Self { columns: fields.iter().enumerate().map(column).collect(), rows }
    }

    /// The number of a field in a row.
    #[inline]
    pub(super) fn number(&mut self, field: usize, row: usize, number: i64) {
        if let Some(place) = self.columns[field].numbers.get_mut(row) {
            *place = number;
        }
    }

    /// Writes the text of a field in a row, and tells its length. Rows come in their order.
    #[inline]
    pub(super) fn text(
        &mut self,
        field: usize,
        row: usize,
        write: impl FnOnce(&mut Vec<u8>),
    ) -> u64 {
        let column = &mut self.columns[field];
        let start = column.bytes.len();
        write(&mut column.bytes);
        let length = column.bytes.len() - start;
        match column.wanted {
            true => column.offsets.resize(row + 1, start as i32),
            false => column.bytes.truncate(start),
        }
        length as u64
    }

    /// The column of a field, NULL where `nulls` says.
    pub(super) fn finish(&mut self, field: usize, nulls: &NullBuffer) -> Result<ArrayRef> {
        let Some(column) = self.columns.get_mut(field) else {
            return Err(not_made("no such field"));
        };
        let numbers = ScalarBuffer::from(std::mem::take(&mut column.numbers));
        let nulls = Some(nulls.clone());
        Ok(match column.kind {
            FieldKind::Number => Arc::new(Int64Array::try_new(numbers, nulls).map_err(not_made)?),
            FieldKind::Moment => {
                Arc::new(TimestampMillisecondArray::try_new(numbers, nulls).map_err(not_made)?)
            }
            FieldKind::Text => Arc::new(column.texts(self.rows, nulls)?),
        })
    }
}

impl Column {
    fn new(kind: FieldKind, wanted: bool, rows: usize, filled: usize) -> Self {
        let text = wanted && kind == FieldKind::Text;
        let numbers = if wanted && !text { vec![0; rows] } else { Vec::new() };
        let offsets = Vec::with_capacity(if text { rows + 1 } else { 0 });
        let bytes = Vec::with_capacity(if text { filled * TEXT } else { 0 });
        Self { kind, wanted, numbers, offsets, bytes }
    }

    fn texts(&mut self, rows: usize, nulls: Option<NullBuffer>) -> Result<StringArray> {
        let end = i32::try_from(self.bytes.len()).map_err(not_made)?;
        self.offsets.resize(rows + 1, end);
        let offsets = OffsetBuffer::new(std::mem::take(&mut self.offsets).into());
        let bytes = std::mem::take(&mut self.bytes);
        StringArray::try_new(offsets, bytes.into(), nulls).map_err(not_made)
    }
}

fn not_made(reason: impl std::fmt::Display) -> Error {
    Error::new("column-not-made").arg("reason", reason)
}
