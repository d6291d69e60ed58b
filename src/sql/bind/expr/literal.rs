//! Constants: numbers, texts, dates.

use sqlparser::ast::{DataType as AstType, Ident, TypedString, Value as AstValue, ValueWithSpan};

use super::super::foreign::unsupported;
use crate::base::{Error, Result, Span};
use crate::data::{DataType, LogicalType, Value};
use crate::expr::Expr;
use crate::expr::cast::{parse_date, parse_decimal, parse_time, parse_timestamp};
use crate::sql::place;

const MAX_DIGITS: usize = 38;

pub(super) fn value(value: &ValueWithSpan) -> Result<Expr> {
    let span = place::span(value.span);
    match &value.value {
        AstValue::Number(text, _) => number(text, span),
        AstValue::SingleQuotedString(text)
        | AstValue::UnicodeStringLiteral(text)
        | AstValue::NationalStringLiteral(text) => Ok(Expr::constant(Value::from(text.as_str()))),
        AstValue::Boolean(flag) => Ok(Expr::constant(Value::Boolean(*flag))),
        AstValue::Null => Ok(Expr::null(LogicalType::Null)),
        AstValue::HexStringLiteral(hex) => bytes(hex, span),
        other => Err(unsupported(&other.to_string(), span)),
    }
}

/// A number with its sign. Whole numbers are INT or BIGINT, numbers with a point DECIMAL, numbers with an exponent DOUBLE.
pub(super) fn number(text: &str, span: Option<Span>) -> Result<Expr> {
    let refuse = || Error::new("literal-out-of-range").arg("found", text).at(span);
    if text.contains(['e', 'E']) {
        let number: f64 = text.parse().map_err(|_| refuse())?;
        if number.is_infinite() {
            return Err(refuse());
        }
        // There is no zero below zero in what is written: its digits are kept, not its bits.
        return Ok(Expr::constant(Value::Double(number + 0.0)));
    }
    let text = text.strip_suffix('.').unwrap_or(text);
    if !text.contains('.') {
        let number: i64 = text.parse().map_err(|_| refuse())?;
        let value = i32::try_from(number).map_or(Value::BigInt(number), Value::Int);
        return Ok(Expr::constant(value));
    }
    let (unscaled, scale) = parse_decimal(text).ok_or_else(refuse)?;
    // Flink's parser keeps the digits in a BIGINT.
    if i64::try_from(unscaled).is_err() {
        return Err(refuse());
    }
    // A zero before the point counts as a digit, as it is written.
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let precision = u8::try_from(digits.min(MAX_DIGITS)).map_err(|_| refuse())?;
    let logical = LogicalType::Decimal { precision, scale };
    Ok(Expr::literal(Value::Decimal(unscaled, scale), DataType::not_null(logical)))
}

fn bytes(hex: &str, span: Option<Span>) -> Result<Expr> {
    let refuse = || Error::new("literal-invalid").arg("found", hex).at(span);
    let digit = |c: u8| char::from(c).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let pairs = hex.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => Some((digit(*high)? << 4) | digit(*low)?),
        _ => None,
    });
    let bytes: Vec<u8> = pairs.collect::<Option<_>>().ok_or_else(refuse)?;
    let length = u32::try_from(bytes.len()).map_err(|_| refuse())?;
    let data_type = DataType::not_null(LogicalType::Binary(length));
    Ok(Expr::literal(Value::Bytes(bytes.into()), data_type))
}

/// Whether a word before a text says in which characters it is written: `_UTF8'é'`. It changes nothing.
pub(super) fn is_charset(prefix: &Ident) -> bool {
    let known = ["_UTF8", "_UTF16", "_LATIN1"];
    known.iter().any(|charset| prefix.value.eq_ignore_ascii_case(charset))
}

/// `DATE '2024-01-31'`, `TIME '12:00:00'`, `TIMESTAMP '2024-01-31 12:00:00.123'`.
pub(super) fn typed(typed: &TypedString) -> Result<Expr> {
    let TypedString { data_type, value, uses_odbc_syntax } = typed;
    let span = place::span(value.span);
    let text = match &value.value {
        AstValue::SingleQuotedString(text) if !uses_odbc_syntax => text.as_str(),
        other => return Err(unsupported(&other.to_string(), span)),
    };
    let read = match data_type {
        AstType::Date => parse_date(text).map(|days| (Value::Date(days), LogicalType::Date)),
        AstType::Time(..) => {
            let time = full_time(text).and_then(parse_time);
            time.map(|millis| (Value::Time(millis), LogicalType::Time(0)))
        }
        AstType::Timestamp(..) => {
            let logical = LogicalType::timestamp(fraction_digits(text));
            full_timestamp(text)
                .and_then(|text| parse_timestamp(to_nanoseconds(text)))
                .map(|(ms, ns)| (Value::Timestamp(ms, ns), logical))
        }
        other => return Err(unsupported(&format!("{other} '..'"), span)),
    };
    let (value, logical) = read.ok_or_else(|| {
        let error = Error::new("literal-invalid").arg("found", text);
        error.arg("type", data_type).at(span)
    })?;
    Ok(Expr::literal(value, DataType::not_null(logical)))
}

/// A literal has hours, minutes and seconds, and no more of them than there are.
fn full_time(text: &str) -> Option<&str> {
    let clock = text.split('.').next()?;
    let parts: Vec<u32> = clock.split(':').map_while(|part| part.parse().ok()).collect();
    matches!(parts[..], [0..24, 0..60, 0..60]).then_some(text)
}

/// A literal has a date that exists, and a full time or none.
fn full_timestamp(text: &str) -> Option<&str> {
    let (date, time) = text.split_once(' ').unwrap_or((text, "00:00:00"));
    (parse_date(date).is_some() && full_time(time).is_some()).then_some(text)
}

/// What of a moment there are digits for; more may be written.
fn to_nanoseconds(text: &str) -> &str {
    match text.split_once('.') {
        Some((clock, fraction)) if fraction.len() > 9 => {
            text.get(..clock.len() + 10).unwrap_or(text)
        }
        _ => text,
    }
}

/// The precision of a time is what was written of it.
fn fraction_digits(text: &str) -> u8 {
    let digits = text.rsplit_once('.').map_or(0, |(_, fraction)| fraction.len());
    digits.min(9) as u8
}
