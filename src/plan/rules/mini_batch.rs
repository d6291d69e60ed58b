//! With mini-batch a node behind the sources gives the beat to which bundles go.
//!
//! What aggregates a stream wants the beat of the clock, as does who reads the rows; what works by event
//! time wants that of the watermark. The nearest one above decides.

use crate::base::Result;
use crate::plan::physical::{PhysicalKind, PhysicalNode};
use crate::sql::bound::MiniBatch;

/// Whose beat.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beat {
    None,
    Clock,
    EventTime,
}

/// Applies the rule to a tree.
pub(crate) fn apply(root: PhysicalNode, mini_batch: Option<&MiniBatch>) -> Result<PhysicalNode> {
    match mini_batch {
        Some(mini_batch) => Ok(insert(root, mini_batch, Beat::Clock)),
        None => Ok(root),
    }
}

fn insert(mut node: PhysicalNode, mini_batch: &MiniBatch, above: Beat) -> PhysicalNode {
    let beat = match &node.kind {
        PhysicalKind::GroupAggregate(_) => Beat::Clock,
        // It has no use for bundles.
        PhysicalKind::GroupWindowAggregate { .. } => Beat::None,
        PhysicalKind::Join(join) if join.near.is_some() => Beat::EventTime,
        PhysicalKind::WindowAggregate { .. }
        | PhysicalKind::WindowTableFunction(_)
        | PhysicalKind::WindowRank(_)
        | PhysicalKind::Match(_)
        | PhysicalKind::WindowJoin(_)
        | PhysicalKind::OverAggregate { .. }
        | PhysicalKind::TemporalSort(_) => Beat::EventTime,
        _ => above,
    };
    let is_source = matches!(
        node.kind,
        PhysicalKind::WatermarkAssigner { .. } | PhysicalKind::TableSourceScan { .. }
    );
    if !is_source {
        node.inputs =
            node.inputs.into_iter().map(|input| insert(input, mini_batch, beat)).collect();
        return node;
    }
    if beat == Beat::None {
        return node;
    }
    let schema = node.schema.clone();
    let (interval, rowtime) = (mini_batch.latency, beat == Beat::EventTime);
    let kind = PhysicalKind::MiniBatchAssigner { interval, rowtime };
    PhysicalNode::new(kind, vec![node], schema)
}
