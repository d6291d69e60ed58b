//! The joins of two inputs.

use super::{Kept, Needed, only_input, prune};
use crate::base::Result;
use crate::data::Schema;
use crate::plan::calc::{calc, columns};
use crate::plan::join::Join;
use crate::plan::physical::{PhysicalKind, PhysicalNode, no_input};
use crate::plan::window_join::WindowJoin;

/// A join keeps the columns that are needed of both inputs, and its keys.
pub(super) fn join(mut node: PhysicalNode, needed: &Needed) -> Result<(PhysicalNode, Kept)> {
    let (right, left) = (only_input(&mut node)?, only_input(&mut node)?);
    let PhysicalKind::Join(join) = node.kind else { return Err(no_input()) };
    let reads = join.reads(left.schema.len()).map(Needed::from_iter);
    let both = Both::prune(left, right, reads, needed)?;
    let kind = PhysicalKind::Join(Box::new(both.moved(*join)));
    let (joined, kept) = both.into_node(kind, &node.schema);
    without_keys(joined, kept, needed, &node.schema)
}

/// What only the join itself has read does not go on.
fn without_keys(
    node: PhysicalNode,
    kept: Kept,
    needed: &Needed,
    named: &Schema,
) -> Result<(PhysicalNode, Kept)> {
    if needed.is_empty() || kept.0.iter().all(|column| needed.contains(column)) {
        return Ok((node, kept));
    }
    let all = columns(&node.schema);
    let left = Kept(needed.iter().copied().collect());
    let exprs = left.columns_of(&kept).into_iter().map(|place| all[place].clone()).collect();
    let schema = left.schema(named);
    Ok((calc(node, None, exprs, schema)?, left))
}

/// So does a join of windows, which reads the times of both sides as well.
pub(super) fn window_join(mut node: PhysicalNode, needed: &Needed) -> Result<(PhysicalNode, Kept)> {
    let (right, left) = (only_input(&mut node)?, only_input(&mut node)?);
    let PhysicalKind::WindowJoin(of) = node.kind else { return Err(no_input()) };
    let WindowJoin { join, windows: [left_times, right_times] } = *of;
    let mut reads = join.reads(left.schema.len()).map(Needed::from_iter);
    reads[0].extend(left_times.columns());
    reads[1].extend(right_times.columns());
    let both = Both::prune(left, right, reads, needed)?;
    let windows = [
        left_times.moved(&|c| both.kept[0].place(c)),
        right_times.moved(&|c| both.kept[1].place(c)),
    ];
    let join = both.moved(join);
    let kind = PhysicalKind::WindowJoin(Box::new(WindowJoin { join, windows }));
    Ok(both.into_node(kind, &node.schema))
}

/// Both inputs of a join without what is not needed of them.
struct Both {
    inputs: [PhysicalNode; 2],
    kept: [Kept; 2],
    /// How many columns the left one had.
    width: usize,
}

impl Both {
    /// `reads` are the columns that the join itself reads of each. Of each at least one stays, since a
    /// join remembers rows by their columns.
    fn prune(
        left: PhysicalNode,
        right: PhysicalNode,
        [mut of_left, mut of_right]: [Needed; 2],
        needed: &Needed,
    ) -> Result<Self> {
        let width = left.schema.len();
        for column in needed {
            match *column < width {
                true => of_left.insert(*column),
                false => of_right.insert(column - width),
            };
        }
        for (of, input) in [(&mut of_left, &left), (&mut of_right, &right)] {
            if of.is_empty() && !input.schema.is_empty() {
                of.insert(0);
            }
        }
        let (left, left_kept) = prune(left, &of_left)?;
        let (right, right_kept) = prune(right, &of_right)?;
        Ok(Self { inputs: [left, right], kept: [left_kept, right_kept], width })
    }

    /// The join where columns stand elsewhere.
    fn moved(&self, join: Join) -> Join {
        let (left, right) = (|c: usize| self.kept[0].place(c), |c: usize| self.kept[1].place(c));
        let all = |c: usize| match c < self.width {
            true => left(c),
            false => self.kept[0].0.len() + right(c - self.width),
        };
        join.moved([&left as &dyn Fn(usize) -> usize, &right], &all)
    }

    /// The join over both, and which of the columns of `schema` it has left.
    fn into_node(self, kind: PhysicalKind, schema: &Schema) -> (PhysicalNode, Kept) {
        let [left, right] = self.kept;
        let mut kept = left.0;
        if schema.len() > self.width {
            kept.extend(right.0.iter().map(|c| c + self.width));
        }
        let kept = Kept(kept);
        let names = self.inputs.iter().flat_map(|input| input.schema.fields().to_vec());
        let names = Schema::new(names.collect()).with_own_names();
        let schema = super::named_as(&kept.schema(schema), &names);
        (PhysicalNode::new(kind, self.inputs, schema), kept)
    }
}
