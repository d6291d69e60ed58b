//! Scalar functions: what they are called, which types they take, how they evaluate.
//!
//! One table entry a function; the tables are in `functions/`, one file a family. A new function is a
//! new entry.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use arrow::array::ArrayRef;

use super::columnar::Columnar;
use super::context::EvalContext;
use super::evaluate::Frame;
use super::tree::{Expr, Node};
use crate::base::{Error, Result};
use crate::data::{DataType, LogicalType};

/// When a function gives the same result for the same arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Volatility {
    /// Always.
    Immutable,
    /// In one session: it reads the session's time zone or database.
    Session,
    /// Never, or only at the same time (RAND, CURRENT_TIMESTAMP).
    Volatile,
}

/// The types of a call: what the arguments are cast to, and what comes out.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// One for each argument; only the logical type counts, an argument stays as nullable as it is.
    pub arguments: Vec<LogicalType>,
    /// The type of the result.
    pub result: DataType,
}

/// How a function evaluates.
#[derive(Clone, Copy)]
pub enum Evaluation {
    /// Of columns: all arguments are evaluated before.
    Strict(fn(&Call<'_>) -> Result<Columnar>),
    /// Of the operands themselves, because not all rows need all of them (AND, COALESCE).
    Lazy(fn(&Expr, &Frame<'_>) -> Result<Columnar>),
}

/// A scalar function or operator.
pub struct Function {
    /// Its name in upper case, or the operator (`+`, `IS NULL`).
    pub name: &'static str,
    /// How it is called, for completion and help: `SUBSTRING(string, start[, length])`.
    pub usage: &'static str,
    /// Finds the types of a call, or refuses it.
    pub infer: fn(&[Expr]) -> Result<Resolved, Mismatch>,
    /// How it evaluates.
    pub evaluation: Evaluation,
    /// When its result may be computed once.
    pub volatility: Volatility,
}

/// Why a call was refused: its arguments do not fit ([`call`] names them), or something more special.
#[derive(Debug)]
pub enum Mismatch {
    /// The function has no form for these types or this number of arguments.
    Types,
    /// A reason of its own.
    Because(Error),
}

impl From<Error> for Mismatch {
    fn from(error: Error) -> Self {
        Self::Because(error)
    }
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Function {
    /// Whether it is written between its operands.
    pub fn is_infix(&self) -> bool {
        const WORDS: [&str; 5] = ["AND", "OR", "LIKE", "IS DISTINCT FROM", "IS NOT DISTINCT FROM"];
        !self.name.starts_with(|c: char| c.is_ascii_alphabetic()) || WORDS.contains(&self.name)
    }

    /// Whether it is an operator or part of the syntax rather than a function that is called by name.
    pub fn is_operator(&self) -> bool {
        self.is_infix() || self.name.contains(' ') || self.name == "NOT" || self.name == "IN"
    }
}

/// The arguments of a strict function, evaluated.
pub struct Call<'a> {
    /// The values. Either all are single values (and `rows` is 1), or at least one is a column.
    pub arguments: &'a [Columnar],
    /// The operands they came from, for their types and for constants.
    pub operands: &'a [Expr],
    /// The type of the result.
    pub result: &'a DataType,
    /// How many rows; the result is a column of so many values or a single value.
    pub rows: usize,
    /// The surroundings.
    pub context: &'a EvalContext,
}

impl<'a> Call<'a> {
    /// The values of an argument.
    pub fn values(&self, index: usize) -> &'a ArrayRef {
        self.arguments[index].values()
    }

    /// The place of a row among all that the operator has evaluated.
    pub fn place(&self, row: usize) -> u64 {
        self.context.rows_before + row as u64
    }

    /// The logical type of an argument.
    pub fn logical(&self, index: usize) -> &'a LogicalType {
        &self.operands[index].data_type.logical
    }
}

static REGISTRY: LazyLock<BTreeMap<&'static str, &'static Function>> = LazyLock::new(|| {
    super::functions::FAMILIES.iter().flat_map(|f| f.iter()).map(|f| (f.name, f)).collect()
});

/// All functions and operators, by name.
pub fn functions() -> impl Iterator<Item = &'static Function> {
    REGISTRY.values().copied()
}

/// The function of that name, in any case.
pub fn lookup(name: &str) -> Option<&'static Function> {
    REGISTRY.get(name.to_ascii_uppercase().as_str()).copied()
}

/// A call of a function or operator, checked, with implicit casts.
///
/// Operators are called by their symbol: `+ - * / % || = <> < <= > >= AND OR NOT LIKE`, `NEGATE` for
/// the sign, `IS NULL`, `IS NOT NULL`, `IS TRUE`.. `IS NOT UNKNOWN`, `IS DISTINCT FROM`, `IN` (value,
/// list..), `BETWEEN` (value, low, high). Words inside parentheses are string constants, first:
/// `EXTRACT('YEAR', x)`, `TRIM('BOTH', characters, text)`, `TIMESTAMPADD('DAY', n, x)`; but
/// `FLOOR(x, 'DAY')`, `CEIL(x, 'DAY')` as FLOOR(x TO DAY).
///
/// # Errors
/// `unknown-function` (`name`, `nearest`), `function-arguments` (`name`, `types`, `usage`).
pub fn call(name: &str, arguments: Vec<Expr>) -> Result<Expr> {
    let Some(function) = lookup(name) else { return Err(unknown(name)) };
    let resolved = (function.infer)(&arguments).map_err(|mismatch| match mismatch {
        Mismatch::Because(error) => error,
        Mismatch::Types => refused(function, &arguments),
    })?;
    debug_assert_eq!(resolved.arguments.len(), arguments.len(), "{name}");
    let coerced = arguments.into_iter().zip(resolved.arguments);
    let operands = coerced.map(|(argument, logical)| argument.coerce_argument(logical));
    Ok(Expr::new(Node::Call(function), resolved.result, operands.collect::<Result<_>>()?))
}

/// Operands as a left-deep chain of calls of a function of two: `((a AND b) AND c)`, which
/// [`Expr::conjuncts`] takes apart again. None of none; one stands for itself.
///
/// # Errors
/// The first error among the operands, and those of [`call`].
pub fn chained(
    name: &str,
    operands: impl IntoIterator<Item = Result<Expr>>,
) -> Result<Option<Expr>> {
    operands.into_iter().reduce(|a, b| call(name, vec![a?, b?])).transpose()
}

/// The condition that all of these are true, if there are any.
///
/// # Errors
/// Those of [`call`].
pub fn all_of(conditions: impl IntoIterator<Item = Expr>) -> Result<Option<Expr>> {
    chained("AND", conditions.into_iter().map(Ok))
}

fn refused(function: &Function, arguments: &[Expr]) -> Error {
    let types: Vec<String> = arguments.iter().map(|a| a.data_type.logical.to_string()).collect();
    Error::new("function-arguments")
        .arg("name", function.name)
        .arg("types", types.join(", "))
        .arg("usage", function.usage)
}

/// The refusal of a name that no function has, with the nearest one that exists.
pub fn unknown(name: &str) -> Error {
    let upper = name.to_ascii_uppercase();
    let names = functions().filter(|f| !f.is_operator()).map(|f| f.name);
    let names = names.chain(super::aggregate::functions().map(|f| f.name));
    let near = names.map(|n| (strsim::damerau_levenshtein(n, &upper), n));
    // Further apart than a third of its letters, nobody meant it.
    let near = near.filter(|(distance, _)| *distance <= upper.chars().count().div_ceil(3));
    let nearest = near.min().map_or("none", |(_, name)| name);
    Error::new("unknown-function").arg("name", name).arg("nearest", nearest)
}
