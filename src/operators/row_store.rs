//! Rows that an operator keeps, as the columns in which they came.
//!
//! A batch arrives and its rows are kept, or not, one by one; what is kept has a number ([`RowId`]) that
//! stays the same until it is released. Nothing is encoded: a kept row is a place in a chunk of columns,
//! and what goes out is gathered from there. Chunks that are small, or of which much was released, are
//! written together, so that what is held is never much more than what is kept.

use arrow::array::{Array, ArrayRef, UInt32Array};
use arrow::compute;

use super::row_equality::same_value;
use crate::base::Result;
use crate::data::arrow::null_array;
use crate::data::{Batch, Schema};
use crate::expr::kernel_error;

/// The number of a kept row.
pub(crate) type RowId = u32;

/// Where a row is, until [`RowStore::settle`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    chunk: u32,
    row: u32,
}

impl Place {
    /// A row of NULLs.
    pub(crate) const NOTHING: Self = Self { chunk: 0, row: 0 };
}

/// Chunks with fewer rows are written together.
const SMALL: usize = 1_024;
/// Rows that a chunk holds which was written together.
const CHUNK: usize = 4_096;
/// Nobody keeps this row of a chunk.
const NOBODY: RowId = RowId::MAX;

/// The rows.
pub(crate) struct RowStore {
    /// The first is the row of NULLs.
    chunks: Vec<Chunk>,
    free_chunks: Vec<u32>,
    /// By number.
    rows: Vec<Place>,
    free: Vec<RowId>,
    /// The chunk that arrived last.
    arrived: Option<u32>,
    /// Chunks whose last row was released.
    emptied: Vec<u32>,
    /// Small chunks, each at least twice as long as the next.
    small: Vec<u32>,
    kept: usize,
    /// Rows of settled chunks that nobody keeps.
    dead: usize,
}

#[derive(Default)]
struct Chunk {
    columns: Vec<ArrayRef>,
    /// Who keeps each row.
    owners: Vec<RowId>,
    kept: usize,
}

impl RowStore {
    /// A store for rows of these columns.
    pub(crate) fn new(schema: &Schema) -> Self {
        let nulls = schema.fields().iter().map(|f| null_array(&f.data_type.logical, 1));
        let nothing = Chunk { columns: nulls.collect(), owners: vec![NOBODY], kept: 1 };
        Self {
            chunks: vec![nothing],
            free_chunks: Vec::new(),
            rows: Vec::new(),
            free: Vec::new(),
            arrived: None,
            emptied: Vec::new(),
            small: Vec::new(),
            kept: 0,
            dead: 0,
        }
    }

    /// Rows arrive, of which none is kept yet.
    pub(crate) fn arrive(&mut self, batch: &Batch) {
        let owners = vec![NOBODY; batch.len()];
        let chunk = Chunk { columns: batch.columns().to_vec(), owners, kept: 0 };
        self.arrived = Some(self.put(chunk));
    }

    fn put(&mut self, chunk: Chunk) -> u32 {
        match self.free_chunks.pop() {
            Some(number) => {
                self.chunks[number as usize] = chunk;
                number
            }
            None => {
                self.chunks.push(chunk);
                self.chunks.len() as u32 - 1
            }
        }
    }

    /// Where a row of the batch that arrived is.
    pub(crate) fn arrived(&self, row: usize) -> Place {
        Place { chunk: self.arrived.unwrap_or_default(), row: row as u32 }
    }

    /// Keeps a row of the batch that arrived.
    pub(crate) fn keep(&mut self, row: usize) -> RowId {
        let place = self.arrived(row);
        let id = match self.free.pop() {
            Some(id) => {
                self.rows[id as usize] = place;
                id
            }
            None => {
                self.rows.push(place);
                self.rows.len() as u32 - 1
            }
        };
        let chunk = &mut self.chunks[place.chunk as usize];
        chunk.owners[row] = id;
        chunk.kept += 1;
        self.kept += 1;
        id
    }

    /// Lets a row go. Its place is good until the store settles; its number may be given again.
    pub(crate) fn release(&mut self, id: RowId) {
        let place = self.place(id);
        let chunk = &mut self.chunks[place.chunk as usize];
        chunk.owners[place.row as usize] = NOBODY;
        chunk.kept -= 1;
        self.kept -= 1;
        self.free.push(id);
        if self.arrived != Some(place.chunk) {
            self.dead += 1;
            if chunk.kept == 0 {
                self.emptied.push(place.chunk);
            }
        }
    }

    /// Where a kept row is.
    pub(crate) fn place(&self, id: RowId) -> Place {
        self.rows[id as usize]
    }

    /// The columns of rows.
    pub(crate) fn columns(&self, places: &[Place]) -> Result<Vec<ArrayRef>> {
        let all: Vec<usize> = (0..self.chunks[0].columns.len()).collect();
        self.some_columns(places, &all)
    }

    /// Some of the columns of rows.
    pub(crate) fn some_columns(&self, places: &[Place], of: &[usize]) -> Result<Vec<ArrayRef>> {
        let Some(first) = places.first() else {
            return Ok(of.iter().map(|c| self.chunks[0].columns[*c].slice(0, 0)).collect());
        };
        if places.iter().all(|place| place.chunk == first.chunk) {
            let chunk = &self.chunks[first.chunk as usize];
            let in_order = places.iter().enumerate().all(|(n, place)| place.row == n as u32);
            if places.len() == chunk.owners.len() && in_order {
                return Ok(of.iter().map(|c| chunk.columns[*c].clone()).collect());
            }
            let rows = UInt32Array::from_iter_values(places.iter().map(|place| place.row));
            let columns = of.iter().map(|c| compute::take(&chunk.columns[*c], &rows, None));
            return columns.collect::<Result<_, _>>().map_err(kernel_error);
        }
        let mut sources: Vec<u32> = places.iter().map(|place| place.chunk).collect();
        sources.sort_unstable();
        sources.dedup();
        let mut source_of = vec![0; self.chunks.len()];
        sources.iter().enumerate().for_each(|(n, chunk)| source_of[*chunk as usize] = n);
        let at = |place: &Place| (source_of[place.chunk as usize], place.row as usize);
        let rows: Vec<(usize, usize)> = places.iter().map(at).collect();
        let column = |c: &usize| {
            let arrays = sources.iter().map(|s| self.chunks[*s as usize].columns[*c].as_ref());
            let arrays: Vec<&dyn Array> = arrays.collect();
            compute::interleave(&arrays, &rows).map_err(kernel_error)
        };
        of.iter().map(column).collect()
    }

    /// Whether two rows are equal in some of their columns.
    pub(crate) fn equal_in(
        &self,
        columns: impl IntoIterator<Item = usize>,
        a: Place,
        b: Place,
    ) -> bool {
        let column = |place: Place, c: usize| &self.chunks[place.chunk as usize].columns[c];
        let mut columns = columns.into_iter();
        columns.all(|c| same_value(column(a, c), a.row as usize, column(b, c), b.row as usize))
    }

    /// Whether two rows are equal.
    pub(crate) fn equal(&self, a: Place, b: Place) -> bool {
        self.equal_in(0..self.chunks[0].columns.len(), a, b)
    }

    /// Forgets what arrived and was not kept. Rows may move: places from before are not good any more.
    pub(crate) fn settle(&mut self) -> Result<()> {
        for chunk in std::mem::take(&mut self.emptied) {
            self.dead -= self.forget(chunk);
        }
        if let Some(chunk) = self.arrived.take() {
            self.settle_arrived(chunk)?;
        }
        if self.dead > self.kept.max(CHUNK) {
            let sparse = |chunk: &Chunk| chunk.kept < chunk.owners.len();
            let sparse: Vec<u32> =
                (1..).zip(&self.chunks[1..]).filter(|(_, c)| sparse(c)).map(|(n, _)| n).collect();
            self.write_together(&sparse)?;
        }
        Ok(())
    }

    fn settle_arrived(&mut self, number: u32) -> Result<()> {
        let chunk = &self.chunks[number as usize];
        let (kept, rows) = (chunk.kept, chunk.owners.len());
        if kept == 0 {
            self.forget(number);
            return Ok(());
        }
        self.dead += rows - kept;
        let number = match kept * 2 <= rows {
            true => self.write_together(&[number])?,
            false => Some(number),
        };
        let Some(mut last) = number.filter(|n| self.len(*n) < SMALL) else { return Ok(()) };
        while let Some(before) = self.small.last().copied() {
            if self.len(before) >= 2 * self.len(last) {
                break;
            }
            self.small.pop();
            match self.write_together(&[before, last])? {
                Some(together) => last = together,
                None => return Ok(()),
            }
        }
        if self.len(last) < SMALL {
            self.small.push(last);
        }
        Ok(())
    }

    fn len(&self, chunk: u32) -> usize {
        self.chunks[chunk as usize].owners.len()
    }

    /// Forgets a chunk; how many rows it had.
    fn forget(&mut self, chunk: u32) -> usize {
        self.small.retain(|small| *small != chunk);
        self.free_chunks.push(chunk);
        std::mem::take(&mut self.chunks[chunk as usize]).owners.len()
    }

    /// Writes the kept rows of chunks into new ones; the last of these.
    fn write_together(&mut self, numbers: &[u32]) -> Result<Option<u32>> {
        let owners = numbers.iter().flat_map(|n| &self.chunks[*n as usize].owners);
        let owners: Vec<RowId> = owners.copied().filter(|owner| *owner != NOBODY).collect();
        let mut written = Vec::new();
        for owners in owners.chunks(CHUNK) {
            let places: Vec<Place> = owners.iter().map(|id| self.place(*id)).collect();
            let columns = self.columns(&places)?;
            written.push(Chunk { columns, owners: owners.to_vec(), kept: owners.len() });
        }
        for number in numbers {
            let kept = self.chunks[*number as usize].kept;
            self.dead -= self.forget(*number) - kept;
        }
        let mut last = None;
        for chunk in written {
            let number = self.put(chunk);
            for (row, owner) in self.chunks[number as usize].owners.iter().enumerate() {
                self.rows[*owner as usize] = Place { chunk: number, row: row as u32 };
            }
            last = Some(number);
        }
        Ok(last)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::harness::schema;
    use super::*;
    use crate::data::{Row, Value, rows_to_batch};

    fn batch(values: std::ops::Range<usize>) -> Batch {
        let row =
            |n: usize| Row::insert(vec![Value::Int(n as i32), format!("text {n}").as_str().into()]);
        rows_to_batch(&schema("n INT, t STRING"), &values.map(row).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn a_missing_row_is_null() -> Result<()> {
        let mut store = RowStore::new(&schema("n INT, t STRING"));
        store.arrive(&batch(0..2));
        let kept = store.keep(1);
        store.settle()?;
        let places = [Place::NOTHING, store.place(kept)];
        let found = Batch::new(store.columns(&places)?, 2);
        let rows: Vec<_> = found.rows(&schema("n INT, t STRING")).map(|row| row.fields).collect();
        assert_eq!(rows[0], [Value::Null, Value::Null]);
        assert_eq!(rows[1], [Value::Int(1), "text 1".into()]);
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        /// Whatever comes and goes: a kept row stays what it was, and little more is held than is kept.
        #[test]
        fn kept_rows_stay(
            batches in prop::collection::vec((1usize..3000, 1usize..40, 0usize..4000), 1..12),
        ) {
            let mut store = RowStore::new(&schema("n INT, t STRING"));
            let (mut kept, mut next): (Vec<(RowId, usize)>, usize) = (Vec::new(), 0);
            for (rows, each, gone) in batches {
                store.arrive(&batch(next..next + rows));
                kept.extend((0..rows).step_by(each).map(|row| (store.keep(row), next + row)));
                for _ in 0..gone.min(kept.len()) {
                    let (id, _) = kept.swap_remove(gone % kept.len());
                    store.release(id);
                }
                store.settle().unwrap();
                next += rows;
                let places: Vec<Place> = kept.iter().map(|(id, _)| store.place(*id)).collect();
                let found = store.columns(&places).unwrap();
                let numbers: Vec<i32> = kept.iter().map(|(_, n)| *n as i32).collect();
                prop_assert_eq!(found[0].to_data(), arrow::array::Int32Array::from(numbers).to_data());
                let texts: Vec<String> = kept.iter().map(|(_, n)| format!("text {n}")).collect();
                prop_assert_eq!(found[1].to_data(), arrow::array::StringArray::from(texts).to_data());
                let held: usize = store.chunks[1..].iter().map(|c| c.owners.len()).sum();
                prop_assert!(held <= 2 * kept.len() + CHUNK, "{} for {}", held, kept.len());
            }
        }
    }
}
