//! With mini-batch an aggregate becomes two: one before the exchange, and one behind it that merges.
//!
//! As Flink's `TwoStageOptimizedAggregateRule`: if all functions can merge their accumulators, and
//! `table.optimizer.agg-phase-strategy` does not ask for one phase. It comes last, when it is known which
//! aggregates have rows taken away.

use crate::data::Schema;
use crate::plan::phases::Local;
use crate::plan::physical::{Distribution, PhysicalKind, PhysicalNode};

/// Applies the rule to a tree.
pub(crate) fn apply(mut node: PhysicalNode) -> PhysicalNode {
    node.inputs = node.inputs.into_iter().map(apply).collect();
    let PhysicalKind::GroupAggregate(grouping) = &node.kind else { return node };
    let [exchange] = node.inputs.as_slice() else { return node };
    let (PhysicalKind::Exchange(distribution), [input]) =
        (&exchange.kind, exchange.inputs.as_slice())
    else {
        return node;
    };
    let Some(local) = Local::of(grouping, !input.changelog.is_insert_only()) else { return node };
    let calls = grouping.calls.len();
    let keys = grouping.keys.iter().map(|key| input.schema.fields()[*key].clone());
    let columns = local.accumulators.columns.iter().map(|(_, _, field)| field.clone());
    let schema = Schema::new(keys.chain(columns).collect());
    let distribution = match distribution {
        Distribution::Single => Distribution::Single,
        Distribution::Hash(_) => Distribution::Hash((0..grouping.keys.len()).collect()),
    };
    let kind = PhysicalKind::LocalGroupAggregate(local.clone());
    let below = PhysicalNode::new(kind, vec![input.clone()], schema).exchanged(distribution);
    let kind = PhysicalKind::GlobalGroupAggregate(local.global(calls));
    PhysicalNode { kind, inputs: vec![below], ..node }
}
