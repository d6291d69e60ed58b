//! EXPLAIN of MATCH_RECOGNIZE.
//!
//! Source: `LogicalMatch.explainTerms` of Calcite 1.32, `MatchUtil` and `RelExplainUtil` of Flink 1.18.

use super::expression::{Style, write};
use super::literal::type_name;
use super::{columns, order};
use crate::data::{Schema, TimeAttribute};
use crate::expr::Expr;
use crate::sql::bound::{MatchExpr, MatchSkip, MatchSlot, Pattern, PatternItem};

/// What a plan says of a pattern.
pub(super) fn pattern(
    pattern: &Pattern,
    output: &Schema,
    input: &Schema,
    style: Style,
) -> Vec<String> {
    let mut parts = Vec::new();
    if !pattern.partition.is_empty() {
        parts.push(format!("partitionBy=[{}]", columns(&pattern.partition, input)));
    }
    // The execution plan, too, has operators first here.
    let style = if style == Style::Execution { Style::PhysicalBatch } else { style };
    let fields = &output.fields()[pattern.partition.len()..];
    let measures = pattern.measures.iter().zip(fields);
    let measures = measures.map(|(measure, field)| {
        format!("FINAL({}) AS {}", of_match(measure, pattern, input, style), field.name)
    });
    let variable = |item: usize| format!("_UTF-16LE'{}'", pattern.items[item].name);
    let after = match pattern.skip {
        MatchSkip::PastLastRow => "SKIP PAST LAST ROW".to_owned(),
        MatchSkip::ToNextRow => "SKIP TO NEXT ROW".to_owned(),
        MatchSkip::ToFirst(item) => format!("SKIP TO FIRST {}", variable(item)),
        MatchSkip::ToLast(item) => format!("SKIP TO LAST {}", variable(item)),
    };
    let defined = pattern.items.iter().enumerate().filter_map(|(number, item)| {
        Some(format!("{}={}", item.name, definition(pattern, number)?))
    });
    parts.extend([
        format!("orderBy=[{}]", order(&pattern.order, input)),
        format!("measures=[{}]", measures.collect::<Vec<_>>().join(", ")),
        "rowsPerMatch=[ONE ROW PER MATCH]".to_owned(),
        format!("after=[{after}]"),
        format!("pattern=[{}]", sequence(&pattern.items)),
        format!("define=[{{{}}}]", defined.collect::<Vec<_>>().join(", ")),
    ]);
    parts
}

/// Variables one after the other, two at a time from the left.
pub(super) fn sequence(items: &[PatternItem]) -> String {
    let item = |item: &PatternItem| {
        let name = format!("_UTF-16LE'{}'", item.name);
        let max = item.max.map_or(-1, i64::from);
        match (item.min, item.max) {
            (1, Some(1)) => name,
            (min, _) => {
                let reluctant = item.varies() && !item.greedy;
                format!("PATTERN_QUANTIFIER({name}, {min}, {max}, {reluctant})")
            }
        }
    };
    let both = |left: String, right: String| format!("({left}, {right})");
    items.iter().map(item).reduce(both).unwrap_or_default()
}

/// What a row has to be to be a variable; `None` lets every row be it.
pub(super) fn definition(pattern: &Pattern, item: usize) -> Option<String> {
    let define = pattern.defines.get(item)?.as_ref()?;
    let slot = |c: usize| match define.slots.get(c) {
        Some(slot) => self::slot(slot, item, pattern),
        None => format!("${c}"),
    };
    Some(write(&define.expr, Style::Where, &slot))
}

fn variable(item: Option<usize>, pattern: &Pattern) -> &str {
    item.map_or("*", |item| pattern.items[item].name.as_str())
}

/// `PREV(A.$3, 0)` of the row that is looked at, `LAST(A.$3, 0)` of those before it.
fn slot(slot: &MatchSlot, own: usize, pattern: &Pattern) -> String {
    match slot {
        MatchSlot::Row { item, column, first, offset, .. } => {
            let function = match (first, *item == Some(own) && *offset == 0) {
                (true, _) => "FIRST",
                (false, true) => "PREV",
                (false, false) => "LAST",
            };
            format!("{function}({}.${column}, {offset})", variable(*item, pattern))
        }
        MatchSlot::Aggregate { item, call } => {
            let column = |c: usize| format!("{}.${c}", variable(*item, pattern));
            called(call.function.name, &call.arguments, Style::Syntax, &column)
        }
    }
}

/// `A.v`, `LAST(A.v, 1)` of the rows of a match.
fn of_match(measure: &MatchExpr, pattern: &Pattern, input: &Schema, style: Style) -> String {
    let slot = |c: usize| match measure.slots.get(c) {
        Some(MatchSlot::Row { item, column, first, offset, navigated }) => {
            let field = &input.fields()[*column];
            let attribute = field.data_type.logical.time_attribute();
            let name = format!("{}.{}", variable(*item, pattern), field.name);
            let value = match attribute {
                TimeAttribute::None => name,
                TimeAttribute::Rowtime if item.is_none() => return "MATCH_ROWTIME()".to_owned(),
                TimeAttribute::Proctime if item.is_none() => return "MATCH_PROCTIME()".to_owned(),
                TimeAttribute::Rowtime => {
                    format!("CAST({name} AS {})", type_name(&field.data_type.logical, style))
                }
                TimeAttribute::Proctime => format!("PROCTIME_MATERIALIZE({name})"),
            };
            match (first, navigated) {
                (true, _) => format!("FIRST({value}, {offset})"),
                (false, true) => format!("LAST({value}, {offset})"),
                (false, false) => value,
            }
        }
        Some(MatchSlot::Aggregate { item, call }) => {
            let name =
                |c: usize| format!("{}.{}", variable(*item, pattern), input.fields()[c].name);
            called(call.function.name, &call.arguments, style, &name)
        }
        None => format!("${c}"),
    };
    write(&measure.expr, style, &slot)
}

fn called(
    name: &str,
    arguments: &[Expr],
    style: Style,
    column: &dyn Fn(usize) -> String,
) -> String {
    let arguments: Vec<String> = arguments.iter().map(|e| write(e, style, column)).collect();
    format!("{name}({})", arguments.join(", "))
}
