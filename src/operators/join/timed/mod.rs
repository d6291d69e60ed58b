//! Joins by event time: rows of two streams whose times are near each other, and a row with the version
//! that was valid at its time.
//!
//! Both hold rows until the watermark says that nothing can meet them any more; what is held is the rows
//! that came, as columns, and for each key the numbers of its rows.
//!
//! | File | What it holds |
//! |---|---|
//! | `interval` | rows near in time |
//! | `temporal` | a row and the version of its time |
//! | `side` | the rows that are held of one input |
//! | `answer` | what goes out, in portions |

mod answer;
mod interval;
mod side;
mod temporal;
#[cfg(test)]
mod tests;

use arrow::array::ArrayRef;

pub use self::interval::IntervalJoinFactory;
pub use self::temporal::TemporalJoinFactory;
use crate::base::{Error, Result};
use crate::data::Schema;
use crate::operators::window::millis;

/// The event times of rows, in milliseconds.
fn times(column: &ArrayRef, at: usize, schema: &Schema) -> Result<Vec<i64>> {
    let null = || Error::new("rowtime-null").arg("column", &schema.fields()[at].name);
    millis(column).into_iter().map(|time| time.ok_or_else(null)).collect()
}
