//! What an operator may do while it runs: emit, print, collect, read the clock, touch files, trace.

use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::base::{LabTime, OperatorId, RecordId, SubtaskId, Watermark};
use crate::connectors::{Files, Line};
use crate::data::key::key_group_range;
use crate::data::{Batch, Element, PartFile, Value};
use crate::trace::event::{LookUp, StateChange};
use crate::trace::{Causes, EventKind, Tracer};

/// Which of the parallel instances an operator runs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubtaskInfo {
    /// The subtask.
    pub id: SubtaskId,
    /// How many subtasks the vertex has.
    pub parallelism: u32,
    /// The number of key groups.
    pub max_parallelism: u16,
    /// The seed of the job in this run, for generators.
    pub seed: u64,
}

impl SubtaskInfo {
    /// The key groups that this instance owns; empty if there are more instances than groups.
    pub fn key_groups(&self) -> RangeInclusive<u16> {
        key_group_range(self.id.index, self.parallelism, self.max_parallelism)
    }
}

/// What leaves a job other than through a channel.
#[derive(Clone, Debug)]
pub enum External {
    /// Rows of a query's result.
    Result(Batch),
    /// A line for the TaskManager's stdout or stderr.
    Printed(Line),
}

/// The world as an operator sees it during one call.
pub struct Context<'a> {
    /// The moment on the lab clock.
    pub now: LabTime,
    pub(crate) subtask: SubtaskInfo,
    pub(crate) operator: OperatorId,
    /// Ids of the rows that the operator was given; the default causes of what it emits.
    pub(crate) input_ids: Option<Arc<[RecordId]>>,
    pub(crate) out: &'a mut Vec<Element>,
    pub(crate) external: &'a mut Vec<External>,
    pub(crate) tracer: &'a mut Tracer,
    pub(crate) next_record: &'a mut RecordIds,
    pub(crate) files: &'a dyn Files,
}

/// Makes record ids for one task.
#[derive(Clone, Debug)]
pub struct RecordIds {
    task_ordinal: u32,
    sequence: u64,
}

impl RecordIds {
    /// Ids of the task with this ordinal in the run; each attempt has an ordinal of its own.
    pub fn new(task_ordinal: u32) -> Self {
        Self { task_ordinal, sequence: 0 }
    }

    pub(crate) fn take(&mut self, count: usize) -> Arc<[RecordId]> {
        let first = self.sequence + 1;
        self.sequence += count as u64;
        (first..=self.sequence).map(|s| RecordId::new(self.task_ordinal, s)).collect()
    }
}

/// Whose state it is.
#[derive(Clone, Debug)]
pub struct StateKey {
    /// The key.
    pub key: Arc<[Value]>,
    /// The window in which the key has it, by its end.
    pub window: Option<Value>,
    /// The key's group.
    pub key_group: u16,
}

impl StateKey {
    /// A key of one value, in no window.
    pub fn of(value: &Value, key_group: u16) -> Self {
        Self { key: [value.clone()].into(), window: None, key_group }
    }
}

impl Context<'_> {
    /// Which of the parallel instances this is.
    pub fn subtask(&self) -> &SubtaskInfo {
        &self.subtask
    }

    /// Files, as the lab allows them.
    pub fn files(&self) -> &dyn Files {
        self.files
    }

    /// Whether single records are traced; state keeps record ids only then.
    pub fn traces_records(&self) -> bool {
        self.tracer.records()
    }

    /// Ids of the rows being processed, at level *records*.
    pub fn input_ids(&self) -> Option<&Arc<[RecordId]>> {
        self.input_ids.as_ref()
    }

    /// Emits rows caused by the rows being processed. An empty batch is nothing.
    pub fn emit(&mut self, batch: Batch) {
        let causes = Causes::Records(self.input_ids.clone().unwrap_or_default());
        self.emit_because(batch, causes);
    }

    /// Emits rows with causes of their own (the rows of a window that fired, a source position).
    pub fn emit_because(&mut self, batch: Batch, causes: Causes) {
        if batch.is_empty() {
            return;
        }
        if !self.tracer.records() {
            self.out.push(Element::Batch(batch.with_ids(None)));
            return;
        }
        let ids = self.next_record.take(batch.len());
        let batch = batch.with_ids(Some(ids));
        self.tracer.emit(EventKind::RecordsEmitted {
            subtask: self.subtask.id,
            operator: self.operator,
            batch: batch.clone(),
            causes,
        });
        self.out.push(Element::Batch(batch));
    }

    /// Emits rows of which each has one cause. Rows in a row with the same cause are one event.
    pub fn emit_each(&mut self, batch: Batch, causes: &[RecordId]) {
        debug_assert!(causes.is_empty() || causes.len() == batch.len(), "a cause for each row");
        if !self.tracer.records() || causes.is_empty() || batch.is_empty() {
            return self.emit_because(batch, Causes::Records(causes.into()));
        }
        let ids = self.next_record.take(batch.len());
        let batch = batch.with_ids(Some(ids));
        let mut start = 0;
        for same in causes.chunk_by(|a, b| a == b) {
            self.tracer.emit(EventKind::RecordsEmitted {
                subtask: self.subtask.id,
                operator: self.operator,
                batch: part(&batch, start, same.len()),
                causes: Causes::Records(same[..1].into()),
            });
            start += same.len();
        }
        self.out.push(Element::Batch(batch));
    }

    /// Emits rows of which each has causes of its own, by its place among them; asked for at level
    /// *records* alone.
    pub fn emit_rows_because(
        &mut self,
        batch: Batch,
        mut causes: impl FnMut(usize) -> Vec<RecordId>,
    ) {
        if !self.traces_records() {
            return self.emit(batch);
        }
        for row in 0..batch.len() {
            self.emit_because(batch.slice(row, 1), Causes::Records(causes(row).into()));
        }
    }

    /// Emits a watermark.
    pub fn emit_watermark(&mut self, watermark: Watermark) {
        self.out.push(Element::Watermark(watermark));
    }

    /// Emits that the stream pauses or goes on.
    pub fn emit_idle(&mut self, idle: bool) {
        self.out.push(Element::Idle(idle));
    }

    /// Hands rows to the query's result.
    pub fn collect(&mut self, batch: Batch) {
        self.trace_output(&batch);
        self.external.push(External::Result(batch));
    }

    /// Writes a line to the TaskManager's stdout or stderr.
    pub fn print(&mut self, line: Line) {
        self.external.push(External::Printed(line));
    }

    /// Tells the trace that rows reached a sink.
    pub fn trace_output(&mut self, batch: &Batch) {
        if let (true, Some(ids)) = (self.tracer.records(), batch.ids()) {
            self.tracer.emit(EventKind::RecordsOutput {
                subtask: self.subtask.id,
                operator: self.operator,
                ids: ids.clone(),
            });
        }
    }

    /// Tells the trace what became of part files.
    pub fn trace_parts(&mut self, files: Vec<PartFile>) {
        if self.tracer.steps() {
            let subtask = self.subtask.id;
            let event = |file| EventKind::PartFileChanged { subtask, file };
            files.into_iter().for_each(|file| self.tracer.emit(event(file)));
        }
    }

    /// Tells the trace that keyed state changed; ask [`Self::traces_records`] first.
    pub fn trace_state(
        &mut self,
        state: &Arc<str>,
        StateKey { key, window, key_group }: StateKey,
        before: Vec<(Arc<str>, Value)>,
        after: Vec<(Arc<str>, Value)>,
        cause: Option<RecordId>,
    ) {
        self.tracer.emit(EventKind::StateChanged(Box::new(StateChange {
            subtask: self.subtask.id,
            operator: self.operator,
            state: state.clone(),
            key,
            window,
            key_group,
            before,
            after,
            cause,
        })));
    }

    /// Tells the trace what a row asked of a table; ask [`Self::traces_records`] first.
    pub fn trace_lookup(&mut self, id: RecordId, look_up: LookUp) {
        let (subtask, operator) = (self.subtask.id, self.operator);
        let look_up = Arc::new(look_up);
        self.tracer.emit(EventKind::LookedUp { subtask, operator, id, look_up });
    }

    /// Tells the trace that a row was late.
    pub fn trace_late(&mut self, id: RecordId) {
        if self.tracer.records() {
            let (subtask, operator) = (self.subtask.id, self.operator);
            self.tracer.emit(EventKind::RecordLate { subtask, operator, id });
        }
    }
}

/// Some rows of a batch; all of them cost no more than a clone.
fn part(batch: &Batch, start: usize, rows: usize) -> Batch {
    if rows == batch.len() { batch.clone() } else { batch.slice(start, rows) }
}
