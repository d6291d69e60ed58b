//! VALUES: rows of constants, each column of one type that holds all of them.

use sqlparser::ast::{Expr as Ast, FunctionArg, FunctionArgExpr, FunctionArguments, Values};

use super::Binder;
use super::expr::{check_value, place_of};
use super::scope::Scope;
use super::size::RELATION;
use crate::base::{Error, Result, Span};
use crate::data::{DataType, Field, LogicalType, Schema, Value};
use crate::expr::Expr;
use crate::expr::types::least_restrictive;
use crate::sql::bound::{Node, Rel};

impl Binder<'_> {
    pub(super) fn values(&mut self, values: &Values) -> Result<Rel> {
        let Values { explicit_row: _, value_keyword: _, rows } = values;
        self.grow(RELATION, None)?;
        let none = Scope::default();
        let mut bound: Vec<Vec<Expr>> = Vec::with_capacity(rows.len());
        let mut places: Vec<Option<Span>> = Vec::new();
        for row in rows {
            let cells = unwrap_row(&row.content);
            let exprs = cells.iter().map(|cell| {
                let expr = self.scalar(cell, &none, "VALUES")?;
                check_value(&expr).map_err(|error| error.at(place_of(cell)))?;
                Ok(expr)
            });
            bound.push(exprs.collect::<Result<_>>()?);
            places.push(cells.first().and_then(|cell| place_of(cell)));
        }
        let width = bound.first().map_or(0, Vec::len);
        if let Some(n) = bound.iter().position(|row| row.len() != width) {
            let error = Error::new("column-count").arg("expected", width);
            return Err(error.arg("found", bound[n].len()).at(places[n]));
        }
        let mut fields = Vec::with_capacity(width);
        for column in 0..width {
            let types = bound.iter().map(|row| &row[column].data_type);
            let common = least_restrictive(types).ok_or_else(|| {
                Error::new("values-types").arg("column", column + 1).at(places[0])
            })?;
            fields.push(Field::new(format!("EXPR${column}"), common));
        }
        // Constants stay what they are; where there is something else, all are cast.
        let constant = bound.iter().flatten().all(|cell| cell.as_literal().is_some());
        let cast = |row: Vec<Expr>| {
            let cells = row.into_iter().zip(&fields);
            let cells = cells.map(|(cell, field)| match constant {
                true => as_moment(cell, &field.data_type),
                false => cell.coerce(field.data_type.logical.clone()),
            });
            cells.collect::<Result<Vec<_>>>()
        };
        let rows = bound.into_iter().map(cast).collect::<Result<_>>()?;
        Ok(Rel { node: Node::Values(rows), schema: Schema::new(fields) })
    }

    /// One row without columns: what SELECT without FROM reads.
    pub(super) fn one_row() -> Rel {
        Rel { node: Node::Values(vec![Vec::new()]), schema: Schema::new(Vec::new()) }
    }
}

/// A constant as a column of that type holds it: a moment keeps the digits that there is room for.
fn as_moment(cell: Expr, data_type: &DataType) -> Result<Expr> {
    let room = match &data_type.logical {
        LogicalType::Timestamp { precision, .. } if *precision <= 3 => 1_000_000,
        LogicalType::Timestamp { precision, .. } if *precision <= 6 => 1_000,
        LogicalType::Timestamp { .. } => 1,
        _ => return cell.coerce(data_type.logical.clone()),
    };
    match cell.as_literal() {
        Some(Value::Timestamp(millis, nanos)) => {
            let value = Value::Timestamp(*millis, nanos - nanos % room);
            Ok(Expr::literal(value, DataType::not_null(data_type.logical.clone())))
        }
        _ => cell.coerce(data_type.logical.clone()),
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
