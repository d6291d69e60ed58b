//! The optimized execution plan as text: its trees, with parts that several read written once.
//!
//! Source: `ExecNodePlanDumper` of Flink 1.18. Of one tree, a shared part stands where it is first read; of
//! several, it stands before the tree that reads it first.

use std::collections::BTreeSet;

use super::tree::{Lines, Part};
use super::{Writing, columns, written};
use crate::base::RuntimeMode;
use crate::plan::join::JoinWay;
use crate::plan::phases::Global;
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
    through: Option<Through>,
    /// Through which exchange like that its own rows go on.
    above: Option<Through>,
    /// What is written behind it, if it is the last operator of a shared part.
    reuse_id: Option<usize>,
}

/// Why rows just go on.
#[derive(Clone)]
enum Through {
    /// They come sorted by their key.
    Sorted,
    /// They are where these columns say.
    Kept(Vec<usize>),
}

impl<'a> Below<'a> {
    fn of(part: Part<'a>) -> Self {
        Self { part, through: None, above: None, reuse_id: None }
    }

    fn inputs(&self) -> Vec<Self> {
        let node = self.part.node;
        let below = |(input, part): (usize, Part<'a>)| {
            let through = match (&self.above, &node.kind) {
                (Some(Through::Kept(keys)), PhysicalKind::Calc { .. } | PhysicalKind::Sort(_)) => {
                    kept(part.node, keys)
                }
                _ => through(node, input, part.node),
            };
            Self { through, ..Self::of(part) }
        };
        self.part.below().into_iter().enumerate().map(below).collect()
    }
}

/// Why the rows of an input just go on to an operator, if its execution plan says so.
fn through(node: &PhysicalNode, input: usize, below: &PhysicalNode) -> Option<Through> {
    let is_sorted = |kind: &PhysicalKind| matches!(kind, PhysicalKind::Sort(_));
    let sent = |node: &PhysicalNode| {
        node.inputs.iter().any(|input| matches!(input.kind, PhysicalKind::Exchange(_)))
    };
    let keys = match &node.kind {
        PhysicalKind::LocalBatchAggregate { .. } => {
            return is_sorted(&below.kind).then_some(Through::Sorted);
        }
        PhysicalKind::HashAggregate(grouping)
        | PhysicalKind::SortAggregate(grouping)
        | PhysicalKind::GlobalBatchAggregate { global: Global { grouping, .. }, .. } => {
            &grouping.keys
        }
        PhysicalKind::Join(join) if join.bounded && join.way == JoinWay::Hash => &join.keys[input],
        _ => return None,
    };
    match is_sorted(&below.kind) && sent(below) {
        true => Some(Through::Sorted),
        false => kept(below, keys),
    }
}

fn kept(below: &PhysicalNode, keys: &[usize]) -> Option<Through> {
    let is_exchange = matches!(below.kind, PhysicalKind::Exchange(_));
    (!is_exchange && !keys.is_empty()).then(|| Through::Kept(keys.to_vec()))
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
        if let Some(through) = &below.through {
            let how = match through {
                Through::Sorted => "forward".to_owned(),
                Through::Kept(keys) => {
                    format!("keep_input_as_is[hash[{}]]", columns(keys, &node.schema))
                }
            };
            let above = Some(through.clone());
            let passed = Below { above, ..Below::of(below.part) };
            return (format!("Exchange(distribution=[{how}])"), vec![passed]);
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
