//! Writing moments by a pattern of `DateTimeFormatter`.

use chrono::{Datelike, NaiveDate};

use super::calendar::{day_and_clock, day_name, month_name, number, short, week_year};
use super::{DatePattern, Piece};
use crate::expr::functions::units::MILLIS_PER_DAY;

impl DatePattern {
    /// How many milliseconds are written alike: the unit of the finest field. `None` if that is finer
    /// than a millisecond, or if there is no field.
    pub fn unit(&self) -> Option<u64> {
        const DAY: u64 = MILLIS_PER_DAY as u64;
        let unit = |letter: char| match letter {
            'S' | 'n' | 'N' | 'A' => None,
            's' => Some(1_000),
            'm' | 'B' => Some(60_000),
            'H' | 'h' | 'k' | 'K' => Some(3_600_000),
            'a' => Some(DAY / 2),
            _ => Some(DAY),
        };
        self.letters().into_iter().map(unit).min().flatten()
    }

    /// Writes a moment.
    pub fn format(&self, millis: i64, nanos_of_milli: i32) -> String {
        let mut text = String::new();
        let (day, of_day) = day_and_clock(millis);
        write(&self.0, &Moment { day, of_day, nanos_of_milli }, &mut text);
        text
    }
}

/// A day, the milliseconds of the day, and the nanoseconds below them.
struct Moment {
    day: NaiveDate,
    of_day: i64,
    nanos_of_milli: i32,
}

fn write(pieces: &[Piece], moment: &Moment, text: &mut String) {
    for piece in pieces {
        match piece {
            Piece::Text(fixed) => text.push_str(fixed),
            Piece::Field(letter, count) => text.push_str(&field(*letter, *count, moment)),
            Piece::Optional(inner) => write(inner, moment, text),
        }
    }
}

fn field(letter: char, count: usize, moment: &Moment) -> String {
    let Moment { day, of_day, .. } = *moment;
    let hour = of_day / 3_600_000;
    let nanos = of_day % 1_000 * 1_000_000 + i64::from(moment.nanos_of_milli);
    let number = match letter {
        'y' | 'u' => return year(day.year(), count),
        'Y' => return year(week_year(day), count),
        'M' | 'L' if count > 2 => return name(month_name(day), count),
        'M' | 'L' => i64::from(day.month()),
        'Q' | 'q' => return quarter(day.month0() / 3 + 1, count),
        'E' => return name(day_name(day), count.max(3)),
        'e' | 'c' if count > 2 => return name(day_name(day), count),
        'e' | 'c' => i64::from(day.weekday().number_from_sunday()),
        'a' => return if hour < 12 { "AM" } else { "PM" }.to_owned(),
        'B' => return part_of_day(of_day).to_owned(),
        'G' => return era(day.year(), count).to_owned(),
        'F' => i64::from(day.day0() % 7 + 1),
        'S' => return format!("{nanos:09}").chars().take(count).collect(),
        'A' => of_day,
        'N' => of_day * 1_000_000 + i64::from(moment.nanos_of_milli),
        _ => number(letter, day, of_day).unwrap_or(nanos),
    };
    format!("{number:0count$}")
}

fn year(year: i32, count: usize) -> String {
    match count {
        2 => format!("{:02}", year.rem_euclid(100)),
        _ => format!("{year:0count$}"),
    }
}

/// A name: short for three letters, in full for four, its first letter for five.
fn name(full: &str, count: usize) -> String {
    match count {
        3 => short(full).to_owned(),
        4 => full.to_owned(),
        _ => full.chars().take(1).collect(),
    }
}

fn quarter(number: u32, count: usize) -> String {
    let ordinal = ["1st", "2nd", "3rd", "4th"];
    match (count, ordinal.get(number as usize - 1)) {
        (3, _) => format!("Q{number}"),
        (4, Some(ordinal)) => format!("{ordinal} quarter"),
        (2, _) => format!("{number:02}"),
        _ => number.to_string(),
    }
}

fn era(year: i32, count: usize) -> &'static str {
    match (year > 0, count) {
        (true, 4) => "Anno Domini",
        (false, 4) => "Before Christ",
        (true, 5) => "A",
        (false, 5) => "B",
        (true, _) => "AD",
        (false, _) => "BC",
    }
}

fn part_of_day(of_day: i64) -> &'static str {
    match (of_day / 3_600_000, of_day / 60_000) {
        (_, 0) => "midnight",
        (_, 720) => "noon",
        (6..12, _) => "in the morning",
        (12..18, _) => "in the afternoon",
        (18..21, _) => "in the evening",
        _ => "at night",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
            ("yyyy[-MM]", "2024-03"),
            ("Q QQ QQQ QQQQ", "1 01 Q1 1st quarter"),
            ("YYYY w W F e eee EEEEE", "2024 10 2 5 3 Tue T"),
            ("G GGGG yyyyy", "AD Anno Domini 02024"),
            ("n A B", "123000000 50829123 in the afternoon"),
        ];
        for (pattern, expected) in cases {
            assert_eq!(DatePattern::new(pattern).unwrap().format(millis, nanos), expected);
        }
    }

    #[test]
    fn the_last_days_of_a_year_can_be_of_the_first_week_of_the_next() {
        let (millis, _) = parse_timestamp("2024-12-30 00:00:00").unwrap();
        let pattern = DatePattern::new("YYYY-ww yy kk KK B").unwrap();
        assert_eq!(pattern.format(millis, 0), "2025-01 24 24 00 midnight");
    }
}
