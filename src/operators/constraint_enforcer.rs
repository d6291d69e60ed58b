//! ConstraintEnforcer: before a sink, what its NOT NULL columns promise.
//!
//! Source: `ConstraintEnforcer` of Flink 1.18.

use super::buffer::emit_as_they_are;
use super::{Context, Operator, OperatorFactory, SubtaskInfo};
use crate::base::Result;
use crate::data::not_null::NotNull;
use crate::data::{Batch, Schema};

/// Rows on their way to a sink.
#[derive(Clone, Debug)]
pub struct ConstraintEnforcerFactory {
    /// What is promised.
    pub not_null: NotNull,
    /// The columns, in and out.
    pub output: Schema,
}

impl OperatorFactory for ConstraintEnforcerFactory {
    fn create(&self, _subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        Ok(Box::new(ConstraintEnforcer(self.not_null.clone())))
    }

    fn output(&self) -> &Schema {
        &self.output
    }
}

struct ConstraintEnforcer(NotNull);

impl Operator for ConstraintEnforcer {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        emit_as_they_are(self.0.hold(batch)?, context);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{check, schema};
    use super::*;

    #[test]
    fn rows_with_a_null_too_many_go_if_that_is_wanted() {
        let mut fields = schema("k INT, v INT").fields().to_vec();
        fields[0].data_type.nullable = false;
        let output = Schema::new(fields);
        let not_null = NotNull::of(&output, true);
        let factory = ConstraintEnforcerFactory { not_null, output: output.clone() };
        check(&factory, &output, &[("+I 1 null\n+I null 2\n-D 3 3", "+I 1 null\n-D 3 3")]);
    }
}
