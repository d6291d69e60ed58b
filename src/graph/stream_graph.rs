//! The stream graph: operators before chaining, as a plan or a program describes them.

use std::{fmt, sync::Arc};

use crate::base::OperatorId;
pub use crate::base::RuntimeMode;
use crate::connectors::{SinkFactory, SourceFactory};
use crate::data::{Row, Schema, Value};
use crate::operators::OperatorFactory;

/// A job before chaining.
#[derive(Clone)]
pub struct StreamGraph {
    /// The job's name.
    pub name: String,
    /// Streaming or batch.
    pub mode: RuntimeMode,
    /// Operators in plan order: every edge goes from a lower to a higher position.
    pub nodes: Vec<StreamNode>,
    /// Edges in plan order.
    pub edges: Vec<StreamEdge>,
    /// `pipeline.max-parallelism`: the number of key groups, 128 by default.
    pub max_parallelism: u16,
    /// `pipeline.operator-chaining`.
    pub chaining: bool,
}

impl StreamGraph {
    /// Whether it ends by itself: all its sources do.
    pub fn bounded(&self) -> bool {
        self.nodes.iter().all(|node| match &node.body {
            NodeKind::Source(source) => source.bounded(),
            NodeKind::Operator(_) | NodeKind::Sink(_) => true,
        })
    }
}

/// One operator.
#[derive(Clone)]
pub struct StreamNode {
    /// Its id; equals its position.
    pub id: OperatorId,
    /// Flink's kind of it, for people: `Source`, `Map`, `Calc`, `GroupAggregate`, `Sink`..
    pub kind: String,
    /// What it is called: a table, a function, a description.
    pub name: String,
    /// How many subtasks.
    pub parallelism: u32,
    /// What runs.
    pub body: NodeKind,
    /// Its output columns (empty for a sink).
    pub output: Schema,
    /// The output columns that carry the key of its records, if they have one (the stage colours
    /// records by it).
    pub key_columns: Vec<usize>,
    /// Whether it keeps keyed state.
    pub keyed_state: bool,
}

/// What runs in a node.
#[derive(Clone)]
pub enum NodeKind {
    /// Makes rows.
    Source(Arc<dyn SourceFactory>),
    /// Turns rows into rows; hands a query's result to the collector as well.
    Operator(Arc<dyn OperatorFactory>),
    /// Takes rows away.
    Sink(Arc<dyn SinkFactory>),
}

/// An edge between operators.
#[derive(Clone, Debug)]
pub struct StreamEdge {
    /// The sender.
    pub from: OperatorId,
    /// The receiver.
    pub to: OperatorId,
    /// Which input of the receiver, from 0.
    pub input: usize,
    /// How rows find their receiver.
    pub partitioner: Partitioner,
}

/// How rows find their receiver.
#[derive(Clone, Debug)]
pub enum Partitioner {
    /// To the subtask of the same index; the only one that can be chained.
    Forward,
    /// To the owner of the key's group.
    Hash(KeySelector),
    /// In turn.
    Rebalance,
    /// To all.
    Broadcast,
    /// To the first subtask.
    Global,
}

/// How the key of a row is found and hashed.
#[derive(Clone)]
pub enum KeySelector {
    /// SQL: these columns, hashed as Flink's binary key row. No columns: one key for all.
    Columns(Vec<usize>),
    /// DataStream: a function of the row, hashed with Java's `hashCode`. The text names it.
    Function(String, Arc<dyn Fn(&Row) -> Value + Send + Sync>),
}

impl fmt::Debug for KeySelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Columns(columns) => write!(f, "Columns({columns:?})"),
            Self::Function(name, _) => write!(f, "Function({name})"),
        }
    }
}
