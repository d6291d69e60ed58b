//! Which part of the groups of an aggregate have results as they are asked to be.
//!
//! Source: `AggCallSelectivityEstimator` of Flink 1.18.

use super::Estimator;
use super::asked::Asked;
use super::condition::{Comparison, Test};
use super::interval::Interval;
use super::selectivity::{COMPARED, EQUAL, OTHER};
use crate::plan::physical::{Grouping, PhysicalNode};
use crate::sql::bound::AggregateCall;

/// What is never said to be nothing of groups.
const OF_GROUPS: f64 = 0.01;

impl Estimator {
    /// What is asked of the keys of groups is asked of the rows below.
    pub(super) fn of_groups(
        &self,
        node: &PhysicalNode,
        input: &PhysicalNode,
        grouping: &Grouping,
        asked: &Asked,
    ) -> f64 {
        let keys = &grouping.keys;
        let (below, rest) = asked.split(keys.len(), &|c| keys[c]);
        self.selectivity(input, &below) * self.of_calls(node, input, grouping, &rest)
    }

    /// The part of groups whose results are as they are asked to be.
    pub(super) fn of_calls(
        &self,
        node: &PhysicalNode,
        input: &PhysicalNode,
        grouping: &Grouping,
        asked: &Asked,
    ) -> f64 {
        if asked.is_nothing() {
            return 1.0;
        }
        let interval = |column: usize| {
            let call = grouping.calls.get(column - grouping.keys.len())?;
            self.interval_of_call(node, input, call)
        };
        match asked.tests().as_slice() {
            [one] => of_call(one, &interval),
            all => of_call(&Test::All(all.to_vec()), &interval),
        }
    }

    fn interval_of_call(
        &self,
        node: &PhysicalNode,
        input: &PhysicalNode,
        call: &AggregateCall,
    ) -> Option<Interval> {
        let argument = call.call.arguments.first()?.as_column()?;
        let of_each = self.rows(input) / self.rows(node);
        match call.call.function.name {
            "COUNT" => Some(Interval::closed((of_each / 2.0).max(1.0), of_each * 2.0)),
            "MAX" | "MIN" | "AVG" => self.interval(input, argument),
            "SUM" => Some(self.interval(input, argument)?.times(of_each)),
            _ => None,
        }
    }
}

/// What is asked of the results of an aggregate.
fn of_call(test: &Test, interval: &dyn Fn(usize) -> Option<Interval>) -> f64 {
    match test {
        Test::All(parts) => parts.iter().map(|part| of_call(part, interval)).product(),
        Test::Any(parts) => {
            let parts: Vec<f64> = parts.iter().map(|part| of_call(part, interval)).collect();
            (parts.iter().sum::<f64>() - parts.iter().product::<f64>()).min(1.0)
        }
        Test::Not(inner) => 1.0 - of_call(inner, interval),
        Test::Compare(Comparison::NotEqual, a, b) => {
            1.0 - of_call(&Test::Compare(Comparison::Equal, a.clone(), b.clone()), interval)
        }
        Test::Compare(how, a, b) => {
            let unknown = if *how == Comparison::Equal { EQUAL } else { COMPARED };
            let Some((how, column, Some(value))) = how.of_column(a, b) else { return unknown };
            match interval(column) {
                Some(known) if !known.is_everything() => of_result(&known, how, value, unknown),
                _ => unknown,
            }
        }
        _ => OTHER,
    }
}

fn of_result(known: &Interval, how: Comparison, value: f64, unknown: f64) -> f64 {
    if known.is_empty() {
        return OF_GROUPS;
    }
    if how == Comparison::Equal {
        return match known.bounds() {
            None => unknown,
            Some((from, to)) if known.has(value) => (1.0 / (to - from)).max(OF_GROUPS),
            Some(_) => OF_GROUPS,
        };
    }
    let asked = Interval::of(how, value);
    match (known.meets(&asked), known.is_inside(&asked), known.bounds()) {
        (false, ..) => OF_GROUPS,
        (_, true, _) => 1.0 - OF_GROUPS,
        (.., None) => COMPARED,
        (.., Some((from, to))) => match how {
            Comparison::Less | Comparison::LessOrEqual => (value - from) / (to - from),
            _ => (to - value) / (to - from),
        },
    }
}
