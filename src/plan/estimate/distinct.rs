//! How many different values columns have.
//!
//! Source: `FlinkRelMdDistinctRowCount` and `FlinkRelMdUtil` of Flink 1.18, `RelMdUtil` of Calcite 1.32.

use super::asked::Asked;
use super::join::by_side;
use super::rows::{passes_rows, places};
use super::selectivity::guess;
use super::{Estimator, at_least_one};
use crate::expr::Expr;
use crate::plan::phases::Local;
use crate::plan::physical::{Grouping, PhysicalKind, PhysicalNode};
use crate::plan::rank::{Rank, RankRange, WindowRank};
use crate::sql::bound::{AggregateCall, JoinKind};

/// Of how many values of its arguments a result is another.
pub(super) const OF_RESULTS: f64 = 0.1;

impl Estimator {
    /// Which part of the rows of an operator is different from all others in these columns.
    pub fn distinct_rows(&self, node: &PhysicalNode, columns: &[usize]) -> Option<f64> {
        Some(self.distinct(node, columns, &Asked::default())? / self.rows(node))
    }

    /// The different values of columns in the rows of which something is asked; `None` if that is not
    /// known.
    pub(super) fn distinct(
        &self,
        node: &PhysicalNode,
        columns: &[usize],
        asked: &Asked,
    ) -> Option<f64> {
        let make = || self.distinct_count(node, columns, asked).map(at_least_one);
        match asked.is_nothing() && !self.is_counted(node) {
            true => {
                self.once(node, |known| known.values.entry(columns.to_vec()).or_default(), make)
            }
            false => make(),
        }
    }

    fn distinct_count(&self, node: &PhysicalNode, columns: &[usize], asked: &Asked) -> Option<f64> {
        let input = node.inputs.first();
        let rows = || self.rows(node);
        let nothing = columns.is_empty() && asked.is_nothing();
        match &node.kind {
            PhysicalKind::Exchange(_) => self.distinct(input?, columns, asked),
            kind if passes_rows(kind) => Some(self.distinct(input?, columns, asked)?.min(rows())),
            PhysicalKind::Rank(Rank { range, .. })
            | PhysicalKind::WindowRank(WindowRank { range, .. }) => {
                self.distinct_places(node, input?, columns, asked, *range)
            }
            PhysicalKind::Expand(projects) => self.expanded_values(node, projects, columns, asked),
            PhysicalKind::Union => {
                let all = node.inputs.iter().map(|input| self.distinct(input, columns, asked));
                all.sum()
            }
            PhysicalKind::Join(join)
                if matches!(join.kind, JoinKind::Semi | JoinKind::Anti) && !nothing =>
            {
                let [left, right] = node.inputs.as_slice() else { return None };
                let share = Some(self.share_that_stays(join, left, right));
                let asked = Asked { parts: Vec::new(), share }.with(asked);
                self.distinct(left, columns, &asked)
            }
            _ if nothing && self.knows_of_no_columns(node) => Some(1.0),
            PhysicalKind::TableSourceScan { .. } => {
                let selectivity = self.selectivity(node, asked);
                match (self.unique(node, columns), columns) {
                    (Some(true), _) => Some(rows() * selectivity),
                    (_, []) => Some(adapted(rows(), 1.0, selectivity)),
                    _ => None,
                }
            }
            PhysicalKind::Values(_) => {
                let half = rows() / 2.0;
                let part = guess(&asked.tests()) * asked.share.unwrap_or(1.0);
                Some(drawn(half, half * part))
            }
            PhysicalKind::Calc { condition, projection } => {
                let (read, computed) = split(columns, projection);
                let asked = Asked::of(condition.as_ref()).with(&asked.below(projection));
                let mut values = self.distinct(input?, &read, &asked)?;
                if computed.is_empty() {
                    return Some(values);
                }
                for column in computed {
                    values *= self.values_of(node, &projection[column])?;
                }
                Some(drawn(values, rows()))
            }
            PhysicalKind::GlobalBatchAggregate { .. } => self.distinct(input?, columns, asked),
            PhysicalKind::HashAggregate(grouping)
            | PhysicalKind::SortAggregate(grouping)
            | PhysicalKind::LocalBatchAggregate { local: Local { grouping, .. }, .. } => {
                self.distinct_groups(node, input?, grouping, columns, asked)
            }
            PhysicalKind::OverAggregate { .. } if self.is_batch() => {
                let width = input?.schema.len();
                if columns.iter().any(|c| *c >= width) {
                    return None;
                }
                let (below, rest) = asked.split(width, &|c| c);
                let values = self.distinct(input?, columns, &below)?;
                Some(match rest.is_nothing() {
                    true => values,
                    false => adapted(rows(), values, guess(&rest.tests())),
                })
            }
            PhysicalKind::Join(_) => {
                let [left, right] = node.inputs.as_slice() else { return None };
                let width = left.schema.len();
                let (of_left, of_right) = by_side(columns, width);
                let none = Asked::default();
                let values = self.distinct(left, &of_left, &none)?
                    * self.distinct(right, &of_right, &none)?;
                // How many rows there are may depend on this very number.
                Some(match self.is_counted(node) {
                    true => drawn_plainly(values, self.rows(left) * self.rows(right)),
                    false => drawn_plainly(values, rows()),
                })
            }
            _ => (self.unique(node, columns) == Some(true))
                .then(|| rows() * self.selectivity(node, asked)),
        }
    }

    /// Whether no columns at all have one value in it, as far as Flink knows.
    fn knows_of_no_columns(&self, node: &PhysicalNode) -> bool {
        match node.kind {
            PhysicalKind::TableSourceScan { .. }
            | PhysicalKind::Values(_)
            | PhysicalKind::Calc { .. }
            | PhysicalKind::HashAggregate(_)
            | PhysicalKind::SortAggregate(_)
            | PhysicalKind::LocalBatchAggregate { .. }
            | PhysicalKind::GlobalBatchAggregate { .. }
            | PhysicalKind::Join(_)
            | PhysicalKind::WindowJoin(_) => true,
            PhysicalKind::OverAggregate { .. } => self.is_batch(),
            _ => false,
        }
    }

    fn distinct_places(
        &self,
        node: &PhysicalNode,
        input: &PhysicalNode,
        columns: &[usize],
        asked: &Asked,
        range: RankRange,
    ) -> Option<f64> {
        let number = input.schema.len();
        let below: Vec<usize> = columns.iter().copied().filter(|c| *c != number).collect();
        let (of_input, of_number) = asked.split(number, &|c| c);
        let values = match below.as_slice() {
            [] => 1.0,
            below => self.distinct(input, below, &of_input)?,
        };
        let numbers = if below.len() < columns.len() { places(range) } else { 1.0 };
        let part = match of_number.is_nothing() {
            true => 1.0,
            false => self.selectivity(node, &of_number),
        };
        Some(adapted(self.rows(node), values * numbers, part))
    }

    /// By the number of the project the values of all projects are different.
    fn expanded_values(
        &self,
        node: &PhysicalNode,
        projects: &[Vec<Expr>],
        columns: &[usize],
        asked: &Asked,
    ) -> Option<f64> {
        let input = node.inputs.first()?;
        let id = node.schema.len() - 1;
        let parts = asked.parts.iter().filter(|part| !part.columns().contains(&id));
        let asked = Asked { parts: parts.cloned().collect(), share: asked.share };
        if !columns.contains(&id) {
            return self.distinct(input, columns, &asked);
        }
        let of_project = |project: &Vec<Expr>| {
            let read = columns.iter().filter(|c| **c != id);
            let read: Vec<usize> = read.filter_map(|c| project.get(*c)?.as_column()).collect();
            self.distinct(input, &read, &asked)
        };
        projects.iter().map(of_project).sum()
    }

    fn distinct_groups(
        &self,
        node: &PhysicalNode,
        input: &PhysicalNode,
        grouping: &Grouping,
        columns: &[usize],
        asked: &Asked,
    ) -> Option<f64> {
        let keys = &grouping.keys;
        let (below, rest) = asked.split(keys.len(), &|c| keys[c]);
        let (read, calls) = split_group(grouping, columns);
        let of_keys = self.distinct(input, &read, &below)?;
        let read_rows = self.rows(input);
        let values = calls.into_iter().try_fold(of_keys, |values, call| {
            let of_call = match call.call.function.name {
                "COUNT" => (2.0 * read_rows).sqrt(),
                _ => self.distinct(input, &arguments(call)?, &below)? * OF_RESULTS,
            };
            Some(values * of_call.max(1.0))
        })?;
        let values = match rest.is_nothing() {
            true => values,
            false => {
                let part = self.of_calls(node, input, grouping, &rest);
                adapted(self.rows(node), values, part)
            }
        };
        Some(values.min(read_rows))
    }
}

/// Columns that a projection passes on, as columns below, and those that it computes.
pub(super) fn split(columns: &[usize], projection: &[Expr]) -> (Vec<usize>, Vec<usize>) {
    let is_read = |c: &&usize| projection.get(**c).is_some_and(|e| e.as_column().is_some());
    let (read, computed): (Vec<&usize>, Vec<&usize>) = columns.iter().partition(is_read);
    let read = read.into_iter().filter_map(|c| projection[*c].as_column()).collect();
    (read, computed.into_iter().copied().collect())
}

/// The keys of groups, as columns below, and the calls whose results are among the columns: none if all
/// keys are.
pub(super) fn split_group<'a>(
    grouping: &'a Grouping,
    columns: &[usize],
) -> (Vec<usize>, Vec<&'a AggregateCall>) {
    let keys = &grouping.keys;
    let whole = (0..keys.len()).all(|key| columns.contains(&key));
    let read = columns.iter().filter_map(|c| keys.get(*c)).copied().collect();
    let results = columns.iter().filter(|c| **c >= keys.len() && !whole);
    (read, results.filter_map(|c| grouping.calls.get(c - keys.len())).collect())
}

pub(super) fn arguments(call: &AggregateCall) -> Option<Vec<usize>> {
    let arguments: Vec<usize> =
        call.call.arguments.iter().map(Expr::as_column).collect::<Option<_>>()?;
    (!arguments.is_empty()).then_some(arguments)
}

/// The values that are left if a part of the rows is.
fn adapted(rows: f64, values: f64, part: f64) -> f64 {
    let values = values.min(rows);
    ((1.0 - (1.0 - part).powf(rows / values)) * values).max(1.0)
}

/// The different values among so many that are drawn from so many.
pub(super) fn drawn(from: f64, count: f64) -> f64 {
    match (1.0 / from).abs() < 1e-9 || from < 1.0 {
        true if from > 0.0 => ((1.0 - (-count / from).exp()) * from).min(from).min(count).max(0.0),
        true => 0.0,
        false => drawn_plainly(from, count),
    }
}

fn drawn_plainly(from: f64, count: f64) -> f64 {
    if from <= 0.0 {
        return 0.0;
    }
    let missed = (count * (1.0 - 1.0 / from).ln()).exp();
    ((1.0 - missed) * from).min(from).min(count).max(0.0)
}
