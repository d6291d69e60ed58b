//! All connectors: the one place that SQL, plans, completion and help ask.
//!
//! What a table says in its WITH clause becomes a checked [`TableConnector`] with [`find`], when the
//! table is used; as in Flink, CREATE TABLE only asks that there be a `connector` ([`identifier`]).

use std::sync::Arc;

use super::descriptor::{
    Accepts, Connector, Descriptor, LookupRequest, SINK_PARALLELISM, SinkRequest, SourceRequest,
};
use super::format::{self, Format};
use super::options::{self, OptionSpec, OptionType, Options, nearest};
use super::{
    LookupFactory, SinkFactory, SourceFactory, blackhole, datagen, faker, filesystem, nexmark,
    print, socket,
};
use crate::base::{Error, Result};

/// All connectors, by identifier.
pub fn all() -> &'static [&'static dyn Connector] {
    &[
        &blackhole::Blackhole,
        &datagen::Datagen,
        &faker::Faker,
        &filesystem::Filesystem,
        &nexmark::Nexmark,
        &print::Print,
        &socket::Socket,
    ]
}

/// A connector with the checked options of one table.
#[derive(Clone)]
pub struct TableConnector {
    connector: &'static dyn Connector,
    format: Option<&'static dyn Format>,
    options: Options,
}

/// The identifier that a WITH clause names.
///
/// Errors: `connector-missing`, with what there is.
pub fn identifier(options: &Options) -> Result<&str> {
    options
        .get("connector")
        .filter(|name| !name.is_empty())
        .ok_or_else(|| Error::new("connector-missing").arg("available", identifiers().join(", ")))
}

/// The connector of a table, with its options checked.
///
/// Errors: `connector-missing`, `connector-unknown`, `format-missing`, `format-unknown`,
/// `option-unknown` (with the nearest key), `option-missing`, `option-value`.
pub fn find(options: Options) -> Result<TableConnector> {
    let name = identifier(&options)?;
    let connector = all()
        .iter()
        .copied()
        .find(|c| c.descriptor().identifier == name)
        .ok_or_else(|| unknown_connector(name))?;
    let descriptor = connector.descriptor();
    let format = if descriptor.format { Some(format::find(&options)?) } else { None };
    check(descriptor, format, &options)?;
    Ok(TableConnector { connector, format, options })
}

impl TableConnector {
    /// What the connector is.
    pub fn descriptor(&self) -> &'static Descriptor {
        self.connector.descriptor()
    }

    /// The checked options.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Whether a source can leave out fields of a ROW that nobody reads.
    pub fn pushes_fields(&self) -> bool {
        self.connector.pushes_fields()
    }

    /// Whether its rows, read or written, are changes of every kind.
    fn holds_changes(&self) -> bool {
        self.format.is_some_and(|format| format.holds_changes())
    }

    /// Whether a source emits changes of every kind, and not `+I` alone.
    pub fn emits_changes(&self) -> bool {
        self.descriptor().source && self.holds_changes()
    }

    /// The rows that a sink takes; `None`: the table cannot be written.
    pub fn accepts(&self) -> Option<Accepts> {
        let sink = self.descriptor().sink;
        sink.map(|accepts| if self.holds_changes() { Accepts::AllChanges } else { accepts })
    }

    /// Whether the table ends by itself when it is read.
    pub fn bounded(&self) -> Result<bool> {
        self.connector.bounded(&self.options)
    }

    /// A source of the table.
    ///
    /// Errors: `connector-not-source`, and what the options say wrong of the columns.
    pub fn source_factory(&self, request: SourceRequest<'_>) -> Result<Arc<dyn SourceFactory>> {
        if !self.descriptor().source {
            return Err(self.descriptor().cannot_read(request.table));
        }
        self.connector.source(&self.options, request)
    }

    /// What answers for the table when it is asked by key.
    ///
    /// Errors: `temporal-no-lookup`, and what the options say wrong of the columns.
    pub fn lookup_factory(&self, request: LookupRequest<'_>) -> Result<Arc<dyn LookupFactory>> {
        if !self.descriptor().lookup {
            return Err(no_lookup(request.table));
        }
        self.connector.lookup(&self.options, request)
    }

    /// `sink.parallelism`.
    ///
    /// Errors: `option-out-of-range`.
    pub fn sink_parallelism(&self) -> Result<Option<u32>> {
        let Some(asked) = self.options.integer(SINK_PARALLELISM)? else { return Ok(None) };
        let parallelism = u32::try_from(asked).ok().filter(|p| *p > 0);
        parallelism.map(Some).ok_or_else(|| {
            Error::new("option-out-of-range").arg("name", SINK_PARALLELISM).arg("value", asked)
        })
    }

    /// A sink of the table.
    ///
    /// Errors: `connector-not-sink`, and what the options say wrong of the columns.
    pub fn sink_factory(&self, request: SinkRequest<'_>) -> Result<Arc<dyn SinkFactory>> {
        if self.descriptor().sink.is_none() {
            return Err(self.descriptor().cannot_write(request.table));
        }
        self.connector.sink(&self.options, request)
    }
}

/// The refusal to ask a table by key, with the connectors whose tables can be asked.
pub fn no_lookup(table: &str) -> Error {
    let with_lookup = all().iter().map(|c| c.descriptor()).filter(|d| d.lookup);
    let available: Vec<&str> = with_lookup.map(|d| d.identifier).collect();
    Error::new("temporal-no-lookup").arg("name", table).arg("available", available.join(", "))
}

fn identifiers() -> Vec<&'static str> {
    all().iter().map(|c| c.descriptor().identifier).collect()
}

fn unknown_connector(name: &str) -> Error {
    let available = identifiers();
    Error::new("connector-unknown")
        .arg("name", name)
        .arg("nearest", nearest(name, available.iter().copied()))
        .arg("available", available.join(", "))
}

fn check(
    descriptor: &Descriptor,
    format: Option<&'static dyn Format>,
    given: &Options,
) -> Result<()> {
    let mut specs = vec![OptionSpec::required("connector", OptionType::Text)];
    specs.extend(descriptor.options);
    if let Some(format) = format {
        specs.push(OptionSpec::required("format", OptionType::Text));
        specs.extend(format.options());
    }
    for (key, value) in given.iter() {
        match specs.iter().find(|s| s.matches(key)) {
            Some(spec) => options::check_value(key, value, spec.kind)?,
            // As in Flink, where a format need not say what options it has.
            None if format.is_some_and(|f| belongs_to(key, f)) => {}
            None => return Err(unknown_option(descriptor, &specs, key)),
        }
    }
    match specs.iter().find(|s| s.required && given.get(s.key).is_none()) {
        None => Ok(()),
        Some(spec) => Err(Error::new("option-missing")
            .arg("name", spec.key)
            .arg("connector", descriptor.identifier)),
    }
}

fn belongs_to(key: &str, format: &dyn Format) -> bool {
    key.strip_prefix(format.name()).is_some_and(|rest| rest.starts_with('.'))
}

fn unknown_option(descriptor: &Descriptor, specs: &[OptionSpec], key: &str) -> Error {
    let keys = || specs.iter().map(|s| s.key);
    Error::new("option-unknown")
        .arg("name", key)
        .arg("connector", descriptor.identifier)
        .arg("nearest", nearest(key, keys()))
        .arg("supported", keys().collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(pairs: &[(&str, &str)]) -> String {
        match find(pairs.iter().copied().collect()) {
            Ok(_) => "accepted".into(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_with_clause_is_checked_key_by_key() {
        let cases: [(&[(&str, &str)], &str); 9] = [
            (&[("connector", "print")], "accepted"),
            (&[("connector", "datagen"), ("fields.id.kind", "random")], "accepted"),
            (
                &[("format", "csv")],
                r#"connector-missing available="blackhole, datagen, faker, filesystem, nexmark, print, socket""#,
            ),
            (
                &[("connector", "datagem")],
                r#"connector-unknown name="datagem" nearest="datagen" available="blackhole, datagen, faker, filesystem, nexmark, print, socket""#,
            ),
            (
                &[("connector", "print"), ("print-identifyer", "x")],
                r#"option-unknown name="print-identifyer" connector="print" nearest="print-identifier" supported="connector, print-identifier, standard-error, sink.parallelism""#,
            ),
            (
                &[("connector", "datagen"), ("rows-per-second", "muitas")],
                r#"option-value name="rows-per-second" value="muitas" expected="integer""#,
            ),
            (
                &[("connector", "filesystem"), ("path", "/x")],
                r#"format-missing available="avro, canal-json, csv, debezium-json, json, orc, parquet, raw""#,
            ),
            (
                &[("connector", "filesystem"), ("path", "/x"), ("format", "cvs")],
                r#"format-unknown name="cvs" nearest="csv" available="avro, canal-json, csv, debezium-json, json, orc, parquet, raw""#,
            ),
            (
                &[("connector", "filesystem"), ("format", "csv")],
                r#"option-missing name="path" connector="filesystem""#,
            ),
        ];
        for (pairs, expected) in cases {
            assert_eq!(refusal(pairs), expected, "{pairs:?}");
        }
    }
}
