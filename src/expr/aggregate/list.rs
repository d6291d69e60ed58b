//! LISTAGG: texts in order of arrival, with a separator between them.

use arrow::array::{Array, ArrayRef, StringArray};

use super::accumulator::Accumulator;
use super::call::{AggregateCall, AggregateFunction, AggregateTypes, Nullable};
use super::fold::{Fold, Grouped, column};
use crate::base::Result;
use crate::data::{LogicalType, Value};
use crate::expr::Expr;
use crate::expr::function::Mismatch;
use crate::expr::types::is_text;

pub(super) static FUNCTIONS: &[AggregateFunction] = &[AggregateFunction {
    name: "LISTAGG",
    usage: "LISTAGG([DISTINCT] text[, 'separator'])",
    infer,
    create,
}];

/// The separator is a constant.
fn infer(arguments: &[Expr]) -> Result<AggregateTypes, Mismatch> {
    match arguments {
        [text] if is_text(&text.data_type.logical) => {}
        [text, separator] if is_text(&text.data_type.logical) && separator.as_text().is_some() => {}
        _ => return Err(Mismatch::Types),
    }
    // The type is that of the text, though the list is longer.
    let result = arguments.first().map_or(LogicalType::STRING, |a| a.data_type.logical.clone());
    Ok(AggregateTypes { result, nullable: Nullable::AsArguments })
}

fn create(call: &AggregateCall, _retracts: bool) -> Result<Box<dyn Accumulator>> {
    let separator = match call.constants.first() {
        Some(Value::String(separator)) => separator.to_string(),
        _ => ",".to_owned(),
    };
    Ok(Box::new(Grouped::new(List { separator }, call.data_type.clone())))
}

struct List {
    separator: String,
}

impl Fold for List {
    type Group = Vec<Box<str>>;
    type Input<'a> = &'a StringArray;
    type Results = Vec<Value>;

    fn empty(&self) -> Self::Group {
        Vec::new()
    }

    fn input<'a>(&self, arguments: &'a [ArrayRef]) -> Result<&'a StringArray> {
        column(arguments)
    }

    fn apply(&self, texts: &mut Self::Group, input: &Self::Input<'_>, row: usize, adds: bool) {
        if input.is_null(row) {
            return;
        }
        let text = input.value(row);
        if adds {
            texts.push(text.into());
        } else if let Some(first) = texts.iter().position(|t| &**t == text) {
            texts.remove(first);
        }
    }

    fn merge(&self, into: &mut Self::Group, from: &Self::Group) {
        into.extend(from.iter().cloned());
    }

    fn result(&self, texts: &Self::Group) -> Option<Value> {
        let joined = || Value::from(texts.join(self.separator.as_str()).as_str());
        (!texts.is_empty()).then(joined)
    }

    fn save(&self, texts: &Self::Group) -> Vec<Value> {
        texts.iter().map(|text| Value::from(&**text)).collect()
    }

    fn load(&self, state: &[Value]) -> Option<Self::Group> {
        let text = |value: &Value| match value {
            Value::String(text) => Some(text.as_ref().into()),
            _ => None,
        };
        state.iter().map(text).collect()
    }
}
