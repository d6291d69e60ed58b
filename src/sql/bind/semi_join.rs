//! The conditions of WHERE: `x IN (SELECT ..)` and `EXISTS (SELECT ..)` as a whole are semi and anti joins,
//! all others filter.

use sqlparser::ast::{BinaryOperator, Expr as Ast};

use super::Binder;
use super::correlate::{Pulled, all, over_both, unexpected};
use super::domain::over_domain;
use super::expr::place_of;
use super::query::span_of;
use super::scope::Scope;
use super::select::filter;
use super::subquery::{Test, beside, narrow, read, test_of};
use crate::base::{Error, Result};
use crate::expr::{Expr, call};
use crate::sql::bound::{JoinKind, Node, Rel};

impl Binder<'_> {
    /// The rows of a WHERE.
    pub(super) fn filtered(&mut self, input: Rel, scope: &Scope, condition: &Ast) -> Result<Rel> {
        let (mut plain, mut queries) = (Vec::new(), Vec::new());
        for part in conjuncts(condition) {
            match test_of(part) {
                Some(test) => queries.push(test),
                None => plain.push(part),
            }
        }
        if queries.is_empty() && plain.len() > 1 {
            plain = vec![condition];
        }
        let mut rel = input;
        for part in plain {
            rel = self.filtered_plain(rel, scope, part)?;
        }
        queries.into_iter().try_fold(rel, |rel, test| self.tested(rel, scope, &test))
    }

    fn filtered_plain(&self, input: Rel, scope: &Scope, condition: &Ast) -> Result<Rel> {
        let (condition, joined) = self.condition_joined(condition, scope, "WHERE")?;
        let width = input.schema.len();
        let (input, values) = beside(input, joined)?;
        let rel = filter(input, read(&condition, &values));
        Ok(narrow(rel, width))
    }

    /// A semi or anti join.
    fn tested(&self, input: Rel, scope: &Scope, test: &Test<'_>) -> Result<Rel> {
        let Pulled { rel, conditions, grouped_whole, .. } = self.subquery(test.query, scope)?;
        // An aggregate of no rows is a row all the same: NULL is not IN, but not NOT IN either.
        if grouped_whole && (test.value.is_none() || test.negated || counts(&rel)) {
            return Err(unexpected().at(span_of(test.query)));
        }
        let width = input.schema.len();
        let rel = over_domain(rel, &input);
        let mut conditions: Vec<Expr> = conditions.iter().map(|c| over_both(c, width)).collect();
        let members = members(test.value, rel.schema.len(), &conditions);
        if members.len() > rel.schema.len() || (test.value.is_some() && members.is_empty()) {
            let error = Error::new("subquery-columns").arg("found", rel.schema.len());
            let expected = members_of(test.value);
            return Err(error.arg("expected", expected).at(span_of(test.query)));
        }
        for (column, member) in members.into_iter().enumerate() {
            let left = self.scalar(member, scope, "WHERE")?;
            let data_type = rel.schema.fields()[column].data_type.clone();
            let right = Expr::column(width + column, data_type);
            conditions.push(equal(left, right, test.negated, member)?);
        }
        let kind = if test.negated { JoinKind::Anti } else { JoinKind::Semi };
        let schema = input.schema.clone();
        let node = Node::Join {
            left: Box::new(input),
            right: Box::new(rel),
            kind,
            condition: all(conditions.into_iter())?,
            as_of: None,
        };
        Ok(Rel { node, schema })
    }
}

/// Equal, or for NOT IN: not known to differ.
fn equal(left: Expr, right: Expr, negated: bool, place: &Ast) -> Result<Expr> {
    let may_be_null = left.data_type.nullable || right.data_type.nullable;
    let equal = call("=", vec![left, right]).map_err(|e| e.at(place_of(place)))?;
    match negated && may_be_null {
        true => call("OR", vec![call("IS NULL", vec![equal.clone()])?, equal]),
        false => Ok(equal),
    }
}

/// How many values are looked for.
fn members_of(value: Option<&Ast>) -> usize {
    match value {
        None => 0,
        Some(Ast::Tuple(items)) => items.len(),
        Some(_) => 1,
    }
}

/// The values that are looked for, one a column.
fn members<'a>(value: Option<&'a Ast>, columns: usize, conditions: &[Expr]) -> Vec<&'a Ast> {
    match value {
        None => Vec::new(),
        Some(Ast::Tuple(items)) if items.len() == columns || !conditions.is_empty() => {
            items.iter().collect()
        }
        Some(Ast::Tuple(_)) => Vec::new(),
        Some(_) if columns != 1 && conditions.is_empty() => Vec::new(),
        Some(one) => vec![one],
    }
}

/// The conditions that AND joins, in order.
fn conjuncts(ast: &Ast) -> Vec<&Ast> {
    let mut parts = Vec::new();
    let mut pending = vec![ast];
    while let Some(next) = pending.pop() {
        match next {
            Ast::BinaryOp { left, op: BinaryOperator::And, right } => {
                pending.push(right);
                pending.push(left);
            }
            Ast::Nested(inner)
                if matches!(**inner, Ast::BinaryOp { op: BinaryOperator::And, .. }) =>
            {
                pending.push(inner);
            }
            other => parts.push(other),
        }
    }
    parts
}

/// Whether an aggregate at the top counts.
fn counts(rel: &Rel) -> bool {
    match &rel.node {
        Node::Project { input, .. } | Node::Filter { input, .. } => counts(input),
        Node::Aggregate(aggregate) => {
            aggregate.calls.iter().any(|c| c.call.function.name == "COUNT")
        }
        _ => false,
    }
}
