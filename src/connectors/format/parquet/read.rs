//! Reading Parquet: the columns asked for, one group of rows after the other.

use std::ops::Range;
use std::sync::Arc;

use ::parquet::DecodeResult;
use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use ::parquet::arrow::push_decoder::{ParquetPushDecoder, ParquetPushDecoderBuilder};
use ::parquet::basic::Type as Physical;
use ::parquet::file::metadata::{ParquetMetaData, ParquetMetaDataPushDecoder};
use arrow::array::RecordBatch;
use arrow::datatypes::{
    DataType as ArrowType, Field as ArrowField, Schema as ArrowSchema, TimeUnit,
};

use super::NAME;
use crate::base::{Error, Result};
use crate::connectors::Files;
use crate::connectors::format::columnar::read::{ColumnarReader, Decoder, broken, cut_short};
use crate::connectors::format::{FileReader, FileReaderFactory, Position};
use crate::data::Field;
use crate::data::arrow::arrow_type;

/// Opens the Parquet files of one table.
pub(super) struct Factory {
    pub(super) columns: Arc<[Field]>,
    pub(super) batch_rows: usize,
}

impl FileReaderFactory for Factory {
    fn open(&self, path: &str, position: Position) -> Result<Box<dyn FileReader>> {
        let decoder = ParquetDecoder {
            path: path.to_owned(),
            columns: self.columns.clone(),
            batch_rows: self.batch_rows,
            position,
            state: None,
        };
        Ok(Box::new(ColumnarReader::new(path, &self.columns, decoder)))
    }
}

/// The name of the format twice, and the length of what tells of the file.
const SHORTEST: u64 = 12;

/// A position counts the rows before it (`inside`).
struct ParquetDecoder {
    path: String,
    columns: Arc<[Field]>,
    batch_rows: usize,
    position: Position,
    /// `None` before the file is opened.
    state: Option<ParquetPushDecoder>,
}

impl Decoder for ParquetDecoder {
    fn next(&mut self, files: &dyn Files) -> Result<Option<RecordBatch>> {
        let mut decoder = match self.state.take() {
            Some(decoder) => decoder,
            None => self.open(files)?,
        };
        let record = loop {
            match decoder.try_decode().map_err(|e| broken(&self.path, NAME, e))? {
                DecodeResult::Data(record) => break Some(record),
                DecodeResult::Finished => break None,
                DecodeResult::NeedsData(ranges) => {
                    let data = self.fetch(files, &ranges)?;
                    let pushed = decoder.push_ranges(ranges, data);
                    pushed.map_err(|e| broken(&self.path, NAME, e))?;
                }
            }
        };
        self.state = Some(decoder);
        self.position.inside += record.as_ref().map_or(0, |r| r.num_rows() as u64);
        Ok(record)
    }

    fn format(&self) -> &'static str {
        NAME
    }

    fn position(&self) -> Position {
        self.position
    }
}

impl ParquetDecoder {
    fn fetch<Bytes: From<Vec<u8>>>(
        &self,
        files: &dyn Files,
        ranges: &[Range<u64>],
    ) -> Result<Vec<Bytes>> {
        let fetch = |range: &Range<u64>| {
            let length = range.end.saturating_sub(range.start) as usize;
            let bytes = files.read(&self.path, range.start, length)?;
            match bytes.len() == length {
                true => Ok(bytes.into()),
                false => Err(cut_short(&self.path, NAME)),
            }
        };
        ranges.iter().map(fetch).collect()
    }

    fn open(&self, files: &dyn Files) -> Result<ParquetPushDecoder> {
        let broken = |e| broken(&self.path, NAME, e);
        let metadata = self.metadata(files)?;
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let inferred =
            ArrowReaderMetadata::try_new(metadata.clone(), options.clone()).map_err(broken)?;
        let schema = Arc::new(self.with_units(inferred.schema(), &metadata));
        let arrow = match schema == *inferred.schema() {
            true => inferred,
            false => ArrowReaderMetadata::try_new(metadata, options.with_schema(schema))
                .map_err(broken)?,
        };
        let names = arrow.schema().fields().iter().enumerate();
        let wanted = names.filter(|(_, f)| self.columns.iter().any(|c| c.name == *f.name()));
        let roots: Vec<usize> = wanted.map(|(root, _)| root).collect();
        let mask = ProjectionMask::roots(arrow.parquet_schema(), roots);
        ParquetPushDecoderBuilder::new_with_metadata(arrow)
            .with_projection(mask)
            .with_batch_size(self.batch_rows)
            .with_offset(self.position.inside as usize)
            .build()
            .map_err(broken)
    }

    fn metadata(&self, files: &dyn Files) -> Result<Arc<ParquetMetaData>> {
        let gone = || Error::new("file-not-found").arg("path", &self.path);
        let length = files.status(&self.path)?.ok_or_else(gone)?.length;
        // The name of the format ends a file.
        if files.read(&self.path, length.saturating_sub(4), 4)? != b"PAR1" || length < SHORTEST {
            return Err(cut_short(&self.path, NAME));
        }
        let broken = |e| broken(&self.path, NAME, e);
        let mut decoder = ParquetMetaDataPushDecoder::try_new(length).map_err(broken)?;
        loop {
            match decoder.try_decode().map_err(broken)? {
                DecodeResult::Data(metadata) => return Ok(Arc::new(metadata)),
                DecodeResult::NeedsData(ranges) => {
                    let data = self.fetch(files, &ranges)?;
                    decoder.push_ranges(ranges, data).map_err(broken)?;
                }
                DecodeResult::Finished => return Err(gone()),
            }
        }
    }

    /// INT96 reaches further than nanoseconds do: it is read in the unit of the column.
    fn with_units(&self, schema: &ArrowSchema, metadata: &ParquetMetaData) -> ArrowSchema {
        let parquet = metadata.file_metadata().schema_descr();
        let unit = |name: &str| {
            let column = self.columns.iter().find(|c| c.name == name)?;
            match arrow_type(&column.data_type.logical) {
                ArrowType::Timestamp(unit, _) => Some(unit),
                _ => None,
            }
        };
        let field = |field: &Arc<ArrowField>| {
            let int96 = parquet.columns().iter().any(|c| {
                c.path().parts() == [field.name().clone()] && c.physical_type() == Physical::INT96
            });
            match (int96, unit(field.name())) {
                (true, Some(unit)) if unit != TimeUnit::Nanosecond => {
                    let moments = ArrowType::Timestamp(unit, None);
                    Arc::new(field.as_ref().clone().with_data_type(moments))
                }
                _ => field.clone(),
            }
        };
        ArrowSchema::new(schema.fields().iter().map(field).collect::<Vec<_>>())
    }
}
