//! Conditions on one column as the planner puts them together: `SEARCH(a, Sarg[1, 2, 3])`.
//!
//! Source: `RexSimplify` and `Sarg` of Calcite 1.32, for whole numbers and text.

use super::expression::{Style, flat, shown, write};
use super::literal::type_name;
use crate::data::{LogicalType, Value};
use crate::expr::Expr;

/// What a column is looked for among.
enum Points<'a> {
    Numbers(Vec<i64>),
    Texts(Vec<&'a str>),
}

/// The search that an OR of equal columns, an IN, a BETWEEN or the NOT of one comes to.
pub(super) fn of(expr: &Expr, style: Style, name: &dyn Fn(usize) -> String) -> Option<String> {
    let (negated, inner) = match (expr.is_call("NOT"), expr.operands()) {
        (true, [inner]) => (true, inner),
        _ => (false, expr),
    };
    if inner.is_call("BETWEEN") {
        return range(inner, negated, style, name);
    }
    let (value, points) = points(inner)?;
    let searched = write(value, style, name);
    Some(match points {
        Points::Numbers(mut numbers) => {
            numbers.sort_unstable();
            numbers.dedup();
            let points = match negated {
                false => numbers.iter().map(i64::to_string).collect::<Vec<_>>(),
                true => holes(&numbers),
            };
            format!("SEARCH({searched}, Sarg[{}])", points.join(", "))
        }
        Points::Texts(mut texts) => {
            texts.sort_unstable();
            texts.dedup();
            texts_in(&searched, &texts, negated, style)
        }
    })
}

/// The column and the constants that it is compared with; `None` unless there are several.
fn points(expr: &Expr) -> Option<(&Expr, Points<'_>)> {
    let pairs: Vec<(&Expr, &Expr)> = match (expr.as_call()?.name, expr.operands()) {
        ("IN", [value, list @ ..]) => list.iter().map(|item| (shown(value), shown(item))).collect(),
        ("OR", _) => {
            let equal = |part: &&Expr| part.is_call("=") && part.operands().len() == 2;
            let parts = flat(expr, "OR");
            if !parts.iter().all(equal) {
                return None;
            }
            parts.into_iter().map(pair).collect()
        }
        _ => return None,
    };
    let (value, _) = *pairs.first()?;
    if pairs.len() < 2 || value.as_literal().is_some() || pairs.iter().any(|(v, _)| *v != value) {
        return None;
    }
    let numbers = pairs.iter().map(|(_, c)| number(value, c)).collect::<Option<Vec<_>>>();
    let points = match numbers {
        Some(numbers) => Points::Numbers(numbers),
        None => Points::Texts(pairs.iter().map(|(_, c)| c.as_text()).collect::<Option<_>>()?),
    };
    Some((value, points))
}

fn pair(equal: &Expr) -> (&Expr, &Expr) {
    (shown(&equal.operands()[0]), shown(&equal.operands()[1]))
}

fn number(value: &Expr, constant: &Expr) -> Option<i64> {
    match (&value.data_type.logical, constant.as_literal()?) {
        (LogicalType::Int, Value::Int(number)) => Some(i64::from(*number)),
        _ => None,
    }
}

/// What lies between the points.
fn holes(points: &[i64]) -> Vec<String> {
    let mut holes = Vec::new();
    let mut from = "(-∞".to_owned();
    for point in points {
        holes.push(format!("{from}..{point})"));
        from = format!("({point}");
    }
    holes.push(format!("{from}..+∞)"));
    holes
}

/// Whether a BETWEEN is a search.
pub(super) fn is_range(between: &Expr) -> bool {
    range(between, false, Style::Execution, &|_| String::new()).is_some()
}

fn range(
    between: &Expr,
    negated: bool,
    style: Style,
    name: &dyn Fn(usize) -> String,
) -> Option<String> {
    let [value, low, high] = between.operands() else { return None };
    let value = shown(value);
    let (low, high) = (number(value, shown(low))?, number(value, shown(high))?);
    let searched = write(value, style, name);
    Some(match negated {
        false => format!("SEARCH({searched}, Sarg[[{low}..{high}]])"),
        true => format!("SEARCH({searched}, Sarg[(-∞..{low}), ({high}..+∞)])"),
    })
}

/// All have the length of the longest, as `VARCHAR` unless they are equally long.
fn texts_in(searched: &str, texts: &[&str], negated: bool, style: Style) -> String {
    let length = |text: &&str| text.chars().count() as u32;
    let longest = texts.iter().map(length).max().unwrap_or_default();
    let logical = match texts.iter().map(length).all(|l| l == longest) {
        true => LogicalType::Char(longest),
        false => LogicalType::Varchar(longest),
    };
    let behind = format!(":{}", type_name(&logical, Style::Physical));
    let of_each = match (style, &logical) {
        (style, _) if !style.is_typed() => "",
        (_, LogicalType::Char(_)) => "",
        _ => &behind,
    };
    let one = |text: &&str| format!("_UTF-16LE'{}'{of_each}", text.replace('\'', "''"));
    let mut points: Vec<String> = texts.iter().map(one).collect();
    if negated {
        let mut from = "(-∞".to_owned();
        let mut holes = Vec::new();
        for point in points {
            holes.push(format!("{from}..{point})"));
            from = format!("({point}");
        }
        holes.push(format!("{from}..+∞)"));
        points = holes;
    }
    let behind = if style.is_typed() { &behind } else { "" };
    format!("SEARCH({searched}, Sarg[{}]{behind})", points.join(", "))
}
