//! What Flink's first phase of a window aggregate does to windows with an offset.
//!
//! There the rows of a slice wait in a local buffer that goes at the ends of slices *without* the
//! offset, while the watermark goes on at once. So with an offset rows can come to the second phase when
//! their window has already answered, and are late although their time was not: Flink 1.18 loses them,
//! and so does this operator. Without an offset the two ends are the same, and there is no buffer.

use super::slicing::Windows;
use crate::base::Result;
use crate::data::Batch;
use crate::data::select::concat;

/// Rows that wait for the second phase.
pub(super) struct Local {
    /// How long a slice is.
    slice: i64,
    /// The watermark that lets rows go.
    trigger: i64,
    /// The end of the first slice with rows.
    first_end: i64,
    held: Vec<Batch>,
}

impl Local {
    /// The buffer of windows that have an offset.
    pub(super) fn new(windows: Windows) -> Option<Self> {
        let slice = windows.slice();
        (windows.offset.rem_euclid(slice) != 0).then_some(Self {
            slice,
            trigger: 0,
            first_end: i64::MAX,
            held: Vec::new(),
        })
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
        let begin = watermark.saturating_sub(watermark.rem_euclid(self.slice));
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
