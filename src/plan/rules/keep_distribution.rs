//! In a batch, rows that are where their key says are not sent there again.
//!
//! As Flink's `satisfyTraits` of joins, aggregates and projections.

use crate::plan::join::Join;
use crate::plan::phases::Global;
use crate::plan::physical::{Distribution, LimitOf, PhysicalKind, PhysicalNode};
use crate::sql::bound::JoinKind;

/// An operator without exchanges that change nothing.
pub(super) fn apply(mut node: PhysicalNode) -> PhysicalNode {
    node.inputs = node.inputs.into_iter().map(without_exchange).collect();
    node
}

/// An input without an exchange that changes nothing.
pub(super) fn without_exchange(node: PhysicalNode) -> PhysicalNode {
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
        PhysicalKind::HashAggregate(grouping)
        | PhysicalKind::SortAggregate(grouping)
        | PhysicalKind::GlobalBatchAggregate { global: Global { grouping, .. }, .. } => {
            grouping.keys.is_empty()
        }
        PhysicalKind::Rank(rank) => rank.of == LimitOf::Subtasks && rank.partition.is_empty(),
        PhysicalKind::OverAggregate { windows, bounded: true, .. } => {
            windows.iter().all(|window| window.partition.is_empty())
        }
        PhysicalKind::Join(join) => probe(join, node).is_some_and(is_together),
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
        PhysicalKind::Rank(rank) => rank.of == LimitOf::Subtasks && rank.partition == keys,
        PhysicalKind::OverAggregate { windows, bounded: true, .. } => {
            windows.first().is_some_and(|window| !keys.is_empty() && window.partition == keys)
        }
        PhysicalKind::HashAggregate(grouping)
        | PhysicalKind::SortAggregate(grouping)
        | PhysicalKind::GlobalBatchAggregate { global: Global { grouping, .. }, .. } => {
            !keys.is_empty() && keys.iter().copied().eq(0..grouping.keys.len())
        }
        PhysicalKind::Join(join) if !join.way.is_by_key() => {
            let moved = if join.known.left_is_built { input.schema.len() } else { 0 };
            let keys = keys.iter().map(|key| key.checked_sub(moved)).collect::<Option<Vec<_>>>();
            match (probe(join, node), keys) {
                (Some(probe), Some(keys)) if keys.iter().all(|key| *key < probe.schema.len()) => {
                    is_by(probe, &keys)
                }
                _ => false,
            }
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

/// The side of a join whose rows stay where they are, if the other is at every subtask.
fn probe<'a>(join: &Join, node: &'a PhysicalNode) -> Option<&'a PhysicalNode> {
    let is_everywhere = !join.way.is_by_key() && join.kind != JoinKind::Full;
    node.inputs.get(usize::from(join.known.left_is_built)).filter(|_| is_everywhere)
}
