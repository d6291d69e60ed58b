//! Which aggregate functions there are, and a checked call of one.

use super::accumulator::Accumulator;
use super::distinct::{Alone, Distinct};
use super::{average, collect, count, extreme, first_last, json, list, single, sum, variance};
use crate::base::{Error, Result, Span};
use crate::data::{DataType, LogicalType, Value};
use crate::expr::Expr;
use crate::expr::function::Mismatch;

/// An aggregate function.
pub struct AggregateFunction {
    /// Its name in upper case.
    pub name: &'static str,
    /// How it is called, for completion and help.
    pub usage: &'static str,
    /// The type of its result, or a refusal of the arguments.
    pub infer: fn(&[Expr]) -> Result<AggregateTypes, Mismatch>,
    /// Makes an accumulator; `retracts`: rows may be taken away again.
    pub(super) create: fn(&AggregateCall, retracts: bool) -> Result<Box<dyn Accumulator>>,
}

/// The types of a call of an aggregate function.
#[derive(Clone, Debug, PartialEq)]
pub struct AggregateTypes {
    /// The type of the result.
    pub result: LogicalType,
    /// When it may be NULL.
    pub nullable: Nullable,
}

/// When the result of an aggregate function counts as nullable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nullable {
    /// Never: COUNT of nothing is 0.
    Never,
    /// If an argument is. Of no rows it is NULL all the same, and a query that gives it out fails.
    AsArguments,
    /// Also if there may be no rows.
    IfEmpty,
}

impl std::fmt::Debug for AggregateFunction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// A call of an aggregate function, checked.
#[derive(Clone, Debug)]
pub struct AggregateCall {
    /// The function.
    pub function: &'static AggregateFunction,
    /// Its arguments, over the rows that are aggregated. None for `COUNT(*)`.
    pub arguments: Vec<Expr>,
    /// Further arguments that are constants.
    pub constants: Vec<Value>,
    /// Whether equal arguments count once.
    pub distinct: bool,
    /// Rows that count: those where it is true.
    pub filter: Option<Expr>,
    /// The type of the result.
    pub data_type: DataType,
    /// Whether values only move the way that it looks: a value that is taken away was followed by one that
    /// makes up for it, so nothing is ever taken away from what it has found.
    pub monotonic: bool,
    /// Where it was written.
    pub place: Option<Span>,
}

impl AggregateCall {
    /// Whether what it has found shrinks with the rows, where rows may be taken away.
    pub fn retracts(&self, rows_retract: bool) -> bool {
        rows_retract && !self.monotonic
    }

    /// An accumulator without groups. `retracts`: whether rows may be taken away again.
    ///
    /// # Errors
    /// `function-arguments` for a type that the function has no accumulator for.
    pub fn accumulator(&self, retracts: bool) -> Result<Box<dyn Accumulator>> {
        match self.is_distinct() {
            true => Ok(Box::new(Alone(Self::distinct(&[self], retracts)?))),
            false => (self.function.create)(self, self.retracts(retracts)),
        }
    }

    /// The accumulators of calls of the same distinct arguments.
    ///
    /// # Errors
    /// As [`Self::accumulator`], and `key-type` for arguments that cannot be compared.
    pub fn distinct(calls: &[&Self], retracts: bool) -> Result<Distinct> {
        let inner = calls.iter().map(|call| (call.function.create)(call, retracts));
        let types = calls.first().map_or(&[][..], |call| &call.arguments);
        let types = types.iter().map(|argument| argument.data_type.clone()).collect();
        Distinct::new(inner.collect::<Result<_>>()?, types, retracts)
    }

    /// Whether Flink has a function for the types of a call that is computed.
    ///
    /// # Errors
    /// `function-arguments`; `distinct-type` for values that a stream cannot hold apart.
    pub fn check(&self, streaming: bool) -> Result<()> {
        let keeps = ["MIN", "MAX", "FIRST_VALUE", "LAST_VALUE"].contains(&self.function.name);
        let Some(argument) = self.arguments.first() else { return Ok(()) };
        let logical = &argument.data_type.logical;
        if keeps && !extreme::is_kept(logical) {
            return Err(self.refused().at(self.place));
        }
        match streaming && self.distinct && self.arguments.len() == 1 && !is_distinct_key(logical) {
            true => {
                let error = Error::new("distinct-type").arg("type", logical);
                Err(error.arg("name", self.function.name).at(self.place))
            }
            false => Ok(()),
        }
    }

    /// Whether equal arguments count once.
    pub fn is_distinct(&self) -> bool {
        // Exactly counted, which is within what is promised.
        let approximate = self.function.name == "APPROX_COUNT_DISTINCT";
        (self.distinct || approximate) && !self.arguments.is_empty()
    }

    /// Whether the result is the same whatever the order of the rows is.
    pub fn sees_no_order(&self) -> bool {
        const NAMES: [&str; 6] = ["APPROX_COUNT_DISTINCT", "AVG", "COUNT", "MAX", "MIN", "SUM"];
        NAMES.contains(&self.function.name)
    }

    /// Whether a row that is added can leave the result as it is (COUNT(*) always changes).
    pub fn may_stay(&self) -> bool {
        self.function.name != "COUNT" || !self.arguments.is_empty() || self.filter.is_some()
    }

    pub(super) fn refused(&self) -> Error {
        refused(self.function, &self.arguments)
    }
}

/// The same function of the same arguments.
impl PartialEq for AggregateCall {
    fn eq(&self, other: &Self) -> bool {
        self.function.name == other.function.name
            && self.arguments == other.arguments
            && self.constants == other.constants
            && self.distinct == other.distinct
            && self.filter == other.filter
            && self.data_type == other.data_type
    }
}

static FUNCTIONS: &[&[AggregateFunction]] = &[
    count::FUNCTIONS,
    sum::FUNCTIONS,
    average::FUNCTIONS,
    extreme::FUNCTIONS,
    first_last::FUNCTIONS,
    variance::FUNCTIONS,
    list::FUNCTIONS,
    collect::FUNCTIONS,
    json::FUNCTIONS,
    single::FUNCTIONS,
];

/// All aggregate functions.
pub fn functions() -> impl Iterator<Item = &'static AggregateFunction> {
    FUNCTIONS.iter().flat_map(|family| family.iter())
}

/// The aggregate function of that name, in any case.
pub fn lookup(name: &str) -> Option<&'static AggregateFunction> {
    functions().find(|f| f.name.eq_ignore_ascii_case(name))
}

/// A call of an aggregate function, checked. `COUNT(*)` has no arguments. `global`: there is no GROUP
/// BY, so that the function may see no row at all.
///
/// # Errors
/// `unknown-function`, `function-arguments`.
pub fn aggregate(
    name: &str,
    arguments: Vec<Expr>,
    distinct: bool,
    filter: Option<Expr>,
    global: bool,
) -> Result<AggregateCall> {
    let function = lookup(name).ok_or_else(|| crate::expr::function::unknown(name))?;
    let types = (function.infer)(&arguments).map_err(|mismatch| match mismatch {
        Mismatch::Because(error) => error,
        Mismatch::Types => refused(function, &arguments),
    })?;
    let from_argument = arguments.iter().any(|a| a.data_type.nullable);
    // The greatest of equal values is the greatest of one of them.
    let distinct = distinct && !["MAX", "MIN"].contains(&function.name);
    if distinct && arguments.len() > 1 && function.name == "COUNT" {
        return Err(refused(function, &arguments));
    }
    let nullable = match types.nullable {
        Nullable::Never => false,
        Nullable::AsArguments => from_argument,
        Nullable::IfEmpty => global || from_argument || filter.is_some(),
    };
    let data_type = DataType { logical: types.result, nullable };
    // What is never NULL need not be looked at to be counted.
    let arguments = match function.name == "COUNT" && !distinct && !from_argument {
        true => Vec::new(),
        false => arguments,
    };
    let (arguments, constants) = parted(arguments);
    let (monotonic, place) = (false, None);
    Ok(AggregateCall {
        function,
        arguments,
        constants,
        distinct,
        filter,
        data_type,
        monotonic,
        place,
    })
}

/// Whether a stream can hold values of a type apart: `AggregateUtil.createDistinctKeyType`.
fn is_distinct_key(logical: &LogicalType) -> bool {
    use LogicalType as L;
    !matches!(logical, L::Row(_) | L::Map(..) | L::Multiset(_) | L::Binary(_) | L::Varbinary(_))
}

/// Constants behind the first argument are no columns: a separator is the same for all rows.
fn parted(mut arguments: Vec<Expr>) -> (Vec<Expr>, Vec<Value>) {
    let columns = arguments.iter().skip(1).take_while(|a| a.as_literal().is_none()).count() + 1;
    let constants = arguments.split_off(columns.min(arguments.len()));
    let all = constants.iter().filter_map(|c| c.as_literal().cloned()).collect::<Vec<_>>();
    (arguments, all)
}

fn refused(function: &AggregateFunction, arguments: &[Expr]) -> Error {
    let types: Vec<String> = arguments.iter().map(|a| a.data_type.logical.to_string()).collect();
    Error::new("function-arguments")
        .arg("name", function.name)
        .arg("types", types.join(", "))
        .arg("usage", function.usage)
}

/// The only argument of a function of one.
pub(super) fn only(arguments: &[Expr]) -> Result<&Expr, Mismatch> {
    match arguments {
        [argument] => Ok(argument),
        _ => Err(Mismatch::Types),
    }
}
