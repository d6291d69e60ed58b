//! Conditions that are not true where columns are NULL. Over an outer join such a condition leaves out the
//! rows without a partner.
//!
//! Source: `RelOptUtil.simplifyJoin` and `Strong` of Calcite 1.32, with its list of functions that are NULL
//! where an argument is. A column that is compared with several constants is a SEARCH there, of which Calcite
//! knows nothing.

use crate::data::Value;
use crate::expr::Expr;
use crate::plan::rules::fold_constants::fold;

/// Functions that are NULL where one of their arguments is.
const STRICT: [&str; 18] = [
    "=",
    "<>",
    "<",
    "<=",
    ">",
    ">=",
    "+",
    "-",
    "*",
    "/",
    "%",
    "MOD",
    "LIKE",
    "SIMILAR TO",
    "CAST",
    "CEIL",
    "FLOOR",
    "EXTRACT",
];

/// Comparisons are the first of them.
const COMPARISONS: usize = 6;

/// Whether conditions are never all true where these columns are NULL.
pub(super) fn rejects_null(conditions: &[Expr], is_null: &impl Fn(usize) -> bool) -> bool {
    let folded: Vec<Expr> = conditions.iter().map(fold).collect();
    folded.iter().any(|part| !is_searched(part, &folded) && is_not_true(part, is_null))
}

/// Whether another condition compares the same with a constant.
fn is_searched(part: &Expr, all: &[Expr]) -> bool {
    let Some(value) = compared(part) else { return false };
    all.iter().filter(|other| compared(other) == Some(value)).count() > 1
}

/// What is compared with a constant.
fn compared(part: &Expr) -> Option<&Expr> {
    let [value, constant] = part.operands() else { return None };
    let is_comparison = part.as_call().is_some_and(|f| STRICT[..COMPARISONS].contains(&f.name));
    (is_comparison && constant.as_literal().is_some()).then_some(value)
}

/// Whether a condition is never true where these columns are NULL.
fn is_not_true(condition: &Expr, is_null: &impl Fn(usize) -> bool) -> bool {
    let operands = condition.operands();
    match condition.as_call().map(|function| function.name) {
        Some("IS NOT NULL") => operands.iter().all(|operand| null(operand, is_null)),
        Some("AND") => operands.iter().any(|operand| is_not_true(operand, is_null)),
        Some("OR") => operands.iter().all(|operand| is_not_true(operand, is_null)),
        _ => null(condition, is_null),
    }
}

/// Whether an expression is NULL where these columns are.
fn null(expr: &Expr, is_null: &impl Fn(usize) -> bool) -> bool {
    if let Some(column) = expr.as_column() {
        return is_null(column);
    }
    if let Some(value) = expr.as_literal() {
        return *value == Value::Null;
    }
    let operands = expr.operands();
    match expr.as_call().map(|function| function.name) {
        Some("NOT") => operands.iter().all(|operand| null(operand, is_null)),
        Some("AND" | "OR") => operands.iter().all(|operand| null(operand, is_null)),
        Some(name) if STRICT.contains(&name) => {
            operands.iter().any(|operand| null(operand, is_null))
        }
        None if expr.is_cast() => operands.iter().any(|operand| null(operand, is_null)),
        _ => false,
    }
}
