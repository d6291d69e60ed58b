//! What operators cost, one by one: rows a second in batches of 4096, and one row at a time with every
//! record traced.
#![allow(clippy::unwrap_used, missing_docs, reason = "a bench, not a part of the engine")]

use std::hint::black_box;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

use riacho::data::{Batch, DataType, Field, LogicalType, Schema, Value};
use riacho::expr::aggregate::aggregate;
use riacho::expr::{Expr, Zone, call};
use riacho::operators::calc::CalcFactory;
use riacho::operators::group_aggregate::GroupAggregateFactory;
use riacho::operators::standalone::Standalone;
use riacho::operators::{Aggregate, GroupKeys, OperatorFactory};
use riacho::trace::Level;

fn bigint() -> DataType {
    DataType::not_null(LogicalType::BigInt)
}

fn schema(names: &[&str]) -> Schema {
    Schema::new(names.iter().map(|n| Field::new(*n, bigint())).collect())
}

/// `WHERE v % 10 <> 0`, both columns kept.
fn calc() -> CalcFactory {
    let (k, v) = (Expr::column(0, bigint()), Expr::column(1, bigint()));
    let ten = Expr::literal(Value::BigInt(10), bigint());
    let zero = Expr::literal(Value::BigInt(0), bigint());
    let rest = call("%", vec![v.clone(), ten]).unwrap();
    CalcFactory {
        condition: Some(call("<>", vec![rest, zero]).unwrap()),
        projection: vec![k, v],
        output: schema(&["k", "v"]),
        zone: Zone::default(),
    }
}

/// `SELECT k, SUM(v), COUNT(*) GROUP BY k`.
fn group_aggregate() -> GroupAggregateFactory {
    let v = Expr::column(1, bigint());
    let sum = aggregate("SUM", vec![v], false, None, false).unwrap();
    let count = aggregate("COUNT", Vec::new(), false, None, false).unwrap();
    GroupAggregateFactory {
        keys: GroupKeys { columns: vec![0], types: vec![bigint()] },
        aggregates: vec![
            Aggregate { name: "s".into(), call: sum, args: vec![1], filter: None },
            Aggregate { name: "n".into(), call: count, args: Vec::new(), filter: None },
        ],
        output: schema(&["k", "s", "n"]),
        retracting: false,
        bundle: None,
        ttl: 0,
        update_before: true,
    }
}

/// Rows with 1,000 keys.
fn rows(count: i64) -> Batch {
    let key = (0..count).map(|i| (i * 7_919) % 1_000);
    let columns: [ArrayRef; 2] = [
        Arc::new(Int64Array::from_iter_values(key)),
        Arc::new(Int64Array::from_iter_values(0..count)),
    ];
    Batch::new(columns.to_vec(), count as usize)
}

fn bench(criterion: &mut Criterion, name: &str, factory: &dyn OperatorFactory, level: Level) {
    let mut world = Standalone::new(level);
    let mut operator = factory.create(world.subtask).unwrap();
    let size = if level == Level::Off { 4096 } else { 1 };
    let ids = world.ids(size as usize);
    let batch = rows(size).with_ids(ids.clone());
    let mut events = Vec::new();
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(size as u64));
    group.bench_function(format!("{size} at level {level:?}"), |bencher| {
        bencher.iter(|| {
            let mut context = world.context(ids.clone());
            operator.process(0, black_box(batch.clone()), &mut context).unwrap();
            world.out.clear();
            events.clear();
            world.tracer.drain_into(&mut 0, &mut events);
        });
    });
    group.finish();
}

fn operators(criterion: &mut Criterion) {
    for level in [Level::Off, Level::Records] {
        bench(criterion, "calc", &calc(), level);
        bench(criterion, "group-aggregate", &group_aggregate(), level);
    }
}

criterion_group!(benches, operators);
criterion_main!(benches);
