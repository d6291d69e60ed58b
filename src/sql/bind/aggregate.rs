//! An aggregate under a SELECT list: what is below it, and how the list reads it.

use super::expr::{Cx, OverPlaceholder, Placeholder};
use super::group::{Grouping, group_type, missing, window_times};
use super::order::column_of;
use super::query::project;
use super::scope::Scope;
use super::select::Output;
use super::window;
use crate::base::{Error, Result};
use crate::data::{DataType, Field, LogicalType, Schema, Value};
use crate::expr::aggregate::AggregateCall as Call;
use crate::expr::{Expr, Node as ExprNode, call as call_function};
use crate::sql::bound::{Aggregate, AggregateCall, GroupWindow, Node, Rel, WindowProperty};

/// The column that tells grouping sets apart, by Flink's name.
const EXPAND_ID: &str = "$e";

/// Puts an aggregate over the input and lets the output read it. Calls with OVER, which stand above
/// it, come back over its columns.
pub(super) fn aggregate(
    grouping: &Grouping,
    input: Rel,
    scope: &Scope,
    cx: &Cx<'_>,
    output: &mut Output,
) -> Result<(Rel, Vec<OverPlaceholder>)> {
    cx.binder.environment.config.check("table.optimizer.agg-phase-strategy")?;
    let below = Below::new(grouping, cx, &input)?;
    let rewrite = Rewrite {
        keys: &grouping.keys,
        inputs: scope.len(),
        placeholders: &below.placeholders,
        types: below.schema.fields(),
    };
    let of_windows = grouping.window.is_some() || input.window_columns().is_some();
    let names = KeyNames { keys: &grouping.keys, output, scope, of_windows };
    let schema = names.name(&below);
    let refused = |column| not_grouped(column, scope, cx);
    for expr in output.exprs.iter_mut().chain(output.having.iter_mut()) {
        *expr = rewrite.apply(expr).map_err(refused)?;
    }
    let mut overs = cx.overs();
    for over in &mut overs {
        rewrite.apply_over(over).map_err(refused)?;
    }
    Ok((below.over(grouping, input, schema), overs))
}

fn not_grouped(column: usize, scope: &Scope, cx: &Cx<'_>) -> Error {
    let name = scope.column(column).map_or("", |c| &c.name);
    Error::new("not-grouped").arg("name", name).at(cx.place_seen(column))
}

/// What an aggregate computes, and the expressions below it that it reads.
struct Below {
    exprs: Vec<Expr>,
    group: Vec<usize>,
    calls: Vec<Call>,
    window: Option<GroupWindow>,
    /// What each placeholder is, over the columns of the aggregate.
    placeholders: Vec<Expr>,
    schema: Schema,
}

impl Below {
    fn new(grouping: &Grouping, cx: &Cx<'_>, input: &Rel) -> Result<Self> {
        let mut exprs = grouping.keys.clone();
        // What grouping sets set to NULL is not what aggregates read.
        let shared = if grouping.sets.is_some() { exprs.len() } else { 0 };
        let time = grouping.window.as_ref().map(|w| place(&mut exprs, shared, w.time.clone()));
        let mut calls: Vec<Call> = Vec::new();
        let mut properties: Vec<WindowProperty> = Vec::new();
        let mut property_types = Vec::new();
        let time_type = grouping.window.as_ref().map(|w| w.time.data_type.logical.clone());
        for placeholder in cx.placeholders() {
            match placeholder {
                Placeholder::Call(call) => calls.push(over_columns(call, &mut exprs, shared)),
                Placeholder::Property(asked) => {
                    let property = asked.of(grouping.window.as_ref())?;
                    properties.push(property);
                    property_types.push(window::property_type(property, &time_type));
                }
                Placeholder::Grouping(_) | Placeholder::Over(_) | Placeholder::Navigation(_) => {}
            }
        }
        let mut group: Vec<usize> = (0..grouping.keys.len()).collect();
        let mut types = key_types(grouping, input);
        if grouping.sets.is_some() {
            group.push(exprs.len());
            types.push(DataType::not_null(LogicalType::BigInt));
        }
        types.extend(calls.iter().map(|call| call.data_type.clone()));
        types.extend(property_types);
        let schema = Schema::new(types.into_iter().map(|t| Field::new("", t)).collect());
        let window = match (&grouping.window, time) {
            (Some(window), Some(time)) => {
                let (kind, emit) = (window.kind, window.emit);
                Some(GroupWindow { kind, time, properties, emit })
            }
            _ => None,
        };
        let mut below = Self { exprs, group, calls, window, placeholders: Vec::new(), schema };
        below.placeholders = below.read(grouping, cx)?;
        Ok(below)
    }

    /// What each placeholder is, over the columns of the aggregate; calls with OVER stand behind them.
    fn read(&self, grouping: &Grouping, cx: &Cx<'_>) -> Result<Vec<Expr>> {
        let mut next_call = self.group.len();
        let mut next_property = next_call + self.calls.len();
        let mut next_over = self.schema.len();
        let mut read = Vec::new();
        for placeholder in cx.placeholders() {
            let next = match placeholder {
                Placeholder::Grouping(asked) => {
                    read.push(asked.value(grouping)?);
                    continue;
                }
                Placeholder::Over(over) => {
                    read.push(Expr::column(next_over, over.data_type.clone()));
                    next_over += 1;
                    continue;
                }
                Placeholder::Navigation(_) => continue,
                Placeholder::Call(_) => &mut next_call,
                Placeholder::Property(_) => &mut next_property,
            };
            let data_type = self.schema.fields()[*next].data_type.clone();
            read.push(Expr::column(*next, data_type));
            *next += 1;
        }
        Ok(read)
    }

    /// The name of a column that says something of the window.
    fn property(&self, column: usize) -> Option<String> {
        let place = column.checked_sub(self.group.len() + self.calls.len())?;
        let property = self.window.as_ref()?.properties.get(place)?;
        Some(property.column().to_owned())
    }

    /// The aggregate over what it reads.
    fn over(self, grouping: &Grouping, input: Rel, schema: Schema) -> Rel {
        let keys = grouping.keys.len();
        let names = self.exprs.iter().enumerate().map(|(n, expr)| match expr.as_column() {
            _ if n < keys => schema.fields()[n].name.clone(),
            Some(column) => input.schema.fields()[column].name.clone(),
            None => format!("$f{n}"),
        });
        let mut names: Vec<String> = names.collect();
        let mut exprs = self.exprs;
        // Rows are counted by something.
        if exprs.is_empty() {
            exprs.push(Expr::constant(Value::Int(0)));
            names.push("$f0".to_owned());
        }
        let below = expanded(grouping, project(input, exprs, names));
        let first_call = self.group.len();
        let calls = self.calls.into_iter().enumerate().map(|(n, call)| AggregateCall {
            call,
            name: schema.fields()[first_call + n].name.clone(),
        });
        let calls = calls.collect();
        let (group, window) = (self.group, self.window);
        let aggregate = Aggregate { input: Box::new(below), group, window, calls };
        Rel { node: Node::Aggregate(aggregate), schema }
    }
}

/// The types of the keys; a key that some grouping set lacks may be NULL.
fn key_types(grouping: &Grouping, input: &Rel) -> Vec<DataType> {
    let times = window_times(&grouping.keys, input.window_columns().as_ref());
    let lacks = |key: usize| grouping.sets.iter().flatten().any(|set| !set.contains(&key));
    let typed = |(n, (key, is_time)): (usize, (&Expr, bool))| {
        let plain = group_type(&key.data_type, is_time);
        DataType { nullable: plain.nullable || lacks(n), ..plain }
    };
    grouping.keys.iter().zip(times).enumerate().map(typed).collect()
}

/// Each row once a grouping set, with the keys that the set lacks as NULL, and the id of the set.
fn expanded(grouping: &Grouping, input: Rel) -> Rel {
    let Some(sets) = &grouping.sets else { return input };
    let keys = grouping.keys.len();
    let lacks = |key: usize| sets.iter().any(|set| !set.contains(&key));
    let mut fields = input.schema.fields().to_vec();
    for (n, field) in fields[..keys].iter_mut().enumerate() {
        field.data_type.nullable |= lacks(n);
    }
    fields.push(Field::new(EXPAND_ID, DataType::not_null(LogicalType::BigInt)));
    let project = |(n, set): (usize, &Vec<usize>)| {
        let column = |(c, field): (usize, &Field)| match c < keys && !set.contains(&c) {
            true => Expr::literal(Value::Null, DataType::nullable(field.data_type.logical.clone())),
            false => Expr::column(c, field.data_type.clone()),
        };
        let columns = input.schema.fields().iter().enumerate().map(column);
        columns.chain([big_int(grouping.id_of(n))]).collect()
    };
    let projects = sets.iter().enumerate().map(project).collect();
    Rel { node: Node::Expand { input: Box::new(input), projects }, schema: Schema::new(fields) }
}

fn big_int(value: i64) -> Expr {
    Expr::literal(Value::BigInt(value), DataType::not_null(LogicalType::BigInt))
}

/// A call of GROUPING, GROUPING_ID or GROUP_ID.
#[derive(Clone, Debug)]
pub(super) struct GroupingCall {
    /// Its arguments.
    pub arguments: Vec<Expr>,
    /// Where it stands.
    pub place: Option<crate::base::Span>,
}

impl GroupingCall {
    /// Its value, over the columns of the aggregate.
    fn value(&self, grouping: &Grouping) -> Result<Expr> {
        let refuse = |code: &'static str| Error::new(code).at(self.place);
        if !grouping.present {
            return Err(refuse("grouping-without-group"));
        }
        let key = |argument: &Expr| {
            let key = grouping.keys.iter().position(|key| key == argument);
            key.ok_or_else(|| refuse("grouping-not-key"))
        };
        let keys = self.arguments.iter().map(key).collect::<Result<Vec<usize>>>()?;
        let Some(sets) = &grouping.sets else { return Ok(big_int(0)) };
        let id = Expr::column(grouping.keys.len(), DataType::not_null(LogicalType::BigInt));
        let branch = |(n, set): (usize, &Vec<usize>)| {
            let is_set = call_function("=", vec![id.clone(), big_int(grouping.id_of(n))])?;
            // GROUP_ID, which has no arguments, counts the same sets before.
            let value = match keys.is_empty() {
                true => sets[..n].iter().filter(|before| *before == set).count() as i64,
                false => missing(&keys, set),
            };
            Ok((is_set, big_int(value)))
        };
        let branches = sets.iter().enumerate().map(branch).collect::<Result<Vec<_>>>()?;
        Expr::case(branches, Some(big_int(0)))
    }
}

/// The column of an expression, which is none of the first `from`.
fn place(exprs: &mut Vec<Expr>, from: usize, expr: Expr) -> usize {
    let mut own = exprs.split_off(from);
    let column = from + column_of(&mut own, expr);
    exprs.append(&mut own);
    column
}

/// The call with its arguments and filter as columns of what is below.
fn over_columns(call: &Call, exprs: &mut Vec<Expr>, from: usize) -> Call {
    let mut column =
        |expr: &Expr| Expr::column(place(exprs, from, expr.clone()), expr.data_type.clone());
    Call {
        arguments: call.arguments.iter().map(&mut column).collect(),
        filter: call.filter.as_ref().map(&mut column),
        ..call.clone()
    }
}

/// Names for the columns of an aggregate: those of the output where it shows them as they are.
struct KeyNames<'a> {
    keys: &'a [Expr],
    output: &'a Output,
    scope: &'a Scope,
    /// Whether groups are of windows: Flink's plans for these keep the names of the keys.
    of_windows: bool,
}

impl KeyNames<'_> {
    fn name(&self, below: &Below) -> Schema {
        let inputs = self.scope.len();
        let fields = below.schema.fields().iter().enumerate().map(|(column, field)| {
            let name = match self.keys.get(column) {
                Some(key) => {
                    let own = || self.scope.column(key.as_column()?).map(|c| c.name.clone());
                    let listed = || self.listed(|shown| shown == key);
                    if self.of_windows { own().or_else(listed) } else { listed().or_else(own) }
                }
                None if column < below.group.len() => Some(EXPAND_ID.to_owned()),
                None => below.property(column).or_else(|| self.shown(inputs, below, column)),
            };
            Field::new(name.unwrap_or_else(|| format!("$f{column}")), field.data_type.clone())
        });
        Schema::new(fields.collect())
    }

    /// The name under which the output shows a call or a property.
    fn shown(&self, inputs: usize, below: &Below, column: usize) -> Option<String> {
        let is_it = |read: &Expr| read.as_column() == Some(column);
        let placeholder = below.placeholders.iter().position(is_it)?;
        self.listed(|shown| shown.as_column() == Some(inputs + placeholder))
    }

    /// The name of the last column of the SELECT list that is so.
    fn listed(&self, is_it: impl Fn(&Expr) -> bool) -> Option<String> {
        let position = self.output.exprs.iter().rposition(is_it)?;
        self.output.names.get(position).cloned()
    }
}

/// From expressions over the input (and placeholders behind it) to expressions over the aggregate.
struct Rewrite<'a> {
    keys: &'a [Expr],
    /// How many columns the input has; placeholders come behind them.
    inputs: usize,
    /// What each placeholder is, over the aggregate.
    placeholders: &'a [Expr],
    /// The columns of the aggregate.
    types: &'a [Field],
}

impl Rewrite<'_> {
    /// The expression over the aggregate, or the input column that is neither grouped nor aggregated.
    ///
    /// The chain of first operands is walked by a loop: it is as deep as it is long.
    fn apply(&self, expr: &Expr) -> Result<Expr, usize> {
        let mut chain: Vec<&Expr> = Vec::new();
        let mut next = expr;
        let mut result = loop {
            if let Some(found) = self.leaf(next)? {
                break found;
            }
            match next.operands().first() {
                Some(first) => {
                    chain.push(next);
                    next = first;
                }
                None => break next.clone(),
            }
        };
        while let Some(node) = chain.pop() {
            let mut operands = vec![result];
            for operand in &node.operands()[1..] {
                operands.push(self.apply(operand)?);
            }
            result = Expr::new(node.node.clone(), node.data_type.clone(), operands);
        }
        Ok(result)
    }

    /// All expressions of a call with OVER.
    fn apply_over(&self, over: &mut OverPlaceholder) -> Result<(), usize> {
        for expr in over.exprs_mut() {
            *expr = self.apply(expr)?;
        }
        Ok(())
    }

    /// What is a column of the aggregate as it stands.
    fn leaf(&self, expr: &Expr) -> Result<Option<Expr>, usize> {
        if let Some(key) = self.keys.iter().position(|key| key == expr) {
            return Ok(Some(Expr::column(key, self.types[key].data_type.clone())));
        }
        let ExprNode::Column(input) = expr.node else { return Ok(None) };
        if super::subquery::is_value(input) {
            return Ok(Some(expr.clone()));
        }
        let placeholder = input.checked_sub(self.inputs).and_then(|p| self.placeholders.get(p));
        placeholder.cloned().map(Some).ok_or(input)
    }
}
