//! Limit: the first rows that arrive. In a stream it does not end the job.

use super::buffer::emit_as_they_are;
use super::{Context, Operator, OperatorFactory, SubtaskInfo};
use crate::base::Result;
use crate::data::{Batch, Schema};
use crate::state::OperatorSnapshot;

const VERSION: u16 = 1;

/// What a Limit lets through: rows that are all `+I`.
#[derive(Clone, Debug)]
pub struct LimitFactory {
    /// Rows left out at the start.
    pub offset: u64,
    /// Rows let through after that; all if absent.
    pub fetch: Option<u64>,
    /// The columns, in and out.
    pub output: Schema,
}

impl OperatorFactory for LimitFactory {
    fn create(&self, _subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        Ok(Box::new(Limit { offset: self.offset, fetch: self.fetch, seen: 0 }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }
}

struct Limit {
    offset: u64,
    fetch: Option<u64>,
    /// Rows that arrived so far; not counted past the last that matters.
    seen: u64,
}

impl Operator for Limit {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let end = self.fetch.map_or(u64::MAX, |fetch| self.offset.saturating_add(fetch));
        let rows = batch.len() as u64;
        let from = self.offset.saturating_sub(self.seen).min(rows);
        let to = end.saturating_sub(self.seen).min(rows);
        self.seen = self.seen.saturating_add(rows).min(end);
        if from < to {
            emit_as_they_are(batch.slice(from as usize, (to - from) as usize), context);
        }
        Ok(())
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        OperatorSnapshot::of_operator(VERSION, &self.seen)
    }

    fn restore(
        &mut self,
        snapshots: &[OperatorSnapshot],
        _context: &mut Context<'_>,
    ) -> Result<()> {
        for snapshot in snapshots {
            self.seen += snapshot.operator::<u64>(VERSION)?.unwrap_or(0);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{check, schema};
    use super::*;

    #[test]
    fn the_first_rows_pass() {
        let output = schema("v INT");
        let factory = LimitFactory { offset: 1, fetch: Some(2), output: output.clone() };
        check(
            &factory,
            &output,
            &[
                ("+I 1\n+I 2", "+I 2"),
                ("watermark 4", "watermark 4"),
                ("restore\n+I 3\n+I 4\n+I 5", "+I 3"),
                ("+I 6\nend", ""),
            ],
        );
    }
}
