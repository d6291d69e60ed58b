//! The head of a source task: polls its reader, starts the barriers of checkpoints, ends the stream.

use std::collections::VecDeque;

use super::surroundings::Surroundings;
use crate::base::{CheckpointId, Error, LabTime, OperatorId, Result, Watermark};
use crate::connectors::{Poll, SourceContext, SourceReader};
use crate::data::{Barrier, Element, Row};
use crate::state::OperatorSnapshot;
use crate::trace::Causes;

/// The version of a source's part of a checkpoint.
const SNAPSHOT_VERSION: u16 = 1;

/// A reader and what it waits for.
pub struct SourceHead {
    operator: OperatorId,
    reader: Box<dyn SourceReader>,
    max_rows: usize,
    /// Rows given so far: the position of the next one.
    position: u64,
    triggers: VecDeque<CheckpointId>,
    wait: Wait,
    /// The end is on its way: the last watermark went out.
    ending: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wait {
    Ready,
    Until(LabTime),
    Outside,
    Ended,
}

/// What the head gives.
pub enum Given {
    /// It gave elements (to `out`).
    Elements,
    /// Nothing now; perhaps at this moment.
    Nothing {
        /// When to ask again; absent: when the world outside has delivered something.
        until: Option<LabTime>,
    },
}

impl SourceHead {
    /// The head of a source operator.
    pub fn new(operator: OperatorId, reader: Box<dyn SourceReader>, max_rows: usize) -> Self {
        Self {
            operator,
            reader,
            max_rows,
            position: 0,
            triggers: VecDeque::new(),
            wait: Wait::Ready,
            ending: false,
        }
    }

    /// The source operator.
    pub fn operator(&self) -> OperatorId {
        self.operator
    }

    /// A barrier goes out before the next rows.
    pub fn trigger(&mut self, checkpoint: CheckpointId) {
        self.triggers.push_back(checkpoint);
    }

    /// Gives rows from outside to the reader.
    pub fn feed(&mut self, rows: Vec<Row>) {
        self.reader.feed(rows);
        if self.wait != Wait::Ended {
            self.wait = Wait::Ready;
        }
    }

    /// Tells the reader that nothing comes from outside any more.
    pub fn no_more(&mut self, cause: Option<Error>) {
        self.reader.no_more(cause);
        if self.wait != Wait::Ended {
            self.wait = Wait::Ready;
        }
    }

    /// Whether it waits for the world outside.
    pub fn waits_outside(&self) -> bool {
        self.wait == Wait::Outside
    }

    /// The reader's part of a checkpoint.
    pub fn snapshot(&mut self) -> Result<OperatorSnapshot> {
        let bytes = self.reader.snapshot()?;
        let state = (self.position, bytes);
        let operator = postcard::to_stdvec(&state)
            .map_err(|e| Error::new("snapshot-not-written").arg("reason", e))?;
        Ok(OperatorSnapshot { version: SNAPSHOT_VERSION, operator, ..OperatorSnapshot::default() })
    }

    /// Goes on from the parts of all readers of the source; `own` is the one of this subtask's index.
    pub fn restore(&mut self, snapshots: &[OperatorSnapshot], own: usize) -> Result<()> {
        let mut readers = Vec::with_capacity(snapshots.len());
        for (index, snapshot) in snapshots.iter().enumerate() {
            if snapshot.version != SNAPSHOT_VERSION {
                return Err(Error::new("snapshot-version").arg("version", snapshot.version));
            }
            let (position, bytes): (u64, Vec<u8>) = postcard::from_bytes(&snapshot.operator)
                .map_err(|e| Error::new("snapshot-not-read").arg("reason", e))?;
            if index == own {
                self.position = position;
            }
            readers.push(bytes);
        }
        self.reader.restore(&readers)
    }

    /// The next barrier, rows or watermark, put into `out`.
    pub fn give(&mut self, s: &mut Surroundings<'_>, out: &mut Vec<Element>) -> Result<Given> {
        if let Some(checkpoint) = self.triggers.pop_front() {
            out.push(Element::Barrier(Barrier { checkpoint }));
            return Ok(Given::Elements);
        }
        match self.wait {
            Wait::Until(moment) if s.now < moment => {
                return Ok(Given::Nothing { until: Some(moment) });
            }
            Wait::Ended => return Ok(Given::Nothing { until: None }),
            _ if self.ending => {
                self.wait = Wait::Ended;
                out.push(Element::End);
                return Ok(Given::Elements);
            }
            _ => {}
        }
        self.poll(s, out)
    }

    fn poll(&mut self, s: &mut Surroundings<'_>, out: &mut Vec<Element>) -> Result<Given> {
        let mut context = SourceContext { now: s.now, max_rows: self.max_rows, files: s.files };
        let poll = self.reader.poll(&mut context)?;
        self.wait = Wait::Ready;
        match poll {
            Poll::Batch(batch) => {
                let causes = Causes::Source { position: self.position };
                self.position += batch.len() as u64;
                s.context(self.operator, None, out).emit_because(batch, causes);
            }
            Poll::Watermark(watermark) => out.push(Element::Watermark(watermark)),
            Poll::End => {
                self.ending = true;
                out.push(Element::Watermark(Watermark::MAX));
            }
            // The end of time is no moment.
            Poll::WaitUntil(LabTime(i64::MAX)) => return Ok(Given::Nothing { until: None }),
            Poll::WaitUntil(moment) => {
                // A moment that has come is asked for again in a later step.
                let moment = moment.max(LabTime(s.now.0.saturating_add(1)));
                self.wait = Wait::Until(moment);
                return Ok(Given::Nothing { until: Some(moment) });
            }
            Poll::WaitOutside => {
                self.wait = Wait::Outside;
                return Ok(Given::Nothing { until: None });
            }
        }
        Ok(Given::Elements)
    }
}
