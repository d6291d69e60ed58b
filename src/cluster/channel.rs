//! A channel between two subtasks: one sender, one receiver, bounded, never waited on.
//!
//! Its capacity is Flink's network buffers, so that back-pressure is real. The exchanges of a batch
//! job have no bound: Flink writes them down whole before the receiver starts.

use std::sync::Arc;

use crossbeam::channel::{self, TrySendError};

use super::waker::Waker;
use crate::base::{ChannelId, SubtaskId};
use crate::data::Element;

/// The sending end.
pub struct Sender {
    id: ChannelId,
    receiver: SubtaskId,
    inner: channel::Sender<Element>,
    wakes: Arc<Waker>,
}

/// The receiving end.
pub struct Receiver {
    id: ChannelId,
    sender: SubtaskId,
    inner: channel::Receiver<Element>,
    /// The fill after a take from which on the sender may be waiting for room.
    wake_from: usize,
    wakes: Arc<Waker>,
}

/// One end of a new channel: who stands there, and the flag that wakes it.
pub struct Peer {
    /// The subtask.
    pub subtask: SubtaskId,
    /// Its flag.
    pub waker: Arc<Waker>,
}

/// A new channel; `capacity` in elements, none for a batch job's exchange.
pub fn channel(
    id: ChannelId,
    capacity: Option<usize>,
    sender: &Peer,
    receiver: &Peer,
) -> (Sender, Receiver) {
    let (to, from) = match capacity {
        Some(capacity) => channel::bounded(capacity.max(1)),
        None => unbounded(),
    };
    let wake_from = capacity.map_or(usize::MAX, |c| c.max(1) - 1);
    (
        Sender { id, receiver: receiver.subtask, inner: to, wakes: receiver.waker.clone() },
        Receiver {
            id,
            sender: sender.subtask,
            inner: from,
            wake_from,
            wakes: sender.waker.clone(),
        },
    )
}

#[allow(clippy::disallowed_methods, reason = "a blocking exchange keeps its whole bounded input")]
fn unbounded() -> (channel::Sender<Element>, channel::Receiver<Element>) {
    channel::unbounded()
}

impl Sender {
    /// The channel.
    pub fn id(&self) -> ChannelId {
        self.id
    }

    /// Who receives.
    pub fn receiver(&self) -> SubtaskId {
        self.receiver
    }

    /// How many elements are in the channel.
    pub fn used(&self) -> u32 {
        self.inner.len() as u32
    }

    /// Whether the next element finds no room.
    pub fn is_full(&self) -> bool {
        self.inner.is_full()
    }

    /// Puts an element in, or gives it back when the channel is full. A receiver that is gone takes
    /// everything: its job is being taken down.
    pub fn try_send(&self, element: Element) -> Result<(), Element> {
        match self.inner.try_send(element) {
            Ok(()) => {
                self.wakes.wake();
                Ok(())
            }
            Err(TrySendError::Full(element)) => Err(element),
            Err(TrySendError::Disconnected(_)) => Ok(()),
        }
    }
}

impl Receiver {
    /// The channel.
    pub fn id(&self) -> ChannelId {
        self.id
    }

    /// Who sends.
    pub fn sender(&self) -> SubtaskId {
        self.sender
    }

    /// How many elements are in the channel.
    pub fn used(&self) -> u32 {
        self.inner.len() as u32
    }

    /// Whether nothing is there.
    pub fn is_empty(&self) -> bool {
        self.inner.is_empty()
    }

    /// Takes the next element, if one is there.
    pub fn try_recv(&self) -> Option<Element> {
        let element = self.inner.try_recv().ok()?;
        // A sender that found the channel full put nothing in since: the fill is one below capacity.
        if self.inner.len() >= self.wake_from {
            self.wakes.wake();
        }
        Some(element)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::base::{JobId, VertexId, Watermark};

    /// An end of a channel for tests: subtask `index` of vertex `vertex`.
    pub(crate) fn peer(vertex: u32, index: u32) -> Peer {
        let subtask = SubtaskId { job: JobId(1), vertex: VertexId(vertex), index };
        Peer { subtask, waker: Arc::new(Waker::new(None)) }
    }

    #[test]
    fn a_full_channel_gives_back_and_wakes_its_sender_when_room_is_made() {
        let (a, b) = (peer(0, 0), peer(1, 0));
        let (sender, receiver) = channel(ChannelId(0), Some(2), &a, &b);
        for millis in 0..2 {
            assert!(sender.try_send(Element::Watermark(Watermark(millis))).is_ok());
        }
        assert!(sender.try_send(Element::End).is_err());
        a.waker.take();
        assert!(receiver.try_recv().is_some());
        assert!(a.waker.take(), "the sender waited for room");
        assert!(receiver.try_recv().is_some());
        assert!(!a.waker.is_ready(), "room was there already");
        assert!(receiver.try_recv().is_none());
    }

    #[test]
    fn a_receiver_that_is_gone_takes_everything() {
        let (a, b) = (peer(0, 0), peer(1, 0));
        let (sender, receiver) = channel(ChannelId(0), Some(1), &a, &b);
        drop(receiver);
        for _ in 0..3 {
            assert!(sender.try_send(Element::End).is_ok());
        }
    }
}
