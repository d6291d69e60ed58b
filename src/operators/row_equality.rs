//! Equality and hashes of rows over columns: NULL equals NULL, and doubles are equal by their bits.

use std::hash::Hasher;

use arrow::array::{Array, ArrayRef, ArrowNativeTypeOp, AsArray, downcast_primitive_array};
use arrow::datatypes::{DataType, ToByteSlice};
use arrow::row::{RowConverter, SortField};
use rustc_hash::FxHasher;

use crate::base::Result;
use crate::expr::kernel_error;

/// What a NULL hashes as.
const NULL: u32 = 0x9e37_79b9;

/// Whether a value of a column equals one of a column of the same type.
pub(crate) fn same_value(a: &ArrayRef, at: usize, b: &ArrayRef, bt: usize) -> bool {
    if a.is_null(at) || b.is_null(bt) {
        return a.is_null(at) && b.is_null(bt);
    }
    downcast_primitive_array!(
        (a, b) => a.value(at).is_eq(b.value(bt)),
        (DataType::Utf8, DataType::Utf8) => {
            a.as_string::<i32>().value(at) == b.as_string::<i32>().value(bt)
        },
        (DataType::Binary, DataType::Binary) => {
            a.as_binary::<i32>().value(at) == b.as_binary::<i32>().value(bt)
        },
        _ => a.slice(at, 1).to_data() == b.slice(bt, 1).to_data()
    )
}

/// A hash of each row; `seeds` are hashes that it goes on from.
pub(crate) fn hash_rows(columns: &[ArrayRef], seeds: &[u32]) -> Result<Vec<u64>> {
    let mut hashers: Vec<FxHasher> = vec![FxHasher::default(); seeds.len()];
    hashers.iter_mut().zip(seeds).for_each(|(hasher, seed)| hasher.write_u32(*seed));
    for column in columns {
        hash_column(column, &mut hashers)?;
    }
    Ok(hashers.iter().map(Hasher::finish).collect())
}

fn hash_column(column: &ArrayRef, hashers: &mut [FxHasher]) -> Result<()> {
    /// Hashes what the rows that are not NULL hold.
    macro_rules! each {
        ($column:expr, $value:expr) => {
            for (row, hasher) in hashers.iter_mut().enumerate() {
                match $column.is_null(row) {
                    true => hasher.write_u32(NULL),
                    false => hasher.write($value(row)),
                }
            }
        };
    }
    downcast_primitive_array!(
        column => {
            let values = column.values();
            each!(column, |row: usize| values[row].to_byte_slice())
        }
        DataType::Utf8 => {
            let texts = column.as_string::<i32>();
            each!(column, |row| texts.value(row).as_bytes())
        }
        other => {
            let converter = RowConverter::new(vec![SortField::new(other.clone())]);
            let rows = converter.and_then(|c| c.convert_columns(std::slice::from_ref(column)));
            let rows = rows.map_err(kernel_error)?;
            each!(column, |row| rows.row(row).data())
        }
    );
    Ok(())
}
