//! Streaming or batch.

/// Whether a job answers as it goes or once, at the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum RuntimeMode {
    /// Pipelined exchanges, changelogs.
    #[default]
    Streaming,
    /// Blocking exchanges, one answer.
    Batch,
}
