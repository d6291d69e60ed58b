//! Subqueries in expressions: IN, EXISTS and single values become joins with the query around them.
//!
//! A condition of WHERE that is an IN or EXISTS as a whole is a semi or anti join. Anywhere else the
//! subquery is joined so that each row of the outer query stays once, and its value is read beside it.

use sqlparser::ast::{self, BinaryOperator, Expr as Ast, InTarget, UnaryOperator};

use super::Binder;
use super::correlate::{OUTER, Pulled, all, over_both, pull, unexpected};
use super::expr::{Cx, place_of};
use super::from::Named;
use super::query::{project, span_of};
use super::scope::Scope;
use super::select::filter;
use crate::base::{Error, Result};
use crate::data::{DataType, Field, LogicalType, Schema, Value};
use crate::expr::{Expr, aggregate, call};
use crate::sql::bound::{Aggregate, AggregateCall, JoinKind, Node, Rel};
use crate::sql::catalog::located;

/// From here on columns are the values of subqueries, in the order in which they were met.
const VALUES: usize = 1 << 50;

/// A subquery that is to be joined, and what is read of it.
#[derive(Clone, Debug)]
pub(super) struct Joined {
    rel: Rel,
    conditions: Vec<Expr>,
    /// Over its columns.
    value: Expr,
}

impl Binder<'_> {
    /// A binder for a subquery: it sees the columns around it.
    fn inner(&self, scope: &Scope) -> Binder<'_> {
        let mut inner = Binder::new(self.environment, self.source, self.connects);
        inner.ctes = self.ctes.clone();
        inner.depth = self.depth;
        inner.outer = std::iter::once(scope.clone()).chain(self.outer.iter().cloned()).collect();
        inner
    }

    fn subquery(&self, query: &ast::Query, scope: &Scope) -> Result<Pulled> {
        let mut inner = self.inner(scope);
        let rel = inner.query(query, false)?;
        let mut tables = self.tables_inside.borrow_mut();
        tables.extend(inner.tables);
        tables.extend(inner.tables_inside.into_inner());
        pull(rel).map_err(|error| located(error, span_of(query)))
    }

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
        let Pulled { rel, conditions, grouped_whole } = self.subquery(test.query, scope)?;
        if grouped_whole {
            return Err(located(unexpected(), span_of(test.query)));
        }
        let width = input.schema.len();
        let mut conditions: Vec<Expr> = conditions.iter().map(|c| over_both(c, width)).collect();
        let members = members(test.value, rel.schema.len(), &conditions);
        if members.len() > rel.schema.len() || (test.value.is_some() && members.is_empty()) {
            let error = Error::new("subquery-columns").arg("found", rel.schema.len());
            let expected = members_of(test.value);
            return Err(located(error.arg("expected", expected), span_of(test.query)));
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
    let equal = call("=", vec![left, right]).map_err(|e| located(e, place_of(place)))?;
    match negated && may_be_null {
        true => call("OR", vec![call("IS NULL", vec![equal.clone()])?, equal]),
        false => Ok(equal),
    }
}

/// `x IN (SELECT ..)` or `EXISTS (SELECT ..)`.
struct Test<'a> {
    value: Option<&'a Ast>,
    query: &'a ast::Query,
    negated: bool,
}

fn test_of(ast: &Ast) -> Option<Test<'_>> {
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
        _ => None,
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

    fn joined(&mut self, joined: Joined) -> Expr {
        let data_type = joined.value.data_type.clone();
        self.subqueries.push(joined);
        Expr::column(VALUES + self.subqueries.len() - 1, data_type)
    }

    fn single_value(&mut self, query: &ast::Query) -> Result<Expr> {
        let Pulled { rel, conditions, grouped_whole } = self.binder.subquery(query, self.scope)?;
        let added = own_columns(&conditions);
        if rel.schema.len() - added.min(rel.schema.len() - 1) != 1 {
            let error = Error::new("subquery-columns").arg("found", rel.schema.len());
            return Err(located(error.arg("expected", 1), span_of(query)));
        }
        if grouped_whole {
            return of_group(rel, conditions).map(|joined| self.joined(joined));
        }
        if !conditions.is_empty() {
            return Err(located(unexpected(), span_of(query)));
        }
        let rel = if is_single(&rel) { rel } else { single(rel)? };
        let value = nullable(0, &rel.schema);
        Ok(self.joined(Joined { rel, conditions, value }))
    }

    fn exists(&mut self, query: &ast::Query) -> Result<Expr> {
        let Pulled { rel, conditions, grouped_whole } = self.binder.subquery(query, self.scope)?;
        if grouped_whole {
            return Err(located(unexpected(), span_of(query)));
        }
        let keys = outer_keys(&conditions)?;
        let marked = marked(rel, &keys);
        let conditions = renumbered(&conditions, &keys);
        let value = call("IS NOT NULL", vec![nullable(marked.schema.len() - 1, &marked.schema)])?;
        Ok(self.joined(Joined { rel: marked, conditions, value }))
    }

    /// TRUE if the value is there, NULL if it may be behind a NULL, else FALSE.
    fn is_member(&mut self, value: &Ast, query: &ast::Query) -> Result<Expr> {
        let Pulled { rel, conditions, .. } = self.binder.subquery(query, self.scope)?;
        if !conditions.is_empty() || rel.schema.len() != 1 {
            return Err(located(unexpected(), span_of(query)));
        }
        let value = self.expr(value)?;
        let member = marked(rel.clone(), &[0]);
        let key = Expr::column(0, member.schema.fields()[0].data_type.clone());
        let condition = call("=", vec![value.map_columns(&|c| c + OUTER), key])?;
        let there = call("IS NOT NULL", vec![nullable(1, &member.schema)])?;
        let there = self.joined(Joined { rel: member, conditions: vec![condition], value: there });
        if !value.data_type.nullable && !rel.schema.fields()[0].data_type.nullable {
            return Ok(there);
        }
        let [rows, known] = self.counts(rel)?;
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

    /// How many rows a subquery has, and how many of them are not NULL.
    fn counts(&mut self, rel: Rel) -> Result<[Expr; 2]> {
        let column = Expr::column(0, rel.schema.fields()[0].data_type.clone());
        let of = |arguments: Vec<Expr>| whole(rel.clone(), "COUNT", arguments);
        let (rows, known) = (of(Vec::new())?, of(vec![column])?);
        let read = |rel: Rel| {
            let count = nullable(0, &rel.schema);
            let value = call("COALESCE", vec![count, Expr::constant(Value::BigInt(0))])?;
            Ok(Joined { rel, conditions: Vec::new(), value })
        };
        Ok([self.joined(read(rows)?), self.joined(read(known)?)])
    }
}

fn nullable(column: usize, schema: &Schema) -> Expr {
    let logical = schema.fields()[column].data_type.logical.clone();
    Expr::column(column, DataType::nullable(logical))
}

fn own_columns(conditions: &[Expr]) -> usize {
    let mut columns: Vec<usize> =
        conditions.iter().flat_map(Expr::columns).filter(|c| *c < OUTER).collect();
    columns.sort_unstable();
    columns.dedup();
    columns.len()
}

/// The columns of the subquery that are equal to outer ones.
fn outer_keys(conditions: &[Expr]) -> Result<Vec<usize>> {
    let mut keys: Vec<usize> =
        conditions.iter().flat_map(Expr::columns).filter(|c| *c < OUTER).collect();
    keys.sort_unstable();
    keys.dedup();
    let equations = conditions.iter().all(|c| c.is_call("="));
    if equations { Ok(keys) } else { Err(unexpected()) }
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

/// An aggregate of all rows.
fn whole(rel: Rel, function: &str, arguments: Vec<Expr>) -> Result<Rel> {
    let call = aggregate::aggregate(function, arguments, false, None, true)?;
    let field = Field::new("EXPR$0", call.data_type.clone());
    let calls = vec![AggregateCall { call, name: "EXPR$0".to_owned() }];
    let aggregate = Aggregate { input: Box::new(rel), group: Vec::new(), window: None, calls };
    Ok(Rel { node: Node::Aggregate(aggregate), schema: Schema::new(vec![field]) })
}

fn single(rel: Rel) -> Result<Rel> {
    let column = Expr::column(0, rel.schema.fields()[0].data_type.clone());
    whole(rel, aggregate::SINGLE_VALUE, vec![column])
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

/// The value of an aggregate of each key: of no rows COUNT is 0, and the others NULL.
fn of_group(rel: Rel, conditions: Vec<Expr>) -> Result<Joined> {
    let Rel { node, schema } = rel;
    let (input, exprs) = match node {
        Node::Project { input, exprs } => (*input, exprs),
        node => (Rel { node, schema: schema.clone() }, super::query::columns(&schema)),
    };
    // Two projections: the one of the subquery over the one that puts its keys last.
    let (input, exprs) = match input.node {
        Node::Project { input: below, exprs: inner } => {
            (*below, exprs.iter().map(|e| e.substitute(&inner)).collect())
        }
        node => (Rel { node, schema: input.schema }, exprs),
    };
    let Node::Aggregate(aggregate) = &input.node else { return Err(unexpected()) };
    let keys = aggregate.group.len();
    let of_nothing = |expr: Expr| -> Expr {
        let Some(column) = expr.as_column() else { return expr };
        let counts = column.checked_sub(keys).and_then(|c| aggregate.calls.get(c));
        let read = Expr::column(column, DataType::nullable(expr.data_type.logical.clone()));
        match counts.filter(|c| c.call.function.name == "COUNT") {
            Some(_) => {
                let zero = Expr::constant(Value::BigInt(0));
                call("COALESCE", vec![read.clone(), zero]).unwrap_or(read)
            }
            None => read,
        }
    };
    let value = exprs[0].transform(&mut { of_nothing });
    let conditions = conditions.iter().map(|c| {
        c.map_columns(&|column| match exprs.get(column).and_then(Expr::as_column) {
            Some(below) => below,
            None => column,
        })
    });
    Ok(Joined { conditions: conditions.collect(), value, rel: input })
}

/// The relation with subqueries beside it, and the value of each.
pub(super) fn beside(input: Rel, joined: Vec<Joined>) -> Result<(Rel, Vec<Expr>)> {
    let mut rel = input;
    let mut values: Vec<Expr> = Vec::new();
    for Joined { rel: right, conditions, value } in joined {
        let width = rel.schema.len();
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
fn narrow(rel: Rel, width: usize) -> Rel {
    if rel.schema.len() == width {
        return rel;
    }
    let fields = rel.schema.fields()[..width].iter().enumerate();
    let (exprs, names) =
        fields.map(|(n, f)| (Expr::column(n, f.data_type.clone()), f.name.clone())).unzip();
    project(rel, exprs, names)
}
