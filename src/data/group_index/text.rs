//! Keys of one column of CHAR or VARCHAR.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, StringArray};
use hashbrown::HashTable;

use super::{Numbers, hash_bytes, put};

/// One column of CHAR or VARCHAR.
#[derive(Default)]
pub(super) struct TextTable {
    table: HashTable<(u64, u32)>,
    null: Option<u32>,
    /// By group; the NULL group holds any text.
    keys: Vec<Box<str>>,
}

impl TextTable {
    pub(super) fn intern(
        &mut self,
        column: &ArrayRef,
        numbers: &mut Numbers,
        groups: &mut Vec<u32>,
    ) {
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

    pub(super) fn remove(&mut self, group: u32) {
        if self.null == Some(group) {
            self.null = None;
            return;
        }
        let hash = hash_bytes(self.keys[group as usize].as_bytes());
        if let Ok(entry) = self.table.find_entry(hash, |(_, g)| *g == group) {
            entry.remove();
        }
    }

    pub(super) fn column(&self, groups: &[u32]) -> ArrayRef {
        let key = |g: &u32| (self.null != Some(*g)).then(|| &*self.keys[*g as usize]);
        Arc::new(groups.iter().map(key).collect::<StringArray>())
    }
}
