//! Lookup join: for each row a table is asked for the rows of a key, and they go out beside it.
//!
//! It has no state: a row that takes another back asks anew. A key with a NULL is not asked, for NULL
//! equals nothing.

#[cfg(test)]
mod tests;
mod trace;

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, UInt32Array};
use arrow::compute;

use super::beside::{Beside, Pairs};
use super::{Context, Drain, Operator, OperatorFactory, SubtaskInfo};
use crate::base::Result;
use crate::connectors::{Found, Lookup, LookupFactory};
use crate::data::select::{filter, take};
use crate::data::{Batch, Schema};
use crate::expr::{EvalContext, Expr, Zone, kernel_error};

/// What a lookup join asks and does.
#[derive(Clone)]
pub struct LookupJoinFactory {
    /// The name of the table, for the trace.
    pub table: Arc<str>,
    /// What answers.
    pub lookup: Arc<dyn LookupFactory>,
    /// The key: the names of its columns, and what they are, over the columns of the left.
    pub keys: Vec<(Arc<str>, Expr)>,
    /// Answers stay where this is true, over the columns of the lookup.
    pub filter: Option<Expr>,
    /// What becomes of them, over the columns of the lookup.
    pub projection: Vec<Expr>,
    /// What must hold besides, over the columns of the left and then the projected ones.
    pub condition: Option<Expr>,
    /// Whether a row without an answer stays, with NULLs.
    pub left: bool,
    /// The columns of the left, then the projected ones.
    pub output: Schema,
    /// The session's time zone.
    pub zone: Zone,
}

impl OperatorFactory for LookupJoinFactory {
    fn create(&self, subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        let lookup = self.lookup.create(subtask.seed)?;
        Ok(Box::new(LookupJoin { factory: self.clone(), lookup, owed: None }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }
}

struct LookupJoin {
    factory: LookupJoinFactory,
    lookup: Box<dyn Lookup>,
    owed: Option<Beside>,
}

/// Rows that answer rows of a batch.
struct Answers {
    columns: Vec<ArrayRef>,
    /// For each of them the row that it answers, in order.
    rows: Vec<u32>,
}

impl Operator for LookupJoin {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let surroundings = EvalContext::at(context.now, self.factory.zone);
        let found = self.ask(&batch, &surroundings, context)?;
        let answers = self.projected(found, &surroundings)?;
        let answers = self.matching(&batch, answers, &surroundings)?;
        let pairs = self.pairs(batch.len(), &answers.rows);
        self.owed = Some(Beside::new(batch, pairs, answers.columns));
        Ok(())
    }

    fn drain(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        self.owed.as_mut().map_or(Ok(Drain::Done), |owed| owed.drain(context))
    }
}

impl LookupJoin {
    /// What the table answers for the rows whose key has no NULL; `keys` of it are positions in the batch.
    fn ask(
        &mut self,
        batch: &Batch,
        surroundings: &EvalContext,
        context: &mut Context<'_>,
    ) -> Result<Found> {
        let keys = self.factory.keys.iter().map(|(_, key)| key.evaluate(batch, surroundings));
        let keys = keys.collect::<Result<Vec<_>>>()?;
        let is_whole = |row: &u32| keys.iter().all(|key| key.is_valid(*row as usize));
        let asked: Vec<u32> = (0..batch.len() as u32).filter(is_whole).collect();
        let at = UInt32Array::from(asked.clone());
        let keys = keys.iter().map(|key| compute::take(key, &at, None));
        let keys = keys.collect::<Result<Vec<_>, _>>().map_err(kernel_error)?;
        let mut found = self.lookup.look_up(&keys, context.now)?;
        if let Some(ids) = batch.ids().filter(|_| context.traces_records()) {
            let ids = asked.iter().map(|row| ids[*row as usize]);
            trace::tell(&self.factory, ids, &keys, &found, context);
        }
        found.keys.iter_mut().for_each(|key| *key = asked[*key as usize]);
        Ok(found)
    }

    /// The answers that stay, as they are to go out.
    fn projected(&self, found: Found, surroundings: &EvalContext) -> Result<Answers> {
        let Found { mut rows, mut keys } = found;
        if let Some(condition) = &self.factory.filter {
            let keep = condition.predicate(&rows, surroundings)?;
            (_, rows) = filter(&rows, &keep)?;
            keys = kept(keys, &keep);
        }
        let columns = self.factory.projection.iter().map(|e| e.evaluate(&rows, surroundings));
        Ok(Answers { columns: columns.collect::<Result<_>>()?, rows: keys })
    }

    /// The answers for which the condition is true of both.
    fn matching(
        &self,
        batch: &Batch,
        answers: Answers,
        surroundings: &EvalContext,
    ) -> Result<Answers> {
        let Some(condition) = &self.factory.condition else { return Ok(answers) };
        let Answers { columns, rows } = answers;
        let left = take(batch, &UInt32Array::from(rows.clone()))?;
        let both = left.columns().iter().chain(&columns).cloned().collect();
        let keep = condition.predicate(&left.with_columns(both), surroundings)?;
        let columns = columns.iter().map(|c| compute::filter(c, &keep));
        let columns = columns.collect::<Result<_, _>>().map_err(kernel_error)?;
        Ok(Answers { columns, rows: kept(rows, &keep) })
    }

    /// Each row with its answers; with none if it has none and is to stay.
    fn pairs(&self, len: usize, answers: &[u32]) -> Pairs {
        let mut pairs = Pairs::default();
        let mut next = 0;
        for row in 0..len {
            let first = next;
            while answers.get(next).is_some_and(|of| *of as usize == row) {
                pairs.push(row, Some(next));
                next += 1;
            }
            if next == first && self.factory.left {
                pairs.push(row, None);
            }
        }
        pairs
    }
}

/// Those of which it is true.
fn kept(rows: Vec<u32>, keep: &BooleanArray) -> Vec<u32> {
    rows.into_iter().zip(keep).filter(|(_, keep)| *keep == Some(true)).map(|(row, _)| row).collect()
}
