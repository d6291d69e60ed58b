//! A join by processing time with a table that answers to keys does not read the table: it asks.

use crate::base::Result;
use crate::plan::join::Near;
use crate::plan::lookup::LookupJoin;
use crate::plan::physical::{PhysicalKind, PhysicalNode};

/// Applies the rule to a tree.
///
/// # Errors
/// As [`LookupJoin::of`].
pub(crate) fn apply(mut node: PhysicalNode) -> Result<PhysicalNode> {
    node.inputs = node.inputs.into_iter().map(apply).collect::<Result<_>>()?;
    match node.kind {
        PhysicalKind::Join(join) if matches!(join.near, Some(Near::Lookup { .. })) => {
            let inputs = <[PhysicalNode; 2]>::try_from(Vec::from(node.inputs));
            let inputs = inputs.map_err(|_| crate::plan::physical::no_input())?;
            LookupJoin::of(*join, inputs, node.schema)
        }
        kind => Ok(PhysicalNode { kind, ..node }),
    }
}
