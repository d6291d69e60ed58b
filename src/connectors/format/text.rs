//! Values as Flink's text formats read them: how a field of a file becomes a value.
//!
//! Not SQL's CAST, which is wider in some places and narrower in others. The formats differ among
//! themselves: `CsvToRowDataConverters`, `JsonToRowDataConverters` and `TimeFormats` of Flink 1.18.

use chrono::{Datelike, NaiveDate};

/// A moment without zone: milliseconds since the epoch, nanoseconds of the millisecond.
pub type Moment = (i64, i32);

/// `Boolean.parseBoolean`: everything that is not `true` is false.
pub fn boolean(text: &str) -> bool {
    text.trim().eq_ignore_ascii_case("true")
}

/// `Double.parseDouble`: Rust's forms, without its words and with Java's type suffix.
pub fn double(text: &str) -> Option<f64> {
    let text = text.trim();
    match text.trim_start_matches(['+', '-']) {
        "NaN" => return Some(f64::NAN),
        "Infinity" if text.starts_with('-') => return Some(f64::NEG_INFINITY),
        "Infinity" => return Some(f64::INFINITY),
        digits if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') => return None,
        _ => {}
    }
    text.strip_suffix(['d', 'D', 'f', 'F']).unwrap_or(text).parse().ok()
}

/// A decimal, rounded half up to `scale`; `Some(None)` if it does not fit into `precision`, which is
/// NULL in Flink.
pub fn decimal(text: &str, precision: u8, scale: u8) -> Option<Option<i128>> {
    if let Some(unscaled) = short_decimal(text.as_bytes(), scale) {
        return Some(Some(unscaled).filter(|v| v.unsigned_abs() < 10u128.pow(precision.into())));
    }
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
        None => (text, 0),
    };
    let (negative, digits) = match mantissa.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let point = i64::try_from(whole.len()).ok()?.checked_add(exponent)?;
    let keep = point.saturating_add(scale.into());
    let mut unscaled: i128 = 0;
    let digit = |i: i64| {
        let i = usize::try_from(i).ok()?;
        whole.bytes().chain(fraction.bytes()).nth(i).map(|b| i128::from(b - b'0'))
    };
    let limit = 10i128.pow(precision.into());
    for i in 0..keep.clamp(0, 1_000) {
        unscaled = unscaled * 10 + digit(i).unwrap_or(0);
        if unscaled >= limit {
            return Some(None);
        }
    }
    let round = keep >= 0 && digit(keep).is_some_and(|d| d >= 5);
    unscaled += i128::from(round);
    let value = if negative { -unscaled } else { unscaled };
    Some((unscaled < limit).then_some(value))
}

/// The usual decimal, few digits of which none are too many; `None` for any other text.
fn short_decimal(text: &[u8], scale: u8) -> Option<i128> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > 17 {
        return None;
    }
    let (mut value, mut point) = (0_i64, None);
    for (index, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => value = value * 10 + i64::from(byte - b'0'),
            b'.' if point.is_none() && digits.len() > 1 => point = Some(index),
            _ => return None,
        }
    }
    let fraction = point.map_or(0, |point| digits.len() - point - 1);
    let zeros = u32::try_from(usize::from(scale).checked_sub(fraction)?).ok()?;
    let unscaled = i128::from(value).checked_mul(10i128.checked_pow(zeros)?)?;
    Some(if negative { -unscaled } else { unscaled })
}

/// How a format writes dates and times.
#[derive(Clone, Copy)]
pub struct Forms {
    /// DATE.
    pub date: fn(&str) -> Option<i32>,
    /// TIME.
    pub time: fn(&str) -> Option<i32>,
    /// TIMESTAMP.
    pub timestamp: fn(&str) -> Option<Moment>,
    /// TIMESTAMP_LTZ.
    pub instant: fn(&str) -> Option<Moment>,
}

/// The forms of `csv`.
pub const CSV: Forms = Forms {
    date: lenient_date,
    time: local_time,
    timestamp: |text| timestamp(text.trim(), b' '),
    instant: |text| instant(text.trim(), b' '),
};

/// The forms of `json` with `json.timestamp-format.standard` = `SQL`.
pub const SQL: Forms = Forms {
    date,
    time: clock_time,
    timestamp: |text| timestamp(text, b' '),
    instant: |text| instant(text, b' '),
};

/// The forms of `json` with `json.timestamp-format.standard` = `ISO-8601`.
pub const ISO_8601: Forms =
    Forms { timestamp: |text| timestamp(text, b'T'), instant: |text| instant(text, b'T'), ..SQL };

/// The forms of folders of partitions.
pub const PARTITION: Forms = ISO_8601;

/// `yyyy-MM-dd`, in days since the epoch.
fn date(text: &str) -> Option<i32> {
    let (year, month, day) = parts(text)?;
    Some(days(NaiveDate::from_ymd_opt(year, month, day)?))
}

/// `java.sql.Date.valueOf`: one digit will do for month and day, and the 30th of February is the
/// first (or second) of March.
fn lenient_date(text: &str) -> Option<i32> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let short = |part: &str| matches!(part.len(), 1..=2).then(|| digits(part.as_bytes()));
    let (month, day) = (short(month)??, short(day)??);
    if year.len() != 4 || !(1..=31).contains(&day) {
        return None;
    }
    let first = NaiveDate::from_ymd_opt(digits(year.as_bytes())?.cast_signed(), month, 1)?;
    Some(days(first) + day.cast_signed() - 1)
}

/// A date whose day may be past the end of its month, which then is meant.
fn clamped_date(text: &str) -> Option<i32> {
    let (year, month, day) = parts(text)?;
    let at_most = |last: u32| NaiveDate::from_ymd_opt(year, month, day.min(last));
    let last = (day <= 31).then_some([31, 30, 29, 28]).into_iter().flatten();
    last.map(at_most).find_map(|date| date.map(days))
}

fn parts(text: &str) -> Option<(i32, u32, u32)> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let year = digits(&bytes[..4])?.cast_signed();
    Some((year, digits(&bytes[5..7])?, digits(&bytes[8..])?))
}

fn days(date: NaiveDate) -> i32 {
    date.num_days_from_ce() - EPOCH_FROM_CE
}

const EPOCH_FROM_CE: i32 = 719_163;

/// `HH:mm[:ss[.fraction]]`, in milliseconds of the day.
fn local_time(text: &str) -> Option<i32> {
    let (seconds, nanos) = clock(text, false)?;
    (seconds < DAY_SECONDS).then_some(seconds * 1_000 + nanos / 1_000_000)
}

/// `HH:mm:ss[.fraction]`, in milliseconds of the day; `24:00:00` is midnight.
fn clock_time(text: &str) -> Option<i32> {
    let (seconds, nanos) = clock(text, true)?;
    Some(seconds % DAY_SECONDS * 1_000 + nanos / 1_000_000)
}

/// `yyyy-MM-dd HH:mm:ss[.fraction]`, with `between` date and time; `24:00:00` is the next midnight.
fn timestamp(text: &str, between: u8) -> Option<Moment> {
    let (day, rest) = text.split_at_checked(10)?;
    let (separator, time) = rest.split_at_checked(1)?;
    if separator.as_bytes() != [between] {
        return None;
    }
    let (seconds, nanos) = clock(time, true)?;
    let millis = i64::from(clamped_date(day)?) * 86_400_000 + i64::from(seconds) * 1_000;
    Some((millis + i64::from(nanos / 1_000_000), nanos % 1_000_000))
}

/// The same with a `Z` at the end.
fn instant(text: &str, between: u8) -> Option<Moment> {
    timestamp(text.strip_suffix('Z')?, between)
}

const DAY_SECONDS: i32 = 86_400;

/// Seconds of the day, at most a whole day, and nanoseconds of the second.
fn clock(text: &str, needs_seconds: bool) -> Option<(i32, i32)> {
    let bytes = text.as_bytes();
    let part = |at: usize, most: u32| {
        digits(bytes.get(at..at + 2)?).filter(|v| *v <= most).map(u32::cast_signed)
    };
    let (hour, minute) = (part(0, 24)?, part(3, 59)?);
    if bytes[2] != b':' {
        return None;
    }
    let minutes = (hour * 60 + minute) * 60;
    let (seconds, nanos) = match bytes.get(5) {
        None if !needs_seconds => (minutes, 0),
        Some(b':') => (minutes + part(6, 59)?, fraction(bytes.get(8..)?)?),
        _ => return None,
    };
    (seconds < DAY_SECONDS || (seconds == DAY_SECONDS && nanos == 0)).then_some((seconds, nanos))
}

/// `.` and up to nine digits, or nothing: nanoseconds.
fn fraction(bytes: &[u8]) -> Option<i32> {
    match bytes {
        [] => Some(0),
        [b'.', rest @ ..] if rest.len() <= 9 => {
            Some(digits(rest)?.cast_signed() * 10i32.pow(9 - rest.len() as u32))
        }
        _ => None,
    }
}

fn digits(bytes: &[u8]) -> Option<u32> {
    bytes.iter().try_fold(0u32, |sum, b| match b {
        b'0'..=b'9' => Some(sum * 10 + u32::from(b - b'0')),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        for (text, strict, lenient) in [
            ("2024-02-29", Some(19_782), Some(19_782)),
            ("1969-12-31", Some(-1), Some(-1)),
            ("2023-02-29", None, Some(19_417)),
            ("2024-2-9", None, Some(19_762)),
            ("2024-02-32", None, None),
            ("2024-13-01", None, None),
            ("2024/02/29", None, None),
            ("", None, None),
            (" 2024-02-29", None, None),
            ("2024-02-29x", None, None),
            ("é024-02-29", None, None),
        ] {
            assert_eq!((date(text), lenient_date(text)), (strict, lenient), "{text}");
        }
    }

    #[test]
    fn times() {
        for (text, csv, json) in [
            ("23:59:59.5", Some(86_399_500), Some(86_399_500)),
            ("07:05", Some(25_500_000), None),
            ("07:05:00.", Some(25_500_000), Some(25_500_000)),
            ("24:00:00", None, Some(0)),
            ("24:00:01", None, None),
            ("7:05", None, None),
            ("07:05:", None, None),
            ("07-05", None, None),
            ("", None, None),
            ("07:60:00", None, None),
        ] {
            assert_eq!((local_time(text), clock_time(text)), (csv, json), "{text}");
        }
    }

    #[test]
    fn moments() {
        let day = 19_782 * 86_400_000;
        for (text, sql) in [
            ("2024-02-29 00:00:01.123456", Some((day + 1_123, 456_000))),
            ("2024-02-29 00:00:01", Some((day + 1_000, 0))),
            ("2024-02-30 00:00:01", Some((day + 1_000, 0))),
            ("2024-02-28 24:00:00", Some((day, 0))),
            ("2024-02-32 00:00:01", None),
            ("2024-02-00 00:00:01", None),
            ("2024-02-29T00:00:01", None),
            ("2024-02-29", None),
            ("2024-02-29 00:00", None),
            ("2024-02-2é 00", None),
        ] {
            assert_eq!((SQL.timestamp)(text), sql, "{text}");
        }
        assert_eq!((CSV.timestamp)(" 2024-02-29 00:00:00"), Some((day, 0)));
        assert_eq!((SQL.timestamp)(" 2024-02-29 00:00:00"), None);
        assert_eq!((SQL.instant)("2024-02-29 00:00:00Z"), Some((day, 0)));
        assert_eq!((SQL.instant)("2024-02-29 00:00:00"), None);
        assert_eq!((ISO_8601.instant)("2024-02-29T00:00:00Z"), Some((day, 0)));
    }

    #[test]
    fn decimals_round_half_up() {
        for (text, expected) in [
            ("10.5", Some(Some(1050))),
            ("-1.255", Some(Some(-126))),
            ("0.004", Some(Some(0))),
            ("1e2", Some(Some(10_000))),
            ("12E-1", Some(Some(120))),
            (".5", Some(Some(50))),
            (" 7 ", None),
            ("9999.99", Some(Some(999_999))),
            ("9999.995", Some(None)),
            ("10000", Some(None)),
            ("1e400000", Some(None)),
            ("0e400000", Some(Some(0))),
            ("", None),
            ("abc", None),
            ("1.2.3", None),
            ("--1", None),
        ] {
            assert_eq!(decimal(text, 6, 2), expected, "{text:?}");
        }
    }

    #[test]
    fn doubles_are_java_s() {
        assert_eq!(double(" 1.5 "), Some(1.5));
        assert_eq!(double("1e3"), Some(1000.0));
        assert_eq!(double("2f"), Some(2.0));
        assert_eq!(double("-Infinity"), Some(f64::NEG_INFINITY));
        for bad in ["inf", "nan", "infinity", "N/A", "", "-"] {
            assert_eq!(double(bad), None, "{bad}");
        }
    }
}
