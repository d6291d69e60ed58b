//! What is the same for every row is computed once, when the query is planned.

use crate::data::{LogicalType, Value};
use crate::expr::types::is_numeric;
use crate::expr::{EvalContext, Expr, Node, call, chained};

/// The expression with its constant parts as literals. What fails, or depends on the session's time
/// zone, is left to run.
pub(crate) fn fold(expr: &Expr) -> Expr {
    expr.transform(&mut fold_node)
}

/// [`fold`] of a node whose operands are folded.
pub(crate) fn fold_node(node: Expr) -> Expr {
    let operands = node.operands();
    if node.as_literal().is_some() {
        return node;
    }
    if let Some(simpler) = without_not(&node).or_else(|| without_null(&node)) {
        return simpler;
    }
    if let Some(truth) = same_operands(&node) {
        return Expr::literal(Value::Boolean(truth), node.data_type.clone());
    }
    let foldable = !operands.is_empty()
        && operands.iter().all(|o| o.as_literal().is_some() && !is_instant(o))
        && !is_instant(&node)
        && !is_collection(&node)
        && node.is_constant();
    if !foldable {
        return node;
    }
    match node.evaluate_constant(&EvalContext::default()) {
        Ok(value) if matches!(node.node, Node::Cast { implied: true, .. }) => {
            let written = operands[0].as_written().clone();
            Expr::new(Node::Literal(value), node.data_type.clone(), vec![written])
        }
        // A number that is cast is a constant already.
        Ok(value) if is_plain_cast(&node) => Expr::literal(value, node.data_type.clone()),
        Ok(value) => {
            let value = written(value, &node.data_type.logical);
            Expr::literal(value, node.data_type.clone())
        }
        Err(_) => node,
    }
}

/// The comparison that says what the NOT of another says.
fn without_not(expr: &Expr) -> Option<Expr> {
    let [inner] = expr.operands() else { return None };
    let opposite = match (expr.as_call()?.name, inner.as_call()?.name) {
        ("NOT", "=") => "<>",
        ("NOT", "<>") => "=",
        ("NOT", "<") => ">=",
        ("NOT", ">=") => "<",
        ("NOT", ">") => "<=",
        ("NOT", "<=") => ">",
        _ => return None,
    };
    call(opposite, inner.operands().to_vec()).ok()
}

/// A comparison is NULL if an operand is.
fn without_null(expr: &Expr) -> Option<Expr> {
    let [inner] = expr.operands() else { return None };
    let compares = matches!(inner.as_call()?.name, "=" | "<>" | "<" | ">=" | ">" | "<=");
    if !expr.is_call("IS NULL") || !compares {
        return None;
    }
    let may_be = inner.operands().iter().filter(|o| o.data_type.nullable);
    let nulls = may_be.map(|o| call("IS NULL", vec![o.clone()]));
    chained("OR", nulls).ok()?
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

fn is_plain_cast(expr: &Expr) -> bool {
    matches!(expr.node, Node::Cast { safe: false, .. })
        && expr.operands().iter().all(|o| is_numeric(&o.data_type.logical))
}

/// Flink's `ExpressionReducer` leaves what puts values together as it is.
fn is_collection(expr: &Expr) -> bool {
    use LogicalType as L;
    matches!(expr.data_type.logical, L::Array(_) | L::Map(..) | L::Multiset(_) | L::Row(_))
}

fn is_instant(expr: &Expr) -> bool {
    matches!(expr.data_type.logical, LogicalType::TimestampLtz { .. })
}
