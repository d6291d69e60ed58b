//! `filesystem`: a table is a file, or a folder of part files.
//!
//! | File | What it is |
//! |---|---|
//! | `listing` | which files a table has |
//! | `partition` | partitions as folders, `dt=2024-01-01` |
//! | `layout` | which columns are in the files, in the names of folders, known to the file system |
//! | `source` | deals the files to subtasks, reads them one after the other |
//! | `sink` | part files and their life: in progress, pending, finished |

mod layout;
mod listing;
mod partition;
mod sink;
mod source;

use std::sync::Arc;

use super::descriptor::{Accepts, Connector, Descriptor, SinkRequest, SourceRequest};
use super::files::path::plain;
use super::format;
use super::options::{OptionSpec, OptionType, Options};
use super::{SinkFactory, SourceFactory};
use crate::base::Result;
use layout::Layout;
use listing::Listing;

/// The connector.
pub struct Filesystem;

const MONITOR: &str = "source.monitor-interval";
const PATTERN: &str = "source.path.regex-pattern";
const DEFAULT_NAME: &str = "partition.default-name";
const FILE_SIZE: &str = "sink.rolling-policy.file-size";
const ROLLOVER: &str = "sink.rolling-policy.rollover-interval";

static DESCRIPTOR: Descriptor = Descriptor {
    identifier: "filesystem",
    source: true,
    sink: Some(Accepts::InsertOnly),
    format: true,
    pushes_limit: false,
    pushes_projection: true,
    metadata: layout::METADATA,
    options: &[
        OptionSpec::required("path", OptionType::Text),
        OptionSpec::optional(MONITOR, OptionType::Duration),
        OptionSpec::optional(PATTERN, OptionType::Text),
        OptionSpec::with_default(DEFAULT_NAME, OptionType::Text, partition::DEFAULT_NAME),
        OptionSpec::with_default(FILE_SIZE, OptionType::Size, "128MB"),
        OptionSpec::with_default(ROLLOVER, OptionType::Duration, "30 min"),
        OptionSpec::optional("sink.parallelism", OptionType::Integer),
    ],
};

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
        let listing = Listing::new(root, layout.partitions.clone(), pattern, None)?;
        let format = format::find(options)?;
        Ok(Arc::new(source::Factory {
            listing: Arc::new(listing),
            monitor: options.duration(MONITOR)?,
            reader: format.reader(options, &layout.in_files, &layout.projection)?,
            layout: Arc::new(layout),
        }))
    }

    fn sink(&self, options: &Options, request: SinkRequest<'_>) -> Result<Arc<dyn SinkFactory>> {
        let writer = format::find(options)?.writer(options, request.schema)?;
        Ok(Arc::new(sink::Factory::new(sink::Target {
            directory: plain(options.required("path")?),
            overwrite: request.overwrite,
            roll_bytes: options.size(FILE_SIZE)?.unwrap_or(128 << 20),
            roll_after: options.duration(ROLLOVER)?,
            writer,
        })))
    }
}

#[cfg(test)]
mod tests;
