//! What a join by event time gives out: rows that it holds, side by side or alone.

use super::side::TimedSide;
use crate::base::{Result, Watermark};
use crate::data::{Batch, Kinds, RowKind};
use crate::operators::buffer::PORTION;
use crate::operators::join::JoinSpec;
use crate::operators::join::pairs::Kept;
use crate::operators::row_store::RowId;
use crate::operators::{Context, Drain};

/// A row of the left, a row of the right, or both.
pub(super) type Pair = [Option<RowId>; 2];

/// What is owed.
#[derive(Default)]
pub(super) struct Answer {
    rows: Vec<(Pair, RowKind)>,
    sent: usize,
    /// Rows of each input that are held no longer once the answer is out.
    gone: [Vec<RowId>; 2],
    /// What follows.
    watermark: Option<Watermark>,
}

impl Answer {
    pub(super) fn push(&mut self, pair: Pair, kind: RowKind) {
        self.rows.push((pair, kind));
    }

    /// A row of an input is held no longer.
    pub(super) fn release(&mut self, input: usize, row: RowId) {
        self.gone[input].push(row);
    }

    /// A watermark follows the answer.
    pub(super) fn follow(&mut self, watermark: Watermark) {
        self.watermark = Some(watermark);
    }

    /// Gives out the next portion.
    pub(super) fn drain(
        &mut self,
        join: &JoinSpec,
        sides: &mut [TimedSide; 2],
        context: &mut Context<'_>,
    ) -> Result<Drain> {
        let rows = &self.rows[self.sent..(self.sent + PORTION).min(self.rows.len())];
        if !rows.is_empty() {
            give(rows, join, sides, context)?;
            self.sent += rows.len();
            return Ok(Drain::More);
        }
        self.rows.clear();
        self.sent = 0;
        for (side, gone) in sides.iter_mut().zip(&mut self.gone) {
            side.release(gone.drain(..))?;
        }
        if let Some(watermark) = self.watermark.take() {
            context.emit_watermark(watermark);
        }
        Ok(Drain::Done)
    }
}

fn give(
    rows: &[(Pair, RowKind)],
    join: &JoinSpec,
    sides: &[TimedSide; 2],
    context: &mut Context<'_>,
) -> Result<()> {
    let mut columns = Vec::with_capacity(join.output.len());
    for (input, side) in sides.iter().enumerate() {
        let of_input: Vec<Option<RowId>> = rows.iter().map(|(pair, _)| pair[input]).collect();
        let all: Vec<usize> = (0..join.inputs[input].len()).collect();
        columns.extend(side.columns(&of_input, &all)?);
    }
    let kinds = Kinds::of(rows.iter().map(|(_, kind)| *kind).collect());
    let out = Batch::new(columns, rows.len()).with_kinds(kinds);
    context.emit_rows_because(out, |at| {
        rows[at].0.iter().zip(sides).filter_map(|(row, side)| side.id((*row)?)).collect()
    });
    Ok(())
}
