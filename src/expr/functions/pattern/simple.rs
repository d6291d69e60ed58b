//! Patterns of `SimpleDateFormat` in English.

use chrono::{Datelike, NaiveDate};

use super::calendar::{
    DAYS, MONTHS, day_and_clock, day_name, month_name, number, short, week_year,
};
use super::{Piece, Reader, refused};
use crate::base::Result;
use crate::data::zone::Zone;

/// A pattern of `java.text.SimpleDateFormat`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::expr::functions) struct SimplePattern(Vec<Piece>);

impl SimplePattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// `date-pattern` (`pattern`, `letter`) for a letter that means nothing.
    pub fn new(pattern: &str) -> Result<Self> {
        let known = |letter, _| "GyYMLwWDdFEuaHkKhmsSzZX".contains(letter);
        let mut reader = Reader { characters: pattern.chars().peekable(), known };
        reader.pieces(false, false).map(Self).map_err(|letter| refused(pattern, letter))
    }

    /// Writes an instant as the clock of a zone shows it.
    pub fn format(&self, instant: i64, zone: &Zone) -> String {
        let local = zone.local_millis(instant);
        let offset = (local - instant) / 60_000;
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Field(letter, count) => field(*letter, *count, local, offset),
            Piece::Optional(_) => String::new(),
        };
        self.0.iter().map(piece).collect()
    }

    /// The instant that a text begins with, on the clock of a zone unless the text says another; the
    /// later one where the clock shows it twice.
    pub fn parse(&self, text: &str, zone: &Zone) -> Option<i64> {
        let mut parts = Parts::default();
        let mut rest = text;
        for (index, piece) in self.0.iter().enumerate() {
            rest = match piece {
                Piece::Text(fixed) => rest.strip_prefix(fixed.as_str())?,
                Piece::Field(letter, count) => {
                    let touches = matches!(self.0.get(index + 1), Some(Piece::Field(..)));
                    parts.read(*letter, *count, touches, rest)?
                }
                Piece::Optional(_) => rest,
            };
        }
        let local = parts.moment()?;
        Some(match parts.offset {
            Some(minutes) => local - minutes * 60_000,
            None => zone.later_instant_millis(local),
        })
    }
}

fn field(letter: char, count: usize, local: i64, offset: i64) -> String {
    let (day, of_day) = day_and_clock(local);
    let hour = of_day / 3_600_000;
    let number = match letter {
        'y' | 'Y' => {
            let year = if letter == 'Y' { week_year(day) } else { day.year() };
            if count == 2 {
                return format!("{:02}", year.rem_euclid(100));
            }
            i64::from(year)
        }
        'M' | 'L' if count > 2 => return name(month_name(day), count),
        'M' | 'L' => i64::from(day.month()),
        'E' => return name(day_name(day), count),
        'a' => return if hour < 12 { "AM" } else { "PM" }.to_owned(),
        'G' => return if day.year() > 0 { "AD" } else { "BC" }.to_owned(),
        'z' | 'Z' | 'X' => return zone_name(letter, count, offset),
        'u' => i64::from(day.weekday().number_from_monday()),
        'F' => i64::from(day.day0() / 7 + 1),
        _ => number(letter, day, of_day).unwrap_or(of_day % 1_000),
    };
    format!("{number:0count$}")
}

fn name(full: &str, count: usize) -> String {
    if count > 3 { full } else { short(full) }.to_owned()
}

/// A zone by its offset in minutes; only UTC has a name here.
fn zone_name(letter: char, count: usize, offset: i64) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let (hours, minutes) = (offset.abs() / 60, offset.abs() % 60);
    match (letter, count) {
        ('z', 1..=3) if offset == 0 => "UTC".to_owned(),
        ('z', _) if offset == 0 => "Coordinated Universal Time".to_owned(),
        ('z', _) => format!("GMT{sign}{hours:02}:{minutes:02}"),
        ('X', _) if offset == 0 => "Z".to_owned(),
        ('X', 1) => format!("{sign}{hours:02}"),
        ('X', 3) => format!("{sign}{hours:02}:{minutes:02}"),
        _ => format!("{sign}{hours:02}{minutes:02}"),
    }
}

/// What was read of a moment. Numbers may be out of bounds: they count on.
struct Parts {
    year: i64,
    month: i64,
    day: i64,
    day_of_year: Option<i64>,
    hour: Option<i64>,
    half_hour: i64,
    afternoon: bool,
    minute: i64,
    second: i64,
    millis: i64,
    /// Minutes east of UTC.
    offset: Option<i64>,
}

/// The first year that two digits can mean. Java goes back 80 years from today; here today is that of
/// Flink 1.18.1, so that a text means the same on every day.
const FIRST_SHORT_YEAR: i64 = 2024 - 80;

impl Default for Parts {
    fn default() -> Self {
        Self {
            year: 1970,
            month: 1,
            day: 1,
            day_of_year: None,
            hour: None,
            half_hour: 0,
            afternoon: false,
            minute: 0,
            second: 0,
            millis: 0,
            offset: None,
        }
    }
}

impl Parts {
    fn read<'t>(
        &mut self,
        letter: char,
        count: usize,
        touches: bool,
        text: &'t str,
    ) -> Option<&'t str> {
        let text = text.trim_start_matches([' ', '\t']);
        match letter {
            'a' => {
                let (half, rest) = named(&["AM", "PM"], text)?;
                self.afternoon = half == 1;
                return Some(rest);
            }
            'M' | 'L' if count > 2 => {
                let (month, rest) = named(&MONTHS, text)?;
                self.month = month + 1;
                return Some(rest);
            }
            'E' => return named(&DAYS, text).map(|(_, rest)| rest),
            'G' => return named(&["AD", "BC"], text).map(|(_, rest)| rest),
            'z' | 'Z' | 'X' => {
                let (offset, rest) = offset(text)?;
                self.offset = Some(offset);
                return Some(rest);
            }
            _ => {}
        }
        let most = if touches { count } else { 18 };
        let digits = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let (number, rest) = text.split_at_checked(digits)?;
        self.set(letter, count, digits, number.parse().ok()?);
        Some(rest)
    }

    fn set(&mut self, letter: char, count: usize, digits: usize, number: i64) {
        match letter {
            'y' if count <= 2 && digits == 2 => {
                let after = (number - FIRST_SHORT_YEAR).rem_euclid(100);
                self.year = FIRST_SHORT_YEAR + after;
            }
            'y' => self.year = number,
            'M' | 'L' => self.month = number,
            'd' => self.day = number,
            'D' => self.day_of_year = Some(number),
            'H' => self.hour = Some(number),
            'k' => self.hour = Some(if number == 24 { 0 } else { number }),
            'h' => self.half_hour = if number == 12 { 0 } else { number },
            'K' => self.half_hour = number,
            'm' => self.minute = number,
            's' => self.second = number,
            'S' => self.millis = number,
            _ => {}
        }
    }

    fn moment(&self) -> Option<i64> {
        let days = match self.day_of_year {
            Some(day) => first_of_month(self.year, 1)?.checked_add(day - 1)?,
            None => first_of_month(self.year, self.month)?.checked_add(self.day - 1)?,
        };
        let of_half = self.half_hour.checked_add(if self.afternoon { 12 } else { 0 });
        let hours = days.checked_mul(24)?.checked_add(self.hour.or(of_half)?)?;
        let minutes = hours.checked_mul(60)?.checked_add(self.minute)?;
        minutes
            .checked_mul(60)?
            .checked_add(self.second)?
            .checked_mul(1_000)?
            .checked_add(self.millis)
    }
}

/// The day since the epoch on which a month begins. Before October 1582 the calendar is Julian.
fn first_of_month(year: i64, month: i64) -> Option<i64> {
    let (year, month) =
        (year.checked_add((month - 1).div_euclid(12))?, (month - 1).rem_euclid(12) + 1);
    if (year, month) > (1582, 10) {
        let first = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month as u32, 1)?;
        return Some(i64::from(first.to_epoch_days()));
    }
    const EPOCH: i64 = 2_440_588;
    let late = i64::from(month <= 2);
    let (years, months) = (year.checked_add(4_800 - late)?, month + 12 * late - 3);
    let julian = 1 + (153 * months + 2) / 5 + 365_i64.checked_mul(years)? + years / 4 - 32_083;
    Some(julian - EPOCH)
}

/// Which of these names a text begins with in any case, in full or by its first three letters, and what
/// follows it.
fn named<'t>(names: &[&str], text: &'t str) -> Option<(i64, &'t str)> {
    let begins = |name: &str| {
        let (head, rest) = text.split_at_checked(name.len())?;
        head.eq_ignore_ascii_case(name).then_some(rest)
    };
    names.iter().enumerate().find_map(|(index, name)| {
        let rest = begins(name).or_else(|| begins(short(name)))?;
        Some((index as i64, rest))
    })
}

/// Minutes east of UTC of `Z`, `UTC`, `GMT+02:00` or `+0200`, and what follows it.
fn offset(text: &str) -> Option<(i64, &str)> {
    if let Some(rest) = text.strip_prefix('Z') {
        return Some((0, rest));
    }
    let named = ["GMT", "UTC"].iter().find_map(|name| text.strip_prefix(name));
    let after = named.unwrap_or(text);
    let sign = match after.chars().next() {
        Some('+') => 1,
        Some('-') => -1,
        _ => return named.map(|rest| (0, rest)),
    };
    let two = |text: &str| text.get(..2)?.parse::<i64>().ok();
    let hours = two(&after[1..])?;
    let rest = &after[3..];
    let rest_of_minutes = rest.strip_prefix(':').unwrap_or(rest);
    match two(rest_of_minutes) {
        Some(minutes) => Some((sign * (hours * 60 + minutes), &rest_of_minutes[2..])),
        None => Some((sign * hours * 60, rest)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::print::temporal::timestamp;
    use crate::expr::cast::parse_timestamp;

    #[test]
    fn moments_are_read_leniently() {
        let cases = [
            ("yyyy-MM-dd", "2024-13-45", Some("2025-02-14 00:00:00")),
            ("yyyy-MM-dd", "2024-1-5 and more", Some("2024-01-05 00:00:00")),
            ("yyyy-MM-dd", "24-01-05", Some("0024-01-03 00:00:00")),
            ("yyyy-MM-dd HH:mm", "2024-01-05", None),
            ("yyyy-MM-dd", "", None),
            ("dd/MM/yy", "05/01/24", Some("2024-01-05 00:00:00")),
            ("dd/MM/yy", "05/01/99", Some("1999-01-05 00:00:00")),
            ("yyyyMMdd", "20240105", Some("2024-01-05 00:00:00")),
            ("MMM d, yyyy", "jan 5, 2024", Some("2024-01-05 00:00:00")),
            ("yyyy-MM-dd hh:mm a", "2024-01-05 03:04 pm", Some("2024-01-05 15:04:00")),
            ("yyyy-MM-dd HH:mm:ss", "2024-01-05 24:00:61", Some("2024-01-06 00:01:01")),
            ("yyyy-MM-dd'T'HH:mm:ssZ", "2024-01-05T00:00:00+0200", Some("2024-01-04 22:00:00")),
            ("yyyy-DDD", "2024-366", Some("2024-12-31 00:00:00")),
        ];
        for (pattern, text, expected) in cases {
            let read = SimplePattern::new(pattern).unwrap().parse(text, &Zone::default());
            let read = read.map(|millis| timestamp(millis, 0, 0));
            assert_eq!(read.as_deref(), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn instants_are_written() {
        let (instant, _) = parse_timestamp("2024-01-05 03:04:05.006").unwrap();
        let cases = [
            ("E EEEE", "Fri Friday"),
            ("M MM MMM MMMM", "1 01 Jan January"),
            ("y yy yyy yyyyy", "2024 24 2024 02024"),
            ("F W D DDD G u", "1 1 5 005 AD 5"),
            ("z Z X", "UTC +0000 Z"),
            ("S SSS SSSSS", "6 006 00006"),
        ];
        for (pattern, expected) in cases {
            let pattern = SimplePattern::new(pattern).unwrap();
            assert_eq!(pattern.format(instant, &Zone::default()), expected);
        }
        assert_eq!(SimplePattern::new("bogus").unwrap_err().code(), "date-pattern");
    }
}
