//! CASE, IF, COALESCE: each row takes the value of one branch, and only that branch sees the row.

use arrow::array::{Array, ArrayRef, UInt32Array};
use arrow::compute;

use super::{Inferred, fits};
use crate::base::{Error, Result};
use crate::data::{DataType, LogicalType};
use crate::expr::columnar::{Columnar, kernel_error};
use crate::expr::evaluate::Frame;
use crate::expr::function::{Function, Mismatch, Resolved};
use crate::expr::tree::{Expr, Node};
use crate::expr::types::{common_type, is_collection, least_restrictive};

pub(super) static FUNCTIONS: &[Function] = &[
    Function::lazy("IF", "IF(condition, value, otherwise)", infer_if, evaluate_case),
    Function::lazy("COALESCE", "COALESCE(value, ..)", infer_coalesce, coalesce),
    Function::lazy("IFNULL", "IFNULL(value, otherwise)", infer_if_null, coalesce),
];

impl Expr {
    /// `CASE WHEN condition THEN value .. ELSE otherwise END`.
    ///
    /// # Errors
    /// `not-a-condition` (`type`), or `types-do-not-mix` (`types`) for values of types that have
    /// nothing in common.
    pub fn case(branches: Vec<(Expr, Expr)>, otherwise: Option<Expr>) -> Result<Expr> {
        let otherwise = otherwise.unwrap_or_else(|| Expr::null(LogicalType::Null));
        let values = branches.iter().map(|(_, value)| value).chain([&otherwise]);
        let types: Vec<DataType> = values.map(|v| v.data_type.clone()).collect();
        let result = least_restrictive(&types).ok_or_else(|| do_not_mix(&types))?;
        let mut operands = Vec::with_capacity(branches.len() * 2 + 1);
        for (condition, value) in branches {
            if !fits(&condition, |t| *t == LogicalType::Boolean) {
                return Err(Error::new("not-a-condition").arg("type", &condition.data_type));
            }
            operands.push(condition);
            operands.push(value.coerce(result.logical.clone())?);
        }
        operands.push(otherwise.coerce(result.logical.clone())?);
        Ok(Expr::new(Node::Case, result, operands))
    }
}

fn do_not_mix(types: &[DataType]) -> Error {
    let types: Vec<String> = types.iter().map(|t| t.logical.to_string()).collect();
    Error::new("types-do-not-mix").arg("types", types.join(", "))
}

fn infer_if(operands: &[Expr]) -> Inferred {
    let [condition, value, otherwise] = operands else { return Err(Mismatch::Types) };
    if !fits(condition, |t| *t == LogicalType::Boolean) {
        return Err(Mismatch::Types);
    }
    let common =
        least_restrictive([&value.data_type, &otherwise.data_type]).ok_or(Mismatch::Types)?;
    let interval =
        matches!(common.logical, LogicalType::IntervalDayTime | LogicalType::IntervalYearMonth);
    if is_collection(&common.logical) || interval {
        return Err(Mismatch::Types);
    }
    let nullable = common.nullable || condition.data_type.nullable;
    let logical = common.logical;
    Ok(Resolved {
        arguments: vec![LogicalType::Boolean, logical.clone(), logical.clone()],
        result: DataType { logical, nullable },
    })
}

fn infer_coalesce(operands: &[Expr]) -> Inferred {
    let common = common_type(operands.iter().map(|o| &o.data_type)).ok_or(Mismatch::Types)?;
    let nullable = operands.iter().all(|o| o.data_type.nullable);
    let arguments = vec![common.logical.clone(); operands.len()];
    Ok(Resolved { arguments, result: DataType { logical: common.logical, nullable } })
}

fn infer_if_null(operands: &[Expr]) -> Inferred {
    match operands {
        [_, _] => infer_coalesce(operands),
        _ => Err(Mismatch::Types),
    }
}

/// Gathers the values of branches, each for the rows that took it.
struct Branches<'a> {
    frame: &'a Frame<'a>,
    /// Rows that took no branch yet.
    open: Vec<u32>,
    values: Vec<ArrayRef>,
    /// Which of `values` a row took, and where in it.
    places: Vec<(usize, usize)>,
}

impl<'a> Branches<'a> {
    fn new(frame: &'a Frame<'a>) -> Self {
        let open = (0..frame.rows as u32).collect();
        Self { frame, open, values: Vec::new(), places: vec![(0, 0); frame.rows] }
    }

    /// Evaluates an expression for some rows only.
    fn on<T>(
        &self,
        rows: &[u32],
        expr: &Expr,
        evaluate: impl FnOnce(&Frame<'_>) -> Result<T>,
    ) -> Result<T> {
        let reads = expr.columns();
        if rows.len() == self.frame.rows {
            return evaluate(self.frame);
        }
        let columns = self.frame.choose(&UInt32Array::from(rows.to_vec()), &reads)?;
        let context = self.frame.context;
        evaluate(&Frame { columns: &columns, rows: rows.len(), context })
    }

    /// Gives these rows the value of an expression.
    fn take(&mut self, rows: &[u32], value: &Expr) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let values = self.on(rows, value, |frame| frame.evaluate(value)?.into_array(rows.len()))?;
        self.place(rows.iter().copied().enumerate(), values);
        Ok(())
    }

    fn place(&mut self, rows: impl Iterator<Item = (usize, u32)>, values: ArrayRef) {
        for (index, row) in rows {
            self.places[row as usize] = (self.values.len(), index);
        }
        self.values.push(values);
    }

    fn finish(self, result: &DataType) -> Result<Columnar> {
        let array = match self.values.as_slice() {
            [] => crate::data::arrow::null_array(&result.logical, self.frame.rows),
            [only] if only.len() == self.frame.rows => only.clone(),
            values => {
                let values: Vec<&dyn Array> = values.iter().map(AsRef::as_ref).collect();
                compute::interleave(&values, &self.places).map_err(kernel_error)?
            }
        };
        Ok(Columnar::Array(array))
    }
}

/// Conditions and values in turn, then the value of ELSE.
pub(in crate::expr) fn evaluate_case(expr: &Expr, frame: &Frame<'_>) -> Result<Columnar> {
    if expr.operands().iter().all(is_plain) {
        return evaluate_plain_case(expr, frame);
    }
    let (pairs, otherwise) = expr.operands().as_chunks::<2>();
    let mut branches = Branches::new(frame);
    for [condition, value] in pairs {
        if branches.open.is_empty() {
            break;
        }
        let mask = branches.on(&branches.open, condition, |frame| frame.condition(condition))?;
        let holds = |index: usize| mask.is_valid(index) && mask.value(index);
        let (mut taken, mut open) = (Vec::new(), Vec::new());
        for (index, row) in branches.open.iter().enumerate() {
            if holds(index) { &mut taken } else { &mut open }.push(*row);
        }
        branches.open = open;
        branches.take(&taken, value)?;
    }
    if let [otherwise] = otherwise {
        let open = std::mem::take(&mut branches.open);
        branches.take(&open, otherwise)?;
    }
    branches.finish(&expr.data_type)
}

/// Whether an expression cannot fail and costs no more than to choose the rows that need it.
fn is_plain(expr: &Expr) -> bool {
    const CHEAP: [&str; 12] =
        ["=", "<>", "<", "<=", ">", ">=", "AND", "OR", "NOT", "IS NULL", "IS NOT NULL", "."];
    expr.nodes().all(|node| match &node.node {
        Node::Column(_) | Node::Literal(_) => true,
        Node::Call(function) => CHEAP.contains(&function.name),
        Node::Cast { .. } | Node::Case => false,
    })
}

/// Every branch is evaluated for every row; from the last to the first, each gives its rows its value.
fn evaluate_plain_case(expr: &Expr, frame: &Frame<'_>) -> Result<Columnar> {
    let (pairs, otherwise) = expr.operands().as_chunks::<2>();
    let mut result = match otherwise {
        [otherwise] => frame.evaluate(otherwise)?,
        _ => Columnar::scalar(&crate::data::Value::Null, &expr.data_type)?,
    };
    for [condition, value] in pairs.iter().rev() {
        let mask = frame.condition(condition)?;
        let zipped = compute::kernels::zip::zip(&mask, &frame.evaluate(value)?, &result);
        result = Columnar::Array(zipped.map_err(kernel_error)?);
    }
    Ok(result)
}

/// The first value that is not NULL; the last one is taken as it is.
fn coalesce(expr: &Expr, frame: &Frame<'_>) -> Result<Columnar> {
    let mut branches = Branches::new(frame);
    let last = expr.operands().len().saturating_sub(1);
    for (position, operand) in expr.operands().iter().enumerate() {
        let rows = std::mem::take(&mut branches.open);
        if rows.is_empty() {
            break;
        }
        let values =
            branches.on(&rows, operand, |frame| frame.evaluate(operand)?.into_array(rows.len()))?;
        let nulls = values.logical_nulls();
        let missing = |index: usize| nulls.as_ref().is_some_and(|nulls| nulls.is_null(index));
        let mut taken = Vec::new();
        for (index, row) in rows.into_iter().enumerate() {
            match position < last && missing(index) {
                true => branches.open.push(row),
                false => taken.push((index, row)),
            }
        }
        branches.place(taken.into_iter(), values);
    }
    branches.finish(&expr.data_type)
}
