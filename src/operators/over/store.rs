//! Rows that wait or are looked back at, as columns, each held as long as somebody refers to it.

use arrow::array::Array;
use arrow::compute::interleave;

use crate::base::{Error, RecordId, Result};
use crate::data::Batch;

/// A row: its chunk and its position there.
pub(super) type RowRef = (u32, u32);

/// Chunks of rows, and how many references there are into each.
#[derive(Default)]
pub(super) struct RowStore {
    chunks: Vec<Option<(Batch, usize)>>,
    free: Vec<u32>,
}

impl RowStore {
    /// Takes rows that are all `+I`; nobody refers to them yet.
    pub(super) fn push(&mut self, batch: Batch) -> u32 {
        match self.free.pop() {
            Some(chunk) => {
                self.chunks[chunk as usize] = Some((batch, 0));
                chunk
            }
            None => {
                self.chunks.push(Some((batch, 0)));
                self.chunks.len() as u32 - 1
            }
        }
    }

    /// One more refers to a row.
    pub(super) fn hold(&mut self, row: RowRef) {
        if let Some((_, references)) = &mut self.chunks[row.0 as usize] {
            *references += 1;
        }
    }

    /// One less refers to a row; its chunk goes with the last reference into it.
    pub(super) fn release(&mut self, row: RowRef) {
        if let Some((_, references)) = &mut self.chunks[row.0 as usize] {
            *references -= 1;
        }
        self.forget(row.0);
    }

    /// Forgets a chunk that nobody refers to.
    pub(super) fn forget(&mut self, chunk: u32) {
        let place = &mut self.chunks[chunk as usize];
        if place.as_ref().is_some_and(|(_, references)| *references == 0) {
            *place = None;
            self.free.push(chunk);
        }
    }

    /// These rows as one batch of so many columns.
    pub(super) fn gather(&self, rows: &[RowRef], width: usize) -> Result<Batch> {
        let mut sources: Vec<&Batch> = Vec::new();
        let mut place: Vec<Option<usize>> = vec![None; self.chunks.len()];
        let mut positions = Vec::with_capacity(rows.len());
        for (chunk, row) in rows {
            let Some((batch, _)) = &self.chunks[*chunk as usize] else {
                return Err(Error::new("column-not-made").arg("reason", "a row is gone"));
            };
            let source = *place[*chunk as usize].get_or_insert_with(|| {
                sources.push(batch);
                sources.len() - 1
            });
            positions.push((source, *row as usize));
        }
        let column = |c: usize| {
            let arrays: Vec<&dyn Array> = sources.iter().map(|b| b.column(c).as_ref()).collect();
            let made = interleave(&arrays, &positions);
            made.map_err(|e| Error::new("column-not-made").arg("reason", e))
        };
        let columns = if rows.is_empty() {
            Vec::new()
        } else {
            (0..width).map(column).collect::<Result<_>>()?
        };
        let id = |(source, row): &(usize, usize)| sources[*source].ids().map(|ids| ids[*row]);
        let ids: Option<Vec<RecordId>> = positions.iter().map(id).collect();
        Ok(Batch::new(columns, rows.len()).with_ids(ids.map(Into::into)))
    }
}
