//! The built-in programs print what the tutorial's did on a real cluster, and come to the same totals
//! on every cluster.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use riacho::base::{LabDuration, LabTime};
use riacho::cluster::JobSettings;
use riacho::connectors::files::MemoryFiles;
use riacho::data::{Row, Value};
use riacho::datastream::programs::{scoreboard, socket, wordcount};
use riacho::graph::{JobGraph, StreamGraph};
use riacho::runtime::api::{Driver, LabOptions, Policy};
use riacho::runtime::engine::{Budget, Engine, Pumped};
use riacho::trace::JobState;

const SCOREBOARD: &str = include_str!("conformance/tutorial/media_py.taskexecutor.stdout");
const SCOREBOARD_PARALLEL: &str = include_str!("conformance/tutorial/media_py.local.stdout");
const WORD_COUNT: &str = include_str!("conformance/tutorial/wordcount.taskexecutor.stdout");

fn options(batch_size: usize, seed: u64) -> LabOptions {
    LabOptions {
        start: Some(LabTime(0)),
        driver: Driver::Step(Policy::Seeded),
        batch_size,
        seed,
        ..LabOptions::lesson()
    }
}

fn job(graph: StreamGraph) -> JobGraph {
    JobGraph::from_stream_graph(graph).unwrap()
}

/// Runs a program to its end and gives what it printed.
fn printed(graph: StreamGraph, options: LabOptions) -> Vec<String> {
    let mut engine = Engine::new(options, Arc::new(MemoryFiles::default())).unwrap();
    let id = engine.submit(job(graph), JobSettings::default());
    assert_eq!(engine.run_job(id, LabDuration::seconds(100_000)), Some(JobState::Finished));
    engine.stdout().lines_from(0).map(|line| line.text.to_string()).collect()
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.contains('(') && line.contains(',')).collect()
}

#[test]
fn the_scoreboard_prints_the_tutorials_lines() {
    for batch_size in [1, 7] {
        let graph = scoreboard::program(None, 10, false, 1);
        assert_eq!(printed(graph, options(batch_size, 1)), lines(SCOREBOARD));
    }
}

#[test]
fn lines_have_a_prefix_only_if_subtasks_must_be_told_apart() {
    let own = lines(SCOREBOARD_PARALLEL);
    let own: Vec<&str> = own.into_iter().filter_map(|line| line.strip_prefix("1> ")).collect();
    assert_eq!(own, lines(SCOREBOARD));
    let mut found = printed(scoreboard::program(None, 10, false, 2), options(1, 1));
    // `a` lives in group 81, `b` in group 22: subtasks 2 and 1 of two, counted from 1.
    let subtask = |line: &str| if line.contains("'a'") { "2> " } else { "1> " };
    let mut expected: Vec<String> =
        lines(SCOREBOARD).into_iter().map(|line| format!("{}{line}", subtask(line))).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn the_exam_ends_at_the_tenth_answer_under_every_interleaving() {
    let answers: Vec<(String, i32)> =
        (0..30).map(|n| (["a", "b", "c"][n % 3].to_owned(), 1)).collect();
    for seed in 0..20 {
        for parallelism in [1, 2, 4] {
            let graph = scoreboard::program(Some(&answers), 10, false, parallelism);
            assert_eq!(printed(graph, options(1, seed)).len(), 10, "seed {seed} x{parallelism}");
        }
    }
}

#[test]
fn an_open_exam_takes_answers_until_it_is_over() {
    let mut engine = Engine::new(options(1, 1), Arc::new(MemoryFiles::default())).unwrap();
    let graph = scoreboard::program(Some(&[]), 3, true, 2);
    let id = engine.submit(job(graph), JobSettings::default());
    let answer = |student: &str| Row::insert(vec![student.into(), Value::Int(5)]);
    let pump = |engine: &mut Engine| loop {
        match engine.pump(Budget::FULL_SPEED) {
            Pumped::More => {}
            other => return other,
        }
    };
    assert_eq!(pump(&mut engine), Pumped::Outside);
    engine.feed(id, &[answer("c"), answer("c")]).unwrap();
    assert_eq!(pump(&mut engine), Pumped::Outside);
    assert_eq!(engine.stdout().total(), 2);
    engine.feed(id, &[answer("d"), answer("d")]).unwrap();
    assert_eq!(pump(&mut engine), Pumped::Quiet);
    assert_eq!(engine.stdout().total(), 3, "the fourth answer came too late");
}

#[test]
fn word_count_counts_hamlets_words_as_flink_does() {
    assert_eq!(printed(wordcount::program(1), options(1, 1)), lines(WORD_COUNT));
    let last = |lines: Vec<String>| {
        let mut words: Vec<String> =
            lines.iter().map(|l| l.split_once("> ").map_or(l.as_str(), |s| s.1).into()).collect();
        words.sort();
        words
    };
    let alone = last(printed(wordcount::program(1), options(4096, 1)));
    assert_eq!(last(printed(wordcount::program(4), options(3, 7))), alone);
}

/// Lets a second of lab time go on again and again until something is so; a socket has its own time.
fn go_until(engine: &mut Engine, what: impl Fn(&Engine) -> bool) {
    for _ in 0..2_000 {
        if what(engine) {
            return;
        }
        let until = engine.now() + LabDuration::seconds(1);
        engine.pump(Budget { until, ..Budget::FULL_SPEED });
        #[allow(clippy::disallowed_methods, reason = "a test that waits for a socket")]
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("it did not come to that");
}

#[test]
fn words_of_a_socket_are_counted_when_their_window_ends() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port();
    let mut engine = Engine::new(options(7, 1), Arc::new(MemoryFiles::default())).unwrap();
    let id = engine.submit(job(socket::program("localhost", port, 2)), JobSettings::default());
    go_until(&mut engine, |engine| engine.listens() && engine.job(id).is_some());
    server.set_nonblocking(true).unwrap();
    let mut accepted: Option<TcpStream> = None;
    while accepted.is_none() {
        engine.pump(Budget { steps: 10, ..Budget::FULL_SPEED });
        accepted = server.accept().ok().map(|(stream, _)| stream);
    }
    let mut stream = accepted.unwrap();
    stream.write_all("ser ou não\r\nser\n".as_bytes()).unwrap();
    go_until(&mut engine, |engine| engine.stdout().total() >= 3);
    let mut lines: Vec<String> =
        engine.stdout().lines_from(0).map(|line| line.text.to_string()).collect();
    lines.sort();
    assert_eq!(lines, ["não : 1", "ou : 1", "ser : 2"]);
    drop(stream);
    go_until(&mut engine, |engine| engine.is_over(id));
    assert_eq!(engine.job(id).unwrap().state, JobState::Finished);
    assert_eq!(engine.stdout().total(), 3);
}

#[test]
fn a_socket_that_is_not_there_or_elsewhere_fails_its_job() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for (host, port, code) in
        [("127.0.0.1", closed, "socket-failed"), ("192.0.2.1", 9_999, "socket-elsewhere")]
    {
        let mut engine = Engine::new(options(1, 1), Arc::new(MemoryFiles::default())).unwrap();
        let id = engine.submit(job(socket::program(host, port, 1)), JobSettings::default());
        go_until(&mut engine, |engine| engine.is_over(id));
        let status = engine.job(id).unwrap();
        assert_eq!(status.state, JobState::Failed);
        assert_eq!(status.cause.unwrap().code(), code);
    }
}
