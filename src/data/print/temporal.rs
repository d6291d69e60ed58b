//! Dates, times and intervals as SQL text.

use chrono::{Datelike, NaiveDate};

const MILLIS_PER_SECOND: i64 = 1_000;
const MILLIS_PER_DAY: i64 = 86_400_000;

/// The calendar day of a number of days since the epoch; the last that the calendar has, beyond it.
pub fn calendar_day(days: i64) -> NaiveDate {
    let far = if days < 0 { NaiveDate::MIN } else { NaiveDate::MAX };
    i32::try_from(days).ok().and_then(NaiveDate::from_epoch_days).unwrap_or(far)
}

/// `2024-01-31`.
pub fn date(days: i32) -> String {
    day_text(calendar_day(i64::from(days)))
}

fn day_text(day: NaiveDate) -> String {
    format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
}

/// `03:04:05` and `precision` fraction digits.
pub fn time(millis_of_day: i32, precision: u8) -> String {
    let millis = i64::from(millis_of_day);
    clock(millis, (millis % MILLIS_PER_SECOND) * 1_000_000, precision)
}

/// `2024-01-31 03:04:05` and `precision` fraction digits, or as many as there are if those are more: rows
/// of VALUES keep theirs.
pub fn timestamp(millis: i64, nanos_of_milli: i32, precision: u8) -> String {
    let day = day_text(calendar_day(millis.div_euclid(MILLIS_PER_DAY)));
    let of_day = millis.rem_euclid(MILLIS_PER_DAY);
    let nanos = of_day % MILLIS_PER_SECOND * 1_000_000 + i64::from(nanos_of_milli);
    format!("{day} {}", clock(of_day, nanos, precision.max(fraction_digits(nanos))))
}

/// How many digits a fraction of a second has.
fn fraction_digits(nanos: i64) -> u8 {
    let (mut digits, mut rest) = (9, nanos);
    while digits > 0 && rest % 10 == 0 {
        (digits, rest) = (digits - 1, rest / 10);
    }
    digits
}

fn clock(millis_of_day: i64, nanos_of_second: i64, precision: u8) -> String {
    let seconds = millis_of_day / MILLIS_PER_SECOND;
    let clock = format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match precision {
        0 => clock,
        digits => {
            let fraction = format!("{nanos_of_second:09}");
            format!("{clock}.{}", &fraction[..usize::from(digits.min(9))])
        }
    }
}

/// `+1-02`: years and months.
pub fn year_month(months: i32) -> String {
    let sign = if months < 0 { '-' } else { '+' };
    let months = months.unsigned_abs();
    format!("{sign}{}-{:02}", months / 12, months % 12)
}

/// `+1 02:03:04.000`: days and a time.
pub fn day_time(millis: i64) -> String {
    let sign = if millis < 0 { '-' } else { '+' };
    let millis = millis.unsigned_abs();
    let (seconds, of_second) = (millis / 1_000, millis % 1_000);
    let (days, hours) = (seconds / 86_400, seconds / 3_600 % 24);
    format!("{sign}{days} {hours:02}:{:02}:{:02}.{of_second:03}", seconds / 60 % 60, seconds % 60)
}
