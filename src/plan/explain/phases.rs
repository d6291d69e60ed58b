//! EXPLAIN of aggregates in two phases: `COUNT(*) AS count1$0`, then `COUNT(count1$0) AS n`.

use super::over::{properties, window_of};
use super::{arguments, call_of, columns, function, grouped, keys};
use crate::data::{Field, Schema};
use crate::plan::phases::{Global, Incremental, Local};
use crate::plan::physical::{PhysicalNode, Split};
use crate::plan::window::WindowTimes;
use crate::sql::bound::{AggregateCall, WindowProperty};

pub(super) fn local(local: &Local, node: &PhysicalNode, input: &Schema) -> Vec<String> {
    let select = accumulated(local, "", node, input);
    split(grouped(&columns(&local.grouping.keys, input), select), local.grouping.part)
}

pub(super) fn global(global: &Global, node: &PhysicalNode, input: &Schema) -> Vec<String> {
    let select = merged(global, MERGED, node, input);
    split(grouped(&columns(&global.grouping.keys, input), select), global.grouping.part)
}

/// Says which part of a split GROUP BY it is, before what is selected.
pub(super) fn split(mut attributes: Vec<String>, part: Split) -> Vec<String> {
    let part = match part {
        Split::Whole => return attributes,
        Split::Partial => "PARTIAL",
        Split::Final => "FINAL",
    };
    attributes.insert(attributes.len() - 1, format!("partialFinalType=[{part}]"));
    attributes
}

pub(super) fn incremental(of: &Incremental, input: &Schema) -> Vec<String> {
    let Incremental { partial, told } = of;
    let local = &partial.local;
    let fields = input.fields().iter().map(|f| f.name.clone());
    let keys: Vec<String> = fields.take(partial.grouping.keys.len()).collect();
    let finals = &keys[..told.grouping.keys.len()];
    let mut select = finals.to_vec();
    for (index, call) in local.grouping.calls.iter().enumerate() {
        let columns = in_brackets(&accumulator(local, index));
        let function = function(&call.call, local.retracts);
        let told = in_brackets(&accumulator(told, index));
        select.push(format!("{function}({}{columns}) AS {told}", distinct(local, index)));
    }
    vec![
        format!("partialAggGrouping=[{}]", keys.join(", ")),
        format!("finalAggGrouping=[{}]", finals.join(", ")),
        format!("select=[{}]", select.join(", ")),
    ]
}

pub(super) fn local_batch(local: &Local, node: &PhysicalNode, input: &Schema) -> Vec<String> {
    grouped(&columns(&local.grouping.keys, input), accumulated(local, "Partial_", node, input))
}

pub(super) fn global_batch(global: &Global, node: &PhysicalNode, input: &Schema) -> Vec<String> {
    const FINAL: Merged = Merged { prefix: "Final_", in_brackets: false };
    let select = merged(global, FINAL, node, input);
    let all = grouped(&columns(&global.grouping.keys, input), select);
    std::iter::once("isMerge=[true]".to_owned()).chain(all).collect()
}

pub(super) fn local_window(
    local: &Local,
    windows: &WindowTimes,
    node: &PhysicalNode,
    input: &Schema,
) -> Vec<String> {
    let mut select = accumulated(local, "", node, input);
    let end = node.schema.fields().last().map_or("", |field| &field.name);
    select.push(format!("slice_end('w$) AS {end}"));
    in_windows(&columns(&local.grouping.keys, input), windows, select, input)
}

/// Flink names one column after the other, also that of a count which it has added: names move on, and
/// what is last loses its own.
pub(super) fn global_window(
    global: &Global,
    windows: &WindowTimes,
    asked: &[WindowProperty],
    node: &PhysicalNode,
    input: &Schema,
) -> Vec<String> {
    let Global { grouping, local } = global;
    let mut select = merged(global, MERGED, node, input);
    let mut fields = &node.schema.fields()[select.len()..];
    for (index, call) in local.grouping.calls.iter().enumerate().skip(grouping.calls.len()) {
        let Some((field, rest)) = fields.split_first() else { break };
        select.push(merge(local, index, call, MERGED, field));
        fields = rest;
    }
    select.extend(properties(asked, fields));
    in_windows(&columns(&grouping.keys, input), windows, select, input)
}

fn in_windows(
    key: &str,
    windows: &WindowTimes,
    select: Vec<String>,
    input: &Schema,
) -> Vec<String> {
    let mut parts = grouped(key, select);
    parts.insert(parts.len() - 1, format!("window=[{}]", window_of(windows, input)));
    parts
}

/// What a first phase gives: the keys, then each accumulator.
fn accumulated(local: &Local, prefix: &str, node: &PhysicalNode, input: &Schema) -> Vec<String> {
    let grouping = &local.grouping;
    let mut select: Vec<String> = keys(&grouping.keys, node.schema.fields(), input).collect();
    for (index, call) in grouping.calls.iter().enumerate() {
        let call = call_of(&call.call, &distinct(local, index), input, local.retracts);
        select.push(format!("{prefix}{call} AS {}", in_brackets(&accumulator(local, index))));
    }
    let shared = local.accumulators.columns.iter().filter(|(_, _, f)| f.name.starts_with(DISTINCT));
    select.extend(shared.map(|(call, _, field)| {
        format!("DISTINCT({}) AS {}", arguments(&grouping.calls[*call].call, input), field.name)
    }));
    select
}

/// How a second phase is written.
#[derive(Clone, Copy)]
struct Merged {
    prefix: &'static str,
    in_brackets: bool,
}

const MERGED: Merged = Merged { prefix: "", in_brackets: true };

/// What a second phase gives: the keys, then the results.
fn merged(global: &Global, how: Merged, node: &PhysicalNode, input: &Schema) -> Vec<String> {
    let Global { grouping, local } = global;
    let (of_keys, of_calls) = node.schema.fields().split_at(grouping.keys.len());
    let calls = grouping.calls.iter().zip(of_calls).enumerate();
    let results = calls.map(|(index, (call, field))| merge(local, index, call, how, field));
    keys(&grouping.keys, of_keys, input).chain(results).collect()
}

fn merge(local: &Local, index: usize, call: &AggregateCall, how: Merged, field: &Field) -> String {
    let columns = accumulator(local, index);
    let columns = if how.in_brackets { in_brackets(&columns) } else { columns.join(", ") };
    let function = function(&call.call, local.retracts);
    format!("{}{function}({}{columns}) AS {}", how.prefix, distinct(local, index), field.name)
}

const DISTINCT: &str = "distinct$";

fn distinct(local: &Local, call: usize) -> String {
    let number = local.accumulators.distinct[call];
    number.map(|number| format!("{DISTINCT}{number} ")).unwrap_or_default()
}

/// The columns of a call's accumulator.
fn accumulator(local: &Local, call: usize) -> Vec<&str> {
    let accumulators = &local.accumulators;
    let columns =
        accumulators.places[call].iter().map(|place| &accumulators.columns[*place].2.name);
    columns.map(String::as_str).filter(|name| !name.starts_with(DISTINCT)).collect()
}

/// In brackets if they are several.
fn in_brackets(columns: &[&str]) -> String {
    match columns {
        [one] => (*one).to_owned(),
        several => format!("({})", several.join(", ")),
    }
}
