//! How a join of bounded inputs finds pairs, and which side it keeps: whichever is estimated to cost least.
//!
//! As Flink's `BatchPhysicalHashJoinRule`, `BatchPhysicalSortMergeJoinRule`,
//! `BatchPhysicalNestedLoopJoinRule` and `BatchPhysicalSingleRowJoinRule`.

use super::keep_distribution::without_exchange;
use crate::plan::estimate::Estimator;
use crate::plan::inputs::Inputs;
use crate::plan::join::{Join, JoinWay};
use crate::plan::phases::{Global, Local};
use crate::plan::physical::{Distribution, Grouping, PhysicalKind, PhysicalNode};
use crate::sql::bound::JoinKind;

/// Up to so many bytes a side is sent to every subtask: `table.optimizer.join.broadcast-threshold`.
const BROADCAST: f64 = 1_048_576.0;
/// A side of a semi join is made distinct if that leaves less than this part of it.
const DISTINCT: f64 = 0.8;

/// The best way of a join whose inputs are where their keys say.
pub(super) fn choose(node: PhysicalNode, estimator: &Estimator) -> PhysicalNode {
    let PhysicalKind::Join(join) = &node.kind else { return node };
    estimator.hold(&node.inputs);
    let [left, right] = node.inputs.as_slice() else { return node };
    let once = match join.kind {
        JoinKind::Semi | JoinKind::Anti => distinct(right, estimator),
        _ => None,
    };
    let inputs = Inputs::from([left.clone(), once.unwrap_or_else(|| right.clone())]);
    estimator.hold(&inputs);
    let [left, right] = inputs.as_slice() else { return node };
    let sizes = [estimator.bytes(left), estimator.bytes(right)];
    let sides = Sides { sizes, inputs: [left.clone(), right.clone()] };
    let ways =
        [sides.hashed(join), sides.merged(join), Some(sides.looped(join)), sides.single(join)];
    let ways = ways.into_iter().flatten().map(|(way, left_is_built, inputs)| {
        let mut join = join.clone();
        (join.way, join.known.left_is_built) = (way, left_is_built);
        node.replaced(PhysicalKind::Join(join), inputs)
    });
    estimator.cheapest(ways).unwrap_or(node)
}

/// How pairs are found, whether the left is kept, and the inputs.
type Chosen = (JoinWay, bool, [PhysicalNode; 2]);

struct Sides {
    inputs: [PhysicalNode; 2],
    sizes: [f64; 2],
}

impl Sides {
    fn hashed(&self, join: &Join) -> Option<Chosen> {
        if join.keys[0].is_empty() {
            return None;
        }
        let [left, right] = self.sizes;
        let (is_small, left_is_built) = match join.kind {
            JoinKind::Left | JoinKind::Semi | JoinKind::Anti => (right <= BROADCAST, false),
            JoinKind::Right => (left <= BROADCAST, true),
            JoinKind::Inner => (left.min(right) <= BROADCAST, left < right),
            JoinKind::Full => (false, false),
        };
        if is_small {
            return Some((JoinWay::BroadcastHash, left_is_built, self.broadcast(left_is_built)));
        }
        let left_is_built = match join.kind {
            JoinKind::Semi | JoinKind::Anti => left <= right,
            _ => left < right,
        };
        Some((JoinWay::Hash, left_is_built, self.inputs.clone()))
    }

    fn merged(&self, join: &Join) -> Option<Chosen> {
        let has_keys = !join.keys[0].is_empty();
        has_keys.then(|| (JoinWay::SortMerge, false, self.inputs.clone()))
    }

    fn looped(&self, join: &Join) -> Chosen {
        let left_is_built = match join.kind {
            JoinKind::Left | JoinKind::Semi | JoinKind::Anti => false,
            JoinKind::Right => true,
            JoinKind::Inner | JoinKind::Full => self.sizes[0] <= self.sizes[1],
        };
        (JoinWay::NestedLoop, left_is_built, self.looked_at(join, left_is_built))
    }

    fn single(&self, join: &Join) -> Option<Chosen> {
        let [left, right] = self.inputs.each_ref().map(is_single_row);
        let fits = match join.kind {
            JoinKind::Inner | JoinKind::Full => left || right,
            JoinKind::Right => left,
            JoinKind::Left | JoinKind::Semi | JoinKind::Anti => right,
        };
        fits.then(|| (JoinWay::SingleRow, left, self.looked_at(join, left)))
    }

    /// One side at every subtask; both at one if rows of both go out without a partner.
    fn looked_at(&self, join: &Join, left_is_built: bool) -> [PhysicalNode; 2] {
        match join.kind {
            JoinKind::Full => {
                let together = |side: PhysicalNode| side.exchanged(Distribution::Single);
                self.unsent().map(together).map(without_exchange)
            }
            _ => self.broadcast(left_is_built),
        }
    }

    fn broadcast(&self, left: bool) -> [PhysicalNode; 2] {
        let [of_left, of_right] = self.unsent();
        match left {
            true => [of_left.exchanged(Distribution::Broadcast), of_right],
            false => [of_left, of_right.exchanged(Distribution::Broadcast)],
        }
    }

    fn unsent(&self) -> [PhysicalNode; 2] {
        self.inputs.clone().map(PhysicalNode::before_exchange)
    }
}

/// Whether it is an aggregate of all rows, perhaps with projections over it.
fn is_single_row(side: &PhysicalNode) -> bool {
    match &side.kind {
        PhysicalKind::Exchange(_) | PhysicalKind::Calc { .. } => {
            side.inputs.iter().all(is_single_row)
        }
        PhysicalKind::HashAggregate(grouping)
        | PhysicalKind::SortAggregate(grouping)
        | PhysicalKind::GlobalBatchAggregate { global: Global { grouping, .. }, .. } => {
            grouping.keys.is_empty()
        }
        _ => false,
    }
}

/// Each row once in each subtask, if there are few different ones.
fn distinct(side: &PhysicalNode, estimator: &Estimator) -> Option<PhysicalNode> {
    let (input, distribution) = match (&side.kind, side.inputs.first()) {
        (PhysicalKind::Exchange(distribution), Some(input)) => (input, Some(distribution)),
        _ => (side, None),
    };
    let keys: Vec<usize> = (0..input.schema.len()).collect();
    estimator.distinct_rows(input, &keys).filter(|part| *part < DISTINCT)?;
    let local = Local::of(&Grouping::new(keys, Vec::new()), false, false)?;
    let kind = PhysicalKind::LocalBatchAggregate { local, sorted: false };
    let once = PhysicalNode::new(kind, vec![input.clone()], input.schema.clone());
    Some(match distribution {
        Some(distribution) => once.exchanged(distribution.clone()),
        None => once,
    })
}
