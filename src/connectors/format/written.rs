//! Values as Flink's text formats write them; [`super::text`] reads them.

use crate::data::print::{number, temporal};

/// A time of day, `HH:mm:ss[.fraction]`.
pub(in crate::connectors) fn time(millis: i32) -> String {
    trimmed(&temporal::time(millis, 3)).to_owned()
}

/// A moment, `yyyy-MM-dd HH:mm:ss[.fraction]`, with `between` date and time.
pub(in crate::connectors) fn timestamp(millis: i64, nanos: i32, between: char) -> String {
    let text = temporal::timestamp(millis, nanos, 9);
    let text = trimmed(&text);
    match text.rsplit_once(' ') {
        Some((date, time)) => format!("{date}{between}{time}"),
        None => text.to_owned(),
    }
}

/// Without zeros at the end of the fraction, and without its point if nothing is left.
fn trimmed(text: &str) -> &str {
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => text,
    }
}

/// `BigDecimal.toString` (or `toPlainString`) after its zeros at the end were stripped.
pub(in crate::connectors) fn decimal(unscaled: i128, scale: u8, scientific: bool) -> String {
    let (mut unscaled, mut scale) = (unscaled, i32::from(scale));
    while unscaled != 0 && unscaled % 10 == 0 {
        unscaled /= 10;
        scale -= 1;
    }
    if unscaled == 0 {
        return "0".into();
    }
    let digits = unscaled.unsigned_abs().to_string();
    let sign = if unscaled < 0 { "-" } else { "" };
    let exponent = digits.len() as i32 - 1 - scale;
    if scale < 0 && !scientific {
        return format!("{sign}{digits}{}", "0".repeat(scale.unsigned_abs() as usize));
    }
    if scale < 0 || (exponent < -6 && scientific) {
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        return format!("{sign}{first}{point}{rest}E{exponent:+}");
    }
    number::decimal(unscaled, scale.unsigned_abs() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_stripped_big_decimals() {
        for (unscaled, scale, scientific, expected) in [
            (1050, 2, true, "10.5"),
            (0, 2, true, "0"),
            (-125, 2, true, "-1.25"),
            (10_000_000, 2, true, "1E+5"),
            (10_000_000, 2, false, "100000"),
            (150_000, 2, true, "1.5E+3"),
            (7, 9, true, "7E-9"),
            (7, 9, false, "0.000000007"),
            (-7, 3, true, "-0.007"),
        ] {
            assert_eq!(decimal(unscaled, scale, scientific), expected);
        }
    }
}
