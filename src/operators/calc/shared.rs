//! Parts that expressions have in common, which are computed once.
//!
//! Only whole functions of columns that give the same for the same row: no bare column or constant, no
//! field of a ROW (see [`super::reads`]), nothing that reads the clock or makes chance.

use rustc_hash::FxHashMap;

use crate::base::Result;
use crate::data::Batch;
use crate::expr::{EvalContext, Expr, Volatility};

/// Columns from here on stand for [`Nodes`] while expressions are taken apart.
const NODES: usize = 1 << 32;

/// What some expressions have in common.
#[derive(Clone, Debug, Default)]
pub(super) struct Shared {
    /// How many columns the expressions read; the parts come behind them.
    width: usize,
    /// A part may read those before it.
    parts: Vec<Expr>,
}

impl Shared {
    /// What is at least twice in these expressions, and once in the first `among` of them; and the
    /// expressions over the columns that it becomes.
    pub(super) fn of(exprs: &[Expr], among: usize) -> (Self, Vec<Expr>) {
        let mut nodes = Nodes::default();
        let roots: Vec<Expr> = exprs.iter().map(|expr| nodes.take_apart(expr)).collect();
        let wanted = nodes.wanted(&roots, among);
        let columns = exprs.iter().flat_map(Expr::columns).max();
        let mut shared = Self { width: columns.map_or(0, |last| last + 1), parts: Vec::new() };
        // A node's operands are before it.
        let mut whole: Vec<Expr> = Vec::with_capacity(nodes.all.len());
        for (node, wanted) in nodes.all.iter().zip(wanted) {
            let expr = over(&node.expr, &whole);
            whole.push(match wanted {
                false => expr,
                true => {
                    let column = shared.width + shared.parts.len();
                    let data_type = expr.data_type.clone();
                    shared.parts.push(expr);
                    Expr::column(column, data_type)
                }
            });
        }
        let exprs = roots.iter().map(|root| over(root, &whole)).collect();
        (shared, exprs)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The batch with the parts behind its columns.
    pub(super) fn with_parts(&self, batch: Batch, context: &EvalContext) -> Result<Batch> {
        if self.is_empty() {
            return Ok(batch);
        }
        let mut batch = batch.with_columns(batch.columns()[..self.width].to_vec());
        for part in &self.parts {
            let mut columns = batch.columns().to_vec();
            columns.push(part.evaluate(&batch, context)?);
            batch = batch.with_columns(columns);
        }
        Ok(batch)
    }
}

/// Functions of columns and of each other; the same one is there once.
#[derive(Default)]
struct Nodes {
    all: Vec<PartNode>,
    /// By how they are written.
    known: FxHashMap<String, usize>,
}

struct PartNode {
    /// Its operands are constants, columns, and columns that stand for nodes.
    expr: Expr,
    /// Whether it gives the same for the same row.
    stable: bool,
    reads_columns: bool,
}

impl Nodes {
    /// The column or constant that stands for an expression.
    fn take_apart(&mut self, expr: &Expr) -> Expr {
        expr.transform(&mut |node| match node.operands() {
            [] if node.as_call().is_none() => node,
            _ => {
                let data_type = node.data_type.clone();
                Expr::column(NODES + self.number(node), data_type)
            }
        })
    }

    fn number(&mut self, expr: Expr) -> usize {
        let inner = || expr.operands().iter().filter_map(node_of).map(|n| &self.all[n]);
        let stable = expr.as_call().is_none_or(|f| f.volatility != Volatility::Volatile)
            && inner().all(|node| node.stable);
        let reads_columns =
            expr.operands().iter().any(|o| o.as_column().is_some_and(|c| c < NODES))
                || inner().any(|node| node.reads_columns);
        let written = format!("{expr:?}");
        if let Some(known) = self.known.get(&written).filter(|_| stable) {
            return *known;
        }
        self.known.insert(written, self.all.len());
        self.all.push(PartNode { expr, stable, reads_columns });
        self.all.len() - 1
    }

    /// For each node, whether it becomes a column.
    fn wanted(&self, roots: &[Expr], among: usize) -> Vec<bool> {
        let mut uses = vec![0; self.all.len()];
        let operands = self.all.iter().flat_map(|node| node.expr.operands());
        operands.chain(roots).filter_map(node_of).for_each(|node| uses[node] += 1);
        let mut reached = vec![false; self.all.len()];
        roots.iter().take(among).filter_map(node_of).for_each(|node| reached[node] = true);
        for (position, node) in self.all.iter().enumerate().rev() {
            if reached[position] {
                node.expr.operands().iter().filter_map(node_of).for_each(|n| reached[n] = true);
            }
        }
        let wanted = |(position, node): (usize, &PartNode)| {
            let whole = node.stable && node.reads_columns && node.expr.as_field().is_none();
            whole && uses[position] > 1 && reached[position]
        };
        self.all.iter().enumerate().map(wanted).collect()
    }
}

/// The node that a column stands for.
fn node_of(expr: &Expr) -> Option<usize> {
    expr.as_column()?.checked_sub(NODES)
}

/// An expression with what its columns stand for in their place.
fn over(expr: &Expr, nodes: &[Expr]) -> Expr {
    expr.transform(&mut |leaf| match node_of(&leaf) {
        Some(node) => nodes[node].clone(),
        None => leaf,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{DataType, LogicalType, Value};
    use crate::expr::call;

    fn text(exprs: &[Expr]) -> Vec<String> {
        exprs.iter().map(Expr::to_string).collect()
    }

    fn column(index: usize) -> Expr {
        Expr::column(index, DataType::nullable(LogicalType::Int))
    }

    fn plus(a: Expr, b: Expr) -> Result<Expr> {
        call("+", vec![a, b])
    }

    #[test]
    fn what_is_twice_is_computed_once() -> Result<()> {
        let sum = plus(column(0), column(2))?;
        let double = plus(sum.clone(), sum.clone())?;
        let condition = call(">", vec![sum.clone(), Expr::constant(Value::Int(1))])?;
        let constant = plus(Expr::constant(Value::Int(1)), Expr::constant(Value::Int(2)))?;
        let chance = plus(column(1), call("RAND_INTEGER", vec![column(1)])?)?;
        let exprs = [
            condition,
            double.clone(),
            double,
            constant.clone(),
            constant,
            chance.clone(),
            chance,
            column(1),
        ];
        let (shared, over) = Shared::of(&exprs, exprs.len());
        assert_eq!(text(&shared.parts), ["($0 + $2)", "($3 + $3)"]);
        assert_eq!(text(&over)[..5], ["($3 > 1)", "$4", "$4", "(1 + 2)", "(1 + 2)"]);
        assert_eq!(text(&over)[5..], text(&exprs)[5..]);
        let (shared, over) = Shared::of(&exprs, 1);
        assert_eq!(text(&shared.parts), ["($0 + $2)"]);
        assert_eq!(text(&over)[..2], ["($3 > 1)", "($3 + $3)"]);
        Ok(())
    }

    #[test]
    fn a_long_chain_is_no_deep_one() -> Result<()> {
        let mut chain = column(0);
        for _ in 0..20_000 {
            chain = plus(chain, column(1))?;
        }
        let (shared, over) = Shared::of(&[chain.clone(), chain], 2);
        assert_eq!((shared.parts.len(), over[0] == over[1]), (1, true));
        Ok(())
    }
}
