//! A column of a stripe, with those inside it: what is to be written, and the streams it is written as.

use arrow::array::{Array, ArrayRef, AsArray, OffsetSizeTrait};
use arrow::buffer::OffsetBuffer;
use arrow::compute::{cast, filter, is_not_null};
use arrow::datatypes::{
    DataType as ArrowType, Decimal128Type, Float32Type, Float64Type, Int64Type,
};
pub(super) use orc_rust::proto::column_encoding::Kind as Encoding;
use orc_rust::proto::stream::Kind;

use super::runs;
use crate::base::{Error, Result};
use crate::connectors::format::columnar::fit::per_second;
use crate::connectors::format::columnar::unwritten;
use crate::data::{LogicalType as L, Schema, print};

/// Moments are counted from the beginning of 2015.
const EPOCH_SECONDS: i64 = 1_420_070_400;

/// What readers take for a moment of the second before: 1 ms.
const LEAST_NANOS: i64 = 1_000_000;

/// What was given and not yet written.
pub(super) struct Column {
    /// Whether there is a value, row by row.
    present: Vec<bool>,
    /// Where there is.
    values: Values,
}

enum Values {
    Booleans(Vec<bool>),
    Bytes(Vec<u8>),
    Integers(Vec<i64>),
    /// Floating-point numbers, as they are in memory.
    Floats(Vec<u8>),
    /// Texts and bytes behind each other, with their lengths.
    Blobs(Vec<u8>, Vec<i64>),
    Decimals {
        unscaled: Vec<u8>,
        scales: Vec<i64>,
    },
    Moments {
        seconds: Vec<i64>,
        nanos: Vec<i64>,
    },
    Struct(Vec<Column>),
    /// Lists and maps: how many elements each has.
    Many(Vec<i64>, Vec<Column>),
}

/// A stream of a column.
pub(super) struct Stream {
    pub(super) column: u32,
    pub(super) kind: Kind,
    pub(super) bytes: Vec<u8>,
}

impl Column {
    pub(super) fn new(logical: &L) -> Self {
        let many = |inside: &[&L]| {
            Values::Many(Vec::new(), inside.iter().map(|logical| Self::new(logical)).collect())
        };
        let values = match logical {
            L::Boolean => Values::Booleans(Vec::new()),
            L::TinyInt => Values::Bytes(Vec::new()),
            L::Float | L::Double => Values::Floats(Vec::new()),
            L::Char(_) | L::Varchar(_) | L::Binary(_) | L::Varbinary(_) => {
                Values::Blobs(Vec::new(), Vec::new())
            }
            L::Decimal { .. } => Values::Decimals { unscaled: Vec::new(), scales: Vec::new() },
            L::Timestamp { .. } | L::TimestampLtz { .. } => {
                Values::Moments { seconds: Vec::new(), nanos: Vec::new() }
            }
            L::Array(element) => many(&[&element.logical]),
            L::Map(key, value) => many(&[&key.logical, &value.logical]),
            L::Multiset(element) => many(&[&element.logical, &L::Int]),
            L::Row(schema) => return Self::of_row(schema),
            _ => Values::Integers(Vec::new()),
        };
        Self { present: Vec::new(), values }
    }

    /// The column that holds all others.
    pub(super) fn of_row(schema: &Schema) -> Self {
        let inside = schema.fields().iter().map(|field| Self::new(&field.data_type.logical));
        Self { present: Vec::new(), values: Values::Struct(inside.collect()) }
    }

    /// Takes the columns of so many rows.
    pub(super) fn append_row(&mut self, columns: &[ArrayRef], rows: usize) -> Result<()> {
        self.present.extend(std::iter::repeat_n(true, rows));
        match &mut self.values {
            Values::Struct(inside) => append_all(inside, columns),
            _ => Ok(()),
        }
    }

    fn append(&mut self, array: &ArrayRef) -> Result<()> {
        let nulls = array.logical_nulls();
        match &nulls {
            Some(nulls) => self.present.extend(nulls.iter()),
            None => self.present.extend(std::iter::repeat_n(true, array.len())),
        }
        match nulls.is_some_and(|nulls| nulls.null_count() > 0) {
            false => self.values.append(array),
            true => {
                let there = is_not_null(array).map_err(unwritten)?;
                self.values.append(&filter(array, &there).map_err(unwritten)?)
            }
        }
    }

    /// About the bytes that are held.
    pub(super) fn held(&self) -> usize {
        let values = match &self.values {
            Values::Booleans(bits) => bits.len(),
            Values::Bytes(bytes) | Values::Floats(bytes) => bytes.len(),
            Values::Integers(numbers) => numbers.len() * 8,
            Values::Blobs(bytes, lengths) => bytes.len() + lengths.len() * 8,
            Values::Decimals { unscaled, scales } => unscaled.len() + scales.len() * 8,
            Values::Moments { seconds, nanos } => (seconds.len() + nanos.len()) * 8,
            Values::Struct(inside) => inside.iter().map(Self::held).sum(),
            Values::Many(lengths, inside) => {
                lengths.len() * 8 + inside.iter().map(Self::held).sum::<usize>()
            }
        };
        self.present.len() + values
    }

    /// Gives all that is held, as the streams of this column and of those inside it; each column's
    /// encoding tells, by its place, what number it has.
    pub(super) fn take(&mut self, streams: &mut Vec<Stream>, encodings: &mut Vec<Encoding>) {
        let column = encodings.len() as u32;
        encodings.push(Encoding::Direct);
        let mut give = |kind, pack: &dyn Fn(&mut Vec<u8>)| {
            let mut bytes = Vec::new();
            pack(&mut bytes);
            streams.push(Stream { column, kind, bytes });
        };
        let present = std::mem::take(&mut self.present);
        if present.contains(&false) {
            give(Kind::Present, &|out| runs::bits(&present, out));
        }
        match &mut self.values {
            Values::Booleans(bits) => give(Kind::Data, &|out| runs::bits(bits, out)),
            Values::Bytes(bytes) => give(Kind::Data, &|out| runs::bytes(bytes, out)),
            Values::Integers(all) => give(Kind::Data, &|out| runs::integers(all, true, out)),
            Values::Floats(bytes) => give(Kind::Data, &|out| out.extend(bytes.iter())),
            Values::Blobs(bytes, lengths) => {
                give(Kind::Data, &|out| out.extend(bytes.iter()));
                give(Kind::Length, &|out| runs::integers(lengths, false, out));
            }
            Values::Decimals { unscaled, scales } => {
                give(Kind::Data, &|out| out.extend(unscaled.iter()));
                give(Kind::Secondary, &|out| runs::integers(scales, true, out));
            }
            Values::Moments { seconds, nanos } => {
                give(Kind::Data, &|out| runs::integers(seconds, true, out));
                give(Kind::Secondary, &|out| runs::integers(nanos, false, out));
            }
            Values::Struct(_) => {}
            Values::Many(lengths, _) => {
                give(Kind::Length, &|out| runs::integers(lengths, false, out));
            }
        }
        self.values.clear();
        if let Values::Struct(inside) | Values::Many(_, inside) = &mut self.values {
            inside.iter_mut().for_each(|column| column.take(streams, encodings));
        }
    }
}

fn append_all(columns: &mut [Column], arrays: &[ArrayRef]) -> Result<()> {
    columns.iter_mut().zip(arrays).try_for_each(|(column, array)| column.append(array))
}

impl Values {
    /// Takes values, none of which is NULL.
    fn append(&mut self, array: &ArrayRef) -> Result<()> {
        match self {
            Self::Booleans(bits) => bits.extend(array.as_boolean().values().iter()),
            Self::Bytes(bytes) => bytes.extend(integers(array)?.iter().map(|n| *n as u8)),
            Self::Integers(all) => all.extend(integers(array)?),
            Self::Floats(bytes) => match array.data_type() {
                ArrowType::Float32 => {
                    let values = array.as_primitive::<Float32Type>().values().iter();
                    bytes.extend(values.flat_map(|value| value.to_le_bytes()));
                }
                _ => {
                    let values = array.as_primitive::<Float64Type>().values().iter();
                    bytes.extend(values.flat_map(|value| value.to_le_bytes()));
                }
            },
            Self::Blobs(bytes, lengths) => {
                let array = cast(array, &ArrowType::Binary).map_err(unwritten)?;
                let array = array.as_binary::<i32>();
                let (from, to) = elements(array.offsets(), lengths);
                bytes.extend(&array.value_data()[from..to]);
            }
            Self::Decimals { unscaled, scales } => {
                let array = array.as_primitive::<Decimal128Type>();
                array.values().iter().for_each(|value| runs::signed_varint(*value, unscaled));
                scales.extend(std::iter::repeat_n(i64::from(array.scale()), array.len()));
            }
            Self::Moments { seconds, nanos } => {
                let ArrowType::Timestamp(unit, _) = array.data_type() else { return Ok(()) };
                let unit = per_second(*unit);
                for tick in integers(array)? {
                    let (second, nano) = moment(tick, unit)?;
                    seconds.push(second);
                    nanos.push(nano);
                }
            }
            Self::Struct(inside) => append_all(inside, array.as_struct().columns())?,
            Self::Many(lengths, inside) => match array.data_type() {
                ArrowType::Map(..) => {
                    let map = array.as_map();
                    let (from, to) = elements(map.offsets(), lengths);
                    let columns = [map.keys(), map.values()].map(|all| all.slice(from, to - from));
                    append_all(inside, &columns)?;
                }
                _ => {
                    let list = array.as_list::<i32>();
                    let (from, to) = elements(list.offsets(), lengths);
                    append_all(inside, &[list.values().slice(from, to - from)])?;
                }
            },
        }
        Ok(())
    }

    /// Forgets what this column held itself.
    fn clear(&mut self) {
        match self {
            Self::Booleans(bits) => bits.clear(),
            Self::Bytes(bytes) | Self::Floats(bytes) => bytes.clear(),
            Self::Integers(numbers) | Self::Many(numbers, _) => numbers.clear(),
            Self::Blobs(bytes, numbers) | Self::Decimals { unscaled: bytes, scales: numbers } => {
                bytes.clear();
                numbers.clear();
            }
            Self::Moments { seconds, nanos } => {
                seconds.clear();
                nanos.clear();
            }
            Self::Struct(_) => {}
        }
    }
}

fn integers(array: &ArrayRef) -> Result<Vec<i64>> {
    let numbers = cast(array, &ArrowType::Int64).map_err(unwritten)?;
    Ok(numbers.as_primitive::<Int64Type>().values().to_vec())
}

/// Notes how long each of these is, and tells where the first begins and the last ends.
fn elements<O: OffsetSizeTrait>(
    offsets: &OffsetBuffer<O>,
    lengths: &mut Vec<i64>,
) -> (usize, usize) {
    lengths.extend(offsets.lengths().map(|length| length as i64));
    let place = |offset: Option<&O>| offset.map_or(0, |offset| offset.as_usize());
    (place(offsets.first()), place(offsets.last()))
}

/// Seconds since 2015, and nanoseconds as they are packed: without their last zeros, how many those were in
/// the last three bits.
///
/// Before 1970 the second is one too many where there is more than a millisecond, as every writer does it
/// since the first one did. The one second to which that leads twice belongs to 1970.
fn moment(tick: i64, per_second: i64) -> Result<(i64, i64)> {
    let nanos = tick.rem_euclid(per_second) * (1_000_000_000 / per_second);
    let second = tick.div_euclid(per_second);
    let later = i64::from(second < 0 && nanos >= LEAST_NANOS);
    if second + later == 0 && second < 0 {
        let value =
            print::temporal::timestamp(-1_000 + nanos / 1_000_000, (nanos % 1_000_000) as i32, 9);
        return Err(Error::new("orc-moment").arg("value", value));
    }
    let mut packed = (nanos, 0);
    if nanos != 0 && nanos % 100 == 0 {
        packed = (nanos / 100, 1);
        while packed.0 % 10 == 0 && packed.1 < 7 {
            packed = (packed.0 / 10, packed.1 + 1);
        }
    }
    Ok((second + later - EPOCH_SECONDS, packed.0 << 3 | packed.1))
}
