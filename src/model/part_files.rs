//! The part files of a sink's subtask, as they grow, wait and appear.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::data::PartStep;

/// The part files of one subtask, newest last. At most [`PartFiles::MAX`] are remembered; finished ones
/// are forgotten first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartFiles {
    files: VecDeque<SeenPart>,
    finished: u64,
}

/// A part file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenPart {
    /// Its name once everybody sees it, below the table's folder.
    pub name: Arc<str>,
    /// Where it is in its life.
    pub step: PartStep,
    /// Its rows, if they were seen being written.
    pub rows: Option<u64>,
}

impl PartFiles {
    /// Files remembered of one subtask.
    pub const MAX: usize = 24;

    /// All that are remembered, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &SeenPart> + ExactSizeIterator {
        self.files.iter()
    }

    /// Whether there was none yet.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// How many everybody sees by now, forgotten ones too.
    pub fn finished(&self) -> u64 {
        self.finished
    }

    /// Rows in files that nobody sees yet.
    pub fn hidden_rows(&self) -> u64 {
        let hidden = self.files.iter().filter(|file| file.step != PartStep::Finished);
        hidden.filter_map(|file| file.rows).sum()
    }

    /// Whether it has a file of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.files.iter().any(|file| *file.name == *name)
    }

    /// A file took a step.
    pub(super) fn step(&mut self, name: &Arc<str>, step: PartStep) {
        let place = self.files.iter().position(|file| file.name == *name);
        let before = place.and_then(|place| self.files.get(place)).map(|file| file.step);
        if step == PartStep::Finished && before != Some(PartStep::Finished) {
            self.finished += 1;
        }
        match (place, step) {
            (Some(place), PartStep::Compacted) => {
                self.files.remove(place);
            }
            (None, PartStep::Compacted) => {}
            (Some(place), _) => {
                if let Some(file) = self.files.get_mut(place) {
                    file.step = step;
                    file.rows = rows(step).or(file.rows);
                }
            }
            (None, _) => {
                self.files.push_back(SeenPart { name: name.clone(), step, rows: rows(step) });
                self.forget();
            }
        }
    }

    /// A new attempt writes what was not finished anew.
    pub(super) fn restarted(&self) -> Self {
        let stays = |file: &&SeenPart| file.step == PartStep::Finished;
        Self { files: self.files.iter().filter(stays).cloned().collect(), finished: self.finished }
    }

    fn forget(&mut self) {
        if self.files.len() > Self::MAX {
            let done = self.files.iter().position(|file| file.step == PartStep::Finished);
            self.files.remove(done.unwrap_or_default());
        }
    }
}

fn rows(step: PartStep) -> Option<u64> {
    match step {
        PartStep::InProgress { rows } => Some(rows),
        PartStep::Pending | PartStep::Finished | PartStep::Compacted => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(steps: &[(&str, PartStep)]) -> PartFiles {
        let mut parts = PartFiles::default();
        steps.iter().for_each(|(name, step)| parts.step(&Arc::from(*name), *step));
        parts
    }

    const WRITING: PartStep = PartStep::InProgress { rows: 3 };

    #[test]
    fn a_file_keeps_its_rows_through_its_life() {
        let parts = seen(&[("a", WRITING), ("a", PartStep::Pending), ("b", WRITING)]);
        assert_eq!((parts.hidden_rows(), parts.finished()), (6, 0));
        let parts = seen(&[("a", WRITING), ("a", PartStep::Finished), ("a", PartStep::Finished)]);
        assert_eq!((parts.hidden_rows(), parts.finished()), (0, 1));
        assert_eq!(parts.iter().next().and_then(|file| file.rows), Some(3));
    }

    #[test]
    fn a_compacted_file_is_in_another_one() {
        let parts = seen(&[("a", PartStep::Pending), ("a", PartStep::Compacted)]);
        assert!(parts.is_empty());
    }

    #[test]
    fn a_new_attempt_has_only_what_everybody_sees() {
        let parts = seen(&[("a", PartStep::Finished), ("b", PartStep::Pending), ("c", WRITING)]);
        let names: Vec<_> = parts.restarted().iter().map(|file| file.name.to_string()).collect();
        assert_eq!(names, ["a"]);
    }

    #[test]
    fn finished_files_are_forgotten_before_others() {
        let mut parts = seen(&[("waits", PartStep::Pending)]);
        for file in 0..100 {
            parts.step(&Arc::from(format!("{file}")), PartStep::Finished);
        }
        assert_eq!((parts.iter().len(), parts.finished()), (PartFiles::MAX, 100));
        assert!(parts.has("waits") && parts.has("99") && !parts.has("0"));
    }
}
