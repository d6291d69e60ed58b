//! Joins, and what stands between them and exchanges, run as one operator in a batch.
//!
//! Source: `MultipleInputNodeCreationProcessor` of Flink 1.18.

use std::collections::{BTreeSet, VecDeque};

use super::graph::{ExecGraph, What};
use super::priority::order_of;
use crate::connectors::registry::find;
use crate::plan::PhysicalKind;
use crate::plan::physical::Distribution;

/// Puts groups of operators into one each.
pub(super) fn apply(graph: &mut ExecGraph<'_>) {
    let ordered = readers_first(graph);
    let outputs = outputs(graph);
    let mut groups = Groups { of: vec![None; graph.nodes.len()], all: Vec::new() };
    for number in &ordered {
        groups.join(graph, *number, &outputs[*number]);
    }
    for number in ordered.iter().rev() {
        groups.leave(graph, *number);
    }
    for number in &ordered {
        groups.close(graph, *number);
    }
    let mut instead: Vec<usize> = (0..graph.nodes.len()).collect();
    for number in ordered.into_iter().rev() {
        for input in 0..graph.nodes[number].inputs.len() {
            let below = graph.nodes[number].inputs[input];
            graph.nodes[number].inputs[input] = instead[below];
        }
        if let Some(group) = groups.of_root(number) {
            instead[number] = create(graph, group);
        }
    }
    graph.roots.iter_mut().for_each(|root| *root = instead[*root]);
}

/// The operators from the sinks to the sources, each after all that read it.
fn readers_first(graph: &ExecGraph<'_>) -> Vec<usize> {
    let mut unread: Vec<usize> = outputs(graph).iter().map(Vec::len).collect();
    let mut pending: VecDeque<usize> = graph.roots.iter().copied().collect();
    let mut ordered = Vec::with_capacity(graph.nodes.len());
    while let Some(number) = pending.pop_front() {
        ordered.push(number);
        for input in &graph.nodes[number].inputs {
            unread[*input] -= 1;
            pending.extend((unread[*input] == 0).then_some(*input));
        }
    }
    ordered
}

/// By operator: those that read it, as often as they do.
fn outputs(graph: &ExecGraph<'_>) -> Vec<Vec<usize>> {
    let mut outputs = vec![Vec::new(); graph.nodes.len()];
    for number in graph.inputs_first(&graph.roots, &BTreeSet::new()) {
        graph.nodes[number].inputs.iter().for_each(|input| outputs[*input].push(number));
    }
    outputs
}

struct Group {
    root: Option<usize>,
    members: Vec<usize>,
}

struct Groups {
    /// By operator: the group in which it is.
    of: Vec<Option<usize>>,
    all: Vec<Group>,
}

impl Groups {
    /// An operator is in the group of all that read it, else it may begin one.
    fn join(&mut self, graph: &ExecGraph<'_>, number: usize, outputs: &[usize]) {
        let inputs = &graph.nodes[number].inputs;
        if inputs.is_empty() || graph.is_exchange(number) {
            return;
        }
        let group = outputs.first().and_then(|output| self.of[*output]);
        match group.filter(|_| outputs.iter().all(|output| self.of[*output] == group)) {
            Some(group) => {
                self.all[group].members.push(number);
                self.of[number] = Some(group);
            }
            None if inputs.len() > 1 => {
                self.of[number] = Some(self.all.len());
                self.all.push(Group { root: Some(number), members: vec![number] });
            }
            None => {}
        }
    }

    /// What reads nothing of its group leaves it if it gains nothing there.
    fn leave(&mut self, graph: &ExecGraph<'_>, number: usize) {
        let inputs = &graph.nodes[number].inputs;
        if self.of[number].is_none()
            || inputs.iter().any(|input| self.of[*input] == self.of[number])
        {
            return;
        }
        let no_source = || !inputs.iter().any(|input| is_chained(graph, *input));
        let leaves = match inputs.as_slice() {
            _ if is_union(graph, number) => no_source(),
            [only] => !graph.is_exchange(*only) && no_source(),
            _ => false,
        };
        if leaves || inputs.iter().any(|input| gathers(graph, *input)) {
            self.remove(graph, number);
        }
    }

    /// The root of a group leaves it if it has no use for one.
    fn close(&mut self, graph: &ExecGraph<'_>, number: usize) {
        let Some(group) = self.of_root(number) else { return };
        let inputs = &graph.nodes[number].inputs;
        let leaves = match (group.members.as_slice(), is_union(graph, number)) {
            ([_], true) => true,
            ([_], false) => !inputs.iter().any(|input| is_chained(graph, *input)),
            (_, true) => return self.close_union(graph, number),
            _ => inputs.len() == 1,
        };
        if leaves {
            self.remove(graph, number);
        }
    }

    /// A union stays if two of its inputs or more have operators of several inputs.
    fn close_union(&mut self, graph: &ExecGraph<'_>, number: usize) {
        let group = self.of[number];
        let branches = graph.nodes[number].inputs.iter().map(|input| {
            let strange = |n: &usize| self.of[*n] != group;
            let all: BTreeSet<usize> = (0..self.of.len()).filter(strange).collect();
            let inside = graph.inputs_first(&[*input], &all).into_iter();
            inside.filter(|n| self.of[*n] == group).collect::<Vec<_>>()
        });
        let is_useful = |branch: &Vec<usize>| {
            let useful = |n: &usize| graph.nodes[*n].inputs.len() > 1 && !is_union(graph, *n);
            branch.iter().any(useful)
        };
        let (useful, rest): (Vec<_>, Vec<_>) = branches.partition(is_useful);
        if useful.len() < 2 {
            rest.into_iter().flatten().for_each(|member| self.remove(graph, member));
            self.remove(graph, number);
        }
    }

    /// The group of which an operator is the root.
    fn of_root(&self, number: usize) -> Option<&Group> {
        let group = self.all.get(self.of.get(number).copied()??)?;
        (group.root == Some(number)).then_some(group)
    }

    fn remove(&mut self, graph: &ExecGraph<'_>, number: usize) {
        let Some(place) = self.of[number].take() else { return };
        let group = &mut self.all[place];
        group.members.retain(|member| *member != number);
        if group.root == Some(number) {
            let inputs = &graph.nodes[number].inputs;
            group.root = inputs.iter().copied().find(|input| group.members.contains(input));
        }
    }
}

fn create(graph: &mut ExecGraph<'_>, group: &Group) -> usize {
    let Some(root) = group.root else { return 0 };
    let mut edges = Vec::new();
    for member in &group.members {
        let inputs = graph.nodes[*member].inputs.iter().enumerate();
        let outside = inputs.filter(|(_, below)| !group.members.contains(below));
        edges.extend(outside.map(|(input, _)| (*member, input)));
    }
    let read: Vec<usize> =
        edges.iter().map(|(of, input)| graph.nodes[*of].inputs[*input]).collect();
    let by_border = order_of(graph, root, &read.iter().copied().collect());
    let order = read.iter().map(|border| by_border[border]).collect();
    graph.push(What::MultipleInput { root, edges, order }, read)
}

fn is_union(graph: &ExecGraph<'_>, number: usize) -> bool {
    graph.operator(number).is_some_and(|node| matches!(node.kind, PhysicalKind::Union))
}

/// Whether it sends all rows to one place.
fn gathers(graph: &ExecGraph<'_>, number: usize) -> bool {
    let kind = graph.operator(number).map(|node| &node.kind);
    matches!(kind, Some(PhysicalKind::Exchange(Distribution::Single)))
}

/// Whether it is a source that may run together with operators of several inputs.
fn is_chained(graph: &ExecGraph<'_>, number: usize) -> bool {
    match graph.operator(number).map(|node| &node.kind) {
        Some(PhysicalKind::TableSourceScan { table, .. }) => {
            find(table.options.clone()).is_ok_and(|table| table.descriptor().chains_with_joins)
        }
        _ => false,
    }
}
