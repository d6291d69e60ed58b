//! An aggregate of all rows of a subquery that became one of the rows of each key: what it says of a
//! key that has no rows.

use super::correlate::unexpected;
use super::query::{columns, project};
use super::select::filter;
use crate::base::Result;
use crate::data::{DataType, Value};
use crate::expr::{Expr, all_of, call};
use crate::sql::bound::{Aggregate, Node, OUTER, Rel};

/// The aggregate alone, and what stood above it.
pub(super) struct KeyedAggregate {
    /// The aggregate.
    pub(super) rel: Rel,
    /// What sets its keys equal to outer columns.
    pub(super) conditions: Vec<Expr>,
    /// The columns of the subquery, over those of the aggregate.
    pub(super) exprs: Vec<Expr>,
}

impl KeyedAggregate {
    /// # Errors
    /// `correlate-unexpected` if more than projections stand above the aggregate.
    pub(super) fn of(rel: Rel, conditions: Vec<Expr>) -> Result<Self> {
        let Rel { node, schema } = rel;
        let (rel, exprs) = match node {
            Node::Project { input, exprs } => (*input, exprs),
            node => (Rel { node, schema: schema.clone() }, columns(&schema)),
        };
        // Two projections: the one of the subquery over the one that puts its keys last.
        let (rel, exprs) = match rel.node {
            Node::Project { input: below, exprs: inner } => {
                (*below, exprs.iter().map(|e| e.substitute(&inner)).collect())
            }
            node => (Rel { node, schema: rel.schema }, exprs),
        };
        let Node::Aggregate(aggregate) = rel.node else { return Err(unexpected()) };
        let node = Node::Aggregate(keys_first(aggregate)?);
        let rel = Rel { node, schema: rel.schema };
        let below = |column: usize| exprs.get(column).and_then(Expr::as_column).unwrap_or(column);
        let conditions = conditions.iter().map(|c| outer_first(&c.map_columns(&below))).collect();
        Ok(Self { rel, conditions, exprs })
    }
}

/// The aggregate over its keys and then what else it reads; a key that is NULL equals nothing. As
/// Calcite's `RelDecorrelator` leaves it.
fn keys_first(aggregate: Aggregate) -> Result<Aggregate> {
    let Aggregate { input, group, window, calls } = aggregate;
    let rest = (0..input.schema.len()).filter(|column| !group.contains(column));
    let order: Vec<usize> = group.iter().copied().chain(rest).collect();
    let place = |column: usize| order.iter().position(|c| *c == column).unwrap_or(column);
    let all = columns(&input.schema);
    let known = group.iter().map(|key| all[*key].clone()).filter(|key| key.data_type.nullable);
    let known = known.map(|key| call("IS NOT NULL", vec![key])).collect::<Result<Vec<_>>>()?;
    let names = order.iter().map(|c| input.schema.fields()[*c].name.clone()).collect();
    let input = match all_of(known)? {
        Some(known) => filter(*input, known),
        None => *input,
    };
    let exprs = order.iter().map(|c| all[*c].clone()).collect();
    let calls = calls.into_iter().map(|mut of| {
        let call = &mut of.call;
        call.arguments = call.arguments.iter().map(|e| e.map_columns(&place)).collect();
        call.filter = call.filter.as_ref().map(|e| e.map_columns(&place));
        of
    });
    let calls = calls.collect();
    let group = (0..group.len()).collect();
    Ok(Aggregate { input: Box::new(project(input, exprs, names)), group, window, calls })
}

/// What a condition compares with the subquery stands first.
fn outer_first(condition: &Expr) -> Expr {
    match condition.operands() {
        [own, outer] if outer.columns().iter().any(|c| *c >= OUTER) => {
            let operands = vec![outer.clone(), own.clone()];
            Expr::new(condition.node.clone(), condition.data_type.clone(), operands)
        }
        _ => condition.clone(),
    }
}

/// The expression beside a row that may miss: of no rows COUNT is 0, and the others NULL.
pub(super) fn of_no_rows(aggregate: &Rel, expr: &Expr) -> Expr {
    expr.transform(&mut |expr| {
        let Some(column) = expr.as_column() else { return expr };
        let read = may_miss(&expr);
        match is_count(aggregate, column) {
            true => {
                let zero = Expr::constant(Value::BigInt(0));
                let missing = call("IS NULL", vec![read.clone()]);
                let counted = missing.and_then(|m| Expr::case(vec![(m, zero)], Some(read.clone())));
                counted.unwrap_or(read)
            }
            false => read,
        }
    })
}

/// The same column, which may be NULL.
pub(super) fn may_miss(column: &Expr) -> Expr {
    let data_type = DataType::nullable(column.data_type.logical.clone());
    Expr::new(column.node.clone(), data_type, column.operands().to_vec())
}

fn is_count(rel: &Rel, column: usize) -> bool {
    let Node::Aggregate(aggregate) = &rel.node else { return false };
    let call = column.checked_sub(aggregate.group.len()).and_then(|c| aggregate.calls.get(c));
    call.is_some_and(|c| c.call.function.name == "COUNT")
}
