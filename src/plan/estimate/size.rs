//! How large rows are.
//!
//! Source: `FlinkRelMdSize` and `FlinkRelMdUtil.binaryRowAverageSize` of Flink 1.18.

use std::rc::Rc;

use super::Estimator;
use super::rows::passes_rows;
use crate::data::{LogicalType, Schema, Value};
use crate::expr::types::is_text;
use crate::expr::{Expr, Node};
use crate::plan::phases::{Global, Local};
use crate::plan::physical::{PhysicalKind, PhysicalNode};
use crate::sql::bound::JoinKind;

impl Estimator {
    /// The bytes of all rows of an operator, as its neighbours keep them.
    pub fn bytes(&self, node: &PhysicalNode) -> f64 {
        self.rows(node) * self.binary_size(node)
    }

    /// The bytes of a row that travels.
    pub(super) fn row_size(&self, node: &PhysicalNode) -> f64 {
        self.sizes(node).iter().sum()
    }

    /// The bytes of a row that is kept: bits for NULLs, eight bytes a column, and what does not fit into
    /// them.
    pub(super) fn binary_size(&self, node: &PhysicalNode) -> f64 {
        let sizes = self.sizes(node);
        let fields = node.schema.fields().iter().zip(sizes.iter());
        let bytes =
            |(field, size): (&crate::data::Field, &f64)| match fits(&field.data_type.logical) {
                true => 8.0,
                false => size + 8.0,
            };
        let bits = (node.schema.len() + 63 + 8) / 64 * 8;
        fields.map(bytes).sum::<f64>() + bits as f64
    }

    /// The bytes of each column.
    fn sizes(&self, node: &PhysicalNode) -> Rc<[f64]> {
        self.once(node, |known| &mut known.sizes, || self.column_sizes(node).into())
    }

    fn column_sizes(&self, node: &PhysicalNode) -> Vec<f64> {
        let by_type = || of_types(&node.schema);
        let Some(input) = node.inputs.first() else {
            return match &node.kind {
                PhysicalKind::Values(rows) if !rows.is_empty() => {
                    of_values(rows, node.schema.len())
                }
                _ => by_type(),
            };
        };
        let below = || self.sizes(input).to_vec();
        match &node.kind {
            PhysicalKind::Calc { projection, .. } => {
                let below = self.sizes(input);
                projection.iter().map(|e| of_expr(e, &below)).collect()
            }
            PhysicalKind::Expand(projects) => self.expanded(projects, input, &node.schema),
            kind if passes_rows(kind) => below(),
            PhysicalKind::Rank(_) | PhysicalKind::WindowRank(_) => with_rest(below(), &node.schema),
            PhysicalKind::OverAggregate { .. } if self.is_batch() => {
                with_rest(below(), &node.schema)
            }
            PhysicalKind::HashAggregate(grouping)
            | PhysicalKind::SortAggregate(grouping)
            | PhysicalKind::LocalBatchAggregate { local: Local { grouping, .. }, .. }
            | PhysicalKind::GlobalBatchAggregate { global: Global { grouping, .. }, .. } => {
                self.grouped(&grouping.keys, input, &node.schema)
            }
            PhysicalKind::Join(join) => self.side_by_side(node, join.kind),
            PhysicalKind::WindowJoin(join) => self.side_by_side(node, join.join.kind),
            PhysicalKind::Union => {
                let sides: Vec<_> = node.inputs.iter().map(|input| self.sizes(input)).collect();
                let mean = |column: usize| {
                    sides.iter().filter_map(|side| side.get(column)).sum::<f64>()
                        / sides.len() as f64
                };
                (0..node.schema.len()).map(mean).collect()
            }
            _ => by_type(),
        }
    }

    /// Keys have the size that they have below.
    fn grouped(&self, keys: &[usize], input: &PhysicalNode, schema: &Schema) -> Vec<f64> {
        let below = self.sizes(input);
        with_rest(keys.iter().map(|key| below[*key]).collect(), schema)
    }

    fn side_by_side(&self, node: &PhysicalNode, kind: JoinKind) -> Vec<f64> {
        let sides = match kind {
            JoinKind::Semi | JoinKind::Anti => &node.inputs[..1],
            _ => &node.inputs,
        };
        sides.iter().flat_map(|side| self.sizes(side).to_vec()).collect()
    }

    /// Where all projects pass the same column on, it has the size that it has below.
    fn expanded(&self, projects: &[Vec<Expr>], input: &PhysicalNode, schema: &Schema) -> Vec<f64> {
        let below = self.sizes(input);
        let types = of_types(schema);
        let one = |column: usize| {
            let exprs = projects.iter().filter_map(|project| project.get(column));
            let mut read: Vec<usize> = exprs.filter_map(Expr::as_column).collect();
            read.dedup();
            match read.as_slice() {
                [only] => below[*only],
                _ => types[column],
            }
        };
        (0..schema.len()).map(one).collect()
    }
}

/// The sizes of the first columns, and those of the others by their types.
fn with_rest(mut sizes: Vec<f64>, schema: &Schema) -> Vec<f64> {
    sizes.truncate(schema.len());
    let rest = &schema.fields()[sizes.len()..];
    sizes.extend(rest.iter().map(|f| of_type(&f.data_type.logical)));
    sizes
}

fn of_types(schema: &Schema) -> Vec<f64> {
    with_rest(Vec::new(), schema)
}

fn of_values(rows: &[Vec<Expr>], columns: usize) -> Vec<f64> {
    let size = |row: &Vec<Expr>, column: usize| row.get(column).map_or(0.0, |e| of_expr(e, &[]));
    let mean = |column| rows.iter().map(|row| size(row, column)).sum::<f64>() / rows.len() as f64;
    (0..columns).map(mean).collect()
}

/// A call is as large as its first operand of the same kind.
fn of_expr(expr: &Expr, below: &[f64]) -> f64 {
    let mut expr = expr;
    loop {
        match &expr.node {
            Node::Column(column) => {
                return below
                    .get(*column)
                    .copied()
                    .unwrap_or_else(|| of_type(&expr.data_type.logical));
            }
            Node::Literal(value) => return of_value(value, &expr.data_type.logical),
            _ => match expr.operands().iter().find(|operand| is_same(operand, expr)) {
                Some(operand) => expr = operand,
                None => return of_type(&expr.data_type.logical),
            },
        }
    }
}

/// Whether an operand is of the kind of the result; a constant text has any length.
fn is_same(operand: &Expr, result: &Expr) -> bool {
    let (a, b) = (&operand.data_type.logical, &result.data_type.logical);
    let texts = operand.as_literal().is_some() && is_text(a) && is_text(b);
    texts || std::mem::discriminant(a) == std::mem::discriminant(b)
}

fn of_value(value: &Value, logical: &LogicalType) -> f64 {
    match value {
        Value::Null => 1.0,
        Value::String(text) => text.encode_utf16().count() as f64 * 2.0,
        Value::Bytes(bytes) => bytes.len() as f64,
        _ => of_type(logical),
    }
}

/// The bytes that a value of a type has.
fn of_type(logical: &LogicalType) -> f64 {
    use LogicalType as L;
    match logical {
        L::TinyInt | L::Boolean | L::Char(_) => 1.0,
        L::SmallInt => 2.0,
        L::Int | L::Float | L::IntervalDayTime => 4.0,
        L::BigInt | L::Double | L::IntervalYearMonth => 8.0,
        L::Varchar(_)
        | L::Decimal { .. }
        | L::Date
        | L::Time(_)
        | L::Timestamp { .. }
        | L::TimestampLtz { .. } => 12.0,
        L::Binary(_) | L::Varbinary(_) => 16.0,
        L::Array(of) => of_type(&of.logical) * 16.0,
        L::Map(key, value) => (of_type(&key.logical) + of_type(&value.logical)) * 16.0,
        L::Multiset(of) => (of_type(&of.logical) + of_type(&L::Int)) * 16.0,
        L::Row(schema) => of_types(schema).iter().sum(),
        L::Null => 128.0,
    }
}

/// Whether a value fits into eight bytes.
fn fits(logical: &LogicalType) -> bool {
    use LogicalType as L;
    match logical {
        L::Decimal { precision, .. } => *precision <= 18,
        L::Timestamp { precision, .. } | L::TimestampLtz { precision, .. } => *precision <= 3,
        L::Boolean
        | L::TinyInt
        | L::SmallInt
        | L::Int
        | L::BigInt
        | L::Float
        | L::Double
        | L::Date
        | L::Time(_)
        | L::IntervalYearMonth
        | L::IntervalDayTime => true,
        _ => false,
    }
}
