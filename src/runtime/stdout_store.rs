//! The stdout of the TaskManagers: the latest lines of all of them, in the order they came.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::base::{SubtaskId, TaskManagerId};

/// A line, whose stdout it is on, and who wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StdoutLine {
    /// Whose stdout.
    pub task_manager: TaskManagerId,
    /// Who wrote it.
    pub subtask: SubtaskId,
    /// Without its end.
    pub text: Arc<str>,
    /// Whether it is on stderr.
    pub error: bool,
}

/// The lines of all TaskManagers.
#[derive(Debug, Default)]
pub struct StdoutStore {
    lines: VecDeque<StdoutLine>,
    total: u64,
}

impl StdoutStore {
    /// Lines kept.
    pub const MAX_LINES: usize = 100_000;

    /// Takes a line; the oldest goes when too many are kept.
    pub fn push(&mut self, line: StdoutLine) {
        self.total += 1;
        self.lines.push_back(line);
        if self.lines.len() > Self::MAX_LINES {
            self.lines.pop_front();
        }
    }

    /// Lines received in all: positions `0 .. total`.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The kept lines from a position on.
    pub fn lines_from(&self, position: u64) -> impl Iterator<Item = &StdoutLine> {
        let first = self.total - self.lines.len() as u64;
        self.lines.iter().skip(position.saturating_sub(first) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_from_the_first_even_when_it_is_gone() {
        let mut store = StdoutStore::default();
        for number in 0..StdoutStore::MAX_LINES + 5 {
            let (task_manager, subtask) = (TaskManagerId(1), SubtaskId::default());
            let text = number.to_string().into();
            store.push(StdoutLine { task_manager, subtask, text, error: false });
        }
        let position = store.total() - 1;
        let last: Vec<_> = store.lines_from(position).map(|l| &*l.text).collect();
        assert_eq!(last, ["100004"]);
        assert_eq!(store.lines_from(0).next().map(|l| &*l.text), Some("5"));
    }
}
