//! The lab clock: virtual on the step driver, the wall's on the threads driver.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::base::{LabDuration, LabTime};

/// Now on the wall.
#[allow(clippy::disallowed_methods, reason = "the lab clock starts from the wall")]
pub fn wall_now() -> LabTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    LabTime(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

/// A clock that goes on by itself, from a given moment.
#[derive(Clone, Copy, Debug)]
pub struct WallClock {
    start: LabTime,
    origin: Instant,
}

impl WallClock {
    /// A clock that shows `start` now.
    #[allow(clippy::disallowed_methods, reason = "this is the clock of the threads driver")]
    pub fn new(start: LabTime) -> Self {
        Self { start, origin: Instant::now() }
    }

    /// What it shows.
    pub fn now(&self) -> LabTime {
        let elapsed = self.origin.elapsed().as_micros();
        self.start + LabDuration(i64::try_from(elapsed).unwrap_or(i64::MAX))
    }
}

/// A clock that moves only when it is moved, and never back.
#[derive(Clone, Copy, Debug)]
pub struct VirtualClock(LabTime);

impl VirtualClock {
    /// A clock that shows this moment.
    pub fn new(start: LabTime) -> Self {
        Self(start)
    }

    /// What it shows.
    pub fn now(&self) -> LabTime {
        self.0
    }

    /// A step took this long.
    pub fn spend(&mut self, cost: LabDuration) {
        self.0 = self.0 + cost;
    }

    /// Goes on to a later moment.
    pub fn jump(&mut self, to: LabTime) {
        self.0 = self.0.max(to);
    }
}
