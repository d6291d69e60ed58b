//! The rows that a join by event time holds of one input.

use arrow::array::ArrayRef;
use serde::{Deserialize, Serialize};

use crate::base::{RecordId, Result};
use crate::data::{Batch, RowKind, Schema};
use crate::operators::buffer::PORTION;
use crate::operators::join::pairs::Kept;
use crate::operators::row_codec::RowCodec;
use crate::operators::row_store::{Place, RowId, RowStore};

/// The rows of one input, by number.
pub(super) struct TimedSide {
    store: RowStore,
    codec: RowCodec,
    rows: Vec<Held>,
}

/// What is known of a row beside its columns.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Held {
    pub(super) time: i64,
    pub(super) kind: RowKind,
    /// Whether it found a partner.
    pub(super) paired: bool,
    #[serde(skip)]
    pub(super) id: Option<RecordId>,
}

/// A row as a checkpoint keeps it.
pub(super) type Saved = (Vec<u8>, Held);

impl TimedSide {
    pub(super) fn new(schema: &Schema) -> Result<Self> {
        let (store, codec) = (RowStore::new(schema), RowCodec::new(schema)?);
        Ok(Self { store, codec, rows: Vec::new() })
    }

    /// Holds the rows of a batch; their numbers.
    pub(super) fn hold(&mut self, batch: &Batch, times: &[i64]) -> Result<Vec<RowId>> {
        let held = |(row, time): (usize, &i64)| Held {
            time: *time,
            kind: batch.kind(row),
            paired: false,
            id: batch.ids().map(|ids| ids[row]),
        };
        self.put(batch, times.iter().enumerate().map(held))
    }

    fn put(&mut self, batch: &Batch, held: impl Iterator<Item = Held>) -> Result<Vec<RowId>> {
        self.store.arrive(batch);
        let mut numbers = Vec::with_capacity(batch.len());
        for (row, held) in held.enumerate() {
            let number = self.store.keep(row);
            match self.rows.get_mut(number as usize) {
                Some(place) => *place = held,
                None => self.rows.push(held),
            }
            numbers.push(number);
        }
        self.store.settle()?;
        Ok(numbers)
    }

    pub(super) fn row(&self, row: RowId) -> &Held {
        &self.rows[row as usize]
    }

    /// A row found a partner.
    pub(super) fn pair(&mut self, row: RowId) {
        self.rows[row as usize].paired = true;
    }

    /// Lets rows go.
    pub(super) fn release(&mut self, rows: impl Iterator<Item = RowId>) -> Result<()> {
        rows.for_each(|row| self.store.release(row));
        self.store.settle()
    }

    /// The rows of keys, as a checkpoint keeps them.
    pub(super) fn saved<'a>(
        &self,
        of_keys: impl Iterator<Item = &'a Vec<RowId>> + Clone,
    ) -> Result<Vec<Vec<Saved>>> {
        let rows: Vec<RowId> = of_keys.clone().flatten().copied().collect();
        let mut encoded = self.codec.encode(&self.store, &rows)?.into_iter();
        let of_key = |rows: &Vec<RowId>| {
            encoded.by_ref().zip(rows).map(|(bytes, row)| (bytes, *self.row(*row))).collect()
        };
        Ok(of_keys.map(of_key).collect())
    }

    /// Takes rows over from a checkpoint; their numbers.
    pub(super) fn restore<'a>(
        &mut self,
        of_keys: impl Iterator<Item = &'a Vec<Saved>> + Clone,
    ) -> Result<Vec<Vec<RowId>>> {
        let saved: Vec<&Saved> = of_keys.clone().flatten().collect();
        let mut numbers = Vec::with_capacity(saved.len());
        for saved in saved.chunks(PORTION) {
            let batch = self.codec.decode(saved.iter().map(|(bytes, _)| bytes.as_slice()))?;
            numbers.extend(self.put(&batch, saved.iter().map(|(_, held)| *held))?);
        }
        let mut numbers = numbers.into_iter();
        Ok(of_keys.map(|saved| numbers.by_ref().take(saved.len()).collect()).collect())
    }
}

impl Kept for TimedSide {
    fn columns(&self, rows: &[Option<RowId>], of: &[usize]) -> Result<Vec<ArrayRef>> {
        let place = |row: &Option<RowId>| row.map_or(Place::NOTHING, |row| self.store.place(row));
        self.store.some_columns(&rows.iter().map(place).collect::<Vec<_>>(), of)
    }

    fn id(&self, row: RowId) -> Option<RecordId> {
        self.row(row).id
    }
}
