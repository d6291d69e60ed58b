//! The tree of a typed expression.

use std::sync::Arc;

use super::function::Function;
use crate::data::{DataType, LogicalType, Value};

/// What a node of the tree is; its inputs are the [`Expr::operands`].
#[derive(Clone, Debug)]
pub enum Node {
    /// A column of the batch, by position.
    Column(usize),
    /// A constant. Its operand is the constant that was written, if that was of another type.
    Literal(Value),
    /// A function or operator of the operands.
    Call(&'static Function),
    /// The only operand as another type; `safe` (TRY_CAST) gives NULL where it fails.
    Cast {
        /// Whether a failure is NULL.
        safe: bool,
        /// Whether nobody wrote it: the function takes no other type.
        implied: bool,
    },
    /// Conditions and values in turn, and the value of ELSE last.
    Case,
}

/// A typed expression. Cheap to clone: operands are shared.
///
/// A chain such as `a + b + c + ..` is as deep as it is long, so nothing here recurses into the
/// *first* operand: not evaluation, not comparing, not printing, not dropping.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub node: Node,
    /// Its type.
    pub data_type: DataType,
    operands: Operands,
}

/// Shared operands whose destruction does not recurse.
#[derive(Clone, Debug, Default)]
struct Operands(Option<Arc<Vec<Expr>>>);

impl Operands {
    fn into_unshared(self) -> Option<Vec<Expr>> {
        let mut this = self;
        this.0.take().and_then(Arc::into_inner)
    }
}

impl Drop for Operands {
    fn drop(&mut self) {
        let mut pending: Vec<Expr> = self.0.take().and_then(Arc::into_inner).unwrap_or_default();
        while let Some(expr) = pending.pop() {
            let Expr { operands, .. } = expr;
            pending.extend(operands.into_unshared().into_iter().flatten());
        }
    }
}

impl Expr {
    /// A node with operands. The caller answers for the type; see [`super::call`],
    /// [`Expr::cast`] and [`Expr::case`] for the checked ways.
    pub(crate) fn new(node: Node, data_type: DataType, operands: Vec<Expr>) -> Self {
        Self { node, data_type, operands: Operands(Some(Arc::new(operands))) }
    }

    /// A column of the batch.
    pub fn column(index: usize, data_type: DataType) -> Self {
        Self { node: Node::Column(index), data_type, operands: Operands::default() }
    }

    /// A constant of a type.
    pub fn literal(value: Value, data_type: DataType) -> Self {
        Self { node: Node::Literal(value), data_type, operands: Operands::default() }
    }

    /// The NULL of a type.
    pub fn null(logical: LogicalType) -> Self {
        Self::literal(Value::Null, DataType::nullable(logical))
    }

    /// A constant of a type that its value gives away: BOOLEAN, INT, BIGINT, DOUBLE, CHAR(n).
    pub fn constant(value: Value) -> Self {
        let logical = match &value {
            Value::Boolean(_) => LogicalType::Boolean,
            Value::TinyInt(_) => LogicalType::TinyInt,
            Value::SmallInt(_) => LogicalType::SmallInt,
            Value::Int(_) => LogicalType::Int,
            Value::BigInt(_) => LogicalType::BigInt,
            Value::Float(_) => LogicalType::Float,
            Value::Double(_) => LogicalType::Double,
            Value::String(text) => LogicalType::Char(text.chars().count() as u32),
            Value::Date(_) => LogicalType::Date,
            Value::Time(_) => LogicalType::Time(0),
            Value::IntervalYearMonth(_) => LogicalType::IntervalYearMonth,
            Value::IntervalDayTime(_) => LogicalType::IntervalDayTime,
            _ => LogicalType::Null,
        };
        let nullable = value == Value::Null;
        Self::literal(value, DataType { logical, nullable })
    }

    /// The inputs of the node, in order.
    pub fn operands(&self) -> &[Expr] {
        self.operands.0.as_ref().map_or(&[], |o| o.as_slice())
    }

    /// The position, if this is a bare column.
    pub fn as_column(&self) -> Option<usize> {
        match self.node {
            Node::Column(index) => Some(index),
            _ => None,
        }
    }

    /// The value, if this is a constant.
    pub fn as_literal(&self) -> Option<&Value> {
        match &self.node {
            Node::Literal(value) => Some(value),
            _ => None,
        }
    }

    /// The constant that was written, if this is one.
    pub fn as_written(&self) -> &Expr {
        match (&self.node, self.operands()) {
            (Node::Literal(_), [written]) => written,
            _ => self,
        }
    }

    /// The text, if this is a constant string.
    pub fn as_text(&self) -> Option<&str> {
        match self.as_literal() {
            Some(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// The function, if this is a call.
    pub fn as_call(&self) -> Option<&'static Function> {
        match self.node {
            Node::Call(function) => Some(function),
            _ => None,
        }
    }

    /// Whether this is a CAST or a TRY_CAST.
    pub fn is_cast(&self) -> bool {
        matches!(self.node, Node::Cast { .. })
    }

    /// Whether this is a call of the function of that name.
    pub fn is_call(&self, name: &str) -> bool {
        self.as_call().is_some_and(|f| f.name == name)
    }
}

impl Node {
    fn same(&self, other: &Node) -> bool {
        match (self, other) {
            (Node::Column(a), Node::Column(b)) => a == b,
            (Node::Literal(a), Node::Literal(b)) => a == b,
            (Node::Call(a), Node::Call(b)) => a.name == b.name,
            (Node::Cast { safe: a, .. }, Node::Cast { safe: b, .. }) => a == b,
            (Node::Case, Node::Case) => true,
            _ => false,
        }
    }
}

/// The same tree with the same types.
impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        let mut pending = vec![(self, other)];
        while let Some((a, b)) = pending.pop() {
            let equal = a.data_type == b.data_type
                && a.node.same(&b.node)
                && a.operands().len() == b.operands().len();
            if !equal {
                return false;
            }
            pending.extend(a.operands().iter().zip(b.operands()));
        }
        true
    }
}
