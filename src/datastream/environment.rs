//! The graph of a program under construction.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::record::Record;
use super::stream::DataStream;
use crate::base::OperatorId;
use crate::connectors::SourceFactory;
use crate::connectors::collection::Collection;
use crate::connectors::socket::{Endpoint, SocketSource};
use crate::data::key::DEFAULT_KEY_GROUPS;
use crate::data::{Row, Schema};
use crate::graph::{
    KeySelector, NodeKind, Partitioner, RuntimeMode, StreamEdge, StreamGraph, StreamNode,
};

/// Where a program begins: makes streams and, with `execute`, the graph of all that was built.
#[derive(Clone)]
pub struct StreamExecutionEnvironment(Rc<RefCell<Building>>);

struct Building {
    parallelism: u32,
    nodes: Vec<StreamNode>,
    links: Vec<Link>,
}

/// An edge whose partitioner waits for the parallelism of both ends.
struct Link {
    from: usize,
    to: usize,
    key: Option<KeySelector>,
}

impl Default for StreamExecutionEnvironment {
    fn default() -> Self {
        Self::new()
    }
}

impl StreamExecutionEnvironment {
    /// A program without operators, of parallelism 1.
    pub fn new() -> Self {
        let building = Building { parallelism: 1, nodes: Vec::new(), links: Vec::new() };
        Self(Rc::new(RefCell::new(building)))
    }

    /// The parallelism of operators that do not say their own. At least 1.
    pub fn set_parallelism(&self, parallelism: u32) {
        self.0.borrow_mut().parallelism = parallelism.max(1);
    }

    /// A stream of these values, in their order.
    pub fn from_collection<T: Record>(&self, values: Vec<T>) -> DataStream<T> {
        let rows = values.into_iter().map(|v| Row::insert(v.into_fields())).collect();
        self.from_source("Collection Source", Arc::new(Collection::new(T::schema(&[]), rows)))
    }

    /// The lines that come over a socket, until the other side closes it.
    pub fn socket_text_stream(&self, endpoint: Endpoint) -> DataStream<String> {
        self.from_source("Socket Stream", Arc::new(SocketSource::lines(endpoint)))
    }

    /// The stream of a source; its columns must be those of `T`.
    pub fn from_source<T: Record>(
        &self,
        name: &str,
        source: Arc<dyn SourceFactory>,
    ) -> DataStream<T> {
        let (output, most) = (source.output().clone(), source.max_parallelism());
        let node = self.add("Source", name, NodeKind::Source(source), output);
        if let Some(most) = most {
            self.edit(node, |n| n.parallelism = n.parallelism.min(most));
        }
        DataStream::new(self.clone(), node)
    }

    /// What was built, as a job of this name.
    pub fn execute(&self, name: &str) -> StreamGraph {
        let building = self.0.borrow();
        let edges = building.links.iter().map(|link| building.edge(link)).collect();
        StreamGraph {
            name: name.into(),
            mode: RuntimeMode::Streaming,
            nodes: building.nodes.clone(),
            edges,
            max_parallelism: DEFAULT_KEY_GROUPS,
            chaining: true,
        }
    }

    pub(super) fn add(&self, kind: &str, name: &str, body: NodeKind, output: Schema) -> usize {
        let mut building = self.0.borrow_mut();
        let position = building.nodes.len();
        let node = StreamNode {
            id: OperatorId(position as u32),
            kind: kind.into(),
            name: name.into(),
            parallelism: building.parallelism,
            body,
            output,
            key_columns: Vec::new(),
            keyed_state: false,
        };
        building.nodes.push(node);
        position
    }

    pub(super) fn link(&self, from: usize, to: usize, key: Option<KeySelector>) {
        self.0.borrow_mut().links.push(Link { from, to, key });
    }

    pub(super) fn edit(&self, node: usize, change: impl FnOnce(&mut StreamNode)) {
        if let Some(node) = self.0.borrow_mut().nodes.get_mut(node) {
            change(node);
        }
    }

    pub(super) fn columns(&self, node: usize) -> Schema {
        let columns = self.0.borrow().nodes.get(node).map(|n| n.output.clone());
        columns.unwrap_or_else(|| Schema::new(Vec::new()))
    }
}

impl Building {
    fn edge(&self, link: &Link) -> StreamEdge {
        let (from, to) = (&self.nodes[link.from], &self.nodes[link.to]);
        let partitioner = match &link.key {
            Some(key) => Partitioner::Hash(key.clone()),
            None if from.parallelism == to.parallelism => Partitioner::Forward,
            None => Partitioner::Rebalance,
        };
        StreamEdge { from: from.id, to: to.id, input: 0, partitioner }
    }
}
