//! LocalGroupAggregate: the first phase of a GROUP BY with mini-batch, before rows go to the owners of
//! their keys.
//!
//! As Flink's `MiniBatchLocalGroupAggFunction`: a bundle of rows becomes one row a key, which holds what
//! they have accumulated; so of a hot key one row travels, however often it came. A bundle goes when it
//! holds so many rows, with a watermark, before a checkpoint, and at the end of the input, and nothing
//! of it is kept.

use super::bundle::Bundle;
use crate::base::{RecordId, Result, Watermark};
use crate::data::{Batch, Schema};
use crate::operators::aggregates::{Aggregate, Aggregates, GroupKeys};
use crate::operators::group_index::GroupIndex;
use crate::operators::{Context, Operator, OperatorFactory, SubtaskInfo};
use crate::state::OperatorSnapshot;

/// What a LocalGroupAggregate accumulates. Its output is the key columns, then `columns`.
#[derive(Clone, Debug)]
pub struct LocalGroupAggregateFactory {
    /// The key; no columns: one group for all rows.
    pub keys: GroupKeys,
    /// The aggregates.
    pub aggregates: Vec<Aggregate>,
    /// Each column behind the key: of which aggregate's accumulator, and which of its columns.
    pub columns: Vec<(usize, usize)>,
    /// The output columns.
    pub output: Schema,
    /// Whether the input may take rows away.
    pub retracting: bool,
    /// How many rows a bundle holds.
    pub bundle: usize,
}

impl OperatorFactory for LocalGroupAggregateFactory {
    fn create(&self, _subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        let bundle = Bundle::new(self.bundle);
        Ok(Box::new(LocalGroupAggregate { bundle, factory: self.clone() }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }

    fn emits_inserts_only(&self) -> bool {
        true
    }
}

struct LocalGroupAggregate {
    factory: LocalGroupAggregateFactory,
    bundle: Bundle,
}

impl LocalGroupAggregate {
    /// The rows that wait go, as one row a key.
    fn finish_bundle(&mut self, context: &mut Context<'_>) -> Result<()> {
        match self.bundle.take()? {
            Some(batch) => self.answer(&batch, context),
            None => Ok(()),
        }
    }

    fn answer(&self, batch: &Batch, context: &mut Context<'_>) -> Result<()> {
        let LocalGroupAggregateFactory { keys, aggregates, retracting, .. } = &self.factory;
        let mut index = GroupIndex::new(&keys.types)?;
        let mut groups = Vec::new();
        index.intern(&keys.of(batch), batch.len(), &mut groups)?;
        let all: Vec<u32> = (0..index.capacity().max(1) as u32).collect();
        let mut values = Aggregates::new(aggregates, *retracting)?;
        values.grow(all.len());
        let retracts: Vec<bool> = (0..batch.len()).map(|row| !batch.kind(row).adds()).collect();
        let retracts = retracting.then_some(retracts.as_slice());
        values.accumulate_changes(batch, &groups, retracts)?;
        let partials = values.partials(&all, *retracting)?;
        let mut columns = index.columns(&all)?;
        let travels = self.factory.columns.iter();
        columns.extend(travels.map(|(aggregate, column)| partials[*aggregate][*column].clone()));
        let mut causes: Vec<Vec<RecordId>> = vec![Vec::new(); all.len()];
        for (group, id) in groups.iter().zip(batch.ids().into_iter().flat_map(|ids| ids.iter())) {
            causes[*group as usize].push(*id);
        }
        let causes = |row: usize| std::mem::take(&mut causes[row]);
        context.emit_rows_because(Batch::new(columns, all.len()), causes);
        Ok(())
    }
}

impl Operator for LocalGroupAggregate {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let full = self.bundle.push(&batch)?;
        full.iter().try_for_each(|batch| self.answer(batch, context))
    }

    fn watermark(&mut self, watermark: Watermark, context: &mut Context<'_>) -> Result<()> {
        self.finish_bundle(context)?;
        context.emit_watermark(watermark);
        Ok(())
    }

    fn end_input(&mut self, _input: usize, context: &mut Context<'_>) -> Result<()> {
        self.finish_bundle(context)
    }

    fn snapshot(&mut self, context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        self.finish_bundle(context)?;
        Ok(OperatorSnapshot::default())
    }
}
