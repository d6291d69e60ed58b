//! Who matches whom, and the columns of what goes out.

use std::ops::Range;

use arrow::array::{Array, ArrayRef, UInt32Array};
use arrow::compute::take;

use super::JoinSpec;
use crate::base::{RecordId, Result};
use crate::data::{Batch, Kinds, RowKind};
use crate::expr::{EvalContext, Expr, kernel_error};
use crate::operators::buffer::PORTION;
use crate::operators::{Context, Drain};

/// Pairs that are looked at together: where every row meets every row a batch makes more than memory
/// holds.
const TOGETHER: usize = 16 * PORTION;

/// The kept rows of an input.
pub(super) trait Kept {
    /// Some columns of these rows; NULL where there is none.
    fn columns(&self, rows: &[Option<u32>], of: &[usize]) -> Result<Vec<ArrayRef>>;

    /// The id of a row, if it is traced.
    fn id(&self, row: u32) -> Option<RecordId>;
}

/// What must hold of a pair besides equal keys, over those columns alone that it reads.
pub(super) struct Condition {
    /// Over the columns of the left and then those of the right.
    holds: Expr,
    /// The columns of each input.
    columns: [Vec<usize>; 2],
}

impl Condition {
    pub(super) fn of(join: &JoinSpec) -> Option<Self> {
        let condition = join.condition.as_ref()?;
        let (read, width) = (condition.columns(), join.inputs[0].len());
        let place = |column: usize| read.binary_search(&column).unwrap_or_default();
        let (left, right): (Vec<usize>, Vec<usize>) = read.iter().partition(|c| **c < width);
        let columns = [left, right.into_iter().map(|c| c - width).collect()];
        Some(Self { holds: condition.map_columns(&place), columns })
    }

    /// For each pair of kept rows, whether it holds.
    pub(super) fn of_kept(
        &self,
        kept: [&dyn Kept; 2],
        pairs: &[[Option<u32>; 2]],
        context: &EvalContext,
    ) -> Result<Vec<bool>> {
        let mut holds = Vec::with_capacity(pairs.len());
        for pairs in pairs.chunks(PORTION) {
            let side = |input: usize| {
                let rows: Vec<Option<u32>> = pairs.iter().map(|pair| pair[input]).collect();
                kept[input].columns(&rows, &self.columns[input])
            };
            let columns = side(0)?.into_iter().chain(side(1)?).collect();
            holds.extend(self.truth(columns, pairs.len(), context)?);
        }
        Ok(holds)
    }

    /// For each row of the columns that it reads, whether it holds.
    fn truth(
        &self,
        columns: Vec<ArrayRef>,
        rows: usize,
        context: &EvalContext,
    ) -> Result<impl Iterator<Item = bool>> {
        let truth = self.holds.predicate(&Batch::new(columns, rows), context)?;
        Ok((0..truth.len()).map(move |n| truth.is_valid(n) && truth.value(n)))
    }
}

/// The kept rows that match each of some rows of a batch.
pub(super) struct Pairs {
    rows: Vec<u32>,
    kept: Vec<u32>,
    ends: Vec<usize>,
}

impl Pairs {
    /// Rows of a batch from `range.start` on, each with the kept rows that have its key: as many rows as
    /// are looked at together, and one at least.
    pub(super) fn find<'a>(range: Range<usize>, candidates: impl Fn(usize) -> &'a [u32]) -> Self {
        let (mut of, mut kept, mut ends) = (Vec::new(), Vec::new(), Vec::new());
        for (at, row) in range.enumerate() {
            let candidates = candidates(row);
            if at > 0 && kept.len() + candidates.len() > TOGETHER {
                break;
            }
            kept.extend_from_slice(candidates);
            of.resize(kept.len(), at as u32);
            ends.push(kept.len());
        }
        Self { rows: of, kept, ends }
    }

    /// How many rows these are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Drops the pairs for which the condition is not true: rows of a batch of one input and kept rows of
    /// the other.
    pub(super) fn decide(
        &mut self,
        condition: &Condition,
        input: usize,
        batch: &Batch,
        kept: &dyn Kept,
        context: &EvalContext,
    ) -> Result<()> {
        let mut matches = Vec::with_capacity(self.rows.len());
        for (rows, kept_rows) in self.rows.chunks(PORTION).zip(self.kept.chunks(PORTION)) {
            let items: Vec<Item> = rows
                .iter()
                .zip(kept_rows)
                .map(|(row, kept)| Item::pair(*row, *kept, RowKind::Insert))
                .collect();
            let columns = condition.columns.each_ref().map(Vec::as_slice);
            let pair = both(input, batch, kept, &items, columns)?;
            matches.extend(condition.truth(pair, items.len(), context)?);
        }
        if matches.iter().all(|matches| *matches) {
            return Ok(());
        }
        let (mut written, mut read) = (0, 0);
        for end in &mut self.ends {
            let matched = (read..*end).filter(|at| matches[*at]);
            for at in matched {
                self.kept[written] = self.kept[at];
                written += 1;
            }
            (read, *end) = (*end, written);
        }
        self.kept.truncate(written);
        Ok(())
    }

    /// The matches of a row.
    pub(super) fn of(&self, row: usize) -> &[u32] {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.kept[start..self.ends[row]]
    }
}

/// One row that goes out: of the batch, of what is kept of the other input, or of both.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    /// The row of the batch.
    pub row: Option<u32>,
    /// The kept row of the other input.
    pub kept: Option<u32>,
    /// What it does.
    pub kind: RowKind,
}

impl Item {
    pub(super) fn pair(row: u32, kept: u32, kind: RowKind) -> Self {
        Self { row: Some(row), kept: Some(kept), kind }
    }

    pub(super) fn of_batch(row: u32, kind: RowKind) -> Self {
        Self { row: Some(row), kept: None, kind }
    }

    pub(super) fn of_kept(kept: u32, kind: RowKind) -> Self {
        Self { row: None, kept: Some(kept), kind }
    }
}

/// What goes out for a batch, in portions.
#[derive(Default)]
pub(super) struct Owed {
    input: usize,
    batch: Option<Batch>,
    items: Vec<Item>,
    sent: usize,
}

impl Owed {
    pub(super) fn new(input: usize, batch: Batch, items: Vec<Item>) -> Self {
        Self { input, batch: Some(batch), items, sent: 0 }
    }

    /// Gives out the next portion.
    pub(super) fn drain(
        &mut self,
        join: &JoinSpec,
        kept: &dyn Kept,
        context: &mut Context<'_>,
    ) -> Result<Drain> {
        let items = &self.items[self.sent..(self.sent + PORTION).min(self.items.len())];
        let Some(batch) = self.batch.as_ref().filter(|_| !items.is_empty()) else {
            *self = Self::default();
            return Ok(Drain::Done);
        };
        let all = join.inputs.each_ref().map(|schema| (0..schema.len()).collect::<Vec<_>>());
        let all = all.each_ref().map(Vec::as_slice);
        let columns = match (join.kind.only_left(), self.input) {
            (false, input) => both(input, batch, kept, items, all)?,
            (true, 0) => taken(batch, items, all[0])?,
            (true, _) => kept.columns(&kept_of(items), all[0])?,
        };
        let kinds = Kinds::of(items.iter().map(|item| item.kind).collect());
        let out = Batch::new(columns, items.len()).with_kinds(kinds);
        context.emit_rows_because(out, |at| {
            let own = batch.ids().zip(items[at].row).map(|(ids, row)| ids[row as usize]);
            let other = items[at].kept.and_then(|row| kept.id(row));
            own.into_iter().chain(other).collect()
        });
        self.sent += items.len();
        Ok(Drain::More)
    }
}

/// Columns of the left and then of the right.
fn both(
    input: usize,
    batch: &Batch,
    kept: &dyn Kept,
    items: &[Item],
    of: [&[usize]; 2],
) -> Result<Vec<ArrayRef>> {
    let own = taken(batch, items, of[input])?;
    let other = kept.columns(&kept_of(items), of[1 - input])?;
    Ok(match input {
        0 => own.into_iter().chain(other).collect(),
        _ => other.into_iter().chain(own).collect(),
    })
}

fn kept_of(items: &[Item]) -> Vec<Option<u32>> {
    items.iter().map(|item| item.kept).collect()
}

fn taken(batch: &Batch, items: &[Item], of: &[usize]) -> Result<Vec<ArrayRef>> {
    let rows: UInt32Array = items.iter().map(|item| item.row).collect();
    of.iter().map(|c| take(batch.column(*c), &rows, None).map_err(kernel_error)).collect()
}
