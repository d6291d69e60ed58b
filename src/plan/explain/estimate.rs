//! How large inputs are taken to be where nothing is known of tables: which side of a join is built.
//!
//! Source: `FlinkRelMdRowCount`, `FlinkRelMdSelectivity` and `FlinkRelMdUtil.binaryRowAverageSize` of Flink 1.18.

use crate::data::{LogicalType, Schema};
use crate::expr::Expr;
use crate::plan::{PhysicalKind, PhysicalNode};
use crate::sql::bound::JoinKind;

/// The rows of a table of which nothing is known.
const ROWS: f64 = 1e8;

/// The bytes of all rows of a node.
pub(in crate::plan) fn bytes(node: &PhysicalNode) -> f64 {
    rows(node) * row_bytes(&node.schema)
}

fn rows(node: &PhysicalNode) -> f64 {
    let input = node.inputs.first();
    let of_input = || input.map_or(0.0, rows);
    match &node.kind {
        PhysicalKind::TableSourceScan { limit, .. } => limit.map_or(ROWS, |l| ROWS.min(l as f64)),
        PhysicalKind::Values(rows) => rows.len() as f64,
        PhysicalKind::Calc { condition, .. } => {
            of_input() * condition.as_ref().map_or(1.0, selectivity)
        }
        PhysicalKind::GroupAggregate(grouping) | PhysicalKind::HashAggregate(grouping)
            if grouping.keys.is_empty() =>
        {
            1.0
        }
        PhysicalKind::Limit { fetch, .. } | PhysicalKind::SortLimit { fetch, .. } => {
            of_input().min(*fetch as f64)
        }
        PhysicalKind::Union => node.inputs.iter().map(rows).sum(),
        PhysicalKind::Join(join) => match join.kind {
            JoinKind::Inner => of_input() * 0.3,
            _ => of_input(),
        },
        _ => of_input(),
    }
}

/// The part of the rows for which a condition is true.
fn selectivity(condition: &Expr) -> f64 {
    let operands = condition.operands();
    match condition.as_call().map(|f| f.name) {
        Some("AND") => operands.iter().map(selectivity).product(),
        Some("OR") => 1.0 - operands.iter().map(|o| 1.0 - selectivity(o)).product::<f64>(),
        Some("NOT") => operands.first().map_or(1.0, |o| 1.0 - selectivity(o)),
        Some("=") => 0.15,
        Some("<" | "<=" | ">" | ">=" | "<>") => 0.5,
        Some("IS NULL") => 0.1,
        Some("IS NOT NULL") => 0.9,
        _ => 0.25,
    }
}

/// Null bits, eight bytes a field, and what does not fit into them.
fn row_bytes(schema: &Schema) -> f64 {
    let variable = |logical: &LogicalType| match logical {
        LogicalType::Char(length) | LogicalType::Binary(length) => f64::from(*length),
        LogicalType::Varchar(length) | LogicalType::Varbinary(length) => {
            (f64::from(*length) / 2.0).min(12.0)
        }
        LogicalType::Decimal { precision, .. } if *precision > 18 => 16.0,
        LogicalType::Array(_) | LogicalType::Map(..) | LogicalType::Multiset(_) => 16.0,
        _ => 0.0,
    };
    let bits = (schema.len() + 8).div_ceil(64) * 8;
    let fields = schema.fields().iter().map(|f| 8.0 + variable(&f.data_type.logical));
    bits as f64 + fields.sum::<f64>()
}
