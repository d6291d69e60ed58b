//! A sink's writer as the last operator of a chain.

use super::{Context, Operator};
use crate::base::{CheckpointId, Result, Watermark};
use crate::connectors::{Line, SinkContext, SinkWriter};
use crate::data::{Batch, PartFile};
use crate::state::OperatorSnapshot;

const VERSION: u16 = 1;

/// Writes rows; follows checkpoints. The node's factory makes the writer.
pub struct SinkOperator(Box<dyn SinkWriter>);

impl SinkOperator {
    /// The operator of a writer.
    pub fn new(writer: Box<dyn SinkWriter>) -> Self {
        Self(writer)
    }

    /// Lets the writer do something, prints what it wants printed and tells of its files.
    fn with_writer<T>(
        &mut self,
        context: &mut Context<'_>,
        what: impl FnOnce(&mut dyn SinkWriter, &mut SinkContext<'_>) -> Result<T>,
    ) -> Result<T> {
        let (mut lines, mut parts): (Vec<Line>, Vec<PartFile>) = Default::default();
        let mut surroundings = SinkContext {
            now: context.now,
            files: context.files(),
            printed: &mut lines,
            parts: &mut parts,
        };
        let result = what(&mut *self.0, &mut surroundings);
        lines.into_iter().for_each(|line| context.print(line));
        context.trace_parts(parts);
        result
    }
}

impl Operator for SinkOperator {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        self.with_writer(context, |w, c| w.write(&batch, c))?;
        if let Some(mark) = batch.marks().last() {
            self.0.watermark(mark.watermark);
        }
        context.trace_output(&batch);
        Ok(())
    }

    fn watermark(&mut self, watermark: Watermark, context: &mut Context<'_>) -> Result<()> {
        self.0.watermark(watermark);
        context.emit_watermark(watermark);
        Ok(())
    }

    fn passes_marks(&self) -> bool {
        true
    }

    fn end_input(&mut self, _input: usize, context: &mut Context<'_>) -> Result<()> {
        self.with_writer(context, |w, c| w.finish(c))
    }

    fn snapshot(&mut self, context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        let state = self.with_writer(context, |w, c| w.snapshot(c))?;
        OperatorSnapshot::of_operator(VERSION, &state)
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &mut Context<'_>) -> Result<()> {
        let states = snapshots.iter().map(|s| s.operator::<Vec<u8>>(VERSION));
        let states: Vec<Vec<u8>> = states.filter_map(Result::transpose).collect::<Result<_>>()?;
        self.with_writer(context, |w, c| w.restore(&states, c))
    }

    fn checkpoint_completed(
        &mut self,
        checkpoint: CheckpointId,
        context: &mut Context<'_>,
    ) -> Result<()> {
        self.with_writer(context, |w, c| w.checkpoint_completed(checkpoint, c))
    }
}
