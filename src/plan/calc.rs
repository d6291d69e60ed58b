//! Projections and filters become one Calc, wherever they meet.

use std::collections::BTreeSet;

use super::physical::{PhysicalKind, PhysicalNode};
use super::rules::fold_constants::fold;
use crate::base::Result;
use crate::data::{Field, Schema, Value};
use crate::expr::types::is_text;
use crate::expr::{Expr, all_of, call};
use crate::sql::bound::JoinKind;

/// Filters and projects a node; a Calc below is merged, an empty one left out. What a filter says to be
/// constant is not read.
pub(crate) fn calc(
    input: PhysicalNode,
    condition: Option<Expr>,
    projection: Vec<Expr>,
    schema: Schema,
) -> Result<PhysicalNode> {
    let (input, condition, projection) = merge(input, condition, projection)?;
    let condition = simplified(condition)?;
    let mut known = condition.as_ref().map(known_columns).unwrap_or_default();
    known.extend(condition.as_ref().map(nulls).unwrap_or_default());
    known.extend(known_of_join(&input));
    let projection = projection.iter().map(|e| with_known(e, &known)).collect();
    built(input, condition, projection, schema)
}

/// Only rows for which a condition is true.
pub(crate) fn filter(input: PhysicalNode, condition: Expr) -> Result<PhysicalNode> {
    let schema = input.schema.clone();
    let projection = columns(&schema);
    plain_calc(input, Some(condition), projection, schema)
}

/// As [`calc`]; but all columns that are named are read.
pub(crate) fn plain_calc(
    input: PhysicalNode,
    condition: Option<Expr>,
    projection: Vec<Expr>,
    schema: Schema,
) -> Result<PhysicalNode> {
    let (input, condition, projection) = merge(input, condition, projection)?;
    built(input, simplified(condition)?, projection, schema)
}

fn simplified(condition: Option<Expr>) -> Result<Option<Expr>> {
    match condition.as_ref().map(fold) {
        Some(condition) => each_once(&condition),
        None => Ok(None),
    }
}

fn built(
    input: PhysicalNode,
    condition: Option<Expr>,
    projection: Vec<Expr>,
    schema: Schema,
) -> Result<PhysicalNode> {
    if is_empty(&input) || condition.as_ref().is_some_and(never_true) {
        return Ok(PhysicalNode::new(PhysicalKind::Values(Vec::new()), Vec::new(), schema));
    }
    let projection: Vec<Expr> = projection.iter().map(fold).collect();
    if condition.is_none() && is_identity(&projection, &input) && !names_windows(&input) {
        return Ok(renamed(input, schema));
    }
    Ok(PhysicalNode::new(PhysicalKind::Calc { condition, projection }, vec![input], schema))
}

/// A name that no column has: this one, or with `between` and a number behind it.
pub(crate) fn new_name(name: &str, between: &str, fields: &[Field]) -> String {
    let numbered = (0..).map(|n| format!("{name}{between}{n}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names.find(|name| !fields.iter().any(|f| f.name == *name)).unwrap_or_default()
}

/// Every column as it is.
pub(crate) fn columns(schema: &Schema) -> Vec<Expr> {
    let column = |(i, f): (usize, &Field)| Expr::column(i, f.data_type.clone());
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
    all_of(new.cloned())
}

/// The columns that a condition says to be equal to constants.
pub(super) fn known_columns(condition: &Expr) -> Vec<(usize, Expr)> {
    let known = |part: &Expr| {
        let [a, b] = part.operands() else { return None };
        let (column, constant) = if a.as_literal().is_some() { (b, a) } else { (a, b) };
        let index = column.as_column().filter(|_| part.is_call("="))?;
        let value = constant.as_literal().filter(|v| **v != Value::Null)?;
        let (to, from) = (&column.data_type, &constant.data_type.logical);
        let same = to.logical == *from || (is_text(&to.logical) && is_text(from));
        same.then(|| (index, Expr::literal(value.clone(), to.clone())))
    };
    condition.conjuncts().into_iter().filter_map(known).collect()
}

/// The columns that a condition says to be NULL.
fn nulls(condition: &Expr) -> Vec<(usize, Expr)> {
    let null = |part: &Expr| {
        let [column] = part.operands() else { return None };
        let index = column.as_column().filter(|_| part.is_call("IS NULL"))?;
        Some((index, Expr::literal(Value::Null, column.data_type.clone())))
    };
    condition.conjuncts().into_iter().filter_map(null).collect()
}

/// The columns of an inner join that are constants in one of its inputs.
fn known_of_join(node: &PhysicalNode) -> Vec<(usize, Expr)> {
    let PhysicalKind::Join(join) = &node.kind else { return Vec::new() };
    let [left, right] = node.inputs.as_slice() else { return Vec::new() };
    if join.kind != JoinKind::Inner {
        return Vec::new();
    }
    let width = left.schema.len();
    let of_right = constants(right).into_iter().map(|(column, value)| (column + width, value));
    constants(left).into_iter().chain(of_right).collect()
}

/// The columns of an input of a join that are constants.
fn constants(node: &PhysicalNode) -> Vec<(usize, Expr)> {
    match (&node.kind, node.inputs.first()) {
        (PhysicalKind::Exchange(_), Some(input)) => constants(input),
        (PhysicalKind::Calc { condition, projection }, _) => {
            let known = condition.as_ref().map(known_columns).unwrap_or_default();
            let constant = |expr: &Expr| match expr.as_column() {
                Some(column) => known.iter().find(|(k, _)| *k == column).map(|(_, e)| e.clone()),
                None => expr.as_literal().map(|_| expr.clone()),
            };
            let all = projection.iter().enumerate();
            all.filter_map(|(column, e)| Some((column, constant(e)?))).collect()
        }
        _ => known_of_join(node),
    }
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
