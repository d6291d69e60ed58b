//! Windows answer: the groups of their slices are merged, and go when no window needs them.

use super::{Due, WindowAggregate, WindowAggregateFactory};
use crate::base::Result;
use crate::data::Batch;
use crate::data::arrow::array_of;
use crate::operators::Context;
use crate::operators::window::slicing::WindowKind;
use crate::operators::window::trace_gone;

impl WindowAggregate {
    /// Makes all windows that end at `until` or before answer.
    pub(super) fn close(&mut self, until: i64, context: &mut Context<'_>) -> Result<()> {
        self.let_in(until);
        while let Some(slice_end) = self.open.first_key_value().map(|(end, _)| *end) {
            match self.next_end(slice_end, self.answered) {
                Some(end) if end <= until => {
                    let groups = match self.is_whole() {
                        true => {
                            self.open.remove(&slice_end);
                            self.timers.due(end).into_iter().map(|(_, group)| group).collect()
                        }
                        false => self.merge_in_turn(end)?,
                    };
                    self.due.push_back(Due { end, groups: groups.into() });
                    self.answered = end;
                }
                Some(_) => break,
                None => self.forget(slice_end, context)?,
            }
        }
        self.answered = self.answered.max(until);
        self.forget_timers(until);
        Ok(())
    }

    /// The groups of a window, made of those of its slices.
    pub(super) fn merge(&mut self, end: i64) -> Result<Vec<u32>> {
        let start = self.factory.windows.start(end);
        let slices = self.open.range(start.saturating_add(1)..=end);
        let mut slices: Vec<&Vec<u32>> = slices.map(|(_, groups)| groups).collect();
        // Flink merges hopping windows from their last slice: LISTAGG shows it.
        if let WindowKind::Hop { .. } = self.factory.windows.kind {
            slices.reverse();
        }
        let from: Vec<u32> = slices.into_iter().flatten().copied().collect();
        let of_window: Vec<(u32, i64)> = from.iter().map(|group| (*group, end)).collect();
        let mut into: Vec<u32> =
            self.of_windows(&of_window)?.into_iter().map(|(_, group)| group).collect();
        self.aggregates.grow(self.index.capacity());
        self.aggregates.merge(&into, &from)?;
        for (into, from) in into.iter().zip(&from) {
            if let Some(causes) = self.causes.get(from).cloned() {
                self.causes.entry(*into).or_default().extend(causes);
            }
        }
        into.sort_unstable();
        into.dedup();
        Ok(into)
    }

    /// A slice whose windows have all answered goes.
    fn forget(&mut self, slice_end: i64, context: &mut Context<'_>) -> Result<()> {
        let groups = self.open.remove(&slice_end).unwrap_or_default();
        trace_gone(&groups, &self.index, &self.aggregates, &self.factory.keys, context)?;
        for group in groups {
            self.release(group);
            self.causes.remove(&group);
        }
        Ok(())
    }

    fn release(&mut self, group: u32) {
        self.aggregates.clear(group);
        self.remove(group);
    }

    /// Forgets a group that has no state.
    pub(super) fn remove(&mut self, group: u32) {
        self.index.remove(group);
        self.is_open[group as usize] = false;
    }

    pub(super) fn answer(
        &mut self,
        end: i64,
        groups: &[u32],
        context: &mut Context<'_>,
    ) -> Result<()> {
        // The groups of a window that was merged have no state of their own.
        if self.is_whole() {
            trace_gone(groups, &self.index, &self.aggregates, &self.factory.keys, context)?;
        }
        let mut columns = self.index.columns(groups)?;
        columns.remove(0);
        columns.extend(self.aggregates.evaluate(groups)?);
        let fields = &self.factory.output.fields()[columns.len()..];
        for (property, field) in self.factory.properties.iter().zip(fields) {
            let WindowAggregateFactory { windows, time, .. } = &self.factory;
            let bounds = (windows.start(end), end);
            let value = property.value(bounds, time, &field.data_type, context.now);
            columns.push(array_of(&field.data_type, &vec![value; groups.len()])?);
        }
        groups.iter().for_each(|group| self.release(*group));
        let causes = |row: usize| self.causes.remove(&groups[row]).unwrap_or_default();
        context.emit_rows_because(Batch::new(columns, groups.len()), causes);
        Ok(())
    }
}
