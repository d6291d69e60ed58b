//! What is asked of rows, as it goes down a tree of operators.

use super::condition::Test;
use crate::expr::Expr;

/// What is asked of rows: conditions, and a part of which it is known how large it is.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    pub parts: Vec<Expr>,
    pub share: Option<f64>,
}

impl Asked {
    /// What a condition asks.
    pub fn of(condition: Option<&Expr>) -> Self {
        let parts = condition.into_iter().flat_map(|c| c.conjuncts()).cloned().collect();
        Self { parts, share: None }
    }

    /// So large a part.
    pub fn share(share: f64) -> Self {
        Self { parts: Vec::new(), share: Some(share) }
    }

    pub fn is_nothing(&self) -> bool {
        self.parts.is_empty() && self.share.is_none()
    }

    /// The same of other columns, and what more is asked there.
    pub fn with(mut self, more: &Self) -> Self {
        self.parts.extend(more.parts.iter().cloned());
        self.share = match (self.share, more.share) {
            (Some(a), Some(b)) => Some(a * b),
            (a, b) => a.or(b),
        };
        self
    }

    /// The same below a projection.
    pub fn below(&self, projection: &[Expr]) -> Self {
        let parts = self.parts.iter().map(|part| part.substitute(projection)).collect();
        Self { parts, share: self.share }
    }

    /// What is asked of the first so many columns, moved, and the rest.
    pub fn split(&self, width: usize, place: &impl Fn(usize) -> usize) -> (Self, Self) {
        let below = |part: &&Expr| part.columns().iter().all(|c| *c < width);
        let (first, rest): (Vec<&Expr>, Vec<&Expr>) = self.parts.iter().partition(below);
        let moved = first.into_iter().map(|part| part.map_columns(place)).collect();
        let rest = Self { parts: rest.into_iter().cloned().collect(), share: None };
        (Self { parts: moved, share: self.share }, rest)
    }

    pub fn tests(&self) -> Vec<Test> {
        self.parts.iter().flat_map(Test::all_of).collect()
    }
}
