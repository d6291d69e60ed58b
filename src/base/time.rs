//! Lab time (the clock everything in the lab follows) and event time (what watermarks speak of).

use std::{fmt, ops};

use serde::{Deserialize, Serialize};

/// A moment of the lab clock: microseconds since the Unix epoch.
///
/// Processing time, timers, pace, checkpoint intervals and TTL all read it; on the step driver it is
/// virtual and moves only when the driver moves it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct LabTime(pub i64);

/// A stretch of lab time in microseconds.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct LabDuration(pub i64);

impl LabTime {
    /// Milliseconds since the Unix epoch, as Flink's processing time counts.
    pub fn millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// The moment that many milliseconds after the Unix epoch.
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.saturating_mul(1_000))
    }
}

impl LabDuration {
    /// No time.
    pub const ZERO: Self = Self(0);

    /// A stretch of microseconds.
    pub const fn micros(micros: i64) -> Self {
        Self(micros)
    }

    /// A stretch of milliseconds.
    pub const fn millis(millis: i64) -> Self {
        Self(millis.saturating_mul(1_000))
    }

    /// A stretch of seconds.
    pub const fn seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }
}

impl ops::Add<LabDuration> for LabTime {
    type Output = LabTime;
    fn add(self, by: LabDuration) -> LabTime {
        LabTime(self.0.saturating_add(by.0))
    }
}

impl ops::Sub for LabTime {
    type Output = LabDuration;
    fn sub(self, earlier: LabTime) -> LabDuration {
        LabDuration(self.0.saturating_sub(earlier.0))
    }
}

impl ops::AddAssign for LabDuration {
    fn add_assign(&mut self, by: LabDuration) {
        self.0 = self.0.saturating_add(by.0);
    }
}

/// Event time up to which a stream is complete, in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Watermark(pub i64);

impl Watermark {
    /// Before anything was said.
    pub const MIN: Self = Self(i64::MIN);
    /// After the last row of a bounded input.
    pub const MAX: Self = Self(i64::MAX);
}

impl fmt::Display for Watermark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::MIN => f.write_str("-inf"),
            Self::MAX => f.write_str("+inf"),
            Self(millis) => write!(f, "{millis}"),
        }
    }
}
