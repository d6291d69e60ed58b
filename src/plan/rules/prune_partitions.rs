//! A condition on partition columns lets a source leave out the files of other partitions.
//!
//! The condition stays where it is: what the source leaves out, it would have filtered.

use crate::base::Result;
use crate::expr::Expr;
use crate::plan::physical::{PhysicalKind, PhysicalNode};

/// Applies the rule to a tree.
pub(crate) fn apply(mut node: PhysicalNode) -> Result<PhysicalNode> {
    if let PhysicalKind::Calc { condition: Some(condition), .. } = &node.kind
        && let Some(PhysicalKind::TableSourceScan { table, projection, partitions, .. }) =
            node.inputs.first_mut().map(|input| &mut input.kind)
    {
        let key = |column: usize| {
            let name = &table.physical.fields().get(*projection.get(column)?)?.name;
            table.partitioned_by.iter().position(|key| key == name)
        };
        let of_keys = |part: &&Expr| {
            let columns = part.columns();
            part.is_deterministic()
                && !columns.is_empty()
                && columns.iter().all(|c| key(*c).is_some())
        };
        let parts = condition.conjuncts().into_iter().filter(of_keys);
        let moved = parts.map(|part| part.map_columns(&|c| key(c).unwrap_or_default()));
        partitions.extend(moved.collect::<Vec<_>>());
    }
    node.inputs = node.inputs.into_iter().map(apply).collect::<Result<_>>()?;
    Ok(node)
}
