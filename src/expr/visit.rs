//! Walking and rewriting trees, however deep their chains are.

use super::function::Volatility;
use super::tree::{Expr, Node};

impl Expr {
    /// Every node, the root first.
    pub fn nodes(&self) -> impl Iterator<Item = &Expr> {
        let mut pending = vec![self];
        std::iter::from_fn(move || {
            let next = pending.pop()?;
            pending.extend(next.operands().iter().rev());
            Some(next)
        })
    }

    /// The columns that it reads, in rising order, each once.
    pub fn columns(&self) -> Vec<usize> {
        let mut columns: Vec<usize> = self.nodes().filter_map(Expr::as_column).collect();
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    /// Whether it has the same value for every row and at every time.
    pub fn is_constant(&self) -> bool {
        self.nodes().all(|node| match node.node {
            Node::Column(_) => false,
            Node::Call(function) => function.volatility == Volatility::Immutable,
            _ => true,
        })
    }

    /// Whether it has the same value for the same row at every time.
    pub fn is_deterministic(&self) -> bool {
        let stable = |f: &super::Function| f.volatility != Volatility::Volatile;
        self.nodes().all(|node| node.as_call().is_none_or(stable))
    }

    /// The conditions that AND joins, from left to right; the expression itself if it is no AND.
    pub fn conjuncts(&self) -> Vec<&Expr> {
        self.chain("AND")
    }

    /// The operands of a left-deep chain of calls of one function of two operands, left to right.
    pub(crate) fn chain(&self, name: &str) -> Vec<&Expr> {
        let mut parts = Vec::new();
        let mut next = self;
        while next.is_call(name)
            && let [left, right] = next.operands()
        {
            parts.push(right);
            next = left;
        }
        parts.push(next);
        parts.reverse();
        parts
    }

    /// What the tree comes to from its leaves: `step` gets each node with what its operands came to.
    pub(crate) fn fold_up<T>(&self, step: &mut impl FnMut(&Expr, Vec<T>) -> T) -> T {
        // The chain of first operands is walked by a loop; only the others recurse.
        let mut chain = Vec::new();
        let mut leaf = self;
        while let Some(first) = leaf.operands().first() {
            chain.push(leaf);
            leaf = first;
        }
        let mut result = step(leaf, Vec::new());
        while let Some(node) = chain.pop() {
            let mut operands = Vec::with_capacity(node.operands().len());
            operands.push(result);
            operands.extend(node.operands().iter().skip(1).map(|o| o.fold_up(step)));
            result = step(node, operands);
        }
        result
    }

    /// Rebuilds the tree from its leaves: `change` gets each node with its operands already changed.
    #[must_use]
    pub fn transform(&self, change: &mut impl FnMut(Expr) -> Expr) -> Expr {
        self.fold_up(&mut |node, operands| change(node.with_operands(operands)))
    }

    /// The tree with `other` in the place of each node for which there is one; what is below it is left out.
    #[must_use]
    pub(crate) fn replace(&self, other: &mut impl FnMut(&Expr) -> Option<Expr>) -> Expr {
        let mut chain = Vec::new();
        let mut node = self;
        let mut result = loop {
            if let Some(other) = other(node) {
                break other;
            }
            let Some(first) = node.operands().first() else { break node.clone() };
            chain.push(node);
            node = first;
        };
        while let Some(node) = chain.pop() {
            let mut operands = Vec::with_capacity(node.operands().len());
            operands.push(result);
            operands.extend(node.operands().iter().skip(1).map(|o| o.replace(other)));
            result = node.with_operands(operands);
        }
        result
    }

    /// The same node over other operands; a leaf has none.
    pub(crate) fn with_operands(&self, operands: Vec<Expr>) -> Expr {
        match operands.is_empty() {
            true => self.clone(),
            false => Expr::new(self.node.clone(), self.data_type.clone(), operands),
        }
    }

    /// The same expression over a batch whose column `i` stands where `place(i)` says.
    #[must_use]
    pub fn map_columns(&self, place: &impl Fn(usize) -> usize) -> Expr {
        self.transform(&mut |expr| match expr.node {
            Node::Column(index) => Expr::column(place(index), expr.data_type.clone()),
            _ => expr,
        })
    }

    /// The same expression with each column replaced by an expression: what merges two projections.
    #[must_use]
    pub fn substitute(&self, columns: &[Expr]) -> Expr {
        self.transform(&mut |expr| match expr.node {
            Node::Column(index) => columns.get(index).cloned().unwrap_or(expr),
            _ => expr,
        })
    }
}
