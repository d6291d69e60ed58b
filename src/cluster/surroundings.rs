//! What surrounds the operators of a task during a step: the clock, the files, the trace, the way out.

use std::sync::Arc;

use super::message::TaskSnapshot;
use super::output::Outputs;
use crate::base::{LabTime, OperatorId, RecordId};
use crate::connectors::Files;
use crate::data::Element;
use crate::operators::context::RecordIds;
use crate::operators::{Context, External, SubtaskInfo};
use crate::trace::{LoadMetrics, Tracer};

/// What the operators of a task share during a step.
pub struct Surroundings<'a> {
    /// The moment on the lab clock.
    pub now: LabTime,
    /// Which of the parallel instances this is.
    pub subtask: SubtaskInfo,
    /// Where events go.
    pub tracer: &'a mut Tracer,
    /// Files, as the lab allows them.
    pub files: &'a dyn Files,
    /// Makes record ids.
    pub records: &'a mut RecordIds,
    /// Counters of the task.
    pub metrics: &'a mut LoadMetrics,
    /// What leaves the job.
    pub external: &'a mut Vec<External>,
    /// Edges to other tasks.
    pub outputs: &'a mut Outputs,
    /// The source's part of the checkpoint whose barrier is on its way through the chain.
    pub source_snapshot: &'a mut TaskSnapshot,
}

impl Surroundings<'_> {
    /// What one operator sees during one call.
    pub fn context<'b>(
        &'b mut self,
        operator: OperatorId,
        input_ids: Option<Arc<[RecordId]>>,
        out: &'b mut Vec<Element>,
    ) -> Context<'b> {
        Context {
            now: self.now,
            subtask: self.subtask,
            operator,
            input_ids,
            out,
            external: self.external,
            tracer: self.tracer,
            next_record: self.records,
            files: self.files,
        }
    }
}
