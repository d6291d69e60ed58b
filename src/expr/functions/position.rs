//! Where a text stands in another: POSITION, INSTR, LOCATE. Positions count characters, from 1.

use arrow::array::Int32Array;
use arrow::datatypes::Int32Type;

use super::Inferred;
use super::string::typed;
use crate::base::Result;
use crate::data::LogicalType;
use crate::expr::columnar::Columnar;
use crate::expr::function::{Call, Function};
use crate::expr::tree::Expr;
use crate::expr::types::{is_integer, is_text};

pub(super) static FUNCTIONS: &[Function] = &[
    Function::strict("POSITION", "POSITION(text IN text)", infer_position, position),
    Function::strict("INSTR", "INSTR(text, part[, start[, nth]])", infer_instr, instr),
    Function::strict("LOCATE", "LOCATE(part, text[, start])", infer_locate, locate),
];

fn infer_position(operands: &[Expr]) -> Inferred {
    typed(operands, &[is_text, is_text], LogicalType::Int)
}

fn infer_instr(operands: &[Expr]) -> Inferred {
    let families: [fn(&LogicalType) -> bool; 4] = [is_text, is_text, is_integer, is_integer];
    typed(operands, &families[..operands.len().clamp(2, 4)], LogicalType::Int)
}

fn infer_locate(operands: &[Expr]) -> Inferred {
    match operands.len() {
        2 => infer_position(operands),
        _ => typed(operands, &[is_text, is_text, is_integer], LogicalType::Int),
    }
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

/// The nth place of a part from a start on; a start below zero counts, and looks, from the end.
fn instr(call: &Call<'_>) -> Result<Columnar> {
    let (text, part) = (call.texts(0)?, call.texts(1)?);
    let number = |index: usize| {
        let given = call.arguments.len() > index;
        given.then(|| call.numbers::<Int32Type>(index)).transpose()
    };
    let (starts, nths) = (number(2)?, number(3)?);
    let row = |row| {
        let start = starts.as_ref().map_or(Some(1), |start| start.get(row))?;
        let nth = nths.as_ref().map_or(Some(1), |nth| nth.get(row))?;
        let (text, part) = (text.get(row)?, part.get(row)?);
        Some(if start < 0 {
            nth_back(part, text, start, nth)
        } else {
            nth_of(part, text, start, nth)
        })
    };
    Ok(call.collect::<_, Int32Array>(row))
}

fn nth_of(part: &str, text: &str, start: i32, nth: i32) -> i32 {
    let places = std::iter::successors(Some(find(part, text, start)), |place| {
        (*place > 0).then(|| find(part, text, place + 1))
    });
    places.take_while(|place| *place > 0).nth((nth - 1).max(0) as usize).unwrap_or(0)
}

fn nth_back(part: &str, text: &str, start: i32, nth: i32) -> i32 {
    let last = text.chars().count() as i32 + start + 1;
    let mut places = (1..=last).rev().filter(|place| find(part, text, *place) == *place);
    places.nth((nth - 1).max(0) as usize).unwrap_or(0)
}

fn locate(call: &Call<'_>) -> Result<Columnar> {
    if call.arguments.len() == 2 {
        return position(call);
    }
    let (part, text, from) = (call.texts(0)?, call.texts(1)?, call.numbers::<Int32Type>(2)?);
    let row = |row| Some(find(part.get(row)?, text.get(row)?, from.get(row)?));
    Ok(call.collect::<_, Int32Array>(row))
}
