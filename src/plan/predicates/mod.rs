//! Conditions are asked as early as they can be: below projections, groups, set operations and joins.
//!
//! As Flink's rules for filters (`FilterProjectTransposeRule`, `FilterAggregateTransposeRule`,
//! `FilterSetOpTransposeRule`, `FlinkFilterJoinRule`, `JoinPushTransitivePredicatesRule`). A condition that
//! calls something that differs from call to call stays where it is.

mod join;
mod strong;

use std::sync::Arc;

use crate::base::Result;
use crate::data::{Field, Schema};
use crate::expr::{Expr, all_of};
use crate::sql::bound::{Aggregate, AsOf, Node, Rel};

/// A relation with the same rows, whose conditions stand as far down as they can.
pub(super) fn push(rel: &Rel) -> Result<Rel> {
    below(rel.clone(), Vec::new())
}

/// The rows of a relation for which conditions are true.
fn below(rel: Rel, asked: Vec<Expr>) -> Result<Rel> {
    let Rel { node, schema } = rel;
    let (node, stays) = match node {
        Node::Filter { input, predicate } => {
            let own = predicate.conjuncts().into_iter().cloned();
            return below(*input, own.chain(asked).collect());
        }
        // From here on they are the joins that they become.
        Node::Subqueries(subqueries) => {
            return below(Rel { schema, ..Arc::unwrap_or_clone(subqueries.joined) }, asked);
        }
        Node::Project { input, exprs } => {
            let stable = exprs.iter().all(Expr::is_deterministic);
            let (moved, stays) = part(asked, |_| stable);
            let moved = moved.iter().map(|part| part.substitute(&exprs)).collect();
            (Node::Project { input: boxed(*input, moved)?, exprs }, stays)
        }
        Node::Aggregate(aggregate) => of_groups(aggregate, asked)?,
        Node::SetOp { op, all, inputs } => {
            let (moved, stays) = part(asked, Expr::is_deterministic);
            let inputs = inputs.into_iter().map(|input| below(input, moved.clone()));
            (Node::SetOp { op, all, inputs: inputs.collect::<Result<_>>()? }, stays)
        }
        Node::Unnest(mut unnest) => {
            let width = unnest.input.schema.len();
            let (moved, stays) = part(asked, |part| is_movable(part, |c| c < width));
            unnest.input = boxed(*unnest.input, moved)?;
            let is_inner = !unnest.left;
            let (own, stays) =
                part(stays, |part| is_inner && is_movable(part, |column| column >= width));
            let own = own.iter().map(|part| part.map_columns(&|column| column - width));
            unnest.condition = all_of(unnest.condition.into_iter().chain(own))?;
            (Node::Unnest(unnest), stays)
        }
        Node::Join { left, right, kind, condition, as_of }
            if !matches!(as_of, Some(AsOf::Version { .. })) =>
        {
            join::below(join::Join { left: *left, right: *right, kind, condition, as_of }, asked)?
        }
        other => (over(other)?, asked),
    };
    filtered(Rel { node, schema }, stays)
}

/// A node through which nothing moves, over inputs where it does.
fn over(node: Node) -> Result<Node> {
    let none = Vec::new;
    Ok(match node {
        Node::Join { left, right, kind, condition, as_of } => Node::Join {
            left: boxed(*left, none())?,
            right: boxed(*right, none())?,
            kind,
            condition,
            as_of,
        },
        Node::Watermark { input, rowtime, watermark } => {
            Node::Watermark { input: boxed(*input, none())?, rowtime, watermark }
        }
        Node::Expand { input, projects } => {
            Node::Expand { input: boxed(*input, none())?, projects }
        }
        Node::Sort { input, keys, offset, fetch } => {
            Node::Sort { input: boxed(*input, none())?, keys, offset, fetch }
        }
        Node::WindowTable(mut table) => {
            table.input = boxed(*table.input, none())?;
            Node::WindowTable(table)
        }
        Node::Over(mut over) => {
            over.input = boxed(*over.input, none())?;
            Node::Over(over)
        }
        Node::Match(mut recognize) => {
            recognize.input = boxed(*recognize.input, none())?;
            Node::Match(recognize)
        }
        leaf => leaf,
    })
}

/// What is asked of the key alone is asked of the rows of the groups.
fn of_groups(mut aggregate: Aggregate, asked: Vec<Expr>) -> Result<(Node, Vec<Expr>)> {
    let keys = aggregate.group.len();
    let (moved, stays) = part(asked, |part| is_movable(part, |c| c < keys));
    let moved: Vec<Expr> =
        moved.iter().map(|part| part.map_columns(&|c| aggregate.group[c])).collect();
    if !moved.is_empty() {
        named_as_read(&mut aggregate.input);
    }
    aggregate.input = boxed(*aggregate.input, moved)?;
    Ok((Node::Aggregate(aggregate), stays))
}

/// Columns that a projection passes on bear their own names again, as in Flink's plans.
fn named_as_read(rel: &mut Rel) {
    let Node::Project { input, exprs } = &rel.node else { return };
    let own = |(field, expr): (&Field, &Expr)| match expr.as_column() {
        Some(column) if !is_computed(input, column) => {
            Field::new(input.schema.fields()[column].name.clone(), field.data_type.clone())
        }
        _ => field.clone(),
    };
    rel.schema = Schema::new(rel.schema.fields().iter().zip(exprs).map(own).collect());
}

/// Whether projections compute a column.
fn is_computed(rel: &Rel, column: usize) -> bool {
    match &rel.node {
        Node::Project { input, exprs } => match exprs[column].as_column() {
            Some(column) => is_computed(input, column),
            None => true,
        },
        Node::Filter { input, .. } | Node::Watermark { input, .. } => is_computed(input, column),
        _ => false,
    }
}

/// Whether a condition speaks of some columns alone, and of one at least.
fn is_movable(part: &Expr, of: impl Fn(usize) -> bool) -> bool {
    let columns = part.columns();
    !columns.is_empty() && columns.into_iter().all(of) && part.is_deterministic()
}

/// Those that pass, and the others.
fn part(asked: Vec<Expr>, passes: impl Fn(&Expr) -> bool) -> (Vec<Expr>, Vec<Expr>) {
    asked.into_iter().partition(|part| passes(part))
}

fn boxed(rel: Rel, asked: Vec<Expr>) -> Result<Box<Rel>> {
    below(rel, asked).map(Box::new)
}

/// A filter over a relation, if there is something to ask.
fn filtered(rel: Rel, parts: Vec<Expr>) -> Result<Rel> {
    let Some(predicate) = all_of(parts)? else { return Ok(rel) };
    let schema = rel.schema.clone();
    Ok(Rel { node: Node::Filter { input: Box::new(rel), predicate }, schema })
}
