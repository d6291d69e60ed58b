//! The window of one key: what it answered last, and when it answers next besides at its end.
//!
//! As Flink's `EventTimeTriggers` and `ProcessingTimeTriggers.AfterFirstElementPeriodic`: with a delay,
//! the first row starts a beat that goes on until the window is forgotten; before and after the end are
//! beats of their own, unless they are equally far apart.

use serde::{Deserialize, Serialize};

use crate::data::Value;

/// Answers before and after the end of a window, in milliseconds. A delay of 0 is an answer for every
/// row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Emit {
    /// How far apart answers before the end are.
    pub early: Option<i64>,
    /// How far apart answers after the end are.
    pub late: Option<i64>,
    /// How long after its end a window takes rows.
    pub lateness: i64,
}

impl Emit {
    /// How far apart answers after the end are, if not every row has one.
    pub(super) fn late_beat(&self) -> Option<i64> {
        self.late.filter(|delay| *delay > 0)
    }
}

/// The window of one key.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Pane {
    /// How many rows it has.
    pub rows: i64,
    /// The values that went out last.
    pub answered: Option<Vec<Value>>,
    /// Whether it answered at its end; kept where answers after that have a beat.
    pub passed: bool,
    /// The next beat before the end, and after it.
    pub beats: [Option<i64>; 2],
}

impl Pane {
    /// The place and length of its beat now.
    fn beat(&self, emit: &Emit) -> (usize, i64) {
        let early = emit.early.unwrap_or_default();
        match emit.late_beat().filter(|_| self.passed) {
            Some(late) => (usize::from(late != early), late),
            None => (0, early),
        }
    }

    /// A row comes, before its window has `ended` or after that: whether the window answers at once.
    pub(super) fn row(&mut self, emit: &Emit, ended: bool, now: i64) -> bool {
        match (self.passed, ended, emit.early) {
            (false, true, _) | (false, false, Some(0)) => return true,
            (false, false, None) => return false,
            _ => {}
        }
        let (place, length) = self.beat(emit);
        self.beats[place].get_or_insert(now.saturating_add(length));
        false
    }

    /// The clock has passed a beat: the next one after `now`, if it was one to answer by.
    pub(super) fn after(&mut self, emit: &Emit, at: i64, now: i64) -> Option<i64> {
        let (place, length) = self.beat(emit);
        if self.beats[place] != Some(at) {
            // The one before the end, which has passed.
            self.beats.iter_mut().filter(|beat| **beat == Some(at)).for_each(|beat| *beat = None);
            return None;
        }
        // No row has come since: of the beats until now, one says what all would say.
        let passed = (now - 1 - at).max(0) / length.max(1);
        self.beats[place] = Some(at.saturating_add(length.saturating_mul(passed + 1)));
        self.beats[place]
    }
}
