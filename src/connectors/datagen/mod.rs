//! `datagen`: rows made by chance or by counting, at a pace.
//!
//! Columns are filled whole, each from a generator of its own, so that the rows depend neither on the
//! batch size nor on which other columns are read. Source of the options and ranges: "DataGen SQL
//! Connector", Flink 1.18; the pace (a burst at the start of every second) and the way sequences are
//! dealt to subtasks are those of its `DataGeneratorSource`.

mod column;
mod generator;
mod reader;
mod shape;

use std::sync::Arc;

use super::descriptor::{Connector, Descriptor, SourceRequest};
use super::options::{OptionSpec, OptionType, Options};
use super::{SourceFactory, SourceReader};
use crate::base::{Error, Result, SeededRandom};
use crate::data::Schema;
use column::ColumnSpec;
use reader::Reader;

/// The connector.
pub struct Datagen;

const KINDS: &[&str] = &["random", "sequence"];

static DESCRIPTOR: Descriptor = Descriptor {
    identifier: "datagen",
    source: true,
    sink: None,
    overwrites: false,
    format: false,
    pushes_limit: true,
    pushes_projection: true,
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

/// What the options say of the whole source.
#[derive(Clone, Debug)]
struct Plan {
    columns: Arc<[ColumnSpec]>,
    /// Rows of all subtasks in a second.
    rows_per_second: u64,
    /// Rows of all subtasks in all; `None`: without end.
    rows: Option<u64>,
}

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
        check_columns(options, request.schema)?;
        let fields = request.schema.fields();
        let specs = fields
            .iter()
            .enumerate()
            .map(|(position, field)| ColumnSpec::new(options, field, position))
            .collect::<Result<Vec<_>>>()?;
        check_options(options, &specs)?;
        // A sequence ends the source even when its column is not read.
        let rows = specs
            .iter()
            .filter_map(ColumnSpec::rows)
            .chain(count(options, "number-of-rows")?)
            .chain(request.limit)
            .min();
        let read = request.projection.iter().filter_map(|&i| Some((&specs[i], fields.get(i)?)));
        let (columns, output): (Vec<_>, Vec<_>) = read.map(|(s, f)| (s.clone(), f.clone())).unzip();
        let rows_per_second = count(options, "rows-per-second")?.unwrap_or(10_000).max(1);
        let plan = Plan { columns: columns.into(), rows_per_second, rows };
        let salt = SeededRandom::salt(request.table);
        Ok(Arc::new(Factory { plan, salt, output: Schema::new(output) }))
    }
}

/// A count that must not be negative.
fn count(options: &Options, key: &str) -> Result<Option<u64>> {
    let value = options.integer(key)?;
    value.map(|v| u64::try_from(v).map_err(|_| out_of_range(key, v))).transpose()
}

fn out_of_range(key: &str, value: impl std::fmt::Display) -> Error {
    Error::new("option-out-of-range").arg("name", key).arg("value", value)
}

/// Every `fields.#` option must speak of a column that exists.
fn check_columns(options: &Options, schema: &Schema) -> Result<()> {
    let fields = schema.fields();
    for (key, _) in options.iter() {
        let Some(rest) = key.strip_prefix("fields.") else { continue };
        let inside = |name: &str| rest.strip_prefix(name).is_some_and(|r| r.starts_with('.'));
        if fields.iter().any(|f| inside(&f.name)) {
            continue;
        }
        let column = rest.rsplit_once('.').map_or(rest, |(column, _)| column);
        let names = || fields.iter().map(|f| f.name.as_str());
        return Err(Error::new("datagen-column")
            .arg("name", key)
            .arg("column", column)
            .arg("nearest", super::descriptor::nearest(column, names()))
            .arg("available", names().collect::<Vec<_>>().join(", ")));
    }
    Ok(())
}

/// Every `fields.#` option must be one that the column's type and kind have.
fn check_options(options: &Options, specs: &[ColumnSpec]) -> Result<()> {
    let mut known = Vec::new();
    specs.iter().for_each(|spec| spec.options(&mut known));
    let foreign = |key: &&str| key.starts_with("fields.") && !known.iter().any(|k| k == key);
    match options.iter().map(|(key, _)| key).find(foreign) {
        None => Ok(()),
        Some(key) => Err(Error::new("option-unknown")
            .arg("name", key)
            .arg("connector", DESCRIPTOR.identifier)
            .arg("nearest", super::descriptor::nearest(key, known.iter().map(String::as_str)))
            .arg("supported", known.join(", "))),
    }
}

struct Factory {
    plan: Plan,
    /// Two tables in one job see different rows, also where their columns are called alike.
    salt: u64,
    output: Schema,
}

impl SourceFactory for Factory {
    fn create(&self, index: u32, parallelism: u32, seed: u64) -> Result<Box<dyn SourceReader>> {
        Ok(Box::new(Reader::new(&self.plan, index, parallelism, seed ^ self.salt)?))
    }

    fn output(&self) -> &Schema {
        &self.output
    }

    fn bounded(&self) -> bool {
        self.plan.rows.is_some()
    }
}

#[cfg(test)]
mod tests;
