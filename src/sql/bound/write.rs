//! Bound queries as text, a relation a line, inputs below and to the right: for goldens.

use std::fmt::{self, Display, Write};

use super::{
    Aggregate, GroupWindow, Insert, Node, Over, OverFunction, Query, Rel, SortKey, WindowKind,
};
use crate::base::LabDuration;
use crate::data::Schema;
use crate::expr::aggregate::AggregateCall;

impl Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_rel(&self.root, 0, f)
    }
}

impl Display for Insert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = if self.overwrite { "InsertOverwrite" } else { "Insert" };
        writeln!(f, "{verb} {}", self.sink.path)?;
        write_rel(&self.query.root, 1, f)
    }
}

fn write_rel(rel: &Rel, depth: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if let Node::Subqueries(subqueries) = &rel.node {
        return write_rel(&subqueries.joined, depth, f);
    }
    write!(f, "{:indent$}", "", indent = depth * 2)?;
    write_node(rel, f)?;
    writeln!(f, " -> {}", columns(&rel.schema))?;
    rel.inputs().into_iter().try_for_each(|input| write_rel(input, depth + 1, f))
}

fn columns(schema: &Schema) -> String {
    let fields = schema.fields().iter().map(|f| format!("{} {}", f.name, f.data_type));
    format!("[{}]", fields.collect::<Vec<_>>().join(", "))
}

fn write_node(rel: &Rel, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match &rel.node {
        Node::Scan(table) => write!(f, "Scan {}", table.path),
        Node::Values(rows) => write!(f, "Values {}", values(rows)),
        Node::Project { input, exprs } => {
            let exprs = exprs.iter().map(|e| e.display(&input.schema));
            write!(f, "Project {}", exprs.collect::<Vec<_>>().join(", "))
        }
        Node::Filter { input, predicate } => {
            write!(f, "Filter {}", predicate.display(&input.schema))
        }
        Node::Watermark { input, rowtime, watermark } => {
            let (name, text) = (name(&input.schema, *rowtime), watermark.display(&input.schema));
            write!(f, "Watermark {name} = {text}")
        }
        Node::WindowTable(table) => {
            let time = name(&table.input.schema, table.time);
            write!(f, "Windows {}", kind_text(table.kind, &time))?;
            match table.offset.0 {
                0 => Ok(()),
                offset => write!(f, " offset {} ms", offset / 1_000),
            }
        }
        Node::Expand { input, projects } => {
            let project = |exprs: &Vec<crate::expr::Expr>| {
                let exprs = exprs.iter().map(|e| e.display(&input.schema));
                format!("{{{}}}", exprs.collect::<Vec<_>>().join(", "))
            };
            write!(f, "Expand {}", projects.iter().map(project).collect::<Vec<_>>().join(", "))
        }
        Node::Over(over) => write_over(over, f),
        Node::Match(node) => {
            let items = node.pattern.items.iter().map(|i| {
                let max = i.max.map_or(String::new(), |max| max.to_string());
                let greedy = if i.greedy { "" } else { "?" };
                format!("{}{{{},{max}}}{greedy}", i.name, i.min)
            });
            write!(f, "Match ({}) {:?}", items.collect::<Vec<_>>().join(" "), node.pattern.skip)
        }
        Node::Aggregate(aggregate) => write_aggregate(aggregate, f),
        Node::Sort { input, keys, offset, fetch } => {
            let keys = keys.iter().map(|k| key(k, &input.schema)).collect::<Vec<_>>();
            write!(f, "Sort {}", keys.join(", "))?;
            if *offset > 0 {
                write!(f, " offset {offset}")?;
            }
            fetch.map_or(Ok(()), |n| write!(f, " fetch {n}"))
        }
        Node::Subqueries(subqueries) => write_node(&subqueries.joined, f),
        Node::SetOp { op, all, .. } => write!(f, "{op:?}{}", if *all { " all" } else { "" }),
        Node::Unnest(unnest) => {
            let left = if unnest.left { "Left" } else { "" };
            write!(f, "{left}Unnest {}", unnest.of.display(&unnest.input.schema))
        }
        Node::Join { kind, condition, .. } => {
            write!(f, "{kind:?}Join")?;
            let condition = condition.as_ref().map(|c| c.display(&rel.schema));
            condition.map_or(Ok(()), |text| write!(f, " on {text}"))
        }
    }
}

fn values(rows: &[Vec<crate::expr::Expr>]) -> String {
    let none = Schema::new(Vec::new());
    let row = |row: &Vec<crate::expr::Expr>| {
        let cells: Vec<String> = row.iter().map(|e| e.display(&none)).collect();
        format!("({})", cells.join(", "))
    };
    rows.iter().map(row).collect::<Vec<_>>().join(", ")
}

fn write_aggregate(aggregate: &Aggregate, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let input = &aggregate.input.schema;
    let group: Vec<String> = aggregate.group.iter().map(|g| name(input, *g)).collect();
    write!(f, "Aggregate by [{}]", group.join(", "))?;
    if let Some(window) = &aggregate.window {
        write!(f, " {}", window_text(window, input))?;
    }
    aggregate.calls.iter().try_for_each(|call| write!(f, " {}", call_text(&call.call, input)))
}

/// `SUM(DISTINCT x) filter y`
fn call_text(call: &AggregateCall, input: &Schema) -> String {
    let arguments: Vec<String> = call.arguments.iter().map(|a| a.display(input)).collect();
    let distinct = if call.distinct { "DISTINCT " } else { "" };
    let arguments = if arguments.is_empty() { "*".to_owned() } else { arguments.join(", ") };
    let filter = call.filter.as_ref().map(|e| format!(" filter {}", e.display(input)));
    format!("{}({distinct}{arguments}){}", call.function.name, filter.unwrap_or_default())
}

fn write_over(over: &Over, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let input = &over.input.schema;
    write!(f, "Over")?;
    for window in &over.windows {
        let partition: Vec<String> = window.partition.iter().map(|c| name(input, *c)).collect();
        let order: Vec<String> = window.order.iter().map(|k| key(k, input)).collect();
        let text = format!("by [{}] order [{}]", partition.join(", "), order.join(", "));
        write!(f, " {text} {}:", window.frame)?;
        for call in &window.calls {
            match &call.function {
                OverFunction::Aggregate(call) => write!(f, " {}", call_text(call, input))?,
                other => write!(f, " {other:?}")?,
            }
        }
    }
    Ok(())
}

fn window_text(window: &GroupWindow, input: &Schema) -> String {
    let mut text = kind_text(window.kind, &name(input, window.time));
    for property in &window.properties {
        let _ = write!(text, " {property:?}");
    }
    text
}

fn kind_text(kind: WindowKind, time: &str) -> String {
    let call = |function: &str, lengths: &[LabDuration]| {
        let lengths = lengths.iter().map(|length| format!(", {} ms", length.0 / 1_000));
        format!("{function}({time}{})", lengths.collect::<String>())
    };
    match kind {
        WindowKind::Tumble { size } => call("TUMBLE", &[size]),
        WindowKind::Hop { slide, size } => call("HOP", &[slide, size]),
        WindowKind::Cumulate { step, size } => call("CUMULATE", &[step, size]),
        WindowKind::Session { gap } => call("SESSION", &[gap]),
    }
}

fn name(schema: &Schema, column: usize) -> String {
    schema.fields().get(column).map_or_else(|| format!("${column}"), |f| f.name.clone())
}

fn key(key: &SortKey, schema: &Schema) -> String {
    let order = if key.descending { "desc" } else { "asc" };
    let nulls = if key.nulls_first { "nulls first" } else { "nulls last" };
    format!("{} {order} {nulls}", name(schema, key.column))
}

impl Rel {
    /// What it reads, in order.
    pub fn inputs(&self) -> Vec<&Rel> {
        match &self.node {
            Node::Scan(_) | Node::Values(_) => Vec::new(),
            Node::Project { input, .. }
            | Node::Filter { input, .. }
            | Node::Watermark { input, .. }
            | Node::Sort { input, .. } => vec![input],
            Node::WindowTable(table) => vec![&table.input],
            Node::Expand { input, .. } => vec![input],
            Node::Over(over) => vec![&over.input],
            Node::Match(node) => vec![&node.input],
            Node::Aggregate(aggregate) => vec![&aggregate.input],
            Node::Subqueries(subqueries) => vec![&subqueries.joined],
            Node::SetOp { inputs, .. } => inputs.iter().collect(),
            Node::Unnest(unnest) => vec![&unnest.input],
            Node::Join { left, right, .. } => vec![left, right],
        }
    }
}
