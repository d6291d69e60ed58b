//! Functions of whole maps.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, ListArray, MapArray};
use arrow::datatypes::DataType as ArrowType;
use fancy_regex::Regex;

use super::super::regex::java_regex;
use super::super::string::maybe;
use super::super::{Inferred, as_given};
use super::{element_of, elements, entries, unique};
use crate::base::{Error, Result};
use crate::data::arrow::arrow_type;
use crate::data::key::sort_strings_by_bucket;
use crate::data::{DataType, Field, LogicalType, Schema, Value};
use crate::expr::columnar::{Columnar, kernel_error};
use crate::expr::function::{Call, Function, Mismatch};
use crate::expr::tree::Expr;
use crate::expr::types::is_text;

pub(in crate::expr::functions) static FUNCTIONS: &[Function] = &[
    Function::strict("MAP_KEYS", "MAP_KEYS(map)", infer_keys, |c| {
        listed(c, |maps| maps.keys().clone())
    }),
    Function::strict("MAP_VALUES", "MAP_VALUES(map)", infer_values, |c| {
        listed(c, |maps| maps.values().clone())
    }),
    Function::strict("MAP_ENTRIES", "MAP_ENTRIES(map)", infer_entries, |c| {
        listed(c, |maps| Arc::new(maps.entries().clone()))
    }),
    Function::strict("MAP_FROM_ARRAYS", "MAP_FROM_ARRAYS(keys, values)", infer_zip, zip),
    Function::strict("STR_TO_MAP", "STR_TO_MAP(text[, delimiter, delimiter])", infer_read, read),
];

fn map_of(operands: &[Expr]) -> Result<(&Arc<DataType>, &Arc<DataType>), Mismatch> {
    match operands {
        [map] => match &map.data_type.logical {
            LogicalType::Map(key, value) => Ok((key, value)),
            _ => Err(Mismatch::Types),
        },
        _ => Err(Mismatch::Types),
    }
}

fn infer_keys(operands: &[Expr]) -> Inferred {
    let (key, _) = map_of(operands)?;
    Ok(as_given(operands, LogicalType::Array(key.clone())))
}

fn infer_values(operands: &[Expr]) -> Inferred {
    let (_, value) = map_of(operands)?;
    Ok(as_given(operands, LogicalType::Array(value.clone())))
}

fn infer_entries(operands: &[Expr]) -> Inferred {
    let (key, value) = map_of(operands)?;
    let fields = vec![Field::new("key", (**key).clone()), Field::new("value", (**value).clone())];
    let entry = DataType::nullable(LogicalType::Row(Schema::new(fields)));
    Ok(as_given(operands, LogicalType::Array(entry.into())))
}

fn infer_zip(operands: &[Expr]) -> Inferred {
    let [keys, values] = operands else { return Err(Mismatch::Types) };
    let map = LogicalType::Map(element_of(keys)?.clone(), element_of(values)?.clone());
    Ok(as_given(operands, map))
}

fn infer_read(operands: &[Expr]) -> Inferred {
    let string = Arc::new(DataType::nullable(LogicalType::STRING));
    let map = LogicalType::Map(string.clone(), string);
    match operands.len() {
        1 => maybe(operands, &[is_text], map),
        _ => maybe(operands, &[is_text, is_text, is_text], map),
    }
}

/// The lists of what the maps hold, under the offsets of the maps.
fn listed(call: &Call<'_>, part: fn(&MapArray) -> ArrayRef) -> Result<Columnar> {
    let ArrowType::List(field) = arrow_type(&call.result.logical) else {
        return Err(Error::new("column-not-made").arg("reason", call.result));
    };
    call.arguments[0].map(|array| {
        let other = || Error::new("column-not-made").arg("reason", array.data_type());
        let maps = array.as_map_opt().ok_or_else(other)?;
        // The fields of entries may not be null; those of a list's rows may.
        let values = arrow::compute::cast(&part(maps), field.data_type()).map_err(kernel_error)?;
        let (offsets, nulls) = (maps.offsets().clone(), maps.nulls().cloned());
        let lists = ListArray::try_new(field.clone(), offsets, values, nulls);
        Ok(Arc::new(lists.map_err(kernel_error)?))
    })
}

fn zip(call: &Call<'_>) -> Result<Columnar> {
    call.each(|row| {
        let (Some(keys), Some(values)) = (elements(call, 0, row), elements(call, 1, row)) else {
            return Ok(Value::Null);
        };
        if keys.len() != values.len() {
            let error = Error::new("arrays-of-other-length").arg("found", values.len());
            return Err(error.arg("expected", keys.len()));
        }
        Ok(entries(keys.iter().cloned().zip(values.iter().cloned())))
    })
}

/// Delimiters are patterns, as those of Java's `split`.
fn read(call: &Call<'_>) -> Result<Columnar> {
    let text = call.texts(0)?;
    let delimiters = match call.arguments.len() {
        1 => None,
        _ => Some((call.texts(1)?, call.texts(2)?)),
    };
    let pattern = |written: &str| {
        let refused = || Error::new("pattern-invalid").arg("pattern", written);
        java_regex(written).ok_or_else(refused)
    };
    let one = |row: usize| -> Result<Option<Value>> {
        let (between, within) = match &delimiters {
            None => (",", "="),
            Some((between, within)) => match (between.get(row), within.get(row)) {
                (Some(between), Some(within)) => (between, within),
                _ => return Ok(None),
            },
        };
        let Some(text) = text.get(row) else { return Ok(None) };
        split(text, &pattern(between)?, &pattern(within)?).map(Some)
    };
    call.each(|row| Ok(one(row)?.unwrap_or_default()))
}

fn split(text: &str, between: &Regex, within: &Regex) -> Result<Value> {
    let refused = |_| Error::new("pattern-invalid").arg("pattern", within.as_str());
    let mut pairs = Vec::new();
    for pair in between.split(text) {
        let pair = pair.map_err(refused)?;
        let parts = within.splitn(pair, 2).collect::<Result<Vec<_>, _>>().map_err(refused)?;
        let value = parts.get(1).map_or(Value::Null, |value| Value::from(*value));
        pairs.extend(parts.first().map(|key| (Value::from(*key), value)));
    }
    // Empty pairs at the end are none.
    while pairs.last().is_some_and(|pair| *pair == (Value::from(""), Value::Null)) {
        pairs.pop();
    }
    let room = pairs.len();
    let mut entries = unique(pairs.into_iter());
    sort_strings_by_bucket(&mut entries, room, |(key, _)| key);
    Ok(Value::Map(entries.into()))
}
