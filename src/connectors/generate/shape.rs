//! Rows and collections put together from the columns of what is inside.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, ListArray, MapArray, StructArray, UInt32Array, new_null_array,
};
use arrow::buffer::OffsetBuffer;
use arrow::compute::take;
use arrow::datatypes::{DataType as ArrowType, FieldRef};
use arrow::error::ArrowError;
use arrow::row::{RowConverter, SortField};

/// What a nested column becomes.
pub(in crate::connectors) struct Shape {
    pub(in crate::connectors) target: ArrowType,
    /// How many elements each value has; 1 for a row.
    pub(in crate::connectors) length: usize,
}

impl Shape {
    /// The `len` values of these children, which have `length` times as many.
    pub(in crate::connectors) fn assemble(
        &self,
        mut children: Vec<ArrayRef>,
        len: usize,
    ) -> ArrayRef {
        let array = match &self.target {
            ArrowType::Struct(fields) => StructArray::try_new(fields.clone(), children, None)
                .map(|array| Arc::new(array) as ArrayRef),
            ArrowType::List(field) => {
                let offsets = OffsetBuffer::from_repeated_length(self.length, len);
                let elements = children.pop().ok_or_else(no_child);
                elements
                    .and_then(|elements| ListArray::try_new(field.clone(), offsets, elements, None))
                    .map(|array| Arc::new(array) as ArrayRef)
            }
            ArrowType::Map(field, _) => self.map(field, &children, len),
            other => Err(ArrowError::SchemaError(other.to_string())),
        };
        array.unwrap_or_else(|_| new_null_array(&self.target, len))
    }

    /// Of two entries with the same key the last counts.
    fn map(
        &self,
        field: &FieldRef,
        children: &[ArrayRef],
        len: usize,
    ) -> Result<ArrayRef, ArrowError> {
        let ([keys, values], ArrowType::Struct(fields)) = (children, field.data_type()) else {
            return Err(no_child());
        };
        let converter = RowConverter::new(vec![SortField::new(keys.data_type().clone())])?;
        let rows = converter.convert_columns(std::slice::from_ref(keys))?;
        let (mut kept, mut lengths) = (Vec::new(), Vec::with_capacity(len));
        for entries in (0..len).map(|row| row * self.length..(row + 1) * self.length) {
            let before = kept.len();
            let last =
                |entry: &usize| !(entry + 1..entries.end).any(|o| rows.row(o) == rows.row(*entry));
            kept.extend(entries.clone().filter(last).map(|entry| entry as u32));
            lengths.push(kept.len() - before);
        }
        let kept = UInt32Array::from(kept);
        let entries = vec![take(keys, &kept, None)?, take(values, &kept, None)?];
        let entries = StructArray::try_new(fields.clone(), entries, None)?;
        let offsets = OffsetBuffer::from_lengths(lengths);
        Ok(Arc::new(MapArray::try_new(field.clone(), offsets, entries, None, false)?))
    }
}

fn no_child() -> ArrowError {
    ArrowError::SchemaError("a collection without elements".to_owned())
}
