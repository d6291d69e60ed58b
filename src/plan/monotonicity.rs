//! How the values of a stream move as its rows are updated, and what a Top-N makes of it.

use super::keys::upsert_keys_by;
use super::physical::{PhysicalKind, PhysicalNode};
use super::rank::RankStrategy;
use crate::data::Value;
use crate::expr::Expr;
use crate::expr::aggregate::AggregateCall;
use crate::sql::bound::SortKey;

/// How the value of a column moves as its row is updated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Monotonicity {
    /// It stays.
    Constant,
    /// It grows.
    Increasing,
    /// It shrinks.
    Decreasing,
    /// Nothing is known.
    No,
}

/// How a Top-N over this input keeps its rows.
///
/// Source: `RankProcessStrategy` of Flink 1.18.
pub(super) fn strategy(
    input: &PhysicalNode,
    partition: &[usize],
    order: &[SortKey],
) -> RankStrategy {
    if input.changelog.is_insert_only() {
        return RankStrategy::Append;
    }
    let mut keys = upsert_keys_by(input, partition).into_iter();
    let key = keys.find(|key| partition.iter().all(|c| key.contains(c)));
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

/// How each column moves; `None` if nothing is known.
///
/// Source: `FlinkRelMdModifiedMonotonicity` of Flink 1.18.
pub(super) fn monotonicity(node: &PhysicalNode) -> Option<Vec<Monotonicity>> {
    use Monotonicity::{Constant, Decreasing, Increasing, No};
    let input = node.inputs.first();
    let are_constant = |moves: &[Monotonicity], columns: &[usize]| {
        columns.iter().all(|column| moves[*column] == Constant)
    };
    match &node.kind {
        PhysicalKind::TableSourceScan { .. } => {
            node.changelog.is_insert_only().then(|| vec![Constant; node.schema.len()])
        }
        PhysicalKind::Exchange(_)
        | PhysicalKind::WatermarkAssigner { .. }
        | PhysicalKind::MiniBatchAssigner { .. } => monotonicity(input?),
        PhysicalKind::Calc { projection, .. } => {
            let below = monotonicity(input?)?;
            if below.iter().all(|m| *m == Constant) {
                return Some(vec![Constant; projection.len()]);
            }
            let one = |e: &Expr| match (e.as_column(), e.as_literal()) {
                (Some(column), _) => below[column],
                (None, Some(_)) => Constant,
                (None, None) => No,
            };
            Some(projection.iter().map(one).collect())
        }
        PhysicalKind::GroupAggregate(grouping) => {
            let below = monotonicity(input?)?;
            if !are_constant(&below, &grouping.keys) {
                return None;
            }
            let keys = std::iter::repeat_n(Constant, grouping.keys.len());
            let input = input?;
            let calls = grouping.calls.iter().map(|call| of_call(&call.call, input, &below));
            Some(keys.chain(calls).collect())
        }
        PhysicalKind::Rank(rank) => {
            let below = monotonicity(input?)?;
            if !are_constant(&below, &rank.partition) {
                return None;
            }
            let mut moves = vec![No; node.schema.len()];
            rank.partition.iter().for_each(|column| moves[*column] = Constant);
            if let Some(first) = rank.order.first() {
                moves[first.column] = if first.descending { Increasing } else { Decreasing };
            }
            Some(moves)
        }
        PhysicalKind::Join(join) if join.near.is_none() => {
            let [left, right] = node.inputs.as_slice() else { return None };
            let (left, right) = (monotonicity(left)?, monotonicity(right)?);
            let constant =
                are_constant(&left, &join.keys[0]) && are_constant(&right, &join.keys[1]);
            let both: Vec<Monotonicity> = left.into_iter().chain(right).collect();
            constant.then(|| both[..node.schema.len()].to_vec())
        }
        PhysicalKind::Union => {
            let inputs = node.inputs.iter().map(monotonicity).collect::<Option<Vec<_>>>()?;
            let (first, others) = inputs.split_first()?;
            let same = |(column, moves): (usize, &Monotonicity)| {
                let all = others.iter().all(|other| other[column] == *moves);
                if all { *moves } else { No }
            };
            Some(first.iter().enumerate().map(same).collect())
        }
        _ => None,
    }
}

/// How the result of a call moves over rows whose columns move so.
pub(super) fn of_call(
    call: &AggregateCall,
    input: &PhysicalNode,
    moves: &[Monotonicity],
) -> Monotonicity {
    use Monotonicity::{Constant, Decreasing, Increasing, No};
    let argument = call.arguments.first().and_then(Expr::as_column);
    let own = match call.function.name {
        "COUNT" | "MAX" => Increasing,
        "MIN" => Decreasing,
        "SUM" if argument.is_some_and(|column| is_positive(input, column)) => Increasing,
        _ => return No,
    };
    let follows = argument.is_some_and(|column| moves[column] == own);
    if follows || moves.iter().all(|m| *m == Constant) { own } else { No }
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
