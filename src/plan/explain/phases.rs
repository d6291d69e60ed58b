//! EXPLAIN of aggregates in two phases: `COUNT(*) AS count1$0`, then `COUNT(count1$0) AS n`.

use super::{arguments, call_of, columns, function, grouped, keys};
use crate::data::Schema;
use crate::plan::phases::{Global, Local};
use crate::plan::physical::PhysicalNode;

pub(super) fn local(local: &Local, node: &PhysicalNode, input: &Schema) -> Vec<String> {
    let grouping = &local.grouping;
    let mut select: Vec<String> = keys(&grouping.keys, node.schema.fields(), input).collect();
    for (index, call) in grouping.calls.iter().enumerate() {
        let accumulated = call_of(&call.call, &distinct(local, index), input, local.retracts);
        select.push(format!("{accumulated} AS {}", accumulator(local, index)));
    }
    let shared = local.accumulators.columns.iter().filter(|(_, _, f)| f.name.starts_with(DISTINCT));
    select.extend(shared.map(|(call, _, field)| {
        format!("DISTINCT({}) AS {}", arguments(&grouping.calls[*call].call, input), field.name)
    }));
    grouped(&columns(&grouping.keys, input), select)
}

pub(super) fn global(global: &Global, node: &PhysicalNode, input: &Schema) -> Vec<String> {
    let Global { grouping, local } = global;
    let (of_keys, of_calls) = node.schema.fields().split_at(grouping.keys.len());
    let mut select: Vec<String> = keys(&grouping.keys, of_keys, input).collect();
    for (index, (call, field)) in grouping.calls.iter().zip(of_calls).enumerate() {
        let function = function(&call.call, local.retracts);
        let (distinct, of) = (distinct(local, index), accumulator(local, index));
        select.push(format!("{function}({distinct}{of}) AS {}", field.name));
    }
    grouped(&columns(&grouping.keys, input), select)
}

const DISTINCT: &str = "distinct$";

fn distinct(local: &Local, call: usize) -> String {
    let number = local.accumulators.distinct[call];
    number.map(|number| format!("{DISTINCT}{number} ")).unwrap_or_default()
}

/// The columns of a call's accumulator: in brackets if they are several.
fn accumulator(local: &Local, call: usize) -> String {
    let accumulators = &local.accumulators;
    let columns =
        accumulators.places[call].iter().map(|place| &accumulators.columns[*place].2.name);
    let own: Vec<&str> =
        columns.map(String::as_str).filter(|name| !name.starts_with(DISTINCT)).collect();
    match own.as_slice() {
        [one] => (*one).to_owned(),
        several => format!("({})", several.join(", ")),
    }
}
