//! Expressions that read windows, taken apart: what is computed below the windows, the windows, and what is
//! made of their results.

use std::ptr;

use rustc_hash::FxHashSet;

use super::calls::Parts;
use crate::base::Result;
use crate::data::{Field, Schema, Value};
use crate::expr::{Expr, Node, all_of};
use crate::plan::calc::{calc, columns};
use crate::plan::physical::{PhysicalKind, PhysicalNode};
use crate::plan::rules::fold_constants::{fold, fold_node};
use crate::sql::bound::{Bound, Node as RelNode, Over, OverCall, OverFunction, OverWindow, Rel};

/// From here on columns are results of windows, [`WINDOW`] of each.
const RESULTS: usize = 1 << 40;
const WINDOW: usize = 1 << 20;

pub(super) struct Levels {
    input: PhysicalNode,
    /// What is computed below, behind the columns of the input.
    computed: Vec<Expr>,
    windows: Vec<OverWindow>,
    /// Whether the input computes what windows read.
    computes: bool,
    /// Over the input, what is computed, and results.
    exprs: Vec<Expr>,
    condition: Option<Expr>,
}

/// What is below windows, the windows over it, and what is over both.
pub(super) struct Built {
    pub below: PhysicalNode,
    pub windows: Vec<OverWindow>,
    pub exprs: Vec<Expr>,
    pub condition: Option<Expr>,
}

impl Levels {
    pub fn of(
        node: &Over,
        input: PhysicalNode,
        exprs: &[Expr],
        condition: Option<&Expr>,
    ) -> Result<Self> {
        let mut levels = Self {
            input,
            computed: Vec::new(),
            windows: Vec::new(),
            computes: computes(&node.input),
            exprs: Vec::new(),
            condition: None,
        };
        let width = levels.input.schema.len();
        let mut values = Vec::new();
        for window in &node.windows {
            let mut partition = window.partition.clone();
            // Flink's planner keeps them as a set.
            partition.sort_unstable();
            partition.dedup();
            let place = RESULTS + levels.windows.len() * WINDOW;
            let mut own = OverWindow { partition, calls: Vec::new(), ..window.clone() };
            for call in &window.calls {
                let parts = Parts::of(call)?;
                let places: Vec<usize> =
                    parts.calls.into_iter().map(|part| levels.result(&mut own, part)).collect();
                values.push(parts.value.map_columns(&|part| place + places[part]));
            }
            levels.windows.push(own);
        }
        let read = |expr: &Expr| {
            expr.transform(&mut |node| match node.as_column().and_then(|c| c.checked_sub(width)) {
                Some(result) => values[result].clone(),
                None => node,
            })
        };
        let exprs: Vec<Expr> = exprs.iter().map(read).collect();
        levels.exprs = exprs.iter().map(|expr| levels.above(expr)).collect();
        let condition = condition.map(|condition| with_values(&read(condition)));
        levels.condition = condition.transpose()?.map(|condition| levels.known(&condition));
        Ok(levels)
    }

    /// The place of a call in its window, where it is computed once.
    fn result(&mut self, window: &mut OverWindow, mut over: OverCall) -> usize {
        if let OverFunction::Aggregate(call) = &mut over.function {
            let argument = |argument: &Expr| {
                Expr::column(self.column(argument.clone()), argument.data_type.clone())
            };
            call.arguments = call.arguments.iter().map(argument).collect();
        }
        window.calls.iter().position(|known| *known == over).unwrap_or_else(|| {
            window.calls.push(over);
            window.calls.len() - 1
        })
    }

    /// The column that an expression over the input is.
    fn column(&mut self, expr: Expr) -> usize {
        if let Some(column) = expr.as_column() {
            return column;
        }
        let whole = self.projection().map(|projection| fold(&expr.substitute(projection)));
        self.known_column(&expr, whole.as_ref()).unwrap_or_else(|| {
            self.computed.push(expr);
            self.input.schema.len() + self.computed.len() - 1
        })
    }

    /// What the input computes.
    fn projection(&self) -> Option<&[Expr]> {
        match &self.input.kind {
            PhysicalKind::Calc { projection, .. } => Some(projection),
            _ => None,
        }
    }

    /// The column that an expression is; `whole` is the expression below the input's projection.
    fn known_column(&self, expr: &Expr, whole: Option<&Expr>) -> Option<usize> {
        let projection = self.projection().unwrap_or_default();
        let in_input = projection.iter().position(|known| Some(known) == whole);
        in_input.or_else(|| {
            let known = self.computed.iter().position(|known| known == expr);
            known.map(|known| self.input.schema.len() + known)
        })
    }

    /// The expression over columns, results and what is computed anyway.
    fn known(&self, expr: &Expr) -> Expr {
        let whole = |node: &Expr, operands: Vec<Expr>| {
            let projected = node.as_column().and_then(|column| self.projection()?.get(column));
            projected.map_or_else(|| fold_node(node.with_operands(operands)), fold)
        };
        let (known, _, _) = expr.fold_up(&mut |node, operands: Vec<(Expr, Expr, bool)>| {
            let is_column = node.as_column().is_some();
            let varies = is_column || operands.iter().any(|(_, _, varies)| *varies);
            let (known, wholes): (Vec<_>, Vec<_>) =
                operands.into_iter().map(|(known, whole, _)| (known, whole)).unzip();
            let whole = whole(node, wholes);
            let column = match varies && !is_column {
                true => self.known_column(node, Some(&whole)),
                false => None,
            };
            let known = match column {
                Some(column) => Expr::column(column, node.data_type.clone()),
                None => node.with_operands(known),
            };
            (known, whole, varies)
        });
        known
    }

    /// The expression over columns and results: what reads no result is computed below.
    fn above(&mut self, expr: &Expr) -> Expr {
        let mut below = FxHashSet::default();
        expr.fold_up(&mut |node, operands: Vec<(bool, bool)>| {
            let own = node.as_column();
            let columns = own.is_some() || operands.iter().any(|(columns, _)| *columns);
            let results = own.is_some_and(|column| column >= RESULTS)
                || operands.iter().any(|(_, results)| *results);
            if columns && !results {
                below.insert(ptr::from_ref(node));
            }
            (columns, results)
        });
        expr.replace(&mut |node| {
            let is_below = below.contains(&ptr::from_ref(node));
            is_below.then(|| Expr::column(self.column(node.clone()), node.data_type.clone()))
        })
    }

    /// Whether constants are written in it, which Calcite takes for something to compute below.
    fn has_constants(&self) -> bool {
        let is_constant = |expr: &Expr| matches!(expr.node, Node::Literal(_));
        let in_exprs = self.exprs.iter().any(|expr| expr.nodes().any(is_constant));
        let in_windows = self.windows.iter().any(|window| {
            let bounds = [&window.frame.start, &window.frame.end];
            let bounded =
                |bound: &&Bound| matches!(bound, Bound::Preceding(_) | Bound::Following(_));
            let of_call = |call: &OverCall| match &call.function {
                OverFunction::Ntile(_) => true,
                OverFunction::Lag { explicit, .. } => *explicit,
                _ => false,
            };
            bounds.iter().any(bounded) || window.calls.iter().any(of_call)
        });
        in_exprs || in_windows
    }

    /// The columns below the windows: those that are read, where others are left out.
    fn kept(&self, narrow: bool) -> Vec<usize> {
        let width = self.input.schema.len();
        let all = 0..width + self.computed.len();
        let of_windows = self.windows.iter().flat_map(OverWindow::columns);
        let read: Vec<usize> = self
            .exprs
            .iter()
            .chain(&self.condition)
            .flat_map(Expr::columns)
            .chain(of_windows)
            .collect();
        let kept = |column: &usize| !narrow || *column >= width || read.contains(column);
        let kept: Vec<usize> = all.filter(kept).collect();
        // Rows without columns could not be counted.
        if kept.is_empty() { vec![0] } else { kept }
    }

    fn narrows(&self) -> bool {
        self.computes || !self.computed.is_empty() || self.has_constants()
    }

    /// Where a column of the input is below the windows of a stream.
    pub fn place(&self, column: usize) -> Option<usize> {
        self.kept(self.narrows()).iter().position(|kept| *kept == column)
    }

    pub fn built(self, bounded: bool) -> Result<Built> {
        let names_anew = self.narrows();
        let kept = self.kept(bounded || names_anew);
        let place = |column: usize| kept.iter().position(|kept| *kept == column).unwrap_or(column);
        let mut first = vec![kept.len()];
        for window in &self.windows {
            first.push(first[first.len() - 1] + window.calls.len());
        }
        let above = |column: usize| match column.checked_sub(RESULTS) {
            Some(result) => first[result / WINDOW] + result % WINDOW,
            None => place(column),
        };
        let exprs = self.exprs.iter().map(|expr| expr.map_columns(&above)).collect();
        let condition = self.condition.map(|condition| condition.map_columns(&above));
        let windows = self.windows.into_iter().map(|window| window.moved(&place)).collect();
        let all = columns(&self.input.schema);
        let projection: Vec<Expr> = kept
            .iter()
            .map(|column| all.iter().chain(&self.computed).nth(*column).cloned())
            .collect::<Option<_>>()
            .unwrap_or_default();
        let field = |(n, expr): (usize, &Expr)| {
            let name = expr.as_column().map(|column| &self.input.schema.fields()[column].name);
            let name = name.filter(|name| !names_anew || !name.starts_with('$'));
            Field::new(name.map_or_else(|| format!("${n}"), Clone::clone), expr.data_type.clone())
        };
        let schema = Schema::new(projection.iter().enumerate().map(field).collect());
        let below = calc(self.input, None, projection, schema)?;
        Ok(Built { below, windows, exprs, condition })
    }
}

/// Whether a projection computes what windows read.
fn computes(input: &Rel) -> bool {
    match &input.node {
        RelNode::Project { exprs, .. } => {
            let named = exprs.iter().zip(input.schema.fields());
            let computed = |(expr, field): (&Expr, &Field)| {
                expr.as_column().is_none() && field.name.starts_with("$f")
            };
            named.into_iter().any(computed)
        }
        _ => false,
    }
}

/// A filter lets nothing through where a sum is NULL: `CASE(c, x, NULL) > y` says `c AND x > y`.
fn with_values(condition: &Expr) -> Result<Expr> {
    let parts = condition.conjuncts().into_iter().flat_map(|part| {
        let of_case = part.operands().iter().enumerate().find_map(|(n, operand)| {
            match (&operand.node, operand.operands()) {
                (Node::Case, [c, x, other]) if other.as_literal() == Some(&Value::Null) => {
                    Some((n, c, x))
                }
                _ => None,
            }
        });
        let compares = ["=", "<>", "<", "<=", ">", ">="].iter().any(|name| part.is_call(name));
        match of_case.filter(|_| compares) {
            Some((place, c, x)) => {
                let mut operands = part.operands().to_vec();
                operands[place] = x.clone();
                let compared = Expr::new(part.node.clone(), part.data_type.clone(), operands);
                vec![c.clone(), compared]
            }
            None => vec![part.clone()],
        }
    });
    Ok(all_of(parts)?.unwrap_or_else(|| condition.clone()))
}
