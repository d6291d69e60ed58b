//! Java's `hashCode` of the values that a key of the DataStream API may be.

use crate::data::row::Value;

/// The hash code of a key. A row hashes as Flink's tuples do, an array as `Arrays.hashCode`.
pub fn java_hash_code(value: &Value) -> i32 {
    match value {
        Value::Null => 0,
        Value::Boolean(v) => {
            if *v {
                1231
            } else {
                1237
            }
        }
        Value::TinyInt(v) => i32::from(*v),
        Value::SmallInt(v) => i32::from(*v),
        Value::Int(v) | Value::Date(v) | Value::Time(v) | Value::IntervalYearMonth(v) => *v,
        Value::BigInt(v) | Value::IntervalDayTime(v) => long(*v),
        Value::Float(v) => {
            if v.is_nan() {
                0x7fc0_0000
            } else {
                v.to_bits() as i32
            }
        }
        Value::Double(v) => {
            long(if v.is_nan() { 0x7ff8_0000_0000_0000 } else { v.to_bits() as i64 })
        }
        Value::Decimal(unscaled, scale) => decimal(*unscaled, *scale),
        Value::String(text) => text.encode_utf16().fold(0, |hash, unit| add(hash, i32::from(unit))),
        Value::Bytes(bytes) => bytes.iter().fold(1, |hash, byte| add(hash, i32::from(*byte as i8))),
        Value::Timestamp(millis, nanos) | Value::TimestampLtz(millis, nanos) => {
            add(long(*millis), *nanos)
        }
        Value::Array(items) => items.iter().fold(1, |hash, item| add(hash, java_hash_code(item))),
        Value::Map(entries) => entries.iter().fold(0, |hash: i32, (key, value)| {
            hash.wrapping_add(java_hash_code(key) ^ java_hash_code(value))
        }),
        Value::Row(fields) => {
            let hashes = fields.iter().map(java_hash_code);
            hashes.reduce(add).unwrap_or(0)
        }
    }
}

fn add(hash: i32, next: i32) -> i32 {
    hash.wrapping_mul(31).wrapping_add(next)
}

fn long(value: i64) -> i32 {
    (value ^ ((value as u64) >> 32) as i64) as i32
}

/// `BigDecimal.hashCode`: of the magnitude by 32-bit words from the highest, then sign and scale.
fn decimal(unscaled: i128, scale: u8) -> i32 {
    let scale = i32::from(scale);
    if let Ok(compact) = i64::try_from(unscaled) {
        let magnitude = compact.unsigned_abs();
        let hash = ((magnitude >> 32) as i32).wrapping_mul(31).wrapping_add(magnitude as i32);
        return add(if compact < 0 { hash.wrapping_neg() } else { hash }, scale);
    }
    let magnitude = unscaled.unsigned_abs();
    let words = (0..4).rev().map(|i| (magnitude >> (32 * i)) as i32);
    let hash = words.skip_while(|w| *w == 0).fold(0, add);
    add(if unscaled < 0 { hash.wrapping_neg() } else { hash }, scale)
}
