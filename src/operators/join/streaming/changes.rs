//! What a row of a streaming join changes, with its partners among the kept rows of the other input.

use super::StreamingJoin;
use crate::data::RowKind;
use crate::operators::join::JoinKind;
use crate::operators::join::pairs::Item;
use crate::operators::join::side::Side;

impl StreamingJoin {
    /// What goes out for a row.
    pub(super) fn changes(
        &mut self,
        input: usize,
        row: u32,
        kind: RowKind,
        partners: &[u32],
        out: &mut Vec<Item>,
    ) {
        let join = self.factory.kind;
        if join.only_left() {
            let other = &mut self.sides[1 - input];
            return semi_anti(join, input, other, row, kind, partners, out);
        }
        match (partners.is_empty(), kind.adds()) {
            (true, adds) if join.keeps(input) => {
                let kind = if adds { RowKind::Insert } else { RowKind::Delete };
                out.push(Item::of_batch(row, kind));
            }
            (true, _) => {}
            (false, true) => self.comes(input, row, kind, partners, out),
            (false, false) => self.goes(input, row, kind, partners, out),
        }
    }

    /// What a row that comes changes with its partners.
    fn comes(
        &mut self,
        input: usize,
        row: u32,
        kind: RowKind,
        partners: &[u32],
        out: &mut Vec<Item>,
    ) {
        let join = self.factory.kind;
        let other = &mut self.sides[1 - input];
        if join.keeps(1 - input) {
            for &partner in partners {
                let stored = other.row_mut(partner);
                if stored.partners == 0 {
                    push_each(out, stored.count, Item::of_kept(partner, RowKind::Delete));
                }
                stored.partners += 1;
            }
        }
        let outer = join.keeps(0) || join.keeps(1);
        let kind = if outer { RowKind::Insert } else { kind };
        for &partner in partners {
            push_each(out, other.row(partner).count, Item::pair(row, partner, kind));
        }
    }

    /// What a row that goes changes with its partners.
    fn goes(
        &mut self,
        input: usize,
        row: u32,
        kind: RowKind,
        partners: &[u32],
        out: &mut Vec<Item>,
    ) {
        let join = self.factory.kind;
        let other = &mut self.sides[1 - input];
        let kind = if join.keeps(input) { RowKind::Delete } else { kind };
        for &partner in partners {
            push_each(out, other.row(partner).count, Item::pair(row, partner, kind));
        }
        if join.keeps(1 - input) {
            for &partner in partners {
                let stored = other.row_mut(partner);
                stored.partners -= 1;
                if stored.partners == 0 {
                    push_each(out, stored.count, Item::of_kept(partner, RowKind::Insert));
                }
            }
        }
    }
}

/// What a row changes of a join of which only the left goes out.
fn semi_anti(
    join: JoinKind,
    input: usize,
    other: &mut Side,
    row: u32,
    kind: RowKind,
    partners: &[u32],
    out: &mut Vec<Item>,
) {
    let anti = join == JoinKind::Anti;
    if input == 0 {
        if partners.is_empty() == anti {
            out.push(Item::of_batch(row, kind));
        }
        return;
    }
    for &partner in partners {
        let stored = other.row_mut(partner);
        let (changes, after) = match kind.adds() {
            true => (stored.partners == 0, stored.partners + 1),
            false => (stored.partners == 1, stored.partners - 1),
        };
        stored.partners = after;
        if changes {
            let kind = match (anti, kind.adds()) {
                (false, _) => kind,
                (true, true) => RowKind::Delete,
                (true, false) => RowKind::Insert,
            };
            push_each(out, stored.count, Item::of_kept(partner, kind));
        }
    }
}

fn push_each(out: &mut Vec<Item>, count: u32, item: Item) {
    out.extend(std::iter::repeat_n(item, count as usize));
}
