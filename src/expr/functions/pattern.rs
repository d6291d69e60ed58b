//! Java's date patterns (`yyyy-MM-dd HH:mm:ss.SSS`): writing moments and reading them.

use chrono::{Datelike, NaiveDate};

use super::units::MILLIS_PER_DAY;
use crate::base::{Error, Result};
use crate::data::print::temporal::calendar_day;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// A letter and how often it stands.
    Field(char, usize),
}

/// A pattern of `java.time.format.DateTimeFormatter`, as far as numbers, months, week days and am/pm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DatePattern(Vec<Piece>);

const MONTHS: [&str; 12] = [
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
const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

impl DatePattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// `date-pattern` (`pattern`, `letter`) for a letter that means nothing, or is not supported.
    pub fn new(pattern: &str) -> Result<Self> {
        const KNOWN: &str = "yuMLdDEaHhkKmsSnwQqeG";
        let mut pieces: Vec<Piece> = Vec::new();
        let mut characters = pattern.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '\'' => pieces.push(Piece::Text(quoted(&mut characters))),
                letter if letter.is_ascii_alphabetic() => {
                    if !KNOWN.contains(letter) {
                        return Err(Error::new("date-pattern")
                            .arg("pattern", pattern)
                            .arg("letter", letter));
                    }
                    let mut count = 1;
                    while characters.next_if_eq(&letter).is_some() {
                        count += 1;
                    }
                    pieces.push(Piece::Field(letter, count));
                }
                other => pieces.push(Piece::Text(other.to_string())),
            }
        }
        Ok(Self(pieces))
    }

    /// How many milliseconds are written alike: the unit of the finest field. `None` if that is finer
    /// than a millisecond, or if there is no field.
    pub fn unit(&self) -> Option<u64> {
        const DAY: u64 = MILLIS_PER_DAY as u64;
        let unit = |piece: &Piece| match piece {
            Piece::Text(_) => None,
            Piece::Field('S' | 'n', _) => Some(None),
            Piece::Field('s', _) => Some(Some(1_000)),
            Piece::Field('m', _) => Some(Some(60_000)),
            Piece::Field('H' | 'h' | 'k' | 'K', _) => Some(Some(3_600_000)),
            Piece::Field('a', _) => Some(Some(DAY / 2)),
            Piece::Field(..) => Some(Some(DAY)),
        };
        self.0.iter().filter_map(unit).min().flatten()
    }

    /// Writes a moment.
    pub fn format(&self, millis: i64, nanos_of_milli: i32) -> String {
        let day = calendar_day(millis.div_euclid(MILLIS_PER_DAY));
        let of_day = millis.rem_euclid(MILLIS_PER_DAY);
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Field(letter, count) => field(*letter, *count, day, of_day, nanos_of_milli),
        };
        self.0.iter().map(piece).collect()
    }

    /// Reads a moment; `None` if the text is not of the pattern. Parts that the pattern lacks are
    /// those of the start of 1970.
    pub fn parse(&self, text: &str) -> Option<(i64, i32)> {
        let (rest, parts) = self.read(text)?;
        if rest.is_empty() { parts.moment() } else { None }
    }

    /// As [`Self::parse`], whatever follows the moment.
    pub fn parse_start(&self, text: &str) -> Option<(i64, i32)> {
        self.read(text)?.1.moment()
    }

    fn read<'t>(&self, text: &'t str) -> Option<(&'t str, Parts)> {
        let mut rest = text;
        let mut parts = Parts::default();
        for (index, piece) in self.0.iter().enumerate() {
            match piece {
                Piece::Text(text) => rest = rest.strip_prefix(text.as_str())?,
                Piece::Field(letter, count) => {
                    // Digits that touch the next field are as many as the letters.
                    let touches = matches!(self.0.get(index + 1), Some(Piece::Field(..)));
                    rest = parts.read(*letter, *count, touches, rest)?;
                }
            }
        }
        Some((rest, parts))
    }
}

/// Text in quotes; two quotes are one.
fn quoted(characters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> String {
    let mut text = String::new();
    if characters.next_if_eq(&'\'').is_some() {
        return "'".to_owned();
    }
    while let Some(character) = characters.next() {
        match character {
            '\'' if characters.next_if_eq(&'\'').is_some() => text.push('\''),
            '\'' => break,
            other => text.push(other),
        }
    }
    text
}

fn field(letter: char, count: usize, day: NaiveDate, of_day: i64, nanos_of_milli: i32) -> String {
    let hour = of_day / 3_600_000;
    let nanos = of_day % 1_000 * 1_000_000 + i64::from(nanos_of_milli);
    let number = match letter {
        'y' | 'u' if count == 2 => return format!("{:02}", day.year().rem_euclid(100)),
        'y' | 'u' => i64::from(day.year()),
        'M' | 'L' if count > 2 => {
            return name(MONTHS[day.month0() as usize], count);
        }
        'M' | 'L' => i64::from(day.month()),
        'd' => i64::from(day.day()),
        'D' => i64::from(day.ordinal()),
        'E' => return name(DAYS[day.weekday().num_days_from_monday() as usize], count),
        'a' => return if hour < 12 { "AM" } else { "PM" }.to_owned(),
        'H' => hour,
        'w' => week(day),
        'e' => i64::from(day.weekday().number_from_sunday()),
        'Q' | 'q' => i64::from(day.month0() / 3 + 1),
        'G' => return if day.year() > 0 { "AD" } else { "BC" }.to_owned(),
        'h' => (hour + 11) % 12 + 1,
        'k' => (hour + 23) % 24 + 1,
        'K' => hour % 12,
        'm' => of_day / 60_000 % 60,
        's' => of_day / 1_000 % 60,
        'S' => return format!("{nanos:09}").chars().take(count).collect(),
        _ => nanos,
    };
    format!("{number:0count$}")
}

/// The week of the year: weeks begin on Sunday, and the first has the first of January.
fn week(day: NaiveDate) -> i64 {
    let last = day + chrono::TimeDelta::days(i64::from(6 - day.weekday().num_days_from_sunday()));
    let first_of_year = last.with_ordinal(1).unwrap_or(last);
    let before = i64::from(first_of_year.weekday().num_days_from_sunday());
    (i64::from(last.ordinal()) + before - 1) / 7 + 1
}

/// A name in full for four letters, else its first three.
fn name(full: &str, count: usize) -> String {
    if count == 4 { full.to_owned() } else { full.chars().take(3).collect() }
}

/// What was read of a moment.
struct Parts {
    year: i32,
    month: u32,
    day: u32,
    hour: i64,
    minute: i64,
    second: i64,
    nanos: i64,
    afternoon: Option<bool>,
}

impl Default for Parts {
    fn default() -> Self {
        Self {
            year: 1970,
            month: 1,
            day: 1,
            hour: 0,
            minute: 0,
            second: 0,
            nanos: 0,
            afternoon: None,
        }
    }
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
                self.afternoon = Some(match half.to_ascii_uppercase().as_str() {
                    "AM" => false,
                    "PM" => true,
                    _ => return None,
                });
                return Some(rest);
            }
            'M' | 'L' if count > 2 => {
                let found = MONTHS.iter().position(|m| text.starts_with(&name(m, count)))?;
                self.month = found as u32 + 1;
                return text.get(name(MONTHS[found], count).len()..);
            }
            'E' => {
                let found = DAYS.iter().find(|d| text.starts_with(&name(d, count)))?;
                return text.get(name(found, count).len()..);
            }
            _ => {}
        }
        let exact = touches || count >= 2 && letter != 'y' && letter != 'u' || letter == 'S';
        let most = if exact { count } else { 9 };
        let digits = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
        if digits < count.min(most) {
            return None;
        }
        let (number, rest) = text.split_at_checked(digits)?;
        self.set(letter, count, number.parse().ok()?)?;
        Some(rest)
    }

    fn set(&mut self, letter: char, count: usize, number: i64) -> Option<()> {
        match letter {
            'y' | 'u' if count == 2 => self.year = 2000 + i32::try_from(number).ok()?,
            'y' | 'u' => self.year = i32::try_from(number).ok()?,
            'M' | 'L' => self.month = u32::try_from(number).ok()?,
            'd' => self.day = u32::try_from(number).ok()?,
            'H' | 'k' => self.hour = number % 24,
            'h' | 'K' => self.hour = number % 12,
            'm' => self.minute = number,
            's' => self.second = number,
            'S' => self.nanos = number * 10_i64.checked_pow(9_u32.checked_sub(count as u32)?)?,
            _ => {}
        }
        let fine = self.minute < 60 && self.second < 60 && (letter != 'H' || number < 24);
        fine.then_some(())
    }

    /// A day beyond the end of its month is the last one, as Flink reads it.
    fn moment(&self) -> Option<(i64, i32)> {
        if !(1..=31).contains(&self.day) {
            return None;
        }
        let day = crate::expr::cast::clamped_day(self.year, self.month, self.day)?;
        let hour = self.hour + if self.afternoon == Some(true) && self.hour < 12 { 12 } else { 0 };
        let seconds = hour * 3_600 + self.minute * 60 + self.second;
        let millis = i64::from(day.to_epoch_days()) * MILLIS_PER_DAY + seconds * 1_000;
        Some((millis + self.nanos / 1_000_000, (self.nanos % 1_000_000) as i32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::print::temporal::timestamp;
    use crate::expr::cast::parse_timestamp;

    #[test]
    fn moments_are_written() {
        let (millis, nanos) = parse_timestamp("2024-03-05 14:07:09.123").unwrap();
        let cases = [
            ("yyyy-MM-dd", "2024-03-05"),
            ("dd/MM/yy HH:mm", "05/03/24 14:07"),
            ("HH:mm:ss.SSS", "14:07:09.123"),
            ("yyyyMMdd", "20240305"),
            ("hh a", "02 PM"),
            ("d 'de' MMM, EEEE", "5 de Mar, Tuesday"),
        ];
        for (pattern, expected) in cases {
            assert_eq!(DatePattern::new(pattern).unwrap().format(millis, nanos), expected);
        }
        assert_eq!(DatePattern::new("yyyy-bb").unwrap_err().code(), "date-pattern");
    }

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
            ("hh:mm a", "02:30 PM", Some("1970-01-01 14:30:00.000")),
        ];
        for (pattern, text, expected) in cases {
            let read = DatePattern::new(pattern).unwrap().parse(text);
            let read = read.map(|(millis, nanos)| timestamp(millis, nanos, 3));
            assert_eq!(read.as_deref(), expected, "{pattern} {text}");
        }
    }
}
