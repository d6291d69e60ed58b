//! A tree of operators as text: a line an operator, what it reads below and to the right.

use super::{Writing, advice, written};
use crate::base::RuntimeMode;
use crate::data::print::number::java_double;
use crate::plan::estimate::Estimator;
use crate::plan::inputs::Inputs;
use crate::plan::{PhysicalKind, PhysicalNode};

/// The optimized tree of a sink or a query, one operator a line, inputs indented below.
pub(super) fn physical(root: &PhysicalNode, how: Writing) -> String {
    let details = how.details;
    let tree = Inputs::from([root.clone()]);
    let estimator = details.estimated_cost.then(|| Estimator::over(&tree, how.mode));
    let mut lines = Lines::default();
    lines.add(Part::of_root(&tree[0]), |part| {
        let mut line = written(part.node, how);
        if details.plan_advice && advice::is_for(part.node) {
            line = line.replacen('(', "(advice=[1], ", 1);
        }
        if details.changelog_mode && how.mode == RuntimeMode::Streaming {
            line.truncate(line.len() - 1);
            line += &match part.node.kind {
                PhysicalKind::Sink { .. } => ", changelogMode=[NONE])".to_owned(),
                _ => format!(", changelogMode=[{}])", part.node.changelog),
            };
        }
        line.extend(estimator.as_ref().map(|estimator| part.estimated(estimator)));
        (line, part.below())
    });
    lines.text
}

/// An operator; of a union its first inputs. Flink's unions have two.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub node: &'a PhysicalNode,
    inputs: usize,
}

impl<'a> Part<'a> {
    pub fn whole(node: &'a PhysicalNode) -> Self {
        Self { node, inputs: node.inputs.len() }
    }

    /// The result store is no operator of a plan.
    pub fn of_root(root: &'a PhysicalNode) -> Self {
        match (&root.kind, root.inputs.as_slice()) {
            (PhysicalKind::Collect, [input]) => Self::whole(input),
            _ => Self::whole(root),
        }
    }

    pub fn below(&self) -> Vec<Part<'a>> {
        match (&self.node.kind, self.inputs.checked_sub(1)) {
            (PhysicalKind::Union, Some(last)) if last > 1 => {
                vec![Part { inputs: last, ..*self }, Part::whole(&self.node.inputs[last])]
            }
            _ => self.node.inputs[..self.inputs].iter().map(Part::whole).collect(),
        }
    }

    /// What it is estimated to give, and what that costs with all below it.
    fn estimated(&self, estimator: &Estimator) -> String {
        let (rows, cost) = match self.node.kind {
            PhysicalKind::Union => estimator.union(&self.node.inputs[..self.inputs]),
            _ => (estimator.rows(self.node), estimator.cost(self.node)),
        };
        format!(": rowcount = {}, cumulative cost = {cost}", java_double(rows))
    }
}

/// A tree as text: a line a node, inputs indented below. However deep it is, nothing recurses.
#[derive(Default)]
pub(super) struct Lines {
    pub text: String,
}

impl Lines {
    /// Adds a tree; `line` gives a node's line and what is below it.
    pub fn add<T>(&mut self, root: T, mut line: impl FnMut(&T) -> (String, Vec<T>)) {
        let mut pending = vec![(root, String::new(), String::new())];
        while let Some((node, first, rest)) = pending.pop() {
            let (text, inputs) = line(&node);
            self.text += &format!("{first}{text}\n");
            let last = inputs.len().saturating_sub(1);
            for (index, input) in inputs.into_iter().enumerate().rev() {
                let (branch, below) = if index == last { ("+- ", "   ") } else { (":- ", ":  ") };
                pending.push((input, format!("{rest}{branch}"), format!("{rest}{below}")));
            }
        }
    }
}
