//! Which columns name a row.
//!
//! No two rows have the same values in a unique key. Of rows that change, an upsert key says more: all
//! changes of a row come one after the other, so that the last of them holds. Rows that are sent by
//! other columns keep a unique key, but not an upsert key.
//!
//! Source: `FlinkRelMdUniqueKeys` and `FlinkRelMdUpsertKeys` of Flink 1.18.

use std::collections::BTreeSet;

use super::join::Join;
use super::physical::{Distribution, PhysicalKind, PhysicalNode};
use super::rank::Rank;
use crate::data::LogicalType;
use crate::expr::Expr;
use crate::sql::bound::JoinKind;

/// Sets of columns, each sorted, of which each names a row.
pub(super) type Keys = BTreeSet<Vec<usize>>;

/// As many are known of a join, those with the fewest columns: each further join could double them. One that
/// is not known only makes a plan more careful.
const MOST: usize = 64;

/// The unique keys of an operator's rows.
pub(super) fn unique_keys(node: &PhysicalNode) -> Keys {
    keys(node, Of::Rows)
}

/// The upsert keys of an operator's changes.
pub(super) fn upsert_keys(node: &PhysicalNode) -> Keys {
    keys(node, Of::Changes)
}

/// The upsert keys of changes for somebody to whom they are sent by these columns: within one value of
/// them.
pub(super) fn upsert_keys_by(node: &PhysicalNode, columns: &[usize]) -> Keys {
    match (&node.kind, node.inputs.first()) {
        (PhysicalKind::Exchange(Distribution::Hash(by)), Some(input)) if by == columns => {
            upsert_keys(input)
        }
        _ => upsert_keys(node),
    }
}

/// The key with the fewest columns.
pub(super) fn smallest(keys: &Keys) -> Option<&Vec<usize>> {
    keys.iter().min_by_key(|key| key.len())
}

/// What keys are asked of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Rows,
    Changes,
}

impl Of {
    /// The keys that are good where rows are told apart by some columns: of changes, those that have
    /// them all.
    fn within(self, keys: Keys, columns: &[usize]) -> Keys {
        match self {
            Self::Rows => keys,
            Self::Changes => {
                keys.into_iter().filter(|key| columns.iter().all(|c| key.contains(c))).collect()
            }
        }
    }
}

fn keys(node: &PhysicalNode, of: Of) -> Keys {
    let below = || node.inputs.first().map(|input| keys(input, of)).unwrap_or_default();
    match &node.kind {
        PhysicalKind::TableSourceScan { table, projection, .. } => {
            let place = |c: &usize| projection.iter().position(|p| p == c);
            let key: Option<Vec<usize>> = table.primary_key.iter().map(place).collect();
            key.filter(|key| !key.is_empty()).into_iter().map(sorted).collect()
        }
        PhysicalKind::WatermarkAssigner { .. }
        | PhysicalKind::MiniBatchAssigner { .. }
        | PhysicalKind::Sort(_)
        | PhysicalKind::SortLimit { .. }
        | PhysicalKind::TemporalSort(_)
        | PhysicalKind::Limit { .. } => below(),
        PhysicalKind::Exchange(Distribution::Hash(columns)) => of.within(below(), columns),
        PhysicalKind::Exchange(_) => below(),
        PhysicalKind::OverAggregate { windows, .. } => {
            of.within(below(), windows.first().map_or(&[], |window| &window.partition))
        }
        PhysicalKind::Calc { projection, .. } => projected(&below(), projection),
        PhysicalKind::Deduplicate(deduplicate) => Keys::from([sorted(deduplicate.key.clone())]),
        PhysicalKind::Rank(rank) => ranked(rank, node, of.within(below(), &rank.partition)),
        PhysicalKind::GroupAggregate(grouping)
        | PhysicalKind::HashAggregate(grouping)
        | PhysicalKind::SortAggregate(grouping) => of_groups(grouping.keys.len()),
        PhysicalKind::GlobalGroupAggregate(global)
        | PhysicalKind::GlobalBatchAggregate { global, .. } => {
            of_groups(global.grouping.keys.len())
        }
        PhysicalKind::GroupWindowAggregate { grouping, window, .. } => {
            of_windows(grouping.keys.len(), window.properties.len(), node)
        }
        PhysicalKind::WindowAggregate { grouping, properties, .. } => {
            of_windows(grouping.keys.len(), properties.len(), node)
        }
        PhysicalKind::GlobalWindowAggregate { global, properties, .. } => {
            of_windows(global.grouping.keys.len(), properties.len(), node)
        }
        PhysicalKind::Join(join) => joined(join, node, of),
        _ => Keys::new(),
    }
}

fn sorted(mut key: Vec<usize>) -> Vec<usize> {
    key.sort_unstable();
    key
}

/// The first so many columns name a group.
fn of_groups(keys: usize) -> Keys {
    Keys::from([(0..keys).collect()])
}

/// A group and any moment of its window, the last columns, name a row.
fn of_windows(keys: usize, properties: usize, node: &PhysicalNode) -> Keys {
    let width = node.schema.len();
    (width - properties..width).map(|moment| (0..keys).chain([moment]).collect()).collect()
}

fn ranked(rank: &Rank, node: &PhysicalNode, below: Keys) -> Keys {
    let mut keys = below;
    if rank.range.start == rank.range.end {
        keys.insert(sorted(rank.partition.clone()));
    } else if rank.number {
        let number = node.schema.len() - 1;
        keys.insert(sorted(rank.partition.iter().copied().chain([number]).collect()));
    }
    keys
}

/// Keys whose columns all stay, wherever they stand; a column may stand in several places.
fn projected(below: &Keys, projection: &[Expr]) -> Keys {
    let places = |column: &usize| -> Vec<usize> {
        let stands = |(place, expr): (usize, &Expr)| (kept(expr) == Some(*column)).then_some(place);
        projection.iter().enumerate().filter_map(stands).collect()
    };
    let mut all = Keys::new();
    for key in below {
        let mut found = vec![Vec::new()];
        for column in key {
            let places = places(column);
            let with = |key: &Vec<usize>| -> Vec<Vec<usize>> {
                places.iter().map(|place| [&key[..], &[*place]].concat()).collect()
            };
            found = found.iter().flat_map(with).collect();
        }
        all.extend(found.into_iter().map(sorted));
    }
    all
}

/// The column whose values an expression keeps apart.
fn kept(expr: &Expr) -> Option<usize> {
    if expr.as_column().is_some() {
        return expr.as_column();
    }
    let [source] = expr.operands() else { return None };
    let is_lossless =
        expr.is_cast() && loses_nothing(&source.data_type.logical, &expr.data_type.logical);
    source.as_column().filter(|_| is_lossless)
}

/// Whether different values stay different in another type.
///
/// Source: `RexUtil.isLosslessCast` of Calcite 1.32.
fn loses_nothing(from: &LogicalType, to: &LogicalType) -> bool {
    let integer = |t: &LogicalType| {
        Some(match t {
            LogicalType::TinyInt => 1,
            LogicalType::SmallInt => 2,
            LogicalType::Int => 3,
            LogicalType::BigInt => 4,
            _ => return None,
        })
    };
    let text = |t: &LogicalType| match t {
        LogicalType::Char(length) | LogicalType::Varchar(length) => Some(*length),
        _ => None,
    };
    let is_wider = |a: Option<u32>, b: Option<u32>| a.zip(b).is_some_and(|(a, b)| a <= b);
    from == to || is_wider(integer(from), integer(to)) || is_wider(text(from), text(to))
}

fn joined(join: &Join, node: &PhysicalNode, of: Of) -> Keys {
    let [left, right] = node.inputs.as_slice() else { return Keys::new() };
    let [left_key, right_key] = &join.keys;
    let of_left = of.within(keys(left, of), left_key);
    if let JoinKind::Semi | JoinKind::Anti = join.kind {
        return of_left;
    }
    let of_right = of.within(keys(right, of), right_key);
    let is_one = |keys: &Keys, by: &[usize]| keys.iter().any(|k| k.iter().all(|c| by.contains(c)));
    let (one_left, one_right) = (is_one(&of_left, left_key), is_one(&of_right, right_key));
    let width = left.schema.len();
    let moved = |key: Vec<usize>| key.into_iter().map(|column| column + width).collect();
    let of_right: Keys = of_right.into_iter().map(moved).collect();
    let pairs = of_left.iter().flat_map(|l| of_right.iter().map(|r| [&l[..], &r[..]].concat()));
    let mut all: Keys = pairs.collect();
    if one_right && !matches!(join.kind, JoinKind::Right | JoinKind::Full) {
        all.extend(of_left);
    }
    if one_left && !matches!(join.kind, JoinKind::Left | JoinKind::Full) {
        all.extend(of_right);
    }
    if all.len() <= MOST {
        return all;
    }
    let mut fewest: Vec<Vec<usize>> = all.into_iter().collect();
    fewest.sort_by_key(Vec::len);
    fewest.into_iter().take(MOST).collect()
}
