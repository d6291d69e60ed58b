//! Where a key lives: its hash as Flink computes it, its key group, its subtask.
//!
//! The DataStream API hashes a key as Java's `hashCode`; SQL hashes the key row in Flink's binary
//! form (`BinaryRowData`). Both hashes then pass through the same arithmetic
//! (`KeyGroupRangeAssignment` in Flink), so the same number may live in two places in the two APIs.

mod binary_row;
mod hash_map;
mod java_hash;
mod murmur;

use std::ops::RangeInclusive;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{Int32Type, Int64Type};

use super::batch::Batch;
use super::builder::value_at;
use super::row::Value;
use super::types::DataType;

pub use hash_map::{sort_by_bucket, sort_strings_by_bucket, sort_values_by_bucket};
pub use java_hash::java_hash_code;
pub use murmur::{hash_bytes, spread};

/// Flink's default number of key groups for a parallelism of at most 128.
pub const DEFAULT_KEY_GROUPS: u16 = 128;

/// The hash of a key row as SQL takes it.
pub fn sql_hash(types: &[DataType], key: &[Value]) -> i32 {
    let mut row = binary_row::BinaryRow::default();
    row.write(types, key);
    murmur::hash_words(row.bytes())
}

/// The key group of a hash.
pub fn key_group(hash: i32, key_groups: u16) -> u16 {
    (murmur::spread(hash) % i32::from(key_groups)) as u16
}

/// The parallel instance that owns a key group.
pub fn operator_index(key_group: u16, parallelism: u32, key_groups: u16) -> u32 {
    u32::from(key_group) * parallelism / u32::from(key_groups)
}

/// The key groups of a parallel instance; empty if there are more instances than groups.
pub fn key_group_range(index: u32, parallelism: u32, key_groups: u16) -> RangeInclusive<u16> {
    let groups = u32::from(key_groups);
    let start = (index * groups).div_ceil(parallelism);
    let end = ((index + 1) * groups).div_ceil(parallelism);
    match end > start {
        true => start as u16..=(end - 1) as u16,
        false => RangeInclusive::new(1, 0),
    }
}

/// The SQL hash of the key in `columns` for every row; `types` are those of the columns.
pub fn hash_columns(batch: &Batch, columns: &[usize], types: &[DataType]) -> Vec<i32> {
    let arrays: Vec<&ArrayRef> = columns.iter().map(|c| batch.column(*c)).collect();
    if let [array] = arrays.as_slice()
        && let Some(hashes) = hash_integers(array)
    {
        return hashes;
    }
    let mut row = binary_row::BinaryRow::default();
    let mut key = Vec::with_capacity(columns.len());
    let hash = |index| {
        key.clear();
        key.extend(arrays.iter().zip(types).map(|(a, t)| value_at(a, t, index)));
        row.write(types, &key);
        murmur::hash_words(row.bytes())
    };
    (0..batch.len()).map(hash).collect()
}

/// The key of most jobs: one column of INT or BIGINT without NULL.
fn hash_integers(array: &ArrayRef) -> Option<Vec<i32>> {
    if array.null_count() > 0 {
        return None;
    }
    if let Some(values) = array.as_primitive_opt::<Int64Type>() {
        return Some(values.values().iter().map(|v| murmur::hash_one_word(*v)).collect());
    }
    let values = array.as_primitive_opt::<Int32Type>()?;
    let word = |v: &i32| murmur::hash_one_word(i64::from(*v as u32));
    Some(values.values().iter().map(word).collect())
}

#[cfg(test)]
mod tests;
