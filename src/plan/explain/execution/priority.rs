//! Which inputs of a batch are read before which, and what is done where that cannot be.
//!
//! Source: `InputPriorityGraphGenerator`, `InputPriorityConflictResolver`, `InputOrderCalculator` and
//! `TopologyGraph` of Flink 1.18.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::graph::{Dam, ExecGraph, What};

/// Puts an exchange wherever an operator would have to be read before itself. Rows that pass a dam of
/// this kind or a stricter one do not count; `shown` exchanges say that they block.
pub(super) fn resolve(graph: &mut ExecGraph<'_>, safe: Dam, shown: bool) {
    let none = BTreeSet::new();
    let roots = graph.roots.clone();
    let mut order = Order::new(graph, &roots, &none, safe);
    for number in graph.inputs_first(&roots, &none) {
        for (first, then) in in_turn(graph, number) {
            if !order.read(graph, number, first, then) {
                put_exchange(graph, number, then, shown);
            }
        }
    }
}

/// In which order what a group of operators reads has to be read.
pub(super) fn order_of(
    graph: &ExecGraph<'_>,
    root: usize,
    borders: &BTreeSet<usize>,
) -> BTreeMap<usize, usize> {
    let mut order = Order::new(graph, &[root], borders, Dam::Blocking);
    for number in graph.inputs_first(&[root], borders) {
        if !borders.contains(&number) {
            for (first, then) in in_turn(graph, number) {
                order.read(graph, number, first, then);
            }
        }
    }
    order.relate(graph);
    let distances = order.distances();
    let of = |border: &usize| distances.get(border).copied().unwrap_or(0);
    let all: BTreeSet<usize> = borders.iter().map(of).collect();
    borders.iter().map(|border| (*border, all.range(..of(border)).count())).collect()
}

/// The inputs of an operator of which one is read before the other.
fn in_turn(graph: &ExecGraph<'_>, number: usize) -> Vec<(usize, usize)> {
    let inputs = 0..graph.nodes[number].inputs.len();
    let first = inputs.clone().filter(|input| graph.priority(number, *input) == 0);
    let then: Vec<usize> = inputs.filter(|input| graph.priority(number, *input) > 0).collect();
    first.flat_map(|first| then.iter().map(move |then| (first, *then))).collect()
}

fn put_exchange(graph: &mut ExecGraph<'_>, number: usize, input: usize, batch: bool) {
    let below = graph.nodes[number].inputs[input];
    let what = |distribution| What::Exchange { distribution, batch };
    let exchange = match graph.is_exchange(below) {
        true => {
            let read = graph.nodes[below].inputs.clone();
            graph.push(what(graph.wanted(below, 0)), read)
        }
        false => graph.push(what(graph.wanted(number, input)), vec![below]),
    };
    graph.nodes[number].inputs[input] = exchange;
}

/// What is read before what.
struct Order<'a> {
    borders: &'a BTreeSet<usize>,
    safe: Dam,
    /// By operator: those that are read after it.
    after: BTreeMap<usize, BTreeSet<usize>>,
    before: BTreeMap<usize, BTreeSet<usize>>,
}

impl<'a> Order<'a> {
    /// Operators are read after their inputs.
    fn new(
        graph: &ExecGraph<'_>,
        roots: &[usize],
        borders: &'a BTreeSet<usize>,
        safe: Dam,
    ) -> Self {
        let mut order = Self { borders, safe, after: BTreeMap::new(), before: BTreeMap::new() };
        for number in graph.inputs_first(roots, borders) {
            order.after.entry(number).or_default();
            if !borders.contains(&number) {
                graph.nodes[number].inputs.iter().for_each(|input| order.link(*input, number));
            }
        }
        order
    }

    fn link(&mut self, from: usize, to: usize) {
        self.after.entry(from).or_default().insert(to);
        self.before.entry(to).or_default().insert(from);
    }

    fn unlink(&mut self, from: usize, to: usize) {
        self.after.entry(from).or_default().remove(&to);
        self.before.entry(to).or_default().remove(&from);
    }

    fn reaches(&self, from: usize, to: usize) -> bool {
        let (mut seen, mut pending) = (BTreeSet::from([from]), vec![from]);
        while let Some(number) = pending.pop() {
            if number == to {
                return true;
            }
            let next = self.after.get(&number).into_iter().flatten();
            pending.extend(next.filter(|next| seen.insert(**next)));
        }
        false
    }

    /// One input of an operator is read before another. False, and as if it had not been said, if that
    /// cannot be.
    fn read(&mut self, graph: &ExecGraph<'_>, number: usize, first: usize, then: usize) -> bool {
        let inputs = &graph.nodes[number].inputs;
        let (first, then) = (inputs[first], inputs[then]);
        let mut linked = Vec::new();
        for source in self.sources(graph, then) {
            if self.reaches(source, first) {
                linked.into_iter().for_each(|source| self.unlink(first, source));
                return false;
            }
            self.link(first, source);
            linked.push(source);
        }
        true
    }

    /// Where the rows of an operator come from without a dam in between.
    fn sources(&self, graph: &ExecGraph<'_>, number: usize) -> Vec<usize> {
        let (mut seen, mut pending, mut found) = (BTreeSet::new(), vec![number], Vec::new());
        while let Some(number) = pending.pop() {
            if !seen.insert(number) {
                continue;
            }
            let flowing = flowing(graph, number, self.safe);
            match flowing.is_empty() || self.borders.contains(&number) {
                true => found.push(number),
                false => pending.extend(flowing.into_iter().rev()),
            }
        }
        found
    }

    /// Borders may read the same outside: one whose rows flow from there is no later than the other.
    fn relate(&mut self, graph: &ExecGraph<'_>) {
        let borders: Vec<usize> = self.borders.iter().copied().collect();
        for (place, a) in borders.iter().enumerate() {
            for b in &borders[place + 1..] {
                if self.reaches(*a, *b) || self.reaches(*b, *a) {
                    continue;
                }
                for (near, far) in [(*a, *b), (*b, *a)] {
                    if flows_from(graph, near, far) {
                        self.put_as_far(far, near);
                    }
                }
            }
        }
    }

    fn put_as_far(&mut self, far: usize, near: usize) {
        for before in self.before.get(&near).cloned().unwrap_or_default() {
            if !self.reaches(far, before) {
                self.link(before, far);
            }
        }
    }

    /// How many steps operators are behind the first ones, at most.
    fn distances(&self) -> BTreeMap<usize, usize> {
        let mut waits: BTreeMap<usize, usize> = BTreeMap::new();
        self.after.values().flatten().for_each(|to| *waits.entry(*to).or_default() += 1);
        let free = self.after.keys().filter(|number| !waits.contains_key(number));
        let mut pending: VecDeque<usize> = free.copied().collect();
        let mut distances: BTreeMap<usize, usize> = pending.iter().map(|n| (*n, 0)).collect();
        while let Some(number) = pending.pop_front() {
            let next = distances[&number] + 1;
            for to in self.after.get(&number).into_iter().flatten() {
                let distance = distances.entry(*to).or_default();
                *distance = next.max(*distance);
                if let Some(left) = waits.get_mut(to) {
                    *left -= 1;
                    pending.extend((*left == 0).then_some(*to));
                }
            }
        }
        distances
    }
}

/// The inputs of an operator whose rows pass no dam of this kind.
fn flowing(graph: &ExecGraph<'_>, number: usize, safe: Dam) -> Vec<usize> {
    let inputs = graph.nodes[number].inputs.iter().enumerate();
    inputs.filter(|(input, _)| graph.dam(number, *input) < safe).map(|(_, below)| *below).collect()
}

/// Whether rows flow to one operator from what another reads too.
fn flows_from(graph: &ExecGraph<'_>, number: usize, other: usize) -> bool {
    let goals: BTreeSet<usize> =
        graph.inputs_first(&[other], &BTreeSet::new()).into_iter().collect();
    let mut pending = vec![number];
    while let Some(number) = pending.pop() {
        if goals.contains(&number) {
            return true;
        }
        pending.extend(flowing(graph, number, Dam::EndInput));
    }
    false
}
