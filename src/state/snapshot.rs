//! What an operator puts into a checkpoint.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::base::{Error, Result};

/// The state of one operator in one subtask, as bytes.
///
/// Keyed state is cut by key group, so that another parallelism can take over whole groups. Operator
/// state (source offsets, a sink's pending files) belongs to the subtask.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorSnapshot {
    /// The version of the byte form; a reader refuses what it does not know.
    pub version: u16,
    /// Bytes per key group; groups without state are absent.
    pub keyed: BTreeMap<u16, Vec<u8>>,
    /// The subtask's own state.
    pub operator: Vec<u8>,
}

impl OperatorSnapshot {
    /// A snapshot of keyed entries, each with its key group; their order within a group is kept.
    ///
    /// Errors: `state-not-written`.
    pub fn of_entries<T: Serialize>(
        version: u16,
        entries: impl IntoIterator<Item = (u16, T)>,
    ) -> Result<Self> {
        let mut keyed: BTreeMap<u16, Vec<u8>> = BTreeMap::new();
        for (key_group, entry) in entries {
            let bytes = encode(&entry)?;
            keyed.entry(key_group).or_default().extend(bytes);
        }
        Ok(Self { version, keyed, operator: Vec::new() })
    }

    /// A snapshot of state that belongs to the subtask alone.
    ///
    /// Errors: `state-not-written`.
    pub fn of_operator<T: Serialize>(version: u16, state: &T) -> Result<Self> {
        Self { version, ..Self::default() }.with_operator(state)
    }

    /// The same snapshot with state of the subtask's own.
    ///
    /// Errors: `state-not-written`.
    pub fn with_operator<T: Serialize>(mut self, state: &T) -> Result<Self> {
        self.operator = encode(state)?;
        Ok(self)
    }

    /// The keyed entries of these key groups in all snapshots.
    ///
    /// Errors: `state-version`, `state-not-read`.
    pub fn entries<T: DeserializeOwned>(
        snapshots: &[Self],
        version: u16,
        key_groups: &RangeInclusive<u16>,
    ) -> Result<Vec<T>> {
        let mut entries = Vec::new();
        for snapshot in snapshots {
            snapshot.check_version(version)?;
            if key_groups.is_empty() {
                continue;
            }
            for (_, bytes) in snapshot.keyed.range(key_groups.clone()) {
                let mut rest = bytes.as_slice();
                while !rest.is_empty() {
                    let (entry, behind) = postcard::take_from_bytes(rest).map_err(not_read)?;
                    entries.push(entry);
                    rest = behind;
                }
            }
        }
        Ok(entries)
    }

    /// The subtask's own state; `None` if it has none.
    ///
    /// Errors: `state-version`, `state-not-read`.
    pub fn operator<T: DeserializeOwned>(&self, version: u16) -> Result<Option<T>> {
        self.check_version(version)?;
        if self.operator.is_empty() {
            return Ok(None);
        }
        postcard::from_bytes(&self.operator).map(Some).map_err(not_read)
    }

    /// Its size in bytes, for people.
    pub fn bytes(&self) -> u64 {
        let keyed: usize = self.keyed.values().map(Vec::len).sum();
        (keyed + self.operator.len()) as u64
    }

    fn check_version(&self, known: u16) -> Result<()> {
        if self.version == known {
            return Ok(());
        }
        Err(Error::new("state-version").arg("found", self.version).arg("known", known))
    }
}

fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    postcard::to_stdvec(value).map_err(|e| Error::new("state-not-written").arg("reason", e))
}

fn not_read(error: postcard::Error) -> Error {
    Error::new("state-not-read").arg("reason", error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_cut_by_key_group() -> Result<()> {
        let entries = [(3, "c"), (1, "a"), (3, "d"), (9, "z")];
        let snapshot = OperatorSnapshot::of_entries(1, entries)?;
        let read = |range: RangeInclusive<u16>| -> Result<Vec<String>> {
            OperatorSnapshot::entries(std::slice::from_ref(&snapshot), 1, &range)
        };
        assert_eq!(read(0..=127)?, ["a", "c", "d", "z"]);
        assert_eq!(read(2..=3)?, ["c", "d"]);
        assert_eq!(read(10..=20)?, [""; 0]);
        Ok(())
    }

    #[test]
    fn another_version_is_refused() -> Result<()> {
        let snapshot = OperatorSnapshot::of_operator(0, &5_u64)?;
        assert_eq!(snapshot.operator::<u64>(0)?, Some(5));
        let refused = snapshot.operator::<u64>(1).expect_err("another version");
        assert_eq!(refused.to_string(), r#"state-version found="0" known="1""#);
        Ok(())
    }
}
