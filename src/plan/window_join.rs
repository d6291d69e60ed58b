//! Joins of windows: both sides are in windows of one kind, and the keys make their starts and their
//! ends equal. Such a join answers once a window, and keeps nothing behind it.

use super::convert::by_key;
use super::inputs::Inputs;
use super::join::Join;
use super::physical::{PhysicalKind, PhysicalNode, no_input};
use super::window::WindowTimes;
use crate::base::Result;
use crate::sql::bound::{Rel, WindowColumns};

/// A join of rows in the same window.
#[derive(Clone, Debug)]
pub struct WindowJoin {
    /// The join, without the window's columns among its keys.
    pub join: Join,
    /// Where the windows of each side are.
    pub windows: [WindowTimes; 2],
}

/// The join as one of windows, if it is one.
pub(super) fn in_windows(node: PhysicalNode, left: &Rel, right: &Rel) -> Result<PhysicalNode> {
    match (left.window_columns(), right.window_columns()) {
        (Some(l), Some(r)) if (l.kind, l.offset) == (r.kind, r.offset) => rewrite(node, &[l, r]),
        _ => Ok(node),
    }
}

/// The join stands at the top, or under the Calc that leaves its extra key columns out.
fn rewrite(mut node: PhysicalNode, windows: &[WindowColumns; 2]) -> Result<PhysicalNode> {
    if let PhysicalKind::Calc { .. } = node.kind {
        node.inputs =
            node.inputs.into_iter().map(|i| rewrite(i, windows)).collect::<Result<_>>()?;
        return Ok(node);
    }
    let PhysicalKind::Join(join) = &node.kind else { return Ok(node) };
    let Some(keys) = without_window(join, windows) else { return Ok(node) };
    let mut join = join.as_ref().clone();
    join.null_meets_null = keys.iter().map(|key| join.null_meets_null[*key]).collect();
    join.turned = keys.iter().map(|key| join.turned[*key]).collect();
    join.keys = [0, 1].map(|side| keys.iter().map(|key| join.keys[side][*key]).collect());
    let [of_left, of_right] = windows.each_ref().map(WindowTimes::attached);
    let windows = [of_left.ok_or_else(no_input)?, of_right.ok_or_else(no_input)?];
    let exchanged = node.inputs.into_iter().zip(&join.keys).map(|(exchange, keys)| {
        let below = exchange.inputs.into_iter().next().ok_or_else(no_input)?;
        Ok(below.exchanged(by_key(keys)))
    });
    let inputs: Inputs = exchanged.collect::<Result<_>>()?;
    let kind = PhysicalKind::WindowJoin(Box::new(WindowJoin { join, windows }));
    Ok(PhysicalNode::new(kind, inputs, node.schema))
}

/// The keys besides the window's columns, if starts and ends are both among them.
fn without_window(join: &Join, windows: &[WindowColumns; 2]) -> Option<Vec<usize>> {
    let [of_left, of_right] = windows;
    let (mut starts, mut ends, mut rest) = (false, false, Vec::new());
    for (key, (l, r)) in join.keys[0].iter().zip(&join.keys[1]).enumerate() {
        if of_left.starts.contains(l) && of_right.starts.contains(r) {
            starts = true;
        } else if of_left.ends.contains(l) && of_right.ends.contains(r) {
            ends = true;
        } else {
            rest.push(key);
        }
    }
    (starts && ends).then_some(rest)
}
