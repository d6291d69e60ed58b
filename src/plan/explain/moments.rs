//! TIMESTAMPADD and TIMESTAMPDIFF: the planner makes sums and differences of them.
//!
//! Source: `TimestampAddConvertlet`, `TimestampDiffConvertlet` of Calcite 1.32's `StandardConvertletTable`.

use super::expression::{Piece, Style, shown};
use super::literal::{self, TypeText};
use crate::data::{LogicalType, Value};
use crate::expr::Expr;

/// How a unit counts: in milliseconds or in months, and how many of these it has.
fn length(unit: &str) -> Option<i64> {
    Some(match unit {
        "SECOND" => 1_000,
        "MINUTE" => 60_000,
        "HOUR" => 3_600_000,
        "DAY" => 86_400_000,
        "WEEK" => 604_800_000,
        "MONTH" => 1,
        "QUARTER" => 3,
        "YEAR" => 12,
        _ => return None,
    })
}

/// `+(moment, *(1000:INTERVAL SECOND, count))`; `None` if the unit is no such.
pub(super) fn add<'a>(
    style: Style,
    unit: &str,
    count: &'a Expr,
    moment: &'a Expr,
) -> Option<Vec<Piece<'a>>> {
    let length = length(unit)?;
    let interval = |length: i64| vec![text(format!("{length}:INTERVAL {unit}"))];
    let number = match shown(count).as_literal() {
        Some(Value::Int(number)) => Some(i64::from(*number)),
        Some(Value::BigInt(number)) => Some(*number),
        _ => None,
    };
    let number = number.filter(|_| !style.is_syntax()).and_then(|n| length.checked_mul(n));
    let added = match number {
        Some(length) => interval(length),
        None => operation(style, "*", interval(length), vec![of(count)]),
    };
    Some(operation(style, "+", vec![of(moment)], added))
}

/// `CAST(/INT(Reinterpret(-(to, from)), 1000)):INTEGER`; `None` if the unit is no such.
pub(super) fn difference<'a>(
    style: Style,
    unit: &str,
    from: &'a Expr,
    to: &'a Expr,
    nullable: bool,
) -> Option<Vec<Piece<'a>>> {
    let beside = |moment: &'a Expr, other: &'a Expr| {
        let (own, other) = (&moment.data_type.logical, &other.data_type.logical);
        vec![Piece::Expr(shown(moment), TypeText::Like(other, own == other))]
    };
    let difference = operation(style, "-", beside(to, from), beside(from, to));
    let reinterpreted = wrapped("Reinterpret(".to_owned(), difference, ")".to_owned());
    // Weeks are counted in seconds, quarters in months.
    let (length, of_whole) = match unit {
        "WEEK" => (1_000, Some(604_800)),
        "QUARTER" => (1, Some(3)),
        unit => (length(unit)?, None),
    };
    let counted = match length {
        1 => reinterpreted,
        length => divided(style, reinterpreted, length),
    };
    let end = match (style.is_syntax(), nullable) {
        (true, true) => "):INTEGER".to_owned(),
        (true, false) => "):INTEGER NOT NULL".to_owned(),
        (false, _) => format!(" AS {})", literal::type_name(&LogicalType::Int, style)),
    };
    let number = wrapped("CAST(".to_owned(), counted, end);
    Some(match of_whole {
        Some(whole) => divided(style, number, whole),
        None => number,
    })
}

fn divided(style: Style, pieces: Vec<Piece<'_>>, by: i64) -> Vec<Piece<'_>> {
    operation(style, "/INT", pieces, vec![text(by.to_string())])
}

/// `(a + b)` or `+(a, b)`.
fn operation<'a>(
    style: Style,
    name: &str,
    left: Vec<Piece<'a>>,
    right: Vec<Piece<'a>>,
) -> Vec<Piece<'a>> {
    let (open, between) = match style {
        Style::Execution => ("(".to_owned(), format!(" {name} ")),
        _ => (format!("{name}("), ", ".to_owned()),
    };
    let inner = left.into_iter().chain([text(between)]).chain(right).collect();
    wrapped(open, inner, ")".to_owned())
}

fn wrapped(open: String, inner: Vec<Piece<'_>>, close: String) -> Vec<Piece<'_>> {
    [text(open)].into_iter().chain(inner).chain([text(close)]).collect()
}

fn of(expr: &Expr) -> Piece<'_> {
    Piece::Expr(shown(expr), TypeText::Optional)
}

fn text<'a>(text: String) -> Piece<'a> {
    Piece::Text(text.into())
}
