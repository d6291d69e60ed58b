//! Operators. Chains of binary ones are as deep as they are long, so they are walked by a loop.

use sqlparser::ast::{BinaryOperator, Expr as Ast, UnaryOperator, Value as AstValue};

use super::super::foreign::unsupported;
use super::{Cx, literal, place_of};
use crate::base::{Error, Result};
use crate::data::{LogicalType, Value};
use crate::expr::types::{is_approximate, is_integer};
use crate::expr::{EvalContext, Expr, all_of};

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
            if *op == BinaryOperator::Overlaps {
                return self.overlaps(first, right);
            }
            let Some(name) = operator(op) else {
                return Err(unsupported(&op.to_string(), place_of(right)));
            };
            let right = self.expr(right)?;
            // The place is looked for only where it is needed: that is a walk down the chain.
            result =
                self.infix(name, vec![result, right]).map_err(|error| error.at(place_of(whole)))?;
        }
        Ok(result)
    }

    /// An operator between two operands. Constants of approximate types that are divided by zero fail
    /// as whole numbers do, because Flink computes them in advance.
    fn infix(&self, name: &str, operands: Vec<Expr>) -> Result<Expr> {
        if let ("=", [left, right]) = (name, operands.as_slice())
            && are_written_rows(left, right)
        {
            return self.equal_fields(left, right);
        }
        let called = self.call(name, operands, None)?;
        if let [dividend, divisor] = called.operands()
            && name == "/"
            && is_approximate(&called.data_type.logical)
            && dividend.is_constant()
            && divisor.is_constant()
            && dividend.evaluate_constant(&EvalContext::default()).is_ok_and(|v| v != Value::Null)
            && divisor.evaluate_constant(&EvalContext::default()).is_ok_and(|v| is_zero(&v))
        {
            let one_by_zero = [1, 0].map(|n| Expr::constant(Value::Int(n))).to_vec();
            return self.call("/", one_by_zero, None)?.cast(called.data_type.logical.clone());
        }
        Ok(called)
    }

    /// Rows that are written out are equal if each of their fields is: not known where one of these is not.
    pub(super) fn equal_fields(&self, left: &Expr, right: &Expr) -> Result<Expr> {
        let fields = left.operands().iter().zip(right.operands());
        let equal = fields.map(|(a, b)| self.call("=", vec![a.clone(), b.clone()], None));
        let all = all_of(equal.collect::<Result<Vec<_>>>()?)?;
        Ok(all.unwrap_or_else(|| Expr::constant(Value::Boolean(true))))
    }

    /// `(start, end or length) OVERLAPS (start, end or length)`.
    fn overlaps(&mut self, left: &Ast, right: &Ast) -> Result<Expr> {
        let mut periods = Vec::with_capacity(4);
        for side in [left, right] {
            let Ast::Tuple(bounds) = side else {
                return Err(unsupported("OVERLAPS", place_of(side)));
            };
            periods.extend(bounds);
        }
        let arguments = self.all(&periods)?;
        self.call("OVERLAPS", arguments, place_of(left))
    }

    pub(super) fn unary(&mut self, op: UnaryOperator, expr: &Ast, ast: &Ast) -> Result<Expr> {
        if op == UnaryOperator::Minus
            && let Some((digits, negative)) = number_of(expr)
        {
            let sign = if negative { "" } else { "-" };
            return literal::number(&format!("{sign}{digits}"), place_of(ast));
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

/// Whether both are `(a, ..)` or `ROW(a, ..)`, of as many fields.
pub(super) fn are_written_rows(left: &Expr, right: &Expr) -> bool {
    [left, right].iter().all(|side| side.is_call("ROW"))
        && left.operands().len() == right.operands().len()
}

/// The digits of a number, and whether it is below zero: signs in front of it belong to it.
fn number_of(mut ast: &Ast) -> Option<(&str, bool)> {
    let mut negative = false;
    loop {
        match ast {
            Ast::Nested(inner) => ast = inner,
            Ast::UnaryOp { op: UnaryOperator::Minus, expr } => {
                negative = !negative;
                ast = expr;
            }
            Ast::Value(value) => match &value.value {
                AstValue::Number(digits, _) => return Some((digits, negative)),
                _ => return None,
            },
            _ => return None,
        }
    }
}

/// Refuses the remainder that Flink's planner cannot work out: that of a DECIMAL with digits behind the
/// point by a whole number, unless MOD is asked for it.
///
/// # Errors
/// `remainder-mixed`.
pub(super) fn check_remainder(name: &str, operands: &[Expr]) -> Result<()> {
    let ("%", [number, divisor]) = (name, operands) else { return Ok(()) };
    match number.data_type.logical {
        LogicalType::Decimal { scale: 1.., .. } if is_integer(&divisor.data_type.logical) => {
            Err(Error::new("remainder-mixed"))
        }
        _ => Ok(()),
    }
}

/// TYPEOF compares the type that the planner gave to a value with that of the code that computes it. For
/// sums of dates or times, and for PROCTIME(), the one is NOT NULL and the other is not, and Flink fails.
///
/// # Errors
/// `type-of-computed`.
pub(super) fn check_type_of(name: &str, operands: &[Expr]) -> Result<()> {
    let ("TYPEOF", [of, ..]) = (name, operands) else { return Ok(()) };
    let computed = ["+", "-", "TIMESTAMPADD"].iter().any(|name| of.is_call(name));
    let sum = computed && matches!(of.data_type.logical, LogicalType::Date | LogicalType::Time(_));
    match !of.data_type.nullable && (sum || of.is_call("PROCTIME")) {
        true => Err(Error::new("type-of-computed").arg("type", &of.data_type)),
        false => Ok(()),
    }
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::TinyInt(v) => *v == 0,
        Value::SmallInt(v) => *v == 0,
        Value::Int(v) => *v == 0,
        Value::BigInt(v) => *v == 0,
        Value::Float(v) => *v == 0.0,
        Value::Double(v) => *v == 0.0,
        Value::Decimal(v, _) => *v == 0,
        _ => false,
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
