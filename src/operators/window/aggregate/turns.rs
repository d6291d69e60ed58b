//! In which order the keys of windows of several slices answer: that of Flink's timers.
//!
//! A key waits for one window at a time in a table of windows (`SliceSharedWindowAggProcessor`): for the
//! next one when its first row comes into a slice, and for the one behind it when a window has answered
//! that had rows of the key. A window of GROUP BY HOP(..) is waited for as soon as a row comes into it
//! (`WindowOperator`).

use std::sync::Arc;

use arrow::array::Int64Array;
use rustc_hash::FxHashMap;

use super::{WindowAggregate, WindowAggregateFactory};
use crate::base::Result;
use crate::operators::window::Progress;

/// What stands for a window in the index, where slices are named by their ends: no slice is half the
/// range of time away.
fn named(window_end: i64) -> i64 {
    window_end ^ i64::MIN
}

impl WindowAggregate {
    /// The keys of new groups, each with the end of its slice, wait for their windows.
    pub(super) fn await_windows(&mut self, new: &[(u32, i64)]) -> Result<()> {
        let WindowAggregateFactory { of_table, time, .. } = &self.factory;
        let buffers = *of_table && time.progress == Progress::Watermark;
        if self.is_whole() {
            for (group, end) in new {
                match buffers {
                    true => self.timers.hold_back(*end, *group),
                    false => self.timers.set(*end, *group),
                }
            }
            return Ok(());
        }
        let of_each = new.iter().flat_map(|(group, slice)| {
            self.awaited(*slice).map(move |window| ((*group, window), *slice))
        });
        let (of_windows, slices): (Vec<(u32, i64)>, Vec<i64>) = of_each.unzip();
        for ((window, group), slice) in self.of_windows(&of_windows)?.into_iter().zip(slices) {
            // A row that comes late to its slice waits in the buffer; its key waits for no buffer.
            match buffers && window == slice {
                true => self.timers.hold_back(window, group),
                false => self.set_timer(window, group),
            }
        }
        Ok(())
    }

    /// The rows go that waited, if a window of theirs is due.
    pub(super) fn let_in(&mut self, now: i64) {
        if self.is_whole() {
            return self.timers.advance(now);
        }
        for (window, group) in self.timers.let_in(now) {
            self.set_timer(window, group);
        }
    }

    /// The windows that a key waits for whose first row has come into a slice.
    fn awaited(&self, slice_end: i64) -> impl Iterator<Item = i64> + use<> {
        let (windows, answered, of_table) =
            (self.factory.windows, self.answered, self.factory.of_table);
        let next = of_table.then(|| windows.next_end(slice_end, answered)).flatten();
        let all = (!of_table).then(|| windows.of(slice_end.saturating_sub(1)));
        next.into_iter().chain(all.into_iter().flatten().filter(move |end| *end > answered))
    }

    /// The group of the same key in a window, for each group and window.
    pub(super) fn of_windows(&mut self, of: &[(u32, i64)]) -> Result<Vec<(i64, u32)>> {
        let (from, windows): (Vec<u32>, Vec<i64>) = of.iter().copied().unzip();
        let mut columns = self.index.columns(&from)?;
        columns[0] = Arc::new(windows.iter().copied().map(named).collect::<Int64Array>());
        let mut groups = Vec::new();
        self.index.intern(&columns, from.len(), &mut groups)?;
        self.is_open.resize(self.index.capacity(), false);
        Ok(windows.into_iter().zip(groups).collect())
    }

    /// A group of a window waits for it, unless it does so already.
    fn set_timer(&mut self, window: i64, group: u32) {
        if !std::mem::replace(&mut self.is_open[group as usize], true) {
            self.timers.set(window, group);
        }
    }

    /// The groups of a window that answers, in their turn; each goes on to wait for the next window.
    pub(super) fn merge_in_turn(&mut self, end: i64) -> Result<Vec<u32>> {
        let merged = self.merge(end)?;
        let next = self.factory.of_table.then(|| self.factory.windows.after(end)).flatten();
        let mut behind: FxHashMap<u32, Option<(i64, u32)>> =
            merged.iter().map(|group| (*group, None)).collect();
        if let Some(next) = next {
            let of_next: Vec<(u32, i64)> = merged.iter().map(|group| (*group, next)).collect();
            let of_next = self.of_windows(&of_next)?;
            behind.extend(merged.iter().copied().zip(of_next.into_iter().map(Some)));
        }
        let mut turns = Vec::with_capacity(merged.len());
        while let Some((_, group)) = self.timers.next_due(end) {
            match behind.get(&group) {
                None => self.remove(group),
                Some(next) => {
                    turns.push(group);
                    next.iter().for_each(|(window, group)| self.set_timer(*window, *group));
                }
            }
        }
        debug_assert_eq!(turns.len(), merged.len(), "each key of a window has waited for it");
        Ok(turns)
    }

    /// Keys that waited for windows in which they have no rows do so no longer.
    pub(super) fn forget_timers(&mut self, until: i64) {
        if !self.is_whole() {
            while let Some((_, group)) = self.timers.next_due(until) {
                self.remove(group);
            }
        }
    }
}
