//! Unnest: each row once for every element of an array, map or multiset in it.
//!
//! Flink's Correlate with `explode`, and with `replicate_rows`, which gives a row as often as a number
//! says.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{Int32Type, Int64Type};

use super::beside::{Beside, Pairs};
use super::{Context, Drain, Operator, OperatorFactory, SubtaskInfo};
use crate::base::{Error, Result};
use crate::data::{Batch, LogicalType, Schema};
use crate::expr::{EvalContext, Expr, Zone};

/// What an Unnest reads.
#[derive(Clone, Debug)]
pub struct UnnestFactory {
    /// The collection, or the number.
    pub of: Expr,
    /// Whether a row without elements stays, with NULLs.
    pub left: bool,
    /// Which elements stay, over their own columns.
    pub condition: Option<Expr>,
    /// The columns of the input.
    pub input: Schema,
    /// The columns of the input, then those of an element.
    pub output: Schema,
    /// The session's time zone.
    pub zone: Zone,
}

impl OperatorFactory for UnnestFactory {
    fn create(&self, _subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        Ok(Box::new(Unnest { factory: self.clone(), owed: None }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }
}

struct Unnest {
    factory: UnnestFactory,
    owed: Option<Beside>,
}

/// The elements of the rows of a batch, in their order.
#[derive(Default)]
struct Elements {
    /// Where each element is in the columns; a row without elements may go out with none.
    pairs: Pairs,
    /// The columns of all elements.
    columns: Vec<ArrayRef>,
}

impl Unnest {
    /// The elements of each value.
    fn elements(&self, values: &ArrayRef) -> Result<Elements> {
        let mut elements = Elements::default();
        match &self.factory.of.data_type.logical {
            LogicalType::Array(_) => {
                let lists = values.as_list::<i32>();
                elements.columns = self.columns_of(lists.values());
                let there = |place: &usize| lists.values().is_valid(*place);
                self.each(lists.offsets(), lists.nulls(), &mut elements.pairs, |place| {
                    (place.filter(there), 1)
                });
            }
            LogicalType::Multiset(_) => {
                let maps = values.as_map();
                let counts = maps.values().as_primitive::<Int32Type>();
                elements.columns = self.columns_of(maps.keys());
                self.each(maps.offsets(), maps.nulls(), &mut elements.pairs, |place| {
                    let times = place.map_or(1, |place| counts.value(place).max(0));
                    (place.filter(|place| maps.keys().is_valid(*place)), times as usize)
                });
            }
            LogicalType::Map(..) => {
                let maps = values.as_map();
                elements.columns = vec![maps.keys().clone(), maps.values().clone()];
                self.each(maps.offsets(), maps.nulls(), &mut elements.pairs, |place| (place, 1));
            }
            LogicalType::BigInt => {
                let times = values.as_primitive::<Int64Type>();
                for row in (0..times.len()).filter(|row| times.is_valid(*row)) {
                    (0..times.value(row)).for_each(|_| elements.pairs.push(row, None));
                }
            }
            other => return Err(Error::new("unnest-type").arg("type", other)),
        }
        Ok(elements)
    }

    /// The elements of each row between two offsets: where it is, and how often it is there.
    fn each(
        &self,
        offsets: &[i32],
        nulls: Option<&NullBuffer>,
        pairs: &mut Pairs,
        of: impl Fn(Option<usize>) -> (Option<usize>, usize),
    ) {
        for (row, ends) in offsets.windows(2).enumerate() {
            let (start, end) = (ends[0] as usize, ends[1] as usize);
            let known = pairs.rows.len();
            if nulls.is_none_or(|nulls| nulls.is_valid(row)) {
                for place in start..end {
                    let (place, times) = of(Some(place));
                    (0..times).for_each(|_| pairs.push(row, place));
                }
            }
            if self.factory.left && pairs.rows.len() == known {
                pairs.push(row, None);
            }
        }
    }

    /// The columns of elements: those of a ROW, or they themselves.
    fn columns_of(&self, elements: &ArrayRef) -> Vec<ArrayRef> {
        let width = self.factory.output.len() - self.factory.input.len();
        match elements.as_struct_opt() {
            Some(fields) if fields.num_columns() == width => fields.columns().to_vec(),
            _ => vec![elements.clone()],
        }
    }
}

impl Operator for Unnest {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let surroundings = EvalContext::at(context.now, self.factory.zone);
        let values = self.factory.of.evaluate(&batch, &surroundings)?;
        let Elements { mut pairs, columns } = self.elements(&values)?;
        if let Some(condition) = &self.factory.condition {
            pairs.keep(condition, &columns, &surroundings)?;
        }
        self.owed = Some(Beside::new(batch, pairs, columns));
        Ok(())
    }

    fn drain(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        self.owed.as_mut().map_or(Ok(Drain::Done), |owed| owed.drain(context))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::data::{DataType, Row, Value, rows_to_batch};
    use crate::data::{Element, Field};
    use crate::operators::standalone::Standalone;
    use crate::trace::Level;

    /// What goes out for one row with this value in its only column.
    fn unnested(of: LogicalType, columns: &[LogicalType], left: bool, value: Value) -> Vec<String> {
        let field = |name: &str, t: &LogicalType| Field::new(name, DataType::nullable(t.clone()));
        let input = Schema::new(vec![field("of", &of)]);
        let added = columns.iter().map(|t| field("e", t));
        let output = Schema::new(input.fields().iter().cloned().chain(added).collect());
        let expr = Expr::column(0, DataType::nullable(of));
        let factory = UnnestFactory {
            of: expr,
            left,
            condition: None,
            input: input.clone(),
            output,
            zone: Zone::default(),
        };
        let mut world = Standalone::new(Level::Off);
        let mut unnest = factory.create(world.subtask).unwrap();
        let batch = rows_to_batch(&input, &[Row::insert(vec![value])]).unwrap();
        unnest.process(0, batch, &mut world.context(None)).unwrap();
        while unnest.drain(&mut world.context(None)).unwrap() == Drain::More {}
        let mut rows = Vec::new();
        for element in world.out {
            let Element::Batch(batch) = element else { continue };
            let text = |row: Row| format!("{:?}", &row.fields[1..]);
            rows.extend(batch.rows(&factory.output).map(text));
        }
        rows
    }

    #[test]
    fn each_element_is_a_row() {
        use LogicalType::{Array, BigInt, Int, Map, Multiset};
        let int = || Arc::new(DataType::nullable(Int));
        let row = || {
            let fields = vec![Field::new("a", DataType::nullable(Int)); 2];
            LogicalType::Row(Schema::new(fields))
        };
        let of_rows = || Array(Arc::new(DataType::nullable(row())));
        let one = || Value::Int(1);
        let pair = Value::Row([one(), Value::Int(2)].into());
        type Case<'a> = (LogicalType, Vec<LogicalType>, bool, Value, &'a [&'a str]);
        let cases: Vec<Case<'_>> = vec![
            (
                Array(int()),
                vec![Int],
                false,
                Value::Array([one(), Value::Null].into()),
                &["[Int(1)]", "[Null]"],
            ),
            (Array(int()), vec![Int], false, Value::Null, &[]),
            (Array(int()), vec![Int], true, Value::Null, &["[Null]"]),
            (Array(int()), vec![Int], true, Value::Array([].into()), &["[Null]"]),
            (
                of_rows(),
                vec![Int, Int],
                false,
                Value::Array([pair, Value::Null].into()),
                &["[Int(1), Int(2)]", "[Null, Null]"],
            ),
            (
                Map(int(), int()),
                vec![Int, Int],
                false,
                Value::Map([(one(), Value::Int(7))].into()),
                &["[Int(1), Int(7)]"],
            ),
            (
                Multiset(int()),
                vec![Int],
                false,
                Value::Map([(one(), Value::Int(2))].into()),
                &["[Int(1)]", "[Int(1)]"],
            ),
            (BigInt, vec![], false, Value::BigInt(2), &["[]", "[]"]),
            (BigInt, vec![], false, Value::BigInt(0), &[]),
        ];
        for (of, columns, left, value, expected) in cases {
            let what = format!("{of} {value:?}");
            assert_eq!(unnested(of, &columns, left, value), expected, "{what}");
        }
    }
}
