//! A LIMIT that reads a source with nothing but projections between them lets the source stop.
//!
//! With a filter between them it does not: as in Flink, such a job over an unbounded source never ends.

use crate::base::Result;
use crate::connectors::registry::find;
use crate::plan::physical::{PhysicalKind, PhysicalNode};

/// Applies the rule to a tree.
pub(crate) fn apply(mut node: PhysicalNode) -> Result<PhysicalNode> {
    if let PhysicalKind::Limit { offset, fetch, .. } = node.kind
        && let Some(input) = node.inputs.first_mut()
    {
        push(input, offset.saturating_add(fetch))?;
    }
    node.inputs = node.inputs.into_iter().map(apply).collect::<Result<_>>()?;
    Ok(node)
}

fn push(node: &mut PhysicalNode, rows: u64) -> Result<()> {
    match &mut node.kind {
        PhysicalKind::TableSourceScan { table, limit, .. }
            if find(table.options.clone())?.descriptor().pushes_limit =>
        {
            *limit = Some(limit.map_or(rows, |l| l.min(rows)));
        }
        PhysicalKind::Calc { condition: None, .. }
        | PhysicalKind::Exchange(_)
        | PhysicalKind::WatermarkAssigner { .. } => {
            if let Some(input) = node.inputs.first_mut() {
                push(input, rows)?;
            }
        }
        _ => {}
    }
    Ok(())
}
