//! The scoreboard and small programs on the whole cluster, under many schedules, sizes and faults.
//! Whatever is done to them, the results stay those of the undisturbed run.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::process::Command;
use std::sync::Arc;

use riacho::base::{
    Error, JobId, LabDuration, LabTime, Location, Result, SubtaskId, TaskManagerId, VertexId,
};
use riacho::cluster::{JobSettings, RestartStrategy};
use riacho::connectors::files::MemoryFiles;
use riacho::connectors::{Poll, SourceContext, SourceFactory, SourceReader};
use riacho::data::{Row, Schema, Value};
use riacho::datastream::StreamExecutionEnvironment;
use riacho::datastream::programs::scoreboard;
use riacho::graph::{JobGraph, NodeKind, RuntimeMode, StreamGraph, StreamNode};
use riacho::runtime::api::{Driver, LabOptions, Outcome, Policy};
use riacho::runtime::session::Session;
use riacho::runtime::{Budget, Engine, Pumped};
use riacho::trace::event::WaitReason;
use riacho::trace::{Event, EventKind, JobState, Level};

/// A minute of lab time: more than any of these jobs needs.
const LIMIT: LabDuration = LabDuration::seconds(600);

fn options() -> LabOptions {
    LabOptions {
        level: Level::Off,
        start: Some(LabTime::from_millis(1_700_000_000_000)),
        ..LabOptions::lesson()
    }
}

fn engine(options: LabOptions) -> Engine {
    Engine::new(options, Arc::new(MemoryFiles::default())).unwrap()
}

fn scoreboard(parallelism: u32) -> JobGraph {
    JobGraph::from_stream_graph(scoreboard::program(None, 10, false, parallelism)).unwrap()
}

/// The lines of stdout without the number of the printing subtask.
fn lines(engine: &Engine) -> Vec<String> {
    let bare = |text: &str| match text.split_once("> ") {
        Some((_, rest)) => rest.to_owned(),
        None => text.to_owned(),
    };
    engine.stdout().lines_from(0).map(|line| bare(&line.text)).collect()
}

/// The lines of each student, in order.
fn by_student(lines: &[String]) -> BTreeMap<String, Vec<String>> {
    let mut students: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in lines {
        let student = line.split('\'').nth(3).unwrap_or_default();
        students.entry(student.to_owned()).or_default().push(line.clone());
    }
    students
}

fn run_scoreboard(options: LabOptions, parallelism: u32) -> Vec<String> {
    let mut engine = engine(options);
    let job = engine.submit(scoreboard(parallelism), JobSettings::default());
    assert_eq!(engine.run_job(job, LIMIT), Some(JobState::Finished));
    lines(&engine)
}

fn expected() -> Vec<String> {
    let text = include_str!("conformance/tutorial/media_py.taskexecutor.stdout");
    text.lines().map(str::to_owned).collect()
}

#[test]
fn at_parallelism_1_the_order_is_the_tutorials() {
    assert_eq!(run_scoreboard(options(), 1), expected());
}

#[test]
fn a_thousand_seeds_give_the_same_scores() {
    let expected = by_student(&expected());
    for seed in 0..1_000 {
        let driver = Driver::Step(Policy::Seeded);
        let parallelism = [1, 2, 4][seed as usize % 3];
        let lines = run_scoreboard(LabOptions { driver, seed, ..options() }, parallelism);
        assert_eq!(by_student(&lines), expected, "seed {seed}, parallelism {parallelism}");
    }
}

#[test]
fn a_script_sets_the_exact_interleaving() {
    let subtask = |job, vertex, index| SubtaskId { job, vertex: VertexId(vertex), index };
    // 'a' lives in subtask 1, 'b' in subtask 0: whoever is let go first prints all its lines first.
    for (first, student) in [(1, "a"), (0, "b")] {
        let mut engine = engine(LabOptions { channel_capacity: 64, ..options() });
        let job = engine.submit(scoreboard(2), JobSettings::default());
        let source = vec![subtask(job, 0, 0); 10];
        let scorer = vec![subtask(job, 1, first); 10];
        engine.script([source, scorer].concat());
        assert_eq!(engine.run_job(job, LIMIT), Some(JobState::Finished));
        let lines = lines(&engine);
        let own = &by_student(&lines)[student];
        assert_eq!(&lines[..own.len()], own);
        assert_eq!(by_student(&lines), by_student(&expected()));
    }
}

#[test]
fn sizes_and_drivers_give_the_same_scores() {
    let expected = by_student(&expected());
    for driver in [Driver::Step(Policy::RoundRobin), Driver::Threads] {
        for batch_size in [1, 7, 4096] {
            for channel_capacity in [1, 8] {
                for parallelism in [1, 2, 4] {
                    let options = LabOptions { driver, batch_size, channel_capacity, ..options() };
                    let lines = run_scoreboard(options.clone(), parallelism);
                    assert_eq!(by_student(&lines), expected, "{options:?} x{parallelism}");
                }
            }
        }
    }
}

/// The trace of a seeded run in text, one event a line.
fn trace(seed: u64) -> String {
    let driver = Driver::Step(Policy::Seeded);
    let mut engine = engine(LabOptions { driver, seed, level: Level::Records, ..options() });
    let job = engine.submit(scoreboard(4), JobSettings::default());
    engine.pump(Budget { steps: 20, ..Budget::FULL_SPEED });
    engine.trigger_checkpoint(job).unwrap();
    engine.run_job(job, LIMIT);
    let mut events = Vec::new();
    engine.drain_events(&mut events);
    let mut text = String::new();
    for event in events {
        writeln!(text, "{event:?}").unwrap();
    }
    text
}

#[test]
fn the_same_seed_gives_the_same_trace_event_by_event() {
    let first = trace(7);
    assert!(first.lines().count() > 200, "{first}");
    for (number, (a, b)) in first.lines().zip(trace(7).lines()).enumerate() {
        assert_eq!(a, b, "event {number}");
    }
    assert_ne!(first, trace(8));
}

const TRACE_FILE: &str = "RIACHO_TRACE_FILE";

/// Not a test by itself: what the next test runs in a process of its own.
#[test]
fn write_the_trace_of_this_process() {
    if let Ok(path) = std::env::var(TRACE_FILE) {
        std::fs::write(path, trace(7)).unwrap();
    }
}

#[test]
fn another_process_gives_the_same_trace() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "write_the_trace_of_this_process"])
        .env(TRACE_FILE, file.path())
        .output()
        .unwrap()
        .status;
    assert!(status.success());
    assert_eq!(std::fs::read_to_string(file.path()).unwrap(), trace(7));
}

fn events(engine: &mut Engine) -> Vec<Event> {
    let mut events = Vec::new();
    engine.drain_events(&mut events);
    events
}

#[test]
fn a_killed_task_manager_costs_no_score() {
    let expected: BTreeSet<String> = expected().into_iter().collect();
    let mut restored = 0;
    for (seed, steps) in (0..40_u64).flat_map(|seed| [(seed, 25), (seed, 45)]) {
        let driver = Driver::Step(Policy::Seeded);
        let mut engine = engine(LabOptions { driver, seed, ..options() });
        let settings = JobSettings {
            checkpoint_interval: Some(LabDuration::millis(700)),
            restart: Some(RestartStrategy::FixedDelay {
                attempts: 3,
                delay: LabDuration::seconds(1),
            }),
        };
        let job = engine.submit(scoreboard(2), settings);
        engine.pump(Budget { steps, ..Budget::FULL_SPEED });
        engine.kill_task_manager(TaskManagerId(1));
        assert_eq!(engine.run_job(job, LIMIT), Some(JobState::Finished), "seed {seed}");
        // Stdout is no transactional sink: lines come again, and none is wrong or missing.
        let lines: BTreeSet<String> = lines(&engine).into_iter().collect();
        assert_eq!(lines, expected, "seed {seed}");
        let is_restore = |e: &Event| matches!(e.kind, EventKind::StateRestored { .. });
        restored += usize::from(events(&mut engine).iter().any(is_restore));
    }
    assert!(restored > 20, "{restored} runs started again from a checkpoint");
}

#[test]
fn without_checkpoints_a_killed_task_manager_fails_the_job() {
    let mut engine = engine(options());
    let job = engine.submit(scoreboard(4), JobSettings::default());
    engine.pump(Budget { steps: 20, ..Budget::FULL_SPEED });
    engine.kill_task_manager(TaskManagerId(2));
    let status = engine.job(job).unwrap();
    assert_eq!(status.state, JobState::Failed);
    assert_eq!(status.cause.unwrap().code(), "task-manager-lost");
}

#[test]
fn cancel_works_at_once_on_both_drivers() {
    for driver in [Driver::Step(Policy::RoundRobin), Driver::Threads] {
        let mut engine = engine(LabOptions { driver, ..options() });
        let open = scoreboard::program(None, u32::MAX, true, 4);
        let job = engine.submit(JobGraph::from_stream_graph(open).unwrap(), JobSettings::default());
        for _ in 0..20 {
            engine.pump(Budget { steps: 5, ..Budget::FULL_SPEED });
        }
        assert_eq!(engine.job(job).unwrap().state, JobState::Running);
        engine.cancel(job).unwrap();
        while !engine.is_over(job) {
            engine.pump(Budget::FULL_SPEED);
        }
        assert_eq!(engine.job(job).unwrap().state, JobState::Canceled);
        assert_eq!(engine.pump(Budget::FULL_SPEED), Pumped::Quiet);
    }
}

#[test]
fn answers_from_outside_reach_an_open_exam() {
    let mut engine = engine(options());
    let open = scoreboard::program(Some(&[]), 2, true, 2);
    let job = engine.submit(JobGraph::from_stream_graph(open).unwrap(), JobSettings::default());
    while engine.pump(Budget::FULL_SPEED) != Pumped::Outside {}
    for points in [3, 4] {
        let row = Row::insert(vec!["a".into(), Value::Int(points)]);
        engine.feed(job, &[row]).unwrap();
    }
    assert_eq!(engine.run_job(job, LIMIT), Some(JobState::Finished));
    assert_eq!(lines(&engine).len(), 2);
    assert_eq!(engine.feed(job, &[]).unwrap_err().code(), "job-over");
    assert_eq!(engine.cancel(JobId(1)).unwrap_err().code(), "unknown-job");
}

#[test]
fn a_panic_fails_its_job_and_nothing_else() {
    let mut engine = engine(options());
    let env = StreamExecutionEnvironment::new();
    let divide = |number: i32| 10 / number;
    let _ = env.from_collection(vec![1, 0]).map(divide).print();
    let graph = JobGraph::from_stream_graph(env.execute("division")).unwrap();
    let job = engine.submit(graph, JobSettings::default());
    let healthy = engine.submit(scoreboard(2), JobSettings::default());
    assert_eq!(engine.run_job(job, LIMIT), Some(JobState::Failed));
    let cause = engine.job(job).unwrap().cause.unwrap();
    assert_eq!(cause.code(), "task-panicked");
    assert!(cause.get("message").unwrap().contains("divide by zero"), "{cause}");
    assert_eq!(engine.run_job(healthy, LIMIT), Some(JobState::Finished));
}

#[test]
fn a_job_waits_for_slots_and_gives_up_after_five_minutes() {
    let mut engine = engine(options());
    let open = scoreboard::program(Some(&[]), 2, true, 3);
    let first = engine.submit(JobGraph::from_stream_graph(open).unwrap(), JobSettings::default());
    let second = engine.submit(scoreboard(2), JobSettings::default());
    let third = engine.submit(scoreboard(1), JobSettings::default());
    assert_eq!(engine.run_job(third, LIMIT), Some(JobState::Finished), "one slot was left");
    assert_eq!(engine.run_job(second, LIMIT), Some(JobState::Failed));
    assert_eq!(engine.job(second).unwrap().cause.unwrap().code(), "no-resource-available");
    engine.cancel(first).unwrap();
    let again = engine.submit(scoreboard(4), JobSettings::default());
    assert_eq!(engine.run_job(again, LIMIT), Some(JobState::Finished));
}

/// A source that waits for a moment that never comes.
struct Never(Schema);

impl SourceReader for Never {
    fn poll(&mut self, _: &mut SourceContext<'_>) -> Result<Poll> {
        Ok(Poll::WaitUntil(LabTime(i64::MAX)))
    }

    fn snapshot(&mut self) -> Result<Vec<u8>> {
        Ok(Vec::new())
    }

    fn restore(&mut self, _: &[Vec<u8>]) -> Result<()> {
        Err(Error::new("unexpected"))
    }
}

impl SourceFactory for Never {
    fn create(&self, _: u32, _: u32, _: u64) -> Result<Box<dyn SourceReader>> {
        Ok(Box::new(Never(self.0.clone())))
    }

    fn output(&self) -> &Schema {
        &self.0
    }

    fn bounded(&self) -> bool {
        false
    }
}

#[test]
fn a_stall_names_who_waits_for_whom() {
    let mut graph = scoreboard::program(None, 10, false, 1);
    graph.nodes[0].body = NodeKind::Source(Arc::new(Never(graph.nodes[0].output.clone())));
    let mut engine = engine(options());
    let graph = JobGraph::from_stream_graph(graph).unwrap();
    let job = engine.submit(graph, JobSettings::default());
    assert_eq!(engine.run_job(job, LIMIT), Some(JobState::Running));
    assert_eq!(engine.pump(Budget::FULL_SPEED), Pumped::Stalled);
    let events = events(&mut engine);
    let stalls: Vec<_> = events
        .iter()
        .filter_map(|e| match &e.kind {
            EventKind::Stalled { chain, .. } => Some(chain),
            _ => None,
        })
        .collect();
    let subtask = |vertex| SubtaskId { job, vertex: VertexId(vertex), index: 0 };
    assert_eq!(stalls.len(), 1, "traced once");
    assert_eq!(stalls[0][0].subtask, subtask(1));
    assert_eq!(stalls[0][0].reason, WaitReason::Input(vec![subtask(0)]));
    assert_eq!(stalls[0][1].subtask, subtask(0));
}

#[test]
fn a_job_without_operators_finishes() {
    let graph = StreamGraph {
        name: "nothing".into(),
        mode: RuntimeMode::Batch,
        nodes: Vec::<StreamNode>::new(),
        edges: Vec::new(),
        max_parallelism: 128,
        chaining: true,
    };
    let mut engine = engine(options());
    let graph = JobGraph::from_stream_graph(graph).unwrap();
    let job = engine.submit(graph, JobSettings::default());
    assert_eq!(engine.run_job(job, LIMIT), Some(JobState::Finished));
}

/// The beat of a mini-batch comes due more often than a task has a turn.
#[test]
fn timers_do_not_starve_the_input() {
    let mut session = Session::new(options()).unwrap();
    let script = [
        "SET 'table.exec.mini-batch.enabled' = 'true'",
        "SET 'table.exec.mini-batch.allow-latency' = '50 ms'",
        "SET 'table.exec.mini-batch.size' = '1000'",
        "CREATE TABLE numbers (n INT) WITH ('connector' = 'datagen', 'number-of-rows' = '12', \
         'rows-per-second' = '1')",
        "SELECT COUNT(*) AS n FROM numbers",
    ];
    let mut job = None;
    for statement in script {
        let outcome = session.execute(statement, Location { line: 1, column: 1 }).unwrap();
        if let Outcome::Query(info) = outcome {
            job = Some(info.job);
        }
    }
    let state = session.engine_mut().run_job(job.expect("a query"), LIMIT);
    assert_eq!(state, Some(JobState::Finished));
}
