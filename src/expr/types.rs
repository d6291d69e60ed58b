//! Which type a call has: families of types, what mixes with what, and the digits of decimals.
//!
//! Source: Calcite's `leastRestrictive` and Flink's `LogicalTypeMerging`, checked against a running
//! Flink (`tests.rs` beside this file).

use std::sync::Arc;

use crate::data::{DataType, LogicalType, TimeAttribute};

/// Digits that a DECIMAL has at most.
pub const MAX_PRECISION: u8 = 38;
/// Fraction digits that a result keeps even if its whole part is cut.
const MIN_SCALE: u8 = 6;

/// Whether arithmetic works on it.
pub fn is_numeric(logical: &LogicalType) -> bool {
    is_approximate(logical) || decimal_digits(logical).is_some()
}

/// FLOAT or DOUBLE.
pub fn is_approximate(logical: &LogicalType) -> bool {
    matches!(logical, LogicalType::Float | LogicalType::Double)
}

/// TINYINT to BIGINT.
pub fn is_integer(logical: &LogicalType) -> bool {
    use LogicalType as L;
    matches!(logical, L::TinyInt | L::SmallInt | L::Int | L::BigInt)
}

/// ARRAY, MAP, MULTISET and ROW: values with others inside.
pub fn is_collection(logical: &LogicalType) -> bool {
    use LogicalType as L;
    matches!(logical, L::Array(_) | L::Map(..) | L::Multiset(_) | L::Row(_))
}

/// CHAR or VARCHAR.
pub fn is_text(logical: &LogicalType) -> bool {
    matches!(logical, LogicalType::Char(_) | LogicalType::Varchar(_))
}

/// BINARY or VARBINARY.
pub fn is_binary(logical: &LogicalType) -> bool {
    matches!(logical, LogicalType::Binary(_) | LogicalType::Varbinary(_))
}

/// DATE, TIME, TIMESTAMP or TIMESTAMP_LTZ.
pub fn is_datetime(logical: &LogicalType) -> bool {
    matches!(logical, LogicalType::Date | LogicalType::Time(_)) || is_timestamp(logical)
}

/// TIMESTAMP or TIMESTAMP_LTZ.
pub fn is_timestamp(logical: &LogicalType) -> bool {
    matches!(logical, LogicalType::Timestamp { .. } | LogicalType::TimestampLtz { .. })
}

/// An interval of either kind.
pub fn is_interval(logical: &LogicalType) -> bool {
    matches!(logical, LogicalType::IntervalDayTime | LogicalType::IntervalYearMonth)
}

/// Precision and scale of an exact number; integers count as the DECIMAL that holds them.
pub fn decimal_digits(logical: &LogicalType) -> Option<(u8, u8)> {
    use LogicalType as L;
    match logical {
        L::TinyInt => Some((3, 0)),
        L::SmallInt => Some((5, 0)),
        L::Int => Some((10, 0)),
        L::BigInt => Some((19, 0)),
        L::Decimal { precision, scale } => Some((*precision, *scale)),
        _ => None,
    }
}

/// A DECIMAL of at most 38 digits: what is too much goes from the fraction, down to six digits.
pub fn adjusted_decimal(precision: u32, scale: u32) -> LogicalType {
    let max = u32::from(MAX_PRECISION);
    if precision <= max {
        return LogicalType::Decimal { precision: precision as u8, scale: scale as u8 };
    }
    let whole = precision - scale;
    let scale = max.saturating_sub(whole).max(scale.min(u32::from(MIN_SCALE)));
    LogicalType::Decimal { precision: MAX_PRECISION, scale: scale as u8 }
}

/// The type that holds the values of all; `None` if they do not mix.
pub fn common_type<'a>(types: impl IntoIterator<Item = &'a DataType>) -> Option<DataType> {
    folded(types, common_logical)
}

/// The type that the planner gives to rows of VALUES, the inputs of a set operation, the branches of CASE
/// and of IF, the elements of ARRAY: moments have the digits of the first of them.
pub fn least_restrictive<'a>(types: impl IntoIterator<Item = &'a DataType>) -> Option<DataType> {
    folded(types, |a, b| {
        let digits = match a {
            LogicalType::Timestamp { precision, .. }
            | LogicalType::TimestampLtz { precision, .. } => Some(*precision),
            _ => None,
        };
        let common = common_logical(a, b)?;
        Some(match (common, digits) {
            (LogicalType::Timestamp { .. }, Some(digits)) => LogicalType::timestamp(digits),
            (LogicalType::TimestampLtz { attribute, .. }, Some(precision)) => {
                LogicalType::TimestampLtz { precision, attribute }
            }
            (common, _) => common,
        })
    })
}

fn folded<'a>(
    types: impl IntoIterator<Item = &'a DataType>,
    common: impl Fn(&LogicalType, &LogicalType) -> Option<LogicalType>,
) -> Option<DataType> {
    let mut types = types.into_iter();
    let first = types.next()?.clone();
    types.try_fold(first, |known, next| {
        let nullable = known.nullable || next.nullable;
        Some(DataType { logical: common(&known.logical, &next.logical)?, nullable })
    })
}

/// As [`common_type`], of two types without their nullability.
pub fn common_logical(a: &LogicalType, b: &LogicalType) -> Option<LogicalType> {
    use LogicalType as L;
    if a == b {
        return Some(a.clone());
    }
    Some(match (a, b) {
        (L::Null, other) | (other, L::Null) => other.clone(),
        (L::Char(a), L::Char(b)) if a == b => L::Char(*a),
        (L::Char(a) | L::Varchar(a), L::Char(b) | L::Varchar(b)) => L::Varchar(*a.max(b)),
        (L::Binary(a) | L::Varbinary(a), L::Binary(b) | L::Varbinary(b)) => L::Varbinary(*a.max(b)),
        (L::Time(a), L::Time(b)) => L::Time(*a.max(b)),
        (L::Timestamp { precision: a, .. }, L::Timestamp { precision: b, .. }) => {
            L::timestamp(*a.max(b))
        }
        (
            L::TimestampLtz { precision: a, .. } | L::Timestamp { precision: a, .. },
            L::TimestampLtz { precision: b, .. } | L::Timestamp { precision: b, .. },
        ) => L::TimestampLtz { precision: *a.max(b), attribute: TimeAttribute::None },
        (L::Array(a), L::Array(b)) => L::Array(common_element(a, b)?),
        (L::Multiset(a), L::Multiset(b)) => L::Multiset(common_element(a, b)?),
        (L::Map(ak, av), L::Map(bk, bv)) => {
            L::Map(common_element(ak, bk)?, common_element(av, bv)?)
        }
        (L::Row(a), L::Row(b)) if a.len() == b.len() => {
            let fields = a.fields().iter().zip(b.fields()).map(|(a, b)| {
                let data_type = common_type([&a.data_type, &b.data_type])?;
                Some(crate::data::Field::new(&a.name, data_type))
            });
            L::Row(crate::data::Schema(fields.collect::<Option<_>>()?))
        }
        _ => common_number(a, b)?,
    })
}

fn common_element(a: &DataType, b: &DataType) -> Option<Arc<DataType>> {
    common_type([a, b]).map(Arc::new)
}

/// The first approximate type wins; a DECIMAL beside one becomes DOUBLE.
pub fn common_number(a: &LogicalType, b: &LogicalType) -> Option<LogicalType> {
    use LogicalType as L;
    match (is_approximate(a), is_approximate(b)) {
        (true, true) => return Some(a.clone()),
        (true, false) => return beside_approximate(a, b),
        (false, true) => return beside_approximate(b, a),
        (false, false) => {}
    }
    let (ap, a_scale) = decimal_digits(a)?;
    let (bp, b_scale) = decimal_digits(b)?;
    if is_integer(a) && is_integer(b) {
        return Some(if ap >= bp { a.clone() } else { b.clone() });
    }
    let scale = a_scale.max(b_scale);
    let whole = (ap - a_scale).max(bp - b_scale);
    let precision = (whole + scale).min(MAX_PRECISION);
    Some(L::Decimal { precision, scale: scale.min(precision) })
}

fn beside_approximate(approximate: &LogicalType, other: &LogicalType) -> Option<LogicalType> {
    match other {
        LogicalType::Decimal { .. } => Some(LogicalType::Double),
        other => is_integer(other).then(|| approximate.clone()),
    }
}
