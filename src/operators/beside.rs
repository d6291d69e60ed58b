//! Rows of a batch with rows of other columns beside them, which go out in portions.

use arrow::array::{Array, ArrayRef, UInt32Array};
use arrow::compute;

use super::buffer::PORTION;
use super::{Context, Drain};
use crate::base::Result;
use crate::data::Batch;
use crate::data::select::take;
use crate::expr::{EvalContext, Expr, kernel_error};

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

    /// Only those for whose other columns a condition is true.
    pub(super) fn keep(
        &mut self,
        condition: &Expr,
        columns: &[ArrayRef],
        surroundings: &EvalContext,
    ) -> Result<()> {
        let columns = taken(columns, &self.places)?;
        let keep = condition.predicate(&Batch::new(columns, self.rows.len()), surroundings)?;
        let kept = |pair: &usize| keep.is_valid(*pair) && keep.value(*pair);
        let kept: Vec<usize> = (0..self.rows.len()).filter(kept).collect();
        self.rows = kept.iter().map(|pair| self.rows[*pair]).collect();
        self.places = kept.iter().map(|pair| self.places[*pair]).collect();
        Ok(())
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
        let others = taken(&self.columns, &self.pairs.places[range])?;
        let columns = rows.columns().iter().cloned().chain(others).collect();
        let causes = rows.ids().cloned().unwrap_or_default();
        context.emit_each(rows.with_columns(columns), &causes);
        Ok(Drain::More)
    }
}

fn taken(columns: &[ArrayRef], places: &[Option<u32>]) -> Result<Vec<ArrayRef>> {
    let places = UInt32Array::from(places.to_vec());
    let taken = columns.iter().map(|column| compute::take(column, &places, None));
    taken.collect::<Result<_, _>>().map_err(kernel_error)
}
