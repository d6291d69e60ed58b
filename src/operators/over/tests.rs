//! Answers row by row, for each kind of frame.

use super::*;
use crate::operators::harness::{aggregate, check, check_forgets, check_told, keys, schema};

fn over(time: OverTime, rows: bool, preceding: Option<i64>) -> OverFactory {
    let input = schema("k STRING, v BIGINT, ts ROWTIME");
    OverFactory {
        partition: keys(&input, "k"),
        time,
        rows,
        preceding,
        ttl: 0,
        functions: vec![OverFunction::Aggregate(Box::new(aggregate(&input, "SUM", "v")))],
        output: schema("k STRING, v BIGINT, ts ROWTIME, s BIGINT"),
        input,
    }
}

fn steps(factory: &OverFactory, steps: &[(&str, &str)]) {
    check(factory, &factory.input.clone(), steps);
}

const EVENT: OverTime = OverTime::Event(2);

#[test]
fn rows_go_out_in_order_of_time() {
    steps(
        &over(EVENT, true, None),
        &[
            ("+I a 1 30\n+I a 2 10\n+I b 4 20", ""),
            ("restore\nwatermark 20", "+I a 2 10 2\n+I b 4 20 4\nwatermark 20"),
            ("+I a 9 20\n+I a 5 25", ""),
            ("end", "+I a 5 25 7\n+I a 1 30 8"),
        ],
    );
}

#[test]
fn rows_that_tie_share_a_range() {
    let rows = "+I a 1 10\n+I a 2 10\n+I a 4 20\nend";
    steps(&over(EVENT, false, None), &[(rows, "+I a 1 10 3\n+I a 2 10 3\n+I a 4 20 7")]);
    steps(&over(EVENT, true, None), &[(rows, "+I a 1 10 1\n+I a 2 10 3\n+I a 4 20 7")]);
}

#[test]
fn bounded_frames_let_rows_go() {
    let rows = "+I a 1 10\n+I a 2 20\n+I b 9 20\n+I a 4 30\n+I a 8 31\nend";
    steps(
        &over(EVENT, true, Some(1)),
        &[
            (rows, "+I a 1 10 1\n+I a 2 20 3\n+I b 9 20 9\n+I a 4 30 6\n+I a 8 31 12"),
            ("restore\n+I a 5 31\n+I a 1 40\nend", "+I a 1 40 9"),
        ],
    );
    steps(
        &over(EVENT, false, Some(10)),
        &[
            (rows, "+I a 1 10 1\n+I a 2 20 3\n+I b 9 20 9\n+I a 4 30 6\n+I a 8 31 12"),
            ("restore\n+I a 1 40\nend", "+I a 1 40 13"),
        ],
    );
}

#[test]
fn by_arrival_rows_are_answered_at_once() {
    steps(
        &over(OverTime::Processing, false, None),
        &[("+I a 1 0\n+I a 2 0\n+I b 3 0", "+I a 1 0 1\n+I a 2 0 3\n+I b 3 0 3")],
    );
    steps(
        &over(OverTime::Processing, false, Some(5)),
        &[
            ("time 10\n+I a 1 0\n+I a 2 0", ""),
            ("time 11", "+I a 1 0 3\n+I a 2 0 3"),
            ("+I a 4 0\ntime 16", "+I a 4 0 7"),
            ("+I a 8 0\ntime 17", "+I a 8 0 12"),
            ("+I a 1 0\nend", ""),
        ],
    );
}

#[test]
fn numbers_and_earlier_values() {
    let factory = OverFactory {
        functions: vec![
            OverFunction::RowNumber,
            OverFunction::Lag { value: 1, back: 1, default: None },
            OverFunction::Lag { value: 1, back: 2, default: Some(1) },
        ],
        output: schema("k STRING, v BIGINT, ts ROWTIME, n BIGINT, p BIGINT, q BIGINT"),
        ..over(EVENT, true, None)
    };
    steps(
        &factory,
        &[
            (
                "+I a 1 10\n+I a 2 20\nwatermark 20",
                "+I a 1 10 1 null 1\n+I a 2 20 2 1 2\nwatermark 20",
            ),
            ("restore\n+I a 3 30\nend", "+I a 3 30 3 2 1"),
        ],
    );
}

#[test]
fn by_arrival_each_row_lets_a_partition_live_on() {
    steps(
        &OverFactory { ttl: 100, ..over(OverTime::Processing, false, None) },
        &[
            ("time 0\n+I a 1 0\n+I b 1 0", "+I a 1 0 1\n+I b 1 0 1"),
            ("time 99\n+I a 2 0\nrestore", "+I a 2 0 3"),
            ("time 100\n+I b 2 0", "+I b 2 0 2"),
            ("time 198\n+I a 4 0\ntime 298\n+I a 8 0", "+I a 4 0 7\n+I a 8 0 8"),
        ],
    );
}

#[test]
fn a_timer_forgets_a_partition() {
    // It rings at 150. A row at 50 leaves it there, for 100 are left; one at 51 sets it to 201.
    let rows =
        |second| format!("time 0\n+I a 1 10\nwatermark 10\ntime {second}\n+I a 2 20\nwatermark 20");
    let sums = "+I a 1 10 1\nwatermark 10\n+I a 2 20 3\nwatermark 20";
    for (rows_frame, preceding) in [(true, None), (false, None), (true, Some(7))] {
        let factory = OverFactory { ttl: 100, ..over(EVENT, rows_frame, preceding) };
        let third = "restore\n+I a 4 30\nwatermark 30";
        let after = |sum| format!("+I a 4 30 {sum}\nwatermark 30");
        for (second, at, sum) in [(50, 149, 7), (50, 150, 4), (51, 200, 7), (51, 201, 4)] {
            let third = format!("time {at}\n{third}");
            steps(&factory, &[(&rows(second), sums), (&third, &after(sum))]);
        }
        // While a row waits for the watermark the timer is put off, from 150 to 300 and so on.
        let waits = "time 0\n+I a 1 10\nwatermark 10\n+I a 2 20";
        let late = "restore\ntime 320\nwatermark 20";
        let answer = "+I a 2 20 3\nwatermark 20";
        steps(&factory, &[(waits, "+I a 1 10 1\nwatermark 10"), (late, answer)]);
    }
    // A frame that is a length of time forgets by itself.
    let range = OverFactory { ttl: 100, ..over(EVENT, false, Some(50)) };
    let rows = "time 0\n+I a 1 10\nwatermark 10\ntime 999\n+I a 2 20\nwatermark 20";
    steps(&range, &[(rows, sums)]);
}

#[test]
fn what_expired_is_freed() {
    for (time, preceding) in [(OverTime::Processing, None), (EVENT, None), (EVENT, Some(2))] {
        let factory = OverFactory { ttl: 100, ..over(time, true, preceding) };
        let old = "+I a 1 10\n+I b 2 10\nwatermark 10";
        let new = "watermark 10\ntime 150\n+I c 3 20";
        check_forgets(&factory, [&factory.input, &factory.input], old, new);
    }
}

#[test]
fn the_trace_tells_who_waits_and_what_came_of_the_last() {
    let factory = over(EVENT, true, None);
    let inputs = [&factory.input, &factory.input];
    check_told(
        &factory,
        inputs,
        "+I a 1 10\n+I a 2 20\nwatermark 10\nend",
        &[
            "inputState a:  -> rows=1",
            "inputState a: rows=1 -> rows=2",
            "inputState a: rows=2 -> rows=1",
            "accState a:  -> s=1",
            "inputState a: rows=1 -> ",
            "accState a: s=1 -> s=3",
        ],
    );
}
