//! Subqueries in expressions: IN, EXISTS and single values become joins with the query around them.
//!
//! A condition of WHERE that is an IN or EXISTS as a whole is a semi or anti join ([`super::semi_join`]).
//! Anywhere else the subquery is joined so that each row of the outer query stays once, and its value is
//! read beside it.

use std::sync::Arc;

use sqlparser::ast::{self, BinaryOperator, Expr as Ast, InTarget, UnaryOperator};

use super::Binder;
use super::correlate::{Pulled, all, over_both, pull, unexpected};
use super::domain::over_domain;
use super::expr::Cx;
use super::from::Named;
use super::keyed_aggregate::{KeyedAggregate, of_no_rows};
use super::query::{project, span_of};
use super::scope::Scope;
use super::size::JOIN;
use crate::base::{Error, Result};
use crate::data::{DataType, Field, LogicalType, Schema, Value};
use crate::expr::{Expr, aggregate, call};
use crate::sql::bound::{
    Aggregate, AggregateCall, JoinKind, Node, OUTER, Rel, SetOp, Subqueries, Subquery,
    SubqueryTest, VALUES,
};

/// A subquery that is to be joined, and what is read of it.
#[derive(Clone, Debug)]
pub(super) struct Joined {
    /// `None`: the one that the value before this one is read of.
    rel: Option<Rel>,
    conditions: Vec<Expr>,
    /// Over its columns.
    value: Expr,
    /// As it was written; `None` where several values say together what was.
    written: Option<Subquery>,
}

impl Binder<'_> {
    pub(super) fn subquery(&self, query: &ast::Query, scope: &Scope) -> Result<Pulled> {
        pull(self.correlated(query, scope)?).map_err(|error| error.at(span_of(query)))
    }

    /// A subquery that may read columns around it.
    pub(super) fn correlated(&self, query: &ast::Query, scope: &Scope) -> Result<Rel> {
        self.grow(JOIN, span_of(query))?;
        let mut inner = self.inside(scope.clone());
        let rel = inner.query(query, false)?;
        let mut tables = self.tables_inside.borrow_mut();
        tables.extend(inner.tables);
        tables.extend(inner.tables_inside.into_inner());
        self.qualifiers.borrow_mut().extend(inner.qualifiers.into_inner());
        Ok(rel)
    }
}

/// `x IN (SELECT ..)` or `EXISTS (SELECT ..)`.
pub(super) struct Test<'a> {
    pub(super) value: Option<&'a Ast>,
    pub(super) query: &'a ast::Query,
    pub(super) negated: bool,
}

pub(super) fn test_of(ast: &Ast) -> Option<Test<'_>> {
    match ast {
        Ast::Nested(inner) => test_of(inner),
        Ast::UnaryOp { op: UnaryOperator::Not, expr } => {
            test_of(expr).map(|test| Test { negated: !test.negated, ..test })
        }
        Ast::Exists { subquery, negated } => {
            Some(Test { value: None, query: subquery, negated: *negated })
        }
        Ast::In { expr, target: InTarget::Subquery(query), negated, .. } => {
            Some(Test { value: Some(expr), query, negated: *negated })
        }
        // The two that are IN and NOT IN by other names.
        Ast::AnyOp { left, compare_op: BinaryOperator::Eq, right, .. }
        | Ast::AllOp { left, compare_op: BinaryOperator::NotEq, right } => {
            let Ast::Subquery(query) = &**right else { return None };
            let negated = matches!(ast, Ast::AllOp { .. });
            Some(Test { value: Some(left), query, negated })
        }
        _ => None,
    }
}

impl Cx<'_> {
    /// `(SELECT ..)`, `EXISTS (..)` or `x IN (SELECT ..)` inside an expression.
    pub(super) fn subquery(&mut self, ast: &Ast) -> Result<Expr> {
        match ast {
            Ast::Subquery(query) => self.single_value(query),
            _ => {
                let test = test_of(ast).ok_or_else(unexpected)?;
                let found = match test.value {
                    None => self.exists(test.query)?,
                    Some(value) => self.is_member(value, test.query)?,
                };
                if test.negated { call("NOT", vec![found]) } else { Ok(found) }
            }
        }
    }

    /// Aggregates of all rows of a subquery that belong to a row of the outer query, each `(function,
    /// arguments)`; of no rows a COUNT is 0.
    pub(super) fn aggregates(
        &mut self,
        pulled: &Pulled,
        calls: Vec<(&str, Vec<Expr>)>,
    ) -> Result<Vec<Expr>> {
        let counts: Vec<bool> = calls.iter().map(|(name, _)| *name == "COUNT").collect();
        let keys = pulled.keys();
        let rel = grouped(pulled.rel.clone(), keys.clone(), calls)?;
        let mut conditions = renumbered(&pulled.conditions, &keys);
        let schema = rel.schema.clone();
        let mut rel = Some(rel);
        let mut values = Vec::with_capacity(counts.len());
        for (call_number, counts) in counts.into_iter().enumerate() {
            let read = nullable(keys.len() + call_number, &schema);
            let value = match counts {
                true => call("COALESCE", vec![read, Expr::constant(Value::BigInt(0))])?,
                false => read,
            };
            let conditions = std::mem::take(&mut conditions);
            let rel = rel.take();
            values.push(self.joined(Joined { rel, conditions, value, written: None }));
        }
        Ok(values)
    }

    fn joined(&mut self, joined: Joined) -> Expr {
        let data_type = joined.value.data_type.clone();
        self.subqueries.push(joined);
        Expr::column(VALUES + self.subqueries.len() - 1, data_type)
    }

    fn single_value(&mut self, query: &ast::Query) -> Result<Expr> {
        let rel = self.binder.correlated(query, self.scope)?;
        if rel.schema.len() != 1 {
            let error = Error::new("subquery-columns").arg("found", rel.schema.len());
            return Err(error.arg("expected", 1).at(span_of(query)));
        }
        let written = Some(Subquery { asks: SubqueryTest::Value, rel: rel.clone() });
        let rel = if is_single(&rel) { rel } else { single(rel)? };
        let pulled = pull(rel).map_err(|error| error.at(span_of(query)))?;
        let Pulled { rel, conditions, grouped_whole, .. } = pulled;
        if grouped_whole {
            let KeyedAggregate { rel, conditions, exprs } = KeyedAggregate::of(rel, conditions)?;
            let value = of_no_rows(&rel, &exprs[0]);
            return Ok(self.joined(Joined { rel: Some(rel), conditions, value, written }));
        }
        if !conditions.is_empty() {
            return Err(unexpected().at(span_of(query)));
        }
        let value = nullable(0, &rel.schema);
        Ok(self.joined(Joined { rel: Some(rel), conditions, value, written }))
    }

    fn exists(&mut self, query: &ast::Query) -> Result<Expr> {
        let rel = self.binder.correlated(query, self.scope)?;
        if has_a_row(&rel) {
            return Ok(Expr::constant(Value::Boolean(true)));
        }
        let written = Some(Subquery { asks: SubqueryTest::Exists, rel: rel.clone() });
        let pulled = pull(rel).map_err(|error| error.at(span_of(query)))?.keyed()?;
        if pulled.grouped_whole {
            return Err(unexpected().at(span_of(query)));
        }
        let keys = pulled.keys();
        let conditions = renumbered(&pulled.conditions, &keys);
        let marked = marked(pulled.rel, &keys);
        let value = call("IS NOT NULL", vec![nullable(marked.schema.len() - 1, &marked.schema)])?;
        Ok(self.joined(Joined { rel: Some(marked), conditions, value, written }))
    }

    /// TRUE if the value is there, NULL if it may be behind a NULL, else FALSE.
    pub(super) fn is_member(&mut self, value: &Ast, query: &ast::Query) -> Result<Expr> {
        let pulled = self.binder.subquery(query, self.scope)?.keyed()?;
        let rel = &pulled.rel;
        if pulled.width != 1 || pulled.grouped_whole {
            return Err(unexpected().at(span_of(query)));
        }
        let value = self.expr(value)?;
        let mut keys = vec![0];
        keys.extend(pulled.keys().into_iter().filter(|key| *key > 0));
        let member = marked(rel.clone(), &keys);
        let key = Expr::column(0, member.schema.fields()[0].data_type.clone());
        let mut conditions = vec![call("=", vec![value.map_columns(&|c| c + OUTER), key])?];
        conditions.extend(renumbered(&pulled.conditions, &keys));
        let there = call("IS NOT NULL", vec![nullable(keys.len(), &member.schema)])?;
        let there = Joined { rel: Some(member), conditions, value: there, written: None };
        let there = self.joined(there);
        if !value.data_type.nullable && !rel.schema.fields()[0].data_type.nullable {
            return Ok(there);
        }
        let column = Expr::column(0, rel.schema.fields()[0].data_type.clone());
        let counts = vec![("COUNT", Vec::new()), ("COUNT", vec![column])];
        let [rows, known] =
            <[Expr; 2]>::try_from(self.aggregates(&pulled, counts)?).map_err(|_| unexpected())?;
        let zero = Expr::constant(Value::BigInt(0));
        let truth = |t: bool| Expr::constant(Value::Boolean(t));
        let empty = call("=", vec![rows.clone(), zero])?;
        let unknown = Expr::null(LogicalType::Boolean);
        let has_null = call("<", vec![known, rows])?;
        let branches = vec![
            (empty, truth(false)),
            (there, truth(true)),
            (call("IS NULL", vec![value])?, unknown.clone()),
            (has_null, unknown),
        ];
        Expr::case(branches, Some(truth(false)))
    }
}

fn nullable(column: usize, schema: &Schema) -> Expr {
    let logical = schema.fields()[column].data_type.logical.clone();
    Expr::column(column, DataType::nullable(logical))
}

/// Conditions over only the key columns, which stand first.
fn renumbered(conditions: &[Expr], keys: &[usize]) -> Vec<Expr> {
    let place = |c: usize| keys.iter().position(|k| *k == c).unwrap_or(c);
    conditions.iter().map(|c| c.map_columns(&place)).collect()
}

/// The keys that occur, each once, and TRUE behind them.
fn marked(rel: Rel, keys: &[usize]) -> Rel {
    let fields = rel.schema.fields().to_vec();
    let mut exprs: Vec<Expr> =
        keys.iter().map(|k| Expr::column(*k, fields[*k].data_type.clone())).collect();
    exprs.push(Expr::constant(Value::Boolean(true)));
    let mut names: Vec<String> = keys.iter().map(|k| fields[*k].name.clone()).collect();
    names.push("i".to_owned());
    super::group::distinct(project(rel, exprs, names))
}

/// Aggregates of the rows of each key, behind the keys.
fn grouped(rel: Rel, group: Vec<usize>, calls: Vec<(&str, Vec<Expr>)>) -> Result<Rel> {
    let mut fields: Vec<Field> = group.iter().map(|k| rel.schema.fields()[*k].clone()).collect();
    let mut bound = Vec::new();
    for (n, (function, arguments)) in calls.into_iter().enumerate() {
        let call = aggregate::aggregate(function, arguments, false, None, group.is_empty())?;
        let name = format!("EXPR${n}");
        fields.push(Field::new(&name, call.data_type.clone()));
        bound.push(AggregateCall { call, name });
    }
    let calls = bound;
    let aggregate = Aggregate { input: Box::new(rel), group, window: None, calls };
    Ok(Rel { node: Node::Aggregate(aggregate), schema: Schema::new(fields) })
}

fn single(rel: Rel) -> Result<Rel> {
    let column = Expr::column(0, rel.schema.fields()[0].data_type.clone());
    let mut single = grouped(rel, Vec::new(), vec![(aggregate::SINGLE_VALUE, vec![column])])?;
    let field = Field::new("$f0", single.schema.fields()[0].data_type.clone());
    single.schema = Schema::new(vec![field]);
    Ok(single)
}

/// Whether a relation has a row at least, whatever its tables hold.
fn has_a_row(rel: &Rel) -> bool {
    match &rel.node {
        Node::Values(rows) => !rows.is_empty(),
        Node::Project { input, .. } => has_a_row(input),
        Node::Aggregate(aggregate) => aggregate.group.is_empty() && aggregate.window.is_none(),
        Node::SetOp { op: SetOp::Union, inputs, .. } => inputs.iter().any(has_a_row),
        Node::Sort { input, offset: 0, fetch, .. } => *fetch != Some(0) && has_a_row(input),
        _ => false,
    }
}

/// Whether a relation has one row whatever its tables hold.
fn is_single(rel: &Rel) -> bool {
    match &rel.node {
        Node::Aggregate(aggregate) => aggregate.group.is_empty() && aggregate.window.is_none(),
        Node::Values(rows) => rows.len() == 1,
        Node::Project { input, .. } => is_single(input),
        _ => false,
    }
}

/// The relation with subqueries beside it, and the value of each.
pub(super) fn beside(input: Rel, joined: Vec<Joined>) -> Result<(Rel, Vec<Expr>)> {
    let mut rel = input;
    let mut values: Vec<Expr> = Vec::new();
    let mut width = rel.schema.len();
    for Joined { rel: right, conditions, value, .. } in joined {
        let Some(right) = right else {
            values.push(value.map_columns(&|c| c + width));
            continue;
        };
        width = rel.schema.len();
        let right = over_domain(right, &rel);
        let conditions = conditions.iter().map(|c| read(&over_both(c, width), &values));
        let condition = all(conditions.collect::<Vec<_>>().into_iter())?;
        let scopes = (Scope::default(), Scope::default());
        let joined: Named =
            super::join::joined((rel, scopes.0), (right, scopes.1), JoinKind::Left, condition);
        rel = joined.0;
        values.push(value.map_columns(&|c| c + width));
    }
    Ok((rel, values))
}

/// What reads subqueries, beside the joins that it becomes; those alone where not all of them are as they
/// were written.
pub(super) fn as_written(joined: Rel, written: Rel, read: Option<Vec<Subquery>>) -> Rel {
    match read {
        Some(read) if !read.is_empty() => {
            let schema = written.schema.clone();
            let (joined, written) = (Arc::new(joined), Arc::new(written));
            Rel { node: Node::Subqueries(Subqueries { joined, written, read }), schema }
        }
        _ => joined,
    }
}

/// Subqueries as they were written, if all of them are.
pub(super) fn written_of(joined: &[Joined]) -> Option<Vec<Subquery>> {
    joined.iter().map(|joined| joined.written.clone()).collect()
}

/// The expression with the values of subqueries put in.
pub(super) fn read(expr: &Expr, values: &[Expr]) -> Expr {
    if values.is_empty() {
        return expr.clone();
    }
    expr.transform(&mut |node| {
        let value =
            node.as_column().and_then(|c| c.checked_sub(VALUES)).and_then(|n| values.get(n));
        value.cloned().unwrap_or(node)
    })
}

/// Whether a column is the value of a subquery.
pub(super) fn is_value(column: usize) -> bool {
    column >= VALUES
}

/// Only the first columns, with their names.
pub(super) fn narrowed((rel, scope): Named, width: usize) -> Named {
    (narrow(rel, width), scope.first(width))
}

/// Only the first columns.
pub(super) fn narrow(rel: Rel, width: usize) -> Rel {
    if rel.schema.len() == width {
        return rel;
    }
    let fields = rel.schema.fields()[..width].iter().enumerate();
    let (exprs, names) =
        fields.map(|(n, f)| (Expr::column(n, f.data_type.clone()), f.name.clone())).unzip();
    project(rel, exprs, names)
}
