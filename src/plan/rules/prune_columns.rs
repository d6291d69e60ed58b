//! Columns that nobody reads are not read: sources leave them out, Calcs do not compute them.

use std::collections::BTreeSet;

use crate::base::Result;
use crate::connectors::descriptor::find;
use crate::data::{Field, Schema};
use crate::expr::Expr;
use crate::plan::calc::calc;
use crate::plan::convert::narrowed;
use crate::plan::physical::{Distribution, Grouping, PhysicalKind, PhysicalNode, no_input};
use crate::sql::bound::{AggregateCall, GroupWindow, SortKey};

/// Applies the rule to a tree; the root keeps its columns.
pub(crate) fn apply(root: PhysicalNode) -> Result<PhysicalNode> {
    let all = (0..root.schema.len()).collect();
    let (root, kept) = prune(root, &all)?;
    debug_assert!(kept.0.iter().copied().eq(0..kept.0.len()), "the root keeps its columns");
    Ok(root)
}

/// The old positions of the columns that a pruned node has, in order.
struct Kept(Vec<usize>);

impl Kept {
    fn all(schema: &Schema) -> Self {
        Self((0..schema.len()).collect())
    }

    /// Where an old column is now. Asked only of columns that were needed.
    fn place(&self, old: usize) -> usize {
        self.0.iter().position(|c| *c == old).unwrap_or_default()
    }

    fn expr(&self, expr: &Expr) -> Expr {
        expr.map_columns(&|c| self.place(c))
    }

    fn columns(&self, columns: &[usize]) -> Vec<usize> {
        columns.iter().map(|c| self.place(*c)).collect()
    }

    fn sort_keys(&self, keys: &[SortKey]) -> Vec<SortKey> {
        keys.iter().map(|k| SortKey { column: self.place(k.column), ..*k }).collect()
    }

    fn schema(&self, of: &Schema) -> Schema {
        Schema::new(self.0.iter().map(|c| of.fields()[*c].clone()).collect())
    }
}

type Needed = BTreeSet<usize>;

/// The node without what is not needed. It may keep more than is needed, never less.
fn prune(node: PhysicalNode, needed: &Needed) -> Result<(PhysicalNode, Kept)> {
    match node.kind {
        PhysicalKind::TableSourceScan { .. } => scan(node, needed),
        PhysicalKind::Values(_) => whole(node),
        PhysicalKind::Calc { .. } => prune_calc(node, needed),
        PhysicalKind::Union => union(node, needed),
        PhysicalKind::GroupAggregate(_)
        | PhysicalKind::HashAggregate(_)
        | PhysicalKind::GroupWindowAggregate { .. } => aggregate(node),
        PhysicalKind::Sink { .. } | PhysicalKind::Collect => {
            let schema = node.schema.clone();
            let (node, kept) = pass(node, needed, |kind, _| kind, &[])?;
            Ok((PhysicalNode { schema, ..node }, kept))
        }
        PhysicalKind::WatermarkAssigner { rowtime, ref watermark } => {
            let mut also = watermark.columns();
            also.push(rowtime);
            pass(node, needed, moved_watermark, &also)
        }
        PhysicalKind::Exchange(Distribution::Hash(ref keys)) => {
            let also = keys.clone();
            pass(node, needed, moved_exchange, &also)
        }
        PhysicalKind::Exchange(Distribution::Single) | PhysicalKind::Limit { .. } => {
            pass(node, needed, |kind, _| kind, &[])
        }
        PhysicalKind::Sort(ref keys)
        | PhysicalKind::TemporalSort(ref keys)
        | PhysicalKind::SortLimit { ref keys, .. } => {
            let also: Vec<usize> = keys.iter().map(|k| k.column).collect();
            pass(node, needed, moved_sort, &also)
        }
    }
}

fn only_input(node: &mut PhysicalNode) -> Result<PhysicalNode> {
    node.inputs.pop().ok_or_else(no_input)
}

/// A node that keeps the columns of its input, and reads some of them itself.
fn pass(
    mut node: PhysicalNode,
    needed: &Needed,
    moved: fn(PhysicalKind, &Kept) -> PhysicalKind,
    also: &[usize],
) -> Result<(PhysicalNode, Kept)> {
    let needed = needed.iter().chain(also).copied().collect();
    let (input, kept) = prune(only_input(&mut node)?, &needed)?;
    let schema = named_as(&kept.schema(&node.schema), &input.schema);
    Ok((PhysicalNode::new(moved(node.kind, &kept), vec![input], schema), kept))
}

/// A projection that fell away took its names with it: what passes columns on follows its input.
fn named_as(schema: &Schema, names: &Schema) -> Schema {
    let fields = schema.fields().iter().zip(names.fields());
    Schema::new(
        fields.map(|(f, named)| Field::new(named.name.clone(), f.data_type.clone())).collect(),
    )
}

fn moved_watermark(kind: PhysicalKind, kept: &Kept) -> PhysicalKind {
    match kind {
        PhysicalKind::WatermarkAssigner { rowtime, watermark } => {
            let watermark = kept.expr(&watermark);
            PhysicalKind::WatermarkAssigner { rowtime: kept.place(rowtime), watermark }
        }
        other => other,
    }
}

fn moved_exchange(kind: PhysicalKind, kept: &Kept) -> PhysicalKind {
    match kind {
        PhysicalKind::Exchange(Distribution::Hash(keys)) => {
            PhysicalKind::Exchange(Distribution::Hash(kept.columns(&keys)))
        }
        other => other,
    }
}

fn moved_sort(kind: PhysicalKind, kept: &Kept) -> PhysicalKind {
    match kind {
        PhysicalKind::Sort(keys) => PhysicalKind::Sort(kept.sort_keys(&keys)),
        PhysicalKind::TemporalSort(keys) => PhysicalKind::TemporalSort(kept.sort_keys(&keys)),
        PhysicalKind::SortLimit { keys, offset, fetch } => {
            PhysicalKind::SortLimit { keys: kept.sort_keys(&keys), offset, fetch }
        }
        other => other,
    }
}

fn whole(node: PhysicalNode) -> Result<(PhysicalNode, Kept)> {
    let kept = Kept::all(&node.schema);
    Ok((node, kept))
}

/// A source that cannot leave columns out gets a Calc that does.
fn scan(mut node: PhysicalNode, needed: &Needed) -> Result<(PhysicalNode, Kept)> {
    let kept = Kept(needed.iter().copied().collect());
    let PhysicalKind::TableSourceScan { table, projection, .. } = &mut node.kind else {
        return whole(node);
    };
    if kept.0.len() == node.schema.len() {
        return whole(node);
    }
    if find(table.options.clone())?.descriptor().pushes_projection {
        *projection = kept.0.iter().map(|c| projection[*c]).collect();
        node.schema = kept.schema(&node.schema);
        return Ok((node, kept));
    }
    Ok((narrowed(node, &kept.0)?, kept))
}

fn prune_calc(mut node: PhysicalNode, needed: &Needed) -> Result<(PhysicalNode, Kept)> {
    let input = only_input(&mut node)?;
    let PhysicalKind::Calc { condition, projection } = node.kind else {
        return Err(no_input());
    };
    let kept = Kept(needed.iter().copied().collect());
    let exprs: Vec<&Expr> = kept.0.iter().map(|c| &projection[*c]).collect();
    let read = exprs.iter().copied().chain(&condition).flat_map(Expr::columns).collect();
    let (input, below) = prune(input, &read)?;
    let projection = exprs.into_iter().map(|e| below.expr(e)).collect();
    let condition = condition.map(|c| below.expr(&c));
    Ok((calc(input, condition, projection, kept.schema(&node.schema))?, kept))
}

fn union(node: PhysicalNode, needed: &Needed) -> Result<(PhysicalNode, Kept)> {
    let kept = Kept(needed.iter().copied().collect());
    let mut inputs = Vec::with_capacity(node.inputs.len());
    for input in node.inputs {
        let (input, below) = prune(input, needed)?;
        let places = kept.columns_of(&below);
        inputs.push(narrowed(input, &places)?);
    }
    let schema = kept.schema(&node.schema);
    Ok((PhysicalNode::new(PhysicalKind::Union, inputs, schema), kept))
}

impl Kept {
    /// Where these columns are in a node that kept at least them.
    fn columns_of(&self, below: &Kept) -> Vec<usize> {
        below.columns(&self.0)
    }
}

/// An aggregate reads its keys and arguments, and keeps all of its own columns.
fn aggregate(mut node: PhysicalNode) -> Result<(PhysicalNode, Kept)> {
    let input = only_input(&mut node)?;
    let (read, time) = match &node.kind {
        PhysicalKind::GroupAggregate(g) | PhysicalKind::HashAggregate(g) => (columns_of(g), None),
        PhysicalKind::GroupWindowAggregate { grouping, window } => {
            (columns_of(grouping), Some(window.time))
        }
        _ => return Err(no_input()),
    };
    let needed = read.into_iter().chain(time).collect();
    let (input, below) = prune(input, &needed)?;
    let kind = match node.kind {
        PhysicalKind::GroupAggregate(g) => PhysicalKind::GroupAggregate(moved(g, &below)),
        PhysicalKind::HashAggregate(g) => PhysicalKind::HashAggregate(moved(g, &below)),
        PhysicalKind::GroupWindowAggregate { grouping, window } => {
            let window = GroupWindow { time: below.place(window.time), ..window };
            PhysicalKind::GroupWindowAggregate { grouping: moved(grouping, &below), window }
        }
        other => other,
    };
    let kept = Kept::all(&node.schema);
    Ok((PhysicalNode::new(kind, vec![input], node.schema), kept))
}

fn columns_of(grouping: &Grouping) -> Vec<usize> {
    let read = |c: &AggregateCall| {
        let exprs = c.call.arguments.iter().chain(&c.call.filter);
        exprs.flat_map(Expr::columns).collect::<Vec<_>>()
    };
    grouping.keys.iter().copied().chain(grouping.calls.iter().flat_map(read)).collect()
}

fn moved(mut grouping: Grouping, below: &Kept) -> Grouping {
    grouping.keys = below.columns(&grouping.keys);
    for call in &mut grouping.calls {
        let call = &mut call.call;
        call.arguments = call.arguments.iter().map(|e| below.expr(e)).collect();
        call.filter = call.filter.as_ref().map(|e| below.expr(e));
    }
    grouping
}
