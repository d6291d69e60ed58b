//! An aggregate becomes two: one before the exchange, and one behind it that merges.
//!
//! As Flink's `TwoStageOptimizedAggregateRule` (a stream with mini-batch) and
//! `TwoStageOptimizedWindowAggregateRule` (windows by event time): if all functions can merge their
//! accumulators, and `table.optimizer.agg-phase-strategy` does not ask for one phase. It comes last, when
//! it is known which aggregates have rows taken away.

use crate::data::{DataType, Field, LogicalType, Schema, TimeAttribute};
use crate::plan::phases::Local;
use crate::plan::physical::{Distribution, Grouping, PhysicalKind, PhysicalNode};
use crate::plan::window::WindowTimes;
use crate::sql::bound::{AggregatePhases, Settings, WindowKind, WindowProperty};

/// Applies the rule to a tree.
pub(crate) fn apply(mut node: PhysicalNode, asked: &Settings) -> PhysicalNode {
    node.inputs = node.inputs.into_iter().map(|input| apply(input, asked)).collect();
    let [exchange] = node.inputs.as_slice() else { return node };
    let (PhysicalKind::Exchange(distribution), [input]) =
        (&exchange.kind, exchange.inputs.as_slice())
    else {
        return node;
    };
    let phases = match &node.kind {
        _ if asked.phases == AggregatePhases::One => None,
        PhysicalKind::GroupAggregate(grouping) if asked.mini_batch.is_some() => {
            group(grouping, input)
        }
        PhysicalKind::WindowAggregate { grouping, windows, properties } => {
            window(grouping, windows, properties, input)
        }
        _ => None,
    };
    match phases {
        Some(phases) => PhysicalNode {
            kind: phases.global,
            inputs: [phases.local.exchanged(behind_keys(distribution))].into(),
            ..node
        },
        None => node,
    }
}

/// Both phases: the first as a node, the second as what it does.
struct Phases {
    local: PhysicalNode,
    global: PhysicalKind,
}

/// An exchange by the key, which a first phase puts first.
pub(super) fn behind_keys(distribution: &Distribution) -> Distribution {
    match distribution {
        Distribution::Hash(keys) => Distribution::Hash((0..keys.len()).collect()),
        other => other.clone(),
    }
}

fn group(grouping: &Grouping, input: &PhysicalNode) -> Option<Phases> {
    let retracts = !input.changelog.is_insert_only();
    let local = Local::of(grouping, retracts, retracts)?;
    let schema = Schema::new(local.fields(&input.schema));
    let global = PhysicalKind::GlobalGroupAggregate(local.clone().global(grouping.calls.len()));
    let kind = PhysicalKind::LocalGroupAggregate(local);
    Some(Phases { local: PhysicalNode::new(kind, vec![input.clone()], schema), global })
}

/// Windows by event time. Where they hop, all rows are counted, as Flink does to know windows without
/// rows.
fn window(
    grouping: &Grouping,
    windows: &WindowTimes,
    properties: &[WindowProperty],
    input: &PhysicalNode,
) -> Option<Phases> {
    let time = windows.time(&input.schema);
    if time.time_attribute() != TimeAttribute::Rowtime {
        return None;
    }
    let local = Local::of(grouping, false, matches!(windows.kind(), WindowKind::Hop { .. }))?;
    let mut fields = local.fields(&input.schema);
    let name = if windows.are_assigned() { "$slice_end" } else { "$window_end" };
    fields.push(Field::new(name, DataType::not_null(LogicalType::BigInt)));
    let global = PhysicalKind::GlobalWindowAggregate {
        global: local.clone().global(grouping.calls.len()),
        windows: windows.accumulated(time, fields.len() - 1),
        properties: properties.to_vec(),
    };
    let kind = PhysicalKind::LocalWindowAggregate { local, windows: windows.clone() };
    let local = PhysicalNode::new(kind, vec![input.clone()], Schema::new(fields));
    Some(Phases { local, global })
}
