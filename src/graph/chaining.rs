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
        let vertex_of = vec![VertexId(0); graph.nodes.len()];
        let mut chains = Self { chained, vertex_of, operators: Vec::new() };
        let heads = graph.nodes.iter().filter(|node| !chains.is_inside(graph, node.id));
        let heads: Vec<OperatorId> = heads.map(|node| node.id).collect();
        for (vertex, head) in (0..).map(VertexId).zip(heads) {
            let mut chain = Vec::new();
            chains.collect(graph, vertex, head, None, &mut chain);
            chains.operators.push(chain);
        }
        chains
    }

    /// Whether an operator is chained to another.
    fn is_inside(&self, graph: &StreamGraph, id: OperatorId) -> bool {
        graph.edges.iter().zip(&self.chained).any(|(edge, chained)| *chained && edge.to == id)
    }

    /// Takes an operator and all that are chained to it into the chain of a vertex.
    fn collect(
        &mut self,
        graph: &StreamGraph,
        vertex: VertexId,
        id: OperatorId,
        after: Option<usize>,
        chain: &mut Vec<ChainedOperator>,
    ) {
        let position = chain.len();
        self.vertex_of[id.0 as usize] = vertex;
        chain.push(ChainedOperator { node: graph.nodes[id.0 as usize].clone(), after });
        for (index, edge) in graph.edges.iter().enumerate() {
            if self.chained[index] && edge.from == id {
                self.collect(graph, vertex, edge.to, Some(position), chain);
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
