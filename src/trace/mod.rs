//! What happened: typed events, the tracer that collects them, the levels.
//!
//! Invariant: tracing never blocks and never changes a result. What had to be dropped is marked with
//! [`EventKind::Gap`].

pub mod event;
pub mod tracer;

pub use event::{Causes, Event, EventKind, ExecutionState, JobState, LoadMetrics};
pub use tracer::{Level, Tracer};
