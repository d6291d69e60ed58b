//! Which folder a row goes to.

use std::collections::BTreeMap;

use arrow::array::UInt32Array;

use super::partition::Partitions;
use crate::base::Result;
use crate::data::select::take;
use crate::data::{Batch, Schema, Value, value_at};

/// The columns of a sink, parted into those of the file and those of the folder.
pub(super) struct Buckets {
    partitions: Partitions,
    /// The positions of the partition columns.
    keys: Vec<usize>,
    /// The positions of the columns in the files.
    in_files: Vec<usize>,
}

impl Buckets {
    pub(super) fn new(schema: &Schema, in_files: &Schema, partitions: Partitions) -> Self {
        let place = |name: &str| schema.index_of(name);
        let keys = partitions.fields.iter().filter_map(|f| place(&f.name)).collect();
        let in_files = in_files.fields().iter().filter_map(|f| place(&f.name)).collect();
        Self { partitions, keys, in_files }
    }

    /// The rows of a batch by folder, without the columns that the folder's name tells.
    pub(super) fn split(&self, batch: &Batch) -> Result<Vec<(String, Batch)>> {
        if self.keys.is_empty() {
            return Ok(vec![(String::new(), batch.clone())]);
        }
        let mut rows: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for row in 0..batch.len() {
            let value = |(key, field): (&usize, &crate::data::Field)| {
                value_at(batch.column(*key), &field.data_type, row)
            };
            let values: Vec<Value> =
                self.keys.iter().zip(&self.partitions.fields).map(value).collect();
            rows.entry(self.partitions.folder(&values)?).or_default().push(row as u32);
        }
        let columns = self.in_files.iter().map(|c| batch.column(*c).clone()).collect();
        let in_files = batch.with_columns(columns);
        let part = |(folder, rows)| Ok((folder, take(&in_files, &UInt32Array::from(rows))?));
        rows.into_iter().map(part).collect()
    }
}
