//! What is the same for every row is computed once, when the query is planned.

use crate::data::LogicalType;
use crate::expr::{EvalContext, Expr};

/// The expression with its constant parts as literals. What fails, or depends on the session's time
/// zone, is left to run.
pub(crate) fn fold(expr: &Expr) -> Expr {
    expr.transform(&mut |node| {
        let operands = node.operands();
        let foldable = !operands.is_empty()
            && operands.iter().all(|o| o.as_literal().is_some() && !is_instant(o))
            && !is_instant(&node)
            && node.is_constant();
        if !foldable {
            return node;
        }
        match node.evaluate_constant(&EvalContext::default()) {
            Ok(value) => Expr::literal(value, node.data_type.clone()),
            Err(_) => node,
        }
    })
}

fn is_instant(expr: &Expr) -> bool {
    matches!(expr.data_type.logical, LogicalType::TimestampLtz { .. })
}
