//! Python's way to round and to print, for programs whose lines a Python program wrote first.

use crate::data::{Row, Value, print};

/// `round(value, digits)`: to the nearest decimal, by the exact value of the double.
pub fn round(value: f64, digits: usize) -> f64 {
    format!("{value:.digits$}").parse().unwrap_or(value)
}

/// `print(tuple)`: the values with Python's quotes, in parentheses.
pub fn tuple(row: &Row) -> String {
    let values: Vec<String> = row.fields.iter().map(repr).collect();
    match values.as_slice() {
        [one] => format!("({one},)"),
        many => format!("({})", many.join(", ")),
    }
}

/// `repr(value)`.
fn repr(value: &Value) -> String {
    match value {
        Value::Null => "None".into(),
        Value::Boolean(true) => "True".into(),
        Value::Boolean(false) => "False".into(),
        Value::Double(v) => float(*v),
        Value::String(text) => string(text),
        other => print::java::value(other),
    }
}

/// Python's shortest form: plain from 1e-4 up to 1e16, then with an exponent of two digits.
fn float(value: f64) -> String {
    if value.is_nan() {
        return "nan".into();
    }
    let magnitude = value.abs();
    if value.is_infinite() || magnitude == 0.0 || (1e-4..1e16).contains(&magnitude) {
        return format!("{value:?}");
    }
    let text = format!("{value:e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) => match exponent.strip_prefix('-') {
            Some(digits) => format!("{mantissa}e-{digits:0>2}"),
            None => format!("{mantissa}e+{exponent:0>2}"),
        },
        None => text,
    }
}

/// In single quotes, unless that would need more escapes than double ones.
fn string(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c == quote || c == '\\' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_is_by_the_exact_value() {
        for (value, expected) in
            [(11.0 / 3.0, 3.67), (14.0 / 6.0, 2.33), (2.675, 2.67), (0.125, 0.12), (0.375, 0.38)]
        {
            assert_eq!(round(value, 2), expected);
        }
    }

    #[test]
    fn values_print_as_python_has_them() {
        let row = Row::insert(vec![
            "Média:".into(),
            Value::Int(-3),
            Value::Double(3.0),
            Value::Null,
            Value::Boolean(true),
            "d'água".into(),
        ]);
        assert_eq!(tuple(&row), r#"('Média:', -3, 3.0, None, True, "d'água")"#);
        assert_eq!(tuple(&Row::insert(vec![Value::BigInt(1)])), "(1,)");
        let floats = [1e16, 1.5e-5, 123456.789, 1e-4, -2e300, f64::INFINITY, 0.0];
        let printed: Vec<String> = floats.map(float).to_vec();
        assert_eq!(printed, ["1e+16", "1.5e-05", "123456.789", "0.0001", "-2e+300", "inf", "0.0"]);
    }
}
