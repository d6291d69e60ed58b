//! Jobs, tasks and TaskManagers: how they begin and end.

use std::sync::Arc;

use super::{Model, Moment};
use crate::base::{Error, JobId, SlotId, SubtaskId, TaskManagerId};
use crate::model::cluster::{Ghost, Slot, TaskManager, allocate, free};
use crate::model::job::{Job, Load};
use crate::model::records::{Hop, Place};
use crate::model::timeline::MarkKind;
use crate::model::{Item, ItemKind};
use crate::trace::event::GraphShape;
use crate::trace::{EventKind, ExecutionState, JobState};

pub(super) fn apply(model: &mut Model, moment: Moment, event: &EventKind) {
    match event {
        EventKind::TaskManagerRegistered { task_manager, slots } => {
            let fresh = TaskManager::new(*task_manager, *slots, moment.at);
            model.cluster.insert(*task_manager, fresh);
        }
        EventKind::TaskManagerLost { task_manager } => lost(model, moment, *task_manager),
        EventKind::JobSubmitted { job, name, graph } => submitted(model, moment, *job, name, graph),
        EventKind::JobStateChanged { job, state, cause } => {
            job_state(model, moment, *job, *state, cause.as_ref());
        }
        EventKind::SlotAllocated { subtask, slot, attempt } => {
            deployed(model, moment, *subtask, *slot, *attempt);
        }
        EventKind::SlotFreed { slot } => free(&mut model.cluster, *slot),
        EventKind::TaskStateChanged { subtask, state, cause } => {
            task_state(model, moment, *subtask, *state, cause.as_ref());
        }
        EventKind::Stalled { job, chain } => {
            if let Some(job) = model.job_mut(*job) {
                job.stalled = Some(chain.clone());
            }
            model.timeline.push(moment.mark(MarkKind::Stalled(*job)));
        }
        EventKind::Gap { events } => gap(model, moment, *events),
        _ => {}
    }
}

fn submitted(
    model: &mut Model,
    moment: Moment,
    id: JobId,
    name: &Arc<str>,
    graph: &Arc<GraphShape>,
) {
    if model.jobs.len() == Model::MAX_JOBS {
        let oldest = model.jobs.iter().position(|job| !job.is_alive()).unwrap_or(0);
        model.jobs.remove(oldest);
    }
    model.jobs.push(Arc::new(Job::new(id, name.clone(), graph.clone(), moment.at)));
    model.timeline.push(moment.mark(MarkKind::Submitted(id)));
}

fn job_state(
    model: &mut Model,
    moment: Moment,
    id: JobId,
    state: JobState,
    cause: Option<&Arc<Error>>,
) {
    let Some(job) = model.job_mut(id) else { return };
    (job.state, job.since, job.stalled) = (state, moment.at, None);
    if let Some(cause) = cause {
        job.cause = Some(cause.clone());
    }
    let mark = match state {
        JobState::Finished | JobState::Canceled => MarkKind::Ended(id),
        JobState::Failed => MarkKind::Failed(id),
        _ => return,
    };
    job.ended = Some(moment.at);
    model.timeline.push(moment.mark(mark));
}

fn deployed(model: &mut Model, moment: Moment, id: SubtaskId, slot: SlotId, attempt: u32) {
    allocate(&mut model.cluster, id, slot);
    let Some(job) = model.job_mut(id.job) else { return };
    job.attempt = job.attempt.max(attempt);
    if let Some(subtask) = job.subtask_mut(id) {
        subtask.deploy(slot, attempt, moment.at);
    }
    empty_channels(model, moment, id, None);
}

fn task_state(
    model: &mut Model,
    moment: Moment,
    id: SubtaskId,
    state: ExecutionState,
    cause: Option<&Arc<Error>>,
) {
    let Some(subtask) = model.subtask_mut(id) else { return };
    (subtask.state, subtask.since) = (state, moment.at);
    if let Some(cause) = cause {
        subtask.cause = Some(cause.clone());
    }
    // What is over works no more, however hard it did at its end.
    use ExecutionState as S;
    if matches!(state, S::Finished | S::Failed | S::Canceled) {
        subtask.load = Load::default();
    }
    if matches!(state, S::Failed | S::Canceled) {
        empty_channels(model, moment, id, None);
    }
}

/// Everything in the TaskManager is gone; what was there stays visible as ghosts.
fn lost(model: &mut Model, moment: Moment, id: TaskManagerId) {
    let Some(task_manager) = model.cluster.get_mut(&id) else { return };
    task_manager.lost = Some(moment.at);
    let slots = std::mem::take(&mut task_manager.slots);
    let subtasks: Vec<_> = slots.iter().flat_map(|slot| slot.subtasks.clone()).collect();
    let ghosts = slots.iter().map(|slot| ghost_slot(model, slot)).collect();
    if let Some(task_manager) = model.cluster.get_mut(&id) {
        task_manager.slots = ghosts;
    }
    for subtask in subtasks {
        empty_channels(model, moment, subtask, Some(id));
    }
    model.timeline.push(moment.mark(MarkKind::TaskManagerLost(id)));
}

fn ghost_slot(model: &Model, slot: &Slot) -> Slot {
    let ghosts = slot.subtasks.iter().filter_map(|id| {
        let subtask = model.subtask(*id)?;
        Some(Ghost { subtask: *id, attempt: subtask.attempt, states: subtask.states.clone() })
    });
    Slot { subtasks: Vec::new(), ghosts: ghosts.collect() }
}

/// The channels of a subtask die with it, and what lies in them is lost.
fn empty_channels(model: &mut Model, moment: Moment, id: SubtaskId, dead: Option<TaskManagerId>) {
    let Some(job) = model.job_mut(id.job) else { return };
    let touched = job.channels.iter_mut().filter(|channel| channel.from == id || channel.to == id);
    let items: Vec<Item> = touched.flat_map(|channel| channel.clear()).collect();
    for item in items {
        let ItemKind::Records(ids) = item.kind else { continue };
        for id in ids.iter() {
            let place = Place::Lost { task_manager: dead };
            model.records.hop(*id, Hop { sequence: moment.sequence, at: moment.at, place });
        }
    }
}

/// After a gap nobody knows what lies in the channels.
fn gap(model: &mut Model, moment: Moment, events: u64) {
    model.missed += events;
    model.timeline.push(moment.mark(MarkKind::Gap(events)));
    for job in model.jobs.iter_mut().filter(|job| job.is_alive()) {
        for channel in &mut Arc::make_mut(job).channels {
            drop(channel.clear());
        }
    }
}
