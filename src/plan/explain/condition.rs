//! Conditions as the planner simplifies them: NOT goes inside, and tests that say nothing go.
//!
//! Source: `RexSimplify` of Calcite 1.32, where what is unknown does not pass.

use super::expression::flat;
use super::search::is_search;
use crate::base::Result;
use crate::data::Value;
use crate::expr::{Expr, all_of, call, chained};

/// How deep it goes.
const DEEPEST: u8 = 16;

const OPPOSITES: [(&str, &str); 6] = [
    ("=", "<>"),
    ("<", ">="),
    (">", "<="),
    ("IS NULL", "IS NOT NULL"),
    ("IS TRUE", "IS NOT TRUE"),
    ("IS FALSE", "IS NOT FALSE"),
];

/// A condition that rows pass.
pub(super) fn simplified(condition: &Expr) -> Expr {
    of_all(condition).unwrap_or_else(|_| condition.clone())
}

fn of_all(condition: &Expr) -> Result<Expr> {
    let parts = flat(condition, "AND").into_iter().map(|part| passing(part, DEEPEST));
    let parts = parts.collect::<Result<Vec<_>>>()?;
    let parts: Vec<&Expr> = parts.iter().flat_map(|part| flat(part, "AND")).collect();
    let is_compared = |value: &Expr| {
        let compares = |part: &&Expr| {
            matches!(part.as_call().map(|f| f.name), Some("=" | "<>" | "<" | "<=" | ">" | ">="))
        };
        parts.iter().filter(|part| compares(part)).any(|part| part.operands().contains(value))
    };
    let (mut first, mut not_null, mut not) = (Vec::new(), Vec::new(), Vec::new());
    for part in &parts {
        match part.operands() {
            [value] if part.is_call("IS NOT NULL") => {
                not_null.extend((!is_compared(value)).then_some(*part));
            }
            _ if part.is_call("NOT") && !is_search(part) => not.push(*part),
            _ => first.push(*part),
        }
    }
    let parts = first.into_iter().chain(not_null).chain(not).cloned();
    all_of(parts).map(|all| all.unwrap_or_else(|| condition.clone()))
}

fn passing(expr: &Expr, depth: u8) -> Result<Expr> {
    let Some(depth) = depth.checked_sub(1) else { return Ok(expr.clone()) };
    match (expr.as_call().map(|f| f.name), expr.operands()) {
        (Some("NOT"), [inner]) if !is_search(expr) => negated(inner, depth),
        (Some("IS TRUE"), [inner]) => passing(inner, depth),
        (Some("IS FALSE"), [inner]) => negated(inner, depth),
        (Some("="), [value, truth] | [truth, value])
            if truth.as_literal() == Some(&Value::Boolean(true)) =>
        {
            passing(value, depth)
        }
        (Some("="), [value, truth] | [truth, value])
            if truth.as_literal() == Some(&Value::Boolean(false)) =>
        {
            negated(value, depth)
        }
        (Some("OR"), _) if !is_search(expr) => {
            let parts = flat(expr, "OR").into_iter().map(|part| passing(part, depth));
            Ok(chained("OR", parts)?.unwrap_or_else(|| expr.clone()))
        }
        _ => Ok(expr.clone()),
    }
}

fn negated(expr: &Expr, depth: u8) -> Result<Expr> {
    let not = || call("NOT", vec![expr.clone()]);
    let (Some(depth), Some(function)) = (depth.checked_sub(1), expr.as_call()) else {
        return not();
    };
    let opposite = OPPOSITES.iter().find_map(|(a, b)| match function.name {
        name if name == *a => Some(*b),
        name if name == *b => Some(*a),
        _ => None,
    });
    match (function.name, expr.operands()) {
        _ if is_search(expr) => not(),
        ("NOT", [inner]) => passing(inner, depth),
        ("AND" | "OR", _) => {
            let other = if function.name == "AND" { "OR" } else { "AND" };
            let parts = flat(expr, function.name).into_iter().map(|part| negated(part, depth));
            chained(other, parts)?.map_or_else(not, Ok)
        }
        (_, operands) => match opposite {
            Some(name) => call(name, operands.to_vec()),
            None => not(),
        },
    }
}
