//! From a physical plan to a stream graph: operators with their parallelism, exchanges as edges.
//!
//! As Flink's exec nodes: a source runs as often as it can, a keyed operator at the default
//! parallelism, what needs all rows at 1, everything else as often as its input; a query's result is
//! collected at 1. Nodes are numbered in the order of translation, exchanges and unions too, and the
//! number stands in the name: `Calc[2]`.

mod explain;
mod join;
mod key_columns;
mod lookup;
mod node;
mod over;
mod pattern;
mod phases;
mod sink;
#[cfg(test)]
mod tests;
mod window;

use std::collections::BTreeMap;

use crate::base::{Error, LabTime, OperatorId, Result, RuntimeMode};
use crate::expr::Zone;
use crate::plan::explain::describe;
use crate::plan::{PhysicalKind, PhysicalNode, PhysicalPlan, SharedPart, what_runs};

use super::stream_graph::{KeySelector, Partitioner, StreamEdge, StreamGraph, StreamNode};
use explain::Described;
pub use explain::execution_plan;
use key_columns::Lineage;

/// The settings of a job.
#[derive(Clone, Debug)]
pub struct JobOptions {
    /// `pipeline.name`, or what the statement does.
    pub name: String,
    /// `parallelism.default`.
    pub parallelism: u32,
    /// `pipeline.max-parallelism`: the number of key groups.
    pub max_parallelism: u16,
    /// `pipeline.operator-chaining`.
    pub chaining: bool,
    /// `pipeline.auto-watermark-interval`, in milliseconds.
    pub auto_watermark_interval_millis: i64,
    /// `table.exec.state.ttl`, in milliseconds; 0 keeps state for ever.
    pub state_ttl_millis: i64,
    /// With `table.exec.mini-batch.enabled`: how many rows a bundle holds.
    pub mini_batch: Option<usize>,
    /// `table.local-time-zone`.
    pub zone: Zone,
    /// `table.exec.sink.not-null-enforcer`: whether a row with a NULL too many goes, rather than fail
    /// the job.
    pub drops_null_violations: bool,
    /// The moment of the submission: what constant expressions call now.
    pub now: LabTime,
}

/// Translates a plan.
///
/// # Errors
/// What connectors and functions say of their options and constants; `not-supported-yet`.
pub fn translate(plan: &PhysicalPlan, options: &JobOptions) -> Result<StreamGraph> {
    let execution = what_runs(&plan.execution)?;
    let mut translation = Translation::new(plan.mode, &execution.shared, options);
    for root in &execution.roots {
        translation.add(root)?;
    }
    key_columns::spread(&mut translation.nodes, &translation.edges, &translation.lineages);
    Ok(StreamGraph {
        name: options.name.clone(),
        mode: plan.mode,
        nodes: translation.nodes,
        edges: translation.edges,
        max_parallelism: options.max_parallelism,
        chaining: options.chaining,
    })
}

struct Translation<'a> {
    options: &'a JobOptions,
    /// The parts that several read, and what the reader of each is connected with: a part is added when
    /// its first reader is.
    shared: &'a [SharedPart],
    added: BTreeMap<usize, Vec<Upstream>>,
    mode: RuntimeMode,
    next_number: u32,
    nodes: Vec<StreamNode>,
    /// For each node, where its columns come from.
    lineages: Vec<Lineage>,
    edges: Vec<StreamEdge>,
    /// For each node, what the plan says of it; nothing of the result store.
    described: Vec<Option<Described>>,
    /// Whether it is made to be shown: as the plan says, with exchanges that nothing needs.
    shown: bool,
}

/// Where an operator's rows come from, and how.
#[derive(Clone)]
struct Upstream {
    id: OperatorId,
    /// Which input of the reader it is.
    input: usize,
    /// Straight on, or in turn if the parallelisms differ, if absent.
    partitioner: Option<Partitioner>,
    /// How often the reader runs if nothing else says so.
    parallelism: u32,
}

impl<'a> Translation<'a> {
    fn new(mode: RuntimeMode, shared: &'a [SharedPart], options: &'a JobOptions) -> Self {
        Self {
            options,
            shared,
            added: BTreeMap::new(),
            mode,
            next_number: 1,
            nodes: Vec::new(),
            lineages: Vec::new(),
            edges: Vec::new(),
            described: Vec::new(),
            shown: false,
        }
    }
}

impl Translation<'_> {
    fn is_streaming(&self) -> bool {
        self.mode == RuntimeMode::Streaming
    }

    /// Adds a tree; what its reader is to be connected with.
    fn add(&mut self, node: &PhysicalNode) -> Result<Vec<Upstream>> {
        if let PhysicalKind::Reused(place) = node.kind {
            return self.reused(place);
        }
        let mut inputs = Vec::new();
        for (input, below) in node.inputs.iter().enumerate() {
            inputs.extend(self.add(below)?.into_iter().map(|u| Upstream { input, ..u }));
        }
        let number = self.next_number;
        self.next_number += 1;
        match &node.kind {
            PhysicalKind::Union => Ok(inputs),
            PhysicalKind::Exchange(distribution) => Ok(self.exchange(distribution, inputs)),
            PhysicalKind::Sink { .. } => self.add_sink(node, number, inputs).map(|()| Vec::new()),
            _ => self.add_operator(node, number, inputs),
        }
    }

    fn reused(&mut self, place: usize) -> Result<Vec<Upstream>> {
        if let Some(upstreams) = self.added.get(&place) {
            return Ok(upstreams.clone());
        }
        let broken = || Error::new("plan-broken").arg("reason", "a shared part that is not there");
        let upstreams = self.add(&self.shared.get(place).ok_or_else(broken)?.root)?;
        self.added.insert(place, upstreams.clone());
        Ok(upstreams)
    }

    fn describe(&self, node: &PhysicalNode, number: u32) -> Option<Described> {
        let is_operator = self.shown && !matches!(node.kind, PhysicalKind::Collect);
        is_operator.then(|| Described { number, text: describe(node, self.mode) })
    }

    fn exchange(
        &self,
        distribution: &crate::plan::Distribution,
        inputs: Vec<Upstream>,
    ) -> Vec<Upstream> {
        use crate::plan::Distribution;
        let (partitioner, parallelism) = match distribution {
            Distribution::Single => (Partitioner::Global, 1),
            Distribution::Broadcast => (Partitioner::Broadcast, self.options.parallelism),
            Distribution::Hash(keys) => {
                let selector = KeySelector::Columns(keys.clone());
                (Partitioner::Hash(selector), self.options.parallelism)
            }
        };
        let through =
            |u: Upstream| Upstream { partitioner: Some(partitioner.clone()), parallelism, ..u };
        inputs.into_iter().map(through).collect()
    }

    fn add_operator(
        &mut self,
        node: &PhysicalNode,
        number: u32,
        inputs: Vec<Upstream>,
    ) -> Result<Vec<Upstream>> {
        let parallelism = inputs.iter().map(|u| u.parallelism).max();
        let parallelism = parallelism.unwrap_or(self.options.parallelism);
        let made = self.make(node, number, parallelism)?;
        let described = self.describe(node, number);
        Ok(self.add_node(made, described, Lineage::of(&node.kind), inputs))
    }

    /// The number that the next operator gets.
    fn next_id(&self) -> OperatorId {
        OperatorId(self.nodes.len() as u32)
    }

    /// Adds an operator and connects it with its inputs; what its reader is to be connected with.
    fn add_node(
        &mut self,
        made: StreamNode,
        described: Option<Described>,
        lineage: Lineage,
        inputs: Vec<Upstream>,
    ) -> Vec<Upstream> {
        let (id, parallelism) = (made.id, made.parallelism);
        for input in inputs {
            let from = self.nodes[input.id.0 as usize].parallelism;
            let partitioner = input.partitioner.unwrap_or(match from == parallelism {
                true => Partitioner::Forward,
                false => Partitioner::Rebalance,
            });
            // One sender and one receiver of all rows need no exchange.
            let partitioner = match partitioner {
                Partitioner::Global if from == 1 && parallelism == 1 && !self.shown => {
                    Partitioner::Forward
                }
                other => other,
            };
            self.edges.push(StreamEdge { from: input.id, to: id, input: input.input, partitioner });
        }
        self.lineages.push(lineage);
        self.described.push(described);
        self.nodes.push(made);
        vec![Upstream { id, input: 0, partitioner: None, parallelism }]
    }
}
