//! `parquet`: rows as columns in groups of rows, packed.
//!
//! Source of the options and types: "Parquet Format", Flink 1.18. Flink writes moments as INT96, which
//! Parquet has given up since; here they are always INT64 (`parquet.write.int64.timestamp`), and INT96
//! is read.

mod read;
mod write;

use std::sync::Arc;

use super::columnar::{check, columns_read};
use super::{FileReaderFactory, FileWriterFactory, Format};
use crate::base::{Error, Result};
use crate::connectors::options::{OptionSpec, OptionType, Options};
use crate::data::{LogicalType, Schema};

/// The format.
pub struct Parquet;

const NAME: &str = "parquet";
const UTC: &str = "parquet.utc-timezone";
const UNIT: &str = "parquet.timestamp.time.unit";
const INT64: &str = "parquet.write.int64.timestamp";
const BATCH: &str = "parquet.batch-size";
const COMPRESSION: &str = "parquet.compression";
const BLOCK: &str = "parquet.block.size";

const OPTIONS: &[OptionSpec] = &[
    OptionSpec::with_default(UTC, OptionType::Boolean, "false"),
    OptionSpec::optional(UNIT, OptionType::Choice(&["nanos", "micros", "millis"])),
    OptionSpec::with_default(INT64, OptionType::Boolean, "true"),
    OptionSpec::with_default(BATCH, OptionType::Integer, "2048"),
    OptionSpec::with_default(
        COMPRESSION,
        OptionType::Choice(&["UNCOMPRESSED", "SNAPPY", "GZIP", "LZ4_RAW", "ZSTD"]),
        "SNAPPY",
    ),
    OptionSpec::with_default(BLOCK, OptionType::Size, "32mb"),
];

/// Rows that are decoded at once, whatever is asked for.
fn batch_rows(options: &Options) -> Result<usize> {
    let rows = options.integer(BATCH)?.unwrap_or(8_192);
    usize::try_from(rows)
        .ok()
        .filter(|rows| *rows > 0)
        .ok_or_else(|| Error::new("option-out-of-range").arg("name", BATCH).arg("value", rows))
}

fn holds(logical: &LogicalType) -> bool {
    use LogicalType as L;
    !matches!(logical, L::IntervalYearMonth | L::IntervalDayTime | L::Null)
}

impl Format for Parquet {
    fn name(&self) -> &'static str {
        NAME
    }

    fn options(&self) -> &'static [OptionSpec] {
        OPTIONS
    }

    fn in_lines(&self) -> bool {
        false
    }

    fn reader(
        &self,
        options: &Options,
        schema: &Schema,
        projection: &[usize],
    ) -> Result<Arc<dyn FileReaderFactory>> {
        let columns = columns_read(NAME, schema, projection, &holds)?;
        Ok(Arc::new(read::Factory { columns, batch_rows: batch_rows(options)? }))
    }

    fn writer(&self, options: &Options, schema: &Schema) -> Result<Arc<dyn FileWriterFactory>> {
        check(NAME, schema, &holds)?;
        if options.get(INT64).is_some() && !options.flag(INT64)? {
            let what = format!("'{INT64}' = 'false'");
            return Err(Error::new("not-supported-yet").arg("what", what));
        }
        Ok(Arc::new(write::Factory::new(options, schema)?))
    }
}
