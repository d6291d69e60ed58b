//! The join of two inputs that end: the right one is kept whole, then each row of the left is looked up
//! in it. The answer comes once.

use super::lookup::Lookup;
use super::{JoinFactory, JoinSpec};
use crate::base::Result;
use crate::data::Batch;
use crate::operators::{Context, Drain, Operator};

/// A join of two bounded inputs, in one subtask.
pub(super) struct BoundedJoin {
    join: JoinSpec,
    /// What came of each input before the right had ended.
    arrived: [Vec<Batch>; 2],
    left_ended: bool,
    lookup: Option<Lookup>,
}

impl BoundedJoin {
    pub(super) fn new(factory: &JoinFactory) -> Self {
        let join = factory.join.clone();
        Self { join, arrived: Default::default(), left_ended: false, lookup: None }
    }
}

impl Operator for BoundedJoin {
    fn process(&mut self, input: usize, batch: Batch, _context: &mut Context<'_>) -> Result<()> {
        match &mut self.lookup {
            Some(lookup) if input == 0 => lookup.probe(batch),
            _ => self.arrived[input].push(batch),
        }
        Ok(())
    }

    fn end_input(&mut self, input: usize, _context: &mut Context<'_>) -> Result<()> {
        let [left, right] = &mut self.arrived;
        if input == 0 {
            self.left_ended = true;
        } else {
            let lookup = self.lookup.insert(Lookup::new(&self.join, std::mem::take(right))?);
            left.drain(..).for_each(|batch| lookup.probe(batch));
        }
        if let Some(lookup) = self.lookup.as_mut().filter(|_| self.left_ended) {
            lookup.end();
        }
        Ok(())
    }

    fn drain(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        match &mut self.lookup {
            Some(lookup) => lookup.drain(&self.join, context),
            None => Ok(Drain::Done),
        }
    }
}
