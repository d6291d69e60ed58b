//! What has been accumulated, as columns: so it travels from where rows are to where the parts of a
//! group are merged.
//!
//! The columns are those of Flink's accumulators, under their names. What is distinct travels as a map
//! from each value to how often it is there, and so do all values of a MIN that can lose its best one.

use std::sync::Arc;

use arrow::array::ArrayRef;

use super::call::AggregateCall;
use super::single::SINGLE_VALUE;
use crate::base::{Error, Result};
use crate::data::arrow::array_of;
use crate::data::{DataType, LogicalType, Value, value_at};

/// A column of an accumulator.
#[derive(Clone, Debug, PartialEq)]
pub struct Buffer {
    /// Flink's name of it, before it gets a number.
    pub name: &'static str,
    /// Its type.
    pub data_type: DataType,
}

/// How the columns hold what [`super::Accumulator::state`] gives.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Value by value.
    Same,
    /// A sum that is NULL, or 0, of no values; how many those were is not told.
    Sum,
    /// A separator and a text; NULL of no texts.
    Text,
    /// Pairs of values and counts, in a map.
    Counts,
    /// A value, and whether there is one.
    Only,
}

impl AggregateCall {
    /// The columns of its accumulator; `None` if Flink does not merge this function's. `retracts`: rows
    /// may be taken away.
    pub fn buffers(&self, retracts: bool) -> Option<Vec<Buffer>> {
        let (mut buffers, _) = self.inner_buffers(retracts)?;
        if self.is_distinct() {
            let [argument] = self.arguments.as_slice() else { return None };
            buffers.push(Buffer { name: "distinct", data_type: counts(&argument.data_type) });
        }
        Some(buffers)
    }

    /// The columns but for what is distinct, and what they hold.
    fn inner_buffers(&self, retracts: bool) -> Option<(Vec<Buffer>, Form)> {
        use LogicalType as L;
        let retracts = self.retracts(retracts);
        let of = |name, logical| Buffer { name, data_type: DataType::nullable(logical) };
        let count = |name| Buffer { name, data_type: DataType::not_null(L::BigInt) };
        let argument = self.arguments.first().map(|a| &a.data_type);
        let result = &self.data_type.logical;
        Some(match self.function.name {
            "COUNT" if self.arguments.is_empty() => (vec![count("count1")], Form::Same),
            "COUNT" => (vec![count("count")], Form::Same),
            "SUM" if retracts => (vec![of("sum", result.clone()), count("count")], Form::Same),
            "SUM" | "$SUM0" => (vec![of("sum", result.clone())], Form::Sum),
            "AVG" => {
                let sum = match &argument?.logical {
                    L::Float | L::Double => L::Double,
                    L::Decimal { scale, .. } => L::Decimal { precision: 38, scale: *scale },
                    _ => L::BigInt,
                };
                (vec![of("sum", sum), count("count")], Form::Same)
            }
            "MIN" | "MAX" => {
                let name = if self.function.name == "MIN" { "min" } else { "max" };
                match retracts {
                    true => {
                        let data_type = counts(argument?);
                        (vec![Buffer { name, data_type }], Form::Counts)
                    }
                    false => (vec![of(name, argument?.logical.clone())], Form::Same),
                }
            }
            // Flink makes these of sums and a count.
            "STDDEV" | "STDDEV_POP" | "STDDEV_SAMP" | "VARIANCE" | "VAR_POP" | "VAR_SAMP"
                if !retracts =>
            {
                let sum = match &argument?.logical {
                    L::Decimal { scale, .. } => L::Decimal { precision: 38, scale: *scale },
                    logical => logical.clone(),
                };
                (vec![of("sum", sum.clone()), of("sum", sum), count("count")], Form::Same)
            }
            "LISTAGG" if !retracts => {
                let text = L::STRING;
                (vec![of("accDelimiter", text.clone()), of("concatAcc", text)], Form::Text)
            }
            SINGLE_VALUE if !retracts => {
                (vec![of("value", argument?.logical.clone()), count("count")], Form::Only)
            }
            "COLLECT" => (vec![of("collect", result.clone())], Form::Counts),
            _ => return None,
        })
    }

    /// What [`super::Accumulator::state`] gave of some groups, as columns.
    ///
    /// # Errors
    /// `state-not-readable`.
    pub fn packed(
        &self,
        states: impl Iterator<Item = Vec<Value>>,
        retracts: bool,
    ) -> Result<Vec<ArrayRef>> {
        let rows = states.map(|state| self.pack(state, retracts)).collect::<Result<Vec<_>>>()?;
        let buffers = self.buffers(retracts).ok_or_else(unreadable)?;
        let column = |(place, buffer): (usize, &Buffer)| {
            let values: Vec<Value> = rows.iter().map(|row| row[place].clone()).collect();
            array_of(&buffer.data_type, &values)
        };
        buffers.iter().enumerate().map(column).collect()
    }

    /// What [`Self::packed`] gave, as [`super::Accumulator::restore`] takes it, a row a group; `None` of
    /// no values.
    ///
    /// # Errors
    /// `state-not-readable`.
    pub fn unpacked(
        &self,
        columns: &[ArrayRef],
        rows: usize,
        retracts: bool,
    ) -> Result<Vec<Option<Vec<Value>>>> {
        let buffers = self.buffers(retracts).ok_or_else(unreadable)?;
        let state = |row| {
            let columns = columns.iter().zip(&buffers);
            self.unpack(columns.map(|(c, b)| value_at(c, &b.data_type, row)).collect(), retracts)
        };
        (0..rows).map(state).collect()
    }

    fn pack(&self, state: Vec<Value>, retracts: bool) -> Result<Vec<Value>> {
        let (buffers, form) = self.inner_buffers(retracts).ok_or_else(unreadable)?;
        let (distinct, inner) = match self.is_distinct() {
            true => parted(state).ok_or_else(unreadable)?,
            false => (Vec::new(), state),
        };
        let mut values = match form {
            Form::Same => inner,
            Form::Sum => match inner.as_slice() {
                [_, Value::BigInt(0)] if self.function.name == "SUM" => vec![Value::Null],
                [sum, _] => vec![sum.clone()],
                _ => return Err(unreadable()),
            },
            Form::Text => vec![self.separator(), self.joined(&inner)],
            Form::Counts => vec![pairs(inner)],
            Form::Only => match inner.into_iter().next() {
                Some(value) => vec![value, Value::BigInt(1)],
                None => vec![Value::Null, Value::BigInt(0)],
            },
        };
        for (value, buffer) in values.iter_mut().zip(&buffers) {
            if let (Value::Decimal(unscaled, _), LogicalType::Decimal { scale, .. }) =
                (&*value, &buffer.data_type.logical)
            {
                *value = Value::Decimal(*unscaled, *scale);
            }
        }
        if self.is_distinct() {
            values.push(pairs(distinct));
        }
        Ok(values)
    }

    fn unpack(&self, mut values: Vec<Value>, retracts: bool) -> Result<Option<Vec<Value>>> {
        let (_, form) = self.inner_buffers(retracts).ok_or_else(unreadable)?;
        let distinct = match self.is_distinct() {
            true => match values.pop() {
                Some(Value::Map(entries)) => Some(entries),
                _ => return Err(unreadable()),
            },
            false => None,
        };
        let inner = match (form, values.as_slice()) {
            (Form::Same, _) => values,
            (Form::Sum, [Value::Null]) | (Form::Text, [_, Value::Null]) if distinct.is_none() => {
                return Ok(None);
            }
            (Form::Only, [_, Value::BigInt(0)]) => return Ok(None),
            (Form::Only, [value, _]) => vec![value.clone()],
            (Form::Sum, [sum]) => vec![sum.clone(), Value::BigInt(1)],
            (Form::Text, [_, text]) => vec![text.clone()],
            (Form::Counts, [Value::Map(entries)]) => flat(entries),
            _ => return Err(unreadable()),
        };
        let Some(entries) = distinct else { return Ok(Some(inner)) };
        let mut state = vec![Value::BigInt(entries.len() as i64)];
        state.extend(flat(&entries));
        // The functions see the distinct values themselves when they are merged.
        Ok(Some(state))
    }

    fn separator(&self) -> Value {
        self.constants.first().cloned().unwrap_or_else(|| Value::from(","))
    }

    fn joined(&self, texts: &[Value]) -> Value {
        let separator = self.separator();
        let text = |value: &Value| match value {
            Value::String(text) => text.to_string(),
            _ => String::new(),
        };
        match texts {
            [] => Value::Null,
            texts => {
                let texts: Vec<String> = texts.iter().map(text).collect();
                Value::from(texts.join(&text(&separator)).as_str())
            }
        }
    }
}

/// Values with how often each is there.
fn counts(of: &DataType) -> DataType {
    let count = DataType::not_null(LogicalType::BigInt);
    DataType::not_null(LogicalType::Map(Arc::new(of.clone()), Arc::new(count)))
}

/// The entries of what is distinct, and the state of the function behind them.
fn parted(mut state: Vec<Value>) -> Option<(Vec<Value>, Vec<Value>)> {
    let Some(Value::BigInt(len)) = state.first() else { return None };
    let end = usize::try_from(*len).ok()?.checked_mul(2)?.checked_add(1)?;
    let inner = (end <= state.len()).then(|| state.split_off(end))?;
    state.remove(0);
    Some((state, inner))
}

fn pairs(flat: Vec<Value>) -> Value {
    let (pairs, _) = flat.as_chunks::<2>();
    Value::Map(pairs.iter().map(|[value, count]| (value.clone(), count.clone())).collect())
}

fn flat(pairs: &[(Value, Value)]) -> Vec<Value> {
    pairs.iter().flat_map(|(value, count)| [value.clone(), count.clone()]).collect()
}

fn unreadable() -> Error {
    Error::new("state-not-readable")
}
