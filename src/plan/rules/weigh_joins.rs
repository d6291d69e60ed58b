//! What a join knows of its inputs: what names their rows, and which is smaller.
//!
//! Source: `JoinInputSideSpec` and the rules for batch joins of Flink 1.18.

use crate::base::RuntimeMode;
use crate::plan::estimate::Estimator;
use crate::plan::join::{Join, JoinInputs, UniqueKey};
use crate::plan::physical::{PhysicalKind, PhysicalNode};
use crate::plan::upsert_keys::primary_key;
use crate::sql::bound::JoinKind;

/// Applies the rule to a tree.
pub(crate) fn apply(mut node: PhysicalNode) -> PhysicalNode {
    node.inputs = node.inputs.into_iter().map(apply).collect();
    if let (PhysicalKind::Join(join), [left, right]) = (&mut node.kind, &node.inputs[..]) {
        join.known = JoinInputs {
            unique_keys: [unique(left, &join.keys[0]), unique(right, &join.keys[1])],
            left_is_built: join.bounded && left_is_built(join, left, right),
        };
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

/// The smaller one is built.
fn left_is_built(join: &Join, left: &PhysicalNode, right: &PhysicalNode) -> bool {
    let bytes = |side: &PhysicalNode| Estimator::new(side, RuntimeMode::Batch).bytes(side);
    let (left, right) = (bytes(left), bytes(right));
    match (join.kind, join.keys[0].is_empty()) {
        (JoinKind::Semi | JoinKind::Anti, false) | (JoinKind::Inner, true) => left <= right,
        (JoinKind::Semi | JoinKind::Anti | JoinKind::Left, true) => false,
        _ => left < right,
    }
}
