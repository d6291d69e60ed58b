//! Which operators run in one task: chains, decided as Flink decides them.
//!
//! As `StreamingJobGraphGenerator`: an edge is chained if it is forward, joins equal parallelism, and is
//! the only input of its receiver. Where several receivers are chained to one operator, the chain is a
//! tree: `Source: t[1] -> (Calc[2], Calc[3] -> Sink: s[4])`.

use super::stream_graph::{Partitioner, StreamEdge, StreamGraph, StreamNode};
use crate::base::{OperatorId, VertexId};

/// An operator in its chain.
#[derive(Clone)]
pub struct ChainedOperator {
    /// What it is.
    pub node: StreamNode,
    /// The position in the chain of the operator whose output it takes; `None` for the head.
    pub after: Option<usize>,
}

/// The chains of a stream graph.
pub(super) struct Chains {
    /// For each edge, whether it is inside of a chain.
    pub chained: Vec<bool>,
    /// For each node, its vertex.
    pub vertex_of: Vec<VertexId>,
    /// For each vertex its operators, each in front of those that are chained to it.
    pub operators: Vec<Vec<ChainedOperator>>,
}

impl Chains {
    pub(super) fn of(graph: &StreamGraph) -> Self {
        let chained: Vec<bool> = graph.edges.iter().map(|e| is_chainable(graph, e)).collect();
        let mut chains = Self { chained, vertex_of: Vec::new(), operators: Vec::new() };
        chains.number(graph);
        for node in &graph.nodes {
            if chains.before(graph, node.id).is_none() {
                let mut chain = Vec::new();
                chains.collect(graph, node.id, None, &mut chain);
                chains.operators.push(chain);
            }
        }
        chains
    }

    /// The operator to which another is chained.
    fn before(&self, graph: &StreamGraph, id: OperatorId) -> Option<OperatorId> {
        let mut inside = graph.edges.iter().zip(&self.chained).filter(|(_, chained)| **chained);
        inside.find(|(edge, _)| edge.to == id).map(|(edge, _)| edge.from)
    }

    /// A node joins the vertex of its sender if its edge is chained.
    fn number(&mut self, graph: &StreamGraph) {
        let mut next = 0;
        for node in &graph.nodes {
            let joined = self.before(graph, node.id).map(|from| self.vertex_of[from.0 as usize]);
            self.vertex_of.push(joined.unwrap_or(VertexId(next)));
            next += u32::from(joined.is_none());
        }
    }

    fn collect(
        &self,
        graph: &StreamGraph,
        id: OperatorId,
        after: Option<usize>,
        chain: &mut Vec<ChainedOperator>,
    ) {
        let position = chain.len();
        chain.push(ChainedOperator { node: graph.nodes[id.0 as usize].clone(), after });
        for (edge, chained) in graph.edges.iter().zip(&self.chained) {
            if *chained && edge.from == id {
                self.collect(graph, edge.to, Some(position), chain);
            }
        }
    }
}

fn is_chainable(graph: &StreamGraph, edge: &StreamEdge) -> bool {
    let only_input = graph.edges.iter().filter(|e| e.to == edge.to).count() == 1;
    graph.chaining && matches!(edge.partitioner, Partitioner::Forward) && only_input
}

/// Flink's name of the task of a chain: its operators behind each other, branches in parentheses.
pub(super) fn task_name(chain: &[ChainedOperator]) -> String {
    name_from(chain, 0)
}

fn name_from(chain: &[ChainedOperator], position: usize) -> String {
    let Some(operator) = chain.get(position) else { return String::new() };
    let behind: Vec<String> = (position + 1..chain.len())
        .filter(|next| chain[*next].after == Some(position))
        .map(|next| name_from(chain, next))
        .collect();
    let name = own_name(&operator.node);
    match behind.as_slice() {
        [] => name,
        [next] => format!("{name} -> {next}"),
        branches => format!("{name} -> ({})", branches.join(", ")),
    }
}

/// An operator's part of the name: sources and sinks say what they are.
fn own_name(node: &StreamNode) -> String {
    match node.kind.as_str() {
        "Source" | "Sink" => format!("{}: {}", node.kind, node.name),
        _ => node.name.clone(),
    }
}
