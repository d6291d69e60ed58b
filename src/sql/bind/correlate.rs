//! Subqueries that name columns of the query around them, and how they come to stand on their own.
//!
//! A column of the query around is a column beyond [`OUTER`]. Conditions that name one are pulled up
//! through filters, projections, groups and joins, until they are the condition of a join of the outer
//! query with the subquery: what Calcite's `RelDecorrelator` does. What cannot be pulled up is refused,
//! as by Flink.

use std::sync::Arc;

use super::join::joined;
use super::query::project;
use super::scope::Scope;
use crate::base::{Error, Result};
use crate::data::{Field, Schema};
use crate::expr::{Expr, call};
use crate::sql::bound::{Aggregate, JoinKind, LEVEL, Node, OUTER, Rel};

/// A relation without outer columns, and conditions over its columns and outer ones.
pub(super) struct Pulled {
    /// The relation. Columns that only conditions need stand behind the others.
    pub(super) rel: Rel,
    /// What must hold of each of its rows.
    pub(super) conditions: Vec<Expr>,
    /// Whether an aggregate of all rows became one of the rows of each key.
    pub(super) grouped_whole: bool,
    /// How many columns the relation had before.
    pub(super) width: usize,
}

/// Takes the outer columns out of a relation.
///
/// # Errors
/// `correlate-unexpected`.
pub(super) fn pull(rel: Rel) -> Result<Pulled> {
    let width = rel.schema.len();
    if !names_outer(&rel) {
        return Ok(Pulled { rel, conditions: Vec::new(), grouped_whole: false, width });
    }
    Ok(Pulled { width, ..pull_node(rel)? })
}

fn pull_node(rel: Rel) -> Result<Pulled> {
    let Rel { node, schema } = rel;
    match node {
        Node::Subqueries(subqueries) => pull(Arc::unwrap_or_clone(subqueries.joined)),
        Node::Filter { input, predicate } => pull_filter(*input, &predicate),
        Node::Project { input, exprs } => pull_project(*input, exprs, &schema),
        Node::Aggregate(aggregate) => pull_aggregate(aggregate, &schema),
        Node::Join { left, right, kind: JoinKind::Inner, condition, as_of: None } => {
            pull_join(*left, *right, condition)
        }
        Node::Sort { input, offset: 0, fetch: None, .. } => pull(*input),
        _ => Err(unexpected()),
    }
}

impl Pulled {
    /// The same with conditions that only set columns of the relation equal to outer ones: what else
    /// is asked of the outer columns is asked of a row of them (the values that they have, each once,
    /// which [`over_domain`](super::domain::over_domain) puts there).
    pub(super) fn keyed(self) -> Result<Self> {
        if self.conditions.iter().all(|condition| equal_column(condition).is_some()) {
            return Ok(self);
        }
        let Pulled { rel, conditions, grouped_whole, width: shown } = self;
        let mut outer: Vec<Expr> = conditions
            .iter()
            .flat_map(Expr::nodes)
            .filter(|e| e.as_column().is_some_and(|c| c >= OUTER))
            .cloned()
            .collect();
        outer.sort_by_key(Expr::as_column);
        outer.dedup_by_key(|e| e.as_column());
        if outer.iter().any(|e| e.as_column().is_some_and(|c| c >= OUTER + LEVEL)) {
            return Err(unexpected());
        }
        let width = rel.schema.len();
        let at = |column: usize| outer.iter().position(|e| e.as_column() == Some(column));
        let asked = conditions.iter().map(|c| c.map_columns(&|c| at(c).map_or(c, |n| width + n)));
        let asked = all(asked.collect::<Vec<_>>().into_iter())?;
        let fields = outer.iter().enumerate();
        let fields = fields.map(|(n, e)| Field::new(format!("$cor{n}"), e.data_type.clone()));
        let schema = Schema::new(fields.collect());
        let domain = Rel { node: Node::Values(vec![outer.clone()]), schema };
        let none = || Scope::default();
        let (rel, _) = joined((rel, none()), (domain, none()), JoinKind::Inner, asked);
        let fields = rel.schema.fields();
        let equal = |(n, outer): (usize, &Expr)| {
            let own = Expr::column(width + n, fields[width + n].data_type.clone());
            call("=", vec![own, outer.clone()])
        };
        let conditions = outer.iter().enumerate().map(equal).collect::<Result<_>>()?;
        Ok(Pulled { rel, conditions, grouped_whole, width: shown })
    }

    /// The columns of the relation that are equal to outer ones.
    pub(super) fn keys(&self) -> Vec<usize> {
        own_columns(&self.conditions)
    }
}

/// What Flink says of a subquery that it cannot take apart.
pub(super) fn unexpected() -> Error {
    Error::new("correlate-unexpected")
}

fn is_outer(expr: &Expr) -> bool {
    expr.nodes().filter_map(Expr::as_column).any(|c| c >= OUTER)
}

fn names_outer(rel: &Rel) -> bool {
    let own = match &rel.node {
        Node::Project { exprs, .. } => exprs.iter().any(is_outer),
        Node::Filter { predicate, .. } => is_outer(predicate),
        Node::Join { condition, .. } => condition.as_ref().is_some_and(is_outer),
        Node::Unnest(unnest) => is_outer(&unnest.of),
        Node::Values(rows) => rows.iter().flatten().any(is_outer),
        Node::Expand { projects, .. } => projects.iter().flatten().any(is_outer),
        _ => false,
    };
    own || rel.inputs().into_iter().any(names_outer)
}

/// Over constant rows Flink leaves the outer column where it is, and then does not know it.
fn is_values(rel: &Rel) -> bool {
    match &rel.node {
        Node::Values(_) => true,
        Node::Project { input, .. } | Node::Filter { input, .. } => is_values(input),
        Node::Subqueries(subqueries) => is_values(&subqueries.joined),
        _ => false,
    }
}

fn pull_filter(input: Rel, predicate: &Expr) -> Result<Pulled> {
    let (outer, own): (Vec<&Expr>, Vec<&Expr>) =
        predicate.conjuncts().into_iter().partition(|part| is_outer(part));
    if !outer.is_empty() && is_values(&input) {
        return Err(unexpected());
    }
    let mut pulled = pull(input)?;
    if let Some(own) = all(own.into_iter().cloned())? {
        pulled.rel = super::select::filter(pulled.rel, own);
    }
    pulled.conditions.extend(outer.into_iter().cloned());
    Ok(pulled)
}

fn pull_project(input: Rel, mut exprs: Vec<Expr>, schema: &Schema) -> Result<Pulled> {
    if exprs.iter().any(is_outer) {
        return Err(unexpected());
    }
    let mut pulled = pull(input)?;
    let mut names: Vec<String> = schema.fields().iter().map(|f| f.name.clone()).collect();
    let fields = pulled.rel.schema.fields();
    for column in own_columns(&pulled.conditions) {
        if !exprs.iter().any(|e| e.as_column() == Some(column)) {
            exprs.push(Expr::column(column, fields[column].data_type.clone()));
            names.push(fields[column].name.clone());
        }
    }
    let place = |column: usize| match column {
        outer if outer >= OUTER => outer,
        own => exprs.iter().position(|e| e.as_column() == Some(own)).unwrap_or(own),
    };
    pulled.conditions.iter_mut().for_each(|c| *c = c.map_columns(&place));
    pulled.rel = project(pulled.rel, exprs, names);
    Ok(pulled)
}

/// The columns of the relation itself that conditions read.
fn own_columns(conditions: &[Expr]) -> Vec<usize> {
    let mut columns: Vec<usize> =
        conditions.iter().flat_map(Expr::columns).filter(|c| *c < OUTER).collect();
    columns.sort_unstable();
    columns.dedup();
    columns
}

/// Groups get the columns that are equal to outer ones as further keys.
fn pull_aggregate(aggregate: Aggregate, schema: &Schema) -> Result<Pulled> {
    let Aggregate { input, group, window: None, calls } = aggregate else {
        return Err(unexpected());
    };
    let pulled = pull(*input)?.keyed()?;
    let whole = group.is_empty();
    let mut keys = Vec::new();
    for condition in &pulled.conditions {
        keys.push(equal_column(condition).ok_or_else(unexpected)?);
    }
    let mut all_keys = group.clone();
    all_keys.extend(keys.iter().copied().filter(|key| !group.contains(key)));
    let (of_groups, of_calls) = schema.fields().split_at(group.len());
    let added = all_keys[group.len()..].iter().map(|k| pulled.rel.schema.fields()[*k].clone());
    let fields = of_groups.iter().cloned().chain(added).chain(of_calls.iter().cloned());
    let below = pulled.rel.clone();
    let grouped = Rel {
        schema: Schema::new(fields.collect()),
        node: Node::Aggregate(Aggregate {
            input: Box::new(below),
            group: all_keys.clone(),
            window: None,
            calls,
        }),
    };
    // The columns that were there first, then the new keys.
    let added = group.len()..all_keys.len();
    let calls = all_keys.len()..grouped.schema.len();
    let order: Vec<usize> = (0..group.len()).chain(calls).chain(added).collect();
    let place = |column: usize| match column {
        outer if outer >= OUTER => outer,
        own => {
            let key = all_keys.iter().position(|k| *k == own);
            key.and_then(|key| order.iter().position(|c| *c == key)).unwrap_or(own)
        }
    };
    let conditions = pulled.conditions.iter().map(|c| c.map_columns(&place)).collect();
    let fields = grouped.schema.fields();
    let exprs = order.iter().map(|c| Expr::column(*c, fields[*c].data_type.clone())).collect();
    let names = order.iter().map(|c| fields[*c].name.clone()).collect();
    let rel = project(grouped, exprs, names);
    Ok(Pulled { rel, conditions, grouped_whole: whole, width: schema.len() })
}

/// The column of the relation that an equation sets equal to something outer.
fn equal_column(condition: &Expr) -> Option<usize> {
    let [a, b] = condition.operands() else { return None };
    let outer_only = |e: &Expr| e.columns().iter().all(|c| *c >= OUTER);
    let own = match (condition.is_call("="), outer_only(a), outer_only(b)) {
        (true, true, false) => b,
        (true, false, true) => a,
        _ => return None,
    };
    own.as_column()
}

fn pull_join(left: Rel, right: Rel, condition: Option<Expr>) -> Result<Pulled> {
    let (left, right) = (pull(left)?, pull(right)?);
    if left.grouped_whole || right.grouped_whole {
        return Err(unexpected());
    }
    let width = left.rel.schema.len();
    let beside = |c: usize| if c >= OUTER { c } else { c + width };
    let mut conditions = left.conditions;
    conditions.extend(right.conditions.iter().map(|c| c.map_columns(&beside)));
    let fields = left.rel.schema.fields().iter().chain(right.rel.schema.fields()).cloned();
    let schema = Schema::new(fields.collect());
    let (outer, own): (Vec<Expr>, Vec<Expr>) =
        condition.iter().flat_map(Expr::conjuncts).cloned().partition(is_outer);
    conditions.extend(outer);
    let node = Node::Join {
        left: Box::new(left.rel),
        right: Box::new(right.rel),
        kind: JoinKind::Inner,
        condition: all(own.into_iter())?,
        as_of: None,
    };
    let rel = Rel { node, schema };
    Ok(Pulled { width: rel.schema.len(), rel, conditions, grouped_whole: false })
}

/// Conditions as one.
pub(super) fn all(mut parts: impl Iterator<Item = Expr>) -> Result<Option<Expr>> {
    let Some(first) = parts.next() else { return Ok(None) };
    parts.try_fold(first, |all, part| call("AND", vec![all, part])).map(Some)
}

/// A condition of a subquery as one over the outer query's columns and, `width` behind, its own. The
/// columns of queries still further out come one query nearer.
pub(super) fn over_both(condition: &Expr, width: usize) -> Expr {
    condition.map_columns(&|column| match column.checked_sub(OUTER) {
        None => column + width,
        Some(nearest) if nearest < LEVEL => nearest,
        Some(further) => OUTER + further - LEVEL,
    })
}
