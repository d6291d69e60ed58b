//! Distinct values in a batch. Flink finds them by sorting, so a function that sees the order of rows sees
//! them sorted; and what stands beside them is aggregated again, which not all functions can be.

use crate::base::{Error, Result, RuntimeMode};
use crate::expr::Expr;
use crate::plan::physical::{Grouping, PhysicalKind, PhysicalNode};
use crate::sql::bound::SortKey;

/// # Errors
/// `distinct-beside` (`name`) for a function that cannot stand beside DISTINCT.
pub(crate) fn apply(root: PhysicalNode, mode: RuntimeMode) -> Result<PhysicalNode> {
    match mode {
        RuntimeMode::Batch => rewrite(root),
        RuntimeMode::Streaming => Ok(root),
    }
}

fn rewrite(mut node: PhysicalNode) -> Result<PhysicalNode> {
    if let PhysicalKind::HashAggregate(grouping) = &node.kind {
        check(grouping)?;
        let order = order(grouping);
        if !order.is_empty() {
            node.inputs = node.inputs.into_iter().map(|input| sorted(input, &order)).collect();
        }
    }
    node.inputs = node.inputs.into_iter().map(rewrite).collect::<Result<_>>()?;
    Ok(node)
}

fn check(grouping: &Grouping) -> Result<()> {
    let calls = || grouping.calls.iter().map(|call| &call.call);
    let refused = |name: &str| ["COLLECT", "APPROX_COUNT_DISTINCT"].contains(&name);
    match calls().find(|call| !call.distinct && refused(call.function.name)) {
        Some(beside) if calls().any(|call| call.distinct) => {
            let error = Error::new("distinct-beside").arg("name", beside.function.name);
            Err(error.at(beside.place))
        }
        _ => Ok(()),
    }
}

/// The keys, and the distinct arguments of what sees an order; nothing if there are none of those.
fn order(grouping: &Grouping) -> Vec<usize> {
    let calls = grouping.calls.iter().map(|call| &call.call);
    let ordered = calls.filter(|call| call.distinct && call.function.name == "LISTAGG");
    let distinct: Vec<usize> =
        ordered.flat_map(|call| &call.arguments).filter_map(Expr::as_column).collect();
    match distinct.is_empty() {
        true => distinct,
        false => grouping.keys.iter().copied().chain(distinct).collect(),
    }
}

/// The rows of a node in an order, before they are sent anywhere.
fn sorted(mut node: PhysicalNode, columns: &[usize]) -> PhysicalNode {
    if let PhysicalKind::Exchange(_) = node.kind {
        node.inputs = node.inputs.into_iter().map(|input| sorted(input, columns)).collect();
        return node;
    }
    let key = |column: &usize| SortKey { column: *column, descending: false, nulls_first: true };
    let schema = node.schema.clone();
    let kind = PhysicalKind::Sort(columns.iter().map(key).collect());
    PhysicalNode::new(kind, vec![node], schema)
}
