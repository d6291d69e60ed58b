//! `ARRAY[..]`, `MAP[..]` and `ROW(..)`.

use std::sync::Arc;

use arrow::array::{Array, ListArray, StructArray};
use arrow::buffer::OffsetBuffer;
use arrow::compute;
use arrow::datatypes::DataType as ArrowType;

use super::super::Inferred;
use super::{common, entries};
use crate::base::{Error, Result};
use crate::data::arrow::{arrow_fields, arrow_type};
use crate::data::{DataType, Field, LogicalType, Schema};
use crate::expr::columnar::{Columnar, kernel_error};
use crate::expr::function::{Call, Function, Mismatch, Resolved};
use crate::expr::tree::Expr;

pub(in crate::expr::functions) static FUNCTIONS: &[Function] = &[
    Function::strict("ARRAY", "ARRAY[value, ..]", infer_array, array),
    Function::strict("MAP", "MAP[key, value, ..]", infer_map, map),
    Function::strict("ROW", "ROW(value, ..)", infer_row, row),
];

fn infer_array(operands: &[Expr]) -> Inferred {
    let element = common(operands)?;
    let arguments = vec![element.logical.clone(); operands.len()];
    let result = DataType::not_null(LogicalType::Array(element.into()));
    Ok(Resolved { arguments, result })
}

fn infer_map(operands: &[Expr]) -> Inferred {
    let (pairs, []) = operands.as_chunks::<2>() else { return Err(Mismatch::Types) };
    let key = common(pairs.iter().map(|[key, _]| key))?;
    let value = common(pairs.iter().map(|[_, value]| value))?;
    let arguments =
        pairs.iter().flat_map(|_| [key.logical.clone(), value.logical.clone()]).collect();
    let result = DataType::not_null(LogicalType::Map(key.into(), value.into()));
    Ok(Resolved { arguments, result })
}

fn infer_row(operands: &[Expr]) -> Inferred {
    if operands.is_empty() {
        return Err(Mismatch::Types);
    }
    let field = |(n, o): (usize, &Expr)| Field::new(format!("EXPR${n}"), o.data_type.clone());
    let fields = operands.iter().enumerate().map(field).collect();
    let arguments = operands.iter().map(|o| o.data_type.logical.clone()).collect();
    let result = DataType::not_null(LogicalType::Row(Schema::new(fields)));
    Ok(Resolved { arguments, result })
}

/// The columns of the elements, taken in turn.
fn array(call: &Call<'_>) -> Result<Columnar> {
    let ArrowType::List(field) = arrow_type(&call.result.logical) else {
        return Err(Error::new("column-not-made").arg("reason", call.result));
    };
    let width = call.arguments.len();
    let place = |n: usize| match call.arguments[n % width].is_scalar() {
        true => (n % width, 0),
        false => (n % width, n / width),
    };
    let places: Vec<(usize, usize)> = (0..width * call.rows).map(place).collect();
    let columns: Vec<&dyn Array> = call.arguments.iter().map(|a| a.values().as_ref()).collect();
    let elements = compute::interleave(&columns, &places).map_err(kernel_error)?;
    let offsets = OffsetBuffer::from_lengths(std::iter::repeat_n(width, call.rows));
    let lists = ListArray::try_new(field, offsets, elements, None).map_err(kernel_error)?;
    Ok(Columnar::Array(Arc::new(lists)))
}

/// Of equal keys the last value counts.
fn map(call: &Call<'_>) -> Result<Columnar> {
    call.each(|row| {
        let pairs = (0..call.arguments.len()).step_by(2);
        Ok(entries(pairs.map(|pair| (call.value(pair, row), call.value(pair + 1, row)))))
    })
}

fn row(call: &Call<'_>) -> Result<Columnar> {
    let LogicalType::Row(schema) = &call.result.logical else {
        return Err(Error::new("column-not-made").arg("reason", call.result));
    };
    let columns = call.arguments.iter().map(|a| a.clone().into_array(call.rows));
    let columns = columns.collect::<Result<_>>()?;
    let rows = StructArray::try_new(arrow_fields(schema), columns, None).map_err(kernel_error)?;
    Ok(Columnar::Array(Arc::new(rows)))
}
