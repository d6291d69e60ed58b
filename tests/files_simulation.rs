//! SQL jobs that write files, on the whole cluster, killed at many moments: the files that are visible
//! at the end hold the rows of the undisturbed run, each of them once.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use riacho::base::{JobId, LabDuration, LabTime, Location, TaskManagerId};
use riacho::runtime::Budget;
use riacho::runtime::api::{Driver, LabOptions, Outcome, Policy};
use riacho::runtime::session::Session;
use riacho::trace::{JobState, Level};

/// An hour of lab time: more than any of these jobs needs.
const LIMIT: LabDuration = LabDuration::seconds(3_600);

const SETTINGS: &[&str] = &[
    "SET 'parallelism.default' = '2'",
    "SET 'execution.checkpointing.interval' = '1 s'",
    "SET 'restart-strategy.type' = 'fixed-delay'",
    "SET 'restart-strategy.fixed-delay.attempts' = '5'",
    "SET 'restart-strategy.fixed-delay.delay' = '1 s'",
    "CREATE TABLE numbers (n BIGINT, ts AS TO_TIMESTAMP_LTZ(n * 700, 3),
        WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH ('connector' = 'datagen',
        'rows-per-second' = '10', 'number-of-rows' = '60',
        'fields.n.kind' = 'sequence', 'fields.n.start' = '1', 'fields.n.end' = '60')",
    "CREATE TABLE parts (n BIGINT, v STRING, k BIGINT) PARTITIONED BY (k) WITH
        ('connector' = 'filesystem', 'path' = '${TMP}/parts', 'format' = 'json',
         'sink.rolling-policy.file-size' = '100b',
         'sink.partition-commit.policy.kind' = 'success-file')",
    "CREATE TABLE windows (w TIMESTAMP_LTZ(3), c BIGINT) WITH
        ('connector' = 'filesystem', 'path' = '${TMP}/windows', 'format' = 'csv')",
];

const INSERTS: &[&str] = &[
    "INSERT INTO parts SELECT n, CAST(n AS STRING), MOD(n, 3) FROM numbers",
    "INSERT INTO windows SELECT TUMBLE_START(ts, INTERVAL '5' SECOND), COUNT(*)
        FROM numbers GROUP BY TUMBLE(ts, INTERVAL '5' SECOND)",
];

fn options(seed: u64) -> LabOptions {
    LabOptions {
        seed,
        driver: Driver::Step(Policy::Seeded),
        start: Some(LabTime::from_millis(1_700_000_000_000)),
        level: Level::Off,
        ..LabOptions::lesson()
    }
}

fn start(seed: u64, insert: &str, tmp: &Path) -> (Session, JobId) {
    let mut session = Session::new(options(seed)).unwrap();
    let at = Location { line: 1, column: 1 };
    for statement in SETTINGS {
        session.execute(&statement.replace("${TMP}", tmp.to_str().unwrap()), at).unwrap();
    }
    match session.execute(insert, at).unwrap() {
        Outcome::Insert { job } => (session, job),
        other => panic!("{other:?} is no insert"),
    }
}

/// Every line of the visible files with its folder; what is hidden must be gone.
fn lines(folder: &Path, out: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(!name.starts_with('.'), "left behind: {}", path.display());
        if path.is_dir() {
            lines(&path, out);
        } else {
            let folder = folder.file_name().unwrap().to_string_lossy();
            let text = fs::read_to_string(&path).unwrap();
            out.extend(text.lines().map(|line| format!("{folder} {line}")));
            if name == "_SUCCESS" {
                out.push(format!("{folder} complete"));
            }
        }
    }
    out.sort();
}

/// What is visible at the end; `None` if the job is over before the kill.
fn run(seed: u64, insert: &str, kill_after: Option<usize>) -> Option<Vec<String>> {
    let tmp = tempfile::tempdir().unwrap();
    let (mut session, job) = start(seed, insert, tmp.path());
    let engine = session.engine_mut();
    if let Some(steps) = kill_after {
        engine.pump(Budget { steps, ..Budget::FULL_SPEED });
        if engine.is_over(job) {
            return None;
        }
        engine.kill_task_manager(TaskManagerId(1));
    }
    assert_eq!(engine.run_job(job, LIMIT), Some(JobState::Finished));
    let mut found = Vec::new();
    lines(tmp.path(), &mut found);
    Some(found)
}

#[test]
fn a_killed_task_manager_changes_no_file() {
    for insert in INSERTS {
        let expected = run(1, insert, None).unwrap();
        assert!(expected.len() >= 9, "{expected:?}");
        let mut kills = 0;
        for steps in (10..1_000).step_by(7) {
            let Some(found) = run(steps as u64, insert, Some(steps)) else { break };
            assert_eq!(found, expected, "{insert}, killed after {steps} steps");
            kills += 1;
        }
        assert!(kills >= 10, "{insert}: only {kills} kills hit it");
    }
}
