//! The Nexmark queries on the threads driver, in events per second of processor time.
//!
//! Processor time is user plus system of the process from submission to the end of the job, generator
//! included (Linux; elsewhere the wall clock stands in). Rows go to `blackhole`. Beside the queries
//! stands the generator alone, with every column made.
//!
//! `cargo bench --bench nexmark -- [--events N] [--parallelism N] [q5 q7 ..]`

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a bench, not the engine"
)]
#![allow(clippy::disallowed_methods, reason = "a bench reads the clock on the wall")]

#[path = "nexmark/queries.rs"]
mod queries;

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use riacho::base::{Location, Result};
use riacho::runtime::api::{LabOptions, Outcome};
use riacho::runtime::session::{Bounds, Ending, Session};

use queries::{QUERIES, tables};

/// Every column of every event is made, and counted.
const GENERATOR: (&str, &str) =
    ("generator", "SELECT event_type, person, auction, bid FROM nexmark");

/// What the command line asks for.
struct Asked {
    events: u64,
    parallelisms: Vec<u32>,
    names: Vec<String>,
}

impl Asked {
    fn read() -> Self {
        let mut asked = Self { events: 1_000_000, parallelisms: vec![1, 2], names: Vec::new() };
        let mut words = std::env::args().skip(1).filter(|a| a != "--bench");
        while let Some(word) = words.next() {
            let mut number = || words.next().and_then(|n| n.parse().ok());
            match word.as_str() {
                "--events" => asked.events = number().unwrap_or(asked.events),
                "--parallelism" => {
                    asked.parallelisms = number().map_or(Vec::new(), |n: u64| vec![n as u32]);
                }
                name => asked.names.push(name.to_owned()),
            }
        }
        asked
    }

    fn wants(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|n| n == name)
    }
}

/// Processor time of this process so far.
fn processor_time() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u64 = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 10))
}

/// A session in which `answer` is the query and `nowhere` a table that takes its rows.
fn prepare(query: &str, events: u64, parallelism: u32) -> Result<Session> {
    let options = LabOptions { task_managers: 1, slots: parallelism, ..LabOptions::full_speed() };
    let mut session = Session::new(options)?;
    let start = Location { line: 1, column: 1 };
    session.execute(&format!("SET 'parallelism.default' = '{parallelism}'"), start)?;
    for statement in tables(&format!("'events.num' = '{events}'")) {
        session.execute(&statement, start)?;
    }
    session.execute(&format!("CREATE VIEW answer AS {query}"), start)?;
    let summary = session.summary();
    let answer = summary.tables.iter().find(|t| t.path.2 == "answer").unwrap();
    let plain = |data_type: &str| data_type.split(" *").next().unwrap().to_owned();
    let column = |(name, data_type): &(String, String)| format!("`{name}` {}", plain(data_type));
    let columns = answer.columns.iter().map(column).collect::<Vec<_>>().join(", ");
    let sink = format!("CREATE TABLE nowhere ({columns}) WITH ('connector' = 'blackhole')");
    session.execute(&sink, start)?;
    Ok(session)
}

/// Processor time and time on the wall of a query.
fn run(query: &str, events: u64, parallelism: u32) -> Result<(Duration, Duration)> {
    let mut session = prepare(query, events, parallelism)?;
    let start = Location { line: 1, column: 1 };
    let (processor, wall) = (processor_time(), Instant::now());
    let Outcome::Insert { job, .. } =
        session.execute("INSERT INTO nowhere SELECT * FROM answer", start)?
    else {
        unreachable!("an INSERT is a job");
    };
    let ending = session.follow(job, Bounds::NONE, &mut |_| ControlFlow::Continue(()));
    let wall = wall.elapsed();
    assert_eq!(ending, Ending::Finished, "{query}");
    let spent = processor.zip(processor_time()).map(|(before, after)| after - before);
    Ok((spent.unwrap_or(wall), wall))
}

/// The better of two runs, in thousand events per second of processor time, and on the wall.
fn measure(query: &str, events: u64, parallelism: u32) -> Result<(f64, f64)> {
    let rate = |time: Duration| events as f64 / time.as_secs_f64() / 1e3;
    let mut best = (0.0, 0.0);
    for _ in 0..2 {
        let (processor, wall) = run(query, events, parallelism)?;
        if rate(processor) > best.0 {
            best = (rate(processor), rate(wall));
        }
    }
    Ok(best)
}

fn main() {
    // `cargo test --benches` only asks that it builds and starts.
    if std::env::args().any(|a| a == "--test") {
        return;
    }
    let asked = Asked::read();
    for &parallelism in &asked.parallelisms {
        println!("parallelism {parallelism}, {} events, thousand a second:", asked.events);
        let mut rates: Vec<f64> = Vec::new();
        for (name, query) in QUERIES.iter().chain([&GENERATOR]).filter(|(n, _)| asked.wants(n)) {
            match measure(query, asked.events, parallelism) {
                Err(error) => println!("  {name:>9}  refused: {error}"),
                Ok((processor, wall)) => {
                    println!(
                        "  {name:>9}  {processor:>7.0} of processor time  {wall:>7.0} on the wall"
                    );
                    rates.extend(QUERIES.iter().any(|(n, _)| n == name).then_some(processor));
                }
            }
        }
        let mean = (rates.iter().map(|r| r.ln()).sum::<f64>() / rates.len().max(1) as f64).exp();
        println!("  geometric mean of {} queries: {mean:.0}", rates.len());
    }
}
