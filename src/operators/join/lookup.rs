//! Rows of the left looked up in rows of the right, which are there whole.

use std::collections::VecDeque;

use arrow::array::{ArrayRef, UInt32Array};
use arrow::buffer::NullBuffer;
use arrow::compute::take;

use super::pairs::{Condition, Item, Kept, Owed, Pairs};
use super::{JoinKind, JoinSpec, can_match};
use crate::base::{RecordId, Result};
use crate::data::arrow::null_array;
use crate::data::select::concat;
use crate::data::{Batch, RowKind, Schema};
use crate::expr::{EvalContext, kernel_error};
use crate::operators::group_index::GroupIndex;
use crate::operators::{Context, Drain};

/// The rows of the right, and what is owed for rows of the left.
pub(in crate::operators) struct Lookup {
    condition: Option<Condition>,
    index: GroupIndex,
    right: Right,
    /// Rows of the left that are still to be looked up.
    waiting: VecDeque<Batch>,
    probed: Option<Probed>,
    /// The left has ended, and the rows of the right without a partner have not gone out.
    ended: bool,
    owed: Owed,
}

/// The rows of the right.
struct Right {
    batch: Batch,
    /// By the number of a key.
    keys: Vec<Vec<u32>>,
    /// Which rows had a partner.
    matched: Vec<bool>,
}

/// Rows of the left that are looked up.
struct Probed {
    batch: Batch,
    keys: Vec<u32>,
    can_match: Option<NullBuffer>,
    /// How many have been.
    done: usize,
}

impl Kept for Right {
    fn columns(&self, rows: &[Option<u32>], of: &[usize]) -> Result<Vec<ArrayRef>> {
        let rows: UInt32Array = rows.iter().copied().collect();
        of.iter().map(|c| take(self.batch.column(*c), &rows, None).map_err(kernel_error)).collect()
    }

    fn id(&self, row: u32) -> Option<RecordId> {
        self.batch.ids().map(|ids| ids[row as usize])
    }
}

impl Lookup {
    /// Rows of the right in which to look up.
    pub(in crate::operators) fn new(join: &JoinSpec, mut right: Vec<Batch>) -> Result<Self> {
        if right.is_empty() {
            right.push(nulls(&join.inputs[1], 0));
        }
        let batch = concat(&right)?;
        let (mut index, mut of_rows) = (GroupIndex::new(&join.keys[1].types)?, Vec::new());
        index.intern(&join.keys[1].of(&batch), batch.len(), &mut of_rows)?;
        let can = join.can_match(1, &batch);
        let mut keys = vec![Vec::new(); index.capacity()];
        for (row, key) in of_rows.iter().enumerate() {
            if can_match(can.as_ref(), row) {
                keys[*key as usize].push(row as u32);
            }
        }
        Ok(Self {
            condition: Condition::of(join),
            index,
            right: Right { matched: vec![false; batch.len()], batch, keys },
            waiting: VecDeque::new(),
            probed: None,
            ended: false,
            owed: Owed::default(),
        })
    }

    /// Rows of the left are to be looked up.
    pub(in crate::operators) fn probe(&mut self, batch: Batch) {
        self.waiting.push_back(batch);
    }

    /// No more rows of the left come: those of the right without a partner are to go out.
    pub(in crate::operators) fn end(&mut self) {
        self.ended = true;
    }

    /// Gives out the next portion.
    pub(in crate::operators) fn drain(
        &mut self,
        join: &JoinSpec,
        context: &mut Context<'_>,
    ) -> Result<Drain> {
        if self.owed.drain(join, &self.right, context)? == Drain::More {
            return Ok(Drain::More);
        }
        if self.probed.is_some() {
            self.look_up(join, context)?;
        } else if let Some(batch) = self.waiting.pop_front() {
            let mut keys = Vec::new();
            self.index.intern(&join.keys[0].of(&batch), batch.len(), &mut keys)?;
            self.right.keys.resize_with(self.index.capacity(), Vec::new);
            let can_match = join.can_match(0, &batch);
            self.probed = Some(Probed { batch, keys, can_match, done: 0 });
        } else if std::mem::take(&mut self.ended) && join.kind.keeps(1) {
            let alone = self.right.matched.iter().enumerate().filter(|(_, matched)| !**matched);
            let items = alone.map(|(row, _)| Item::of_kept(row as u32, RowKind::Insert));
            self.owed = Owed::new(0, nulls(&join.inputs[0], 1), items.collect());
        } else {
            return Ok(Drain::Done);
        }
        Ok(Drain::More)
    }

    /// Looks the next rows up.
    fn look_up(&mut self, join: &JoinSpec, context: &Context<'_>) -> Result<()> {
        let Some(probed) = &mut self.probed else { return Ok(()) };
        let (from, to) = (probed.done, probed.batch.len());
        let mut pairs =
            Pairs::find(from..to, |row| match can_match(probed.can_match.as_ref(), row) {
                true => &self.right.keys[probed.keys[row] as usize],
                false => &[],
            });
        let batch = probed.batch.slice(from, pairs.len());
        probed.done += pairs.len();
        if probed.done == to {
            self.probed = None;
        }
        if let Some(condition) = &self.condition {
            let surroundings = EvalContext::at(context.now, join.zone);
            pairs.decide(condition, 0, &batch, &self.right, &surroundings)?;
        }
        let mut items = Vec::new();
        for row in 0..batch.len() {
            let partners = pairs.of(row);
            answer(join.kind, row as u32, partners, &mut items);
            partners.iter().for_each(|p| self.right.matched[*p as usize] = true);
        }
        self.owed = Owed::new(0, batch, items);
        Ok(())
    }
}

/// What goes out for a row of the left.
fn answer(kind: JoinKind, row: u32, partners: &[u32], items: &mut Vec<Item>) {
    let alone = match kind {
        JoinKind::Semi => !partners.is_empty(),
        JoinKind::Anti => partners.is_empty(),
        _ => partners.is_empty() && kind.keeps(0),
    };
    match alone {
        true => items.push(Item::of_batch(row, RowKind::Insert)),
        false if kind.only_left() => {}
        false => items.extend(partners.iter().map(|p| Item::pair(row, *p, RowKind::Insert))),
    }
}

/// Rows of NULLs.
fn nulls(schema: &Schema, rows: usize) -> Batch {
    let columns = schema.fields().iter().map(|f| null_array(&f.data_type.logical, rows));
    Batch::new(columns.collect(), rows)
}
