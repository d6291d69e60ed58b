//! Calc: a filter and a projection over each row, without state.

mod reads;
mod shared;
mod steps;

use std::cell::RefCell;

use self::steps::Steps;
use super::{Context, Operator, OperatorFactory, SubtaskInfo};
use crate::base::random::SeededRandom;
use crate::base::{Result, Watermark};
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
        let (condition, projection) = (self.condition.as_ref(), &self.projection);
        let shared = Steps::shared(condition, projection);
        Ok(Box::new(Calc {
            plain: shared.share().then(|| Steps::plain(condition, projection)),
            steps: shared,
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
    steps: Steps,
    /// What to do where `steps` fail, if they do anything for rows that do not need it.
    plain: Option<Steps>,
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
        let run = |steps: &Steps| {
            let surroundings = EvalContext {
                rows_before: self.rows,
                chance: RefCell::new(self.chance.clone()),
                ..EvalContext::at(context.now, self.zone)
            };
            let projected = steps.run(&batch, &surroundings, |expr| self.now(expr))?;
            Ok((projected, surroundings.chance.into_inner()))
        };
        let done = run(&self.steps);
        let done = done.or_else(|error| self.plain.as_ref().map_or(Err(error), run));
        let ((watermark, projected), chance) = done?;
        if let Some(watermark) = watermark {
            context.emit_watermark(watermark);
        }
        if projected.is_empty() {
            return Ok(());
        }
        self.rows += projected.len() as u64;
        self.chance = chance;
        let causes = projected.ids().cloned();
        context.emit_each(projected.with_ids(None), causes.as_deref().unwrap_or(&[]));
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
