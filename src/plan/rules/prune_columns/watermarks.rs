//! Where columns are left out around what gives rows their watermark, as in Flink's plans.

use super::{Kept, Needed, moved_exchange, moved_watermark, only_input, prune};
use crate::base::Result;
use crate::connectors::registry::find;
use crate::data::Schema;
use crate::plan::convert::narrowed;
use crate::plan::physical::{Distribution, PhysicalKind, PhysicalNode};

/// Whether a node is right over a source that cannot leave columns out.
pub(super) fn reads_all(node: &PhysicalNode) -> Result<bool> {
    match node.inputs.first().map(|input| &input.kind) {
        Some(PhysicalKind::TableSourceScan { table, .. }) => {
            Ok(!find(table.options.clone())?.descriptor().pushes_projection)
        }
        _ => Ok(false),
    }
}

/// Whether a projection only puts the columns into another order, of what a Calc computes and gets
/// watermarks.
pub(super) fn only_orders(order: &[usize], input: &PhysicalNode, schema: &Schema) -> bool {
    let gives = matches!(input.kind, PhysicalKind::WatermarkAssigner { .. });
    let computed = input.inputs.first().map(|below| &below.kind);
    let mut sorted = order.to_vec();
    sorted.sort_unstable();
    gives
        && matches!(computed, Some(PhysicalKind::Calc { .. }))
        && sorted.into_iter().eq(0..input.schema.len())
        && order.iter().zip(schema.fields()).all(|(c, f)| input.schema.fields()[*c].name == f.name)
}

/// The columns in their order before they get watermarks, as Flink's `ProjectWatermarkAssignerTransposeRule`.
pub(super) fn below_watermarks(mut node: PhysicalNode, order: &[usize]) -> Result<PhysicalNode> {
    let kept = Kept(order.to_vec());
    let input = narrowed(only_input(&mut node)?, order)?;
    let schema = kept.schema(&node.schema);
    Ok(PhysicalNode::new(moved_watermark(node.kind, &kept), vec![input], schema))
}

/// As [`prune`]; but what gives watermarks and what groups keep their columns, and a Calc leaves them out
/// behind it: Flink's planner makes ranks of OVER when projections are where they stay.
pub(super) fn above(mut exchange: PhysicalNode, needed: &Needed) -> Result<(PhysicalNode, Kept)> {
    let stays = |n: &PhysicalNode| {
        matches!(
            n.kind,
            PhysicalKind::WatermarkAssigner { .. }
                | PhysicalKind::GroupAggregate(_)
                | PhysicalKind::HashAggregate(_)
        )
    };
    let PhysicalKind::Exchange(distribution) = &exchange.kind else {
        return prune(exchange, needed);
    };
    if !exchange.inputs.first().is_some_and(stays) {
        return prune(exchange, needed);
    }
    let mut kept = needed.clone();
    if let Distribution::Hash(keys) = distribution {
        kept.extend(keys);
    }
    let kept = Kept(kept.into_iter().collect());
    let below = only_input(&mut exchange)?;
    let below = match below.kind {
        PhysicalKind::WatermarkAssigner { .. } => below,
        _ => {
            let all = (0..below.schema.len()).collect();
            prune(below, &all)?.0
        }
    };
    let below = narrowed(below, &kept.0)?;
    let schema = below.schema.clone();
    let kind = moved_exchange(exchange.kind, &kept);
    Ok((PhysicalNode::new(kind, vec![below], schema), kept))
}
