//! `x IN (SELECT ..)`: the semi join that it is bound as stands in the syntax tree as a condition.

use super::{Logical, Tree};
use crate::expr::Expr;
use crate::sql::bound::{JoinKind, Node, Rel};

impl Logical {
    /// A semi or anti join: as IN where that is all that it asks, else as the join that it is.
    pub(super) fn semi_join(
        &self,
        left: &Rel,
        right: &Rel,
        kind: JoinKind,
        condition: Option<&Expr>,
    ) -> Tree {
        let members = condition.and_then(|c| members(c, left.schema.len(), right.schema.len()));
        let Some(members) = members else { return self.join([left, right], kind, condition) };
        let subquery = self.tree(right).nested(0);
        let (filters, input) = filters(left);
        let read = self.read(input);
        let members: Vec<String> = members.into_iter().map(|e| read.expr(e)).collect();
        let found = format!("IN({}, {{\n{subquery}}})", members.join(", "));
        let found = match kind {
            JoinKind::Anti => format!("NOT({found})"),
            _ => found,
        };
        let mut conditions: Vec<String> = filters.into_iter().map(|e| read.expr(e)).collect();
        conditions.push(found);
        let condition = match conditions.as_slice() {
            [one] => one.clone(),
            several => format!("AND({})", several.join(", ")),
        };
        Tree::new("LogicalFilter", &[format!("condition=[{condition}]")], vec![read.tree])
    }
}

/// The filters that WHERE puts below, and what they filter.
fn filters(rel: &Rel) -> (Vec<&Expr>, &Rel) {
    match &rel.node {
        Node::Filter { input, predicate } => (predicate.conjuncts(), input),
        _ => (Vec::new(), rel),
    }
}

/// What is looked for, one for each column of the right, if the condition says no more.
fn members(condition: &Expr, width: usize, columns: usize) -> Option<Vec<&Expr>> {
    let parts = condition.conjuncts();
    let members = parts.into_iter().enumerate().map(|(n, part)| member(part, width + n));
    let members = members.collect::<Option<Vec<_>>>();
    members.filter(|members| members.len() == columns)
}

/// What is looked for in a column of the right. NOT IN says that it is not known to differ.
fn member(part: &Expr, column: usize) -> Option<&Expr> {
    let equal = match part.operands() {
        [_, equal] if part.is_call("OR") => equal,
        _ => part,
    };
    match equal.operands() {
        [value, found] if found.as_column() == Some(column) => equal.is_call("=").then_some(value),
        _ => None,
    }
}
