//! How many rows joins give.
//!
//! Source: `FlinkRelMdRowCount` and `FlinkRelMdUtil` of Flink 1.18, `RelMdUtil.computeSemiJoinSelectivity`
//! of Calcite 1.32.

use super::Estimator;
use super::asked::Asked;
use super::condition::{Comparison, Side, Test};
use super::selectivity::guess;
use crate::expr::Expr;
use crate::plan::join::{Join, Near};
use crate::plan::physical::{PhysicalKind, PhysicalNode};
use crate::sql::bound::{JoinKind, TimeInterval};

impl Estimator {
    pub(super) fn joined(&self, join: &Join, node: &PhysicalNode) -> f64 {
        let [left, right] = node.inputs.as_slice() else { return 0.0 };
        let (of_left, of_right) = (self.rows(left), self.rows(right));
        if let JoinKind::Semi | JoinKind::Anti = join.kind {
            let share = self.share_that_stays(join, left, right);
            return of_left * self.selectivity(left, &Asked::share(share));
        }
        if join.keys[0].is_empty() {
            return of_left * of_right * self.selectivity_of(node, &tests(join, left, right));
        }
        let inner = self.pairs(join, node, left, right);
        match join.kind {
            JoinKind::Left => of_left.max(inner),
            JoinKind::Right => of_right.max(inner),
            JoinKind::Full => of_left.max(inner) + of_right.max(inner) - inner,
            _ => inner,
        }
    }

    /// The pairs of rows with equal keys for which all else holds.
    fn pairs(
        &self,
        join: &Join,
        node: &PhysicalNode,
        left: &PhysicalNode,
        right: &PhysicalNode,
    ) -> f64 {
        let [left_keys, right_keys] = &join.keys;
        let apart = left_keys.iter().zip(right_keys).any(|(l, r)| {
            match (self.interval(left, *l), self.interval(right, *r)) {
                (Some(l), Some(r)) => !l.meets(&r),
                _ => false,
            }
        });
        if apart {
            return 0.0;
        }
        let (of_left, of_right) = (self.rows(left), self.rows(right));
        let rest = rest(join, left, right);
        let of_rest = if rest.is_empty() { 1.0 } else { self.selectivity_of(node, &rest) };
        let distinct = |side, keys| self.distinct(side, keys, &Asked::default());
        if let (Some(l), Some(r)) = (distinct(left, left_keys), distinct(right, right_keys)) {
            return of_left * of_right * (1.0 / l.max(r)).min(1.0) * of_rest;
        }
        match (self.unique(left, left_keys), self.unique(right, right_keys)) {
            (Some(true), Some(true)) => of_left.min(of_right) * of_rest,
            (Some(true), Some(_)) => of_right * of_rest,
            (Some(_), Some(true)) => of_left * of_rest,
            _ => (of_left + of_right) * self.selectivity_of(node, &tests(join, left, right)),
        }
    }

    /// Which part of the left stays in a semi or anti join.
    pub(super) fn share_that_stays(
        &self,
        join: &Join,
        left: &PhysicalNode,
        right: &PhysicalNode,
    ) -> f64 {
        let by_key = match join.keys[0].is_empty() {
            true => 1.0,
            false => self.share_with_key(join, left, right),
        };
        let met = by_key * guess(&rest(join, left, right));
        match join.kind {
            JoinKind::Anti if met == 1.0 => 0.1,
            JoinKind::Anti => 1.0 - met,
            _ => met,
        }
    }

    fn share_with_key(&self, join: &Join, left: &PhysicalNode, right: &PhysicalNode) -> f64 {
        let [left_keys, right_keys] = &join.keys;
        let all = self.population(left, left_keys).or_else(|| self.population(right, right_keys));
        let share = match (self.distinct(right, right_keys, &Asked::default()), all) {
            (Some(distinct), Some(all)) => Some(distinct / all.max(1.0)),
            _ => self.part_of_origin(right),
        };
        share.map_or_else(|| 0.1_f64.powi(right_keys.len() as i32), |share| share.min(1.0))
    }

    /// Which part of the rows that were there at the start is left.
    fn part_of_origin(&self, node: &PhysicalNode) -> Option<f64> {
        let Some(input) = node.inputs.first() else { return Some(1.0) };
        match &node.kind {
            PhysicalKind::Expand(_)
            | PhysicalKind::Rank(_)
            | PhysicalKind::WindowRank(_)
            | PhysicalKind::HashAggregate(_)
            | PhysicalKind::SortAggregate(_)
            | PhysicalKind::LocalBatchAggregate { .. }
            | PhysicalKind::GlobalBatchAggregate { .. } => self.part_of_origin(input),
            PhysicalKind::Join(join) => match join.kind {
                JoinKind::Semi | JoinKind::Anti => self.part_of_origin(input),
                _ => Some(self.part_of_origin(input)? * self.part_of_origin(node.inputs.get(1)?)?),
            },
            PhysicalKind::Union => {
                let (mut now, mut then) = (0.0, 0.0);
                for input in &node.inputs {
                    if let Some(part) = self.part_of_origin(input).filter(|part| *part != 0.0) {
                        now += self.rows(input);
                        then += self.rows(input) / part;
                    }
                }
                Some(if then == 0.0 { 1.0 } else { now / then })
            }
            _ if node.inputs.len() > 1 => None,
            _ => {
                let part = self.rows(node) / self.rows(input) * self.part_of_origin(input)?;
                (0.0..=1.0).contains(&part).then_some(part)
            }
        }
    }
}

/// Columns of pairs, by the side whose columns they are; the left has so many.
pub(super) fn by_side(columns: &[usize], width: usize) -> (Vec<usize>, Vec<usize>) {
    let (left, right): (Vec<usize>, Vec<usize>) = columns.iter().partition(|c| **c < width);
    (left, right.into_iter().map(|c| c - width).collect())
}

/// All that a join asks of a pair.
fn tests(join: &Join, left: &PhysicalNode, right: &PhysicalNode) -> Vec<Test> {
    let width = left.schema.len();
    let pairs = join.keys[0].iter().zip(&join.keys[1]).zip(&join.null_meets_null);
    let equal = pairs.map(|((l, r), nulls)| {
        let sides = || [Side::Column(*l), Side::Column(*r + width)];
        let [a, b] = sides();
        let equal = Test::Compare(Comparison::Equal, a, b);
        match nulls {
            false => equal,
            true => Test::Any(vec![equal, Test::All(sides().map(Test::IsNull).into())]),
        }
    });
    equal.chain(rest(join, left, right)).collect()
}

/// What a join asks besides its keys, and besides bounds between the times of both inputs.
fn rest(join: &Join, left: &PhysicalNode, right: &PhysicalNode) -> Vec<Test> {
    let version = matches!(join.near, Some(Near::Version { .. })).then_some(Test::Other);
    let parts = join.condition.iter().flat_map(|condition| condition.conjuncts());
    let is_bound = |part: &&Expr| match join.near {
        Some(Near::Interval(_)) => TimeInterval::is_bound(part, &left.schema, &right.schema),
        _ => false,
    };
    let asked = parts.filter(|part| !is_bound(part));
    asked.flat_map(Test::all_of).chain(version).collect()
}
