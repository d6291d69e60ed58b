//! TYPEOF: the type of an expression as text.

use super::Inferred;
use crate::base::Result;
use crate::data::{DataType, LogicalType, Value};
use crate::expr::columnar::Columnar;
use crate::expr::function::{Call, Function, Mismatch, Resolved};
use crate::expr::tree::Expr;

pub(super) static FUNCTIONS: &[Function] =
    &[Function::strict("TYPEOF", "TYPEOF(value[, force serializable])", infer, type_of)];

/// The second argument, a constant, asks for a text that reads back as a type; so do all here.
fn infer(operands: &[Expr]) -> Inferred {
    let forced = operands.get(1).map(|o| matches!(o.as_literal(), Some(Value::Boolean(_))));
    if operands.is_empty() || operands.len() > 2 || forced == Some(false) {
        return Err(Mismatch::Types);
    }
    let arguments = operands.iter().map(|o| o.data_type.logical.clone()).collect();
    Ok(Resolved { arguments, result: DataType::nullable(LogicalType::STRING) })
}

fn type_of(call: &Call<'_>) -> Result<Columnar> {
    let data_type = &call.operands[0].data_type;
    let text = match data_type.logical {
        LogicalType::Null => data_type.logical.to_string(),
        _ => data_type.to_string(),
    };
    Columnar::scalar(&Value::from(text.as_str()), call.result)
}
