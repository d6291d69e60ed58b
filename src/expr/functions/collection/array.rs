//! Functions of whole arrays.

use super::super::{Inferred, fits, resolved};
use super::{common, element_of, elements, same};
use crate::base::Result;
use crate::data::order::compare;
use crate::data::{DataType, LogicalType, Value};
use crate::expr::columnar::Columnar;
use crate::expr::function::{Call, Function, Mismatch, Resolved};
use crate::expr::tree::Expr;
use crate::expr::types::{common_logical, is_collection, is_integer, is_text};

pub(in crate::expr::functions) static FUNCTIONS: &[Function] = &[
    Function::strict("ARRAY_CONTAINS", "ARRAY_CONTAINS(array, value)", infer_contains, contains),
    Function::strict("ARRAY_POSITION", "ARRAY_POSITION(array, value)", infer_position, position),
    Function::strict("ARRAY_REMOVE", "ARRAY_REMOVE(array, value)", infer_remove, remove),
    Function::strict("ARRAY_DISTINCT", "ARRAY_DISTINCT(array)", infer_same, |c| {
        changed(c, |_, elements| distinct(elements.iter()))
    }),
    Function::strict("ARRAY_REVERSE", "ARRAY_REVERSE(array)", infer_same, |c| {
        changed(c, |_, elements| elements.iter().rev().cloned().collect())
    }),
    Function::strict("ARRAY_SLICE", "ARRAY_SLICE(array, start[, end])", infer_slice, slice),
    Function::strict("ARRAY_CONCAT", "ARRAY_CONCAT(array, ..)", infer_arrays, |c| {
        joined(c, |elements| elements)
    }),
    Function::strict("ARRAY_UNION", "ARRAY_UNION(array, array)", infer_union, |c| {
        joined(c, |elements| distinct(elements.iter()))
    }),
    Function::strict("ARRAY_MAX", "ARRAY_MAX(array)", infer_max, max),
    Function::strict("ARRAY_JOIN", "ARRAY_JOIN(array, delimiter[, null])", infer_join, join),
];

/// An array and a value that is read as one of its elements.
fn with_element(operands: &[Expr], result: LogicalType) -> Inferred {
    let [array, value] = operands else { return Err(Mismatch::Types) };
    let element = &element_of(array)?.logical;
    let common = common_logical(element, &value.data_type.logical).ok_or(Mismatch::Types)?;
    if std::mem::discriminant(&common) != std::mem::discriminant(element)
        && !(is_text(&common) && is_text(element))
    {
        return Err(Mismatch::Types);
    }
    let array = LogicalType::Array(DataType::nullable(common.clone()).into());
    Ok(resolved(operands, vec![array, common], result))
}

fn infer_contains(operands: &[Expr]) -> Inferred {
    with_element(operands, LogicalType::Boolean)
}

fn infer_position(operands: &[Expr]) -> Inferred {
    with_element(operands, LogicalType::Int)
}

/// The array stays as nullable as it is.
fn infer_remove(operands: &[Expr]) -> Inferred {
    let types = with_element(operands, LogicalType::Null)?;
    let array = operands.first().ok_or(Mismatch::Types)?.data_type.clone();
    Ok(Resolved { result: array, ..types })
}

fn infer_same(operands: &[Expr]) -> Inferred {
    match operands {
        [array] => {
            element_of(array)?;
            let logical = array.data_type.logical.clone();
            Ok(resolved(operands, vec![logical.clone()], logical))
        }
        _ => Err(Mismatch::Types),
    }
}

fn infer_slice(operands: &[Expr]) -> Inferred {
    let (array, bounds) = operands.split_first().ok_or(Mismatch::Types)?;
    let fine = matches!(bounds.len(), 1 | 2) && bounds.iter().all(|o| fits(o, is_integer));
    if !fine {
        return Err(Mismatch::Types);
    }
    element_of(array)?;
    let logical = array.data_type.logical.clone();
    let mut arguments = vec![logical.clone()];
    arguments.extend(bounds.iter().map(|_| LogicalType::Int));
    Ok(resolved(operands, arguments, logical))
}

fn infer_arrays(operands: &[Expr]) -> Inferred {
    let logical = common(operands)?.logical;
    match logical {
        LogicalType::Array(_) => {
            Ok(resolved(operands, vec![logical.clone(); operands.len()], logical))
        }
        _ => Err(Mismatch::Types),
    }
}

fn infer_union(operands: &[Expr]) -> Inferred {
    if operands.len() == 2 { infer_arrays(operands) } else { Err(Mismatch::Types) }
}

fn infer_max(operands: &[Expr]) -> Inferred {
    let types = infer_same(operands)?;
    let [array] = operands else { return Err(Mismatch::Types) };
    let element = &element_of(array)?.logical;
    if *element == LogicalType::Boolean || is_collection(element) {
        return Err(Mismatch::Types);
    }
    Ok(Resolved { result: DataType::nullable(element.clone()), ..types })
}

fn infer_join(operands: &[Expr]) -> Inferred {
    let (array, texts) = operands.split_first().ok_or(Mismatch::Types)?;
    let fine = matches!(texts.len(), 1 | 2) && texts.iter().all(|o| fits(o, is_text));
    if !fine || !is_text(&element_of(array)?.logical) {
        return Err(Mismatch::Types);
    }
    let mut arguments = vec![array.data_type.logical.clone()];
    arguments.extend(texts.iter().map(|_| LogicalType::STRING));
    Ok(resolved(operands, arguments, LogicalType::STRING))
}

/// An array of what becomes of the elements of the first one.
fn changed(call: &Call<'_>, change: impl Fn(usize, &[Value]) -> Vec<Value>) -> Result<Columnar> {
    call.each(|row| {
        Ok(elements(call, 0, row).map_or(Value::Null, |e| Value::Array(change(row, &e).into())))
    })
}

/// Each value once, where it first stands.
fn distinct<'a>(values: impl Iterator<Item = &'a Value>) -> Vec<Value> {
    let mut kept: Vec<Value> = Vec::new();
    for value in values {
        if !kept.iter().any(|known| same(known, value)) {
            kept.push(value.clone());
        }
    }
    kept
}

/// A NULL may be looked for.
fn contains(call: &Call<'_>) -> Result<Columnar> {
    call.each(|row| {
        let (Some(elements), value) = (elements(call, 0, row), call.value(1, row)) else {
            return Ok(Value::Null);
        };
        Ok(Value::Boolean(elements.iter().any(|element| same(element, &value))))
    })
}

/// From 1; 0 if it is not there.
fn position(call: &Call<'_>) -> Result<Columnar> {
    call.each(|row| match (elements(call, 0, row), call.value(1, row)) {
        (None, _) | (_, Value::Null) => Ok(Value::Null),
        (Some(elements), value) => {
            let found = elements.iter().position(|element| same(element, &value));
            Ok(Value::Int(found.map_or(0, |index| index as i32 + 1)))
        }
    })
}

fn remove(call: &Call<'_>) -> Result<Columnar> {
    changed(call, |row, elements| {
        let value = call.value(1, row);
        elements.iter().filter(|element| !same(element, &value)).cloned().collect()
    })
}

/// Both ends belong to it and count from 1, or from the end if they are below zero.
fn slice(call: &Call<'_>) -> Result<Columnar> {
    let bound = |index: usize, row: usize, size: i64| {
        if index >= call.arguments.len() {
            return Some(size);
        }
        match call.value(index, row) {
            Value::Int(bound) if bound < 0 => Some(i64::from(bound) + size + 1),
            Value::Int(bound) => Some(i64::from(bound)),
            _ => None,
        }
    };
    call.each(|row| {
        let Some(elements) = elements(call, 0, row) else { return Ok(Value::Null) };
        let size = elements.len() as i64;
        let (Some(start), Some(end)) = (bound(1, row, size), bound(2, row, size)) else {
            return Ok(Value::Null);
        };
        let end = if end == 0 { 1.min(size) } else { end.min(size) };
        let range = (start.max(1) - 1) as usize..end.max(0) as usize;
        Ok(Value::Array(elements.get(range).unwrap_or_default().into()))
    })
}

/// The elements of all arrays, one after the other; NULL if an array is.
fn joined(call: &Call<'_>, change: fn(Vec<Value>) -> Vec<Value>) -> Result<Columnar> {
    call.each(|row| {
        let arrays = (0..call.arguments.len()).map(|index| elements(call, index, row));
        let Some(arrays) = arrays.collect::<Option<Vec<_>>>() else { return Ok(Value::Null) };
        let all = arrays.iter().flat_map(|elements| elements.iter().cloned()).collect();
        Ok(Value::Array(change(all).into()))
    })
}

fn max(call: &Call<'_>) -> Result<Columnar> {
    call.each(|row| {
        let elements = elements(call, 0, row).unwrap_or_default();
        let present = elements.iter().filter(|element| **element != Value::Null);
        Ok(present.max_by(|a, b| compare(a, b)).cloned().unwrap_or_default())
    })
}

/// NULLs are left out, or stand as the third argument says.
fn join(call: &Call<'_>) -> Result<Columnar> {
    call.each(|row| {
        let text = |index: usize| match call.value(index, row) {
            Value::String(text) => Some(text),
            _ => None,
        };
        let given = call.arguments.len() > 2;
        let (Some(elements), Some(delimiter)) = (elements(call, 0, row), text(1)) else {
            return Ok(Value::Null);
        };
        let replacement = if given { text(2) } else { None };
        if given && replacement.is_none() {
            return Ok(Value::Null);
        }
        let parts = elements.iter().filter_map(|element| match element {
            Value::String(part) => Some(part.as_ref()),
            _ => replacement.as_deref(),
        });
        Ok(Value::from(parts.collect::<Vec<_>>().join(&delimiter).as_str()))
    })
}
