//! What moves on the stage: how far each element has come along its channel.
//!
//! Elements run to their place in the queue of the channel and, once taken, on to its end. The way
//! follows from the model and from the wall time between two frames; nothing here changes a result.

use rustc_hash::FxHashMap;

use super::layout::GraphLayout;
use crate::base::{ChannelId, JobId};
use crate::model::{Channel, Item, Job};

/// An element and how far it has come, in points.
#[derive(Clone, Debug, PartialEq)]
pub struct Traveller {
    /// What it is.
    pub item: Item,
    /// Points from the sender's port.
    pub way: f32,
    /// Whether it was taken, and so runs on to the end.
    taken: bool,
}

/// All that moves in one job.
#[derive(Clone, Debug, Default)]
pub struct Traffic {
    job: Option<JobId>,
    next: u64,
    channels: FxHashMap<ChannelId, Vec<Traveller>>,
}

/// How things may move in one frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// Points that an element may come forward.
    pub points: f32,
    /// Whether elements jump to their place instead.
    pub jump: bool,
}

/// The share of a channel at which its first waiting element rests.
const REST: f32 = 0.64;
/// Elements of a channel that run on after they were taken; more are shown as a rate.
const MAX_LEAVING: usize = 6;

impl Traffic {
    /// Brings everything forward to what the model says. Answers whether something still moves.
    pub fn update(&mut self, job: &Job, next: u64, layout: &GraphLayout, pace: Pace) -> bool {
        let went_back = self.job != Some(job.id) || next < self.next;
        if went_back {
            self.channels.clear();
        }
        let seen = self.next;
        (self.job, self.next) = (Some(job.id), next);
        let pace = Pace { jump: pace.jump || went_back, ..pace };
        let mut moving = false;
        for (channel, path) in job.channels.iter().zip(&layout.channels) {
            let known = self.channels.contains_key(&channel.id);
            if !known && channel.items.is_empty() && channel.recent.is_empty() {
                continue;
            }
            let all = self.channels.entry(channel.id).or_default();
            refresh(all, channel, if pace.jump { u64::MAX } else { seen });
            moving |= advance(all, path.length(), 2.0 * layout.record_radius + 3.0, pace);
        }
        self.channels.retain(|_, all| !all.is_empty());
        moving
    }

    /// The elements in a channel, the first to arrive first.
    pub fn of(&self, channel: ChannelId) -> &[Traveller] {
        self.channels.get(&channel).map_or(&[], Vec::as_slice)
    }
}

/// The travellers become: those that were taken and still run, then the channel's items in order.
/// What entered and was taken since event `seen` still gets its run.
fn refresh(all: &mut Vec<Traveller>, channel: &Channel, seen: u64) {
    let waits = |item: &Item| channel.items.front().is_some_and(|f| item.sequence >= f.sequence);
    let mut leaving: Vec<Traveller> = Vec::new();
    let mut waiting: Vec<Traveller> = Vec::new();
    for traveller in all.drain(..) {
        if waits(&traveller.item) { waiting.push(traveller) } else { leaving.push(traveller) }
    }
    let begin = |item: &Item, taken| Traveller { item: item.clone(), way: 0.0, taken };
    for item in channel.recent.iter().filter(|item| item.sequence >= seen) {
        if leaving.iter().all(|known| known.item.sequence != item.sequence) {
            leaving.push(begin(item, true));
        }
    }
    leaving.sort_by_key(|traveller| traveller.item.sequence);
    let dropped = leaving.len().saturating_sub(MAX_LEAVING);
    leaving.drain(..dropped);
    leaving.iter_mut().for_each(|traveller| traveller.taken = true);
    let mut known = waiting.into_iter().peekable();
    for item in &channel.items {
        while known.next_if(|k| k.item.sequence < item.sequence).is_some() {}
        let same = known.next_if(|k| k.item.sequence == item.sequence);
        leaving.push(same.unwrap_or_else(|| begin(item, false)));
    }
    *all = leaving;
}

/// Moves each towards its goal, never past the one before it.
fn advance(all: &mut Vec<Traveller>, length: f32, spacing: f32, pace: Pace) -> bool {
    let waiting = all.iter().filter(|traveller| !traveller.taken).count();
    let first = REST * length;
    let spacing = spacing.min(first / waiting.max(1) as f32);
    let (mut queued, mut moving, mut before) = (0, false, f32::INFINITY);
    for traveller in all.iter_mut() {
        let goal = if traveller.taken {
            length
        } else {
            queued += 1;
            first - (queued - 1) as f32 * spacing
        };
        let reach = if pace.jump { goal } else { traveller.way + pace.points };
        traveller.way =
            reach.min(goal).min((before - spacing).max(0.0)).max(traveller.way.min(goal));
        moving |= traveller.way < goal - 0.5;
        before = traveller.way;
    }
    all.retain(|traveller| !traveller.taken || traveller.way < length - 0.5);
    moving || all.iter().any(|traveller| traveller.taken)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::base::{LabTime, RecordId, SubtaskId};
    use crate::model::ItemKind;

    fn item(sequence: u64) -> Item {
        let kind = ItemKind::Records(Arc::new([RecordId(sequence)]));
        Item { sequence, enqueued: LabTime(0), kind, rides: false }
    }

    fn channel(waiting: &[u64], taken: &[u64]) -> Channel {
        let end = SubtaskId::default();
        let mut channel = Channel::new(ChannelId(0), 0, end, end, 4);
        channel.items = waiting.iter().map(|s| item(*s)).collect();
        channel.recent = taken.iter().map(|s| item(*s)).collect();
        channel
    }

    fn ways(all: &[Traveller]) -> Vec<(u64, i32)> {
        all.iter().map(|t| (t.item.sequence, t.way.round() as i32)).collect()
    }

    const PACE: Pace = Pace { points: 10.0, jump: false };

    #[test]
    fn an_element_runs_to_its_place_and_once_taken_to_the_end() {
        let mut all = Vec::new();
        refresh(&mut all, &channel(&[5], &[]), 0);
        assert!(advance(&mut all, 100.0, 20.0, PACE));
        assert_eq!(ways(&all), [(5, 10)]);
        while advance(&mut all, 100.0, 20.0, PACE) {}
        assert_eq!(ways(&all), [(5, 64)]);
        refresh(&mut all, &channel(&[], &[5]), 6);
        assert!(advance(&mut all, 100.0, 20.0, PACE));
        assert_eq!(ways(&all), [(5, 74)]);
        while advance(&mut all, 100.0, 20.0, PACE) {}
        assert_eq!(ways(&all), []);
    }

    #[test]
    fn those_behind_keep_their_distance() {
        let mut all = Vec::new();
        refresh(&mut all, &channel(&[5, 6, 7], &[]), 0);
        while advance(&mut all, 100.0, 20.0, PACE) {}
        assert_eq!(ways(&all), [(5, 64), (6, 44), (7, 24)]);
    }

    #[test]
    fn what_came_and_went_between_two_frames_still_runs() {
        let mut all = Vec::new();
        refresh(&mut all, &channel(&[], &[3, 8]), 8);
        assert_eq!(ways(&all), [(8, 0)]);
    }

    #[test]
    fn without_motion_elements_stand_in_their_place_at_once() {
        let mut all = Vec::new();
        refresh(&mut all, &channel(&[5], &[4]), u64::MAX);
        assert!(!advance(&mut all, 100.0, 20.0, Pace { points: 0.0, jump: true }));
        assert_eq!(ways(&all), [(5, 64)]);
    }
}
