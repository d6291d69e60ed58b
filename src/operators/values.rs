//! Values: the rows of a VALUES list as a source.

use crate::base::{Error, Result};
use crate::connectors::{Poll, SourceContext, SourceFactory, SourceReader};
use crate::data::{Batch, Schema};

/// The rows of a VALUES list, already computed.
#[derive(Clone, Debug)]
pub struct ValuesFactory {
    /// The rows.
    pub rows: Batch,
    /// Their columns.
    pub output: Schema,
}

impl SourceFactory for ValuesFactory {
    fn create(&self, index: u32, _parallelism: u32, _seed: u64) -> Result<Box<dyn SourceReader>> {
        // One reader has them all; the others, if there are any, have none.
        let next = if index == 0 { 0 } else { self.rows.len() };
        Ok(Box::new(Values { rows: self.rows.clone(), next }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }

    fn bounded(&self) -> bool {
        true
    }

    fn max_parallelism(&self) -> Option<u32> {
        Some(1)
    }
}

struct Values {
    rows: Batch,
    next: usize,
}

impl SourceReader for Values {
    fn poll(&mut self, context: &mut SourceContext<'_>) -> Result<Poll> {
        let count = (self.rows.len() - self.next).min(context.max_rows);
        if count == 0 {
            return Ok(Poll::End);
        }
        self.next += count;
        Ok(Poll::Batch(self.rows.slice(self.next - count, count)))
    }

    fn snapshot(&mut self) -> Result<Vec<u8>> {
        Ok((self.next as u64).to_le_bytes().to_vec())
    }

    fn restore(&mut self, snapshots: &[Vec<u8>]) -> Result<()> {
        for bytes in snapshots {
            let bytes: [u8; 8] = bytes.as_slice().try_into().map_err(|_| {
                Error::new("state-not-read").arg("reason", "an offset of another length")
            })?;
            let next = usize::try_from(u64::from_le_bytes(bytes)).unwrap_or(usize::MAX);
            self.next = self.next.max(next.min(self.rows.len()));
        }
        Ok(())
    }
}
