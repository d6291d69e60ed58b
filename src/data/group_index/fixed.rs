//! Keys of a few columns of whole numbers or moments: 64 bits each.

use std::borrow::Cow;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array};
use arrow::buffer::NullBuffer;
use arrow::compute::cast;
use arrow::datatypes::{DataType as ArrowType, Int64Type};
use hashbrown::HashTable;
use rustc_hash::FxHashMap;

use super::{Numbers, key_type, put};
use crate::base::Result;
use crate::data::arrow::arrow_type;
use crate::data::{DataType, LogicalType};

/// Whether values of a type are 64 bits that are equal where the values are.
pub(super) fn is_fixed(logical: &LogicalType) -> bool {
    use LogicalType as L;
    matches!(logical, L::Int | L::BigInt | L::Date | L::Timestamp { .. } | L::TimestampLtz { .. })
}

/// Spreads over all bits: `hashbrown` looks at the highest and the lowest.
#[inline]
fn hash<const N: usize>(key: &[i64; N]) -> u64 {
    const FACTOR: u64 = 0xf135_7aea_2e62_a9c5;
    let spread =
        |hash: u64, value: &i64| (hash ^ *value as u64).wrapping_mul(FACTOR).rotate_left(26);
    key.iter().fold(0, spread)
}

/// The table of keys of `N` columns.
pub(super) struct FixedTable<const N: usize> {
    types: Vec<ArrowType>,
    table: HashTable<([i64; N], u32)>,
    /// Keys with NULL somewhere, where the value is 0 and a bit is set.
    nulls: FxHashMap<([i64; N], u8), u32>,
    /// By group with NULL somewhere: where.
    null_groups: FxHashMap<u32, u8>,
    /// By group.
    keys: Vec<[i64; N]>,
}

impl<const N: usize> FixedTable<N> {
    pub(super) fn new(types: &[DataType]) -> Self {
        Self {
            types: types.iter().map(|t| arrow_type(&t.logical)).collect(),
            table: HashTable::new(),
            nulls: FxHashMap::default(),
            null_groups: FxHashMap::default(),
            keys: Vec::new(),
        }
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
        let key = |row: usize| values.map(|values| values[row]);
        if columns.iter().all(|column| column.null_count() == 0) {
            groups.extend((0..rows).map(|row| self.group(key(row), numbers)));
            return Ok(());
        }
        let validity = columns.each_ref().map(|column| column.nulls());
        groups.extend((0..rows).map(|row| {
            let (mut key, mut nulls) = (key(row), 0);
            for (place, validity) in validity.iter().enumerate() {
                if validity.is_some_and(|validity| validity.is_null(row)) {
                    key[place] = 0;
                    nulls |= 1 << place;
                }
            }
            match nulls {
                0 => self.group(key, numbers),
                nulls => self.null_group(key, nulls, numbers),
            }
        }));
        Ok(())
    }

    #[inline]
    fn group(&mut self, key: [i64; N], numbers: &mut Numbers) -> u32 {
        let hashed = hash(&key);
        if let Some((_, group)) = self.table.find(hashed, |(k, _)| *k == key) {
            return *group;
        }
        let group = numbers.take();
        self.table.insert_unique(hashed, (key, group), |(k, _)| hash(k));
        put(&mut self.keys, group, key);
        group
    }

    fn null_group(&mut self, key: [i64; N], nulls: u8, numbers: &mut Numbers) -> u32 {
        let Self { null_groups, keys, .. } = self;
        *self.nulls.entry((key, nulls)).or_insert_with(|| {
            let group = numbers.take();
            put(keys, group, key);
            null_groups.insert(group, nulls);
            group
        })
    }

    pub(super) fn remove(&mut self, group: u32) {
        let key = self.keys[group as usize];
        if let Some(nulls) = self.null_groups.remove(&group) {
            self.nulls.remove(&(key, nulls));
        } else if let Ok(entry) = self.table.find_entry(hash(&key), |(k, _)| *k == key) {
            entry.remove();
        }
    }

    pub(super) fn columns(&self, groups: &[u32]) -> Result<Vec<ArrayRef>> {
        let nulls = |group: &u32| self.null_groups.get(group).copied().unwrap_or(0);
        let any_null = !self.null_groups.is_empty();
        let column = |(place, to): (usize, &ArrowType)| {
            let valid = |group: &u32| nulls(group) & (1 << place) == 0;
            let nulls = any_null.then(|| groups.iter().map(valid).collect::<Vec<_>>());
            let nulls = nulls.filter(|valid| valid.contains(&false)).map(NullBuffer::from);
            let values: Vec<i64> = groups.iter().map(|g| self.keys[*g as usize][place]).collect();
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
