//! JSON_EXECUTION_PLAN: the stream graph of a plan, as Flink writes it.
//!
//! Source: `JSONGenerator` of Flink 1.18.

use serde_json::{Value, json};

use super::{JobOptions, Translation};
use crate::base::{Error, OperatorId, Result, RuntimeMode};
use crate::graph::stream_graph::{KeySelector, NodeKind, Partitioner, StreamEdge, StreamNode};
use crate::plan::{ExecutionPlan, PhysicalPlan};

/// The operators of a plan and how rows go between them. The result store is no operator of it.
///
/// # Errors
/// As [`super::translate`].
pub fn execution_plan(plan: &PhysicalPlan, options: &JobOptions) -> Result<String> {
    let ExecutionPlan { shared, roots } = &plan.execution;
    let mut translation = Translation::new(plan.mode, shared, options);
    translation.shown = true;
    for root in roots {
        translation.add(root)?;
    }
    let all = || translation.nodes.iter().zip(&translation.described);
    let is_sink = |node: &StreamNode| matches!(node.body, NodeKind::Sink(_));
    let sinks_last = all().filter(|(n, _)| !is_sink(n)).chain(all().filter(|(n, _)| is_sink(n)));
    let nodes: Vec<Value> = sinks_last
        .filter_map(|(node, described)| Some(self::node(node, described.as_ref()?, &translation)))
        .collect();
    let broken = |error: serde_json::Error| Error::new("plan-broken").arg("reason", error);
    pretty(&json!({ "nodes": nodes })).map_err(broken)
}

/// What JSON says of an operator: its number, and what the plan says of it.
pub(super) struct Described {
    pub number: u32,
    pub text: String,
}

fn node(node: &StreamNode, described: &Described, translation: &Translation<'_>) -> Value {
    let (pact, name) = match node.kind.as_str() {
        "Source" => ("Data Source", format!("Source: {}", node.name)),
        "Sink" => ("Data Sink", format!("Sink: {}", node.name)),
        _ => ("Operator", node.name.clone()),
    };
    let Described { number, text } = described;
    let mut value = json!({
        "id": json_id(node.id),
        "type": name,
        "pact": pact,
        "contents": format!("[{number}]:{text}"),
        "parallelism": node.parallelism,
    });
    let into = translation.edges.iter().filter(|edge| edge.to == node.id);
    let before: Vec<Value> = into.filter_map(|edge| predecessor(edge, translation)).collect();
    if !before.is_empty() {
        value["predecessors"] = Value::Array(before);
    }
    value
}

/// An operator in JSON; several may have the number of one of the plan.
fn json_id(id: OperatorId) -> u32 {
    id.0 + 1
}

fn predecessor(edge: &StreamEdge, translation: &Translation<'_>) -> Option<Value> {
    translation.described.get(edge.from.0 as usize)?.as_ref()?;
    let sender = translation.nodes.get(edge.from.0 as usize)?;
    let strategy = match &edge.partitioner {
        Partitioner::Forward => "FORWARD".to_owned(),
        Partitioner::Hash(KeySelector::Columns(keys)) if translation.mode == RuntimeMode::Batch => {
            let name = |key: &usize| sender.output.fields()[*key].name.as_str();
            format!("HASH[{}]", keys.iter().map(name).collect::<Vec<_>>().join(", "))
        }
        Partitioner::Hash(_) => "HASH".to_owned(),
        Partitioner::Rebalance => "REBALANCE".to_owned(),
        Partitioner::Broadcast => "BROADCAST".to_owned(),
        Partitioner::Global => "GLOBAL".to_owned(),
    };
    // Flink calls every input the second.
    Some(json!({ "id": json_id(edge.from), "ship_strategy": strategy, "side": "second" }))
}

/// Two blanks a level, and a list on the line of its name.
fn pretty(value: &Value) -> Result<String, serde_json::Error> {
    let mut text = String::new();
    write(&mut text, value, 0)?;
    Ok(text)
}

fn write(text: &mut String, value: &Value, depth: usize) -> Result<(), serde_json::Error> {
    match value {
        Value::Object(fields) => {
            *text += "{\n";
            for (index, (name, value)) in fields.iter().enumerate() {
                let comma = if index > 0 { ",\n" } else { "" };
                *text += &format!("{comma}{}\"{name}\" : ", "  ".repeat(depth + 1));
                write(text, value, depth + 1)?;
            }
            *text += &format!("\n{}}}", "  ".repeat(depth));
        }
        Value::Array(items) => {
            *text += "[ ";
            for (index, item) in items.iter().enumerate() {
                *text += if index > 0 { ", " } else { "" };
                write(text, item, depth)?;
            }
            *text += " ]";
        }
        other => *text += &serde_json::to_string(other)?,
    }
    Ok(())
}
