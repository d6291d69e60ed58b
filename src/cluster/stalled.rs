//! Who waits for whom, when nothing moves and no timer is pending.

use std::collections::BTreeMap;

use crate::base::SubtaskId;
use crate::trace::event::{WaitReason, Waiting};

/// The chain of waiting tasks of a job, from its sink on, until it closes or ends. Nothing if a task
/// waits for the world outside: then the job is not stalled.
///
/// `waiting` holds the job's tasks by vertex and index.
pub fn chain(waiting: &BTreeMap<SubtaskId, WaitReason>) -> Option<Vec<Waiting>> {
    if waiting.values().any(|reason| *reason == WaitReason::Outside) {
        return None;
    }
    let mut chain: Vec<Waiting> = Vec::new();
    let mut next = waiting.keys().next_back().copied();
    while let Some(subtask) = next {
        let Some(reason) = waiting.get(&subtask) else { break };
        chain.push(Waiting { subtask, reason: reason.clone() });
        let unseen = |s: &&SubtaskId| !chain.iter().any(|w| w.subtask == **s);
        next = match reason {
            WaitReason::Input(senders) => senders.iter().find(unseen).copied(),
            WaitReason::Output(other) | WaitReason::Barrier(other, _) => {
                Some(other).filter(unseen).copied()
            }
            WaitReason::Outside => None,
        };
    }
    (!chain.is_empty()).then_some(chain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{CheckpointId, JobId, VertexId};

    fn subtask(vertex: u32) -> SubtaskId {
        SubtaskId { job: JobId(1), vertex: VertexId(vertex), index: 0 }
    }

    #[test]
    fn the_chain_begins_at_the_sink_and_stops_where_it_closes() {
        let waiting = BTreeMap::from([
            (subtask(0), WaitReason::Output(subtask(1))),
            (subtask(1), WaitReason::Barrier(subtask(0), CheckpointId(1))),
            (subtask(2), WaitReason::Input(vec![subtask(1)])),
        ]);
        let chain = chain(&waiting).unwrap();
        let order: Vec<_> = chain.iter().map(|w| w.subtask.vertex.0).collect();
        assert_eq!(order, [2, 1, 0]);
    }

    #[test]
    fn waiting_for_the_world_is_not_stalled() {
        let waiting = BTreeMap::from([
            (subtask(0), WaitReason::Outside),
            (subtask(1), WaitReason::Input(vec![subtask(0)])),
        ]);
        assert_eq!(chain(&waiting), None);
    }
}
