//! What a debug build checks behind every operator: columns, watermarks, and a legal changelog.
//!
//! A broken promise fails the job with `operator-broke-promise` instead of surfacing as a wrong
//! result three operators later. Release builds run the operators as they are.

use arrow::datatypes::DataType as ArrowType;

use super::{Context, Drain, Operator, OperatorFactory, SubtaskInfo};
use crate::base::{CheckpointId, Error, LabTime, Result, Watermark};
use crate::data::arrow::arrow_type;
use crate::data::{Batch, Element, RowKind};
use crate::state::OperatorSnapshot;

/// Makes the operator of one subtask; in debug builds behind a check of what it emits.
pub fn create(factory: &dyn OperatorFactory, subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
    let operator = factory.create(subtask)?;
    if !cfg!(debug_assertions) {
        return Ok(operator);
    }
    let fields = factory.output().fields().iter();
    let columns = fields.map(|f| arrow_type(&f.data_type.logical)).collect();
    let inserts_only = factory.emits_inserts_only();
    Ok(Box::new(Checked { operator, columns, inserts_only, watermark: Watermark::MIN }))
}

struct Checked {
    operator: Box<dyn Operator>,
    columns: Vec<ArrowType>,
    inserts_only: bool,
    watermark: Watermark,
}

impl Checked {
    fn checking(
        &mut self,
        context: &mut Context<'_>,
        call: impl FnOnce(&mut dyn Operator, &mut Context<'_>) -> Result<()>,
    ) -> Result<()> {
        let before = context.out.len();
        call(&mut *self.operator, context)?;
        for element in &context.out[before..] {
            match element {
                Element::Batch(batch) => self.check_batch(batch)?,
                Element::Watermark(watermark) => self.check_watermark(*watermark)?,
                Element::Barrier(_) | Element::Idle(_) | Element::End => {}
            }
        }
        Ok(())
    }

    fn check_batch(&mut self, batch: &Batch) -> Result<()> {
        let found: Vec<&ArrowType> = batch.columns().iter().map(|c| c.data_type()).collect();
        if !found.iter().copied().eq(&self.columns) {
            return Err(broken("columns", format!("{found:?} instead of {:?}", self.columns)));
        }
        let mut kinds = (0..batch.len()).map(|row| batch.kind(row));
        if let Some(kind) = kinds.find(|k| self.inserts_only && *k != RowKind::Insert) {
            return Err(broken("changelog", kind.symbol().to_owned()));
        }
        batch.marks().iter().try_for_each(|m| self.check_watermark(m.watermark))
    }

    fn check_watermark(&mut self, watermark: Watermark) -> Result<()> {
        if watermark < self.watermark {
            return Err(broken("watermark", format!("{watermark} after {}", self.watermark)));
        }
        self.watermark = watermark;
        Ok(())
    }
}

fn broken(promise: &str, detail: String) -> Error {
    Error::new("operator-broke-promise").arg("promise", promise).arg("detail", detail)
}

impl Operator for Checked {
    fn process(&mut self, input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        self.checking(context, |o, c| o.process(input, batch, c))
    }

    fn watermark(&mut self, watermark: Watermark, context: &mut Context<'_>) -> Result<()> {
        self.checking(context, |o, c| o.watermark(watermark, c))
    }

    fn next_timer(&self) -> Option<LabTime> {
        self.operator.next_timer()
    }

    fn timer(&mut self, context: &mut Context<'_>) -> Result<()> {
        self.checking(context, |o, c| o.timer(c))
    }

    fn end_input(&mut self, input: usize, context: &mut Context<'_>) -> Result<()> {
        self.checking(context, |o, c| o.end_input(input, c))
    }

    fn drain(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        let mut answer = Drain::Done;
        self.checking(context, |o, c| {
            answer = o.drain(c)?;
            Ok(())
        })?;
        Ok(answer)
    }

    fn passes_marks(&self) -> bool {
        self.operator.passes_marks()
    }

    fn snapshot(&mut self, context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        self.operator.snapshot(context)
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &mut Context<'_>) -> Result<()> {
        self.operator.restore(snapshots, context)
    }

    fn checkpoint_completed(
        &mut self,
        checkpoint: CheckpointId,
        context: &mut Context<'_>,
    ) -> Result<()> {
        self.operator.checkpoint_completed(checkpoint, context)
    }
}
