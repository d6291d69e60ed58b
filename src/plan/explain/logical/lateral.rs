//! What reads the rows beside it: UNNEST, versions of a table; and MATCH_RECOGNIZE.

use super::{Logical, Tree, join_type};
use crate::data::{Field, LogicalType, Schema};
use crate::expr::Expr;
use crate::plan::explain::expression::{Style, write};
use crate::plan::explain::literal::interval;
use crate::plan::explain::pattern::{definition, sequence};
use crate::sql::bound::{AsOf, JoinKind, MatchRecognize, MatchSkip, Rel, Unnest};

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
        let definitions: Vec<String> =
            (0..pattern.items.len()).filter_map(|item| definition(pattern, item)).collect();
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
            format!("patternDefinitions=[[{}]]", definitions.join(", ")),
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
