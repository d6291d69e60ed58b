//! Reading JSON: JSON_VALUE, JSON_QUERY, JSON_EXISTS, IS JSON.
//!
//! Source: `SqlJsonUtils` of Flink 1.18. A path without `lax` or `strict` is strict: what it does not
//! find is an error, for which ON ERROR says what to give, and not an empty result.

pub(super) mod construct;
mod filter;
mod path;
pub(in crate::expr) mod text;

use std::borrow::Cow;

use arrow::array::{BooleanArray, StringArray};
use serde_json::Value as Json;

use self::path::{Found, Path};
use super::string::typed;
use super::{Inferred, Values, fits};
use crate::base::{Error, Result};
use crate::data::{DataType, LogicalType, Value};
use crate::expr::columnar::Columnar;
use crate::expr::function::{Call, Function, Mismatch, Resolved};
use crate::expr::tree::Expr;
use crate::expr::types::is_text;

pub(super) static FUNCTIONS: &[Function] = &[
    Function::strict(
        "JSON_VALUE",
        "JSON_VALUE(json, path [RETURNING type] [.. ON EMPTY] [.. ON ERROR])",
        infer_value,
        value,
    ),
    Function::strict(
        "JSON_QUERY",
        "JSON_QUERY(json, path [.. WRAPPER] [.. ON EMPTY] [.. ON ERROR])",
        infer_query,
        query,
    ),
    Function::strict("JSON_EXISTS", "JSON_EXISTS(json, path [.. ON ERROR])", infer_exists, exists),
    Function::strict("IS JSON", "text IS JSON", infer_test, |c| test(c, |_| true)),
    Function::strict("IS JSON VALUE", "text IS JSON VALUE", infer_test, |c| test(c, |_| true)),
    Function::strict("IS JSON SCALAR", "text IS JSON SCALAR", infer_test, |c| test(c, is_scalar)),
    Function::strict("IS JSON OBJECT", "text IS JSON OBJECT", infer_test, |c| {
        test(c, Json::is_object)
    }),
    Function::strict("IS JSON ARRAY", "text IS JSON ARRAY", infer_test, |c| {
        test(c, Json::is_array)
    }),
];

/// JSON, path, behaviour and default ON EMPTY, behaviour and default ON ERROR, and a NULL of the type
/// that is returned.
fn infer_value(operands: &[Expr]) -> Inferred {
    let [json, path, _, on_empty, _, on_error, returning] = operands else {
        return Err(Mismatch::Types);
    };
    let logical = match &returning.data_type.logical {
        LogicalType::Boolean | LogicalType::Int | LogicalType::Double => {
            returning.data_type.logical.clone()
        }
        logical if is_text(logical) => logical.clone(),
        other => {
            return Err(Mismatch::Because(Error::new("json-returning").arg("type", other)));
        }
    };
    if !fits(json, is_text) || !fits(path, is_text) {
        return Err(Mismatch::Types);
    }
    let default = |o: &Expr| match o.data_type.logical {
        LogicalType::Null => LogicalType::Null,
        _ => logical.clone(),
    };
    let arguments = vec![
        LogicalType::STRING,
        LogicalType::STRING,
        LogicalType::STRING,
        default(on_empty),
        LogicalType::STRING,
        default(on_error),
        logical.clone(),
    ];
    Ok(Resolved { arguments, result: DataType::nullable(logical) })
}

/// JSON, path, wrapper, behaviour ON EMPTY and ON ERROR.
fn infer_query(operands: &[Expr]) -> Inferred {
    let types = typed(operands, &[is_text as fn(&LogicalType) -> bool; 5], LogicalType::STRING)?;
    Ok(Resolved { result: DataType::nullable(LogicalType::STRING), ..types })
}

/// JSON, path, behaviour ON ERROR.
fn infer_exists(operands: &[Expr]) -> Inferred {
    let types = typed(operands, &[is_text as fn(&LogicalType) -> bool; 3], LogicalType::Boolean)?;
    Ok(Resolved { result: DataType::nullable(LogicalType::Boolean), ..types })
}

fn infer_test(operands: &[Expr]) -> Inferred {
    let types = typed(operands, &[is_text], LogicalType::Boolean)?;
    Ok(Resolved { result: DataType::not_null(LogicalType::Boolean), ..types })
}

fn is_scalar(json: &Json) -> bool {
    !json.is_object() && !json.is_array()
}

/// The first value of a text; what follows it does not matter, as in Flink.
fn parse(text: &str) -> Result<Json> {
    let first = serde_json::Deserializer::from_str(text).into_iter::<Json>().next();
    let invalid = || Error::new("json-invalid").arg("value", text);
    first.ok_or_else(invalid)?.map_err(|_| invalid())
}

/// NULL is no JSON.
fn test(call: &Call<'_>, holds: fn(&Json) -> bool) -> Result<Columnar> {
    let text = call.texts(0)?;
    let row = |row| text.get(row).is_some_and(|t| parse(t).is_ok_and(|json| holds(&json)));
    Ok(call.collect::<_, BooleanArray>(|index| Some(row(index))))
}

/// The JSON and the path of each row.
struct Search<'a> {
    json: Values<'a, StringArray>,
    paths: Values<'a, StringArray>,
    /// The path, if it is a constant.
    once: Option<Result<Path>>,
}

/// What a search came to.
enum Outcome {
    /// The JSON or the path is NULL.
    Null,
    /// What stands there; a JSON null is nothing.
    Found {
        json: Option<Json>,
        lax: bool,
    },
    Failed(Error),
}

impl<'a> Search<'a> {
    fn of(call: &Call<'a>) -> Result<Self> {
        let (json, paths) = (call.texts(0)?, call.texts(1)?);
        let constant = paths.scalar.then(|| paths.get(0)).flatten();
        Ok(Self { json, paths, once: constant.map(Path::parse) })
    }

    fn run(&self, row: usize) -> Result<Outcome> {
        let (Some(json), Some(written)) = (self.json.get(row), self.paths.get(row)) else {
            return Ok(Outcome::Null);
        };
        let path = match &self.once {
            Some(path) => path.as_ref().map(Cow::Borrowed).map_err(Clone::clone),
            None => Path::parse(written).map(Cow::Owned),
        };
        let path = match path {
            Ok(path) => path,
            Err(error) if error.code() == "json-path-not-supported" => return Err(error),
            Err(error) => return Ok(Outcome::Failed(error)),
        };
        Ok(match parse(json).and_then(|json| path.find(&json)) {
            Ok(Found(Json::Null)) if path.lax => Outcome::Found { json: None, lax: true },
            Ok(Found(Json::Null)) => Outcome::Failed(path.not_found()),
            Ok(Found(json)) => Outcome::Found { json: Some(json), lax: path.lax },
            // To lax paths even what is no JSON is just empty.
            Err(_) if path.lax => Outcome::Found { json: None, lax: true },
            Err(error) => Outcome::Failed(error),
        })
    }
}

/// A constant word among the operands.
fn word<'a>(call: &Call<'a>, index: usize) -> &'a str {
    call.operands[index].as_text().unwrap_or_default()
}

fn empty(name: &'static str) -> Error {
    Error::new("json-empty").arg("name", name)
}

fn value(call: &Call<'_>) -> Result<Columnar> {
    let search = Search::of(call)?;
    let (on_empty, on_error) = (word(call, 2), word(call, 4));
    call.each(|row| {
        let failure = match search.run(row)? {
            Outcome::Null => return Ok(Value::Null),
            Outcome::Found { json: Some(json), .. } if is_scalar(&json) => {
                return returned(&json, &call.result.logical);
            }
            Outcome::Found { lax: true, .. } => {
                return match on_empty {
                    "ERROR" => Err(empty("JSON_VALUE")),
                    "DEFAULT" => Ok(call.value(3, row)),
                    _ => Ok(Value::Null),
                };
            }
            Outcome::Found { .. } => Error::new("json-not-scalar").arg("name", "JSON_VALUE"),
            Outcome::Failed(error) => error,
        };
        match on_error {
            "ERROR" => Err(failure),
            "DEFAULT" => Ok(call.value(5, row)),
            _ => Ok(Value::Null),
        }
    })
}

/// A scalar as the type that RETURNING names; nothing is cast.
fn returned(json: &Json, to: &LogicalType) -> Result<Value> {
    let found = match (to, json) {
        (LogicalType::Boolean, Json::Bool(value)) => Some(Value::Boolean(*value)),
        (LogicalType::Int, Json::Number(number)) => {
            let whole = number.as_i64().and_then(|n| i32::try_from(n).ok());
            whole.map(Value::Int)
        }
        (LogicalType::Double, Json::Number(number)) if number.is_f64() => {
            number.as_f64().map(Value::Double)
        }
        (logical, json) if is_text(logical) => Some(Value::from(text::scalar(json).as_str())),
        _ => None,
    };
    found.ok_or_else(|| {
        Error::new("json-other-type").arg("value", text::write(json)).arg("type", to)
    })
}

fn query(call: &Call<'_>) -> Result<Columnar> {
    let search = Search::of(call)?;
    let (wrapper, on_empty, on_error) = (word(call, 2), word(call, 3), word(call, 4));
    let fallback = |behaviour: &str, error: Error| match behaviour {
        "ERROR" => Err(error),
        "EMPTY ARRAY" => Ok(Some("[]".to_owned())),
        "EMPTY OBJECT" => Ok(Some("{}".to_owned())),
        _ => Ok(None),
    };
    let one = |row| match search.run(row)? {
        Outcome::Null => Ok(None),
        Outcome::Failed(error) => fallback(on_error, error),
        Outcome::Found { json: None, .. } => fallback(on_empty, empty("JSON_QUERY")),
        Outcome::Found { json: Some(json), lax } => {
            let wraps = match wrapper {
                "UNCONDITIONAL" => true,
                "CONDITIONAL" => !json.is_array(),
                _ => false,
            };
            let json = if wraps { Json::Array(vec![json]) } else { json };
            match (is_scalar(&json), lax) {
                (false, _) => Ok(Some(text::write(&json))),
                (true, true) => fallback(on_empty, empty("JSON_QUERY")),
                (true, false) => {
                    fallback(on_error, Error::new("json-scalar").arg("name", "JSON_QUERY"))
                }
            }
        }
    };
    let texts = (0..call.rows).map(one).collect::<Result<StringArray>>()?;
    Ok(Columnar::Array(std::sync::Arc::new(texts)))
}

fn exists(call: &Call<'_>) -> Result<Columnar> {
    let search = Search::of(call)?;
    let on_error = word(call, 2);
    let one = |row| match search.run(row)? {
        Outcome::Null => Ok(None),
        Outcome::Found { json, .. } => Ok(Some(json.is_some())),
        Outcome::Failed(error) => match on_error {
            "ERROR" => Err(error),
            "TRUE" => Ok(Some(true)),
            "UNKNOWN" => Ok(None),
            _ => Ok(Some(false)),
        },
    };
    Ok((0..call.rows).map(one).collect::<Result<BooleanArray>>()?.into())
}
