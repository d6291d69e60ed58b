//! Moments as `java.sql.Timestamp` and `java.sql.Date` read them: what TO_TIMESTAMP falls back to.

use chrono::NaiveDate;

use crate::expr::functions::units::MILLIS_PER_DAY;

/// What is not of the pattern may still be written as SQL writes it: then hours, minutes and seconds may
/// be any, and a month has 31 days.
pub(in crate::expr::functions) fn sql_moment(text: &str) -> Option<(i64, i32)> {
    let (date, time) = text.split_once(' ').unwrap_or((text, "0:0:0"));
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse::<i64>().ok())?
    };
    let numbers = |text: &str, mark| -> Option<[i64; 3]> {
        let parts: Option<Vec<i64>> = text.split(mark).map(number).collect();
        parts?.try_into().ok()
    };
    let [year, month, day] = numbers(date, '-').filter(|_| date.find('-') == Some(4))?;
    if !(1..=31).contains(&day) {
        return None;
    }
    let first = NaiveDate::from_ymd_opt(year as i32, u32::try_from(month).ok()?, 1)?;
    let (clock, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let [hour, minute, second] = numbers(clock, ':')?;
    let nanos = number(&format!("{fraction:0<9}")).filter(|_| fraction.len() <= 9)?;
    let seconds = hour.checked_mul(3_600)?.checked_add(minute.checked_mul(60)?)?;
    let of_day = seconds.checked_add(second)?.checked_mul(1_000)?;
    let days = i64::from(first.to_epoch_days()) + day - 1;
    let millis = (days * MILLIS_PER_DAY).checked_add(of_day + nanos / 1_000_000)?;
    Some((millis, (nanos % 1_000_000) as i32))
}

#[cfg(test)]
mod tests {
    use super::sql_moment;
    use crate::data::print::temporal::timestamp;

    #[test]
    fn parts_count_on_beyond_their_bounds() {
        for (text, expected) in [
            ("2024-1-5 3:4:5.7", Some("2024-01-05 03:04:05.700")),
            ("2024-01-05 25:61:61", Some("2024-01-06 02:02:01.000")),
            ("2024-02-31", Some("2024-03-02 00:00:00.000")),
            ("2024-13-01", None),
            ("2024-01-05 03:04", None),
            ("24-01-05", None),
        ] {
            let read = sql_moment(text).map(|(millis, nanos)| timestamp(millis, nanos, 3));
            assert_eq!(read.as_deref(), expected, "{text}");
        }
    }
}
