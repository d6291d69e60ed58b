//! Writing ORC: columns are held until a stripe is full, and written as streams that need no index.
//!
//! The library reads ORC; its writer knows neither DECIMAL nor columns inside others.
//!
//! | File | What it is |
//! |---|---|
//! | `types` | the types of columns |
//! | `column` | what a stripe holds of a column, and its streams |
//! | `runs` | how numbers are packed |
//! | `blocks` | compression |

mod blocks;
mod column;
mod runs;
mod types;

use orc_rust::proto::{
    ColumnEncoding, CompressionKind, Footer, PostScript, Stream, StripeFooter, StripeInformation,
};
use prost::Message;

use super::COMPRESSION;
use crate::base::Result;
use crate::connectors::format::{FileWriter, FileWriterFactory};
use crate::connectors::options::Options;
use crate::data::{Batch, Schema};
use blocks::blocks;
use column::Column;

/// Begins a file, and ends what tells of it.
const MAGIC: &str = "ORC";

/// Bytes that a stripe holds before it is written.
const STRIPE: usize = 64 << 20;

/// The zone in which moments are counted.
const ZONE: &str = "UTC";

/// Makes writers of ORC files of one table.
pub(super) struct Factory {
    schema: Schema,
    compression: CompressionKind,
}

impl Factory {
    pub(super) fn new(options: &Options, schema: &Schema) -> Self {
        let compression = match options.get(COMPRESSION) {
            Some("NONE") => CompressionKind::None,
            Some("SNAPPY") => CompressionKind::Snappy,
            Some("ZSTD") => CompressionKind::Zstd,
            _ => CompressionKind::Zlib,
        };
        Self { schema: schema.clone(), compression }
    }
}

impl FileWriterFactory for Factory {
    fn create(&self) -> Box<dyn FileWriter> {
        Box::new(OrcWriter {
            columns: Column::of_row(&self.schema),
            footer: Footer {
                types: types::types(&self.schema),
                header_length: Some(MAGIC.len() as u64),
                number_of_rows: Some(0),
                // No number of the writers that the specification lists.
                writer: Some(u32::MAX),
                ..Footer::default()
            },
            compression: self.compression,
            written: 0,
            rows: 0,
        })
    }
}

struct OrcWriter {
    columns: Column,
    /// What the end of the file will tell.
    footer: Footer,
    compression: CompressionKind,
    /// Bytes of the file that have been given.
    written: u64,
    /// Rows of the stripe that is not written yet.
    rows: u64,
}

impl OrcWriter {
    fn begin(&mut self, out: &mut Vec<u8>) {
        if self.written == 0 {
            out.extend(MAGIC.as_bytes());
            self.written = MAGIC.len() as u64;
        }
    }

    fn write_stripe(&mut self, out: &mut Vec<u8>) -> Result<()> {
        let before = out.len();
        let (mut streams, mut encodings) = (Vec::new(), Vec::new());
        self.columns.take(&mut streams, &mut encodings);
        let encoding = |kind: column::Encoding| ColumnEncoding {
            kind: Some(kind.into()),
            ..ColumnEncoding::default()
        };
        let mut footer = StripeFooter {
            columns: encodings.into_iter().map(encoding).collect(),
            writer_timezone: Some(ZONE.to_owned()),
            ..StripeFooter::default()
        };
        for stream in streams {
            let bytes = blocks(&stream.bytes, self.compression)?;
            footer.streams.push(Stream {
                kind: Some(stream.kind.into()),
                column: Some(stream.column),
                length: Some(bytes.len() as u64),
            });
            out.extend(bytes);
        }
        let data = (out.len() - before) as u64;
        out.extend(blocks(&footer.encode_to_vec(), self.compression)?);
        let length = (out.len() - before) as u64;
        self.footer.stripes.push(StripeInformation {
            offset: Some(self.written),
            index_length: Some(0),
            data_length: Some(data),
            footer_length: Some(length - data),
            number_of_rows: Some(self.rows),
            ..StripeInformation::default()
        });
        self.written += length;
        *self.footer.number_of_rows.get_or_insert(0) += self.rows;
        self.rows = 0;
        Ok(())
    }
}

impl FileWriter for OrcWriter {
    fn write(&mut self, batch: &Batch, out: &mut Vec<u8>) -> Result<()> {
        self.begin(out);
        self.columns.append_row(batch.columns(), batch.len())?;
        self.rows += batch.len() as u64;
        if self.columns.held() >= STRIPE { self.write_stripe(out) } else { Ok(()) }
    }

    fn held(&self) -> u64 {
        self.columns.held() as u64
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<()> {
        self.begin(out);
        if self.rows > 0 {
            self.write_stripe(out)?;
        }
        self.footer.content_length = Some(self.written);
        let footer = blocks(&self.footer.encode_to_vec(), self.compression)?;
        let post_script = PostScript {
            footer_length: Some(footer.len() as u64),
            compression: Some(self.compression.into()),
            compression_block_size: Some(blocks::BLOCK as u64),
            version: vec![0, 12],
            metadata_length: Some(0),
            magic: Some(MAGIC.to_owned()),
            // Newer than all that is known: readers need not mend what old writers did.
            writer_version: Some(u32::MAX),
            ..PostScript::default()
        };
        let post_script = post_script.encode_to_vec();
        out.extend(footer);
        out.extend(&post_script);
        out.push(post_script.len() as u8);
        Ok(())
    }
}
