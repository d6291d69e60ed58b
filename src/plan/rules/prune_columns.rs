//! Columns that nobody reads are not read: sources leave them out, Calcs do not compute them.

mod aggregates;
mod joins;
mod watermarks;

use std::collections::BTreeSet;

use watermarks::{above, below_watermarks, only_orders, reads_all};

use crate::base::Result;
use crate::connectors::registry::find;
use crate::data::{Field, LogicalType, Schema};
use crate::expr::Expr;
use crate::plan::calc::plain_calc;
use crate::plan::convert::narrowed;
use crate::plan::keys::unique_keys;
use crate::plan::physical::{Distribution, LimitOf, PhysicalKind, PhysicalNode, no_input};
use crate::plan::rank::Rank;
use crate::plan::window::WindowAssigner;
use crate::sql::bound::{OverWindow, SortKey};

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
        PhysicalKind::Values(_)
        | PhysicalKind::LookupJoin(_)
        | PhysicalKind::Reused(_)
        | PhysicalKind::LocalGroupAggregate(_)
        | PhysicalKind::GlobalGroupAggregate(_)
        | PhysicalKind::IncrementalGroupAggregate(_)
        | PhysicalKind::SortAggregate(_)
        | PhysicalKind::LocalBatchAggregate { .. }
        | PhysicalKind::GlobalBatchAggregate { .. }
        | PhysicalKind::LocalWindowAggregate { .. }
        | PhysicalKind::GlobalWindowAggregate { .. } => whole(node),
        PhysicalKind::Calc { .. } => prune_calc(node, needed),
        PhysicalKind::Union => union(node, needed),
        PhysicalKind::Correlate(_) => correlate(node, needed),
        PhysicalKind::Join(_) => joins::join(node, needed),
        PhysicalKind::GroupAggregate(_)
        | PhysicalKind::HashAggregate(_)
        | PhysicalKind::GroupWindowAggregate { .. }
        | PhysicalKind::WindowAggregate { .. } => aggregates::aggregate(node, needed),
        PhysicalKind::Match(_) => aggregates::pattern(node),
        PhysicalKind::WindowJoin(_) => joins::window_join(node, needed),
        PhysicalKind::Expand(_) => expand(node, needed),
        PhysicalKind::WindowTableFunction(_)
        | PhysicalKind::OverAggregate { .. }
        | PhysicalKind::Rank(_)
        | PhysicalKind::Deduplicate(_)
        | PhysicalKind::WindowRank(_) => appending(node, needed),
        PhysicalKind::Sink { .. } | PhysicalKind::Collect => {
            let schema = node.schema.clone();
            let (node, kept) = pass(node, needed, |kind, _| kind, &[])?;
            Ok((PhysicalNode { schema, ..node }, kept))
        }
        PhysicalKind::WatermarkAssigner { .. } if reads_all(&node)? => {
            let kept = Kept(needed.iter().copied().collect());
            Ok((narrowed(node, &kept.0)?, kept))
        }
        PhysicalKind::WatermarkAssigner { rowtime, ref watermark } => {
            let mut also = watermark.columns();
            also.push(rowtime);
            pass(node, needed, moved_watermark, &also)
        }
        PhysicalKind::Exchange(_) => exchange(node, needed),
        PhysicalKind::MiniBatchAssigner { .. } | PhysicalKind::Limit { .. } => {
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

/// Only what is needed is sent: what the node before keeps besides is left out.
fn exchange(mut node: PhysicalNode, needed: &Needed) -> Result<(PhysicalNode, Kept)> {
    let mut sent = needed.clone();
    if let PhysicalKind::Exchange(Distribution::Hash(keys)) = &node.kind {
        sent.extend(keys);
    }
    let (mut input, mut kept) = prune(only_input(&mut node)?, &sent)?;
    if !sent.is_empty() && kept.0.len() > sent.len() {
        let sent = Kept(sent.into_iter().collect());
        input = narrowed(input, &sent.columns_of(&kept))?;
        kept = sent;
    }
    let schema = named_as(&kept.schema(&node.schema), &input.schema);
    Ok((PhysicalNode::new(moved_exchange(node.kind, &kept), vec![input], schema), kept))
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
        PhysicalKind::SortLimit { keys, offset, fetch, strategy, of } => {
            PhysicalKind::SortLimit { keys: kept.sort_keys(&keys), offset, fetch, strategy, of }
        }
        other => other,
    }
}

fn whole(node: PhysicalNode) -> Result<(PhysicalNode, Kept)> {
    let kept = Kept::all(&node.schema);
    Ok((node, kept))
}

/// A source that cannot leave columns out gets a Calc that does.
/// Of a table some column is always read: as in Flink the first, where none is needed.
fn scan(mut node: PhysicalNode, needed: &Needed) -> Result<(PhysicalNode, Kept)> {
    let PhysicalKind::TableSourceScan { table, projection, .. } = &mut node.kind else {
        return whole(node);
    };
    let first = (0..projection.len()).min_by_key(|c| projection[*c]);
    let first = first.filter(|_| needed.is_empty());
    let kept = Kept(needed.iter().copied().chain(first).collect());
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
    let read = match (&condition, &input.kind) {
        // A filter of what OVER computes is in the way of the projection.
        (Some(_), PhysicalKind::OverAggregate { .. }) => (0..input.schema.len()).collect(),
        _ => exprs.iter().copied().chain(&condition).flat_map(Expr::columns).collect(),
    };
    let (input, below) = prune(input, &read)?;
    let projection: Vec<Expr> = exprs.into_iter().map(|e| below.expr(e)).collect();
    let condition = condition.map(|c| below.expr(&c));
    let schema = kept.schema(&node.schema);
    let order = projection.iter().map(Expr::as_column).collect::<Option<Vec<_>>>();
    match order.filter(|order| condition.is_none() && only_orders(order, &input, &schema)) {
        Some(order) => Ok((below_watermarks(input, &order)?, kept)),
        None => Ok((plain_calc(input, condition, projection, schema)?, kept)),
    }
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

/// Nothing is left out below collections; what repeats rows by a number keeps what is read.
fn correlate(mut node: PhysicalNode, needed: &Needed) -> Result<(PhysicalNode, Kept)> {
    let input = only_input(&mut node)?;
    let PhysicalKind::Correlate(mut correlate) = node.kind else { return Err(no_input()) };
    let width = input.schema.len();
    let read = match correlate.of.data_type.logical {
        LogicalType::BigInt => {
            let read = needed.iter().copied().filter(|c| *c < width);
            read.chain(correlate.of.columns()).collect()
        }
        _ => (0..width).collect(),
    };
    let (input, below) = prune(input, &read)?;
    correlate.of = below.expr(&correlate.of);
    let kept = Kept(below.0.into_iter().chain(width..node.schema.len()).collect());
    let schema = kept.schema(&node.schema);
    Ok((PhysicalNode::new(PhysicalKind::Correlate(correlate), vec![input], schema), kept))
}

impl Kept {
    /// Where these columns are in a node that kept at least them.
    fn columns_of(&self, below: &Kept) -> Vec<usize> {
        below.columns(&self.0)
    }
}

/// Each row several times: what nobody reads of it is not made.
fn expand(mut node: PhysicalNode, needed: &Needed) -> Result<(PhysicalNode, Kept)> {
    let input = only_input(&mut node)?;
    let PhysicalKind::Expand(projects) = node.kind else { return Err(no_input()) };
    let kept = Kept(needed.iter().copied().collect());
    let read = projects.iter().flat_map(|exprs| kept.0.iter().flat_map(|c| exprs[*c].columns()));
    let (input, below) = prune(input, &read.collect())?;
    let project = |exprs: &Vec<Expr>| kept.0.iter().map(|c| below.expr(&exprs[*c])).collect();
    let kind = PhysicalKind::Expand(projects.iter().map(project).collect());
    let schema = kept.schema(&node.schema);
    Ok((PhysicalNode::new(kind, vec![input], schema), kept))
}

/// A node that keeps the columns of its input and puts its own behind them.
fn appending(mut node: PhysicalNode, needed: &Needed) -> Result<(PhysicalNode, Kept)> {
    let input = only_input(&mut node)?;
    let width = input.schema.len();
    let mut read: Needed = needed.iter().copied().filter(|c| *c < width).collect();
    read.extend(reads(&node.kind));
    let (input, below) = match node.kind {
        PhysicalKind::Rank(Rank { of: LimitOf::Subtask | LimitOf::Subtasks, .. }) => {
            prune(input, &read)?
        }
        PhysicalKind::Rank(_) | PhysicalKind::Deduplicate(_) => {
            // What names a row stays with it, as Flink's `CalcRankTransposeRule` lets it.
            read.extend(unique_keys(&input).into_iter().flatten());
            above(input, &read)?
        }
        // Flink's planner leaves columns out of streams where OVER is bound, or not at all.
        PhysicalKind::OverAggregate { bounded: false, .. } => prune(input, &(0..width).collect())?,
        _ => prune(input, &read)?,
    };
    let kind = moved(node.kind, &|c| below.place(c));
    let own = width..node.schema.len();
    let kept = Kept(below.0.iter().copied().chain(own).collect());
    let schema = kept.schema(&node.schema);
    Ok((PhysicalNode::new(kind, vec![input], schema), kept))
}

/// The columns that such a node reads itself.
fn reads(kind: &PhysicalKind) -> Vec<usize> {
    let of_keys = |keys: &[SortKey]| keys.iter().map(|k| k.column).collect::<Vec<_>>();
    match kind {
        PhysicalKind::WindowTableFunction(assigner) => vec![assigner.time],
        PhysicalKind::OverAggregate { windows, .. } => {
            windows.iter().flat_map(OverWindow::columns).collect()
        }
        PhysicalKind::Rank(rank) => {
            let end: Vec<usize> = rank.end_column.into_iter().collect();
            [rank.partition.clone(), of_keys(&rank.order), end].concat()
        }
        PhysicalKind::Deduplicate(dedup) => {
            dedup.key.iter().copied().chain(dedup.rowtime).collect()
        }
        PhysicalKind::WindowRank(rank) => {
            [rank.partition.clone(), of_keys(&rank.order), rank.windows.columns()].concat()
        }
        _ => Vec::new(),
    }
}

/// Such a node where columns stand elsewhere.
fn moved(kind: PhysicalKind, place: &impl Fn(usize) -> usize) -> PhysicalKind {
    let all = |columns: &mut Vec<usize>| columns.iter_mut().for_each(|c| *c = place(*c));
    let keys = |keys: &mut Vec<SortKey>| keys.iter_mut().for_each(|k| k.column = place(k.column));
    match kind {
        PhysicalKind::WindowTableFunction(assigner) => {
            let time = place(assigner.time);
            PhysicalKind::WindowTableFunction(WindowAssigner { time, ..assigner })
        }
        PhysicalKind::OverAggregate { windows, bounded, .. } => {
            let windows = windows.into_iter().map(|window| window.moved(place)).collect();
            PhysicalKind::OverAggregate { windows, rows_in: None, bounded }
        }
        PhysicalKind::Rank(mut rank) => {
            // Flink leaves the column that says the last place where it was: `CalcRankTransposeRule`.
            all(&mut rank.partition);
            keys(&mut rank.order);
            PhysicalKind::Rank(rank)
        }
        PhysicalKind::Deduplicate(mut dedup) => {
            all(&mut dedup.key);
            dedup.rowtime = dedup.rowtime.map(place);
            PhysicalKind::Deduplicate(dedup)
        }
        PhysicalKind::WindowRank(mut rank) => {
            all(&mut rank.partition);
            keys(&mut rank.order);
            rank.windows = rank.windows.moved(place);
            PhysicalKind::WindowRank(rank)
        }
        other => other,
    }
}
