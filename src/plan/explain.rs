//! EXPLAIN: plans as Flink prints them, under its three headings.

mod advice;
mod condition;
mod execution;
mod expression;
mod join;
mod literal;
mod logical;
mod lookup;
mod moments;
mod over;
mod pattern;
mod phases;
mod search;
mod tree;

use condition::simplified;
use expression::{Style, computed, of_schema, write};
pub(crate) use logical::unnest_call;
pub use logical::{of_insert, of_query};

use super::physical::{
    Distribution, Grouping, LimitOf, PhysicalKind, PhysicalNode, PhysicalPlan, UNLIMITED, WindowWay,
};
use crate::base::RuntimeMode;
use crate::data::{Field, Schema};
use crate::expr::{self, Expr};
use crate::sql::bound::{AggregateCall, GroupWindow, SortKey, WindowKind, WindowProperty};
use crate::sql::catalog::ObjectPath;

/// What EXPLAIN adds to the bare plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExplainDetails {
    /// `CHANGELOG_MODE`: the changes of each operator.
    pub changelog_mode: bool,
    /// `PLAN_ADVICE`: what would make it run better.
    pub plan_advice: bool,
    /// `ESTIMATED_COST`: how many rows each operator is taken to give, and what they cost.
    pub estimated_cost: bool,
}

/// The text of EXPLAIN. `syntax_trees` are those of the queries ([`of_query`], [`of_insert`]);
/// `execution_plan` is the JSON of what runs, if it is asked for.
pub fn explain(
    syntax_trees: &[String],
    plan: &PhysicalPlan,
    details: ExplainDetails,
    execution_plan: Option<&str>,
) -> String {
    let how = Writing::physical(plan.mode, details);
    let physical = plan.roots.iter().map(|root| tree::physical(root, how));
    let physical: Vec<String> = physical.collect();
    let execution = execution::trees(plan);
    let mut text = format!("== Abstract Syntax Tree ==\n{}\n", syntax_trees.join("\n"));
    text += &match details.plan_advice {
        false => format!("== Optimized Physical Plan ==\n{}\n", physical.join("\n")),
        true => format!(
            "== Optimized Physical Plan With Advice ==\n{}\n{}\n\n",
            physical.join("\n"),
            advice::text(plan)
        ),
    };
    text += &format!("== Optimized Execution Plan ==\n{}", execution.join("\n"));
    if let Some(json) = execution_plan {
        text += &format!("\n== Physical Execution Plan ==\n{json}");
    }
    text
}

/// An expression over columns, as Flink's execution plan writes it.
pub(crate) fn text_of(expr: &Expr, columns: &[Field]) -> String {
    of_schema(expr, &Schema::new(columns.to_vec()), Style::Execution)
}

/// How a plan is written.
#[derive(Clone, Copy, Debug)]
struct Writing {
    mode: RuntimeMode,
    style: Style,
    details: ExplainDetails,
}

impl Writing {
    /// As the execution plan.
    fn execution(mode: RuntimeMode) -> Self {
        Self { mode, style: Style::Execution, details: ExplainDetails::default() }
    }

    /// As the physical plan. Beside costs, constants tell their types also in a batch.
    fn physical(mode: RuntimeMode, details: ExplainDetails) -> Self {
        let style = match (mode, details.estimated_cost) {
            (RuntimeMode::Batch, false) => Style::PhysicalBatch,
            _ => Style::Physical,
        };
        Self { mode, style, details }
    }
}

/// One operator, as Flink's execution plan writes it: `Calc(select=[a, (b + 1) AS c], where=[(a > 1)])`.
pub(crate) fn describe(node: &PhysicalNode, mode: RuntimeMode) -> String {
    written(node, Writing::execution(mode))
}

fn written(node: &PhysicalNode, how: Writing) -> String {
    let input = node.inputs.first().map_or(&node.schema, |i| &i.schema);
    format!("{}({})", node.kind.name(), attributes(node, input, how).join(", "))
}

fn attributes(node: &PhysicalNode, input: &Schema, how: Writing) -> Vec<String> {
    let style = how.style;
    match &node.kind {
        PhysicalKind::TableSourceScan { table, projection, filters, limit, .. } => {
            let fields = names(node.schema.fields());
            let all = projection.len() == table.physical.len() + table.metadata.len();
            let project = (!all).then(|| format!(", project=[{fields}], metadata=[]"));
            let limit = limit.map(|l| format!(", limit=[{l}]"));
            let filter = |e| of_schema(e, &node.schema, Style::Physical);
            let filter = filters.iter().map(filter).reduce(|a, b| format!("and({a}, {b})"));
            let filter = filter.map(|f| format!(", filter=[{f}]"));
            let pushed: String = filter.into_iter().chain(project).chain(limit).collect();
            let mut all = vec![
                format!("table=[[{}{pushed}]]", path(&table.path)),
                format!("fields=[{fields}]"),
            ];
            all.extend(literal::hints(&table.hinted).map(|o| format!("hints=[[[OPTIONS {o}]]]")));
            all
        }
        PhysicalKind::Values(rows) => values(rows, &node.schema, how),
        PhysicalKind::Calc { condition, projection } => {
            let select = format!("select=[{}]", projected(projection, &node.schema, input, style));
            let filter = condition
                .as_ref()
                .map(|c| format!("where=[{}]", computed(&simplified(c), input, style)));
            std::iter::once(select).chain(filter).collect()
        }
        PhysicalKind::WatermarkAssigner { rowtime, watermark } => vec![
            format!("rowtime=[{}]", input.fields()[*rowtime].name),
            format!("watermark=[{}]", of_schema(watermark, input, style)),
        ],
        PhysicalKind::MiniBatchAssigner { interval, rowtime } => vec![
            format!("interval=[{}ms]", interval.0 / 1_000),
            format!("mode=[{}]", if *rowtime { "RowTime" } else { "ProcTime" }),
        ],
        PhysicalKind::Exchange(Distribution::Single) => vec!["distribution=[single]".to_owned()],
        PhysicalKind::Exchange(Distribution::Broadcast) => {
            vec!["distribution=[broadcast]".to_owned()]
        }
        PhysicalKind::Exchange(Distribution::Hash(keys)) => {
            vec![format!("distribution=[hash[{}]]", columns(keys, input))]
        }
        PhysicalKind::GroupAggregate(grouping) => {
            let retracts = node.inputs.iter().any(|input| !input.changelog.is_insert_only());
            phases::split(aggregate(grouping, &node.schema, input, retracts), grouping.part)
        }
        PhysicalKind::LocalGroupAggregate(local) => phases::local(local, node, input),
        PhysicalKind::GlobalGroupAggregate(global) => phases::global(global, node, input),
        PhysicalKind::IncrementalGroupAggregate(of) => phases::incremental(of, input),
        PhysicalKind::LocalBatchAggregate { local, .. } => phases::local_batch(local, node, input),
        PhysicalKind::GlobalBatchAggregate { global, .. } => {
            phases::global_batch(global, node, input)
        }
        PhysicalKind::HashAggregate(grouping) | PhysicalKind::SortAggregate(grouping) => {
            let mut all = vec!["isMerge=[false]".to_owned()];
            all.extend(aggregate(grouping, &node.schema, input, false));
            all
        }
        PhysicalKind::GroupWindowAggregate { grouping, window, way } => {
            window_aggregate(grouping, window, *way, &node.schema, input)
        }
        PhysicalKind::Correlate(correlate) => {
            let select = names(node.schema.fields()).replace(", ", ",");
            let condition = correlate.condition.iter();
            let condition = condition
                .map(|c| format!("condition=[{}]", write(c, Style::Syntax, &|c| format!("${c}"))));
            let attributes = [
                format!("invocation=[{}]", correlate.call),
                format!("correlate=[table({})]", correlate.call),
                format!("select=[{select}]"),
                format!("rowType=[{}]", literal::record(&node.schema)),
                format!("joinType=[{}]", if correlate.left { "LEFT" } else { "INNER" }),
            ];
            attributes.into_iter().chain(condition).collect()
        }
        PhysicalKind::Sort(keys) | PhysicalKind::TemporalSort(keys) => {
            vec![format!("orderBy=[{}]", order(keys, input))]
        }
        PhysicalKind::WindowTableFunction(assigner) => vec![format!(
            "window=[{}]",
            over::assigned(assigner.kind, assigner.offset, &input.fields()[assigner.time].name)
        )],
        PhysicalKind::WindowAggregate { grouping, windows, properties } => {
            over::window_aggregate(grouping, windows, properties, &node.schema, input)
        }
        PhysicalKind::LocalWindowAggregate { local, windows } => {
            phases::local_window(local, windows, node, input)
        }
        PhysicalKind::GlobalWindowAggregate { global, windows, properties } => {
            phases::global_window(global, windows, properties, node, input)
        }
        PhysicalKind::Expand(projects) => vec![over::expand(projects, &node.schema, input)],
        PhysicalKind::OverAggregate { windows, bounded, .. } => {
            over::over(windows, *bounded, &node.schema, input)
        }
        PhysicalKind::Match(of) => pattern::pattern(of, &node.schema, input, style),
        PhysicalKind::Rank(rank) => over::rank(rank, &node.schema, input),
        PhysicalKind::Deduplicate(deduplicate) => over::deduplicate(deduplicate, input),
        PhysicalKind::WindowJoin(join) => over::window_join(join, node, style),
        PhysicalKind::WindowRank(rank) => over::window_rank(rank, &node.schema, input),
        PhysicalKind::SortLimit { keys, offset, fetch, strategy, of } => {
            let mut all = vec![
                format!("orderBy=[{}]", order(keys, input)),
                format!("offset=[{offset}]"),
                format!("fetch=[{fetch}]"),
            ];
            all.extend(strategy.as_ref().map(|s| format!("strategy=[{}]", s.text())));
            all.extend(is_global(*of));
            all
        }
        PhysicalKind::Limit { offset, fetch, of } => {
            let fetch = match *fetch {
                UNLIMITED => "unlimited".to_owned(),
                fetch => fetch.to_string(),
            };
            let limit = [format!("offset=[{offset}]"), format!("fetch=[{fetch}]")];
            limit.into_iter().chain(is_global(*of)).collect()
        }
        PhysicalKind::Join(join) => join::join(join, node, style),
        PhysicalKind::Reused(_) => Vec::new(),
        PhysicalKind::LookupJoin(join) => lookup::lookup(join, node, input, style),
        PhysicalKind::Union => {
            vec!["all=[true]".to_owned(), format!("union=[{}]", names(node.schema.fields()))]
        }
        PhysicalKind::Sink { table, columns, materialize, .. } => {
            let mut all = vec![format!("table=[{}]", table.path)];
            all.extend(literal::target_columns(columns));
            all.push(format!("fields=[{}]", names(input.fields())));
            all.extend(materialize.is_some().then(|| "upsertMaterialize=[true]".to_owned()));
            all
        }
        PhysicalKind::Collect => vec![format!("fields=[{}]", names(input.fields()))],
    }
}

fn is_global(of: LimitOf) -> Option<String> {
    match of {
        LimitOf::Rows => None,
        LimitOf::Subtask => Some("global=[false]".to_owned()),
        LimitOf::Subtasks => Some("global=[true]".to_owned()),
    }
}

fn path(path: &ObjectPath) -> String {
    format!("{}, {}, {}", path.catalog, path.database, path.name)
}

fn names(fields: &[Field]) -> String {
    fields.iter().map(|f| f.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn columns(columns: &[usize], input: &Schema) -> String {
    columns.iter().map(|c| input.fields()[*c].name.as_str()).collect::<Vec<_>>().join(", ")
}

/// How Flink calls the column of rows that have none.
const NO_COLUMNS: &str = "ZERO";

fn values(rows: &[Vec<Expr>], schema: &Schema, how: Writing) -> Vec<String> {
    let columns = format!("type=[{}]", literal::record(schema));
    let is_told = how.style == Style::Physical && !how.details.estimated_cost;
    let tuples = format!("tuples=[[{}]]", tuples(rows, Style::Physical));
    match how.mode {
        RuntimeMode::Streaming => is_told.then_some(columns).into_iter().chain([tuples]).collect(),
        RuntimeMode::Batch => {
            let columns =
                if schema.is_empty() { NO_COLUMNS.into() } else { names(schema.fields()) };
            vec![tuples, format!("values=[{columns}]")]
        }
    }
}

fn tuples(rows: &[Vec<Expr>], style: Style) -> String {
    let none = Schema::new(Vec::new());
    let row = |row: &Vec<Expr>| {
        let cells: Vec<String> = row.iter().map(|e| of_schema(e, &none, style)).collect();
        match cells.is_empty() {
            true => "{ 0 }".to_owned(),
            false => format!("{{ {} }}", cells.join(", ")),
        }
    };
    rows.iter().map(row).collect::<Vec<_>>().join(", ")
}

fn projected(exprs: &[Expr], output: &Schema, input: &Schema, style: Style) -> String {
    let one = |(expr, field): (&Expr, &Field)| named(computed(expr, input, style), &field.name);
    exprs.iter().zip(output.fields()).map(one).collect::<Vec<_>>().join(", ")
}

fn named(text: String, name: &str) -> String {
    if text == name { text } else { format!("{text} AS {name}") }
}

/// `groupBy=[k], select=[k, COUNT(*) AS n]`; `retracts`: rows may be taken away.
fn aggregate(grouping: &Grouping, output: &Schema, input: &Schema, retracts: bool) -> Vec<String> {
    let select = selected(grouping, output, input, retracts);
    grouped(&columns(&grouping.keys, input), select)
}

/// What is selected, by a key if there is one.
fn grouped(key: &str, select: Vec<String>) -> Vec<String> {
    let group = (!key.is_empty()).then(|| format!("groupBy=[{key}]"));
    group.into_iter().chain([format!("select=[{}]", select.join(", "))]).collect()
}

fn selected(grouping: &Grouping, output: &Schema, input: &Schema, retracts: bool) -> Vec<String> {
    let (of_keys, of_calls) = output.fields().split_at(grouping.keys.len());
    let call = |(c, field): (&AggregateCall, &Field)| {
        let distinct = if c.call.distinct { "DISTINCT " } else { "" };
        named(call_of(&c.call, distinct, input, retracts), &field.name)
    };
    let calls = grouping.calls.iter().zip(of_calls).map(call);
    keys(&grouping.keys, of_keys, input).chain(calls).collect()
}

/// Key columns under their new names.
fn keys<'a>(
    columns: &'a [usize],
    fields: &'a [Field],
    input: &'a Schema,
) -> impl Iterator<Item = String> + 'a {
    let key = |(k, f): (&usize, &Field)| named(input.fields()[*k].name.clone(), &f.name);
    columns.iter().zip(fields).map(key)
}

fn call(call: &expr::aggregate::AggregateCall, input: &Schema) -> String {
    call_of(call, if call.distinct { "DISTINCT " } else { "" }, input, false)
}

/// A call, and how Flink says that equal arguments count once.
fn call_of(
    call: &expr::aggregate::AggregateCall,
    distinct: &str,
    input: &Schema,
    retracts: bool,
) -> String {
    let filter = call.filter.as_ref().map(|e| format!(" FILTER {}", e.display(input)));
    let (function, filter) = (function(call, retracts), filter.unwrap_or_default());
    format!("{function}({distinct}{}){filter}", arguments(call, input))
}

/// Flink has other functions where rows may be taken away.
fn function(call: &expr::aggregate::AggregateCall, retracts: bool) -> String {
    let name = call.function.name;
    if call.retracts(retracts) { format!("{name}_RETRACT") } else { name.to_owned() }
}

fn arguments(call: &expr::aggregate::AggregateCall, input: &Schema) -> String {
    let args: Vec<String> = call.arguments.iter().map(|e| e.display(input)).collect();
    if args.is_empty() { "*".to_owned() } else { args.join(", ") }
}

fn window_aggregate(
    grouping: &Grouping,
    window: &GroupWindow,
    way: WindowWay,
    output: &Schema,
    input: &Schema,
) -> Vec<String> {
    let time = &input.fields()[window.time].name;
    let millis = |duration: crate::base::LabDuration| duration.0 / 1_000;
    let window_text = match window.kind {
        WindowKind::Tumble { size } | WindowKind::Cumulate { size, .. } => {
            format!("TumblingGroupWindow('w$, {time}, {})", millis(size))
        }
        WindowKind::Hop { slide, size } => {
            format!("SlidingGroupWindow('w$, {time}, {}, {})", millis(size), millis(slide))
        }
        WindowKind::Session { gap } => {
            format!("SessionGroupWindow('w$, {time}, {})", millis(gap))
        }
    };
    let mut select = selected(grouping, output, input, false);
    // A batch does not say how it knows a window, and has no clock.
    let in_batch = way != WindowWay::Stream;
    let mut told = over::told(window, input);
    told.retain(|property| !in_batch || *property != WindowProperty::Proctime);
    let properties = told.iter().map(|p| p.column()).collect::<Vec<_>>().join(", ");
    let properties = (!told.is_empty()).then(|| format!("properties=[{properties}]"));
    let named = told.iter().filter(|_| !in_batch);
    select.extend(named.map(|p| format!("{} AS {}", over::property(*p), p.column())));
    let group = (!grouping.keys.is_empty())
        .then(|| format!("groupBy=[{}]", columns(&grouping.keys, input)));
    let select = format!("select=[{}]", select.join(", "));
    let rest = [format!("window=[{window_text}]")].into_iter().chain(properties).chain([select]);
    let emit = window.emit.map(|emit| format!("emit=[{emit}]"));
    group.into_iter().chain(rest).chain(emit).collect()
}

fn order(keys: &[SortKey], input: &Schema) -> String {
    let one = |key: &SortKey| {
        let direction = if key.descending { "DESC" } else { "ASC" };
        format!("{} {direction}", input.fields()[key.column].name)
    };
    keys.iter().map(one).collect::<Vec<_>>().join(", ")
}
