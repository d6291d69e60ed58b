//! What a join of streams knows of its inputs: what names their rows.
//!
//! Source: `JoinInputSideSpec` of Flink 1.18.

use crate::plan::keys::{smallest, upsert_keys_by};
use crate::plan::physical::{PhysicalKind, PhysicalNode};

/// Applies the rule to a tree of a stream.
pub(crate) fn apply(mut node: PhysicalNode) -> PhysicalNode {
    node.inputs = node.inputs.into_iter().map(apply).collect();
    if let (PhysicalKind::Join(join), [left, right]) = (&mut node.kind, &node.inputs[..]) {
        join.known.names = [names(left, &join.keys[0]), names(right, &join.keys[1])];
    }
    node
}

/// The columns that name a row of an input; those of the key of the join where it has one row a key.
fn names(input: &PhysicalNode, key: &[usize]) -> Option<Vec<usize>> {
    let keys = upsert_keys_by(input, key);
    let is_in_key = |names: &Vec<usize>| names.iter().all(|column| key.contains(column));
    match keys.iter().any(is_in_key) {
        true => Some(key.to_vec()),
        false => smallest(&keys).cloned(),
    }
}
