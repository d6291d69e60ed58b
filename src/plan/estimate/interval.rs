//! Between which bounds the values of a column lie.
//!
//! Source: `FlinkRelMdColumnInterval`, `ColumnIntervalUtil` and `ValueInterval` of Flink 1.18, for numbers.

use super::Estimator;
use super::condition::{Comparison, Test};
use super::rows::passes_rows;
use crate::data::Value;
use crate::expr::{Expr, Node};
use crate::plan::physical::{Grouping, PhysicalKind, PhysicalNode};
use crate::plan::rank::{Rank, WindowRank};
use crate::sql::bound::JoinKind;

/// Numbers between two bounds, of which each may be one of them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Interval {
    lower: Option<(f64, bool)>,
    upper: Option<(f64, bool)>,
    empty: bool,
}

impl Interval {
    const EMPTY: Self = Self { lower: None, upper: None, empty: true };

    pub fn closed(lower: f64, upper: f64) -> Self {
        Self { lower: Some((lower, true)), upper: Some((upper, true)), empty: false }
    }

    fn at_least(lower: f64) -> Self {
        Self { lower: Some((lower, true)), upper: None, empty: false }
    }

    /// What a comparison with a constant leaves.
    pub fn of(how: Comparison, value: f64) -> Self {
        let (lower, upper) = match how {
            Comparison::Equal => (Some((value, true)), Some((value, true))),
            Comparison::NotEqual => (None, None),
            Comparison::Less => (None, Some((value, false))),
            Comparison::LessOrEqual => (None, Some((value, true))),
            Comparison::Greater => (Some((value, false)), None),
            Comparison::GreaterOrEqual => (Some((value, true)), None),
        };
        Self { lower, upper, empty: false }
    }

    pub fn is_empty(&self) -> bool {
        self.empty
    }

    pub fn is_everything(&self) -> bool {
        !self.empty && self.lower.is_none() && self.upper.is_none()
    }

    /// Both bounds, if there are two.
    pub fn bounds(&self) -> Option<(f64, f64)> {
        Some((self.lower?.0, self.upper?.0))
    }

    pub fn has(&self, value: f64) -> bool {
        self.meets(&Self::closed(value, value))
    }

    /// Whether they have a number in common.
    pub fn meets(&self, other: &Self) -> bool {
        !self.and(other).empty
    }

    /// Whether all of it is in another.
    pub fn is_inside(&self, other: &Self) -> bool {
        self.and(other) == *self
    }

    /// What they have in common.
    pub fn and(&self, other: &Self) -> Self {
        if self.empty || other.empty {
            return Self::EMPTY;
        }
        let tighter = |a: Option<(f64, bool)>, b: Option<(f64, bool)>, higher: bool| match (a, b) {
            (Some(a), Some(b)) if a.0 == b.0 => Some((a.0, a.1 && b.1)),
            (Some(a), Some(b)) => Some(if (a.0 > b.0) == higher { a } else { b }),
            (a, b) => a.or(b),
        };
        let lower = tighter(self.lower, other.lower, true);
        let upper = tighter(self.upper, other.upper, false);
        match (lower, upper) {
            (Some(l), Some(u)) if l.0 > u.0 || (l.0 == u.0 && !(l.1 && u.1)) => Self::EMPTY,
            _ => Self { lower, upper, empty: false },
        }
    }

    /// All between the lowest and the highest of both.
    fn or(&self, other: &Self) -> Self {
        if self.empty {
            return other.clone();
        }
        if other.empty {
            return self.clone();
        }
        let wider = |a: Option<(f64, bool)>, b: Option<(f64, bool)>, higher: bool| match (a?, b?) {
            (a, b) if a.0 == b.0 => Some((a.0, a.1 || b.1)),
            (a, b) => Some(if (a.0 > b.0) == higher { a } else { b }),
        };
        Self {
            lower: wider(self.lower, other.lower, false),
            upper: wider(self.upper, other.upper, true),
            empty: false,
        }
    }

    /// The sums of so many of its numbers.
    pub fn times(&self, count: f64) -> Self {
        let scaled = |bound: Option<(f64, bool)>| bound.map(|(value, own)| (value * count, own));
        Self { lower: scaled(self.lower), upper: scaled(self.upper), empty: self.empty }
    }

    /// Sums of numbers that are none below nothing, or none above it.
    fn summed(&self) -> Option<Self> {
        match (self.lower, self.upper) {
            (Some((lower, _)), _) if lower >= 0.0 => Some(Self { upper: None, ..self.clone() }),
            (None, Some((upper, _))) if upper <= 0.0 => Some(Self { lower: None, ..self.clone() }),
            _ => None,
        }
    }
}

impl Estimator {
    /// The bounds of a column of an operator, if anything is known of them.
    pub(super) fn interval(&self, node: &PhysicalNode, column: usize) -> Option<Interval> {
        let input = node.inputs.first();
        match &node.kind {
            PhysicalKind::Values(rows) => {
                let cells = rows.iter().filter_map(|row| row.get(column)?.as_literal());
                let mut numbers = cells.filter(|value| **value != Value::Null).map(Value::as_f64);
                numbers.try_fold(Interval::EMPTY, |all, value| {
                    let value = value?;
                    Some(all.or(&Interval::closed(value, value)))
                })
            }
            PhysicalKind::Calc { condition, projection } => {
                self.interval_of(input?, projection.get(column)?, condition.as_ref())
            }
            kind if passes_rows(kind) => self.interval(input?, column),
            PhysicalKind::Rank(_) | PhysicalKind::WindowRank(_) if column < input?.schema.len() => {
                self.interval(input?, column)
            }
            PhysicalKind::Rank(Rank { range, .. })
            | PhysicalKind::WindowRank(WindowRank { range, .. }) => {
                Some(Interval::closed(range.start as f64, range.end as f64))
            }
            PhysicalKind::OverAggregate { .. } if column < input?.schema.len() => {
                self.interval(input?, column)
            }
            PhysicalKind::GroupAggregate(grouping)
            | PhysicalKind::HashAggregate(grouping)
            | PhysicalKind::SortAggregate(grouping)
            | PhysicalKind::GroupWindowAggregate { grouping, .. } => {
                self.interval_of_group(input?, grouping, column)
            }
            PhysicalKind::GlobalBatchAggregate { global, .. }
            | PhysicalKind::GlobalGroupAggregate(global) => {
                let first = first_phase(node)?;
                self.interval_of_group(first.inputs.first()?, &global.local.grouping, column)
            }
            PhysicalKind::Join(join) => {
                let left = input?.schema.len();
                let known = match column < left {
                    true => self.interval(input?, column),
                    false => self.interval(node.inputs.get(1)?, column - left),
                };
                match join.kind {
                    JoinKind::Inner => asked_of(known, join.condition.as_ref(), column),
                    _ => known,
                }
            }
            PhysicalKind::Union => {
                let mut all = node.inputs.iter().map(|input| self.interval(input, column));
                let first = all.next()??;
                all.try_fold(first, |all, one| Some(all.or(&one?)))
            }
            _ => None,
        }
    }

    fn interval_of(
        &self,
        input: &PhysicalNode,
        expr: &Expr,
        condition: Option<&Expr>,
    ) -> Option<Interval> {
        match &expr.node {
            Node::Column(column) => asked_of(self.interval(input, *column), condition, *column),
            Node::Literal(Value::Null) => Some(Interval::EMPTY),
            Node::Literal(value) => value.as_f64().map(|value| Interval::closed(value, value)),
            _ => None,
        }
    }

    fn interval_of_group(
        &self,
        input: &PhysicalNode,
        grouping: &Grouping,
        column: usize,
    ) -> Option<Interval> {
        if let Some(key) = grouping.keys.get(column) {
            return self.interval(input, *key);
        }
        let call = &grouping.calls.get(column - grouping.keys.len())?.call;
        match call.function.name {
            "COUNT" => Some(Interval::at_least(0.0)),
            "SUM" => self.interval(input, call.arguments.first()?.as_column()?)?.summed(),
            _ => None,
        }
    }
}

/// The first phase below a second one.
fn first_phase(node: &PhysicalNode) -> Option<&PhysicalNode> {
    let below = node.inputs.first()?;
    match &below.kind {
        PhysicalKind::Exchange(_) | PhysicalKind::Sort(_) => first_phase(below),
        PhysicalKind::LocalBatchAggregate { .. } | PhysicalKind::LocalGroupAggregate(_) => {
            Some(below)
        }
        _ => None,
    }
}

/// What conditions leave of a column.
fn asked_of(known: Option<Interval>, condition: Option<&Expr>, column: usize) -> Option<Interval> {
    let asked = condition.into_iter().flat_map(Test::all_of).filter_map(|test| match test {
        Test::Compare(how, a, b) => match how.of_column(&a, &b)? {
            (how, of, value) if of == column => Some(Interval::of(how, value?)),
            _ => None,
        },
        _ => None,
    });
    asked
        .filter(|one| !one.is_everything())
        .fold(known, |all, one| Some(all.map_or_else(|| one.clone(), |all| all.and(&one))))
}
