//! Time zones: how a TIMESTAMP_LTZ reads on the wall.

use std::str::FromStr;

use chrono::{FixedOffset, LocalResult, NaiveDateTime, Offset, TimeZone};
use chrono_tz::Tz;

use crate::base::Error;

/// A time zone by name or by offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// A region of the time zone database.
    Named(Tz),
    /// Seconds east of UTC.
    Offset(FixedOffset),
}

impl Default for Zone {
    fn default() -> Self {
        Self::Named(Tz::UTC)
    }
}

/// The forms that Flink takes for `table.local-time-zone`: `America/Sao_Paulo`, `GMT-03:00`. It refuses
/// what Java reads in two ways: an offset alone, or one from UTC.
impl FromStr for Zone {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        if let Ok(zone) = name.parse::<Tz>() {
            return Ok(Self::Named(zone));
        }
        Self::from_gmt(name).ok_or_else(|| Error::new("unknown-time-zone").arg("name", name))
    }
}

impl Zone {
    /// The zone of an offset that is written as `GMT+2` or `GMT-03:00`.
    pub fn from_gmt(name: &str) -> Option<Self> {
        let offset = name.strip_prefix("GMT")?;
        let (sign, offset) = match offset.strip_prefix('-') {
            Some(west) => (-1, west),
            None => (1, offset.strip_prefix('+')?),
        };
        let (hours, minutes) = match offset.split_once(':') {
            Some((hours, minutes)) => (hours, minutes.parse::<i32>().ok()?),
            None => (offset, 0),
        };
        let hours: i32 = hours.parse().ok().filter(|hours| *hours < 24)?;
        FixedOffset::east_opt(sign * (hours * 60 + minutes) * 60).map(Self::Offset)
    }
}

impl Zone {
    /// What the clock on the wall shows at an instant; both in milliseconds since the epoch.
    pub fn local_millis(&self, instant: i64) -> i64 {
        let seconds = match (self, chrono::DateTime::from_timestamp_millis(instant)) {
            (Self::Named(Tz::UTC), _) | (_, None) => 0,
            (Self::Offset(offset), _) => offset.local_minus_utc(),
            (Self::Named(zone), Some(at)) => {
                zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc()
            }
        };
        instant.saturating_add(i64::from(seconds) * 1_000)
    }

    /// The instant at which the clock on the wall shows this; the earlier one where there are two,
    /// and the clock before the jump where there is none (as Java's `ZonedDateTime` does).
    pub fn instant_millis(&self, local: i64) -> i64 {
        let seconds = match (self, chrono::DateTime::from_timestamp_millis(local)) {
            (Self::Named(Tz::UTC), _) | (_, None) => 0,
            (Self::Offset(offset), _) => offset.local_minus_utc(),
            (Self::Named(zone), Some(at)) => offset_at(zone, at.naive_utc()),
        };
        local.saturating_sub(i64::from(seconds) * 1_000)
    }
}

impl Zone {
    /// How far its clock is from UTC, in milliseconds; `None` if it knows summer time.
    pub fn fixed_millis(&self) -> Option<i64> {
        // January and July of 2025.
        let [winter, summer] =
            [1_735_689_600_000, 1_751_328_000_000].map(|at| self.local_millis(at) - at);
        (winter == summer).then_some(winter)
    }

    /// As [`Self::instant_millis`]; the later instant where there are two (as Java's calendars do).
    pub fn later_instant_millis(&self, local: i64) -> i64 {
        let first = self.instant_millis(local);
        let Self::Named(zone) = self else { return first };
        let at = chrono::DateTime::from_timestamp_millis(local).map(|at| at.naive_utc());
        match at.map(|at| zone.offset_from_local_datetime(&at)) {
            Some(LocalResult::Ambiguous(_, later)) => {
                local.saturating_sub(i64::from(later.fix().local_minus_utc()) * 1_000)
            }
            _ => first,
        }
    }
}

fn offset_at(zone: &Tz, local: NaiveDateTime) -> i32 {
    match zone.offset_from_local_datetime(&local) {
        LocalResult::Single(offset) | LocalResult::Ambiguous(offset, _) => {
            offset.fix().local_minus_utc()
        }
        LocalResult::None => {
            let before = local - chrono::TimeDelta::hours(3);
            zone.offset_from_utc_datetime(&before).fix().local_minus_utc()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_shift_the_wall_clock() {
        let cases = [
            ("UTC", 0, 0),
            ("America/Sao_Paulo", 0, -3),
            ("GMT-03:00", 0, -3),
            ("GMT+8", 0, 8),
            // Summer time in Berlin.
            ("Europe/Berlin", 1_720_000_000_000, 2),
        ];
        for (name, instant, hours) in cases {
            let zone: Zone = name.parse().unwrap();
            let local = instant + hours * 3_600_000;
            assert_eq!(zone.local_millis(instant), local, "{name}");
            assert_eq!(zone.instant_millis(local), instant, "{name}");
        }
        let fixed = |name: &str| name.parse::<Zone>().unwrap().fixed_millis();
        assert_eq!(fixed("Asia/Kolkata"), Some(19_800_000));
        assert_eq!(fixed("Europe/Berlin"), None);
        for name in ["Marte/Olimpo", "+01:00", "UTC+1"] {
            assert_eq!(name.parse::<Zone>().unwrap_err().code(), "unknown-time-zone");
        }
    }
}
