//! The sources of a plan: how they are made, and how many rows they tell of before they are read.

use std::sync::Arc;

use super::physical::{PhysicalKind, PhysicalNode};
use crate::base::{Error, LabTime, Result};
use crate::connectors::descriptor::{PartitionFilter, SourceRequest};
use crate::connectors::registry::find;
use crate::connectors::{Files, SourceFactory};
use crate::data::Batch;
use crate::data::zone::Zone;
use crate::expr::{EvalContext, Expr};

/// What the planner may ask sources of batches.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The files of tables.
    pub files: &'a dyn Files,
    /// The moment in which conditions on partitions are computed.
    pub now: LabTime,
    /// The session's time zone.
    pub zone: Zone,
}

impl Sources<'_> {
    /// How many rows a table is estimated to have, as far as its source tells. What goes wrong here will
    /// be told by the job that reads.
    pub(super) fn rows(&self, scan: &PhysicalNode) -> Option<u64> {
        let source = source(scan, self.now, self.zone).ok()?;
        source.estimated_rows(self.files)
    }
}

/// The source of a TableSourceScan.
///
/// # Errors
/// What the connector says of its options and of columns.
pub fn source(scan: &PhysicalNode, now: LabTime, zone: Zone) -> Result<Arc<dyn SourceFactory>> {
    let PhysicalKind::TableSourceScan { table, projection, partitions, limit, .. } = &scan.kind
    else {
        return Err(Error::new("plan-broken").arg("reason", scan.kind.name()));
    };
    let metadata: Vec<String> = table.metadata.iter().map(|m| m.key.clone()).collect();
    let request = SourceRequest {
        table: &table.path.to_string(),
        schema: &table.physical,
        partitions: &table.partitioned_by,
        metadata: &metadata,
        projection,
        keeps: keeps(partitions, now, zone),
        limit: *limit,
    };
    find(table.options.clone())?.source_factory(request)
}

/// Whether a partition is read.
fn keeps(conditions: &[Expr], now: LabTime, zone: Zone) -> Option<PartitionFilter> {
    if conditions.is_empty() {
        return None;
    }
    let conditions = conditions.to_vec();
    Some(Arc::new(move |partition: &Batch| {
        let context = EvalContext::at(now, zone);
        for condition in &conditions {
            if !condition.predicate(partition, &context)?.value(0) {
                return Ok(false);
            }
        }
        Ok(true)
    }))
}
