//! In a batch, values under DISTINCT are grouped first, and then aggregated as others.
//!
//! As Flink's `FlinkAggregateExpandDistinctAggregatesRule` where all calls are of the same distinct
//! arguments.

use crate::data::Schema;
use crate::expr::Expr;
use crate::plan::convert::by_key;
use crate::plan::physical::{Grouping, PhysicalKind, PhysicalNode};

/// Applies the rule to a tree of a batch.
pub(crate) fn apply(mut node: PhysicalNode) -> PhysicalNode {
    node.inputs = node.inputs.into_iter().map(apply).collect();
    let PhysicalKind::HashAggregate(grouping) = &node.kind else { return node };
    let Some(columns) = distinct_columns(grouping) else { return node };
    let Some(input) = node.inputs.first().and_then(|exchange| exchange.inputs.first()) else {
        return node;
    };
    let mut keys = grouping.keys.clone();
    keys.extend(columns.into_iter().filter(|column| !grouping.keys.contains(column)));
    let place = |column: usize| keys.iter().position(|key| *key == column).unwrap_or_default();
    let mut outer = grouping.clone().moved(&place);
    outer.calls.iter_mut().for_each(|call| call.call.distinct = false);
    let fields = keys.iter().map(|key| input.schema.fields()[*key].clone()).collect();
    let input = input.clone().exchanged(by_key(&keys));
    let kind = PhysicalKind::HashAggregate(Grouping::new(keys.clone(), Vec::new()));
    let each_once = PhysicalNode::new(kind, vec![input], Schema::new(fields));
    let below = each_once.exchanged(by_key(&outer.keys));
    PhysicalNode { kind: PhysicalKind::HashAggregate(outer), inputs: [below].into(), ..node }
}

/// The columns that all calls are of, once for equal values.
fn distinct_columns(grouping: &Grouping) -> Option<Vec<usize>> {
    let first = &grouping.calls.first()?.call;
    let alike = grouping.calls.iter().all(|call| {
        call.call.distinct && call.call.filter.is_none() && call.call.arguments == first.arguments
    });
    let columns = first.arguments.iter().map(Expr::as_column).collect::<Option<Vec<_>>>()?;
    (alike && !columns.is_empty()).then_some(columns)
}
