//! VALUES: rows of constants, each column of one type that holds all of them.

use sqlparser::ast::{Expr as Ast, FunctionArg, FunctionArgExpr, FunctionArguments, Values};

use super::Binder;
use super::expr::{check_value, place_of};
use super::scope::Scope;
use crate::base::{Error, Result, Span};
use crate::data::{Field, Schema};
use crate::expr::Expr;
use crate::expr::types::common_type;
use crate::sql::bound::{Node, Rel};
use crate::sql::catalog::located;

impl Binder<'_> {
    pub(super) fn values(&mut self, values: &Values) -> Result<Rel> {
        let Values { explicit_row: _, value_keyword: _, rows } = values;
        let none = Scope::default();
        let mut bound: Vec<Vec<Expr>> = Vec::with_capacity(rows.len());
        let mut places: Vec<Option<Span>> = Vec::new();
        for row in rows {
            let cells = unwrap_row(&row.content);
            let exprs = cells.iter().map(|cell| {
                let expr = self.scalar(cell, &none, "VALUES")?;
                check_value(&expr).map_err(|error| located(error, place_of(cell)))?;
                Ok(expr)
            });
            bound.push(exprs.collect::<Result<_>>()?);
            places.push(cells.first().and_then(|cell| place_of(cell)));
        }
        let width = bound.first().map_or(0, Vec::len);
        if let Some(n) = bound.iter().position(|row| row.len() != width) {
            let error = Error::new("column-count").arg("expected", width);
            return Err(located(error.arg("found", bound[n].len()), places[n]));
        }
        let mut fields = Vec::with_capacity(width);
        for column in 0..width {
            let types = bound.iter().map(|row| &row[column].data_type);
            let common = common_type(types).ok_or_else(|| {
                located(Error::new("values-types").arg("column", column + 1), places[0])
            })?;
            fields.push(Field::new(format!("EXPR${column}"), common));
        }
        let cast = |row: Vec<Expr>| {
            let cells = row.into_iter().zip(&fields);
            cells.map(|(e, f)| e.coerce(f.data_type.logical.clone())).collect::<Result<Vec<_>>>()
        };
        let rows = bound.into_iter().map(cast).collect::<Result<_>>()?;
        Ok(Rel { node: Node::Values(rows), schema: Schema::new(fields) })
    }

    /// One row without columns: what SELECT without FROM reads.
    pub(super) fn one_row() -> Rel {
        Rel { node: Node::Values(vec![Vec::new()]), schema: Schema::new(Vec::new()) }
    }
}

/// `VALUES ROW(1, 2)` comes as one cell that is a call of ROW.
fn unwrap_row(cells: &[Ast]) -> Vec<&Ast> {
    let [Ast::Function(function)] = cells else { return cells.iter().collect() };
    let is_row = function.name.to_string().eq_ignore_ascii_case("ROW");
    let FunctionArguments::List(list) = &function.args else { return cells.iter().collect() };
    let inner = list.args.iter().map(|argument| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
        _ => None,
    });
    match inner.collect::<Option<Vec<_>>>() {
        Some(inner) if is_row => inner,
        _ => cells.iter().collect(),
    }
}
