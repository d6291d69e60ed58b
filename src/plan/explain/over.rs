//! EXPLAIN of windows, OVER, Top-N and deduplication.

use super::expression::{Style, of_schema};
use super::{aggregate, call, columns, named, names, order, selected};
use crate::base::LabDuration;
use crate::data::{Field, Schema, TimeAttribute};
use crate::expr::Expr;
use crate::plan::physical::{Grouping, LimitOf, PhysicalNode};
use crate::plan::rank::{Deduplicate, Rank, RankRange, WindowRank};
use crate::plan::window::WindowTimes;
use crate::plan::window_join::WindowJoin;
use crate::sql::bound::{
    Frame, GroupWindow, OverCall, OverFunction, OverWindow, WindowKind, WindowProperty,
};

/// A window by the time of rows: `TUMBLE(time_col=[ts], size=[10 min])`.
pub(super) fn assigned(kind: WindowKind, offset: LabDuration, time: &str) -> String {
    window(kind, offset, &format!("time_col=[{time}]"))
}

fn window(kind: WindowKind, offset: LabDuration, by: &str) -> String {
    let (name, mut lengths) = match kind {
        WindowKind::Tumble { size } => ("TUMBLE", vec![("size", size)]),
        WindowKind::Hop { slide, size } => ("HOP", vec![("size", size), ("slide", slide)]),
        WindowKind::Cumulate { step, size } => {
            ("CUMULATE", vec![("max_size", size), ("step", step)])
        }
        WindowKind::Session { gap } => ("SESSION", vec![("gap", gap)]),
    };
    if offset != LabDuration::ZERO {
        lengths.push(("offset", offset));
    }
    let lengths = lengths.into_iter().map(|(name, d)| format!(", {name}=[{}]", duration(d)));
    format!("{name}({by}{})", lengths.collect::<String>())
}

/// As Flink's `TimeUtils` writes it: the largest unit that divides it.
fn duration(duration: LabDuration) -> String {
    let millis = duration.0 / LabDuration::millis(1).0;
    let units = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1_000, "s")];
    match units.into_iter().find(|(length, _)| millis % length == 0) {
        Some((length, unit)) => format!("{} {unit}", millis / length),
        None => format!("{millis} ms"),
    }
}

pub(super) fn window_of(windows: &WindowTimes, input: &Schema) -> String {
    let name = |c: usize| &input.fields()[c].name;
    match windows {
        WindowTimes::Assigned(a) => assigned(a.kind, a.offset, name(a.time)),
        WindowTimes::Attached { kind, offset, start, end, .. } => {
            let by = format!("win_start=[{}], win_end=[{}]", name(*start), name(*end));
            window(*kind, *offset, &by)
        }
        WindowTimes::Accumulated { kind, offset, end, sliced, .. } => {
            let what = if *sliced { "slice_end" } else { "win_end" };
            window(*kind, *offset, &format!("{what}=[{}]", name(*end)))
        }
    }
}

pub(super) fn window_aggregate(
    grouping: &Grouping,
    windows: &WindowTimes,
    asked: &[WindowProperty],
    output: &Schema,
    input: &Schema,
) -> Vec<String> {
    let mut select = selected(grouping, output, input, false);
    let fields = &output.fields()[select.len()..];
    select.extend(properties(asked, fields));
    let mut parts = aggregate(grouping, output, input, false);
    parts.pop();
    parts.push(format!("window=[{}]", window_of(windows, input)));
    parts.push(format!("select=[{}]", select.join(", ")));
    parts
}

/// `start('w$) AS s`.
pub(super) fn properties(asked: &[WindowProperty], fields: &[Field]) -> Vec<String> {
    let named = |(p, field): (&WindowProperty, &Field)| named(property(*p).to_owned(), &field.name);
    asked.iter().zip(fields).map(named).collect()
}

pub(super) fn property(property: WindowProperty) -> &'static str {
    match property {
        WindowProperty::Start => "start('w$)",
        WindowProperty::End => "end('w$)",
        WindowProperty::Rowtime => "rowtime('w$)",
        WindowProperty::Proctime => "proctime('w$)",
    }
}

/// What a window of GROUP BY tells of itself: all that there is, if anything is asked.
pub(super) fn told(window: &GroupWindow, input: &Schema) -> Vec<WindowProperty> {
    use WindowProperty as P;
    let time = &input.fields()[window.time].data_type.logical;
    match (window.properties.is_empty(), time.time_attribute()) {
        (true, _) => Vec::new(),
        (false, TimeAttribute::Proctime) => vec![P::Start, P::End, P::Proctime],
        (false, _) => vec![P::Start, P::End, P::Rowtime, P::Proctime],
    }
}

pub(super) fn expand(projects: &[Vec<Expr>], output: &Schema, input: &Schema) -> String {
    let project = |exprs: &Vec<Expr>| {
        let one = |(e, f): (&Expr, &Field)| match e.as_literal() {
            Some(crate::data::Value::Null) => format!("null AS {}", f.name),
            _ => named(of_schema(e, input, Style::Execution), &f.name),
        };
        let exprs: Vec<String> = exprs.iter().zip(output.fields()).map(one).collect();
        format!("{{{}}}", exprs.join(", "))
    };
    let projects: Vec<String> = projects.iter().map(project).collect();
    format!("projects=[{}]", projects.join(", "))
}

/// OVER: of a stream the window and then its calls, of a batch each window with its own.
pub(super) fn over(
    windows: &[OverWindow],
    bounded: bool,
    output: &Schema,
    input: &Schema,
) -> Vec<String> {
    let mut parts = Vec::new();
    let Some(first) = windows.first() else { return parts };
    if !first.partition.is_empty() {
        parts.push(format!("partitionBy=[{}]", columns(&first.partition, input)));
    }
    if !first.order.is_empty() {
        parts.push(format!("orderBy=[{}]", order(&first.order, input)));
    }
    let mut results = output.fields()[input.len()..].iter();
    let mut calls: Vec<(&OverWindow, Vec<(&OverCall, String)>)> = Vec::new();
    for window in windows {
        let of_window = window.calls.iter().zip(results.by_ref());
        let texts = of_window.map(|(c, f)| (c, named(over_call(&c.function, input), &f.name)));
        calls.push((window, texts.collect()));
    }
    let below = input.fields().iter().map(|field| field.name.clone());
    if !bounded {
        parts.push(format!("window=[{}]", frame(&first.frame)));
        let calls = calls.into_iter().flat_map(|(_, calls)| calls).map(|(_, text)| text);
        parts.push(format!("select=[{}]", below.chain(calls).collect::<Vec<_>>().join(", ")));
        return parts;
    }
    let groups = calls.iter().flat_map(|(window, calls)| {
        let alike = |a: &(&OverCall, String), b: &(&OverCall, String)| family(a.0) == family(b.0);
        calls.chunk_by(alike).map(|calls| (&window.frame, calls))
    });
    for (number, (of, calls)) in groups.enumerate() {
        let calls: Vec<&str> = calls.iter().map(|(_, text)| text.as_str()).collect();
        parts.push(format!("window#{number}=[{}{}]", calls.join(", "), frame(of)));
    }
    parts.push(format!("select=[{}]", names(output.fields())));
    parts
}

fn over_call(function: &OverFunction, input: &Schema) -> String {
    let name = |column: usize| input.fields()[column].name.clone();
    let arguments = match function {
        OverFunction::Aggregate(aggregate) => return call(aggregate, input),
        OverFunction::Lag { value, back, default, explicit } => {
            let back = explicit.then(|| back.abs().to_string());
            let all = std::iter::once(name(*value)).chain(back).chain(default.map(name));
            all.collect::<Vec<_>>().join(", ")
        }
        OverFunction::Ntile(buckets) => buckets.to_string(),
        _ => "*".to_owned(),
    };
    format!("{}({arguments})", function.name())
}

/// Calls of different kinds are windows of their own.
fn family(call: &OverCall) -> u8 {
    match call.function {
        OverFunction::Aggregate(_) => 0,
        OverFunction::Lag { .. } => 1,
        OverFunction::Ntile(_) => 2,
        _ => 3,
    }
}

/// Flink writes RANGE without its E.
fn frame(frame: &Frame) -> String {
    let unit = if frame.rows { "ROWS" } else { "RANG" };
    format!(" {unit} BETWEEN {} AND {}", frame.start, frame.end)
}

fn range(range: RankRange) -> String {
    format!("rankRange=[rankStart={}, rankEnd={}]", range.start, range.end)
}

pub(super) fn rank(rank: &Rank, output: &Schema, input: &Schema) -> Vec<String> {
    let mut all = match rank.of {
        LimitOf::Rows => {
            vec![format!("strategy=[{}]", rank.strategy.text()), "rankType=[ROW_NUMBER]".to_owned()]
        }
        LimitOf::Subtask | LimitOf::Subtasks => vec!["rankType=[RANK]".to_owned()],
    };
    all.extend([
        match rank.end_column {
            Some(column) => format!("rankRange=[rankEnd={}]", columns(&[column], input)),
            None => range(rank.range),
        },
        format!("partitionBy=[{}]", columns(&rank.partition, input)),
        format!("orderBy=[{}]", order(&rank.order, input)),
    ]);
    all.extend(super::is_global(rank.of));
    all.push(format!("select=[{}]", names(output.fields())));
    all
}

pub(super) fn deduplicate(deduplicate: &Deduplicate, input: &Schema) -> Vec<String> {
    let keep = if deduplicate.keep_last { "LastRow" } else { "FirstRow" };
    let time = if deduplicate.rowtime.is_some() { "ROWTIME" } else { "PROCTIME" };
    vec![
        format!("keep=[{keep}]"),
        format!("key=[{}]", columns(&deduplicate.key, input)),
        format!("order=[{time}]"),
    ]
}

pub(super) fn window_rank(rank: &WindowRank, output: &Schema, input: &Schema) -> Vec<String> {
    vec![
        format!("window=[{}]", window_of(&rank.windows, input)),
        "rankType=[ROW_NUMBER]".to_owned(),
        range(rank.range),
        format!("partitionBy=[{}]", columns(&rank.partition, input)),
        format!("orderBy=[{}]", order(&rank.order, input)),
        format!("select=[{}]", names(output.fields())),
    ]
}

pub(super) fn window_join(join: &WindowJoin, node: &PhysicalNode, style: Style) -> Vec<String> {
    let [left, right] = node.inputs.as_slice() else { return Vec::new() };
    let mut attributes = vec![
        format!("leftWindow=[{}]", window_of(&join.windows[0], &left.schema)),
        format!("rightWindow=[{}]", window_of(&join.windows[1], &right.schema)),
    ];
    let of_join = super::join::join(&join.join, node, style);
    attributes.extend(of_join.into_iter().filter(|a| !a.contains("InputSpec=")));
    attributes
}
