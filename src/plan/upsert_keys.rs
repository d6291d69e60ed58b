//! What is known of the rows of a stream that is updated: which columns name a row, and which values
//! only grow. A Top-N asks it, as Flink's `RankProcessStrategy` does.

use super::physical::{PhysicalKind, PhysicalNode};
use super::rank::RankStrategy;
use crate::data::Value;
use crate::expr::Expr;
use crate::sql::bound::SortKey;

/// How the value of a column moves as its row is updated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Monotonicity {
    Constant,
    Increasing,
    Decreasing,
    No,
}

/// How a Top-N over this input keeps its rows.
pub(super) fn strategy(
    input: &PhysicalNode,
    partition: &[usize],
    order: &[SortKey],
) -> RankStrategy {
    if input.changelog.is_insert_only() {
        return RankStrategy::Append;
    }
    let key = upsert_key(input).filter(|key| partition.iter().all(|c| key.contains(c)));
    let (Some(key), Some(moves)) = (key, monotonicity(input)) else { return RankStrategy::Retract };
    let to_the_front = |k: &SortKey| match moves.get(k.column) {
        Some(Monotonicity::Constant) => true,
        Some(Monotonicity::Increasing) => k.descending,
        Some(Monotonicity::Decreasing) => !k.descending,
        _ => false,
    };
    match !order.is_empty() && order.iter().all(to_the_front) {
        true => RankStrategy::UpdateFast(key),
        false => RankStrategy::Retract,
    }
}

/// Columns that name a version of a row: what a table declares, or a query makes.
pub(super) fn primary_key(node: &PhysicalNode) -> Option<Vec<usize>> {
    let input = node.inputs.first();
    match &node.kind {
        PhysicalKind::TableSourceScan { table, projection, .. } => {
            let place = |c: &usize| projection.iter().position(|p| p == c);
            let key: Vec<usize> = table.primary_key.iter().map(place).collect::<Option<_>>()?;
            Some(key).filter(|key| !key.is_empty())
        }
        PhysicalKind::Exchange(_) | PhysicalKind::WatermarkAssigner { .. } => primary_key(input?),
        PhysicalKind::Calc { projection, .. } => {
            let key = primary_key(input?)?;
            let place = |c: &usize| projection.iter().position(|e| e.as_column() == Some(*c));
            key.iter().map(place).collect()
        }
        _ => upsert_key(node),
    }
}

/// Columns that name a row of the input's changes.
pub(super) fn upsert_key(node: &PhysicalNode) -> Option<Vec<usize>> {
    let input = node.inputs.first();
    match &node.kind {
        PhysicalKind::GroupAggregate(grouping) | PhysicalKind::HashAggregate(grouping) => {
            Some((0..grouping.keys.len()).collect())
        }
        PhysicalKind::Exchange(_) | PhysicalKind::OverAggregate { .. } => upsert_key(input?),
        PhysicalKind::Calc { projection, .. } => {
            let key = upsert_key(input?)?;
            let place = |c: &usize| projection.iter().position(|e| e.as_column() == Some(*c));
            key.iter().map(place).collect()
        }
        PhysicalKind::Deduplicate(deduplicate) => Some(deduplicate.key.clone()),
        PhysicalKind::Rank(rank) if rank.range.start == rank.range.end => {
            Some(rank.partition.clone())
        }
        PhysicalKind::Rank(rank) if rank.number => {
            let mut key = rank.partition.clone();
            key.push(node.schema.len() - 1);
            Some(key)
        }
        PhysicalKind::Rank(_) => upsert_key(input?),
        _ => None,
    }
}

/// How each column moves; `None` if nothing is known.
fn monotonicity(node: &PhysicalNode) -> Option<Vec<Monotonicity>> {
    let input = node.inputs.first();
    match &node.kind {
        PhysicalKind::TableSourceScan { .. } => {
            Some(vec![Monotonicity::Constant; node.schema.len()])
        }
        PhysicalKind::Exchange(_) | PhysicalKind::WatermarkAssigner { .. } => monotonicity(input?),
        PhysicalKind::Calc { projection, .. } => {
            let below = monotonicity(input?)?;
            if below.iter().all(|m| *m == Monotonicity::Constant) {
                return Some(vec![Monotonicity::Constant; projection.len()]);
            }
            let one = |e: &Expr| match (e.as_column(), e.as_literal()) {
                (Some(column), _) => below[column],
                (None, Some(_)) => Monotonicity::Constant,
                (None, None) => Monotonicity::No,
            };
            Some(projection.iter().map(one).collect())
        }
        PhysicalKind::GroupAggregate(grouping) => {
            let below = input?;
            let constant = |m: &Monotonicity| *m == Monotonicity::Constant;
            monotonicity(below).filter(|all| all.iter().all(constant))?;
            let call = |call: &crate::sql::bound::AggregateCall| match call.call.function.name {
                "COUNT" | "MAX" => Monotonicity::Increasing,
                "MIN" => Monotonicity::Decreasing,
                "SUM" => match call.call.arguments.first().and_then(Expr::as_column) {
                    Some(column) if is_positive(below, column) => Monotonicity::Increasing,
                    _ => Monotonicity::No,
                },
                _ => Monotonicity::No,
            };
            let keys = std::iter::repeat_n(Monotonicity::Constant, grouping.keys.len());
            Some(keys.chain(grouping.calls.iter().map(call)).collect())
        }
        _ => None,
    }
}

/// Whether a filter below lets only values through that are not below nothing.
fn is_positive(node: &PhysicalNode, column: usize) -> bool {
    let Some(input) = node.inputs.first() else { return false };
    match &node.kind {
        PhysicalKind::Exchange(_) => is_positive(input, column),
        PhysicalKind::Calc { condition, projection } => {
            let Some(column) = projection[column].as_column() else { return false };
            let bounds = condition.iter().flat_map(|c| c.conjuncts());
            bounds.into_iter().any(|part| is_lower_bound(part, column))
                || is_positive(input, column)
        }
        _ => false,
    }
}

fn is_lower_bound(part: &Expr, column: usize) -> bool {
    let (Some(function), [value, bound]) = (part.as_call(), part.operands()) else { return false };
    let not_negative = match bound.as_literal() {
        Some(Value::Int(n)) => *n >= 0,
        Some(Value::BigInt(n)) => *n >= 0,
        Some(Value::Decimal(n, _)) => *n >= 0,
        Some(Value::Double(n)) => *n >= 0.0,
        _ => false,
    };
    value.as_column() == Some(column) && not_negative && [">", ">=", "="].contains(&function.name)
}
