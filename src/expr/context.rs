//! What an expression may read besides the row: the clock and the session's time zone.

use std::cell::RefCell;

use crate::base::random::SeededRandom;
use crate::base::{LabTime, Result};

pub use crate::data::zone::Zone;

/// The surroundings of an evaluation.
#[derive(Clone, Debug)]
pub struct EvalContext {
    /// The moment that CURRENT_TIMESTAMP and its like give: now for a stream, the start of the query
    /// for a batch job.
    pub now: LabTime,
    /// The session's time zone (`table.local-time-zone`).
    pub zone: Zone,
    /// How many rows were evaluated before those at hand: where the sequence of a seed goes on.
    pub rows_before: u64,
    /// Draws what has no seed of its own.
    pub chance: RefCell<SeededRandom>,
}

impl Default for EvalContext {
    fn default() -> Self {
        Self::at(LabTime::default(), Zone::default())
    }
}

impl EvalContext {
    /// A moment in a zone, before the first row.
    pub fn at(now: LabTime, zone: Zone) -> Self {
        Self { now, zone, rows_before: 0, chance: RefCell::new(SeededRandom::new(0)) }
    }

    /// A context in a zone given by name (`UTC`, `America/Sao_Paulo`, `GMT-03:00`).
    ///
    /// # Errors
    /// `unknown-time-zone`.
    pub fn new(now: LabTime, zone: &str) -> Result<Self> {
        Ok(Self::at(now, zone.parse()?))
    }
}
