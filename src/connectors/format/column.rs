//! Texts into one Arrow column of the type that the table declares: what all text formats share.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, ArrowPrimitiveType, BinaryBuilder, BooleanBuilder, ListArray, MapArray,
    NullBufferBuilder, PrimitiveBuilder, StringBuilder, StructArray,
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

use super::text::{self, Forms, Moment};
use crate::data::arrow::{arrow_fields, arrow_type};
use crate::data::{LogicalType, Schema};

/// A column under construction.
pub(in crate::connectors) trait ColumnBuilder: Send {
    /// Adds the value of a field; false if the text is not of the type (a number that does not fit a
    /// DECIMAL is: it becomes NULL).
    fn text(&mut self, text: &str) -> bool;

    /// Adds NULL.
    fn null(&mut self);

    /// The column so far; the next begins empty.
    fn finish(&mut self) -> Result<ArrayRef, ArrowError>;
}

/// A builder for a column of a type that is not made of others, with these forms of moments; `None`
/// for any other type.
pub(in crate::connectors) fn scalar(
    logical: &LogicalType,
    forms: Forms,
) -> Option<Box<dyn ColumnBuilder>> {
    use LogicalType as L;
    Some(match *logical {
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
        L::Date => parsed::<Date32Type>(logical, move |t| some((forms.date)(t))),
        L::Time(_) => parsed::<Time32MillisecondType>(logical, move |t| some((forms.time)(t))),
        L::Timestamp { .. } => moments(logical, forms.timestamp),
        L::TimestampLtz { .. } => moments(logical, forms.instant),
        _ => return None,
    })
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

/// What a column of lists (or maps) is, besides its elements.
pub(in crate::connectors) struct Lists {
    field: FieldRef,
    lengths: Vec<usize>,
    validity: NullBufferBuilder,
}

impl Lists {
    /// `None` for a type that has no elements.
    pub(in crate::connectors) fn new(logical: &LogicalType) -> Option<Self> {
        let field = match arrow_type(logical) {
            ArrowType::List(field) | ArrowType::Map(field, _) => field,
            _ => return None,
        };
        Some(Self { field, lengths: Vec::new(), validity: NullBufferBuilder::new(0) })
    }

    /// Adds a list whose elements, so many, were added to their own column.
    pub(in crate::connectors) fn push(&mut self, length: usize) {
        self.lengths.push(length);
        self.validity.append_non_null();
    }

    /// Adds NULL.
    pub(in crate::connectors) fn null(&mut self) {
        self.lengths.push(0);
        self.validity.append_null();
    }

    /// The column of lists over their elements.
    pub(in crate::connectors) fn finish(
        &mut self,
        elements: ArrayRef,
    ) -> Result<ArrayRef, ArrowError> {
        let offsets = OffsetBuffer::from_lengths(std::mem::take(&mut self.lengths));
        let (field, validity) = (self.field.clone(), self.validity.finish());
        Ok(Arc::new(ListArray::try_new(field, offsets, elements, validity)?))
    }

    /// The column of maps over their keys and values.
    pub(in crate::connectors) fn finish_map(
        &mut self,
        keys: ArrayRef,
        values: ArrayRef,
    ) -> Result<ArrayRef, ArrowError> {
        let ArrowType::Struct(fields) = self.field.data_type() else {
            return Err(ArrowError::SchemaError("a map without entries".to_owned()));
        };
        let entries = StructArray::try_new(fields.clone(), vec![keys, values], None)?;
        let offsets = OffsetBuffer::from_lengths(std::mem::take(&mut self.lengths));
        let (field, validity) = (self.field.clone(), self.validity.finish());
        Ok(Arc::new(MapArray::try_new(field, offsets, entries, validity, false)?))
    }
}

/// What a column of rows is, besides its fields.
pub(in crate::connectors) struct Rows {
    fields: Fields,
    validity: NullBufferBuilder,
}

impl Rows {
    /// A column of rows with these fields.
    pub(in crate::connectors) fn new(schema: &Schema) -> Self {
        Self { fields: arrow_fields(schema), validity: NullBufferBuilder::new(0) }
    }

    /// Adds a row (or NULL) whose fields were added to their own columns.
    pub(in crate::connectors) fn push(&mut self, present: bool) {
        self.validity.append(present);
    }

    /// The column of rows over their fields.
    pub(in crate::connectors) fn finish(
        &mut self,
        columns: Vec<ArrayRef>,
    ) -> Result<ArrayRef, ArrowError> {
        let (fields, validity) = (self.fields.clone(), self.validity.finish());
        if columns.is_empty() {
            let len = validity.as_ref().map_or(0, |v| v.len());
            return Ok(Arc::new(StructArray::new_empty_fields(len, validity)));
        }
        Ok(Arc::new(StructArray::try_new(fields, columns, validity)?))
    }
}
