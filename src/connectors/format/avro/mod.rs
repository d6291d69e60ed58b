//! `avro`: rows after each other in packed blocks, behind their schema.
//!
//! Source of the options and types: "Avro Format", Flink 1.18, and its `AvroSchemaConverter`: moments
//! have at most three digits of a second, and there is no TIMESTAMP_LTZ.

mod container;
mod read;
mod write;

use std::sync::Arc;

use super::columnar::{check, columns_read};
use super::{FileReaderFactory, FileWriterFactory, Format};
use crate::base::Result;
use crate::connectors::options::{OptionSpec, OptionType, Options};
use crate::data::{LogicalType, Schema};

/// The format.
pub struct Avro;

const NAME: &str = "avro";
const CODEC: &str = "avro.codec";

const OPTIONS: &[OptionSpec] = &[OptionSpec::with_default(
    CODEC,
    OptionType::Choice(&["null", "deflate", "snappy"]),
    "snappy",
)];

fn holds(logical: &LogicalType) -> bool {
    use LogicalType as L;
    let text = |logical: &LogicalType| matches!(logical, L::Char(_) | L::Varchar(_));
    match logical {
        L::Timestamp { precision, .. } | L::Time(precision) => *precision <= 3,
        L::Map(key, _) | L::Multiset(key) => text(&key.logical),
        other => !matches!(
            other,
            L::TimestampLtz { .. } | L::IntervalYearMonth | L::IntervalDayTime | L::Null
        ),
    }
}

impl Format for Avro {
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
