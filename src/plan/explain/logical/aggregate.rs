//! Groups: `LogicalAggregate(group=[{0}], n=[COUNT()])`, with grouping sets and legacy windows.

use super::{Logical, Read, Tree, UNNAMED, columns};
use crate::data::{Field, Schema};
use crate::expr::Expr;
use crate::plan::explain::literal::interval;
use crate::sql::bound::{
    Aggregate, AggregateCall, GroupWindow, Node, Rel, WindowKind, WindowProperty,
};

impl Logical {
    pub(super) fn aggregate(&self, aggregate: &Aggregate, schema: &Schema) -> Tree {
        if let Some(window) = &aggregate.window {
            return Self::listed(self.windowed(aggregate, window), schema);
        }
        let calls = calls(aggregate);
        let group = [format!("group=[{{{}}}]", list(&aggregate.group))];
        let attributes: Vec<String> = group.into_iter().chain(calls).collect();
        Tree::new("LogicalAggregate", &attributes, vec![self.tree(&aggregate.input)])
    }

    /// An aggregate over what grouping sets make of each row, and the projection that hides how.
    pub(super) fn grouping_sets(
        &self,
        input: &Rel,
        exprs: &[Expr],
        schema: &Schema,
    ) -> Option<Tree> {
        let Node::Aggregate(aggregate) = &input.node else { return None };
        let Node::Expand { input: below, projects } = &aggregate.input.node else { return None };
        let (_, keys) = aggregate.group.split_last()?;
        let set = |project: &Vec<Expr>| {
            let there = |key: &&usize| project[**key].as_column().is_some();
            format!("{{{}}}", list(&keys.iter().filter(there).copied().collect::<Vec<_>>()))
        };
        let sets: Vec<String> = projects.iter().map(set).collect();
        let mut attributes =
            vec![format!("group=[{{{}}}]", list(keys)), format!("groups=[[{}]]", sets.join(", "))];
        attributes.extend(calls(aggregate));
        let tree = Tree::new("LogicalAggregate", &attributes, vec![self.tree(below)]);
        let kept = |c: usize| if c > keys.len() { c - 1 } else { c };
        let same = |(n, e): (usize, &Expr)| e.as_column().map(kept) == Some(n);
        if exprs.len() + 1 == input.schema.len() && exprs.iter().enumerate().all(same) {
            return Some(tree);
        }
        let moved = |e: &Expr| super::plain(&e.map_columns(&kept));
        let one = |(e, f): (&Expr, &Field)| format!("{}=[{}]", f.name, moved(e));
        let attributes: Vec<String> = exprs.iter().zip(schema.fields()).map(one).collect();
        Some(Tree::new("LogicalProject", &attributes, vec![tree]))
    }

    /// A window that GROUP BY names is a key that the projection below computes; what is asked of it is
    /// computed of that key.
    pub(super) fn windowed(&self, aggregate: &Aggregate, window: &GroupWindow) -> Read {
        let input = &aggregate.input;
        let (below, exprs) = match &input.node {
            Node::Project { input: below, exprs } => {
                let read = self.read(below);
                let exprs: Vec<String> = exprs.iter().map(|e| read.expr(e)).collect();
                (read.tree, exprs)
            }
            _ => (self.tree(input), columns(input.schema.len())),
        };
        let keys = aggregate.group.len();
        let place = |c: usize| match c {
            c if c < keys => c,
            c if c == window.time => keys,
            c => c + usize::from(c < window.time),
        };
        let named = |c: usize| format!("{}=[{}]", input.schema.fields()[c].name, exprs[c]);
        let (name, call) = call_of(window, &exprs[window.time]);
        let of_window = format!("{UNNAMED}{keys}=[{call}]");
        let arguments =
            aggregate.calls.iter().flat_map(|c| c.call.arguments.iter().chain(&c.call.filter));
        let reads_time = arguments.filter_map(Expr::as_column).any(|c| c == window.time);
        let rest = (keys..exprs.len()).filter(|c| *c != window.time || reads_time);
        let projected: Vec<String> =
            (0..keys).map(named).chain([of_window]).chain(rest.map(named)).collect();
        let project = Tree::new("LogicalProject", &projected, vec![below]);
        let calls = aggregate.calls.iter().enumerate().map(|(n, c)| self::named(n, c, &place));
        let group = [format!("group=[{{{}}}]", list(&(0..=keys).collect::<Vec<_>>()))];
        let attributes: Vec<String> = group.into_iter().chain(calls).collect();
        let tree = Tree::new("LogicalAggregate", &attributes, vec![project]);
        let property = |property: &WindowProperty| {
            let asked = match property {
                WindowProperty::Start => "START",
                WindowProperty::End => "END",
                WindowProperty::Rowtime => "ROWTIME",
                WindowProperty::Proctime => "PROCTIME",
            };
            format!("{name}_{asked}(${keys})")
        };
        let of_calls = (keys + 1..=keys + aggregate.calls.len()).map(|c| format!("${c}"));
        let of_keys = (0..keys).map(|c| format!("${c}"));
        let of_window = window.properties.iter().map(property);
        self.reading(tree, of_keys.chain(of_calls).chain(of_window).collect())
    }
}

/// The name of a kind of window, and the key that it is.
fn call_of(window: &GroupWindow, time: &str) -> (&'static str, String) {
    let (name, lengths) = match window.kind {
        WindowKind::Tumble { size } => ("TUMBLE", vec![size]),
        WindowKind::Hop { slide, size } => ("HOP", vec![slide, size]),
        WindowKind::Session { gap } => ("SESSION", vec![gap]),
        WindowKind::Cumulate { step, size } => ("CUMULATE", vec![step, size]),
    };
    let lengths: String = lengths.into_iter().map(|d| format!(", {}", interval(d))).collect();
    (name, format!("${name}({time}{lengths})"))
}

fn calls(aggregate: &Aggregate) -> Vec<String> {
    aggregate.calls.iter().enumerate().map(|(n, call)| named(n, call, &|c| c)).collect()
}

/// `n=[COUNT()]`, or `agg#0=[..]`.
fn named(number: usize, call: &AggregateCall, place: &dyn Fn(usize) -> usize) -> String {
    let name = match call.name.starts_with(UNNAMED) {
        true => format!("agg#{number}"),
        false => call.name.clone(),
    };
    format!("{name}=[{}]", self::call(call, place))
}

/// `SUM(DISTINCT $1) FILTER $2`.
fn call(call: &AggregateCall, place: &dyn Fn(usize) -> usize) -> String {
    let call = &call.call;
    let column =
        |e: &Expr| e.as_column().map_or_else(|| super::plain(e), |c| format!("${}", place(c)));
    let arguments: Vec<String> = call.arguments.iter().map(column).collect();
    let distinct = if call.distinct { "DISTINCT " } else { "" };
    let filter = call.filter.as_ref().map(|e| format!(" FILTER {}", column(e)));
    format!(
        "{}({distinct}{}){}",
        call.function.name,
        arguments.join(", "),
        filter.unwrap_or_default()
    )
}

fn list(columns: &[usize]) -> String {
    columns.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
}
