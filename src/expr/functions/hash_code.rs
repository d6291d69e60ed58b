//! HASH_CODE, by which plans put values into buckets: what Java makes of Flink's values.

use arrow::array::{Array, Int32Array};

use super::{Inferred, as_given};
use crate::base::Result;
use crate::data::key::{hash_bytes, java_hash_code};
use crate::data::{DataType, LogicalType, Value, value_at};
use crate::expr::columnar::Columnar;
use crate::expr::function::{Call, Function, Mismatch};
use crate::expr::tree::Expr;

pub(super) static FUNCTIONS: &[Function] =
    &[Function::strict("HASH_CODE", "HASH_CODE(value)", infer, hash_code)];

fn infer(operands: &[Expr]) -> Inferred {
    match operands {
        [_] => Ok(as_given(operands, LogicalType::Int)),
        _ => Err(Mismatch::Types),
    }
}

/// Of NULL there is none. Flink's texts and bytes are hashed as they lie in memory.
fn hash_code(call: &Call<'_>) -> Result<Columnar> {
    let (values, data_type) = (call.values(0), DataType::nullable(call.logical(0).clone()));
    // A constant is one value.
    let at = |row: usize| if values.len() == 1 { 0 } else { row };
    let one = |row| match value_at(values, &data_type, row) {
        Value::String(text) => hash_bytes(text.as_bytes()),
        Value::Bytes(bytes) => hash_bytes(&bytes),
        value => java_hash_code(&value),
    };
    Ok(call.collect::<_, Int32Array>(|row| values.is_valid(at(row)).then(|| one(at(row)))))
}
