//! `csv`: rows as lines of fields.
//!
//! Source of the options and rules: "CSV Format", Flink 1.18, and what Flink answers.

mod column;
mod estimate;
mod read;
mod record;
mod split;
mod write;

use std::sync::Arc;

use super::{FileReaderFactory, FileWriterFactory, Format};
use crate::base::{Error, Result};
use crate::connectors::options::{OptionSpec, OptionType, Options};
use crate::data::Schema;

/// The format.
pub struct Csv;

const OPTIONS: &[OptionSpec] = &[
    OptionSpec::with_default("csv.field-delimiter", OptionType::Character, ","),
    OptionSpec::with_default("csv.disable-quote-character", OptionType::Boolean, "false"),
    OptionSpec::with_default("csv.quote-character", OptionType::Character, "\""),
    OptionSpec::with_default("csv.allow-comments", OptionType::Boolean, "false"),
    OptionSpec::with_default("csv.ignore-parse-errors", OptionType::Boolean, "false"),
    OptionSpec::with_default("csv.array-element-delimiter", OptionType::Text, ";"),
    OptionSpec::optional("csv.escape-character", OptionType::Character),
    OptionSpec::optional("csv.null-literal", OptionType::Text),
    // As in Flink, its files have numbers in scientific notation whatever it says.
    OptionSpec::with_default(
        "csv.write-bigdecimal-in-scientific-notation",
        OptionType::Boolean,
        "true",
    ),
];

/// What the options say.
#[derive(Clone, Debug)]
struct Dialect {
    delimiter: u8,
    quote: Option<u8>,
    escape: Option<u8>,
    comments: bool,
    ignore_errors: bool,
    element_delimiter: String,
    null_literal: Option<String>,
}

impl Dialect {
    fn new(options: &Options) -> Result<Self> {
        let quote = options.character("csv.quote-character")?;
        let unquoted = options.flag("csv.disable-quote-character")?;
        if unquoted && quote.is_some() {
            return Err(Error::new("option-conflict")
                .arg("name", "csv.quote-character")
                .arg("other", "csv.disable-quote-character"));
        }
        Ok(Self {
            delimiter: options.character("csv.field-delimiter")?.unwrap_or(b','),
            quote: (!unquoted).then(|| quote.unwrap_or(b'"')),
            escape: options.character("csv.escape-character")?,
            comments: options.flag("csv.allow-comments")?,
            ignore_errors: options.flag("csv.ignore-parse-errors")?,
            element_delimiter: options.get("csv.array-element-delimiter").unwrap_or(";").into(),
            null_literal: options.get("csv.null-literal").map(Into::into),
        })
    }
}

impl Format for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn options(&self) -> &'static [OptionSpec] {
        OPTIONS
    }

    fn reader(
        &self,
        options: &Options,
        schema: &Schema,
        projection: &[usize],
    ) -> Result<Arc<dyn FileReaderFactory>> {
        let dialect = Arc::new(Dialect::new(options)?);
        Ok(Arc::new(read::Factory::new(dialect, schema, projection)?))
    }

    fn writer(&self, options: &Options, schema: &Schema) -> Result<Arc<dyn FileWriterFactory>> {
        Ok(Arc::new(write::Factory::new(Dialect::new(options)?, schema)?))
    }
}

#[cfg(test)]
mod tests;
