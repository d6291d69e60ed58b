//! PLAN_ADVICE: what would make a plan run better.
//!
//! Source: `GroupAggregationAnalyzer` of Flink 1.18.

use crate::plan::{PhysicalKind, PhysicalNode, PhysicalPlan};

/// Flink's words, which are the same in every language.
const TWO_PHASES: &str = "advice[1]: [ADVICE] You might want to enable local-global two-phase optimization by \
    configuring ('table.exec.mini-batch.enabled' to 'true', 'table.exec.mini-batch.allow-latency' to a \
    positive long value, 'table.exec.mini-batch.size' to a positive long value).";

/// Whether two phases might do better than this operator.
pub(super) fn is_for(node: &PhysicalNode) -> bool {
    matches!(&node.kind, PhysicalKind::GroupAggregate(grouping)
        if !grouping.calls.is_empty() && grouping.calls.iter().all(|c| c.call.function.name != "COLLECT"))
}

/// The advice for a plan.
pub(super) fn text(plan: &PhysicalPlan) -> &'static str {
    let mut pending: Vec<&PhysicalNode> = plan.roots.iter().collect();
    while let Some(node) = pending.pop() {
        if is_for(node) {
            return TWO_PHASES;
        }
        pending.extend(&node.inputs);
    }
    "No available advice..."
}
