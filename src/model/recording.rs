//! The recorded trace of a run, and the model at any moment of it.
//!
//! Segments of events, each opened by a keyframe: the model before the segment's first event. Going
//! to a moment clones the keyframe before it and folds at most one segment. The oldest segments go
//! when there are too many.

use std::collections::VecDeque;

use super::Model;
use crate::base::LabTime;
use crate::trace::Event;

/// A bounded recording.
#[derive(Clone, Debug, Default)]
pub struct Recording {
    segments: VecDeque<Segment>,
    live: Model,
}

#[derive(Clone, Debug)]
struct Segment {
    keyframe: Model,
    events: Vec<Event>,
}

impl Recording {
    /// Events between two keyframes: what a seek folds at most.
    pub const SEGMENT: usize = 1_024;
    /// Bound on segments: about 130,000 events.
    pub const MAX_SEGMENTS: usize = 128;

    /// Records an event and folds it into the live model.
    pub fn push(&mut self, event: Event) {
        self.live_segment().push(event.clone());
        self.live.apply(&event);
    }

    /// The model after the last event.
    pub fn live(&self) -> &Model {
        &self.live
    }

    /// Sequence numbers to which one can go: every `Model::next` in this range, both ends included.
    pub fn span(&self) -> (u64, u64) {
        let first = self.segments.front().map_or(self.live.next, |s| s.keyframe.next);
        (first, self.live.next)
    }

    /// When the oldest moment was that one can go to, and when the newest.
    pub fn time_span(&self) -> (LabTime, LabTime) {
        let first = self.segments.front().and_then(|s| s.events.first());
        (first.map_or(self.live.now, |event| event.at), self.live.now)
    }

    /// The model after all events below `next`, or the nearest moment still recorded.
    pub fn seek(&self, next: u64) -> Model {
        let after = self.segments.partition_point(|segment| segment.keyframe.next <= next);
        let Some(segment) = self.segments.get(after.saturating_sub(1)) else {
            return self.live.clone();
        };
        let mut model = segment.keyframe.clone();
        let wanted = segment.events.iter().take_while(|event| event.sequence < next);
        wanted.for_each(|event| model.apply(event));
        model
    }

    /// The model at a moment: after the last event that is not later.
    pub fn seek_time(&self, at: LabTime) -> Model {
        self.seek(self.sequence_at(at))
    }

    /// The `next` of the model at a moment.
    pub fn sequence_at(&self, at: LabTime) -> u64 {
        let begins = |segment: &Segment| segment.events.first().is_none_or(|e| e.at <= at);
        let after = self.segments.partition_point(begins);
        let Some(segment) = self.segments.get(after.saturating_sub(1)) else {
            return self.live.next;
        };
        let inside = segment.events.partition_point(|event| event.at <= at);
        match inside.checked_sub(1).and_then(|last| segment.events.get(last)) {
            Some(event) => event.sequence + 1,
            None => segment.keyframe.next,
        }
    }

    /// The nearest event before `next` (or from it on) that `wanted` says is worth a stop.
    pub fn find(&self, next: u64, forward: bool, wanted: impl Fn(&Event) -> bool) -> Option<u64> {
        let stops = |event: &&Event| wanted(event);
        let events = self.segments.iter().flat_map(|segment| &segment.events);
        let found = if forward {
            let (after, before) = (|s: &&Segment| s.ends_after(next), next);
            let mut later = self.segments.iter().filter(after).flat_map(|s| &s.events);
            later.by_ref().filter(|event| event.sequence >= before).find(stops)
        } else {
            events.rev().filter(|event| event.sequence + 1 < next).find(stops)
        };
        found.map(|event| event.sequence + 1)
    }

    /// Folds recorded events into a model that stands at an earlier moment, up to `next`. Answers
    /// `false`, with the model untouched, if the events between are no longer recorded.
    pub fn advance(&self, model: &mut Model, next: u64) -> bool {
        if model.next < self.span().0 {
            return false;
        }
        let first = self.segments.partition_point(|s| s.keyframe.next <= model.next);
        for segment in self.segments.range(first.saturating_sub(1)..) {
            if segment.keyframe.next >= next {
                break;
            }
            let from = segment.events.partition_point(|event| event.sequence < model.next);
            let wanted = segment.events[from..].iter().take_while(|event| event.sequence < next);
            wanted.for_each(|event| model.apply(event));
        }
        true
    }

    fn live_segment(&mut self) -> &mut Vec<Event> {
        let full = self.segments.back().is_none_or(|last| last.events.len() == Self::SEGMENT);
        if full {
            if self.segments.len() == Self::MAX_SEGMENTS {
                self.segments.pop_front();
            }
            let events = Vec::with_capacity(Self::SEGMENT);
            self.segments.push_back(Segment { keyframe: self.live.clone(), events });
        }
        let last = self.segments.len() - 1;
        &mut self.segments[last].events
    }
}

impl Segment {
    fn ends_after(&self, next: u64) -> bool {
        self.events.last().is_some_and(|event| event.sequence >= next)
    }
}
