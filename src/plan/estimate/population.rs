//! How many different values there were before anything was filtered, and how many an expression has.
//!
//! Source: `FlinkRelMdPopulationSize` and `FlinkRelMdUtil.cardOfCalcExpr` of Flink 1.18.

use super::asked::Asked;
use super::distinct::{OF_RESULTS, arguments, drawn, split, split_group};
use super::rows::passes_rows;
use super::{Estimator, at_least_one};
use crate::expr::{Expr, Node};
use crate::plan::phases::Local;
use crate::plan::physical::{Grouping, PhysicalKind, PhysicalNode};
use crate::sql::bound::JoinKind;

impl Estimator {
    /// How many values an expression over the input of a Calc has.
    pub(super) fn values_of(&self, calc: &PhysicalNode, expr: &Expr) -> Option<f64> {
        let rows = self.rows(calc);
        let operands = expr.operands();
        let values = match &expr.node {
            Node::Column(column) => {
                let PhysicalKind::Calc { condition, .. } = &calc.kind else { return None };
                let asked = Asked::of(condition.as_ref());
                let values = self.distinct(calc.inputs.first()?, &[*column], &asked)?;
                return Some(drawn(values, self.row_size(calc)));
            }
            Node::Literal(_) => return Some(drawn(1.0, self.row_size(calc))),
            Node::Call(function) => match (function.name, operands) {
                ("+" | "-", [a, b]) => self.values_of(calc, a)?.max(self.values_of(calc, b)?),
                ("*" | "/", [a, b]) => self.values_of(calc, a)? * self.values_of(calc, b)?,
                ("EXTRACT", [unit, time]) => match unit.as_text().and_then(values_of_unit) {
                    Some(values) => values,
                    None => self.values_of(calc, time)?,
                },
                (part, [time]) => match values_of_unit(part) {
                    Some(values) => values,
                    None => self.values_of(calc, time)?,
                },
                _ => rows / 10.0,
            },
            _ => match operands {
                [only] => self.values_of(calc, only)?,
                _ => rows / 10.0,
            },
        };
        Some(drawn(values, rows))
    }

    /// The different values of columns before anything was filtered; `None` if that is not known.
    pub(super) fn population(&self, node: &PhysicalNode, columns: &[usize]) -> Option<f64> {
        self.once(
            node,
            |known| known.populations.entry(columns.to_vec()).or_default(),
            || self.population_below(node, columns),
        )
    }

    fn population_below(&self, node: &PhysicalNode, columns: &[usize]) -> Option<f64> {
        let input = node.inputs.first();
        let unique = || (self.unique(node, columns) == Some(true)).then(|| self.rows(node));
        let size = match &node.kind {
            PhysicalKind::TableSourceScan { .. } => {
                unique().or_else(|| self.distinct(node, columns, &Asked::default()))
            }
            PhysicalKind::Values(rows) => Some((rows.len() as f64 / 2.0).max(1.0)),
            PhysicalKind::Calc { projection, .. } => {
                let (read, computed) = split(columns, projection);
                let mut size = self.population(input?, &read)?;
                if computed.is_empty() {
                    return Some(size);
                }
                for column in computed {
                    size *= self.values_of(node, &projection[column])?.max(1.0);
                }
                Some(drawn(size, self.rows(node)))
            }
            kind if passes_rows(kind) => self.population(input?, columns),
            PhysicalKind::GlobalBatchAggregate { .. } => self.population(input?, columns),
            PhysicalKind::Join(join) if matches!(join.kind, JoinKind::Semi | JoinKind::Anti) => {
                self.population(input?, columns)
            }
            PhysicalKind::HashAggregate(grouping)
            | PhysicalKind::SortAggregate(grouping)
            | PhysicalKind::LocalBatchAggregate { local: Local { grouping, .. }, .. } => {
                self.population_of_groups(input?, grouping, columns)
            }
            PhysicalKind::Union => {
                node.inputs.iter().map(|input| self.population(input, columns)).sum()
            }
            _ => unique(),
        };
        size.map(at_least_one)
    }

    fn population_of_groups(
        &self,
        input: &PhysicalNode,
        grouping: &Grouping,
        columns: &[usize],
    ) -> Option<f64> {
        let rows = self.rows(input);
        let (read, calls) = split_group(grouping, columns);
        let size = calls.into_iter().try_fold(self.population(input, &read)?, |size, call| {
            let of_call = match call.call.function.name {
                "COUNT" => (2.0 * rows).sqrt(),
                _ => self.population(input, &arguments(call)?)? * OF_RESULTS,
            };
            Some(size * of_call.max(1.0))
        })?;
        Some(size.min(rows))
    }
}

/// How many values a part of a time has.
fn values_of_unit(unit: &str) -> Option<f64> {
    Some(match unit {
        "YEAR" => 130.0,
        "QUARTER" => 4.0,
        "MONTH" => 12.0,
        "WEEK" => 53.0,
        "DAY" | "DAYOFMONTH" => 31.0,
        "DOY" | "DAYOFYEAR" => 366.0,
        "DOW" | "DAYOFWEEK" => 7.0,
        "HOUR" => 24.0,
        "MINUTE" => 60.0,
        "SECOND" | "MILLISECOND" => 60_000.0,
        _ => return None,
    })
}
