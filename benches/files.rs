//! Files: a gigabyte of CSV read, filtered and aggregated on one slot, and the same rows from Parquet.
//!
//! The CSV file is made in a temporary folder and removed at the end; Parquet is written from it by
//! the engine itself. Figures are per second of processor time, user and system (Linux; elsewhere the
//! wall clock stands in), and the most memory that the process held.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a bench, not the engine"
)]
#![allow(clippy::disallowed_methods, reason = "a bench reads the clock on the wall")]

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use riacho::base::Location;
use riacho::runtime::api::{LabOptions, Outcome};
use riacho::runtime::session::{Bounds, Ending, Session};

const BYTES: u64 = 1_000_000_000;

const COLUMNS: &str = "id BIGINT, city STRING, customer STRING, quantity INT, price DOUBLE, \
                       total DECIMAL(12, 2), ordered TIMESTAMP(3), note STRING";

const CITIES: [&str; 8] =
    ["Recife", "Olinda", "Natal", "Manaus", "Curitiba", "Salvador", "Santos", "Cuiabá"];

/// Processor time of this process so far.
fn processor_time() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u64 = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 10))
}

/// The most memory that this process held so far, in megabytes.
fn most_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}

/// Orders as Flink's writer puts them: texts with blanks in quotes. How many rows there are.
fn make(path: &Path) -> u64 {
    let mut random = Pcg64Mcg::seed_from_u64(1);
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path).unwrap());
    let (mut rows, mut bytes, mut line) = (0, 0, String::new());
    while bytes < BYTES {
        line.clear();
        let city = CITIES[random.random_range(0..CITIES.len())];
        let (quantity, cents) = (random.random_range(1..100), random.random_range(100..100_000));
        let (hour, minute, milli) =
            (random.random_range(0..24), random.random_range(0..60), random.random_range(0..1000));
        let customer = random.random_range(0..1_000_000);
        writeln!(
            line,
            "{rows},{city},customer{customer},{quantity},{}.{:02},{}.{:02},\
             \"2024-03-{:02} {hour:02}:{minute:02}:07.{milli:03}\",\"leave it at the gate\"",
            cents / 100,
            cents % 100,
            quantity * cents / 100,
            quantity * cents % 100,
            1 + rows % 28,
        )
        .unwrap();
        file.write_all(line.as_bytes()).unwrap();
        bytes += line.len() as u64;
        rows += 1;
    }
    file.flush().unwrap();
    rows
}

/// Runs a script in a session of its own; the processor time of its last statement.
fn run(statements: &[String]) -> Duration {
    let options = LabOptions { task_managers: 1, slots: 1, ..LabOptions::full_speed() };
    let mut session = Session::new(options).unwrap();
    let start = Location { line: 1, column: 1 };
    let (mut before, mut wall) = (None, Instant::now());
    for statement in statements {
        (before, wall) = (processor_time(), Instant::now());
        if let Outcome::Insert { job, .. } = session.execute(statement, start).unwrap() {
            let ending = session.follow(job, Bounds::NONE, &mut |_| ControlFlow::Continue(()));
            assert_eq!(ending, Ending::Finished);
        }
    }
    let spent = before.zip(processor_time()).map(|(before, after)| after - before);
    spent.unwrap_or_else(|| wall.elapsed())
}

fn table(name: &str, path: &Path, format: &str) -> String {
    format!(
        "CREATE TABLE {name} ({COLUMNS}) WITH ('connector' = 'filesystem', 'path' = '{}', \
         'format' = '{format}')",
        path.display()
    )
}

fn main() {
    // `cargo test --benches` only asks that it builds and starts.
    if std::env::args().any(|a| a == "--test") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (csv, parquet) = (folder.path().join("orders.csv"), folder.path().join("parquet"));
    let rows = make(&csv);
    let batch = "SET 'execution.runtime-mode' = 'batch'".to_owned();
    let nowhere = "CREATE TABLE nowhere (city STRING, n BIGINT, quantity BIGINT, price DOUBLE) \
                   WITH ('connector' = 'blackhole')"
        .to_owned();
    let few = "INSERT INTO nowhere SELECT city, COUNT(*), SUM(quantity), SUM(price) FROM orders \
               WHERE price > 100 GROUP BY city"
        .to_owned();
    let all = "INSERT INTO nowhere SELECT city, COUNT(*), SUM(quantity), MAX(price) FROM orders \
               WHERE total > 100 AND id >= 0 AND ordered > TIMESTAMP '2024-03-02 00:00:00' \
               AND customer <> note GROUP BY city"
        .to_owned();
    let bytes = std::fs::metadata(&csv).unwrap().len() as f64;
    println!("{rows} rows, {:.0} MB of CSV", bytes / 1e6);
    let report = |what: &str, spent: Duration| {
        let seconds = spent.as_secs_f64();
        println!(
            "{what}: {:.0} MB of CSV and {:.2} million rows per CPU second; at most {} MB in memory",
            bytes / seconds / 1e6,
            rows as f64 / seconds / 1e6,
            most_memory().unwrap_or_default()
        );
        seconds
    };
    let queries = [("three columns", &few), ("all columns", &all)];
    let from_csv = queries.map(|(columns, query)| {
        let orders = table("orders", &csv, "csv");
        report(
            &format!("csv, {columns}"),
            run(&[batch.clone(), orders, nowhere.clone(), query.clone()]),
        )
    });
    let copy = "INSERT INTO packed SELECT * FROM orders".to_owned();
    let [orders, packed] = [table("orders", &csv, "csv"), table("packed", &parquet, "parquet")];
    report("csv to parquet", run(&[batch.clone(), orders, packed, copy]));
    for ((columns, query), from_csv) in queries.into_iter().zip(from_csv) {
        let orders = table("orders", &parquet, "parquet");
        let spent = report(
            &format!("parquet, {columns}"),
            run(&[batch.clone(), orders, nowhere.clone(), query.clone()]),
        );
        println!("  {:.1} times as fast as csv", from_csv / spent);
    }
}
