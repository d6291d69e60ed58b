//! OVER in a plan: one operator a window, one above the other.

use super::convert::by_key;
use super::physical::{PhysicalKind, PhysicalNode};
use crate::base::{Error, Result, RuntimeMode};
use crate::data::{Schema, TimeAttribute};
use crate::expr::Expr;
use crate::sql::bound::{Bound, Over, OverFunction, OverWindow, SortKey};

/// The operators for all windows of a node.
pub(super) fn aggregates(
    node: &Over,
    input: PhysicalNode,
    schema: &Schema,
) -> Result<PhysicalNode> {
    let (mut width, rows_in) = (input.schema.len(), node.input.window_columns());
    let over = |below: PhysicalNode, window: &OverWindow| {
        width += window.calls.len();
        let schema = Schema::new(schema.fields()[..width].to_vec());
        // Flink's planner keeps them as a set.
        let mut window = window.clone();
        window.partition.sort_unstable();
        window.partition.dedup();
        let input = below.exchanged(by_key(&window.partition));
        let kind = PhysicalKind::OverAggregate { window, rows_in: rows_in.clone() };
        PhysicalNode::new(kind, vec![input], schema)
    };
    Ok(node.windows.iter().fold(input, over))
}

impl OverWindow {
    /// The columns that it reads.
    pub(crate) fn columns(&self) -> Vec<usize> {
        let mut columns = self.partition.clone();
        columns.extend(self.order.iter().map(|k| k.column));
        for call in &self.calls {
            match &call.function {
                OverFunction::Aggregate(call) => {
                    columns.extend(call.arguments.iter().flat_map(Expr::columns));
                }
                OverFunction::Lag { value, default, .. } => {
                    columns.push(*value);
                    columns.extend(default);
                }
                _ => {}
            }
        }
        columns
    }

    /// The same where columns stand elsewhere.
    pub(crate) fn moved(mut self, place: &impl Fn(usize) -> usize) -> Self {
        self.partition.iter_mut().for_each(|c| *c = place(*c));
        self.order.iter_mut().for_each(|k| *k = SortKey { column: place(k.column), ..*k });
        for call in &mut self.calls {
            match &mut call.function {
                OverFunction::Aggregate(call) => {
                    call.arguments = call.arguments.iter().map(|e| e.map_columns(place)).collect();
                }
                OverFunction::Lag { value, default, .. } => {
                    *value = place(*value);
                    *default = default.map(place);
                }
                _ => {}
            }
        }
        self
    }
}

/// What Flink asks of OVER in a stream; what became a Top-N before is none of its concern.
///
/// # Errors
/// `over-one-window`, `over-order-time`, `over-descending`, `over-following`,
/// `over-function-streaming`, `rank-range`.
pub(super) fn check(node: &PhysicalNode, mode: RuntimeMode) -> Result<()> {
    if mode == RuntimeMode::Batch {
        return Ok(());
    }
    if let PhysicalKind::OverAggregate { window, .. } = &node.kind {
        check_window(window, node)?;
    }
    node.inputs.iter().try_for_each(|input| check(input, mode))
}

fn check_window(window: &OverWindow, node: &PhysicalNode) -> Result<()> {
    let at = |error: Error| error.at(window.place);
    if let Some(below) = node.inputs.first().and_then(|exchange| exchange.inputs.first())
        && let PhysicalKind::OverAggregate { window: other, .. } = &below.kind
    {
        return Err(Error::new("over-one-window").at(window.place.or(other.place)));
    }
    for call in &window.calls {
        let runs = match &call.function {
            OverFunction::Aggregate(_) | OverFunction::RowNumber => true,
            OverFunction::Lag { back, .. } => *back >= 0,
            _ => false,
        };
        if !runs {
            return Err(
                at(Error::new("over-function-streaming").arg("name", call.function.name())),
            );
        }
    }
    let time = |key: &SortKey| node.schema.fields()[key.column].data_type.logical.time_attribute();
    let key = match window.order.as_slice() {
        [key] if time(key) != TimeAttribute::None => key,
        _ => return Err(at(Error::new("over-order-time"))),
    };
    if key.descending {
        return Err(at(Error::new("over-descending")));
    }
    match (&window.frame.start, &window.frame.end) {
        (Bound::UnboundedPreceding | Bound::Preceding(_), Bound::CurrentRow) => Ok(()),
        _ => Err(at(Error::new("over-following"))),
    }
}
