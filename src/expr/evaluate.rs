//! Evaluation of an expression over a batch.

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, UInt32Array};
use arrow::compute;

use super::columnar::{Columnar, kernel_error};
use super::context::EvalContext;
use super::function::{Call, Evaluation, Volatility};
use super::tree::{Expr, Node};
use crate::base::{Error, Result};
use crate::data::Batch;

/// The rows that an expression is evaluated over.
pub struct Frame<'a> {
    /// The columns that `Node::Column` reads.
    pub columns: &'a [ArrayRef],
    /// How many rows.
    pub rows: usize,
    /// The surroundings.
    pub context: &'a EvalContext,
}

impl Expr {
    /// The value for each row of a batch.
    ///
    /// # Errors
    /// What a function refuses of its values: `division-by-zero`, `cast-failed`, ...
    pub fn evaluate(&self, batch: &Batch, context: &EvalContext) -> Result<ArrayRef> {
        let frame = Frame { columns: batch.columns(), rows: batch.len(), context };
        frame.evaluate(self)?.into_array(batch.len())
    }

    /// The value for each row of a batch, of a BOOLEAN expression. NULL is not true: see
    /// [`crate::data::select::filter`].
    ///
    /// # Errors
    /// As [`Expr::evaluate`], and `not-a-condition` if the expression is not BOOLEAN.
    pub fn predicate(&self, batch: &Batch, context: &EvalContext) -> Result<BooleanArray> {
        let values = self.evaluate(batch, context)?;
        let not_boolean = || Error::new("not-a-condition").arg("type", &self.data_type);
        values.as_boolean_opt().cloned().ok_or_else(not_boolean)
    }

    /// The value of an expression that reads no column.
    ///
    /// # Errors
    /// As [`Expr::evaluate`]; `column-not-made` if it does read one.
    pub fn evaluate_constant(&self, context: &EvalContext) -> Result<crate::data::Value> {
        let frame = Frame { columns: &[], rows: 1, context };
        let array = frame.evaluate(self)?.into_array(1)?;
        Ok(crate::data::value_at(&array, &self.data_type, 0))
    }
}

impl Frame<'_> {
    /// The value of an expression for each row. The chain of first operands is walked by a loop.
    ///
    /// # Errors
    /// What a function refuses of its values.
    pub fn evaluate(&self, expr: &Expr) -> Result<Columnar> {
        let mut chain = vec![expr];
        while let Some(first) = chain.last().and_then(|e| first_strict_operand(e)) {
            chain.push(first);
        }
        let mut first = None;
        while let Some(node) = chain.pop() {
            first = Some(self.evaluate_node(node, first.take())?);
        }
        first.ok_or_else(|| Error::new("column-not-made").arg("reason", "no expression"))
    }

    fn evaluate_node(&self, expr: &Expr, first: Option<Columnar>) -> Result<Columnar> {
        match &expr.node {
            Node::Column(index) => self.column(*index),
            Node::Literal(value) => Columnar::scalar(value, &expr.data_type),
            Node::Case => super::functions::conditional::evaluate_case(expr, self),
            Node::Cast { safe, .. } => {
                let [input] = expr.operands() else { return Err(missing_operand()) };
                let values = first.ok_or_else(missing_operand)?;
                let (from, to) = (&input.data_type.logical, &expr.data_type.logical);
                let context = self.context;
                values.map(|v| super::cast::cast_array(v, from, to, *safe, context))
            }
            Node::Call(function) => match function.evaluation {
                Evaluation::Lazy(evaluate) => evaluate(expr, self),
                Evaluation::Strict(evaluate) => {
                    let constant = function.volatility != Volatility::Volatile;
                    self.call(evaluate, expr, first, constant)
                }
            },
        }
    }

    fn column(&self, index: usize) -> Result<Columnar> {
        let missing = || {
            let reason = format!("column {index} of {}", self.columns.len());
            Error::new("column-not-made").arg("reason", reason)
        };
        Ok(Columnar::Array(self.columns.get(index).ok_or_else(missing)?.clone()))
    }

    fn call(
        &self,
        evaluate: fn(&Call<'_>) -> Result<Columnar>,
        expr: &Expr,
        first: Option<Columnar>,
        constant: bool,
    ) -> Result<Columnar> {
        let operands = expr.operands();
        let mut arguments = Vec::with_capacity(operands.len());
        let rest = operands.iter().skip(first.iter().len());
        arguments.extend(first);
        for operand in rest {
            arguments.push(self.evaluate(operand)?);
        }
        let once = constant && arguments.iter().all(Columnar::is_scalar);
        let rows = if once { 1 } else { self.rows };
        let (result, context) = (&expr.data_type, self.context);
        let call = Call { arguments: &arguments, operands, result, rows, context };
        match evaluate(&call)? {
            Columnar::Array(array) if once => Ok(Columnar::Scalar(array)),
            other => Ok(other),
        }
    }

    /// The same rows, fewer of them, with the columns that are read; the others stay as they are.
    ///
    /// # Errors
    /// `column-not-made` for a type that Arrow cannot choose from.
    pub fn choose(&self, positions: &UInt32Array, reads: &[usize]) -> Result<Vec<ArrayRef>> {
        let columns = self.columns.iter().enumerate().map(|(index, column)| match reads {
            reads if reads.contains(&index) => compute::take(column, positions, None),
            _ => Ok(column.clone()),
        });
        columns.collect::<Result<_, _>>().map_err(kernel_error)
    }

    /// The value of a BOOLEAN expression for each row.
    ///
    /// # Errors
    /// As [`Frame::evaluate`], and `not-a-condition` if the expression is not BOOLEAN.
    pub fn condition(&self, expr: &Expr) -> Result<BooleanArray> {
        let values = self.evaluate(expr)?.into_array(self.rows)?;
        if values.data_type() == &arrow::datatypes::DataType::Null {
            return Ok(BooleanArray::new_null(self.rows));
        }
        let not_boolean = || Error::new("not-a-condition").arg("type", &expr.data_type);
        values.as_boolean_opt().cloned().ok_or_else(not_boolean)
    }
}

fn first_strict_operand(expr: &Expr) -> Option<&Expr> {
    let strict = match &expr.node {
        Node::Call(function) => matches!(function.evaluation, Evaluation::Strict(_)),
        Node::Cast { .. } => true,
        _ => false,
    };
    expr.operands().first().filter(|_| strict)
}

fn missing_operand() -> Error {
    Error::new("column-not-made").arg("reason", "an operand is missing")
}
