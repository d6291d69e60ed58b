//! Projections and filters become one Calc, wherever they meet.

use std::collections::BTreeSet;

use super::physical::{PhysicalKind, PhysicalNode};
use super::rules::fold_constants::fold;
use crate::base::Result;
use crate::data::{Schema, Value};
use crate::expr::types::is_text;
use crate::expr::{Expr, call};

/// Filters and projects a node; a Calc below is merged, an empty one left out.
pub(crate) fn calc(
    input: PhysicalNode,
    condition: Option<Expr>,
    projection: Vec<Expr>,
    schema: Schema,
) -> Result<PhysicalNode> {
    let (input, condition, projection) = merge(input, condition, projection)?;
    let condition = match condition.as_ref().map(fold) {
        Some(condition) => each_once(&condition)?,
        None => None,
    };
    if is_empty(&input) || condition.as_ref().is_some_and(never_true) {
        return Ok(PhysicalNode::new(PhysicalKind::Values(Vec::new()), Vec::new(), schema));
    }
    let known = condition.as_ref().map(known_columns).unwrap_or_default();
    let projection: Vec<Expr> = projection.iter().map(|e| fold(&with_known(e, &known))).collect();
    if condition.is_none() && is_identity(&projection, &input) && !names_windows(&input) {
        return Ok(renamed(input, schema));
    }
    Ok(PhysicalNode::new(PhysicalKind::Calc { condition, projection }, vec![input], schema))
}

/// Only rows for which a condition is true.
pub(crate) fn filter(input: PhysicalNode, condition: Expr) -> Result<PhysicalNode> {
    let schema = input.schema.clone();
    let projection = columns(&schema);
    calc(input, Some(condition), projection, schema)
}

/// Every column as it is.
pub(crate) fn columns(schema: &Schema) -> Vec<Expr> {
    let column = |(i, f): (usize, &crate::data::Field)| Expr::column(i, f.data_type.clone());
    schema.fields().iter().enumerate().map(column).collect()
}

fn merge(
    input: PhysicalNode,
    condition: Option<Expr>,
    projection: Vec<Expr>,
) -> Result<(PhysicalNode, Option<Expr>, Vec<Expr>)> {
    let PhysicalKind::Calc { condition: below, projection: columns } = &input.kind else {
        return Ok((input, condition, projection));
    };
    // A value that differs from call to call must be computed once, where it stands.
    if !columns.iter().all(Expr::is_deterministic) {
        return Ok((input, condition, projection));
    }
    let condition = condition.map(|c| c.substitute(columns));
    let condition = match (below.clone(), condition) {
        (Some(below), Some(above)) => Some(call("AND", vec![below, above])?),
        (below, above) => below.or(above),
    };
    let projection = projection.iter().map(|e| e.substitute(columns)).collect();
    let input = input.inputs.into_iter().next();
    input.map(|input| (input, condition, projection)).ok_or_else(super::physical::no_input)
}

/// The parts of a condition, each once, without those that are always true.
fn each_once(condition: &Expr) -> Result<Option<Expr>> {
    let mut known = BTreeSet::new();
    let parts = condition.conjuncts().into_iter();
    let new = parts.filter(|part| !is_literal(part, true) && known.insert(part.to_string()));
    let all = new.cloned().map(Ok);
    all.reduce(|a, b| call("AND", vec![a?, b?])).transpose()
}

/// The columns that a condition says to be equal to constants.
fn known_columns(condition: &Expr) -> Vec<(usize, Expr)> {
    let known = |part: &Expr| {
        let [column, constant] = part.operands() else { return None };
        let index = column.as_column().filter(|_| part.is_call("="))?;
        let value = constant.as_literal().filter(|v| **v != Value::Null)?;
        let (to, from) = (&column.data_type, &constant.data_type.logical);
        let same = to.logical == *from || (is_text(&to.logical) && is_text(from));
        same.then(|| (index, Expr::literal(value.clone(), to.clone())))
    };
    condition.conjuncts().into_iter().filter_map(known).collect()
}

fn with_known(expr: &Expr, known: &[(usize, Expr)]) -> Expr {
    if known.is_empty() {
        return expr.clone();
    }
    expr.transform(&mut |node| {
        let constant = node.as_column().and_then(|c| known.iter().find(|(k, _)| *k == c));
        constant.map_or(node, |(_, constant)| constant.clone())
    })
}

fn is_literal(condition: &Expr, truth: bool) -> bool {
    condition.as_literal() == Some(&Value::Boolean(truth))
}

fn is_empty(node: &PhysicalNode) -> bool {
    matches!(&node.kind, PhysicalKind::Values(rows) if rows.is_empty())
}

/// Nothing passes, so nothing has to be read: as in Flink, such a query ends even over an endless
/// table.
fn never_true(condition: &Expr) -> bool {
    is_literal(condition, false) || condition.as_literal() == Some(&Value::Null)
}

/// What computes its columns may name them; what only passes them on keeps their names.
fn renamed(node: PhysicalNode, schema: Schema) -> PhysicalNode {
    match node.kind {
        PhysicalKind::Calc { .. }
        | PhysicalKind::Values(_)
        | PhysicalKind::GroupAggregate(_)
        | PhysicalKind::HashAggregate(_)
        | PhysicalKind::WindowAggregate { .. } => PhysicalNode { schema, ..node },
        _ => node,
    }
}

/// Whether columns say something of windows, under names that no query gives.
fn names_windows(node: &PhysicalNode) -> bool {
    matches!(&node.kind, PhysicalKind::GroupWindowAggregate { window, .. }
        if !window.properties.is_empty())
}

fn is_identity(projection: &[Expr], input: &PhysicalNode) -> bool {
    let same = |(i, e): (usize, &Expr)| e.as_column() == Some(i);
    projection.len() == input.schema.len() && projection.iter().enumerate().all(same)
}
