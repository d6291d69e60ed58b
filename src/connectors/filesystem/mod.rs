//! `filesystem`: a table is a file, or a folder of part files.
//!
//! | File | What it is |
//! |---|---|
//! | `listing` | which files a table has |
//! | `partition` | partitions as folders, `dt=2024-01-01` |
//! | `layout` | which columns are in the files, in the names of folders, known to the file system |
//! | `source` | deals the files to subtasks, reads them one after the other |
//! | `sink` | writes part files, shows them when they count |
//! | `statement` | what the writers of one INSERT share: where it writes, the name of its files |
//! | `part` | the life of a part file: in progress, pending, finished |
//! | `buckets` | which folder a row goes to |
//! | `compaction` | many small part files into few large ones |
//! | `commit` | when a partition is complete, and its `_SUCCESS` |

mod buckets;
mod commit;
mod compaction;
mod layout;
mod listing;
mod part;
mod partition;
mod sink;
mod source;
mod statement;

use std::sync::Arc;

use super::descriptor::{
    Accepts, Connector, Descriptor, SINK_PARALLELISM, SinkRequest, SourceRequest,
};
use super::files::path::plain;
use super::format::{self, FileWriterFactory, Format};
use super::options::{OptionSpec, OptionType, Options};
use super::{SinkFactory, SourceFactory};
use crate::base::{Error, LabDuration, Result};
use crate::data::Schema;
use buckets::Buckets;
use compaction::{Compaction, Join};
use layout::Layout;
use listing::Listing;

/// The connector.
pub struct Filesystem;

const MONITOR: &str = "source.monitor-interval";
const PATTERN: &str = "source.path.regex-pattern";
const STATISTICS: &str = "source.report-statistics";
const DEFAULT_NAME: &str = "partition.default-name";
const FILE_SIZE: &str = "sink.rolling-policy.file-size";
const ROLLOVER: &str = "sink.rolling-policy.rollover-interval";
const INACTIVITY: &str = "sink.rolling-policy.inactivity-interval";
const COMPACTION: &str = "auto-compaction";
const COMPACTED_SIZE: &str = "compaction.file-size";
const CHECK: &str = "sink.rolling-policy.check-interval";
const SHUFFLE: &str = "sink.shuffle-by-partition.enable";

static DESCRIPTOR: Descriptor = Descriptor {
    identifier: "filesystem",
    source: true,
    lookup: false,
    sink: Some(Accepts::InsertOnly),
    overwrites: true,
    format: true,
    pushes_limit: false,
    pushes_projection: true,
    skips_columns: false,
    chains_with_joins: true,
    metadata: layout::METADATA,
    options: &[
        OptionSpec::required("path", OptionType::Text),
        OptionSpec::optional(MONITOR, OptionType::Duration),
        OptionSpec::optional(PATTERN, OptionType::Text),
        OptionSpec::with_default(STATISTICS, OptionType::Choice(&["ALL", "NONE"]), "ALL"),
        OptionSpec::with_default(DEFAULT_NAME, OptionType::Text, partition::DEFAULT_NAME),
        OptionSpec::with_default(FILE_SIZE, OptionType::Size, "128MB"),
        OptionSpec::with_default(ROLLOVER, OptionType::Duration, "30 min"),
        OptionSpec::with_default(INACTIVITY, OptionType::Duration, "30 min"),
        OptionSpec::with_default(CHECK, OptionType::Duration, "1 min"),
        OptionSpec::with_default(COMPACTION, OptionType::Boolean, "false"),
        OptionSpec::optional(COMPACTED_SIZE, OptionType::Size),
        OptionSpec::with_default(SHUFFLE, OptionType::Boolean, "false"),
        OptionSpec::optional(SINK_PARALLELISM, OptionType::Integer),
        commit::OPTIONS[0],
        commit::OPTIONS[1],
        commit::OPTIONS[2],
        commit::OPTIONS[3],
        commit::OPTIONS[4],
        commit::OPTIONS[5],
        commit::OPTIONS[6],
    ],
};

/// How often a folder is looked at again.
///
/// Errors: `option-out-of-range` for no time at all, as in Flink.
fn monitor(options: &Options) -> Result<Option<LabDuration>> {
    let interval = options.duration(MONITOR)?;
    if interval.is_some_and(|interval| interval.0 <= 0) {
        let error = Error::new("option-out-of-range").arg("name", MONITOR);
        return Err(error.arg("value", options.get(MONITOR).unwrap_or_default()));
    }
    Ok(interval)
}

/// How files of a format become one.
fn join(
    format: &dyn Format,
    options: &Options,
    in_files: &Schema,
    writer: &Arc<dyn FileWriterFactory>,
) -> Result<Join> {
    if format.in_lines() {
        return Ok(Join::Lines);
    }
    let all: Vec<usize> = (0..in_files.len()).collect();
    Ok(Join::Rows(format.reader(options, in_files, &all)?, writer.clone()))
}

fn default_name(options: &Options) -> &str {
    options.get(DEFAULT_NAME).unwrap_or(partition::DEFAULT_NAME)
}

impl Connector for Filesystem {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    /// A folder is read once, unless it is watched.
    fn bounded(&self, options: &Options) -> Result<bool> {
        Ok(options.duration(MONITOR)?.is_none())
    }

    fn source(
        &self,
        options: &Options,
        request: SourceRequest<'_>,
    ) -> Result<Arc<dyn SourceFactory>> {
        let layout = Layout::new(&request, default_name(options))?;
        let root = plain(options.required("path")?);
        let pattern = options.get(PATTERN).map(|pattern| (PATTERN, pattern));
        let listing = Listing::new(root, layout.partitions.clone(), pattern, request.keeps)?;
        let format = format::find(options)?;
        Ok(Arc::new(source::Factory {
            listing: Arc::new(listing),
            monitor: monitor(options)?,
            reader: format.reader(options, &layout.in_files, &layout.projection)?,
            layout: Arc::new(layout),
            reports: options.get(STATISTICS).is_none_or(|what| what.eq_ignore_ascii_case("ALL")),
        }))
    }

    fn sink(&self, options: &Options, request: SinkRequest<'_>) -> Result<Arc<dyn SinkFactory>> {
        let format = format::find(options)?;
        let size = options.size(FILE_SIZE)?.unwrap_or(128 << 20);
        let (in_files, partitions) =
            layout::split(request.schema, request.partitions, default_name(options))?;
        let writer = format.writer(options, &in_files)?;
        let compaction = match options.flag(COMPACTION)? {
            false => None,
            true => Some(Compaction {
                size: options.size(COMPACTED_SIZE)?.unwrap_or(size),
                join: join(format, options, &in_files, &writer)?,
            }),
        };
        Ok(Arc::new(sink::Factory::new(statement::Target {
            directory: plain(options.required("path")?),
            buckets: Buckets::new(request.schema, &in_files, partitions.clone()),
            partitions,
            overwrite: request.overwrite,
            rolling: statement::Rolling {
                bytes: size,
                after: options.duration(ROLLOVER)?,
                inactive: options.duration(INACTIVITY)?,
            },
            commit: commit::Rules::new(options)?,
            compaction,
            writer,
        })))
    }
}

#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;
