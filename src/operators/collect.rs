//! Collect: hands the rows of a query to the result store.

use super::{Context, Operator, OperatorFactory, SubtaskInfo};
use crate::base::Result;
use crate::data::not_null::NotNull;
use crate::data::{Batch, Schema};

/// The end of a query.
#[derive(Clone, Debug)]
pub struct CollectFactory {
    /// The columns of the result.
    pub output: Schema,
    /// What those that are NOT NULL promise.
    pub not_null: NotNull,
}

impl OperatorFactory for CollectFactory {
    fn create(&self, _subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        Ok(Box::new(Collect(self.not_null.clone())))
    }

    fn output(&self) -> &Schema {
        &self.output
    }
}

struct Collect(NotNull);

impl Operator for Collect {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        context.collect(self.0.hold(batch)?.with_marks(Vec::new()));
        Ok(())
    }

    fn passes_marks(&self) -> bool {
        true
    }
}
