//! Streaming or batch.

use std::fmt;

/// Whether a job answers as it goes or once, at the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum RuntimeMode {
    /// Pipelined exchanges, changelogs.
    #[default]
    Streaming,
    /// Blocking exchanges, one answer.
    Batch,
}

/// As `execution.runtime-mode` writes it.
impl fmt::Display for RuntimeMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Streaming => "streaming",
            Self::Batch => "batch",
        })
    }
}
