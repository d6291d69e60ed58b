//! Rows come: into their slices, unless all their windows have answered.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, UInt32Array};

use super::WindowAggregate;
use crate::base::{LabTime, Result};
use crate::data::Batch;
use crate::data::select::take;
use crate::operators::Context;
use crate::operators::state_trace::StateTrace;
use crate::operators::window::STATE;

impl WindowAggregate {
    fn slices(&self, batch: &Batch, now: LabTime) -> Vec<Option<i64>> {
        self.factory.time.slices(self.factory.windows, batch, now)
    }

    /// The rows that are in time, and the slice of each.
    fn assign(&mut self, batch: Batch, context: &mut Context<'_>) -> Result<(Batch, Vec<i64>)> {
        let slices = self.slices(&batch, context.now);
        let (mut kept, mut ends) = (Vec::with_capacity(batch.len()), Vec::new());
        let mut last: Option<(i64, bool)> = None;
        for (row, slice) in slices.into_iter().enumerate() {
            let Some(end) = slice else { continue };
            let in_time = match last {
                Some((known, in_time)) if known == end => in_time,
                _ => {
                    let window = self.next_end(end, self.answered);
                    window.into_iter().for_each(|window| self.timers.wait(window));
                    window.is_some()
                }
            };
            last = Some((end, in_time));
            if in_time {
                kept.push(row as u32);
                ends.push(end);
            } else if let (Some(ids), Some(_)) = (batch.ids(), self.next_end(end, i64::MIN)) {
                context.trace_late(ids[row]);
            }
        }
        let all = kept.len() == batch.len();
        Ok((if all { batch } else { take(&batch, &UInt32Array::from(kept))? }, ends))
    }

    /// Takes the groups that were not open into their slices; whether each row's group is new.
    pub(super) fn open_groups(&mut self, groups: &[u32], ends: &[i64]) -> Result<Vec<bool>> {
        self.is_open.resize(self.index.capacity(), false);
        let (mut opened, mut new) = (Vec::with_capacity(groups.len()), Vec::new());
        for (group, end) in groups.iter().zip(ends) {
            let was_open = std::mem::replace(&mut self.is_open[*group as usize], true);
            if !was_open {
                self.open.entry(*end).or_default().push(*group);
                new.push((*group, *end));
            }
            opened.push(!was_open);
        }
        self.await_windows(&new)?;
        Ok(opened)
    }

    /// Accumulates while telling the trace what each row changes.
    fn accumulate_traced(
        &mut self,
        batch: &Batch,
        (groups, ends): (&[u32], &[i64]),
        opened: &[bool],
        context: &mut Context<'_>,
    ) -> Result<()> {
        let results = match self.factory.merges {
            true => self.aggregates.running_partials(batch, groups, self.index.capacity())?,
            false => self.aggregates.running(batch, groups, None)?,
        };
        let Some(trace) = StateTrace::of(STATE, &self.factory.keys, batch, context) else {
            return Ok(());
        };
        let trace = trace.within(ends.iter().copied());
        for row in 0..batch.len() {
            let before = match opened[row] {
                true => Vec::new(),
                false => self.aggregates.named(&results, 2 * row),
            };
            let after = self.aggregates.named(&results, 2 * row + 1);
            let cause = batch.ids().map(|ids| ids[row]);
            trace.write(row, before, after, context);
            self.causes.entry(groups[row]).or_default().extend(cause);
        }
        Ok(())
    }

    /// Takes rows into their slices.
    pub(super) fn accept(&mut self, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let (batch, ends) = self.assign(batch, context)?;
        if batch.is_empty() {
            return Ok(());
        }
        let mut columns: Vec<ArrayRef> = vec![Arc::new(Int64Array::from(ends.clone()))];
        columns.extend(self.factory.keys.of(&batch));
        let mut groups = Vec::new();
        self.index.intern(&columns, batch.len(), &mut groups)?;
        self.aggregates.grow(self.index.capacity());
        let opened = self.open_groups(&groups, &ends)?;
        match context.traces_records() {
            true => self.accumulate_traced(&batch, (&groups, &ends), &opened, context),
            false if self.factory.merges => {
                self.aggregates.merge_partials(&batch, &groups, self.index.capacity(), false)
            }
            false => self.aggregates.accumulate(&batch, &groups),
        }
    }

    /// Rows come now, or wait where Flink lets them wait. One phase takes all; a second one knows what
    /// is late.
    pub(super) fn arrive(&mut self, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        if self.waiting.is_none() {
            return self.accept(batch, context);
        }
        let ends = self.slices(&batch, context.now).into_iter().flatten();
        let in_time =
            |end: &i64| !self.factory.merges || self.next_end(*end, self.answered).is_some();
        let first = ends.filter(in_time).min().unwrap_or(i64::MAX);
        if let Some(waiting) = &mut self.waiting {
            waiting.push(batch, first);
        }
        Ok(())
    }

    /// The rows that waited for this moment come.
    pub(super) fn accept_due(&mut self, until: i64, context: &mut Context<'_>) -> Result<()> {
        let due = self.waiting.as_mut().map(|waiting| waiting.due(until)).transpose()?.flatten();
        due.map_or(Ok(()), |batch| self.accept(batch, context))
    }
}
