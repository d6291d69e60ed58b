//! `INTERVAL '1 02:03:04' DAY TO SECOND` and its like.

use sqlparser::ast::{
    DataType as AstType, DateTimeField as Field, Expr as Ast, Interval, UnaryOperator,
    Value as AstValue,
};

use super::super::foreign::not_yet;
use super::place_of;
use crate::base::{Error, Result};
use crate::data::Value;
use crate::expr::Expr;

/// The parts of an interval from the largest down, with their sizes: in months, then in milliseconds.
const PARTS: [(&str, i64); 6] = [
    ("YEAR", 12),
    ("MONTH", 1),
    ("DAY", 86_400_000),
    ("HOUR", 3_600_000),
    ("MINUTE", 60_000),
    ("SECOND", 1_000),
];
/// How many digits the first part has, unless told otherwise.
const DIGITS: u32 = 2;
/// How many digits the fraction of a second has.
const FRACTION_DIGITS: usize = 6;
const FIRST_OF_TIME: usize = 2;
const SECOND: usize = 5;

pub(super) fn interval(interval: &Interval) -> Result<Expr> {
    let Interval {
        value,
        leading_field,
        leading_precision,
        last_field,
        fractional_seconds_precision: _,
    } = interval;
    let place = place_of(value);
    let (text, negative) = match text_of(value) {
        Some(found) => found,
        None => return Err(not_yet("INTERVAL (..)", place)),
    };
    let refuse = || Error::new("literal-invalid").arg("found", &text).at(place);
    let leading = leading_field.as_ref().and_then(part).ok_or_else(refuse)?;
    let last = match last_field {
        Some(field) => part(field).ok_or_else(refuse)?,
        None => leading,
    };
    let months = leading < FIRST_OF_TIME;
    if last < leading || (last < FIRST_OF_TIME) != months {
        return Err(refuse());
    }
    let most = leading_precision.and_then(|digits| u32::try_from(digits).ok()).unwrap_or(DIGITS);
    let total = read(&text, leading, last, most).ok_or_else(refuse)?;
    let total = if negative { -total } else { total };
    let value = match months {
        true => Value::IntervalYearMonth(i32::try_from(total).map_err(|_| refuse())?),
        false => Value::IntervalDayTime(total),
    };
    Ok(Expr::constant(value))
}

/// One unit of the interval type that a cast names.
pub(super) fn unit_of(data_type: &AstType) -> Option<Expr> {
    let AstType::Custom(name, _) = data_type else { return None };
    let text = name.to_string();
    let unit = text.strip_prefix("INTERVAL ")?;
    one(PARTS.iter().position(|(part, _)| *part == unit)?)
}

/// Whether a type is an interval of several parts: `INTERVAL DAY TO SECOND`.
pub(super) fn has_parts(data_type: &AstType) -> bool {
    let AstType::Custom(name, _) = data_type else { return false };
    let text = name.to_string();
    text.starts_with("INTERVAL ") && text.contains(" TO ")
}

/// The interval of one such part.
fn one(part: usize) -> Option<Expr> {
    let (_, size) = PARTS[part];
    Some(Expr::constant(match part < FIRST_OF_TIME {
        true => Value::IntervalYearMonth(i32::try_from(size).ok()?),
        false => Value::IntervalDayTime(size),
    }))
}

/// One unit of an interval whose length is a number: `INTERVAL 3 DAY`, `INTERVAL days DAY`.
pub(super) fn unit_counted(interval: &Interval) -> Option<Expr> {
    let unit = interval.leading_field.as_ref().and_then(part)?;
    let counted = interval.last_field.is_none() && text_of(&interval.value).is_none();
    counted.then(|| one(unit)).flatten()
}

/// How many of its unit an interval is that was written with one: what it is as a whole number.
pub(super) fn count_of(interval: &Interval, bound: &Expr) -> Option<i64> {
    let (_, size) = PARTS[interval.leading_field.as_ref().and_then(part)?];
    match bound.as_literal()? {
        _ if interval.last_field.is_some() => None,
        Value::IntervalYearMonth(months) => Some(i64::from(*months) / size),
        Value::IntervalDayTime(millis) => Some(millis / size),
        _ => None,
    }
}

/// The text of the literal, and whether a minus stands before it.
fn text_of(value: &Ast) -> Option<(String, bool)> {
    match value {
        Ast::Value(value) => match &value.value {
            AstValue::SingleQuotedString(text) => Some((text.trim().to_owned(), false)),
            _ => None,
        },
        Ast::UnaryOp { op: UnaryOperator::Minus, expr } => {
            text_of(expr).map(|(text, negative)| (text, !negative))
        }
        _ => None,
    }
}

fn part(field: &Field) -> Option<usize> {
    let name = field.to_string().to_uppercase();
    let singular = name.strip_suffix('S').unwrap_or(&name);
    PARTS.iter().position(|(part, _)| *part == singular)
}

/// The sum of all parts, each with its separator before it: `-` before months, a blank before hours,
/// `:` before minutes and seconds.
///
/// The first part has at most so many digits; the others stay within the part above them.
fn read(text: &str, leading: usize, last: usize, digits: u32) -> Option<i64> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut total: i64 = 0;
    for (n, (name, size)) in PARTS.iter().enumerate().take(last + 1).skip(leading) {
        let end = match n == last {
            true => rest.len(),
            false => rest.find(separator(n + 1))?,
        };
        let amount = match n {
            SECOND => seconds(&rest[..end])?,
            _ => whole(&rest[..end])?.checked_mul(*size)?,
        };
        let bound = match n == leading {
            true => 10_i64.checked_pow(digits)?,
            false => most(name),
        };
        if amount / size >= bound {
            return None;
        }
        total = total.checked_add(amount)?;
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    Some(if negative { -total } else { total })
}

/// How many of a part make one of the part above.
fn most(part: &str) -> i64 {
    match part {
        "MONTH" => 12,
        "HOUR" => 24,
        _ => 60,
    }
}

fn separator(part: usize) -> char {
    match PARTS[part].0 {
        "MONTH" => '-',
        "HOUR" => ' ',
        _ => ':',
    }
}

fn whole(digits: &str) -> Option<i64> {
    let fine = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    fine.then(|| digits.parse().ok())?
}

/// Seconds with a fraction, in milliseconds.
fn seconds(text: &str) -> Option<i64> {
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > FRACTION_DIGITS {
        return None;
    }
    let millis: String = fraction.chars().chain("000".chars()).take(3).collect();
    whole(seconds)?.checked_mul(1_000)?.checked_add(whole(&millis)?)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn intervals_read_as_flinks() {
        const YEAR: usize = 0;
        const MONTH: usize = 1;
        const DAY: usize = 2;
        const MINUTE: usize = 4;
        const SECOND: usize = 5;
        for (text, leading, last, expected) in [
            ("1", SECOND, SECOND, Some(1_000)),
            ("1.5", SECOND, SECOND, Some(1_500)),
            ("10", MINUTE, MINUTE, Some(600_000)),
            ("1 02:03:04.5", DAY, SECOND, Some(93_784_500)),
            ("-1-2", YEAR, MONTH, Some(-14)),
            ("1:02", MINUTE, SECOND, Some(62_000)),
            ("x", DAY, DAY, None),
            ("1", DAY, SECOND, None),
            ("100", DAY, DAY, None),
            ("1:60", MINUTE, SECOND, None),
            ("1-12", YEAR, MONTH, None),
        ] {
            assert_eq!(read(text, leading, last, super::DIGITS), expected, "{text}");
        }
    }
}
