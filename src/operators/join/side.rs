//! The rows of one input of a streaming join, by key: how often each is there, and how many partners
//! it has.

use std::hash::Hasher;

use arrow::array::ArrayRef;
use arrow::row::{RowConverter, Rows, SortField};
use hashbrown::HashTable;
use rustc_hash::FxHasher;
use serde::{Deserialize, Serialize};

use super::pairs::Kept;
use crate::base::{RecordId, Result};
use crate::data::Schema;
use crate::data::arrow::arrow_type;
use crate::expr::kernel_error;

/// The rows of one input.
pub(super) struct Side {
    converter: RowConverter,
    /// A row of NULLs: what stands in for a missing partner.
    missing: Box<[u8]>,
    rows: Vec<Stored>,
    free: Vec<u32>,
    /// Where each row is, by the hash of its key and bytes: of a key with many rows none has to be
    /// looked through.
    places: HashTable<(u64, u32)>,
    /// By the number of a key, in the order of arrival.
    keys: Vec<Vec<u32>>,
}

/// One row, however often it is there.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Stored {
    bytes: Box<[u8]>,
    /// How often it is there.
    pub count: u32,
    /// How many rows of the other input match it; kept where somebody asks.
    pub partners: u32,
    /// Its last arrival, for the trace.
    #[serde(skip)]
    pub id: Option<RecordId>,
}

impl Side {
    pub(super) fn new(schema: &Schema) -> Result<Self> {
        let types = schema.fields().iter().map(|f| arrow_type(&f.data_type.logical));
        let fields = types.clone().map(SortField::new).collect();
        let converter = RowConverter::new(fields).map_err(kernel_error)?;
        let nulls: Vec<ArrayRef> = types.map(|t| arrow::array::new_null_array(&t, 1)).collect();
        let missing = converter.convert_columns(&nulls).map_err(kernel_error)?;
        let missing = missing.row(0).as_ref().into();
        Ok(Self {
            converter,
            missing,
            rows: Vec::new(),
            free: Vec::new(),
            places: HashTable::new(),
            keys: Vec::new(),
        })
    }

    /// Makes room for keys with numbers below `count`.
    pub(super) fn grow(&mut self, count: usize) {
        self.keys.resize_with(count.max(self.keys.len()), Vec::new);
    }

    /// The rows of a batch in the form in which they are kept.
    pub(super) fn encode(&self, columns: &[ArrayRef]) -> Result<Rows> {
        self.converter.convert_columns(columns).map_err(kernel_error)
    }

    /// The rows with a key.
    pub(super) fn with_key(&self, key: u32) -> &[u32] {
        &self.keys[key as usize]
    }

    pub(super) fn row(&self, row: u32) -> &Stored {
        &self.rows[row as usize]
    }

    pub(super) fn row_mut(&mut self, row: u32) -> &mut Stored {
        &mut self.rows[row as usize]
    }

    /// Adds a row, or counts it once more.
    pub(super) fn add(&mut self, key: u32, bytes: &[u8], partners: u32, id: Option<RecordId>) {
        let hash = hash(key, bytes);
        if let Some(row) = self.find(hash, bytes) {
            let stored = self.row_mut(row);
            (stored.count, stored.partners, stored.id) = (stored.count + 1, partners, id);
            return;
        }
        self.put(key, hash, Stored { bytes: bytes.into(), count: 1, partners, id });
    }

    fn put(&mut self, key: u32, hash: u64, stored: Stored) {
        let row = match self.free.pop() {
            Some(row) => {
                self.rows[row as usize] = stored;
                row
            }
            None => {
                self.rows.push(stored);
                (self.rows.len() - 1) as u32
            }
        };
        self.keys[key as usize].push(row);
        self.places.insert_unique(hash, (hash, row), |(hash, _)| *hash);
    }

    /// Takes a row away once; what is not there stays away.
    pub(super) fn take_away(&mut self, key: u32, bytes: &[u8]) {
        let hash = hash(key, bytes);
        let Some(row) = self.find(hash, bytes) else { return };
        let stored = self.row_mut(row);
        stored.count -= 1;
        if stored.count == 0 {
            *stored = Stored::default();
            self.keys[key as usize].retain(|r| *r != row);
            self.free.push(row);
            if let Ok(place) = self.places.find_entry(hash, |(_, r)| *r == row) {
                place.remove();
            }
        }
    }

    /// A row with a key, which is among its columns.
    fn find(&self, hash: u64, bytes: &[u8]) -> Option<u32> {
        let same = |(h, row): &(u64, u32)| *h == hash && *self.row(*row).bytes == *bytes;
        self.places.find(hash, same).map(|(_, row)| *row)
    }

    /// All that is kept under a key.
    pub(super) fn saved(&self, key: u32) -> Vec<Stored> {
        self.with_key(key).iter().map(|row| self.row(*row).clone()).collect()
    }

    /// Takes over what was kept under a key.
    pub(super) fn restore(&mut self, key: u32, rows: Vec<Stored>) {
        for stored in rows {
            let hash = hash(key, &stored.bytes);
            self.put(key, hash, stored);
        }
    }
}

/// Spreads the hash over all bits.
fn hash(key: u32, bytes: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u32(key);
    hasher.write(bytes);
    hasher.finish()
}

impl Kept for Side {
    fn columns(&self, rows: &[Option<u32>]) -> Result<Vec<ArrayRef>> {
        let parser = self.converter.parser();
        let bytes = |row: &Option<u32>| match row {
            Some(row) => &*self.row(*row).bytes,
            None => &*self.missing,
        };
        let rows = rows.iter().map(|row| parser.parse(bytes(row)));
        self.converter.convert_rows(rows).map_err(kernel_error)
    }
}
