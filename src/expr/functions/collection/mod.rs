//! Arrays, maps and rows: making them, reading them, and functions of whole ones.

pub(super) mod access;
pub(super) mod array;
pub(super) mod construct;
pub(super) mod map;

use std::sync::Arc;

use crate::data::order::compare;
use crate::data::{DataType, LogicalType, Value};
use crate::expr::function::{Call, Mismatch};
use crate::expr::tree::Expr;
use crate::expr::types::least_restrictive;

/// The type of the elements of an array argument.
fn element_of(operand: &Expr) -> Result<&Arc<DataType>, Mismatch> {
    match &operand.data_type.logical {
        LogicalType::Array(element) => Ok(element),
        _ => Err(Mismatch::Types),
    }
}

/// The type that holds the values of all operands.
fn common<'a>(operands: impl IntoIterator<Item = &'a Expr>) -> Result<DataType, Mismatch> {
    least_restrictive(operands.into_iter().map(|o| &o.data_type)).ok_or(Mismatch::Types)
}

/// The elements of an array in a row; `None` if the array is NULL.
fn elements(call: &Call<'_>, index: usize, row: usize) -> Option<Arc<[Value]>> {
    match call.value(index, row) {
        Value::Array(elements) => Some(elements),
        _ => None,
    }
}

fn same(a: &Value, b: &Value) -> bool {
    compare(a, b).is_eq()
}

/// A map of entries, of which the last of each key counts.
fn entries(entries: impl Iterator<Item = (Value, Value)>) -> Value {
    Value::Map(unique(entries).into())
}

/// The entries, each key once with its last value.
fn unique(entries: impl Iterator<Item = (Value, Value)>) -> Vec<(Value, Value)> {
    let mut kept: Vec<(Value, Value)> = Vec::new();
    for (key, value) in entries {
        match kept.iter_mut().find(|(known, _)| same(known, &key)) {
            Some((_, known)) => *known = value,
            None => kept.push((key, value)),
        }
    }
    kept
}
