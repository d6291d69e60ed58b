//! The operators of an execution plan as a graph: what several read is there once.

use std::collections::BTreeSet;

use crate::plan::explain::columns;
use crate::plan::explain::tree::Part;
use crate::plan::join::{Join, JoinWay};
use crate::plan::phases::Global;
use crate::plan::physical::{Distribution, LimitOf};
use crate::plan::{ExecutionPlan, PhysicalKind, PhysicalNode};
use crate::sql::bound::JoinKind;

/// A graph of operators, by their numbers.
pub(super) struct ExecGraph<'a> {
    pub nodes: Vec<ExecNode<'a>>,
    pub roots: Vec<usize>,
}

/// An operator, and the numbers of what it reads.
pub(super) struct ExecNode<'a> {
    pub what: What<'a>,
    pub inputs: Vec<usize>,
}

/// What an operator of an execution plan is.
pub(super) enum What<'a> {
    /// One of the plan.
    Operator(Part<'a>),
    /// An exchange that only the execution plan has.
    Exchange {
        /// Where it sends rows, as Flink writes it.
        distribution: String,
        /// Whether it waits for all rows before it passes one on.
        batch: bool,
    },
    /// Several operators that run as one.
    MultipleInput {
        /// The one that gives the rows.
        root: usize,
        /// Whose input of which number each of its inputs is.
        edges: Vec<(usize, usize)>,
        /// In which order its inputs are read; those of the same number together.
        order: Vec<usize>,
    },
}

/// What holds rows back on their way into an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Dam {
    /// Nothing: they go on as they come.
    Pipelined,
    /// The operator, to the end of the input.
    EndInput,
    /// The operator, and nothing goes out before the end of the input.
    Blocking,
}

impl<'a> ExecGraph<'a> {
    /// The graph of a plan.
    pub fn new(plan: &'a ExecutionPlan) -> Self {
        let mut graph = Self { nodes: Vec::new(), roots: Vec::new() };
        let mut places = Vec::with_capacity(plan.shared.len());
        for part in &plan.shared {
            let place = graph.add(Part::whole(&part.root), &places);
            places.push(place);
        }
        for root in &plan.roots {
            let root = graph.add(Part::of_root(root), &places);
            graph.roots.push(root);
        }
        graph
    }

    /// Adds a tree; `places` are the numbers of shared parts.
    fn add(&mut self, root: Part<'a>, places: &[usize]) -> usize {
        let mut pending = vec![(root, None)];
        let mut first = None;
        while let Some((part, reader)) = pending.pop() {
            let number = match part.node.kind {
                PhysicalKind::Reused(place) => places.get(place).copied().unwrap_or_default(),
                _ => {
                    let number = self.nodes.len();
                    let inputs = part.below();
                    let node =
                        ExecNode { what: What::Operator(part), inputs: vec![0; inputs.len()] };
                    self.nodes.push(node);
                    let below = |(input, part)| (part, Some((number, input)));
                    pending.extend(inputs.into_iter().enumerate().map(below));
                    number
                }
            };
            match reader {
                Some((reader, input)) => self.nodes[reader].inputs[input] = number,
                None => first = Some(number),
            }
        }
        first.unwrap_or_default()
    }

    /// Puts an operator into the graph.
    pub fn push(&mut self, what: What<'a>, inputs: Vec<usize>) -> usize {
        self.nodes.push(ExecNode { what, inputs });
        self.nodes.len() - 1
    }

    /// The operator of the plan, if it is one.
    pub fn operator(&self, number: usize) -> Option<&'a PhysicalNode> {
        match self.nodes[number].what {
            What::Operator(part) => Some(part.node),
            _ => None,
        }
    }

    pub fn is_exchange(&self, number: usize) -> bool {
        match &self.nodes[number].what {
            What::Operator(part) => matches!(part.node.kind, PhysicalKind::Exchange(_)),
            What::Exchange { .. } => true,
            What::MultipleInput { .. } => false,
        }
    }

    /// All operators that these read and themselves, inputs first, each once; `borders` are not looked
    /// behind.
    pub fn inputs_first(&self, roots: &[usize], borders: &BTreeSet<usize>) -> Vec<usize> {
        let (mut seen, mut done) = (BTreeSet::new(), Vec::new());
        let mut pending: Vec<(usize, bool)> = roots.iter().rev().map(|r| (*r, false)).collect();
        while let Some((number, are_read)) = pending.pop() {
            if are_read {
                done.push(number);
            } else if seen.insert(number) {
                pending.push((number, true));
                if !borders.contains(&number) {
                    let inputs = &self.nodes[number].inputs;
                    pending.extend(inputs.iter().rev().map(|input| (*input, false)));
                }
            }
        }
        done
    }

    /// What holds back the rows of an input.
    pub fn dam(&self, number: usize, input: usize) -> Dam {
        match &self.nodes[number].what {
            What::Operator(part) => dam(part.node, input),
            What::Exchange { batch: true, .. } => Dam::Blocking,
            What::Exchange { batch: false, .. } => Dam::Pipelined,
            What::MultipleInput { edges, .. } => {
                edges.get(input).map_or(Dam::Pipelined, |(of, input)| self.dam(*of, *input))
            }
        }
    }

    /// In which place an input is read.
    pub fn priority(&self, number: usize, input: usize) -> usize {
        match self.operator(number).map(|node| &node.kind) {
            Some(PhysicalKind::Join(join)) if join.bounded => match kept(join) {
                Some(kept) => usize::from(input != kept),
                None => 0,
            },
            _ => 0,
        }
    }

    /// Where an operator wants the rows of an input to be, as Flink writes it.
    pub fn wanted(&self, number: usize, input: usize) -> String {
        if let What::Exchange { distribution, .. } = &self.nodes[number].what {
            return distribution.clone();
        }
        let Some(node) = self.operator(number) else { return ANY.to_owned() };
        let by = match &node.kind {
            PhysicalKind::Exchange(distribution) => match distribution {
                Distribution::Hash(keys) => Some(keys.as_slice()),
                Distribution::Single => return "single".to_owned(),
                Distribution::Broadcast => return "broadcast".to_owned(),
            },
            _ => by_key(node, input),
        };
        match (by, node.inputs.get(input)) {
            (Some(keys), Some(read)) if !keys.is_empty() => hash(keys, read),
            _ => ANY.to_owned(),
        }
    }
}

const ANY: &str = "any";

/// `hash[a, b]`.
pub(super) fn hash(keys: &[usize], of: &PhysicalNode) -> String {
    format!("hash[{}]", columns(keys, &of.schema))
}

/// The columns by which an operator wants the rows of an input to be sent.
pub(super) fn by_key(node: &PhysicalNode, input: usize) -> Option<&[usize]> {
    match &node.kind {
        PhysicalKind::HashAggregate(grouping)
        | PhysicalKind::SortAggregate(grouping)
        | PhysicalKind::GroupWindowAggregate { grouping, .. }
        | PhysicalKind::GlobalBatchAggregate { global: Global { grouping, .. }, .. } => {
            Some(&grouping.keys)
        }
        PhysicalKind::OverAggregate { windows, bounded: true, .. } => {
            windows.first().map(|window| window.partition.as_slice())
        }
        PhysicalKind::Rank(rank) if rank.of == LimitOf::Subtasks => Some(&rank.partition),
        PhysicalKind::Join(join) if join.bounded && join.way.is_by_key() => {
            join.keys.get(input).map(Vec::as_slice)
        }
        _ => None,
    }
}

/// The input of a join that is kept whole before the other is read.
fn kept(join: &Join) -> Option<usize> {
    (join.way != JoinWay::SortMerge).then(|| usize::from(!join.known.left_is_built))
}

fn dam(node: &PhysicalNode, input: usize) -> Dam {
    match &node.kind {
        // All exchanges of a batch block, as `execution.batch-shuffle-mode` says.
        PhysicalKind::Exchange(_) => Dam::Blocking,
        PhysicalKind::Sort(_)
        | PhysicalKind::SortLimit { .. }
        | PhysicalKind::HashAggregate(_)
        | PhysicalKind::LocalBatchAggregate { sorted: false, .. }
        | PhysicalKind::GlobalBatchAggregate { sorted: false, .. } => Dam::EndInput,
        PhysicalKind::Join(join) if join.bounded => match kept(join) {
            None => Dam::EndInput,
            Some(kept) if kept == input => Dam::Blocking,
            Some(_) if keeps_pairs(join) => Dam::EndInput,
            Some(_) => Dam::Pipelined,
        },
        _ => Dam::Pipelined,
    }
}

/// Whether the rows that go out are among those that are kept.
fn keeps_pairs(join: &Join) -> bool {
    join.known.left_is_built && matches!(join.kind, JoinKind::Semi | JoinKind::Anti)
}
