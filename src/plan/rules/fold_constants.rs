//! What is the same for every row is computed once, when the query is planned.

use crate::data::{LogicalType, Value};
use crate::expr::{EvalContext, Expr, Node};

/// The expression with its constant parts as literals. What fails, or depends on the session's time
/// zone, is left to run.
pub(crate) fn fold(expr: &Expr) -> Expr {
    expr.transform(&mut |node| {
        let operands = node.operands();
        if let Some(truth) = same_operands(&node) {
            return Expr::literal(Value::Boolean(truth), node.data_type.clone());
        }
        let foldable = !operands.is_empty()
            && operands.iter().all(|o| o.as_literal().is_some() && !is_instant(o))
            && !is_instant(&node)
            && node.is_constant();
        if !foldable {
            return node;
        }
        match node.evaluate_constant(&EvalContext::default()) {
            // A cast of a constant is one already.
            Ok(value) if matches!(node.node, Node::Cast { .. }) => {
                Expr::literal(value, node.data_type.clone())
            }
            Ok(value) => {
                let value = written(value, &node.data_type.logical);
                Expr::literal(value, node.data_type.clone())
            }
            Err(_) => node,
        }
    })
}

/// What a comparison of an expression with itself comes to, which the planner knows: NaN or not.
fn same_operands(expr: &Expr) -> Option<bool> {
    let [a, b] = expr.operands() else { return None };
    let truth = match expr.as_call()?.name {
        "=" | "<=" | ">=" => true,
        "<>" | "<" | ">" => false,
        _ => return None,
    };
    (!expr.data_type.nullable && a == b).then_some(truth)
}

/// A computed constant as Flink's planner writes it down: a FLOAT with seven digits, zero without sign, of
/// a text what a CHAR has room for.
fn written(value: Value, logical: &LogicalType) -> Value {
    match value {
        Value::String(text) => match logical {
            LogicalType::Char(length) => {
                Value::String(text.chars().take(*length as usize).collect::<String>().into())
            }
            _ => Value::String(text),
        },
        Value::Float(v) if v.is_finite() => {
            Value::Float(format!("{v:.6e}").parse().unwrap_or(v) + 0.0)
        }
        Value::Double(v) => Value::Double(v + 0.0),
        other => other,
    }
}

fn is_instant(expr: &Expr) -> bool {
    matches!(expr.data_type.logical, LogicalType::TimestampLtz { .. })
}
