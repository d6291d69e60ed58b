//! The function that the Nexmark suite brings along: in Flink it comes in a jar.

use std::sync::Arc;

use arrow::array::Int64Array;

use super::{Inferred, fits};
use crate::base::Result;
use crate::data::{DataType, LogicalType};
use crate::expr::columnar::Columnar;
use crate::expr::function::{Call, Function, Mismatch, Resolved};
use crate::expr::tree::Expr;
use crate::expr::types::is_text;

pub(super) static FUNCTIONS: &[Function] =
    &[Function::strict("COUNT_CHAR", "COUNT_CHAR(string, character)", infer, count_char)];

fn infer(operands: &[Expr]) -> Inferred {
    let [text, sign] = operands else { return Err(Mismatch::Types) };
    if !fits(text, is_text) || !fits(sign, is_text) {
        return Err(Mismatch::Types);
    }
    let result = DataType::not_null(LogicalType::BigInt);
    Ok(Resolved { arguments: vec![LogicalType::STRING; 2], result })
}

/// How often the first byte of a text stands in another one. NULL has none.
fn count_char(call: &Call<'_>) -> Result<Columnar> {
    let (texts, signs) = (call.texts(0)?, call.texts(1)?);
    let count = |row: usize| {
        let sign = signs.get(row)?.as_bytes().first()?;
        // Sums of 255 at most stay in bytes, of which a processor compares many at once.
        let count = |part: &[u8]| part.iter().map(|byte| u8::from(byte == sign)).sum::<u8>();
        Some(texts.get(row)?.as_bytes().chunks(255).map(|part| i64::from(count(part))).sum())
    };
    let counts = (0..call.rows).map(|row| count(row).unwrap_or(0));
    Ok(Columnar::Array(Arc::new(Int64Array::from_iter_values(counts))))
}
