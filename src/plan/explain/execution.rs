//! The optimized execution plan as text: its trees, with parts that several read written once.
//!
//! | File | What it does |
//! |---|---|
//! | `graph` | the operators, each once |
//! | `priority` | which inputs are read first, and exchanges where that cannot be |
//! | `multiple_input` | operators that run as one |
//! | `forward` | exchanges through which rows just go on |
//!
//! Source: `ExecNodePlanDumper` of Flink 1.18. Of one tree, a shared part stands where it is first read; of
//! several, it stands before the tree that reads it first.

mod forward;
mod graph;
mod multiple_input;
mod priority;

use std::collections::{BTreeMap, BTreeSet};

use super::tree::Lines;
use super::{Writing, written};
use crate::base::RuntimeMode;
use crate::plan::PhysicalPlan;
use graph::{Dam, ExecGraph, What};

/// The trees of a plan, and the parts that they share.
pub(super) fn trees(plan: &PhysicalPlan) -> Vec<String> {
    let mut graph = ExecGraph::new(&plan.execution);
    if plan.mode == RuntimeMode::Batch {
        priority::resolve(&mut graph, Dam::EndInput, true);
        if plan.multiple_input {
            priority::resolve(&mut graph, Dam::Blocking, false);
            multiple_input::apply(&mut graph);
        }
        forward::apply(&mut graph);
    }
    let how = Writing::execution(plan.mode);
    match graph.roots.as_slice() {
        [root] => vec![Dump::new(&graph, how, &[*root], &[]).tree(*root)],
        roots => {
            let mut dump = Dump::new(&graph, how, roots, &[]);
            roots.iter().flat_map(|root| dump.with_shared(*root)).collect()
        }
    }
}

/// Writes operators down to some borders.
struct Dump<'a> {
    graph: &'a ExecGraph<'a>,
    how: Writing,
    borders: &'a [usize],
    /// What is read more than once, numbered as that shows.
    reuse_ids: BTreeMap<usize, usize>,
    /// What stands somewhere already.
    written: BTreeSet<usize>,
}

impl<'a> Dump<'a> {
    fn new(graph: &'a ExecGraph<'a>, how: Writing, roots: &[usize], borders: &'a [usize]) -> Self {
        let (mut reuse_ids, mut seen) = (BTreeMap::new(), BTreeSet::new());
        let mut pending: Vec<usize> = roots.iter().rev().copied().collect();
        while let Some(number) = pending.pop() {
            if borders.contains(&number) {
                continue;
            }
            if seen.insert(number) {
                pending.extend(graph.nodes[number].inputs.iter().rev());
            } else {
                let next = reuse_ids.len() + 1;
                reuse_ids.entry(number).or_insert(next);
            }
        }
        Self { graph, how, borders, reuse_ids, written: BTreeSet::new() }
    }

    /// The tree of a sink, and before it the parts that it is the first to read.
    fn with_shared(&mut self, root: usize) -> Vec<String> {
        let all = self.graph.inputs_first(&[root], &BTreeSet::new());
        let shared = all.into_iter().filter(|n| *n == root || self.reuse_ids.contains_key(n));
        let new: Vec<usize> = shared.filter(|n| !self.written.contains(n)).collect();
        new.into_iter().map(|number| self.tree(number)).collect()
    }

    fn tree(&mut self, root: usize) -> String {
        let mut lines = Lines::default();
        lines.add(root, |number| self.line(*number));
        lines.text
    }

    /// The line of an operator, and what stands below it.
    fn line(&mut self, number: usize) -> (String, Vec<usize>) {
        if let Some(border) = self.borders.iter().position(|border| *border == number) {
            return (format!("[#{}] {}", border + 1, self.text(number)), Vec::new());
        }
        let inputs = self.graph.nodes[number].inputs.clone();
        let Some(reuse_id) = self.reuse_ids.get(&number) else {
            return (self.text(number), inputs);
        };
        match self.written.insert(number) {
            true => (format!("{}(reuse_id=[{reuse_id}])", self.text(number)), inputs),
            false => (format!("Reused(reference_id=[{reuse_id}])"), Vec::new()),
        }
    }

    fn text(&self, number: usize) -> String {
        let node = &self.graph.nodes[number];
        match &node.what {
            What::Operator(part) => written(part.node, self.how),
            What::Exchange { distribution, batch } => {
                let mode = if *batch { ", shuffle_mode=[BATCH]" } else { "" };
                format!("Exchange(distribution=[{distribution}]{mode})")
            }
            What::MultipleInput { root, order, .. } => {
                let members = Dump::new(self.graph, self.how, &[*root], &node.inputs).tree(*root);
                let order = match order.iter().any(|place| place != &order[0]) {
                    true => {
                        let places: Vec<String> = order.iter().map(usize::to_string).collect();
                        format!("readOrder=[{}], ", places.join(","))
                    }
                    false => String::new(),
                };
                format!("MultipleInput({order}members=[\\n{}])", members.replace('\n', "\\n"))
            }
        }
    }
}
