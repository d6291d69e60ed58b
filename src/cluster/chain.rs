//! The operator chain of a task: each operator with an inbox; the deepest work comes first.
//!
//! What one operator emits is worked off behind it before it gets its next element, so a chain holds
//! little. Where a chain branches, the first branch is worked off first. Batches are cut at their
//! watermark marks for operators that do not take marks.

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
    /// Each in front of those that take its output; of branches, the first comes last.
    links: Vec<Link>,
    /// For each link, who takes its output.
    outputs: Vec<Output>,
    /// Who takes what the task is given.
    entry: Output,
    /// How many links nothing follows, the entry if there are none.
    last: usize,
    /// What an operator emitted during a call, kept to spare the allocation.
    out: Vec<Element>,
    /// What the operators put into the checkpoint whose barrier is on its way through.
    snapshots: TaskSnapshot,
    /// The checkpoint whose barrier is on its way, and through how many last operators it went.
    passed: Option<(CheckpointId, usize)>,
    /// Through how many last operators the end went.
    ended: usize,
}

/// An operator of a chain to be.
pub struct Place {
    /// Its id.
    pub id: OperatorId,
    /// What runs.
    pub operator: Box<dyn Operator>,
    /// The position of the one whose output it takes; `None`: it takes what the task is given.
    pub after: Option<usize>,
    /// The edges out of the task that it sends over.
    pub edges: Vec<usize>,
}

/// Who takes some output: operators of the chain, by position, and edges out of the task.
struct Output {
    links: Vec<usize>,
    edges: Vec<usize>,
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
    /// A chain of operators, each in front of those that take its output. The first has `inputs` inputs,
    /// unless a source stands before it, which sends over `edges` too.
    pub fn new(places: Vec<Place>, inputs: usize, edges: Vec<usize>) -> Self {
        let positions = deepest_last(&places);
        let mut entry = Output { links: Vec::new(), edges };
        let mut outputs: Vec<Output> = Vec::with_capacity(places.len());
        let mut links = Vec::with_capacity(places.len());
        let mut places: Vec<(usize, Place)> = positions.iter().copied().zip(places).collect();
        places.sort_by_key(|(index, _)| *index);
        for (index, Place { id, operator, after, edges }) in places {
            let before = after.map(|after| positions[after]);
            before.map_or(&mut entry, |before| &mut outputs[before]).links.push(index);
            outputs.push(Output { links: Vec::new(), edges });
            let is_first = positions.first() == Some(&index);
            links.push(Link::new(id, operator, if is_first { inputs.max(1) } else { 1 }));
        }
        let last = outputs.iter().filter(|output| output.links.is_empty()).count().max(1);
        let (out, snapshots, passed, ended) = (Vec::new(), Vec::new(), None, 0);
        Self { links, outputs, entry, last, out, snapshots, passed, ended }
    }

    /// Gives an element to all that take what the task is given.
    pub fn push(&mut self, input: usize, element: Element, s: &mut Surroundings<'_>) -> Result<()> {
        self.hand_on(None, input, element, s)
    }

    /// Whether the end went through.
    pub fn has_ended(&self) -> bool {
        self.ended == self.last
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
        let (checkpoint, _) = self.passed.take_if(|(_, passed)| *passed == self.last)?;
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

    /// Gives what the operator at `index` emitted to all that take it.
    fn forward(&mut self, index: usize, s: &mut Surroundings<'_>) -> Result<()> {
        let mut out = std::mem::take(&mut self.out);
        for element in out.drain(..) {
            self.hand_on(Some(index), 0, element, s)?;
        }
        self.out = out;
        Ok(())
    }

    /// Gives an element to all that take the output of a link, or what the task is given.
    fn hand_on(
        &mut self,
        of: Option<usize>,
        input: usize,
        element: Element,
        s: &mut Surroundings<'_>,
    ) -> Result<()> {
        let output = of.map_or(&self.entry, |index| &self.outputs[index]);
        let Some((first, others)) = output.links.split_first() else {
            match &element {
                Element::Barrier(barrier) => {
                    self.passed.get_or_insert((barrier.checkpoint, 0)).1 += 1;
                }
                Element::End => self.ended += 1,
                Element::Batch(_) | Element::Watermark(_) | Element::Idle(_) => {}
            }
            return s.outputs.emit(&output.edges, element, s.metrics, s.tracer);
        };
        if !output.edges.is_empty() {
            s.outputs.emit(&output.edges, element.clone(), s.metrics, s.tracer)?;
        }
        for link in others {
            self.links[*link].inbox.push_back((input, element.clone()));
        }
        self.links[*first].inbox.push_back((input, element));
        Ok(())
    }
}

/// For each place the position of its link: each in front of those that take its output, and the first
/// branch last: who comes last is worked off first.
fn deepest_last(places: &[Place]) -> Vec<usize> {
    let of = |before: Option<usize>| (0..places.len()).filter(move |p| places[*p].after == before);
    let mut pending: Vec<usize> = of(None).collect();
    let mut positions = vec![0; places.len()];
    let mut next = 0..;
    while let (Some(place), Some(position)) = (pending.pop(), next.next()) {
        positions[place] = position;
        pending.extend(of(Some(place)));
    }
    positions
}

impl Link {
    fn new(id: OperatorId, operator: Box<dyn Operator>, open_inputs: usize) -> Self {
        Self {
            id,
            passes_marks: operator.passes_marks(),
            operator,
            inbox: VecDeque::new(),
            cut: None,
            owed: false,
            open_inputs,
            ending: false,
        }
    }

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
