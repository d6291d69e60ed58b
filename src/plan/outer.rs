//! Outer joins under a filter that no row without a partner passes: they are inner ones.
//!
//! Source: `RelOptUtil.simplifyJoin` and `Strong` of Calcite 1.32. A column that is compared with several
//! constants is a SEARCH there, of which Calcite knows nothing.

use super::rules::fold_constants::fold;
use crate::data::Value;
use crate::expr::{Expr, Node};
use crate::sql::bound::JoinKind;

/// What gives NULL if an operand is NULL.
const STRICT: [&str; 12] = ["=", "<>", "<", "<=", ">", ">=", "LIKE", "+", "-", "*", "/", "%"];

/// The kind of a join whose left has so many columns, under a filter.
pub(super) fn simplified(kind: JoinKind, filter: &Expr, left: usize) -> JoinKind {
    let filter = fold(filter);
    let parts = filter.conjuncts();
    let asks = |of_left: bool| {
        let is_null = |column: usize| (column < left) == of_left;
        parts.iter().any(|part| !is_searched(part, &parts) && is_not_true(part, &is_null))
    };
    match kind {
        JoinKind::Left if asks(false) => JoinKind::Inner,
        JoinKind::Right if asks(true) => JoinKind::Inner,
        JoinKind::Full => match (asks(true), asks(false)) {
            (true, true) => JoinKind::Inner,
            (true, false) => JoinKind::Left,
            (false, true) => JoinKind::Right,
            (false, false) => JoinKind::Full,
        },
        kind => kind,
    }
}

/// Whether another part compares the same with a constant.
fn is_searched(part: &Expr, parts: &[&Expr]) -> bool {
    let Some(value) = compared(part) else { return false };
    parts.iter().filter(|other| compared(other) == Some(value)).count() > 1
}

/// What is compared with a constant.
fn compared(part: &Expr) -> Option<&Expr> {
    let [value, constant] = part.operands() else { return None };
    let is_comparison = part.as_call().is_some_and(|f| STRICT[..6].contains(&f.name));
    (is_comparison && constant.as_literal().is_some()).then_some(value)
}

/// Whether a condition is false or NULL if these columns are NULL.
fn is_not_true(condition: &Expr, columns: &impl Fn(usize) -> bool) -> bool {
    match condition.operands() {
        [value] if condition.is_call("IS NOT NULL") => is_null(value, columns),
        _ => is_null(condition, columns),
    }
}

/// Whether an expression is NULL if these columns are.
fn is_null(expr: &Expr, columns: &impl Fn(usize) -> bool) -> bool {
    let any = || expr.operands().iter().any(|operand| is_null(operand, columns));
    match &expr.node {
        Node::Column(column) => columns(*column),
        Node::Literal(value) => *value == Value::Null,
        Node::Cast { .. } => any(),
        Node::Call(function) => STRICT.contains(&function.name) && any(),
        Node::Case => false,
    }
}
