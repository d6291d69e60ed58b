//! The trace of a run between two visits of whoever reads it. Bounded: what nobody takes in time
//! becomes a gap.

use crate::base::LabTime;
use crate::trace::{Event, EventKind, Tracer};

/// Events with their place in the run.
#[derive(Debug, Default)]
pub struct TraceBuffer {
    events: Vec<Event>,
    next_sequence: u64,
    dropped: u64,
    last: LabTime,
}

impl TraceBuffer {
    /// Events from which on a driver lets its caller take them before it goes on.
    pub const ENOUGH: usize = 1 << 15;
    /// Events kept at most.
    pub const CAPACITY: usize = 1 << 17;

    /// Whether the caller should take what is there.
    pub fn has_enough(&self) -> bool {
        self.events.len() >= Self::ENOUGH
    }

    /// Takes over what a tracer holds.
    pub fn absorb(&mut self, tracer: &mut Tracer) {
        if self.make_room(tracer.len()) {
            tracer.drain_into(&mut self.next_sequence, &mut self.events);
        } else {
            self.dropped += tracer.take().len() as u64;
        }
    }

    /// Takes over events that another thread collected.
    pub fn extend(&mut self, events: Vec<(LabTime, EventKind)>) {
        if !self.make_room(events.len()) {
            self.dropped += events.len() as u64;
            return;
        }
        for (at, kind) in events {
            self.push(at, kind);
        }
    }

    /// Moves all events out.
    pub fn drain_into(&mut self, to: &mut Vec<Event>) {
        self.last = self.events.last().map_or(self.last, |e| e.at);
        to.append(&mut self.events);
    }

    fn make_room(&mut self, count: usize) -> bool {
        if self.events.len() + count > Self::CAPACITY {
            return false;
        }
        if self.dropped > 0 {
            let at = self.events.last().map_or(self.last, |e| e.at);
            let events = std::mem::take(&mut self.dropped);
            self.push(at, EventKind::Gap { events });
        }
        true
    }

    fn push(&mut self, at: LabTime, kind: EventKind) {
        self.events.push(Event { sequence: self.next_sequence, at, kind });
        self.next_sequence += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{SlotId, TaskManagerId};

    #[test]
    fn what_finds_no_room_becomes_a_gap() {
        let mut buffer = TraceBuffer::default();
        let slot = SlotId { task_manager: TaskManagerId(1), index: 0 };
        let events = |count| vec![(LabTime(1), EventKind::SlotFreed { slot }); count];
        buffer.extend(events(TraceBuffer::CAPACITY));
        buffer.extend(events(7));
        let mut taken = Vec::new();
        buffer.drain_into(&mut taken);
        buffer.extend(events(1));
        buffer.drain_into(&mut taken);
        let tail = &taken[TraceBuffer::CAPACITY..];
        assert!(matches!(tail[0].kind, EventKind::Gap { events: 7 }));
        assert_eq!(tail[1].sequence, TraceBuffer::CAPACITY as u64 + 1);
    }
}
