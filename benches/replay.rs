//! What a step costs, beside the work of the operators.
//!
//! `replay`: a million steps with one-row batches at level *records* on the step driver, every event
//! taken (a source, a hash exchange, four sinks: half of the steps emit, half take). `threads`: rows
//! through one channel between two tasks at batch 4096, nothing traced.

#![allow(clippy::unwrap_used, missing_docs, reason = "a bench, not a part of the engine")]

use std::hint::black_box;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use riacho::base::{LabDuration, LabTime, OperatorId, Result};
use riacho::cluster::JobSettings;
use riacho::connectors::files::MemoryFiles;
use riacho::connectors::{
    Poll, SinkContext, SinkFactory, SinkWriter, SourceContext, SourceFactory, SourceReader,
};
use riacho::data::{Batch, DataType, Field, LogicalType, Schema};
use riacho::graph::{
    JobGraph, KeySelector, NodeKind, Partitioner, RuntimeMode, StreamEdge, StreamGraph, StreamNode,
};
use riacho::runtime::api::LabOptions;
use riacho::runtime::{Budget, Engine};

/// The same column again and again, `rows` in all.
struct Numbers {
    schema: Schema,
    rows: u64,
}

struct Reader {
    column: ArrayRef,
    left: u64,
}

impl SourceReader for Reader {
    fn poll(&mut self, context: &mut SourceContext<'_>) -> Result<Poll> {
        if self.left == 0 {
            return Ok(Poll::End);
        }
        if self.column.len() != context.max_rows {
            self.column = Arc::new(Int64Array::from_iter_values(0..context.max_rows as i64));
        }
        self.left = self.left.saturating_sub(context.max_rows as u64);
        Ok(Poll::Batch(Batch::new(vec![self.column.clone()], context.max_rows)))
    }

    fn snapshot(&mut self) -> Result<Vec<u8>> {
        Ok(Vec::new())
    }

    fn restore(&mut self, _: &[Vec<u8>]) -> Result<()> {
        Ok(())
    }
}

impl SourceFactory for Numbers {
    fn create(&self, _: u32, _: u32, _: u64) -> Result<Box<dyn SourceReader>> {
        let column = Arc::new(Int64Array::from_iter_values(0..1));
        Ok(Box::new(Reader { column, left: self.rows }))
    }

    fn output(&self) -> &Schema {
        &self.schema
    }

    fn bounded(&self) -> bool {
        true
    }
}

/// Takes rows and forgets them.
struct Nowhere;

impl SinkWriter for Nowhere {
    fn write(&mut self, batch: &Batch, _: &mut SinkContext<'_>) -> Result<()> {
        black_box(batch.len());
        Ok(())
    }

    fn snapshot(&mut self, _: &mut SinkContext<'_>) -> Result<Vec<u8>> {
        Ok(Vec::new())
    }

    fn restore(&mut self, _: &[Vec<u8>], _: &mut SinkContext<'_>) -> Result<()> {
        Ok(())
    }

    fn finish(&mut self, _: &mut SinkContext<'_>) -> Result<()> {
        Ok(())
    }
}

impl SinkFactory for Nowhere {
    fn create(&self, _: u32, _: u32) -> Result<Box<dyn SinkWriter>> {
        Ok(Box::new(Nowhere))
    }
}

fn graph(rows: u64, parallelism: u32) -> JobGraph {
    let schema = Schema::new(vec![Field::new("n", DataType::not_null(LogicalType::BigInt))]);
    let source = Numbers { schema: schema.clone(), rows };
    let node = |id, kind: &str, parallelism, body, output| StreamNode {
        id: OperatorId(id),
        kind: kind.into(),
        name: kind.into(),
        parallelism,
        body,
        output,
        key_columns: Vec::new(),
        keyed_state: false,
    };
    let nodes = vec![
        node(0, "Source", 1, NodeKind::Source(Arc::new(source)), schema),
        node(1, "Sink", parallelism, NodeKind::Sink(Arc::new(Nowhere)), Schema::new(Vec::new())),
    ];
    let partitioner = Partitioner::Hash(KeySelector::Columns(vec![0]));
    let edge = StreamEdge { from: OperatorId(0), to: OperatorId(1), input: 0, partitioner };
    let graph = StreamGraph {
        name: "numbers".into(),
        mode: RuntimeMode::Streaming,
        nodes,
        edges: vec![edge],
        max_parallelism: 128,
        chaining: true,
    };
    JobGraph::from_stream_graph(graph).unwrap()
}

fn engine(options: LabOptions) -> Engine {
    Engine::new(options, Arc::new(MemoryFiles::default())).unwrap()
}

fn replay(steps: u64) {
    let start = Some(LabTime(0));
    let step_cost = LabDuration::micros(10);
    let mut engine = engine(LabOptions { start, step_cost, ..LabOptions::lesson() });
    engine.submit(graph(u64::MAX, 4), JobSettings::default());
    let mut events = Vec::new();
    let mut left = steps;
    while left > 0 {
        let budget = Budget { steps: left.min(2_048) as usize, ..Budget::FULL_SPEED };
        engine.pump(budget);
        left -= budget.steps as u64;
        engine.drain_events(&mut events);
        black_box(&events);
        events.clear();
    }
}

fn threads(rows: u64) {
    let mut engine = engine(LabOptions::full_speed());
    let job = engine.submit(graph(rows, 1), JobSettings::default());
    while !engine.is_over(job) {
        engine.pump(Budget::FULL_SPEED);
    }
}

fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("cluster");
    group.sample_size(10);
    let steps = 1_000_000;
    group.throughput(Throughput::Elements(steps));
    group.bench_function("replay", |bench| bench.iter(|| replay(steps)));
    let rows = 4_096 * 20_000;
    group.throughput(Throughput::Elements(rows));
    group.bench_function("threads", |bench| bench.iter(|| threads(rows)));
    group.finish();
}

criterion_group!(replays, benches);
criterion_main!(replays);
