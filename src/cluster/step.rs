//! What a step of a task came to.

use crate::base::{ChannelId, LabTime};

/// What a step came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Something was done; there may be more.
    Progress,
    /// Nothing to do before this moment, or before somebody wakes the task.
    Idle {
        /// The earliest timer.
        until: Option<LabTime>,
    },
    /// Output finds no room.
    Blocked(Blocker),
    /// The task is over, finished or failed, and has reported it.
    Over,
}

/// What has no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocker {
    /// A channel to another task.
    Channel(ChannelId),
    /// The way out of the cluster: results and stdout.
    Outlet,
}
