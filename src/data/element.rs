//! What travels through a channel, in order.

use serde::{Deserialize, Serialize};

use super::batch::Batch;
use crate::base::{CheckpointId, Watermark};

/// One element of a stream.
#[derive(Clone, Debug)]
pub enum Element {
    /// Rows.
    Batch(Batch),
    /// Event time is complete up to here.
    Watermark(Watermark),
    /// A checkpoint barrier: what came before it is in the checkpoint.
    Barrier(Barrier),
    /// The stream pauses (`true`: its watermark is ignored) or goes on (`false`).
    Idle(bool),
    /// Nothing comes after this.
    End,
}

/// A checkpoint barrier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Barrier {
    /// Which checkpoint it belongs to.
    pub checkpoint: CheckpointId,
}
