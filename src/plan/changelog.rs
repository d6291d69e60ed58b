//! Which changes each operator emits, and which ones the operator after it needs.
//!
//! As Flink's `FlinkChangelogModeInferenceProgram`, in two passes: from the sources up, the kinds of
//! change that can arise; from the sinks down, whether an update must come with its old value (`-U`).

mod sink;

use std::fmt;

use super::explain::describe;
use super::join::{Join, Near};
use super::keys::{smallest, unique_keys, upsert_keys_by};
use super::monotonicity::strategy;
use super::physical::{PhysicalKind, PhysicalNode};
use super::rank::{Deduplicate, Rank, RankStrategy};
use crate::base::{Error, Result, RuntimeMode};
use crate::connectors::registry::find;
use crate::sql::bound::{JoinKind, Materialize, SortKey, WindowKind};

/// The kinds of change in a stream; `+I` is always among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangelogMode {
    /// `-U`.
    pub update_before: bool,
    /// `+U`.
    pub update_after: bool,
    /// `-D`.
    pub delete: bool,
}

impl ChangelogMode {
    /// `+I` alone.
    pub const INSERT_ONLY: Self = Self { update_before: false, update_after: false, delete: false };
    /// Every kind.
    pub const ALL: Self = Self { update_before: true, update_after: true, delete: true };

    /// Whether it is `+I` alone.
    pub fn is_insert_only(self) -> bool {
        self == Self::INSERT_ONLY
    }

    fn union(self, other: Self) -> Self {
        Self {
            update_before: self.update_before || other.update_before,
            update_after: self.update_after || other.update_after,
            delete: self.delete || other.delete,
        }
    }
}

/// As EXPLAIN CHANGELOG_MODE prints it.
impl fmt::Display for ChangelogMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("I")?;
        let kinds = [(self.update_before, "UB"), (self.update_after, "UA"), (self.delete, "D")];
        kinds.iter().filter(|(there, _)| *there).try_for_each(|(_, kind)| write!(f, ",{kind}"))
    }
}

/// Who reads the rows of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    /// The result store, which asks for every kind of change.
    Asks,
    /// Nobody: the query is only explained.
    Nobody,
}

/// Decides for a whole tree.
///
/// # Errors
/// `sink-no-updates`, `sink-no-deletes`, `window-no-updates`.
pub(crate) fn decide(
    root: &mut PhysicalNode,
    mode: RuntimeMode,
    reader: Reader,
    when: Materialize,
) -> Result<()> {
    if mode == RuntimeMode::Batch {
        return Ok(());
    }
    arise(root)?;
    sink::check(root)?;
    sink::materialize(root, when)?;
    let needed = !root.changelog.is_insert_only() && !sink::does_without_before(root, reader)?;
    need_update_before(root, needed);
    Ok(())
}

/// Whether all columns of a key are among others.
fn is_within(key: &[usize], columns: &[usize]) -> bool {
    key.iter().all(|column| columns.contains(column))
}

/// Whether a node can update without `-U`. A filter cannot: it would not know whether the old row had
/// passed; nor can a join whose rows may have had another key.
fn leaves_before_out(node: &PhysicalNode) -> bool {
    if !node.changelog.update_after {
        return true;
    }
    match &node.kind {
        PhysicalKind::Calc { condition: Some(_), .. } => false,
        PhysicalKind::Join(join) => match join.near {
            Some(Near::Version { .. }) => node.inputs.first().is_none_or(leaves_before_out),
            _ => node.inputs.iter().zip(&join.keys).all(|(input, key)| {
                let is_named = || upsert_keys_by(input, key).iter().any(|k| is_within(key, k));
                !input.changelog.update_after || (is_named() && leaves_before_out(input))
            }),
        },
        PhysicalKind::GroupAggregate(_)
        | PhysicalKind::GroupWindowAggregate { .. }
        | PhysicalKind::Rank(_)
        | PhysicalKind::SortLimit { .. }
        | PhysicalKind::Deduplicate(_)
        | PhysicalKind::Limit { .. } => true,
        _ => node.inputs.iter().all(leaves_before_out),
    }
}

/// What arises in a node, its inputs first.
fn arise(node: &mut PhysicalNode) -> Result<ChangelogMode> {
    let mut of_inputs = ChangelogMode::INSERT_ONLY;
    for input in &mut node.inputs {
        of_inputs = of_inputs.union(arise(input)?);
    }
    choose_strategy(node);
    node.changelog = match &node.kind {
        PhysicalKind::TableSourceScan { table, .. }
            if find(table.options.clone())?.emits_changes() =>
        {
            ChangelogMode::ALL
        }
        // Of one without calls too, which never updates a row: as Flink sees it.
        PhysicalKind::GroupAggregate(_) => ChangelogMode {
            update_before: true,
            update_after: true,
            delete: !of_inputs.is_insert_only(),
        },
        PhysicalKind::SortLimit { .. } | PhysicalKind::Rank(_) => ChangelogMode::ALL,
        PhysicalKind::Deduplicate(_) | PhysicalKind::OverAggregate { .. }
            if !of_inputs.is_insert_only() =>
        {
            return Err(no_updates(node));
        }
        PhysicalKind::Deduplicate(Deduplicate { rowtime: None, keep_last: false, .. }) => {
            ChangelogMode::INSERT_ONLY
        }
        PhysicalKind::Deduplicate(_) => ChangelogMode::ALL,
        PhysicalKind::Limit { .. } if !of_inputs.is_insert_only() => ChangelogMode::ALL,
        PhysicalKind::TemporalSort(_)
        | PhysicalKind::WindowTableFunction(_)
        | PhysicalKind::WindowAggregate { .. }
        | PhysicalKind::WindowRank(_)
        | PhysicalKind::Match(_)
        | PhysicalKind::WindowJoin(_)
            if !of_inputs.is_insert_only() =>
        {
            return Err(no_updates(node));
        }
        PhysicalKind::GroupWindowAggregate { window, .. } => {
            let inserts = of_inputs.is_insert_only();
            if !inserts && matches!(window.kind, WindowKind::Session { .. }) {
                return Err(no_updates(node));
            }
            let updates = window.emit.is_some_and(|emit| emit.produces_updates());
            ChangelogMode {
                update_before: updates,
                update_after: updates,
                delete: updates && !inserts,
            }
        }
        PhysicalKind::Join(join) if matches!(join.near, Some(Near::Version { .. })) => {
            versioned(node, join)?;
            node.inputs.first().map_or(of_inputs, |left| left.changelog)
        }
        PhysicalKind::Join(join) if join.near.is_some() => {
            if !of_inputs.is_insert_only() {
                return Err(no_updates(node));
            }
            of_inputs
        }
        PhysicalKind::Join(join) if !matches!(join.kind, JoinKind::Inner | JoinKind::Semi) => {
            ChangelogMode::ALL
        }
        _ => of_inputs,
    };
    Ok(node.changelog)
}

/// The right of a temporal join has versions by a key, which the condition asks for.
///
/// # Errors
/// `temporal-no-key`, `temporal-key-not-asked`.
fn versioned(node: &PhysicalNode, join: &Join) -> Result<()> {
    let Some(right) = node.inputs.get(1) else { return Ok(()) };
    let Some(Near::Version { place, .. }) = join.near else { return Ok(()) };
    let keys = unique_keys(right);
    let Some(key) = smallest(&keys) else {
        return Err(Error::new("temporal-no-key").at(place));
    };
    if keys.iter().any(|key| is_within(key, &join.keys[1])) {
        return Ok(());
    }
    let names = key.iter().map(|c| right.schema.fields()[*c].name.as_str()).collect::<Vec<_>>();
    Err(Error::new("temporal-key-not-asked").arg("key", names.join(", ")).at(place))
}

/// A Top-N keeps its rows by what its input does.
fn choose_strategy(node: &mut PhysicalNode) {
    let Some(input) = node.inputs.first() else { return };
    // Rows that are updated in place come without their old values.
    let strategy = |partition: &[usize], order: &[SortKey]| match strategy(input, partition, order)
    {
        RankStrategy::UpdateFast(_) if !leaves_before_out(input) => RankStrategy::Retract,
        strategy => strategy,
    };
    match &mut node.kind {
        PhysicalKind::Rank(rank) => rank.strategy = strategy(&rank.partition, &rank.order),
        PhysicalKind::SortLimit { keys, strategy: chosen, .. } => {
            *chosen = Some(strategy(&[], keys));
        }
        _ => {}
    }
}

fn no_updates(node: &PhysicalNode) -> Error {
    Error::new("operator-no-updates")
        .arg("operator", node.kind.name())
        .arg("producer", node.inputs.first().map(producer).unwrap_or_default())
}

/// The operator that makes the changes, as EXPLAIN writes it.
fn producer(node: &PhysicalNode) -> String {
    match (&node.kind, node.inputs.first()) {
        (PhysicalKind::Exchange(_) | PhysicalKind::Calc { .. }, Some(input)) => producer(input),
        _ => describe(node, RuntimeMode::Streaming),
    }
}

/// Whether `-U` is needed of a node; most nodes pass the question on.
fn need_update_before(node: &mut PhysicalNode, needed: bool) {
    if !needed {
        node.changelog.update_before = false;
    }
    if let PhysicalKind::Join(join) = &node.kind
        && let Some(Near::Version { .. }) = join.near
        && let [left, right] = node.inputs.as_mut_slice()
    {
        need_update_before(left, needed);
        // The version of a key takes the place of the one before, which need not be taken back.
        let is_needed = !leaves_before_out(right);
        return need_update_before(right, is_needed);
    }
    let of_inputs = match &node.kind {
        PhysicalKind::Rank(Rank { strategy, .. })
        | PhysicalKind::SortLimit { strategy: Some(strategy), .. } => {
            *strategy == RankStrategy::Retract
        }
        PhysicalKind::GroupAggregate(_)
        | PhysicalKind::GroupWindowAggregate { .. }
        | PhysicalKind::Limit { .. } => true,
        PhysicalKind::Calc { condition, .. } => needed || condition.is_some(),
        _ => needed,
    };
    node.inputs.iter_mut().for_each(|input| need_update_before(input, of_inputs));
}
