//! The outputs of a task: its edges, their channels, and what has not found room yet.
//!
//! The order in which elements were emitted is kept over all channels, so one full channel holds the
//! task back, as a full buffer pool does in Flink.

use std::collections::VecDeque;

use arrow::array::{Array, ArrayRef, AsArray};

use super::channel::Sender;
use super::partition::Router;
use crate::base::{ChannelId, JobId, Result, SubtaskId};
use crate::data::{Batch, Element};
use crate::trace::{EventKind, LoadMetrics, Tracer};

/// One edge out of a task.
pub struct OutputEdge {
    /// Which channel an element goes into.
    pub router: Router,
    /// The channels, by receiver.
    pub channels: Vec<Sender>,
}

/// All edges out of a task.
pub struct Outputs {
    job: JobId,
    edges: Vec<OutputEdge>,
    /// Edge, channel, element: emitted and not yet sent.
    pending: VecDeque<(usize, usize, Element)>,
}

impl Outputs {
    /// The outputs of a task of this job.
    pub fn new(job: JobId, edges: Vec<OutputEdge>) -> Self {
        Self { job, edges, pending: VecDeque::new() }
    }

    /// Whether there are no edges: the task is a last one of its job.
    pub fn is_last(&self) -> bool {
        self.edges.is_empty()
    }

    /// Whether everything emitted has been sent.
    pub fn is_clear(&self) -> bool {
        self.pending.is_empty()
    }

    /// The receiver that has no room for what comes next.
    pub fn waits_for(&self) -> Option<SubtaskId> {
        self.pending.front().map(|(e, c, _)| self.edges[*e].channels[*c].receiver())
    }

    /// Emits an element into some of the edges. It is sent at once where there is room.
    pub fn emit(
        &mut self,
        into: &[usize],
        element: Element,
        metrics: &mut LoadMetrics,
        tracer: &mut Tracer,
    ) -> Result<()> {
        let Some((last, others)) = into.split_last() else { return Ok(()) };
        for edge in others {
            self.route(*edge, element.clone(), metrics, tracer)?;
        }
        self.route(*last, element, metrics, tracer)
    }

    fn route(
        &mut self,
        edge: usize,
        element: Element,
        metrics: &mut LoadMetrics,
        tracer: &mut Tracer,
    ) -> Result<()> {
        let Self { job, edges, pending } = self;
        let OutputEdge { router, channels } = &mut edges[edge];
        router.route(element, |channel, piece| {
            let rest = match pending.is_empty() {
                true => send(*job, &channels[channel], piece, metrics, tracer).err(),
                false => Some(piece),
            };
            pending.extend(rest.map(|piece| (edge, channel, piece)));
        })
    }

    /// Sends what is pending; answers the channel that has no room.
    pub fn flush(&mut self, metrics: &mut LoadMetrics, tracer: &mut Tracer) -> Option<ChannelId> {
        while let Some((edge, channel, element)) = self.pending.pop_front() {
            let sender = &self.edges[edge].channels[channel];
            if let Err(element) = send(self.job, sender, element, metrics, tracer) {
                let id = sender.id();
                self.pending.push_front((edge, channel, element));
                return Some(id);
            }
        }
        None
    }
}

/// Sends one element and traces that it is in the channel.
fn send(
    job: JobId,
    sender: &Sender,
    element: Element,
    metrics: &mut LoadMetrics,
    tracer: &mut Tracer,
) -> Result<(), Element> {
    if sender.is_full() {
        return Err(element);
    }
    if let Element::Batch(batch) = &element {
        metrics.records_out += batch.len() as u64;
        if tracer.steps() {
            metrics.bytes_out += byte_size(batch);
        }
    }
    if tracer.steps() {
        trace_enqueued(job, sender, &element, tracer);
    }
    sender.try_send(element)
}

/// The one sender of a channel that has room finds it still there: tracing before sending keeps the
/// events of a hop in order on every driver.
fn trace_enqueued(job: JobId, sender: &Sender, element: &Element, tracer: &mut Tracer) {
    let channel = sender.id();
    match element {
        Element::Batch(batch) => {
            if tracer.records() {
                tracer.emit(EventKind::RecordsEnqueued { job, channel, batch: batch.clone() });
            }
            if let Some(mark) = batch.marks().last() {
                let watermark = mark.watermark;
                tracer.emit(EventKind::WatermarkEnqueued { job, channel, watermark });
            }
        }
        Element::Watermark(watermark) => {
            tracer.emit(EventKind::WatermarkEnqueued { job, channel, watermark: *watermark });
        }
        Element::Barrier(barrier) => {
            let checkpoint = barrier.checkpoint;
            tracer.emit(EventKind::BarrierEnqueued { job, channel, checkpoint });
        }
        Element::Idle(_) | Element::End => {}
    }
    tracer.emit(EventKind::ChannelFill { job, channel, used: sender.used() + 1 });
}

/// The bytes of the values of a batch, for people: what a network buffer would hold of them.
pub fn byte_size(batch: &Batch) -> u64 {
    batch.columns().iter().map(column_bytes).sum::<usize>() as u64
}

fn column_bytes(column: &ArrayRef) -> usize {
    if let Some(width) = column.data_type().primitive_width() {
        return width * column.len();
    }
    if let Some(text) = column.as_string_opt::<i32>() {
        let offsets = text.value_offsets();
        let ends = offsets.first().zip(offsets.last());
        return ends.map_or(0, |(first, last)| (last - first) as usize) + 4 * column.len();
    }
    column.get_array_memory_size()
}
