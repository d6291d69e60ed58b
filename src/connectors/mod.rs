//! Sources, sinks, formats and files. The only engine folder that touches files or sockets.

pub mod files;
pub mod sink;
pub mod source;

pub use files::Files;
pub use sink::{SinkContext, SinkFactory, SinkWriter};
pub use source::{Poll, SourceContext, SourceFactory, SourceReader};
