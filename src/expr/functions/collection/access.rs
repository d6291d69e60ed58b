//! Reading collections: an element, the value of a key, a field, the size.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int32Array, UInt32Array};
use arrow::buffer::NullBuffer;
use arrow::compute;
use arrow::datatypes::Int32Type;

use super::super::{Inferred, as_given, fits, resolved};
use super::{element_of, same};
use crate::base::{Error, Result};
use crate::data::{DataType, LogicalType, Value};
use crate::expr::columnar::{Columnar, kernel_error};
use crate::expr::function::{Call, Function, Mismatch, Resolved, call};
use crate::expr::tree::Expr;
use crate::expr::types::{common_logical, is_integer};

/// The name of the access to a field.
const FIELD: &str = ".";

pub(in crate::expr::functions) static FUNCTIONS: &[Function] = &[
    Function::strict("ITEM", "array[position], map[key]", infer_item, item),
    Function::strict("WRITTEN ITEM", "array[position], map[key]", infer_item, written_item),
    Function::strict(FIELD, "row.field", infer_field, field),
    Function::strict("CARDINALITY", "CARDINALITY(array or map)", infer_cardinality, cardinality),
    Function::strict("ELEMENT", "ELEMENT(array)", infer_element, element),
];

fn infer_item(operands: &[Expr]) -> Inferred {
    let [collection, key] = operands else { return Err(Mismatch::Types) };
    let logical = &collection.data_type.logical;
    let (argument, value) = match logical {
        LogicalType::Array(element) if fits(key, is_integer) => (LogicalType::Int, element),
        LogicalType::Map(of, value) => {
            common_logical(&of.logical, &key.data_type.logical).ok_or(Mismatch::Types)?;
            (of.logical.clone(), value)
        }
        _ => return Err(Mismatch::Types),
    };
    if let (LogicalType::Array(_), Some(Value::Int(position @ ..=0))) = (logical, key.as_literal())
    {
        return Err(Mismatch::Because(Error::new("array-position").arg("found", position)));
    }
    let arguments = vec![logical.clone(), argument];
    Ok(Resolved { arguments, result: DataType::nullable(value.logical.clone()) })
}

/// NULL beyond the end and for a key that is not there.
fn item(call: &Call<'_>) -> Result<Columnar> {
    match call.logical(0) {
        LogicalType::Array(_) => array_item(call),
        _ => call.each(|row| {
            let Value::Map(entries) = call.value(0, row) else { return Ok(Value::Null) };
            let key = call.value(1, row);
            let found = entries.iter().find(|(known, _)| same(known, &key));
            Ok(found.map_or(Value::Null, |(_, value)| value.clone()))
        }),
    }
}

fn array_item(call: &Call<'_>) -> Result<Columnar> {
    let lists = call.values(0).as_list_opt::<i32>().ok_or_else(|| other(call.values(0)))?;
    let (position, scalar) = (call.numbers::<Int32Type>(1)?, call.arguments[0].is_scalar());
    let place = |row: usize| {
        let list = if scalar { 0 } else { row };
        let inside = position.get(row)? - 1;
        let fits = lists.is_valid(list) && (0..lists.value_length(list)).contains(&inside);
        fits.then(|| (lists.value_offsets()[list] + inside) as u32)
    };
    let places: UInt32Array = (0..call.rows).map(place).collect();
    let taken = compute::take(lists.values(), &places, None).map_err(kernel_error)?;
    Ok(Columnar::Array(taken))
}

fn other(array: &ArrayRef) -> Error {
    Error::new("column-not-made").arg("reason", array.data_type())
}

/// What a query gives out for an item: where the collection has no NULL, Flink writes what is missing
/// as the value that its generated code begins with (-1, FALSE, an empty text).
fn written_item(call: &Call<'_>) -> Result<Columnar> {
    let found = item(call)?;
    let inner = match call.logical(0) {
        LogicalType::Array(inner) | LogicalType::Map(_, inner) => inner,
        _ => return Ok(found),
    };
    let initial = initial(&inner.logical).filter(|_| !inner.nullable);
    let (Some(initial), true) = (initial, found.values().logical_null_count() > 0) else {
        return Ok(found);
    };
    let found = found.into_array(call.rows)?;
    call.each(|row| match crate::data::value_at(&found, call.result, row) {
        Value::Null if call.value(1, row) != Value::Null => Ok(initial.clone()),
        value => Ok(value),
    })
}

/// `CodeGenUtils.primitiveDefaultValue`.
fn initial(logical: &LogicalType) -> Option<Value> {
    use LogicalType as L;
    Some(match logical {
        L::TinyInt => Value::TinyInt(-1),
        L::SmallInt => Value::SmallInt(-1),
        L::Int => Value::Int(-1),
        L::BigInt => Value::BigInt(-1),
        L::Float => Value::Float(-1.0),
        L::Double => Value::Double(-1.0),
        L::Boolean => Value::Boolean(false),
        L::Char(_) | L::Varchar(_) => Value::from(""),
        L::Date => Value::Date(-1),
        L::Time(_) => Value::Time(-1),
        L::IntervalYearMonth => Value::IntervalYearMonth(-1),
        L::IntervalDayTime => Value::IntervalDayTime(-1),
        _ => return None,
    })
}

/// The row, and the position of the field as a constant.
fn infer_field(operands: &[Expr]) -> Inferred {
    let [row, index] = operands else { return Err(Mismatch::Types) };
    let LogicalType::Row(schema) = &row.data_type.logical else { return Err(Mismatch::Types) };
    let field = field_index(index).and_then(|index| schema.fields().get(index));
    let field = &field.ok_or(Mismatch::Types)?.data_type;
    let nullable = row.data_type.nullable || field.nullable;
    let types = as_given(operands, field.logical.clone());
    Ok(Resolved { result: DataType { nullable, ..types.result }, ..types })
}

fn field_index(expr: &Expr) -> Option<usize> {
    match expr.as_literal() {
        Some(Value::Int(index)) => usize::try_from(*index).ok(),
        _ => None,
    }
}

impl Expr {
    /// The row and the position of the field, if this is a field of a row.
    pub(crate) fn as_field(&self) -> Option<(&Expr, usize)> {
        let [row, index] = self.operands() else { return None };
        self.is_call(FIELD).then_some(row).zip(field_index(index))
    }

    /// A field of this row by its position.
    ///
    /// # Errors
    /// `function-types` if there is none.
    pub(crate) fn field(self, index: usize) -> Result<Expr> {
        call(FIELD, vec![self, Expr::constant(Value::Int(index as i32))])
    }
}

/// The column of the field, with the NULLs of the row. Most often it has them already, and is taken as
/// it is.
fn field(call: &Call<'_>) -> Result<Columnar> {
    let index = field_index(&call.operands[1]).unwrap_or_default();
    call.arguments[0].map(|array| {
        let rows = array.as_struct_opt().ok_or_else(|| other(array))?;
        let column = rows.columns().get(index).ok_or_else(|| other(array))?;
        let nulls = rows.nulls().filter(|nulls| nulls.null_count() > 0);
        let Some(nulls) = nulls.filter(|nulls| !are_those_of(nulls, column)) else {
            return Ok(column.clone());
        };
        let nulls = NullBuffer::union(Some(nulls), column.nulls());
        let data = column.to_data().into_builder().nulls(nulls).build().map_err(kernel_error)?;
        Ok(arrow::array::make_array(data))
    })
}

fn are_those_of(nulls: &NullBuffer, column: &ArrayRef) -> bool {
    column.nulls().is_some_and(|own| own.inner().ptr_eq(nulls.inner()))
}

fn infer_cardinality(operands: &[Expr]) -> Inferred {
    use LogicalType as L;
    match operands {
        [one] if matches!(one.data_type.logical, L::Array(_) | L::Map(..)) => {
            Ok(as_given(operands, LogicalType::Int))
        }
        _ => Err(Mismatch::Types),
    }
}

fn cardinality(call: &Call<'_>) -> Result<Columnar> {
    call.arguments[0].map(|array| {
        let offsets = match (array.as_list_opt::<i32>(), array.as_map_opt()) {
            (Some(lists), _) => lists.offsets(),
            (_, Some(maps)) => maps.offsets(),
            _ => return Err(other(array)),
        };
        let sizes: Vec<i32> = offsets.lengths().map(|length| length as i32).collect();
        Ok(Arc::new(Int32Array::new(sizes.into(), array.nulls().cloned())))
    })
}

fn infer_element(operands: &[Expr]) -> Inferred {
    let [array] = operands else { return Err(Mismatch::Types) };
    let element = element_of(array)?;
    let nullable = array.data_type.nullable || element.nullable;
    let types = resolved(operands, vec![array.data_type.logical.clone()], element.logical.clone());
    Ok(Resolved { result: DataType { nullable, ..types.result }, ..types })
}

/// The only element; NULL of an empty array.
fn element(call: &Call<'_>) -> Result<Columnar> {
    call.each(|row| match call.value(0, row) {
        Value::Array(elements) if elements.len() > 1 => {
            Err(Error::new("array-has-more").arg("found", elements.len()))
        }
        Value::Array(elements) => Ok(elements.first().cloned().unwrap_or_default()),
        _ => Ok(Value::Null),
    })
}
