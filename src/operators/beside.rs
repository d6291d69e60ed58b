//! Rows of a batch with rows of other columns beside them, which go out in portions.

use arrow::array::{ArrayRef, UInt32Array};
use arrow::compute;

use super::buffer::PORTION;
use super::{Context, Drain};
use crate::base::Result;
use crate::data::Batch;
use crate::data::select::take;
use crate::expr::kernel_error;

/// Which rows are beside which.
#[derive(Default)]
pub(super) struct Pairs {
    /// By pair: the row of the batch.
    pub(super) rows: Vec<u32>,
    /// By pair: where the row beside it is in the other columns; without, NULLs are.
    pub(super) places: Vec<Option<u32>>,
}

impl Pairs {
    pub(super) fn push(&mut self, row: usize, place: Option<usize>) {
        self.rows.push(row as u32);
        self.places.push(place.map(|place| place as u32));
    }
}

/// Pairs that are still to go out.
pub(super) struct Beside {
    batch: Batch,
    pairs: Pairs,
    columns: Vec<ArrayRef>,
    sent: usize,
}

impl Beside {
    pub(super) fn new(batch: Batch, pairs: Pairs, columns: Vec<ArrayRef>) -> Self {
        Self { batch, pairs, columns, sent: 0 }
    }

    /// Emits the next portion: the columns of the batch, then the others. A row of the batch is the
    /// cause of all its pairs, and gives them its kind.
    pub(super) fn drain(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        let range = self.sent..(self.sent + PORTION).min(self.pairs.rows.len());
        if range.is_empty() {
            return Ok(Drain::Done);
        }
        self.sent = range.end;
        let rows = self.pairs.rows[range.clone()].to_vec();
        let rows = take(&self.batch, &UInt32Array::from(rows))?;
        let places = UInt32Array::from(self.pairs.places[range].to_vec());
        let others = self.columns.iter().map(|c| compute::take(c, &places, None));
        let others = others.collect::<Result<Vec<_>, _>>().map_err(kernel_error)?;
        let columns = rows.columns().iter().cloned().chain(others).collect();
        let causes = rows.ids().cloned().unwrap_or_default();
        context.emit_each(rows.with_columns(columns), &causes);
        Ok(Drain::More)
    }
}
