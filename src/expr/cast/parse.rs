//! Numbers, dates and times out of text, in the forms that CAST takes.

use chrono::{Datelike, NaiveDate};

/// An exact number: its unscaled value and its scale. `None` for what is no number, or one of more
/// than 38 digits.
pub fn parse_decimal(text: &str) -> Option<(i128, u8)> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (negative, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let unsigned = digits.parse::<i128>().ok()?;
    let unscaled = if negative { -unsigned } else { unsigned };
    let scale = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
    match scale {
        0..=38 => Some((unscaled, scale as u8)),
        -38..0 => Some((unscaled.checked_mul(10_i128.checked_pow(scale.unsigned_abs())?)?, 0)),
        _ => None,
    }
}

/// Days since the epoch of `2024-01-31`; a time that follows is ignored, month and day may be missing.
pub fn parse_date(text: &str) -> Option<i32> {
    date_of(text, NaiveDate::from_ymd_opt)
}

fn date_of(text: &str, day_of: fn(i32, u32, u32) -> Option<NaiveDate>) -> Option<i32> {
    let date = text.split(' ').next()?;
    let mut parts = date.splitn(3, '-');
    let year = digits(parts.next()?, 4)?;
    let month = parts.next().map_or(Some(1), |p| digits(p, 2))?;
    let day = parts.next().map_or(Some(1), |p| digits(p, 2))?;
    let day = u32::try_from(day).ok().filter(|day| (1..=31).contains(day))?;
    Some(day_of(year, month as u32, day)?.to_epoch_days())
}

fn digits(text: &str, most: usize) -> Option<i32> {
    let fine = (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    fine.then(|| text.parse().ok())?
}

/// Milliseconds since midnight of `03:04:05.123`, with an offset behind it if there is one (`+01:00`); what
/// is missing is zero. Hours, minutes and seconds may be more than there are: Flink counts them on.
pub fn parse_time(text: &str) -> Option<i32> {
    let zone = text.find('-').or_else(|| text.find('+'));
    let (clock, offset) = match zone {
        Some(at) => (&text[..at], seconds_of_offset(&text[at..])?),
        None => (text, 0),
    };
    let mut parts = clock.splitn(3, ':');
    let hour = number(parts.next()?)?;
    let minute = parts.next().map_or(Some(0), number)?;
    let (second, millis) = match parts.next() {
        Some(part) => {
            let (second, fraction) = part.split_once('.').unwrap_or((part, ""));
            (number(second)?, millis_of_fraction(fraction.trim()))
        }
        None => (0, 0),
    };
    let seconds = hour * 3_600 + minute * 60 + second + offset;
    i32::try_from(seconds * 1_000 + millis).ok().filter(|millis| *millis >= 0)
}

/// `+1`, `-01:30`: what Flink adds to the time before it.
fn seconds_of_offset(text: &str) -> Option<i64> {
    let (sign, rest) = text.split_at(1);
    let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "0"));
    let seconds = number(hours)? * 3_600 + number(minutes)? * 60;
    Some(if sign == "-" { -seconds } else { seconds })
}

fn number(text: &str) -> Option<i64> {
    let text = text.trim();
    let fine = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    fine.then(|| text.parse().ok().filter(|n| *n <= i64::from(i32::MAX)))?
}

/// Three digits, rounded by the fourth; what is no digit is zero.
fn millis_of_fraction(text: &str) -> i64 {
    let digits: Vec<i64> =
        text.chars().map(|c| c.to_digit(10).map_or(0, i64::from)).take(4).collect();
    let digit = |n: usize| digits.get(n).copied().unwrap_or(0);
    digit(0) * 100 + digit(1) * 10 + digit(2) + i64::from(digit(3) >= 5)
}

/// A moment of `2024-1-31`, or `2024-1-31 3:04:05.123`: milliseconds and the nanoseconds below them. A
/// day beyond the end of its month is the last one.
pub fn parse_timestamp(text: &str) -> Option<(i64, i32)> {
    const MILLIS_PER_DAY: i64 = 86_400_000;
    let (date, time) = text.split_once(' ').unwrap_or((text, "00:00:00"));
    let (clock_part, fraction) = time.split_once('.').unwrap_or((time, ""));
    let complete = date.split('-').count() == 3 && clock_part.split(':').count() == 3;
    if !complete || fraction.len() > 9 {
        return None;
    }
    let clock = Clock::read(time).filter(Clock::is_of_day)?;
    let days = i64::from(date_of(date, clamped_day)?);
    Some((days * MILLIS_PER_DAY + clock.millis(), clock.nanos % 1_000_000))
}

/// A time as it was written.
struct Clock {
    hour: i32,
    minute: i32,
    second: i32,
    nanos: i32,
}

impl Clock {
    fn read(text: &str) -> Option<Self> {
        let (clock, fraction) = text.split_once('.').unwrap_or((text, ""));
        let mut parts = clock.split(':');
        let hour = digits(parts.next()?, 2)?;
        let minute = parts.next().map_or(Some(0), |p| digits(p, 2))?;
        let second = parts.next().map_or(Some(0), |p| digits(p, 2))?;
        let nanos = match fraction.len() {
            0 => 0,
            1..=9 => digits(fraction, 9)? * 10_i32.pow(9 - fraction.len() as u32),
            _ => digits(fraction.get(..9)?, 9)?,
        };
        parts.next().is_none().then_some(Self { hour, minute, second, nanos })
    }

    /// Whether there is such a time, or it is the end of the day.
    fn is_of_day(&self) -> bool {
        let end = (self.hour, self.minute, self.second, self.nanos) == (24, 0, 0, 0);
        end || self.hour < 24 && self.minute < 60 && self.second < 60
    }

    fn millis(&self) -> i64 {
        let seconds = i64::from(self.hour * 3_600 + self.minute * 60 + self.second);
        seconds * 1_000 + i64::from(self.nanos / 1_000_000)
    }
}

/// The last day of a month, for what goes beyond it.
pub(crate) fn clamped_day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    first.with_day(day.min(u32::from(first.num_days_in_month())))
}
