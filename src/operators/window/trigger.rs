//! When the rows of Flink's phases of a window aggregate go on.
//!
//! There the rows of a slice wait in a buffer, in the first phase and again in the second, which goes at
//! the ends of slices *without* their offset, and of instants by the clock of UTC if the zone knows no
//! summer time; while the watermark goes on at once. Where windows are not where the clock has its hours,
//! rows can so leave a buffer when their window has already answered, and are late although their time
//! was not: Flink 1.18 loses them, and so do these operators. Where the two ends are the same the second
//! phase needs no buffer.

use super::WindowTime;
use super::slicing::Windows;
use crate::base::Result;
use crate::data::Batch;
use crate::data::select::concat;

/// Knows when a buffer goes.
pub(super) struct Trigger {
    /// How long a slice is.
    slice: i64,
    /// Where the ends are at which the rows may go, within the length of a slice.
    grid: i64,
    /// The watermark that lets rows go.
    next: i64,
    /// The end of the first slice with rows.
    first_end: i64,
}

impl Trigger {
    pub(super) fn new(windows: Windows, time: &WindowTime) -> Self {
        let (slice, grid) = (windows.slice(), time.hours_apart());
        Self { slice, grid, next: i64::MIN, first_end: i64::MAX }
    }

    /// Rows wait, of which the first slice ends here.
    pub(super) fn hold(&mut self, first_end: i64) {
        self.first_end = self.first_end.min(first_end);
    }

    /// Whether the rows go because event time is complete up to here.
    pub(super) fn fires(&mut self, watermark: i64) -> bool {
        if watermark < self.next {
            return false;
        }
        let since = watermark.saturating_sub(self.grid).rem_euclid(self.slice);
        let begin = watermark.saturating_sub(since);
        let end = begin.saturating_add(self.slice - 1);
        self.next = if end > watermark { end } else { end.saturating_add(self.slice) };
        self.first_end.saturating_sub(1) <= watermark
    }

    /// No rows wait any more.
    pub(super) fn emptied(&mut self) {
        self.first_end = i64::MAX;
    }
}

/// Rows that wait for their slice.
pub(super) struct Waiting {
    trigger: Trigger,
    held: Vec<Batch>,
}

impl Waiting {
    /// A buffer, if windows are apart from the ends at which rows go.
    pub(super) fn if_apart(windows: Windows, time: &WindowTime) -> Option<Self> {
        let apart = (windows.offset - time.hours_apart()).rem_euclid(windows.slice()) != 0;
        apart.then(|| Self { trigger: Trigger::new(windows, time), held: Vec::new() })
    }

    /// Takes rows, of which the first slice ends here.
    pub(super) fn push(&mut self, batch: Batch, first_end: i64) {
        self.trigger.hold(first_end);
        self.held.push(batch);
    }

    /// The rows that go because event time is complete up to here.
    pub(super) fn due(&mut self, watermark: i64) -> Result<Option<Batch>> {
        if self.trigger.fires(watermark) { self.take() } else { Ok(None) }
    }

    /// All rows.
    pub(super) fn take(&mut self) -> Result<Option<Batch>> {
        self.trigger.emptied();
        let held = std::mem::take(&mut self.held);
        if held.is_empty() { Ok(None) } else { concat(&held).map(Some) }
    }
}
