//! The names of months and days, and the weeks of the United States: they begin on Sunday, and the first
//! of a year has the first of January.

use chrono::{Datelike, NaiveDate};

use crate::data::print::temporal::calendar_day;
use crate::expr::functions::units::MILLIS_PER_DAY;

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
pub(super) const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The first three letters of a name.
pub(super) fn short(name: &str) -> &str {
    name.get(..3).unwrap_or(name)
}

pub(super) fn month_name(day: NaiveDate) -> &'static str {
    MONTHS[day.month0() as usize]
}

pub(super) fn day_name(day: NaiveDate) -> &'static str {
    DAYS[day.weekday().num_days_from_monday() as usize]
}

/// The week of the year.
fn week(day: NaiveDate) -> i64 {
    let last = last_of_week(day);
    let first_of_year = last.with_ordinal(1).unwrap_or(last);
    let before = i64::from(first_of_year.weekday().num_days_from_sunday());
    (i64::from(last.ordinal()) + before - 1) / 7 + 1
}

/// The year that the week is of.
pub(super) fn week_year(day: NaiveDate) -> i32 {
    last_of_week(day).year()
}

/// The week of the month.
fn week_of_month(day: NaiveDate) -> i64 {
    let first = day.with_day(1).unwrap_or(day);
    (i64::from(day.day0()) + i64::from(first.weekday().num_days_from_sunday())) / 7 + 1
}

fn last_of_week(day: NaiveDate) -> NaiveDate {
    day + chrono::TimeDelta::days(i64::from(6 - day.weekday().num_days_from_sunday()))
}

/// The number of a field that both families of patterns write alike.
pub(super) fn number(letter: char, day: NaiveDate, of_day: i64) -> Option<i64> {
    let hour = of_day / 3_600_000;
    Some(match letter {
        'd' => i64::from(day.day()),
        'D' => i64::from(day.ordinal()),
        'w' => week(day),
        'W' => week_of_month(day),
        'H' => hour,
        'h' => (hour + 11) % 12 + 1,
        'k' => (hour + 23) % 24 + 1,
        'K' => hour % 12,
        'm' => of_day / 60_000 % 60,
        's' => of_day / 1_000 % 60,
        _ => return None,
    })
}

/// The day of a moment, and the milliseconds of that day.
pub(super) fn day_and_clock(millis: i64) -> (NaiveDate, i64) {
    let day = calendar_day(millis.div_euclid(MILLIS_PER_DAY));
    (day, millis.rem_euclid(MILLIS_PER_DAY))
}
