//! Writing ORC: the rows are held until the file ends, because the library's writer stays in the thread
//! where it was made. The size at which files are rolled bounds them.

use std::sync::Arc;

use arrow::array::Array;
use arrow::datatypes::{Schema as ArrowSchema, SchemaRef};
use orc_rust::ArrowWriterBuilder;
use orc_rust::compression::CompressionType;

use super::COMPRESSION;
use crate::base::Result;
use crate::connectors::format::columnar::{record, unwritten};
use crate::connectors::format::{FileWriter, FileWriterFactory};
use crate::connectors::options::Options;
use crate::data::arrow::arrow_fields;
use crate::data::{Batch, Schema};

/// Makes writers of ORC files of one table.
pub(super) struct Factory {
    schema: SchemaRef,
    compression: Option<CompressionType>,
}

impl Factory {
    pub(super) fn new(options: &Options, schema: &Schema) -> Self {
        let compression = match options.get(COMPRESSION) {
            Some("NONE") => None,
            Some("SNAPPY") => Some(CompressionType::Snappy),
            Some("ZSTD") => Some(CompressionType::Zstd),
            _ => Some(CompressionType::Zlib),
        };
        Self { schema: Arc::new(ArrowSchema::new(arrow_fields(schema))), compression }
    }
}

impl FileWriterFactory for Factory {
    fn create(&self) -> Box<dyn FileWriter> {
        let (schema, compression) = (self.schema.clone(), self.compression);
        Box::new(OrcWriter { schema, compression, pending: Vec::new(), held: 0 })
    }
}

struct OrcWriter {
    schema: SchemaRef,
    compression: Option<CompressionType>,
    pending: Vec<Batch>,
    /// The bytes that they take.
    held: u64,
}

impl FileWriter for OrcWriter {
    fn write(&mut self, batch: &Batch, _out: &mut Vec<u8>) -> Result<()> {
        self.held += batch.columns().iter().map(|c| c.get_array_memory_size() as u64).sum::<u64>();
        self.pending.push(batch.clone());
        Ok(())
    }

    fn held(&self) -> u64 {
        self.held
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<()> {
        let builder = ArrowWriterBuilder::new(out, self.schema.clone());
        let builder = match self.compression {
            Some(compression) => builder.with_compression(compression),
            None => builder,
        };
        let mut writer = builder.try_build().map_err(unwritten)?;
        for batch in self.pending.drain(..) {
            writer.write(&record(&batch, &self.schema)?).map_err(unwritten)?;
        }
        self.held = 0;
        writer.close().map_err(unwritten)
    }
}
