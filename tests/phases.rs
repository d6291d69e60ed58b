//! What two phases save: of a hot key one row travels, however often it came.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use riacho::base::{LabDuration, LabTime, Location};
use riacho::model::Model;
use riacho::runtime::api::{LabOptions, Outcome};
use riacho::runtime::session::Session;
use riacho::trace::JobState;

/// 600 rows, a tenth of a second apart, of which each key has a third: at parallelism 2 all of them go
/// over an exchange by key.
const ROWS: &str = "CREATE TABLE t (n BIGINT, k AS MOD(n, 3), ts AS TO_TIMESTAMP_LTZ(n * 100, 3),
    WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen', 'number-of-rows' = '600',
    'fields.n.kind' = 'sequence', 'fields.n.start' = '1', 'fields.n.end' = '600')";

const BATCH: &[&str] = &["SET 'execution.runtime-mode' = 'batch'"];
const STREAM: &[&str] = &["SET 'execution.runtime-mode' = 'streaming'"];
const BUNDLES: &[&str] = &[
    "SET 'execution.runtime-mode' = 'streaming'",
    "SET 'table.exec.mini-batch.enabled' = 'true'",
    "SET 'table.exec.mini-batch.allow-latency' = '10 min'",
    "SET 'table.exec.mini-batch.size' = '100'",
];
const GROUPS: &str = "SELECT k, COUNT(*) AS n, SUM(n) AS s FROM t GROUP BY k";
const WINDOWS: &str = "SELECT k, window_start, COUNT(*) AS n, MAX(n) AS hi FROM
    TABLE(HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '10' SECOND))
    GROUP BY k, window_start, window_end";

/// How many rows the aggregate reads over its exchange.
fn travelled(settings: &[&str], strategy: &str, query: &str) -> u64 {
    let options = LabOptions { start: Some(LabTime(0)), ..LabOptions::lesson() };
    let mut session = Session::new(options).unwrap();
    let at = Location { line: 1, column: 1 };
    let strategy = format!("SET 'table.optimizer.agg-phase-strategy' = '{strategy}'");
    let parallelism = "SET 'parallelism.default' = '2'";
    for statement in settings.iter().copied().chain([&*strategy, parallelism, ROWS]) {
        session.execute(statement, at).unwrap();
    }
    let Outcome::Query(info) = session.execute(query, at).unwrap() else { panic!("{query}") };
    let engine = session.engine_mut();
    let ended = engine.run_job(info.job, LabDuration::seconds(3_600));
    assert_eq!(ended, Some(JobState::Finished), "{query}");
    let (mut events, mut model) = (Vec::new(), Model::default());
    engine.drain_events(&mut events);
    events.iter().for_each(|event| model.apply(event));
    let job = model.latest_job().unwrap();
    let channels = job.channels.iter().filter(|channel| channel.to.vertex.0 == 1);
    channels.map(|channel| channel.records).sum()
}

#[test]
fn of_a_hot_key_one_row_travels() {
    // Of each of two subtasks: a row a key; a row a key and bundle of 100; a row a key and slice of five
    // seconds, of which the last begins with the last row. What makes a slice go is the watermark of the
    // first row of the next one, and that goes too, as in Flink: 11 times.
    let cases: [(&[&str], &str, u64); 3] = [
        (BATCH, GROUPS, 2 * 3),
        (BUNDLES, GROUPS, 2 * 3 * 3),
        (STREAM, WINDOWS, 2 * (12 * 3 + 11) + 1),
    ];
    for (settings, query, expected) in cases {
        assert_eq!(travelled(settings, "ONE_PHASE", query), 600, "{query}");
        assert_eq!(travelled(settings, "TWO_PHASE", query), expected, "{query}");
    }
}

/// How many rows each subtask of the first aggregate reads, of a single key with 600 distinct values.
fn spread(split: bool) -> Vec<u64> {
    let options = LabOptions { start: Some(LabTime(0)), ..LabOptions::lesson() };
    let mut session = Session::new(options).unwrap();
    let at = Location { line: 1, column: 1 };
    let split = format!("SET 'table.optimizer.distinct-agg.split.enabled' = '{split}'");
    for statement in [&*split, "SET 'parallelism.default' = '2'", ROWS] {
        session.execute(statement, at).unwrap();
    }
    let query = "SELECT MOD(n, 1) AS z, COUNT(DISTINCT n) AS c FROM t GROUP BY MOD(n, 1)";
    let Outcome::Query(info) = session.execute(query, at).unwrap() else { panic!("{query}") };
    let engine = session.engine_mut();
    assert_eq!(engine.run_job(info.job, LabDuration::seconds(3_600)), Some(JobState::Finished));
    let (mut events, mut model) = (Vec::new(), Model::default());
    engine.drain_events(&mut events);
    events.iter().for_each(|event| model.apply(event));
    let rows = session.rows(info.job, 0, usize::MAX);
    assert_eq!(rows.last().unwrap().cells[1], "600");
    let job = model.latest_job().unwrap();
    let mut spread = vec![0; 2];
    for channel in job.channels.iter().filter(|channel| channel.to.vertex.0 == 1) {
        spread[channel.to.index as usize] += channel.records;
    }
    spread
}

#[test]
fn distinct_values_of_a_hot_key_are_counted_where_there_is_room() {
    assert!(spread(false).contains(&600), "all in one subtask");
    let spread = spread(true);
    assert_eq!(spread.iter().sum::<u64>(), 600);
    assert!(spread.iter().all(|rows| *rows > 200), "{spread:?}");
}
