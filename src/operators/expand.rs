//! Expand: each row several times, as GROUPING SETS need it.

use arrow::array::UInt32Array;

use super::{Context, Operator, OperatorFactory, SubtaskInfo};
use crate::base::Result;
use crate::data::select::{concat, take};
use crate::data::{Batch, Schema};
use crate::expr::{EvalContext, Expr, Zone};

/// What an Expand makes of a row.
#[derive(Clone, Debug)]
pub struct ExpandFactory {
    /// One row a row, as expressions over the input's columns.
    pub projects: Vec<Vec<Expr>>,
    /// The output columns.
    pub output: Schema,
    /// The session's time zone.
    pub zone: Zone,
}

impl OperatorFactory for ExpandFactory {
    fn create(&self, _subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        Ok(Box::new(Expand { factory: self.clone() }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }
}

struct Expand {
    factory: ExpandFactory,
}

impl Operator for Expand {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let surroundings = EvalContext::at(context.now, self.factory.zone);
        let project = |exprs: &Vec<Expr>| {
            let columns = exprs.iter().map(|e| e.evaluate(&batch, &surroundings));
            let columns = columns.collect::<Result<Vec<_>>>()?;
            let projected = Batch::new(columns, batch.len()).with_kinds(batch.kinds().clone());
            Ok(projected.with_ids(batch.ids().cloned()))
        };
        let projected = self.factory.projects.iter().map(project).collect::<Result<Vec<_>>>()?;
        let (rows, times) = (batch.len() as u32, projected.len() as u32);
        let places = (0..rows).flat_map(|row| (0..times).map(move |n| n * rows + row));
        let all = take(&concat(&projected)?, &places.collect::<UInt32Array>())?;
        let ids = all.ids().cloned();
        context.emit_each(all, ids.as_deref().unwrap_or_default());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{check, schema};
    use super::*;
    use crate::data::{LogicalType, Value};

    #[test]
    fn a_row_comes_once_a_set() {
        let input = schema("a STRING, v INT");
        let column = |c: usize| Expr::column(c, input.fields()[c].data_type.clone());
        let id = |id: i64| Expr::constant(Value::BigInt(id));
        let factory = ExpandFactory {
            projects: vec![
                vec![column(0), column(1), id(0)],
                vec![Expr::null(LogicalType::STRING), column(1), id(1)],
            ],
            output: schema("a STRING, v INT, e BIGINT"),
            zone: Zone::default(),
        };
        check(
            &factory,
            &input,
            &[("+I x 1\n-D y 2", "+I x 1 0\n+I null 1 1\n-D y 2 0\n-D null 2 1")],
        );
    }
}
