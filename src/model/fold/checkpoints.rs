//! Checkpoints: what goes into them, and what comes back.

use std::sync::Arc;

use super::{Model, Moment};
use crate::base::{CheckpointId, JobId, SubtaskId};
use crate::model::checkpoint::{Checkpoint, CheckpointPart, CheckpointStatus};
use crate::model::job::Job;
use crate::model::state::StateTables;
use crate::model::timeline::MarkKind;
use crate::trace::EventKind;

pub(super) fn apply(model: &mut Model, moment: Moment, event: &EventKind) {
    match event {
        EventKind::CheckpointTriggered { job, checkpoint } => {
            triggered(model, moment, *job, *checkpoint);
        }
        EventKind::CheckpointAcknowledged { subtask, checkpoint, bytes } => {
            acknowledged(model, *subtask, *checkpoint, *bytes);
        }
        EventKind::CheckpointCompleted { job, checkpoint, bytes } => {
            let status = CheckpointStatus::Completed;
            ended(model, moment, *job, *checkpoint, status, Some(*bytes));
            model.timeline.push(moment.mark(MarkKind::Checkpoint(*job, *checkpoint)));
        }
        EventKind::CheckpointAborted { job, checkpoint } => {
            ended(model, moment, *job, *checkpoint, CheckpointStatus::Aborted, None);
            model.timeline.push(moment.mark(MarkKind::CheckpointAborted(*job, *checkpoint)));
        }
        EventKind::StateRestored { subtask, checkpoint, key_groups } => {
            restored(model, *subtask, *checkpoint, *key_groups);
        }
        _ => {}
    }
}

fn triggered(model: &mut Model, moment: Moment, job: JobId, id: CheckpointId) {
    let Some(job) = model.job_mut(job) else { return };
    if job.checkpoints.len() == Job::MAX_CHECKPOINTS {
        job.checkpoints.pop_front();
    }
    job.checkpoints.push_back(Arc::new(Checkpoint {
        id,
        status: CheckpointStatus::Running,
        triggered: moment.at,
        ended: None,
        bytes: 0,
        parts: Default::default(),
    }));
}

fn acknowledged(model: &mut Model, id: SubtaskId, checkpoint: CheckpointId, bytes: u64) {
    let Some(job) = model.job_mut(id.job) else { return };
    let Some(subtask) = job.subtask(id) else { return };
    let part = CheckpointPart { bytes, states: subtask.states.clone(), read: subtask.read };
    if let Some(checkpoint) = job.checkpoint_mut(checkpoint) {
        checkpoint.bytes += bytes;
        checkpoint.parts.insert(id, part);
    }
}

fn ended(
    model: &mut Model,
    moment: Moment,
    job: JobId,
    id: CheckpointId,
    status: CheckpointStatus,
    bytes: Option<u64>,
) {
    let Some(checkpoint) = model.job_mut(job).and_then(|job| job.checkpoint_mut(id)) else {
        return;
    };
    (checkpoint.status, checkpoint.ended) = (status, Some(moment.at));
    checkpoint.bytes = bytes.unwrap_or(checkpoint.bytes);
}

/// Key groups come from whoever owned them then, which need not be the same subtask.
fn restored(model: &mut Model, id: SubtaskId, checkpoint: CheckpointId, groups: (u16, u16)) {
    let Some(job) = model.job_mut(id.job) else { return };
    let source = job.checkpoints.iter().rev().find(|c| c.id == checkpoint).cloned();
    let Some(subtask) = job.subtask_mut(id) else { return };
    subtask.restored = Some(checkpoint);
    let Some(source) = source else { return };
    subtask.states = StateTables::new();
    for (owner, part) in source.parts.iter().filter(|(owner, _)| owner.vertex == id.vertex) {
        if *owner == id {
            subtask.read = part.read;
        }
        for (name, table) in &part.states {
            let mine = Arc::make_mut(subtask.states.entry(name.clone()).or_default());
            mine.merge(table.restricted(groups));
        }
    }
}
