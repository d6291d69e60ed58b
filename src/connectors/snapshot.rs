//! The bytes of what readers and writers put into a checkpoint.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::base::{Error, Result};

/// State as bytes.
///
/// Errors: `snapshot-not-written`.
pub(super) fn encode<T: Serialize>(state: &T) -> Result<Vec<u8>> {
    postcard::to_stdvec(state).map_err(|e| Error::new("snapshot-not-written").arg("reason", e))
}

/// State from bytes.
///
/// Errors: `snapshot-not-read`.
pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    postcard::from_bytes(bytes).map_err(|e| Error::new("snapshot-not-read").arg("reason", e))
}
