//! What leaves the cluster: rows of queries and lines of stdout.

use super::Engine;
use crate::base::JobId;
use crate::cluster::{Outgoing, OutgoingBody};
use crate::connectors::Line;
use crate::runtime::result_store::ResultStore;
use crate::runtime::stdout_store::{StdoutLine, StdoutStore};
use crate::trace::EventKind;

impl Engine {
    /// The rows of a query; nothing before the first row came.
    pub fn results(&self, job: JobId) -> Option<&ResultStore> {
        self.results.get(&job)
    }

    /// Throws away the rows of a query that nobody looks at any more.
    pub fn forget_results(&mut self, job: JobId) {
        self.results.remove(&job);
    }

    /// The stdout of all TaskManagers.
    pub fn stdout(&self) -> &StdoutStore {
        &self.stdout
    }

    /// A job that started again may never give another row: what it gave since its checkpoint goes now.
    pub(super) fn take_back_results(&mut self) {
        for (id, store) in &mut self.results {
            if let Some(job) = self.job_manager.job(*id) {
                store.start_attempt(job.attempt, job.restored);
            }
        }
    }

    /// Says whether there was anything.
    pub(super) fn take_outgoing(&mut self, at_most: usize) -> bool {
        let mut taken = 0;
        while taken < at_most
            && let Ok(outgoing) = self.outlet.try_recv()
        {
            self.accept(outgoing);
            taken += 1;
        }
        taken > 0
    }

    fn accept(&mut self, outgoing: Outgoing) {
        let Outgoing { subtask, slot, attempt, body } = outgoing;
        let Some(job) = self.job_manager.job(subtask.job).filter(|job| job.attempt == attempt)
        else {
            return;
        };
        let restored = job.restored;
        match body {
            OutgoingBody::Line(Line { text, error }) => {
                let task_manager = slot.task_manager;
                let line = text.clone();
                self.tracer.emit(EventKind::Stdout { task_manager, subtask, line });
                self.stdout.push(StdoutLine { task_manager, subtask, text, error });
            }
            OutgoingBody::Rows(batch) => {
                let store = self.results.entry(subtask.job).or_default();
                store.start_attempt(attempt, restored);
                store.push(batch);
                self.grown.insert(subtask.job);
            }
            OutgoingBody::Barrier(checkpoint) => {
                if let Some(store) = self.results.get_mut(&subtask.job) {
                    store.start_attempt(attempt, restored);
                    store.barrier(checkpoint);
                }
            }
        }
    }

    pub(super) fn trace_growth(&mut self) {
        for job in std::mem::take(&mut self.grown) {
            if let Some(store) = self.results.get(&job) {
                self.tracer.emit(EventKind::ResultGrew { job, rows: store.rows() });
            }
        }
    }
}
