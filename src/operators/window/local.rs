//! What Flink's phases of a window aggregate do to windows that are not where the clock has its hours.
//!
//! There the rows of a slice wait in a buffer, in the first phase and again in the second, which goes at
//! the ends of slices *without* their offset, and of instants by the clock of UTC if the zone knows no
//! summer time; while the watermark goes on at once. So rows can leave a buffer when their window has
//! already answered, and are late although their time was not: Flink 1.18 loses them, and so does this
//! operator. Where the two ends are the same there is no buffer.

use super::WindowTime;
use super::slicing::Windows;
use crate::base::Result;
use crate::data::Batch;
use crate::data::select::concat;

/// Rows that wait for the next phase, or for their slice.
pub(super) struct Local {
    /// How long a slice is.
    slice: i64,
    /// Where the ends are at which the rows may go, within the length of a slice.
    grid: i64,
    /// The watermark that lets rows go.
    trigger: i64,
    /// The end of the first slice with rows.
    first_end: i64,
    held: Vec<Batch>,
}

impl Local {
    /// The buffers of so many phases, if windows are apart from the ends at which rows go.
    pub(super) fn phases(count: usize, windows: Windows, time: &WindowTime) -> Vec<Self> {
        let (slice, grid) = (windows.slice(), time.hours_apart());
        let apart = (windows.offset - grid).rem_euclid(slice) != 0;
        let phase = |_| Self { slice, grid, trigger: 0, first_end: i64::MAX, held: Vec::new() };
        (0..if apart { count } else { 0 }).map(phase).collect()
    }

    /// Takes rows, of which the first slice ends here.
    pub(super) fn push(&mut self, batch: Batch, first_end: i64) {
        self.first_end = self.first_end.min(first_end);
        self.held.push(batch);
    }

    /// The rows that go because event time is complete up to here.
    pub(super) fn due(&mut self, watermark: i64) -> Result<Option<Batch>> {
        if watermark < self.trigger {
            return Ok(None);
        }
        let since = watermark.saturating_sub(self.grid).rem_euclid(self.slice);
        let begin = watermark.saturating_sub(since);
        let end = begin.saturating_add(self.slice - 1);
        self.trigger = if end > watermark { end } else { end.saturating_add(self.slice) };
        match self.first_end.saturating_sub(1) <= watermark {
            true => self.take(),
            false => Ok(None),
        }
    }

    /// All rows.
    pub(super) fn take(&mut self) -> Result<Option<Batch>> {
        self.first_end = i64::MAX;
        let held = std::mem::take(&mut self.held);
        if held.is_empty() { Ok(None) } else { concat(&held).map(Some) }
    }
}
