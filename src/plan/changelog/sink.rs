//! Which changes a sink takes, and what its primary key asks of them.

use super::{Reader, is_within, leaves_before_out, producer};
use crate::base::{Error, Result};
use crate::connectors::descriptor::Accepts;
use crate::connectors::registry::find;
use crate::plan::keys::{smallest, upsert_keys};
use crate::plan::physical::{PhysicalKind, PhysicalNode, UpsertMaterialize};
use crate::sql::bound::Materialize;

/// A sink that takes `+I` alone refuses a query that changes its rows.
///
/// # Errors
/// `sink-no-updates`, `sink-no-deletes`.
pub(super) fn check(root: &PhysicalNode) -> Result<()> {
    let PhysicalKind::Sink { table, .. } = &root.kind else { return Ok(()) };
    let accepts = find(table.options.clone())?.accepts();
    if accepts != Some(Accepts::InsertOnly) || root.changelog.is_insert_only() {
        return Ok(());
    }
    let code = match root.changelog.update_after {
        true => "sink-no-updates",
        false => "sink-no-deletes",
    };
    Err(Error::new(code)
        .arg("table", &table.path)
        .arg("producer", root.inputs.first().map(producer).unwrap_or_default()))
}

/// Whether a sink does not ask for `-U`, and what stands before it can leave it out.
pub(super) fn does_without_before(root: &PhysicalNode, reader: Reader) -> Result<bool> {
    let PhysicalKind::Sink { table, .. } = &root.kind else {
        return Ok(reader == Reader::Nobody && root.inputs.iter().all(leaves_before_out));
    };
    let accepts = find(table.options.clone())?.descriptor().sink;
    // Without the old row nobody could tell that its place by another key is free.
    let mut key = table.primary_key.clone();
    key.sort_unstable();
    let keeps_its_key = |input: &PhysicalNode| key.is_empty() || upsert_keys(input).contains(&key);
    Ok(accepts == Some(Accepts::ChangesWithoutBefore)
        && root.inputs.iter().all(|input| keeps_its_key(input) && leaves_before_out(input)))
}

/// Rows are kept by the primary key of their sink where two rows of the changes may have the same.
///
/// Source: `FlinkChangelogModeInferenceProgram.analyzeUpsertMaterializeStrategy` of Flink 1.18.
pub(super) fn materialize(root: &mut PhysicalNode, when: Materialize) -> Result<()> {
    let (PhysicalKind::Sink { table, materialize, .. }, [input]) =
        (&mut root.kind, root.inputs.as_slice())
    else {
        return Ok(());
    };
    let keys = upsert_keys(input);
    let may_meet = || keys.iter().all(|key| !is_within(key, &table.primary_key));
    let accepts = find(table.options.clone())?.accepts();
    let is_needed = match when {
        Materialize::Never => false,
        Materialize::Always => true,
        Materialize::Auto => {
            accepts != Some(Accepts::InsertOnly) && !input.changelog.is_insert_only() && may_meet()
        }
    };
    if is_needed && !table.primary_key.is_empty() {
        *materialize = Some(UpsertMaterialize { input_key: smallest(&keys).cloned() });
    }
    Ok(())
}
