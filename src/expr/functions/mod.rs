//! The functions, one file a family. Each file opens with a table of its entries.

mod arithmetic;
mod clock;
mod comparison;
pub(super) mod conditional;
mod datetime;
mod decimal;
mod like;
mod logic;
mod math;
mod pattern;
mod string;
mod units;

use arrow::array::{Array, AsArray, PrimitiveArray, StringArray};
use arrow::datatypes::ArrowPrimitiveType;

use super::columnar::Columnar;
use super::function::{Call, Evaluation, Function, Mismatch, Resolved, Volatility};
use super::tree::Expr;
use crate::base::{Error, Result};
use crate::data::{DataType, LogicalType};

/// All functions.
pub(super) static FAMILIES: &[&[Function]] = &[
    arithmetic::FUNCTIONS,
    clock::FUNCTIONS,
    comparison::FUNCTIONS,
    conditional::FUNCTIONS,
    datetime::FUNCTIONS,
    logic::FUNCTIONS,
    math::FUNCTIONS,
    string::FUNCTIONS,
];

type Inferred = Result<Resolved, Mismatch>;

impl Function {
    /// A function of columns whose result depends on its arguments alone.
    const fn strict(
        name: &'static str,
        usage: &'static str,
        infer: fn(&[Expr]) -> Inferred,
        evaluate: fn(&Call<'_>) -> Result<Columnar>,
    ) -> Self {
        let (evaluation, volatility) = (Evaluation::Strict(evaluate), Volatility::Immutable);
        Self { name, usage, infer, evaluation, volatility }
    }

    /// A function that reads the clock or makes chance.
    const fn volatile(
        name: &'static str,
        usage: &'static str,
        infer: fn(&[Expr]) -> Inferred,
        evaluate: fn(&Call<'_>) -> Result<Columnar>,
    ) -> Self {
        let (evaluation, volatility) = (Evaluation::Strict(evaluate), Volatility::Volatile);
        Self { name, usage, infer, evaluation, volatility }
    }

    /// A function that evaluates its operands itself, since not all rows need all of them.
    const fn lazy(
        name: &'static str,
        usage: &'static str,
        infer: fn(&[Expr]) -> Inferred,
        evaluate: fn(&Expr, &super::evaluate::Frame<'_>) -> Result<Columnar>,
    ) -> Self {
        let (evaluation, volatility) = (Evaluation::Lazy(evaluate), Volatility::Immutable);
        Self { name, usage, infer, evaluation, volatility }
    }
}

/// The types of a call whose result may be NULL if an argument may.
fn resolved(operands: &[Expr], arguments: Vec<LogicalType>, result: LogicalType) -> Resolved {
    let nullable = operands.iter().any(|o| o.data_type.nullable);
    Resolved { arguments, result: DataType { logical: result, nullable } }
}

/// The types of a call that takes its arguments as they are.
fn as_given(operands: &[Expr], result: LogicalType) -> Resolved {
    resolved(operands, operands.iter().map(|o| o.data_type.logical.clone()).collect(), result)
}

/// Whether an operand is of a family of types; a bare NULL is of any.
fn fits(operand: &Expr, family: impl Fn(&LogicalType) -> bool) -> bool {
    operand.data_type.logical == LogicalType::Null || family(&operand.data_type.logical)
}

/// An argument by row, whether it is a column or one value for all.
struct Values<'a, A> {
    array: &'a A,
    scalar: bool,
}

impl<'a> Values<'a, StringArray> {
    fn get(&self, row: usize) -> Option<&'a str> {
        let row = if self.scalar { 0 } else { row };
        self.array.is_valid(row).then(|| self.array.value(row))
    }
}

impl<T: ArrowPrimitiveType> Values<'_, PrimitiveArray<T>> {
    fn get(&self, row: usize) -> Option<T::Native> {
        let row = if self.scalar { 0 } else { row };
        self.array.is_valid(row).then(|| self.array.value(row))
    }
}

impl<'a> Call<'a> {
    /// An argument of text.
    fn texts(&self, index: usize) -> Result<Values<'a, StringArray>> {
        self.typed(index, self.values(index).as_string_opt::<i32>())
    }

    /// An argument of a fixed width.
    fn numbers<T: ArrowPrimitiveType>(
        &self,
        index: usize,
    ) -> Result<Values<'a, PrimitiveArray<T>>> {
        self.typed(index, self.values(index).as_primitive_opt::<T>())
    }

    fn typed<A>(&self, index: usize, array: Option<&'a A>) -> Result<Values<'a, A>> {
        let other = || {
            let reason = format!("argument {index} is {}", self.values(index).data_type());
            Error::new("column-not-made").arg("reason", reason)
        };
        Ok(Values { array: array.ok_or_else(other)?, scalar: self.arguments[index].is_scalar() })
    }

    /// An argument as a value.
    fn value(&self, index: usize, row: usize) -> crate::data::Value {
        let row = if self.arguments[index].is_scalar() { 0 } else { row };
        crate::data::value_at(self.values(index), &self.operands[index].data_type, row)
    }

    /// A column of the results of each row.
    fn collect<T, A: Array + FromIterator<Option<T>> + 'static>(
        &self,
        row: impl FnMut(usize) -> Option<T>,
    ) -> Columnar {
        Columnar::Array(std::sync::Arc::new((0..self.rows).map(row).collect::<A>()))
    }
}

#[cfg(test)]
mod tests;
