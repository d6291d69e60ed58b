//! Whether a condition bounds how far the event times of two inputs are apart.

use crate::data::{LogicalType, Schema, TimeAttribute, Value};
use crate::expr::{EvalContext, Expr, Node};

/// Bounds of the time of the left minus that of the right, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeInterval {
    /// The columns of event time in the left and in the right.
    pub times: [usize; 2],
    /// The least difference.
    pub lower: i64,
    /// The greatest difference.
    pub upper: i64,
}

/// A time column and what is added to it.
struct Moment {
    column: usize,
    added: i64,
}

impl TimeInterval {
    /// The bounds that a condition over the columns of both inputs gives, if it gives both.
    pub fn of(condition: &Expr, left: &Schema, right: &Schema) -> Option<Self> {
        let mut found: Option<([usize; 2], Option<i64>, Option<i64>)> = None;
        for (name, a, b) in condition.conjuncts().into_iter().flat_map(comparisons) {
            let Some((times, difference, turned)) = difference(a, b, left, right) else { continue };
            let (before, mut lower, mut upper) = found.unwrap_or((times, None, None));
            if before != times {
                return None;
            }
            let (at_least, at_most) = bounds(name, difference, turned);
            lower = at_least.max(lower);
            upper = match (at_most, upper) {
                (Some(new), Some(old)) => Some(new.min(old)),
                (new, old) => new.or(old),
            };
            found = Some((times, lower, upper));
        }
        let (times, lower, upper) = found?;
        Some(Self { times, lower: lower?, upper: upper? })
    }

    /// Whether a part of a condition is one of the bounds.
    pub fn is_bound(part: &Expr, left: &Schema, right: &Schema) -> bool {
        comparisons(part).into_iter().any(|(_, a, b)| difference(a, b, left, right).is_some())
    }
}

/// The comparisons that a condition makes; BETWEEN makes two.
fn comparisons(part: &Expr) -> Vec<(&'static str, &Expr, &Expr)> {
    match (part.as_call().map(|f| f.name), part.operands()) {
        (Some("BETWEEN"), [value, low, high]) => vec![(">=", value, low), ("<=", value, high)],
        (Some(name @ ("<" | "<=" | ">" | ">=" | "=")), [a, b]) => vec![(name, a, b)],
        _ => Vec::new(),
    }
}

/// What `left - right` is compared with, and whether the right stands first.
fn difference(
    a: &Expr,
    b: &Expr,
    left: &Schema,
    right: &Schema,
) -> Option<([usize; 2], i64, bool)> {
    let (a, b) = (moment(a, left, right)?, moment(b, left, right)?);
    let width = left.len();
    match (a.column < width, b.column < width) {
        (true, false) => Some(([a.column, b.column - width], b.added - a.added, false)),
        (false, true) => Some(([b.column, a.column - width], a.added - b.added, true)),
        _ => None,
    }
}

/// The bounds of `left - right` of a comparison with a difference.
fn bounds(name: &str, difference: i64, turned: bool) -> (Option<i64>, Option<i64>) {
    let name = match (name, turned) {
        ("<", true) => ">",
        ("<=", true) => ">=",
        (">", true) => "<",
        (">=", true) => "<=",
        (name, _) => name,
    };
    match name {
        "<" => (None, Some(difference - 1)),
        "<=" => (None, Some(difference)),
        ">" => (Some(difference + 1), None),
        ">=" => (Some(difference), None),
        _ => (Some(difference), Some(difference)),
    }
}

fn moment(expr: &Expr, left: &Schema, right: &Schema) -> Option<Moment> {
    if let Some(column) = expr.as_column() {
        let field = match column.checked_sub(left.len()) {
            None => left.fields().get(column),
            Some(of_right) => right.fields().get(of_right),
        };
        let attribute = field?.data_type.logical.time_attribute();
        return (attribute == TimeAttribute::Rowtime).then_some(Moment { column, added: 0 });
    }
    if let (Node::Cast { .. }, LogicalType::Timestamp { .. }) =
        (&expr.node, &expr.data_type.logical)
    {
        return moment(expr.operands().first()?, left, right);
    }
    let sign = match expr.as_call()?.name {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let [time, by] = expr.operands() else { return None };
    if by.data_type.logical != LogicalType::IntervalDayTime || !by.is_constant() {
        return None;
    }
    let Ok(Value::IntervalDayTime(by)) = by.evaluate_constant(&EvalContext::default()) else {
        return None;
    };
    let moment = moment(time, left, right)?;
    Some(Moment { added: moment.added + sign * by, ..moment })
}
