//! Conditions as they are estimated: comparisons, joined by AND, OR and NOT.
//!
//! Source: what `RexSimplify` of Calcite 1.32 makes of conditions.

use crate::data::LogicalType;
use crate::expr::{Expr, Node};

/// A condition.
#[derive(Clone, Debug)]
pub(super) enum Test {
    All(Vec<Test>),
    Any(Vec<Test>),
    /// Of a list of constants, of a range, or of what cannot be turned.
    Not(Box<Test>),
    Compare(Comparison, Side, Side),
    IsNull(Side),
    IsNotNull(Side),
    Like,
    /// A column of truth.
    Flag(usize),
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// What is compared.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Side {
    Column(usize),
    /// A constant, as a number if it is one or can be one.
    Constant(Option<f64>),
    Other,
}

impl Test {
    /// The conditions that AND joins.
    pub fn all_of(condition: &Expr) -> Vec<Self> {
        match Self::of(condition) {
            Self::All(parts) => parts,
            one => vec![one],
        }
    }

    fn of(condition: &Expr) -> Self {
        let operands = condition.operands();
        let Some(function) = condition.as_call() else {
            let is_flag = condition.data_type.logical == LogicalType::Boolean;
            return match condition.as_column().filter(|_| is_flag) {
                Some(column) => Self::Flag(column),
                None => Self::Other,
            };
        };
        match (function.name, operands) {
            ("AND" | "OR", _) => Self::joined(condition, function.name),
            ("NOT", [inner]) => Self::of(inner).negated(),
            ("IN", [value, list @ ..]) => {
                let value = Side::of(value);
                let equal = |item| Self::Compare(Comparison::Equal, value.clone(), Side::of(item));
                Self::Any(list.iter().map(equal).collect())
            }
            ("BETWEEN", [value, low, high]) => {
                let value = Side::of(value);
                let from = Self::Compare(Comparison::GreaterOrEqual, value.clone(), Side::of(low));
                let to = Self::Compare(Comparison::LessOrEqual, value, Side::of(high));
                Self::All(vec![from, to])
            }
            ("IS NULL", [operand]) => Self::IsNull(Side::of(operand)),
            ("IS NOT NULL", [operand]) => Self::IsNotNull(Side::of(operand)),
            ("IS TRUE", [operand]) if operand.as_column().is_some() => Self::of(operand),
            ("LIKE", _) => Self::Like,
            (name, [a, b]) => match Comparison::of(name) {
                Some(comparison) => Self::Compare(comparison, Side::of(a), Side::of(b)),
                None => Self::Other,
            },
            _ => Self::Other,
        }
    }

    /// The parts of an AND or OR, with those of the same inside.
    fn joined(condition: &Expr, name: &str) -> Self {
        let mut parts = Vec::new();
        let mut pending = vec![condition];
        while let Some(next) = pending.pop() {
            match next.is_call(name) {
                true => pending.extend(next.operands().iter().rev()),
                false => match (name, Self::of(next)) {
                    ("AND", Self::All(more)) => parts.extend(more),
                    (_, part) => parts.push(part),
                },
            }
        }
        if name == "AND" { Self::All(parts) } else { Self::Any(parts) }
    }

    fn negated(self) -> Self {
        match self {
            Self::Compare(comparison, a, b) => Self::Compare(comparison.negated(), a, b),
            Self::IsNull(side) => Self::IsNotNull(side),
            Self::IsNotNull(side) => Self::IsNull(side),
            Self::Not(inner) => *inner,
            Self::All(parts) => Self::Any(parts.into_iter().map(Self::negated).collect()),
            Self::Any(parts) if !Self::Any(parts.clone()).is_list() => {
                Self::All(parts.into_iter().map(Self::negated).collect())
            }
            other => Self::Not(Box::new(other)),
        }
    }

    /// Whether it is one column that equals one of several constants.
    fn is_list(&self) -> bool {
        let Self::Any(parts) = self else { return false };
        let column = |part: &Self| match part {
            Self::Compare(Comparison::Equal, Side::Column(c), Side::Constant(_)) => Some(*c),
            _ => None,
        };
        let first = parts.first().and_then(column);
        first.is_some() && parts.iter().all(|part| column(part) == first)
    }
}

impl Comparison {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "=" => Self::Equal,
            "<>" => Self::NotEqual,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            _ => return None,
        })
    }

    fn negated(self) -> Self {
        match self {
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::Less => Self::GreaterOrEqual,
            Self::LessOrEqual => Self::Greater,
            Self::Greater => Self::LessOrEqual,
            Self::GreaterOrEqual => Self::Less,
        }
    }

    /// What is asked of a column that is compared with a constant, on whichever side it stands.
    pub fn of_column(self, a: &Side, b: &Side) -> Option<(Self, usize, Option<f64>)> {
        match (a, b) {
            (Side::Column(column), Side::Constant(value)) => Some((self, *column, *value)),
            (Side::Constant(value), Side::Column(column)) => Some((self.turned(), *column, *value)),
            _ => None,
        }
    }

    /// The same where the sides change their places.
    fn turned(self) -> Self {
        match self {
            Self::Equal | Self::NotEqual => self,
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
        }
    }
}

impl Side {
    fn of(expr: &Expr) -> Self {
        let bare = match (&expr.node, expr.operands()) {
            (Node::Cast { implied: true, .. }, [inner]) => inner,
            _ => expr,
        };
        match &bare.node {
            Node::Column(column) => Self::Column(*column),
            Node::Literal(value) => Self::Constant(value.as_f64()),
            _ => Self::Other,
        }
    }
}
