//! Sources of one table that read different columns read all of them, so that one can serve all.
//!
//! As Flink's `ScanReuser`: what they read besides columns (partitions, filters, LIMIT) has to be the
//! same. Each reader gets a Calc that leaves the columns of the others out, or its own Calc does.

use std::collections::BTreeMap;

use super::reuse::reads;
use crate::data::{Field, Schema};
use crate::expr::Expr;
use crate::plan::physical::{PhysicalKind, PhysicalNode};

/// Applies the rule to all trees of a plan.
pub(crate) fn apply(roots: Vec<PhysicalNode>) -> Vec<PhysicalNode> {
    let mut columns = Columns::new();
    roots.iter().for_each(|root| collect(root, &mut columns));
    columns.retain(|_, tables| tables.scans > 1);
    if columns.is_empty() {
        return roots;
    }
    roots.into_iter().map(|root| widen(root, &columns)).collect()
}

/// For what scans read besides columns, the columns that all of them read together.
type Columns = BTreeMap<String, Together>;

#[derive(Default)]
struct Together {
    scans: usize,
    /// By their positions in the table.
    fields: BTreeMap<usize, Field>,
}

fn collect(node: &PhysicalNode, columns: &mut Columns) {
    if let (Some(reads), PhysicalKind::TableSourceScan { projection, .. }) =
        (reads(node), &node.kind)
    {
        let together = columns.entry(reads).or_default();
        together.scans += 1;
        let fields = projection.iter().copied().zip(node.schema.fields().iter().cloned());
        together.fields.extend(fields);
    }
    node.inputs.iter().for_each(|input| collect(input, columns));
}

fn widen(mut node: PhysicalNode, columns: &Columns) -> PhysicalNode {
    if let (PhysicalKind::Calc { condition, projection }, [scan]) = (&node.kind, &node.inputs[..])
        && let Some((scan, places)) = widened(scan, columns)
    {
        let moved = |expr: &Expr| expr.map_columns(&|c| places[c]);
        let condition = condition.as_ref().map(moved);
        let projection = projection.iter().map(moved).collect();
        let kind = PhysicalKind::Calc { condition, projection };
        return PhysicalNode { kind, inputs: [scan].into(), ..node };
    }
    if let Some((scan, places)) = widened(&node, columns) {
        let fields = node.schema.fields().iter().zip(places);
        let projection = fields.map(|(f, place)| Expr::column(place, f.data_type.clone()));
        let kind = PhysicalKind::Calc { condition: None, projection: projection.collect() };
        return PhysicalNode { kind, inputs: [scan].into(), ..node };
    }
    node.inputs = node.inputs.into_iter().map(|input| widen(input, columns)).collect();
    node
}

/// A scan that reads the columns of the others too, and where its own are then; `None` if it reads all
/// of them already, or is no scan.
fn widened(node: &PhysicalNode, columns: &Columns) -> Option<(PhysicalNode, Vec<usize>)> {
    let together = columns.get(&reads(node)?)?;
    let mut scan = node.clone();
    let PhysicalKind::TableSourceScan { projection, filters, .. } = &mut scan.kind else {
        return None;
    };
    let all: Vec<usize> = together.fields.keys().copied().collect();
    if *projection == all {
        return None;
    }
    let place = |column: &usize| all.binary_search(column).unwrap_or_default();
    let places: Vec<usize> = projection.iter().map(place).collect();
    for filter in filters {
        *filter = filter.map_columns(&|c| places[c]);
    }
    *projection = all;
    scan.schema = Schema::new(together.fields.values().cloned().collect());
    Some((scan, places))
}
