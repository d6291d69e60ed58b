//! Calc: a filter and a projection over each row, without state.

mod reads;

use std::cell::RefCell;

use self::reads::Reads;
use super::{Context, Operator, OperatorFactory, SubtaskInfo};
use crate::base::random::SeededRandom;
use crate::base::{Result, Watermark};
use crate::data::select::filter;
use crate::data::{Batch, LogicalType, Schema, Value};
use crate::expr::{CURRENT_WATERMARK, EvalContext, Expr, Zone};

/// What a Calc computes.
#[derive(Clone, Debug)]
pub struct CalcFactory {
    /// Rows stay where this is true.
    pub condition: Option<Expr>,
    /// The output columns, over the input's.
    pub projection: Vec<Expr>,
    /// The output columns' names and types.
    pub output: Schema,
    /// The session's time zone.
    pub zone: Zone,
}

impl OperatorFactory for CalcFactory {
    fn create(&self, subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        Ok(Box::new(Calc {
            condition: self.condition.clone(),
            reads: Reads::of(&self.projection),
            reads_watermark: self.projection.iter().chain(&self.condition).any(reads_watermark),
            watermark: None,
            zone: self.zone,
            rows: 0,
            chance: SeededRandom::for_stream(subtask.seed, u64::from(subtask.id.index)),
        }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }
}

struct Calc {
    condition: Option<Expr>,
    reads: Reads,
    /// Whether CURRENT_WATERMARK is called.
    reads_watermark: bool,
    /// The last watermark, if that is read.
    watermark: Option<Watermark>,
    zone: Zone,
    /// How many rows were projected.
    rows: u64,
    chance: SeededRandom,
}

fn reads_watermark(expr: &Expr) -> bool {
    expr.nodes().any(|node| node.is_call(CURRENT_WATERMARK))
}

impl Calc {
    /// The expression with the watermark put in.
    fn now(&self, expr: &Expr) -> Expr {
        if !self.reads_watermark {
            return expr.clone();
        }
        expr.transform(&mut |node| {
            if !node.is_call(CURRENT_WATERMARK) {
                return node;
            }
            let value = match (self.watermark, &node.data_type.logical) {
                (None, _) => Value::Null,
                (Some(at), LogicalType::TimestampLtz { .. }) => Value::TimestampLtz(at.0, 0),
                (Some(at), _) => Value::Timestamp(at.0, 0),
            };
            Expr::literal(value, node.data_type.clone())
        })
    }
}

impl Operator for Calc {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let surroundings = EvalContext {
            rows_before: self.rows,
            chance: RefCell::new(self.chance.clone()),
            ..EvalContext::at(context.now, self.zone)
        };
        let read = self.reads.columns(&batch, &surroundings)?;
        let batch = match &self.condition {
            None => read,
            Some(condition) => {
                let keep = self.now(condition).predicate(&batch, &surroundings)?;
                let (watermark, kept) = filter(&read, &keep)?;
                if let Some(watermark) = watermark {
                    context.emit_watermark(watermark);
                }
                kept
            }
        };
        if batch.is_empty() {
            return Ok(());
        }
        let columns =
            self.reads.projection.iter().map(|e| self.now(e).evaluate(&batch, &surroundings));
        let columns = columns.collect::<Result<_>>()?;
        self.rows += batch.len() as u64;
        self.chance = surroundings.chance.into_inner();
        let projected = Batch::new(columns, batch.len())
            .with_kinds(batch.kinds().clone())
            .with_marks(batch.marks().to_vec());
        context.emit_each(projected, batch.ids().map_or(&[], |ids| ids));
        Ok(())
    }

    /// The watermark that is read must stand still for a batch.
    fn passes_marks(&self) -> bool {
        !self.reads_watermark
    }

    fn watermark(&mut self, watermark: Watermark, context: &mut Context<'_>) -> Result<()> {
        self.watermark = Some(watermark);
        context.emit_watermark(watermark);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{check, schema};
    use super::*;
    use crate::expr::call;

    #[test]
    fn the_watermark_is_that_before_the_row() -> Result<()> {
        let input = schema("ts ROWTIME");
        let column = Expr::column(0, input.fields()[0].data_type.clone());
        let factory = CalcFactory {
            condition: None,
            projection: vec![call(CURRENT_WATERMARK, vec![column])?],
            output: schema("w TIMESTAMP"),
            zone: Zone::default(),
        };
        check(
            &factory,
            &input,
            &[("+I 1\n+I 2\nwatermark 2\n+I 3", "+I null\n+I null\nwatermark 2\n+I 2")],
        );
        Ok(())
    }

    #[test]
    fn rows_are_filtered_then_projected_with_kinds_and_watermarks() -> Result<()> {
        let input = schema("k STRING, v INT");
        let column = |c: usize| Expr::column(c, input.fields()[c].data_type.clone());
        let factory = CalcFactory {
            condition: Some(call(">", vec![column(1), Expr::constant(Value::Int(1))])?),
            projection: vec![column(1), column(0)],
            output: schema("v INT, k STRING"),
            zone: Zone::default(),
        };
        check(
            &factory,
            &input,
            &[
                ("+I a 1\nwatermark 5\n-U b 2\n+U b 3", "watermark 5\n-U 2 b\n+U 3 b"),
                (
                    "+I c 4\nwatermark 6\n+I d null\nwatermark 7\n-D c 4",
                    "+I 4 c\nwatermark 7\n-D 4 c",
                ),
            ],
        );
        Ok(())
    }
}
