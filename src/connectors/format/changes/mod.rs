//! `debezium-json` and `canal-json`: a line is a change of a table of a database, as tools that follow
//! its log write it.
//!
//! Source of the options and rules: "Debezium Format" and "Canal Format", Flink 1.18, and what Flink
//! answers.

mod canal;
mod debezium;

use std::sync::Arc;

use super::json::read::{Factory, Messages, incomplete, unknown};
use super::json::write::Envelope;
use super::json::{Keys, check_all, write};
use super::{FileReaderFactory, FileWriterFactory, Format};
use crate::base::Result;
use crate::connectors::options::{OptionSpec, Options};
use crate::data::Schema;

/// `debezium-json`.
pub const DEBEZIUM: Changes = debezium::FORMAT;
/// `canal-json`.
pub const CANAL: Changes = canal::FORMAT;

/// A format of JSON objects that tell changes.
pub struct Changes {
    name: &'static str,
    options: &'static [OptionSpec],
    keys: Keys,
    /// How a line is read.
    messages: fn(&Options) -> Result<Arc<dyn Messages>>,
    /// What is written around a row.
    envelope: Envelope,
    /// Refuses what cannot be written.
    check_writer: fn(&Options) -> Result<()>,
}

impl Format for Changes {
    fn name(&self) -> &'static str {
        self.name
    }

    fn options(&self) -> &'static [OptionSpec] {
        self.options
    }

    fn reader(
        &self,
        options: &Options,
        schema: &Schema,
        projection: &[usize],
    ) -> Result<Arc<dyn FileReaderFactory>> {
        check_all(schema, str::to_owned)?;
        let read = projection.iter().filter_map(|&i| schema.fields().get(i)).cloned().collect();
        let rules = self.keys.read_rules(options)?;
        Ok(Arc::new(Factory::new(rules, Schema::new(read), (self.messages)(options)?)))
    }

    fn holds_changes(&self) -> bool {
        true
    }

    fn writer(&self, options: &Options, schema: &Schema) -> Result<Arc<dyn FileWriterFactory>> {
        check_all(schema, str::to_owned)?;
        (self.check_writer)(options)?;
        Ok(Arc::new(write::Factory {
            rules: self.keys.write_rules(options)?,
            schema: schema.clone(),
            envelope: self.envelope,
        }))
    }
}

#[cfg(test)]
mod tests;
