//! Parts of a text: SUBSTRING, LEFT, RIGHT, OVERLAY, SPLIT_INDEX. Positions count characters, from 1.

use arrow::array::StringArray;
use arrow::datatypes::Int32Type;

use super::Inferred;
use super::string::{first, length, maybe, typed};
use crate::base::Result;
use crate::data::LogicalType;
use crate::expr::columnar::Columnar;
use crate::expr::function::{Call, Function, Mismatch};
use crate::expr::tree::Expr;
use crate::expr::types::{is_integer, is_text};

pub(super) static FUNCTIONS: &[Function] = &[
    Function::strict("SUBSTRING", "SUBSTRING(text, start[, length])", infer_part, substring),
    Function::strict("SUBSTR", "SUBSTR(text, start[, length])", infer_part, substring),
    Function::strict("LEFT", "LEFT(text, length)", infer_end, left),
    Function::strict("RIGHT", "RIGHT(text, length)", infer_end, right),
    Function::strict(
        "OVERLAY",
        "OVERLAY(text PLACING text FROM start [FOR length])",
        infer_overlay,
        overlay,
    ),
    Function::strict("SPLIT_INDEX", "SPLIT_INDEX(text, delimiter, index)", infer_split, split),
];

fn infer_part(operands: &[Expr]) -> Inferred {
    let families: &[fn(&LogicalType) -> bool] = match operands.len() {
        2 => &[is_text, is_integer],
        _ => &[is_text, is_integer, is_integer],
    };
    maybe(operands, families, LogicalType::Varchar(length(first(operands)?)))
}

fn infer_end(operands: &[Expr]) -> Inferred {
    maybe(operands, &[is_text, is_integer], LogicalType::Varchar(length(first(operands)?)))
}

fn infer_overlay(operands: &[Expr]) -> Inferred {
    let families: &[fn(&LogicalType) -> bool] = match operands.len() {
        3 => &[is_text, is_text, is_integer],
        _ => &[is_text, is_text, is_integer, is_integer],
    };
    let [text, by, ..] = operands else { return Err(Mismatch::Types) };
    let both = length(&text.data_type.logical).saturating_add(length(&by.data_type.logical));
    typed(operands, families, LogicalType::Varchar(both.min(LogicalType::MAX_LENGTH)))
}

/// The delimiter may be the code of a character.
fn infer_split(operands: &[Expr]) -> Inferred {
    let code = operands.get(1).is_some_and(|by| is_integer(&by.data_type.logical));
    let delimiter: fn(&LogicalType) -> bool = if code { is_integer } else { is_text };
    maybe(operands, &[is_text, delimiter, is_integer], LogicalType::STRING)
}

/// A part of a text. A start below zero counts from the end; zero is one.
fn part(text: &str, start: i32, length: Option<i32>) -> &str {
    let characters = text.chars().count() as i64;
    let start = match i64::from(start) {
        0 => 0,
        start if start > 0 => start - 1,
        start => characters + start,
    };
    // A length below zero is no length.
    let end = length.map_or(characters, |length| start + i64::from(length)).min(characters);
    let begin = start.max(0);
    if start >= characters || end <= begin || start < 0 {
        return "";
    }
    let at = |index: i64| {
        text.char_indices().nth(index as usize).map_or(text.len(), |(position, _)| position)
    };
    &text[at(begin)..at(end)]
}

/// NULL for a length below zero.
fn substring(call: &Call<'_>) -> Result<Columnar> {
    let (text, start) = (call.texts(0)?, call.numbers::<Int32Type>(1)?);
    let length = (call.arguments.len() > 2).then(|| call.numbers::<Int32Type>(2)).transpose()?;
    let row = |row| {
        let length = match &length {
            Some(length) => Some(length.get(row).filter(|length| *length >= 0)?),
            None => None,
        };
        Some(part(text.get(row)?, start.get(row)?, length))
    };
    Ok(call.collect::<_, StringArray>(row))
}

fn left(call: &Call<'_>) -> Result<Columnar> {
    let (text, length) = (call.texts(0)?, call.numbers::<Int32Type>(1)?);
    let row = |row| Some(part(text.get(row)?, 1, Some(length.get(row)?)));
    Ok(call.collect::<_, StringArray>(row))
}

fn right(call: &Call<'_>) -> Result<Columnar> {
    let (text, length) = (call.texts(0)?, call.numbers::<Int32Type>(1)?);
    let row = |row| {
        let (text, length) = (text.get(row)?, length.get(row)?);
        let all = text.chars().count() as i32;
        Some(match length {
            ..=0 => "",
            length => part(text, (all - length).max(0) + 1, None),
        })
    };
    Ok(call.collect::<_, StringArray>(row))
}

/// What is beyond the text is left as it is; without a length, the other text replaces its own.
fn overlay(call: &Call<'_>) -> Result<Columnar> {
    let (text, by) = (call.texts(0)?, call.texts(1)?);
    let start = call.numbers::<Int32Type>(2)?;
    let lengths = (call.arguments.len() > 3).then(|| call.numbers::<Int32Type>(3)).transpose()?;
    let row = |row| {
        let (text, by, start) = (text.get(row)?, by.get(row)?, i64::from(start.get(row)?));
        let length = match &lengths {
            Some(lengths) => i64::from(lengths.get(row)?),
            None => by.chars().count() as i64,
        };
        let all = text.chars().count() as i64;
        if start <= 0 || start > all {
            return Some(text.to_owned());
        }
        let before = text.chars().take(start as usize - 1);
        let skipped = if length > 0 { start - 1 + length } else { all };
        let after = text.chars().skip(skipped as usize);
        Some(before.chain(by.chars()).chain(after).collect())
    };
    Ok(call.collect::<_, StringArray>(row))
}

/// The nth part, from 0, between bytes that are characters.
fn nth_between(text: &str, by: u8, index: usize) -> Option<&str> {
    let next = |start: usize| text.as_bytes()[start..].iter().position(|byte| *byte == by);
    let mut start = 0;
    for _ in 0..index {
        start += next(start)? + 1;
    }
    text.get(start..next(start).map_or(text.len(), |length| start + length))
}

/// The index counts from 0; NULL beyond the last part, and of an empty text.
fn split(call: &Call<'_>) -> Result<Columnar> {
    let (text, index) = (call.texts(0)?, call.numbers::<Int32Type>(2)?);
    let part = |row: usize, by: &str| {
        let index = usize::try_from(index.get(row)?).ok()?;
        let text = text.get(row).filter(|text| !text.is_empty())?;
        match by {
            "" => Some(text).filter(|_| index == 0),
            by => match by.as_bytes() {
                [byte] => nth_between(text, *byte, index),
                _ => text.split(by).nth(index),
            },
        }
    };
    if is_text(call.logical(1)) {
        let delimiter = call.texts(1)?;
        return Ok(call.collect::<_, StringArray>(|row| part(row, delimiter.get(row)?)));
    }
    let code = call.numbers::<Int32Type>(1)?;
    let row = |row| {
        let character = char::from_u32(u32::try_from(code.get(row)?).ok()?)?;
        part(row, character.encode_utf8(&mut [0; 4]))
    };
    Ok(call.collect::<_, StringArray>(row))
}
