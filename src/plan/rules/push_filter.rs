//! A source that can leave out what a filter right above it would is told of the filter.
//!
//! As Flink's `PushFilterIntoTableSourceScanRule`: the filter stays where it is, what the source is told
//! is but a hint. Conditions on partition columns alone are not told: they have chosen the files.

use crate::base::Result;
use crate::connectors::registry::find;
use crate::expr::Expr;
use crate::plan::physical::{PhysicalKind, PhysicalNode};

/// Applies the rule to a tree.
pub(crate) fn apply(mut node: PhysicalNode) -> Result<PhysicalNode> {
    if let PhysicalKind::Calc { condition: Some(condition), .. } = &node.kind
        && let Some(PhysicalNode { kind, schema, .. }) = node.inputs.first_mut()
        && let PhysicalKind::TableSourceScan { table, filters, .. } = kind
        && find(table.options.clone())?.descriptor().pushes_projection
    {
        let of_partition = |c: &usize| table.partitioned_by.contains(&schema.fields()[*c].name);
        let told = |part: &&Expr| !part.columns().iter().all(of_partition);
        *filters = condition.conjuncts().into_iter().filter(told).cloned().collect();
    }
    node.inputs = node.inputs.into_iter().map(apply).collect::<Result<_>>()?;
    Ok(node)
}
