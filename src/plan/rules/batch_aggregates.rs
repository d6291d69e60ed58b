//! How an aggregate over a bounded input is computed: by a hash table or over sorted rows, in one phase or
//! in two, whichever is estimated to cost least.
//!
//! As Flink's `BatchPhysicalHashAggRule` and `BatchPhysicalSortAggRule`: a hash table has no place for what
//! has no fixed length, and two phases need functions that can merge their accumulators.

use super::sort_early;
use super::two_phases::behind_keys;
use crate::data::Schema;
use crate::plan::estimate::Estimator;
use crate::plan::phases::{Local, sees_fixed_length};
use crate::plan::physical::{Grouping, PhysicalKind, PhysicalNode, WindowWay};
use crate::sql::bound::{AggregatePhases, Settings, SortKey, WindowKind};

/// The best way of an aggregate whose input is where its keys say, or is sent there.
pub(super) fn choose(node: PhysicalNode, asked: &Settings, estimator: &Estimator) -> PhysicalNode {
    let PhysicalKind::HashAggregate(grouping) = &node.kind else { return node };
    let (mut of_one, mut of_two) = (Vec::new(), Vec::new());
    for sorted in [false, true].into_iter().filter(|sorted| *sorted || sees_fixed_length(grouping))
    {
        of_two.extend(two_phases(&node, grouping, sorted, estimator));
        of_one.push(one_phase(&node, grouping, sorted, estimator));
    }
    let ways = match asked.phases {
        AggregatePhases::One => of_one,
        AggregatePhases::Two if !of_two.is_empty() => of_two,
        _ => of_two.into_iter().chain(of_one).collect(),
    };
    estimator.cheapest(ways).unwrap_or(node)
}

/// The way of windows: by a hash table, if what is accumulated has a place there and a row is in one window.
///
/// As Flink's `BatchPhysicalWindowAggregateRule`, in one phase.
pub(super) fn choose_windows(mut node: PhysicalNode, estimator: &Estimator) -> PhysicalNode {
    let PhysicalKind::GroupWindowAggregate { grouping, window, way } = &mut node.kind else {
        return node;
    };
    if matches!(window.kind, WindowKind::Tumble { .. }) && sees_fixed_length(grouping) {
        *way = WindowWay::Hash;
        return node;
    }
    *way = WindowWay::Sorted;
    let order: Vec<usize> = grouping.keys.iter().copied().chain([window.time]).collect();
    node.inputs = node.inputs.into_iter().map(|i| sorted_by(i, &order, estimator)).collect();
    node
}

fn one_phase(
    node: &PhysicalNode,
    grouping: &Grouping,
    sorted: bool,
    estimator: &Estimator,
) -> PhysicalNode {
    let mut node = node.clone();
    if sorted {
        node.kind = PhysicalKind::SortAggregate(grouping.clone());
        let by_key = |input| sorted_by(input, &grouping.keys, estimator);
        node.inputs = node.inputs.into_iter().map(by_key).collect();
    }
    node
}

/// Both phases, if rows have to be sent to other subtasks between them.
fn two_phases(
    node: &PhysicalNode,
    grouping: &Grouping,
    sorted: bool,
    estimator: &Estimator,
) -> Option<PhysicalNode> {
    let exchange = node.inputs.first()?;
    let PhysicalKind::Exchange(distribution) = &exchange.kind else { return None };
    let input = exchange.inputs.first()?.clone();
    let local = Local::of(grouping, false, false)?.named_for_batch();
    let by_key = |node: PhysicalNode, keys: &[usize]| match sorted {
        true => sorted_by(node, keys, estimator),
        false => node,
    };
    let schema = Schema::new(local.fields(&input.schema));
    let global = local.clone().global(grouping.calls.len());
    let input = by_key(input, &grouping.keys);
    let kind = PhysicalKind::LocalBatchAggregate { local, sorted };
    let local = PhysicalNode::new(kind, vec![input], schema);
    let below = local.exchanged(behind_keys(distribution));
    let input = by_key(below, &global.grouping.keys);
    let kind = PhysicalKind::GlobalBatchAggregate { global, sorted };
    Some(node.replaced(kind, vec![input]))
}

/// Rows in the order of their key, if there is one.
fn sorted_by(node: PhysicalNode, keys: &[usize], estimator: &Estimator) -> PhysicalNode {
    if keys.is_empty() || is_sorted_by(&node, keys) {
        return node;
    }
    let key = |column: &usize| SortKey { column: *column, descending: false, nulls_first: true };
    let schema = node.schema.clone();
    let kind = PhysicalKind::Sort(keys.iter().map(key).collect());
    sort_early::apply(PhysicalNode::new(kind, vec![node], schema), estimator)
}

/// Whether rows are in the order of these columns already.
fn is_sorted_by(node: &PhysicalNode, keys: &[usize]) -> bool {
    let Some(input) = node.inputs.first() else { return false };
    match &node.kind {
        PhysicalKind::Calc { projection, .. } => {
            let below = keys.iter().map(|key| projection.get(*key)?.as_column());
            below.collect::<Option<Vec<_>>>().is_some_and(|keys| is_sorted_by(input, &keys))
        }
        PhysicalKind::OverAggregate { bounded: true, .. } => is_sorted_by(input, keys),
        PhysicalKind::Sort(order) => {
            let same = |(key, sort): (&usize, &SortKey)| {
                sort.column == *key && !sort.descending && sort.nulls_first
            };
            order.len() >= keys.len() && keys.iter().zip(order).all(same)
        }
        _ => false,
    }
}
