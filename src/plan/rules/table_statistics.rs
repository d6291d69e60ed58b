//! In a batch, sources tell how many rows their tables have, once it is known what of them is read.
//!
//! As Flink's `FlinkRecomputeStatisticsProgram`.

use crate::plan::Sources;
use crate::plan::physical::{PhysicalKind, PhysicalNode};

/// Applies the rule to a tree of a batch.
pub(crate) fn apply(mut node: PhysicalNode, sources: &Sources<'_>) -> PhysicalNode {
    let told = matches!(node.kind, PhysicalKind::TableSourceScan { .. });
    let told = if told { sources.rows(&node) } else { None };
    if let PhysicalKind::TableSourceScan { rows, .. } = &mut node.kind {
        *rows = told;
    }
    node.inputs = node.inputs.into_iter().map(|input| apply(input, sources)).collect();
    node
}
