//! How many rows operators give.
//!
//! Source: `FlinkRelMdRowCount` of Flink 1.18.

use super::asked::Asked;
use super::{Estimator, ROWS, at_least_one, place_of};
use crate::plan::physical::{PhysicalKind, PhysicalNode, UNLIMITED};
use crate::plan::rank::{Rank, RankRange, WindowRank};
use crate::sql::bound::WindowKind;

/// The rows that one of the first phases of an aggregate is taken to work on.
const ROWS_OF_FIRST_PHASE: f64 = 1e6;

/// Where an aggregate over a bounded input stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Only,
    First,
    Second,
}

impl Estimator {
    /// The rows of an operator.
    pub fn rows(&self, node: &PhysicalNode) -> f64 {
        let count = || {
            self.counted.borrow_mut().push(place_of(node));
            let rows = at_least_one(self.row_count(node));
            self.counted.borrow_mut().pop();
            rows
        };
        self.once(node, |known| &mut known.rows, count)
    }

    fn row_count(&self, node: &PhysicalNode) -> f64 {
        let Some(input) = node.inputs.first() else {
            return match &node.kind {
                PhysicalKind::TableSourceScan { limit, rows, .. } => {
                    let all = rows.map_or(ROWS, |rows| rows as f64);
                    limit.map_or(all, |limit| all.min(limit as f64))
                }
                PhysicalKind::Values(rows) => rows.len() as f64,
                _ => 0.0,
            };
        };
        let read = self.rows(input);
        match &node.kind {
            PhysicalKind::Calc { condition, .. } => {
                read * self.selectivity(input, &Asked::of(condition.as_ref()))
            }
            PhysicalKind::Expand(projects) => read * projects.len() as f64,
            PhysicalKind::HashAggregate(grouping) | PhysicalKind::SortAggregate(grouping) => {
                self.groups(input, &grouping.keys, Phase::Only)
            }
            PhysicalKind::LocalBatchAggregate { local, .. } => {
                self.groups(input, &local.grouping.keys, Phase::First)
            }
            PhysicalKind::GlobalBatchAggregate { global, .. } => {
                self.groups(input, &global.grouping.keys, Phase::Second)
            }
            PhysicalKind::Limit { offset, fetch, .. }
            | PhysicalKind::SortLimit { offset, fetch, .. } => limited(read, *offset, *fetch),
            PhysicalKind::Rank(Rank { partition, range, .. })
            | PhysicalKind::WindowRank(WindowRank { partition, range, .. }) => {
                self.ranked(input, partition, *range)
            }
            PhysicalKind::Join(join) => self.joined(join, node),
            PhysicalKind::WindowJoin(join) => self.joined(&join.join, node),
            PhysicalKind::WindowTableFunction(assigner) => read * windows(assigner.kind),
            PhysicalKind::Union => node.inputs.iter().map(|input| self.rows(input)).sum(),
            _ => read,
        }
    }

    /// The groups of an aggregate over a bounded input.
    fn groups(&self, input: &PhysicalNode, keys: &[usize], phase: Phase) -> f64 {
        let read = self.rows(input);
        let distinct = match keys {
            [] => Some(1.0),
            keys => self.distinct(input, keys, &Asked::default()),
        };
        let groups = match distinct {
            _ if keys.is_empty() => 1.0,
            Some(distinct) => distinct.min(read),
            None if phase == Phase::Second => read,
            None => read * (1.0 - (-0.1 * places_of_keys(keys)).exp()),
        };
        let workers = (read / ROWS_OF_FIRST_PHASE + 1.0).trunc();
        match (phase, distinct) {
            (Phase::Only | Phase::Second, _) | (_, None) => groups,
            _ if workers <= 1.0 => groups,
            _ if keys.is_empty() => workers,
            _ => {
                let seen = 1.0 - (1.0 - 1.0 / workers).powf(read / groups);
                (seen * groups * workers).min(read)
            }
        }
    }

    fn ranked(&self, input: &PhysicalNode, partition: &[usize], range: RankRange) -> f64 {
        let of_each = places(range);
        if partition.is_empty() {
            return of_each;
        }
        let read = self.rows(input);
        match self.distinct(input, partition, &Asked::default()) {
            Some(groups) => (groups * of_each).min(read),
            None => read * 0.1,
        }
    }
}

/// Flink counts columns up to the last one of the key.
fn places_of_keys(keys: &[usize]) -> f64 {
    keys.iter().max().map_or(0.0, |last| *last as f64 + 1.0)
}

/// Whether an operator gives the rows of its input as they are: all, or the first of them.
pub(super) fn passes_rows(kind: &PhysicalKind) -> bool {
    matches!(
        kind,
        PhysicalKind::Exchange(_)
            | PhysicalKind::Sort(_)
            | PhysicalKind::SortLimit { .. }
            | PhysicalKind::TemporalSort(_)
            | PhysicalKind::Limit { .. }
    )
}

/// How many places of an order are asked for.
pub(super) fn places(range: RankRange) -> f64 {
    (range.end - range.start) as f64 + 1.0
}

/// How many windows a row is in, at most.
fn windows(kind: WindowKind) -> f64 {
    match kind {
        WindowKind::Hop { slide, size } => (size.0 as f64 / slide.0 as f64).trunc(),
        WindowKind::Cumulate { step, size } => (size.0 as f64 / step.0 as f64).trunc(),
        WindowKind::Tumble { .. } | WindowKind::Session { .. } => 1.0,
    }
}

fn limited(rows: f64, offset: u64, fetch: u64) -> f64 {
    let rest = (rows - offset as f64).max(0.0);
    match fetch {
        UNLIMITED => rest,
        fetch => rest.min(fetch as f64),
    }
}
