//! Tests of IncrementalGroupAggregate.

use super::*;
use crate::data::{Element, Field, Row, RowKind, print, rows_to_batch};
use crate::expr::Expr;
use crate::operators::Drain;
use crate::operators::standalone::Standalone;
use crate::trace::{EventKind, Level};

fn int() -> DataType {
    DataType::nullable(LogicalType::BigInt)
}

/// `k, bucket`, then what COUNT(DISTINCT v) and SUM(v) have accumulated; with rows that may be taken
/// away, COUNT(*) too.
fn factory(retracting: bool) -> (IncrementalFactory, Schema) {
    let value = || vec![Expr::column(0, int())];
    let call =
        |name, arguments, distinct| aggregate(name, arguments, distinct, None, false).unwrap();
    let mut calls = vec![call("COUNT", value(), true), call("SUM", value(), false)];
    calls.extend(retracting.then(|| call("COUNT", Vec::new(), false)));
    let mut fields = vec![
        Field::new("k", DataType::nullable(LogicalType::STRING)),
        Field::new("bucket", DataType::nullable(LogicalType::Int)),
    ];
    let mut output = vec![fields[0].clone()];
    let (mut aggregates, mut told, mut columns) = (Vec::new(), Vec::new(), Vec::new());
    let mut goes_on = 0;
    for (number, call) in calls.into_iter().enumerate() {
        let place = |fields: &mut Vec<Field>, data_type: &DataType| {
            fields.push(Field::new(format!("c{}", fields.len()), data_type.clone()));
            fields.len() - 1
        };
        let buffers = call.buffers(retracting).unwrap();
        let args = buffers.iter().map(|b| place(&mut fields, &b.data_type)).collect();
        let mut plain = call.clone();
        plain.distinct = false;
        let buffers = plain.buffers(retracting).unwrap();
        for buffer in &buffers {
            place(&mut output, &buffer.data_type);
        }
        let own: Vec<usize> = (goes_on..goes_on + buffers.len()).collect();
        goes_on += buffers.len();
        columns.extend((0..buffers.len()).map(|column| (number, column)));
        let name: std::sync::Arc<str> = call.function.name.into();
        aggregates.push(Aggregate { name: name.clone(), call, args, filter: None });
        told.push(Aggregate { name, call: plain, args: own, filter: None });
    }
    let input = Schema::new(fields);
    let types = input.fields()[..2].iter().map(|f| f.data_type.clone()).collect();
    let keys = GroupKeys { columns: vec![0, 1], types };
    let (output, finals, bundle, ttl) = (Schema::new(output), 1, 2, 0);
    let factory = IncrementalFactory {
        keys,
        finals,
        aggregates,
        told,
        columns,
        output,
        retracting,
        bundle,
        ttl,
    };
    (factory, input)
}

/// A row: the key, the bucket, the values that came (or went, if below zero), their sum.
fn row(key: &str, bucket: i32, values: &[i64], retracting: bool) -> Row {
    let entry = |v: &i64| (Value::BigInt(v.abs()), Value::BigInt(v.signum()));
    let distinct = Value::Map(values.iter().map(entry).collect());
    let (sum, count) = (values.iter().sum(), values.iter().map(|v| v.signum()).sum());
    let mut fields = vec![Value::String(key.into()), Value::Int(bucket), Value::BigInt(count)];
    fields.extend([distinct, Value::BigInt(sum)]);
    if retracting {
        fields.extend([Value::BigInt(count), Value::BigInt(count)]);
    }
    Row { kind: RowKind::Insert, fields }
}

struct World {
    factory: IncrementalFactory,
    input: Schema,
    operator: Box<dyn Operator>,
    world: Standalone,
}

impl World {
    fn new(retracting: bool) -> Self {
        let (factory, input) = factory(retracting);
        let world = Standalone::new(Level::Records);
        let operator = factory.create(world.subtask).unwrap();
        Self { factory, input, operator, world }
    }

    /// What goes out for a bundle of two rows.
    fn bundle(&mut self, rows: [(&str, i32, &[i64]); 2]) -> Vec<String> {
        let retracting = self.factory.retracting;
        let rows = rows.map(|(key, bucket, values)| row(key, bucket, values, retracting));
        let ids = self.world.ids(2);
        let batch = rows_to_batch(&self.input, &rows).unwrap().with_ids(ids.clone());
        self.operator.process(0, batch, &mut self.world.context(ids)).unwrap();
        while self.operator.drain(&mut self.world.context(None)).unwrap() == Drain::More {}
        let mut text = Vec::new();
        for element in std::mem::take(&mut self.world.out) {
            let Element::Batch(batch) = element else { continue };
            text.extend(batch.rows(&self.factory.output).map(|row| print::java::row(&row)));
        }
        text
    }

    fn restored(mut self) -> Self {
        let snapshot = self.operator.snapshot(&mut self.world.context(None)).unwrap();
        let mut new = Self::new(self.factory.retracting);
        new.operator.restore(&[snapshot], &mut new.world.context(None)).unwrap();
        new
    }
}

#[test]
fn only_what_is_new_goes_on() {
    let mut world = World::new(false);
    let both = world.bundle([("a", 1, &[5, 9]), ("a", 2, &[6])]);
    assert_eq!(both, ["+I[a, 3, 20]"], "two buckets of a key together");
    assert_eq!(world.bundle([("a", 1, &[5, 7]), ("b", 1, &[5])]), ["+I[a, 1, 12]", "+I[b, 1, 5]"]);
    let mut world = world.restored();
    assert_eq!(world.bundle([("a", 1, &[5]), ("a", 2, &[6, 8])]), ["+I[a, 1, 19]"]);
}

#[test]
fn values_go_when_they_went_as_often_as_they_came() {
    let mut world = World::new(true);
    let first = world.bundle([("a", 1, &[5, 9]), ("a", 1, &[5])]);
    assert_eq!(first, ["+I[a, 2, 19, 3, 3]"]);
    let less = world.bundle([("a", 1, &[-5]), ("a", 2, &[6])]);
    assert_eq!(less, ["+I[a, 1, 1, 0, 0]"], "5 is there once more, and 6 is new");
    let last = world.bundle([("a", 1, &[-5, -9]), ("a", 2, &[-6])]);
    assert_eq!(last, ["+I[a, -3, -20, -3, -3]"]);
    let state = world.operator.snapshot(&mut world.world.context(None)).unwrap();
    let fresh = World::new(true);
    let mut fresh = fresh.restored();
    let empty = fresh.operator.snapshot(&mut fresh.world.context(None)).unwrap();
    assert_eq!(state, empty, "nothing is left");
}

#[test]
fn the_trace_tells_what_a_bucket_holds() {
    let mut world = World::new(false);
    world.bundle([("a", 1, &[5, 9]), ("a", 2, &[6])]);
    let mut events = Vec::new();
    world.world.tracer.drain_into(&mut 0, &mut events);
    let told = events.iter().filter_map(|event| match &event.kind {
        EventKind::StateChanged(change) => Some(format!("{:?} {:?}", change.key, change.after)),
        _ => None,
    });
    let told: Vec<String> = told.collect();
    let expected = [
        r#"[String("a"), Int(1)] [("COUNT", BigInt(2))]"#,
        r#"[String("a"), Int(2)] [("COUNT", BigInt(1))]"#,
    ];
    assert_eq!(told, expected);
}
