//! What reads the rows beside it: UNNEST, versions of a table; and MATCH_RECOGNIZE.

use super::{Logical, Tree, join_type};
use crate::data::{Field, LogicalType, Schema};
use crate::expr::Expr;
use crate::plan::explain::expression::{Style, write};
use crate::plan::explain::literal::interval;
use crate::sql::bound::{
    AsOf, JoinKind, MatchExpr, MatchRecognize, MatchSkip, MatchSlot, Pattern, PatternItem, Rel,
    Unnest,
};

impl Logical {
    pub(super) fn unnest(&self, unnest: &Unnest, schema: &Schema) -> Tree {
        let fields = unnest.input.schema.fields();
        let left = self.tree(&unnest.input);
        let row = left.correlation();
        let of = collection(unnest, &row);
        let name = match unnest.of.as_column() {
            Some(column) => fields[column].name.clone(),
            None => "EXPR$0".to_owned(),
        };
        let one = Tree::new("LogicalValues", &["tuples=[[{ 0 }]]".to_owned()], Vec::new());
        let project = Tree::new("LogicalProject", &[format!("{name}=[{of}]")], vec![one]);
        let uncollect = Tree { line: "Uncollect".to_owned(), inputs: vec![project] };
        let elements = &schema.fields()[fields.len()..];
        let named = elements.iter().enumerate().map(|(n, f)| format!("{}=[${n}]", f.name));
        let named: Vec<String> = named.collect();
        let right = match &unnest.of.data_type.logical {
            LogicalType::Array(of) if matches!(of.logical, LogicalType::Row(_)) => uncollect,
            _ => Tree::new("LogicalProject", &named, vec![uncollect]),
        };
        let kind = if unnest.left { JoinKind::Left } else { JoinKind::Inner };
        correlate(left, right, kind, &unnest.of.columns())
    }

    /// FOR SYSTEM_TIME AS OF: a snapshot of the right for each row of the left.
    pub(super) fn temporal(
        &self,
        [left, right]: [&Rel; 2],
        kind: JoinKind,
        condition: Option<&Expr>,
        as_of: &AsOf,
    ) -> Tree {
        let fields = left.schema.fields();
        let time = as_of.time();
        let left = self.tree(left);
        let row = left.correlation();
        let width = fields.len();
        let column = |c: usize| match c.checked_sub(width) {
            None => format!("{row}.{}", fields[c].name),
            Some(of_right) => format!("${of_right}"),
        };
        let period = format!("period=[{row}.{}]", fields[time].name);
        let snapshot = Tree::new("LogicalSnapshot", &[period], vec![self.tree(right)]);
        let mut required = vec![time];
        let read = condition.iter().flat_map(|c| c.columns()).filter(|c| *c < width);
        required.extend(read);
        required.sort_unstable();
        required.dedup();
        let right = match condition {
            Some(condition) => {
                let condition = write(condition, Style::Where, &column);
                Tree::new("LogicalFilter", &[format!("condition=[{condition}]")], vec![snapshot])
            }
            None => snapshot,
        };
        correlate(left, right, kind, &required)
    }

    pub(super) fn recognize(&self, node: &MatchRecognize, schema: &Schema) -> Tree {
        let pattern = &node.pattern;
        let names = |fields: &[Field]| {
            fields.iter().map(|f| f.name.as_str()).collect::<Vec<_>>().join(", ")
        };
        let partition: Vec<String> = pattern.partition.iter().map(usize::to_string).collect();
        let key = |key: &crate::sql::bound::SortKey| {
            let order = if key.descending { "DESC" } else { "ASC" };
            let nulls = if key.nulls_first { "first" } else { "last" };
            format!("{} {order}-nulls-{nulls}", key.column)
        };
        let order: Vec<String> = pattern.order.iter().map(key).collect();
        let skip = match pattern.skip {
            MatchSkip::PastLastRow => "FLAG(SKIP PAST LAST ROW)".to_owned(),
            MatchSkip::ToNextRow => "FLAG(SKIP TO NEXT ROW)".to_owned(),
            MatchSkip::ToFirst(item) => {
                format!("SKIP TO FIRST(_UTF-16LE'{}')", pattern.items[item].name)
            }
            MatchSkip::ToLast(item) => {
                format!("SKIP TO LAST(_UTF-16LE'{}')", pattern.items[item].name)
            }
        };
        let within = pattern.within.map(|within| format!("interval=[{}]", interval(within)));
        let mut attributes = vec![
            format!("partition=[[{}]]", partition.join(", ")),
            format!("order=[[{}]]", order.join(", ")),
            format!("outputFields=[[{}]]", names(schema.fields())),
            "allRows=[false]".to_owned(),
            format!("after=[{skip}]"),
            format!("pattern=[{}]", sequence(&pattern.items)),
            "isStrictStarts=[false]".to_owned(),
            "isStrictEnds=[false]".to_owned(),
        ];
        attributes.extend(within);
        attributes.extend([
            "subsets=[[]]".to_owned(),
            format!("patternDefinitions=[[{}]]", definitions(pattern).join(", ")),
            format!("inputFields=[[{}]]", names(node.input.schema.fields())),
        ]);
        Tree::new("LogicalMatch", &attributes, vec![self.tree(&node.input)])
    }
}

impl Tree {
    /// The name under which what is to its right knows its rows.
    pub(super) fn correlation(&self) -> String {
        format!("$cor{}", self.correlates())
    }

    fn correlates(&self) -> usize {
        let below: usize = self.inputs.iter().map(Tree::correlates).sum();
        below + usize::from(self.line.starts_with(CORRELATE))
    }
}

const CORRELATE: &str = "LogicalCorrelate";

fn correlate(left: Tree, right: Tree, kind: JoinKind, required: &[usize]) -> Tree {
    let required: Vec<String> = required.iter().map(usize::to_string).collect();
    let attributes = [
        format!("correlation=[{}]", left.correlation()),
        format!("joinType=[{}]", join_type(kind)),
        format!("requiredColumns=[{{{}}}]", required.join(", ")),
    ];
    Tree::new(CORRELATE, &attributes, vec![left, right])
}

/// The collection in a row of this name.
pub(super) fn collection(unnest: &Unnest, row: &str) -> String {
    let fields = unnest.input.schema.fields();
    write(&unnest.of, Style::Syntax, &|c| format!("{row}.{}", fields[c].name))
}

/// Variables one after the other, two at a time from the left.
fn sequence(items: &[PatternItem]) -> String {
    let item = |item: &PatternItem| {
        let name = format!("_UTF-16LE'{}'", item.name);
        let max = item.max.map_or(-1, i64::from);
        match (item.min, item.max) {
            (1, Some(1)) => name,
            (min, _) => {
                let reluctant = !item.greedy;
                format!("PATTERN_QUANTIFIER({name}, {min}, {max}, {reluctant})")
            }
        }
    };
    let both = |left: String, right: String| format!("({left}, {right})");
    items.iter().map(item).reduce(both).unwrap_or_default()
}

fn definitions(pattern: &Pattern) -> Vec<String> {
    let defined = pattern.items.iter().zip(&pattern.defines).enumerate();
    let define = |(own, (_, define)): (usize, (&PatternItem, &Option<MatchExpr>))| {
        let define = define.as_ref()?;
        let slot = |c: usize| match define.slots.get(c) {
            Some(slot) => self::slot(slot, own, pattern),
            None => format!("${c}"),
        };
        Some(write(&define.expr, Style::Syntax, &slot))
    };
    defined.filter_map(define).collect()
}

/// `PREV(A.$3, 0)` of the row that is looked at, `LAST(A.$3, 0)` of those before it.
fn slot(slot: &MatchSlot, own: usize, pattern: &Pattern) -> String {
    let variable = |item: &Option<usize>| match item {
        Some(item) => pattern.items[*item].name.clone(),
        None => "*".to_owned(),
    };
    match slot {
        MatchSlot::Row { item, column, first, offset } => {
            let function = match (first, *item == Some(own) && *offset == 0) {
                (true, _) => "FIRST",
                (false, true) => "PREV",
                (false, false) => "LAST",
            };
            format!("{function}({}.${column}, {offset})", variable(item))
        }
        MatchSlot::Aggregate { item, call } => {
            let column = |e: &Expr| match e.as_column() {
                Some(column) => format!("{}.${column}", variable(item)),
                None => super::plain(e),
            };
            let arguments: Vec<String> = call.arguments.iter().map(column).collect();
            format!("{}({})", call.function.name, arguments.join(", "))
        }
    }
}
