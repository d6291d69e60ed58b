//! Flink's planner lets an aggregate stand over values of any type, and has no function for some of them.
//! What nobody reads is not computed, and so does not fail.

use crate::base::{Result, RuntimeMode};
use crate::plan::physical::{PhysicalKind, PhysicalNode};
use crate::sql::bound::{AggregateCall, OverFunction};

/// Checks the aggregates that are left in a tree.
///
/// # Errors
/// `function-arguments`, `distinct-type`.
pub(crate) fn check(node: &PhysicalNode, mode: RuntimeMode) -> Result<()> {
    let streaming = mode == RuntimeMode::Streaming;
    let all = |calls: &[AggregateCall]| calls.iter().try_for_each(|c| c.call.check(streaming));
    match &node.kind {
        PhysicalKind::GroupAggregate(grouping)
        | PhysicalKind::HashAggregate(grouping)
        | PhysicalKind::SortAggregate(grouping)
        | PhysicalKind::GroupWindowAggregate { grouping, .. }
        | PhysicalKind::WindowAggregate { grouping, .. } => all(&grouping.calls)?,
        PhysicalKind::OverAggregate { windows, .. } => {
            for call in windows.iter().flat_map(|window| &window.calls) {
                if let OverFunction::Aggregate(call) = &call.function {
                    call.check(streaming)?;
                }
            }
        }
        _ => {}
    }
    node.inputs.iter().try_for_each(|input| check(input, mode))
}
