//! Operators. Chains of binary ones are as deep as they are long, so they are walked by a loop.

use sqlparser::ast::{BinaryOperator, Expr as Ast, UnaryOperator, Value as AstValue};

use super::super::foreign::unsupported;
use super::{Cx, literal, place_of};
use crate::base::Result;
use crate::expr::Expr;

impl Cx<'_> {
    pub(super) fn binary(&mut self, ast: &Ast) -> Result<Expr> {
        let mut spine = Vec::new();
        let mut first = ast;
        while let Ast::BinaryOp { left, op, right } = first {
            spine.push((op, right, first));
            first = left;
        }
        let mut result = self.expr(first)?;
        while let Some((op, right, whole)) = spine.pop() {
            let Some(name) = operator(op) else {
                return Err(unsupported(&op.to_string(), place_of(right)));
            };
            let right = self.expr(right)?;
            let called = crate::expr::call(name, vec![result, right]);
            result = called.map_err(|error| match place_of(whole) {
                Some(span) => error.at(span),
                None => error,
            })?;
        }
        Ok(result)
    }

    pub(super) fn unary(&mut self, op: UnaryOperator, expr: &Ast, ast: &Ast) -> Result<Expr> {
        if op == UnaryOperator::Minus
            && let Ast::Value(value) = expr
            && let AstValue::Number(digits, _) = &value.value
        {
            return literal::number(&format!("-{digits}"), place_of(ast));
        }
        let bound = self.expr(expr)?;
        let name = match op {
            UnaryOperator::Plus => return Ok(bound),
            UnaryOperator::Minus => "NEGATE",
            UnaryOperator::Not => "NOT",
            other => return Err(unsupported(&other.to_string(), place_of(ast))),
        };
        self.call(name, vec![bound], place_of(ast))
    }
}

fn operator(op: &BinaryOperator) -> Option<&'static str> {
    use BinaryOperator as B;
    Some(match op {
        B::Plus => "+",
        B::Minus => "-",
        B::Multiply => "*",
        B::Divide => "/",
        B::Modulo => "%",
        B::StringConcat => "||",
        B::Eq => "=",
        B::NotEq => "<>",
        B::Lt => "<",
        B::LtEq => "<=",
        B::Gt => ">",
        B::GtEq => ">=",
        B::And => "AND",
        B::Or => "OR",
        _ => return None,
    })
}
