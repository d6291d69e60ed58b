//! A tree of operators as text: a line an operator, what it reads below and to the right.

use super::expression::{Style, of_schema};
use super::{ExplainDetails, advice, path, styled};
use crate::connectors::registry::find;
use crate::expr::Expr;
use crate::plan::{PhysicalKind, PhysicalNode};

/// A tree of operators, one a line, inputs indented below. The result store is no operator of the
/// plan.
pub(super) fn tree(root: &PhysicalNode, style: Style, details: ExplainDetails) -> String {
    let mut lines = Lines::default();
    let root = match (&root.kind, root.inputs.as_slice()) {
        (PhysicalKind::Collect, [input]) => input,
        _ => root,
    };
    lines.add(Part::whole(root), |part| {
        if part.goes_on {
            return ("Exchange(distribution=[forward])".to_owned(), vec![Part::whole(part.node)]);
        }
        let mut line = styled(part.node, style);
        if let Some((table, filter)) = part.pushed() {
            line = line.replacen(&table, &format!("{table}, filter=[{filter}]"), 1);
        }
        if details.plan_advice && advice::is_for(part.node) {
            line = line.replacen('(', "(advice=[1], ", 1);
        }
        if details.changelog_mode {
            line.truncate(line.len() - 1);
            line += &match part.node.kind {
                PhysicalKind::Sink { .. } => ", changelogMode=[NONE])".to_owned(),
                _ => format!(", changelogMode=[{}])", part.node.changelog),
            };
        }
        let mut below = part.below();
        below.iter_mut().for_each(|input| {
            input.goes_on = style == Style::Execution && goes_on_by_key(part.node, input.node);
        });
        (line, below)
    });
    lines.text
}

/// An operator; of a union its first inputs. Flink's unions have two.
struct Part<'a> {
    node: &'a PhysicalNode,
    inputs: usize,
    /// It stands for the exchange above it, through which rows just go on: Flink's execution plan shows
    /// that where their key matters.
    goes_on: bool,
    /// What a filter right above asks.
    asked: Option<&'a Expr>,
}

impl<'a> Part<'a> {
    fn whole(node: &'a PhysicalNode) -> Self {
        Self { node, inputs: node.inputs.len(), goes_on: false, asked: None }
    }

    fn below(&self) -> Vec<Part<'a>> {
        let asked = match &self.node.kind {
            PhysicalKind::Calc { condition, .. } => condition.as_ref(),
            _ => None,
        };
        let whole = |node: &'a PhysicalNode| Part { asked, ..Part::whole(node) };
        match (&self.node.kind, self.inputs.checked_sub(1)) {
            (PhysicalKind::Union, Some(last)) if last > 1 => {
                let first = Part { inputs: last, ..Part::whole(self.node) };
                vec![first, whole(&self.node.inputs[last])]
            }
            _ => self.node.inputs[..self.inputs].iter().map(whole).collect(),
        }
    }

    /// The table of a source that is told of the filter above, and what it is told.
    fn pushed(&self) -> Option<(String, String)> {
        let PhysicalKind::TableSourceScan { table, .. } = &self.node.kind else { return None };
        let connector = find(table.options.clone()).ok()?;
        let told = self.asked.filter(|_| connector.descriptor().pushes_projection)?;
        let fields = self.node.schema.fields();
        let of_partition = |c: &usize| table.partitioned_by.contains(&fields[*c].name);
        let parts = told.conjuncts().into_iter().filter(|e| !e.columns().iter().all(of_partition));
        let texts = parts.map(|part| of_schema(part, &self.node.schema, Style::Physical));
        let all = texts.reduce(|a, b| format!("and({a}, {b})"))?;
        Some((path(&table.path), all))
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

/// A tree as text: a line a node, inputs indented below. However deep it is, nothing recurses.
#[derive(Default)]
pub(super) struct Lines {
    pub text: String,
}

impl Lines {
    /// Adds a tree; `line` gives a node's line and what is below it.
    pub fn add<T>(&mut self, root: T, line: impl Fn(&T) -> (String, Vec<T>)) {
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
