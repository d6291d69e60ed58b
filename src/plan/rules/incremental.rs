//! What counts in buckets and what accumulates over these become one, which keeps only the values that
//! are distinct and tells how much more there is.
//!
//! As Flink's `IncrementalAggregateRule` (`table.optimizer.incremental-agg-enabled`), where both parts of a
//! split GROUP BY have two phases.

use crate::data::Schema;
use crate::plan::phases::{Global, Incremental};
use crate::plan::physical::{PhysicalKind, PhysicalNode, Split};

/// Applies the rule to a tree.
pub(crate) fn apply(mut node: PhysicalNode) -> PhysicalNode {
    if let Some(both) = together(&node) {
        node = both;
    }
    node.inputs = node.inputs.into_iter().map(apply).collect();
    node
}

fn together(node: &PhysicalNode) -> Option<PhysicalNode> {
    let PhysicalKind::GlobalGroupAggregate(last) = &node.kind else { return None };
    let exchange = node.inputs.first()?;
    let local = exchange.inputs.first()?;
    let partial = local.inputs.first()?;
    let (PhysicalKind::Exchange(distribution), PhysicalKind::LocalGroupAggregate(_)) =
        (&exchange.kind, &local.kind)
    else {
        return None;
    };
    let PhysicalKind::GlobalGroupAggregate(of_buckets) = &partial.kind else { return None };
    if (last.grouping.part, of_buckets.grouping.part) != (Split::Final, Split::Partial) {
        return None;
    }
    let incremental = Incremental::of(of_buckets, last.grouping.keys.len())?;
    let fields = incremental.fields(&partial.schema);
    let mut grouping = last.grouping.clone();
    for (call, told) in grouping.calls.iter_mut().zip(&incremental.told.grouping.calls) {
        call.call.monotonic = told.call.monotonic;
    }
    let global = Global { grouping, local: incremental.merged() };
    let kind = PhysicalKind::IncrementalGroupAggregate(incremental);
    let incremental = PhysicalNode::new(kind, partial.inputs.clone(), Schema::new(fields));
    let sent = incremental.exchanged(distribution.clone());
    Some(node.replaced(PhysicalKind::GlobalGroupAggregate(global), vec![sent]))
}
