//! What windows of fixed lengths answer, and when.

use super::super::Progress;
use super::super::slicing::WindowKind;
use super::local::LocalWindowAggregateFactory;
use super::*;
use crate::operators::harness::{Harness, aggregate, check, check_told, keys, schema};
use crate::trace::{Causes, EventKind, Level};

fn factory(time: WindowTime, properties: &[WindowProperty]) -> WindowAggregateFactory {
    let input = input();
    let names = properties.iter().map(|p| format!(", {p:?} TIMESTAMP")).collect::<String>();
    WindowAggregateFactory {
        keys: keys(&input, "k"),
        aggregates: vec![aggregate(&input, "SUM", "v")],
        windows: Windows { kind: WindowKind::Tumble { size: 1_000 }, offset: 0 },
        time,
        properties: properties.to_vec(),
        merges: false,
        of_table: true,
        output: schema(&format!("k STRING, s BIGINT{names}")),
    }
}

fn time(moment: Moment, progress: Progress) -> WindowTime {
    WindowTime { moment, progress, zone: None }
}

fn event() -> WindowTime {
    time(Moment::Column(2), Progress::Watermark)
}

fn input() -> Schema {
    schema("k STRING, v BIGINT, ts ROWTIME")
}

#[test]
fn a_window_answers_when_the_watermark_has_passed_it() {
    use WindowProperty::{End, Rowtime, Start};
    check(
        &factory(event(), &[Start, End, Rowtime]),
        &input(),
        &[
            ("+I a 1 100\n+I b 2 1200\n+I a 3 999", ""),
            ("watermark 998", "watermark 998"),
            ("restore\nwatermark 999", "+I a 4 0 1000 999\nwatermark 999"),
            ("+I a 9 500\n+I a 9 null\n+I a 5 1000", ""),
            ("+I c 1 -1", ""),
            ("watermark 5000", "+I b 2 1000 2000 1999\n+I a 5 1000 2000 1999\nwatermark 5000"),
            ("end", ""),
        ],
    );
}

#[test]
fn windows_still_open_answer_at_the_end() {
    let steps = [("+I a 1 100\n+I a 1 1100\n+I a 2 200", ""), ("end", "+I a 3\n+I a 1")];
    check(&factory(event(), &[]), &input(), &steps);
    check(&factory(time(Moment::Column(2), Progress::EndOfInput), &[]), &input(), &steps);
}

#[test]
fn the_clock_moves_windows_of_processing_time() {
    check(
        &factory(time(Moment::Clock, Progress::Clock), &[WindowProperty::Start]),
        &input(),
        &[
            ("time 300\n+I a 1 0\n+I a 2 0", ""),
            ("time 999", ""),
            ("time 1000", "+I a 3 0"),
            ("+I a 4 0\ntime 2500", "+I a 4 1000"),
            ("+I a 5 0\nend", ""),
        ],
    );
}

fn sharing(kind: WindowKind) -> WindowAggregateFactory {
    let windows = Windows { kind, offset: 0 };
    WindowAggregateFactory { windows, ..factory(event(), &[WindowProperty::End]) }
}

#[test]
fn hopping_windows_are_merged_from_slices() {
    check(
        &sharing(WindowKind::Hop { slide: 500, size: 1_000 }),
        &input(),
        &[
            ("+I a 1 100\n+I b 2 600\n+I a 3 700", ""),
            ("watermark 499", "+I a 1 500\nwatermark 499"),
            // A slice counts as long as one of its windows is open.
            ("restore\n+I a 5 200", ""),
            ("watermark 999", "+I a 9 1000\n+I b 2 1000\nwatermark 999"),
            ("+I a 7 200\n+I a 4 3100", ""),
            (
                "watermark 5000",
                "+I a 3 1500\n+I b 2 1500\n+I a 4 3500\n+I a 4 4000\nwatermark 5000",
            ),
        ],
    );
}

#[test]
fn hopping_windows_may_leave_gaps_and_slices_may_be_shorter_than_the_slide() {
    check(
        &sharing(WindowKind::Hop { slide: 1_000, size: 400 }),
        &input(),
        &[("+I a 1 100\n+I a 2 500\n+I a 3 1399", ""), ("end", "+I a 1 400\n+I a 3 1400")],
    );
    check(
        &sharing(WindowKind::Hop { slide: 500, size: 800 }),
        &input(),
        &[("+I a 1 600\n+I a 2 900", ""), ("end", "+I a 1 800\n+I a 3 1300")],
    );
}

#[test]
fn cumulating_windows_grow() {
    check(
        &sharing(WindowKind::Cumulate { step: 500, size: 1_500 }),
        &input(),
        &[
            ("+I a 1 100\n+I a 2 700", ""),
            ("watermark 1000", "+I a 1 500\n+I a 3 1000\nwatermark 1000"),
            ("restore\n+I b 9 0", ""),
            ("end", "+I a 3 1500\n+I b 9 1500"),
        ],
    );
}

#[test]
fn an_offset_loses_rows_as_in_flink() {
    let windows = Windows { kind: WindowKind::Tumble { size: 1_000 }, offset: 100 };
    let factory = WindowAggregateFactory { windows, ..factory(event(), &[WindowProperty::End]) };
    let steps = [
        ("+I a 1 0\nwatermark 0\n+I a 2 170\nwatermark 170", "watermark 170"),
        ("+I a 4 1200\nwatermark 1200", "+I a 2 1100\nwatermark 1200"),
        ("end", "+I a 4 2100"),
    ];
    check(&factory, &input(), &steps);
    let plain = WindowAggregateFactory { of_table: false, ..factory };
    check(&plain, &input(), &[("+I a 1 0\nwatermark 100", "+I a 1 100\nwatermark 100")]);
}

#[test]
fn rows_may_know_their_windows() {
    let attached = time(Moment::WindowEnd(2), Progress::Watermark);
    let factory = WindowAggregateFactory {
        windows: Windows { kind: WindowKind::Hop { slide: 500, size: 1_000 }, offset: 0 },
        ..factory(attached, &[WindowProperty::Start])
    };
    let steps = [
        ("+I a 1 500\n+I a 1 1000\n+I b 2 1000\n+I a 3 1000", ""),
        ("watermark 999", "+I a 1 -500\n+I b 2 0\n+I a 4 0\nwatermark 999"),
        ("+I a 1 1000", ""),
    ];
    check(&factory, &input(), &steps);
}

#[test]
fn the_trace_knows_late_rows_and_what_is_behind_an_answer() -> Result<()> {
    let factory = factory(event(), &[]);
    let mut harness = Harness::new(&factory, &input(), 1, Level::Records);
    harness.run("+I a 1 100\n+I b 1 100\n+I a 1 200\nwatermark 2000\n+I a 1 300")?;
    let (mut late, mut answers) = (0, Vec::new());
    for event in harness.events() {
        match event.kind {
            EventKind::RecordLate { .. } => late += 1,
            EventKind::RecordsEmitted { causes: Causes::Records(ids), .. } => {
                answers.push(ids.len());
            }
            _ => {}
        }
    }
    assert_eq!((late, answers), (1, vec![2, 1]));
    Ok(())
}

/// The first phase of [`factory`], and the second over what it gives.
fn phases(
    kind: WindowKind,
    offset: i64,
    moment: fn(usize) -> Moment,
) -> (LocalWindowAggregateFactory, WindowAggregateFactory) {
    let whole = sharing(kind);
    let local = LocalWindowAggregateFactory {
        keys: whole.keys.clone(),
        aggregates: whole.aggregates.clone(),
        columns: vec![(0, 0)],
        windows: Windows { kind, offset },
        time: event(),
        output: schema("k STRING, s BIGINT, end BIGINT"),
    };
    let time = WindowTime { moment: moment(2), ..event() };
    let global = WindowAggregateFactory { merges: true, windows: local.windows, time, ..whole };
    (local, global)
}

#[test]
fn one_row_a_key_and_slice_travels() {
    let (local, global) = phases(WindowKind::Hop { slide: 500, size: 1_000 }, 0, Moment::SliceEnd);
    check(
        &local,
        &input(),
        &[
            ("+I a 1 100\n+I b 2 600\n+I a 3 700\n+I a 4 200\n+I c 9 null", ""),
            ("watermark 498", "watermark 498"),
            ("watermark 499", "+I a 5 500\n+I b 2 1000\n+I a 3 1000\nwatermark 499"),
            // What is late waits for the next slice, and a checkpoint for nothing.
            ("+I a 5 100\nwatermark 600", "watermark 600"),
            ("+I b 1 900\nrestore", "+I a 5 500\n+I b 1 1000"),
            ("+I b 7 800\nend", "+I b 7 1000"),
        ],
    );
    check(
        &global,
        &local.output,
        &[
            ("+I a 5 500\n+I b 2 1000\n+I a 3 1000", ""),
            ("watermark 499", "+I a 5 500\nwatermark 499"),
            ("+I a 5 500\nrestore\n+I b 1 1000", ""),
            ("watermark 999", "+I a 13 1000\n+I b 3 1000\nwatermark 999"),
            ("+I a 5 500\n+I b 7 1000", ""),
            ("end", "+I a 3 1500\n+I b 10 1500"),
        ],
    );
}

#[test]
fn in_two_phases_an_offset_loses_rows_twice() {
    let (local, global) = phases(WindowKind::Tumble { size: 1_000 }, 100, Moment::SliceEnd);
    check(
        &local,
        &input(),
        &[
            ("+I a 1 0\nwatermark 0\n+I a 2 170\nwatermark 170", "watermark 170"),
            ("+I a 4 1200\nwatermark 1200", "+I a 1 100\n+I a 2 1100\n+I a 4 2100\nwatermark 1200"),
            ("end", ""),
        ],
    );
    let steps = [
        ("watermark 170", "watermark 170"),
        ("+I a 1 100\n+I a 2 1100\n+I a 4 2100\nwatermark 1200", "+I a 2 1100\nwatermark 1200"),
        ("end", "+I a 4 2100"),
    ];
    check(&global, &local.output, &steps);
}

#[test]
fn the_trace_follows_what_is_merged() -> Result<()> {
    let (local, global) = phases(WindowKind::Tumble { size: 1_000 }, 0, Moment::SliceEnd);
    let mut harness = Harness::new(&local, &input(), 1, Level::Records);
    harness.run("+I a 1 100\n+I b 1 100\n+I a 1 200\nwatermark 2000")?;
    let behind = |kind| match kind {
        EventKind::RecordsEmitted { causes: Causes::Records(ids), .. } => Some(ids.len()),
        _ => None,
    };
    let behind: Vec<_> = harness.events().into_iter().filter_map(|e| behind(e.kind)).collect();
    assert_eq!(behind, [2, 1]);
    let mut harness = Harness::new(&global, &local.output, 1, Level::Records);
    harness.run("+I a 2 1000\n+I a 5 1000")?;
    let sums = harness.events().into_iter().filter_map(|event| match event.kind {
        EventKind::StateChanged(change) => {
            Some([change.before, change.after].map(|of| of.first().map(|(_, sum)| sum.clone())))
        }
        _ => None,
    });
    let (two, seven) = (Some(Value::BigInt(2)), Some(Value::BigInt(7)));
    assert_eq!(sums.collect::<Vec<_>>(), [[None, two.clone()], [two, seven]]);
    Ok(())
}

#[test]
fn the_trace_tells_when_a_window_is_gone() {
    let whole = factory(event(), &[]);
    let rows = "+I a 1 100\n+I a 2 200\nwatermark 999";
    let told = [
        "window-aggs 1000 a:  -> SUM=1",
        "window-aggs 1000 a: SUM=1 -> SUM=3",
        "window-aggs 1000 a: SUM=3 -> ",
    ];
    check_told(&whole, [&input(), &input()], rows, &told);
    let windows = Windows { kind: WindowKind::Hop { size: 2_000, slide: 1_000 }, offset: 0 };
    let hopping = WindowAggregateFactory { windows, ..factory(event(), &[]) };
    check_told(
        &hopping,
        [&input(), &input()],
        "+I a 1 100\nwatermark 1999\nend",
        &[told[0], "window-aggs 1000 a: SUM=1 -> "],
    );
}
