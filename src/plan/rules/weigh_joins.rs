//! What a join of streams knows of its inputs: what names their rows.
//!
//! Source: `JoinInputSideSpec` of Flink 1.18.

use crate::plan::join::UniqueKey;
use crate::plan::physical::{PhysicalKind, PhysicalNode};
use crate::plan::upsert_keys::primary_key;

/// Applies the rule to a tree of a stream.
pub(crate) fn apply(mut node: PhysicalNode) -> PhysicalNode {
    node.inputs = node.inputs.into_iter().map(apply).collect();
    if let (PhysicalKind::Join(join), [left, right]) = (&mut node.kind, &node.inputs[..]) {
        join.known.unique_keys = [unique(left, &join.keys[0]), unique(right, &join.keys[1])];
    }
    node
}

fn unique(input: &PhysicalNode, keys: &[usize]) -> UniqueKey {
    match primary_key(input) {
        None => UniqueKey::None,
        Some(unique) if unique.iter().all(|c| keys.contains(c)) => UniqueKey::InJoinKey,
        Some(_) => UniqueKey::Other,
    }
}
