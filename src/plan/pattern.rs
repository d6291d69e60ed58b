//! MATCH_RECOGNIZE in a plan.

use super::convert::by_key;
use super::physical::{PhysicalKind, PhysicalNode};
use crate::data::Schema;
use crate::expr::Expr;
use crate::sql::bound::{MatchExpr, MatchRecognize, MatchSlot, Pattern};

/// The operator of a pattern.
pub(super) fn recognize(
    node: &MatchRecognize,
    input: PhysicalNode,
    schema: &Schema,
) -> PhysicalNode {
    let input = input.exchanged(by_key(&node.pattern.partition));
    let kind = PhysicalKind::Match(Box::new(node.pattern.clone()));
    PhysicalNode::new(kind, vec![input], schema.clone())
}

impl Pattern {
    /// The columns that it reads.
    pub(crate) fn columns(&self) -> Vec<usize> {
        let of_slot = |slot: &MatchSlot| match slot {
            MatchSlot::Row { column, .. } => vec![*column],
            MatchSlot::Aggregate { call, .. } => {
                call.arguments.iter().flat_map(Expr::columns).collect()
            }
        };
        let exprs = self.defines.iter().flatten().chain(&self.measures);
        let of_exprs = exprs.flat_map(|e| e.slots.iter().flat_map(of_slot));
        let order = self.order.iter().map(|k| k.column);
        self.partition.iter().copied().chain(order).chain(of_exprs).collect()
    }

    /// The same where columns stand elsewhere.
    pub(crate) fn moved(mut self, place: &impl Fn(usize) -> usize) -> Self {
        self.partition.iter_mut().for_each(|c| *c = place(*c));
        self.order.iter_mut().for_each(|k| k.column = place(k.column));
        let exprs = self.defines.iter_mut().flatten().chain(&mut self.measures);
        for MatchExpr { slots, .. } in exprs {
            for slot in slots {
                match slot {
                    MatchSlot::Row { column, .. } => *column = place(*column),
                    MatchSlot::Aggregate { call, .. } => {
                        let arguments = call.arguments.iter().map(|e| e.map_columns(place));
                        call.arguments = arguments.collect();
                    }
                }
            }
        }
        self
    }
}
