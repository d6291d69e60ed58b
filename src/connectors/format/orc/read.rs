//! Reading ORC stripe by stripe.

use std::cell::RefCell;
use std::io::{Cursor, Error as IoError, ErrorKind};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType as ArrowType, TimeUnit};
use bytes::Bytes;
use orc_rust::projection::ProjectionMask;
use orc_rust::reader::ChunkReader;
use orc_rust::reader::metadata::{FileMetadata, read_metadata};
use orc_rust::{ArrowReader, ArrowReaderBuilder, TimestampPrecision};

use super::NAME;
use crate::base::{Error, Result};
use crate::connectors::Files;
use crate::connectors::format::columnar::first_without;
use crate::connectors::format::columnar::read::{ColumnarReader, Decoder, broken, cut_short};
use crate::connectors::format::{FileReader, FileReaderFactory, Position};
use crate::data::arrow::arrow_type;
use crate::data::{Field, LogicalType};

/// Rows that are decoded at once.
const BATCH_ROWS: usize = 8_192;

/// Opens the ORC files of one table.
pub(super) struct Factory {
    pub(super) columns: Arc<[Field]>,
}

impl FileReaderFactory for Factory {
    fn open(&self, path: &str, position: Position) -> Result<Box<dyn FileReader>> {
        let decoder = OrcDecoder {
            path: path.to_owned(),
            columns: self.columns.clone(),
            position,
            file: None,
            next_stripe: 0,
            skip: 0,
            stripe: None,
        };
        Ok(Box::new(ColumnarReader::new(path, &self.columns, decoder)))
    }
}

/// A position counts the rows before it (`inside`).
struct OrcDecoder {
    path: String,
    columns: Arc<[Field]>,
    position: Position,
    /// `None` before the file is opened.
    file: Option<File>,
    next_stripe: usize,
    /// Rows of the next stripe that were read before.
    skip: usize,
    stripe: Option<ArrowReader<Pieces>>,
}

/// What is known of the file.
struct File {
    metadata: FileMetadata,
    /// The bytes that say it.
    tail: Pieces,
}

impl Decoder for OrcDecoder {
    fn next(&mut self, files: &dyn Files) -> Result<Option<RecordBatch>> {
        if self.file.is_none() {
            self.open(files)?;
        }
        loop {
            if let Some(stripe) = &mut self.stripe {
                match stripe.next().transpose().map_err(|e| broken(&self.path, NAME, e))? {
                    None => self.stripe = None,
                    Some(record) => {
                        let skip = self.skip.min(record.num_rows());
                        self.skip -= skip;
                        let record = record.slice(skip, record.num_rows() - skip);
                        self.position.inside += record.num_rows() as u64;
                        return Ok(Some(record));
                    }
                }
            } else if !self.open_stripe(files)? {
                return Ok(None);
            }
        }
    }

    fn format(&self) -> &'static str {
        NAME
    }

    fn position(&self) -> Position {
        self.position
    }
}

impl OrcDecoder {
    fn open(&mut self, files: &dyn Files) -> Result<()> {
        let gone = || Error::new("file-not-found").arg("path", &self.path);
        let length = files.status(&self.path)?.ok_or_else(gone)?.length;
        let broken = |e: &dyn std::fmt::Display| broken(&self.path, NAME, e);
        // The last field before the last byte is the name of the format.
        let end = files.read(&self.path, length.saturating_sub(4), 4)?;
        if !end.starts_with(b"ORC") {
            return Err(cut_short(&self.path, NAME));
        }
        let mut tail = Tail { files, path: &self.path, length, read: RefCell::default() };
        let metadata = read_metadata(&mut tail).map_err(|e| broken(&e))?;
        let read = tail.read.into_inner();
        let mut skip = self.position.inside;
        for stripe in metadata.stripe_metadatas() {
            if skip < stripe.number_of_rows() {
                break;
            }
            skip -= stripe.number_of_rows();
            self.next_stripe += 1;
        }
        self.skip = skip as usize;
        self.file = Some(File { metadata, tail: Pieces { length, pieces: read } });
        Ok(())
    }

    /// Begins the next stripe; false if there is none.
    fn open_stripe(&mut self, files: &dyn Files) -> Result<bool> {
        let Some(file) = &self.file else { return Ok(false) };
        let Some(stripe) = file.metadata.stripe_metadatas().get(self.next_stripe) else {
            return Ok(false);
        };
        let broken = |e: &dyn std::fmt::Display| broken(&self.path, NAME, e);
        let length = stripe
            .index_length()
            .saturating_add(stripe.data_length())
            .saturating_add(stripe.footer_length());
        if stripe.offset().saturating_add(length) > file.tail.length {
            return Err(cut_short(&self.path, NAME));
        }
        let bytes = files.read(&self.path, stripe.offset(), length as usize)?;
        let mut pieces = file.tail.clone();
        pieces.pieces.push((stripe.offset(), bytes.into()));
        let root = file.metadata.root_data_type();
        let names: Vec<&str> = self.columns.iter().map(|c| c.name.as_str()).collect();
        let at = stripe.offset() as usize;
        let reader = ArrowReaderBuilder::try_new(pieces).map_err(|e| broken(&e))?;
        let reader = reader
            .with_projection(ProjectionMask::named_roots(root, &names))
            .with_timestamp_precision(precision(&self.columns))
            .with_batch_size(BATCH_ROWS)
            .with_file_byte_range(at..at + 1)
            .build();
        self.stripe = Some(reader);
        self.next_stripe += 1;
        Ok(true)
    }
}

/// Nanoseconds end in the year 2262: they are read only where a column wants them.
fn precision(columns: &[Field]) -> TimestampPrecision {
    let other = |logical: &LogicalType| {
        !matches!(arrow_type(logical), ArrowType::Timestamp(TimeUnit::Nanosecond, _))
    };
    match columns.iter().all(|c| first_without(&c.data_type.logical, &other).is_none()) {
        true => TimestampPrecision::Microsecond,
        false => TimestampPrecision::Nanosecond,
    }
}

/// The end of a file, fetched as it is asked for.
struct Tail<'a> {
    files: &'a dyn Files,
    path: &'a str,
    length: u64,
    read: RefCell<Vec<(u64, Bytes)>>,
}

impl ChunkReader for Tail<'_> {
    type T = Cursor<Bytes>;

    fn len(&self) -> u64 {
        self.length
    }

    fn get_read(&self, offset: u64) -> std::io::Result<Cursor<Bytes>> {
        self.get_bytes(offset, self.length.saturating_sub(offset)).map(Cursor::new)
    }

    fn get_bytes(&self, offset: u64, length: u64) -> std::io::Result<Bytes> {
        if offset.checked_add(length).is_none_or(|end| end > self.length) {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        let bytes = self.files.read(self.path, offset, length as usize);
        let bytes = Bytes::from(bytes.map_err(|e| IoError::other(e.to_string()))?);
        self.read.borrow_mut().push((offset, bytes.clone()));
        Ok(bytes)
    }
}

/// Pieces of a file in memory.
#[derive(Clone)]
struct Pieces {
    length: u64,
    /// Where each begins.
    pieces: Vec<(u64, Bytes)>,
}

impl ChunkReader for Pieces {
    type T = Cursor<Bytes>;

    fn len(&self) -> u64 {
        self.length
    }

    fn get_read(&self, offset: u64) -> std::io::Result<Cursor<Bytes>> {
        let rest = |(at, bytes): &(u64, Bytes)| {
            let skip = usize::try_from(offset.checked_sub(*at)?).ok()?;
            (skip < bytes.len()).then(|| bytes.slice(skip..))
        };
        let found = self.pieces.iter().find_map(rest);
        found.map(Cursor::new).ok_or_else(|| ErrorKind::UnexpectedEof.into())
    }

    fn get_bytes(&self, offset: u64, length: u64) -> std::io::Result<Bytes> {
        if length == 0 {
            return Ok(Bytes::new());
        }
        let part = |(at, bytes): &(u64, Bytes)| {
            let skip = usize::try_from(offset.checked_sub(*at)?).ok()?;
            let end = skip.checked_add(usize::try_from(length).ok()?)?;
            (end <= bytes.len()).then(|| bytes.slice(skip..end))
        };
        self.pieces.iter().find_map(part).ok_or_else(|| ErrorKind::UnexpectedEof.into())
    }
}
