//! SQL on the whole cluster, under schedules, batch sizes and faults: whatever is done to a job, each
//! key ends with the values of the undisturbed run.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use riacho::base::{JobId, LabDuration, LabTime, Location, TaskManagerId};
use riacho::data::RowKind;
use riacho::runtime::Budget;
use riacho::runtime::api::{Driver, LabOptions, Outcome, Policy, ResultRow};
use riacho::runtime::session::Session;
use riacho::trace::{JobState, Level};

/// An hour of lab time: more than any of these jobs needs.
const LIMIT: LabDuration = LabDuration::seconds(3_600);

const SETTINGS: &[&str] = &[
    "SET 'parallelism.default' = '2'",
    "SET 'execution.checkpointing.interval' = '3 s'",
    "SET 'restart-strategy.type' = 'fixed-delay'",
    "SET 'restart-strategy.fixed-delay.attempts' = '5'",
    "SET 'restart-strategy.fixed-delay.delay' = '1 s'",
    "CREATE TABLE numbers (n BIGINT, k BIGINT, ts AS TO_TIMESTAMP_LTZ(n * 700, 3),
        WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH ('connector' = 'datagen',
        'rows-per-second' = '10', 'number-of-rows' = '60',
        'fields.n.kind' = 'sequence', 'fields.n.start' = '1', 'fields.n.end' = '60',
        'fields.k.min' = '1', 'fields.k.max' = '5')",
    "CREATE TABLE people (id BIGINT, name STRING, age INT) WITH ('connector' = 'faker',
        'fields.id.expression' = '0', 'fields.name.expression' = '#{Name.fullName}',
        'fields.age.expression' = '#{number.numberBetween ''18'',''90''}')",
];

const QUERIES: &[&str] = &[
    "SELECT k, SUM(n) AS s, COUNT(*) AS c, MAX(n) AS m FROM numbers WHERE n <> 7 GROUP BY k",
    "SELECT 'all' AS k, MIN(n) AS m, COUNT(*) AS c FROM numbers",
    "SELECT TUMBLE_START(ts, INTERVAL '5' SECOND) AS k, COUNT(*) AS c, SUM(n) AS s
        FROM numbers GROUP BY TUMBLE(ts, INTERVAL '5' SECOND)",
    "SELECT DISTINCT k FROM numbers",
    "SELECT x.n AS k, p.name, p.age FROM (SELECT n, k, PROCTIME() AS now FROM numbers) AS x
        LEFT JOIN people FOR SYSTEM_TIME AS OF x.now AS p ON x.k = p.id AND p.age > 30",
    "SELECT p.name AS k, COUNT(*) AS c FROM (SELECT n, k, PROCTIME() AS now FROM numbers) AS x
        JOIN people FOR SYSTEM_TIME AS OF x.now AS p ON x.k = p.id GROUP BY p.name",
    "SELECT c AS k, COUNT(*) AS keys FROM (SELECT k, COUNT(*) AS c FROM numbers GROUP BY k) GROUP BY c",
];

fn options() -> LabOptions {
    LabOptions {
        start: Some(LabTime::from_millis(1_700_000_000_000)),
        level: Level::Off,
        ..LabOptions::lesson()
    }
}

fn start(options: LabOptions, query: &str) -> (Session, JobId) {
    let mut session = Session::new(options).unwrap();
    let at = Location { line: 1, column: 1 };
    for statement in SETTINGS {
        session.execute(statement, at).unwrap();
    }
    match session.execute(query, at).unwrap() {
        Outcome::Query(info) => (session, info.job),
        other => panic!("{other:?} is no query"),
    }
}

/// Runs the job to its end; the last values of each key (the first column).
fn finish(mut session: Session, job: JobId) -> BTreeMap<String, Vec<String>> {
    assert_eq!(session.engine_mut().run_job(job, LIMIT), Some(JobState::Finished));
    let mut table = BTreeMap::new();
    for ResultRow { kind, cells, .. } in session.rows(job, 0, usize::MAX) {
        match kind {
            RowKind::Insert | RowKind::UpdateAfter => {
                table.insert(cells[0].clone(), cells.to_vec());
            }
            RowKind::Delete => drop(table.remove(&cells[0])),
            RowKind::UpdateBefore => {}
        }
    }
    table
}

#[test]
fn schedules_and_sizes_do_not_matter() {
    for query in QUERIES {
        for (seed, batch_size, channel_capacity) in [(1, 1, 1), (2, 7, 2), (3, 4096, 4)] {
            let driver = Driver::Step(Policy::Seeded);
            // The generator's numbers follow the seed of the run, so each seed has its own answer.
            let undisturbed = start(LabOptions { seed, ..options() }, query);
            let expected = finish(undisturbed.0, undisturbed.1);
            assert!(!expected.is_empty(), "{query}");
            let other = LabOptions { seed, driver, batch_size, channel_capacity, ..options() };
            let (session, job) = start(other, query);
            assert_eq!(finish(session, job), expected, "{query}, seed {seed}");
        }
    }
}

/// The rows of the first attempt are gone although the second one gives none.
#[test]
fn a_result_that_is_taken_back_and_never_comes_again_is_gone() {
    let query = "SELECT k FROM (VALUES (1), (2)) AS t(k)
        EXCEPT SELECT k FROM (VALUES (1), (2)) AS u(k)";
    for steps in 5..80 {
        let (mut session, job) = start(options(), query);
        let engine = session.engine_mut();
        engine.pump(Budget { steps, ..Budget::FULL_SPEED });
        engine.kill_task_manager(TaskManagerId(1));
        assert!(finish(session, job).is_empty(), "killed after {steps} steps");
    }
}

#[test]
fn a_killed_task_manager_changes_no_result() {
    for query in QUERIES {
        let (session, job) = start(options(), query);
        let expected = finish(session, job);
        for steps in [15, 60, 150, 300] {
            let (mut session, job) = start(options(), query);
            let engine = session.engine_mut();
            engine.pump(Budget { steps, ..Budget::FULL_SPEED });
            engine.kill_task_manager(TaskManagerId(1));
            assert_eq!(finish(session, job), expected, "{query}, killed after {steps} steps");
        }
    }
}
