//! What an operator puts into a checkpoint.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

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
    /// Its size in bytes, for people.
    pub fn bytes(&self) -> u64 {
        let keyed: usize = self.keyed.values().map(Vec::len).sum();
        (keyed + self.operator.len()) as u64
    }
}
