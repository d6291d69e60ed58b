//! MATCH_RECOGNIZE in a plan.

use super::convert::by_key;
use super::physical::{PhysicalKind, PhysicalNode};
use crate::data::Schema;
use crate::sql::bound::MatchRecognize;

/// The operator of a pattern.
pub(super) fn recognize(
    node: &MatchRecognize,
    input: PhysicalNode,
    schema: &Schema,
) -> PhysicalNode {
    let input = input.exchanged(by_key(&node.pattern.partition));
    let kind = PhysicalKind::Match(Box::new(node.pattern.clone()));
    PhysicalNode::new(kind, vec![input], schema.clone())
}
