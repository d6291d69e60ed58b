//! Sources make only the columns that are read, where they can though those of Flink cannot.
//!
//! A plan says what Flink's plan says: `Calc(select=[a])` over a source of all columns. What runs is the
//! same operators over a source that does not make the others.

use std::collections::BTreeSet;

use crate::base::Result;
use crate::connectors::registry::find;
use crate::data::Schema;
use crate::expr::Expr;
use crate::plan::physical::{PhysicalKind, PhysicalNode};

/// Applies the rule to a tree.
pub(crate) fn apply(mut node: PhysicalNode) -> Result<PhysicalNode> {
    if let PhysicalKind::Calc { condition, projection } = &node.kind
        && let Some(input) = node.inputs.first()
        && let Some(narrow) = narrowed(input, &read_by(condition.as_ref(), projection))?
    {
        let condition = condition.as_ref().map(|c| narrow.expr(c));
        let projection = projection.iter().map(|e| narrow.expr(e)).collect();
        node.kind = PhysicalKind::Calc { condition, projection };
        node.inputs = vec![narrow.node];
        return Ok(node);
    }
    node.inputs = node.inputs.into_iter().map(apply).collect::<Result<_>>()?;
    Ok(node)
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
            node: PhysicalNode { kind, inputs: vec![self.node], schema, changelog },
            kept: self.kept,
        }
    }
}

fn only(schema: &Schema, kept: &[usize]) -> Schema {
    Schema::new(kept.iter().map(|c| schema.fields()[*c].clone()).collect())
}

/// A source, perhaps under what gives it watermarks, without the columns that are not read.
fn narrowed(node: &PhysicalNode, read: &BTreeSet<usize>) -> Result<Option<Narrow>> {
    let Some(input) = node.inputs.first() else { return source(node, read) };
    Ok(match &node.kind {
        PhysicalKind::WatermarkAssigner { rowtime, watermark } => {
            let also = watermark.columns().into_iter().chain([*rowtime]);
            let read = read.iter().copied().chain(also).collect();
            narrowed(input, &read)?.map(|below| {
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
            Some(Narrow { node: apply(node)?, kept })
        }
        PhysicalKind::MiniBatchAssigner { .. } => {
            narrowed(input, read)?.map(|below| below.under(node, node.kind.clone()))
        }
        _ => None,
    })
}

fn source(node: &PhysicalNode, read: &BTreeSet<usize>) -> Result<Option<Narrow>> {
    let PhysicalKind::TableSourceScan { table, projection, partitions, limit } = &node.kind else {
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
        limit: *limit,
    };
    let schema = only(&node.schema, &kept);
    let node = PhysicalNode { kind, inputs: Vec::new(), schema, changelog: node.changelog };
    Ok(Some(Narrow { node, kept }))
}
