//! Sort: ORDER BY over a bounded input, answered at its end.

use super::buffer::{Buffer, Ordered, SortKey};
use super::{Context, Drain, Operator, OperatorFactory, SubtaskInfo};
use crate::base::Result;
use crate::data::{Batch, Schema};
use crate::state::OperatorSnapshot;

const VERSION: u16 = 1;

/// What a Sort does.
#[derive(Clone, Debug)]
pub struct SortFactory {
    /// ORDER BY.
    pub keys: Vec<SortKey>,
    /// The columns, in and out.
    pub output: Schema,
}

impl OperatorFactory for SortFactory {
    fn create(&self, _subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        Ok(Box::new(Sort {
            factory: self.clone(),
            buffer: Buffer::default(),
            answer: Ordered::default(),
        }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }
}

struct Sort {
    factory: SortFactory,
    buffer: Buffer,
    /// The answer, once the input has ended.
    answer: Ordered,
}

impl Operator for Sort {
    fn process(&mut self, _input: usize, batch: Batch, _context: &mut Context<'_>) -> Result<()> {
        self.buffer.push(batch);
        Ok(())
    }

    fn end_input(&mut self, _input: usize, _context: &mut Context<'_>) -> Result<()> {
        self.answer = Ordered::new(&mut self.buffer, &self.factory.keys)?;
        Ok(())
    }

    fn drain(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        self.answer.emit_next(context)
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        self.buffer.snapshot(VERSION, &self.factory.output)
    }

    fn restore(
        &mut self,
        snapshots: &[OperatorSnapshot],
        _context: &mut Context<'_>,
    ) -> Result<()> {
        self.buffer.restore(VERSION, snapshots, &self.factory.output)
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{check, schema};
    use super::*;

    fn sort(keys: &[(usize, bool)]) -> SortFactory {
        let key = |(column, descending): &(usize, bool)| SortKey {
            column: *column,
            descending: *descending,
            nulls_first: !*descending,
        };
        let output = schema("a INT, b STRING");
        SortFactory { keys: keys.iter().map(key).collect(), output }
    }

    const ROWS: &str = "+I 2 x\n+I null y\n+I 1 z\n+I 2 a\n+I 1 z";

    #[test]
    fn null_is_the_smallest_value() {
        let input = schema("a INT, b STRING");
        let rising = "+I null y\n+I 1 z\n+I 1 z\n+I 2 x\n+I 2 a";
        check(&sort(&[(0, false)]), &input, &[(ROWS, ""), ("restore\nend", rising)]);
        let falling = "+I 2 a\n+I 2 x\n+I 1 z\n+I 1 z\n+I null y";
        check(&sort(&[(0, true), (1, false)]), &input, &[(ROWS, ""), ("end", falling)]);
    }
}
