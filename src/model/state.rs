//! Keyed state as a table by key that changes before your eyes.

use std::{collections::BTreeMap, sync::Arc};

use super::cells::value_text;
use super::palette::Key;
use crate::base::{LabTime, OperatorId, RecordId};
use crate::data::Value;
use crate::trace::event::StateChange;

/// The state tables of one subtask: by operator and name of the state.
pub type StateTables = BTreeMap<(OperatorId, Arc<str>), Arc<StateTable>>;

/// One named state of one subtask.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StateTable {
    /// By the texts of window and key. Holds at most [`StateTable::MAX_KEYS`].
    pub entries: BTreeMap<Arc<str>, Arc<StateEntry>>,
    /// The key that was written last.
    pub last: Option<Arc<str>>,
    /// Keys that have state but no entry here, because there are too many.
    pub more: u64,
}

/// What a key holds.
#[derive(Clone, Debug, PartialEq)]
pub struct StateEntry {
    /// The key.
    pub key: Key,
    /// The values of the key's columns.
    pub key_values: Arc<[Value]>,
    /// The end of the window in which the key holds it.
    pub window: Option<Arc<str>>,
    /// Its group.
    pub key_group: u16,
    /// Named values now.
    pub values: Vec<StateField>,
    /// Named values before the last write; empty if the key was new.
    pub before: Vec<StateField>,
    /// When the last write came.
    pub at: LabTime,
    /// The event of the last write.
    pub sequence: u64,
    /// The record that caused it.
    pub cause: Option<RecordId>,
}

/// A named value.
#[derive(Clone, Debug, PartialEq)]
pub struct StateField {
    /// Its name.
    pub name: Arc<str>,
    /// The value.
    pub value: Value,
    /// The value as text.
    pub text: Arc<str>,
}

impl StateTable {
    /// Keys shown of one state; more are only counted.
    pub const MAX_KEYS: usize = 1_000;

    /// The entry that was written last.
    pub fn last_entry(&self) -> Option<&StateEntry> {
        self.entries.get(self.last.as_ref()?).map(|entry| &**entry)
    }

    /// Takes a write over; what the key holds now, if it holds anything and is shown.
    pub(super) fn write(
        &mut self,
        change: &StateChange,
        key: &Key,
        sequence: u64,
        at: LabTime,
    ) -> Option<&Arc<StateEntry>> {
        let window = change.window.as_ref().map(value_text);
        let text: Arc<str> = match &window {
            Some(window) => format!("{window}, {}", key.text).into(),
            None => key.text.clone(),
        };
        self.last = Some(text.clone());
        if change.after.is_empty() {
            self.entries.remove(&text);
        } else if self.entries.len() < Self::MAX_KEYS || self.entries.contains_key(&text) {
            let entry = StateEntry {
                key: key.clone(),
                key_values: change.key.clone(),
                window,
                key_group: change.key_group,
                values: fields(&change.after),
                before: fields(&change.before),
                at,
                sequence,
                cause: change.cause,
            };
            self.entries.insert(text.clone(), Arc::new(entry));
        } else if change.before.is_empty() {
            self.more += 1;
        }
        self.entries.get(&text)
    }

    /// The part that belongs to some key groups (both ends included), as a restore brings it.
    pub(super) fn restricted(&self, (first, last): (u16, u16)) -> Self {
        let mine = |entry: &StateEntry| (first..=last).contains(&entry.key_group);
        let entries = self.entries.iter().filter(|(_, entry)| mine(entry));
        Self {
            entries: entries.map(|(k, e)| (k.clone(), e.clone())).collect(),
            last: None,
            more: 0,
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.entries.extend(other.entries);
    }
}

impl StateEntry {
    /// The value of a field, as text.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|field| &*field.name == name).map(|field| &*field.text)
    }
}

/// The text of a key: its columns joined by `, `.
pub fn key_text(key: &[Value]) -> String {
    let texts: Vec<_> = key.iter().map(value_text).collect();
    texts.join(", ")
}

fn fields(values: &[(Arc<str>, Value)]) -> Vec<StateField> {
    let field = |(name, value): &(Arc<str>, Value)| StateField {
        name: name.clone(),
        value: value.clone(),
        text: value_text(value),
    };
    values.iter().map(field).collect()
}
