//! Keys of a few columns of whole numbers or moments: 64 bits each.

use std::borrow::Cow;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array};
use arrow::buffer::NullBuffer;
use arrow::compute::cast;
use arrow::datatypes::{DataType as ArrowType, Int64Type};
use hashbrown::HashTable;

use super::{Numbers, key_type, put};
use crate::base::Result;
use crate::data::arrow::arrow_type;
use crate::data::{DataType, LogicalType};

/// Whether values of a type are 64 bits that are equal where the values are.
pub(super) fn is_fixed(logical: &LogicalType) -> bool {
    use LogicalType as L;
    matches!(logical, L::Int | L::BigInt | L::Date | L::Timestamp { .. } | L::TimestampLtz { .. })
}

/// The values of a key. Where there is NULL, the value is 0 and its bit is set.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Key<const N: usize> {
    values: [i64; N],
    nulls: u8,
}

impl<const N: usize> Key<N> {
    /// Spreads over all bits: `hashbrown` looks at the highest and the lowest.
    #[inline]
    fn hash(&self) -> u64 {
        const FACTOR: u64 = 0xf135_7aea_2e62_a9c5;
        let spread =
            |hash: u64, value: &i64| (hash ^ *value as u64).wrapping_mul(FACTOR).rotate_left(26);
        self.values.iter().fold(u64::from(self.nulls), spread)
    }
}

/// The table of keys of `N` columns.
pub(super) struct FixedTable<const N: usize> {
    types: Vec<ArrowType>,
    table: HashTable<(Key<N>, u32)>,
    /// By group.
    keys: Vec<Key<N>>,
}

impl<const N: usize> FixedTable<N> {
    pub(super) fn new(types: &[DataType]) -> Self {
        let types = types.iter().map(|t| arrow_type(&t.logical)).collect();
        Self { types, table: HashTable::new(), keys: Vec::new() }
    }

    pub(super) fn intern(
        &mut self,
        columns: &[ArrayRef],
        numbers: &mut Numbers,
        groups: &mut Vec<u32>,
    ) -> Result<()> {
        let wide = columns.iter().map(wide).collect::<Result<Vec<_>>>()?;
        let Some((columns, [])) = wide.split_first_chunk::<N>() else { return Ok(()) };
        let rows = columns.first().map_or(0, |column| column.len());
        // As slices, so that the loop over rows sees no arrays.
        let values = columns.each_ref().map(|column| &column.values()[..rows]);
        if columns.iter().all(|column| column.null_count() == 0) {
            groups.extend(
                (0..rows).map(|row| {
                    self.group(Key { values: values.map(|v| v[row]), nulls: 0 }, numbers)
                }),
            );
            return Ok(());
        }
        let nulls = columns.each_ref().map(|column| column.nulls());
        groups.extend((0..rows).map(|row| {
            let mut key = Key { values: values.map(|v| v[row]), nulls: 0 };
            for (place, nulls) in nulls.iter().enumerate() {
                if nulls.is_some_and(|nulls| nulls.is_null(row)) {
                    key.values[place] = 0;
                    key.nulls |= 1 << place;
                }
            }
            self.group(key, numbers)
        }));
        Ok(())
    }

    #[inline]
    fn group(&mut self, key: Key<N>, numbers: &mut Numbers) -> u32 {
        let hash = key.hash();
        if let Some((_, group)) = self.table.find(hash, |(k, _)| *k == key) {
            return *group;
        }
        let group = numbers.take();
        self.table.insert_unique(hash, (key, group), |(k, _)| k.hash());
        put(&mut self.keys, group, key);
        group
    }

    pub(super) fn remove(&mut self, group: u32) {
        let key = self.keys[group as usize];
        if let Ok(entry) = self.table.find_entry(key.hash(), |(k, _)| *k == key) {
            entry.remove();
        }
    }

    pub(super) fn columns(&self, groups: &[u32]) -> Result<Vec<ArrayRef>> {
        let keys = || groups.iter().map(|group| &self.keys[*group as usize]);
        let column = |(place, to): (usize, &ArrowType)| {
            let valid: Vec<bool> = keys().map(|key| key.nulls & (1 << place) == 0).collect();
            let nulls = valid.contains(&false).then(|| NullBuffer::from(valid));
            let values: Vec<i64> = keys().map(|key| key.values[place]).collect();
            narrow(Int64Array::new(values.into(), nulls), to)
        };
        self.types.iter().enumerate().map(column).collect()
    }
}

/// A column as numbers of 64 bits.
fn wide(column: &ArrayRef) -> Result<Cow<'_, Int64Array>> {
    if let Some(column) = column.as_primitive_opt::<Int64Type>() {
        return Ok(Cow::Borrowed(column));
    }
    let wide = cast(column, &ArrowType::Int64).map_err(key_type)?;
    Ok(Cow::Owned(wide.as_primitive::<Int64Type>().clone()))
}

/// The column that [`wide`] made numbers of.
fn narrow(column: Int64Array, to: &ArrowType) -> Result<ArrayRef> {
    let column = match to {
        // From days there is a way only through their own width.
        ArrowType::Date32 => cast(&column, &ArrowType::Int32).map_err(key_type)?,
        _ => std::sync::Arc::new(column),
    };
    if column.data_type() == to { Ok(column) } else { cast(&column, to).map_err(key_type) }
}
