//! The conditions of WHERE: `x IN (SELECT ..)` and `EXISTS (SELECT ..)` as a whole are semi and anti joins,
//! all others filter.

use sqlparser::ast::{BinaryOperator, Expr as Ast};

use super::Binder;
use super::correlate::{Pulled, all, over_both, pull, unexpected};
use super::domain::over_domain;
use super::expr::place_of;
use super::query::span_of;
use super::scope::Scope;
use super::select::filter;
use super::subquery::{
    Joined, Test, as_written, beside, is_value, narrow, read, test_of, written_of,
};
use crate::base::{Error, Result};
use crate::data::{DataType, LogicalType};
use crate::expr::{Expr, call};
use crate::sql::bound::{JoinKind, Node, Rel, Subquery, SubqueryTest, VALUES};

impl Binder<'_> {
    /// The rows of a WHERE.
    pub(super) fn filtered(&mut self, input: Rel, scope: &Scope, condition: &Ast) -> Result<Rel> {
        let parts = conjuncts(condition);
        let has_tests = parts.iter().any(|part| test_of(part).is_some());
        let parts = if has_tests { parts } else { vec![condition] };
        let mut asked = Asked { parts: Vec::with_capacity(parts.len()), read: Some(Vec::new()) };
        let (mut plain, mut reading, mut queries) = (Vec::new(), Vec::new(), Vec::new());
        for part in parts {
            match test_of(part) {
                Some(test) => {
                    let subquery = self.correlated(test.query, scope)?;
                    asked.add_test(self.written(&test, &subquery, scope)?, test.negated)?;
                    queries.push((test, subquery));
                }
                None => {
                    let (condition, joined) = self.condition_joined(part, scope, "WHERE")?;
                    asked.add(&condition, &joined);
                    match joined.is_empty() {
                        true => plain.push(condition),
                        false => reading.push((condition, joined)),
                    }
                }
            }
        }
        let mut rel = match all(plain.into_iter())? {
            Some(condition) => filter(input.clone(), condition),
            None => input.clone(),
        };
        for (condition, joined) in reading {
            rel = filtered_by_values(rel, &condition, joined)?;
        }
        for (test, subquery) in queries {
            rel = self.tested(rel, scope, &test, subquery)?;
        }
        match all(asked.parts.into_iter())? {
            Some(condition) => Ok(as_written(rel, filter(input, condition), asked.read)),
            None => Ok(rel),
        }
    }

    /// IN or EXISTS as it was written.
    fn written(&self, test: &Test<'_>, subquery: &Rel, scope: &Scope) -> Result<Subquery> {
        let members = match test.value {
            None => None,
            Some(Ast::Tuple(items)) => Some(items.iter().collect()),
            Some(one) => Some(vec![one]),
        };
        let asks = match members {
            None => SubqueryTest::Exists,
            Some(members) => {
                let member = |member: &Ast| self.scalar(member, scope, "WHERE");
                SubqueryTest::Member(members.into_iter().map(member).collect::<Result<_>>()?)
            }
        };
        Ok(Subquery { asks, rel: subquery.clone() })
    }

    /// A semi or anti join.
    fn tested(&self, input: Rel, scope: &Scope, test: &Test<'_>, subquery: Rel) -> Result<Rel> {
        let pulled = pull(subquery).map_err(|error| error.at(span_of(test.query)))?;
        let Pulled { rel, conditions, grouped_whole, .. } = pulled;
        // An aggregate of no rows is a row all the same: NULL is not IN, but not NOT IN either.
        if grouped_whole && (test.value.is_none() || test.negated || counts(&rel)) {
            return Err(unexpected().at(span_of(test.query)));
        }
        let width = input.schema.len();
        let rel = over_domain(rel, &input);
        let conditions: Vec<Expr> = conditions.iter().map(|c| over_both(c, width)).collect();
        let members = members(test.value, rel.schema.len(), &conditions);
        if members.len() > rel.schema.len() || (test.value.is_some() && members.is_empty()) {
            let error = Error::new("subquery-columns").arg("found", rel.schema.len());
            let expected = members_of(test.value);
            return Err(error.arg("expected", expected).at(span_of(test.query)));
        }
        let mut equal_members = Vec::with_capacity(members.len());
        for (column, member) in members.into_iter().enumerate() {
            let left = self.scalar(member, scope, "WHERE")?;
            let data_type = rel.schema.fields()[column].data_type.clone();
            let right = Expr::column(width + column, data_type);
            equal_members.push(equal(left, right, test.negated, member)?);
        }
        let conditions = equal_members.into_iter().chain(conditions);
        let kind = if test.negated { JoinKind::Anti } else { JoinKind::Semi };
        let schema = input.schema.clone();
        let node = Node::Join {
            left: Box::new(input),
            right: Box::new(rel),
            kind,
            condition: all(conditions)?,
            as_of: None,
        };
        Ok(Rel { node, schema })
    }
}

/// The rows for which a condition on values of subqueries holds.
fn filtered_by_values(input: Rel, condition: &Expr, joined: Vec<Joined>) -> Result<Rel> {
    let width = input.schema.len();
    let (input, values) = beside(input, joined)?;
    Ok(narrow(filter(input, read(condition, &values)), width))
}

/// What a WHERE says.
struct Asked {
    parts: Vec<Expr>,
    /// The subqueries that it reads; `None` if not all are as they were written.
    read: Option<Vec<Subquery>>,
}

impl Asked {
    fn add(&mut self, condition: &Expr, joined: &[Joined]) {
        let before = self.read.as_ref().map_or(0, Vec::len);
        self.parts.push(condition.map_columns(&|c| if is_value(c) { c + before } else { c }));
        match (&mut self.read, written_of(joined)) {
            (Some(read), Some(more)) => read.extend(more),
            _ => self.read = None,
        }
    }

    fn add_test(&mut self, test: Subquery, negated: bool) -> Result<()> {
        let Some(read) = &mut self.read else { return Ok(()) };
        let found = Expr::column(VALUES + read.len(), DataType::nullable(LogicalType::Boolean));
        read.push(test);
        self.parts.push(if negated { call("NOT", vec![found])? } else { found });
        Ok(())
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
        Node::Subqueries(subqueries) => counts(&subqueries.joined),
        Node::Aggregate(aggregate) => {
            aggregate.calls.iter().any(|c| c.call.function.name == "COUNT")
        }
        _ => false,
    }
}
