//! The units of time: what a moment has of each, and cutting, adding and counting by them.

use chrono::{Datelike, NaiveDate};

use crate::base::{Error, Result};
use crate::data::print::temporal::calendar_day;
use crate::data::{LogicalType, Value};
use crate::expr::cast::clamped_day;
use crate::expr::columnar::Columnar;
use crate::expr::function::Call;
use crate::expr::tree::Expr;

pub(super) const MILLIS_PER_DAY: i64 = 86_400_000;

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Millennium,
    Century,
    Decade,
    Year,
    Quarter,
    Month,
    Week,
    Day,
    DayOfWeek,
    IsoDayOfWeek,
    DayOfYear,
    Hour,
    Minute,
    Second,
    Millisecond,
    Microsecond,
    Nanosecond,
    IsoYear,
    Epoch,
}

impl Unit {
    /// The unit that a constant names.
    ///
    /// # Errors
    /// `unknown-time-unit` (`name`).
    pub fn of(expr: &Expr) -> Result<Self> {
        let name = expr.as_text().unwrap_or_default();
        Ok(match name.to_ascii_uppercase().as_str() {
            "MILLENNIUM" => Self::Millennium,
            "CENTURY" => Self::Century,
            "DECADE" => Self::Decade,
            "YEAR" | "SQL_TSI_YEAR" => Self::Year,
            "QUARTER" | "SQL_TSI_QUARTER" => Self::Quarter,
            "MONTH" | "SQL_TSI_MONTH" => Self::Month,
            "WEEK" | "SQL_TSI_WEEK" => Self::Week,
            "DAY" | "SQL_TSI_DAY" => Self::Day,
            "DOW" => Self::DayOfWeek,
            "ISODOW" => Self::IsoDayOfWeek,
            "DOY" => Self::DayOfYear,
            "HOUR" | "SQL_TSI_HOUR" => Self::Hour,
            "MINUTE" | "SQL_TSI_MINUTE" => Self::Minute,
            "SECOND" | "SQL_TSI_SECOND" => Self::Second,
            "MILLISECOND" => Self::Millisecond,
            "MICROSECOND" => Self::Microsecond,
            "NANOSECOND" => Self::Nanosecond,
            "ISOYEAR" => Self::IsoYear,
            "EPOCH" => Self::Epoch,
            _ => return Err(Error::new("unknown-time-unit").arg("name", name)),
        })
    }

    /// Its length, if that does not depend on the calendar.
    pub fn millis(self) -> Option<i64> {
        Some(match self {
            Self::Week => 7 * MILLIS_PER_DAY,
            Self::Day => MILLIS_PER_DAY,
            Self::Hour => 3_600_000,
            Self::Minute => 60_000,
            Self::Second => 1_000,
            Self::Millisecond => 1,
            _ => return None,
        })
    }

    /// Its length in months, if it is made of months.
    pub fn months(self) -> Option<i32> {
        Some(match self {
            Self::Millennium => 12_000,
            Self::Century => 1_200,
            Self::Decade => 120,
            Self::Year => 12,
            Self::Quarter => 3,
            Self::Month => 1,
            _ => return None,
        })
    }

    /// What a moment (milliseconds since the epoch) has of it, as EXTRACT says.
    pub fn extract(self, millis: i64) -> i64 {
        // Before 1970 Flink cuts toward zero: the hours of a day are then below zero.
        let day = calendar_day(millis / MILLIS_PER_DAY);
        let of_day = millis % MILLIS_PER_DAY;
        match self {
            Self::Millennium => i64::from((day.year() + 999).div_euclid(1_000)),
            Self::Century => i64::from((day.year() + 99).div_euclid(100)),
            Self::Decade => i64::from(day.year().div_euclid(10)),
            Self::Year => i64::from(day.year()),
            Self::Quarter => i64::from(day.month0() / 3 + 1),
            Self::Month => i64::from(day.month()),
            Self::Week => i64::from(day.iso_week().week()),
            Self::Day => i64::from(day.day()),
            Self::DayOfWeek => i64::from(day.weekday().number_from_sunday()),
            Self::IsoDayOfWeek => i64::from(day.weekday().number_from_monday()),
            Self::DayOfYear => i64::from(day.ordinal()),
            Self::Hour => of_day / 3_600_000,
            Self::Minute => of_day / 60_000 % 60,
            Self::Second => of_day / 1_000 % 60,
            Self::Millisecond => of_day % 1_000,
            Self::Microsecond => of_day % 1_000 * 1_000,
            Self::Nanosecond => of_day % 1_000 * 1_000_000,
            Self::IsoYear => i64::from(day.iso_week().year()),
            Self::Epoch => millis.div_euclid(1_000),
        }
    }

    /// The start of the unit that a moment is in.
    pub fn floor(self, millis: i64) -> i64 {
        let day = calendar_day(millis.div_euclid(MILLIS_PER_DAY));
        let months = match (self, self.months()) {
            // Weeks begin on Sunday.
            (Self::Week, _) => {
                let days = i64::from(day.weekday().num_days_from_sunday());
                return (millis.div_euclid(MILLIS_PER_DAY) - days) * MILLIS_PER_DAY;
            }
            (_, Some(months)) => months,
            _ => {
                let unit = self.millis().unwrap_or(1);
                return millis.div_euclid(unit) * unit;
            }
        };
        let first_year = if matches!(self, Self::Millennium | Self::Century) { 1 } else { 0 };
        let month = (day.year() - first_year) * 12 + day.month0() as i32;
        let start = month.div_euclid(months) * months + first_year * 12;
        month_start(start).map_or(millis, |day| i64::from(day.to_epoch_days()) * MILLIS_PER_DAY)
    }

    /// The start of the next unit, or the moment itself if it is a start.
    pub fn ceil(self, millis: i64) -> i64 {
        let floor = self.floor(millis);
        match floor == millis {
            true => millis,
            false => self.add(floor, 1).unwrap_or(millis),
        }
    }

    /// A moment so many units later; `None` beyond the calendar or for what is no length.
    pub fn add(self, millis: i64, count: i64) -> Option<i64> {
        match (self.millis(), self.months()) {
            (Some(unit), _) => millis.checked_add(count.checked_mul(unit)?),
            (_, Some(months)) => {
                let months = i32::try_from(count.checked_mul(i64::from(months))?).ok()?;
                add_months(millis, months)
            }
            _ => None,
        }
    }

    /// How many whole units lie between two moments.
    pub fn between(self, from: i64, to: i64) -> i64 {
        match (self.millis(), self.months()) {
            // Flink divides seconds in 32 bits: 68 years are the most.
            (Some(unit), _) if self == Self::Week => {
                let seconds = (to.saturating_sub(from) / 1_000) as i32;
                i64::from(seconds) / (unit / 1_000)
            }
            (Some(unit), _) => to.saturating_sub(from) / unit,
            (_, Some(months)) => i64::from(months_between(from, to) / months),
            _ => 0,
        }
    }
}

fn month_start(months: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(months.div_euclid(12), months.rem_euclid(12) as u32 + 1, 1)
}

/// The same day and time so many months later, or the last day of a shorter month.
pub(super) fn add_months(millis: i64, months: i32) -> Option<i64> {
    let day = calendar_day(millis.div_euclid(MILLIS_PER_DAY));
    let month =
        day.year().checked_mul(12)?.checked_add(day.month0() as i32)?.checked_add(months)?;
    let later = clamped_day(month.div_euclid(12), month.rem_euclid(12) as u32 + 1, day.day())?;
    let of_day = millis.rem_euclid(MILLIS_PER_DAY);
    Some(i64::from(later.to_epoch_days()) * MILLIS_PER_DAY + of_day)
}

/// Whole months between two moments, where the last day of a month completes it.
pub(super) fn months_between(from: i64, to: i64) -> i32 {
    let [from_day, to_day] = [from, to].map(|millis| millis.div_euclid(MILLIS_PER_DAY));
    let months = match to_day < from_day {
        true => -whole_months(to_day, from_day),
        false => whole_months(from_day, to_day),
    };
    // The time of day counts on the last day alone, and always towards the past.
    let reached = add_months(from_day * MILLIS_PER_DAY, months) == Some(to_day * MILLIS_PER_DAY);
    let earlier = to.rem_euclid(MILLIS_PER_DAY) < from.rem_euclid(MILLIS_PER_DAY);
    if reached && earlier { months - 1 } else { months }
}

/// The months from a day to one that is not before it.
fn whole_months(from: i64, to: i64) -> i32 {
    let (start, end) = (calendar_day(from), calendar_day(to));
    let months = (end.year() - start.year()) * 12 + end.month0() as i32 - start.month0() as i32;
    let reached = add_months(from * MILLIS_PER_DAY, months);
    if reached.is_some_and(|reached| reached <= to * MILLIS_PER_DAY) { months } else { months - 1 }
}

pub(super) fn floor(call: &Call<'_>) -> Result<Columnar> {
    cut(call, Unit::floor)
}

pub(super) fn ceil(call: &Call<'_>) -> Result<Columnar> {
    cut(call, Unit::ceil)
}

/// FLOOR or CEIL of a date, time or timestamp to a unit.
fn cut(call: &Call<'_>, cut: fn(Unit, i64) -> i64) -> Result<Columnar> {
    let unit = Unit::of(&call.operands[1])?;
    let zone = &call.context.zone;
    let one = |row| match call.value(0, row) {
        Value::Date(days) => {
            let millis = cut(unit, i64::from(days) * MILLIS_PER_DAY);
            Value::Date(millis.div_euclid(MILLIS_PER_DAY) as i32)
        }
        Value::Time(millis) => Value::Time(cut(unit, i64::from(millis)) as i32),
        Value::Timestamp(millis, _) => Value::Timestamp(cut(unit, millis), 0),
        Value::TimestampLtz(millis, _) => {
            let local = cut(unit, zone.local_millis(millis));
            Value::TimestampLtz(zone.instant_millis(local), 0)
        }
        _ => Value::Null,
    };
    from_values(call, one)
}

/// A column of the values of each row.
pub(super) fn from_values(call: &Call<'_>, row: impl Fn(usize) -> Value) -> Result<Columnar> {
    let values: Vec<Value> = (0..call.rows).map(row).collect();
    Ok(Columnar::Array(crate::data::arrow::array_of(call.result, &values)?))
}

/// Milliseconds since the epoch of a date, time or timestamp, as the clock on the wall shows it.
pub(super) fn wall_millis(call: &Call<'_>, index: usize, row: usize) -> Option<i64> {
    match call.value(index, row) {
        Value::Date(days) => Some(i64::from(days) * MILLIS_PER_DAY),
        Value::Time(millis) => Some(i64::from(millis)),
        Value::Timestamp(millis, _) => Some(millis),
        Value::TimestampLtz(millis, _) => Some(call.context.zone.local_millis(millis)),
        _ => None,
    }
}

/// Whether a unit is finer than a day.
pub(super) fn is_clock_unit(unit: Unit) -> bool {
    let fraction = matches!(unit, Unit::Microsecond | Unit::Nanosecond);
    fraction || unit.millis().is_some_and(|millis| millis < MILLIS_PER_DAY)
}

/// The type of a timestamp that a unit was added to.
pub(super) fn shifted_type(logical: &LogicalType, unit: Unit) -> LogicalType {
    const PRECISION: u8 = 6;
    match logical {
        LogicalType::Date if is_clock_unit(unit) => LogicalType::timestamp(PRECISION),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::print::temporal::timestamp;
    use crate::expr::cast::parse_timestamp;

    fn at(text: &str) -> i64 {
        parse_timestamp(text).unwrap().0
    }

    #[test]
    fn moments_have_parts() {
        let moment = at("2024-03-05 14:07:09.8");
        let cases = [
            (Unit::Year, 2024),
            (Unit::Quarter, 1),
            (Unit::Month, 3),
            (Unit::Week, 10),
            (Unit::Day, 5),
            (Unit::DayOfWeek, 3),
            (Unit::DayOfYear, 65),
            (Unit::Hour, 14),
            (Unit::Minute, 7),
            (Unit::Second, 9),
            (Unit::Century, 21),
        ];
        for (unit, expected) in cases {
            assert_eq!(unit.extract(moment), expected, "{unit:?}");
        }
    }

    #[test]
    fn moments_are_cut_to_units() {
        let cases = [
            (Unit::Hour, "2024-03-05 14:00:00", "2024-03-05 15:00:00"),
            (Unit::Day, "2024-03-05 00:00:00", "2024-03-06 00:00:00"),
            (Unit::Month, "2024-03-01 00:00:00", "2024-04-01 00:00:00"),
            (Unit::Year, "2024-01-01 00:00:00", "2025-01-01 00:00:00"),
            (Unit::Quarter, "2024-01-01 00:00:00", "2024-04-01 00:00:00"),
            (Unit::Week, "2024-03-03 00:00:00", "2024-03-10 00:00:00"),
        ];
        let moment = at("2024-03-05 14:37:09");
        for (unit, floor, ceil) in cases {
            assert_eq!(timestamp(unit.floor(moment), 0, 0), floor, "{unit:?}");
            assert_eq!(timestamp(unit.ceil(moment), 0, 0), ceil, "{unit:?}");
        }
    }

    #[test]
    fn units_count_whole_ones() {
        let cases = [
            (Unit::Day, "2024-01-01", "2024-03-01", 60),
            (Unit::Month, "2024-01-31", "2024-02-29", 1),
            (Unit::Year, "2020-02-29", "2024-02-28", 3),
            (Unit::Hour, "2024-01-01 10:59:00", "2024-01-01 12:00:00", 1),
            (Unit::Second, "2024-01-01 00:00:01", "2024-01-01 00:00:00", -1),
        ];
        for (unit, from, to, expected) in cases {
            assert_eq!(unit.between(at(from), at(to)), expected, "{unit:?} {from} {to}");
        }
    }
}
