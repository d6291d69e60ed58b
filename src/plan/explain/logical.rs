//! The syntax tree: a bound query as Calcite writes its logical algebra, `LogicalProject(a=[$0])`.
//!
//! Source: `RelTreeWriterImpl` and `SqlToRelConverter` of Calcite 1.32 as Flink 1.18 uses them.

mod aggregate;
mod join;
mod lateral;
mod over;
mod subquery;
mod window;

use std::rc::Rc;

use super::expression::{Style, write};
use super::literal::{hints, target_columns};
use super::tree::Lines;
use super::tuples;
use crate::base::RuntimeMode;
use crate::data::{Field, Schema, Value};
use crate::expr::Expr;
use crate::sql::bound::{
    Insert, JoinKind, LEVEL, Node, OUTER, Query, Rel, SetOp, SortKey, Table, Unnest, VALUES,
};

/// The start of the names of what no column of the SELECT list shows.
const UNNAMED: &str = "$f";

/// A relation on a line, and what it reads.
pub(super) struct Tree {
    line: String,
    inputs: Vec<Tree>,
}

impl Tree {
    fn new(name: &str, attributes: &[String], inputs: Vec<Tree>) -> Self {
        Self { line: format!("{name}({})", attributes.join(", ")), inputs }
    }

    fn text(&self) -> String {
        let mut lines = Lines::default();
        lines.add(self, |tree| (tree.line.clone(), tree.inputs.iter().collect()));
        lines.text
    }

    /// As a subquery stands in an expression: each input two blanks further in.
    fn nested(&self, depth: usize) -> String {
        let inputs: String = self.inputs.iter().map(|input| input.nested(depth + 1)).collect();
        format!("{:indent$}{}\n{inputs}", "", self.line, indent = 2 * depth)
    }
}

/// The syntax tree of a query.
pub fn of_query(query: &Query) -> String {
    Logical::new(query.mode).tree(&query.root).text()
}

/// The syntax tree of an INSERT.
pub fn of_insert(insert: &Insert) -> String {
    let logical = Logical::new(insert.query.mode);
    let table = [format!("table=[{}]", insert.sink.path)];
    let root = &insert.query.root;
    let names: Vec<&str> = root.schema.fields().iter().map(|f| f.name.as_str()).collect();
    let fields = format!("fields=[{}]", names.join(", "));
    let columns = target_columns(&insert.columns);
    let attributes: Vec<String> = table.into_iter().chain(columns).chain([fields]).collect();
    Tree::new("LogicalSink", &attributes, vec![logical.tree(root)]).text()
}

/// The call that gives the elements of a collection: `$UNNEST_ROWS$1($cor0.tags)`.
pub(crate) fn unnest_call(unnest: &Unnest) -> String {
    let logical = Logical::new(RuntimeMode::Streaming);
    let row = logical.tree(&unnest.input).correlation();
    format!("$UNNEST_ROWS$1({})", lateral::collection(unnest, &row))
}

/// How the columns of a relation are written in what reads it: `$0`, or what OVER computes.
struct Read {
    tree: Tree,
    columns: Vec<String>,
    /// The columns of the queries around, the nearest first.
    around: Rc<[Vec<String>]>,
    /// Subqueries in the expressions.
    subqueries: Vec<String>,
}

impl Read {
    fn expr(&self, expr: &Expr) -> String {
        self.styled(expr, Style::Syntax)
    }

    fn styled(&self, expr: &Expr, style: Style) -> String {
        write(expr, style, &|column| self.column(column))
    }

    fn column(&self, column: usize) -> String {
        if let Some(subquery) = column.checked_sub(VALUES) {
            return self.subqueries.get(subquery).cloned().unwrap_or_default();
        }
        if let Some(outer) = column.checked_sub(OUTER) {
            let (level, column) = (outer / LEVEL, outer % LEVEL);
            let name = self.around.get(level).and_then(|names| names.get(column));
            let number = self.around.len().saturating_sub(level + 1);
            return format!("$cor{number}.{}", name.map_or("", String::as_str));
        }
        self.columns.get(column).cloned().unwrap_or_else(|| format!("${column}"))
    }
}

struct Logical {
    mode: RuntimeMode,
    /// The names of the columns of the queries around, the nearest first.
    around: Rc<[Vec<String>]>,
}

impl Logical {
    fn new(mode: RuntimeMode) -> Self {
        Self { mode, around: Rc::new([]) }
    }

    /// What writes the subqueries of a query whose rows have these columns.
    fn inside(&self, schema: &Schema) -> Self {
        let names = schema.fields().iter().map(|f| f.name.clone()).collect();
        let around = std::iter::once(names).chain(self.around.iter().cloned()).collect();
        Self { mode: self.mode, around }
    }

    /// How columns are written, in what reads a tree.
    fn reading(&self, tree: Tree, columns: Vec<String>) -> Read {
        Read { tree, columns, around: self.around.clone(), subqueries: Vec::new() }
    }

    /// An expression over `$0`, `$1`.. and the columns of the queries around.
    fn expr(&self, expr: &Expr) -> String {
        let nothing = Tree { line: String::new(), inputs: Vec::new() };
        self.reading(nothing, Vec::new()).expr(expr)
    }

    fn tree(&self, rel: &Rel) -> Tree {
        match &rel.node {
            Node::Scan(table) => scan(table),
            Node::Values(rows) => values(rows),
            Node::Project { input, exprs } => self.project(input, exprs, &rel.schema),
            Node::Filter { input, predicate }
                if predicate.as_literal() == Some(&Value::Boolean(true)) =>
            {
                self.tree(input)
            }
            Node::Filter { input, predicate } if is_window(input) => {
                Self::listed(self.filter(input, predicate), &rel.schema)
            }
            Node::Filter { input, predicate } => self.filter(input, predicate).tree,
            Node::Watermark { input, rowtime, watermark } => {
                let below = self.tree(input);
                if self.mode == RuntimeMode::Batch {
                    return below;
                }
                let rowtime = format!("rowtime=[{}]", rel.schema.fields()[*rowtime].name);
                let watermark = format!("watermark=[{}]", plain(watermark));
                Tree::new("LogicalWatermarkAssigner", &[rowtime, watermark], vec![below])
            }
            Node::WindowTable(table) => self.window_table(table, &rel.schema),
            Node::Expand { input, .. } => self.tree(input),
            Node::Over(over) => Self::listed(self.over(over), &rel.schema),
            Node::Match(node) => self.recognize(node, &rel.schema),
            Node::Aggregate(aggregate) => self.aggregate(aggregate, &rel.schema),
            Node::Sort { input, keys, offset, fetch } => self.sort(input, keys, *offset, *fetch),
            Node::SetOp { op, all, inputs } => self.set_op(*op, *all, inputs),
            Node::Subqueries(subqueries) => self.subqueries(subqueries),
            Node::Unnest(unnest) => self.unnest(unnest, &rel.schema),
            Node::Join { left, right, kind, condition, as_of } => match as_of {
                Some(as_of) => self.temporal([left, right], *kind, condition.as_ref(), as_of),
                None => self.join([left, right], *kind, condition.as_ref()),
            },
        }
    }

    fn read(&self, rel: &Rel) -> Read {
        match &rel.node {
            Node::Over(over) => self.over(over),
            Node::Aggregate(aggregate) if let Some(window) = &aggregate.window => {
                self.windowed(aggregate, window)
            }
            // HAVING: what the window is asked is asked above it.
            Node::Filter { input, predicate } if is_window(input) => self.filter(input, predicate),
            _ => self.reading(self.tree(rel), columns(rel.schema.len())),
        }
    }

    fn filter(&self, input: &Rel, predicate: &Expr) -> Read {
        let read = self.read(input);
        let style = match input.node {
            Node::Aggregate { .. } => Style::Syntax,
            _ => Style::Where,
        };
        let condition = format!("condition=[{}]", read.styled(predicate, style));
        let tree = Tree::new("LogicalFilter", &[condition], vec![read.tree]);
        Read { tree, ..read }
    }

    /// A projection; one that takes grouping sets apart is a part of the aggregate.
    fn project(&self, input: &Rel, exprs: &[Expr], schema: &Schema) -> Tree {
        if let Some(tree) = self.grouping_sets(input, exprs, schema) {
            return tree;
        }
        Self::projected(exprs, self.read(input), schema)
    }

    /// The columns that are read, under their names.
    fn listed(read: Read, schema: &Schema) -> Tree {
        let one = |(c, f): (&String, &Field)| format!("{}=[{c}]", f.name);
        let columns: Vec<String> = read.columns.iter().zip(schema.fields()).map(one).collect();
        Tree::new("LogicalProject", &columns, vec![read.tree])
    }

    fn projected(exprs: &[Expr], read: Read, schema: &Schema) -> Tree {
        let one = |(e, f): (&Expr, &Field)| format!("{}=[{}]", f.name, read.expr(e));
        let attributes: Vec<String> = exprs.iter().zip(schema.fields()).map(one).collect();
        match attributes.is_empty() {
            true => Tree::new("LogicalProject", &["$f0=[0]".to_owned()], vec![read.tree]),
            false => Tree::new("LogicalProject", &attributes, vec![read.tree]),
        }
    }

    fn sort(&self, input: &Rel, keys: &[SortKey], offset: u64, fetch: Option<u64>) -> Tree {
        let column = |(n, key): (usize, &SortKey)| format!("sort{n}=[${}]", key.column);
        let direction = |(n, key): (usize, &SortKey)| {
            let order = if key.descending { "DESC" } else { "ASC" };
            let nulls = if key.nulls_first { "first" } else { "last" };
            format!("dir{n}=[{order}-nulls-{nulls}]")
        };
        let mut attributes: Vec<String> = keys.iter().enumerate().map(column).collect();
        attributes.extend(keys.iter().enumerate().map(direction));
        attributes.extend((offset > 0).then(|| format!("offset=[{offset}]")));
        attributes.extend(fetch.map(|fetch| format!("fetch=[{fetch}]")));
        Tree::new("LogicalSort", &attributes, vec![self.tree(input)])
    }

    /// Two at a time, from left to right.
    fn set_op(&self, op: SetOp, all: bool, inputs: &[Rel]) -> Tree {
        let name = match op {
            SetOp::Union => "LogicalUnion",
            SetOp::Intersect => "LogicalIntersect",
            SetOp::Except => "LogicalMinus",
        };
        let all = [format!("all=[{all}]")];
        let both = |left, right| Tree::new(name, &all, vec![left, right]);
        let trees = inputs.iter().map(|input| self.tree(input)).reduce(both);
        trees.unwrap_or_else(|| Tree::new(name, &all, Vec::new()))
    }
}

/// Whether this is GROUP BY of a window.
fn is_window(rel: &Rel) -> bool {
    matches!(&rel.node, Node::Aggregate(aggregate) if aggregate.window.is_some())
}

fn join_type(kind: JoinKind) -> &'static str {
    match kind {
        JoinKind::Inner => "inner",
        JoinKind::Left => "left",
        JoinKind::Right => "right",
        JoinKind::Full => "full",
        JoinKind::Semi => "semi",
        JoinKind::Anti => "anti",
    }
}

fn scan(table: &Table) -> Tree {
    let path = &table.path;
    let mut attributes =
        vec![format!("table=[[{}, {}, {}]]", path.catalog, path.database, path.name)];
    let hints = hints(&table.hinted);
    attributes.extend(hints.map(|o| format!("hints=[[[OPTIONS inheritPath:[] {o}]]]")));
    Tree::new("LogicalTableScan", &attributes, Vec::new())
}

/// Rows of constants; what is no constant is computed over a row each.
fn values(rows: &[Vec<Expr>]) -> Tree {
    let tuples = format!("tuples=[[{}]]", tuples(rows, Style::Syntax));
    Tree::new("LogicalValues", &[tuples], Vec::new())
}

fn columns(count: usize) -> Vec<String> {
    (0..count).map(|c| format!("${c}")).collect()
}

/// An expression over `$0`, `$1`..
fn plain(expr: &Expr) -> String {
    write(expr, Style::Syntax, &|c| format!("${c}"))
}
