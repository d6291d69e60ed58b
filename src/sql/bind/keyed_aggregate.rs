//! An aggregate of all rows of a subquery that became one of the rows of each key: what it says of a
//! key that has no rows.

use super::correlate::unexpected;
use super::query::columns;
use crate::base::Result;
use crate::data::{DataType, Value};
use crate::expr::{Expr, call};
use crate::sql::bound::{Node, Rel};

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
        if !matches!(rel.node, Node::Aggregate(_)) {
            return Err(unexpected());
        }
        let below = |column: usize| exprs.get(column).and_then(Expr::as_column).unwrap_or(column);
        let conditions = conditions.iter().map(|c| c.map_columns(&below)).collect();
        Ok(Self { rel, conditions, exprs })
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
                call("COALESCE", vec![read.clone(), zero]).unwrap_or(read)
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
