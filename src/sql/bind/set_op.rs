//! UNION, INTERSECT, EXCEPT: equally many columns of types that mix.

use sqlparser::ast::{SetExpr, SetOperator, SetQuantifier};

use super::Binder;
use super::foreign::unsupported;
use super::query::{project, span_of_body};
use super::size::JOIN;
use crate::base::{Error, Result};
use crate::data::{Field, Schema};
use crate::expr::Expr;
use crate::expr::types::least_restrictive;
use crate::sql::bound::{Node, Rel, SetOp};

impl Binder<'_> {
    /// A chain of the same operation, `a UNION ALL b UNION ALL c`, is walked by a loop: it is as deep
    /// as it is long.
    pub(super) fn set_operation(
        &mut self,
        left: &SetExpr,
        operator: SetOperator,
        quantifier: SetQuantifier,
        right: &SetExpr,
    ) -> Result<Rel> {
        let mut rights = vec![right];
        let mut first = left;
        while let SetExpr::SetOperation { left, op, set_quantifier, right } = first
            && *op == operator
            && *set_quantifier == quantifier
            && operator == SetOperator::Union
        {
            rights.push(right);
            first = left;
        }
        let (op, all) = operation(operator, quantifier)?;
        if op != SetOp::Union {
            self.grow(JOIN, span_of_body(right))?;
        }
        let mut inputs = vec![self.set_expr(first)?];
        for input in rights.into_iter().rev() {
            inputs.push(self.set_expr(input)?);
        }
        combine(op, all, inputs).map_err(|error| error.at(span_of_body(right)))
    }
}

fn operation(operator: SetOperator, quantifier: SetQuantifier) -> Result<(SetOp, bool)> {
    let op = match operator {
        SetOperator::Union => SetOp::Union,
        SetOperator::Intersect => SetOp::Intersect,
        SetOperator::Except => SetOp::Except,
        SetOperator::Minus => return Err(unsupported("MINUS", None)),
    };
    match quantifier {
        SetQuantifier::All => Ok((op, true)),
        SetQuantifier::Distinct | SetQuantifier::None => Ok((op, false)),
        SetQuantifier::ByName | SetQuantifier::AllByName | SetQuantifier::DistinctByName => {
            Err(unsupported("BY NAME", None))
        }
    }
}

fn name(op: SetOp, all: bool) -> String {
    let all = if all { " ALL" } else { "" };
    format!("{}{all}", format!("{op:?}").to_uppercase())
}

fn combine(op: SetOp, all: bool, inputs: Vec<Rel>) -> Result<Rel> {
    let width = inputs.first().map_or(0, |r| r.schema.len());
    if inputs.iter().any(|r| r.schema.len() != width) {
        return Err(Error::new("set-columns").arg("operation", name(op, all)));
    }
    let mut fields = Vec::with_capacity(width);
    for column in 0..width {
        let types = inputs.iter().map(|r| &r.schema.fields()[column].data_type);
        let common = least_restrictive(types).ok_or_else(|| {
            let error = Error::new("set-types").arg("operation", name(op, all));
            error.arg("column", column + 1)
        })?;
        fields.push(Field::new(inputs[0].schema.fields()[column].name.clone(), common));
    }
    let schema = Schema::new(fields);
    let inputs = inputs.into_iter().map(|input| cast_to(input, &schema)).collect::<Result<_>>()?;
    Ok(Rel { node: Node::SetOp { op, all, inputs }, schema })
}

/// The relation with its columns cast to these types.
fn cast_to(input: Rel, schema: &Schema) -> Result<Rel> {
    let columns = input.schema.fields().iter().zip(schema.fields()).enumerate();
    let exprs = columns.map(|(n, (from, to))| {
        Expr::column(n, from.data_type.clone()).coerce(to.data_type.logical.clone())
    });
    let exprs = exprs.collect::<Result<Vec<_>>>()?;
    let names = input.schema.fields().iter().map(|f| f.name.clone()).collect();
    Ok(project(input, exprs, names))
}
