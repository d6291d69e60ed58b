//! Flink types as Arrow types, and whole columns made from values.
//!
//! Reading single values back is [`super::builder::value_at`].

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, DurationMillisecondArray,
    Float32Array, Float64Array, Int8Array, Int16Array, Int32Array, Int64Array,
    IntervalYearMonthArray, ListArray, MapArray, NullArray, StringArray, StructArray,
    Time32MillisecondArray, TimestampMicrosecondArray, TimestampMillisecondArray,
    TimestampNanosecondArray,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{
    DataType as ArrowType, Field as ArrowField, Fields, IntervalUnit, TimeUnit,
};

use super::row::Value;
use super::types::{DataType, LogicalType, Schema, TimeAttribute};
use crate::base::{Error, Result};

/// The time zone of the columns of `TIMESTAMP_LTZ`.
const UTC: &str = "UTC";

/// The unit that keeps a timestamp with this many fraction digits.
pub(crate) fn timestamp_unit(precision: u8) -> TimeUnit {
    match precision {
        0..=3 => TimeUnit::Millisecond,
        4..=6 => TimeUnit::Microsecond,
        _ => TimeUnit::Nanosecond,
    }
}

/// The Arrow type of the columns of a Flink type.
pub fn arrow_type(logical: &LogicalType) -> ArrowType {
    use LogicalType as L;
    match logical {
        L::Char(_) | L::Varchar(_) => ArrowType::Utf8,
        L::Boolean => ArrowType::Boolean,
        L::Binary(_) | L::Varbinary(_) => ArrowType::Binary,
        L::Decimal { precision, scale } => ArrowType::Decimal128(*precision, *scale as i8),
        L::TinyInt => ArrowType::Int8,
        L::SmallInt => ArrowType::Int16,
        L::Int => ArrowType::Int32,
        L::BigInt => ArrowType::Int64,
        L::Float => ArrowType::Float32,
        L::Double => ArrowType::Float64,
        L::Date => ArrowType::Date32,
        L::Time(_) => ArrowType::Time32(TimeUnit::Millisecond),
        L::Timestamp { precision, .. } => ArrowType::Timestamp(timestamp_unit(*precision), None),
        L::TimestampLtz { precision, .. } => {
            ArrowType::Timestamp(timestamp_unit(*precision), Some(UTC.into()))
        }
        L::IntervalYearMonth => ArrowType::Interval(IntervalUnit::YearMonth),
        L::IntervalDayTime => ArrowType::Duration(TimeUnit::Millisecond),
        L::Array(element) => ArrowType::List(element_field(element)),
        L::Map(key, value) => map_type(key, value),
        L::Multiset(element) => map_type(element, &DataType::not_null(LogicalType::Int)),
        L::Row(schema) => ArrowType::Struct(arrow_fields(schema)),
        L::Null => ArrowType::Null,
    }
}

/// The Arrow fields of a row. Every field may be null: a batch does not enforce NOT NULL.
pub fn arrow_fields(schema: &Schema) -> Fields {
    let field = |f: &super::Field| field(&f.name, &f.data_type);
    schema.fields().iter().map(field).collect()
}

/// The Flink type that an Arrow type of a file stands for; `None` for what Flink does not have.
pub fn logical_type(arrow: &ArrowType) -> Option<LogicalType> {
    use LogicalType as L;
    Some(match arrow {
        ArrowType::Utf8 | ArrowType::LargeUtf8 | ArrowType::Utf8View => L::STRING,
        ArrowType::Boolean => L::Boolean,
        ArrowType::Binary | ArrowType::LargeBinary | ArrowType::BinaryView => {
            L::Varbinary(L::MAX_LENGTH)
        }
        ArrowType::FixedSizeBinary(length) => L::Binary(u32::try_from(*length).ok()?),
        ArrowType::Decimal128(precision, scale) => {
            L::Decimal { precision: *precision, scale: u8::try_from(*scale).ok()? }
        }
        ArrowType::Int8 => L::TinyInt,
        ArrowType::Int16 => L::SmallInt,
        ArrowType::Int32 => L::Int,
        ArrowType::Int64 => L::BigInt,
        ArrowType::Float32 => L::Float,
        ArrowType::Float64 => L::Double,
        ArrowType::Date32 => L::Date,
        ArrowType::Time32(_) => L::Time(0),
        ArrowType::Timestamp(unit, zone) => timestamp_type(*unit, zone.is_some()),
        ArrowType::Interval(IntervalUnit::YearMonth) => L::IntervalYearMonth,
        ArrowType::Duration(_) => L::IntervalDayTime,
        ArrowType::List(element) => L::Array(nullable(element)?),
        ArrowType::Map(entries, _) => {
            let ArrowType::Struct(fields) = entries.data_type() else { return None };
            L::Map(nullable(fields.first()?)?, nullable(fields.get(1)?)?)
        }
        ArrowType::Struct(fields) => L::Row(schema(fields)?),
        ArrowType::Null => L::Null,
        _ => return None,
    })
}

/// The Flink columns that Arrow fields of a file stand for.
pub fn schema(fields: &Fields) -> Option<Schema> {
    let field = |f: &Arc<ArrowField>| Some(super::Field::new(f.name(), (*nullable(f)?).clone()));
    Some(Schema(fields.iter().map(field).collect::<Option<_>>()?))
}

fn nullable(field: &ArrowField) -> Option<Arc<DataType>> {
    let logical = logical_type(field.data_type())?;
    Some(Arc::new(DataType { logical, nullable: field.is_nullable() }))
}

fn timestamp_type(unit: TimeUnit, instant: bool) -> LogicalType {
    let precision = match unit {
        TimeUnit::Second => 0,
        TimeUnit::Millisecond => 3,
        TimeUnit::Microsecond => 6,
        TimeUnit::Nanosecond => 9,
    };
    let attribute = TimeAttribute::None;
    match instant {
        true => LogicalType::TimestampLtz { precision, attribute },
        false => LogicalType::Timestamp { precision, attribute },
    }
}

fn field(name: &str, data_type: &DataType) -> ArrowField {
    ArrowField::new(name, arrow_type(&data_type.logical), true)
}

fn element_field(element: &DataType) -> Arc<ArrowField> {
    Arc::new(field("element", element))
}

fn map_entries(key: &DataType, value: &DataType) -> Fields {
    let key = ArrowField::new("key", arrow_type(&key.logical), false);
    vec![key, field("value", value)].into()
}

fn map_type(key: &DataType, value: &DataType) -> ArrowType {
    let entries = ArrowType::Struct(map_entries(key, value));
    ArrowType::Map(Arc::new(ArrowField::new("entries", entries, false)), false)
}

/// Makes one column of values.
///
/// # Errors
/// `value-of-other-type` if a value is not of the type (a time out of the range of its unit is one).
pub fn array_of(data_type: &DataType, values: &[Value]) -> Result<ArrayRef> {
    column(&data_type.logical, &values.iter().collect::<Vec<_>>())
}

/// A column of `len` NULLs.
pub fn null_array(logical: &LogicalType, len: usize) -> ArrayRef {
    arrow::array::new_null_array(&arrow_type(logical), len)
}

/// Makes a column whose values are given by reference.
pub(crate) fn column(logical: &LogicalType, values: &[&Value]) -> Result<ArrayRef> {
    use LogicalType as L;
    let wrong = |value: &Value| {
        Error::new("value-of-other-type").arg("value", format!("{value:?}")).arg("type", logical)
    };
    macro_rules! primitive {
        ($array:ty, $($pattern:pat $(if $guard:expr)? => $result:expr),+) => {
            Arc::new(values.iter().map(|&value| match value {
                Value::Null => Ok(None),
                $($pattern $(if $guard)? => Ok(Some($result)),)+
                #[allow(unreachable_patterns)]
                other => Err(wrong(other)),
            }).collect::<Result<$array>>()?) as ArrayRef
        };
    }
    Ok(match logical {
        L::Char(_) | L::Varchar(_) => primitive!(StringArray, Value::String(s) => &**s),
        L::Binary(_) | L::Varbinary(_) => primitive!(BinaryArray, Value::Bytes(b) => &**b),
        L::Boolean => primitive!(BooleanArray, Value::Boolean(b) => *b),
        L::TinyInt => primitive!(Int8Array, Value::TinyInt(v) => *v),
        L::SmallInt => primitive!(Int16Array, Value::SmallInt(v) => *v),
        L::Int => primitive!(Int32Array, Value::Int(v) => *v),
        L::BigInt => primitive!(Int64Array, Value::BigInt(v) => *v),
        L::Float => primitive!(Float32Array, Value::Float(v) => *v),
        L::Double => primitive!(Float64Array, Value::Double(v) => *v),
        L::Date => primitive!(Date32Array, Value::Date(v) => *v),
        L::Time(_) => primitive!(Time32MillisecondArray, Value::Time(v) => *v),
        L::IntervalYearMonth => {
            primitive!(IntervalYearMonthArray, Value::IntervalYearMonth(v) => *v)
        }
        L::IntervalDayTime => {
            primitive!(DurationMillisecondArray, Value::IntervalDayTime(v) => *v)
        }
        L::Decimal { precision, scale } => {
            let array = primitive!(Decimal128Array,
                Value::Decimal(v, s) if s == scale => *v);
            decimal_array(array, *precision, *scale)?
        }
        L::Timestamp { precision, .. } => {
            timestamps(timestamp_unit(*precision), None, values, &wrong)?
        }
        L::TimestampLtz { precision, .. } => {
            timestamps(timestamp_unit(*precision), Some(UTC.into()), values, &wrong)?
        }
        L::Array(element) => lists(element, values, &wrong)?,
        L::Map(key, value) => maps(key, value, values, &wrong)?,
        L::Multiset(element) => {
            maps(element, &DataType::not_null(LogicalType::Int), values, &wrong)?
        }
        L::Row(schema) => structs(schema, values, &wrong)?,
        L::Null => Arc::new(NullArray::new(values.len())),
    })
}

fn internal(error: arrow::error::ArrowError) -> Error {
    Error::new("column-not-made").arg("reason", error)
}

fn decimal_array(array: ArrayRef, precision: u8, scale: u8) -> Result<ArrayRef> {
    use arrow::array::AsArray;
    let array = array.as_primitive::<arrow::datatypes::Decimal128Type>().clone();
    Ok(Arc::new(array.with_precision_and_scale(precision, scale as i8).map_err(internal)?))
}

/// A timestamp in a unit of its column; `None` if it is out of its range.
pub(crate) fn timestamp_in(unit: TimeUnit, millis: i64, nanos: i32) -> Option<i64> {
    match unit {
        TimeUnit::Second => Some(millis.div_euclid(1_000)),
        TimeUnit::Millisecond => Some(millis),
        TimeUnit::Microsecond => millis.checked_mul(1_000)?.checked_add(i64::from(nanos) / 1_000),
        TimeUnit::Nanosecond => millis.checked_mul(1_000_000)?.checked_add(i64::from(nanos)),
    }
}

/// The milliseconds and nanoseconds of the millisecond of a timestamp in a unit.
pub(crate) fn timestamp_from(unit: TimeUnit, value: i64) -> (i64, i32) {
    match unit {
        TimeUnit::Second => (value.saturating_mul(1_000), 0),
        TimeUnit::Millisecond => (value, 0),
        TimeUnit::Microsecond => (value.div_euclid(1_000), value.rem_euclid(1_000) as i32 * 1_000),
        TimeUnit::Nanosecond => (value.div_euclid(1_000_000), value.rem_euclid(1_000_000) as i32),
    }
}

fn timestamps(
    unit: TimeUnit,
    zone: Option<Arc<str>>,
    values: &[&Value],
    wrong: &dyn Fn(&Value) -> Error,
) -> Result<ArrayRef> {
    let instant = zone.is_some();
    let one = |value: &Value| match (value, instant) {
        (Value::Null, _) => Ok(None),
        (Value::Timestamp(millis, nanos), false) | (Value::TimestampLtz(millis, nanos), true) => {
            timestamp_in(unit, *millis, *nanos).map(Some).ok_or_else(|| wrong(value))
        }
        _ => Err(wrong(value)),
    };
    let values = values.iter().map(|v| one(v)).collect::<Result<Vec<Option<i64>>>>()?;
    Ok(match unit {
        TimeUnit::Second | TimeUnit::Millisecond => {
            Arc::new(TimestampMillisecondArray::from(values).with_timezone_opt(zone))
        }
        TimeUnit::Microsecond => {
            Arc::new(TimestampMicrosecondArray::from(values).with_timezone_opt(zone))
        }
        TimeUnit::Nanosecond => {
            Arc::new(TimestampNanosecondArray::from(values).with_timezone_opt(zone))
        }
    })
}

fn validity(values: &[&Value]) -> Option<NullBuffer> {
    let valid = values.iter().map(|v| !matches!(v, Value::Null)).collect::<NullBuffer>();
    (valid.null_count() > 0).then_some(valid)
}

fn lists(
    element: &DataType,
    values: &[&Value],
    wrong: &dyn Fn(&Value) -> Error,
) -> Result<ArrayRef> {
    let items = |value: &&Value| match value {
        Value::Null => Ok(Arc::new([]) as Arc<[Value]>),
        Value::Array(items) => Ok(items.clone()),
        other => Err(wrong(other)),
    };
    let items = values.iter().map(items).collect::<Result<Vec<_>>>()?;
    let flat: Vec<&Value> = items.iter().flat_map(|i| i.iter()).collect();
    let array = ListArray::try_new(
        element_field(element),
        OffsetBuffer::from_lengths(items.iter().map(|i| i.len())),
        column(&element.logical, &flat)?,
        validity(values),
    );
    Ok(Arc::new(array.map_err(internal)?))
}

fn maps(
    key: &DataType,
    value: &DataType,
    values: &[&Value],
    wrong: &dyn Fn(&Value) -> Error,
) -> Result<ArrayRef> {
    let entries = |value: &&Value| match value {
        Value::Null => Ok(Arc::new([]) as Arc<[(Value, Value)]>),
        Value::Map(entries) => Ok(entries.clone()),
        other => Err(wrong(other)),
    };
    let entries = values.iter().map(entries).collect::<Result<Vec<_>>>()?;
    let flat = || entries.iter().flat_map(|e| e.iter());
    let keys: Vec<&Value> = flat().map(|(k, _)| k).collect();
    // Arrow's maps have no NULL keys.
    if keys.contains(&&Value::Null) {
        return Err(Error::new("map-key-null"));
    }
    let items: Vec<&Value> = flat().map(|(_, v)| v).collect();
    let fields = map_entries(key, value);
    let columns = vec![column(&key.logical, &keys)?, column(&value.logical, &items)?];
    let entry = StructArray::try_new(fields.clone(), columns, None).map_err(internal)?;
    let array = MapArray::try_new(
        Arc::new(ArrowField::new("entries", ArrowType::Struct(fields), false)),
        OffsetBuffer::from_lengths(entries.iter().map(|e| e.len())),
        entry,
        validity(values),
        false,
    );
    Ok(Arc::new(array.map_err(internal)?))
}

fn structs(
    schema: &Schema,
    values: &[&Value],
    wrong: &dyn Fn(&Value) -> Error,
) -> Result<ArrayRef> {
    const NULL: Value = Value::Null;
    let null = vec![NULL; schema.len()];
    let fields = |value: &&Value| match value {
        Value::Null => Ok(null.as_slice().into()),
        Value::Row(fields) if fields.len() == schema.len() => Ok(fields.clone()),
        other => Err(wrong(other)),
    };
    let rows: Vec<Arc<[Value]>> = values.iter().map(fields).collect::<Result<_>>()?;
    if schema.is_empty() {
        return Ok(Arc::new(StructArray::new_empty_fields(values.len(), validity(values))));
    }
    let columns = schema.fields().iter().enumerate().map(|(i, field)| {
        column(&field.data_type.logical, &rows.iter().map(|r| &r[i]).collect::<Vec<_>>())
    });
    let array = StructArray::try_new(
        arrow_fields(schema),
        columns.collect::<Result<_>>()?,
        validity(values),
    );
    Ok(Arc::new(array.map_err(internal)?))
}
