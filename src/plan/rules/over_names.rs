//! A filter of what OVER computes passes columns on under their own names: the names that a query gives them
//! go with the projection that Flink's planner takes away.

use crate::data::{Field, Schema};
use crate::expr::Expr;
use crate::plan::over::names_below;
use crate::plan::physical::{LimitOf, PhysicalKind, PhysicalNode};

/// Applies the rule to a tree.
pub(crate) fn apply(mut node: PhysicalNode) -> PhysicalNode {
    node.inputs = node.inputs.into_iter().map(apply).collect();
    let (PhysicalKind::Calc { condition, projection }, Some(below)) =
        (&node.kind, node.inputs.first())
    else {
        return node;
    };
    let names = match (&below.kind, condition) {
        (PhysicalKind::OverAggregate { .. }, Some(condition)) => {
            names_below(projection, &condition.columns(), &below.schema)
        }
        (PhysicalKind::Rank(rank), condition) if rank.of == LimitOf::Subtasks => {
            let mut read: Vec<usize> = condition.iter().flat_map(Expr::columns).collect();
            // The filter that it was before asked for the rank.
            read.push(below.schema.len() - usize::from(rank.number));
            names_below(projection, &read, &below.schema)
        }
        _ => None,
    };
    if let Some(names) = names {
        let fields = names.into_iter().zip(node.schema.fields());
        let fields = fields.map(|(name, field)| Field::new(name, field.data_type.clone()));
        node.schema = Schema::new(fields.collect());
    }
    node
}
