//! What stands around a text or over and over in it: TRIM, LPAD, REPEAT, REPLACE.

use arrow::array::StringArray;
use arrow::datatypes::Int32Type;

use super::Inferred;
use super::string::{first, length, text, typed};
use crate::base::Result;
use crate::data::LogicalType;
use crate::expr::columnar::Columnar;
use crate::expr::function::{Call, Function, Mismatch};
use crate::expr::tree::Expr;
use crate::expr::types::{is_integer, is_text};

pub(super) static FUNCTIONS: &[Function] = &[
    Function::strict(
        "TRIM",
        "TRIM([BOTH | LEADING | TRAILING] [text FROM] text)",
        infer_trim,
        trim,
    ),
    Function::strict("LTRIM", "LTRIM(text[, characters])", infer_varying, |c| {
        one_side(c, |text, cut| text.trim_start_matches(cut))
    }),
    Function::strict("RTRIM", "RTRIM(text[, characters])", infer_varying, |c| {
        one_side(c, |text, cut| text.trim_end_matches(cut))
    }),
    Function::strict("REPLACE", "REPLACE(text, old, new)", infer_replace, replace),
    Function::strict("REPEAT", "REPEAT(text, times)", infer_repeat, repeat),
    Function::strict("LPAD", "LPAD(text, length, pad)", infer_pad, |c| pad(c, true)),
    Function::strict("RPAD", "RPAD(text, length, pad)", infer_pad, |c| pad(c, false)),
];

fn infer_varying(operands: &[Expr]) -> Inferred {
    let families: &[fn(&LogicalType) -> bool] = match operands.len() {
        2 => &[is_text, is_text],
        _ => &[is_text],
    };
    typed(operands, families, LogicalType::Varchar(length(first(operands)?)))
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
    typed(operands, &[is_text, is_integer, is_text], LogicalType::STRING)
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

/// Blanks, or the characters of the second argument, from one side.
fn one_side(
    call: &Call<'_>,
    trim: for<'t> fn(&'t str, &dyn Fn(char) -> bool) -> &'t str,
) -> Result<Columnar> {
    if call.arguments.len() == 1 {
        return text(call, |t| trim(t, &|c| c == ' ').into());
    }
    let (text, characters) = (call.texts(0)?, call.texts(1)?);
    let row = |row| {
        let characters = characters.get(row)?;
        Some(trim(text.get(row)?, &|c| characters.contains(c)))
    };
    Ok(call.collect::<_, StringArray>(row))
}

fn replace(call: &Call<'_>) -> Result<Columnar> {
    let (text, old, new) = (call.texts(0)?, call.texts(1)?, call.texts(2)?);
    let bytes = |row| {
        let (text, old, new) = (text.get(row)?, old.get(row)?, new.get(row)?);
        let longer = new.len().saturating_sub(old.len());
        let places = if longer == 0 { 0 } else { text.matches(old).count() };
        Some(text.len().saturating_add(places.saturating_mul(longer)))
    };
    let row = |row| Some(text.get(row)?.replace(old.get(row)?, new.get(row)?));
    call.grown_texts(bytes, row)
}

fn repeat(call: &Call<'_>) -> Result<Columnar> {
    let (text, times) = (call.texts(0)?, call.numbers::<Int32Type>(1)?);
    let times = |row| Some(usize::try_from(times.get(row)?).unwrap_or(0));
    let bytes = |row| Some(text.get(row)?.len().saturating_mul(times(row)?));
    let row = |row| Some(text.get(row)?.repeat(times(row)?));
    call.grown_texts(bytes, row)
}

/// NULL for a length below zero or an empty pad.
fn pad(call: &Call<'_>, on_the_left: bool) -> Result<Columnar> {
    let (text, length, pad) = (call.texts(0)?, call.numbers::<Int32Type>(1)?, call.texts(2)?);
    let length = |row| {
        let length = usize::try_from(length.get(row)?).ok();
        length.filter(|_| pad.get(row).is_some_and(|pad| !pad.is_empty()))
    };
    let bytes = |row| {
        let letter = pad.get(row)?.chars().map(char::len_utf8).max()?;
        Some(length(row)?.saturating_mul(letter).saturating_add(text.get(row)?.len()))
    };
    let row = |row| {
        let (text, pad, length) = (text.get(row)?, pad.get(row)?, length(row)?);
        let missing = length.saturating_sub(text.chars().count());
        let filler: String = pad.chars().cycle().take(missing).collect();
        let text: String = text.chars().take(length).collect();
        Some(if on_the_left { filler + &text } else { text + &filler })
    };
    call.grown_texts(bytes, row)
}
