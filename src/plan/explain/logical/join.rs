//! Joins: what a condition compares is computed below them.
//!
//! Source: `RelOptUtil.pushDownJoinConditions` of Calcite 1.32.

use super::{Logical, Tree, join_type};
use crate::data::{Field, Schema};
use crate::expr::{Expr, Node as ExprNode, all_of};
use crate::plan::calc::new_name;
use crate::plan::explain::expression::shown;
use crate::sql::bound::{JoinKind, Node, OUTER, Rel};

/// From here on columns are what is computed of the left, and from [`OF_RIGHT`] on of the right.
const OF_LEFT: usize = 1 << 28;
const OF_RIGHT: usize = 1 << 29;

impl Logical {
    pub(super) fn join(&self, inputs: [&Rel; 2], kind: JoinKind, condition: Option<&Expr>) -> Tree {
        let pushed = Pushed::of(inputs, condition);
        let condition = pushed.condition.as_ref().map_or("true".to_owned(), |c| self.expr(c));
        let attributes =
            [format!("condition=[{condition}]"), format!("joinType=[{}]", join_type(kind))];
        let sides = inputs.into_iter().zip(&pushed.computed);
        let trees = sides.map(|(input, computed)| self.computing(input, computed));
        let join = Tree::new("LogicalJoin", &attributes, trees.collect());
        if pushed.computed.iter().all(Vec::is_empty) {
            return join;
        }
        let kept = pushed.kept(inputs);
        let columns = kept.into_iter().map(|(name, column)| format!("{name}=[${column}]"));
        Tree::new("LogicalProject", &columns.collect::<Vec<_>>(), vec![join])
    }

    /// An input with more columns.
    fn computing(&self, input: &Rel, computed: &[Expr]) -> Tree {
        let tree = self.tree(input);
        if computed.is_empty() {
            return tree;
        }
        let width = input.schema.len();
        let fields = with_computed(input, computed);
        let column = |(n, field): (usize, &Field)| match n.checked_sub(width) {
            None => format!("{}=[${n}]", field.name),
            Some(n) => format!("{}=[{}]", field.name, self.expr(&computed[n])),
        };
        let columns: Vec<String> = fields.iter().enumerate().map(column).collect();
        Tree::new("LogicalProject", &columns, vec![tree])
    }
}

/// A condition over inputs that compute what it compares.
struct Pushed {
    computed: [Vec<Expr>; 2],
    condition: Option<Expr>,
}

impl Pushed {
    fn of([left, right]: [&Rel; 2], condition: Option<&Expr>) -> Self {
        let (width, of_right) = (left.schema.len(), right.schema.len());
        let mut computed = [Vec::new(), Vec::new()];
        let mut part = |part: &Expr| match part.is_call("=") {
            true => {
                let operands = part.operands().iter().map(|o| moved(o, width, &mut computed));
                Expr::new(part.node.clone(), part.data_type.clone(), operands.collect())
            }
            false => part.clone(),
        };
        let parts: Vec<Expr> =
            condition.into_iter().flat_map(|c| c.conjuncts()).map(&mut part).collect();
        let more = computed[0].len();
        let place =
            |column: usize| match (column.checked_sub(OF_RIGHT), column.checked_sub(OF_LEFT)) {
                _ if column >= OUTER => column,
                (Some(of_right_more), _) => width + more + of_right + of_right_more,
                (None, Some(of_left_more)) => width + of_left_more,
                (None, None) if column >= width => column + more,
                (None, None) => column,
            };
        let condition = match computed.iter().all(Vec::is_empty) {
            true => condition.cloned(),
            false => all_of(parts.iter().map(|p| p.map_columns(&place))).ok().flatten(),
        };
        Self { computed, condition }
    }

    /// The columns without what is computed: their names in the join, and where they stand there.
    fn kept(&self, inputs: [&Rel; 2]) -> Vec<(String, usize)> {
        let all = beside(inputs, &self.computed);
        let [left, right] = inputs.map(|input| input.schema.len());
        let more = self.computed[0].len();
        let columns = (0..left).chain((left + more..).take(right));
        columns.map(|column| (all.fields()[column].name.clone(), column)).collect()
    }
}

/// What is compared, as a column of its input.
fn moved(operand: &Expr, width: usize, computed: &mut [Vec<Expr>; 2]) -> Expr {
    let columns = operand.columns();
    let is_simple = operand.as_column().is_some() || shown(operand).as_literal().is_some();
    let side = match (columns.iter().all(|c| *c < width), columns.iter().all(|c| *c >= width)) {
        _ if is_simple || columns.last().is_none_or(|c| *c >= OUTER) => return operand.clone(),
        (true, _) => 0,
        (_, true) => 1,
        _ => return operand.clone(),
    };
    let first = [OF_LEFT, OF_RIGHT][side];
    let column = Expr::column(first + computed[side].len(), operand.data_type.clone());
    computed[side].push(operand.map_columns(&|c| if side == 0 { c } else { c - width }));
    column
}

/// The columns of an input, and behind them what it computes.
fn with_computed(input: &Rel, computed: &[Expr]) -> Vec<Field> {
    let mut fields = names(input).fields().to_vec();
    for expr in computed {
        let cast = match (&expr.node, expr.operands()) {
            (ExprNode::Cast { .. }, [of]) => of.as_column(),
            _ => None,
        };
        let name = match cast {
            Some(column) => new_name(&fields[column].name, "", &fields),
            None => format!("$f{}", fields.len()),
        };
        fields.push(Field::new(name, expr.data_type.clone()));
    }
    fields
}

/// The columns of both inputs, each under a name of its own.
fn beside(inputs: [&Rel; 2], computed: &[Vec<Expr>; 2]) -> Schema {
    let sides = inputs.into_iter().zip(computed);
    let fields = sides.flat_map(|(input, computed)| with_computed(input, computed));
    Schema::new(fields.collect()).with_own_names()
}

/// The columns of a relation under the names that they have in the syntax tree.
fn names(rel: &Rel) -> Schema {
    match &rel.node {
        Node::Join { left, right, kind, condition, as_of: None }
            if !matches!(kind, JoinKind::Semi | JoinKind::Anti) =>
        {
            let inputs = [&**left, &**right];
            let kept = Pushed::of(inputs, condition.as_ref()).kept(inputs).into_iter();
            let named = kept.zip(rel.schema.fields());
            let field = |((name, _), field): ((String, usize), &Field)| {
                Field::new(name, field.data_type.clone())
            };
            Schema::new(named.map(field).collect())
        }
        Node::Filter { input, .. } | Node::Sort { input, .. } => names(input),
        _ => rel.schema.clone(),
    }
}
