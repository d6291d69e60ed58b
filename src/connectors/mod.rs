//! Sources, sinks, formats and files. The only engine folder that touches files or sockets.
//!
//! | File | What it is |
//! |---|---|
//! | [`descriptor`] | what a connector says of itself: what it is and can |
//! | [`registry`] | all connectors; from a WITH clause to a source or a sink |
//! | [`source`], [`lookup`], [`sink`] | what is read row by row, what is asked by key, what is written |
//! | [`options`] | option keys and typed values |
//! | [`files`] | files: real, in memory, faulty |
//! | [`mod@format`] | rows to bytes and back, one format a folder |
//! | [`filesystem`], [`datagen`], [`faker`], [`nexmark`], [`mod@print`], [`blackhole`], [`socket`] | the connectors |
//! | `generate` | what `datagen` and `faker` have in common |
//! | [`pasted`] | a table out of the clipboard |
//! | [`collection`] | rows of a program, and rows that a person feeds |

pub mod blackhole;
pub mod collection;
pub mod datagen;
pub mod descriptor;
pub mod faker;
pub mod files;
pub mod filesystem;
pub mod format;
mod generate;
pub mod lookup;
pub mod nexmark;
pub mod options;
pub mod pasted;
pub mod print;
pub mod registry;
pub mod sink;
mod snapshot;
pub mod socket;
pub mod source;

pub use descriptor::{LookupRequest, SinkRequest, SourceRequest};
pub use files::Files;
pub use lookup::{Found, Lookup, LookupFactory};
pub use options::Options;
pub use registry::TableConnector;
pub use sink::{Line, SinkContext, SinkFactory, SinkWriter};
pub use source::{Poll, SourceContext, SourceFactory, SourceReader};
