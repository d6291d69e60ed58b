//! Batch operators sort or hash by their keys, and Flink does neither with maps.

use crate::base::{Error, Result, RuntimeMode};
use crate::data::LogicalType;
use crate::plan::physical::{PhysicalKind, PhysicalNode};

/// # Errors
/// `key-not-orderable` (`type`), for a tree of a batch.
pub(crate) fn check(root: &PhysicalNode, mode: RuntimeMode) -> Result<()> {
    match mode {
        RuntimeMode::Batch => check_node(root),
        RuntimeMode::Streaming => Ok(()),
    }
}

fn check_node(node: &PhysicalNode) -> Result<()> {
    let first = match &node.kind {
        PhysicalKind::HashAggregate(grouping) | PhysicalKind::SortAggregate(grouping) => {
            grouping.keys.clone()
        }
        PhysicalKind::Sort(keys) | PhysicalKind::SortLimit { keys, .. } => {
            keys.iter().map(|key| key.column).collect()
        }
        PhysicalKind::Join(join) => join.keys[0].clone(),
        _ => Vec::new(),
    };
    if let Some(input) = node.inputs.first() {
        let types = first.into_iter().map(|column| &input.schema.fields()[column].data_type);
        let is_map = |t: &LogicalType| matches!(t, LogicalType::Map(..) | LogicalType::Multiset(_));
        if let Some(of) = types.into_iter().find(|of| is_map(&of.logical)) {
            return Err(Error::new("key-not-orderable").arg("type", &of.logical));
        }
    }
    node.inputs.iter().try_for_each(check_node)
}
