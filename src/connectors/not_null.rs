//! A sink behind a check of its NOT NULL columns.

use std::sync::Arc;

use super::sink::{SinkContext, SinkFactory, SinkWriter};
use crate::base::{CheckpointId, Result, Watermark};
use crate::data::Batch;
use crate::data::not_null::NotNull;

/// Makes writers that take only rows which keep what NOT NULL columns promise.
pub struct NotNullSink {
    inner: Arc<dyn SinkFactory>,
    not_null: NotNull,
}

impl NotNullSink {
    /// A sink behind a promise.
    pub fn new(inner: Arc<dyn SinkFactory>, not_null: NotNull) -> Self {
        Self { inner, not_null }
    }
}

impl SinkFactory for NotNullSink {
    fn create(&self, index: u32, parallelism: u32) -> Result<Box<dyn SinkWriter>> {
        let inner = self.inner.create(index, parallelism)?;
        Ok(Box::new(Writer { inner, not_null: self.not_null.clone() }))
    }
}

struct Writer {
    inner: Box<dyn SinkWriter>,
    not_null: NotNull,
}

impl SinkWriter for Writer {
    fn write(&mut self, batch: &Batch, context: &mut SinkContext<'_>) -> Result<()> {
        self.inner.write(&self.not_null.hold(batch.clone())?, context)
    }

    fn watermark(&mut self, watermark: Watermark) {
        self.inner.watermark(watermark);
    }

    fn snapshot(&mut self, context: &mut SinkContext<'_>) -> Result<Vec<u8>> {
        self.inner.snapshot(context)
    }

    fn restore(&mut self, snapshots: &[Vec<u8>], context: &mut SinkContext<'_>) -> Result<()> {
        self.inner.restore(snapshots, context)
    }

    fn checkpoint_completed(
        &mut self,
        checkpoint: CheckpointId,
        context: &mut SinkContext<'_>,
    ) -> Result<()> {
        self.inner.checkpoint_completed(checkpoint, context)
    }

    fn finish(&mut self, context: &mut SinkContext<'_>) -> Result<()> {
        self.inner.finish(context)
    }
}
