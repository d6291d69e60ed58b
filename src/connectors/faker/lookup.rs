//! Rows of people made up when somebody asks for them: the key is what was asked, and the other columns
//! are of chance that the key decides.
//!
//! `flink-faker` makes other values up each time. Here a key has the same row in a whole run, however
//! often and wherever it is asked: as a table of a database would have it.

use arrow::array::{Array, ArrayRef};
use arrow::compute::concat;
use arrow::row::{RowConverter, SortField};

use super::column::ColumnSpec;
use crate::base::{Error, LabTime, Result, SeededRandom};
use crate::connectors::generate::ColumnMaker;
use crate::connectors::generate::column::Wanted;
use crate::connectors::generate::share::Progression;
use crate::connectors::{Found, Lookup, LookupFactory, LookupRequest};
use crate::data::arrow::null_array;
use crate::data::{Batch, Schema};

/// A table that can be asked.
pub(super) struct FakerLookup {
    columns: Vec<Column>,
    /// Two tables in one job say different things of the same key.
    salt: u64,
    output: Schema,
}

/// Where the values of a column come from.
#[derive(Clone)]
enum Column {
    /// From the key, at this place.
    Asked(usize),
    Made(ColumnSpec),
}

impl FakerLookup {
    /// The lookup of a table with these columns.
    pub(super) fn new(request: &LookupRequest<'_>, all: &[ColumnSpec]) -> Self {
        let column = |&c: &usize| match request.keys.iter().position(|key| *key == c) {
            Some(place) => Column::Asked(place),
            None => Column::Made(all[c].clone()),
        };
        let fields = request.projection.iter().map(|&c| request.schema.fields()[c].clone());
        Self {
            columns: request.projection.iter().map(column).collect(),
            salt: SeededRandom::salt(request.table),
            output: Schema::new(fields.collect()),
        }
    }
}

impl LookupFactory for FakerLookup {
    fn create(&self, seed: u64) -> Result<Box<dyn Lookup>> {
        Ok(Box::new(Answers {
            columns: self.columns.clone(),
            output: self.output.clone(),
            seed: seed ^ self.salt,
        }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }
}

struct Answers {
    columns: Vec<Column>,
    output: Schema,
    seed: u64,
}

impl Answers {
    /// The values of a column, one for each of the keys with these seeds.
    fn made(
        &self,
        column: usize,
        spec: &ColumnSpec,
        seeds: &[u64],
        now: LabTime,
    ) -> Result<ArrayRef> {
        let rows = Progression { next: 0, step: 1 };
        let one = |seed: &u64| spec.column(*seed, 0)?.fill(Wanted { rows, len: 1, each: 1, now });
        let all = seeds.iter().map(one).collect::<Result<Vec<_>>>()?;
        if all.is_empty() {
            return Ok(null_array(&self.output.fields()[column].data_type.logical, 0));
        }
        let all: Vec<&dyn Array> = all.iter().map(|array| &**array).collect();
        concat(&all).map_err(broken)
    }
}

fn broken(error: arrow::error::ArrowError) -> Error {
    Error::new("plan-broken").arg("reason", error)
}

impl Lookup for Answers {
    fn look_up(&mut self, keys: &[ArrayRef], now: LabTime) -> Result<Found> {
        let types = keys.iter().map(|key| SortField::new(key.data_type().clone()));
        let converter = RowConverter::new(types.collect()).map_err(broken)?;
        let rows = converter.convert_columns(keys).map_err(broken)?;
        let seeds: Vec<u64> = rows.iter().map(|row| self.seed ^ SeededRandom::salt(row)).collect();
        let columns = self.columns.iter().enumerate().map(|(place, column)| match column {
            Column::Asked(key) => Ok(keys[*key].clone()),
            Column::Made(spec) => self.made(place, spec, &seeds, now),
        });
        let columns = columns.collect::<Result<_>>()?;
        let keys = (0..seeds.len() as u32).collect();
        Ok(Found { rows: Batch::new(columns, seeds.len()), keys })
    }
}
