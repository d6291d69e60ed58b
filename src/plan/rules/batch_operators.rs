//! Which operators a batch runs: from the sources up, as what is below decides what is best above.

use super::{batch_aggregates, batch_joins, keep_distribution, sort_early};
use crate::base::RuntimeMode;
use crate::plan::estimate::Estimator;
use crate::plan::physical::{PhysicalKind, PhysicalNode};
use crate::sql::bound::Settings;

/// Applies the rule to a tree of a batch.
pub(crate) fn apply(node: PhysicalNode, asked: &Settings) -> PhysicalNode {
    from_below(node, asked, &Estimator::new(RuntimeMode::Batch))
}

fn from_below(mut node: PhysicalNode, asked: &Settings, estimator: &Estimator) -> PhysicalNode {
    let chosen = |input| from_below(input, asked, estimator);
    node.inputs = node.inputs.into_iter().map(chosen).collect();
    let mut node = keep_distribution::apply(node);
    if let PhysicalKind::OverAggregate { .. } = node.kind {
        node.inputs = node.inputs.into_iter().map(|i| sort_early::apply(i, estimator)).collect();
    }
    match node.kind {
        PhysicalKind::HashAggregate(_) => batch_aggregates::choose(node, asked, estimator),
        PhysicalKind::GroupWindowAggregate { .. } => {
            batch_aggregates::choose_windows(node, estimator)
        }
        PhysicalKind::Join(_) => batch_joins::choose(node, estimator),
        _ => node,
    }
}
