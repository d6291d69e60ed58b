//! Text. Positions count characters, from 1.

use std::borrow::Cow;

use arrow::array::{BooleanArray, Int32Array, StringArray};

use super::like::LikePattern;
use super::{Inferred, fits, resolved};
use crate::base::{Error, Result};
use crate::data::{DataType, LogicalType};
use crate::expr::columnar::Columnar;
use crate::expr::function::{Call, Function, Mismatch, Resolved};
use crate::expr::tree::Expr;
use crate::expr::types::{is_integer, is_text};

pub(super) static FUNCTIONS: &[Function] = &[
    Function::strict("||", "text || text", infer_join, concat),
    Function::strict("CONCAT", "CONCAT(text, ..)", infer_concat, concat),
    Function::strict("CONCAT_WS", "CONCAT_WS(separator, text, ..)", infer_concat_ws, concat_ws),
    Function::strict("UPPER", "UPPER(text)", infer_same, |c| text(c, |t| t.to_uppercase().into())),
    Function::strict("LOWER", "LOWER(text)", infer_same, |c| text(c, lower)),
    Function::strict("INITCAP", "INITCAP(text)", infer_same, |c| text(c, init_cap)),
    Function::strict("REVERSE", "REVERSE(text)", infer_text, |c| {
        text(c, |t| t.chars().rev().collect::<String>().into())
    }),
    Function::strict("CHAR_LENGTH", "CHAR_LENGTH(text)", infer_length, char_length),
    Function::strict("CHARACTER_LENGTH", "CHARACTER_LENGTH(text)", infer_length, char_length),
    Function::strict("LIKE", "text LIKE pattern [ESCAPE character]", infer_like, like),
    Function::strict("ASCII", "ASCII(text)", infer_length, ascii),
    Function::strict("CHR", "CHR(integer)", infer_chr, chr),
];

/// Checks a call against families of types, one for each argument.
pub(super) fn check(
    operands: &[Expr],
    families: &[fn(&LogicalType) -> bool],
) -> Result<(), Mismatch> {
    let fit = operands.len() == families.len()
        && operands.iter().zip(families).all(|(operand, family)| fits(operand, family));
    if fit { Ok(()) } else { Err(Mismatch::Types) }
}

/// The arguments of a call: text as it is, integers as INT, NULL as either.
pub(super) fn arguments(
    operands: &[Expr],
    families: &[fn(&LogicalType) -> bool],
) -> Vec<LogicalType> {
    let argument = |(operand, family): (&Expr, &fn(&LogicalType) -> bool)| match family {
        _ if is_text(&operand.data_type.logical) => operand.data_type.logical.clone(),
        family if family(&LogicalType::Int) => LogicalType::Int,
        _ => LogicalType::STRING,
    };
    operands.iter().zip(families).map(argument).collect()
}

/// The types of a call of text and integers; NULL if an argument is.
pub(super) fn typed(
    operands: &[Expr],
    families: &[fn(&LogicalType) -> bool],
    result: LogicalType,
) -> Inferred {
    check(operands, families)?;
    Ok(resolved(operands, arguments(operands, families), result))
}

/// The type of the first argument.
pub(super) fn first(operands: &[Expr]) -> Result<&LogicalType, Mismatch> {
    operands.first().map(|o| &o.data_type.logical).ok_or(Mismatch::Types)
}

/// The length of a text type.
pub(super) fn length(logical: &LogicalType) -> u32 {
    match logical {
        LogicalType::Char(length) | LogicalType::Varchar(length) => *length,
        _ => LogicalType::MAX_LENGTH,
    }
}

fn infer_same(operands: &[Expr]) -> Inferred {
    let logical = match first(operands)? {
        LogicalType::Null => LogicalType::STRING,
        other => other.clone(),
    };
    typed(operands, &[is_text], logical)
}

fn infer_text(operands: &[Expr]) -> Inferred {
    maybe(operands, &[is_text], LogicalType::STRING)
}

fn infer_length(operands: &[Expr]) -> Inferred {
    typed(operands, &[is_text], LogicalType::Int)
}

fn infer_join(operands: &[Expr]) -> Inferred {
    check(operands, &[is_text, is_text])?;
    let types = operands.iter().map(|o| &o.data_type.logical);
    let total = types.clone().fold(0_u32, |sum, t| sum.saturating_add(length(t)));
    let total = total.min(LogicalType::MAX_LENGTH);
    let result = match types.clone().all(|t| matches!(t, LogicalType::Char(_))) {
        true => LogicalType::Char(total),
        false => LogicalType::Varchar(total),
    };
    Ok(resolved(operands, arguments(operands, &[is_text, is_text]), result))
}

fn infer_concat(operands: &[Expr]) -> Inferred {
    let families: Vec<fn(&LogicalType) -> bool> = vec![is_text; operands.len().max(1)];
    typed(operands, &families, LogicalType::STRING)
}

fn infer_concat_ws(operands: &[Expr]) -> Inferred {
    let separator = operands.first().ok_or(Mismatch::Types)?.data_type.nullable;
    let types = infer_concat(operands)?;
    Ok(Resolved { result: DataType { nullable: separator, ..types.result }, ..types })
}

fn infer_like(operands: &[Expr]) -> Inferred {
    match operands.len() {
        2 => typed(operands, &[is_text, is_text], LogicalType::Boolean),
        _ => typed(operands, &[is_text, is_text, is_text], LogicalType::Boolean),
    }
}

fn infer_chr(operands: &[Expr]) -> Inferred {
    match operands {
        [code] if fits(code, is_integer) => {
            let (arguments, result) =
                (vec![LogicalType::BigInt], DataType::nullable(LogicalType::STRING));
            Ok(Resolved { arguments, result })
        }
        _ => Err(Mismatch::Types),
    }
}

/// As [`typed`]; the result may be NULL all the same.
pub(super) fn maybe(
    operands: &[Expr],
    families: &[fn(&LogicalType) -> bool],
    result: LogicalType,
) -> Inferred {
    let types = typed(operands, families, result)?;
    Ok(Resolved { result: DataType { nullable: true, ..types.result }, ..types })
}

/// A function of one text.
pub(super) fn text(call: &Call<'_>, change: impl Fn(&str) -> Cow<'_, str>) -> Result<Columnar> {
    let text = call.texts(0)?;
    Ok(call.collect::<_, StringArray>(|row| text.get(row).map(&change)))
}

/// A text that has no capitals of ASCII, and nothing but ASCII, stays as it is.
fn lower(text: &str) -> Cow<'_, str> {
    match text.bytes().any(|b| b.is_ascii_uppercase() || !b.is_ascii()) {
        true => text.to_lowercase().into(),
        false => text.into(),
    }
}

/// Only the letters of ASCII begin or continue a word, as in Flink.
fn init_cap(text: &str) -> Cow<'_, str> {
    let mut inside = false;
    let change = |character: char| {
        let changed = match inside {
            true => character.to_ascii_lowercase(),
            false => character.to_ascii_uppercase(),
        };
        inside = character.is_ascii_alphanumeric();
        changed
    };
    text.chars().map(change).collect::<String>().into()
}

fn concat(call: &Call<'_>) -> Result<Columnar> {
    let texts = (0..call.arguments.len()).map(|i| call.texts(i)).collect::<Result<Vec<_>>>()?;
    let bytes = |row| texts.iter().map(|text| text.get(row).map(str::len)).sum();
    let row = |row| texts.iter().map(|text| text.get(row)).collect::<Option<String>>();
    call.grown_texts(bytes, row)
}

/// NULLs are left out; only the separator makes the result NULL.
fn concat_ws(call: &Call<'_>) -> Result<Columnar> {
    let separator = call.texts(0)?;
    let texts = (1..call.arguments.len()).map(|i| call.texts(i)).collect::<Result<Vec<_>>>()?;
    let bytes = |row| {
        let separator = separator.get(row)?.len();
        Some(texts.iter().filter_map(|text| text.get(row)).map(|text| text.len() + separator).sum())
    };
    let row = |row| {
        let parts: Vec<&str> = texts.iter().filter_map(|text| text.get(row)).collect();
        separator.get(row).map(|separator| parts.join(separator))
    };
    call.grown_texts(bytes, row)
}

fn char_length(call: &Call<'_>) -> Result<Columnar> {
    let text = call.texts(0)?;
    Ok(call.collect::<_, Int32Array>(|row| text.get(row).map(|t| t.chars().count() as i32)))
}

/// An escape is one character, and no backslash: Flink's generated code doubles that.
fn escape_of(text: &str) -> Result<Option<char>> {
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some('\\'), _) | (_, Some(_)) => Err(Error::new("like-escape").arg("pattern", text)),
        (escape, None) => Ok(escape),
    }
}

/// A constant empty pattern is like any text, as Flink's shortcut for patterns without `%` has it.
fn like(call: &Call<'_>) -> Result<Columnar> {
    let (text, pattern) = (call.texts(0)?, call.texts(1)?);
    if call.arguments.len() == 2 && call.operands[1].as_text() == Some("") {
        return Ok(call.collect::<_, BooleanArray>(|row| text.get(row).map(|_| true)));
    }
    let escape = (call.arguments.len() > 2).then(|| call.texts(2)).transpose()?;
    let read = |row: usize| match (pattern.get(row), &escape) {
        (Some(pattern), None) => LikePattern::new(pattern, None).map(Some),
        (Some(pattern), Some(escape)) => match escape.get(row) {
            Some(escape) => LikePattern::new(pattern, escape_of(escape)?).map(Some),
            None => Ok(None),
        },
        (None, _) => Ok(None),
    };
    if pattern.scalar {
        let Some(like) = read(0)? else { return Ok(BooleanArray::new_null(call.rows).into()) };
        return Ok(call.collect::<_, BooleanArray>(|row| Some(like.matches(text.get(row)?))));
    }
    let matches = |row| Ok(read(row)?.and_then(|like| Some(like.matches(text.get(row)?))));
    Ok((0..call.rows).map(matches).collect::<Result<BooleanArray>>()?.into())
}

fn ascii(call: &Call<'_>) -> Result<Columnar> {
    let text = call.texts(0)?;
    let code = |text: &str| text.bytes().next().map_or(0, |byte| i32::from(byte as i8));
    Ok(call.collect::<_, Int32Array>(|row| text.get(row).map(code)))
}

fn chr(call: &Call<'_>) -> Result<Columnar> {
    let code = call.numbers::<arrow::datatypes::Int64Type>(0)?;
    let character = |code: i64| match code {
        ..0 => String::new(),
        code => char::from((code & 0xff) as u8).to_string(),
    };
    Ok(call.collect::<_, StringArray>(|row| code.get(row).map(character)))
}
