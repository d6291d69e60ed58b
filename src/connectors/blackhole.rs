//! `blackhole`: takes every row and keeps none. For measuring what comes before it.
//!
//! As Flink's `BlackHoleTableSinkFactory` it asks for every change but `-U`.

use std::sync::Arc;

use super::descriptor::{Accepts, Connector, Descriptor, SinkRequest};
use super::options::{OptionSpec, OptionType, Options};
use super::{SinkContext, SinkFactory, SinkWriter};
use crate::base::Result;
use crate::data::Batch;

/// The connector.
pub struct Blackhole;

static DESCRIPTOR: Descriptor = Descriptor {
    identifier: "blackhole",
    source: false,
    lookup: false,
    sink: Some(Accepts::ChangesWithoutBefore),
    overwrites: false,
    format: false,
    pushes_limit: false,
    pushes_projection: false,
    skips_columns: false,
    chains_with_joins: false,
    metadata: &[],
    options: &[OptionSpec::optional("property-version", OptionType::Integer)],
};

impl Connector for Blackhole {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn sink(&self, _options: &Options, _request: SinkRequest<'_>) -> Result<Arc<dyn SinkFactory>> {
        Ok(Arc::new(Void))
    }
}

struct Void;

impl SinkFactory for Void {
    fn create(&self, _index: u32, _parallelism: u32) -> Result<Box<dyn SinkWriter>> {
        Ok(Box::new(Void))
    }
}

impl SinkWriter for Void {
    fn write(&mut self, _batch: &Batch, _context: &mut SinkContext<'_>) -> Result<()> {
        Ok(())
    }

    fn snapshot(&mut self, _context: &mut SinkContext<'_>) -> Result<Vec<u8>> {
        Ok(Vec::new())
    }

    fn restore(&mut self, _snapshots: &[Vec<u8>], _context: &mut SinkContext<'_>) -> Result<()> {
        Ok(())
    }

    fn finish(&mut self, _context: &mut SinkContext<'_>) -> Result<()> {
        Ok(())
    }
}
