//! INTERSECT and EXCEPT: as joins where each row counts once, by counting where ALL do.

use super::calc::{calc, columns, filter};
use super::convert::{by_key, distinct, rel};
use super::join::join;
use super::physical::{Correlate, Grouping, PhysicalKind, PhysicalNode};
use crate::base::{Result, RuntimeMode};
use crate::data::{DataType, Field, LogicalType, Schema, Value};
use crate::expr::{Expr, aggregate, call};
use crate::sql::bound::{AggregateCall, JoinKind, Rel, SetOp};

/// Plans the operation over all its inputs, from left to right.
pub(super) fn minus_or_intersect(
    op: SetOp,
    all: bool,
    inputs: &[Rel],
    schema: &Schema,
    mode: RuntimeMode,
) -> Result<PhysicalNode> {
    let mut inputs = inputs.iter().map(|input| rel(input, mode));
    let first = inputs.next().unwrap_or_else(|| Err(super::physical::no_input()))?;
    inputs.try_fold(first, |left, right| match all {
        true => counted(op, left, right?, schema, mode),
        false => once(op, left, right?, schema, mode),
    })
}

/// Rows of the left that are on the right too, or are not.
fn once(
    op: SetOp,
    left: PhysicalNode,
    right: PhysicalNode,
    schema: &Schema,
    mode: RuntimeMode,
) -> Result<PhysicalNode> {
    let kind = if op == SetOp::Intersect { JoinKind::Semi } else { JoinKind::Anti };
    let mut condition: Option<Expr> = None;
    for (n, field) in schema.fields().iter().enumerate() {
        let sides = [n, n + schema.len()].map(|c| Expr::column(c, field.data_type.clone()));
        let same = call("IS NOT DISTINCT FROM", sides.to_vec())?;
        condition = Some(match condition {
            None => same,
            Some(before) => call("AND", vec![before, same])?,
        });
    }
    let joined = join(left, right, kind, condition.as_ref(), schema, mode)?;
    Ok(distinct(PhysicalNode { schema: schema.clone(), ..joined }, mode))
}

/// How often a row is on either side says how often it goes out.
fn counted(
    op: SetOp,
    left: PhysicalNode,
    right: PhysicalNode,
    schema: &Schema,
    mode: RuntimeMode,
) -> Result<PhysicalNode> {
    let width = schema.len();
    let sides = [marked(left, true, schema)?, marked(right, false, schema)?];
    let united = sides[0].schema.clone();
    let union = PhysicalNode::new(PhysicalKind::Union, sides, united.clone());
    let mut fields = united.fields()[..width].to_vec();
    let mut calls = Vec::new();
    for column in [width, width + 1] {
        let argument = Expr::column(column, united.fields()[column].data_type.clone());
        let call = aggregate::aggregate("COUNT", vec![argument], false, None, false)?;
        let name = united.fields()[column].name.replace("marker", "cnt");
        fields.push(Field::new(name.clone(), call.data_type.clone()));
        calls.push(AggregateCall { call, name });
    }
    let grouping = Grouping::new((0..width).collect(), calls);
    let input = union.exchanged(by_key(&grouping.keys));
    let kind = match mode {
        RuntimeMode::Streaming => PhysicalKind::GroupAggregate(grouping),
        RuntimeMode::Batch => PhysicalKind::HashAggregate(grouping),
    };
    let counts = PhysicalNode::new(kind, vec![input], Schema::new(fields));
    repeated(op, counts, schema)
}

/// The columns, and behind them which side they are of.
fn marked(input: PhysicalNode, left: bool, schema: &Schema) -> Result<PhysicalNode> {
    let there = Expr::constant(Value::Boolean(true)).coerce(LogicalType::Boolean)?;
    let missing = Expr::null(LogicalType::Boolean);
    let marks = if left { [there, missing] } else { [missing, there] };
    let exprs = columns(&input.schema).into_iter().chain(marks).collect();
    let boolean = DataType::nullable(LogicalType::Boolean);
    let marks = ["vcol_left_marker", "vcol_right_marker"];
    let marks = marks.map(|name| Field::new(name, boolean.clone()));
    let fields = schema.fields().iter().cloned().chain(marks);
    calc(input, None, exprs, Schema::new(fields.collect()))
}

fn repeated(op: SetOp, counts: PhysicalNode, schema: &Schema) -> Result<PhysicalNode> {
    let width = schema.len();
    let all = columns(&counts.schema);
    let (left, right) = (all[width].clone(), all[width + 1].clone());
    let less = call("<", vec![left.clone(), right.clone()])?;
    let times = match op {
        SetOp::Intersect => Expr::case(vec![(less, left)], Some(right))?,
        _ => call("-", vec![left, right])?,
    };
    let zero = Expr::constant(Value::BigInt(0));
    let counts = filter(counts, call(">", vec![times.clone(), zero])?)?;
    let exprs = all[..width].iter().cloned().chain([times.clone()]).collect();
    let times_field = Field::new("times", times.data_type.clone());
    let fields = schema.fields().iter().cloned().chain([times_field]);
    let counted = calc(counts, None, exprs, Schema::new(fields.collect()))?;
    let of = Expr::column(width, times.data_type);
    let columns_all = columns(&counted.schema);
    let whole = counted.schema.clone();
    let call = "$REPLICATE_ROWS$1".to_owned();
    let kind = PhysicalKind::Correlate(Correlate { of, left: false, condition: None, call });
    let node = PhysicalNode::new(kind, vec![counted], whole);
    calc(node, None, columns_all[..width].to_vec(), schema.clone())
}
