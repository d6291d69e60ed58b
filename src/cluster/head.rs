//! The head of a task: where its input comes from.

use super::blueprint::Blueprint;
use super::chain::Chain;
use super::gate::{Gate, Taken};
use super::source_head::{Given, SourceHead};
use super::surroundings::Surroundings;
use crate::base::{LabTime, Result};
use crate::data::Element;
use crate::trace::EventKind;
use crate::trace::event::WaitReason;

/// What stands before the chain of operators.
pub enum Head {
    /// Nothing was made yet.
    New(Box<Blueprint>),
    /// A source.
    Source(Box<SourceHead>),
    /// Channels of other tasks.
    Gate(Gate),
}

impl Head {
    /// For what it waits.
    pub fn waits_for(&self) -> WaitReason {
        match self {
            Self::Source(source) if source.waits_outside() => WaitReason::Outside,
            Self::Gate(gate) => gate.waits_for(),
            Self::New(_) | Self::Source(_) => WaitReason::Input(Vec::new()),
        }
    }

    /// Takes one element from the head into the chain. Says whether there was one, and if not, when to
    /// ask again.
    pub fn take(
        &mut self,
        chain: &mut Chain,
        given: &mut Vec<Element>,
        s: &mut Surroundings<'_>,
    ) -> Result<(Option<LabTime>, bool)> {
        match self {
            Head::New(_) => Ok((None, false)),
            Head::Gate(gate) => match gate.take(s.metrics, s.tracer) {
                Taken::Element(input, element) => {
                    chain.push(input, element, s)?;
                    Ok((None, true))
                }
                Taken::Absorbed => Ok((None, true)),
                Taken::Nothing => Ok((None, false)),
            },
            Head::Source(source) => {
                if let Given::Nothing { until } = source.give(s, given)? {
                    return Ok((until, false));
                }
                for element in given.drain(..) {
                    if matches!(element, Element::Barrier(_)) {
                        s.source_snapshot.push((source.operator(), source.snapshot()?));
                    }
                    trace_source_watermark(&element, s);
                    chain.push(0, element, s)?;
                }
                Ok((None, true))
            }
        }
    }
}

/// A source's own watermark is the watermark of its subtask.
fn trace_source_watermark(element: &Element, s: &mut Surroundings<'_>) {
    if !s.tracer.steps() {
        return;
    }
    let watermark = match element {
        Element::Watermark(watermark) => Some(*watermark),
        Element::Batch(batch) => batch.marks().last().map(|m| m.watermark),
        Element::Barrier(_) | Element::Idle(_) | Element::End => None,
    };
    if let Some(watermark) = watermark {
        s.tracer.emit(EventKind::WatermarkAdvanced { subtask: s.subtask.id, watermark });
    }
}
