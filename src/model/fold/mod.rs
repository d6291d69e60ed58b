//! The fold: what each event does to the model, by the part of it that changes.

mod checkpoints;
mod flow;
mod life;
mod lookups;
mod memory;

use super::Model;
use super::timeline::{Mark, MarkKind};
use crate::base::LabTime;
use crate::trace::{Event, EventKind};

/// When an event happened and which one it is.
#[derive(Clone, Copy)]
struct Moment {
    sequence: u64,
    at: LabTime,
}

impl Moment {
    fn mark(self, kind: MarkKind) -> Mark {
        Mark { at: self.at, sequence: self.sequence, kind }
    }
}

/// Hands the event to the part that it concerns; each part ignores what is not its own.
pub(super) fn apply(model: &mut Model, event: &Event) {
    use EventKind as E;
    let moment = Moment { sequence: event.sequence, at: event.at };
    match &event.kind {
        E::TaskManagerRegistered { .. }
        | E::TaskManagerLost { .. }
        | E::SlotAllocated { .. }
        | E::SlotFreed { .. }
        | E::TaskStateChanged { .. }
        | E::JobSubmitted { .. }
        | E::JobStateChanged { .. }
        | E::Stalled { .. }
        | E::Gap { .. } => life::apply(model, moment, &event.kind),
        E::CheckpointTriggered { .. }
        | E::CheckpointAcknowledged { .. }
        | E::CheckpointCompleted { .. }
        | E::CheckpointAborted { .. }
        | E::StateRestored { .. } => checkpoints::apply(model, moment, &event.kind),
        E::LookedUp { subtask, id, look_up, .. } => {
            lookups::asked(model, moment, *subtask, *id, look_up);
        }
        E::StateChanged(change) => memory::write(model, moment, change),
        E::Metrics { subtask, metrics } => {
            if let Some(subtask) = model.subtask_mut(*subtask) {
                subtask.report(*metrics, moment.at);
            }
        }
        E::Stdout { .. }
        | E::ResultGrew { .. }
        | E::ChannelFill { .. }
        | E::WatermarkAdvanced { .. }
        | E::WatermarkEnqueued { .. }
        | E::BarrierEnqueued { .. }
        | E::BarrierTaken { .. }
        | E::RecordsEmitted { .. }
        | E::RecordsEnqueued { .. }
        | E::RecordsTaken { .. }
        | E::RecordsOutput { .. }
        | E::PartFileChanged { .. }
        | E::RecordLate { .. } => flow::apply(model, moment, &event.kind),
    }
}
