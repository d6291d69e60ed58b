//! Subqueries in expressions, as they were written beside the joins that they become.

use std::sync::Arc;

use super::Rel;
use crate::expr::Expr;

/// From here on columns are those of the queries around, the nearest first.
pub const OUTER: usize = 1 << 40;
/// How far the columns of one query around are from those of the next.
pub const LEVEL: usize = 1 << 30;
/// From here on columns are the values of subqueries, in the order in which they were met.
pub const VALUES: usize = 1 << 50;

/// A relation whose expressions read subqueries. Both its forms hold what is below it: they are shared, for
/// else a query with many subqueries inside each other would double with each of them.
#[derive(Clone, Debug)]
pub struct Subqueries {
    /// The joins that it becomes.
    pub joined: Arc<Rel>,
    /// What was written: a filter or a projection, whose expressions read the columns from [`VALUES`] on.
    pub written: Arc<Rel>,
    /// What they read there.
    pub read: Vec<Subquery>,
}

/// A subquery as an expression.
#[derive(Clone, Debug)]
pub struct Subquery {
    /// What is read of it.
    pub asks: SubqueryTest,
    /// Its relation, which may read columns from [`OUTER`] on.
    pub rel: Rel,
}

/// What is read of a subquery.
#[derive(Clone, Debug)]
pub enum SubqueryTest {
    /// Whether it has rows.
    Exists,
    /// Whether these are among its rows: `x IN (SELECT ..)`.
    Member(Vec<Expr>),
    /// Its only value.
    Value,
}
