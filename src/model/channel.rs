//! A channel between two subtasks: what lies in it, and how full it is.

use std::{collections::VecDeque, sync::Arc};

use crate::base::{ChannelId, CheckpointId, LabTime, RecordId, SubtaskId, Watermark};

/// One channel of a job.
#[derive(Clone, Debug, PartialEq)]
pub struct Channel {
    /// Its id in the job.
    pub id: ChannelId,
    /// Position of its edge in the job's graph.
    pub edge: usize,
    /// The sender.
    pub from: SubtaskId,
    /// The receiver.
    pub to: SubtaskId,
    /// Elements that it holds.
    pub capacity: u32,
    /// Elements in it now, as the cluster counts them.
    pub used: u32,
    /// What lies in it, the next to be taken first. Holds at most [`Channel::MAX_ITEMS`].
    pub items: VecDeque<Item>,
    /// What was taken last, newest last, so that a screen can let it arrive. At most
    /// [`Channel::MAX_RECENT`].
    pub recent: VecDeque<Item>,
    /// Rows that ever went into it.
    pub records: u64,
    /// Whether the batch that went in last has watermarks inside.
    expects_rider: bool,
}

/// An element on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The event that put it there: its identity.
    pub sequence: u64,
    /// When it went in.
    pub enqueued: LabTime,
    /// What it is.
    pub kind: ItemKind,
    /// Whether it is a watermark inside the batch before it, and so no element of its own.
    pub rides: bool,
}

/// What travels.
#[derive(Clone, Debug, PartialEq)]
pub enum ItemKind {
    /// Rows that travel together.
    Records(Arc<[RecordId]>),
    /// A watermark.
    Watermark(Watermark),
    /// The barrier of a checkpoint.
    Barrier(CheckpointId),
}

impl Channel {
    /// More than a channel ever holds; met only when the trace has gaps.
    pub const MAX_ITEMS: usize = 256;
    /// How many taken elements are remembered.
    pub const MAX_RECENT: usize = 8;

    /// An empty channel.
    pub fn new(id: ChannelId, edge: usize, from: SubtaskId, to: SubtaskId, capacity: u32) -> Self {
        let (items, recent) = (VecDeque::new(), VecDeque::new());
        Self {
            id,
            edge,
            from,
            to,
            capacity,
            used: 0,
            items,
            recent,
            records: 0,
            expects_rider: false,
        }
    }

    /// Whether nobody can put anything more into it.
    pub fn is_full(&self) -> bool {
        self.used >= self.capacity
    }

    pub(super) fn push(&mut self, sequence: u64, enqueued: LabTime, kind: ItemKind) {
        if let ItemKind::Records(ids) = &kind {
            self.records += ids.len() as u64;
        }
        if self.items.len() == Self::MAX_ITEMS {
            self.items.pop_front();
        }
        let rides = self.expects_rider && matches!(kind, ItemKind::Watermark(_));
        self.expects_rider = false;
        self.items.push_back(Item { sequence, enqueued, kind, rides });
    }

    /// The batch that went in last has watermarks inside: the next watermark is the last of them.
    pub(super) fn expect_rider(&mut self) {
        self.expects_rider = true;
    }

    /// The cluster says how many elements are inside: what is more was taken from the front.
    pub(super) fn set_used(&mut self, used: u32) {
        self.used = used;
        let elements = self.items.iter().filter(|item| !item.rides).count();
        for _ in used as usize..elements {
            self.take_front();
        }
    }

    /// Takes the rows with these ids, and whatever stood before them.
    pub(super) fn take_records(&mut self, ids: &[RecordId]) {
        let Some(last) = ids.last() else { return };
        let holds = |item: &Item| matches!(&item.kind, ItemKind::Records(r) if r.contains(last));
        self.take_through(holds);
    }

    /// Takes the barrier, and whatever stood before it.
    pub(super) fn take_barrier(&mut self, checkpoint: CheckpointId) {
        self.take_through(|item| item.kind == ItemKind::Barrier(checkpoint));
    }

    /// The receiver's watermark moved on: watermarks up to it that are next in line were taken.
    pub(super) fn take_watermarks(&mut self, up_to: Watermark) {
        let taken = |item: &Item| matches!(item.kind, ItemKind::Watermark(w) if w <= up_to);
        while self.items.front().is_some_and(taken) {
            self.take_front();
        }
    }

    /// Everything inside is gone.
    pub(super) fn clear(&mut self) -> impl Iterator<Item = Item> {
        self.used = 0;
        self.recent.clear();
        std::mem::take(&mut self.items).into_iter()
    }

    fn take_through(&mut self, wanted: impl Fn(&Item) -> bool) {
        let Some(at) = self.items.iter().position(wanted) else { return };
        for _ in 0..=at {
            self.take_front();
        }
    }

    /// Takes an element, and what rides on it.
    fn take_front(&mut self) {
        while let Some(item) = self.items.pop_front() {
            if self.recent.len() == Self::MAX_RECENT {
                self.recent.pop_front();
            }
            self.recent.push_back(item);
            if self.items.front().is_none_or(|next| !next.rides) {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel() -> Channel {
        let end = SubtaskId::default();
        Channel::new(ChannelId(0), 0, end, end, 4)
    }

    fn push(channel: &mut Channel, sequence: u64, kind: ItemKind) {
        channel.push(sequence, LabTime(0), kind);
    }

    fn records(id: u64) -> ItemKind {
        ItemKind::Records(Arc::new([RecordId(id)]))
    }

    fn sequences(items: &VecDeque<Item>) -> Vec<u64> {
        items.iter().map(|item| item.sequence).collect()
    }

    #[test]
    fn a_watermark_inside_a_batch_leaves_with_it() {
        let mut channel = channel();
        push(&mut channel, 1, records(1));
        channel.expect_rider();
        push(&mut channel, 2, ItemKind::Watermark(Watermark(5)));
        channel.set_used(1);
        assert_eq!(sequences(&channel.items), [1, 2]);
        channel.take_records(&[RecordId(1)]);
        assert!(sequences(&channel.items).is_empty());
        assert_eq!(sequences(&channel.recent), [1, 2]);
    }

    #[test]
    fn what_stands_before_a_taken_element_was_taken_too() {
        let mut channel = channel();
        push(&mut channel, 1, ItemKind::Watermark(Watermark(5)));
        push(&mut channel, 2, records(1));
        push(&mut channel, 3, ItemKind::Barrier(CheckpointId(1)));
        channel.take_records(&[RecordId(1)]);
        assert_eq!(sequences(&channel.items), [3]);
        channel.set_used(0);
        assert!(sequences(&channel.items).is_empty());
    }
}
