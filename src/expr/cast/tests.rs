//! CAST as a running Flink answers it.

use super::*;

fn cast(value: Value, from: LogicalType, to: LogicalType) -> String {
    match cast_value(&value, &from, &to, &Zone::default()) {
        Ok(value) => print::cell(&value, &DataType::nullable(to), &Zone::default()),
        Err(error) => error.code().to_owned(),
    }
}

#[test]
fn numbers_narrow_as_in_java() {
    use LogicalType as L;
    let dec = |precision, scale| L::Decimal { precision, scale };
    let cases = [
        (Value::Int(300), L::Int, L::TinyInt, "44"),
        (Value::BigInt(4_294_967_297), L::BigInt, L::Int, "1"),
        (Value::Double(1e20), L::Double, L::Int, "2147483647"),
        (Value::Double(-3.9), L::Double, L::Int, "-3"),
        (Value::Decimal(1005, 3), dec(4, 3), dec(5, 2), "1.01"),
        (Value::Decimal(-1005, 3), dec(4, 3), dec(5, 2), "-1.01"),
        (Value::Decimal(25, 1), dec(2, 1), dec(5, 0), "3"),
        (Value::Decimal(12_345_678, 3), dec(8, 3), dec(5, 2), "<NULL>"),
        (Value::Decimal(-3999, 3), dec(4, 3), L::Int, "-3"),
        (Value::Int(0), L::Int, L::Boolean, "FALSE"),
        (Value::Boolean(true), L::Boolean, L::Int, "1"),
    ];
    for (value, from, to, expected) in cases {
        assert_eq!(cast(value.clone(), from, to.clone()), expected, "{value:?} to {to}");
    }
}

#[test]
fn text_parses_or_fails() {
    use LogicalType as L;
    let cases = [
        ("12", L::Int, "12"),
        (" 12 ", L::Int, "12"),
        ("12.7", L::Int, "12"),
        ("abc", L::Int, "cast-failed"),
        ("", L::Int, "cast-failed"),
        ("9999999999", L::Int, "cast-failed"),
        ("1e3", L::Double, "1000.0"),
        ("12.345", L::Decimal { precision: 6, scale: 1 }, "12.3"),
        ("yes", L::Boolean, "TRUE"),
        ("maybe", L::Boolean, "cast-failed"),
        ("2024-02-30", L::Date, "cast-failed"),
        ("2024-1-5", L::Date, "2024-01-05"),
        ("2024-01-05 03:04:05.1", L::timestamp(3), "2024-01-05 03:04:05.100"),
        ("2024-01-05", L::timestamp(0), "2024-01-05 00:00:00"),
        ("25:00:00", L::Time(0), "25:00:00"),
        ("12:30:15-01:00", L::Time(0), "11:30:15"),
        ("12:30.5", L::Time(0), "cast-failed"),
        ("03:04", L::Time(0), "03:04:00"),
        ("abc", L::Char(5), "abc  "),
        ("coração", L::Varchar(5), "coraç"),
    ];
    for (text, to, expected) in cases {
        assert_eq!(cast(text.into(), L::STRING, to.clone()), expected, "{text:?} to {to}");
    }
}
