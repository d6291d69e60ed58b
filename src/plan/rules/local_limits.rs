//! In a batch a LIMIT is taken twice: by each subtask of its own rows, and then of what they have left.
//!
//! As Flink's `BatchPhysicalLimitRule` and `BatchPhysicalSortLimitRule`.

use crate::plan::physical::{LimitOf, PhysicalKind, PhysicalNode};

/// Applies the rule to a tree of a batch.
pub(crate) fn apply(mut node: PhysicalNode) -> PhysicalNode {
    node.inputs = node.inputs.into_iter().map(apply).collect();
    let Some(local) = local(&node.kind) else { return node };
    if let PhysicalKind::Limit { of, .. } | PhysicalKind::SortLimit { of, .. } = &mut node.kind {
        *of = LimitOf::Subtasks;
    }
    let below = |exchange: PhysicalNode| {
        let limited = |input: PhysicalNode| {
            let schema = input.schema.clone();
            PhysicalNode::new(local.clone(), vec![input], schema)
        };
        let inputs = exchange.inputs.into_iter().map(limited).collect();
        PhysicalNode { inputs, ..exchange }
    };
    node.inputs = node.inputs.into_iter().map(below).collect();
    node
}

/// What each subtask leaves of its rows: as many as could be skipped or taken.
fn local(kind: &PhysicalKind) -> Option<PhysicalKind> {
    let of = LimitOf::Subtask;
    Some(match kind {
        PhysicalKind::Limit { offset, fetch, .. } => {
            PhysicalKind::Limit { offset: 0, fetch: offset.saturating_add(*fetch), of }
        }
        PhysicalKind::SortLimit { keys, offset, fetch, strategy, .. } => PhysicalKind::SortLimit {
            keys: keys.clone(),
            offset: 0,
            fetch: offset.saturating_add(*fetch),
            strategy: strategy.clone(),
            of,
        },
        _ => return None,
    })
}
