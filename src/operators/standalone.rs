//! Runs one operator without a cluster: what the harness and the benches stand on.

use std::sync::Arc;

use super::context::RecordIds;
use super::{Context, External, SubtaskInfo};
use crate::base::{JobId, LabTime, OperatorId, RecordId, SubtaskId, VertexId};
use crate::connectors::files::MemoryFiles;
use crate::data::Element;
use crate::trace::{Level, Tracer};

/// The world of one operator: what it emits stays here until somebody takes it.
pub struct Standalone {
    /// The moment on the lab clock.
    pub now: LabTime,
    /// Which of the parallel instances it is; the only one unless changed.
    pub subtask: SubtaskInfo,
    /// What it emitted.
    pub out: Vec<Element>,
    /// What left the job.
    pub external: Vec<External>,
    /// What it told.
    pub tracer: Tracer,
    records: RecordIds,
    files: MemoryFiles,
}

impl Standalone {
    /// An empty world, at the epoch, that traces at this level.
    pub fn new(level: Level) -> Self {
        let id = SubtaskId { job: JobId(0), vertex: VertexId(0), index: 0 };
        Self {
            now: LabTime(0),
            subtask: SubtaskInfo { id, parallelism: 1, max_parallelism: 128, seed: 1 },
            out: Vec::new(),
            external: Vec::new(),
            tracer: Tracer::new(level),
            records: RecordIds::new(1),
            files: MemoryFiles::default(),
        }
    }

    /// What the operator sees during one call; `input_ids` are those of the rows that it is given.
    pub fn context(&mut self, input_ids: Option<Arc<[RecordId]>>) -> Context<'_> {
        Context {
            now: self.now,
            subtask: self.subtask,
            operator: OperatorId(0),
            input_ids,
            out: &mut self.out,
            external: &mut self.external,
            tracer: &mut self.tracer,
            next_record: &mut self.records,
            files: &self.files,
        }
    }

    /// Ids for rows that come from outside, if records are traced.
    pub fn ids(&mut self, rows: usize) -> Option<Arc<[RecordId]>> {
        self.tracer.records().then(|| self.records.take(rows))
    }
}
