//! What windows answer before and after their end, table by table.

use super::super::slicing::WindowKind;
use super::super::{Moment, Progress};
use super::*;
use crate::operators::harness::{aggregate, check, keys, schema};

fn factory(emit: Emit, kind: WindowKind, function: &str) -> EmittingAggregateFactory {
    let input = input();
    EmittingAggregateFactory {
        keys: keys(&input, "k"),
        aggregates: vec![aggregate(&input, function, "v")],
        windows: Windows { kind, offset: 0 },
        time: WindowTime { moment: Moment::Column(2), progress: Progress::Watermark, zone: None },
        emit,
        retracting: false,
        properties: vec![WindowProperty::Start],
        output: schema("k STRING, s BIGINT, start TIMESTAMP"),
    }
}

fn tumble(early: Option<i64>, late: Option<i64>, lateness: i64) -> EmittingAggregateFactory {
    factory(Emit { early, late, lateness }, WindowKind::Tumble { size: 1_000 }, "SUM")
}

fn input() -> Schema {
    schema("k STRING, v BIGINT, ts ROWTIME")
}

fn steps(factory: &EmittingAggregateFactory, steps: &[(&str, &str)]) {
    check(factory, &input(), steps);
}

#[test]
fn every_row_answers_before_the_end() {
    steps(
        &tumble(Some(0), None, 0),
        &[
            ("+I a 1 100\n+I b 2 1200", "+I a 1 0\n+I b 2 1000"),
            ("restore\n+I a 3 999", "-U a 1 0\n+U a 4 0"),
            ("watermark 999", "watermark 999"),
            ("+I a 9 500\n+I a 9 null", ""),
            ("+I b 1 1300\nend", "-U b 2 1000\n+U b 3 1000"),
        ],
    );
}

#[test]
fn what_does_not_change_does_not_answer() {
    let emit = Emit { early: Some(0), ..Emit::default() };
    let factory = factory(emit, WindowKind::Tumble { size: 1_000 }, "MAX");
    steps(&factory, &[("+I a 5 1\n+I a 3 2\n+I a 6 3", "+I a 5 0\n-U a 5 0\n+U a 6 0")]);
}

#[test]
fn hopping_windows_answer_from_the_last() {
    let emit = Emit { early: Some(0), ..Emit::default() };
    let hop = factory(emit, WindowKind::Hop { slide: 500, size: 1_000 }, "SUM");
    steps(
        &hop,
        &[
            ("+I a 1 700", "+I a 1 500\n+I a 1 0"),
            ("watermark 999\n+I a 2 600", "watermark 999\n-U a 1 500\n+U a 3 500"),
        ],
    );
}

#[test]
fn a_beat_begins_with_the_first_row() {
    steps(
        &tumble(Some(100), None, 0),
        &[
            ("time 10\n+I a 1 1\ntime 20\n+I a 2 2\ntime 110", ""),
            // Flink's timers go off a millisecond after their moment.
            ("time 111", "+I a 3 0"),
            ("restore\ntime 211", ""),
            ("+I a 4 3\ntime 310", ""),
            ("time 311", "-U a 3 0\n+U a 7 0"),
            ("+I a 1 4\nwatermark 999", "-U a 7 0\n+U a 8 0\nwatermark 999"),
            ("time 1000", ""),
        ],
    );
}

#[test]
fn late_rows_answer_as_long_as_they_are_allowed() {
    steps(
        &tumble(None, Some(0), 500),
        &[
            ("+I a 1 1\n+I a 2 2", ""),
            ("watermark 999", "+I a 3 0\nwatermark 999"),
            ("restore\n+I a 4 3", "-U a 3 0\n+U a 7 0"),
            ("+I b 4 3", "+I b 4 0"),
            ("watermark 1498\n+I a 1 4", "watermark 1498\n-U a 7 0\n+U a 8 0"),
            ("watermark 1499\n+I a 1 4", "watermark 1499"),
        ],
    );
}

#[test]
fn late_rows_may_have_a_beat() {
    steps(
        &tumble(Some(0), Some(100), 5_000),
        &[
            ("+I a 1 1", "+I a 1 0"),
            ("watermark 999\n+I a 2 2\n+I a 3 3", "watermark 999"),
            ("restore\ntime 100", ""),
            ("time 101", "-U a 1 0\n+U a 6 0"),
            // A window that opens when its end has passed answers for every row.
            ("+I b 1 4\n+I b 2 5", "+I b 1 0\n-U b 1 0\n+U b 3 0"),
            // At the end of the input nothing waits for a beat any more.
            ("+I a 9 6\nend", ""),
        ],
    );
}

#[test]
fn rows_may_be_taken_away() {
    let early = EmittingAggregateFactory { retracting: true, ..tumble(Some(0), None, 0) };
    steps(
        &early,
        &[
            ("+I a 1 1\n+I a 2 2", "+I a 1 0\n-U a 1 0\n+U a 3 0"),
            ("restore\n-U a 1 1\n-D a 2 2", "-U a 3 0\n+U a 2 0\n-D a 2 0"),
            ("+U a 5 3\nend", "+I a 5 0"),
        ],
    );
    let at_the_end = EmittingAggregateFactory { retracting: true, ..tumble(None, None, 0) };
    steps(&at_the_end, &[("+I a 1 1\n+I b 2 2\n-D a 1 1\n-U b 2 2\n+U b 3 2\nend", "+I b 3 0")]);
}

#[test]
fn windows_of_the_clock_answer_early_too() {
    let time = WindowTime { moment: Moment::Clock, progress: Progress::Clock, zone: None };
    let factory = EmittingAggregateFactory { time, ..tumble(Some(300), None, 0) };
    steps(
        &factory,
        &[
            ("time 100\n+I a 1 0", ""),
            ("time 401", "+I a 1 0"),
            ("+I a 2 0\ntime 701", "-U a 1 0\n+U a 3 0"),
            ("+I a 4 0\ntime 1000", "-U a 3 0\n+U a 7 0"),
            ("+I a 9 0\ntime 1300\nend", ""),
        ],
    );
}
