//! Aggregates and patterns, which make their columns anew. What nobody reads of a group is not computed: a
//! group then has fewer changes to tell.
//!
//! As Flink's `PruneAggregateCallRule`, which comes when inputs have their columns already.

use super::{Kept, Needed, only_input, prune};
use crate::base::Result;
use crate::plan::physical::{Grouping, PhysicalKind, PhysicalNode, no_input};
use crate::sql::bound::GroupWindow;

/// An aggregate reads its keys and arguments, and keeps its keys, what is needed, and what it says of its
/// windows.
pub(super) fn aggregate(mut node: PhysicalNode, needed: &Needed) -> Result<(PhysicalNode, Kept)> {
    let input = only_input(&mut node)?;
    let read = match &node.kind {
        PhysicalKind::GroupAggregate(g) | PhysicalKind::HashAggregate(g) => g.columns(),
        PhysicalKind::GroupWindowAggregate { grouping, window, .. } => {
            [grouping.columns(), vec![window.time]].concat()
        }
        PhysicalKind::WindowAggregate { grouping, windows, .. } => {
            [grouping.columns(), windows.columns()].concat()
        }
        _ => return Err(no_input()),
    };
    let (input, below) = read_of(input, read)?;
    let place = |c| below.place(c);
    let mut kept = Kept::all(&node.schema);
    let mut only_needed = |grouping: Grouping| {
        let grouping = grouping.moved(&place);
        let calls = grouping.keys.len()..grouping.keys.len() + grouping.calls.len();
        let first = calls.clone().next().filter(|_| grouping.keys.is_empty());
        let first = first.filter(|_| calls.clone().all(|c| !needed.contains(&c)));
        let stays = |c: &usize| !calls.contains(c) || needed.contains(c) || first == Some(*c);
        kept.0.retain(stays);
        let all = calls.clone().zip(grouping.calls).filter(|(c, _)| stays(c));
        Grouping { calls: all.map(|(_, call)| call).collect(), ..grouping }
    };
    let kind = match node.kind {
        PhysicalKind::GroupAggregate(g) => PhysicalKind::GroupAggregate(only_needed(g)),
        PhysicalKind::HashAggregate(g) => PhysicalKind::HashAggregate(only_needed(g)),
        PhysicalKind::GroupWindowAggregate { grouping, window, way } => {
            let window = GroupWindow { time: place(window.time), ..window };
            PhysicalKind::GroupWindowAggregate { grouping: only_needed(grouping), window, way }
        }
        PhysicalKind::WindowAggregate { grouping, windows, properties } => {
            let (grouping, windows) = (only_needed(grouping), windows.moved(&place));
            PhysicalKind::WindowAggregate { grouping, windows, properties }
        }
        other => other,
    };
    let schema = kept.schema(&node.schema);
    Ok((PhysicalNode::new(kind, vec![input], schema), kept))
}

/// A pattern reads all columns of its rows, as Flink's planner lets it, and keeps all of its own.
pub(super) fn pattern(mut node: PhysicalNode) -> Result<(PhysicalNode, Kept)> {
    let input = only_input(&mut node)?;
    let every = (0..input.schema.len()).collect();
    let (input, _) = prune(input, &every)?;
    let kept = Kept::all(&node.schema);
    Ok((PhysicalNode::new(node.kind, vec![input], node.schema), kept))
}

/// An input of which some column is read in any case.
fn read_of(input: PhysicalNode, columns: Vec<usize>) -> Result<(PhysicalNode, Kept)> {
    let mut read: Needed = columns.into_iter().collect();
    if read.is_empty() && !input.schema.is_empty() {
        read.insert(0);
    }
    prune(input, &read)
}
