//! Rows as Java's `toString` writes them: what the `print` connector prints.

use super::number::{decimal, java_double, java_float};
use super::temporal;
use crate::data::row::{Row, RowKind, Value};

/// A row with its kind: `+I[1, null, 2024-01-01T00:00]`.
pub fn row(row: &Row) -> String {
    format!("{}[{}]", row.kind, join(row.fields.iter().map(value)))
}

/// A value inside a row.
pub fn value(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Boolean(v) => v.to_string(),
        Value::TinyInt(v) => v.to_string(),
        Value::SmallInt(v) => v.to_string(),
        Value::Int(v) => v.to_string(),
        Value::BigInt(v) => v.to_string(),
        Value::Float(v) => java_float(*v),
        Value::Double(v) => java_double(*v),
        Value::Decimal(unscaled, scale) => big_decimal(*unscaled, *scale),
        Value::String(v) => v.to_string(),
        Value::Bytes(bytes) => format!("[{}]", join(bytes.iter().map(|b| (*b as i8).to_string()))),
        Value::Date(days) => temporal::date(*days),
        Value::Time(millis) => local_time(i64::from(*millis), 0),
        Value::Timestamp(millis, nanos) => date_time(*millis, *nanos),
        Value::TimestampLtz(millis, nanos) => instant(*millis, *nanos),
        Value::IntervalYearMonth(months) => period(*months),
        Value::IntervalDayTime(millis) => duration(*millis),
        Value::Array(items) => format!("[{}]", join(items.iter().map(self::value))),
        Value::Map(entries) => {
            let entry = |(k, v): &(Value, Value)| format!("{}={}", self::value(k), self::value(v));
            format!("{{{}}}", join(entries.iter().map(entry)))
        }
        Value::Row(fields) => {
            format!("{}[{}]", RowKind::Insert, join(fields.iter().map(self::value)))
        }
    }
}

fn join(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}

/// `BigDecimal.toString`: plain, unless it begins with more than five zeros after the point.
fn big_decimal(unscaled: i128, scale: u8) -> String {
    const SMALLEST_PLAIN_EXPONENT: i32 = -6;
    let digits = unscaled.unsigned_abs().to_string();
    let exponent = digits.len() as i32 - 1 - i32::from(scale);
    if exponent >= SMALLEST_PLAIN_EXPONENT {
        return decimal(unscaled, scale);
    }
    let sign = if unscaled < 0 { "-" } else { "" };
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{first}{point}{rest}E{exponent}")
}

/// `LocalTime.toString`: seconds only if there are any, the fraction in groups of three digits.
fn local_time(millis_of_day: i64, nanos_of_milli: i32) -> String {
    let seconds = millis_of_day / 1_000;
    let nanos = millis_of_day % 1_000 * 1_000_000 + i64::from(nanos_of_milli);
    let hours_minutes = format!("{:02}:{:02}", seconds / 3_600, seconds / 60 % 60);
    match (seconds % 60, nanos) {
        (0, 0) => hours_minutes,
        (second, nanos) => format!("{hours_minutes}:{second:02}{}", fraction(nanos)),
    }
}

fn fraction(nanos: i64) -> String {
    match nanos {
        0 => String::new(),
        n if n % 1_000_000 == 0 => format!(".{:03}", n / 1_000_000),
        n if n % 1_000 == 0 => format!(".{:06}", n / 1_000),
        n => format!(".{n:09}"),
    }
}

fn date_time(millis: i64, nanos_of_milli: i32) -> String {
    const DAY: i64 = 86_400_000;
    let day = temporal::date(millis.div_euclid(DAY) as i32);
    format!("{day}T{}", local_time(millis.rem_euclid(DAY), nanos_of_milli))
}

/// `Instant.toString`: always with seconds.
fn instant(millis: i64, nanos_of_milli: i32) -> String {
    let of_second = millis.rem_euclid(1_000);
    let seconds = temporal::timestamp(millis - of_second, 0, 0).replace(' ', "T");
    let nanos = millis.rem_euclid(1_000) * 1_000_000 + i64::from(nanos_of_milli);
    format!("{seconds}{}Z", fraction(nanos))
}

/// `2024-01-31T03:04:05.12`: with seconds, and the digits that the fraction has.
pub fn iso_seconds(millis: i64, nanos_of_milli: i32) -> String {
    let seconds = temporal::timestamp(millis, nanos_of_milli, 9).replace(' ', "T");
    seconds.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `Period.toString` of a normalized number of months.
fn period(months: i32) -> String {
    match (months / 12, months % 12) {
        (0, 0) => "P0D".to_owned(),
        (years, 0) => format!("P{years}Y"),
        (0, months) => format!("P{months}M"),
        (years, months) => format!("P{years}Y{months}M"),
    }
}

/// `Duration.toString`.
fn duration(millis: i64) -> String {
    if millis == 0 {
        return "PT0S".to_owned();
    }
    let (hours, minutes) = (millis / 3_600_000, millis / 60_000 % 60);
    let (seconds, fraction) = (millis / 1_000 % 60, millis % 1_000);
    let mut text = String::from("PT");
    for (number, unit) in [(hours, 'H'), (minutes, 'M')] {
        if number != 0 {
            text += &format!("{number}{unit}");
        }
    }
    match (seconds, fraction) {
        (0, 0) => {}
        (seconds, 0) => text += &format!("{seconds}S"),
        (seconds, fraction) => {
            let sign = if seconds == 0 && fraction < 0 { "-" } else { "" };
            let fraction = format!("{:03}", fraction.abs());
            text += &format!("{sign}{seconds}.{}S", fraction.trim_end_matches('0'));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_print_as_in_the_task_managers_stdout() {
        let fields = vec![
            Value::Int(1),
            Value::Null,
            Value::Double(2e10),
            Value::Timestamp(1_704_067_200_000, 0),
            Value::Timestamp(1_704_067_201_120, 0),
            Value::TimestampLtz(0, 0),
            Value::Decimal(1, 7),
            Value::Decimal(150, 2),
            Value::Bytes([97, 255].into()),
            Value::Row([Value::Boolean(true)].into()),
            Value::IntervalDayTime(90_500),
            Value::IntervalYearMonth(14),
        ];
        insta::assert_snapshot!(
            row(&Row { kind: RowKind::UpdateAfter, fields }),
            @"+U[1, null, 2.0E10, 2024-01-01T00:00, 2024-01-01T00:00:01.120, 1970-01-01T00:00:00Z, 1E-7, 1.50, [97, -1], +I[true], PT1M30.5S, P1Y2M]"
        );
    }
}
