//! Tests of what a text is made of: IS_ALPHA, IS_DECIMAL, IS_DIGIT. NULL is nothing, so FALSE.

use arrow::array::BooleanArray;

use super::{Inferred, as_given, fits};
use crate::base::Result;
use crate::data::{DataType, LogicalType, print};
use crate::expr::columnar::Columnar;
use crate::expr::function::{Call, Function, Mismatch, Resolved};
use crate::expr::tree::Expr;
use crate::expr::types::{is_numeric, is_text};

pub(super) static FUNCTIONS: &[Function] = &[
    Function::strict("IS_ALPHA", "IS_ALPHA(text)", infer, |c| {
        test(c, |text| !text.is_empty() && text.chars().all(char::is_alphabetic))
    }),
    Function::strict("IS_DIGIT", "IS_DIGIT(text)", infer, |c| {
        test(c, |text| !text.is_empty() && text.chars().all(is_digit))
    }),
    Function::strict("IS_DECIMAL", "IS_DECIMAL(text)", infer, |c| test(c, is_decimal)),
];

fn infer(operands: &[Expr]) -> Inferred {
    match operands {
        [value] if fits(value, |t| is_text(t) || is_numeric(t)) => {
            let result = DataType::not_null(LogicalType::Boolean);
            Ok(Resolved { result, ..as_given(operands, LogicalType::Boolean) })
        }
        _ => Err(Mismatch::Types),
    }
}

fn test(call: &Call<'_>, holds: fn(&str) -> bool) -> Result<Columnar> {
    let row = |row| {
        let value = call.value(0, row);
        value != crate::data::Value::Null
            && holds(&print::text(&value, call.logical(0), &call.context.zone))
    };
    Ok(call.collect::<_, BooleanArray>(|index| Some(row(index))))
}

/// `Character.isDigit`: a decimal digit of any script; those come in runs of ten from a zero.
fn is_digit(character: char) -> bool {
    character.is_ascii_digit() || (character.is_numeric() && decimal_digit(character))
}

/// The zeros of the scripts that have decimal digits of their own, in the basic plane.
const ZEROS: [u32; 36] = [
    0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66,
    0x0de6, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90,
    0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
];

fn decimal_digit(character: char) -> bool {
    let code = u32::from(character);
    ZEROS.iter().any(|zero| (*zero..zero + 10).contains(&code))
}

/// What `Double.parseDouble` reads: blanks around it, a suffix `d` or `f`, NaN and Infinity.
fn is_decimal(text: &str) -> bool {
    let text = text.trim();
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, "NaN" | "Infinity") {
        return true;
    }
    let number = unsigned.strip_suffix(['d', 'D', 'f', 'F']).unwrap_or(unsigned);
    number.starts_with(|c: char| c.is_ascii_digit() || c == '.') && number.parse::<f64>().is_ok()
}
