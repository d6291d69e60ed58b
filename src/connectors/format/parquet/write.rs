//! Writing Parquet.

use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use ::parquet::arrow::arrow_writer::ArrowWriterOptions;
use ::parquet::basic::{Compression, GzipLevel, ZstdLevel};
use ::parquet::file::properties::WriterProperties;
use arrow::datatypes::{DataType as ArrowType, Field, Schema as ArrowSchema, SchemaRef, TimeUnit};

use super::{BLOCK, COMPRESSION, UNIT};
use crate::base::Result;
use crate::connectors::format::columnar::{record, unwritten};
use crate::connectors::format::{FileWriter, FileWriterFactory};
use crate::connectors::options::Options;
use crate::data::arrow::arrow_fields;
use crate::data::{Batch, Schema};

/// The rows of a group: so many are read at once at most.
const GROUP_ROWS: usize = 1 << 20;

/// Makes writers of Parquet files of one table.
pub(super) struct Factory {
    schema: SchemaRef,
    properties: WriterProperties,
}

impl Factory {
    pub(super) fn new(options: &Options, schema: &Schema) -> Result<Self> {
        let unit = options.get(UNIT).map(|unit| match unit {
            "nanos" => TimeUnit::Nanosecond,
            "millis" => TimeUnit::Millisecond,
            _ => TimeUnit::Microsecond,
        });
        let field = |field: &Arc<Field>| match (unit, field.data_type()) {
            (Some(unit), ArrowType::Timestamp(_, zone)) => {
                let moments = ArrowType::Timestamp(unit, zone.clone());
                Arc::new(field.as_ref().clone().with_data_type(moments))
            }
            _ => field.clone(),
        };
        let fields: Vec<Arc<Field>> = arrow_fields(schema).iter().map(field).collect();
        let bytes = options.size(BLOCK)?.unwrap_or(32 << 20).clamp(1, 1 << 30) as usize;
        let properties = WriterProperties::builder()
            .set_compression(compression(options))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_max_row_group_bytes(Some(bytes))
            // The names inside lists and maps that the format asks for.
            .set_coerce_types(true)
            .set_created_by(concat!("riacho ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        Ok(Self { schema: Arc::new(ArrowSchema::new(fields)), properties })
    }
}

fn compression(options: &Options) -> Compression {
    match options.get(COMPRESSION) {
        Some("UNCOMPRESSED") => Compression::UNCOMPRESSED,
        Some("GZIP") => Compression::GZIP(GzipLevel::default()),
        Some("LZ4_RAW") => Compression::LZ4_RAW,
        Some("ZSTD") => Compression::ZSTD(ZstdLevel::default()),
        _ => Compression::SNAPPY,
    }
}

impl FileWriterFactory for Factory {
    fn create(&self) -> Box<dyn FileWriter> {
        let (schema, properties) = (self.schema.clone(), self.properties.clone());
        Box::new(ParquetWriter { schema, properties, writer: None })
    }
}

struct ParquetWriter {
    schema: SchemaRef,
    properties: WriterProperties,
    /// `None` before the first row and after the last.
    writer: Option<ArrowWriter<Vec<u8>>>,
}

impl ParquetWriter {
    fn open(&self) -> Result<ArrowWriter<Vec<u8>>> {
        // Readers go by what Parquet says of the columns, not by Arrow's own note of them.
        let options = ArrowWriterOptions::new()
            .with_properties(self.properties.clone())
            .with_schema_root("flink_schema".to_owned())
            .with_skip_arrow_metadata(true);
        ArrowWriter::try_new_with_options(Vec::new(), self.schema.clone(), options)
            .map_err(unwritten)
    }
}

impl FileWriter for ParquetWriter {
    fn write(&mut self, batch: &Batch, out: &mut Vec<u8>) -> Result<()> {
        let record = record(batch, &self.schema)?;
        let mut writer = match self.writer.take() {
            Some(writer) => writer,
            None => self.open()?,
        };
        writer.write(&record).map_err(unwritten)?;
        out.append(writer.inner_mut());
        self.writer = Some(writer);
        Ok(())
    }

    fn held(&self) -> u64 {
        self.writer.as_ref().map_or(0, |writer| writer.in_progress_size() as u64)
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<()> {
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None => self.open()?,
        };
        out.extend(writer.into_inner().map_err(unwritten)?);
        Ok(())
    }
}
