//! Numbers as Java prints them.

/// A DOUBLE: `1.0`, `1.0E10`, `Infinity`.
pub fn java_double(value: f64) -> String {
    match value {
        _ if value.is_nan() => "NaN".to_owned(),
        _ if value.is_infinite() => infinity(value < 0.0),
        // The smallest of all: Java gives it two digits.
        _ if value.abs() == f64::from_bits(1) => {
            if value < 0.0 { "-4.9E-324" } else { "4.9E-324" }.to_owned()
        }
        _ => java_float_text(&format!("{value:e}"), value == 0.0, value.abs()),
    }
}

/// A FLOAT: the shortest digits that give the same FLOAT, but more of a large whole number, since Java
/// takes those from the number itself.
pub fn java_float(value: f32) -> String {
    match value {
        _ if value.is_nan() => "NaN".to_owned(),
        _ if value.is_infinite() => infinity(value < 0.0),
        _ if whole_float(value) => {
            let sign = if value < 0.0 { "-" } else { "" };
            java_float_text(&format!("{sign}{}", kept_digits(value)), false, f64::from(value.abs()))
        }
        _ => java_float_text(&format!("{value:e}"), value == 0.0, f64::from(value.abs())),
    }
}

/// Whether Java prints it from its whole digits.
fn whole_float(value: f32) -> bool {
    value.fract() == 0.0 && (1e7..9.2e18).contains(&value.abs())
}

/// The digits of a large whole number without those that its bits do not tell, as `1.5e10`.
fn kept_digits(value: f32) -> String {
    const SIGNIFICANT_BITS: i32 = 24;
    let mut whole = value.abs() as u64;
    let untold = whole.ilog2() as i32 - SIGNIFICANT_BITS - 1;
    let dropped = (f64::from(untold.max(0)) * std::f64::consts::LOG10_2) as u32;
    let unit = 10_u64.pow(dropped);
    let up = u64::from(dropped > 0 && whole % unit >= unit / 2);
    whole = whole / unit + up;
    let digits = whole.to_string();
    let exponent = digits.len() as u32 - 1 + dropped;
    let (first, rest) = digits.split_at(1);
    let rest = rest.trim_end_matches('0');
    let point = if rest.is_empty() { "" } else { "." };
    format!("{first}{point}{rest}e{exponent}")
}

fn infinity(negative: bool) -> String {
    if negative { "-Infinity" } else { "Infinity" }.to_owned()
}

/// Java writes numbers from a thousandth to below ten million plainly, others with an exponent, and
/// at least one digit after the point. `scientific` is Rust's form, `-1.25e-5`.
fn java_float_text(scientific: &str, zero: bool, magnitude: f64) -> String {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    if !zero && !(1e-3..1e7).contains(&magnitude) {
        let point = if mantissa.contains('.') { "" } else { ".0" };
        return format!("{mantissa}{point}E{exponent}");
    }
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let digits = mantissa.replace('.', "");
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (whole, fraction) = match usize::try_from(exponent) {
        Ok(places) if digits.len() > places + 1 => {
            (digits[..=places].to_owned(), digits[places + 1..].to_owned())
        }
        Ok(places) => (format!("{digits:0<width$}", width = places + 1), "0".to_owned()),
        Err(_) => {
            let zeros = "0".repeat(exponent.unsigned_abs() as usize - 1);
            ("0".to_owned(), format!("{zeros}{digits}"))
        }
    };
    format!("{sign}{whole}.{fraction}")
}

/// A DECIMAL with all digits of its scale: `1.50`.
pub fn decimal(unscaled: i128, scale: u8) -> String {
    let sign = if unscaled < 0 { "-" } else { "" };
    let scale = usize::from(scale);
    let digits = format!("{:0>width$}", unscaled.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    match fraction {
        "" => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}.{fraction}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_and_floats_print_as_java_does() {
        let cases = [
            (1.0, "1.0"),
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1e7, "1.0E7"),
            (1.5e-5, "1.5E-5"),
            (123_456_789.125, "1.23456789125E8"),
            (0.001, "0.001"),
            (-0.012_5, "-0.0125"),
            (9_999_999.0, "9999999.0"),
            (1e21, "1.0E21"),
            (0.1 + 0.2, "0.30000000000000004"),
            (100.25, "100.25"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
            (f64::NAN, "NaN"),
        ];
        for (value, expected) in cases {
            assert_eq!(java_double(value), expected);
        }
        assert_eq!(java_float(0.1), "0.1");
        assert_eq!(java_float(16_777_216.0), "1.6777216E7");
        assert_eq!(java_float(123_456_792.0), "1.23456792E8");
        assert_eq!(java_float(1e10), "1.0E10");
        assert_eq!(java_float(1e15), "9.9999999E14");
        assert_eq!(java_float(1.0 / 3.0), "0.33333334");
    }

    #[test]
    fn decimals_print_their_whole_scale() {
        let cases = [(150, 2, "1.50"), (-5, 3, "-0.005"), (7, 0, "7"), (0, 2, "0.00")];
        for (unscaled, scale, expected) in cases {
            assert_eq!(decimal(unscaled, scale), expected);
        }
    }
}
