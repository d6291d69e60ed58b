//! Who matches whom, and the columns of what goes out.

use std::ops::Range;

use arrow::array::{Array, ArrayRef, UInt32Array};
use arrow::compute::take;

use super::JoinFactory;
use crate::base::Result;
use crate::data::{Batch, Kinds, RowKind};
use crate::expr::{EvalContext, kernel_error};

/// Rows that go out at once.
const PORTION: usize = 4_096;

/// The kept rows of an input.
pub(super) trait Kept {
    /// The columns of these rows; NULL where there is none.
    fn columns(&self, rows: &[Option<u32>]) -> Result<Vec<ArrayRef>>;
}

/// The kept rows that match each row of a batch.
pub(super) struct Pairs {
    kept: Vec<u32>,
    ends: Vec<usize>,
}

impl Pairs {
    /// The matches of a batch of one input among the kept rows of the other: `candidates` have the same
    /// key, and the condition decides among them.
    pub(super) fn find<'a>(
        factory: &JoinFactory,
        input: usize,
        batch: &Batch,
        kept: &dyn Kept,
        candidates: impl Fn(usize) -> &'a [u32],
        context: &EvalContext,
    ) -> Result<Self> {
        let mut pairs = Self { kept: Vec::new(), ends: Vec::with_capacity(batch.len()) };
        let mut rows = Vec::new();
        for row in 0..batch.len() {
            let candidates = candidates(row);
            pairs.kept.extend_from_slice(candidates);
            rows.resize(rows.len() + candidates.len(), row as u32);
            pairs.ends.push(pairs.kept.len());
        }
        if factory.condition.is_some() {
            pairs.decide(factory, input, batch, kept, &rows, context)?;
        }
        Ok(pairs)
    }

    /// Drops the candidates for which the condition is not true.
    fn decide(
        &mut self,
        factory: &JoinFactory,
        input: usize,
        batch: &Batch,
        kept: &dyn Kept,
        rows: &[u32],
        context: &EvalContext,
    ) -> Result<()> {
        let Some(condition) = &factory.condition else { return Ok(()) };
        let mut matches = Vec::with_capacity(rows.len());
        for (rows, kept_rows) in rows.chunks(PORTION).zip(self.kept.chunks(PORTION)) {
            let items: Vec<Item> = rows
                .iter()
                .zip(kept_rows)
                .map(|(row, kept)| Item::pair(*row, *kept, RowKind::Insert))
                .collect();
            let pair = both(input, batch, kept, &items)?;
            let truth = condition.predicate(&Batch::new(pair, items.len()), context)?;
            matches.extend((0..truth.len()).map(|n| truth.is_valid(n) && truth.value(n)));
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

    /// The batch that the items speak of.
    pub(super) fn batch(&self) -> Option<&Batch> {
        self.batch.as_ref()
    }

    /// The next portion, with the items that it was made of; `None` if nothing is owed.
    pub(super) fn next(
        &mut self,
        factory: &JoinFactory,
        kept: &dyn Kept,
    ) -> Result<Option<(Batch, Range<usize>)>> {
        let range = self.sent..(self.sent + PORTION).min(self.items.len());
        let Some(batch) = self.batch.as_ref().filter(|_| !range.is_empty()) else {
            *self = Self::default();
            return Ok(None);
        };
        let items = &self.items[range.clone()];
        let columns = match factory.kind.only_left() {
            true => left(self.input, batch, kept, items)?,
            false => both(self.input, batch, kept, items)?,
        };
        self.sent = range.end;
        let kinds = items.iter().map(|item| item.kind).collect();
        let out = Batch::new(columns, items.len()).with_kinds(Kinds::Each(kinds));
        Ok(Some((out, range)))
    }

    pub(super) fn item(&self, at: usize) -> Item {
        self.items[at]
    }
}

/// The columns of the left and then those of the right.
fn both(input: usize, batch: &Batch, kept: &dyn Kept, items: &[Item]) -> Result<Vec<ArrayRef>> {
    let own = taken(batch, items)?;
    let other = kept.columns(&items.iter().map(|item| item.kept).collect::<Vec<_>>())?;
    Ok(match input {
        0 => own.into_iter().chain(other).collect(),
        _ => other.into_iter().chain(own).collect(),
    })
}

fn left(input: usize, batch: &Batch, kept: &dyn Kept, items: &[Item]) -> Result<Vec<ArrayRef>> {
    match input {
        0 => taken(batch, items),
        _ => kept.columns(&items.iter().map(|item| item.kept).collect::<Vec<_>>()),
    }
}

fn taken(batch: &Batch, items: &[Item]) -> Result<Vec<ArrayRef>> {
    let rows: UInt32Array = items.iter().map(|item| item.row).collect();
    batch.columns().iter().map(|c| take(c, &rows, None).map_err(kernel_error)).collect()
}
