//! An aggregate reads the columns of its input where they stand, if it reads all of them.
//!
//! As Calcite's `AggregateProjectMergeRule`, where Flink's planner finds it cheaper. Keys keep their order.

use crate::expr::Expr;
use crate::plan::calc::columns;
use crate::plan::convert::by_key;
use crate::plan::physical::{Grouping, PhysicalKind, PhysicalNode};
use crate::sql::bound::GroupWindow;

/// Applies the rule to a tree.
pub(crate) fn apply(mut node: PhysicalNode) -> PhysicalNode {
    node.inputs = node.inputs.into_iter().map(apply).collect();
    let Some(places) = grouping(&node.kind).and_then(|grouping| places(grouping, &node)) else {
        return node;
    };
    let place = |column: usize| places[column];
    let kind = match node.kind {
        PhysicalKind::GroupAggregate(g) => PhysicalKind::GroupAggregate(g.moved(&place)),
        PhysicalKind::HashAggregate(g) => PhysicalKind::HashAggregate(g.moved(&place)),
        PhysicalKind::GroupWindowAggregate { grouping, window, way } => {
            let window = GroupWindow { time: place(window.time), ..window };
            PhysicalKind::GroupWindowAggregate { grouping: grouping.moved(&place), window, way }
        }
        other => other,
    };
    let distribution = grouping(&kind).map(|grouping| by_key(&grouping.keys));
    let inputs = node.inputs.into_iter().map(|input| {
        let read = in_place(input.before_exchange());
        distribution.iter().cloned().fold(read, PhysicalNode::exchanged)
    });
    PhysicalNode { kind, inputs: inputs.collect(), ..node }
}

fn grouping(kind: &PhysicalKind) -> Option<&Grouping> {
    match kind {
        PhysicalKind::GroupAggregate(grouping)
        | PhysicalKind::HashAggregate(grouping)
        | PhysicalKind::GroupWindowAggregate { grouping, .. } => Some(grouping),
        _ => None,
    }
}

/// Where the columns that a projection below an aggregate reorders stand before it.
fn places(grouping: &Grouping, aggregate: &PhysicalNode) -> Option<Vec<usize>> {
    let [exchange] = aggregate.inputs.as_slice() else { return None };
    let [calc] = exchange.inputs.as_slice() else { return None };
    let (PhysicalKind::Exchange(_), PhysicalKind::Calc { projection, .. }) =
        (&exchange.kind, &calc.kind)
    else {
        return None;
    };
    let [input] = calc.inputs.as_slice() else { return None };
    let places: Vec<usize> = projection.iter().map(Expr::as_column).collect::<Option<_>>()?;
    let fields = input.schema.fields();
    let all = places.len() == fields.len() && (0..fields.len()).all(|c| places.contains(&c));
    let named = calc.schema.fields().iter().zip(&places);
    let keeps_names = named.into_iter().all(|(field, place)| field.name == fields[*place].name);
    let in_order = grouping.keys.is_sorted_by_key(|key| places.get(*key));
    (all && keeps_names && in_order).then_some(places)
}

/// A projection with the columns as they stand in its input; none, if nothing else is left of it.
fn in_place(mut calc: PhysicalNode) -> PhysicalNode {
    if let PhysicalKind::Calc { condition: None, .. } = calc.kind
        && let Some(input) = calc.inputs.pop()
    {
        return input;
    }
    if let (PhysicalKind::Calc { projection, .. }, Some(input)) =
        (&mut calc.kind, calc.inputs.first())
    {
        *projection = columns(&input.schema);
        calc.schema = input.schema.clone();
    }
    calc
}
