//! The functions that read the clock. They give one value for all rows of a batch.

use super::Inferred;
use super::units::MILLIS_PER_DAY;
use crate::base::Result;
use crate::data::{DataType, LogicalType, TimeAttribute, Value};
use crate::expr::columnar::Columnar;
use crate::expr::function::{Call, Function, Mismatch, Resolved};
use crate::expr::tree::Expr;

pub(super) static FUNCTIONS: &[Function] = &[
    Function::volatile("CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP", infer_instant, instant),
    Function::volatile("NOW", "NOW()", infer_instant, instant),
    Function::volatile("CURRENT_ROW_TIMESTAMP", "CURRENT_ROW_TIMESTAMP()", infer_instant, instant),
    Function::volatile("PROCTIME", "PROCTIME()", infer_proctime, instant),
    Function::volatile("LOCALTIMESTAMP", "LOCALTIMESTAMP", infer_local_timestamp, local_timestamp),
    Function::volatile("CURRENT_DATE", "CURRENT_DATE", infer_date, date),
    Function::volatile("CURRENT_TIME", "CURRENT_TIME", infer_time, time),
    Function::volatile("LOCALTIME", "LOCALTIME", infer_time, time),
    Function::volatile(
        CURRENT_WATERMARK,
        "CURRENT_WATERMARK(time_column)",
        infer_watermark,
        no_watermark,
    ),
];

/// The function of the watermark; operators that see one put it in.
pub(crate) const CURRENT_WATERMARK: &str = "CURRENT_WATERMARK";

/// Of event time.
fn infer_watermark(operands: &[Expr]) -> Inferred {
    let [time] = operands else { return Err(Mismatch::Types) };
    let logical = &time.data_type.logical;
    let attribute = TimeAttribute::None;
    let result = match logical {
        LogicalType::TimestampLtz { .. } => LogicalType::TimestampLtz { precision: 3, attribute },
        _ => LogicalType::timestamp(3),
    };
    match logical.time_attribute() {
        TimeAttribute::Rowtime => {
            Ok(Resolved { arguments: vec![logical.clone()], result: DataType::nullable(result) })
        }
        _ => Err(Mismatch::Types),
    }
}

/// Where nobody put a watermark in, there is none yet.
fn no_watermark(call: &Call<'_>) -> Result<Columnar> {
    Columnar::scalar(&Value::Null, call.result)
}

fn without_arguments(operands: &[Expr], logical: LogicalType) -> Inferred {
    match operands {
        [] => Ok(Resolved { arguments: Vec::new(), result: DataType::not_null(logical) }),
        _ => Err(Mismatch::Types),
    }
}

fn infer_instant(operands: &[Expr]) -> Inferred {
    let attribute = TimeAttribute::None;
    without_arguments(operands, LogicalType::TimestampLtz { precision: 3, attribute })
}

fn infer_proctime(operands: &[Expr]) -> Inferred {
    let attribute = TimeAttribute::Proctime;
    without_arguments(operands, LogicalType::TimestampLtz { precision: 3, attribute })
}

fn infer_local_timestamp(operands: &[Expr]) -> Inferred {
    without_arguments(operands, LogicalType::timestamp(3))
}

fn infer_date(operands: &[Expr]) -> Inferred {
    without_arguments(operands, LogicalType::Date)
}

fn infer_time(operands: &[Expr]) -> Inferred {
    without_arguments(operands, LogicalType::Time(0))
}

fn instant(call: &Call<'_>) -> Result<Columnar> {
    Columnar::scalar(&Value::TimestampLtz(call.context.now.millis(), 0), call.result)
}

fn local(call: &Call<'_>) -> i64 {
    call.context.zone.local_millis(call.context.now.millis())
}

fn local_timestamp(call: &Call<'_>) -> Result<Columnar> {
    Columnar::scalar(&Value::Timestamp(local(call), 0), call.result)
}

fn date(call: &Call<'_>) -> Result<Columnar> {
    let days = local(call).div_euclid(MILLIS_PER_DAY);
    Columnar::scalar(&Value::Date(days as i32), call.result)
}

/// Whole seconds: the type is TIME(0).
fn time(call: &Call<'_>) -> Result<Columnar> {
    let millis = local(call).rem_euclid(MILLIS_PER_DAY) / 1_000 * 1_000;
    Columnar::scalar(&Value::Time(millis as i32), call.result)
}
