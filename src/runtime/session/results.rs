//! Results as people read them: columns, and pages of formatted cells.

use std::sync::Arc;

use super::Session;
use crate::base::{JobId, RecordId};
use crate::data::print::{cell, table::changelog_width};
use crate::data::zone::Zone;
use crate::data::{Batch, LogicalType, Schema, value_at};
use crate::runtime::api::{ResultColumn, ResultRow};

/// What is needed to print the rows of a query.
pub(super) struct ResultShape {
    pub(super) schema: Schema,
    pub(super) zone: Zone,
}

impl Session {
    /// Rows of a query's changelog from a position on, at most `max`; none if they are no longer kept.
    pub fn rows(&self, job: JobId, from: u64, max: usize) -> Vec<ResultRow> {
        let (Some(shape), Some(store)) = (self.queries.get(&job), self.engine.results(job)) else {
            return Vec::new();
        };
        store.page(from, max).iter().flat_map(|batch| shape.rows(batch)).collect()
    }
}

impl ResultShape {
    fn rows<'a>(&'a self, batch: &'a Batch) -> impl Iterator<Item = ResultRow> + 'a {
        (0..batch.len()).map(move |row| ResultRow {
            kind: batch.kind(row),
            cells: self.cells(batch, row),
            record: batch.ids().map_or(RecordId::default(), |ids| ids[row]),
        })
    }

    fn cells(&self, batch: &Batch, row: usize) -> Arc<[String]> {
        let fields = self.schema.fields().iter().zip(batch.columns());
        fields
            .map(|(field, column)| {
                let value = value_at(column, &field.data_type, row);
                cell(&value, &field.data_type, &self.zone)
            })
            .collect()
    }
}

/// The columns of a result; `max_width` is `table.display.max-column-width`.
pub(super) fn columns(schema: &Schema, max_width: usize) -> Vec<ResultColumn> {
    let column = |field: &crate::data::Field| ResultColumn {
        name: field.name.clone(),
        data_type: field.data_type.to_string(),
        display_width: changelog_width(&field.data_type.logical, max_width),
        numeric: is_number(&field.data_type.logical),
    };
    schema.fields().iter().map(column).collect()
}

fn is_number(logical: &LogicalType) -> bool {
    use LogicalType as L;
    matches!(
        logical,
        L::TinyInt | L::SmallInt | L::Int | L::BigInt | L::Float | L::Double | L::Decimal { .. }
    )
}
