//! Which group a row belongs to: keys to dense numbers, from 0, used again after removal.
//!
//! A few columns of whole numbers or moments, and one column of text, have tables of their own; every
//! other key goes through Arrow's row format. NULL is a key like any other, as in GROUP BY. Numbers
//! depend on the order of arrival alone, never on hashes.

mod fixed;
mod rows;
mod text;

use std::hash::Hasher;

use arrow::array::ArrayRef;
use rustc_hash::FxHasher;

use self::fixed::{FixedTable, is_fixed};
use self::rows::RowTable;
use self::text::TextTable;
use super::types::{DataType, LogicalType};
use crate::base::{Error, Result};

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
    One(Box<FixedTable<1>>),
    Two(Box<FixedTable<2>>),
    Three(Box<FixedTable<3>>),
    Text(TextTable),
    Rows(Box<RowTable>),
}

impl GroupIndex {
    /// An index over key columns of these types.
    ///
    /// Errors: `key-type` for what cannot be compared (a MAP).
    pub(crate) fn new(types: &[DataType]) -> Result<Self> {
        let fixed = types.iter().all(|t| is_fixed(&t.logical));
        let table = match types {
            [] => Table::Global(None),
            [_] if fixed => Table::One(Box::new(FixedTable::new(types))),
            [_, _] if fixed => Table::Two(Box::new(FixedTable::new(types))),
            [_, _, _] if fixed => Table::Three(Box::new(FixedTable::new(types))),
            [only] if matches!(only.logical, LogicalType::Char(_) | LogicalType::Varchar(_)) => {
                Table::Text(TextTable::default())
            }
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
            Table::One(table) => table.intern(columns, numbers, groups)?,
            Table::Two(table) => table.intern(columns, numbers, groups)?,
            Table::Three(table) => table.intern(columns, numbers, groups)?,
            Table::Text(table) => table.intern(&columns[0], numbers, groups),
            Table::Rows(table) => table.intern(columns, numbers, groups)?,
        }
        Ok(())
    }

    /// Forgets a key; its number is used again.
    pub(crate) fn remove(&mut self, group: u32) {
        match &mut self.table {
            Table::Global(only) => *only = None,
            Table::One(table) => table.remove(group),
            Table::Two(table) => table.remove(group),
            Table::Three(table) => table.remove(group),
            Table::Text(table) => table.remove(group),
            Table::Rows(table) => table.remove(group),
        }
        self.numbers.free.push(group);
    }

    /// Forgets those of these keys of which nothing is kept; which they were.
    pub(crate) fn remove_unused(
        &mut self,
        mut groups: Vec<u32>,
        is_unused: impl Fn(u32) -> bool,
    ) -> Vec<u32> {
        groups.sort_unstable();
        groups.dedup();
        groups.retain(|group| is_unused(*group));
        groups.iter().for_each(|group| self.remove(*group));
        groups
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
            Table::One(table) => table.columns(groups)?,
            Table::Two(table) => table.columns(groups)?,
            Table::Three(table) => table.columns(groups)?,
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

fn hash_bytes(bytes: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(bytes);
    hasher.finish()
}

fn key_type(error: arrow::error::ArrowError) -> Error {
    Error::new("key-type").arg("reason", error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Field, Row, Schema, Value, rows_to_batch};

    fn schema(types: &[LogicalType]) -> Schema {
        let field = |t: &LogicalType| Field::new("k", DataType::nullable(t.clone()));
        Schema::new(types.iter().map(field).collect())
    }

    fn index(types: &[LogicalType]) -> Result<GroupIndex> {
        let types: Vec<_> = schema(types).fields().iter().map(|f| f.data_type.clone()).collect();
        GroupIndex::new(&types)
    }

    fn columns(types: &[LogicalType], keys: &[Vec<Value>]) -> Vec<ArrayRef> {
        let rows: Vec<Row> = keys.iter().cloned().map(Row::insert).collect();
        rows_to_batch(&schema(types), &rows).unwrap().columns().to_vec()
    }

    #[test]
    fn numbers_follow_arrival_and_are_used_again() -> Result<()> {
        use LogicalType::{BigInt, Date, Int};
        const STRING: LogicalType = LogicalType::STRING;
        let (one, two) = (Value::BigInt(1), Value::BigInt(2));
        let moment = LogicalType::timestamp(3);
        let at = |millis| Value::Timestamp(millis, 0);
        let null = || Value::Null;
        let cases: [(&[LogicalType], [Vec<Value>; 3]); 7] = [
            (&[BigInt], [vec![two.clone()], vec![null()], vec![one.clone()]]),
            (&[Int], [vec![Value::Int(7)], vec![null()], vec![Value::Int(-7)]]),
            (&[Date], [vec![Value::Date(7)], vec![null()], vec![Value::Date(-7)]]),
            (&[STRING], [vec!["b".into()], vec![null()], vec!["".into()]]),
            (
                &[moment, BigInt],
                [vec![at(-1), null()], vec![null(), Value::BigInt(0)], vec![null(), null()]],
            ),
            (
                &[BigInt, STRING],
                [vec![two, "x".into()], vec![null(), "x".into()], vec![one.clone(), null()]],
            ),
            (
                &[BigInt, Int, BigInt],
                [
                    vec![one.clone(), Value::Int(1), one.clone()],
                    vec![one.clone(), Value::Int(1), null()],
                    vec![one.clone(), null(), one],
                ],
            ),
        ];
        for (types, [a, b, c]) in cases {
            let mut index = index(types)?;
            let mut groups = Vec::new();
            let first = columns(types, &[a.clone(), b.clone(), a.clone(), c.clone()]);
            index.intern(&first, 4, &mut groups)?;
            assert_eq!(groups, [0, 1, 0, 2], "{types:?}");
            assert_eq!(index.remove_unused(vec![1, 2, 1], |group| group == 1), [1]);
            assert_eq!(index.groups(), [0, 2], "{types:?}");
            index.intern(&columns(types, &[c.clone(), b.clone()]), 2, &mut groups)?;
            assert_eq!(groups, [2, 1], "{types:?}");
            let keys = index.columns(&[1, 0, 2])?;
            let expected = columns(types, &[b, a, c]);
            assert_eq!(format!("{keys:?}"), format!("{expected:?}"), "{types:?}");
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
