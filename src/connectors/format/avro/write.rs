//! Writing Avro, with the schema that Flink derives from the columns.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef};
use arrow::datatypes::{DataType as ArrowType, Field, Schema as ArrowSchema, SchemaRef, TimeUnit};
use arrow_avro::compression::CompressionCodec;
use arrow_avro::writer::WriterBuilder;
use arrow_avro::writer::format::AvroOcfFormat;
use md5::{Digest, Md5};

use super::CODEC;
use super::container::{self, Extent, MARKER};
use crate::base::Result;
use crate::connectors::format::columnar::{record, unwritten};
use crate::connectors::format::{FileWriter, FileWriterFactory};
use crate::connectors::options::Options;
use crate::data::arrow::arrow_fields;
use crate::data::select::concat;
use crate::data::{Batch, Schema};

/// Rows of a block.
const BLOCK_ROWS: usize = 4_096;

/// Makes writers of Avro files of one table.
pub(super) struct Factory {
    schema: SchemaRef,
    codec: Option<CompressionCodec>,
}

impl Factory {
    pub(super) fn new(options: &Options, schema: &Schema) -> Self {
        let fields: Vec<Field> = arrow_fields(schema).iter().map(|f| moments(f)).collect();
        let codec = match options.get(CODEC) {
            Some("null") => None,
            Some("deflate") => Some(CompressionCodec::Deflate),
            _ => Some(CompressionCodec::Snappy),
        };
        Self { schema: Arc::new(ArrowSchema::new(fields)), codec }
    }
}

/// Flink writes a TIMESTAMP as `timestamp-millis`, which Arrow has for moments with a zone.
fn moments(field: &Field) -> Field {
    field.clone().with_data_type(match field.data_type() {
        ArrowType::Timestamp(_, None) => {
            ArrowType::Timestamp(TimeUnit::Millisecond, Some("+00:00".into()))
        }
        ArrowType::List(element) => ArrowType::List(Arc::new(moments(element))),
        ArrowType::Map(entries, sorted) => ArrowType::Map(Arc::new(moments(entries)), *sorted),
        ArrowType::Struct(fields) => ArrowType::Struct(fields.iter().map(|f| moments(f)).collect()),
        other => other.clone(),
    })
}

impl FileWriterFactory for Factory {
    fn create(&self) -> Box<dyn FileWriter> {
        Box::new(AvroWriter {
            schema: self.schema.clone(),
            codec: self.codec,
            marker: None,
            pending: Vec::new(),
            rows: 0,
            held: 0,
        })
    }
}

struct AvroWriter {
    schema: SchemaRef,
    codec: Option<CompressionCodec>,
    /// What stands behind the header and every block; `None` before the header is written.
    marker: Option<Vec<u8>>,
    /// Rows for the next block.
    pending: Vec<Batch>,
    rows: usize,
    /// The bytes that they take.
    held: u64,
}

impl AvroWriter {
    /// Appends the pending rows as a block, after the header if it is the first.
    ///
    /// The library writes them as a file of their own, with a marker by chance; ours is made of the
    /// header, so that the same rows give the same bytes.
    fn block(&mut self, out: &mut Vec<u8>) -> Result<()> {
        let builder = WriterBuilder::new(self.schema.as_ref().clone()).with_compression(self.codec);
        let mut writer = builder.build::<_, AvroOcfFormat>(Vec::new()).map_err(unwritten)?;
        let rows = std::mem::take(&mut self.rows);
        self.held = 0;
        if rows > 0 {
            let batch = concat(&std::mem::take(&mut self.pending))?;
            let record = record(&batch, &self.schema)?;
            writer.write(&record).map_err(unwritten)?;
        }
        let file = writer.into_inner();
        let Extent::Known(header) = container::header(&file) else {
            return Err(unwritten("no header"));
        };
        let (header, block) = file.split_at(header);
        let unmarked = &header[..header.len() - MARKER];
        if self.marker.is_none() {
            out.extend_from_slice(unmarked);
            out.extend_from_slice(&Md5::digest(unmarked));
        }
        let marker = self.marker.get_or_insert_with(|| Md5::digest(unmarked).to_vec());
        if rows > 0 {
            out.extend_from_slice(&block[..block.len() - MARKER]);
            out.extend_from_slice(marker);
        }
        Ok(())
    }
}

impl FileWriter for AvroWriter {
    fn write(&mut self, batch: &Batch, out: &mut Vec<u8>) -> Result<()> {
        self.rows += batch.len();
        let bytes = |column: &ArrayRef| column.to_data().get_slice_memory_size().unwrap_or(0);
        self.held += batch.columns().iter().map(bytes).sum::<usize>() as u64;
        self.pending.push(batch.clone());
        if self.rows >= BLOCK_ROWS { self.block(out) } else { Ok(()) }
    }

    fn held(&self) -> u64 {
        self.held
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<()> {
        match self.rows > 0 || self.marker.is_none() {
            true => self.block(out),
            false => Ok(()),
        }
    }
}
