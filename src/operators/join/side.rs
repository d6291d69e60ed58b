//! The rows of one input of a streaming join, by key: how often each is there, and how many partners
//! it has.

use arrow::array::ArrayRef;
use hashbrown::HashTable;
use serde::{Deserialize, Serialize};

use super::pairs::Kept;
use crate::base::{RecordId, Result};
use crate::data::{Batch, Schema};
use crate::operators::buffer::PORTION;
use crate::operators::row_codec::RowCodec;
use crate::operators::row_equality::hash_rows;
use crate::operators::row_store::{Place, RowId, RowStore};
use crate::operators::ttl::Ttl;

/// The rows of one input.
pub(super) struct Side {
    schema: Schema,
    /// The columns that name a row; a row that comes takes the place of one with its name. `None`: all
    /// columns, and equal rows are counted.
    names: Option<Vec<usize>>,
    store: RowStore,
    /// By the number of a row.
    rows: Vec<Stored>,
    /// Where each row is, by the hash of its key and name: of a key with many rows none has to be
    /// looked through.
    places: HashTable<(u64, RowId)>,
    /// By the number of a key, in the order of arrival.
    keys: Vec<Vec<RowId>>,
    /// Of keys and their rows: each row expires on its own, as an entry of Flink's `MapState`.
    ttl: Ttl<(u32, RowId)>,
}

/// What is known of one row, however often it is there.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Stored {
    /// How often it is there.
    pub count: u32,
    /// How many rows of the other input match it; kept where somebody asks. Below 0 if rows went that
    /// came before it, and had expired.
    pub partners: i32,
    /// Its last arrival, for the trace.
    #[serde(skip)]
    pub id: Option<RecordId>,
}

/// A row as a checkpoint keeps it: in Arrow's row format, and when it was written if rows expire.
pub(super) type Saved = (Vec<u8>, Stored, Option<i64>);

impl Side {
    pub(super) fn new(schema: &Schema, names: Option<Vec<usize>>, ttl: i64) -> Self {
        Self {
            schema: schema.clone(),
            names,
            store: RowStore::new(schema),
            rows: Vec::new(),
            places: HashTable::new(),
            keys: Vec::new(),
            ttl: Ttl::new(ttl),
        }
    }

    /// Makes room for keys with numbers below `count`.
    pub(super) fn grow(&mut self, count: usize) {
        self.keys.resize_with(count.max(self.keys.len()), Vec::new);
    }

    /// The rows with a key.
    pub(super) fn with_key(&self, key: u32) -> &[RowId] {
        &self.keys[key as usize]
    }

    pub(super) fn row(&self, row: RowId) -> &Stored {
        &self.rows[row as usize]
    }

    pub(super) fn row_mut(&mut self, row: RowId) -> &mut Stored {
        &mut self.rows[row as usize]
    }

    /// Rows arrive, to be added or taken away one by one, and then settled.
    pub(super) fn arrive(&mut self, batch: &Batch) {
        self.store.arrive(batch);
    }

    /// The rows that arrived have all been added or taken away.
    pub(super) fn settle(&mut self) -> Result<()> {
        self.store.settle()
    }

    /// A row was written.
    pub(super) fn write(&mut self, key: u32, row: RowId, now: i64) {
        self.ttl.write((key, row), now);
    }

    /// Lets rows go whose time is over; the keys that they had.
    pub(super) fn expire(&mut self, now: i64) -> Result<Vec<u32>> {
        let due: Vec<(u32, RowId)> =
            std::iter::from_fn(|| self.ttl.due(now)).map(|(_, row)| row).collect();
        for due in due.chunks(PORTION) {
            let places: Vec<Place> = due.iter().map(|(_, row)| self.store.place(*row)).collect();
            let keys: Vec<u32> = due.iter().map(|(key, _)| *key).collect();
            let hashes = self.hashes(&self.store.columns(&places)?, &keys)?;
            due.iter().zip(hashes).for_each(|((key, row), hash)| self.drop_row(*key, hash, *row));
        }
        self.store.settle()?;
        Ok(due.into_iter().map(|(key, _)| key).collect())
    }

    /// A hash of each row by its key and name.
    pub(super) fn hashes(&self, columns: &[ArrayRef], keys: &[u32]) -> Result<Vec<u64>> {
        match &self.names {
            None => hash_rows(columns, keys),
            Some(names) => {
                let named: Vec<ArrayRef> = names.iter().map(|c| columns[*c].clone()).collect();
                hash_rows(&named, keys)
            }
        }
    }

    /// Adds a row that arrived, counts it once more or puts it in the place of the one with its name;
    /// `hash` is that of its key and name.
    pub(super) fn add(
        &mut self,
        key: u32,
        hash: u64,
        row: usize,
        partners: i32,
        id: Option<RecordId>,
    ) -> RowId {
        match self.find(hash, row) {
            Some(before) if self.names.is_some() => {
                self.drop_row(key, hash, before);
                self.ttl.forget((key, before));
            }
            Some(row) => {
                let stored = self.row_mut(row);
                (stored.count, stored.partners, stored.id) = (stored.count + 1, partners, id);
                return row;
            }
            None => {}
        }
        self.put(key, hash, row, Stored { count: 1, partners, id })
    }

    fn put(&mut self, key: u32, hash: u64, row: usize, stored: Stored) -> RowId {
        let row = self.store.keep(row);
        match self.rows.get_mut(row as usize) {
            Some(place) => *place = stored,
            None => self.rows.push(stored),
        }
        self.keys[key as usize].push(row);
        self.places.insert_unique(hash, (hash, row), |(hash, _)| *hash);
        row
    }

    /// Takes a row away that equals one that arrived, once; the row if more of it stay. What is not
    /// there stays away.
    pub(super) fn take_away(&mut self, key: u32, hash: u64, row: usize) -> Option<RowId> {
        let row = self.find(hash, row)?;
        let stored = self.row_mut(row);
        stored.count -= 1;
        if stored.count > 0 {
            return Some(row);
        }
        self.drop_row(key, hash, row);
        self.ttl.forget((key, row));
        None
    }

    fn drop_row(&mut self, key: u32, hash: u64, row: RowId) {
        self.store.release(row);
        self.keys[key as usize].retain(|r| *r != row);
        if let Ok(place) = self.places.find_entry(hash, |(_, r)| *r == row) {
            place.remove();
        }
    }

    /// The kept row with the name of one that arrived; its key is among its columns.
    fn find(&self, hash: u64, row: usize) -> Option<RowId> {
        let arrived = self.store.arrived(row);
        let same = |(h, kept): &(u64, RowId)| {
            let kept = self.store.place(*kept);
            *h == hash
                && match &self.names {
                    None => self.store.equal(kept, arrived),
                    Some(names) => self.store.equal_in(names.iter().copied(), kept, arrived),
                }
        };
        self.places.find(hash, same).map(|(_, row)| *row)
    }

    /// All that is kept, key by key.
    pub(super) fn saved(&self, keys: &[u32]) -> Result<Vec<Vec<Saved>>> {
        let rows: Vec<RowId> = keys.iter().flat_map(|key| self.with_key(*key)).copied().collect();
        let encoded = RowCodec::new(&self.schema)?.encode(&self.store, &rows)?;
        let mut encoded = encoded.into_iter();
        let mut of_key = |key: &u32| {
            let rows = self.with_key(*key).iter();
            let saved = rows
                .zip(encoded.by_ref())
                .map(|(row, bytes)| (bytes, *self.row(*row), self.ttl.written((*key, *row))));
            saved.collect()
        };
        Ok(keys.iter().map(&mut of_key).collect())
    }

    /// Takes over what was kept of keys.
    pub(super) fn restore(&mut self, keys: &[u32], saved: &[Vec<Saved>], now: i64) -> Result<()> {
        let codec = RowCodec::new(&self.schema)?;
        let rows: Vec<(u32, &Saved)> = keys
            .iter()
            .zip(saved)
            .flat_map(|(key, rows)| rows.iter().map(|row| (*key, row)))
            .collect();
        for rows in rows.chunks(PORTION) {
            let batch = codec.decode(rows.iter().map(|(_, saved)| saved.0.as_slice()))?;
            let keys: Vec<u32> = rows.iter().map(|(key, _)| *key).collect();
            let hashes = self.hashes(batch.columns(), &keys)?;
            self.arrive(&batch);
            for (row, (key, (_, stored, written))) in rows.iter().enumerate() {
                let row = self.put(*key, hashes[row], row, *stored);
                self.ttl.restore((*key, row), *written, now);
            }
            self.settle()?;
        }
        Ok(())
    }
}

impl Kept for Side {
    fn columns(&self, rows: &[Option<u32>], of: &[usize]) -> Result<Vec<ArrayRef>> {
        let place = |row: &Option<RowId>| row.map_or(Place::NOTHING, |row| self.store.place(row));
        self.store.some_columns(&rows.iter().map(place).collect::<Vec<_>>(), of)
    }

    fn id(&self, row: RowId) -> Option<RecordId> {
        self.row(row).id
    }
}
