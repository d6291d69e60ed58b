//! What a moment or an interval has of a unit: EXTRACT, and functions named after the units.

use arrow::array::Int64Array;

use super::units::{MILLIS_PER_DAY, Unit, is_clock_unit, wall_millis};
use super::{Inferred, as_given, fits};
use crate::base::Result;
use crate::data::{LogicalType, Value};
use crate::expr::columnar::Columnar;
use crate::expr::function::{Call, Function, Mismatch};
use crate::expr::tree::Expr;
use crate::expr::types::{is_datetime, is_interval};

pub(super) static FUNCTIONS: &[Function] = &[
    Function::strict("EXTRACT", "EXTRACT(unit FROM time)", infer_extract, extract),
    Function::strict("YEAR", "YEAR(date)", infer_part, |c| part(c, Unit::Year)),
    Function::strict("QUARTER", "QUARTER(date)", infer_part, |c| part(c, Unit::Quarter)),
    Function::strict("MONTH", "MONTH(date)", infer_part, |c| part(c, Unit::Month)),
    Function::strict("WEEK", "WEEK(date)", infer_part, |c| part(c, Unit::Week)),
    Function::strict("DAYOFYEAR", "DAYOFYEAR(date)", infer_part, |c| part(c, Unit::DayOfYear)),
    Function::strict("DAYOFMONTH", "DAYOFMONTH(date)", infer_part, |c| part(c, Unit::Day)),
    Function::strict("DAYOFWEEK", "DAYOFWEEK(date)", infer_part, |c| part(c, Unit::DayOfWeek)),
    Function::strict("HOUR", "HOUR(time)", infer_part, |c| part(c, Unit::Hour)),
    Function::strict("MINUTE", "MINUTE(time)", infer_part, |c| part(c, Unit::Minute)),
    Function::strict("SECOND", "SECOND(time)", infer_part, |c| part(c, Unit::Second)),
];

/// A time of day has only what is finer than a day.
fn infer_extract(operands: &[Expr]) -> Inferred {
    let [unit, time] = operands else { return Err(Mismatch::Types) };
    let unit = Unit::of(unit)?;
    let of_day = matches!(time.data_type.logical, LogicalType::Time(_));
    match fits(time, |t| is_datetime(t) || is_interval(t)) && (!of_day || is_clock_unit(unit)) {
        true => Ok(as_given(operands, LogicalType::BigInt)),
        false => Err(Mismatch::Types),
    }
}

fn extract(call: &Call<'_>) -> Result<Columnar> {
    let unit = Unit::of(&call.operands[0])?;
    let row = |row| match call.value(1, row) {
        Value::IntervalDayTime(millis) => Some(of_millis(unit, millis)),
        Value::IntervalYearMonth(months) => Some(i64::from(of_months(unit, months))),
        value => {
            let whole = unit.extract(wall_millis(call, 1, row)?);
            Some(whole + finer(unit, &value))
        }
    };
    Ok(call.collect::<_, Int64Array>(row))
}

/// What the nanoseconds below the millisecond add.
fn finer(unit: Unit, value: &Value) -> i64 {
    let (Value::Timestamp(_, nanos) | Value::TimestampLtz(_, nanos)) = value else { return 0 };
    match unit {
        Unit::Microsecond => i64::from(nanos / 1_000),
        Unit::Nanosecond => i64::from(*nanos),
        _ => 0,
    }
}

fn of_millis(unit: Unit, millis: i64) -> i64 {
    match unit {
        Unit::Day => millis / MILLIS_PER_DAY,
        Unit::Hour => millis / 3_600_000 % 24,
        Unit::Minute => millis / 60_000 % 60,
        Unit::Second => millis / 1_000 % 60,
        Unit::Epoch => millis / 1_000,
        Unit::Millisecond => millis % 1_000,
        _ => 0,
    }
}

fn of_months(unit: Unit, months: i32) -> i32 {
    match unit {
        Unit::Year => months / 12,
        Unit::Quarter => months % 12 / 3 + 1,
        Unit::Month => months % 12,
        _ => 0,
    }
}

fn infer_part(operands: &[Expr]) -> Inferred {
    match operands {
        [time] if fits(time, is_datetime) => Ok(as_given(operands, LogicalType::BigInt)),
        _ => Err(Mismatch::Types),
    }
}

fn part(call: &Call<'_>, unit: Unit) -> Result<Columnar> {
    Ok(call.collect::<_, Int64Array>(|row| Some(unit.extract(wall_millis(call, 0, row)?))))
}
