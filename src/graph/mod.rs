//! From a stream graph (operators and edges) to a job graph (chains) and an execution graph.
//!
//! Both doors, SQL plans and the DataStream API, make a [`StreamGraph`]; chaining is decided here and
//! nowhere else.

pub mod chaining;
pub mod job_graph;
pub mod stream_graph;
pub mod translate;

pub use chaining::ChainedOperator;
pub use job_graph::{JobChannel, JobEdge, JobGraph, JobVertex};
pub use stream_graph::{
    KeySelector, NodeKind, Partitioner, RuntimeMode, StreamEdge, StreamGraph, StreamNode,
};
