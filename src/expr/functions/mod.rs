//! The functions, one file a family. Each file opens with a table of its entries.

mod arithmetic;
mod chance;
mod clock;
mod collection;
mod comparison;
pub(super) mod conditional;
mod date_writer;
mod datetime;
mod decimal;
mod encoding;
mod extract;
mod hash;
mod hash_code;
mod hyperbolic;
mod java_zone;
pub(super) mod json;
mod kind;
mod like;
mod logic;
mod math;
mod moment;
mod nexmark;
mod pad;
mod pattern;
mod position;
mod regex;
mod string;
mod substring;
mod type_of;
mod units;
mod url;

pub(crate) use clock::CURRENT_WATERMARK;

use arrow::array::{Array, AsArray, BinaryArray, PrimitiveArray, StringArray};
use arrow::datatypes::ArrowPrimitiveType;

use super::columnar::Columnar;
use super::function::{Call, Evaluation, Function, Mismatch, Resolved, Volatility};
use super::tree::Expr;
use crate::base::{Error, Result};
use crate::data::{DataType, LogicalType};

/// All functions.
pub(super) static FAMILIES: &[&[Function]] = &[
    arithmetic::FUNCTIONS,
    chance::FUNCTIONS,
    clock::FUNCTIONS,
    collection::access::FUNCTIONS,
    collection::array::FUNCTIONS,
    collection::construct::FUNCTIONS,
    collection::map::FUNCTIONS,
    comparison::FUNCTIONS,
    conditional::FUNCTIONS,
    datetime::FUNCTIONS,
    encoding::FUNCTIONS,
    extract::FUNCTIONS,
    hash::FUNCTIONS,
    hash_code::FUNCTIONS,
    json::FUNCTIONS,
    json::construct::FUNCTIONS,
    kind::FUNCTIONS,
    logic::FUNCTIONS,
    math::FUNCTIONS,
    moment::FUNCTIONS,
    nexmark::FUNCTIONS,
    pad::FUNCTIONS,
    position::FUNCTIONS,
    regex::FUNCTIONS,
    string::FUNCTIONS,
    substring::FUNCTIONS,
    type_of::FUNCTIONS,
    url::FUNCTIONS,
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

    /// A function of columns that reads the session's time zone besides.
    const fn zoned(
        name: &'static str,
        usage: &'static str,
        infer: fn(&[Expr]) -> Inferred,
        evaluate: fn(&Call<'_>) -> Result<Columnar>,
    ) -> Self {
        Self { volatility: Volatility::Session, ..Self::strict(name, usage, infer, evaluate) }
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

/// An argument of text or bytes, as bytes.
enum Data<'a> {
    Text(Values<'a, StringArray>),
    Bytes(Values<'a, BinaryArray>),
}

impl<'a> Data<'a> {
    fn get(&self, row: usize) -> Option<&'a [u8]> {
        match self {
            Self::Text(text) => text.get(row).map(str::as_bytes),
            Self::Bytes(bytes) => {
                let row = if bytes.scalar { 0 } else { row };
                bytes.array.is_valid(row).then(|| bytes.array.value(row))
            }
        }
    }
}

impl<T: ArrowPrimitiveType> Values<'_, PrimitiveArray<T>> {
    fn get(&self, row: usize) -> Option<T::Native> {
        let row = if self.scalar { 0 } else { row };
        self.array.is_valid(row).then(|| self.array.value(row))
    }
}

/// The bytes of the texts that a function makes of one batch: more would take the memory before the answer
/// came, and a column of texts has no room for them.
const MOST_TEXT: usize = 1 << 28;

impl<'a> Call<'a> {
    /// An argument of text.
    fn texts(&self, index: usize) -> Result<Values<'a, StringArray>> {
        self.typed(index, self.values(index).as_string_opt::<i32>())
    }

    /// An argument of text or bytes.
    fn data(&self, index: usize) -> Result<Data<'a>> {
        match self.values(index).as_binary_opt::<i32>() {
            Some(bytes) => Ok(Data::Bytes(self.typed(index, Some(bytes))?)),
            None => Ok(Data::Text(self.texts(index)?)),
        }
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

    /// A column of values that each row makes.
    fn each(&self, row: impl FnMut(usize) -> Result<crate::data::Value>) -> Result<Columnar> {
        let values = (0..self.rows).map(row).collect::<Result<Vec<_>>>()?;
        Ok(Columnar::Array(crate::data::arrow::array_of(self.result, &values)?))
    }

    /// A column of texts that may be longer than what they are made of; `bytes` is how long at most.
    ///
    /// # Errors
    /// `text-too-large`.
    fn grown_texts(
        &self,
        bytes: impl Fn(usize) -> Option<usize>,
        row: impl FnMut(usize) -> Option<String>,
    ) -> Result<Columnar> {
        let all = (0..self.rows).filter_map(bytes).fold(0, usize::saturating_add);
        match all > MOST_TEXT {
            true => Err(Error::new("text-too-large").arg("most", MOST_TEXT >> 20)),
            false => Ok(self.collect::<_, StringArray>(row)),
        }
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
