//! The optimized execution plan as text: its trees, with parts that several read written once.
//!
//! Source: `ExecNodePlanDumper` of Flink 1.18. Of one tree, a shared part stands where it is first read; of
//! several, it stands before the tree that reads it first.

use std::collections::BTreeSet;

use super::tree::{Lines, Part};
use super::{Writing, written};
use crate::base::RuntimeMode;
use crate::plan::{ExecutionPlan, PhysicalKind, PhysicalNode, SharedPart};

/// The trees of a plan, and the parts that they share.
pub(super) fn trees(plan: &ExecutionPlan, mode: RuntimeMode) -> Vec<String> {
    let how = Writing::execution(mode);
    let mut dump = Dump { how, shared: &plan.shared, written: BTreeSet::new(), texts: Vec::new() };
    match plan.roots.as_slice() {
        [root] => dump.tree(Below::of(Part::of_root(root))),
        roots => roots.iter().for_each(|root| {
            dump.shared_of(root);
            dump.tree(Below::of(Part::of_root(root)));
        }),
    }
    dump.texts
}

struct Dump<'a> {
    how: Writing,
    shared: &'a [SharedPart],
    /// The shared parts that stand somewhere already.
    written: BTreeSet<usize>,
    texts: Vec<String>,
}

/// A line of a tree.
struct Below<'a> {
    part: Part<'a>,
    /// It stands for the exchange above the operator, through which rows just go on: Flink's execution
    /// plan shows that where their key matters.
    goes_on: bool,
    /// What is written behind it, if it is the last operator of a shared part.
    reuse_id: Option<usize>,
}

impl<'a> Below<'a> {
    fn of(part: Part<'a>) -> Self {
        Self { part, goes_on: false, reuse_id: None }
    }

    fn inputs(&self) -> Vec<Self> {
        let node = self.part.node;
        let below =
            |part: Part<'a>| Self { goes_on: goes_on_by_key(node, part.node), ..Self::of(part) };
        self.part.below().into_iter().map(below).collect()
    }
}

impl<'a> Dump<'a> {
    /// Writes the parts that a tree is the first to read, each in a text of its own.
    fn shared_of(&mut self, node: &'a PhysicalNode) {
        node.inputs.iter().for_each(|input| self.shared_of(input));
        if let PhysicalKind::Reused(place) = node.kind
            && let Some(part) = self.shared.get(place)
            && !self.written.contains(&place)
        {
            self.shared_of(&part.root);
            self.written.insert(place);
            let reuse_id = Some(part.reuse_id);
            self.tree(Below { reuse_id, ..Below::of(Part::whole(&part.root)) });
        }
    }

    fn tree(&mut self, root: Below<'a>) {
        let mut lines = Lines::default();
        lines.add(root, |below| self.line(below));
        self.texts.push(lines.text);
    }

    fn line(&mut self, below: &Below<'a>) -> (String, Vec<Below<'a>>) {
        let node = below.part.node;
        if below.goes_on {
            let forward = "Exchange(distribution=[forward])".to_owned();
            return (forward, vec![Below::of(below.part)]);
        }
        if let PhysicalKind::Reused(place) = node.kind
            && let Some(part) = self.shared.get(place)
        {
            let reuse_id = part.reuse_id;
            if !self.written.insert(place) {
                return (format!("Reused(reference_id=[{reuse_id}])"), Vec::new());
            }
            let reuse_id = Some(reuse_id);
            return self.line(&Below { reuse_id, ..Below::of(Part::whole(&part.root)) });
        }
        let reuse_id = below.reuse_id.map(|id| format!("(reuse_id=[{id}])")).unwrap_or_default();
        (written(node, self.how) + &reuse_id, below.inputs())
    }
}

/// Whether an aggregate takes the rows of a key one after the other from a Sort.
fn goes_on_by_key(node: &PhysicalNode, input: &PhysicalNode) -> bool {
    let reads = matches!(
        node.kind,
        PhysicalKind::SortAggregate(_)
            | PhysicalKind::LocalBatchAggregate { .. }
            | PhysicalKind::GlobalBatchAggregate { .. }
    );
    reads && matches!(input.kind, PhysicalKind::Sort(_))
}
