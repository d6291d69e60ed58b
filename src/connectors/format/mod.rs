//! Formats: rows to the bytes of a file and back. One format a folder.
//!
//! A format knows nothing of directories, part files or checkpoints; that is [`super::filesystem`].

mod avro;
mod changes;
pub(super) mod column;
mod columnar;
pub mod csv;
mod input;
pub mod json;
mod orc;
mod parquet;
pub mod raw;
#[cfg(test)]
mod round_trips;
pub mod text;
pub(super) mod written;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::files::Files;
use super::options::nearest;
use super::options::{OptionSpec, Options};
use crate::base::{Error, Result};
use crate::data::{Batch, Schema};

/// How a kind of file is read and written.
pub trait Format: Sync {
    /// The value of `format`.
    fn name(&self) -> &'static str;

    /// Its options, with their prefix (`csv.field-delimiter`).
    fn options(&self) -> &'static [OptionSpec];

    /// Readers of files whose rows are `schema`; they give the columns of `projection`, in its order.
    ///
    /// Errors: a column type that the format cannot hold, options that contradict each other.
    fn reader(
        &self,
        options: &Options,
        schema: &Schema,
        projection: &[usize],
    ) -> Result<Arc<dyn FileReaderFactory>>;

    /// Whether its rows are changes of every kind, and not `+I` alone.
    fn holds_changes(&self) -> bool {
        false
    }

    /// Whether its rows are lines, so that two files behind each other are one.
    fn in_lines(&self) -> bool {
        true
    }

    /// Writers of files whose rows are `schema`. Errors: as for readers.
    fn writer(&self, options: &Options, schema: &Schema) -> Result<Arc<dyn FileWriterFactory>>;
}

/// Where in a file a reader stands, between two rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The first byte of what is still to be read.
    pub offset: u64,
    /// How many lines (or whatever the format counts in messages) lie before it.
    pub line: u64,
    /// How many rows of what begins there have been read, where a line has several.
    pub inside: u64,
}

/// Opens files of one table.
pub trait FileReaderFactory: Send + Sync {
    /// A reader that goes on at `position`.
    fn open(&self, path: &str, position: Position) -> Result<Box<dyn FileReader>>;

    /// How many rows these files are estimated to have, if that can be told without reading them all.
    fn estimated_rows(&self, _paths: &[String], _files: &dyn Files) -> Result<Option<u64>> {
        Ok(None)
    }
}

/// Reads one file. Holds buffers, no handle.
pub trait FileReader: Send {
    /// The next rows, at most `max_rows`; `None` at the end of the file.
    ///
    /// Errors name the file, the line, the field and the value.
    fn read(&mut self, files: &dyn Files, max_rows: usize) -> Result<Option<Batch>>;

    /// Where it stands, for a snapshot.
    fn position(&self) -> Position;
}

/// Makes the writers of one table.
pub trait FileWriterFactory: Send + Sync {
    /// A writer for a new file.
    fn create(&self) -> Box<dyn FileWriter>;
}

/// Turns rows into the bytes of one file.
pub trait FileWriter: Send {
    /// Appends the bytes of these rows to `out`.
    fn write(&mut self, batch: &Batch, out: &mut Vec<u8>) -> Result<()>;

    /// How many bytes of rows it holds back.
    fn held(&self) -> u64 {
        0
    }

    /// Appends what closes the file to `out`.
    fn finish(&mut self, _out: &mut Vec<u8>) -> Result<()> {
        Ok(())
    }
}

/// All formats, by name.
pub fn all() -> &'static [&'static dyn Format] {
    &[
        &avro::Avro,
        &changes::CANAL,
        &csv::Csv,
        &changes::DEBEZIUM,
        &json::Json,
        &orc::Orc,
        &parquet::Parquet,
        &raw::Raw,
    ]
}

/// The format that a WITH clause names.
///
/// Errors: `format-missing`, `format-unknown`.
pub fn find(options: &Options) -> Result<&'static dyn Format> {
    let names = || all().iter().map(|f| f.name());
    let available = || names().collect::<Vec<_>>().join(", ");
    let name = options
        .get("format")
        .ok_or_else(|| Error::new("format-missing").arg("available", available()))?;
    all().iter().copied().find(|f| f.name() == name).ok_or_else(|| {
        Error::new("format-unknown")
            .arg("name", name)
            .arg("nearest", nearest(name, names()))
            .arg("available", available())
    })
}
