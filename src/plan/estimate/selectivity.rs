//! Which part of the rows a condition lets through.
//!
//! Source: `FlinkRelMdSelectivity` and `SelectivityEstimator` of Flink 1.18, `RelMdUtil.guessSelectivity`
//! of Calcite 1.32.

use std::collections::BTreeMap;

use super::Estimator;
use super::asked::Asked;
use super::condition::{Comparison, Side, Test};
use super::interval::Interval;
use super::rows::passes_rows;
use crate::plan::phases::Local;
use crate::plan::physical::{PhysicalKind, PhysicalNode};
use crate::sql::bound::JoinKind;

pub(super) const EQUAL: f64 = 0.15;
pub(super) const COMPARED: f64 = 0.5;
const IS_NULL: f64 = 0.1;
const LIKE: f64 = 0.05;
pub(super) const OTHER: f64 = 0.25;

impl Estimator {
    /// The part of the rows of an operator for which all is true that is asked.
    pub(super) fn selectivity(&self, node: &PhysicalNode, asked: &Asked) -> f64 {
        if asked.is_nothing() {
            return 1.0;
        }
        let input = node.inputs.first();
        let own = || self.selectivity_of(node, &asked.tests()) * asked.share.unwrap_or(1.0);
        let guessed = || guess(&asked.tests()) * asked.share.unwrap_or(1.0);
        match (&node.kind, input) {
            (kind, Some(input)) if passes_rows(kind) => self.selectivity(input, asked),
            (PhysicalKind::Expand(_), Some(input)) => {
                let id = node.schema.len() - 1;
                match asked.parts.iter().any(|part| part.columns().contains(&id)) {
                    true => guessed(),
                    false => self.selectivity(input, asked),
                }
            }
            (PhysicalKind::Rank(_) | PhysicalKind::WindowRank(_), Some(input)) => {
                let (below, of_number) = asked.split(input.schema.len(), &|c| c);
                let of_number = match of_number.is_nothing() {
                    true => 1.0,
                    false => self.selectivity_of(node, &of_number.tests()),
                };
                self.selectivity(input, &below) * of_number
            }
            (PhysicalKind::GlobalBatchAggregate { .. }, Some(input)) => {
                self.selectivity(input, asked)
            }
            (
                PhysicalKind::HashAggregate(grouping)
                | PhysicalKind::SortAggregate(grouping)
                | PhysicalKind::LocalBatchAggregate { local: Local { grouping, .. }, .. },
                Some(input),
            ) => self.of_groups(node, input, grouping, asked),
            (PhysicalKind::OverAggregate { .. }, Some(input)) if self.is_batch() => {
                let (below, rest) = asked.split(input.schema.len(), &|c| c);
                self.selectivity(input, &below) * guess(&rest.tests())
            }
            (PhysicalKind::Join(join), Some(left))
                if matches!(join.kind, JoinKind::Semi | JoinKind::Anti) =>
            {
                let share =
                    node.inputs.get(1).map(|right| self.share_that_stays(join, left, right));
                let asked = Asked { parts: Vec::new(), share }.with(asked);
                self.selectivity(left, &asked)
            }
            (PhysicalKind::Union, _) => {
                let (mut all, mut those) = (0.0, 0.0);
                for input in &node.inputs {
                    let rows = self.rows(input);
                    all += rows;
                    those += self.selectivity(input, asked) * rows;
                }
                if all < 1.0 { those } else { those / all }
            }
            (
                PhysicalKind::TableSourceScan { .. }
                | PhysicalKind::Calc { .. }
                | PhysicalKind::Join(_)
                | PhysicalKind::WindowJoin(_)
                | PhysicalKind::WindowTableFunction(_),
                _,
            ) => own(),
            _ if self.is_batch() => own(),
            _ => guessed(),
        }
    }

    /// The part of the rows of an operator, by what is known of its columns.
    pub(super) fn selectivity_of(&self, node: &PhysicalNode, tests: &[Test]) -> f64 {
        let estimate = match tests {
            [] => Some(1.0),
            [one] => self.of_test(node, one),
            all => self.of_all(node, all),
        };
        estimate.unwrap_or_else(|| guess(tests))
    }

    /// `None` where Flink gives up and guesses.
    fn of_test(&self, node: &PhysicalNode, test: &Test) -> Option<f64> {
        match test {
            Test::All(parts) => self.of_all(node, parts),
            Test::Any(parts) => self.of_any(node, parts),
            Test::Not(inner) => match &**inner {
                Test::Any(parts) => {
                    parts.iter().try_fold(1.0, |all, p| Some(all * (1.0 - self.of_test(node, p)?)))
                }
                inner => Some(1.0 - self.of_test(node, inner)?),
            },
            Test::Compare(Comparison::NotEqual, a, b) => {
                Some(1.0 - self.compared(node, Comparison::Equal, a, b))
            }
            Test::Compare(comparison, a, b) => Some(self.compared(node, *comparison, a, b)),
            Test::IsNull(Side::Column(_)) => Some(IS_NULL),
            Test::IsNotNull(Side::Column(_)) => Some(1.0 - IS_NULL),
            Test::IsNull(_) | Test::IsNotNull(_) => None,
            Test::Like => Some(LIKE),
            Test::Flag(column) => {
                let truth = Side::Constant(Some(1.0));
                Some(self.compared(node, Comparison::Equal, &Side::Column(*column), &truth))
            }
            Test::Other => Some(OTHER),
        }
    }

    /// Bounds of one column count together; columns of truth are overlooked.
    fn of_all(&self, node: &PhysicalNode, parts: &[Test]) -> Option<f64> {
        let (ranges, rest) = split(parts, |comparison| comparison != Comparison::Equal);
        match (ranges.len(), rest.len()) {
            // Flink then takes all for bounds of this column, and fails if a column of truth is there.
            (1, 0) if parts.iter().any(|part| matches!(part, Test::Flag(_))) => return None,
            (0, 1) if parts.len() > 1 => return None,
            _ => {}
        }
        let of_ranges = ranges.iter().map(|(column, tests)| self.in_range(node, *column, tests));
        let of_rest = rest.iter().map(|part| self.of_test(node, part));
        of_ranges.map(Some).chain(of_rest).try_fold(1.0, |all, part| Some(all * part?))
    }

    /// All bounds of one column.
    fn in_range(&self, node: &PhysicalNode, column: usize, tests: &[&Test]) -> f64 {
        if let [Test::Compare(comparison, a, b)] = tests {
            return self.compared(node, *comparison, a, b);
        }
        let unknown = COMPARED.powi(tests.len() as i32);
        let Some(known) = self.interval(node, column) else { return unknown };
        let asked = tests.iter().filter_map(|test| match test {
            Test::Compare(how, a, b) => {
                let (how, _, bound) = how.of_column(a, b)?;
                Some(Interval::of(how, bound?))
            }
            _ => None,
        });
        let left = asked.fold(known.clone(), |all, one| all.and(&one));
        match (known.bounds(), left.bounds()) {
            _ if known.is_empty() || left.is_empty() => 0.0,
            (Some((from, to)), Some((low, high))) => (high - low) / (to - from),
            _ => unknown,
        }
    }

    /// Several equal constants of one column are a list.
    fn of_any(&self, node: &PhysicalNode, parts: &[Test]) -> Option<f64> {
        let (of_columns, rest) = split(parts, |_| true);
        let mut all: Vec<Option<f64>> = Vec::new();
        let sum = |tests: &[&Test]| {
            let sum = tests.iter().try_fold(0.0, |sum, t| Some(sum + self.of_test(node, t)?))?;
            Some(f64::min(1.0, sum))
        };
        for (column, tests) in &of_columns {
            let (equal, other): (Vec<&Test>, Vec<&Test>) =
                tests.iter().partition(|t| matches!(t, Test::Compare(Comparison::Equal, ..)));
            if equal.len() > 1 {
                all.push(Some(self.in_list(node, *column, &equal)));
                if !other.is_empty() {
                    all.push(sum(&other));
                }
            } else {
                all.push(sum(tests));
            }
        }
        all.extend(rest.iter().map(|part| self.of_test(node, part)));
        match all.as_slice() {
            [one] => *one,
            all => {
                let all = all.iter().copied().collect::<Option<Vec<f64>>>()?;
                Some(f64::min(1.0, all.iter().sum::<f64>() - all.iter().product::<f64>()))
            }
        }
    }

    fn in_list(&self, node: &PhysicalNode, column: usize, equal: &[&Test]) -> f64 {
        let count = equal.len() as f64;
        let unknown = (EQUAL * count).min(1.0);
        let values = || self.distinct(node, &[column], &Asked::default());
        let Some(known) = self.interval(node, column) else {
            return values().map_or(unknown, |values| count / values);
        };
        let inside = equal.iter().filter(|test| match test {
            Test::Compare(_, _, Side::Constant(Some(value))) => known.has(*value),
            _ => false,
        });
        match (known.is_everything(), inside.count() as f64, values()) {
            (true, ..) => unknown,
            (_, 0.0, _) => 0.0,
            (_, _, None) => unknown,
            (_, inside, Some(values)) => (values.min(inside) / values).min(1.0),
        }
    }

    fn compared(&self, node: &PhysicalNode, how: Comparison, a: &Side, b: &Side) -> f64 {
        let unknown = if how == Comparison::Equal { EQUAL } else { COMPARED };
        let Some((how, column, Some(value))) = how.of_column(a, b) else { return unknown };
        let Some(known) = self.interval(node, column).filter(|known| !known.is_everything()) else {
            return unknown;
        };
        if known.is_empty() {
            return 0.0;
        }
        let values = || self.distinct(node, &[column], &Asked::default());
        if how == Comparison::Equal {
            return match known.has(value) {
                true => values().map_or(unknown, |values| 1.0 / values),
                false => 0.0,
            };
        }
        let asked = Interval::of(how, value);
        if !known.meets(&asked) {
            return 0.0;
        }
        if known.is_inside(&asked) {
            return 1.0;
        }
        let Some((from, to)) = known.bounds() else { return COMPARED };
        let close = |a: f64, b: f64| (a - b).abs() < 1e-6;
        let one = values().map(|values| 1.0 / values);
        match how {
            Comparison::Less if close(value, to) => one.map_or(COMPARED, |one| 1.0 - one),
            Comparison::Greater if close(value, from) => one.map_or(COMPARED, |one| 1.0 - one),
            Comparison::LessOrEqual if close(value, from) => one.unwrap_or(COMPARED),
            Comparison::GreaterOrEqual if close(value, to) => one.unwrap_or(COMPARED),
            Comparison::Less | Comparison::LessOrEqual => (value - from) / (to - from),
            _ => (to - value) / (to - from),
        }
    }
}

/// Comparisons of a column with a constant, by column, and the rest.
fn split(
    parts: &[Test],
    takes: impl Fn(Comparison) -> bool,
) -> (BTreeMap<usize, Vec<&Test>>, Vec<&Test>) {
    let (mut by_column, mut rest) = (BTreeMap::<usize, Vec<&Test>>::new(), Vec::new());
    for part in parts {
        let column = match part {
            Test::Flag(_) => continue,
            Test::Compare(how, a, b) if *how != Comparison::NotEqual && takes(*how) => {
                how.of_column(a, b).map(|(_, column, _)| column)
            }
            _ => None,
        };
        match column {
            Some(column) => by_column.entry(column).or_default().push(part),
            None => rest.push(part),
        }
    }
    (by_column, rest)
}

/// What is guessed of conditions if nothing is known of columns.
pub(super) fn guess(tests: &[Test]) -> f64 {
    let one = |test: &Test| match test {
        Test::IsNotNull(_) => 0.9,
        Test::Compare(Comparison::Equal, ..) => EQUAL,
        Test::Compare(..) => COMPARED,
        _ => OTHER,
    };
    tests.iter().map(one).product()
}
