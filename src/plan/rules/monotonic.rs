//! MAX of what only grows, and MIN of what only shrinks: nothing has to be taken away from them.
//!
//! As `AggregateUtil.getNeedRetractions` of Flink 1.18.

use crate::plan::monotonicity::{Monotonicity, monotonicity, of_call};
use crate::plan::physical::{PhysicalKind, PhysicalNode};

/// Applies the rule to a tree.
pub(crate) fn apply(mut node: PhysicalNode) -> PhysicalNode {
    node.inputs = node.inputs.into_iter().map(apply).collect();
    if let (PhysicalKind::GroupAggregate(grouping), [input]) = (&mut node.kind, &node.inputs[..])
        && !input.changelog.is_insert_only()
        && let Some(moves) = monotonicity(input)
        && grouping.keys.iter().all(|key| moves[*key] == Monotonicity::Constant)
    {
        for call in grouping.calls.iter_mut().filter(|call| !call.call.distinct) {
            let wanted = match call.call.function.name {
                "MAX" => Monotonicity::Increasing,
                "MIN" => Monotonicity::Decreasing,
                _ => continue,
            };
            call.call.monotonic = of_call(&call.call, input, &moves) == wanted;
        }
    }
    node
}
