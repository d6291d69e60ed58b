//! The operator chain of a task: each operator with an inbox; the deepest work comes first.
//!
//! What one operator emits is worked off behind it before it gets its next element, so a chain holds
//! little. Batches are cut at their watermark marks for operators that do not take marks.

use std::collections::VecDeque;
use std::sync::Arc;

use super::message::TaskSnapshot;
use super::surroundings::Surroundings;
use crate::base::{CheckpointId, LabTime, OperatorId, RecordId, Result};
use crate::data::{Batch, Element};
use crate::operators::{Context, Drain, Operator};
use crate::state::OperatorSnapshot;

/// The operators of a task behind its source, or all of them.
pub struct Chain {
    links: Vec<Link>,
    /// What an operator emitted during a call, kept to spare the allocation.
    out: Vec<Element>,
    /// What the operators put into the checkpoint whose barrier is on its way through.
    snapshots: TaskSnapshot,
    /// The checkpoint whose barrier went through the last operator.
    passed: Option<CheckpointId>,
    /// Whether the end went through the last operator.
    ended: bool,
}

struct Link {
    id: OperatorId,
    operator: Box<dyn Operator>,
    passes_marks: bool,
    inbox: VecDeque<(usize, Element)>,
    /// A batch that is being worked off run by run.
    cut: Option<Cut>,
    /// Whether the operator owes output for what it was given.
    owed: bool,
    /// Inputs that have not ended.
    open_inputs: usize,
    /// Whether the end is to be passed on once nothing is owed.
    ending: bool,
}

struct Cut {
    input: usize,
    batch: Batch,
    row: usize,
    mark: usize,
}

/// What a link is to do next.
enum Work {
    Process(usize, Batch),
    Other(usize, Element),
}

impl Chain {
    /// A chain of operators, head first; the head has `inputs` inputs.
    pub fn new(operators: Vec<(OperatorId, Box<dyn Operator>)>, inputs: usize) -> Self {
        let links = operators
            .into_iter()
            .enumerate()
            .map(|(position, (id, operator))| Link {
                id,
                passes_marks: operator.passes_marks(),
                operator,
                inbox: VecDeque::new(),
                cut: None,
                owed: false,
                open_inputs: if position == 0 { inputs.max(1) } else { 1 },
                ending: false,
            })
            .collect();
        Self { links, out: Vec::new(), snapshots: Vec::new(), passed: None, ended: false }
    }

    /// Gives an element to the head, or straight to the outputs if there are no operators.
    pub fn push(&mut self, input: usize, element: Element, s: &mut Surroundings<'_>) -> Result<()> {
        match self.links.first_mut() {
            Some(head) => {
                head.inbox.push_back((input, element));
                Ok(())
            }
            None => self.leave(element, s),
        }
    }

    /// Whether the end went through.
    pub fn has_ended(&self) -> bool {
        self.ended
    }

    /// Whether there is work that waits for no input.
    pub fn has_work(&self) -> bool {
        self.links.iter().any(|l| l.owed || l.has_input())
    }

    /// Works off all inboxes, deepest first, until nothing is left, an operator owes output, or a
    /// channel has no room.
    pub fn run(&mut self, s: &mut Surroundings<'_>) -> Result<()> {
        while s.outputs.is_clear()
            && let Some(index) = self.links.iter().rposition(|l| !l.owed && l.has_input())
        {
            // What stands behind an operator that owes output waits for that output.
            if self.links[index..].iter().any(|l| l.owed) {
                break;
            }
            self.work(index, s)?;
        }
        Ok(())
    }

    /// Lets the deepest operator that owes output emit its next portion. Says whether one did.
    pub fn drain(&mut self, s: &mut Surroundings<'_>) -> Result<bool> {
        let Some(index) = self.links.iter().rposition(|l| l.owed) else { return Ok(false) };
        self.settle(index, None, s)?;
        Ok(true)
    }

    /// The earliest timer of any operator.
    pub fn next_timer(&self) -> Option<LabTime> {
        self.links.iter().filter_map(|l| l.operator.next_timer()).min()
    }

    /// Fires the deepest timer that is due at an operator that owes nothing. Says whether one was.
    pub fn timer(&mut self, s: &mut Surroundings<'_>) -> Result<bool> {
        let due = |l: &Link| !l.owed && l.operator.next_timer().is_some_and(|t| t <= s.now);
        let Some(index) = self.links.iter().rposition(due) else { return Ok(false) };
        self.call(index, None, s, |operator, context| operator.timer(context))?;
        Ok(true)
    }

    /// Tells all operators that a checkpoint counts.
    pub fn completed(&mut self, checkpoint: CheckpointId, s: &mut Surroundings<'_>) -> Result<()> {
        for index in 0..self.links.len() {
            let link = &mut self.links[index];
            let mut context = s.context(link.id, None, &mut self.out);
            link.operator.checkpoint_completed(checkpoint, &mut context)?;
            self.forward(index, s)?;
        }
        Ok(())
    }

    /// Gives each operator its state back.
    pub fn restore<'a>(
        &mut self,
        snapshots: impl Fn(OperatorId) -> &'a [OperatorSnapshot],
        s: &mut Surroundings<'_>,
    ) -> Result<()> {
        for link in &mut self.links {
            let mut context = s.context(link.id, None, &mut self.out);
            link.operator.restore(snapshots(link.id), &mut context)?;
        }
        Ok(())
    }

    /// The state of all operators now; nothing may be owed.
    pub fn snapshot(&mut self, s: &mut Surroundings<'_>) -> Result<TaskSnapshot> {
        for index in 0..self.links.len() {
            self.snapshot_link(index, s)?;
        }
        Ok(std::mem::take(&mut self.snapshots))
    }

    /// The checkpoint whose barrier went through, and what the operators put into it.
    pub fn take_checkpoint(&mut self) -> Option<(CheckpointId, TaskSnapshot)> {
        let checkpoint = self.passed.take()?;
        Some((checkpoint, std::mem::take(&mut self.snapshots)))
    }

    fn snapshot_link(&mut self, index: usize, s: &mut Surroundings<'_>) -> Result<()> {
        let link = &mut self.links[index];
        let mut context = s.context(link.id, None, &mut self.out);
        let snapshot = link.operator.snapshot(&mut context)?;
        self.snapshots.push((link.id, snapshot));
        Ok(())
    }

    fn work(&mut self, index: usize, s: &mut Surroundings<'_>) -> Result<()> {
        let Some(work) = self.links[index].next() else { return Ok(()) };
        match work {
            Work::Process(input, batch) => {
                let ids = batch.ids().cloned();
                self.call(index, ids, s, |o, context| o.process(input, batch, context))
            }
            Work::Other(input, element) => self.work_control(index, input, element, s),
        }
    }

    fn work_control(
        &mut self,
        index: usize,
        input: usize,
        element: Element,
        s: &mut Surroundings<'_>,
    ) -> Result<()> {
        match element {
            Element::Watermark(w) => {
                self.call(index, None, s, |o, context| o.watermark(w, context))
            }
            Element::Barrier(_) => {
                self.snapshot_link(index, s)?;
                self.out.push(element);
                self.forward(index, s)
            }
            Element::End => {
                let link = &mut self.links[index];
                link.open_inputs = link.open_inputs.saturating_sub(1);
                link.ending = link.open_inputs == 0;
                self.call(index, None, s, |o, context| o.end_input(input, context))
            }
            Element::Idle(_) | Element::Batch(_) => {
                self.out.push(element);
                self.forward(index, s)
            }
        }
    }

    /// Calls an operator, lets it drain once, and passes on what it emitted.
    fn call(
        &mut self,
        index: usize,
        ids: Option<Arc<[RecordId]>>,
        s: &mut Surroundings<'_>,
        what: impl FnOnce(&mut dyn Operator, &mut Context<'_>) -> Result<()>,
    ) -> Result<()> {
        let link = &mut self.links[index];
        what(&mut *link.operator, &mut s.context(link.id, ids.clone(), &mut self.out))?;
        self.settle(index, ids, s)
    }

    fn settle(
        &mut self,
        index: usize,
        ids: Option<Arc<[RecordId]>>,
        s: &mut Surroundings<'_>,
    ) -> Result<()> {
        let link = &mut self.links[index];
        let drain = link.operator.drain(&mut s.context(link.id, ids, &mut self.out))?;
        link.owed = drain == Drain::More;
        if link.ending && !link.owed {
            link.ending = false;
            self.out.push(Element::End);
        }
        self.forward(index, s)
    }

    /// Moves what the operator at `index` emitted into the next inbox or out of the chain.
    fn forward(&mut self, index: usize, s: &mut Surroundings<'_>) -> Result<()> {
        if self.out.is_empty() {
            return Ok(());
        }
        if let Some(next) = self.links.get_mut(index + 1) {
            next.inbox.extend(self.out.drain(..).map(|element| (0, element)));
            return Ok(());
        }
        let mut out = std::mem::take(&mut self.out);
        for element in out.drain(..) {
            self.leave(element, s)?;
        }
        self.out = out;
        Ok(())
    }

    fn leave(&mut self, element: Element, s: &mut Surroundings<'_>) -> Result<()> {
        match element {
            Element::Barrier(barrier) => self.passed = Some(barrier.checkpoint),
            Element::End => self.ended = true,
            Element::Batch(_) | Element::Watermark(_) | Element::Idle(_) => {}
        }
        s.outputs.emit(element, s.metrics, s.tracer)
    }
}

impl Link {
    fn has_input(&self) -> bool {
        self.cut.is_some() || !self.inbox.is_empty()
    }

    fn next(&mut self) -> Option<Work> {
        if let Some(cut) = self.cut.take() {
            return self.next_of_cut(cut);
        }
        match self.inbox.pop_front()? {
            (input, Element::Batch(batch)) if batch.marks().is_empty() || self.passes_marks => {
                Some(Work::Process(input, batch))
            }
            (input, Element::Batch(batch)) => {
                self.next_of_cut(Cut { input, batch, row: 0, mark: 0 })
            }
            (input, other) => Some(Work::Other(input, other)),
        }
    }

    /// The next run of rows, or the watermark that follows the run before.
    fn next_of_cut(&mut self, mut cut: Cut) -> Option<Work> {
        let mark = cut.batch.marks().get(cut.mark).copied();
        let end = mark.map_or(cut.batch.len(), |m| m.after);
        let input = cut.input;
        let work = if end > cut.row {
            let rows = cut.batch.slice(cut.row, end - cut.row);
            cut.row = end;
            Work::Process(input, rows)
        } else {
            cut.mark += 1;
            Work::Other(input, Element::Watermark(mark?.watermark))
        };
        let more = cut.row < cut.batch.len() || cut.mark < cut.batch.marks().len();
        self.cut = more.then_some(cut);
        Some(work)
    }
}

#[cfg(test)]
mod tests;
