//! `x > ANY (..)` and `x > ALL (..)`: a value beside all values of a subquery or a list.
//!
//! Against a subquery it is enough to know its least or greatest value, how many rows it has and how
//! many of them are NULL; ALL is what is not true of ANY with the opposite comparison. `= ANY` is IN.

use sqlparser::ast::{self, BinaryOperator, Expr as Ast};

use super::correlate::unexpected;
use super::expr::{Cx, place_of};
use super::foreign::unsupported;
use super::query::span_of;
use crate::base::{Error, Result};
use crate::data::{LogicalType, Value};
use crate::expr::{Expr, call};

impl Cx<'_> {
    /// # Errors
    /// Of the two sides, `subquery-columns`, `correlate-unexpected`.
    pub(super) fn quantified(&mut self, ast: &Ast) -> Result<Expr> {
        let (value, comparison, right, all) = match ast {
            Ast::AnyOp { left, compare_op, right, .. } => (left, compare_op, right, false),
            Ast::AllOp { left, compare_op, right } => (left, compare_op, right, true),
            other => return Err(unsupported(&other.to_string(), place_of(other))),
        };
        match &**right {
            Ast::Subquery(query) if all => {
                let some = self.some_row(value, &opposite(comparison), query)?;
                call("NOT", vec![some])
            }
            Ast::Subquery(query) => self.some_row(value, comparison, query),
            Ast::Tuple(items) => self.of_list(value, comparison, items, all),
            other => Err(unsupported(&ast.to_string(), place_of(other))),
        }
    }

    fn of_list(
        &mut self,
        value: &Ast,
        comparison: &BinaryOperator,
        items: &[Ast],
        all: bool,
    ) -> Result<Expr> {
        let value = self.expr(value)?;
        let mut found: Option<Expr> = None;
        for item in items {
            let compared = call(&comparison.to_string(), vec![value.clone(), self.expr(item)?])
                .map_err(|error| error.at(place_of(item)))?;
            found = Some(match found {
                None => compared,
                Some(before) => call(if all { "AND" } else { "OR" }, vec![before, compared])?,
            });
        }
        found.ok_or_else(unexpected)
    }

    /// Whether the comparison is true of a row; NULL if only a NULL could make it so.
    fn some_row(
        &mut self,
        value: &Ast,
        comparison: &BinaryOperator,
        query: &ast::Query,
    ) -> Result<Expr> {
        if *comparison == BinaryOperator::Eq {
            return self.is_member(value, query);
        }
        let pulled = self.binder.subquery(query, self.scope)?.keyed()?;
        if pulled.grouped_whole {
            return Err(unexpected().at(span_of(query)));
        }
        if pulled.width != 1 {
            let error = Error::new("subquery-columns").arg("found", pulled.width);
            return Err(error.arg("expected", 1).at(span_of(query)));
        }
        let member = Expr::column(0, pulled.rel.schema.fields()[0].data_type.clone());
        let of_member = |function| (function, vec![member.clone()]);
        let calls =
            vec![of_member("MIN"), of_member("MAX"), ("COUNT", Vec::new()), of_member("COUNT")];
        let [least, greatest, rows, known] =
            <[Expr; 4]>::try_from(self.aggregates(&pulled, calls)?).map_err(|_| unexpected())?;
        let value = self.expr(value)?;
        let compared = |with| {
            call(&comparison.to_string(), vec![value.clone(), with])
                .map_err(|error| error.at(span_of(query)))
        };
        let compared = match comparison {
            BinaryOperator::Gt | BinaryOperator::GtEq => compared(least)?,
            BinaryOperator::Lt | BinaryOperator::LtEq => compared(greatest)?,
            _ => call("OR", vec![compared(least)?, compared(greatest)?])?,
        };
        let branches = vec![
            (
                call("=", vec![rows.clone(), Expr::constant(Value::BigInt(0))])?,
                Expr::constant(Value::Boolean(false)),
            ),
            (call("IS TRUE", vec![compared.clone()])?, Expr::constant(Value::Boolean(true))),
            (call("<", vec![known, rows])?, Expr::null(LogicalType::Boolean)),
        ];
        Expr::case(branches, Some(compared))
    }
}

fn opposite(comparison: &BinaryOperator) -> BinaryOperator {
    match comparison {
        BinaryOperator::Eq => BinaryOperator::NotEq,
        BinaryOperator::NotEq => BinaryOperator::Eq,
        BinaryOperator::Lt => BinaryOperator::GtEq,
        BinaryOperator::LtEq => BinaryOperator::Gt,
        BinaryOperator::Gt => BinaryOperator::LtEq,
        BinaryOperator::GtEq => BinaryOperator::Lt,
        other => other.clone(),
    }
}
