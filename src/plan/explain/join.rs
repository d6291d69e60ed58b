//! A join, as Flink writes it.

use super::expression::{Style, conjunction};
use super::names;
use crate::data::Schema;
use crate::plan::join::{Join, JoinWay, Near};
use crate::plan::{PhysicalKind, PhysicalNode};
use crate::sql::bound::{JoinKind, TimeInterval};

pub(super) fn join(join: &Join, node: &PhysicalNode, style: Style) -> Vec<String> {
    let [left, right] = node.inputs.as_slice() else { return Vec::new() };
    let both = Schema::new([left.schema.fields(), right.schema.fields()].concat());
    let both = both.with_own_names();
    let width = left.schema.len();
    let alone = join.keys[0].len() == 1 && join.condition.is_none();
    let pairs = join.keys[0].iter().zip(&join.keys[1]).zip(join.null_meets_null.iter());
    let pairs = pairs.zip(&join.turned).map(|(((l, r), nulls), turned)| {
        let (l, r) = (&both.fields()[*l].name, &both.fields()[width + *r].name);
        let (a, b) = if *turned { (r, l) } else { (l, r) };
        match (style, nulls) {
            (Style::Execution, false) => format!("({a} = {b})"),
            (_, true) if alone => format!("IS NOT DISTINCT FROM({a}, {b})"),
            (Style::Execution, true) => {
                format!("(({a} = {b}) OR ({a} IS NULL AND {b} IS NULL))")
            }
            (_, false) => format!("=({a}, {b})"),
            (_, true) => format!("OR(=({a}, {b}), AND(IS NULL({a}), IS NULL({b})))"),
        }
    });
    let rest = join.condition.iter().map(|c| conjunction(c, &both, style));
    let rest = rest.flatten();
    let version = version(join, &both, width);
    let all: Vec<String> = pairs.chain(rest).chain(version).collect();
    let condition = match (all.as_slice(), style) {
        ([], _) => "true".to_owned(),
        ([one], _) => one.clone(),
        (many, Style::Execution) => format!("({})", many.join(" AND ")),
        (many, _) => format!("AND({})", many.join(", ")),
    };
    let mut attributes = vec![format!("joinType=[{}]", kind(join.kind))];
    attributes.extend(bounds(join));
    attributes.push(format!("where=[{condition}]"));
    attributes.push(format!("select=[{}]", names(node.schema.fields())));
    if join.bounded {
        let built = if join.known.left_is_built { "left" } else { "right" };
        let is_broadcast = join.way == JoinWay::BroadcastHash;
        attributes.extend(is_broadcast.then(|| "isBroadcast=[true]".to_owned()));
        let is_kept = join.way != JoinWay::SortMerge;
        attributes.extend(is_kept.then(|| format!("build=[{built}]")));
        let is_single = join.way == JoinWay::SingleRow;
        attributes.extend(is_single.then(|| "singleRowJoin=[true]".to_owned()));
        let is_distinct =
            matches!(join.way, JoinWay::Hash | JoinWay::BroadcastHash) && is_local(right);
        attributes.extend(is_distinct.then(|| "tryDistinctBuildRow=[true]".to_owned()));
    }
    if !join.bounded && join.near.is_none() {
        let sides = ["left", "right"].into_iter().zip(&join.keys);
        for ((side, key), names) in sides.zip(&join.known.names) {
            attributes.push(format!("{side}InputSpec=[{}]", input_spec(key, names.as_deref())));
        }
    }
    attributes
}

/// Whether each subtask has left equal rows out.
fn is_local(node: &PhysicalNode) -> bool {
    match &node.kind {
        PhysicalKind::Exchange(_) => node.inputs.iter().any(is_local),
        kind => matches!(kind, PhysicalKind::LocalBatchAggregate { .. }),
    }
}

/// What is known of an input, by the key of the join and the columns that name its rows.
fn input_spec(key: &[usize], names: Option<&[usize]>) -> &'static str {
    match names {
        None => "NoUniqueKey",
        Some(names) if names == key => "JoinKeyContainsUniqueKey",
        Some(_) => "HasUniqueKey",
    }
}

pub(super) fn kind(kind: JoinKind) -> &'static str {
    match kind {
        JoinKind::Inner => "InnerJoin",
        JoinKind::Left => "LeftOuterJoin",
        JoinKind::Right => "RightOuterJoin",
        JoinKind::Full => "FullOuterJoin",
        JoinKind::Semi => "LeftSemiJoin",
        JoinKind::Anti => "LeftAntiJoin",
    }
}

/// How far apart the times of an interval join may be.
fn bounds(join: &Join) -> Option<String> {
    let Some(Near::Interval(TimeInterval { times: [left, right], lower, upper })) = join.near
    else {
        return None;
    };
    Some(format!(
        "windowBounds=[isRowTime=true, leftLowerBound={lower}, leftUpperBound={upper}, \
         leftTimeIndex={left}, rightTimeIndex={right}]"
    ))
}

/// Which version of the right a temporal join means.
fn version(join: &Join, both: &Schema, width: usize) -> Option<String> {
    let Some(Near::Version { times: [left, right], .. }) = join.near else { return None };
    let name = |c: usize| both.fields()[c].name.as_str();
    let of = |columns: &[usize], add: usize| {
        columns.iter().map(|c| name(c + add)).collect::<Vec<_>>().join(", ")
    };
    let (left_key, right_key) = (of(&join.keys[0], 0), of(&join.keys[1], width));
    Some(format!(
        "__TEMPORAL_JOIN_CONDITION({}, {}, __TEMPORAL_JOIN_CONDITION_PRIMARY_KEY({right_key}), \
         __TEMPORAL_JOIN_LEFT_KEY({left_key}), __TEMPORAL_JOIN_RIGHT_KEY({right_key}))",
        name(left),
        name(right + width),
    ))
}
