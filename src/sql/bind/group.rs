//! GROUP BY and aggregate calls: what is below the aggregate, and how the SELECT list reads it.

use sqlparser::ast::{Expr as Ast, GroupByExpr};

use super::Binder;
use super::expr::{Cx, Placeholder, place_of};
use super::foreign::{not_yet, refuse, unsupported};
use super::order::column_of;
use super::query::project;
use super::scope::Scope;
use super::select::{Output, distinct_of};
use super::table::with_attribute;
use super::window::{self, Window};
use crate::base::{Error, Result};
use crate::data::{DataType, Field, LogicalType, Schema, TimeAttribute};
use crate::expr::aggregate::AggregateCall as Call;
use crate::expr::{Expr, Node as ExprNode};
use crate::sql::bound::{Aggregate, AggregateCall, GroupWindow, Node, Rel, WindowProperty};
use crate::sql::catalog::located;

/// What a SELECT is grouped by.
#[derive(Default)]
pub(super) struct Grouping {
    /// Whether there is a GROUP BY.
    present: bool,
    /// Its expressions, but for the window.
    keys: Vec<Expr>,
    /// Its window.
    window: Option<Window>,
}

impl Binder<'_> {
    pub(super) fn grouping(&self, group_by: &GroupByExpr, scope: &Scope) -> Result<Grouping> {
        let mut grouping = Grouping::default();
        let GroupByExpr::Expressions(exprs, modifiers) = group_by else {
            return Err(unsupported("GROUP BY ALL", None));
        };
        refuse(!modifiers.is_empty(), "WITH ROLLUP", None)?;
        grouping.present = !exprs.is_empty();
        for expr in exprs {
            self.group_item(expr, scope, &mut grouping)?;
        }
        Ok(grouping)
    }

    fn group_item(&self, expr: &Ast, scope: &Scope, grouping: &mut Grouping) -> Result<()> {
        match expr {
            Ast::GroupingSets(_) => Err(not_yet("GROUPING SETS", place_of(expr))),
            Ast::Cube(_) => Err(not_yet("CUBE", place_of(expr))),
            Ast::Rollup(_) => Err(not_yet("ROLLUP", place_of(expr))),
            Ast::Tuple(items) => {
                items.iter().try_for_each(|item| self.group_item(item, scope, grouping))
            }
            Ast::Function(function) if window::is_window(function) => {
                refuse(grouping.window.is_some(), "TUMBLE, TUMBLE", place_of(expr))?;
                grouping.window = Some(self.window(function, scope)?);
                Ok(())
            }
            _ => {
                let key = self.scalar(expr, scope, "GROUP BY")?;
                column_of(&mut grouping.keys, key);
                Ok(())
            }
        }
    }
}

impl Grouping {
    /// Whether all rows are one group.
    pub fn is_global(&self) -> bool {
        !self.present
    }

    /// Whether there is anything to aggregate.
    pub fn applies(&self, cx: &Cx<'_>, having: bool) -> bool {
        self.present || having || !cx.placeholders().is_empty()
    }

    /// Puts an aggregate over the input and lets the output read it.
    pub fn aggregate(
        &mut self,
        input: Rel,
        scope: &Scope,
        cx: Cx<'_>,
        output: &mut Output,
    ) -> Result<Rel> {
        let below = Below::new(self, &cx)?;
        let keys = std::mem::take(&mut self.keys);
        let rewrite = Rewrite {
            keys: &keys,
            inputs: scope.len(),
            columns: &below.columns,
            types: below.schema.fields(),
        };
        let names = KeyNames { keys: &keys, output, scope };
        let schema = names.name(&below);
        for expr in output.exprs.iter_mut().chain(output.having.iter_mut()) {
            *expr = rewrite.apply(expr).map_err(|column| not_grouped(column, scope, &cx))?;
        }
        Ok(below.over(input, schema))
    }
}

fn not_grouped(column: usize, scope: &Scope, cx: &Cx<'_>) -> Error {
    let name = scope.column(column).map_or("", |c| &c.name);
    located(Error::new("not-grouped").arg("name", name), cx.place_seen(column))
}

/// What an aggregate computes, and the expressions below it that it reads.
struct Below {
    exprs: Vec<Expr>,
    group: Vec<usize>,
    calls: Vec<Call>,
    window: Option<GroupWindow>,
    /// For each placeholder, the column of the aggregate that it is.
    columns: Vec<usize>,
    schema: Schema,
}

impl Below {
    fn new(grouping: &Grouping, cx: &Cx<'_>) -> Result<Self> {
        let mut exprs: Vec<Expr> = Vec::new();
        let group: Vec<usize> =
            grouping.keys.iter().map(|key| column_of(&mut exprs, key.clone())).collect();
        let time = grouping.window.as_ref().map(|w| column_of(&mut exprs, w.time.clone()));
        let mut calls: Vec<Call> = Vec::new();
        let mut properties: Vec<WindowProperty> = Vec::new();
        let mut columns = Vec::new();
        let call_count = cx.placeholders().iter().filter(|p| matches!(p, Placeholder::Call(_)));
        let first_property = group.len() + call_count.count();
        for placeholder in cx.placeholders() {
            match placeholder {
                Placeholder::Call(call) => {
                    columns.push(group.len() + calls.len());
                    calls.push(over_columns(call, &mut exprs));
                }
                Placeholder::Property(asked) => {
                    columns.push(first_property + properties.len());
                    properties.push(asked.of(grouping.window.as_ref())?);
                }
            }
        }
        let key_fields = grouping.keys.iter().map(|key| group_type(&key.data_type));
        let call_fields = calls.iter().map(|call| call.data_type.clone());
        let time_type = grouping.window.as_ref().map(|w| w.time.data_type.logical.clone());
        let property_fields = properties.iter().map(|p| window::property_type(*p, &time_type));
        let types = key_fields.chain(call_fields).chain(property_fields);
        let schema = Schema::new(types.map(|t| Field::new("", t)).collect());
        let window = match (&grouping.window, time) {
            (Some(window), Some(time)) => Some(GroupWindow { kind: window.kind, time, properties }),
            _ => None,
        };
        Ok(Self { exprs, group, calls, window, columns, schema })
    }

    /// The aggregate over what it reads.
    fn over(self, input: Rel, schema: Schema) -> Rel {
        let names = self.exprs.iter().enumerate().map(|(n, expr)| match expr.as_column() {
            Some(column) => input.schema.fields()[column].name.clone(),
            None => format!("$f{n}"),
        });
        let names = names.collect();
        let below = project(input, self.exprs, names);
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

/// A time attribute that groups is a plain timestamp from there on.
fn group_type(data_type: &DataType) -> DataType {
    DataType {
        logical: with_attribute(data_type.logical.clone(), TimeAttribute::None),
        nullable: data_type.nullable,
    }
}

/// The call with its arguments and filter as columns of what is below.
fn over_columns(call: &Call, exprs: &mut Vec<Expr>) -> Call {
    let mut place =
        |expr: &Expr| Expr::column(column_of(exprs, expr.clone()), expr.data_type.clone());
    Call {
        arguments: call.arguments.iter().map(&mut place).collect(),
        filter: call.filter.as_ref().map(&mut place),
        ..call.clone()
    }
}

/// Names for the columns of an aggregate: those of the output where it shows them as they are.
struct KeyNames<'a> {
    keys: &'a [Expr],
    output: &'a Output,
    scope: &'a Scope,
}

impl KeyNames<'_> {
    fn name(&self, below: &Below) -> Schema {
        let inputs = self.scope.len();
        let fields = below.schema.fields().iter().enumerate().map(|(column, field)| {
            let name = self.keys.get(column).map_or_else(
                || self.shown(inputs, below, column),
                |key| key.as_column().and_then(|c| self.scope.column(c)).map(|c| c.name.clone()),
            );
            Field::new(name.unwrap_or_else(|| format!("EXPR${column}")), field.data_type.clone())
        });
        Schema::new(fields.collect())
    }

    /// The name under which the output shows a call or a property.
    fn shown(&self, inputs: usize, below: &Below, column: usize) -> Option<String> {
        let placeholder = below.columns.iter().position(|c| *c == column)?;
        let shown = |e: &Expr| e.as_column() == Some(inputs + placeholder);
        let position = self.output.exprs.iter().position(shown)?;
        self.output.names.get(position).cloned()
    }
}

/// From expressions over the input (and placeholders behind it) to expressions over the aggregate.
struct Rewrite<'a> {
    keys: &'a [Expr],
    /// How many columns the input has; placeholders come behind them.
    inputs: usize,
    /// For each placeholder, its column of the aggregate.
    columns: &'a [usize],
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

    /// What is a column of the aggregate as it stands.
    fn leaf(&self, expr: &Expr) -> Result<Option<Expr>, usize> {
        let column = self.keys.iter().position(|key| key == expr).or_else(|| {
            let placeholder = expr.as_column()?.checked_sub(self.inputs)?;
            self.columns.get(placeholder).copied()
        });
        match (column, &expr.node) {
            (Some(column), _) => {
                Ok(Some(Expr::column(column, self.types[column].data_type.clone())))
            }
            (None, ExprNode::Column(input)) => Err(*input),
            (None, _) => Ok(None),
        }
    }
}

/// SELECT DISTINCT: groups of all columns.
pub(super) fn distinct(input: Rel) -> Rel {
    let fields = input.schema.fields().iter();
    let fields = fields.map(|f| Field::new(f.name.clone(), group_type(&f.data_type)));
    let schema = Schema::new(fields.collect());
    Rel { node: Node::Aggregate(distinct_of(input)), schema }
}

/// Whether a type can be the time of a window.
pub(super) fn is_time(logical: &LogicalType) -> bool {
    matches!(logical, LogicalType::Timestamp { .. } | LogicalType::TimestampLtz { .. })
}
