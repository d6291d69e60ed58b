//! Comparisons, and what is made of them: BETWEEN, IN, NULLIF, GREATEST; tests for NULL.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, Datum};
use arrow::compute::kernels::{boolean, cmp};
use arrow::datatypes::{ArrowPrimitiveType, Float32Type, Float64Type};
use arrow::error::ArrowError;

use super::{Inferred, as_given};
use crate::base::Result;
use crate::data::order::compare;
use crate::data::{DataType, LogicalType, Value};
use crate::expr::columnar::{Columnar, kernel_error};
use crate::expr::function::{Call, Function, Mismatch, Resolved};
use crate::expr::tree::Expr;
use crate::expr::types::{common_logical, common_type, is_datetime, is_numeric, is_text};

pub(super) static FUNCTIONS: &[Function] = &[
    Function::strict("=", "a = b", infer_equal, |c| compared(c, Comparison::Equal)),
    Function::strict("<>", "a <> b", infer_equal, |c| compared(c, Comparison::NotEqual)),
    Function::strict("<", "a < b", infer_order, |c| compared(c, Comparison::Less)),
    Function::strict("<=", "a <= b", infer_order, |c| compared(c, Comparison::LessOrEqual)),
    Function::strict(">", "a > b", infer_order, |c| compared(c, Comparison::Greater)),
    Function::strict(">=", "a >= b", infer_order, |c| compared(c, Comparison::GreaterOrEqual)),
    Function::strict("BETWEEN", "a BETWEEN low AND high", infer_between, between),
    Function::strict("IN", "a IN (b, ..)", infer_in, is_in),
    Function::strict("IS NULL", "a IS NULL", infer_null_test, is_null),
    Function::strict("IS NOT NULL", "a IS NOT NULL", infer_null_test, is_not_null),
    Function::strict("IS DISTINCT FROM", "a IS DISTINCT FROM b", infer_distinct, distinct),
    Function::strict("IS NOT DISTINCT FROM", "a IS NOT DISTINCT FROM b", infer_distinct, same),
    Function::strict("NULLIF", "NULLIF(value, other)", infer_null_if, null_if),
    Function::strict("GREATEST", "GREATEST(value, ..)", infer_extreme, |c| {
        extreme(c, Comparison::Greater)
    }),
    Function::strict("LEAST", "LEAST(value, ..)", infer_extreme, |c| extreme(c, Comparison::Less)),
];

#[derive(Clone, Copy, PartialEq)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }

    fn kernel(self) -> fn(&dyn Datum, &dyn Datum) -> Result<BooleanArray, ArrowError> {
        match self {
            Self::Equal => cmp::eq,
            Self::NotEqual => cmp::neq,
            Self::Less => cmp::lt,
            Self::LessOrEqual => cmp::lt_eq,
            Self::Greater => cmp::gt,
            Self::GreaterOrEqual => cmp::gt_eq,
        }
    }
}

/// The type in which two types compare. Text beside a date or time is read as one.
fn comparable(a: &LogicalType, b: &LogicalType) -> Option<LogicalType> {
    match (a, b) {
        (text, time) | (time, text) if is_text(text) && is_datetime(time) => Some(time.clone()),
        _ => common_logical(a, b),
    }
}

/// As [`comparable`]; text may stand beside a number too (though not with `=`), and is read as one.
fn comparable_or_read(a: &LogicalType, b: &LogicalType) -> Option<LogicalType> {
    match (a, b) {
        (text, number) | (number, text) if is_text(text) && is_numeric(number) => {
            Some(number.clone())
        }
        _ => comparable(a, b),
    }
}

/// As [`comparable_or_read`], for what has an order: Flink has no code for a moment before a wall time.
fn in_order(a: &LogicalType, b: &LogicalType) -> Option<LogicalType> {
    match (a, b) {
        (LogicalType::Timestamp { .. }, LogicalType::TimestampLtz { .. })
        | (LogicalType::TimestampLtz { .. }, LogicalType::Timestamp { .. }) => None,
        _ => comparable_or_read(a, b),
    }
}

fn in_common_type(
    operands: &[Expr],
    result: DataType,
    comparable: fn(&LogicalType, &LogicalType) -> Option<LogicalType>,
) -> Inferred {
    let mut types = operands.iter().map(|o| &o.data_type.logical);
    let first = types.next().ok_or(Mismatch::Types)?.clone();
    let common = types.try_fold(first, |common, next| comparable(&common, next));
    let common = common.ok_or(Mismatch::Types)?;
    Ok(Resolved { arguments: vec![common; operands.len()], result })
}

fn condition_of(operands: &[Expr]) -> DataType {
    let nullable = operands.iter().any(|o| o.data_type.nullable);
    DataType { logical: LogicalType::Boolean, nullable }
}

/// A truth value stands beside text too, and is never equal to it: Flink does not read the text.
fn infer_equal(operands: &[Expr]) -> Inferred {
    let [left, right] = operands else { return Err(Mismatch::Types) };
    match is_truth_beside_text(&left.data_type.logical, &right.data_type.logical) {
        true => Ok(Resolved {
            result: condition_of(operands),
            ..as_given(operands, LogicalType::Boolean)
        }),
        false => in_common_type(operands, condition_of(operands), comparable),
    }
}

fn is_truth_beside_text(a: &LogicalType, b: &LogicalType) -> bool {
    let mixed = |a: &LogicalType, b: &LogicalType| *a == LogicalType::Boolean && is_text(b);
    mixed(a, b) || mixed(b, a)
}

/// Collections have no order.
fn ordered(operands: &[Expr]) -> Result<(), Mismatch> {
    use LogicalType as L;
    let whole = |o: &Expr| {
        matches!(o.data_type.logical, L::Array(_) | L::Map(..) | L::Multiset(_) | L::Row(_))
    };
    if operands.iter().any(whole) { Err(Mismatch::Types) } else { Ok(()) }
}

fn infer_order(operands: &[Expr]) -> Inferred {
    ordered(operands)?;
    match operands {
        [_, _] => in_common_type(operands, condition_of(operands), in_order),
        _ => Err(Mismatch::Types),
    }
}

fn infer_between(operands: &[Expr]) -> Inferred {
    ordered(operands)?;
    match operands {
        [_, _, _] => in_common_type(operands, condition_of(operands), in_order),
        _ => Err(Mismatch::Types),
    }
}

fn infer_in(operands: &[Expr]) -> Inferred {
    match operands {
        [_, _, ..] => in_common_type(operands, condition_of(operands), comparable_or_read),
        _ => Err(Mismatch::Types),
    }
}

fn infer_null_test(operands: &[Expr]) -> Inferred {
    match operands {
        [_] => {
            let result = DataType::not_null(LogicalType::Boolean);
            Ok(Resolved { result, ..as_given(operands, LogicalType::Boolean) })
        }
        _ => Err(Mismatch::Types),
    }
}

fn infer_distinct(operands: &[Expr]) -> Inferred {
    match operands {
        [_, _] => in_common_type(operands, DataType::not_null(LogicalType::Boolean), comparable),
        _ => Err(Mismatch::Types),
    }
}

/// The result has the type of the first, in which both are compared.
fn infer_null_if(operands: &[Expr]) -> Inferred {
    let [value, other] = operands else { return Err(Mismatch::Types) };
    let (a, b) = (&value.data_type.logical, &other.data_type.logical);
    comparable(a, b).ok_or(Mismatch::Types)?;
    if matches!(a, LogicalType::Array(_)) {
        return Err(Mismatch::Types);
    }
    Ok(Resolved { arguments: vec![a.clone(); 2], result: DataType::nullable(a.clone()) })
}

fn infer_extreme(operands: &[Expr]) -> Inferred {
    let common = common_type(operands.iter().map(|o| &o.data_type)).ok_or(Mismatch::Types)?;
    in_common_type(operands, common, comparable)
}

fn compared(call: &Call<'_>, comparison: Comparison) -> Result<Columnar> {
    if is_truth_beside_text(call.logical(0), call.logical(1)) {
        let unequal = comparison == Comparison::NotEqual;
        let both = |row| [0, 1].iter().all(|index| call.value(*index, row) != Value::Null);
        return Ok(call.collect::<_, BooleanArray>(|row| both(row).then_some(unequal)));
    }
    Ok(compare_arguments(call, 0, 1, comparison)?.into())
}

fn compare_arguments(
    call: &Call<'_>,
    left: usize,
    right: usize,
    comparison: Comparison,
) -> Result<BooleanArray> {
    use LogicalType as L;
    match call.logical(left) {
        L::Float => floats::<Float32Type>(call, left, right, comparison),
        L::Double => floats::<Float64Type>(call, left, right, comparison),
        L::Null => Ok(BooleanArray::new_null(call.rows)),
        L::Array(_) | L::Map(..) | L::Multiset(_) | L::Row(_) => {
            Ok(by_value(call, left, right, comparison))
        }
        _ => {
            let (a, b) = (&call.arguments[left], &call.arguments[right]);
            comparison.kernel()(a, b).map_err(kernel_error)
        }
    }
}

/// As Java compares: NaN equals nothing, and there is one zero. (Arrow's kernels order them all.)
fn floats<T: ArrowPrimitiveType>(
    call: &Call<'_>,
    left: usize,
    right: usize,
    comparison: Comparison,
) -> Result<BooleanArray> {
    let (a, b) = (call.numbers::<T>(left)?, call.numbers::<T>(right)?);
    let one = |row| {
        let order = a.get(row)?.partial_cmp(&b.get(row)?);
        Some(order.map_or(comparison == Comparison::NotEqual, |order| comparison.holds(order)))
    };
    Ok((0..call.rows).map(one).collect())
}

fn by_value(call: &Call<'_>, left: usize, right: usize, comparison: Comparison) -> BooleanArray {
    let one = |row| match (call.value(left, row), call.value(right, row)) {
        (Value::Null, _) | (_, Value::Null) => None,
        (a, b) => Some(comparison.holds(compare(&a, &b))),
    };
    (0..call.rows).map(one).collect()
}

fn between(call: &Call<'_>) -> Result<Columnar> {
    let above = expand(call, compare_arguments(call, 0, 1, Comparison::GreaterOrEqual)?);
    let below = expand(call, compare_arguments(call, 0, 2, Comparison::LessOrEqual)?);
    Ok(boolean::and_kleene(&above, &below).map_err(kernel_error)?.into())
}

/// A comparison of two single values gives one; beside columns it counts for all rows.
fn expand(call: &Call<'_>, array: BooleanArray) -> BooleanArray {
    match array.len() == call.rows {
        true => array,
        false => (0..call.rows).map(|_| array.is_valid(0).then(|| array.value(0))).collect(),
    }
}

fn is_in(call: &Call<'_>) -> Result<Columnar> {
    let equal = |item| Ok(expand(call, compare_arguments(call, 0, item, Comparison::Equal)?));
    let mut found = equal(1)?;
    for item in 2..call.arguments.len() {
        found = boolean::or_kleene(&found, &equal(item)?).map_err(kernel_error)?;
    }
    Ok(found.into())
}

fn is_null(call: &Call<'_>) -> Result<Columnar> {
    call.arguments[0].map(|array| {
        let nulls = array.logical_nulls();
        let test = |row| nulls.as_ref().is_some_and(|nulls| nulls.is_null(row));
        Ok(Arc::new(BooleanArray::from_iter((0..array.len()).map(|r| Some(test(r))))) as ArrayRef)
    })
}

fn is_not_null(call: &Call<'_>) -> Result<Columnar> {
    call.arguments[0].map(|array| {
        let nulls = array.logical_nulls();
        let test = |row| nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row));
        Ok(Arc::new(BooleanArray::from_iter((0..array.len()).map(|r| Some(test(r))))) as ArrayRef)
    })
}

/// Whether both are the same, where NULL is the same as NULL.
fn sameness(call: &Call<'_>) -> Result<BooleanArray> {
    let equal = expand(call, compare_arguments(call, 0, 1, Comparison::Equal)?);
    let null = |index: usize, row: usize| call.value(index, row) == Value::Null;
    let one = |row| match (null(0, row), null(1, row)) {
        (false, false) => equal.value(row),
        (a, b) => a && b,
    };
    Ok((0..call.rows).map(|row| Some(one(row))).collect())
}

fn distinct(call: &Call<'_>) -> Result<Columnar> {
    Ok(boolean::not(&sameness(call)?).map_err(kernel_error)?.into())
}

fn same(call: &Call<'_>) -> Result<Columnar> {
    Ok(sameness(call)?.into())
}

fn null_if(call: &Call<'_>) -> Result<Columnar> {
    let equal = expand(call, compare_arguments(call, 0, 1, Comparison::Equal)?);
    let values = call.arguments[0].clone().into_array(call.rows)?;
    let nulled = arrow::compute::nullif(&values, &equal).map_err(kernel_error)?;
    Ok(Columnar::Array(nulled))
}

fn extreme(call: &Call<'_>, wanted: Comparison) -> Result<Columnar> {
    let better = |best: Value, next: Value| match (&best, &next) {
        (Value::Null, _) | (_, Value::Null) => Value::Null,
        _ if wanted.holds(compare(&next, &best)) => next,
        _ => best,
    };
    let one = |row| (0..call.arguments.len()).map(|i| call.value(i, row)).reduce(better);
    let values: Vec<Value> = (0..call.rows).map(|row| one(row).unwrap_or_default()).collect();
    Ok(Columnar::Array(crate::data::arrow::array_of(call.result, &values)?))
}
