//! Subqueries in expressions, as joins: EXISTS and IN keep rows of the left, a single value becomes a
//! column that the SELECT does not show.
//!
//! What a subquery says of the columns around it goes into the condition of the join. Where it is a
//! value, that must be an equality: the subquery is then grouped by its side of it.

use sqlparser::ast::{self, BinaryOperator, Expr as Ast, InTarget, Select, SelectItem, SetExpr};

use super::Binder;
use super::expr::place_of;
use super::foreign::not_yet;
use super::from::Named;
use super::order::Limits;
use super::query::span_of;
use super::scope::Scope;
use super::select::filter;
use crate::base::{Error, Result, Span};
use crate::data::{DataType, Field, Schema};
use crate::expr::aggregate::{SINGLE_VALUE, aggregate, lookup};
use crate::expr::{Expr, call};
use crate::sql::bound::{self, Aggregate, JoinKind, Node, Rel};
use crate::sql::catalog::located;

/// A part of WHERE that asks a subquery whether it has a row.
enum Test<'a> {
    Exists(&'a ast::Query),
    In(&'a Ast, &'a ast::Query),
}

/// A subquery over columns of its own, and what it says of those around it.
struct Inner {
    rel: Rel,
    scope: Scope,
    /// Over the columns around it and then its own.
    condition: Vec<Expr>,
}

impl Binder<'_> {
    /// The rows for which WHERE is true.
    pub(super) fn where_(&mut self, (input, scope): Named, condition: &Ast) -> Result<Named> {
        if !has_subquery(condition) {
            let condition = self.condition(condition, &scope, "WHERE")?;
            return Ok((filter(input, condition), scope));
        }
        let mut named = (input, scope);
        for part in conjuncts(condition) {
            named = match test(part) {
                Some((Test::Exists(query), negated)) => self.exists(named, query, negated)?,
                Some((Test::In(value, query), negated)) => {
                    self.is_in_query(named, value, query, negated)?
                }
                None => {
                    let (input, scope) = self.single_values(named, &[part])?;
                    let condition = self.condition(part, &scope, "WHERE")?;
                    (filter(input, condition), scope)
                }
            };
        }
        Ok(named)
    }

    /// The relation with a hidden column for each single value that these expressions ask for.
    pub(super) fn single_values(&mut self, mut named: Named, exprs: &[&Ast]) -> Result<Named> {
        for query in exprs.iter().flat_map(|expr| subqueries(expr)) {
            named = self.single_value(named, query)?;
        }
        Ok(named)
    }

    fn exists(&mut self, named: Named, query: &ast::Query, negated: bool) -> Result<Named> {
        let (right, condition) = match plain_select(query) {
            Some(select) => {
                let inner = self.inner(&named.1, select)?;
                (inner.rel, inner.condition)
            }
            None => (self.query(query, false)?, Vec::new()),
        };
        half_join(named, right, condition, negated)
    }

    fn is_in_query(
        &mut self,
        named: Named,
        value: &Ast,
        query: &ast::Query,
        negated: bool,
    ) -> Result<Named> {
        let around = named.1.len();
        let values: Vec<&Ast> = match value {
            Ast::Tuple(values) => values.iter().collect(),
            Ast::Nested(value) => vec![value],
            value => vec![value],
        };
        let (right, own, mut condition) = match plain_select(query) {
            Some(select) => {
                let inner = self.inner(&named.1, select)?;
                let items = select.projection.iter().map(item_of).collect::<Option<Vec<_>>>();
                match items.filter(|_| !inner.condition.is_empty()) {
                    Some(items) => {
                        let bind = |item: &&Ast| self.scalar(item, &inner.scope, "SELECT");
                        let own = items.iter().map(bind).collect::<Result<Vec<_>>>()?;
                        (inner.rel, own, inner.condition)
                    }
                    None => self.whole(query)?,
                }
            }
            None => self.whole(query)?,
        };
        if own.len() != values.len() {
            return Err(columns_error(query, values.len(), own.len()));
        }
        for (value, own) in values.into_iter().zip(own) {
            let left = self.scalar(value, &named.1, "WHERE")?;
            let right = own.map_columns(&|column| column + around);
            let may_miss = left.data_type.nullable || right.data_type.nullable;
            let equal = call("=", vec![left, right]);
            let equal = equal.map_err(|error| located(error, place_of(value)))?;
            // NOT IN is not true either where the comparison is unknown.
            condition.push(match negated && may_miss {
                true => call("OR", vec![equal.clone(), call("IS UNKNOWN", vec![equal])?])?,
                false => equal,
            });
        }
        half_join(named, right, condition, negated)
    }

    /// A subquery that says nothing of the columns around it, and its columns.
    fn whole(&mut self, query: &ast::Query) -> Result<(Rel, Vec<Expr>, Vec<Expr>)> {
        let rel = self.query(query, false)?;
        let fields = rel.schema.fields().iter().enumerate();
        let own = fields.map(|(n, f)| Expr::column(n, f.data_type.clone())).collect();
        Ok((rel, own, Vec::new()))
    }

    /// FROM and WHERE of a subquery.
    fn inner(&mut self, around: &Scope, select: &Select) -> Result<Inner> {
        let (mut rel, mut scope) = self.from(&select.from)?;
        let both = around.clone().around(scope.clone());
        let mut condition = Vec::new();
        for part in select.selection.iter().flat_map(conjuncts) {
            if has_subquery(part) {
                (rel, scope) = self.where_((rel, scope), part)?;
                continue;
            }
            match self.condition(part, &scope, "WHERE") {
                Ok(own) => rel = filter(rel, own),
                Err(error) => match self.condition(part, &both, "WHERE") {
                    Ok(part) => condition.push(part),
                    Err(_) => return Err(error),
                },
            }
        }
        Ok(Inner { rel, scope, condition })
    }

    fn single_value(&mut self, named: Named, query: &ast::Query) -> Result<Named> {
        let tables = self.tables.len();
        let (right, condition, empty) = match self.query(query, false) {
            Ok(rel) if rel.schema.len() != 1 => {
                return Err(columns_error(query, 1, rel.schema.len()));
            }
            Ok(rel) => (if has_one_row(&rel) { rel } else { single(rel)? }, Vec::new(), None),
            Err(error) => {
                self.tables.truncate(tables);
                let Some(select) = plain_select(query) else { return Err(error) };
                self.grouped_value(&named.1, select, error)?
            }
        };
        let place = span_of(query);
        let (left, mut scope) = named;
        let at = left.schema.len();
        let data_type = right.schema.fields()[0].data_type.clone();
        let data_type = DataType { nullable: true, ..data_type };
        let mut value = Expr::column(at, data_type);
        if let Some(empty) = empty {
            value = call("COALESCE", vec![value, empty])?;
        }
        for field in right.schema.fields() {
            scope.hide(DataType { nullable: true, ..field.data_type.clone() });
        }
        scope.answers(place, value);
        let fields = right.schema.fields().iter().map(|f| {
            let data_type = DataType { nullable: true, ..f.data_type.clone() };
            Field::new(f.name.clone(), data_type)
        });
        let schema = Schema::new(left.schema.fields().iter().cloned().chain(fields).collect());
        let condition = all(condition)?;
        let (left, right) = (Box::new(left), Box::new(right));
        let node = Node::Join { left, right, kind: JoinKind::Left, condition };
        Ok((Rel { node, schema }, scope))
    }

    /// A value that depends on the columns around it: grouped by what must equal them. Behind the
    /// value come the groups. The last part is the value of no row, if that is not NULL.
    fn grouped_value(
        &mut self,
        around: &Scope,
        select: &Select,
        refused: Error,
    ) -> Result<(Rel, Vec<Expr>, Option<Expr>)> {
        let [item] = select.projection.as_slice() else { return Err(refused) };
        let Some(item) = item_of(item) else { return Err(refused) };
        let (_, scope) = self.from(&select.from)?;
        let (mut own, mut groups, mut outer) = (Vec::new(), Vec::new(), Vec::new());
        for part in select.selection.iter().flat_map(conjuncts) {
            if has_subquery(part) || self.condition(part, &scope, "WHERE").is_ok() {
                own.push(part.clone());
                continue;
            }
            let Ast::BinaryOp { left, op: BinaryOperator::Eq, right } = part else {
                return Err(refused);
            };
            let sides = [(left, right), (right, left)];
            let found = sides.into_iter().find_map(|(inner, other)| {
                self.scalar(inner, &scope, "WHERE").ok()?;
                Some((inner, self.scalar(other, around, "WHERE").ok()?))
            });
            let Some((inner, other)) = found else { return Err(refused) };
            groups.push((**inner).clone());
            outer.push(other);
        }
        let grouped = grouped_select(select, item, own, groups);
        let right = self.select(&grouped, None, Limits::default())?;
        let at = around.len();
        let equal = outer.into_iter().enumerate().map(|(n, outer)| {
            let group = &right.schema.fields()[n + 1];
            call("=", vec![outer, Expr::column(at + n + 1, group.data_type.clone())])
        });
        let condition = equal.collect::<Result<Vec<_>>>()?;
        let zero = is_count(item).then(|| Expr::constant(crate::data::Value::BigInt(0)));
        Ok((right, condition, zero))
    }
}

/// Rows of the left with a partner, or without.
fn half_join(named: Named, right: Rel, condition: Vec<Expr>, negated: bool) -> Result<Named> {
    let (left, scope) = named;
    let schema = left.schema.clone();
    let kind = if negated { JoinKind::Anti } else { JoinKind::Semi };
    let condition = all(condition)?;
    let (left, right) = (Box::new(left), Box::new(right));
    Ok((Rel { node: Node::Join { left, right, kind, condition }, schema }, scope))
}

fn all(parts: Vec<Expr>) -> Result<Option<Expr>> {
    parts.into_iter().map(Ok).reduce(|a, b| call("AND", vec![a?, b?])).transpose()
}

/// One row: the only one there is.
fn single(input: Rel) -> Result<Rel> {
    let field = input.schema.fields()[0].clone();
    let argument = Expr::column(0, field.data_type);
    let call = aggregate(SINGLE_VALUE, vec![argument], false, None, true)?;
    let schema = Schema::new(vec![Field::new(field.name.clone(), call.data_type.clone())]);
    let calls = vec![bound::AggregateCall { call, name: field.name }];
    let node = Aggregate { input: Box::new(input), group: Vec::new(), window: None, calls };
    Ok(Rel { node: Node::Aggregate(node), schema })
}

fn has_one_row(rel: &Rel) -> bool {
    match &rel.node {
        Node::Aggregate(node) => node.group.is_empty() && node.window.is_none(),
        Node::Project { input, .. } | Node::Filter { input, .. } => has_one_row(input),
        Node::Sort { fetch, .. } => fetch.is_some_and(|rows| rows <= 1),
        Node::Values(rows) => rows.len() <= 1,
        _ => false,
    }
}

fn grouped_select(select: &Select, item: &Ast, own: Vec<Ast>, groups: Vec<Ast>) -> Select {
    let value = match has_aggregate(item) {
        true => item.clone(),
        false => wrapped(item),
    };
    let and = |left: Ast, right: Ast| Ast::BinaryOp {
        left: Box::new(left),
        op: BinaryOperator::And,
        right: Box::new(right),
    };
    let items = std::iter::once(value).chain(groups.iter().cloned());
    Select {
        projection: items.map(SelectItem::UnnamedExpr).collect(),
        selection: own.into_iter().reduce(and),
        group_by: ast::GroupByExpr::Expressions(groups, Vec::new()),
        ..select.clone()
    }
}

fn wrapped(item: &Ast) -> Ast {
    let argument = ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Expr(item.clone()));
    Ast::Function(ast::Function {
        name: ast::ObjectName::from(vec![ast::Ident::new(SINGLE_VALUE)]),
        uses_odbc_syntax: false,
        parameters: ast::FunctionArguments::None,
        args: ast::FunctionArguments::List(ast::FunctionArgumentList {
            duplicate_treatment: None,
            args: vec![argument],
            clauses: Vec::new(),
        }),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: Vec::new(),
    })
}

/// A query that is nothing but SELECT .. FROM .. WHERE.
fn plain_select(query: &ast::Query) -> Option<&Select> {
    let SetExpr::Select(select) = &*query.body else { return None };
    let bare = query.with.is_none()
        && query.order_by.is_none()
        && query.limit_clause.is_none()
        && query.fetch.is_none();
    let ungrouped =
        matches!(&select.group_by, ast::GroupByExpr::Expressions(groups, _) if groups.is_empty());
    let plain = ungrouped && select.having.is_none() && select.distinct.is_none();
    (bare && plain && !select.from.is_empty()).then_some(&**select)
}

fn item_of(item: &SelectItem) -> Option<&Ast> {
    match item {
        SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => Some(expr),
        _ => None,
    }
}

/// The parts of a condition that must all be true.
pub(super) fn conjuncts(condition: &Ast) -> Vec<&Ast> {
    let (mut parts, mut open) = (Vec::new(), vec![condition]);
    while let Some(part) = open.pop() {
        match part {
            Ast::BinaryOp { left, op: BinaryOperator::And, right } => open.extend([&**right, left]),
            Ast::Nested(inner) => open.push(inner),
            part => parts.push(part),
        }
    }
    parts
}

/// A test of a subquery, and whether it must fail.
fn test(part: &Ast) -> Option<(Test<'_>, bool)> {
    match part {
        Ast::Exists { subquery, negated } => Some((Test::Exists(subquery), *negated)),
        Ast::In { expr, target: InTarget::Subquery(query), negated, global: false } => {
            Some((Test::In(expr, query), *negated))
        }
        Ast::UnaryOp { op: ast::UnaryOperator::Not, expr } => {
            test(expr).map(|(test, negated)| (test, !negated))
        }
        Ast::Nested(inner) => test(inner),
        _ => None,
    }
}

/// The expressions directly inside one.
fn children(expr: &Ast) -> Vec<&Ast> {
    match expr {
        Ast::BinaryOp { left, right, .. } => vec![left, right],
        Ast::UnaryOp { expr, .. }
        | Ast::Nested(expr)
        | Ast::Cast { expr, .. }
        | Ast::IsNull(expr)
        | Ast::IsNotNull(expr)
        | Ast::IsTrue(expr)
        | Ast::IsFalse(expr) => vec![expr],
        Ast::IsDistinctFrom(a, b) | Ast::IsNotDistinctFrom(a, b) => vec![a, b],
        Ast::Between { expr, low, high, .. } => vec![expr, low, high],
        Ast::Like { expr, pattern, .. } => vec![expr, pattern],
        Ast::In { expr, target: InTarget::List(list), .. } => {
            std::iter::once(&**expr).chain(list).collect()
        }
        Ast::In { expr, .. } => vec![expr],
        Ast::Tuple(items) => items.iter().collect(),
        Ast::Case { operand, conditions, else_result, .. } => {
            let when = conditions.iter().flat_map(|when| [&when.condition, &when.result]);
            operand.as_deref().into_iter().chain(when).chain(else_result.as_deref()).collect()
        }
        Ast::Function(function) => match &function.args {
            ast::FunctionArguments::List(list) => list.args.iter().filter_map(argument).collect(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn argument(argument: &ast::FunctionArg) -> Option<&Ast> {
    match argument {
        ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Expr(expr)) => Some(expr),
        _ => None,
    }
}

/// Whether any expression inside one is as asked.
fn any(expr: &Ast, is: impl Fn(&Ast) -> bool) -> bool {
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        if is(expr) {
            return true;
        }
        open.extend(children(expr));
    }
    false
}

fn has_subquery(expr: &Ast) -> bool {
    any(expr, |e| {
        matches!(e, Ast::Subquery(_) | Ast::Exists { .. })
            || matches!(e, Ast::In { target: InTarget::Subquery(_), .. })
    })
}

fn has_aggregate(expr: &Ast) -> bool {
    any(expr, |e| matches!(e, Ast::Function(f) if lookup(&f.name.to_string()).is_some()))
}

fn is_count(item: &Ast) -> bool {
    matches!(item, Ast::Function(f) if f.name.to_string().eq_ignore_ascii_case("COUNT"))
}

/// The single values that an expression asks for, in order.
fn subqueries(expr: &Ast) -> Vec<&ast::Query> {
    let (mut found, mut open) = (Vec::new(), vec![expr]);
    while let Some(expr) = open.pop() {
        match expr {
            Ast::Subquery(query) => found.push(&**query),
            expr => open.extend(children(expr).into_iter().rev()),
        }
    }
    found
}

fn columns_error(query: &ast::Query, expected: usize, found: usize) -> Error {
    let error = Error::new("subquery-columns").arg("expected", expected).arg("found", found);
    located(error, span_of(query))
}

/// A value that nobody has joined: it stands where no subquery may.
pub(super) fn misplaced(ast: &Ast) -> Error {
    not_yet("(SELECT ..)", place_of(ast))
}

impl Scope {
    /// The value of a subquery that was joined, by its place.
    pub(super) fn answer(&self, place: Option<Span>) -> Option<&Expr> {
        self.answered().iter().find(|(at, _)| *at == place).map(|(_, value)| value)
    }
}
