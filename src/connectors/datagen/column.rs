//! One column of datagen: what its options ask for, and the generator that fills it.

use arrow::array::ArrowPrimitiveType;
use arrow::datatypes::{
    Decimal128Type, DurationMillisecondType, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, IntervalYearMonthType,
};
use rand::distr::Uniform;
use rand::distr::uniform::SampleUniform;

use super::generator::{Between, Bytes, Coin, Hex, Lengths, Moment, Sequence, cut};
use crate::base::{Error, LabDuration, Result, SeededRandom};
use crate::connectors::Options;
use crate::connectors::generate::column::{Column, Filler, Generator};
use crate::connectors::generate::shape::Shape;
use crate::connectors::generate::{ColumnMaker, null_rate, out_of_range};
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
    Sequence {
        start: i64,
        end: i64,
    },
    Random(Bounds),
    /// Made of values that have columns of their own; so many of them, if it is a collection.
    Nested {
        children: Vec<ColumnSpec>,
        length: usize,
    },
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
    /// Whether `length` is only the most.
    var_len: bool,
    max_past: LabDuration,
}

impl Bounds {
    fn lengths(&self) -> Lengths {
        Lengths { most: self.length, varies: self.var_len }
    }

    fn or(&self, min: f64, max: f64) -> (f64, f64) {
        (self.min.unwrap_or(min), self.max.unwrap_or(max))
    }
}

impl ColumnMaker for ColumnSpec {
    fn read(options: &Options, field: &Field, position: usize) -> Result<Self> {
        let spec = Self::of(options, &field.name, &field.data_type.logical, position as u64)?;
        spec.filler(0, 0)?;
        Ok(spec)
    }

    /// The options that it understands, with its own among them.
    fn options(&self, out: &mut Vec<String>) {
        use LogicalType as L;
        let own: &[&str] = match (&self.kind, &self.logical) {
            (Kind::Sequence { .. }, _) => &["start", "end"],
            (_, L::Char(_) | L::Varchar(_) | L::Binary(_) | L::Varbinary(_)) => {
                &["length", "var-len", "null-rate"]
            }
            (_, L::Array(_) | L::Map(..) | L::Multiset(_)) => &["length", "null-rate"],
            (_, L::Timestamp { .. } | L::TimestampLtz { .. }) => &["max-past", "null-rate"],
            (_, L::Boolean | L::Date | L::Time(_) | L::Row(_)) => &["null-rate"],
            _ => &["min", "max", "null-rate"],
        };
        out.extend(
            own.iter().chain(&["kind"]).map(|option| format!("fields.{}.{option}", self.name)),
        );
        if let Kind::Nested { children, .. } = &self.kind {
            children.iter().for_each(|child| child.options(out));
        }
    }

    /// Errors: `datagen-type`, `datagen-bounds`.
    fn column(&self, seed: u64, index: u32) -> Result<Column> {
        let filler = self.filler(seed, index)?;
        Ok(Column::new(filler, self.null_rate, self.position, (seed, index)))
    }
}

impl ColumnSpec {
    /// `name` is the column's, with the way to what is inside: `tags.element`.
    fn of(options: &Options, name: &str, logical: &LogicalType, position: u64) -> Result<Self> {
        let key = |option: &str| format!("fields.{name}.{option}");
        let kind = match options.get(&key("kind")) {
            Some("sequence") => sequence(options, &key, logical)?,
            _ => match children(options, name, logical, position)? {
                Some(children) => {
                    let counted = !matches!(logical, LogicalType::Row(_));
                    let length = if counted { length(options, &key, COLLECTION)? } else { 1 };
                    Kind::Nested { children, length }
                }
                None => random(options, &key, logical)?,
            },
        };
        let null_rate = null_rate(options, &key("null-rate"))?;
        Ok(Self { name: name.to_owned(), logical: logical.clone(), position, kind, null_rate })
    }

    /// How many rows a sequence has.
    pub(super) fn rows(&self) -> Option<u64> {
        match self.kind {
            Kind::Sequence { start, end } => Some(sequence_rows(start, end)),
            Kind::Random(_) | Kind::Nested { .. } => None,
        }
    }

    fn filler(&self, seed: u64, index: u32) -> Result<Filler> {
        Ok(match &self.kind {
            Kind::Sequence { start, .. } => Filler::Generator(self.counting(*start)?),
            Kind::Random(bounds) => Filler::Generator(self.random(bounds)?),
            Kind::Nested { children, length } => {
                let child = |c: &ColumnSpec| c.column(seed ^ SeededRandom::salt(&c.name), index);
                let shape = Shape { target: arrow_type(&self.logical), length: *length };
                let children = children.iter().map(child).collect::<Result<_>>()?;
                Filler::Nested { children, shape }
            }
        })
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
            L::Char(_) | L::Varchar(_) => Box::new(Hex(bounds.lengths())),
            L::Binary(_) | L::Varbinary(_) => Box::new(Bytes(bounds.lengths())),
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
        T::Native: SampleUniform + PartialOrd + Send + 'static,
        <T::Native as SampleUniform>::Sampler: Send,
    {
        // As in Flink, a range of these has more than one number.
        let wide =
            matches!(self.logical, LogicalType::BigInt | LogicalType::Float | LogicalType::Double);
        if wide && min >= max {
            return Err(self.bounds());
        }
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

fn sequence(
    options: &Options,
    key: &dyn Fn(&str) -> String,
    logical: &LogicalType,
) -> Result<Kind> {
    let bound = |name: &str| {
        options.required(&key(name))?;
        whole(options, &key(name), logical).map(Option::unwrap_or_default)
    };
    let (start, end) = (bound("start")?, bound("end")?);
    Ok(Kind::Sequence { start, end })
}

/// A bound of a column of whole numbers. As in Flink, those of TINYINT and SMALLINT are INT, and cut to the
/// bits that the column has.
fn whole(options: &Options, key: &str, logical: &LogicalType) -> Result<Option<i64>> {
    use LogicalType as L;
    let bound = options.integer(key)?;
    let fits = |bound: &i64| *logical == L::BigInt || i32::try_from(*bound).is_ok();
    if let Some(bound) = bound.filter(|bound| !fits(bound)) {
        return Err(out_of_range(key, bound));
    }
    Ok(bound.map(|bound| cut(bound, &arrow_type(logical))))
}

/// As in Flink, a sequence whose end lies before its start counts up as well, two numbers fewer.
fn sequence_rows(start: i64, end: i64) -> u64 {
    end.saturating_sub(start).saturating_add(1).unsigned_abs()
}

fn random(options: &Options, key: &dyn Fn(&str) -> String, logical: &LogicalType) -> Result<Kind> {
    use LogicalType as L;
    let whole = |name: &str| match logical {
        L::TinyInt | L::SmallInt | L::Int | L::BigInt => whole(options, &key(name), logical),
        _ => Ok(None),
    };
    let length = length(options, key, TEXT)?;
    if length == 0 {
        return Err(out_of_range(&key("length"), length));
    }
    Ok(Kind::Random(Bounds {
        min: options.number(&key("min"))?,
        max: options.number(&key("max"))?,
        whole_min: whole("min")?,
        whole_max: whole("max")?,
        length,
        var_len: options.flag(&key("var-len"))?,
        max_past: options.duration(&key("max-past"))?.unwrap_or(LabDuration::ZERO),
    }))
}

/// How long texts and bytes are, if nothing is said.
const TEXT: i64 = 100;

/// How many elements collections have, if nothing is said.
const COLLECTION: i64 = 3;

fn length(options: &Options, key: &dyn Fn(&str) -> String, default: i64) -> Result<usize> {
    let length = options.integer(&key("length"))?.unwrap_or(default);
    usize::try_from(length).map_err(|_| out_of_range(&key("length"), length))
}

/// What a type is made of; `None` if it is not made of others.
fn children(
    options: &Options,
    name: &str,
    logical: &LogicalType,
    position: u64,
) -> Result<Option<Vec<ColumnSpec>>> {
    use LogicalType as L;
    let child = |part: &str, logical: &LogicalType| {
        ColumnSpec::of(options, &format!("{name}.{part}"), logical, position)
    };
    Ok(Some(match logical {
        L::Array(element) => vec![child("element", &element.logical)?],
        L::Map(key, value) => vec![child("key", &key.logical)?, child("value", &value.logical)?],
        L::Multiset(element) => {
            vec![child("element", &element.logical)?, counts(&format!("{name}.count"), position)]
        }
        L::Row(schema) => {
            let fields = schema.fields().iter();
            fields.map(|f| child(&f.name, &f.data_type.logical)).collect::<Result<_>>()?
        }
        _ => return Ok(None),
    }))
}

/// How often an element is in a MULTISET.
fn counts(name: &str, position: u64) -> ColumnSpec {
    let bounds = Bounds {
        min: None,
        max: None,
        whole_min: Some(0),
        whole_max: Some(10),
        length: 0,
        var_len: false,
        max_past: LabDuration::ZERO,
    };
    let (name, logical) = (name.to_owned(), LogicalType::Int);
    ColumnSpec { name, logical, position, kind: Kind::Random(bounds), null_rate: 0.0 }
}
