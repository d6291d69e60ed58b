//! The generators behind the columns of datagen: each fills whole Arrow columns of one type.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, ArrowPrimitiveType, BinaryBuilder, BooleanArray, Int64Array, PrimitiveArray,
    StringBuilder, TimestampMicrosecondArray,
};
use arrow::compute::cast;
use arrow::datatypes::DataType as ArrowType;
use rand::distr::uniform::SampleUniform;
use rand::distr::{Distribution, Uniform};
use rand::{Rng, RngExt};

use crate::base::{LabDuration, Result, SeededRandom};
use crate::connectors::generate::column::{Generator, Wanted};

/// Numbers of a range, both ends included.
pub(super) struct Between<T: ArrowPrimitiveType>
where
    T::Native: SampleUniform,
{
    pub(super) range: Uniform<T::Native>,
    pub(super) target: ArrowType,
}

impl<T> Generator for Between<T>
where
    T: ArrowPrimitiveType,
    T::Native: SampleUniform,
    <T::Native as SampleUniform>::Sampler: Send,
{
    fn fill(&self, wanted: Wanted, random: &mut SeededRandom) -> Result<ArrayRef> {
        let len = wanted.len;
        let rng = random.rng();
        let values: Vec<T::Native> = (0..len).map(|_| self.range.sample(rng)).collect();
        let array = PrimitiveArray::<T>::new(values.into(), None);
        Ok(Arc::new(array.with_data_type(self.target.clone())))
    }
}

/// Numbers that follow each other, as the column's type writes them.
pub(super) struct Sequence {
    pub(super) start: i64,
    pub(super) target: ArrowType,
}

impl Generator for Sequence {
    fn fill(&self, wanted: Wanted, _random: &mut SeededRandom) -> Result<ArrayRef> {
        let Wanted { rows, len, .. } = wanted;
        let number = |i: u64| self.start.wrapping_add_unsigned(rows.next + i * rows.step);
        let position = |i: u64| cut(number(i), &self.target);
        let array: ArrayRef = Arc::new(Int64Array::from_iter_values((0..len as u64).map(position)));
        Ok(cast(&array, &self.target).unwrap_or(array))
    }
}

/// A number as the type of a column has it: of a short one only the last bits.
pub(super) fn cut(number: i64, target: &ArrowType) -> i64 {
    match target {
        ArrowType::Int8 => (number as i8).into(),
        ArrowType::Int16 => (number as i16).into(),
        _ => number,
    }
}

/// TRUE or FALSE.
pub(super) struct Coin;

impl Generator for Coin {
    fn fill(&self, wanted: Wanted, random: &mut SeededRandom) -> Result<ArrayRef> {
        let len = wanted.len;
        let rng = random.rng();
        Ok(Arc::new((0..len).map(|_| Some(rng.random::<bool>())).collect::<BooleanArray>()))
    }
}

/// How long texts and bytes are.
pub(super) struct Lengths {
    pub(super) most: usize,
    /// Whether they are of any length from one up to that.
    pub(super) varies: bool,
}

impl Lengths {
    fn next(&self, rng: &mut impl Rng) -> usize {
        if self.varies && self.most > 1 { rng.random_range(1..=self.most) } else { self.most }
    }
}

/// Strings of hexadecimal digits.
pub(super) struct Hex(pub(super) Lengths);

impl Generator for Hex {
    fn fill(&self, wanted: Wanted, random: &mut SeededRandom) -> Result<ArrayRef> {
        let len = wanted.len;
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let rng = random.rng();
        let mut strings = StringBuilder::with_capacity(len, len * self.0.most);
        let mut text = String::with_capacity(self.0.most);
        for _ in 0..len {
            text.clear();
            let length = self.0.next(rng);
            while text.len() < length {
                let mut bits = rng.next_u64();
                for _ in 0..16.min(length - text.len()) {
                    text.push(char::from(DIGITS[(bits & 15) as usize]));
                    bits >>= 4;
                }
            }
            strings.append_value(&text);
        }
        Ok(Arc::new(strings.finish()))
    }
}

/// Strings of bytes.
pub(super) struct Bytes(pub(super) Lengths);

impl Generator for Bytes {
    fn fill(&self, wanted: Wanted, random: &mut SeededRandom) -> Result<ArrayRef> {
        let len = wanted.len;
        let rng = random.rng();
        let mut values = BinaryBuilder::with_capacity(len, len * self.0.most);
        let mut bytes = vec![0; self.0.most];
        for _ in 0..len {
            let length = self.0.next(rng);
            rng.fill_bytes(&mut bytes[..length]);
            values.append_value(&bytes[..length]);
        }
        Ok(Arc::new(values.finish()))
    }
}

/// The clock, or a moment at most `max_past` before it; a date or a time of day is the clock's.
pub(super) struct Moment {
    pub(super) max_past: LabDuration,
    pub(super) target: ArrowType,
}

impl Generator for Moment {
    fn fill(&self, wanted: Wanted, random: &mut SeededRandom) -> Result<ArrayRef> {
        let Wanted { len, now, .. } = wanted;
        let rng = random.rng();
        let past = self.max_past.0.max(0) / 1_000;
        let moment = |_| (now.millis() - rng.random_range(0..=past)) * 1_000;
        let array = TimestampMicrosecondArray::from_iter_values((0..len).map(moment));
        let array = match &self.target {
            ArrowType::Timestamp(_, Some(zone)) => array.with_timezone(zone.clone()),
            _ => array,
        };
        let array: ArrayRef = Arc::new(array);
        Ok(cast(&array, &self.target).unwrap_or(array))
    }
}
