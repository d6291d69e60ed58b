//! Sources make only the columns that are read, where they can though those of Flink cannot.
//!
//! A plan says what Flink's plan says: `Calc(select=[a])` over a source of all columns. What runs is the
//! same operators over a source that does not make the others.

use std::collections::{BTreeMap, BTreeSet};

use super::shared;
use crate::base::Result;
use crate::connectors::registry::find;
use crate::data::Schema;
use crate::expr::Expr;
use crate::plan::inputs::Inputs;
use crate::plan::physical::{ExecutionPlan, PhysicalKind, PhysicalNode};

/// Applies the rule to a plan.
pub(crate) fn apply(plan: ExecutionPlan) -> Result<ExecutionPlan> {
    let mut parts = Parts::default();
    shared::rewrite(plan, |tree, place| match place {
        None => parts.read_less(tree),
        Some(place) => {
            let all = 0..tree.schema.len();
            // Rows without columns could not be counted.
            let read = parts.read.get(&place).cloned().filter(|read| !read.is_empty());
            let read = read.unwrap_or_else(|| all.clone().take(1).collect());
            let (part, kept) = match parts.narrowed(&tree, &read)? {
                Some(narrow) => (narrow.node, narrow.kept),
                None => (parts.read_less(tree)?, all.collect()),
            };
            parts.kept.insert(place, (part.schema.clone(), kept));
            Ok(part)
        }
    })
}

fn read_by(condition: Option<&Expr>, projection: &[Expr]) -> BTreeSet<usize> {
    projection.iter().chain(condition).flat_map(Expr::columns).collect()
}

/// A node with only some of its columns.
struct Narrow {
    node: PhysicalNode,
    /// Which ones, by their old places.
    kept: Vec<usize>,
}

impl Narrow {
    fn place(&self, column: usize) -> usize {
        self.kept.iter().position(|c| *c == column).unwrap_or_default()
    }

    fn expr(&self, expr: &Expr) -> Expr {
        expr.map_columns(&|c| self.place(c))
    }

    /// A node that passes the columns of this one on.
    fn under(self, node: &PhysicalNode, kind: PhysicalKind) -> Self {
        let schema = only(&node.schema, &self.kept);
        let changelog = node.changelog;
        Self {
            node: PhysicalNode { kind, inputs: [self.node].into(), schema, changelog },
            kept: self.kept,
        }
    }
}

fn only(schema: &Schema, kept: &[usize]) -> Schema {
    Schema::new(kept.iter().map(|c| schema.fields()[*c].clone()).collect())
}

fn source(node: &PhysicalNode, read: &BTreeSet<usize>) -> Result<Option<Narrow>> {
    let PhysicalKind::TableSourceScan { table, projection, partitions, limit, rows, .. } =
        &node.kind
    else {
        return Ok(None);
    };
    if read.len() >= projection.len() || !find(table.options.clone())?.descriptor().skips_columns {
        return Ok(None);
    }
    // Rows without columns could not be counted.
    let first = Some(0).filter(|_| read.is_empty());
    let kept: Vec<usize> = read.iter().copied().chain(first).collect();
    let kind = PhysicalKind::TableSourceScan {
        table: table.clone(),
        projection: kept.iter().map(|c| projection[*c]).collect(),
        partitions: partitions.clone(),
        filters: Vec::new(),
        limit: *limit,
        rows: *rows,
    };
    let schema = only(&node.schema, &kept);
    let node = PhysicalNode { kind, inputs: Inputs::default(), schema, changelog: node.changelog };
    Ok(Some(Narrow { node, kept }))
}

/// The shared parts of a plan.
#[derive(Default)]
struct Parts {
    /// What all readers together read of them.
    read: BTreeMap<usize, BTreeSet<usize>>,
    /// What they have become: their columns, by their old places.
    kept: BTreeMap<usize, (Schema, Vec<usize>)>,
}

impl Parts {
    /// A tree over sources that make no more than it reads.
    fn read_less(&mut self, mut node: PhysicalNode) -> Result<PhysicalNode> {
        if let PhysicalKind::Reused(place) = node.kind {
            let all = (0..node.schema.len()).collect();
            return Ok(self.reused(place, &node, &all).node);
        }
        if let PhysicalKind::Calc { condition, projection } = &node.kind
            && let Some(input) = node.inputs.first()
            && let Some(narrow) = self.narrowed(input, &read_by(condition.as_ref(), projection))?
        {
            let condition = condition.as_ref().map(|c| narrow.expr(c));
            let projection = projection.iter().map(|e| narrow.expr(e)).collect();
            node.kind = PhysicalKind::Calc { condition, projection };
            node.inputs = [narrow.node].into();
            return Ok(node);
        }
        let inputs = std::mem::take(&mut node.inputs).into_iter();
        node.inputs = inputs.map(|input| self.read_less(input)).collect::<Result<_>>()?;
        Ok(node)
    }

    /// A source, perhaps under what gives it watermarks, without the columns that are not read.
    fn narrowed(&mut self, node: &PhysicalNode, read: &BTreeSet<usize>) -> Result<Option<Narrow>> {
        if let PhysicalKind::Reused(place) = node.kind {
            return Ok(Some(self.reused(place, node, read)));
        }
        let Some(input) = node.inputs.first() else { return source(node, read) };
        Ok(match &node.kind {
            PhysicalKind::WatermarkAssigner { rowtime, watermark } => {
                let also = watermark.columns().into_iter().chain([*rowtime]);
                let read = read.iter().copied().chain(also).collect();
                self.narrowed(input, &read)?.map(|below| {
                    let kind = PhysicalKind::WatermarkAssigner {
                        rowtime: below.place(*rowtime),
                        watermark: below.expr(watermark),
                    };
                    below.under(node, kind)
                })
            }
            PhysicalKind::Calc { condition, projection } if read.len() < projection.len() => {
                let kept: Vec<usize> = read.iter().copied().collect();
                let projection = kept.iter().map(|c| projection[*c].clone()).collect();
                let node = PhysicalNode {
                    kind: PhysicalKind::Calc { condition: condition.clone(), projection },
                    inputs: node.inputs.clone(),
                    schema: only(&node.schema, &kept),
                    changelog: node.changelog,
                };
                Some(Narrow { node: self.read_less(node)?, kept })
            }
            PhysicalKind::MiniBatchAssigner { .. } => {
                self.narrowed(input, read)?.map(|below| below.under(node, node.kind.clone()))
            }
            _ => None,
        })
    }

    /// A shared part as one of its readers sees it.
    fn reused(&mut self, place: usize, node: &PhysicalNode, read: &BTreeSet<usize>) -> Narrow {
        self.read.entry(place).or_default().extend(read);
        let all = || (node.schema.clone(), (0..node.schema.len()).collect());
        let (schema, kept) = self.kept.get(&place).cloned().unwrap_or_else(all);
        Narrow { node: PhysicalNode { schema, ..node.clone() }, kept }
    }
}
