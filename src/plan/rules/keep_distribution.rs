//! In a batch, rows that are where their key says are not sent there again.
//!
//! As Flink's `satisfyTraits` of joins, aggregates and projections.

use crate::plan::physical::{Distribution, LimitOf, PhysicalKind, PhysicalNode};
use crate::sql::bound::JoinKind;

/// Applies the rule to a tree of a batch.
pub(crate) fn apply(mut node: PhysicalNode) -> PhysicalNode {
    node.inputs = node.inputs.into_iter().map(|input| without_exchange(apply(input))).collect();
    node
}

fn without_exchange(node: PhysicalNode) -> PhysicalNode {
    match (&node.kind, node.inputs.first()) {
        (PhysicalKind::Exchange(Distribution::Hash(keys)), Some(input)) if is_by(input, keys) => {
            input.clone()
        }
        (PhysicalKind::Exchange(Distribution::Single), Some(input)) if is_together(input) => {
            input.clone()
        }
        _ => node,
    }
}

/// Whether all rows of an operator are in one place.
fn is_together(node: &PhysicalNode) -> bool {
    let Some(input) = node.inputs.first() else { return false };
    match &node.kind {
        PhysicalKind::Exchange(Distribution::Single) => true,
        PhysicalKind::HashAggregate(grouping) | PhysicalKind::SortAggregate(grouping) => {
            grouping.keys.is_empty()
        }
        PhysicalKind::Limit { of, .. } | PhysicalKind::SortLimit { of, .. } => {
            *of != LimitOf::Subtask
        }
        PhysicalKind::Calc { .. } | PhysicalKind::Sort(_) => is_together(input),
        _ => false,
    }
}

/// Whether the rows of an operator are distributed by these columns.
fn is_by(node: &PhysicalNode, keys: &[usize]) -> bool {
    let Some(input) = node.inputs.first() else { return false };
    match &node.kind {
        PhysicalKind::Exchange(Distribution::Hash(by)) => by == keys,
        PhysicalKind::Calc { projection, .. } => {
            let below = keys.iter().map(|key| projection.get(*key)?.as_column());
            below.collect::<Option<Vec<_>>>().is_some_and(|keys| is_by(input, &keys))
        }
        PhysicalKind::Sort(_) => is_by(input, keys),
        PhysicalKind::HashAggregate(grouping) | PhysicalKind::SortAggregate(grouping) => {
            !keys.is_empty() && keys.iter().copied().eq(0..grouping.keys.len())
        }
        PhysicalKind::Join(join) if !keys.is_empty() => {
            let [left, right] = &join.keys;
            let width = input.schema.len();
            let of_left = keys == left;
            let of_right = keys.iter().copied().eq(right.iter().map(|key| key + width));
            match join.kind {
                JoinKind::Inner => of_left || of_right,
                JoinKind::Left | JoinKind::Semi | JoinKind::Anti => of_left,
                JoinKind::Right => of_right,
                JoinKind::Full => false,
            }
        }
        _ => false,
    }
}
