//! One column of datagen: what its options ask for, and the generator that fills it.

use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, make_array};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{
    Decimal128Type, DurationMillisecondType, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, IntervalYearMonthType,
};
use rand::RngExt;
use rand::distr::Uniform;
use rand::distr::uniform::SampleUniform;
use serde::{Deserialize, Serialize};

use super::generator::{Between, Bytes, Coin, Generator, Hex, Moment, Sequence};
use super::out_of_range;
use crate::base::{Error, LabDuration, LabTime, Result, SeededRandom};
use crate::connectors::Options;
use crate::connectors::share::Progression;
use crate::data::arrow::arrow_type;
use crate::data::{Field, LogicalType};

/// What the options ask of one column.
#[derive(Clone, Debug)]
pub(super) struct ColumnSpec {
    name: String,
    logical: LogicalType,
    /// Its position in the table, which chooses its sequence of chance.
    position: u64,
    kind: Kind,
    null_rate: f64,
}

#[derive(Clone, Debug)]
enum Kind {
    Sequence { start: i64, end: i64 },
    Random(Bounds),
}

/// What `min`, `max`, `length` and `max-past` say.
#[derive(Clone, Debug)]
struct Bounds {
    min: Option<f64>,
    max: Option<f64>,
    /// `min` as a whole number: doubles hold 53 bits of it.
    whole_min: Option<i64>,
    whole_max: Option<i64>,
    length: usize,
    max_past: LabDuration,
}

impl Bounds {
    fn or(&self, min: f64, max: f64) -> (f64, f64) {
        (self.min.unwrap_or(min), self.max.unwrap_or(max))
    }
}

/// One column of one subtask: values, and which of them are NULL.
pub(super) struct Column {
    generator: Box<dyn Generator>,
    null_rate: f64,
    chance: Chance,
}

/// The state of chance of one column. Values and NULLs draw from generators of their own, so that
/// the rows do not depend on how many are made at once.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Chance {
    values: SeededRandom,
    nulls: SeededRandom,
}

impl Column {
    /// The next `len` values; `rows` says which positions of the source they have.
    pub(super) fn fill(&mut self, rows: Progression, len: usize, now: LabTime) -> ArrayRef {
        let array = self.generator.fill(rows, len, now, &mut self.chance.values);
        if self.null_rate == 0.0 {
            return array;
        }
        let rng = self.chance.nulls.rng();
        let validity = (0..len).map(|_| !rng.random_bool(self.null_rate)).collect::<NullBuffer>();
        let data = array.to_data().into_builder().nulls(Some(validity));
        data.build().map_or(array, make_array)
    }

    pub(super) fn chance(&self) -> Chance {
        self.chance.clone()
    }

    pub(super) fn set_chance(&mut self, chance: Chance) {
        self.chance = chance;
    }
}

impl ColumnSpec {
    pub(super) fn new(options: &Options, field: &Field, position: usize) -> Result<Self> {
        let key = |option: &str| format!("fields.{}.{option}", field.name);
        let kind = match options.get(&key("kind")) {
            Some("sequence") => sequence(options, &key)?,
            _ => random(options, &key)?,
        };
        let null_rate = options.number(&key("null-rate"))?.unwrap_or(0.0);
        if !(0.0..=1.0).contains(&null_rate) {
            return Err(out_of_range(&key("null-rate"), null_rate));
        }
        let logical = field.data_type.logical.clone();
        let spec =
            Self { name: field.name.clone(), logical, position: position as u64, kind, null_rate };
        spec.generator()?;
        Ok(spec)
    }

    /// How many rows a sequence has.
    pub(super) fn rows(&self) -> Option<u64> {
        match self.kind {
            Kind::Sequence { start, end } => Some(start.abs_diff(end) + 1),
            Kind::Random(_) => None,
        }
    }

    /// This column in one subtask.
    ///
    /// Errors: `datagen-type`, `datagen-bounds`.
    pub(super) fn column(&self, seed: u64, index: u32) -> Result<Column> {
        let stream = (self.position << 33) | (u64::from(index) << 1);
        Ok(Column {
            generator: self.generator()?,
            null_rate: self.null_rate,
            chance: Chance {
                values: SeededRandom::for_stream(seed, stream),
                nulls: SeededRandom::for_stream(seed, stream | 1),
            },
        })
    }

    fn generator(&self) -> Result<Box<dyn Generator>> {
        match &self.kind {
            Kind::Sequence { start, .. } => self.counting(*start),
            Kind::Random(bounds) => self.random(bounds),
        }
    }

    fn counting(&self, start: i64) -> Result<Box<dyn Generator>> {
        use LogicalType as L;
        let target = arrow_type(&self.logical);
        match self.logical {
            L::TinyInt
            | L::SmallInt
            | L::Int
            | L::BigInt
            | L::Float
            | L::Double
            | L::Decimal { .. }
            | L::Char(_)
            | L::Varchar(_) => Ok(Box::new(Sequence { start, target })),
            _ => Err(self.unsupported("sequence")),
        }
    }

    fn random(&self, bounds: &Bounds) -> Result<Box<dyn Generator>> {
        use LogicalType as L;
        Ok(match self.logical {
            L::TinyInt => self.whole::<Int8Type>(bounds, (i8::MIN.into(), i8::MAX.into()))?,
            L::SmallInt => self.whole::<Int16Type>(bounds, (i16::MIN.into(), i16::MAX.into()))?,
            L::Int => self.whole::<Int32Type>(bounds, (i32::MIN.into(), i32::MAX.into()))?,
            L::BigInt => self.whole::<Int64Type>(bounds, (i64::MIN, i64::MAX))?,
            L::IntervalYearMonth => self.whole::<IntervalYearMonthType>(bounds, (0, 120_000))?,
            L::IntervalDayTime => {
                self.whole::<DurationMillisecondType>(bounds, (i64::MIN, i64::MAX))?
            }
            L::Float => {
                let (min, max) = bounds.or(f32::MIN_POSITIVE.into(), f32::MAX.into());
                self.between::<Float32Type>(min as f32, max as f32)?
            }
            L::Double => {
                let (min, max) = bounds.or(f64::MIN_POSITIVE, f64::MAX);
                self.between::<Float64Type>(min, max)?
            }
            L::Decimal { precision, scale } => self.decimal(bounds, precision, scale)?,
            L::Boolean => Box::new(Coin),
            L::Char(_) | L::Varchar(_) => Box::new(Hex { length: bounds.length }),
            L::Binary(_) | L::Varbinary(_) => Box::new(Bytes { length: bounds.length }),
            L::Timestamp { .. } | L::TimestampLtz { .. } | L::Date | L::Time(_) => {
                Box::new(Moment { max_past: bounds.max_past, target: arrow_type(&self.logical) })
            }
            _ => return Err(self.unsupported("random")),
        })
    }

    fn decimal(&self, bounds: &Bounds, precision: u8, scale: u8) -> Result<Box<dyn Generator>> {
        let unit = 10f64.powi(scale.into());
        let largest = 10f64.powi(i32::from(precision) - i32::from(scale));
        let (min, max) = bounds.or(0.0, largest);
        let most = 10i128.pow(precision.into()) - 1;
        let unscaled = |bound: f64| ((bound * unit) as i128).clamp(-most, most);
        self.between::<Decimal128Type>(unscaled(min), unscaled(max))
    }

    fn whole<T>(&self, bounds: &Bounds, (least, most): (i64, i64)) -> Result<Box<dyn Generator>>
    where
        T: ArrowPrimitiveType,
        T::Native: SampleUniform + TryFrom<i64> + Send + 'static,
        <T::Native as SampleUniform>::Sampler: Send,
    {
        let (least, most) = (bounds.whole_min.unwrap_or(least), bounds.whole_max.unwrap_or(most));
        let native = |value| T::Native::try_from(value).map_err(|_| self.bounds());
        self.between::<T>(native(least)?, native(most)?)
    }

    fn between<T>(&self, min: T::Native, max: T::Native) -> Result<Box<dyn Generator>>
    where
        T: ArrowPrimitiveType,
        T::Native: SampleUniform + Send + 'static,
        <T::Native as SampleUniform>::Sampler: Send,
    {
        let range = Uniform::new_inclusive(min, max).map_err(|_| self.bounds())?;
        Ok(Box::new(Between::<T> { range, target: arrow_type(&self.logical) }))
    }

    fn bounds(&self) -> Error {
        Error::new("datagen-bounds").arg("column", &self.name)
    }

    fn unsupported(&self, kind: &str) -> Error {
        Error::new("datagen-type")
            .arg("column", &self.name)
            .arg("type", format!("{:?}", self.logical))
            .arg("kind", kind)
    }
}

fn sequence(options: &Options, key: &dyn Fn(&str) -> String) -> Result<Kind> {
    let bound = |name: &str| {
        let key = key(name);
        options.required(&key)?;
        options.integer(&key).map(Option::unwrap_or_default)
    };
    let (start, end) = (bound("start")?, bound("end")?);
    if start > end {
        return Err(out_of_range(&key("start"), start));
    }
    Ok(Kind::Sequence { start, end })
}

fn random(options: &Options, key: &dyn Fn(&str) -> String) -> Result<Kind> {
    let whole = |name: &str| options.get(&key(name)).and_then(|v| v.trim().parse().ok());
    let length = options.integer(&key("length"))?.unwrap_or(100);
    Ok(Kind::Random(Bounds {
        min: options.number(&key("min"))?,
        max: options.number(&key("max"))?,
        whole_min: whole("min"),
        whole_max: whole("max"),
        length: usize::try_from(length).map_err(|_| out_of_range(&key("length"), length))?,
        max_past: options.duration(&key("max-past"))?.unwrap_or(LabDuration::ZERO),
    }))
}
