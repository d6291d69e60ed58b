//! Reading Avro block by block: each block behind the file's header is a small file of its own, so
//! memory is bounded and a reader can go on at any block.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow_avro::reader::ReaderBuilder;

use super::NAME;
use super::container::{self, Extent};
use crate::base::Result;
use crate::connectors::Files;
use crate::connectors::format::columnar::read::{
    ColumnarReader, Decoder, broken, cut_short, garbled,
};
use crate::connectors::format::input::Input;
use crate::connectors::format::{FileReader, FileReaderFactory, Position};
use crate::data::Field;

/// Opens the Avro files of one table.
pub(super) struct Factory {
    pub(super) columns: Arc<[Field]>,
}

impl FileReaderFactory for Factory {
    fn open(&self, path: &str, position: Position) -> Result<Box<dyn FileReader>> {
        let decoder = AvroDecoder {
            path: path.to_owned(),
            columns: self.columns.clone(),
            position,
            header: None,
            input: Input::default(),
        };
        Ok(Box::new(ColumnarReader::new(path, &self.columns, decoder)))
    }
}

/// A position is a block (`offset`; 0 is the first one, whatever the header takes) and the rows of it
/// that were read (`inside`).
struct AvroDecoder {
    path: String,
    columns: Arc<[Field]>,
    position: Position,
    header: Option<Header>,
    input: Input,
}

/// What stands before the blocks.
struct Header {
    bytes: Vec<u8>,
    /// The columns of the file that are read.
    projection: Vec<usize>,
}

impl Decoder for AvroDecoder {
    fn next(&mut self, files: &dyn Files) -> Result<Option<RecordBatch>> {
        let header = match self.header.take() {
            Some(header) => header,
            None => self.open(files)?,
        };
        let block = self.take(files, |bytes| container::block(bytes).0)?;
        let record = match &block {
            Some(block) => Some(self.decode(&header, block)?),
            None => None,
        };
        self.position = Position { offset: self.position.offset, line: 0, inside: 0 };
        self.header = Some(header);
        Ok(record)
    }

    fn format(&self) -> &'static str {
        NAME
    }

    fn position(&self) -> Position {
        self.position
    }
}

impl AvroDecoder {
    fn open(&mut self, files: &dyn Files) -> Result<Header> {
        let goes_on = std::mem::take(&mut self.position);
        let bytes = self.take(files, container::header)?;
        let bytes = bytes.ok_or_else(|| cut_short(&self.path, NAME))?;
        let reader = ReaderBuilder::new().build(bytes.as_slice());
        let schema = reader.map_err(|e| broken(&self.path, NAME, e))?.schema();
        let wanted = |name: &str| self.columns.iter().any(|c| c.name == name);
        let fields = schema.fields().iter().enumerate();
        let projection = fields.filter(|(_, f)| wanted(f.name())).map(|(i, _)| i).collect();
        if goes_on.offset > 0 {
            self.input = Input::default();
            self.position = goes_on;
        }
        self.position.inside = goes_on.inside;
        Ok(Header { bytes, projection })
    }

    /// The bytes of the next part of the file; `None` at its end.
    fn take(
        &mut self,
        files: &dyn Files,
        extent: impl Fn(&[u8]) -> Extent,
    ) -> Result<Option<Vec<u8>>> {
        loop {
            let rest = self.input.rest();
            let missing = match extent(rest) {
                Extent::Broken => return Err(garbled(&self.path, NAME)),
                Extent::Known(length) if length <= rest.len() => {
                    let part = rest[..length].to_vec();
                    self.input.advance(length);
                    self.position.offset += length as u64;
                    return Ok(Some(part));
                }
                Extent::Known(_) | Extent::Unknown => !rest.is_empty(),
            };
            if self.input.ended() {
                return match missing {
                    true => Err(cut_short(&self.path, NAME)),
                    false => Ok(None),
                };
            }
            self.input.fetch(files, &self.path, self.position.offset)?;
        }
    }

    /// The rows of a block, without those that were read before.
    fn decode(&self, header: &Header, block: &[u8]) -> Result<RecordBatch> {
        let broken = |e: &dyn std::fmt::Display| broken(&self.path, NAME, e);
        let marker = |bytes: &[u8]| bytes[bytes.len() - container::MARKER..].to_vec();
        if marker(&header.bytes) != marker(block) {
            return Err(garbled(&self.path, NAME));
        }
        let rows = container::block(block).1 as usize;
        let file = [header.bytes.as_slice(), block].concat();
        let reader = ReaderBuilder::new()
            .with_batch_size(rows.max(1))
            .with_projection(header.projection.clone())
            .build(file.as_slice())
            .map_err(|e| broken(&e))?;
        let schema = reader.schema();
        let batches = reader.collect::<std::result::Result<Vec<_>, _>>().map_err(|e| broken(&e))?;
        let record = arrow::compute::concat_batches(&schema, &batches).map_err(|e| broken(&e))?;
        let skip = record.num_rows().min(self.position.inside as usize);
        Ok(record.slice(skip, record.num_rows() - skip))
    }
}
