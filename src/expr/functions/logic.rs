//! AND, OR, NOT and the tests of truth, with NULL as *unknown*.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, UInt32Array};
use arrow::compute::kernels::boolean;
use arrow::error::ArrowError;

use super::{Inferred, as_given, fits};
use crate::base::Result;
use crate::data::{DataType, LogicalType};
use crate::expr::columnar::{Columnar, kernel_error};
use crate::expr::evaluate::Frame;
use crate::expr::function::{Call, Function, Mismatch, Resolved};
use crate::expr::tree::Expr;

pub(super) static FUNCTIONS: &[Function] = &[
    Function::lazy("AND", "condition AND condition", infer_pair, and),
    Function::lazy("OR", "condition OR condition", infer_pair, or),
    Function::strict("NOT", "NOT condition", infer_not, not),
    Function::strict("IS TRUE", "condition IS TRUE", infer_test, |c| test(c, |v| v == Some(true))),
    Function::strict("IS FALSE", "condition IS FALSE", infer_test, |c| {
        test(c, |v| v == Some(false))
    }),
    Function::strict("IS UNKNOWN", "condition IS UNKNOWN", infer_test, |c| {
        test(c, |v| v.is_none())
    }),
    Function::strict("IS NOT TRUE", "condition IS NOT TRUE", infer_test, |c| {
        test(c, |v| v != Some(true))
    }),
    Function::strict("IS NOT FALSE", "condition IS NOT FALSE", infer_test, |c| {
        test(c, |v| v != Some(false))
    }),
    Function::strict("IS NOT UNKNOWN", "condition IS NOT UNKNOWN", infer_test, |c| {
        test(c, |v| v.is_some())
    }),
];

fn is_condition(operand: &Expr) -> bool {
    fits(operand, |t| *t == LogicalType::Boolean)
}

fn infer_pair(operands: &[Expr]) -> Inferred {
    match operands {
        [a, b] if is_condition(a) && is_condition(b) => {
            Ok(as_given(operands, LogicalType::Boolean))
        }
        _ => Err(Mismatch::Types),
    }
}

fn infer_not(operands: &[Expr]) -> Inferred {
    match operands {
        [condition] if is_condition(condition) => Ok(as_given(operands, LogicalType::Boolean)),
        _ => Err(Mismatch::Types),
    }
}

fn infer_test(operands: &[Expr]) -> Inferred {
    let result = DataType::not_null(LogicalType::Boolean);
    Ok(Resolved { result, ..infer_not(operands)? })
}

fn and(expr: &Expr, frame: &Frame<'_>) -> Result<Columnar> {
    chain(&expr.chain("AND"), frame, false, boolean::and_kleene)
}

fn or(expr: &Expr, frame: &Frame<'_>) -> Result<Columnar> {
    chain(&expr.chain("OR"), frame, true, boolean::or_kleene)
}

/// Joins conditions. A row that one condition decides (`decisive`) must not fail in a later one, so
/// that `b <> 0 AND a / b > 1` works: what fails on all rows is tried on the undecided ones.
fn chain(
    conditions: &[&Expr],
    frame: &Frame<'_>,
    decisive: bool,
    join: fn(&BooleanArray, &BooleanArray) -> Result<BooleanArray, ArrowError>,
) -> Result<Columnar> {
    let mut joined: Option<BooleanArray> = None;
    for condition in conditions {
        joined = Some(match joined {
            None => frame.condition(condition)?,
            Some(before) => {
                let next = frame
                    .condition(condition)
                    .or_else(|_| undecided(condition, &before, frame, decisive))?;
                join(&before, &next).map_err(kernel_error)?
            }
        });
    }
    Ok(joined.unwrap_or_else(|| BooleanArray::new_null(frame.rows)).into())
}

/// A condition on the rows that are not decided yet; for the others it does not matter.
fn undecided(
    condition: &Expr,
    before: &BooleanArray,
    frame: &Frame<'_>,
    decisive: bool,
) -> Result<BooleanArray> {
    let open = |row: &u32| {
        let row = *row as usize;
        before.is_null(row) || before.value(row) != decisive
    };
    let rows: Vec<u32> = (0..frame.rows as u32).filter(open).collect();
    if rows.is_empty() {
        return Ok(vec![Some(decisive); frame.rows].into());
    }
    let columns = frame.choose(&UInt32Array::from(rows.clone()), &condition.columns())?;
    let inner = Frame { columns: &columns, rows: rows.len(), context: frame.context };
    let values = inner.condition(condition)?;
    let mut all = vec![Some(decisive); frame.rows];
    for (row, value) in rows.iter().zip(values.iter()) {
        all[*row as usize] = value;
    }
    Ok(all.into())
}

fn not(call: &Call<'_>) -> Result<Columnar> {
    call.arguments[0].map(|array| {
        let negated = boolean::not(&conditions(array)).map_err(kernel_error)?;
        Ok(Arc::new(negated) as ArrayRef)
    })
}

fn test(call: &Call<'_>, holds: fn(Option<bool>) -> bool) -> Result<Columnar> {
    call.arguments[0].map(|array| {
        let held: Vec<bool> = conditions(array).iter().map(holds).collect();
        Ok(Arc::new(BooleanArray::from(held)) as ArrayRef)
    })
}

/// The conditions of a column; a bare NULL is unknown for all rows.
fn conditions(array: &ArrayRef) -> BooleanArray {
    array.as_boolean_opt().cloned().unwrap_or_else(|| BooleanArray::new_null(array.len()))
}
