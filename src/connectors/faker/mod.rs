//! `faker`: rows that look like people, jobs, products and orders, each column by an expression such as
//! `#{Name.fullName}`, in Portuguese or English.
//!
//! | File | What it is |
//! |---|---|
//! | `expression` | texts with `#{Group.name 'argument'}` in them |
//! | `provider` | what there is to ask for, by name |
//! | `person`, `chance` | how it is made: with names of a library, by numbers and moments |
//! | `words` | lists of words, from `assets/faker` |
//! | [`parts`] | part files of people, one after the other, from outside of the cluster |
//! | `lookup` | a row for a key that is asked |
//! | `column` | an expression for each column, its texts read as the column's type |
//!
//! The options and the way of writing expressions are those of the well-known `flink-faker`; `locale` and
//! `round.*` are ours.

mod chance;
mod column;
mod expression;
mod lookup;
pub mod parts;
mod person;
mod provider;
mod words;

use std::sync::Arc;

use super::descriptor::{Connector, Descriptor, LookupRequest, SourceRequest};
use super::generate::{Factory, Pace, columns, count, out_of_range};
use super::options::{OptionSpec, OptionType, Options};
use super::{LookupFactory, SourceFactory};
use crate::base::{Error, Result};
use column::ColumnSpec;
use lookup::FakerLookup;
use words::Locale;

/// The connector.
pub struct Faker;

const PER_SECOND: &str = "rows-per-second";
const ROWS: &str = "number-of-rows";
const ROUND_ROWS: &str = "round.rows";
const ROUND_INTERVAL: &str = "round.interval";
const LOCALE: &str = "locale";

static DESCRIPTOR: Descriptor = Descriptor {
    identifier: "faker",
    source: true,
    lookup: true,
    sink: None,
    overwrites: false,
    format: false,
    pushes_limit: true,
    pushes_projection: false,
    skips_columns: true,
    chains_with_joins: false,
    metadata: &[],
    options: &[
        OptionSpec::with_default(PER_SECOND, OptionType::Integer, "10000"),
        OptionSpec::optional(ROWS, OptionType::Integer),
        OptionSpec::optional(ROUND_ROWS, OptionType::Integer),
        OptionSpec::with_default(ROUND_INTERVAL, OptionType::Duration, "1 s"),
        OptionSpec::with_default(LOCALE, OptionType::Choice(Locale::NAMES), "en"),
        OptionSpec::optional("fields.#.expression", OptionType::Text),
        OptionSpec::with_default("fields.#.locale", OptionType::Choice(Locale::NAMES), "en"),
        OptionSpec::with_default("fields.#.null-rate", OptionType::Number, "0"),
        OptionSpec::with_default("fields.#.length", OptionType::Integer, "1"),
    ],
};

impl Connector for Faker {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn bounded(&self, options: &Options) -> Result<bool> {
        Ok(options.get(ROWS).is_some())
    }

    fn source(
        &self,
        options: &Options,
        request: SourceRequest<'_>,
    ) -> Result<Arc<dyn SourceFactory>> {
        let specs: Vec<ColumnSpec> = columns(DESCRIPTOR.identifier, options, request.schema)?;
        let rows = count(options, ROWS)?.into_iter().chain(request.limit).min();
        Ok(Factory::source(&request, &specs, pace(options)?, rows))
    }

    fn lookup(
        &self,
        options: &Options,
        request: LookupRequest<'_>,
    ) -> Result<Arc<dyn LookupFactory>> {
        let specs: Vec<ColumnSpec> = columns(DESCRIPTOR.identifier, options, request.schema)?;
        Ok(Arc::new(FakerLookup::new(&request, &specs)))
    }
}

/// A rate a second, or a round of rows now and then.
///
/// Errors: `option-conflict`, `option-out-of-range`.
fn pace(options: &Options) -> Result<Pace> {
    let per_second = count(options, PER_SECOND)?;
    let Some(rows) = count(options, ROUND_ROWS)? else {
        return Ok(Pace::per_second(per_second.unwrap_or(10_000).max(1)));
    };
    if per_second.is_some() {
        return Err(Error::new("option-conflict").arg("name", PER_SECOND).arg("other", ROUND_ROWS));
    }
    let every = options.duration(ROUND_INTERVAL)?.unwrap_or(Pace::per_second(1).every);
    if rows == 0 || every.0 <= 0 {
        let name = if rows == 0 { ROUND_ROWS } else { ROUND_INTERVAL };
        return Err(out_of_range(name, options.get(name).unwrap_or_default()));
    }
    Ok(Pace { rows, every })
}

#[cfg(test)]
mod tests;
