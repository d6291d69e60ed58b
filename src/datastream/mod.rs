//! The DataStream API: programs built from sources, functions and sinks, typed as Rust types.
//!
//! ```
//! use riacho::datastream::StreamExecutionEnvironment;
//!
//! let env = StreamExecutionEnvironment::new();
//! env.from_collection(vec![("a".to_owned(), 3), ("b".to_owned(), 2)])
//!     .key_by(|(student, _)| student.clone())
//!     .reduce(|a, b| (a.0, a.1 + b.1))
//!     .print();
//! let graph = env.execute("totals");
//! assert_eq!(graph.nodes.len(), 3);
//! ```
//!
//! A program is a description: `execute` gives the stream graph, which the cluster runs. Functions
//! are shared or made anew in each slot, so nothing of a program holds a thread or a handle.
//!
//! | File | What it is |
//! |---|---|
//! | [`environment`] | the graph under construction |
//! | [`stream`] | streams and what can be done with them |
//! | [`record`] | Rust types as rows |
//! | [`function`] | the functions a program is made of |
//! | `operator` | those functions as operators |
//! | [`python`] | Python's way to round and print, for the tutorial's programs |
//! | [`programs`] | the built-in programs |

pub mod environment;
pub mod function;
mod operator;
pub mod programs;
pub mod python;
pub mod record;
pub mod stream;
mod window;

pub use environment::StreamExecutionEnvironment;
pub use function::{KeyedProcessFunction, MapFunction, ValueState};
pub use record::{Record, Scalar};
pub use stream::{DataStream, DataStreamSink, KeyedStream};
