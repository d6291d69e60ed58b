//! What NOT NULL columns promise, held at the end of a job.
//!
//! A function may give NULL though its type says that it does not, as in Flink: the end of the job is
//! where that is seen.

use std::sync::Arc;

use arrow::array::{Array, BooleanArray};

use super::batch::Batch;
use super::select::filter;
use super::types::Schema;
use crate::base::{Error, Result};

/// Looks at the NOT NULL columns of rows.
#[derive(Clone, Debug)]
pub struct NotNull {
    columns: Arc<[(usize, String)]>,
    drops: bool,
}

impl NotNull {
    /// Of the rows of a schema; `drops`: rows with a NULL too many go, rather than fail the job.
    pub fn of(schema: &Schema, drops: bool) -> Self {
        let columns = schema.fields().iter().enumerate().filter(|(_, f)| !f.data_type.nullable);
        Self { columns: columns.map(|(n, f)| (n, f.name.clone())).collect(), drops }
    }

    /// The rows that keep the promise.
    ///
    /// # Errors
    /// `null-in-not-null-column` (`name`).
    pub fn hold(&self, batch: Batch) -> Result<Batch> {
        let broken = |(column, _): &&(usize, String)| batch.column(*column).null_count() > 0;
        let Some((_, name)) = self.columns.iter().find(broken) else { return Ok(batch) };
        if !self.drops {
            return Err(Error::new("null-in-not-null-column").arg("name", name));
        }
        let whole = |row: usize| self.columns.iter().all(|(c, _)| batch.column(*c).is_valid(row));
        let keep: BooleanArray = (0..batch.len()).map(|row| Some(whole(row))).collect();
        filter(&batch, &keep).map(|(_, kept)| kept)
    }
}
