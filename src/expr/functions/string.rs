//! Text. Positions count characters, from 1.

use std::borrow::Cow;

use arrow::array::{BooleanArray, Int32Array, StringArray};
use arrow::datatypes::Int32Type;

use super::like::LikePattern;
use super::{Inferred, as_given, fits, resolved};
use crate::base::Result;
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
    Function::strict("LOWER", "LOWER(text)", infer_same, |c| text(c, |t| t.to_lowercase().into())),
    Function::strict("INITCAP", "INITCAP(text)", infer_same, |c| text(c, init_cap)),
    Function::strict("REVERSE", "REVERSE(text)", infer_text, |c| {
        text(c, |t| t.chars().rev().collect::<String>().into())
    }),
    Function::strict("CHAR_LENGTH", "CHAR_LENGTH(text)", infer_length, char_length),
    Function::strict("CHARACTER_LENGTH", "CHARACTER_LENGTH(text)", infer_length, char_length),
    Function::strict("SUBSTRING", "SUBSTRING(text, start[, length])", infer_part, substring),
    Function::strict("SUBSTR", "SUBSTR(text, start[, length])", infer_part, substring),
    Function::strict("LEFT", "LEFT(text, length)", infer_end, left),
    Function::strict("RIGHT", "RIGHT(text, length)", infer_end, right),
    Function::strict(
        "TRIM",
        "TRIM([BOTH | LEADING | TRAILING] [text FROM] text)",
        infer_trim,
        trim,
    ),
    Function::strict("LTRIM", "LTRIM(text)", infer_varying, |c| {
        text(c, |t| t.trim_start_matches(' ').into())
    }),
    Function::strict("RTRIM", "RTRIM(text)", infer_varying, |c| {
        text(c, |t| t.trim_end_matches(' ').into())
    }),
    Function::strict("REPLACE", "REPLACE(text, old, new)", infer_replace, replace),
    Function::strict("REPEAT", "REPEAT(text, times)", infer_repeat, repeat),
    Function::strict("LPAD", "LPAD(text, length, pad)", infer_pad, |c| pad(c, true)),
    Function::strict("RPAD", "RPAD(text, length, pad)", infer_pad, |c| pad(c, false)),
    Function::strict("POSITION", "POSITION(text IN text)", infer_position, position),
    Function::strict("INSTR", "INSTR(text, part)", infer_position, instr),
    Function::strict("LOCATE", "LOCATE(part, text[, start])", infer_locate, locate),
    Function::strict("LIKE", "text LIKE pattern [ESCAPE character]", infer_like, like),
    Function::strict("SPLIT_INDEX", "SPLIT_INDEX(text, delimiter, index)", infer_split, split),
    Function::strict("ASCII", "ASCII(text)", infer_length, ascii),
    Function::strict("CHR", "CHR(integer)", infer_chr, chr),
];

/// Checks a call against families of types, one for each argument.
fn check(operands: &[Expr], families: &[fn(&LogicalType) -> bool]) -> Result<(), Mismatch> {
    let fit = operands.len() == families.len()
        && operands.iter().zip(families).all(|(operand, family)| fits(operand, family));
    if fit { Ok(()) } else { Err(Mismatch::Types) }
}

/// The arguments of a call: text as it is, integers as INT, NULL as either.
fn arguments(operands: &[Expr], families: &[fn(&LogicalType) -> bool]) -> Vec<LogicalType> {
    let argument = |(operand, family): (&Expr, &fn(&LogicalType) -> bool)| match family {
        _ if is_text(&operand.data_type.logical) => operand.data_type.logical.clone(),
        family if family(&LogicalType::Int) => LogicalType::Int,
        _ => LogicalType::STRING,
    };
    operands.iter().zip(families).map(argument).collect()
}

fn typed(
    operands: &[Expr],
    families: &[fn(&LogicalType) -> bool],
    result: LogicalType,
) -> Inferred {
    check(operands, families)?;
    Ok(resolved(operands, arguments(operands, families), result))
}

/// As [`typed`]; what indexes beyond its text is NULL.
fn maybe(
    operands: &[Expr],
    families: &[fn(&LogicalType) -> bool],
    result: LogicalType,
) -> Inferred {
    let types = typed(operands, families, result)?;
    Ok(Resolved { result: DataType { nullable: true, ..types.result }, ..types })
}

fn first(operands: &[Expr]) -> Result<&LogicalType, Mismatch> {
    operands.first().map(|o| &o.data_type.logical).ok_or(Mismatch::Types)
}

/// The length of a text type.
fn length(logical: &LogicalType) -> u32 {
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
    typed(operands, &[is_text], LogicalType::STRING)
}

fn infer_varying(operands: &[Expr]) -> Inferred {
    typed(operands, &[is_text], LogicalType::Varchar(length(first(operands)?)))
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

fn infer_part(operands: &[Expr]) -> Inferred {
    let families: &[fn(&LogicalType) -> bool] = match operands.len() {
        2 => &[is_text, is_integer],
        _ => &[is_text, is_integer, is_integer],
    };
    typed(operands, families, LogicalType::Varchar(length(first(operands)?)))
}

fn infer_end(operands: &[Expr]) -> Inferred {
    typed(operands, &[is_text, is_integer], LogicalType::Varchar(length(first(operands)?)))
}

/// `TRIM(text)`, or the place (`BOTH`, `LEADING`, `TRAILING`), the characters and the text.
fn infer_trim(operands: &[Expr]) -> Inferred {
    match operands {
        [_] => infer_varying(operands),
        [place, _, text] if place.as_text().is_some() => {
            let result = LogicalType::Varchar(length(&text.data_type.logical));
            typed(operands, &[is_text, is_text, is_text], result)
        }
        _ => Err(Mismatch::Types),
    }
}

fn infer_replace(operands: &[Expr]) -> Inferred {
    typed(operands, &[is_text, is_text, is_text], LogicalType::STRING)
}

fn infer_repeat(operands: &[Expr]) -> Inferred {
    typed(operands, &[is_text, is_integer], LogicalType::STRING)
}

fn infer_pad(operands: &[Expr]) -> Inferred {
    maybe(operands, &[is_text, is_integer, is_text], LogicalType::STRING)
}

fn infer_position(operands: &[Expr]) -> Inferred {
    typed(operands, &[is_text, is_text], LogicalType::Int)
}

fn infer_locate(operands: &[Expr]) -> Inferred {
    match operands.len() {
        2 => infer_position(operands),
        _ => typed(operands, &[is_text, is_text, is_integer], LogicalType::Int),
    }
}

fn infer_like(operands: &[Expr]) -> Inferred {
    match operands.len() {
        2 => typed(operands, &[is_text, is_text], LogicalType::Boolean),
        _ => typed(operands, &[is_text, is_text, is_text], LogicalType::Boolean),
    }
}

fn infer_split(operands: &[Expr]) -> Inferred {
    maybe(operands, &[is_text, is_text, is_integer], LogicalType::STRING)
}

fn infer_chr(operands: &[Expr]) -> Inferred {
    match operands {
        [code] if fits(code, is_integer) => {
            let arguments = vec![LogicalType::BigInt];
            Ok(Resolved { arguments, ..as_given(operands, LogicalType::STRING) })
        }
        _ => Err(Mismatch::Types),
    }
}

/// A function of one text.
fn text(call: &Call<'_>, change: impl Fn(&str) -> Cow<'_, str>) -> Result<Columnar> {
    let text = call.texts(0)?;
    Ok(call.collect::<_, StringArray>(|row| text.get(row).map(&change)))
}

fn init_cap(text: &str) -> Cow<'_, str> {
    let mut inside = false;
    let change = |character: char| {
        let changed: String = match inside {
            true => character.to_lowercase().collect(),
            false => character.to_uppercase().collect(),
        };
        inside = character.is_alphanumeric();
        changed
    };
    text.chars().map(change).collect::<String>().into()
}

fn concat(call: &Call<'_>) -> Result<Columnar> {
    let texts = (0..call.arguments.len()).map(|i| call.texts(i)).collect::<Result<Vec<_>>>()?;
    let row = |row| texts.iter().map(|text| text.get(row)).collect::<Option<String>>();
    Ok(call.collect::<_, StringArray>(row))
}

/// NULLs are left out; only the separator makes the result NULL.
fn concat_ws(call: &Call<'_>) -> Result<Columnar> {
    let separator = call.texts(0)?;
    let texts = (1..call.arguments.len()).map(|i| call.texts(i)).collect::<Result<Vec<_>>>()?;
    let row = |row| {
        let parts: Vec<&str> = texts.iter().filter_map(|text| text.get(row)).collect();
        separator.get(row).map(|separator| parts.join(separator))
    };
    Ok(call.collect::<_, StringArray>(row))
}

fn char_length(call: &Call<'_>) -> Result<Columnar> {
    let text = call.texts(0)?;
    Ok(call.collect::<_, Int32Array>(|row| text.get(row).map(|t| t.chars().count() as i32)))
}

/// A part of a text. A start below zero counts from the end; zero is one.
fn part(text: &str, start: i32, length: Option<i32>) -> &str {
    let characters = text.chars().count() as i64;
    let start = match i64::from(start) {
        0 => 0,
        start if start > 0 => start - 1,
        start => characters + start,
    };
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

fn substring(call: &Call<'_>) -> Result<Columnar> {
    let (text, start) = (call.texts(0)?, call.numbers::<Int32Type>(1)?);
    let length = (call.arguments.len() > 2).then(|| call.numbers::<Int32Type>(2)).transpose()?;
    let row = |row| {
        let length = match &length {
            Some(length) => Some(length.get(row)?),
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

fn trim(call: &Call<'_>) -> Result<Columnar> {
    if call.arguments.len() == 1 {
        return text(call, |t| t.trim_matches(' ').into());
    }
    let place = call.operands[0].as_text().unwrap_or("BOTH").to_ascii_uppercase();
    let (characters, text) = (call.texts(1)?, call.texts(2)?);
    let row = |row| {
        let (characters, text) = (characters.get(row)?, text.get(row)?);
        let cut = |c: char| characters.contains(c);
        Some(match place.as_str() {
            "LEADING" => text.trim_start_matches(cut),
            "TRAILING" => text.trim_end_matches(cut),
            _ => text.trim_matches(cut),
        })
    };
    Ok(call.collect::<_, StringArray>(row))
}

fn replace(call: &Call<'_>) -> Result<Columnar> {
    let (text, old, new) = (call.texts(0)?, call.texts(1)?, call.texts(2)?);
    let row = |row| Some(text.get(row)?.replace(old.get(row)?, new.get(row)?));
    Ok(call.collect::<_, StringArray>(row))
}

fn repeat(call: &Call<'_>) -> Result<Columnar> {
    let (text, times) = (call.texts(0)?, call.numbers::<Int32Type>(1)?);
    let row = |row| Some(text.get(row)?.repeat(usize::try_from(times.get(row)?).unwrap_or(0)));
    Ok(call.collect::<_, StringArray>(row))
}

/// NULL for a length below zero or an empty pad.
fn pad(call: &Call<'_>, on_the_left: bool) -> Result<Columnar> {
    let (text, length, pad) = (call.texts(0)?, call.numbers::<Int32Type>(1)?, call.texts(2)?);
    let row = |row| {
        let (text, pad) = (text.get(row)?, pad.get(row)?);
        let length = usize::try_from(length.get(row)?).ok().filter(|_| !pad.is_empty())?;
        let missing = length.saturating_sub(text.chars().count());
        let filler: String = pad.chars().cycle().take(missing).collect();
        let text: String = text.chars().take(length).collect();
        Some(if on_the_left { filler + &text } else { text + &filler })
    };
    Ok(call.collect::<_, StringArray>(row))
}

/// The place of a part in a text from a place on, both from 1; 0 if it is not there.
fn find(part: &str, text: &str, from: i32) -> i32 {
    let skipped = usize::try_from(from - 1).unwrap_or(0);
    let start = match text.char_indices().nth(skipped) {
        Some((position, _)) => position,
        None => text.len(),
    };
    match text[start..].find(part) {
        Some(position) => text[..start + position].chars().count() as i32 + 1,
        None => 0,
    }
}

fn position(call: &Call<'_>) -> Result<Columnar> {
    let (part, text) = (call.texts(0)?, call.texts(1)?);
    Ok(call.collect::<_, Int32Array>(|row| Some(find(part.get(row)?, text.get(row)?, 1))))
}

fn instr(call: &Call<'_>) -> Result<Columnar> {
    let (text, part) = (call.texts(0)?, call.texts(1)?);
    Ok(call.collect::<_, Int32Array>(|row| Some(find(part.get(row)?, text.get(row)?, 1))))
}

fn locate(call: &Call<'_>) -> Result<Columnar> {
    if call.arguments.len() == 2 {
        return position(call);
    }
    let (part, text, from) = (call.texts(0)?, call.texts(1)?, call.numbers::<Int32Type>(2)?);
    let row = |row| Some(find(part.get(row)?, text.get(row)?, from.get(row)?));
    Ok(call.collect::<_, Int32Array>(row))
}

fn like(call: &Call<'_>) -> Result<Columnar> {
    let (text, pattern) = (call.texts(0)?, call.texts(1)?);
    let escape = (call.arguments.len() > 2).then(|| call.texts(2)).transpose()?;
    let read = |row: usize| match (pattern.get(row), &escape) {
        (Some(pattern), None) => LikePattern::new(pattern, None).map(Some),
        (Some(pattern), Some(escape)) => match escape.get(row) {
            Some(escape) => LikePattern::new(pattern, escape.chars().next()).map(Some),
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

/// The index counts from 0; NULL beyond the last part.
fn split(call: &Call<'_>) -> Result<Columnar> {
    let (text, by, index) = (call.texts(0)?, call.texts(1)?, call.numbers::<Int32Type>(2)?);
    let row = |row| {
        let index = usize::try_from(index.get(row)?).ok()?;
        text.get(row)?.split(by.get(row)?).nth(index)
    };
    Ok(call.collect::<_, StringArray>(row))
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
