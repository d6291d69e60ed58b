//! Fields of text into one Arrow column of the type that the table declares.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, ArrowPrimitiveType, BinaryBuilder, BooleanBuilder, ListArray, NullBufferBuilder,
    PrimitiveBuilder, StringBuilder, StructArray,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{
    DataType as ArrowType, Date32Type, Decimal128Type, FieldRef, Fields, Float32Type, Float64Type,
    Int8Type, Int16Type, Int32Type, Int64Type, Time32MillisecondType, TimeUnit,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
};
use arrow::error::ArrowError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Dialect;
use crate::base::{Error, Result};
use crate::connectors::format::text::{self, Moment};
use crate::data::arrow::{arrow_fields, arrow_type};
use crate::data::{DataType, LogicalType, Schema};

/// A column under construction.
pub(super) trait ColumnBuilder: Send {
    /// Adds the value of a field; false if the text is not of the type (a number that does not fit a
    /// DECIMAL is: it becomes NULL).
    fn text(&mut self, text: &str) -> bool;

    /// Adds NULL.
    fn null(&mut self);

    /// The column so far; the next begins empty.
    fn finish(&mut self) -> Result<ArrayRef, ArrowError>;
}

/// A builder for a column.
///
/// Errors: `csv-type` for a type that CSV does not hold.
pub(super) fn builder(
    name: &str,
    data_type: &DataType,
    dialect: &Dialect,
) -> Result<Box<dyn ColumnBuilder>> {
    use LogicalType as L;
    let logical = &data_type.logical;
    Ok(match *logical {
        L::Char(_) | L::Varchar(_) => Box::new(StringBuilder::new()),
        L::Boolean => Box::new(BooleanBuilder::new()),
        L::Binary(_) | L::Varbinary(_) => Box::new(BinaryBuilder::new()),
        L::TinyInt => parsed::<Int8Type>(logical, |t| some(t.trim().parse().ok())),
        L::SmallInt => parsed::<Int16Type>(logical, |t| some(t.trim().parse().ok())),
        L::Int => parsed::<Int32Type>(logical, |t| some(t.trim().parse().ok())),
        L::BigInt => parsed::<Int64Type>(logical, |t| some(t.trim().parse().ok())),
        L::Float => parsed::<Float32Type>(logical, |t| some(text::double(t).map(|v| v as f32))),
        L::Double => parsed::<Float64Type>(logical, |t| some(text::double(t))),
        L::Decimal { precision, scale } => {
            parsed::<Decimal128Type>(logical, move |t| text::decimal(t, precision, scale))
        }
        L::Date => parsed::<Date32Type>(logical, |t| some(text::date(t))),
        L::Time(_) => parsed::<Time32MillisecondType>(logical, |t| some(text::time(t))),
        L::Timestamp { .. } => moments(logical, text::timestamp),
        L::TimestampLtz { .. } => moments(logical, text::instant),
        L::Array(ref element) => Box::new(List::new(name, element, logical, dialect)?),
        L::Row(ref schema) => Box::new(Struct::new(schema, dialect)?),
        _ => return Err(unsupported(name, logical)),
    })
}

pub(super) fn unsupported(name: &str, logical: &LogicalType) -> Error {
    Error::new("csv-type").arg("column", name).arg("type", logical)
}

fn some<T>(value: Option<T>) -> Option<Option<T>> {
    value.map(Some)
}

struct Parsed<T: ArrowPrimitiveType, F> {
    builder: PrimitiveBuilder<T>,
    parse: F,
}

fn parsed<T: ArrowPrimitiveType>(
    logical: &LogicalType,
    parse: impl Fn(&str) -> Option<Option<T::Native>> + Send + 'static,
) -> Box<dyn ColumnBuilder> {
    let builder = PrimitiveBuilder::<T>::new().with_data_type(arrow_type(logical));
    Box::new(Parsed { builder, parse })
}

/// Timestamps are cut to the unit of their precision.
fn moments(logical: &LogicalType, parse: fn(&str) -> Option<Moment>) -> Box<dyn ColumnBuilder> {
    match arrow_type(logical) {
        ArrowType::Timestamp(TimeUnit::Microsecond, _) => {
            let unit = move |(millis, nanos): Moment| millis * 1_000 + i64::from(nanos) / 1_000;
            parsed::<TimestampMicrosecondType>(logical, move |t| some(parse(t).map(unit)))
        }
        ArrowType::Timestamp(TimeUnit::Nanosecond, _) => {
            // Nanoseconds end in the year 2262: what lies beyond is not of the type.
            let unit = |(millis, nanos): Moment| {
                millis.checked_mul(1_000_000)?.checked_add(i64::from(nanos))
            };
            parsed::<TimestampNanosecondType>(logical, move |t| some(parse(t).and_then(unit)))
        }
        _ => parsed::<TimestampMillisecondType>(logical, move |t| some(parse(t).map(|m| m.0))),
    }
}

impl<T, F> ColumnBuilder for Parsed<T, F>
where
    T: ArrowPrimitiveType,
    F: Fn(&str) -> Option<Option<T::Native>> + Send,
{
    fn text(&mut self, text: &str) -> bool {
        match (self.parse)(text) {
            Some(value) => {
                self.builder.append_option(value);
                true
            }
            None => false,
        }
    }

    fn null(&mut self) {
        self.builder.append_null();
    }

    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        Ok(Arc::new(self.builder.finish()))
    }
}

impl ColumnBuilder for StringBuilder {
    fn text(&mut self, text: &str) -> bool {
        self.append_value(text);
        true
    }

    fn null(&mut self) {
        self.append_null();
    }

    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        Ok(Arc::new(StringBuilder::finish(self)))
    }
}

impl ColumnBuilder for BooleanBuilder {
    fn text(&mut self, text: &str) -> bool {
        self.append_value(text::boolean(text));
        true
    }

    fn null(&mut self) {
        self.append_null();
    }

    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        Ok(Arc::new(BooleanBuilder::finish(self)))
    }
}

/// Bytes are written in base 64.
impl ColumnBuilder for BinaryBuilder {
    fn text(&mut self, text: &str) -> bool {
        match STANDARD.decode(text) {
            Ok(bytes) => {
                self.append_value(bytes);
                true
            }
            Err(_) => false,
        }
    }

    fn null(&mut self) {
        self.append_null();
    }

    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        Ok(Arc::new(BinaryBuilder::finish(self)))
    }
}

/// Elements in one field, cut at a delimiter of their own.
struct List {
    element: Box<dyn ColumnBuilder>,
    field: FieldRef,
    lengths: Vec<usize>,
    validity: NullBufferBuilder,
    delimiter: String,
    lenient: bool,
}

impl List {
    fn new(name: &str, element: &DataType, list: &LogicalType, dialect: &Dialect) -> Result<Self> {
        let ArrowType::List(field) = arrow_type(list) else { return Err(unsupported(name, list)) };
        Ok(Self {
            element: builder(name, element, dialect)?,
            field,
            lengths: Vec::new(),
            validity: NullBufferBuilder::new(0),
            delimiter: dialect.element_delimiter.clone(),
            lenient: dialect.ignore_errors,
        })
    }
}

impl ColumnBuilder for List {
    fn text(&mut self, text: &str) -> bool {
        let mut length = 0;
        for part in text.split(self.delimiter.as_str()).filter(|_| !text.is_empty()) {
            if !add(&mut *self.element, part, self.lenient) {
                return false;
            }
            length += 1;
        }
        self.lengths.push(length);
        self.validity.append_non_null();
        true
    }

    fn null(&mut self) {
        self.lengths.push(0);
        self.validity.append_null();
    }

    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        let offsets = OffsetBuffer::from_lengths(std::mem::take(&mut self.lengths));
        let values = self.element.finish()?;
        let list = ListArray::try_new(self.field.clone(), offsets, values, self.validity.finish());
        Ok(Arc::new(list?))
    }
}

/// The fields of a ROW in one field of the file.
struct Struct {
    columns: Vec<Box<dyn ColumnBuilder>>,
    fields: Fields,
    validity: NullBufferBuilder,
    delimiter: String,
    lenient: bool,
}

impl Struct {
    fn new(schema: &Schema, dialect: &Dialect) -> Result<Self> {
        let column = |f: &crate::data::Field| builder(&f.name, &f.data_type, dialect);
        Ok(Self {
            columns: schema.fields().iter().map(column).collect::<Result<_>>()?,
            fields: arrow_fields(schema),
            validity: NullBufferBuilder::new(0),
            delimiter: dialect.element_delimiter.clone(),
            lenient: dialect.ignore_errors,
        })
    }
}

impl ColumnBuilder for Struct {
    fn text(&mut self, text: &str) -> bool {
        let parts: Vec<&str> = text.split(self.delimiter.as_str()).collect();
        if parts.len() != self.columns.len() {
            return false;
        }
        for (column, part) in self.columns.iter_mut().zip(parts) {
            if !add(&mut **column, part, self.lenient) {
                return false;
            }
        }
        self.validity.append_non_null();
        true
    }

    fn null(&mut self) {
        self.columns.iter_mut().for_each(|c| c.null());
        self.validity.append_null();
    }

    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        let columns = self.columns.iter_mut().map(|c| c.finish()).collect::<Result<_, _>>()?;
        let array = StructArray::try_new(self.fields.clone(), columns, self.validity.finish());
        Ok(Arc::new(array?))
    }
}

/// Adds a part of a field; what is not of its type becomes NULL if errors are ignored.
fn add(column: &mut dyn ColumnBuilder, text: &str, lenient: bool) -> bool {
    let added = column.text(text);
    if !added && lenient {
        column.null();
    }
    added || lenient
}
