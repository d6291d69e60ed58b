//! Which columns hold the key of the records at each operator, so that the stage can colour them.
//!
//! An aggregate knows its key. From there it spreads: down to the sink, and up to the source through
//! every operator that keeps the columns.

use crate::expr::Expr;
use crate::graph::stream_graph::{KeySelector, Partitioner, StreamEdge, StreamNode};
use crate::plan::PhysicalKind;
use crate::plan::phases::Local;

/// Where the columns of an operator come from.
pub(super) enum Lineage {
    /// They are the input's, and perhaps some that are made here behind them.
    Same,
    /// Each is a column of the input, or none.
    Columns(Vec<Option<usize>>),
    /// These are the key; nothing else is known.
    Key(Vec<usize>),
    /// They are made here.
    Own,
}

impl Lineage {
    pub(super) fn of(kind: &PhysicalKind) -> Self {
        match kind {
            PhysicalKind::TableSourceScan { .. } | PhysicalKind::Values(_) => Self::Own,
            PhysicalKind::Calc { projection, .. } => {
                Self::Columns(projection.iter().map(Expr::as_column).collect())
            }
            PhysicalKind::WindowJoin(of) => Self::Key(of.join.keys[0].clone()),
            PhysicalKind::Match(pattern) => Self::Key((0..pattern.partition.len()).collect()),
            PhysicalKind::Expand(projects) => {
                let column = |c: usize| {
                    let first = projects.first()?.get(c)?.as_column();
                    let same = projects.iter().all(|exprs| exprs[c].as_column() == first);
                    first.filter(|_| same)
                };
                Self::Columns((0..projects.first().map_or(0, Vec::len)).map(column).collect())
            }
            PhysicalKind::GroupAggregate(grouping)
            | PhysicalKind::HashAggregate(grouping)
            | PhysicalKind::SortAggregate(grouping)
            | PhysicalKind::WindowAggregate { grouping, .. }
            | PhysicalKind::GroupWindowAggregate { grouping, .. } => {
                Self::Key((0..grouping.keys.len()).collect())
            }
            PhysicalKind::GlobalGroupAggregate(global)
            | PhysicalKind::GlobalBatchAggregate { global, .. }
            | PhysicalKind::GlobalWindowAggregate { global, .. } => {
                Self::Key((0..global.grouping.keys.len()).collect())
            }
            PhysicalKind::IncrementalGroupAggregate(of) => {
                Self::Key((0..of.told.grouping.keys.len()).collect())
            }
            PhysicalKind::LocalGroupAggregate(local)
            | PhysicalKind::LocalBatchAggregate { local, .. } => of_local(local, 0),
            PhysicalKind::LocalWindowAggregate { local, .. } => of_local(local, 1),
            PhysicalKind::Join(join) => Self::Key(join.keys[0].clone()),
            _ => Self::Same,
        }
    }

    /// Where the input's columns are in the output; `None` if one of them is gone.
    fn down(&self, columns: &[usize]) -> Option<Vec<usize>> {
        match self {
            Self::Same => Some(columns.to_vec()),
            Self::Columns(from) => {
                let place = |c: &usize| from.iter().position(|f| *f == Some(*c));
                columns.iter().map(place).collect()
            }
            Self::Key(_) | Self::Own => None,
        }
    }

    /// Where the output's columns come from in an input of so many; `None` if one of them is made here.
    fn up(&self, columns: &[usize], input: usize) -> Option<Vec<usize>> {
        match self {
            Self::Same => columns.iter().all(|c| *c < input).then(|| columns.to_vec()),
            Self::Columns(from) => columns.iter().map(|c| from[*c]).collect(),
            Self::Key(_) | Self::Own => None,
        }
    }
}

/// The keys of a first phase come from its input; so many columns behind the accumulators do not.
fn of_local(local: &Local, behind: usize) -> Lineage {
    let made = vec![None; local.accumulators.columns.len() + behind];
    Lineage::Columns(local.grouping.keys.iter().copied().map(Some).chain(made).collect())
}

/// Gives every node its key columns.
pub(super) fn spread(nodes: &mut [StreamNode], edges: &[StreamEdge], lineages: &[Lineage]) {
    for edge in edges {
        let (from, to) = (edge.from.0 as usize, edge.to.0 as usize);
        nodes[to].key_columns = match &lineages[to] {
            Lineage::Key(key) => key.clone(),
            lineage => lineage.down(&nodes[from].key_columns).unwrap_or_default(),
        };
    }
    for edge in edges.iter().rev() {
        let (from, to) = (edge.from.0 as usize, edge.to.0 as usize);
        let above = match &edge.partitioner {
            Partitioner::Hash(KeySelector::Columns(columns)) => Some(columns.clone()),
            _ => lineages[to].up(&nodes[to].key_columns, nodes[from].output.fields().len()),
        };
        // Columns that an operator puts behind those of its input are not there above it.
        let width = nodes[from].output.len();
        let above = above.filter(|columns| columns.iter().all(|c| *c < width));
        if let (true, Some(above)) = (nodes[from].key_columns.is_empty(), above) {
            nodes[from].key_columns = above;
        }
    }
}
