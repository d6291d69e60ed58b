//! The order in which keys answer whose moment is the same: that of Flink's timers.
//!
//! Flink keeps timers in a [`Heap`] by their moment alone (`HeapPriorityQueueSet`). Before a window over a
//! table of windows rows wait in a buffer (`RecordsWindowBuffer`), which goes when the window of one of
//! them is due: only then those that are the first of their window set its timer.

use super::heap::Heap;

/// The timers of an operator: a moment, and the group that answers then.
#[derive(Default)]
pub(super) struct Timers {
    heap: Heap<i64, u32>,
    /// Timers of rows that wait, to be set when these go.
    held_back: Vec<(i64, u32)>,
    /// The moment at which they go.
    next: Option<i64>,
}

impl Timers {
    /// Sets a timer.
    pub(super) fn set(&mut self, at: i64, group: u32) {
        self.heap.add(at, group);
    }

    /// Sets a timer when the rows go that wait, at the latest when it is due.
    pub(super) fn hold_back(&mut self, at: i64, group: u32) {
        self.held_back.push((at, group));
        self.wait(at);
    }

    /// Rows wait whose first window is due at this moment.
    pub(super) fn wait(&mut self, until: i64) {
        self.next = Some(self.next.map_or(until, |next| next.min(until)));
    }

    /// The time is now: the timers of rows that waited, if these go.
    pub(super) fn let_in(&mut self, now: i64) -> Vec<(i64, u32)> {
        if self.next.is_none_or(|next| next > now) {
            return Vec::new();
        }
        self.next = None;
        std::mem::take(&mut self.held_back)
    }

    /// Sets them.
    pub(super) fn advance(&mut self, now: i64) {
        self.let_in(now).into_iter().for_each(|(at, group)| self.set(at, group));
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
            timers.hold_back(at, group as u32);
        }
        timers.advance(19);
        assert!(timers.due(19).is_empty());
        timers.advance(25);
        assert_eq!(timers.due(30), [(20, 0), (20, 1), (30, 3), (30, 2), (30, 4)]);
    }

    #[test]
    fn what_is_held_back_waits_for_the_first_row_to_go() {
        let mut timers = Timers::default();
        timers.hold_back(10, 0);
        timers.advance(10);
        assert_eq!(timers.due(10), [(10, 0)]);
        timers.hold_back(30, 1);
        timers.set(40, 2);
        timers.advance(20);
        assert!(timers.due(20).is_empty());
        // A row of a window whose timer is set lets the others go with it.
        timers.hold_back(20, 3);
        timers.wait(15);
        timers.advance(15);
        assert_eq!(timers.due(40), [(20, 3), (30, 1), (40, 2)]);
    }
}
