//! One parallel reader of nexmark: which events are its own, and when.

use std::sync::Arc;

use super::generator::Generator;
use crate::base::{LabDuration, LabTime, Result};
use crate::connectors::generate::share::Share;
use crate::connectors::snapshot::{decode, encode};
use crate::connectors::{Poll, SourceContext, SourceReader};

pub(super) struct Reader {
    generator: Arc<Generator>,
    share: Share,
    /// The moment on the lab clock at which the first event of the stream is due, once one was asked
    /// for.
    start: Option<LabTime>,
}

impl Reader {
    pub(super) fn new(generator: Arc<Generator>, index: u32, parallelism: u32) -> Self {
        let share = Share::new(index, parallelism, generator.events);
        Self { generator, share, start: None }
    }

    /// How many of the next events are due, or when the first of them is.
    fn due(&mut self, now: LabTime, most: u64) -> Result<u64, LabTime> {
        let Some((rows, remaining)) = self.share.peek() else { return Ok(0) };
        let most = most.min(remaining);
        let settings = &self.generator.settings;
        if !settings.paced {
            return Ok(most);
        }
        let after = |row: usize| LabDuration::millis(settings.after(rows.position(row)));
        let start = *self.start.get_or_insert(LabTime(now.0 - after(0).0));
        let due = (0..most).take_while(|row| start + after(*row as usize) <= now).count();
        if due == 0 { Err(start + after(0)) } else { Ok(due as u64) }
    }
}

impl SourceReader for Reader {
    fn poll(&mut self, context: &mut SourceContext<'_>) -> Result<Poll> {
        let most = match self.due(context.now, context.max_rows as u64) {
            Ok(most) => most,
            Err(later) => return Ok(Poll::WaitUntil(later)),
        };
        match self.share.take(most) {
            Some((rows, len)) => self.generator.batch(rows, len).map(Poll::Batch),
            None if self.generator.settings.keep_alive => Ok(Poll::WaitOutside),
            None => Ok(Poll::End),
        }
    }

    fn snapshot(&mut self) -> Result<Vec<u8>> {
        encode(&self.share)
    }

    /// Whatever the parallelism: an event depends on its number alone. A pace starts anew.
    fn restore(&mut self, snapshots: &[Vec<u8>]) -> Result<()> {
        let shares = snapshots.iter().map(|bytes| decode(bytes)).collect::<Result<_>>()?;
        self.share.restore(shares);
        Ok(())
    }
}
