//! A pattern and the expressions over what a match has found.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef};

use crate::base::{Error, RecordId, Result};
use crate::data::arrow::array_of;
use crate::data::{Batch, DataType, Row, Schema, Value, rows_to_batch, value_at};
use crate::expr::aggregate::{AggregateCall, GroupedRows};
use crate::expr::{EvalContext, Expr};

/// A variable of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// How often it comes at least.
    pub min: u32,
    /// How often it comes at most.
    pub max: Option<u32>,
    /// Whether it takes every row that it can.
    pub greedy: bool,
}

/// Where the search goes on after a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skip {
    /// Behind its last row.
    PastLastRow,
    /// At the row behind its first one.
    ToNextRow,
    /// At the first row of an item.
    ToFirst(usize),
    /// At the last row of an item.
    ToLast(usize),
}

/// An expression whose columns are slots.
#[derive(Clone, Debug)]
pub struct MatchExpr {
    /// The expression.
    pub expr: Expr,
    /// What its columns are.
    pub slots: Vec<Slot>,
}

/// A value that a match knows.
#[derive(Clone, Debug)]
pub enum Slot {
    /// The value of a row of an item, or of any item.
    Row {
        /// The item.
        item: Option<usize>,
        /// The column.
        column: usize,
        /// Counted from the first row, or from the last one.
        first: bool,
        /// How many rows further.
        offset: usize,
    },
    /// An aggregate of the rows of an item, or of all.
    Aggregate {
        /// The item.
        item: Option<usize>,
        /// The call, over the columns of the input.
        call: AggregateCall,
    },
}

/// A row and the item that it is in a match.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub item: usize,
    pub row: Arc<Vec<Value>>,
    /// Its number in its partition.
    pub number: u64,
    pub id: Option<RecordId>,
}

impl MatchExpr {
    /// The value over the rows of a match.
    pub(super) fn value(
        &self,
        found: &[Found],
        schema: &Schema,
        context: &EvalContext,
    ) -> Result<Value> {
        let slot = |slot: &Slot| slot.column(found, schema, context);
        let columns = self.slots.iter().map(slot).collect::<Result<Vec<_>>>()?;
        let result = self.expr.evaluate(&Batch::new(columns, 1), context)?;
        Ok(value_at(&result, &self.expr.data_type, 0))
    }

    /// Whether the value is true.
    pub(super) fn holds(
        &self,
        found: &[Found],
        schema: &Schema,
        context: &EvalContext,
    ) -> Result<bool> {
        Ok(self.value(found, schema, context)? == Value::Boolean(true))
    }
}

impl Slot {
    fn column(&self, found: &[Found], schema: &Schema, context: &EvalContext) -> Result<ArrayRef> {
        let of_item = |of: &Option<usize>| {
            let of = *of;
            found.iter().filter(move |f| of.is_none_or(|item| f.item == item))
        };
        match self {
            Self::Row { item, column, first, offset } => {
                let row = match first {
                    true => of_item(item).nth(*offset),
                    false => of_item(item).rev().nth(*offset),
                };
                let value = row.map_or(Value::Null, |f| f.row[*column].clone());
                let logical = schema.fields()[*column].data_type.logical.clone();
                array_of(&DataType::nullable(logical), &[value])
            }
            Self::Aggregate { item, call } => {
                let rows: Vec<Row> =
                    of_item(item).map(|f| Row::insert(f.row.as_ref().clone())).collect();
                aggregate(call, &rows_to_batch(schema, &rows)?, context)
            }
        }
    }
}

/// The aggregate of rows.
fn aggregate(call: &AggregateCall, rows: &Batch, context: &EvalContext) -> Result<ArrayRef> {
    let arguments = call.arguments.iter().map(|e| e.evaluate(rows, context));
    let arguments = arguments.collect::<Result<Vec<_>>>()?;
    let mut accumulator = call.accumulator(false)?;
    accumulator.grow(1);
    let groups = vec![0; rows.len()];
    let rows = GroupedRows { groups: &groups, args: &arguments, filter: None, retracts: None };
    accumulator.accumulate(rows)?;
    let result = accumulator.evaluate(&[0])?;
    match result.len() {
        1 => Ok(result),
        _ => Err(Error::new("column-not-made").arg("reason", "no result")),
    }
}
