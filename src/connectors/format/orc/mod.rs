//! `orc`: rows as columns in stripes, packed.
//!
//! Source of the types: "Orc Format", Flink 1.18. ORC has no TIME.

mod read;
mod write;

use std::sync::Arc;

use super::columnar::{check, columns_read};
use super::{FileReaderFactory, FileWriterFactory, Format};
use crate::base::Result;
use crate::connectors::options::{OptionSpec, OptionType, Options};
use crate::data::{LogicalType, Schema};

/// The format.
pub struct Orc;

const NAME: &str = "orc";
const COMPRESSION: &str = "orc.compress";

const OPTIONS: &[OptionSpec] = &[OptionSpec::with_default(
    COMPRESSION,
    OptionType::Choice(&["NONE", "ZLIB", "SNAPPY", "ZSTD"]),
    "ZLIB",
)];

fn holds(logical: &LogicalType) -> bool {
    use LogicalType as L;
    !matches!(logical, L::Time(_) | L::IntervalYearMonth | L::IntervalDayTime | L::Null)
}

impl Format for Orc {
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
        _options: &Options,
        schema: &Schema,
        projection: &[usize],
    ) -> Result<Arc<dyn FileReaderFactory>> {
        let columns = columns_read(NAME, schema, projection, &holds)?;
        Ok(Arc::new(read::Factory { columns }))
    }

    fn writer(&self, options: &Options, schema: &Schema) -> Result<Arc<dyn FileWriterFactory>> {
        check(NAME, schema, &holds)?;
        Ok(Arc::new(write::Factory::new(options, schema)))
    }
}
