//! Unnest: each row once for every element of an array, map or multiset in it.
//!
//! Flink's Correlate with `explode`, and with `replicate_rows`, which gives a row as often as a number
//! says.

use super::{Context, Operator, OperatorFactory, SubtaskInfo};
use crate::base::{Error, RecordId, Result};
use crate::data::{Batch, LogicalType, Row, Schema, Value, rows_to_batch, value_at};
use crate::expr::{EvalContext, Expr, Zone};

/// What an Unnest reads.
#[derive(Clone, Debug)]
pub struct UnnestFactory {
    /// The collection, or the number.
    pub of: Expr,
    /// Whether a row without elements stays, with NULLs.
    pub left: bool,
    /// The columns of the input.
    pub input: Schema,
    /// The columns of the input, then those of an element.
    pub output: Schema,
    /// The session's time zone.
    pub zone: Zone,
}

impl OperatorFactory for UnnestFactory {
    fn create(&self, _subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        Ok(Box::new(Unnest { factory: self.clone() }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }
}

struct Unnest {
    factory: UnnestFactory,
}

impl Unnest {
    fn is_multiset(&self) -> bool {
        matches!(self.factory.of.data_type.logical, LogicalType::Multiset(_))
    }

    /// The columns of each element.
    fn elements(&self, value: Value) -> Result<Vec<Vec<Value>>> {
        let width = self.factory.output.len() - self.factory.input.len();
        let of_element = |element: Value| match element {
            Value::Row(fields) if fields.len() == width => fields.to_vec(),
            Value::Null => vec![Value::Null; width],
            other => vec![other],
        };
        Ok(match value {
            Value::Null => Vec::new(),
            Value::Array(items) => items.iter().cloned().map(of_element).collect(),
            Value::Map(entries) if self.is_multiset() => {
                let often = |(item, count): &(Value, Value)| {
                    let times = if let Value::Int(times) = count { *times } else { 0 };
                    std::iter::repeat_n(of_element(item.clone()), times.max(0) as usize)
                };
                entries.iter().flat_map(often).collect()
            }
            Value::Map(entries) => {
                entries.iter().map(|(k, v)| vec![k.clone(), v.clone()]).collect()
            }
            Value::BigInt(times) => vec![Vec::new(); times.max(0) as usize],
            _ => return Err(Error::new("unnest-type").arg("type", "")),
        })
    }
}

impl Operator for Unnest {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let surroundings = EvalContext::at(context.now, self.factory.zone);
        let values = self.factory.of.evaluate(&batch, &surroundings)?;
        let width = self.factory.output.len() - self.factory.input.len();
        let (mut rows, mut causes): (Vec<Row>, Vec<RecordId>) = (Vec::new(), Vec::new());
        for at in 0..batch.len() {
            let mut elements = self.elements(value_at(&values, &self.factory.of.data_type, at))?;
            if elements.is_empty() && self.factory.left {
                elements.push(vec![Value::Null; width]);
            }
            let row = batch.row(&self.factory.input, at);
            causes.extend(
                batch
                    .ids()
                    .into_iter()
                    .flat_map(|ids| std::iter::repeat_n(ids[at], elements.len())),
            );
            rows.extend(elements.into_iter().map(|element| {
                let fields = row.fields.iter().cloned().chain(element).collect();
                Row { kind: row.kind, fields }
            }));
        }
        if !rows.is_empty() {
            context.emit_each(rows_to_batch(&self.factory.output, &rows)?, &causes);
        }
        Ok(())
    }
}
