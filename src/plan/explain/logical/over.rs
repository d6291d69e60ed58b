//! OVER: `SUM($3) OVER (PARTITION BY $1 ORDER BY $5 NULLS FIRST)` in the expressions that read it.

use super::{Logical, Read, UNNAMED, columns};
use crate::data::{DataType, Value};
use crate::expr::Expr;
use crate::plan::explain::expression::{Style, write};
use crate::plan::explain::literal::{TypeText, constant};
use crate::plan::over::Parts;
use crate::sql::bound::{Bound, Frame, Node, Over, OverCall, OverFunction, OverWindow, Rel};

impl Logical {
    /// The columns of the input, and behind them what is computed, as expressions.
    pub(super) fn over(&self, over: &Over) -> Read {
        let mut read = self.over_input(&over.input);
        for window in &over.windows {
            let calls = window.calls.iter().map(|call| value(call, window, &read.columns));
            let calls: Vec<String> = calls.collect();
            read.columns.extend(calls);
        }
        read
    }

    /// A projection that only adds what windows read is no relation of the query.
    fn over_input(&self, input: &Rel) -> Read {
        if let Node::Project { input: below, exprs } = &input.node {
            let width = below.schema.len();
            let kept = exprs.iter().take(width).enumerate().all(|(n, e)| e.as_column() == Some(n));
            let added = input.schema.fields().iter().skip(width);
            if kept && exprs.len() > width && added.into_iter().all(|f| f.name.starts_with(UNNAMED))
            {
                let below = self.read(below);
                let columns = exprs.iter().map(|e| below.expr(e)).collect();
                return self.reading(below.tree, columns);
            }
        }
        match &input.node {
            Node::Over(over) => self.over(over),
            _ => self.reading(self.tree(input), columns(input.schema.len())),
        }
    }
}

/// A call, or what it is made of.
fn value(call: &OverCall, window: &OverWindow, columns: &[String]) -> String {
    let Ok(parts) = Parts::of(call) else { return String::new() };
    let part = |n: usize| {
        let of = &parts.calls[n];
        let arguments = match &of.function {
            OverFunction::Aggregate(aggregate) => {
                let written = |e: &Expr| write(e, Style::Syntax, &|c| columns[c].clone());
                let arguments: Vec<String> = aggregate.arguments.iter().map(written).collect();
                let distinct = if aggregate.distinct { "DISTINCT " } else { "" };
                format!("{distinct}{}", arguments.join(", "))
            }
            other => arguments(other, columns),
        };
        format!("{}({arguments}) OVER ({})", of.function.name(), words(of, window, columns))
    };
    write(&parts.value, Style::Syntax, &part)
}

fn arguments(function: &OverFunction, columns: &[String]) -> String {
    match function {
        OverFunction::Lag { value, back, default, explicit } => {
            let mut arguments = vec![columns[*value].clone()];
            if *explicit {
                arguments.push(back.abs().to_string());
            }
            arguments.extend(default.map(|c| columns[c].clone()));
            arguments.join(", ")
        }
        OverFunction::Ntile(buckets) => buckets.to_string(),
        _ => String::new(),
    }
}

/// What stands in the parentheses of OVER.
fn words(call: &OverCall, window: &OverWindow, columns: &[String]) -> String {
    let mut words = Vec::new();
    if !window.partition.is_empty() {
        let columns: Vec<&str> = window.partition.iter().map(|c| columns[*c].as_str()).collect();
        words.push(format!("PARTITION BY {}", columns.join(", ")));
    }
    if !window.order.is_empty() {
        let key = |key: &crate::sql::bound::SortKey| {
            let descending = if key.descending { " DESC" } else { "" };
            let nulls = if key.nulls_first { "FIRST" } else { "LAST" };
            format!("{}{descending} NULLS {nulls}", columns[key.column])
        };
        let keys: Vec<String> = window.order.iter().map(key).collect();
        words.push(format!("ORDER BY {}", keys.join(", ")));
    }
    let framed = matches!(call.function, OverFunction::Aggregate(_));
    let frame = frame(&window.frame, !window.order.is_empty());
    words.extend(frame.filter(|_| framed));
    words.join(" ")
}

/// A frame, unless it is the one that holds where none is written.
fn frame(frame: &Frame, is_ordered: bool) -> Option<String> {
    let unit = if frame.rows { "ROWS" } else { "RANGE" };
    match (&frame.start, &frame.end, frame.rows) {
        (Bound::UnboundedPreceding, Bound::CurrentRow, false) => None,
        (Bound::UnboundedPreceding, Bound::UnboundedFollowing, _) if !is_ordered => None,
        (start, Bound::CurrentRow, _) => Some(format!("{unit} {}", bound(start))),
        (start, end, _) => Some(format!("{unit} BETWEEN {} AND {}", bound(start), bound(end))),
    }
}

fn bound(bound: &Bound) -> String {
    match bound {
        Bound::Preceding(by) => format!("{} PRECEDING", distance(by)),
        Bound::Following(by) => format!("{} FOLLOWING", distance(by)),
        other => other.to_string(),
    }
}

fn distance(value: &Value) -> String {
    match value {
        Value::BigInt(rows) => rows.to_string(),
        value => {
            let logical = Expr::constant(value.clone()).data_type;
            let DataType { logical, .. } = logical;
            constant(value, &logical, TypeText::Optional, Style::Syntax)
        }
    }
}
