//! The bytes of Flink's `BinaryRowData`, as far as keys need them.
//!
//! A header (one byte of row kind, then one null bit a field, in words of eight bytes), eight bytes a
//! field, and a part of variable length where every value begins at a multiple of eight.

use crate::data::row::Value;
use crate::data::types::{DataType, LogicalType};

const WORD: usize = 8;
const HEADER_BITS: usize = 8;
/// A string of at most so many bytes lies in the field itself.
const INLINE_BYTES: usize = 7;
/// Digits of a decimal that fit eight bytes.
const COMPACT_DECIMAL: u8 = 18;
/// Fraction digits of a timestamp that fits eight bytes.
const COMPACT_TIMESTAMP: u8 = 3;
/// Bytes that a large decimal takes.
const DECIMAL_BYTES: usize = 16;

/// A row that is written again and again in the same memory.
#[derive(Default)]
pub struct BinaryRow(Vec<u8>);

impl BinaryRow {
    /// The bytes of the row that was written last.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Writes an inserted row. A value that is not of its type is written as NULL.
    pub fn write(&mut self, types: &[DataType], values: &[Value]) {
        let header = (values.len() + HEADER_BITS).div_ceil(WORD * 8) * WORD;
        self.0.clear();
        self.0.resize(header + values.len() * WORD, 0);
        for (index, (data_type, value)) in types.iter().zip(values).enumerate() {
            self.write_field(index, header + index * WORD, &data_type.logical, value);
        }
    }

    fn write_field(&mut self, index: usize, at: usize, logical: &LogicalType, value: &Value) {
        use LogicalType as L;
        match (logical, value) {
            (L::Decimal { precision, .. }, _) if *precision > COMPACT_DECIMAL => {
                self.write_large_decimal(index, at, value);
            }
            (L::Timestamp { precision, .. } | L::TimestampLtz { precision, .. }, _)
                if *precision > COMPACT_TIMESTAMP =>
            {
                self.write_large_timestamp(index, at, value);
            }
            (_, Value::Boolean(v)) => self.0[at] = u8::from(*v),
            (_, Value::TinyInt(v)) => self.put(at, &v.to_le_bytes()),
            (_, Value::SmallInt(v)) => self.put(at, &v.to_le_bytes()),
            (_, Value::Int(v) | Value::Date(v) | Value::Time(v) | Value::IntervalYearMonth(v)) => {
                self.put(at, &v.to_le_bytes())
            }
            (_, Value::BigInt(v) | Value::IntervalDayTime(v)) => self.put(at, &v.to_le_bytes()),
            (_, Value::Float(v)) => self.put(at, &v.to_le_bytes()),
            (_, Value::Double(v)) => self.put(at, &v.to_le_bytes()),
            (_, Value::Decimal(v, _)) => self.put(at, &(*v as i64).to_le_bytes()),
            (_, Value::Timestamp(millis, _) | Value::TimestampLtz(millis, _)) => {
                self.put(at, &millis.to_le_bytes());
            }
            (_, Value::String(text)) => self.write_bytes(at, text.as_bytes()),
            (_, Value::Bytes(bytes)) => self.write_bytes(at, bytes),
            (L::Row(schema), Value::Row(fields)) => {
                let types: Vec<_> = schema.fields().iter().map(|f| f.data_type.clone()).collect();
                let mut row = Self::default();
                row.write(&types, fields);
                self.write_variable(at, row.bytes());
            }
            _ => self.set_null(index),
        }
    }

    fn put(&mut self, at: usize, bytes: &[u8]) {
        self.0[at..at + bytes.len()].copy_from_slice(bytes);
    }

    fn set_null(&mut self, index: usize) {
        let bit = index + HEADER_BITS;
        self.0[bit / 8] |= 1 << (bit % 8);
    }

    fn write_bytes(&mut self, at: usize, bytes: &[u8]) {
        if bytes.len() > INLINE_BYTES {
            return self.write_variable(at, bytes);
        }
        self.put(at, bytes);
        self.0[at + INLINE_BYTES] = 0x80 | bytes.len() as u8;
    }

    /// Appends bytes, padded to whole words, and points to them from the field.
    fn write_variable(&mut self, at: usize, bytes: &[u8]) {
        self.point(at, bytes.len() as u32);
        self.0.extend_from_slice(bytes);
        self.0.resize(self.0.len().next_multiple_of(WORD), 0);
    }

    /// Writes the end of the row and a number (a length, mostly) into a field.
    fn point(&mut self, at: usize, low: u32) {
        let word = ((self.0.len() as u64) << 32) | u64::from(low);
        self.put(at, &word.to_le_bytes());
    }

    /// Flink reserves the bytes for NULL too.
    fn write_large_decimal(&mut self, index: usize, at: usize, value: &Value) {
        let mut padded = [0; DECIMAL_BYTES];
        let mut len = 0;
        match value {
            Value::Decimal(unscaled, _) => {
                let bytes = unscaled.to_be_bytes();
                let digits = shortest(&bytes);
                len = digits.len();
                padded[..len].copy_from_slice(digits);
            }
            _ => self.set_null(index),
        }
        self.point(at, len as u32);
        self.0.extend_from_slice(&padded);
    }

    fn write_large_timestamp(&mut self, index: usize, at: usize, value: &Value) {
        let (millis, nanos) = match value {
            Value::Timestamp(millis, nanos) | Value::TimestampLtz(millis, nanos) => {
                (*millis, *nanos)
            }
            _ => {
                self.set_null(index);
                (0, 0)
            }
        };
        self.point(at, nanos as u32);
        self.0.extend_from_slice(&millis.to_le_bytes());
    }
}

/// The shortest two's complement form of a big-endian number (`BigInteger.toByteArray`).
fn shortest(bytes: &[u8; DECIMAL_BYTES]) -> &[u8] {
    let filler = if bytes[0] & 0x80 == 0 { 0 } else { 0xff };
    let redundant = |pair: &&[u8]| pair[0] == filler && (pair[1] ^ filler) & 0x80 == 0;
    let skip = bytes.windows(2).take_while(redundant).count();
    &bytes[skip..]
}
