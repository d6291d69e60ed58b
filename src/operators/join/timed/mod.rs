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
//! | `keyed` | what is held of each key |
//! | `side` | the rows that are held of one input |
//! | `answer` | what goes out, in portions |

mod answer;
mod interval;
mod keyed;
mod side;
mod temporal;
#[cfg(test)]
mod tests;

pub use self::interval::IntervalJoinFactory;
pub use self::temporal::TemporalJoinFactory;
