//! SQL jobs that write files, on the whole cluster, killed at many moments: the files that are visible
//! at the end hold the rows of the undisturbed run, each of them once.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use riacho::base::{JobId, LabDuration, LabTime, Location, SeededRandom, TaskManagerId};
use riacho::connectors::files::{FaultyFiles, Files, MemoryFiles};
use riacho::runtime::Budget;
use riacho::runtime::api::{Driver, LabOptions, Outcome, Policy, QueryInfo};
use riacho::runtime::session::Session;
use riacho::trace::{EventKind, JobState, Level};

/// An hour of lab time: more than any of these jobs needs.
const LIMIT: LabDuration = LabDuration::seconds(3_600);

const AT: Location = Location { line: 1, column: 1 };

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
    settings.into_iter().for_each(|statement| {
        session.execute(&statement, AT).unwrap();
    });
    match session.execute(insert, AT).unwrap() {
        Outcome::Insert { job, .. } | Outcome::Query(QueryInfo { job, .. }) => job,
        other => panic!("{other:?} is no job"),
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

/// Formats of the files that are read and of those that are written; with the size of a few rows, and
/// with the seeds that are its own: one in so many.
const FORMATS: [(&str, &str, u64); 5] = [
    ("csv", "100b", 1),
    ("json", "250b", 10),
    ("avro", "250b", 10),
    ("parquet", "2kb", 10),
    ("orc", "2kb", 10),
];

const BATCH: &[&str] =
    &["SET 'execution.runtime-mode' = 'batch'", "SET 'parallelism.default' = '1'"];

const ATTEMPTS: &[&str] = &[
    "SET 'parallelism.default' = '2'",
    "SET 'execution.checkpointing.interval' = '20 ms'",
    "SET 'restart-strategy.type' = 'fixed-delay'",
    "SET 'restart-strategy.fixed-delay.attempts' = '1000'",
    "SET 'restart-strategy.fixed-delay.delay' = '5 ms'",
];

const TABLES: &[&str] = &[
    "CREATE TABLE answers (id INT, student STRING, points INT, ts TIMESTAMP(3), part INT,
        WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) PARTITIONED BY (part) WITH
        ('connector' = 'filesystem', 'path' = '/answers', 'format' = '${FORMAT}')",
    "CREATE TABLE minutes (w TIMESTAMP(3), student STRING, c BIGINT, points INT) WITH
        ('connector' = 'filesystem', 'path' = '/minutes', 'format' = '${FORMAT}',
         'sink.rolling-policy.file-size' = '${SIZE}', 'auto-compaction' = '${COMPACTED}')",
];

const MINUTES: &str = "INSERT INTO minutes
    SELECT window_start, student, COUNT(*), SUM(points)
    FROM TABLE(TUMBLE(TABLE answers, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
    GROUP BY window_start, window_end, student";

/// A job over files of a format, which is disturbed.
struct Windows {
    format: &'static str,
    /// The size of its part files.
    size: &'static str,
    answers: MemoryFiles,
    /// The rows that it has to end with.
    expected: Vec<String>,
}

impl Windows {
    fn of(format: &'static str, size: &'static str) -> Self {
        let (answers, expected) = (MemoryFiles::default(), Vec::new());
        let mut windows = Self { format, size, answers, expected };
        windows.answers = windows.given();
        let (undisturbed, restarts) = windows.run(0, usize::MAX, 0);
        assert_eq!((undisturbed.len(), restarts), (90, 0), "{format}");
        windows.expected = undisturbed;
        windows
    }

    fn statements(&self, settings: &[&str], compacted: bool) -> Vec<String> {
        let compacted = compacted.to_string();
        let of_format = |statement: &&str| {
            let statement = statement.replace("${FORMAT}", self.format);
            statement.replace("${SIZE}", self.size).replace("${COMPACTED}", &compacted)
        };
        settings.iter().chain(TABLES).map(of_format).collect()
    }

    /// Runs a job over files in peace.
    fn in_peace(&self, files: &Arc<MemoryFiles>, insert: &str) -> (Session, JobId) {
        let mut session = Session::over(options(0), Some(files.clone())).unwrap();
        let job = execute(&mut session, self.statements(BATCH, false), insert);
        assert_eq!(session.engine_mut().run_job(job, LIMIT), Some(JobState::Finished));
        (session, job)
    }

    /// Three hundred answers in six files, in the order of their time.
    fn given(&self) -> MemoryFiles {
        let answer = |n: u64| {
            let (minute, second) = (n / 10, n % 10 * 6);
            let student = ["ana", "bia", "caio"][(n * n % 7 % 3) as usize];
            let moment = format!("TIMESTAMP '2024-01-01 10:{minute:02}:{second:02}.000'");
            format!("({n}, '{student}', {}, {moment}, {})", n % 5, n / 50)
        };
        let rows: Vec<String> = (0..300).map(answer).collect();
        let files = Arc::new(MemoryFiles::default());
        self.in_peace(&files, &format!("INSERT INTO answers VALUES {}", rows.join(", ")));
        assert_eq!(files.contents().len(), 6);
        MemoryFiles::clone(&files)
    }

    /// The rows of finished files.
    fn finished(&self, files: &Arc<MemoryFiles>) -> Vec<String> {
        if files.status("/minutes").unwrap().is_none() {
            return Vec::new();
        }
        let (session, job) = self.in_peace(files, "SELECT * FROM minutes");
        let rows = session.rows(job, 0, usize::MAX).into_iter();
        let mut rows: Vec<String> = rows.map(|row| row.cells.join(",")).collect();
        rows.sort();
        rows
    }

    /// What is finished at the end of a run with faults of the files and kills of TaskManagers, and how
    /// often the job started anew. At no time is there half a row in a finished file, or one too many.
    fn run(&self, seed: u64, one_in: usize, kills: usize) -> (Vec<String>, usize) {
        let memory = Arc::new(self.answers.clone());
        let files = Arc::new(FaultyFiles::new(memory.clone(), seed, one_in));
        let options = LabOptions {
            batch_size: [3, 16, 64][(seed % 3) as usize],
            step_cost: LabDuration::micros(200),
            ..options(seed)
        };
        let mut session = Session::over(options, Some(files)).unwrap();
        let job = execute(&mut session, self.statements(ATTEMPTS, seed % 20 == 10), MINUTES);
        let engine = session.engine_mut();
        let mut random = SeededRandom::new(seed ^ 0x6b69_6c6c);
        for _ in 0..kills {
            engine.pump(Budget { steps: 20 + random.below(600), ..Budget::FULL_SPEED });
            let victim = TaskManagerId(1 + random.below(2) as u32);
            engine.kill_task_manager(victim);
            let rows = self.finished(&memory);
            let repeated = rows.windows(2).find(|pair| pair[0] == pair[1]);
            assert_eq!(repeated, None, "{} with seed {seed}", self.format);
            let foreign = rows.iter().find(|row| !self.expected.contains(row));
            assert_eq!(foreign, None, "{} with seed {seed}", self.format);
            engine.pump(Budget { steps: random.below(200), ..Budget::FULL_SPEED });
            engine.start_task_manager(victim).unwrap();
        }
        let ended = engine.run_job(job, LIMIT);
        let format = self.format;
        let cause = engine.job(job).map(|status| status.cause.clone());
        assert_eq!(ended, Some(JobState::Finished), "{format}, seed {seed}: {cause:?}");
        let mut events = Vec::new();
        engine.drain_events(&mut events);
        let restart = |kind: &EventKind| {
            matches!(kind, EventKind::JobStateChanged { state: JobState::Restarting, .. })
        };
        let restarts = events.iter().filter(|e| restart(&e.kind)).count();
        (self.finished(&memory), restarts)
    }
}

#[test]
fn windows_of_a_file_are_the_same_under_faults_and_kills() {
    let seeds = std::env::var("RIACHO_SEEDS").ok().and_then(|n| n.parse().ok()).unwrap_or(SEEDS);
    let jobs = FORMATS.map(|(format, size, one_in)| (Windows::of(format, size), one_in));
    let runs = jobs.iter().flat_map(|(job, one_in)| {
        (1..=seeds).filter(move |seed| seed % one_in == 0).map(move |seed| (job, seed))
    });
    let runs: Vec<(&Windows, u64)> = runs.collect();
    let disturbed = AtomicUsize::new(0);
    let next = AtomicUsize::new(0);
    let take_turns = || {
        while let Some((job, seed)) = runs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let (found, restarts) = job.run(*seed, 60, 2);
            let format = job.format;
            assert_eq!(found, job.expected, "{format}, seed {seed}, begun anew {restarts} times");
            disturbed.fetch_add(usize::from(restarts > 0), Ordering::Relaxed);
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(take_turns))));
    let disturbed = disturbed.into_inner();
    assert!(disturbed * 10 >= runs.len() * 9, "only {disturbed} of {} were disturbed", runs.len());
}
