//! Exchanges through which rows just go on: they are where they have to be, and the execution plan says so
//! where their key matters.
//!
//! Source: `ForwardHashExchangeProcessor` of Flink 1.18.

use std::collections::BTreeSet;

use super::graph::{ExecGraph, What, by_key, hash};
use crate::plan::{LimitOf, PhysicalKind, PhysicalNode};

/// Why rows just go on.
#[derive(Clone)]
enum Through {
    /// They come sorted by their key.
    Sorted,
    /// They are where these columns say.
    Kept(Vec<usize>),
}

/// Puts the exchanges in.
pub(super) fn apply(graph: &mut ExecGraph<'_>) {
    let mut ordered = graph.inputs_first(&graph.roots, &BTreeSet::new());
    ordered.reverse();
    let mut above: Vec<Option<Through>> = vec![None; graph.nodes.len()];
    for number in ordered {
        for input in 0..graph.nodes[number].inputs.len() {
            let below = graph.nodes[number].inputs[input];
            if graph.is_exchange(below) {
                continue;
            }
            let Some(read) = graph.operator(below) else { continue };
            let Some(through) = through(graph, number, input, read, above[number].as_ref()) else {
                continue;
            };
            above[below] = Some(through.clone());
            let distribution = match &through {
                Through::Sorted => "forward".to_owned(),
                Through::Kept(keys) => format!("keep_input_as_is[{}]", hash(keys, read)),
            };
            let exchange = What::Exchange { distribution, batch: false };
            let exchange = graph.push(exchange, vec![below]);
            graph.nodes[number].inputs[input] = exchange;
            if let What::MultipleInput { edges, .. } = &graph.nodes[number].what {
                let (member, of_member) = edges[input];
                graph.nodes[member].inputs[of_member] = exchange;
            }
        }
    }
}

fn through(
    graph: &ExecGraph<'_>,
    number: usize,
    input: usize,
    below: &PhysicalNode,
    above: Option<&Through>,
) -> Option<Through> {
    let (node, input) = match &graph.nodes[number].what {
        What::Operator(part) => (part.node, input),
        What::MultipleInput { edges, .. } => {
            let (member, input) = *edges.get(input)?;
            (graph.operator(member)?, input)
        }
        What::Exchange { .. } => return None,
    };
    match (above, &node.kind) {
        (Some(Through::Kept(keys)), PhysicalKind::Calc { .. } | PhysicalKind::Sort(_)) => {
            kept(below, keys)
        }
        (Some(Through::Sorted), PhysicalKind::Calc { .. }) => Some(Through::Sorted),
        _ => of_operator(node, input, below),
    }
}

fn of_operator(node: &PhysicalNode, input: usize, below: &PhysicalNode) -> Option<Through> {
    let is_sorted = |kind: &PhysicalKind| matches!(kind, PhysicalKind::Sort(_));
    let sent = |node: &PhysicalNode| {
        node.inputs.iter().any(|input| matches!(input.kind, PhysicalKind::Exchange(_)))
    };
    let is_local = match &node.kind {
        PhysicalKind::LocalBatchAggregate { .. } => true,
        PhysicalKind::Rank(rank) => rank.of == LimitOf::Subtask,
        _ => false,
    };
    if is_local {
        return is_sorted(&below.kind).then_some(Through::Sorted);
    }
    let keys = by_key(node, input).filter(|keys| !keys.is_empty())?;
    let sorts = matches!(
        node.kind,
        PhysicalKind::SortAggregate(_) | PhysicalKind::GlobalBatchAggregate { sorted: true, .. }
    );
    match is_sorted(&below.kind) {
        true if sent(below) => Some(Through::Sorted),
        false if sorts => Some(Through::Sorted),
        _ => kept(below, keys),
    }
}

fn kept(below: &PhysicalNode, keys: &[usize]) -> Option<Through> {
    let is_exchange = matches!(below.kind, PhysicalKind::Exchange(_));
    (!is_exchange).then(|| Through::Kept(keys.to_vec()))
}
