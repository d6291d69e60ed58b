//! The columns of a file as the columns that a table declares.
//!
//! Nothing is lost on the way: a whole number may become a wider one, a moment is cut to the digits that
//! the table has, and what is of another kind does not fit.

use std::sync::Arc;

use arrow::array::types::{
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType,
};
use arrow::array::{Array, ArrayRef, AsArray, ListArray, MapArray, PrimitiveArray, StructArray};
use arrow::compute::{CastOptions, cast, cast_with_options};
use arrow::datatypes::{ArrowTimestampType, DataType as ArrowType, Int64Type, TimeUnit};

use crate::data::arrow::{arrow_fields, arrow_type, null_array};
use crate::data::{LogicalType, Schema};

/// The column as one of this type; `None` if it holds something else.
pub(in crate::connectors) fn fit(array: &ArrayRef, logical: &LogicalType) -> Option<ArrayRef> {
    use ArrowType as A;
    let wanted = arrow_type(logical);
    if *array.data_type() == wanted {
        return Some(array.clone());
    }
    match (array.data_type(), &wanted) {
        (A::Null, _) => Some(null_array(logical, array.len())),
        (A::Dictionary(_, values), _) => fit(&cast(array, values).ok()?, logical),
        (A::LargeUtf8 | A::Utf8View, A::Utf8)
        | (A::LargeBinary | A::BinaryView | A::FixedSizeBinary(_), A::Binary)
        | (A::Float16, A::Float32)
        | (A::Float16 | A::Float32, A::Float64)
        | (A::Time32(_) | A::Time64(_), A::Time32(_)) => cast(array, &wanted).ok(),
        (from, to) if from.is_integer() && to.is_integer() => strict(array, &wanted),
        // A number with more digits than the column has is NULL, as in Flink.
        (from, A::Decimal128(..)) if from.is_decimal() => cast(array, &wanted).ok(),
        (A::Timestamp(from, _), A::Timestamp(to, _)) => moments(array, *from, *to, &wanted),
        (A::LargeList(_) | A::FixedSizeList(..), A::List(_)) => {
            let A::List(element) = &wanted else { return None };
            let inner = match array.data_type() {
                A::LargeList(inner) | A::FixedSizeList(inner, _) => inner.clone(),
                _ => element.clone(),
            };
            fit(&cast(array, &A::List(inner)).ok()?, logical)
        }
        (A::List(_), A::List(element)) => {
            let LogicalType::Array(item) = logical else { return None };
            let list = array.as_list::<i32>();
            let values = fit(list.values(), &item.logical)?;
            let (offsets, nulls) = (list.offsets().clone(), list.nulls().cloned());
            Some(Arc::new(ListArray::try_new(element.clone(), offsets, values, nulls).ok()?))
        }
        (A::Map(..), A::Map(entries, _)) => map(array.as_map(), entries.clone(), logical),
        (A::Struct(_), A::Struct(_)) => {
            let LogicalType::Row(schema) = logical else { return None };
            row(array.as_struct(), schema)
        }
        _ => None,
    }
}

fn strict(array: &ArrayRef, wanted: &ArrowType) -> Option<ArrayRef> {
    let options = CastOptions { safe: false, ..CastOptions::default() };
    cast_with_options(array, wanted, &options).ok()
}

fn map(
    array: &MapArray,
    entries: Arc<arrow::datatypes::Field>,
    logical: &LogicalType,
) -> Option<ArrayRef> {
    let (keys, values) = match logical {
        LogicalType::Map(key, value) => {
            (fit(array.keys(), &key.logical)?, fit(array.values(), &value.logical)?)
        }
        LogicalType::Multiset(element) => {
            (fit(array.keys(), &element.logical)?, fit(array.values(), &LogicalType::Int)?)
        }
        _ => return None,
    };
    let ArrowType::Struct(fields) = entries.data_type() else { return None };
    let pairs = StructArray::try_new(fields.clone(), vec![keys, values], None).ok()?;
    let (offsets, nulls) = (array.offsets().clone(), array.nulls().cloned());
    Some(Arc::new(MapArray::try_new(entries, offsets, pairs, nulls, false).ok()?))
}

/// Fields are found by name; one that the file does not have is NULL.
fn row(array: &StructArray, schema: &Schema) -> Option<ArrayRef> {
    let column = |field: &crate::data::Field| match array.column_by_name(&field.name) {
        Some(column) => fit(column, &field.data_type.logical),
        None => Some(null_array(&field.data_type.logical, array.len())),
    };
    let columns: Vec<ArrayRef> = schema.fields().iter().map(column).collect::<Option<_>>()?;
    let nulls = array.nulls().cloned();
    if columns.is_empty() {
        return Some(Arc::new(StructArray::new_empty_fields(array.len(), nulls)));
    }
    Some(Arc::new(StructArray::try_new(arrow_fields(schema), columns, nulls).ok()?))
}

/// Moments in another unit: cut downwards, before the epoch too.
fn moments(array: &ArrayRef, from: TimeUnit, to: TimeUnit, wanted: &ArrowType) -> Option<ArrayRef> {
    let ticks = array.as_any();
    let ticks: PrimitiveArray<Int64Type> = match from {
        TimeUnit::Second => {
            ticks.downcast_ref::<PrimitiveArray<TimestampSecondType>>()?.reinterpret_cast()
        }
        TimeUnit::Millisecond => {
            ticks.downcast_ref::<PrimitiveArray<TimestampMillisecondType>>()?.reinterpret_cast()
        }
        TimeUnit::Microsecond => {
            ticks.downcast_ref::<PrimitiveArray<TimestampMicrosecondType>>()?.reinterpret_cast()
        }
        TimeUnit::Nanosecond => {
            ticks.downcast_ref::<PrimitiveArray<TimestampNanosecondType>>()?.reinterpret_cast()
        }
    };
    let (from, to) = (per_second(from), per_second(to));
    let ticks: PrimitiveArray<Int64Type> = match from > to {
        true => ticks.unary(|tick| tick.div_euclid(from / to)),
        false => ticks.try_unary(|tick| tick.checked_mul(to / from).ok_or(())).ok()?,
    };
    Some(match to {
        1_000 => timestamps::<TimestampMillisecondType>(&ticks, wanted),
        1_000_000 => timestamps::<TimestampMicrosecondType>(&ticks, wanted),
        _ => timestamps::<TimestampNanosecondType>(&ticks, wanted),
    })
}

fn timestamps<T: ArrowTimestampType>(
    ticks: &PrimitiveArray<Int64Type>,
    wanted: &ArrowType,
) -> ArrayRef {
    Arc::new(ticks.reinterpret_cast::<T>().with_data_type(wanted.clone()))
}

/// Ticks of a unit in a second.
pub(in crate::connectors::format) fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    }
}
