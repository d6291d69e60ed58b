//! Full speed: SQL through the whole engine, in rows a second of processor time.
//!
//! Generated columns -> filter -> GROUP BY with SUM and COUNT over 1,000 keys -> blackhole, streaming,
//! mini-batch off, every -U/+U to the sink, one slot, the threads driver. Blackhole alone would ask for
//! no -U; a HAVING that every group passes does. Processor time is user plus system of the process, from
//! submission to the end (Linux; elsewhere the wall clock stands in).
//!
//! Beside it, in the same run, what the machine could do without an engine: a bare loop of the same
//! Arrow kernels and one hash map, which emits nothing.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a bench, not the engine"
)]
#![allow(clippy::disallowed_methods, reason = "a bench reads the clock on the wall")]

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use arrow::array::{ArrayRef, AsArray, Int64Array};
use arrow::compute::filter;
use arrow::compute::kernels::cmp::neq;
use arrow::datatypes::Int64Type;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use rustc_hash::FxHashMap;

use riacho::base::Location;
use riacho::runtime::api::{LabOptions, Outcome};
use riacho::runtime::session::{Bounds, Ending, Session};

const ROWS: u64 = 40_000_000;

fn script() -> [String; 3] {
    [
        format!(
            "CREATE TABLE numbers (k BIGINT, v BIGINT) WITH ('connector' = 'datagen', \
             'number-of-rows' = '{ROWS}', 'rows-per-second' = '1000000000000', \
             'fields.k.min' = '0', 'fields.k.max' = '999', \
             'fields.v.min' = '0', 'fields.v.max' = '99')"
        ),
        "CREATE TABLE nowhere (k BIGINT, s BIGINT, n BIGINT) WITH ('connector' = 'blackhole')"
            .to_owned(),
        "INSERT INTO nowhere SELECT k, SUM(v), COUNT(*) FROM numbers WHERE v <> 7 GROUP BY k \
         HAVING COUNT(*) > 0"
            .to_owned(),
    ]
}

/// Processor time of this process so far.
fn processor_time() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u64 = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 10))
}

fn run() -> (Duration, Duration) {
    let options = LabOptions { task_managers: 1, slots: 1, ..LabOptions::full_speed() };
    let mut session = Session::new(options).unwrap();
    let start = Location { line: 1, column: 1 };
    let (mut processor, mut wall) = (None, Instant::now());
    for statement in script() {
        (processor, wall) = (processor_time(), Instant::now());
        if let Outcome::Insert { job, .. } = session.execute(&statement, start).unwrap() {
            let ending = session.follow(job, Bounds::NONE, &mut |_| ControlFlow::Continue(()));
            assert_eq!(ending, Ending::Finished);
        }
    }
    let wall = wall.elapsed();
    let spent = processor.zip(processor_time()).map(|(before, after)| after - before);
    (spent.unwrap_or(wall), wall)
}

/// The same work without an engine, on batches of `size` rows.
fn bare(rows: u64, size: usize) -> f64 {
    let before = processor_time();
    let begin = Instant::now();
    let mut random = Pcg64Mcg::seed_from_u64(1);
    let mut groups: FxHashMap<i64, (i64, i64)> = FxHashMap::default();
    let seven = Int64Array::new_scalar(7);
    for _ in 0..rows / size as u64 {
        let mut column = |below: i64| -> Int64Array {
            (0..size).map(|_| random.random_range(0..below)).collect::<Vec<_>>().into()
        };
        let (k, v) = (column(1_000), column(100));
        let keep = neq(&v, &seven).unwrap();
        let kept = [&k, &v].map(|c| filter(c, &keep).unwrap());
        let [k, v] = kept.each_ref().map(|c: &ArrayRef| c.as_primitive::<Int64Type>().values());
        for (k, v) in k.iter().zip(v) {
            let (sum, count) = groups.entry(*k).or_default();
            *sum += v;
            *count += 1;
        }
    }
    assert_eq!(groups.len().min(1_000), groups.len());
    let spent = before.zip(processor_time()).map(|(before, after)| after - before);
    rows as f64 / spent.unwrap_or_else(|| begin.elapsed()).as_secs_f64() / 1e6
}

fn main() {
    // `cargo test --benches` only asks that it builds and starts.
    if std::env::args().any(|a| a == "--test") {
        return;
    }
    println!("bare loop, batches of 4096: {:.1} million rows per CPU second", bare(ROWS, 4_096));
    println!("bare loop, one row a batch: {:.1} million", bare(ROWS / 40, 1));
    for round in 1..=3 {
        let (processor, wall) = run();
        let rate = |time: Duration| ROWS as f64 / time.as_secs_f64() / 1e6;
        println!(
            "round {round}: {:.1} million rows per CPU second, {:.1} on the wall",
            rate(processor),
            rate(wall)
        );
    }
}
