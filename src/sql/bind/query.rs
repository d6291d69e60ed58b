//! A query: WITH, a body, ORDER BY, LIMIT.

use std::rc::Rc;

use sqlparser::ast::{self, SetExpr, TableAlias};

use super::foreign::refuse;
use super::{Binder, Cte, scope};
use crate::base::{Error, Result, Span};
use crate::data::{Field, Schema};
use crate::sql::bound::{Node, Rel};
use crate::sql::place;
use crate::sql::statement::QueryStmt;

impl Binder<'_> {
    /// The query of a statement: its columns get names of their own.
    pub(super) fn root(&mut self, query: &QueryStmt) -> Result<Rel> {
        let root = self.query(&query.ast, true)?;
        self.refuse_stale(&root, query.span)?;
        let schema = root.schema.with_own_names();
        Ok(Rel { schema, ..root })
    }

    /// A query. The order of an inner one counts only together with a LIMIT, as in Calcite.
    pub(super) fn query(&mut self, query: &ast::Query, outermost: bool) -> Result<Rel> {
        let ast::Query {
            with,
            body,
            order_by,
            limit_clause,
            fetch,
            locks,
            for_clause,
            settings,
            format_clause,
            pipe_operators,
        } = query;
        refuse(!locks.is_empty(), "FOR UPDATE", None)?;
        refuse(for_clause.is_some(), "FOR XML/JSON", None)?;
        refuse(settings.is_some(), "SETTINGS", None)?;
        refuse(format_clause.is_some(), "FORMAT", None)?;
        refuse(!pipe_operators.is_empty(), "|>", None)?;
        let outer = self.ctes.len();
        if let Some(with) = with {
            self.with(with)?;
        }
        let limits = self.limits(limit_clause.as_ref(), fetch.as_ref(), order_by.is_some())?;
        let sorts = outermost || limits.fetch.is_some() || limits.offset > 0;
        let order_by = order_by.as_ref().filter(|_| sorts);
        let rel = match (&**body, order_by) {
            (SetExpr::Select(select), Some(order_by)) => {
                self.select(select, Some(order_by), limits)
            }
            (SetExpr::Select(select), None) => self.select(select, None, limits),
            (body, order_by) => {
                let rel = self.set_expr(body)?;
                self.sort_output(rel, order_by, limits)
            }
        };
        self.ctes.truncate(outer);
        rel
    }

    fn with(&mut self, with: &ast::With) -> Result<()> {
        let ast::With { with_token, recursive, cte_tables } = with;
        refuse(*recursive, "WITH RECURSIVE", place::span(with_token.0.span))?;
        for cte in cte_tables {
            let ast::Cte { alias, query, from, materialized, closing_paren_token: _ } = cte;
            refuse(from.is_some() || materialized.is_some(), "MATERIALIZED", None)?;
            let before = self.size.get();
            let rel = self.query(query, false)?;
            let rel = renamed(rel, alias)?;
            let size = self.size.get().since(before);
            self.ctes.push(Rc::new(Cte { name: alias.name.value.clone(), rel, size }));
        }
        Ok(())
    }

    /// The body of a query without order and limit.
    pub(super) fn set_expr(&mut self, body: &SetExpr) -> Result<Rel> {
        match body {
            SetExpr::Select(select) => self.select(select, None, super::order::Limits::default()),
            SetExpr::Query(query) => self.query(query, false),
            SetExpr::SetOperation { left, op, set_quantifier, right } => {
                self.set_operation(left, *op, *set_quantifier, right)
            }
            SetExpr::Values(values) => self.values(values),
            SetExpr::Table(table) => self.table_command(table),
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => {
                Err(super::foreign::unsupported("INSERT", None))
            }
        }
    }
}

/// The relation under the names of an alias `t(a, b)`.
pub(super) fn renamed(rel: Rel, alias: &TableAlias) -> Result<Rel> {
    let TableAlias { explicit: _, name, columns, at } = alias;
    refuse(at.is_some(), "AT", scope::span(name))?;
    if columns.is_empty() {
        return Ok(rel);
    }
    if columns.len() != rel.schema.len() {
        let error = Error::new("column-count").arg("expected", rel.schema.len());
        return Err(scope::at(name, error.arg("found", columns.len())));
    }
    let fields = rel.schema.fields().iter().zip(columns);
    let fields = fields.map(|(f, c)| Field::new(c.name.value.clone(), f.data_type.clone()));
    Ok(Rel { schema: Schema::new(fields.collect()), ..rel })
}

/// The relation with other names for its columns.
pub(super) fn with_names(rel: Rel, names: Vec<String>) -> Rel {
    let fields = rel.schema.fields().iter().zip(names);
    let fields = fields.map(|(f, name)| Field::new(name, f.data_type.clone()));
    Rel { schema: Schema::new(fields.collect()), ..rel }
}

/// Expressions over a relation under names; what changes nothing but names is no relation.
pub(super) fn project(input: Rel, exprs: Vec<crate::expr::Expr>, names: Vec<String>) -> Rel {
    let identity = exprs.len() == input.schema.len()
        && exprs.iter().enumerate().all(|(n, e)| e.as_column() == Some(n));
    if identity {
        return with_names(input, names);
    }
    projection(input, exprs, names)
}

/// A projection, even one that changes nothing: every SELECT without aggregates is one.
pub(super) fn projection(input: Rel, exprs: Vec<crate::expr::Expr>, names: Vec<String>) -> Rel {
    let fields = names.into_iter().zip(&exprs);
    let fields = fields.map(|(name, e)| Field::new(name, e.data_type.clone()));
    let schema = Schema::new(fields.collect());
    Rel { node: Node::Project { input: Box::new(input), exprs }, schema }
}

/// Every column as it is.
pub(super) fn columns(schema: &Schema) -> Vec<crate::expr::Expr> {
    let column = |(n, f): (usize, &Field)| crate::expr::Expr::column(n, f.data_type.clone());
    schema.fields().iter().enumerate().map(column).collect()
}

/// The place of a query's first word, if it has one.
pub(super) fn span_of(query: &ast::Query) -> Option<Span> {
    span_of_body(&query.body)
}

/// The place of the first word of a body, if it has one.
pub(super) fn span_of_body(body: &SetExpr) -> Option<Span> {
    match body {
        SetExpr::Select(select) => place::span(select.select_token.0.span),
        SetExpr::Query(inner) => span_of(inner),
        _ => None,
    }
}
