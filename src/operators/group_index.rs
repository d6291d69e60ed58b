//! Which group a row belongs to: keys to dense numbers, from 0, used again after removal.
//!
//! One integer or string column has a table of its own; every other key goes through Arrow's row
//! format. NULL is a key like any other, as in GROUP BY. Numbers depend on the order of arrival
//! alone, never on hashes.

use std::hash::Hasher;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int32Array, Int64Array, StringArray};
use arrow::datatypes::{Int32Type, Int64Type};
use arrow::row::{OwnedRow, RowConverter, SortField};
use hashbrown::HashTable;
use rustc_hash::FxHasher;

use crate::base::{Error, Result};
use crate::data::arrow::{arrow_type, null_array};
use crate::data::{DataType, LogicalType};

/// Keys and their groups.
pub(crate) struct GroupIndex {
    table: Table,
    numbers: Numbers,
}

/// Gives out group numbers.
#[derive(Default)]
struct Numbers {
    /// All numbers below are in use or in `free`.
    next: u32,
    free: Vec<u32>,
}

enum Table {
    /// No key: one group for all rows, once there was one.
    Global(Option<u32>),
    Integer(Box<IntegerTable>),
    Text(TextTable),
    Rows(Box<RowTable>),
}

impl GroupIndex {
    /// An index over key columns of these types.
    ///
    /// Errors: `key-type` for what cannot be compared (a MAP).
    pub(crate) fn new(types: &[DataType]) -> Result<Self> {
        let table = match types {
            [] => Table::Global(None),
            [only] => match &only.logical {
                LogicalType::BigInt | LogicalType::Int => {
                    Table::Integer(Box::new(IntegerTable::new(&only.logical)))
                }
                LogicalType::Char(_) | LogicalType::Varchar(_) => Table::Text(TextTable::default()),
                _ => Table::Rows(Box::new(RowTable::new(types)?)),
            },
            _ => Table::Rows(Box::new(RowTable::new(types)?)),
        };
        Ok(Self { table, numbers: Numbers::default() })
    }

    /// The number below which all groups are.
    pub(crate) fn capacity(&self) -> usize {
        self.numbers.next as usize
    }

    /// The group of each row, in `groups`; a key that was not there gets a number.
    pub(crate) fn intern(
        &mut self,
        columns: &[ArrayRef],
        rows: usize,
        groups: &mut Vec<u32>,
    ) -> Result<()> {
        groups.clear();
        groups.reserve(rows);
        let numbers = &mut self.numbers;
        match &mut self.table {
            Table::Global(group) if rows > 0 => {
                let group = *group.get_or_insert_with(|| numbers.take());
                groups.resize(rows, group);
            }
            Table::Global(_) => {}
            Table::Integer(table) => table.intern(&columns[0], numbers, groups),
            Table::Text(table) => table.intern(&columns[0], numbers, groups),
            Table::Rows(table) => table.intern(columns, numbers, groups)?,
        }
        Ok(())
    }

    /// Forgets a key; its number is used again.
    pub(crate) fn remove(&mut self, group: u32) {
        match &mut self.table {
            Table::Global(only) => *only = None,
            Table::Integer(table) => table.remove(group),
            Table::Text(table) => table.remove(group),
            Table::Rows(table) => table.remove(group),
        }
        self.numbers.free.push(group);
    }

    /// The groups in use, by number.
    pub(crate) fn groups(&self) -> Vec<u32> {
        let mut free = vec![false; self.capacity()];
        self.numbers.free.iter().for_each(|g| free[*g as usize] = true);
        (0..self.numbers.next).filter(|g| !free[*g as usize]).collect()
    }

    /// The key columns of these groups.
    pub(crate) fn columns(&self, groups: &[u32]) -> Result<Vec<ArrayRef>> {
        Ok(match &self.table {
            Table::Global(_) => Vec::new(),
            Table::Integer(table) => vec![table.column(groups)],
            Table::Text(table) => vec![table.column(groups)],
            Table::Rows(table) => table.columns(groups)?,
        })
    }
}

impl Numbers {
    fn take(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            self.next += 1;
            self.next - 1
        })
    }
}

/// Puts a value at the place of a group, which is at most one past the end.
fn put<T>(values: &mut Vec<T>, group: u32, value: T) {
    match values.get_mut(group as usize) {
        Some(place) => *place = value,
        None => values.push(value),
    }
}

/// One column of INT or BIGINT.
struct IntegerTable {
    logical: LogicalType,
    table: HashTable<(i64, u32)>,
    null: Option<u32>,
    /// By group; the NULL group holds any number.
    keys: Vec<i64>,
}

/// Spreads over all bits: `hashbrown` looks at the highest and the lowest.
#[inline]
fn hash_integer(key: i64) -> u64 {
    (key as u64).wrapping_mul(0xf135_7aea_2e62_a9c5).rotate_left(26)
}

impl IntegerTable {
    fn new(logical: &LogicalType) -> Self {
        Self { logical: logical.clone(), table: HashTable::new(), null: None, keys: Vec::new() }
    }

    fn intern(&mut self, column: &ArrayRef, numbers: &mut Numbers, groups: &mut Vec<u32>) {
        if let Some(array) = column.as_primitive_opt::<Int64Type>() {
            self.intern_keys(array, array.values().iter().copied(), numbers, groups);
        } else if let Some(array) = column.as_primitive_opt::<Int32Type>() {
            self.intern_keys(array, array.values().iter().map(|v| i64::from(*v)), numbers, groups);
        }
    }

    fn intern_keys(
        &mut self,
        array: &dyn Array,
        keys: impl Iterator<Item = i64>,
        numbers: &mut Numbers,
        groups: &mut Vec<u32>,
    ) {
        if array.null_count() == 0 {
            groups.extend(keys.map(|key| self.group(key, numbers)));
            return;
        }
        for (row, key) in keys.enumerate() {
            let group = match array.is_null(row) {
                true => self.null_group(numbers),
                false => self.group(key, numbers),
            };
            groups.push(group);
        }
    }

    #[inline]
    fn group(&mut self, key: i64, numbers: &mut Numbers) -> u32 {
        let hash = hash_integer(key);
        if let Some((_, group)) = self.table.find(hash, |(k, _)| *k == key) {
            return *group;
        }
        let group = numbers.take();
        self.table.insert_unique(hash, (key, group), |(k, _)| hash_integer(*k));
        put(&mut self.keys, group, key);
        group
    }

    fn null_group(&mut self, numbers: &mut Numbers) -> u32 {
        let keys = &mut self.keys;
        *self.null.get_or_insert_with(|| {
            let group = numbers.take();
            put(keys, group, 0);
            group
        })
    }

    fn remove(&mut self, group: u32) {
        if self.null == Some(group) {
            self.null = None;
            return;
        }
        let key = self.keys[group as usize];
        if let Ok(entry) = self.table.find_entry(hash_integer(key), |(k, _)| *k == key) {
            entry.remove();
        }
    }

    fn column(&self, groups: &[u32]) -> ArrayRef {
        let key = |g: &u32| (self.null != Some(*g)).then(|| self.keys[*g as usize]);
        match self.logical {
            LogicalType::Int => {
                Arc::new(groups.iter().map(|g| key(g).map(|k| k as i32)).collect::<Int32Array>())
            }
            _ => Arc::new(groups.iter().map(key).collect::<Int64Array>()),
        }
    }
}

fn hash_bytes(bytes: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(bytes);
    hasher.finish()
}

/// One column of CHAR or VARCHAR.
#[derive(Default)]
struct TextTable {
    table: HashTable<(u64, u32)>,
    null: Option<u32>,
    /// By group; the NULL group holds any text.
    keys: Vec<Box<str>>,
}

impl TextTable {
    fn intern(&mut self, column: &ArrayRef, numbers: &mut Numbers, groups: &mut Vec<u32>) {
        let Some(array) = column.as_string_opt::<i32>() else { return };
        for key in array.iter() {
            let group = match key {
                None => self.null_group(numbers),
                Some(key) => self.group(key, numbers),
            };
            groups.push(group);
        }
    }

    fn group(&mut self, key: &str, numbers: &mut Numbers) -> u32 {
        let hash = hash_bytes(key.as_bytes());
        let keys = &mut self.keys;
        let same = |(h, g): &(u64, u32)| *h == hash && *keys[*g as usize] == *key;
        if let Some((_, group)) = self.table.find(hash, same) {
            return *group;
        }
        let group = numbers.take();
        self.table.insert_unique(hash, (hash, group), |(h, _)| *h);
        put(keys, group, key.into());
        group
    }

    fn null_group(&mut self, numbers: &mut Numbers) -> u32 {
        let keys = &mut self.keys;
        *self.null.get_or_insert_with(|| {
            let group = numbers.take();
            put(keys, group, "".into());
            group
        })
    }

    fn remove(&mut self, group: u32) {
        if self.null == Some(group) {
            self.null = None;
            return;
        }
        let hash = hash_bytes(self.keys[group as usize].as_bytes());
        if let Ok(entry) = self.table.find_entry(hash, |(_, g)| *g == group) {
            entry.remove();
        }
    }

    fn column(&self, groups: &[u32]) -> ArrayRef {
        let key = |g: &u32| (self.null != Some(*g)).then(|| &*self.keys[*g as usize]);
        Arc::new(groups.iter().map(key).collect::<StringArray>())
    }
}

/// Any key, in Arrow's row format.
struct RowTable {
    types: Vec<LogicalType>,
    converter: RowConverter,
    table: HashTable<(u64, u32)>,
    /// By group.
    keys: Vec<OwnedRow>,
}

impl RowTable {
    fn new(types: &[DataType]) -> Result<Self> {
        let types: Vec<LogicalType> = types.iter().map(|t| t.logical.clone()).collect();
        let fields = types.iter().map(|t| SortField::new(arrow_type(t))).collect();
        let converter = RowConverter::new(fields).map_err(key_type)?;
        Ok(Self { types, converter, table: HashTable::new(), keys: Vec::new() })
    }

    fn intern(
        &mut self,
        columns: &[ArrayRef],
        numbers: &mut Numbers,
        groups: &mut Vec<u32>,
    ) -> Result<()> {
        let rows = self.converter.convert_columns(columns).map_err(key_type)?;
        for row in rows.iter() {
            let hash = hash_bytes(row.as_ref());
            let keys = &mut self.keys;
            let same = |(h, g): &(u64, u32)| *h == hash && keys[*g as usize].row() == row;
            if let Some((_, group)) = self.table.find(hash, same) {
                groups.push(*group);
                continue;
            }
            let group = numbers.take();
            self.table.insert_unique(hash, (hash, group), |(h, _)| *h);
            put(keys, group, row.owned());
            groups.push(group);
        }
        Ok(())
    }

    fn remove(&mut self, group: u32) {
        let hash = hash_bytes(self.keys[group as usize].row().as_ref());
        if let Ok(entry) = self.table.find_entry(hash, |(_, g)| *g == group) {
            entry.remove();
        }
    }

    fn columns(&self, groups: &[u32]) -> Result<Vec<ArrayRef>> {
        if groups.is_empty() {
            return Ok(self.types.iter().map(|t| null_array(t, 0)).collect());
        }
        let rows = groups.iter().map(|g| self.keys[*g as usize].row());
        self.converter.convert_rows(rows).map_err(key_type)
    }
}

fn key_type(error: arrow::error::ArrowError) -> Error {
    Error::new("key-type").arg("reason", error)
}

#[cfg(test)]
mod tests {
    use super::super::harness::schema;
    use super::*;
    use crate::data::{Row, Value, rows_to_batch};

    fn types(text: &str) -> Vec<DataType> {
        schema(text).fields().iter().map(|f| f.data_type.clone()).collect()
    }

    fn columns(text: &str, keys: &[Vec<Value>]) -> Vec<ArrayRef> {
        let rows: Vec<Row> = keys.iter().cloned().map(Row::insert).collect();
        rows_to_batch(&schema(text), &rows).unwrap().columns().to_vec()
    }

    #[test]
    fn numbers_follow_arrival_and_are_used_again() -> Result<()> {
        let (one, two) = (Value::BigInt(1), Value::BigInt(2));
        let cases: [(&str, [Vec<Value>; 3]); 4] = [
            ("k BIGINT", [vec![two.clone()], vec![Value::Null], vec![one.clone()]]),
            ("k INT", [vec![Value::Int(7)], vec![Value::Null], vec![Value::Int(-7)]]),
            ("k STRING", [vec!["b".into()], vec![Value::Null], vec!["".into()]]),
            (
                "k BIGINT, s STRING",
                [vec![two, "x".into()], vec![Value::Null, "x".into()], vec![one, Value::Null]],
            ),
        ];
        for (text, [a, b, c]) in cases {
            let mut index = GroupIndex::new(&types(text))?;
            let mut groups = Vec::new();
            let first = columns(text, &[a.clone(), b.clone(), a.clone(), c.clone()]);
            index.intern(&first, 4, &mut groups)?;
            assert_eq!(groups, [0, 1, 0, 2], "{text}");
            index.remove(1);
            assert_eq!(index.groups(), [0, 2], "{text}");
            index.intern(&columns(text, &[c.clone(), b.clone()]), 2, &mut groups)?;
            assert_eq!(groups, [2, 1], "{text}");
            let keys = index.columns(&[1, 0, 2])?;
            let expected = columns(text, &[b, a, c]);
            assert_eq!(format!("{keys:?}"), format!("{expected:?}"), "{text}");
        }
        Ok(())
    }

    #[test]
    fn no_key_is_one_group() -> Result<()> {
        let mut index = GroupIndex::new(&[])?;
        let mut groups = Vec::new();
        index.intern(&[], 0, &mut groups)?;
        assert_eq!(index.capacity(), 0);
        index.intern(&[], 3, &mut groups)?;
        assert_eq!((groups.as_slice(), index.capacity()), (&[0, 0, 0][..], 1));
        Ok(())
    }
}
