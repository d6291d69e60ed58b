//! Sources, sinks, formats and files. The only engine folder that touches files or sockets.
//!
//! | File | What it is |
//! |---|---|
//! | [`descriptor`] | what each connector is and can; from a WITH clause to a source or a sink |
//! | [`options`] | option keys and typed values |
//! | [`files`] | files: real, in memory, faulty |
//! | [`mod@format`] | rows to bytes and back, one format a folder |
//! | [`filesystem`], [`datagen`], [`nexmark`], [`mod@print`], [`blackhole`] | the connectors |
//! | [`collection`] | rows of a program, and rows that a person feeds |

pub mod blackhole;
pub mod collection;
pub mod datagen;
pub mod descriptor;
pub mod files;
pub mod filesystem;
pub mod format;
pub mod nexmark;
pub mod not_null;
pub mod options;
pub mod print;
mod share;
pub mod sink;
mod snapshot;
pub mod source;

pub use descriptor::{SinkRequest, SourceRequest, TableConnector};
pub use files::Files;
pub use options::Options;
pub use sink::{Line, SinkContext, SinkFactory, SinkWriter};
pub use source::{Poll, SourceContext, SourceFactory, SourceReader};
