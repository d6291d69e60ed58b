//! Equal parts of a plan become one, which several read.
//!
//! As Flink's `SubplanReuser`: from the sinks down, the largest parts first. Parts are equal if they read
//! the same and do, name and emit the same; what differs from call to call is computed once as well.
//! Sinks are never shared.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::RuntimeMode;
use crate::plan::explain::{describe, text_of};
use crate::plan::inputs::Inputs;
use crate::plan::physical::{ExecutionPlan, PhysicalKind, PhysicalNode, SharedPart};

/// Finds the equal parts of trees. `sources`: whether sources are shared that are all that is equal.
pub(crate) fn apply(roots: &[PhysicalNode], mode: RuntimeMode, sources: bool) -> ExecutionPlan {
    let mut parts = Parts { mode, sources, ..Parts::default() };
    let numbered: Vec<Numbered<'_>> = roots.iter().map(|root| parts.number(root)).collect();
    numbered.iter().for_each(|root| parts.visit(root));
    let mut shared = Shared { parts: &parts, places: BTreeMap::new(), all: Vec::new() };
    let roots = numbered.iter().map(|root| shared.build(root)).collect();
    ExecutionPlan { shared: shared.all, roots }
}

/// What a source reads besides its columns: the table with its options, partitions, filters, LIMIT.
/// `None`: the node is no source.
pub(super) fn reads(node: &PhysicalNode) -> Option<String> {
    let PhysicalKind::TableSourceScan { table, partitions, filters, limit, .. } = &node.kind else {
        return None;
    };
    let keys = table.partitioned_by.iter().filter_map(|key| table.physical.index_of(key));
    let keys: Vec<_> = keys.map(|key| table.physical.fields()[key].clone()).collect();
    let partitions = partitions.iter().map(|e| text_of(e, &keys));
    let filters = filters.iter().map(|e| text_of(e, node.schema.fields()));
    let conditions: Vec<String> = partitions.chain(["|".to_owned()]).chain(filters).collect();
    Some(format!("{} {:?} {conditions:?} {limit:?}", table.path, table.hinted))
}

/// A node with the number of its part: equal parts have equal numbers.
struct Numbered<'a> {
    node: &'a PhysicalNode,
    part: usize,
    inputs: Vec<Numbered<'a>>,
}

#[derive(Default)]
struct Parts {
    mode: RuntimeMode,
    sources: bool,
    /// The number of a part by what it is and the numbers of what it reads.
    numbers: BTreeMap<(String, Vec<usize>), usize>,
    /// The parts that were met more than once.
    met_again: BTreeSet<usize>,
    visited: Vec<bool>,
}

impl Parts {
    /// Numbers a tree, inputs first.
    fn number<'a>(&mut self, node: &'a PhysicalNode) -> Numbered<'a> {
        let inputs: Vec<Numbered<'_>> =
            node.inputs.iter().map(|input| self.number(input)).collect();
        let read = inputs.iter().map(|input| input.part).collect();
        let options = match &node.kind {
            PhysicalKind::LookupJoin(join) => Some(&join.table.hinted),
            _ => None,
        };
        let of_table = (reads(node), options);
        let text = describe(node, self.mode);
        let is = format!("{text} {of_table:?} {:?} {}", node.schema, node.changelog);
        let next = self.numbers.len();
        let part = *self.numbers.entry((is, read)).or_insert(next);
        Numbered { node, part, inputs }
    }

    /// Sees which parts are met again, the largest first: what is in a part that is met again is not
    /// looked at again.
    fn visit(&mut self, of: &Numbered<'_>) {
        self.visited.resize(self.numbers.len(), false);
        if std::mem::replace(&mut self.visited[of.part], true) && self.may_be_shared(of.node) {
            self.met_again.insert(of.part);
            return;
        }
        of.inputs.iter().for_each(|input| self.visit(input));
    }

    fn may_be_shared(&self, node: &PhysicalNode) -> bool {
        match (&node.kind, node.inputs.first()) {
            (PhysicalKind::TableSourceScan { .. }, _) => self.sources,
            (PhysicalKind::Exchange(_), Some(input)) => self.may_be_shared(input),
            (PhysicalKind::Sink { .. } | PhysicalKind::Collect, _) => false,
            _ => true,
        }
    }
}

struct Shared<'a> {
    parts: &'a Parts,
    /// For each shared part, where it is.
    places: BTreeMap<usize, usize>,
    all: Vec<SharedPart>,
}

impl Shared<'_> {
    /// The same tree, with shared parts in their place.
    fn build(&mut self, of: &Numbered<'_>) -> PhysicalNode {
        let place = match self.places.get(&of.part) {
            Some(place) => *place,
            None => {
                let inputs: Inputs = of.inputs.iter().map(|input| self.build(input)).collect();
                let root = of.node.replaced(of.node.kind.clone(), inputs);
                if !self.parts.met_again.contains(&of.part) {
                    return root;
                }
                self.all.push(SharedPart { root });
                self.places.insert(of.part, self.all.len() - 1);
                self.all.len() - 1
            }
        };
        of.node.replaced(PhysicalKind::Reused(place), Vec::new())
    }
}
