//! The steps of a Calc: what condition and projection share, the filter, what the projection shares,
//! the projection.

use arrow::array::BooleanArray;

use super::reads::Reads;
use super::shared::Shared;
use crate::base::{Result, Watermark};
use crate::data::Batch;
use crate::data::select::filter;
use crate::expr::{EvalContext, Expr};

/// A condition and a projection, prepared.
#[derive(Clone, Debug, Default)]
pub(super) struct Steps {
    before: Shared,
    condition: Option<Expr>,
    reads: Reads,
    after: Shared,
}

impl Steps {
    /// The steps in which nothing is computed twice. What is shared is computed for all rows, also if
    /// it stands where only some are wanted, behind CASE; where it fails, [`Steps::plain`] may not.
    pub(super) fn shared(condition: Option<&Expr>, projection: &[Expr]) -> Self {
        let all: Vec<Expr> = condition.into_iter().chain(projection).cloned().collect();
        let (before, mut all) = Shared::of(&all, condition.iter().len());
        let projection = all.split_off(condition.iter().len());
        let mut reads = Reads::of(&projection);
        let (after, projection) = Shared::of(&reads.projection, reads.projection.len());
        reads.projection = projection;
        Self { before, condition: all.pop(), reads, after }
    }

    /// The steps in which each part is computed where it stands.
    pub(super) fn plain(condition: Option<&Expr>, projection: &[Expr]) -> Self {
        let (condition, reads) = (condition.cloned(), Reads::of(projection));
        Self { condition, reads, ..Self::default() }
    }

    /// Whether anything is shared.
    pub(super) fn share(&self) -> bool {
        !self.before.is_empty() || !self.after.is_empty()
    }

    /// The rows that stay, projected, and the watermark that stands before them all. `now` puts into an
    /// expression what it reads besides the rows.
    pub(super) fn run(
        &self,
        batch: &Batch,
        context: &EvalContext,
        now: impl Fn(&Expr) -> Expr,
    ) -> Result<(Option<Watermark>, Batch)> {
        let batch = self.before.with_parts(batch.clone(), context)?;
        let read = self.reads.columns(&batch, context)?;
        let keep = |condition: &Expr| now(condition).predicate(&batch, context);
        let keep: Option<BooleanArray> = self.condition.as_ref().map(keep).transpose()?;
        let (watermark, kept) = match keep {
            None => (None, read),
            Some(keep) => filter(&read, &keep)?,
        };
        if kept.is_empty() {
            return Ok((watermark, kept));
        }
        let kept = self.after.with_parts(kept, context)?;
        let columns = self.reads.projection.iter().map(|e| now(e).evaluate(&kept, context));
        Ok((watermark, kept.with_columns(columns.collect::<Result<_>>()?)))
    }
}
