//! Writes to keyed state, and the stamp that each leaves on the record that caused it.

use std::sync::Arc;

use super::{Model, Moment};
use crate::model::records::{FieldChange, Hop, Place};
use crate::model::state::{StateEntry, StateField, key_text};
use crate::trace::event::StateChange;

pub(super) fn write(model: &mut Model, moment: Moment, change: &StateChange) {
    let Some(job) = model.job_mut(change.subtask.job) else { return };
    let key = job.palette.key(&key_text(&change.key));
    job.scoreboard.write(change, &key);
    let Some(subtask) = job.subtask_mut(change.subtask) else { return };
    let name = (change.operator, change.state.clone());
    let table = Arc::make_mut(subtask.states.entry(name).or_default());
    let entry = table.write(change, &key, moment.sequence, moment.at).cloned();
    let Some(cause) = change.cause else { return };
    let place = Place::State {
        subtask: change.subtask,
        operator: change.operator,
        state: change.state.clone(),
        key: key.text,
        sequence: moment.sequence,
        changes: entry.map(|entry| changes(&entry)).unwrap_or_default(),
    };
    model.records.hop(cause, Hop { sequence: moment.sequence, at: moment.at, place });
}

fn changes(entry: &StateEntry) -> Arc<[FieldChange]> {
    let before = |name: &str| {
        entry.before.iter().find(|field| &*field.name == name).map(|field| field.text.clone())
    };
    let change = |field: &StateField| FieldChange {
        name: field.name.clone(),
        before: before(&field.name),
        after: field.text.clone(),
    };
    entry.values.iter().map(change).collect()
}
