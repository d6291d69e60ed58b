//! The steps of a part file's life, as a person may follow them.
//!
//! Source: "File Sink", Flink 1.18: in-progress, pending, finished.

use std::sync::Arc;

/// A part file took a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartFile {
    /// Its name once everybody sees it, below the table's folder.
    pub name: Arc<str>,
    /// Where it is now.
    pub step: PartStep,
}

/// Where a part file is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartStep {
    /// It is hidden and takes rows: so many so far.
    InProgress {
        /// Rows written so far.
        rows: u64,
    },
    /// It is hidden and has all its rows; a checkpoint or the end of the input will show it.
    Pending,
    /// Everybody sees it.
    Finished,
    /// Its rows are in a larger file now (`auto-compaction`).
    Compacted,
}
