//! What the cluster is told when it starts, and what a job is told when it is submitted.

use crate::base::LabDuration;

/// The settings of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClusterOptions {
    /// The seed of the run: job ids and generators.
    pub seed: u64,
    /// The most rows that a source gives at once.
    pub batch_size: usize,
    /// Elements that a channel of a streaming job holds.
    pub channel_capacity: usize,
    /// How long a job waits for slots (`slot.request.timeout`).
    pub slot_request_timeout: LabDuration,
}

impl ClusterOptions {
    /// Flink's `slot.request.timeout`: five minutes.
    pub const SLOT_REQUEST_TIMEOUT: LabDuration = LabDuration::seconds(300);
}

/// What happens to a job that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestartStrategy {
    /// `none`: it stays failed.
    None,
    /// `fixed-delay`.
    FixedDelay {
        /// How many restarts before it stays failed.
        attempts: u32,
        /// How long it waits before each.
        delay: LabDuration,
    },
}

impl RestartStrategy {
    /// What Flink takes when checkpointing is on and nothing is set: always again, after a second.
    pub const WITH_CHECKPOINTS: Self =
        Self::FixedDelay { attempts: i32::MAX as u32, delay: LabDuration::seconds(1) };
}

/// The settings of one job. The default: no periodic checkpoints, Flink's default restarts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobSettings {
    /// `execution.checkpointing.interval`; absent: checkpoints only on demand.
    pub checkpoint_interval: Option<LabDuration>,
    /// `restart-strategy`; absent: Flink's default, which is no restart for a job without
    /// checkpoints and [`RestartStrategy::WITH_CHECKPOINTS`] for one that has them.
    pub restart: Option<RestartStrategy>,
}
