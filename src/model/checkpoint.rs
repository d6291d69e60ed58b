//! The checkpoints of a job: how far each came, and what it holds.

use std::collections::BTreeMap;

use super::state::StateTables;
use crate::base::{CheckpointId, LabTime, SubtaskId};

/// One checkpoint.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// Its number, from 1.
    pub id: CheckpointId,
    /// How far it came.
    pub status: CheckpointStatus,
    /// When the coordinator started it.
    pub triggered: LabTime,
    /// When it completed or was given up.
    pub ended: Option<LabTime>,
    /// Bytes of state in it.
    pub bytes: u64,
    /// What each subtask that acknowledged put into it.
    pub parts: BTreeMap<SubtaskId, CheckpointPart>,
}

/// What one subtask put into a checkpoint.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CheckpointPart {
    /// Bytes.
    pub bytes: u64,
    /// Its keyed state at that moment.
    pub states: StateTables,
    /// For a source: rows that it had read.
    pub read: u64,
}

/// How far a checkpoint came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckpointStatus {
    /// Its barriers are on their way.
    Running,
    /// Every subtask acknowledged: it counts.
    Completed,
    /// It will not be.
    Aborted,
}
