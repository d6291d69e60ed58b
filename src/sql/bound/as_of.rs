//! FOR SYSTEM_TIME AS OF: which rows of the right a row of the left meets.

use std::sync::Arc;

use crate::base::{LabDuration, Span};

/// Which rows of the right are meant.
#[derive(Clone, Debug)]
pub enum AsOf {
    /// The version that was valid at the event time in this column of the left.
    Version {
        /// The column.
        time: usize,
        /// Where the right is named.
        place: Option<Span>,
    },
    /// What the right answers at the processing time in a column of the left, when it is asked.
    Lookup {
        /// The column.
        time: usize,
        /// Where the right is named.
        place: Option<Span>,
        /// LOOKUP hints that name the right; the first one counts.
        hints: Vec<LookupHint>,
    },
}

/// `/*+ LOOKUP(..) */`: how to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookupHint {
    /// The name of the table or its alias.
    pub table: String,
    /// Whether to ask again.
    pub retry: Option<LookupRetry>,
    /// Its options, as they were given.
    pub given: Vec<(String, String)>,
    /// Where it was written.
    pub place: Option<Span>,
}

/// When to ask again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookupRetry {
    /// When nothing was found, as it was written.
    pub predicate: Arc<str>,
    /// How long to wait before.
    pub delay: LabDuration,
    /// How often at most.
    pub attempts: u32,
}

impl AsOf {
    /// The column of the left.
    pub fn time(&self) -> usize {
        match self {
            Self::Version { time, .. } | Self::Lookup { time, .. } => *time,
        }
    }
}
