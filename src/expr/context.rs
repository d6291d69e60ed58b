//! What an expression may read besides the row: the clock and the session's time zone.

use crate::base::{LabTime, Result};

pub use crate::data::zone::Zone;

/// The surroundings of an evaluation.
#[derive(Clone, Debug, Default)]
pub struct EvalContext {
    /// The moment that CURRENT_TIMESTAMP and its like give: now for a stream, the start of the query
    /// for a batch job.
    pub now: LabTime,
    /// The session's time zone (`table.local-time-zone`).
    pub zone: Zone,
}

impl EvalContext {
    /// A context in a zone given by name (`UTC`, `America/Sao_Paulo`, `GMT-03:00`).
    ///
    /// # Errors
    /// `unknown-time-zone`.
    pub fn new(now: LabTime, zone: &str) -> Result<Self> {
        Ok(Self { now, zone: zone.parse()? })
    }
}
