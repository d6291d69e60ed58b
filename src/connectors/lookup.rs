//! What a table that can be asked is to the cluster: for a key it gives the rows that have it, now.

use arrow::array::ArrayRef;

use crate::base::{LabTime, Result};
use crate::data::{Batch, Schema};

/// The rows for some keys.
#[derive(Debug)]
pub struct Found {
    /// The rows, those of a key together and in the order of the keys.
    pub rows: Batch,
    /// For each row the position of its key.
    pub keys: Vec<u32>,
}

/// Answers one subtask. It has no state: what it says depends on the key and the moment alone.
pub trait Lookup: Send {
    /// The rows for each key. `keys` are the columns of the keys, in the order of
    /// [`LookupRequest::keys`](super::LookupRequest::keys), at least one; none of them is NULL.
    fn look_up(&mut self, keys: &[ArrayRef], now: LabTime) -> Result<Found>;
}

/// Makes what answers for a table.
pub trait LookupFactory: Send + Sync {
    /// What answers one subtask. `seed` is the seed of the run, the same for all of them.
    fn create(&self, seed: u64) -> Result<Box<dyn Lookup>>;

    /// The columns of the rows that it gives.
    fn output(&self) -> &Schema;
}
