//! What `parquet`, `avro` and `orc` share: files that hold columns under names, with types of their own.

pub(super) mod fit;
#[cfg(test)]
mod goldens;
pub(super) mod read;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow::compute::cast;
use arrow::datatypes::{Field as ArrowField, SchemaRef};

use crate::base::{Error, Result};
use crate::data::{Batch, Field, LogicalType, Schema};

/// Refuses the first column whose type, or a type inside it, a format does not hold.
///
/// Errors: `format-type`.
pub(super) fn check(
    format: &str,
    schema: &Schema,
    holds: &dyn Fn(&LogicalType) -> bool,
) -> Result<()> {
    for field in schema.fields() {
        if let Some(logical) = first_without(&field.data_type.logical, holds) {
            return Err(Error::new("format-type")
                .arg("format", format)
                .arg("column", &field.name)
                .arg("type", logical));
        }
    }
    Ok(())
}

/// The columns that a reader of such a format gives, in the order in which they are asked for.
///
/// Errors: `format-type`.
pub(super) fn columns_read(
    format: &str,
    schema: &Schema,
    projection: &[usize],
    holds: &dyn Fn(&LogicalType) -> bool,
) -> Result<Arc<[Field]>> {
    check(format, schema, holds)?;
    Ok(projection.iter().filter_map(|&i| schema.fields().get(i)).cloned().collect())
}

/// The first type, this or one inside it, of which that does not hold.
pub(super) fn first_without<'a>(
    logical: &'a LogicalType,
    holds: &dyn Fn(&LogicalType) -> bool,
) -> Option<&'a LogicalType> {
    use LogicalType as L;
    if !holds(logical) {
        return Some(logical);
    }
    match logical {
        L::Array(element) | L::Multiset(element) => first_without(&element.logical, holds),
        L::Map(key, value) => {
            first_without(&key.logical, holds).or_else(|| first_without(&value.logical, holds))
        }
        L::Row(schema) => {
            schema.fields().iter().find_map(|f| first_without(&f.data_type.logical, holds))
        }
        _ => None,
    }
}

/// A batch as the writers of Arrow's formats take it, with the types that the file has.
pub(super) fn record(batch: &Batch, schema: &SchemaRef) -> Result<RecordBatch> {
    let typed = |(column, field): (&ArrayRef, &Arc<ArrowField>)| match column.data_type()
        == field.data_type()
    {
        true => Ok(column.clone()),
        false => cast(column, field.data_type()).map_err(unwritten),
    };
    let columns = batch.columns().iter().zip(schema.fields()).map(typed);
    let options = RecordBatchOptions::new().with_row_count(Some(batch.len()));
    RecordBatch::try_new_with_options(Arc::clone(schema), columns.collect::<Result<_>>()?, &options)
        .map_err(unwritten)
}

/// The error of a writer that was given what it should be able to write.
pub(super) fn unwritten(reason: impl std::fmt::Display) -> Error {
    Error::new("format-write").arg("reason", reason)
}
