//! Values in order: what MIN, MAX and sorted state compare with, and DISTINCT looks up.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use super::row::Value;

/// A value with a total order, so that it can be the key of an ordered map. NULL comes first, -0.0
/// before 0.0, NaN last; values of different types are ordered by their type.
#[derive(Clone, Debug)]
pub struct Ordered(pub Value);

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> Ordering {
        compare(&self.0, &other.0)
    }
}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ordered {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ordered {}

/// Equal values have equal hashes: a decimal is compared without its scale, a float by its bits.
impl Hash for Ordered {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash(&self.0, state);
    }
}

fn hash<H: Hasher>(value: &Value, state: &mut H) {
    use Value as V;
    match value {
        V::Null => {}
        V::Boolean(v) => v.hash(state),
        V::TinyInt(v) => v.hash(state),
        V::SmallInt(v) => v.hash(state),
        V::Int(v) | V::Date(v) | V::Time(v) | V::IntervalYearMonth(v) => v.hash(state),
        V::BigInt(v) | V::IntervalDayTime(v) => v.hash(state),
        V::Float(v) => v.to_bits().hash(state),
        V::Double(v) => v.to_bits().hash(state),
        V::Decimal(v, _) => v.hash(state),
        V::String(v) => v.hash(state),
        V::Bytes(v) => v.hash(state),
        V::Timestamp(millis, nanos) | V::TimestampLtz(millis, nanos) => {
            (millis, nanos).hash(state);
        }
        V::Array(values) | V::Row(values) => values.iter().for_each(|v| hash(v, state)),
        V::Map(entries) => entries.iter().for_each(|(key, value)| {
            hash(key, state);
            hash(value, state);
        }),
    }
}

/// The order of two values of one type.
pub fn compare(a: &Value, b: &Value) -> Ordering {
    use Value as V;
    match (a, b) {
        (V::Boolean(a), V::Boolean(b)) => a.cmp(b),
        (V::TinyInt(a), V::TinyInt(b)) => a.cmp(b),
        (V::SmallInt(a), V::SmallInt(b)) => a.cmp(b),
        (V::Int(a), V::Int(b))
        | (V::Date(a), V::Date(b))
        | (V::Time(a), V::Time(b))
        | (V::IntervalYearMonth(a), V::IntervalYearMonth(b)) => a.cmp(b),
        (V::BigInt(a), V::BigInt(b)) | (V::IntervalDayTime(a), V::IntervalDayTime(b)) => a.cmp(b),
        (V::Float(a), V::Float(b)) => a.total_cmp(b),
        (V::Double(a), V::Double(b)) => a.total_cmp(b),
        (V::Decimal(a, _), V::Decimal(b, _)) => a.cmp(b),
        (V::String(a), V::String(b)) => a.cmp(b),
        (V::Bytes(a), V::Bytes(b)) => a.cmp(b),
        (V::Timestamp(a, an), V::Timestamp(b, bn))
        | (V::TimestampLtz(a, an), V::TimestampLtz(b, bn)) => (a, an).cmp(&(b, bn)),
        (V::Array(a), V::Array(b)) | (V::Row(a), V::Row(b)) => {
            let unequal = a.iter().zip(b.iter()).map(|(a, b)| compare(a, b)).find(|o| o.is_ne());
            unequal.unwrap_or(a.len().cmp(&b.len()))
        }
        (V::Map(a), V::Map(b)) => {
            let entry = |((ak, av), (bk, bv)): (&(V, V), &(V, V))| {
                compare(ak, bk).then_with(|| compare(av, bv))
            };
            let unequal = a.iter().zip(b.iter()).map(entry).find(|o| o.is_ne());
            unequal.unwrap_or(a.len().cmp(&b.len()))
        }
        (a, b) => rank(a).cmp(&rank(b)),
    }
}

/// The place of a type among the others.
fn rank(value: &Value) -> u8 {
    use Value as V;
    match value {
        V::Null => 0,
        V::Boolean(_) => 1,
        V::TinyInt(_) => 2,
        V::SmallInt(_) => 3,
        V::Int(_) => 4,
        V::BigInt(_) => 5,
        V::Float(_) => 6,
        V::Double(_) => 7,
        V::Decimal(..) => 8,
        V::String(_) => 9,
        V::Bytes(_) => 10,
        V::Date(_) => 11,
        V::Time(_) => 12,
        V::Timestamp(..) => 13,
        V::TimestampLtz(..) => 14,
        V::IntervalYearMonth(_) => 15,
        V::IntervalDayTime(_) => 16,
        V::Array(_) => 17,
        V::Map(_) => 18,
        V::Row(_) => 19,
    }
}
