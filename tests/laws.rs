//! Laws that hold for every query that no schedule can change: streaming, once materialized, is what
//! batch answers, whatever the parallelism, the size of batches and channels, the driver, or a
//! TaskManager that is lost on the way.
//!
//! Queries and inputs are made at random; the smallest script that breaks a law is printed.
//! `RIACHO_LAWS=5000 RIACHO_SEED=2 cargo test --test laws` tries as many others as one likes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "laws/query.rs"]
mod query;

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, RngSeed, TestCaseError, TestRunner};

use query::Case;
use riacho::base::{LabDuration, LabTime, Location, TaskManagerId};
use riacho::runtime::Budget;
use riacho::runtime::api::{Driver, LabOptions, Outcome, Policy};
use riacho::runtime::session::Session;
use riacho::trace::{JobState, Level};

const CASES: u32 = 300;
/// An hour of lab time: more than any of these jobs needs.
const LIMIT: LabDuration = LabDuration::seconds(3_600);

/// One way to run a query.
struct Way {
    name: &'static str,
    options: LabOptions,
    mode: &'static str,
    parallelism: u32,
    /// How fast events come: on the virtual clock slowly enough for checkpoints in between.
    rows_per_second: u32,
    /// After so many steps a TaskManager is lost; checkpoints are taken then.
    kill_after: Option<usize>,
    /// How many rows a bundle of mini-batch holds.
    bundle: Option<u32>,
    /// Whether distinct values are counted in buckets first, and then whether by the way.
    split: Option<bool>,
    /// Whether aggregates are to have one phase where two are possible: with mini-batch, in windows, and
    /// in a batch.
    one_phase: bool,
}

fn ways() -> Vec<Way> {
    let step = |batch_size, channel_capacity| LabOptions {
        driver: Driver::Step(Policy::Seeded),
        batch_size,
        channel_capacity,
        level: Level::Off,
        start: Some(LabTime::from_millis(1_700_000_000_000)),
        ..LabOptions::lesson()
    };
    let way = |name, mode, parallelism, options| Way {
        name,
        options,
        mode,
        parallelism,
        rows_per_second: 10,
        kill_after: None,
        bundle: None,
        split: None,
        one_phase: false,
    };
    vec![
        way("batch", "batch", 1, step(4096, 4)),
        way("streaming", "streaming", 1, step(4096, 4)),
        way("one row a batch, one batch a channel", "streaming", 4, step(1, 1)),
        way("seven rows a batch", "streaming", 2, step(7, 2)),
        way("batch, in small portions", "batch", 4, step(7, 1)),
        Way { one_phase: true, ..way("batch, one phase", "batch", 2, step(7, 2)) },
        Way { one_phase: true, ..way("one phase", "streaming", 2, step(7, 2)) },
        Way {
            rows_per_second: 1_000_000,
            ..way("threads", "streaming", 2, LabOptions::full_speed())
        },
        Way { kill_after: Some(40), ..way("killed early", "streaming", 2, step(1, 2)) },
        Way { kill_after: Some(160), ..way("killed late", "streaming", 2, step(1, 2)) },
        Way { bundle: Some(3), ..way("mini-batch", "streaming", 4, step(7, 2)) },
        Way {
            bundle: Some(3),
            one_phase: true,
            ..way("mini-batch, one phase", "streaming", 2, step(7, 2))
        },
        Way {
            bundle: Some(5),
            kill_after: Some(100),
            ..way("mini-batch, killed", "streaming", 2, step(1, 2))
        },
        Way { split: Some(true), ..way("split", "streaming", 2, step(7, 2)) },
        Way {
            split: Some(true),
            bundle: Some(5),
            kill_after: Some(100),
            ..way("split by the way", "streaming", 2, step(1, 2))
        },
        Way {
            split: Some(false),
            bundle: Some(3),
            ..way("split in four phases", "streaming", 4, step(7, 2))
        },
    ]
}

/// The rows of a result and how often each is there.
type Table = BTreeMap<Vec<String>, i64>;

fn run(case: &Case, way: &Way) -> Result<Table, String> {
    let mut session = Session::new(way.options.clone()).map_err(|e| e.to_string())?;
    let at = Location { line: 1, column: 1 };
    let mut settings = vec![
        format!("SET 'execution.runtime-mode' = '{}'", way.mode),
        format!("SET 'parallelism.default' = '{}'", way.parallelism),
    ];
    if way.kill_after.is_some() {
        settings.extend([
            "SET 'execution.checkpointing.interval' = '2 s'".to_owned(),
            "SET 'restart-strategy.type' = 'fixed-delay'".to_owned(),
            "SET 'restart-strategy.fixed-delay.attempts' = '3'".to_owned(),
            "SET 'restart-strategy.fixed-delay.delay' = '1 s'".to_owned(),
        ]);
    }
    if let Some(bundle) = way.bundle {
        settings.extend([
            "SET 'table.exec.mini-batch.enabled' = 'true'".to_owned(),
            "SET 'table.exec.mini-batch.allow-latency' = '1 s'".to_owned(),
            format!("SET 'table.exec.mini-batch.size' = '{bundle}'"),
        ]);
    }
    if let Some(incremental) = way.split {
        settings.extend([
            "SET 'table.optimizer.distinct-agg.split.enabled' = 'true'".to_owned(),
            "SET 'table.optimizer.distinct-agg.split.bucket-num' = '4'".to_owned(),
            format!("SET 'table.optimizer.incremental-agg-enabled' = '{incremental}'"),
        ]);
    }
    if way.one_phase {
        settings.push("SET 'table.optimizer.agg-phase-strategy' = 'ONE_PHASE'".to_owned());
    }
    for statement in settings.into_iter().chain(case.tables(way.rows_per_second)) {
        session.execute(&statement, at).map_err(|e| e.to_string())?;
    }
    let Outcome::Query(info) = session.execute(&case.query(), at).map_err(|e| e.to_string())?
    else {
        return Err("no query".to_owned());
    };
    let engine = session.engine_mut();
    if let Some(steps) = way.kill_after {
        engine.pump(Budget { steps, ..Budget::FULL_SPEED });
        engine.kill_task_manager(TaskManagerId(1));
    }
    match engine.run_job(info.job, LIMIT) {
        Some(JobState::Finished) => materialize(&session, info.job),
        other => Err(format!("ended as {other:?}")),
    }
}

/// Applies the changelog; each change that takes a row away must find it.
fn materialize(session: &Session, job: riacho::base::JobId) -> Result<Table, String> {
    let mut table = Table::new();
    for row in session.rows(job, 0, usize::MAX) {
        let count = table.entry(row.cells.to_vec()).or_default();
        *count += if row.kind.adds() { 1 } else { -1 };
        if *count < 0 {
            return Err(format!("{} {:?} was not there", row.kind.symbol(), row.cells));
        }
    }
    table.retain(|_, count| *count > 0);
    Ok(table)
}

fn check(case: &Case) -> Result<(), TestCaseError> {
    let mut ways = ways().into_iter();
    let first = ways.next().ok_or_else(|| TestCaseError::fail("no way to run"))?;
    let expected = run(case, &first)
        .map_err(|error| TestCaseError::fail(format!("{}: {error}", first.name)))?;
    for way in ways {
        match run(case, &way) {
            Ok(found) => prop_assert_eq!(&found, &expected, "{} answers differently", way.name),
            Err(error) => return Err(TestCaseError::fail(format!("{}: {error}", way.name))),
        }
    }
    Ok(())
}

#[test]
fn every_way_to_run_a_query_answers_alike() {
    let number = |name| std::env::var(name).ok().and_then(|n| n.parse().ok());
    let cases = number("RIACHO_LAWS").unwrap_or(CASES);
    let seed = number("RIACHO_SEED").unwrap_or(1);
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 20_000,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(u64::from(seed)),
        ..Config::default()
    };
    let mut runner = TestRunner::new(config);
    if let Err(error) = runner.run(&query::cases(), |case| check(&case)) {
        panic!("{error}");
    }
}
