//! Keys of any columns, in Arrow's row format.

use arrow::array::ArrayRef;
use arrow::row::{OwnedRow, RowConverter, SortField};
use hashbrown::HashTable;

use super::{Numbers, hash_bytes, key_type, put};
use crate::base::Result;
use crate::data::arrow::{arrow_type, null_array};
use crate::data::{DataType, LogicalType};

/// Any key, in Arrow's row format.
pub(super) struct RowTable {
    types: Vec<LogicalType>,
    converter: RowConverter,
    table: HashTable<(u64, u32)>,
    /// By group.
    keys: Vec<OwnedRow>,
}

impl RowTable {
    pub(super) fn new(types: &[DataType]) -> Result<Self> {
        let types: Vec<LogicalType> = types.iter().map(|t| t.logical.clone()).collect();
        let fields = types.iter().map(|t| SortField::new(arrow_type(t))).collect();
        let converter = RowConverter::new(fields).map_err(key_type)?;
        Ok(Self { types, converter, table: HashTable::new(), keys: Vec::new() })
    }

    pub(super) fn intern(
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

    pub(super) fn remove(&mut self, group: u32) {
        let hash = hash_bytes(self.keys[group as usize].row().as_ref());
        if let Ok(entry) = self.table.find_entry(hash, |(_, g)| *g == group) {
            entry.remove();
        }
    }

    pub(super) fn columns(&self, groups: &[u32]) -> Result<Vec<ArrayRef>> {
        if groups.is_empty() {
            return Ok(self.types.iter().map(|t| null_array(t, 0)).collect());
        }
        let rows = groups.iter().map(|g| self.keys[*g as usize].row());
        self.converter.convert_rows(rows).map_err(key_type)
    }
}
