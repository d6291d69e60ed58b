//! The values of outer columns that a subquery asks about.
//!
//! While a subquery is bound, they are one row of the outer columns themselves; once the query around
//! it is known, they are its rows, each once: the value generator of Calcite's `RelDecorrelator`.

use std::sync::Arc;

use super::query::project;
use crate::expr::Expr;
use crate::sql::bound::{Node, OUTER, Rel};

/// The subquery with the columns of `around` where it has a row of outer columns.
pub(super) fn over_domain(mut subquery: Rel, around: &Rel) -> Rel {
    fill(&mut subquery, around);
    subquery
}

fn fill(rel: &mut Rel, around: &Rel) {
    let columns = match &mut rel.node {
        Node::Project { input, .. } | Node::Filter { input, .. } => return fill(input, around),
        Node::Subqueries(subqueries) => return fill(Arc::make_mut(&mut subqueries.joined), around),
        Node::Aggregate(aggregate) => return fill(&mut aggregate.input, around),
        Node::Join { left, right, .. } => {
            fill(left, around);
            return fill(right, around);
        }
        Node::Values(rows) => rows.first().map_or(Vec::new(), |row| outer_columns(row)),
        _ => return,
    };
    if columns.is_empty() {
        return;
    }
    let fields = around.schema.fields();
    let exprs = columns.iter().map(|c| Expr::column(*c, fields[*c].data_type.clone())).collect();
    let names = rel.schema.fields().iter().map(|f| f.name.clone()).collect();
    *rel = super::group::distinct(project(around.clone(), exprs, names));
}

/// The outer columns that a row consists of; none if it has anything else.
fn outer_columns(row: &[Expr]) -> Vec<usize> {
    let outer = row.iter().map(|e| e.as_column().and_then(|c| c.checked_sub(OUTER)));
    outer.collect::<Option<Vec<usize>>>().unwrap_or_default()
}
