//! The input gate of a task: takes one element at a time from its channels, in turn.
//!
//! It combines watermarks, aligns checkpoint barriers (a channel whose barrier came is not read until
//! the barriers of all others came), and says when an input has ended.

use std::collections::VecDeque;

use super::channel::Receiver;
use super::output::byte_size;
use super::valve::Valve;
use crate::base::{CheckpointId, SubtaskId, Watermark};
use crate::data::{Barrier, Batch, Element, Mark};
use crate::trace::event::WaitReason;
use crate::trace::{EventKind, LoadMetrics, Tracer};

/// The input channels of a task.
pub struct Gate {
    subtask: SubtaskId,
    channels: Vec<GateChannel>,
    /// Where to look first.
    next: usize,
    valve: Valve,
    aligning: Option<CheckpointId>,
    /// What came out of one element and has not been taken.
    ready: VecDeque<(usize, Element)>,
}

struct GateChannel {
    receiver: Receiver,
    input: usize,
    blocked: bool,
    ended: bool,
}

/// What the gate gives.
pub enum Taken {
    /// An element for an input of the head.
    Element(usize, Element),
    /// An element was taken that means nothing to the operators yet.
    Absorbed,
    /// Nothing is there.
    Nothing,
}

impl Gate {
    /// The gate of a task: channels, each with the input of the head that it belongs to.
    pub fn new(subtask: SubtaskId, channels: Vec<(usize, Receiver)>) -> Self {
        let valve = Valve::new(channels.len());
        let channels = channels.into_iter().map(|(input, receiver)| GateChannel {
            receiver,
            input,
            blocked: false,
            ended: false,
        });
        Self {
            subtask,
            channels: channels.collect(),
            next: 0,
            valve,
            aligning: None,
            ready: VecDeque::new(),
        }
    }

    /// Takes one element.
    pub fn take(&mut self, metrics: &mut LoadMetrics, tracer: &mut Tracer) -> Taken {
        if let Some((input, element)) = self.ready.pop_front() {
            return Taken::Element(input, element);
        }
        let count = self.channels.len();
        for step in 0..count {
            let index = (self.next + step) % count;
            let channel = &self.channels[index];
            if channel.blocked || channel.ended {
                continue;
            }
            if let Some(element) = channel.receiver.try_recv() {
                self.next = (index + 1) % count;
                self.trace_taken(index, &element, metrics, tracer);
                return self.accept(index, element, tracer);
            }
        }
        Taken::Nothing
    }

    /// For what the task waits.
    pub fn waits_for(&self) -> WaitReason {
        let open = self.channels.iter().filter(|c| !c.ended);
        if let Some(checkpoint) = self.aligning
            && let Some(missing) = open.clone().find(|c| !c.blocked)
        {
            return WaitReason::Barrier(missing.receiver.sender(), checkpoint);
        }
        let mut senders: Vec<SubtaskId> = open.map(|c| c.receiver.sender()).collect();
        senders.dedup();
        WaitReason::Input(senders)
    }

    fn trace_taken(
        &self,
        index: usize,
        element: &Element,
        metrics: &mut LoadMetrics,
        tracer: &mut Tracer,
    ) {
        let receiver = &self.channels[index].receiver;
        let (job, channel) = (self.subtask.job, receiver.id());
        if let Element::Batch(batch) = element {
            metrics.records_in += batch.len() as u64;
            if tracer.steps() {
                metrics.bytes_in += byte_size(batch);
            }
            if let (true, Some(ids)) = (tracer.records(), batch.ids()) {
                tracer.emit(EventKind::RecordsTaken { job, channel, ids: ids.clone() });
            }
        }
        if tracer.steps() {
            if let Element::Barrier(Barrier { checkpoint }) = element {
                let checkpoint = *checkpoint;
                tracer.emit(EventKind::BarrierTaken { job, channel, checkpoint });
            }
            tracer.emit(EventKind::ChannelFill { job, channel, used: receiver.used() });
        }
    }

    fn accept(&mut self, index: usize, element: Element, tracer: &mut Tracer) -> Taken {
        let input = self.channels[index].input;
        match element {
            Element::Batch(batch) => {
                Taken::Element(input, Element::Batch(self.combine_marks(index, batch, tracer)))
            }
            Element::Watermark(watermark) => {
                let moved = self.valve.watermark(index, watermark);
                self.trace_watermark(moved, tracer);
                moved.map_or(Taken::Absorbed, |w| Taken::Element(input, Element::Watermark(w)))
            }
            Element::Idle(idle) => {
                let change = self.valve.idle(index, idle);
                self.trace_watermark(change.watermark, tracer);
                self.ready.extend(change.watermark.map(|w| (input, Element::Watermark(w))));
                self.ready.extend(change.idle.map(|i| (input, Element::Idle(i))));
                self.next_ready()
            }
            Element::Barrier(barrier) => self.accept_barrier(index, barrier),
            Element::End => self.accept_end(index),
        }
    }

    fn next_ready(&mut self) -> Taken {
        let next = self.ready.pop_front();
        next.map_or(Taken::Absorbed, |(input, element)| Taken::Element(input, element))
    }

    /// The marks of a batch of one channel, as they move the watermark of the whole input.
    fn combine_marks(&mut self, index: usize, batch: Batch, tracer: &mut Tracer) -> Batch {
        if batch.marks().is_empty() {
            return batch;
        }
        let before = self.valve.output();
        let mut combined = Vec::with_capacity(batch.marks().len());
        for mark in batch.marks() {
            let moved = self.valve.watermark(index, mark.watermark);
            combined.extend(moved.map(|watermark| Mark { after: mark.after, watermark }));
        }
        let output = self.valve.output();
        self.trace_watermark((output > before).then_some(output), tracer);
        batch.with_marks(combined)
    }

    fn trace_watermark(&self, moved: Option<Watermark>, tracer: &mut Tracer) {
        if let (Some(watermark), true) = (moved, tracer.steps()) {
            tracer.emit(EventKind::WatermarkAdvanced { subtask: self.subtask, watermark });
        }
    }

    fn accept_barrier(&mut self, index: usize, barrier: Barrier) -> Taken {
        let checkpoint = barrier.checkpoint;
        match self.aligning {
            // A barrier of a checkpoint that was given up meanwhile.
            Some(current) if checkpoint < current => return Taken::Absorbed,
            Some(current) if checkpoint > current => self.unblock(),
            _ => {}
        }
        self.aligning = Some(checkpoint);
        self.channels[index].blocked = true;
        self.finish_alignment();
        self.next_ready()
    }

    fn accept_end(&mut self, index: usize) -> Taken {
        self.channels[index].ended = true;
        self.finish_alignment();
        let input = self.channels[index].input;
        if self.channels.iter().all(|c| c.ended || c.input != input) {
            self.ready.push_back((input, Element::End));
        }
        self.next_ready()
    }

    /// Lets the barrier through once it came, or the end did, on every channel.
    fn finish_alignment(&mut self) {
        let Some(checkpoint) = self.aligning else { return };
        if self.channels.iter().all(|c| c.blocked || c.ended) {
            self.unblock();
            self.ready.push_back((0, Element::Barrier(Barrier { checkpoint })));
        }
    }

    fn unblock(&mut self) {
        self.aligning = None;
        self.channels.iter_mut().for_each(|c| c.blocked = false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ChannelId;
    use crate::cluster::channel::tests::peer;
    use crate::cluster::channel::{Sender, channel};
    use crate::trace::Level;

    fn gate(inputs: &[usize]) -> (Vec<Sender>, Gate) {
        let receiver = peer(1, 0);
        let ends = inputs.iter().enumerate().map(|(index, input)| {
            let id = ChannelId(index as u32);
            let (to, from) = channel(id, Some(16), &peer(0, index as u32), &receiver);
            (to, (*input, from))
        });
        let (senders, receivers) = ends.unzip();
        (senders, Gate::new(receiver.subtask, receivers))
    }

    fn rows(count: usize) -> Element {
        Element::Batch(Batch::new(Vec::new(), count))
    }

    fn barrier(id: u64) -> Element {
        Element::Barrier(Barrier { checkpoint: CheckpointId(id) })
    }

    /// Everything that the gate gives now, in words.
    fn take_all(gate: &mut Gate) -> Vec<String> {
        let (mut metrics, mut tracer) = (LoadMetrics::default(), Tracer::new(Level::Off));
        let mut all = Vec::new();
        loop {
            match gate.take(&mut metrics, &mut tracer) {
                Taken::Element(input, element) => all.push(format!("{input} {}", text(&element))),
                Taken::Absorbed => {}
                Taken::Nothing => return all,
            }
        }
    }

    fn text(element: &Element) -> String {
        match element {
            Element::Batch(batch) => {
                let marks = batch.marks().iter();
                let marks: String =
                    marks.map(|m| format!(" {}@{}", m.watermark, m.after)).collect();
                format!("rows {}{marks}", batch.len())
            }
            Element::Watermark(w) => format!("watermark {w}"),
            Element::Barrier(b) => format!("barrier {}", b.checkpoint),
            Element::Idle(idle) => format!("idle {idle}"),
            Element::End => "end".to_owned(),
        }
    }

    fn send(sender: &Sender, elements: Vec<Element>) {
        for element in elements {
            assert!(sender.try_send(element).is_ok());
        }
    }

    #[test]
    fn a_channel_is_not_read_past_its_barrier_until_all_barriers_came() {
        let (senders, mut gate) = gate(&[0, 0]);
        send(&senders[0], vec![rows(1), barrier(1), rows(2)]);
        send(&senders[1], vec![rows(3)]);
        assert_eq!(take_all(&mut gate), ["0 rows 1", "0 rows 3"]);
        assert_eq!(gate.waits_for(), WaitReason::Barrier(peer(0, 1).subtask, CheckpointId(1)));
        send(&senders[1], vec![rows(4), barrier(1), rows(5)]);
        assert_eq!(take_all(&mut gate), ["0 rows 4", "0 barrier 1", "0 rows 2", "0 rows 5"]);
    }

    #[test]
    fn an_end_counts_as_a_barrier_and_comes_after_it() {
        let (senders, mut gate) = gate(&[0, 1]);
        send(&senders[0], vec![barrier(1)]);
        assert!(take_all(&mut gate).is_empty());
        send(&senders[1], vec![Element::End]);
        assert_eq!(take_all(&mut gate), ["0 barrier 1", "1 end"]);
        send(&senders[0], vec![Element::End]);
        assert_eq!(take_all(&mut gate), ["0 end"]);
    }

    #[test]
    fn a_newer_barrier_gives_up_the_older_one() {
        let (senders, mut gate) = gate(&[0, 0]);
        send(&senders[0], vec![barrier(1), barrier(2)]);
        assert!(take_all(&mut gate).is_empty());
        send(&senders[1], vec![barrier(2)]);
        assert_eq!(take_all(&mut gate), ["0 barrier 2"]);
    }

    #[test]
    fn marks_move_the_minimum_over_all_channels() {
        let (senders, mut gate) = gate(&[0, 0]);
        send(&senders[0], vec![Element::Watermark(Watermark(20))]);
        let marks = [(1, 10), (2, 30), (3, 40)];
        let marks = marks.map(|(after, at)| Mark { after, watermark: Watermark(at) });
        let batch = Batch::new(Vec::new(), 3).with_marks(marks.to_vec());
        send(&senders[1], vec![Element::Batch(batch)]);
        assert_eq!(take_all(&mut gate), ["0 rows 3 10@1 20@2"]);
    }
}
