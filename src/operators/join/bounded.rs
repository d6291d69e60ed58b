//! The join of two inputs that end: the right one is kept whole, then each row of the left is looked up
//! in it. The answer comes once.

use arrow::array::{ArrayRef, UInt32Array};
use arrow::compute::take;

use super::pairs::{Condition, Item, Kept, Owed, Pairs};
use super::{JoinFactory, JoinKind, can_match};
use crate::base::Result;
use crate::data::arrow::null_array;
use crate::data::select::concat;
use crate::data::{Batch, RowKind};
use crate::expr::{EvalContext, kernel_error};
use crate::operators::group_index::GroupIndex;
use crate::operators::{Context, Drain, Operator};

/// A join of two bounded inputs, in one subtask.
pub(super) struct BoundedJoin {
    factory: JoinFactory,
    condition: Option<Condition>,
    keys: GroupIndex,
    /// The right input: its batches, then all of it.
    arriving: Vec<Batch>,
    right: Right,
    /// Rows of the left that came before the right had ended, and those still to be looked up.
    waiting: std::collections::VecDeque<Batch>,
    built: bool,
    ended: bool,
    owed: Owed,
}

/// The right input.
#[derive(Default)]
struct Right {
    batch: Option<Batch>,
    /// By the number of a key.
    keys: Vec<Vec<u32>>,
    /// Which rows had a partner.
    matched: Vec<bool>,
}

impl Kept for Right {
    fn columns(&self, rows: &[Option<u32>], of: &[usize]) -> Result<Vec<ArrayRef>> {
        let rows: UInt32Array = rows.iter().copied().collect();
        let Some(batch) = &self.batch else { return Ok(Vec::new()) };
        of.iter().map(|c| take(batch.column(*c), &rows, None).map_err(kernel_error)).collect()
    }
}

impl BoundedJoin {
    pub(super) fn new(factory: &JoinFactory) -> Result<Self> {
        Ok(Self {
            condition: Condition::of(factory),
            factory: factory.clone(),
            keys: GroupIndex::new(&factory.keys[0].types)?,
            arriving: Vec::new(),
            right: Right::default(),
            waiting: std::collections::VecDeque::new(),
            built: false,
            ended: false,
            owed: Owed::default(),
        })
    }

    fn build(&mut self) -> Result<()> {
        let fields = self.factory.inputs[1].fields().iter();
        let empty = fields.map(|f| null_array(&f.data_type.logical, 0)).collect();
        let mut arriving = std::mem::take(&mut self.arriving);
        arriving.push(Batch::new(empty, 0));
        let batch = concat(&arriving)?;
        let mut keys = Vec::new();
        self.keys.intern(&self.factory.keys[1].of(&batch), batch.len(), &mut keys)?;
        let can = self.factory.can_match(1, &batch);
        self.right.keys.resize_with(self.keys.capacity(), Vec::new);
        for (row, key) in keys.iter().enumerate().filter(|(row, _)| can_match(can.as_ref(), *row)) {
            self.right.keys[*key as usize].push(row as u32);
        }
        self.right.matched = vec![false; batch.len()];
        self.right.batch = Some(batch);
        self.built = true;
        Ok(())
    }

    /// Looks rows of the left up.
    fn probe(&mut self, batch: Batch, context: &Context<'_>) -> Result<()> {
        let mut keys = Vec::new();
        self.keys.intern(&self.factory.keys[0].of(&batch), batch.len(), &mut keys)?;
        self.right.keys.resize_with(self.keys.capacity(), Vec::new);
        let can = self.factory.can_match(0, &batch);
        let mut pairs = Pairs::find(batch.len(), |row| match can_match(can.as_ref(), row) {
            true => &self.right.keys[keys[row] as usize],
            false => &[],
        });
        if let Some(condition) = &self.condition {
            let surroundings = EvalContext::at(context.now, self.factory.zone);
            pairs.decide(condition, 0, &batch, &self.right, &surroundings)?;
        }
        let (kind, mut items) = (self.factory.kind, Vec::new());
        for row in 0..batch.len() {
            let partners = pairs.of(row);
            let alone = partners.is_empty();
            match kind {
                JoinKind::Semi if alone => {}
                JoinKind::Anti if !alone => {}
                JoinKind::Semi | JoinKind::Anti => {
                    items.push(Item::of_batch(row as u32, RowKind::Insert));
                }
                _ if alone && kind.keeps(0) => {
                    items.push(Item::of_batch(row as u32, RowKind::Insert));
                }
                _ => {
                    let pair = |p: &u32| Item::pair(row as u32, *p, RowKind::Insert);
                    items.extend(partners.iter().map(pair));
                }
            }
            partners.iter().for_each(|p| self.right.matched[*p as usize] = true);
        }
        self.owed = Owed::new(0, batch, items);
        Ok(())
    }

    /// The rows of the right without a partner, once all of the left was looked up.
    fn rest(&mut self) {
        let alone = self.right.matched.iter().enumerate().filter(|(_, matched)| !**matched);
        let items = alone.map(|(row, _)| Item::of_kept(row as u32, RowKind::Insert)).collect();
        let fields = self.factory.inputs[0].fields().iter();
        let empty = fields.map(|f| null_array(&f.data_type.logical, 1)).collect();
        self.owed = Owed::new(0, Batch::new(empty, 1), items);
    }
}

impl Operator for BoundedJoin {
    fn process(&mut self, input: usize, batch: Batch, _context: &mut Context<'_>) -> Result<()> {
        match input {
            0 => self.waiting.push_back(batch),
            _ => self.arriving.push(batch),
        }
        Ok(())
    }

    fn end_input(&mut self, input: usize, _context: &mut Context<'_>) -> Result<()> {
        match input {
            0 => self.ended = true,
            _ => self.build()?,
        }
        Ok(())
    }

    fn drain(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        if let Some((out, _)) = self.owed.next(&self.factory, &self.right)? {
            context.emit(out);
            return Ok(Drain::More);
        }
        if !self.built {
            return Ok(Drain::Done);
        }
        if let Some(batch) = self.waiting.pop_front() {
            self.probe(batch, context)?;
            return Ok(Drain::More);
        }
        if self.ended && self.factory.kind.keeps(1) && !self.right.matched.is_empty() {
            self.rest();
            self.right.matched = Vec::new();
            return Ok(Drain::More);
        }
        Ok(Drain::Done)
    }
}
