//! The job graph: operators chained into vertices, each of which runs as one task per subtask.

use std::fmt;

use super::chaining::{ChainedOperator, Chains, task_name};
use super::stream_graph::{KeySelector, NodeKind, Partitioner, RuntimeMode};
use super::stream_graph::{StreamEdge, StreamGraph, StreamNode};
use crate::base::{ChannelId, Error, OperatorId, Result, VertexId};
use crate::trace::event::{EdgeShape, GraphShape, OperatorShape, PartitionerShape, VertexShape};

/// A job as the JobManager takes it.
#[derive(Clone)]
pub struct JobGraph {
    /// The job's name.
    pub name: String,
    /// Streaming or batch.
    pub mode: RuntimeMode,
    /// Vertices in plan order; a vertex's id is its position.
    pub vertices: Vec<JobVertex>,
    /// Edges in plan order: by sender, then as the stream graph has them.
    pub edges: Vec<JobEdge>,
    /// The number of key groups.
    pub max_parallelism: u16,
}

/// A chain of operators that runs as one task in each of its subtasks.
#[derive(Clone)]
pub struct JobVertex {
    /// Its id; equals its position.
    pub id: VertexId,
    /// Flink's name of the task: `Source: people_job[1] -> Calc[2]`.
    pub name: String,
    /// How many subtasks.
    pub parallelism: u32,
    /// The operators, each in front of those that are chained to it; at least one. Only the head, the
    /// first, can be a source.
    pub chain: Vec<ChainedOperator>,
    /// How many inputs the head has; 0 for a source.
    pub input_count: usize,
}

/// An exchange between two vertices.
#[derive(Clone, Debug)]
pub struct JobEdge {
    /// The sender.
    pub from: VertexId,
    /// The operator of its chain that sends.
    pub operator: OperatorId,
    /// The receiver; the head of its chain receives.
    pub to: VertexId,
    /// Which input of the receiver's head, from 0.
    pub input: usize,
    /// How rows find their receiver.
    pub partitioner: Partitioner,
    /// Its channels, by sender and then receiver.
    pub channels: Vec<JobChannel>,
}

/// One channel of an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobChannel {
    /// Its id in the job.
    pub id: ChannelId,
    /// Index of the sending subtask.
    pub sender: u32,
    /// Index of the receiving subtask.
    pub receiver: u32,
}

impl JobGraph {
    /// Chains a stream graph.
    ///
    /// Errors: `forward-parallelism` if a forward edge joins different parallelisms.
    pub fn from_stream_graph(graph: StreamGraph) -> Result<Self> {
        for edge in &graph.edges {
            check_forward(&graph, edge)?;
        }
        let chains = Chains::of(&graph);
        let mut next_channel = 0;
        let mut edges: Vec<JobEdge> = Vec::new();
        for (edge, _) in graph.edges.iter().zip(&chains.chained).filter(|(_, chained)| !**chained) {
            let channels = channels(&graph, edge, &mut next_channel);
            edges.push(JobEdge {
                from: chains.vertex_of[edge.from.0 as usize],
                operator: edge.from,
                to: chains.vertex_of[edge.to.0 as usize],
                input: edge.input,
                partitioner: edge.partitioner.clone(),
                channels,
            });
        }
        let chains = (0..).map(VertexId).zip(chains.operators);
        let vertices = chains.map(|(id, chain)| JobVertex::new(id, chain, &edges)).collect();
        let (name, mode, max_parallelism) = (graph.name, graph.mode, graph.max_parallelism);
        Ok(Self { name, mode, vertices, edges, max_parallelism })
    }

    /// A vertex by its id.
    pub fn vertex(&self, id: VertexId) -> &JobVertex {
        &self.vertices[id.0 as usize]
    }

    /// The edges into a vertex, in plan order.
    pub fn inputs(&self, id: VertexId) -> impl Iterator<Item = &JobEdge> {
        self.edges.iter().filter(move |e| e.to == id)
    }

    /// The edges out of a vertex, in plan order.
    pub fn outputs(&self, id: VertexId) -> impl Iterator<Item = &JobEdge> {
        self.edges.iter().filter(move |e| e.from == id)
    }

    /// The operator that sends over an edge.
    pub fn sender(&self, edge: &JobEdge) -> Option<&StreamNode> {
        let mut nodes = self.vertex(edge.from).chain.iter().map(|operator| &operator.node);
        nodes.find(|node| node.id == edge.operator)
    }

    /// The slots that the job needs when all vertices share slots: its highest parallelism.
    pub fn slots_needed(&self) -> u32 {
        self.vertices.iter().map(|v| v.parallelism).max().unwrap_or(0)
    }

    /// The picture of the graph, for the trace. `capacity`: elements that one channel holds.
    pub fn shape(&self, capacity: u32) -> GraphShape {
        GraphShape {
            vertices: self.vertices.iter().map(JobVertex::shape).collect(),
            edges: self.edges.iter().map(|e| self.edge_shape(e, capacity)).collect(),
            key_groups: self.max_parallelism,
        }
    }

    fn edge_shape(&self, edge: &JobEdge, capacity: u32) -> EdgeShape {
        EdgeShape {
            from: edge.from.0 as usize,
            to: edge.to.0 as usize,
            input: edge.input,
            partitioner: self.partitioner_shape(edge),
            capacity,
            channels: edge.channels.iter().map(|c| (c.id, c.sender, c.receiver)).collect(),
        }
    }

    fn partitioner_shape(&self, edge: &JobEdge) -> PartitionerShape {
        match &edge.partitioner {
            Partitioner::Forward => PartitionerShape::Forward,
            Partitioner::Hash(KeySelector::Function(name, _)) => {
                PartitionerShape::Hash(name.clone())
            }
            Partitioner::Hash(KeySelector::Columns(columns)) => {
                let sender = self.sender(edge).map_or(&[][..], |node| node.output.fields());
                let names = columns.iter().filter_map(|c| sender.get(*c)).map(|f| f.name.as_str());
                PartitionerShape::Hash(names.collect::<Vec<_>>().join(", "))
            }
            Partitioner::Rebalance => PartitionerShape::Rebalance,
            Partitioner::Broadcast => PartitionerShape::Broadcast,
            Partitioner::Global => PartitionerShape::Global,
        }
    }
}

impl JobVertex {
    fn new(id: VertexId, chain: Vec<ChainedOperator>, edges: &[JobEdge]) -> Self {
        let inputs = edges.iter().filter(|edge| edge.to == id).map(|edge| edge.input + 1);
        Self {
            id,
            name: task_name(&chain),
            parallelism: chain.first().map_or(1, |head| head.node.parallelism),
            input_count: inputs.max().unwrap_or(0),
            chain,
        }
    }

    /// Whether the head makes rows itself.
    pub fn is_source(&self) -> bool {
        matches!(self.chain.first().map(|head| &head.node.body), Some(NodeKind::Source(_)))
    }

    fn shape(&self) -> VertexShape {
        VertexShape {
            name: self.name.clone(),
            parallelism: self.parallelism,
            operators: self.chain.iter().map(operator_shape).collect(),
        }
    }
}

fn operator_shape(operator: &ChainedOperator) -> OperatorShape {
    let node = &operator.node;
    OperatorShape {
        id: node.id,
        after: operator.after,
        kind: node.kind.clone(),
        name: node.name.clone(),
        columns: node.output.fields().iter().map(|f| f.name.clone()).collect(),
        key_columns: node.key_columns.clone(),
        keyed_state: node.keyed_state,
    }
}

fn check_forward(graph: &StreamGraph, edge: &StreamEdge) -> Result<()> {
    let (from, to) = ends(graph, edge);
    if matches!(edge.partitioner, Partitioner::Forward) && from.parallelism != to.parallelism {
        return Err(Error::new("forward-parallelism")
            .arg("from", &from.name)
            .arg("from-parallelism", from.parallelism)
            .arg("to", &to.name)
            .arg("to-parallelism", to.parallelism));
    }
    Ok(())
}

fn ends<'a>(graph: &'a StreamGraph, edge: &StreamEdge) -> (&'a StreamNode, &'a StreamNode) {
    (&graph.nodes[edge.from.0 as usize], &graph.nodes[edge.to.0 as usize])
}

fn channels(graph: &StreamGraph, edge: &StreamEdge, next: &mut u32) -> Vec<JobChannel> {
    let (from, to) = ends(graph, edge);
    let forward = matches!(edge.partitioner, Partitioner::Forward);
    let pairs = (0..from.parallelism).flat_map(|s| (0..to.parallelism).map(move |r| (s, r)));
    pairs
        .filter(|(s, r)| !forward || s == r)
        .map(|(sender, receiver)| {
            let id = ChannelId(*next);
            *next += 1;
            JobChannel { id, sender, receiver }
        })
        .collect()
}

/// The stable text form: vertices, then edges with their channels.
impl fmt::Display for JobGraph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}, {} key groups", self.name, self.mode, self.max_parallelism)?;
        for vertex in &self.vertices {
            writeln!(f, "v{} {} x{}", vertex.id, vertex.name, vertex.parallelism)?;
        }
        for edge in &self.edges {
            write!(f, "v{} -> v{}", edge.from, edge.to)?;
            if self.vertex(edge.to).input_count > 1 {
                write!(f, " input {}", edge.input)?;
            }
            writeln!(f, " {}", text(&self.partitioner_shape(edge)))?;
            for channel in &edge.channels {
                let JobChannel { id, sender, receiver } = channel;
                writeln!(f, "  c{id} {sender}->{receiver}")?;
            }
        }
        Ok(())
    }
}

fn text(partitioner: &PartitionerShape) -> String {
    match partitioner {
        PartitionerShape::Forward => "FORWARD".to_owned(),
        PartitionerShape::Hash(key) => format!("HASH({key})"),
        PartitionerShape::Rebalance => "REBALANCE".to_owned(),
        PartitionerShape::Broadcast => "BROADCAST".to_owned(),
        PartitionerShape::Global => "GLOBAL".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::base::OperatorId;
    use crate::connectors::{SourceFactory, SourceReader};
    use crate::data::{DataType, Field, LogicalType, Schema};

    struct NoSource(Schema);

    impl SourceFactory for NoSource {
        fn create(&self, _: u32, _: u32, _: u64) -> Result<Box<dyn SourceReader>> {
            Err(Error::new("not-run"))
        }
        fn output(&self) -> &Schema {
            &self.0
        }
        fn bounded(&self) -> bool {
            true
        }
    }

    fn output() -> Schema {
        Schema::new(vec![Field::new("k", DataType::nullable(LogicalType::Int))])
    }

    /// Nodes as `kind name parallelism`, edges as `from to partitioner`.
    fn graph(nodes: &[(&str, &str, u32)], edges: &[(u32, u32, Partitioner)]) -> StreamGraph {
        let node = |(id, (kind, name, parallelism)): (usize, &(&str, &str, u32))| StreamNode {
            id: OperatorId(id as u32),
            kind: (*kind).to_owned(),
            name: (*name).to_owned(),
            parallelism: *parallelism,
            body: NodeKind::Source(Arc::new(NoSource(output()))),
            output: output(),
            key_columns: Vec::new(),
            keyed_state: false,
        };
        let edge = |(from, to, partitioner): &(u32, u32, Partitioner)| StreamEdge {
            from: OperatorId(*from),
            to: OperatorId(*to),
            input: 0,
            partitioner: partitioner.clone(),
        };
        StreamGraph {
            name: "job".to_owned(),
            mode: RuntimeMode::Streaming,
            nodes: nodes.iter().enumerate().map(node).collect(),
            edges: edges.iter().map(edge).collect(),
            max_parallelism: 128,
            chaining: true,
        }
    }

    fn by_k() -> Partitioner {
        Partitioner::Hash(KeySelector::Columns(vec![0]))
    }

    #[test]
    fn forward_edges_of_one_parallelism_chain() -> Result<()> {
        let nodes = [
            ("Source", "people[1]", 2),
            ("Calc", "Calc[2]", 2),
            ("GroupAggregate", "GroupAggregate[4]", 2),
            ("Sink", "Collect table sink", 1),
        ];
        let edges = [(0, 1, Partitioner::Forward), (1, 2, by_k()), (2, 3, Partitioner::Global)];
        let job = JobGraph::from_stream_graph(graph(&nodes, &edges))?;
        insta::assert_snapshot!(job, @r"
        job: streaming, 128 key groups
        v0 Source: people[1] -> Calc[2] x2
        v1 GroupAggregate[4] x2
        v2 Sink: Collect table sink x1
        v0 -> v1 HASH(k)
          c0 0->0
          c1 0->1
          c2 1->0
          c3 1->1
        v1 -> v2 GLOBAL
          c4 0->0
          c5 1->0
        ");
        assert_eq!(job.slots_needed(), 2);
        Ok(())
    }

    #[test]
    fn several_inputs_end_a_chain_and_several_outputs_branch_it() -> Result<()> {
        let nodes = [
            ("Source", "a", 1),
            ("Source", "b", 1),
            ("Map", "Map", 1),
            ("Calc", "Calc", 1),
            ("Sink", "x", 1),
            ("Sink", "y", 1),
        ];
        let forward = || Partitioner::Forward;
        let edges = [(0, 2), (1, 2), (1, 3), (1, 5), (3, 4)];
        let edges = edges.map(|(from, to)| (from, to, forward()));
        let job = JobGraph::from_stream_graph(graph(&nodes, &edges))?;
        let names: Vec<&str> = job.vertices.iter().map(|v| v.name.as_str()).collect();
        assert_eq!(names, ["Source: a", "Source: b -> (Calc -> Sink: x, Sink: y)", "Map"]);
        let after: Vec<_> = job.vertices[1].chain.iter().map(|o| (o.node.id.0, o.after)).collect();
        assert_eq!(after, [(1, None), (3, Some(0)), (4, Some(1)), (5, Some(0))]);
        assert_eq!(job.vertices[2].input_count, 1);
        assert_eq!(job.inputs(VertexId(2)).count(), 2);
        assert_eq!(
            job.outputs(VertexId(1)).map(|e| e.operator).collect::<Vec<_>>(),
            [OperatorId(1)]
        );
        Ok(())
    }

    #[test]
    fn chaining_can_be_switched_off() -> Result<()> {
        let nodes = [("Source", "a", 2), ("Map", "Map", 2)];
        let mut graph = graph(&nodes, &[(0, 1, Partitioner::Forward)]);
        graph.chaining = false;
        let job = JobGraph::from_stream_graph(graph)?;
        let channels: Vec<_> =
            job.edges[0].channels.iter().map(|c| (c.sender, c.receiver)).collect();
        assert_eq!(channels, [(0, 0), (1, 1)]);
        Ok(())
    }

    #[test]
    fn forward_between_parallelisms_is_refused() {
        let nodes = [("Source", "a", 1), ("Map", "Map", 2)];
        let refused = JobGraph::from_stream_graph(graph(&nodes, &[(0, 1, Partitioner::Forward)]));
        assert_eq!(refused.err().map(|e| e.code()), Some("forward-parallelism"));
    }
}
