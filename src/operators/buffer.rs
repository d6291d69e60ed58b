//! Rows that an operator holds back, and the order in which it lets them go.

use std::ops::Range;

use arrow::array::{Array, ArrayRef};
use arrow::compute::{SortOptions, interleave};
use arrow::datatypes::DataType as ArrowType;
use arrow::error::ArrowError;
use arrow::row::{RowConverter, Rows, SortField};

use super::state_trace::{Named, counted};
use super::{Context, Drain};
use crate::base::{Error, RecordId, Result};
use crate::data::arrow::arrow_type;
use crate::data::select::concat;
use crate::data::{Batch, Kinds, Row, Schema, rows_to_batch, value_at};
use crate::state::OperatorSnapshot;

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

    /// The rows as the checkpoint of an operator that keeps nothing else.
    pub(crate) fn snapshot(&self, version: u16, schema: &Schema) -> Result<OperatorSnapshot> {
        OperatorSnapshot::of_operator(version, &self.to_rows(schema))
    }

    /// Takes over what [`Self::snapshot`] kept, of all subtasks at hand.
    pub(crate) fn restore(
        &mut self,
        version: u16,
        snapshots: &[OperatorSnapshot],
        schema: &Schema,
    ) -> Result<()> {
        snapshots.iter().try_for_each(|snapshot| {
            let rows: Vec<Row> = snapshot.operator(version)?.unwrap_or_default();
            self.push_rows(schema, &rows)
        })
    }

    /// Takes over the rows of a checkpoint.
    pub(crate) fn push_rows(&mut self, schema: &Schema, rows: &[Row]) -> Result<()> {
        if !rows.is_empty() {
            self.push(rows_to_batch(schema, rows)?);
        }
        Ok(())
    }
}

/// Places of an order that the trace tells.
const PLACES: usize = 3;

fn refused(error: ArrowError) -> Error {
    Error::new("sort-type").arg("reason", error)
}

/// Compares rows by sort keys.
pub(crate) struct Sorter {
    keys: Vec<SortKey>,
}

impl Sorter {
    pub(crate) fn new(keys: &[SortKey]) -> Self {
        Self { keys: keys.to_vec() }
    }

    /// What orders the rows when compared as bytes.
    pub(crate) fn comparable(&self, batch: &Batch) -> Result<Rows> {
        let columns: Vec<ArrayRef> =
            self.keys.iter().map(|k| batch.column(k.column).clone()).collect();
        let types = columns.iter().map(|column| column.data_type().clone());
        self.converter(types)?.convert_columns(&columns).map_err(refused)
    }

    fn converter(&self, types: impl Iterator<Item = ArrowType>) -> Result<RowConverter> {
        let field = |(key, data_type): (&SortKey, ArrowType)| {
            let options = SortOptions { descending: key.descending, nulls_first: key.nulls_first };
            SortField::new_with_options(data_type, options)
        };
        let fields = self.keys.iter().zip(types).map(field).collect();
        RowConverter::new(fields).map_err(refused)
    }

    /// What the trace tells of rows in order: for the first places what stands first in ORDER BY, of
    /// which these are [`Self::comparable`]; without an order, how many there are.
    pub(crate) fn places<'a>(
        &self,
        rows: impl ExactSizeIterator<Item = &'a [u8]>,
        input: &Schema,
    ) -> Result<Named> {
        let Some(first) = self.keys.first() else { return Ok(counted("rows", rows.len())) };
        let field = |key: &SortKey| &input.fields()[key.column];
        let types = self.keys.iter().map(|key| arrow_type(&field(key).data_type.logical));
        let converter = self.converter(types)?;
        let parser = converter.parser();
        let shown = rows.take(PLACES).map(|bytes| parser.parse(bytes));
        let columns = converter.convert_rows(shown).map_err(refused)?;
        let value = |row| value_at(&columns[0], &field(first).data_type, row);
        Ok((0..columns[0].len()).map(|row| (format!("{}", row + 1).into(), value(row))).collect())
    }

    fn all_comparable(&self, batches: &[Batch]) -> Result<Vec<Rows>> {
        batches.iter().map(|batch| self.comparable(batch)).collect()
    }
}

/// Rows in an order, where they came: what goes out of them is gathered portion by portion.
#[derive(Default)]
pub(crate) struct Ordered {
    batches: Vec<Batch>,
    /// The batch of each row and its position there.
    order: Vec<(usize, usize)>,
    /// How many went out.
    sent: usize,
}

impl Ordered {
    /// The rows of a buffer, in order; equal ones, and all without keys, stay in order of arrival.
    pub(crate) fn new(buffer: &mut Buffer, keys: &[SortKey]) -> Result<Self> {
        let batches = std::mem::take(&mut buffer.0);
        let rows = |(n, batch): (usize, &Batch)| (0..batch.len()).map(move |row| (n, row));
        let mut order: Vec<(usize, usize)> = batches.iter().enumerate().flat_map(rows).collect();
        if !keys.is_empty() {
            let keys = Sorter::new(keys).all_comparable(&batches)?;
            order.sort_by(|a, b| keys[a.0].row(a.1).cmp(&keys[b.0].row(b.1)));
        }
        Ok(Self { batches, order, sent: 0 })
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.order.len()
    }

    /// Leaves out all but these rows of the order.
    pub(crate) fn cut(&mut self, offset: usize, fetch: Option<usize>) {
        self.order.truncate(offset.saturating_add(fetch.unwrap_or(usize::MAX)));
        self.order.drain(..offset.min(self.order.len()));
    }

    /// Rows in a row that are equal in these keys.
    pub(crate) fn runs(&self, keys: &[SortKey]) -> Result<Vec<Range<usize>>> {
        if self.order.is_empty() {
            return Ok(Vec::new());
        }
        if keys.is_empty() {
            return Ok(std::iter::once(0..self.order.len()).collect());
        }
        let keys = Sorter::new(keys).all_comparable(&self.batches)?;
        let key = |(batch, row): &(usize, usize)| keys[*batch].row(*row);
        let mut start = 0;
        let run = |rows: &[(usize, usize)]| {
            start += rows.len();
            start - rows.len()..start
        };
        Ok(self.order.chunk_by(|a, b| key(a) == key(b)).map(run).collect())
    }

    /// Some of the rows, with their kinds and ids.
    pub(crate) fn gather(&self, range: Range<usize>) -> Result<Batch> {
        let rows = &self.order[range];
        let width = self.batches.first().map_or(0, |batch| batch.columns().len());
        let column = |c: usize| {
            let arrays: Vec<&dyn Array> =
                self.batches.iter().map(|batch| batch.column(c).as_ref()).collect();
            interleave(&arrays, rows).map_err(|e| Error::new("column-not-made").arg("reason", e))
        };
        let columns = (0..width).map(column).collect::<Result<_>>()?;
        let kinds: Vec<_> = rows.iter().map(|(n, row)| self.batches[*n].kind(*row)).collect();
        let id = |(n, row): &(usize, usize)| self.batches[*n].ids().map(|ids| ids[*row]);
        let ids: Option<Vec<RecordId>> = rows.iter().map(id).collect();
        let batch = Batch::new(columns, rows.len()).with_kinds(Kinds::of(kinds));
        Ok(batch.with_ids(ids.map(Into::into)))
    }

    /// Emits the next portion; `Done` if nothing is left.
    pub(crate) fn emit_next(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        let range = self.sent..self.order.len().min(self.sent + PORTION);
        if range.is_empty() {
            *self = Self::default();
            return Ok(Drain::Done);
        }
        self.sent = range.end;
        emit_as_they_are(self.gather(range)?, context);
        Ok(Drain::More)
    }
}

/// Emits rows of which each is its own cause.
pub(crate) fn emit_as_they_are(batch: Batch, context: &mut Context<'_>) {
    let ids = batch.ids().cloned();
    context.emit_each(batch, ids.as_deref().unwrap_or_default());
}
