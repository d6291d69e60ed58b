//! Where a bare NULL may stand: its type has to come from somewhere.

use crate::base::{Error, Result};
use crate::data::LogicalType;
use crate::expr::Expr;

/// The functions and operators that take a bare NULL as an argument.
const TAKE_NULL: [&str; 17] = [
    "=",
    "<>",
    "<",
    "<=",
    ">",
    ">=",
    "ARRAY",
    "BETWEEN",
    "COALESCE",
    "IFNULL",
    "IN",
    "IS DISTINCT FROM",
    "IS NOT DISTINCT FROM",
    "IS NOT NULL",
    "IS NULL",
    "JSON_STRING",
    "TYPEOF",
];

fn is_bare(expr: &Expr) -> bool {
    expr.data_type.logical == LogicalType::Null
}

/// Refuses a bare NULL among the arguments of a call where Flink does.
///
/// # Errors
/// `null-untyped`.
pub(super) fn check(name: &str, arguments: &[Expr]) -> Result<()> {
    let name = name.to_ascii_uppercase();
    let takes = TAKE_NULL.contains(&name.as_str())
        || name.starts_with("ARRAY_")
        || name.starts_with("MAP_")
        || (name == "NULLIF" && !arguments.first().is_some_and(is_bare));
    let needs_one = matches!(name.as_str(), "COALESCE" | "IFNULL" | "ARRAY");
    let legal = match takes {
        true => !needs_one || !arguments.iter().all(is_bare) || arguments.is_empty(),
        false => !arguments.iter().any(is_bare),
    };
    if legal { Ok(()) } else { Err(Error::new("null-untyped")) }
}

/// Refuses a CASE of which no value has a type.
///
/// # Errors
/// `null-untyped`.
pub(super) fn check_branches(branches: &[(Expr, Expr)], otherwise: Option<&Expr>) -> Result<()> {
    let mut values = branches.iter().map(|(_, value)| value).chain(otherwise);
    if values.all(is_bare) { Err(Error::new("null-untyped")) } else { Ok(()) }
}

/// Refuses what would give a column without a type.
///
/// # Errors
/// `null-untyped`.
pub(in crate::sql::bind) fn check_value(expr: &Expr) -> Result<()> {
    if is_bare(expr) { Err(Error::new("null-untyped")) } else { Ok(()) }
}
