//! From relations to physical nodes: one function an arm.

use super::calc::{calc, columns, filter};
use super::join::{Near, timed_join};
use super::keys::unique_keys;
use super::physical::{
    Correlate, Distribution, Grouping, LimitOf, PhysicalKind, PhysicalNode, UNLIMITED, WindowWay,
    no_input,
};
use super::reduce::Reduced;
use super::{explain, over, pattern, predicates, window, window_join};
use crate::base::{Result, RuntimeMode};
use crate::connectors::registry::find;
use crate::data::{Field, LogicalType, Schema, TimeAttribute};
use crate::expr::Expr;
use crate::sql::bound::{
    Aggregate, AggregateCall, AsOf, Insert, JoinKind, Node, Rel, SetOp, SortKey, Table, Unnest,
};

/// A query under the node that hands its rows to the result store.
pub(crate) fn collect(root: &Rel, mode: RuntimeMode) -> Result<PhysicalNode> {
    let input = with_times(rel(&predicates::push(root)?, mode)?)?;
    Ok(PhysicalNode::new(PhysicalKind::Collect, vec![input], root.schema.clone()))
}

/// A query under the node that writes its rows.
pub(crate) fn insert(insert: &Insert) -> Result<PhysicalNode> {
    let rows = predicates::push(&insert.query.root)?;
    let input = with_times(rel(&rows, insert.query.mode)?)?;
    let schema = input.schema.clone();
    let table = Box::new(insert.sink.clone());
    let partition = insert.partition.clone();
    let (overwrite, columns) = (insert.overwrite, insert.columns.clone());
    let kind = PhysicalKind::Sink { table, overwrite, partition, columns, materialize: None };
    Ok(PhysicalNode::new(kind, vec![input], schema))
}

/// What goes out has times in it where there was processing time.
fn with_times(node: PhysicalNode) -> Result<PhysicalNode> {
    let fields = node.schema.fields();
    let is_clock = |f: &Field| f.data_type.logical.time_attribute() == TimeAttribute::Proctime;
    if !fields.iter().any(is_clock) {
        return Ok(node);
    }
    let mut fields = fields.to_vec();
    let mut exprs = columns(&node.schema);
    for (field, expr) in fields.iter_mut().zip(&mut exprs).filter(|(f, _)| is_clock(f)) {
        let LogicalType::TimestampLtz { precision, .. } = field.data_type.logical else { continue };
        let plain = LogicalType::TimestampLtz { precision, attribute: TimeAttribute::None };
        field.data_type.logical = plain.clone();
        *expr = expr.clone().cast(plain)?;
    }
    calc(node, None, exprs, Schema::new(fields))
}

pub(super) fn rel(rel: &Rel, mode: RuntimeMode) -> Result<PhysicalNode> {
    let schema = &rel.schema;
    match &rel.node {
        Node::Scan(table) => scan(table, schema),
        Node::Values(rows) => Ok(values(rows, schema)),
        Node::Project { input, exprs } => project(input, exprs, schema, mode),
        Node::Filter { input, predicate } => filter(self::rel(input, mode)?, predicate.clone()),
        Node::Subqueries(subqueries) => self::rel(&subqueries.joined, mode),
        Node::Watermark { input, rowtime, watermark } => {
            self::watermark(input, *rowtime, watermark, schema, mode)
        }
        Node::WindowTable(node) => {
            window::table_function(node, self::rel(&node.input, mode)?, schema)
        }
        Node::Expand { input, projects } => {
            let kind = PhysicalKind::Expand(projects.clone());
            Ok(PhysicalNode::new(kind, vec![self::rel(input, mode)?], schema.clone()))
        }
        Node::Match(node) => Ok(pattern::recognize(node, self::rel(&node.input, mode)?, schema)),
        Node::Over(node) => over::project(node, &columns(schema), None, schema, mode),
        Node::Aggregate(node) => aggregate(node, schema, mode),
        Node::Sort { input, keys, offset, fetch } => {
            sort(self::rel(input, mode)?, keys, *offset, *fetch, mode)
        }
        Node::Unnest(node) => unnest(node, schema, mode),
        Node::SetOp { op, all, inputs } => set_op(*op, *all, inputs, schema, mode),
        Node::Join { left, right, kind, condition, as_of } => {
            joined([left, right], *kind, condition.as_ref(), as_of.as_ref(), schema, mode)
        }
    }
}

/// The elements of a collection beside its row, under names that Flink gives them.
fn unnest(node: &Unnest, schema: &Schema, mode: RuntimeMode) -> Result<PhysicalNode> {
    let input = rel(&node.input, mode)?;
    let elements = &schema.fields()[input.schema.len()..];
    let of_row = match &node.of.data_type.logical {
        LogicalType::Array(of) | LogicalType::Multiset(of) => match &of.logical {
            LogicalType::Row(row) => Some(row.fields()),
            _ => None,
        },
        _ => None,
    };
    let named = elements.iter().enumerate().map(|(n, element)| {
        let name = of_row.and_then(|fields| fields.get(n)).map(|field| field.name.clone());
        Field::new(name.unwrap_or_else(|| format!("f{n}")), element.data_type.clone())
    });
    let fields = input.schema.fields().iter().cloned().chain(named).collect();
    let kind = PhysicalKind::Correlate(Correlate {
        of: node.of.clone(),
        left: node.left,
        condition: node.condition.clone(),
        call: explain::unnest_call(node),
    });
    Ok(PhysicalNode::new(kind, vec![input], Schema::new(fields).with_own_names()))
}

/// A join, in a stream perhaps one of windows.
fn joined(
    [left, right]: [&Rel; 2],
    kind: JoinKind,
    condition: Option<&Expr>,
    as_of: Option<&AsOf>,
    schema: &Schema,
    mode: RuntimeMode,
) -> Result<PhysicalNode> {
    let (of_left, of_right) = (rel(left, mode)?, rel(right, mode)?);
    let near = Near::of(as_of, condition, &of_left.schema, &of_right.schema);
    let node = timed_join(of_left, of_right, kind, condition, near, schema, mode)?;
    match mode {
        RuntimeMode::Streaming => window_join::in_windows(node, left, right),
        RuntimeMode::Batch => Ok(node),
    }
}

fn scan(table: &Table, schema: &Schema) -> Result<PhysicalNode> {
    let projection = (0..schema.len()).collect();
    let kind = PhysicalKind::TableSourceScan {
        table: Box::new(table.clone()),
        projection,
        partitions: Vec::new(),
        filters: Vec::new(),
        limit: None,
        rows: None,
    };
    let given = given(table, schema)?;
    let scan = PhysicalNode::new(kind, Vec::new(), given.clone());
    if given == *schema {
        return Ok(scan);
    }
    let cast = |(column, field): (usize, &Field)| {
        let from = given.fields()[column].data_type.clone();
        Expr::column(column, from).cast(field.data_type.logical.clone())
    };
    let exprs = schema.fields().iter().enumerate().map(cast).collect::<Result<_>>()?;
    calc(scan, None, exprs, schema.clone())
}

/// The columns of a table as its connector gives them: metadata has types of its own, and what the
/// table declares is cast from them.
fn given(table: &Table, schema: &Schema) -> Result<Schema> {
    let mut fields = schema.fields().to_vec();
    if !table.metadata.is_empty() {
        let connector = find(table.options.clone())?;
        for (column, field) in table.metadata.iter().zip(&mut fields[table.physical.len()..]) {
            let path = table.path.to_string();
            let logical = connector.descriptor().metadata(&path, &column.key)?;
            field.data_type.logical = logical.clone();
        }
    }
    Ok(Schema::new(fields))
}

fn values(rows: &[Vec<Expr>], schema: &Schema) -> PhysicalNode {
    PhysicalNode::new(PhysicalKind::Values(rows.to_vec()), Vec::new(), schema.clone())
}

fn project(
    input: &Rel,
    exprs: &[Expr],
    schema: &Schema,
    mode: RuntimeMode,
) -> Result<PhysicalNode> {
    match &input.node {
        Node::Over(node) => over::project(node, exprs, None, schema, mode),
        Node::Filter { input: below, predicate } => match &below.node {
            Node::Over(node) => over::project(node, exprs, Some(predicate), schema, mode),
            _ => calc(rel(input, mode)?, None, exprs.to_vec(), schema.clone()),
        },
        _ => calc(rel(input, mode)?, None, exprs.to_vec(), schema.clone()),
    }
}

fn watermark(
    input: &Rel,
    rowtime: usize,
    watermark: &Expr,
    schema: &Schema,
    mode: RuntimeMode,
) -> Result<PhysicalNode> {
    let input = rel(input, mode)?;
    if mode == RuntimeMode::Batch {
        return Ok(PhysicalNode { schema: schema.clone(), ..input });
    }
    let kind = PhysicalKind::WatermarkAssigner { rowtime, watermark: watermark.clone() };
    Ok(PhysicalNode::new(kind, vec![input], schema.clone()))
}

fn aggregate(node: &Aggregate, schema: &Schema, mode: RuntimeMode) -> Result<PhysicalNode> {
    if let Some(Reduced { aggregate: of, schema: below, exprs }) = Reduced::of(node, schema)? {
        return calc(aggregate(&of, &below, mode)?, None, exprs, schema.clone());
    }
    let input = rel(&node.input, mode)?;
    if let Some(windows) = window::windows_of(node, mode) {
        return window::aggregate(node, &windows, input, schema);
    }
    let grouping = Grouping::new(node.group.clone(), node.calls.clone());
    if node.window.is_none() && is_of_single_rows(&grouping, &input) {
        return of_single_rows(&grouping, input, schema);
    }
    if let (Some(window), RuntimeMode::Streaming) = (&node.window, mode) {
        window::check_merge(&grouping, window.kind)?;
    }
    let input = input.exchanged(by_key(&grouping.keys));
    let kind = match (&node.window, mode) {
        (Some(window), _) => {
            let way = WindowWay::Stream;
            PhysicalKind::GroupWindowAggregate { grouping, window: window.clone(), way }
        }
        (None, RuntimeMode::Streaming) => PhysicalKind::GroupAggregate(grouping),
        (None, RuntimeMode::Batch) => PhysicalKind::HashAggregate(grouping),
    };
    Ok(PhysicalNode::new(kind, vec![input], schema.clone()))
}

/// Whether each group has one row, and what is asked of it is a value of that row.
///
/// As Flink's `FlinkAggregateRemoveRule`.
fn is_of_single_rows(grouping: &Grouping, input: &PhysicalNode) -> bool {
    let is_value = |call: &AggregateCall| {
        ["MAX", "MIN", "SUM"].contains(&call.call.function.name) && call.call.filter.is_none()
    };
    let is_unique = |key: Vec<usize>| key.iter().all(|column| grouping.keys.contains(column));
    !grouping.keys.is_empty()
        && grouping.calls.iter().all(is_value)
        && unique_keys(input).into_iter().any(is_unique)
}

/// What is asked of groups of one row each.
fn of_single_rows(
    grouping: &Grouping,
    input: PhysicalNode,
    schema: &Schema,
) -> Result<PhysicalNode> {
    let all = columns(&input.schema);
    let keys = grouping.keys.iter().map(|key| Ok(all[*key].clone()));
    let types = schema.fields()[grouping.keys.len()..].iter().map(|f| f.data_type.logical.clone());
    let values = grouping.calls.iter().zip(types).map(|(call, logical)| {
        let value = call.call.arguments.first().cloned().ok_or_else(no_input)?;
        if value.data_type.logical == logical { Ok(value) } else { value.cast(logical) }
    });
    let exprs = keys.chain(values).collect::<Result<_>>()?;
    calc(input, None, exprs, schema.clone())
}

/// Where rows with a key go; all to one without a key.
pub(super) fn by_key(keys: &[usize]) -> Distribution {
    match keys {
        [] => Distribution::Single,
        keys => Distribution::Hash(keys.to_vec()),
    }
}

fn sort(
    input: PhysicalNode,
    keys: &[SortKey],
    offset: u64,
    fetch: Option<u64>,
    mode: RuntimeMode,
) -> Result<PhysicalNode> {
    let (schema, of) = (input.schema.clone(), LimitOf::Rows);
    let kind = match (keys, fetch) {
        ([], None) if offset == 0 => return Ok(input),
        ([], None) => PhysicalKind::Limit { offset, fetch: UNLIMITED, of },
        ([], Some(fetch)) => PhysicalKind::Limit { offset, fetch, of },
        (keys, Some(fetch)) => {
            PhysicalKind::SortLimit { keys: keys.to_vec(), offset, fetch, strategy: None, of }
        }
        (keys, None) if mode == RuntimeMode::Batch => PhysicalKind::Sort(keys.to_vec()),
        (keys, None) => PhysicalKind::TemporalSort(keys.to_vec()),
    };
    Ok(PhysicalNode::new(kind, vec![input.exchanged(Distribution::Single)], schema))
}

fn set_op(
    op: SetOp,
    all: bool,
    inputs: &[Rel],
    schema: &Schema,
    mode: RuntimeMode,
) -> Result<PhysicalNode> {
    if op != SetOp::Union {
        return super::set_op::minus_or_intersect(op, all, inputs, schema, mode);
    }
    let inputs = inputs.iter().map(|i| rel(i, mode)).collect::<Result<Vec<_>>>()?;
    let union = PhysicalNode::new(PhysicalKind::Union, inputs, schema.clone());
    if all { Ok(union) } else { Ok(distinct(union, mode)) }
}

/// Each row once.
pub(super) fn distinct(input: PhysicalNode, mode: RuntimeMode) -> PhysicalNode {
    let schema = input.schema.clone();
    let grouping = Grouping::new((0..schema.len()).collect(), Vec::new());
    let input = input.exchanged(by_key(&grouping.keys));
    let kind = match mode {
        RuntimeMode::Streaming => PhysicalKind::GroupAggregate(grouping),
        RuntimeMode::Batch => PhysicalKind::HashAggregate(grouping),
    };
    PhysicalNode::new(kind, vec![input], schema)
}

/// A node with only some of its columns, in this order.
pub(crate) fn narrowed(input: PhysicalNode, keep: &[usize]) -> Result<PhysicalNode> {
    let all = columns(&input.schema);
    let fields = keep.iter().map(|c| input.schema.fields()[*c].clone()).collect();
    calc(input, None, keep.iter().map(|c| all[*c].clone()).collect(), Schema::new(fields))
}
