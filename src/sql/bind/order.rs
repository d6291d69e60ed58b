//! ORDER BY, LIMIT, OFFSET, FETCH, and what Flink asks of them in either mode.

use sqlparser::ast::{
    self, Expr as Ast, Fetch, LimitClause, Offset, OrderByExpr, OrderByKind, OrderByOptions,
    OrderBySort, Value as AstValue,
};

use super::expr::place_of;
use super::foreign::{refuse, unsupported};
use super::scope::Scope;
use super::{Binder, Purpose};
use crate::base::{Error, Result, RuntimeMode, Span};
use crate::data::TimeAttribute;
use crate::expr::Expr;
use crate::sql::bound::{Node, Rel, SortKey};

/// How many rows, and from which on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// How many rows are left out.
    pub offset: u64,
    /// The most rows.
    pub fetch: Option<u64>,
}

/// A key of an order, before its column exists.
pub struct Key<'a> {
    /// What it orders by.
    pub expr: &'a Ast,
    /// DESC.
    pub descending: bool,
    /// Whether NULL comes first.
    pub nulls_first: bool,
}

impl Binder<'_> {
    pub(super) fn limits(
        &self,
        limit: Option<&LimitClause>,
        fetch: Option<&Fetch>,
        ordered: bool,
    ) -> Result<Limits> {
        let mut limits = Limits::default();
        let mut offset_place = None;
        match limit {
            None => {}
            Some(LimitClause::LimitOffset { limit, offset, limit_by }) => {
                refuse(!limit_by.is_empty(), "LIMIT BY", None)?;
                limits.fetch = limit.as_ref().map(row_count).transpose()?;
                if let Some(Offset { value, rows: _ }) = offset {
                    limits.offset = row_count(value)?;
                    offset_place = place_of(value);
                }
            }
            Some(LimitClause::OffsetCommaLimit { offset, .. }) => {
                return Err(unsupported("LIMIT a, b", place_of(offset)));
            }
        }
        if let Some(Fetch { with_ties, percent, quantity }) = fetch {
            refuse(*with_ties, "WITH TIES", None)?;
            refuse(*percent, "PERCENT", None)?;
            let Some(quantity) = quantity else {
                return Err(unsupported("FETCH NEXT ROW ONLY", None));
            };
            limits.fetch = Some(row_count(quantity)?);
        }
        let unordered_batch = self.mode == RuntimeMode::Batch && !ordered;
        if limits.offset > 0 && limits.fetch.is_none() && !unordered_batch {
            return Err(Error::new("offset-needs-limit").at(offset_place));
        }
        Ok(limits)
    }

    /// Sorts a relation by its own columns: what a set operation or VALUES can be ordered by.
    pub(super) fn sort_output(
        &self,
        rel: Rel,
        order_by: Option<&ast::OrderBy>,
        limits: Limits,
    ) -> Result<Rel> {
        let scope = Scope::of(&rel.schema, None, None);
        let mut keys = Vec::new();
        for key in keys_of(order_by)? {
            let column = match ordinal(key.expr, rel.schema.len())? {
                Some(column) => column,
                None => {
                    let expr = self.scalar(key.expr, &scope, "ORDER BY")?;
                    expr.as_column()
                        .ok_or_else(|| Error::new("order-not-output").at(place_of(key.expr)))?
                }
            };
            keys.push((sort_key(&key, column), place_of(key.expr)));
        }
        self.sort(rel, keys, limits)
    }

    /// Sorts by columns of a relation.
    ///
    /// # Errors
    /// `sort-needs-time`: without a LIMIT a stream can be sorted only by rising time. A view may ask for
    /// what no query can run.
    pub(super) fn sort(
        &self,
        input: Rel,
        keys: Vec<(SortKey, Option<Span>)>,
        limits: Limits,
    ) -> Result<Rel> {
        if keys.is_empty() && limits.fetch.is_none() && limits.offset == 0 {
            return Ok(input);
        }
        if let (RuntimeMode::Streaming, None, Some((first, span))) =
            (self.mode, limits.fetch, keys.first())
            && self.purpose != Purpose::View
        {
            let field = &input.schema.fields()[first.column];
            let by_time = field.data_type.logical.time_attribute() != TimeAttribute::None;
            if !by_time || first.descending {
                return Err(Error::new("sort-needs-time").arg("column", &field.name).at(*span));
            }
        }
        let schema = input.schema.clone();
        let keys = keys.into_iter().map(|(key, _)| key).collect();
        let Limits { offset, fetch } = limits;
        Ok(Rel { node: Node::Sort { input: Box::new(input), keys, offset, fetch }, schema })
    }
}

/// The keys of an ORDER BY.
pub(super) fn keys_of(order_by: Option<&ast::OrderBy>) -> Result<Vec<Key<'_>>> {
    let Some(ast::OrderBy { kind, interpolate }) = order_by else { return Ok(Vec::new()) };
    refuse(interpolate.is_some(), "INTERPOLATE", None)?;
    match kind {
        OrderByKind::All(_) => Err(unsupported("ORDER BY ALL", None)),
        OrderByKind::Expressions(exprs) => exprs.iter().map(key_of).collect(),
    }
}

/// A key as it is written.
pub(super) fn key_of(written: &OrderByExpr) -> Result<Key<'_>> {
    let OrderByExpr { expr, options, with_fill } = written;
    refuse(with_fill.is_some(), "WITH FILL", place_of(expr))?;
    let OrderByOptions { sort, nulls_first } = options;
    let descending = match sort {
        None | Some(OrderBySort::Asc) => false,
        Some(OrderBySort::Desc) => true,
        Some(OrderBySort::Using(_)) => return Err(unsupported("USING", place_of(expr))),
    };
    Ok(Key { expr, descending, nulls_first: nulls_first.unwrap_or(!descending) })
}

/// The key with its column.
pub(super) fn sort_key(key: &Key<'_>, column: usize) -> SortKey {
    SortKey { column, descending: key.descending, nulls_first: key.nulls_first }
}

/// `ORDER BY 2`: the position of an output column, from 0.
pub(super) fn ordinal(expr: &Ast, columns: usize) -> Result<Option<usize>> {
    let Ast::Value(value) = expr else { return Ok(None) };
    let AstValue::Number(text, _) = &value.value else { return Ok(None) };
    match text.parse::<usize>() {
        Ok(n) if (1..=columns).contains(&n) => Ok(Some(n - 1)),
        _ => {
            let error = Error::new("order-ordinal").arg("found", text).arg("columns", columns);
            Err(error.at(place_of(expr)))
        }
    }
}

/// The column of `exprs` that this expression is, or a new one at their end.
pub(super) fn column_of(exprs: &mut Vec<Expr>, expr: Expr) -> usize {
    exprs.iter().position(|e| *e == expr).unwrap_or_else(|| {
        exprs.push(expr);
        exprs.len() - 1
    })
}

/// A number without what comes after its point.
fn whole(number: &str) -> Option<u64> {
    number.split_once('.').map_or(number, |(whole, _)| whole).parse().ok()
}

fn row_count(expr: &Ast) -> Result<u64> {
    let count = match expr {
        Ast::Value(value) => match &value.value {
            AstValue::Number(text, _) => whole(text),
            _ => None,
        },
        _ => None,
    };
    count.ok_or_else(|| Error::new("limit-not-number").at(place_of(expr)))
}
