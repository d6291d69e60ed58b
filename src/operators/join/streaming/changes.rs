//! What a row of a streaming join changes, with its partners among the kept rows of the other input.

use super::StreamingJoin;
use crate::data::RowKind;
use crate::operators::join::JoinKind;
use crate::operators::join::pairs::Item;
use crate::operators::join::side::Side;

/// A row and its partners among the kept rows of the other input.
pub(super) struct Met<'a> {
    /// The input that the row comes from.
    pub(super) input: usize,
    /// Its place in the batch.
    pub(super) row: u32,
    pub(super) kind: RowKind,
    pub(super) partners: &'a [u32],
}

impl StreamingJoin {
    /// What goes out for a row.
    pub(super) fn changes(&mut self, met: &Met<'_>, out: &mut Vec<Item>) {
        let join = self.join.kind;
        let other = &mut self.sides[1 - met.input];
        match (met.partners.is_empty(), met.kind.adds()) {
            _ if join.only_left() => met.semi_anti(join, other, out),
            (true, adds) if join.keeps(met.input) => {
                let kind = if adds { RowKind::Insert } else { RowKind::Delete };
                out.push(Item::of_batch(met.row, kind));
            }
            (true, _) => {}
            (false, true) => met.comes(join, other, out),
            (false, false) => met.goes(join, other, out),
        }
    }
}

impl Met<'_> {
    /// What a row that comes changes with its partners.
    fn comes(&self, join: JoinKind, other: &mut Side, out: &mut Vec<Item>) {
        if join.keeps(1 - self.input) {
            for &partner in self.partners {
                let stored = other.row_mut(partner);
                if stored.partners == 0 {
                    push_each(out, stored.count, Item::of_kept(partner, RowKind::Delete));
                }
                stored.partners += 1;
            }
        }
        let outer = join.keeps(0) || join.keeps(1);
        self.pairs(if outer { RowKind::Insert } else { self.kind }, other, out);
    }

    /// What a row that goes changes with its partners.
    fn goes(&self, join: JoinKind, other: &mut Side, out: &mut Vec<Item>) {
        let keeps = join.keeps(self.input);
        self.pairs(if keeps { RowKind::Delete } else { self.kind }, other, out);
        if join.keeps(1 - self.input) {
            for &partner in self.partners {
                let stored = other.row_mut(partner);
                stored.partners -= 1;
                if stored.partners == 0 {
                    push_each(out, stored.count, Item::of_kept(partner, RowKind::Insert));
                }
            }
        }
    }

    /// The row beside each of its partners.
    fn pairs(&self, kind: RowKind, other: &Side, out: &mut Vec<Item>) {
        for &partner in self.partners {
            push_each(out, other.row(partner).count, Item::pair(self.row, partner, kind));
        }
    }

    /// What a row changes of a join of which only the left goes out.
    fn semi_anti(&self, join: JoinKind, other: &mut Side, out: &mut Vec<Item>) {
        let anti = join == JoinKind::Anti;
        if self.input == 0 {
            if self.partners.is_empty() == anti {
                out.push(Item::of_batch(self.row, self.kind));
            }
            return;
        }
        for &partner in self.partners {
            let stored = other.row_mut(partner);
            let (changes, after) = match self.kind.adds() {
                true => (stored.partners == 0, stored.partners + 1),
                false => (stored.partners == 1, stored.partners - 1),
            };
            stored.partners = after;
            if changes {
                let kind = match (anti, self.kind.adds()) {
                    (false, _) => self.kind,
                    (true, true) => RowKind::Delete,
                    (true, false) => RowKind::Insert,
                };
                push_each(out, stored.count, Item::of_kept(partner, kind));
            }
        }
    }
}

fn push_each(out: &mut Vec<Item>, count: u32, item: Item) {
    out.extend(std::iter::repeat_n(item, count as usize));
}
