//! A row number that a filter bounds is a Top-N; of one row by time it is a deduplication.
//!
//! In streams: `WHERE rn <= n` over ROW_NUMBER keeps n rows a partition, so nothing has to be
//! numbered to the end. In a partition of windows the answer comes once, with the window.

use crate::base::{Error, Result, RuntimeMode, Span};
use crate::data::{DataType, LogicalType, Schema, TimeAttribute, Value};
use crate::expr::{Expr, Node as ExprNode, all_of};
use crate::plan::calc::calc;
use crate::plan::convert::by_key;
use crate::plan::over;
use crate::plan::physical::{LimitOf, PhysicalKind, PhysicalNode, no_input};
use crate::plan::rank::{Deduplicate, Rank, RankRange, RankStrategy, WindowRank};
use crate::plan::window::WindowTimes;
use crate::sql::bound::{OverFunction, OverWindow, WindowColumns};

/// Applies the rule to a tree, and checks what is left of OVER.
pub(crate) fn apply(root: PhysicalNode, mode: RuntimeMode) -> Result<PhysicalNode> {
    if mode == RuntimeMode::Batch {
        return of_batch(root);
    }
    let root = rewrite(root)?;
    over::check(&root, mode)?;
    Ok(root)
}

fn rewrite(mut node: PhysicalNode) -> Result<PhysicalNode> {
    node.inputs = node.inputs.into_iter().map(rewrite).collect::<Result<_>>()?;
    let PhysicalKind::Calc { condition: Some(condition), projection } = &node.kind else {
        return Ok(node);
    };
    let Some(numbered) = node.inputs.first().and_then(Numbered::of) else { return Ok(node) };
    let places = match end_column(condition, &numbered) {
        Some((column, rest)) => {
            numbered.refuse_other_functions()?;
            Some((RankRange { start: 1, end: u64::MAX }, Some(column), rest))
        }
        None => match split(condition, numbered.column) {
            Some((bounds, rest)) => Some((numbered.range(bounds)?, None, rest)),
            None => None,
        },
    };
    let Some((range, end_column, rest)) = places else { return Ok(node) };
    let projection = projection.clone();
    let schema = node.schema.clone();
    let input = node.inputs.into_iter().next().ok_or_else(no_input)?;
    ranked(input, (range, end_column), rest, projection, schema)
}

/// In a batch RANK alone is one, of a range that ends.
fn of_batch(mut node: PhysicalNode) -> Result<PhysicalNode> {
    node.inputs = node.inputs.into_iter().map(of_batch).collect::<Result<_>>()?;
    let PhysicalKind::Calc { condition: Some(condition), projection } = &node.kind else {
        return Ok(node);
    };
    let ranks = node.inputs.first().and_then(Numbered::of);
    let Some(numbered) = ranks.filter(|n| n.function == OverFunction::Rank) else {
        return Ok(node);
    };
    let Some((Bounds { start, end: Some(end) }, rest)) = split(condition, numbered.column) else {
        return Ok(node);
    };
    if end < start {
        return Ok(node);
    }
    let range = RankRange { start: start as u64, end: end as u64 };
    let (projection, schema) = (projection.clone(), node.schema.clone());
    let input = node.inputs.into_iter().next().ok_or_else(no_input)?;
    ranked(input, (range, None), rest, projection, schema)
}

/// The first of each subtask, and then of all.
fn in_two_phases(mut over: PhysicalNode, range: RankRange, number: bool) -> Result<PhysicalNode> {
    let PhysicalKind::OverAggregate { windows, .. } = over.kind else { return Err(no_input()) };
    let window = windows.into_iter().next().ok_or_else(no_input)?;
    let mut below = over.inputs.pop().ok_or_else(no_input)?;
    while let PhysicalKind::Sort(_) | PhysicalKind::Exchange(_) = below.kind {
        below = below.inputs.pop().ok_or_else(no_input)?;
    }
    let OverWindow { partition, order, .. } = window;
    let rank = |of: LimitOf, start: u64, number: bool| {
        PhysicalKind::Rank(Rank {
            partition: partition.clone(),
            order: order.clone(),
            range: RankRange { start, ..range },
            end_column: None,
            number,
            strategy: RankStrategy::Append,
            of,
        })
    };
    let schema = below.schema.clone();
    let input = over::sorted(below, &partition, order.clone());
    let local = PhysicalNode::new(rank(LimitOf::Subtask, 1, false), vec![input], schema);
    let sent = over::sorted(local.exchanged(by_key(&partition)), &partition, order.clone());
    let fields = over.schema.fields();
    let fields = if number { fields } else { &fields[..fields.len() - 1] };
    let schema = Schema::new(fields.to_vec());
    Ok(PhysicalNode::new(rank(LimitOf::Subtasks, range.start, number), vec![sent], schema))
}

/// An OVER with one function that numbers rows.
struct Numbered {
    column: usize,
    function: OverFunction,
    place: Option<Span>,
    in_windows: bool,
}

impl Numbered {
    fn of(node: &PhysicalNode) -> Option<Self> {
        let PhysicalKind::OverAggregate { windows, rows_in, .. } = &node.kind else { return None };
        let [window] = windows.as_slice() else { return None };
        let [only] = window.calls.as_slice() else { return None };
        let function = only.function.clone();
        let numbers = matches!(
            function,
            OverFunction::RowNumber | OverFunction::Rank | OverFunction::DenseRank
        );
        let column = node.schema.len() - 1;
        let in_windows = in_windows(window, rows_in.as_ref()).is_some();
        numbers.then_some(Self { column, function, place: window.place, in_windows })
    }

    fn at(&self, error: Error) -> Error {
        error.at(self.place)
    }

    /// # Errors
    /// `rank-function-streaming`, `window-rank-function`.
    fn refuse_other_functions(&self) -> Result<()> {
        if self.function == OverFunction::RowNumber {
            return Ok(());
        }
        let code = match self.in_windows {
            true => "window-rank-function",
            false => "rank-function-streaming",
        };
        Err(self.at(Error::new(code).arg("name", self.function.name())))
    }

    /// # Errors
    /// `rank-range`, `rank-end`, and those of other functions.
    fn range(&self, bounds: Bounds) -> Result<RankRange> {
        self.refuse_other_functions()?;
        let at = |error| self.at(error);
        match bounds.end {
            Some(end) if end >= bounds.start => {
                Ok(RankRange { start: bounds.start as u64, end: end as u64 })
            }
            Some(end) if end <= 0 => Err(at(Error::new("rank-end").arg("found", end))),
            Some(_) => Ok(RankRange { start: 1, end: 0 }),
            None => Err(at(Error::new("rank-range"))),
        }
    }
}

/// The bounds of a row number.
#[derive(Clone, Copy)]
struct Bounds {
    start: i64,
    end: Option<i64>,
}

/// `rn <= n`, where `n` is a column of whole numbers, and what else a condition says; `rn < n` and `rn = n`
/// are taken for the same, as in Flink. `None` if it is something else that is said of the number.
fn end_column(condition: &Expr, numbered: &Numbered) -> Option<(usize, Option<Expr>)> {
    let parts = condition.conjuncts();
    let speaks = |part: &&Expr| part.columns().contains(&numbered.column);
    let (of_number, rest): (Vec<&Expr>, Vec<&Expr>) = parts.into_iter().partition(speaks);
    let [only] = of_number.as_slice() else { return None };
    let [left, right] = only.operands() else { return None };
    let is_number = |e: &Expr| e.as_column() == Some(numbered.column);
    let (names, bound): (&[&str], _) = match (is_number(left), is_number(right)) {
        (true, false) => (&["<=", "<", "="], right),
        (false, true) => (&[">=", ">", "="], left),
        _ => return None,
    };
    let name = names.iter().find(|name| only.is_call(name))?;
    // An INT is compared as it is, unless it is said to be equal.
    let bound = match (&bound.node, bound.operands()) {
        (ExprNode::Cast { implied: true, .. }, [widened]) if *name != "=" => widened,
        _ => bound,
    };
    let whole = matches!(bound.data_type.logical, LogicalType::Int | LogicalType::BigInt);
    let column = bound.as_column().filter(|_| whole && !numbered.in_windows)?;
    Some((column, all_of(rest.into_iter().cloned()).ok()?))
}

/// Takes a condition apart: the bounds of a column, and what else it says; `None` if it says nothing
/// of the column.
fn split(condition: &Expr, column: usize) -> Option<(Bounds, Option<Expr>)> {
    let mut bounds = Bounds { start: 1, end: None };
    let (mut rest, mut found) = (Vec::new(), false);
    for part in condition.conjuncts() {
        match limits(part, column) {
            Some((low, high)) => {
                found = true;
                bounds.start = bounds.start.max(low.unwrap_or(1));
                bounds.end = match (bounds.end, high) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                };
            }
            // What it says of the number together with a column is no bound of a Top-N.
            None if compares_columns(part, column) => return None,
            None => rest.push(part),
        }
    }
    let rest = all_of(rest.into_iter().cloned()).ok()?;
    found.then_some((bounds, rest))
}

/// Whether a part of a condition compares a column with another.
fn compares_columns(part: &Expr, column: usize) -> bool {
    let columns = part.columns();
    part.operands().iter().any(|e| e.as_column() == Some(column)) && columns.len() > 1
}

/// What a comparison says of a column: at least, at most.
fn limits(part: &Expr, column: usize) -> Option<(Option<i64>, Option<i64>)> {
    let name = part.as_call()?.name;
    let is_column = |e: &Expr| e.as_column() == Some(column);
    match (name, part.operands()) {
        ("BETWEEN", [value, low, high]) if is_column(value) => {
            Some((Some(whole(low)?), Some(whole(high)?)))
        }
        (_, [value, bound]) if is_column(value) => compared(name, whole(bound)?),
        (_, [bound, value]) if is_column(value) => {
            let mirrored = match name {
                "<" => ">",
                "<=" => ">=",
                ">" => "<",
                ">=" => "<=",
                other => other,
            };
            compared(mirrored, whole(bound)?)
        }
        _ => None,
    }
}

fn compared(name: &str, bound: i64) -> Option<(Option<i64>, Option<i64>)> {
    match name {
        "=" => Some((Some(bound), Some(bound))),
        "<" => Some((None, Some(bound.saturating_sub(1)))),
        "<=" => Some((None, Some(bound))),
        ">" => Some((Some(bound.saturating_add(1)), None)),
        ">=" => Some((Some(bound), None)),
        _ => None,
    }
}

fn whole(expr: &Expr) -> Option<i64> {
    match expr.as_literal()? {
        Value::Int(n) => Some(i64::from(*n)),
        Value::BigInt(n) => Some(*n),
        _ => None,
    }
}

/// The operator in the place of the OVER, under a Calc with what else was asked.
fn ranked(
    over: PhysicalNode,
    (range, end_column): (RankRange, Option<usize>),
    condition: Option<Expr>,
    projection: Vec<Expr>,
    schema: Schema,
) -> Result<PhysicalNode> {
    let column = over.schema.len() - 1;
    if range.end == 0 {
        let kind = PhysicalKind::Values(Vec::new());
        return Ok(PhysicalNode::new(kind, Vec::new(), schema));
    }
    let is_read = |e: &Expr| e.columns().contains(&column);
    let read = projection.iter().chain(&condition).any(is_read);
    let number = read && range.start != range.end;
    let constant =
        Expr::literal(Value::BigInt(range.start as i64), DataType::not_null(LogicalType::BigInt));
    let known = |e: Expr| match number {
        true => e,
        false => e.transform(&mut |node| match node.as_column() {
            Some(c) if c == column => constant.clone(),
            _ => node,
        }),
    };
    let condition = condition.map(known);
    let projection = projection.into_iter().map(known).collect();
    let fields = over.schema.fields();
    let output = if number { fields } else { &fields[..column] };
    let output = Schema::new(output.to_vec());
    if let PhysicalKind::OverAggregate { bounded: true, .. } = &over.kind {
        return calc(in_two_phases(over, range, number)?, condition, projection, schema);
    }
    let (kind, distribution) = operator(&over, range, end_column, number)?;
    let exchange = over.inputs.into_iter().next().ok_or_else(no_input)?;
    let below = exchange.inputs.into_iter().next().ok_or_else(no_input)?;
    let input = below.exchanged(by_key(&distribution));
    let node = PhysicalNode::new(kind, vec![input], output);
    calc(node, condition, projection, schema)
}

/// The operator and the columns by which its rows are distributed.
fn operator(
    over: &PhysicalNode,
    range: RankRange,
    end_column: Option<usize>,
    number: bool,
) -> Result<(PhysicalKind, Vec<usize>)> {
    let PhysicalKind::OverAggregate { windows, rows_in, .. } = &over.kind else {
        return Err(no_input());
    };
    let window = windows.first().ok_or_else(no_input)?;
    let time = by_time(window, &over.schema);
    let first_only = range == RankRange { start: 1, end: 1 };
    if let Some(windows) = in_windows(window, rows_in.as_ref()) {
        let partition: Vec<usize> =
            window.partition.iter().filter(|c| !windows.has(**c)).copied().collect();
        let windows = WindowTimes::attached(windows).ok_or_else(no_input)?;
        let rank = WindowRank {
            windows,
            partition: partition.clone(),
            order: window.order.clone(),
            range,
            number,
            deduplicates: first_only && time.is_some(),
        };
        return Ok((PhysicalKind::WindowRank(rank), partition));
    }
    let partition = window.partition.clone();
    let kind = match time.filter(|_| first_only) {
        Some(time) => {
            let key = &window.order[0];
            let rowtime = (time == TimeAttribute::Rowtime).then_some(key.column);
            PhysicalKind::Deduplicate(Deduplicate {
                key: partition.clone(),
                rowtime,
                keep_last: key.descending,
            })
        }
        None => PhysicalKind::Rank(Rank {
            partition: partition.clone(),
            order: window.order.clone(),
            range,
            end_column,
            number,
            strategy: RankStrategy::Append,
            of: LimitOf::Rows,
        }),
    };
    Ok((kind, partition))
}

/// The windows that partitions are of.
fn in_windows<'a>(
    window: &OverWindow,
    rows_in: Option<&'a WindowColumns>,
) -> Option<&'a WindowColumns> {
    rows_in.filter(|windows| windows.are_in(&window.partition))
}

/// The attribute of the time that an order is by, and nothing else.
fn by_time(window: &OverWindow, schema: &Schema) -> Option<TimeAttribute> {
    let [key] = window.order.as_slice() else { return None };
    let attribute = schema.fields()[key.column].data_type.logical.time_attribute();
    (attribute != TimeAttribute::None).then_some(attribute)
}
