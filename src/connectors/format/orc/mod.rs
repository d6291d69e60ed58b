//! `orc`: rows as columns in stripes, packed.
//!
//! Source of the types: "Orc Format", Flink 1.18. What is written are columns without others inside and
//! without DECIMAL and TIME, which the library does not write; all types but TIME are read, which ORC
//! does not have.

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

fn writes(logical: &LogicalType) -> bool {
    use LogicalType as L;
    let nested = matches!(logical, L::Array(_) | L::Map(..) | L::Multiset(_) | L::Row(_));
    holds(logical) && !nested && !matches!(logical, L::Decimal { .. })
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
        check(NAME, schema, &writes)?;
        Ok(Arc::new(write::Factory::new(options, schema)))
    }
}
