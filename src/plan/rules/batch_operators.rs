//! Which operators a batch runs: from the sources up, as what is below decides what is best above.

use super::{batch_aggregates, batch_joins, keep_distribution, sort_early};
use crate::plan::physical::{PhysicalKind, PhysicalNode};
use crate::sql::bound::Settings;

/// Applies the rule to a tree of a batch.
pub(crate) fn apply(mut node: PhysicalNode, asked: &Settings) -> PhysicalNode {
    node.inputs = node.inputs.into_iter().map(|input| apply(input, asked)).collect();
    let mut node = keep_distribution::apply(node);
    if let PhysicalKind::OverAggregate { .. } = node.kind {
        node.inputs = node.inputs.into_iter().map(sort_early::apply).collect();
    }
    match node.kind {
        PhysicalKind::HashAggregate(_) => batch_aggregates::choose(node, asked),
        PhysicalKind::GroupWindowAggregate { .. } => batch_aggregates::choose_windows(node),
        PhysicalKind::Join(_) => batch_joins::choose(node),
        _ => node,
    }
}
