//! `filesystem`: a table is a file, or a folder of part files.
//!
//! | File | What it is |
//! |---|---|
//! | `source` | finds the files, deals them to subtasks, reads them one after the other |
//! | `sink` | part files and their life: in progress, pending, finished |

mod sink;
mod source;

use std::sync::Arc;

use super::descriptor::{Accepts, Connector, Descriptor, SinkRequest, SourceRequest};
use super::files::path::plain;
use super::format;
use super::options::{OptionSpec, OptionType, Options};
use super::{SinkFactory, SourceFactory};
use crate::base::Result;
use crate::data::Schema;

/// The connector.
pub struct Filesystem;

const MONITOR: &str = "source.monitor-interval";
const FILE_SIZE: &str = "sink.rolling-policy.file-size";
const ROLLOVER: &str = "sink.rolling-policy.rollover-interval";

static DESCRIPTOR: Descriptor = Descriptor {
    identifier: "filesystem",
    source: true,
    sink: Some(Accepts::InsertOnly),
    format: true,
    pushes_limit: false,
    pushes_projection: true,
    options: &[
        OptionSpec::required("path", OptionType::Text),
        OptionSpec::optional(MONITOR, OptionType::Duration),
        OptionSpec::with_default(FILE_SIZE, OptionType::Size, "128MB"),
        OptionSpec::with_default(ROLLOVER, OptionType::Duration, "30 min"),
        OptionSpec::optional("sink.parallelism", OptionType::Integer),
    ],
};

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
        let format = format::find(options)?;
        let read = request.projection.iter().filter_map(|&i| request.schema.fields().get(i));
        Ok(Arc::new(source::Factory {
            path: plain(options.required("path")?),
            monitor: options.duration(MONITOR)?,
            reader: format.reader(options, request.schema, request.projection)?,
            output: Schema::new(read.cloned().collect()),
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
