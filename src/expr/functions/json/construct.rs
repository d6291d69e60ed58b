//! Making JSON: JSON_OBJECT, JSON_ARRAY, JSON_STRING. The fields of an object are sorted by name.

use std::collections::BTreeMap;

use arrow::array::StringArray;

use super::super::{Inferred, fits};
use super::text::list;
use super::word;
use crate::base::{Error, Result};
use crate::data::print::java;
use crate::data::print::number::{decimal, java_double, java_float};
use crate::data::{DataType, LogicalType, Value, json};
use crate::expr::columnar::Columnar;
use crate::expr::function::{Call, Function, Mismatch, Resolved};
use crate::expr::tree::Expr;
use crate::expr::types::{is_binary, is_numeric, is_text, is_timestamp};

pub(in crate::expr::functions) static FUNCTIONS: &[Function] = &[
    Function::strict(
        "JSON_OBJECT",
        "JSON_OBJECT([KEY] name VALUE value, .. [NULL | ABSENT ON NULL])",
        infer_object,
        object,
    ),
    Function::strict(
        "JSON_ARRAY",
        "JSON_ARRAY(value, .. [NULL | ABSENT ON NULL])",
        infer_array,
        array,
    ),
    Function::strict("JSON_STRING", "JSON_STRING(value)", infer_string, string),
];

const JSON_TYPE: DataType = DataType { logical: LogicalType::STRING, nullable: false };

/// What ON NULL does, which values are JSON already, then names and values in turn.
fn infer_object(operands: &[Expr]) -> Inferred {
    let [_, _, rest @ ..] = operands else { return Err(Mismatch::Types) };
    let (pairs, []) = rest.as_chunks::<2>() else { return Err(Mismatch::Types) };
    for [name, value] in pairs {
        if name.data_type.nullable {
            return Err(Mismatch::Because(Error::new("json-null-key").arg("found", name)));
        }
        if !fits(name, is_text) {
            return Err(Mismatch::Types);
        }
        check(value)?;
    }
    given(operands)
}

/// What ON NULL does, which values are JSON already, then values.
fn infer_array(operands: &[Expr]) -> Inferred {
    let [_, _, values @ ..] = operands else { return Err(Mismatch::Types) };
    values.iter().try_for_each(check)?;
    given(operands)
}

fn given(operands: &[Expr]) -> Inferred {
    let arguments = operands.iter().map(|o| o.data_type.logical.clone()).collect();
    Ok(Resolved { arguments, result: JSON_TYPE })
}

fn infer_string(operands: &[Expr]) -> Inferred {
    let [value] = operands else { return Err(Mismatch::Types) };
    check(value)?;
    let nullable = value.data_type.nullable;
    Ok(Resolved { result: DataType { nullable, ..JSON_TYPE }, ..given(operands)? })
}

fn check(value: &Expr) -> Result<(), Mismatch> {
    match has_json(&value.data_type.logical) {
        true => Ok(()),
        false => {
            let error = Error::new("json-no-form").arg("type", &value.data_type.logical);
            Err(Mismatch::Because(error))
        }
    }
}

/// Whether values of a type can be written as JSON.
fn has_json(logical: &LogicalType) -> bool {
    use LogicalType as L;
    match logical {
        L::Boolean | L::Null => true,
        L::Array(element) => has_json(&element.logical),
        L::Multiset(element) => is_text(&element.logical),
        L::Map(key, value) => is_text(&key.logical) && has_json(&value.logical),
        L::Row(schema) => schema.fields().iter().all(|f| has_json(&f.data_type.logical)),
        other => is_text(other) || is_numeric(other) || is_timestamp(other) || is_binary(other),
    }
}

/// The mark of a value that is JSON already; the second operand has a mark for each.
const IS_JSON: char = 'j';

/// Whether an argument is JSON already.
fn is_json(call: &Call<'_>, index: usize) -> bool {
    index > 1 && word(call, 1).chars().nth(index - 2) == Some(IS_JSON)
}

/// The JSON of an argument; `None` if it is NULL.
fn fragment(call: &Call<'_>, index: usize, row: usize) -> Option<String> {
    let operand = &call.operands[index];
    match call.value(index, row) {
        Value::Null => None,
        Value::String(json) if is_json(call, index) => Some(json.to_string()),
        value => {
            let mut out = String::new();
            write_value(&mut out, &value, &operand.data_type.logical);
            Some(out)
        }
    }
}

fn object(call: &Call<'_>) -> Result<Columnar> {
    let absent = word(call, 0) == "ABSENT";
    let row = |row| {
        let mut fields = BTreeMap::new();
        for index in (2..call.arguments.len()).step_by(2) {
            let Value::String(name) = call.value(index, row) else { continue };
            match fragment(call, index + 1, row) {
                None if absent => {}
                json => {
                    fields.insert(name, json.unwrap_or_else(|| "null".to_owned()));
                }
            }
        }
        let mut out = String::new();
        list(&mut out, "{", "}", fields.iter(), |out, (name, json)| {
            json::quote(name, out);
            out.push(':');
            out.push_str(json);
        });
        out
    };
    Ok(call.collect::<_, StringArray>(|index| Some(row(index))))
}

fn array(call: &Call<'_>) -> Result<Columnar> {
    let absent = word(call, 0) == "ABSENT";
    let row = |row| {
        let items = (2..call.arguments.len()).map(|index| fragment(call, index, row));
        let items = items.filter(|item| item.is_some() || !absent);
        let mut out = String::new();
        list(&mut out, "[", "]", items, |out, item| {
            out.push_str(item.as_deref().unwrap_or("null"));
        });
        out
    };
    Ok(call.collect::<_, StringArray>(|index| Some(row(index))))
}

fn string(call: &Call<'_>) -> Result<Columnar> {
    Ok(call.collect::<_, StringArray>(|row| fragment(call, 0, row)))
}

fn write_value(out: &mut String, value: &Value, logical: &LogicalType) {
    use LogicalType as L;
    match (value, logical) {
        (Value::Null, _) => out.push_str("null"),
        (Value::String(text), _) => json::quote(text, out),
        (Value::Float(v), _) => out.push_str(&java_float(*v)),
        (Value::Double(v), _) => out.push_str(&java_double(*v)),
        (Value::Decimal(unscaled, scale), _) => out.push_str(&stripped(*unscaled, *scale)),
        (Value::Bytes(bytes), _) => {
            use base64::Engine;
            json::quote(&base64::engine::general_purpose::STANDARD.encode(bytes), out);
        }
        (Value::Timestamp(millis, nanos), _) => {
            json::quote(&java::iso_seconds(*millis, *nanos), out)
        }
        (Value::TimestampLtz(millis, nanos), _) => {
            json::quote(&format!("{}Z", java::iso_seconds(*millis, *nanos)), out);
        }
        (Value::Array(items), L::Array(element)) => {
            list(out, "[", "]", items.iter(), |out, item| write_value(out, item, &element.logical));
        }
        (Value::Map(entries), L::Map(_, of)) => write_map(out, entries, &of.logical),
        (Value::Map(entries), L::Multiset(_)) => write_map(out, entries, &L::Int),
        (Value::Row(fields), L::Row(schema)) => {
            let mut fields: Vec<_> = fields.iter().zip(schema.fields()).collect();
            fields.sort_by(|(_, a), (_, b)| a.name.cmp(&b.name));
            list(out, "{", "}", fields.into_iter(), |out, (value, field)| {
                json::quote(&field.name, out);
                out.push(':');
                write_value(out, value, &field.data_type.logical);
            });
        }
        // Whole numbers and truth values are written as Java does.
        (other, _) => out.push_str(&java::value(other)),
    }
}

fn write_map(out: &mut String, entries: &[(Value, Value)], of: &LogicalType) {
    let sorted: BTreeMap<&str, &Value> = entries
        .iter()
        .filter_map(|(key, value)| match key {
            Value::String(key) => Some((key.as_ref(), value)),
            _ => None,
        })
        .collect();
    list(out, "{", "}", sorted.into_iter(), |out, (key, value)| {
        json::quote(key, out);
        out.push(':');
        write_value(out, value, of);
    });
}

/// A decimal without zeros at its end; tens are an exponent, as in `BigDecimal.toString`.
fn stripped(unscaled: i128, scale: u8) -> String {
    let (mut unscaled, mut scale) = (unscaled, i32::from(scale));
    while unscaled != 0 && unscaled % 10 == 0 {
        unscaled /= 10;
        scale -= 1;
    }
    match (unscaled, scale) {
        (0, _) => "0".to_owned(),
        (unscaled, ..0) => {
            let digits = unscaled.to_string();
            let negative = usize::from(unscaled < 0);
            let exponent = digits.len() as i32 - negative as i32 - 1 - scale;
            let (first, rest) = digits.split_at(1 + negative);
            let point = if rest.is_empty() { "" } else { "." };
            format!("{first}{point}{rest}E+{exponent}")
        }
        (unscaled, scale) => decimal(unscaled, scale as u8),
    }
}
