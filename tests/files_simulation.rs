//! SQL jobs that write files, on the whole cluster, killed at many moments: the files that are visible
//! at the end hold the rows of the undisturbed run, each of them once.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use riacho::base::{JobId, LabDuration, LabTime, Location, SeededRandom, TaskManagerId};
use riacho::connectors::files::{FaultyFiles, MemoryFiles};
use riacho::runtime::Budget;
use riacho::runtime::api::{Driver, LabOptions, Outcome, Policy};
use riacho::runtime::session::Session;
use riacho::trace::{EventKind, JobState, Level};

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
    "CREATE TABLE compacted (n BIGINT, v STRING, k BIGINT) PARTITIONED BY (k) WITH
        ('connector' = 'filesystem', 'path' = '${TMP}/compacted', 'format' = 'csv',
         'sink.rolling-policy.file-size' = '20b', 'auto-compaction' = 'true',
         'compaction.file-size' = '60b',
         'sink.partition-commit.policy.kind' = 'success-file')",
    "CREATE TABLE windows (w TIMESTAMP_LTZ(3), c BIGINT) WITH
        ('connector' = 'filesystem', 'path' = '${TMP}/windows', 'format' = 'csv')",
];

const INSERTS: &[&str] = &[
    "INSERT INTO parts SELECT n, CAST(n AS STRING), MOD(n, 3) FROM numbers",
    "INSERT INTO compacted SELECT n, CAST(n AS STRING), MOD(n, 3) FROM numbers",
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
    let settings = SETTINGS.iter().map(|s| s.replace("${TMP}", tmp.to_str().unwrap()));
    let job = execute(&mut session, settings, insert);
    (session, job)
}

fn execute(
    session: &mut Session,
    settings: impl IntoIterator<Item = String>,
    insert: &str,
) -> JobId {
    let at = Location { line: 1, column: 1 };
    settings.into_iter().for_each(|statement| {
        session.execute(&statement, at).unwrap();
    });
    match session.execute(insert, at).unwrap() {
        Outcome::Insert { job, .. } => job,
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

/// Seeds of the test below when nobody says another number with `RIACHO_SEEDS`.
const SEEDS: u64 = 500;

const TUMBLE: &[&str] = &[
    "SET 'parallelism.default' = '2'",
    "SET 'execution.checkpointing.interval' = '20 ms'",
    "SET 'restart-strategy.type' = 'fixed-delay'",
    "SET 'restart-strategy.fixed-delay.attempts' = '1000'",
    "SET 'restart-strategy.fixed-delay.delay' = '5 ms'",
    "CREATE TABLE answers (id INT, student STRING, points INT, ts TIMESTAMP(3),
        WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH
        ('connector' = 'filesystem', 'path' = '/answers', 'format' = 'csv')",
    "CREATE TABLE minutes (w TIMESTAMP(3), student STRING, c BIGINT, points INT) WITH
        ('connector' = 'filesystem', 'path' = '/minutes', 'format' = 'csv',
         'sink.rolling-policy.file-size' = '100b')",
];

const MINUTES: &str = "INSERT INTO minutes
    SELECT window_start, student, COUNT(*), SUM(points)
    FROM TABLE(TUMBLE(TABLE answers, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
    GROUP BY window_start, window_end, student";

/// Three hundred answers in six files, in the order of their time.
fn answers() -> MemoryFiles {
    let answer = |n: u64| {
        let (minute, second) = (n / 10, n % 10 * 6);
        let student = ["ana", "bia", "caio"][(n * n % 7 % 3) as usize];
        format!("{n},{student},{},2024-01-01 10:{minute:02}:{second:02}.000\n", n % 5)
    };
    let file = |part: u64| {
        let lines: String = (part * 50..(part + 1) * 50).map(answer).collect();
        (format!("/answers/part-{part}"), lines)
    };
    let files: Vec<(String, String)> = (0..6).map(file).collect();
    MemoryFiles::new(files.iter().map(|(path, text)| (path.as_str(), text.as_str())))
}

/// The lines of finished files. None of them is half a line, at any time.
fn finished(files: &MemoryFiles) -> Vec<String> {
    let contents = files.contents().into_iter();
    let visible = contents.filter(|(path, _)| path.starts_with("/minutes/part-"));
    let mut lines: Vec<String> = visible
        .flat_map(|(path, text)| {
            assert!(text.is_empty() || text.ends_with('\n'), "half a row in {path}: {text}");
            text.lines().map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    lines.sort();
    lines
}

/// What is finished at the end of a run with faults of the files and kills of TaskManagers, and how
/// often the job started anew.
fn run_in_memory(seed: u64, one_in: usize, kills: usize) -> (Vec<String>, usize) {
    let memory = Arc::new(answers());
    let files = Arc::new(FaultyFiles::new(memory.clone(), seed, one_in));
    let options = LabOptions {
        batch_size: [3, 16, 64][(seed % 3) as usize],
        step_cost: LabDuration::micros(200),
        ..options(seed)
    };
    let mut session = Session::over(options, Some(files)).unwrap();
    let job = execute(&mut session, TUMBLE.iter().map(|s| (*s).to_owned()), MINUTES);
    let engine = session.engine_mut();
    let mut random = SeededRandom::new(seed ^ 0x6b69_6c6c);
    for _ in 0..kills {
        engine.pump(Budget { steps: 20 + random.below(600), ..Budget::FULL_SPEED });
        let victim = TaskManagerId(1 + random.below(2) as u32);
        engine.kill_task_manager(victim);
        finished(&memory);
        engine.pump(Budget { steps: random.below(200), ..Budget::FULL_SPEED });
        engine.start_task_manager(victim).unwrap();
    }
    assert_eq!(engine.run_job(job, LIMIT), Some(JobState::Finished), "seed {seed}");
    let mut events = Vec::new();
    engine.drain_events(&mut events);
    let restarts = events
        .iter()
        .filter(|e| {
            matches!(e.kind, EventKind::JobStateChanged { state: JobState::Restarting, .. })
        })
        .count();
    (finished(&memory), restarts)
}

#[test]
fn windows_of_a_file_are_the_same_under_faults_and_kills() {
    let (undisturbed, restarts) = run_in_memory(0, usize::MAX, 0);
    assert_eq!((undisturbed.len(), restarts), (90, 0));
    let seeds = std::env::var("RIACHO_SEEDS").ok().and_then(|n| n.parse().ok()).unwrap_or(SEEDS);
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get() as u64);
    let run_some = &|first: u64| {
        let mut disturbed = 0;
        for seed in (first..=seeds).step_by(threads as usize) {
            let (found, restarts) = run_in_memory(seed, 40, 2);
            assert_eq!(found, undisturbed, "seed {seed}, started anew {restarts} times");
            disturbed += u64::from(restarts > 0);
        }
        disturbed
    };
    let disturbed: u64 = std::thread::scope(|scope| {
        let runs: Vec<_> =
            (1..=threads).map(|first| scope.spawn(move || run_some(first))).collect();
        runs.into_iter().map(|run| run.join().unwrap()).sum()
    });
    assert!(disturbed * 10 >= seeds * 9, "only {disturbed} of {seeds} runs were disturbed");
}
