//! Whether columns have another value in every row.
//!
//! Source: `FlinkRelMdColumnUniqueness` of Flink 1.18.

use super::Estimator;
use super::join::by_side;
use super::rows::passes_rows;
use crate::data::Value;
use crate::expr::Expr;
use crate::plan::join::Join;
use crate::plan::physical::{PhysicalKind, PhysicalNode};
use crate::plan::rank::{Rank, WindowRank};
use crate::sql::bound::JoinKind;

impl Estimator {
    /// Whether no two rows of an operator are equal in these columns; `None` if that is not known.
    pub(super) fn unique(&self, node: &PhysicalNode, columns: &[usize]) -> Option<bool> {
        let input = node.inputs.first();
        match &node.kind {
            PhysicalKind::TableSourceScan { table, projection, .. } => {
                if columns.is_empty() {
                    return Some(false);
                }
                let place = |c: &usize| projection.iter().position(|p| p == c);
                let key: Vec<usize> = table.primary_key.iter().map(place).collect::<Option<_>>()?;
                (!key.is_empty()).then(|| covers(columns, &key))
            }
            PhysicalKind::Values(rows) => {
                let differs = |column: &usize| {
                    let cells = rows.iter().filter_map(|row| row.get(*column));
                    let cells: Vec<Option<&Value>> = cells.map(Expr::as_literal).collect();
                    (0..cells.len()).all(|place| !cells[..place].contains(&cells[place]))
                };
                Some(rows.len() < 2 || columns.iter().any(differs))
            }
            PhysicalKind::Calc { projection, .. } => {
                let read = columns.iter().filter_map(|c| projection.get(*c)?.as_column());
                let read: Vec<usize> = read.collect();
                if read.is_empty() { None } else { self.unique(input?, &read) }
            }
            kind if passes_rows(kind) => self.unique(input?, columns),
            PhysicalKind::Rank(Rank { partition, .. })
            | PhysicalKind::WindowRank(WindowRank { partition, .. }) => {
                self.unique_place(node, columns, partition)
            }
            PhysicalKind::Deduplicate(deduplicate) => {
                Some(covers(columns, &deduplicate.key) && covers(&deduplicate.key, columns))
            }
            PhysicalKind::GroupAggregate(grouping)
            | PhysicalKind::HashAggregate(grouping)
            | PhysicalKind::SortAggregate(grouping) => Some(keys(columns, grouping.keys.len())),
            PhysicalKind::GlobalGroupAggregate(global)
            | PhysicalKind::GlobalBatchAggregate { global, .. } => {
                Some(keys(columns, global.grouping.keys.len()))
            }
            PhysicalKind::OverAggregate { .. } => {
                let width = input?.schema.len();
                let below: Vec<usize> = columns.iter().copied().filter(|c| *c < width).collect();
                match self.unique(input?, &below) {
                    Some(true) => Some(true),
                    _ if below.len() < columns.len() => None,
                    known => known,
                }
            }
            PhysicalKind::Join(join) => self.unique_pair(join, node, columns),
            PhysicalKind::Union => Some(false),
            _ => None,
        }
    }

    /// A place of an order is there once in each partition.
    fn unique_place(
        &self,
        node: &PhysicalNode,
        columns: &[usize],
        partition: &[usize],
    ) -> Option<bool> {
        let input = node.inputs.first()?;
        let number = input.schema.len();
        if node.schema.len() == number {
            return self.unique(input, columns);
        }
        let below: Vec<usize> = columns.iter().copied().filter(|c| *c != number).collect();
        match self.unique(input, &below) {
            Some(true) => Some(true),
            _ => Some(columns.contains(&number) && covers(columns, partition)),
        }
    }

    fn unique_pair(&self, join: &Join, node: &PhysicalNode, columns: &[usize]) -> Option<bool> {
        let [left, right] = node.inputs.as_slice() else { return None };
        if let JoinKind::Semi | JoinKind::Anti = join.kind {
            return self.unique(left, columns);
        }
        let width = left.schema.len();
        let (of_left, of_right) = by_side(columns, width);
        let nulls_left = matches!(join.kind, JoinKind::Right | JoinKind::Full);
        let nulls_right = matches!(join.kind, JoinKind::Left | JoinKind::Full);
        match (of_left.is_empty(), of_right.is_empty()) {
            (true, true) => Some(false),
            (false, false) => Some(self.unique(left, &of_left)? && self.unique(right, &of_right)?),
            (false, true) if nulls_left => Some(false),
            (true, false) if nulls_right => Some(false),
            (false, true) => {
                Some(self.unique(right, &join.keys[1])? && self.unique(left, &of_left)?)
            }
            (true, false) => {
                Some(self.unique(left, &join.keys[0])? && self.unique(right, &of_right)?)
            }
        }
    }
}

fn covers(columns: &[usize], key: &[usize]) -> bool {
    key.iter().all(|column| columns.contains(column))
}

/// The first so many columns are the key of groups.
fn keys(columns: &[usize], count: usize) -> bool {
    (0..count).all(|column| columns.contains(&column))
}
