//! OVER in a plan: what windows read is computed below them, and what is made of their results above.
//!
//! Source: `CalcRelSplitter` and `ProjectToWindowRule` of Calcite 1.32.

mod calls;
mod levels;

use super::calc::calc;
use super::convert::{by_key, rel};
use super::physical::{PhysicalKind, PhysicalNode};
use crate::base::{Error, Result, RuntimeMode};
use crate::data::{Field, Schema, TimeAttribute};
use crate::expr::Expr;
use crate::sql::bound::{Bound, Over, OverFunction, OverWindow, SortKey, WindowColumns};

pub(super) use calls::{Parts, root};
use levels::{Built, Levels};

/// The operators for all windows of a node, and the expressions that read them.
pub(super) fn project(
    node: &Over,
    exprs: &[Expr],
    condition: Option<&Expr>,
    schema: &Schema,
    mode: RuntimeMode,
) -> Result<PhysicalNode> {
    let bounded = mode == RuntimeMode::Batch;
    let levels = Levels::of(node, rel(&node.input, mode)?, exprs, condition)?;
    let rows_in = node.input.window_columns();
    let rows_in =
        rows_in.and_then(|rows_in| rows_in.moved(&|c| levels.place(c).into_iter().collect()));
    let Built { mut below, windows, exprs, condition } = levels.built(bounded)?;
    let width = below.schema.len();
    let mut windows = windows.into_iter().enumerate().peekable();
    while let Some((number, first)) = windows.next() {
        let mut group = vec![(number, first)];
        let together = |next: &OverWindow, first: &OverWindow| {
            bounded && next.partition == first.partition && next.order == first.order
        };
        while let Some(next) = windows.next_if(|(_, next)| together(next, &group[0].1)) {
            group.push(next);
        }
        below = aggregate(below, group, rows_in.clone(), bounded);
    }
    let names = names(&exprs, &below.schema, width).filter(|_| condition.is_none());
    let fields = schema.fields().iter().enumerate().map(|(n, field)| match &names {
        Some(names) => Field::new(names[n].clone(), field.data_type.clone()),
        None => field.clone(),
    });
    let schema = Schema::new(fields.collect());
    calc(below, condition, exprs, schema)
}

/// One operator for windows of the same partition and order.
fn aggregate(
    below: PhysicalNode,
    windows: Vec<(usize, OverWindow)>,
    rows_in: Option<WindowColumns>,
    bounded: bool,
) -> PhysicalNode {
    let (partition, order) = (windows[0].1.partition.clone(), windows[0].1.order.clone());
    let results = windows.iter().flat_map(|(number, window)| {
        let named = move |(n, call): (usize, &crate::sql::bound::OverCall)| {
            Field::new(format!("w{number}$o{n}"), call.data_type.clone())
        };
        window.calls.iter().enumerate().map(named)
    });
    let fields = below.schema.fields().iter().cloned().chain(results).collect();
    let sent = below.exchanged(by_key(&partition));
    let input = if bounded { sorted(sent, &partition, order) } else { sent };
    let windows = windows.into_iter().map(|(_, window)| window).collect();
    let kind = PhysicalKind::OverAggregate { windows, rows_in, bounded };
    PhysicalNode::new(kind, vec![input], Schema::new(fields))
}

/// Rows by partition and order; partitions rise, unless the order says otherwise of their columns.
pub(super) fn sorted(
    input: PhysicalNode,
    partition: &[usize],
    order: Vec<SortKey>,
) -> PhysicalNode {
    let key = |column: &usize| {
        let ordered = order.iter().find(|key| key.column == *column).copied();
        ordered.unwrap_or(SortKey { column: *column, descending: false, nulls_first: true })
    };
    let mut keys: Vec<SortKey> = partition.iter().map(key).collect();
    keys.extend(order.iter().filter(|key| !partition.contains(&key.column)));
    if keys.is_empty() {
        return input;
    }
    let schema = input.schema.clone();
    PhysicalNode::new(PhysicalKind::Sort(keys), vec![input], schema)
}

/// The names of columns that a filter passes on in their order, together with all that it reads: Flink's
/// planner has projected to these below it.
pub(super) fn names_below(exprs: &[Expr], read: &[usize], below: &Schema) -> Option<Vec<String>> {
    let columns = exprs.iter().map(Expr::as_column).collect::<Option<Vec<_>>>()?;
    let all_read = read.iter().all(|column| columns.contains(column));
    let in_order = columns.is_sorted_by(|a, b| a < b);
    let names = columns.into_iter().map(|column| below.fields()[column].name.clone());
    (all_read && in_order).then(|| names.collect())
}

/// The names of columns that are only passed on in their order: results have none that a query gives.
fn names(exprs: &[Expr], below: &Schema, width: usize) -> Option<Vec<String>> {
    let columns = exprs.iter().map(Expr::as_column).collect::<Option<Vec<_>>>()?;
    if !columns.is_sorted_by(|a, b| a < b) {
        return None;
    }
    let name = |(n, column): (usize, usize)| match &below.fields()[column].name {
        name if column < width && !name.starts_with('$') => name.clone(),
        _ => format!("${n}"),
    };
    Some(columns.into_iter().enumerate().map(name).collect())
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
    if let PhysicalKind::OverAggregate { windows, .. } = &node.kind {
        windows.iter().try_for_each(|window| check_window(window, node))?;
    }
    node.inputs.iter().try_for_each(|input| check(input, mode))
}

fn check_window(window: &OverWindow, node: &PhysicalNode) -> Result<()> {
    let at = |error: Error| error.at(window.place);
    if let Some(below) = node.inputs.first().and_then(|exchange| exchange.inputs.first())
        && let PhysicalKind::OverAggregate { windows: others, .. } = &below.kind
    {
        let other = others.first().and_then(|other| other.place);
        return Err(Error::new("over-one-window").at(window.place.or(other)));
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
