//! What the trace is told of an OVER: the rows that wait, and what came of the last one that did not.

use rustc_hash::FxHashMap;

use super::{OverFactory, Turn};
use crate::data::{Batch, value_at};
use crate::operators::Context;
use crate::operators::state_trace::{Named, StateTrace, counted};

/// Flink's names of the two states.
const WAITING: &str = "inputState";
const RESULTS: &str = "accState";

/// By partition, what was told last. Empty unless single records are traced.
#[derive(Default)]
pub(super) struct Told {
    waiting: FxHashMap<u32, usize>,
    results: FxHashMap<u32, Named>,
}

impl Told {
    /// Rows of a batch wait: their places in it, and their partitions.
    pub(super) fn wait(
        &mut self,
        held: &[(usize, u32)],
        batch: &Batch,
        factory: &OverFactory,
        context: &mut Context<'_>,
    ) {
        let trace = StateTrace::of(WAITING, &factory.partition, batch, context);
        let Some(trace) = trace else { return };
        for (row, partition) in held {
            let waiting = self.waiting.entry(*partition).or_default();
            *waiting += 1;
            trace.write(*row, counted("rows", *waiting - 1), counted("rows", *waiting), context);
        }
    }

    /// Rows are answered, and wait no longer.
    pub(super) fn answer(
        &mut self,
        turns: &[Turn],
        answer: &Batch,
        factory: &OverFactory,
        context: &mut Context<'_>,
    ) {
        let trace = |state: &str, context: &Context<'_>| {
            StateTrace::of(state, &factory.partition, answer, context)
        };
        let (waiting, results) = (trace(WAITING, context), trace(RESULTS, context));
        let Some((waiting, results)) = waiting.zip(results) else { return };
        for (row, turn) in turns.iter().enumerate() {
            if let Some(count) = self.waiting.get_mut(&turn.partition).filter(|count| **count > 0) {
                *count -= 1;
                waiting.write(row, counted("rows", *count + 1), counted("rows", *count), context);
            }
            let fields = factory.output.fields().iter().enumerate().skip(factory.input.len());
            let after: Named = fields
                .map(|(c, f)| {
                    (f.name.as_str().into(), value_at(answer.column(c), &f.data_type, row))
                })
                .collect();
            let before = self.results.insert(turn.partition, after.clone()).unwrap_or_default();
            results.write(row, before, after, context);
        }
    }

    /// Partitions are forgotten, or their rows come from a checkpoint.
    pub(super) fn set(&mut self, partition: u32, waiting: usize) {
        self.waiting.insert(partition, waiting);
        self.results.remove(&partition);
    }
}
