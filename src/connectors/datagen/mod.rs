//! `datagen`: rows made by chance or by counting, at a pace.
//!
//! Columns are filled whole, each from a generator of its own, so that the rows depend neither on the
//! batch size nor on which other columns are read. Source of the options and ranges: "DataGen SQL
//! Connector", Flink 1.18; the pace (a burst at the start of every second) and the way sequences are
//! dealt to subtasks are those of its `DataGeneratorSource`.

mod column;
mod generator;

use std::sync::Arc;

use super::SourceFactory;
use super::descriptor::{Connector, Descriptor, SourceRequest};
use super::generate::{Factory, Pace, columns};
use super::options::{OptionSpec, OptionType, Options};
use crate::base::Result;
use column::ColumnSpec;

/// The connector.
pub struct Datagen;

const KINDS: &[&str] = &["random", "sequence"];

static DESCRIPTOR: Descriptor = Descriptor {
    identifier: "datagen",
    source: true,
    lookup: false,
    sink: None,
    overwrites: false,
    format: false,
    pushes_limit: true,
    pushes_projection: false,
    skips_columns: true,
    chains_with_joins: false,
    metadata: &[],
    options: &[
        OptionSpec::with_default("rows-per-second", OptionType::Integer, "10000"),
        OptionSpec::optional("number-of-rows", OptionType::Integer),
        OptionSpec::with_default("fields.#.kind", OptionType::Choice(KINDS), "random"),
        OptionSpec::optional("fields.#.min", OptionType::Number),
        OptionSpec::optional("fields.#.max", OptionType::Number),
        OptionSpec::optional("fields.#.max-past", OptionType::Duration),
        OptionSpec::optional("fields.#.length", OptionType::Integer),
        OptionSpec::with_default("fields.#.var-len", OptionType::Boolean, "false"),
        OptionSpec::optional("fields.#.start", OptionType::Integer),
        OptionSpec::optional("fields.#.end", OptionType::Integer),
        OptionSpec::optional("fields.#.null-rate", OptionType::Number),
    ],
};

impl Connector for Datagen {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    /// A sequence does end, but Flink calls a table bounded by `number-of-rows` alone.
    fn bounded(&self, options: &Options) -> Result<bool> {
        Ok(options.get("number-of-rows").is_some())
    }

    fn source(
        &self,
        options: &Options,
        request: SourceRequest<'_>,
    ) -> Result<Arc<dyn SourceFactory>> {
        let specs: Vec<ColumnSpec> = columns(DESCRIPTOR.identifier, options, request.schema)?;
        // A sequence ends the source even when its column is not read.
        let rows = specs
            .iter()
            .filter_map(ColumnSpec::rows)
            .chain(options.integer("number-of-rows")?.map(|rows| u64::try_from(rows).unwrap_or(0)))
            .chain(request.limit)
            .min();
        let rows_per_second = options.integer("rows-per-second")?.unwrap_or(10_000);
        let pace = Pace::per_second(u64::try_from(rows_per_second).unwrap_or(0));
        Ok(Factory::source(&request, &specs, pace, rows))
    }
}

#[cfg(test)]
mod tests;
