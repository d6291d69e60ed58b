//! What operators cost, one by one: rows a second in batches of 4096, and for two of them one row at a
//! time with every record traced.
//!
//! An operator is taken out of the plan of a statement, so that it is what a query runs.
#![allow(clippy::unwrap_used, missing_docs, reason = "a bench, not a part of the engine")]

use std::hint::black_box;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, TimestampMillisecondArray};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

use riacho::base::{LabTime, Location, Watermark};
use riacho::connectors::files::MemoryFiles;
use riacho::data::zone::Zone;
use riacho::data::{Batch, Kinds, RowKind};
use riacho::graph::NodeKind;
use riacho::graph::translate::{JobOptions, translate};
use riacho::operators::standalone::Standalone;
use riacho::operators::{Context, Drain, Operator, OperatorFactory};
use riacho::plan::{Sources, plan_query};
use riacho::sql::environment::Environment;
use riacho::sql::statement::Stmt;
use riacho::trace::Level;

const ROWS: usize = 4096;

const TABLES: &str = "
    CREATE TABLE t (k BIGINT, v BIGINT) WITH ('connector' = 'datagen', 'number-of-rows' = '1');
    CREATE TABLE u (j BIGINT, w BIGINT) WITH ('connector' = 'datagen', 'number-of-rows' = '1');
    CREATE TABLE e (k BIGINT, v BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
        WITH ('connector' = 'datagen', 'number-of-rows' = '1');";

/// With mini-batch a bundle is as large as a batch.
fn options(mini_batch: bool) -> JobOptions {
    JobOptions {
        name: "bench".into(),
        parallelism: 1,
        max_parallelism: 128,
        chaining: true,
        auto_watermark_interval_millis: 200,
        state_ttl_millis: 0,
        mini_batch: mini_batch.then_some(ROWS),
        zone: riacho::expr::Zone::default(),
        drops_null_violations: false,
        now: LabTime(0),
    }
}

const ONE_PHASE: &str = "SET 'table.optimizer.agg-phase-strategy' = 'ONE_PHASE';";
const MINI_BATCH: &str = "
    SET 'table.exec.mini-batch.enabled' = 'true';
    SET 'table.exec.mini-batch.allow-latency' = '1 s';
    SET 'table.exec.mini-batch.size' = '4096';";

/// The last operator of a kind in the plan of a query, before which settings may stand.
fn operator(mode: &str, query: &str, kind: &str) -> Arc<dyn OperatorFactory> {
    let query_has = |settings: &str| query.contains(settings);
    let mut environment = Environment::default();
    let files = MemoryFiles::default();
    let sources = Sources { files: &files, now: LabTime::default(), zone: Zone::default() };
    let script = format!("SET 'execution.runtime-mode' = '{mode}';{TABLES}{query}");
    for part in riacho::sql::split(&script) {
        match riacho::sql::parse(&part.text, Location { line: 1, column: 1 }).unwrap() {
            Stmt::Query(query) => {
                let plan = plan_query(&environment.bind_query(&query).unwrap(), &sources).unwrap();
                let nodes = translate(&plan, &options(query_has(MINI_BATCH))).unwrap().nodes;
                let last = nodes.into_iter().rfind(|n| n.kind == kind).unwrap();
                let NodeKind::Operator(factory) = last.body else { unreachable!("{kind}") };
                return factory;
            }
            other => drop(environment.execute(&other).unwrap()),
        }
    }
    unreachable!("no query in {query}");
}

fn numbers(values: impl Iterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

/// Keys `k` of 1,000, and values `v`.
fn rows(count: usize) -> Batch {
    let numbers_of = 0..count as i64;
    let keys = numbers(numbers_of.clone().map(|i| (i * 7_919) % 1_000));
    Batch::new(vec![keys, numbers(numbers_of)], count)
}

/// The same with a millisecond a row, from a moment on.
fn timed(from: i64) -> Batch {
    let moments = TimestampMillisecondArray::from_iter_values(from..from + ROWS as i64);
    let mut columns = rows(ROWS).columns().to_vec();
    columns.push(Arc::new(moments));
    Batch::new(columns, ROWS)
}

/// Values that change into themselves: `-U`, `+U`.
fn changes() -> Batch {
    let kinds = [RowKind::UpdateBefore, RowKind::UpdateAfter];
    let kinds = kinds.iter().copied().cycle().take(ROWS);
    let values = numbers((0..ROWS as i64).map(|i| i / 2 % 1_000));
    Batch::new(vec![values], ROWS).with_kinds(Kinds::Each(kinds.collect()))
}

/// What an operator owes goes out before its next input.
fn drain(operator: &mut dyn Operator, context: &mut Context<'_>) {
    while operator.drain(context).unwrap() == Drain::More {}
}

/// An operator that gets the `n`-th input in the `n`-th round.
fn bench(
    criterion: &mut Criterion,
    name: &str,
    factory: &dyn OperatorFactory,
    level: Level,
    rows: usize,
    mut input: impl FnMut(&mut dyn Operator, &mut Context<'_>, i64),
) {
    let mut world = Standalone::new(level);
    let mut operator = factory.create(world.subtask).unwrap();
    let ids = world.ids(rows);
    let (mut events, mut round) = (Vec::new(), 0);
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(rows as u64));
    group.bench_function(format!("{rows} at level {level:?}"), |bencher| {
        bencher.iter(|| {
            let mut context = world.context(ids.clone());
            input(&mut *operator, &mut context, round);
            drain(&mut *operator, &mut context);
            round += 1;
            world.out.clear();
            events.clear();
            world.tracer.drain_into(&mut 0, &mut events);
        });
    });
    group.finish();
}

const CALC: &str = "SELECT k, v FROM t WHERE v % 10 <> 0";
const SUMS: &str = "SELECT k, SUM(v), COUNT(*) FROM t GROUP BY k";

/// The same rows again and again.
fn same(batch: Batch) -> impl FnMut(&mut dyn Operator, &mut Context<'_>, i64) {
    move |operator, context, _| operator.process(0, black_box(batch.clone()), context).unwrap()
}

fn stateless_and_grouped(criterion: &mut Criterion) {
    let calc = operator("streaming", CALC, "Calc");
    let sums = operator("streaming", SUMS, "GroupAggregate");
    for (level, count) in [(Level::Off, ROWS), (Level::Records, 1)] {
        for (name, factory) in [("calc", &calc), ("group-aggregate", &sums)] {
            let ids = Standalone::new(level).ids(count);
            let batch = rows(count).with_ids(ids);
            bench(criterion, name, &**factory, level, count, same(batch));
        }
    }
}

fn hash_aggregate(criterion: &mut Criterion) {
    let factory = operator("batch", &format!("{ONE_PHASE}{SUMS}"), "HashAggregate");
    bench(criterion, "hash-aggregate", &*factory, Level::Off, ROWS, same(rows(ROWS)));
    let factory = operator("batch", SUMS, "HashAggregate");
    bench(criterion, "merging-hash-aggregate", &*factory, Level::Off, ROWS, same(partials(None)));
}

/// What a first phase gives of [`rows`]: keys with their sums and counts, and the end of the slice of
/// windows.
fn partials(slice_end: Option<i64>) -> Batch {
    let mut columns = rows(ROWS).columns().to_vec();
    columns.push(numbers((0..ROWS as i64).map(|_| 1)));
    columns.extend(slice_end.map(|end| numbers((0..ROWS as i64).map(|_| end))));
    Batch::new(columns, ROWS)
}

/// A bundle as large as a batch becomes a row a key, and those are merged.
fn mini_batch(criterion: &mut Criterion) {
    let query = format!("{MINI_BATCH}{SUMS}");
    let local = operator("streaming", &query, "LocalGroupAggregate");
    bench(criterion, "local-group-aggregate", &*local, Level::Off, ROWS, same(rows(ROWS)));
    let global = operator("streaming", &query, "GlobalGroupAggregate");
    bench(criterion, "global-group-aggregate", &*global, Level::Off, ROWS, same(partials(None)));
}

fn retract_aggregate(criterion: &mut Criterion) {
    let query = "SELECT s, COUNT(*) FROM (SELECT k, SUM(v) AS s FROM t GROUP BY k) GROUP BY s";
    let factory = operator("streaming", query, "GroupAggregate");
    let before = Batch::new(vec![numbers(0..1_000)], 1_000);
    bench(
        criterion,
        "retract-aggregate",
        &*factory,
        Level::Off,
        ROWS,
        |operator, context, round| {
            if round == 0 {
                operator.process(0, before.clone(), context).unwrap();
                drain(operator, context);
            }
            operator.process(0, black_box(changes()), context).unwrap();
        },
    );
}

/// Windows of ten seconds, of which one answers now and then.
fn tumble(criterion: &mut Criterion) {
    let query = "SELECT k, window_end, SUM(v), COUNT(*)
        FROM TABLE(TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '10' SECOND))
        GROUP BY k, window_start, window_end";
    let whole = operator("streaming", &format!("{ONE_PHASE}{query}"), "WindowAggregate");
    let local = operator("streaming", query, "LocalWindowAggregate");
    for (name, factory) in [("tumble", whole), ("local-tumble", local)] {
        bench(criterion, name, &*factory, Level::Off, ROWS, |operator, context, round| {
            let from = round * ROWS as i64;
            operator.process(0, black_box(timed(from)), context).unwrap();
            drain(operator, context);
            operator.watermark(Watermark(from), context).unwrap();
        });
    }
    let global = operator("streaming", query, "GlobalWindowAggregate");
    bench(criterion, "global-tumble", &*global, Level::Off, ROWS, |operator, context, round| {
        let end = (round + 1) * 10_000;
        operator.process(0, black_box(partials(Some(end))), context).unwrap();
        drain(operator, context);
        operator.watermark(Watermark(end - 1), context).unwrap();
    });
}

/// Each row meets one row of the other side.
fn join(criterion: &mut Criterion) {
    let query = "SELECT k, v, j, w FROM t JOIN u ON k = j";
    let factory = operator("streaming", query, "Join");
    let (keys, others) = (numbers(0..1_000), numbers(0..1_000));
    let other = Batch::new(vec![keys, others], 1_000);
    let all = rows(ROWS);
    let undone = all.clone().with_kinds(Kinds::Each(vec![RowKind::Delete; ROWS].into()));
    bench(criterion, "join", &*factory, Level::Off, ROWS, |operator, context, round| {
        if round == 0 {
            operator.process(1, other.clone(), context).unwrap();
            drain(operator, context);
        }
        // Rows come and go in turn, so that the state stays as large as it is.
        let batch = if round % 2 == 0 { &all } else { &undone };
        operator.process(0, black_box(batch.clone()), context).unwrap();
    });
}

/// The ten largest values of each key; few rows are among them.
fn top_n(criterion: &mut Criterion) {
    let query = "SELECT k, v FROM (
        SELECT k, v, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v DESC) AS n FROM t) WHERE n <= 10";
    let factory = operator("streaming", query, "Rank");
    bench(criterion, "top-n", &*factory, Level::Off, ROWS, same(rows(ROWS)));
}

criterion_group!(
    benches,
    stateless_and_grouped,
    hash_aggregate,
    mini_batch,
    retract_aggregate,
    tumble,
    join,
    top_n
);
criterion_main!(benches);
