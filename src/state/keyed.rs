//! Keyed state of the DataStream API: one value for each key, kept by key group.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::snapshot::OperatorSnapshot;
use crate::base::{Error, Result};
use crate::data::Value;
use crate::data::key::{java_hash_code, key_group};

/// A key of the DataStream API and where it lives.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    value: Value,
    group: u16,
    bytes: Vec<u8>,
}

impl Key {
    /// A key, hashed as Java does; `key_groups` is the number of key groups of the job.
    pub fn new(value: Value, key_groups: u16) -> Result<Self> {
        let group = key_group(java_hash_code(&value), key_groups);
        let bytes = postcard::to_stdvec(&value)
            .map_err(|e| Error::new("state-not-written").arg("reason", e))?;
        Ok(Self { value, group, bytes })
    }

    /// The key itself.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Its key group.
    pub fn group(&self) -> u16 {
        self.group
    }
}

/// What can be kept as the value of a key, and how it shows itself to a person.
pub trait StateValue: Clone + Send + Serialize + DeserializeOwned + 'static {
    /// Its parts by name, for the trace.
    fn parts(&self) -> Vec<(Arc<str>, Value)>;
}

/// The values of one named state, ordered by key group and key.
#[derive(Clone, Debug)]
pub struct KeyedValues<S> {
    groups: BTreeMap<u16, BTreeMap<Vec<u8>, S>>,
}

impl<S> Default for KeyedValues<S> {
    fn default() -> Self {
        Self { groups: BTreeMap::new() }
    }
}

impl<S: StateValue> KeyedValues<S> {
    /// The value of a key.
    pub fn get(&self, key: &Key) -> Option<&S> {
        self.groups.get(&key.group)?.get(&key.bytes)
    }

    /// Sets or (`None`) clears the value of a key.
    pub fn set(&mut self, key: &Key, value: Option<S>) {
        let group = self.groups.entry(key.group).or_default();
        match value {
            Some(value) => group.insert(key.bytes.clone(), value),
            None => group.remove(&key.bytes),
        };
    }

    /// All values, as a snapshot of this version.
    ///
    /// Errors: `state-not-written`.
    pub fn snapshot(&self, version: u16) -> Result<OperatorSnapshot> {
        let entries = self
            .groups
            .iter()
            .flat_map(|(group, values)| values.iter().map(move |entry| (*group, entry)));
        OperatorSnapshot::of_entries(version, entries)
    }

    /// Takes over the key groups in `own`.
    ///
    /// Errors: `state-version`, `state-not-read`.
    pub fn restore(
        &mut self,
        snapshots: &[OperatorSnapshot],
        version: u16,
        own: &RangeInclusive<u16>,
        key_groups: u16,
    ) -> Result<()> {
        let entries = OperatorSnapshot::entries::<(Vec<u8>, S)>(snapshots, version, own)?;
        for (bytes, value) in entries {
            let key: Value = postcard::from_bytes(&bytes)
                .map_err(|e| Error::new("state-not-read").arg("reason", e))?;
            self.set(&Key::new(key, key_groups)?, Some(value));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Sum(i64);

    impl StateValue for Sum {
        fn parts(&self) -> Vec<(Arc<str>, Value)> {
            vec![("sum".into(), Value::BigInt(self.0))]
        }
    }

    #[test]
    fn key_groups_move_and_totals_stay() {
        let keys: Vec<Key> = (0..50).map(|n| Key::new(Value::Int(n), 128).unwrap()).collect();
        let mut whole = KeyedValues::default();
        keys.iter().enumerate().for_each(|(n, key)| whole.set(key, Some(Sum(n as i64))));
        whole.set(&keys[7], None);
        let snapshots = [whole.snapshot(1).unwrap()];
        let mut halves = [KeyedValues::<Sum>::default(), KeyedValues::default()];
        halves[0].restore(&snapshots, 1, &(0..=63), 128).unwrap();
        halves[1].restore(&snapshots, 1, &(64..=127), 128).unwrap();
        for (n, key) in keys.iter().enumerate() {
            let expected = (n != 7).then_some(Sum(n as i64));
            let owner = usize::from(key.group() >= 64);
            assert_eq!(halves[owner].get(key).cloned(), expected, "key {n}");
            assert_eq!(halves[1 - owner].get(key), None, "key {n}");
        }
    }
}
