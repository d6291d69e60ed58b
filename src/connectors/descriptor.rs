//! What a connector says of itself: it describes what it is and can ([`Descriptor`]), and makes sources
//! and sinks ([`Connector`]). Which connectors there are is the registry's to say.

use std::sync::Arc;

use super::format;
use super::options::{OptionSpec, OptionType, Options, nearest};
use super::{LookupFactory, SinkFactory, SourceFactory};
use crate::base::{Error, Result};
use crate::data::{Batch, LogicalType, Schema};

/// How often a sink runs, whatever its input does.
pub(super) const SINK_PARALLELISM: &str = "sink.parallelism";

/// The rows that a sink can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepts {
    /// `+I` alone.
    InsertOnly,
    /// Every kind of change.
    AllChanges,
    /// Every kind of change; it does not ask for the old value of an update (`-U`).
    ChangesWithoutBefore,
}

/// What a connector is, as data.
#[derive(Clone, Copy, Debug)]
pub struct Descriptor {
    /// Its identifier, the value of `connector`.
    pub identifier: &'static str,
    /// Whether a table of it can be read.
    pub source: bool,
    /// Whether a table of it can be asked for the rows of a key (`FOR SYSTEM_TIME AS OF` processing
    /// time).
    pub lookup: bool,
    /// The rows that a table of it takes, if its format does not say more; `None`: it cannot be
    /// written.
    pub sink: Option<Accepts>,
    /// Whether INSERT OVERWRITE is for it.
    pub overwrites: bool,
    /// Whether it needs a `format`.
    pub format: bool,
    /// Whether a source can stop by itself after a LIMIT.
    pub pushes_limit: bool,
    /// Whether a source can leave out columns that nobody reads, and plans say so.
    pub pushes_projection: bool,
    /// Whether a source can do so though Flink's cannot, so that plans do not say so.
    pub skips_columns: bool,
    /// Whether a source may run together with operators of several inputs, as Flink's newer sources do.
    pub chains_with_joins: bool,
    /// What a source knows of its rows besides their columns (METADATA columns).
    pub metadata: &'static [MetadataKey],
    /// Its options, without `connector`, `format` and the options of formats.
    pub options: &'static [OptionSpec],
}

/// Something that a source knows of its rows.
#[derive(Clone, Debug)]
pub struct MetadataKey {
    /// Its key, as `METADATA FROM` names it.
    pub key: &'static str,
    /// Its type; it is never NULL.
    pub logical: LogicalType,
}

/// Whether a partition is read: its columns, in the order of PARTITIONED BY, in a batch of one row.
pub type PartitionFilter = Arc<dyn Fn(&Batch) -> Result<bool> + Send + Sync>;

/// What a plan asks of a source.
#[derive(Clone)]
pub struct SourceRequest<'a> {
    /// The table's name, for messages.
    pub table: &'a str,
    /// The physical columns that the table declares.
    pub schema: &'a Schema,
    /// PARTITIONED BY.
    pub partitions: &'a [String],
    /// The keys of the metadata columns that the table declares.
    pub metadata: &'a [String],
    /// Which of the physical columns and, counted on behind them, of the metadata are read, in this
    /// order; the source emits exactly these.
    pub projection: &'a [usize],
    /// Which partitions are read, if the connector can leave some out.
    pub keeps: Option<PartitionFilter>,
    /// Stop after so many rows (each subtask by itself), if the connector can.
    pub limit: Option<u64>,
}

/// What a plan asks of a table that is to be asked by key.
#[derive(Clone, Copy, Debug)]
pub struct LookupRequest<'a> {
    /// The table's name, for messages.
    pub table: &'a str,
    /// The physical columns that the table declares.
    pub schema: &'a Schema,
    /// Which of the columns are the key.
    pub keys: &'a [usize],
    /// Which of the columns are read, in this order; the answers have exactly these.
    pub projection: &'a [usize],
}

/// What a plan asks of a sink.
#[derive(Clone, Copy, Debug)]
pub struct SinkRequest<'a> {
    /// The table's name, for messages.
    pub table: &'a str,
    /// The physical columns that the table declares.
    pub schema: &'a Schema,
    /// PARTITIONED BY.
    pub partitions: &'a [String],
    /// The partition columns whose values the statement names (`PARTITION (k = 'v')`), with these.
    pub named_partition: &'a [(String, String)],
    /// Whether what is there goes away first (`INSERT OVERWRITE`).
    pub overwrite: bool,
}

/// A kind of table: it makes the sources and sinks of tables that name it.
///
/// `options` have been checked against the descriptor. A connector that cannot read (or write) is
/// never asked to.
pub trait Connector: Sync {
    /// What it is.
    fn descriptor(&self) -> &'static Descriptor;

    /// Whether a source can leave out fields of a ROW that nobody reads: then the table's columns, as a
    /// [`SourceRequest`] declares them, have only those that are read.
    fn pushes_fields(&self) -> bool {
        false
    }

    /// Whether a table with these options ends by itself when it is read.
    fn bounded(&self, _options: &Options) -> Result<bool> {
        Ok(true)
    }

    /// A source of the table.
    fn source(
        &self,
        options: &Options,
        request: SourceRequest<'_>,
    ) -> Result<Arc<dyn SourceFactory>> {
        let _ = options;
        Err(self.descriptor().cannot_read(request.table))
    }

    /// What answers for the table when it is asked by key.
    fn lookup(
        &self,
        options: &Options,
        request: LookupRequest<'_>,
    ) -> Result<Arc<dyn LookupFactory>> {
        let _ = options;
        Err(self.descriptor().cannot_read(request.table))
    }

    /// A sink of the table.
    fn sink(&self, options: &Options, request: SinkRequest<'_>) -> Result<Arc<dyn SinkFactory>> {
        let _ = options;
        Err(self.descriptor().cannot_write(request.table))
    }
}

impl Descriptor {
    pub(super) fn cannot_read(&self, table: &str) -> Error {
        Error::new("connector-not-source").arg("connector", self.identifier).arg("table", table)
    }

    pub(super) fn cannot_write(&self, table: &str) -> Error {
        Error::new("connector-not-sink").arg("connector", self.identifier).arg("table", table)
    }

    /// The type of what a source knows under this key.
    ///
    /// Errors: `metadata-none`, `metadata-unknown`.
    pub fn metadata(&self, table: &str, key: &str) -> Result<&'static LogicalType> {
        let keys = || self.metadata.iter().map(|m| m.key);
        if self.metadata.is_empty() {
            let error = Error::new("metadata-none").arg("connector", self.identifier);
            return Err(error.arg("table", table));
        }
        self.metadata.iter().find(|m| m.key == key).map(|m| &m.logical).ok_or_else(|| {
            Error::new("metadata-unknown")
                .arg("name", key)
                .arg("table", table)
                .arg("nearest", nearest(key, keys()))
                .arg("available", keys().collect::<Vec<_>>().join(", "))
        })
    }

    /// Every option that a table of this connector can have, with those of its formats.
    pub fn all_options(&self) -> Vec<OptionSpec> {
        let mut specs = vec![OptionSpec::required("connector", OptionType::Text)];
        specs.extend(self.options);
        if self.format {
            specs.push(OptionSpec::required("format", OptionType::Text));
            specs.extend(format::all().iter().flat_map(|f| f.options()));
        }
        specs
    }
}
