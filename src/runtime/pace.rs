//! The pace of the lab: how lab time follows the clock on the wall.

use std::time::Duration;

use super::clock::WallClock;
use crate::base::{LabDuration, LabTime};

/// Speed, and the moment from which it counts.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Seconds of lab time in a second on the wall; infinite: as fast as it goes.
    speed: f64,
    /// What the lab clock showed when `wall` began to count from zero.
    anchor: LabTime,
    wall: WallClock,
}

impl Pace {
    /// A pace at this speed, from this moment of the lab clock.
    pub fn new(speed: f64, now: LabTime) -> Self {
        Self { speed, anchor: now, wall: WallClock::new(LabTime(0)) }
    }

    /// The same speed, counted from this moment.
    pub fn restart(&mut self, now: LabTime) {
        *self = Self::new(self.speed, now);
    }

    /// Another speed from this moment on. What is no speed (not above zero) changes nothing.
    pub fn set_speed(&mut self, speed: f64, now: LabTime) {
        if speed > 0.0 {
            *self = Self::new(speed, now);
        }
    }

    /// How far the lab clock should be by now.
    pub fn target(&self) -> LabTime {
        if self.speed.is_infinite() {
            return LabTime(i64::MAX);
        }
        // A product beyond the range stops at its end.
        let elapsed = (self.wall.now().0 as f64 * self.speed) as i64;
        self.anchor + LabDuration(elapsed.min(i64::MAX - 1 - self.anchor.0.max(0)))
    }

    /// How long on the wall until the lab clock should show this moment.
    pub fn wait(&self, moment: LabTime) -> Duration {
        let target = self.target();
        let micros = (moment - target).0.max(0) as f64 / self.speed;
        Duration::from_micros(micros as u64)
    }

    /// Does not make up for more than `lag` of wall time that the engine was late.
    pub fn forgive(&mut self, now: LabTime, lag: Duration) {
        if self.speed.is_finite() {
            let late = (self.target() - now).0 as f64;
            if late > lag.as_micros() as f64 * self.speed {
                self.restart(now);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_speed_has_no_end_and_no_wait() {
        let pace = Pace::new(f64::INFINITY, LabTime(5));
        assert_eq!(pace.target(), LabTime(i64::MAX));
        assert_eq!(pace.wait(LabTime(1_000)), Duration::ZERO);
    }

    #[test]
    fn a_slow_pace_waits_longer() {
        let start = LabTime::from_millis(1_000);
        let mut pace = Pace::new(0.5, start);
        assert!(pace.target() >= start);
        let wait = pace.wait(start + LabDuration::seconds(1));
        assert!(wait > Duration::from_millis(1_900) && wait <= Duration::from_secs(2), "{wait:?}");
        pace.set_speed(0.0, start);
        assert_eq!(pace.wait(start), Duration::ZERO);
        pace.set_speed(1e300, start);
        assert!(pace.target() < LabTime(i64::MAX));
    }
}
