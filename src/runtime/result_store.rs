//! The results of a query: the rows of its changelog, the latest of them kept, as pages of text.
//!
//! Rows stay columns until somebody looks at them.

use std::collections::{BTreeMap, VecDeque};

use crate::base::CheckpointId;
use crate::data::Batch;

/// The changelog of one query.
#[derive(Debug, Default)]
pub struct ResultStore {
    batches: VecDeque<Batch>,
    /// Position of the first kept row.
    first: u64,
    /// Rows received in all.
    rows: u64,
    /// The attempt of the job that the rows are from.
    attempt: u32,
    /// Rows that stood before the barrier of a checkpoint.
    barriers: BTreeMap<CheckpointId, u64>,
}

impl ResultStore {
    /// Rows kept at least: Flink's `sql-client.execution.max-table-result.rows` keeps as many.
    pub const MAX_ROWS: u64 = 1_000_000;

    /// Rows received in all: positions `0 .. rows`.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Position of the first row that is still kept.
    pub fn first_kept(&self) -> u64 {
        self.first
    }

    /// Takes rows; the oldest go when too many are kept.
    pub fn push(&mut self, batch: Batch) {
        self.rows += batch.len() as u64;
        self.batches.push_back(batch);
        while let Some(oldest) = self.batches.front()
            && self.rows - self.first - oldest.len() as u64 >= Self::MAX_ROWS
        {
            self.first += oldest.len() as u64;
            self.batches.pop_front();
        }
    }

    /// The barrier of a checkpoint went by: these rows are what the checkpoint answers for.
    pub fn barrier(&mut self, checkpoint: CheckpointId) {
        self.barriers.insert(checkpoint, self.rows);
    }

    /// The rows that follow are from this attempt, which started from this checkpoint (or anew): what
    /// came after its barrier comes again, and is taken back. So each row counts once, as in Flink's
    /// collecting sink.
    pub fn start_attempt(&mut self, attempt: u32, from: Option<CheckpointId>) {
        if attempt <= self.attempt {
            return;
        }
        if self.attempt > 0 {
            let rows = from.and_then(|checkpoint| self.barriers.get(&checkpoint)).copied();
            self.truncate(rows.unwrap_or(0));
        }
        self.attempt = attempt;
        self.barriers.retain(|checkpoint, _| Some(*checkpoint) == from);
    }

    fn truncate(&mut self, rows: u64) {
        while self.rows > rows
            && let Some(last) = self.batches.pop_back()
        {
            self.rows -= last.len() as u64;
            if self.rows < rows {
                self.batches.push_back(last.slice(0, (rows - self.rows) as usize));
                self.rows = rows;
            }
        }
        self.rows = self.rows.min(rows);
        self.first = self.first.min(self.rows);
    }

    /// The kept rows from a position on, at most `max`, as pieces of batches.
    pub fn page(&self, from: u64, max: usize) -> Vec<Batch> {
        let mut position = self.first;
        let mut left = max;
        let mut page = Vec::new();
        for batch in &self.batches {
            let end = position + batch.len() as u64;
            if end > from && left > 0 {
                let skip = from.saturating_sub(position) as usize;
                let len = (batch.len() - skip).min(left);
                page.push(if len == batch.len() { batch.clone() } else { batch.slice(skip, len) });
                left -= len;
            }
            position = end;
        }
        page
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(count: usize) -> Batch {
        Batch::new(Vec::new(), count)
    }

    #[test]
    fn a_page_is_cut_out_of_batches() {
        let mut store = ResultStore::default();
        [3, 4, 5].into_iter().for_each(|count| store.push(rows(count)));
        let lengths =
            |from, max| -> Vec<usize> { store.page(from, max).iter().map(Batch::len).collect() };
        assert_eq!(lengths(0, 100), [3, 4, 5]);
        assert_eq!(lengths(2, 6), [1, 4, 1]);
        assert_eq!(lengths(12, 6), [0; 0]);
    }

    #[test]
    fn a_new_attempt_takes_back_what_came_after_its_checkpoint() {
        let mut store = ResultStore::default();
        store.start_attempt(1, None);
        store.push(rows(3));
        store.barrier(CheckpointId(1));
        store.push(rows(4));
        store.start_attempt(1, None);
        assert_eq!(store.rows(), 7);
        store.start_attempt(2, Some(CheckpointId(1)));
        assert_eq!(store.rows(), 3);
        store.push(rows(4));
        store.start_attempt(3, None);
        assert_eq!(store.rows(), 0);
    }

    #[test]
    fn the_oldest_rows_go() {
        let mut store = ResultStore::default();
        let large = ResultStore::MAX_ROWS as usize;
        [10, large, 10].into_iter().for_each(|count| store.push(rows(count)));
        assert_eq!((store.first_kept(), store.rows()), (10, large as u64 + 20));
    }
}
