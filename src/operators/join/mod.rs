//! Joins: rows of two inputs with equal keys, side by side.
//!
//! | File | What it holds |
//! |---|---|
//! | `spec` | what every join says |
//! | `streaming` | both inputs kept; each row answered with the changes that it makes |
//! | `bounded` | the right input kept whole, then the left one looked up in it |
//! | `timed` | by event time: rows near in time, and the version of a time |
//! | `lookup` | rows looked up in rows that are there whole; also of a window |
//! | `pairs` | who matches whom, and the columns of what goes out |
//! | `side` | the rows of one input, by key |

mod bounded;
mod lookup;
mod pairs;
mod side;
mod spec;
mod streaming;
#[cfg(test)]
mod tests;
pub mod timed;

use self::spec::can_match;
pub use self::spec::{JoinKind, JoinSpec};
use super::state_trace::Named;
use super::{Operator, OperatorFactory, SubtaskInfo};
use crate::base::Result;
use crate::data::{Schema, Value};

pub(super) use self::lookup::Lookup;

/// A join of all rows of both inputs.
#[derive(Clone, Debug)]
pub struct JoinFactory {
    /// Keys, condition, columns.
    pub join: JoinSpec,
    /// Of a stream, the columns that name a row of the left and of the right, if some do: a row takes
    /// the place of the one with its name.
    pub names: [Option<Vec<usize>>; 2],
    /// Whether both inputs end and the answer comes once.
    pub bounded: bool,
    /// How long a row is kept after it was last written, in milliseconds; for ever if 0.
    pub ttl: i64,
}

impl OperatorFactory for JoinFactory {
    fn create(&self, subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        Ok(match self.bounded {
            true => Box::new(bounded::BoundedJoin::new(self)),
            false => Box::new(streaming::StreamingJoin::new(self, subtask)?),
        })
    }

    fn output(&self) -> &Schema {
        &self.join.output
    }
}

/// The name of the state of joins.
pub(super) const STATE: &str = "join";

/// What the trace tells of a key: how many rows of each input it holds.
pub(super) fn held(counts: [i64; 2]) -> Named {
    if counts == [0, 0] {
        return Named::new();
    }
    let [left, right] = counts.map(Value::BigInt);
    vec![("left".into(), left), ("right".into(), right)]
}
