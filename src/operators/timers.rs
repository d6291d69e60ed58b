//! The order in which keys answer whose moment is the same: that of Flink's timers.
//!
//! Flink keeps timers in a [`Heap`] by their moment alone (`HeapPriorityQueueSet`). A window over a table of
//! windows has its timer when the rows held back before it are let in (`RecordsWindowBuffer`), which
//! happens when one of their windows is due; others have theirs when their first row comes.

use super::heap::Heap;

/// The timers of an operator: a moment, and the group that answers then.
#[derive(Default)]
pub(super) struct Timers {
    heap: Heap<i64, u32>,
    /// Timers that are set when one of them is due.
    held_back: Vec<(i64, u32)>,
    /// The first moment of those.
    first: Option<i64>,
}

impl Timers {
    /// Sets a timer, or holds it back until one of those that are held back is due.
    pub(super) fn set(&mut self, at: i64, group: u32, holds_back: bool) {
        if holds_back {
            self.first = Some(self.first.map_or(at, |first| first.min(at)));
            self.held_back.push((at, group));
        } else {
            self.heap.add(at, group);
        }
    }

    /// The time is now: what was held back is let in if some of it is due.
    pub(super) fn advance(&mut self, now: i64) {
        if self.first.is_some_and(|first| first <= now) {
            self.first = None;
            for (at, group) in self.held_back.drain(..) {
                self.heap.add(at, group);
            }
        }
    }

    /// The timers that are due at a moment, with their own moments, in the order in which they come.
    pub(super) fn due(&mut self, at: i64) -> Vec<(i64, u32)> {
        std::iter::from_fn(|| self.next_due(at)).collect()
    }

    /// The first of these.
    pub(super) fn next_due(&mut self, at: i64) -> Option<(i64, u32)> {
        let (moment, _) = self.heap.items.first()?;
        if *moment > at { None } else { self.heap.remove_first() }
    }
}

#[cfg(test)]
mod tests {
    use super::Timers;

    #[test]
    fn timers_of_one_moment_come_as_the_heap_has_them() {
        let mut timers = Timers::default();
        for (group, at) in [20, 20, 30, 30, 30].into_iter().enumerate() {
            timers.set(at, group as u32, true);
        }
        timers.advance(19);
        assert!(timers.due(19).is_empty());
        timers.advance(25);
        assert_eq!(timers.due(30), [(20, 0), (20, 1), (30, 3), (30, 2), (30, 4)]);
    }

    #[test]
    fn what_is_held_back_waits_for_the_first_of_it() {
        let mut timers = Timers::default();
        timers.set(10, 0, true);
        timers.advance(10);
        assert_eq!(timers.due(10), [(10, 0)]);
        timers.set(30, 1, true);
        timers.set(40, 2, false);
        timers.advance(20);
        assert!(timers.due(20).is_empty());
        timers.advance(40);
        assert_eq!(timers.due(40), [(30, 1), (40, 2)]);
    }
}
