//! Distinct values of a hot key are counted in buckets first, each by a subtask of its own; then the
//! buckets are put together. So the key is no bottleneck.
//!
//! As Flink's `SplitAggregateRule` (`table.optimizer.distinct-agg.split.enabled`):
//! `GROUP BY k` becomes `GROUP BY k, MOD(HASH_CODE(v), 1024)` under `GROUP BY k`. Where calls have buckets
//! of different values, each row comes once for each of them (Expand). What MIN, MAX, FIRST_VALUE and
//! LAST_VALUE see is put into buckets too, for it may have to be kept.

use std::collections::BTreeSet;

use crate::base::Result;
use crate::data::{DataType, Field, LogicalType, Schema, Value};
use crate::expr::aggregate::{AggregateCall as Function, aggregate};
use crate::expr::{Expr, call};
use crate::plan::calc::{calc, columns, new_name, plain_calc};
use crate::plan::convert::by_key;
use crate::plan::physical::{Grouping, PhysicalKind, PhysicalNode, Split};
use crate::sql::bound::AggregateCall;

/// Applies the rule to a tree of a stream.
pub(crate) fn apply(root: PhysicalNode, buckets: i32) -> Result<PhysicalNode> {
    let (mut root, is_split) = rewrite(root, buckets)?;
    if is_split && matches!(root.kind, PhysicalKind::Collect) {
        // Before all buckets have come, a result may be NULL that never is in the end.
        let mut fields = root.schema.fields().to_vec();
        fields.iter_mut().for_each(|field| field.data_type.nullable = true);
        root.schema = Schema::new(fields);
    }
    Ok(root)
}

/// The tree, and whether anything in it was split.
fn rewrite(mut node: PhysicalNode, buckets: i32) -> Result<(PhysicalNode, bool)> {
    let mut is_split = false;
    for input in &mut node.inputs {
        let (below, was_split) = rewrite(input.clone(), buckets)?;
        (*input, is_split) = (below, is_split || was_split);
    }
    let node = if is_split { merged(node)? } else { node };
    let PhysicalKind::GroupAggregate(grouping) = &node.kind else { return Ok((node, is_split)) };
    let input = node.inputs.first().and_then(|exchange| exchange.inputs.first());
    match input.filter(|_| may_be_split(grouping)) {
        Some(input) => Ok((split(grouping, input.clone(), &node.schema, buckets)?, true)),
        None => Ok((node, is_split)),
    }
}

fn may_be_split(grouping: &Grouping) -> bool {
    let one_by_one = |c: &AggregateCall| match c.call.function.name {
        "COUNT" | "AVG" | "SUM" | "$SUM0" | "MIN" | "MAX" | "LISTAGG" | "SINGLE_VALUE" => true,
        "FIRST_VALUE" | "LAST_VALUE" => c.call.arguments.len() == 1,
        _ => false,
    };
    grouping.calls.iter().any(|c| sees_once(&c.call)) && grouping.calls.iter().all(one_by_one)
}

/// A Calc over one that makes averages, as one.
fn merged(node: PhysicalNode) -> Result<PhysicalNode> {
    match (&node.kind, node.inputs.as_slice()) {
        (PhysicalKind::Calc { condition, projection }, [input])
            if matches!(input.kind, PhysicalKind::Calc { .. }) =>
        {
            plain_calc(input.clone(), condition.clone(), projection.clone(), node.schema)
        }
        _ => Ok(node),
    }
}

/// Whether it matters to a call that equal values count once.
fn sees_once(call: &Function) -> bool {
    let best = matches!(call.function.name, "MIN" | "MAX");
    call.distinct && !call.arguments.is_empty() && !best
}

/// The columns whose values a call wants in buckets.
fn bucketed(call: &Function) -> Vec<usize> {
    let keeps = matches!(call.function.name, "MIN" | "MAX" | "FIRST_VALUE" | "LAST_VALUE");
    let columns = call.arguments.iter().filter_map(Expr::as_column);
    columns.filter(|_| keeps || sees_once(call)).collect()
}

/// The functions of the first part and of the second.
fn functions(name: &'static str) -> &'static [(&'static str, &'static str)] {
    match name {
        "AVG" => &[("$SUM0", "$SUM0"), ("COUNT", "$SUM0")],
        "COUNT" => &[("COUNT", "$SUM0")],
        "MIN" => &[("MIN", "MIN")],
        "MAX" => &[("MAX", "MAX")],
        "SUM" => &[("SUM", "SUM")],
        "$SUM0" => &[("$SUM0", "$SUM0")],
        "FIRST_VALUE" => &[("FIRST_VALUE", "FIRST_VALUE")],
        "LAST_VALUE" => &[("LAST_VALUE", "LAST_VALUE")],
        "LISTAGG" => &[("LISTAGG", "LISTAGG")],
        _ => &[("SINGLE_VALUE", "SINGLE_VALUE")],
    }
}

/// A call of the first part.
struct Part {
    call: Function,
    /// Which columns of buckets belong to it.
    set: Vec<usize>,
    /// The function of the second part.
    last: &'static str,
}

fn split(
    grouping: &Grouping,
    input: PhysicalNode,
    output: &Schema,
    buckets: i32,
) -> Result<PhysicalNode> {
    let keys = &grouping.keys;
    let hashed: BTreeSet<usize> = grouping.calls.iter().flat_map(|c| bucketed(&c.call)).collect();
    let hashed: Vec<usize> = hashed.into_iter().filter(|c| !keys.contains(c)).collect();
    let width = input.schema.len();
    let input = with_buckets(input, &hashed, buckets)?;
    let bucket = |column: usize| hashed.iter().position(|h| *h == column).map(|h| width + h);
    let full: Vec<usize> = keys.iter().copied().chain(width..width + hashed.len()).collect();

    let mut parts = Vec::new();
    let (mut sets, mut own) = (BTreeSet::new(), 0);
    for AggregateCall { call, .. } in &grouping.calls {
        let columns = bucketed(call);
        let set: Vec<usize> = columns.iter().filter_map(|c| bucket(*c)).collect();
        own += usize::from(sets.insert(set.clone()) && !columns.is_empty());
        for (first, last) in functions(call.function.name) {
            parts.push(Part {
                call: partial(first, call, keys.is_empty())?,
                set: set.clone(),
                last,
            });
        }
    }
    let input = match own > 1 {
        true => expanded(input, &full, width, &sets, &mut parts)?,
        false => input,
    };
    let first = partials(input, full, &parts);
    let last = finals(first, keys.len(), &parts)?;
    shown(last, grouping, output)
}

/// The rows with `MOD(HASH_CODE(v), buckets)` behind them for each of these columns.
fn with_buckets(input: PhysicalNode, hashed: &[usize], buckets: i32) -> Result<PhysicalNode> {
    let mut exprs = columns(&input.schema);
    let mut fields = input.schema.fields().to_vec();
    for column in hashed {
        let hash = call("HASH_CODE", vec![exprs[*column].clone()])?;
        let bucket = call("%", vec![hash, Expr::constant(Value::Int(buckets))])?;
        fields.push(Field::new(format!("$f{}", fields.len()), bucket.data_type.clone()));
        exprs.push(bucket);
    }
    match hashed {
        [] => Ok(input),
        _ => calc(input, None, exprs, Schema::new(fields)),
    }
}

fn partial(name: &str, of: &Function, global: bool) -> Result<Function> {
    let (arguments, filter) = (of.arguments.clone(), of.filter.clone());
    let mut call = aggregate(name, arguments, sees_once(of), filter, global)?;
    call.constants.clone_from(&of.constants);
    Ok(call)
}

/// Each row once for each set of buckets, with the others NULL, and a number for the set; and each call
/// with a filter for its own.
fn expanded(
    input: PhysicalNode,
    full: &[usize],
    width: usize,
    sets: &BTreeSet<Vec<usize>>,
    parts: &mut [Part],
) -> Result<PhysicalNode> {
    let bits = |set: &[usize]| -> i32 {
        let places = full.iter().rev().enumerate();
        places.filter(|(_, c)| **c >= width && !set.contains(c)).map(|(place, _)| 1 << place).sum()
    };
    let mut sets: Vec<(i32, &Vec<usize>)> = sets.iter().map(|set| (bits(set), set)).collect();
    sets.sort_unstable();
    let all = columns(&input.schema);
    let project = |(number, set): &(i32, &Vec<usize>)| {
        let column = |(c, expr): (usize, &Expr)| match c >= width && !set.contains(&c) {
            true => Expr::literal(Value::Null, expr.data_type.clone()),
            false => expr.clone(),
        };
        let number = Expr::constant(Value::Int(*number));
        all.iter().enumerate().map(column).chain([number]).collect::<Vec<_>>()
    };
    let projects = sets.iter().map(project).collect();
    let mut fields = input.schema.fields().to_vec();
    let number = Expr::column(fields.len(), DataType::not_null(LogicalType::Int));
    let name = new_name("$e", "_", &fields);
    fields.push(Field::new(name, number.data_type.clone()));
    let kind = PhysicalKind::Expand(projects);
    let expand = PhysicalNode::new(kind, vec![input], Schema::new(fields));

    let mut fields = expand.schema.fields()[..all.len()].to_vec();
    let mut exprs = all;
    let mut known: Vec<(i32, Option<Expr>, Expr)> = Vec::new();
    for Part { call: function, set, .. } in parts {
        let id = bits(set);
        let old = function.filter.take();
        let column = known.iter().find(|(known, filter, _)| *known == id && *filter == old);
        let column = match column {
            Some((_, _, column)) => column.clone(),
            None => {
                let own = call("=", vec![number.clone(), Expr::constant(Value::Int(id))])?;
                let filter = match &old {
                    Some(old) => call("AND", vec![own, old.clone()])?,
                    None => own,
                };
                let column = Expr::column(exprs.len(), filter.data_type.clone());
                let name = new_name(&format!("$g_{id}"), "", &fields);
                fields.push(Field::new(name, filter.data_type.clone()));
                exprs.push(filter);
                known.push((id, old, column.clone()));
                column
            }
        };
        function.filter = Some(column);
    }
    calc(expand, None, exprs, Schema::new(fields))
}

fn partials(input: PhysicalNode, keys: Vec<usize>, parts: &[Part]) -> PhysicalNode {
    let mut fields: Vec<Field> = keys.iter().map(|k| input.schema.fields()[*k].clone()).collect();
    let mut calls = Vec::with_capacity(parts.len());
    for Part { call, .. } in parts {
        let name = new_name(&format!("$f{}", fields.len()), "_", &fields);
        fields.push(Field::new(name.clone(), call.data_type.clone()));
        calls.push(AggregateCall { call: call.clone(), name });
    }
    let input = input.exchanged(by_key(&keys));
    let grouping = Grouping { keys, calls, part: Split::Partial };
    PhysicalNode::new(PhysicalKind::GroupAggregate(grouping), vec![input], Schema::new(fields))
}

fn finals(first: PhysicalNode, keys: usize, parts: &[Part]) -> Result<PhysicalNode> {
    let of_first = first.schema.fields();
    let mut fields = of_first[..keys].to_vec();
    let results = of_first.len() - parts.len();
    let mut calls = Vec::with_capacity(parts.len());
    for (place, Part { last, .. }) in parts.iter().enumerate() {
        let column = results + place;
        let argument = Expr::column(column, of_first[column].data_type.clone());
        let call = aggregate(last, vec![argument], false, None, keys == 0)?;
        let name = new_name(&format!("$f{}", fields.len()), "_", &fields);
        fields.push(Field::new(name.clone(), call.data_type.clone()));
        calls.push(AggregateCall { call, name });
    }
    let keys: Vec<usize> = (0..keys).collect();
    let input = first.exchanged(by_key(&keys));
    let grouping = Grouping { keys, calls, part: Split::Final };
    let schema = Schema::new(fields);
    Ok(PhysicalNode::new(PhysicalKind::GroupAggregate(grouping), vec![input], schema))
}

/// The columns of the GROUP BY that was split: averages are made of sums and counts.
fn shown(last: PhysicalNode, grouping: &Grouping, output: &Schema) -> Result<PhysicalNode> {
    let all = columns(&last.schema);
    let keys = grouping.keys.len();
    let mut exprs = all[..keys].to_vec();
    let mut next = all[keys..].iter().cloned();
    for (call, field) in grouping.calls.iter().zip(&output.fields()[keys..]) {
        let Some(value) = next.next() else { break };
        let value = match call.call.function.name {
            "AVG" => match next.next() {
                Some(count) => average(value, count)?,
                None => value,
            },
            _ => value,
        };
        exprs.push(match value.data_type.logical == field.data_type.logical {
            true => value,
            false => value.cast(field.data_type.logical.clone())?,
        });
    }
    if exprs.iter().enumerate().all(|(place, e)| e.as_column() == Some(place)) {
        return Ok(last);
    }
    let fields = output.fields().iter().enumerate().map(|(place, field)| {
        let name = if place < keys { field.name.clone() } else { format!("$f{place}") };
        Field::new(name, field.data_type.clone())
    });
    let schema = Schema::new(fields.collect());
    Ok(PhysicalNode::new(
        PhysicalKind::Calc { condition: None, projection: exprs },
        vec![last],
        schema,
    ))
}

/// NULL of no values.
fn average(sum: Expr, count: Expr) -> Result<Expr> {
    let none = call("=", vec![count.clone(), Expr::constant(Value::BigInt(0))])?;
    let average = call("/", vec![sum, count])?;
    let null = Expr::literal(Value::Null, DataType::nullable(average.data_type.logical.clone()));
    call("IF", vec![none, null, average])
}
