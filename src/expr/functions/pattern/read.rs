//! Reading moments by a pattern of `DateTimeFormatter`, which is strict about the form of the text.

use chrono::{Datelike, NaiveDate};

use super::calendar::{DAYS, MONTHS, short};
use super::{DatePattern, Piece};
use crate::expr::cast::clamped_day;
use crate::expr::functions::units::MILLIS_PER_DAY;

impl DatePattern {
    /// Reads a moment: milliseconds and the nanoseconds below them. `None` if the text is not of the
    /// pattern. Parts that the pattern lacks are those of the start of 1970.
    pub fn parse(&self, text: &str) -> Option<(i64, i32)> {
        let mut parts = Parts::default();
        let rest = read(&self.0, &mut parts, text)?;
        if rest.is_empty() { parts.moment() } else { None }
    }
}

/// Reads pieces from the start of a text and gives what follows them.
fn read<'t>(pieces: &[Piece], parts: &mut Parts, text: &'t str) -> Option<&'t str> {
    let mut rest = text;
    for (index, piece) in pieces.iter().enumerate() {
        rest = match piece {
            Piece::Text(fixed) => rest.strip_prefix(fixed.as_str())?,
            Piece::Field(letter, count) => {
                // Digits that touch the next field are as many as the letters.
                let touches = matches!(pieces.get(index + 1), Some(Piece::Field(..)));
                parts.read(*letter, *count, touches, rest)?
            }
            Piece::Optional(inner) => {
                let mut with = parts.clone();
                match read(inner, &mut with, rest) {
                    Some(after) => {
                        *parts = with;
                        after
                    }
                    None => rest,
                }
            }
        };
    }
    Some(rest)
}

/// What was read of a moment.
#[derive(Clone, Default)]
struct Parts {
    year: Option<i32>,
    month: Option<u32>,
    day: Option<u32>,
    day_of_year: Option<u32>,
    /// Days since Monday.
    weekday: Option<u32>,
    hour: Option<i64>,
    /// Of the half of a day.
    half_hour: Option<i64>,
    afternoon: Option<bool>,
    minute: i64,
    second: i64,
    nanos: i64,
}

impl Parts {
    /// Reads one field from the start of a text and gives what follows it.
    fn read<'t>(
        &mut self,
        letter: char,
        count: usize,
        touches: bool,
        text: &'t str,
    ) -> Option<&'t str> {
        match letter {
            'a' => {
                let (half, rest) = text.split_at_checked(2)?;
                self.afternoon = Some(match half {
                    "AM" => false,
                    "PM" => true,
                    _ => return None,
                });
                return Some(rest);
            }
            'M' | 'L' if count > 2 => {
                let (found, rest) = named(&MONTHS, count, text)?;
                self.month = Some(found + 1);
                return Some(rest);
            }
            'E' => {
                let (found, rest) = named(&DAYS, count, text)?;
                self.weekday = Some(found);
                return Some(rest);
            }
            'G' => return text.strip_prefix("AD"),
            'V' | 'z' | 'O' | 'X' | 'x' | 'Z' => return zone(text),
            _ => {}
        }
        let (least, most) = width(letter, count, touches);
        let digits = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
        if digits < least {
            return None;
        }
        let (number, rest) = text.split_at_checked(digits)?;
        self.set(letter, count, number.parse().ok()?)?;
        Some(rest)
    }

    fn set(&mut self, letter: char, count: usize, number: i64) -> Option<()> {
        let small = u32::try_from(number).ok();
        let within = |from: i64, to: i64| (from..=to).contains(&number).then_some(number);
        match letter {
            'y' | 'u' if count == 2 => self.year = Some(2000 + i32::try_from(number).ok()?),
            'y' | 'u' => self.year = Some(i32::try_from(number).ok()?),
            'M' | 'L' => self.month = Some(small?),
            'd' => self.day = Some(small?),
            'D' => self.day_of_year = Some(small?),
            'H' => self.hour = Some(within(0, 24)?),
            'k' => self.hour = Some(within(1, 24)? % 24),
            'h' => self.half_hour = Some(within(1, 12)? % 12),
            'K' => self.half_hour = Some(within(0, 11)?),
            'm' => self.minute = within(0, 59)?,
            's' => self.second = within(0, 59)?,
            'S' => self.nanos = number * 10_i64.checked_pow(9_u32.checked_sub(count as u32)?)?,
            _ => {}
        }
        Some(())
    }

    /// A day beyond the end of its month is the last one, as Flink reads it. An hour of half a day says
    /// nothing without its half.
    fn moment(&self) -> Option<(i64, i32)> {
        let day = self.date()?;
        if self.weekday.is_some_and(|weekday| weekday != day.weekday().num_days_from_monday()) {
            return None;
        }
        let of_half = |afternoon: bool| self.half_hour.map(|h| h + if afternoon { 12 } else { 0 });
        let hour = self.hour.or(self.afternoon.and_then(of_half)).unwrap_or(0);
        let seconds = hour * 3_600 + self.minute * 60 + self.second;
        // The 24th hour is the end of the day, and nothing comes after it.
        if hour == 24 && (seconds, self.nanos) != (24 * 3_600, 0) {
            return None;
        }
        let millis = i64::from(day.to_epoch_days()) * MILLIS_PER_DAY + seconds * 1_000;
        Some((millis + self.nanos / 1_000_000, (self.nanos % 1_000_000) as i32))
    }

    fn date(&self) -> Option<NaiveDate> {
        let year = self.year.unwrap_or(1970);
        if let Some(day) = self.day_of_year {
            return NaiveDate::from_yo_opt(year, day);
        }
        let day = self.day.unwrap_or(1);
        if !(1..=31).contains(&day) {
            return None;
        }
        clamped_day(year, self.month.unwrap_or(1), day)
    }
}

/// How many digits a number may have. Without a sign a year has as many as the pattern says.
fn width(letter: char, count: usize, touches: bool) -> (usize, usize) {
    const MOST: usize = 19;
    match letter {
        'y' | 'u' | 'Y' if count == 1 || count == 3 => (count, if touches { count } else { MOST }),
        'D' if count == 2 => (2, 3),
        'S' => (count, count),
        _ if touches || count >= 2 => (count, count),
        _ => (count, MOST),
    }
}

/// Which of these names a text begins with, and what follows it.
fn named<'t>(names: &[&str], count: usize, text: &'t str) -> Option<(u32, &'t str)> {
    names.iter().enumerate().find_map(|(index, name)| {
        let name = if count == 4 { name } else { short(name) };
        Some((index as u32, text.strip_prefix(name)?))
    })
}

/// What follows a zone. Flink reads it, and takes the moment as if it were not there.
fn zone(text: &str) -> Option<&str> {
    let ends = |c: char| !(c.is_ascii_alphanumeric() || "+-:/_".contains(c));
    let end = text.find(ends).unwrap_or(text.len());
    (end > 0).then(|| &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::print::temporal::timestamp;

    #[test]
    fn moments_are_read_or_refused() {
        let cases = [
            ("dd/MM/yyyy", "05/03/2024", Some("2024-03-05 00:00:00.000")),
            ("yyyy-MM-dd HH:mm:ss.SSS", "2020-10-19 13:27:00.5", None),
            ("yyyy-MM-dd HH:mm:ss.SSS", "2020-10-19 13:27:00.500", Some("2020-10-19 13:27:00.500")),
            ("yyyyMMdd", "20240305", Some("2024-03-05 00:00:00.000")),
            ("yyyy-MM-dd", "2024-02-30", Some("2024-02-29 00:00:00.000")),
            ("yyyy-MM-dd", "2024-13-01", None),
            ("yyyy-MM-dd", "2024-03-05x", None),
            ("yyyy-MM-dd", "12024-03-05", None),
            ("hh:mm a", "02:30 PM", Some("1970-01-01 14:30:00.000")),
            ("hh:mm", "02:30", Some("1970-01-01 00:30:00.000")),
            ("yyyy-DDD", "2024-366", Some("2024-12-31 00:00:00.000")),
            ("EEE yyyy-MM-dd", "Mon 2024-01-05", None),
            ("yyyy-MM-dd[ HH:mm]", "2024-01-05", Some("2024-01-05 00:00:00.000")),
            ("yyyy-MM-dd[ HH:mm]", "2024-01-05 03:04", Some("2024-01-05 03:04:00.000")),
            ("yyyy-MM-dd Z", "2024-01-05 +0200", Some("2024-01-05 00:00:00.000")),
            ("yyyy-MM-dd HH:mm", "2024-01-05 24:00", Some("2024-01-06 00:00:00.000")),
        ];
        for (pattern, text, expected) in cases {
            let read = DatePattern::new(pattern).unwrap().parse(text);
            let read = read.map(|(millis, nanos)| timestamp(millis, nanos, 3));
            assert_eq!(read.as_deref(), expected, "{pattern} {text}");
        }
    }
}
