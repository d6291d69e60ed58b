//! What goes out, row by row, for each strategy; the sequences are Flink's.

use super::super::harness::{check, check_forgets, check_told, keys, schema};
use super::*;

fn rank(start: usize, end: usize, number: bool, strategy: Strategy) -> RankFactory {
    let input = schema("v INT, n STRING");
    RankFactory {
        partition: GroupKeys::default(),
        order: vec![SortKey { column: 0, descending: false, nulls_first: true }],
        start,
        end,
        end_column: None,
        number,
        strategy,
        update_before: true,
        ttl: 0,
        output: if number { schema("v INT, n STRING, rn BIGINT") } else { input.clone() },
        input,
    }
}

fn steps(factory: &RankFactory, steps: &[(&str, &str)]) {
    check(factory, &factory.input.clone(), steps);
}

#[test]
fn who_enters_pushes_the_last_out() {
    steps(
        &rank(1, 2, false, Strategy::Append),
        &[
            ("+I 5 a\n+I 3 b\n+I 4 c", "+I 5 a\n+I 3 b\n-D 5 a\n+I 4 c"),
            ("+I 4 tie\n+I 9 late", ""),
            ("restore\n+I 1 d", "-D 4 c\n+I 1 d"),
        ],
    );
}

#[test]
fn one_row_is_updated() {
    let rows = [("+I 5 a\n+I 3 b\n+I 4 c", "+I 5 a\n-U 5 a\n+U 3 b")];
    steps(&rank(1, 1, false, Strategy::Append), &rows);
}

#[test]
fn places_shift() {
    steps(
        &rank(1, 2, true, Strategy::Append),
        &[
            ("+I 5 a\n+I 3 b", "+I 5 a 1\n-U 5 a 1\n+U 3 b 1\n+I 5 a 2"),
            ("restore\n+I 8 c", ""),
            ("+I 1 d", "-U 3 b 1\n+U 1 d 1\n-U 5 a 2\n+U 3 b 2"),
        ],
    );
    let without = RankFactory { update_before: false, ..rank(1, 2, true, Strategy::Append) };
    steps(&without, &[("+I 5 a\n+I 3 b", "+I 5 a 1\n+U 3 b 1\n+I 5 a 2")]);
}

#[test]
fn an_offset_tells_of_the_places_behind_it() {
    let rows = [("+I 5 a\n+I 3 b\n+I 1 c\n+I 2 d", "+I 5 a\n-U 5 a\n+U 3 b\n-U 3 b\n+U 2 d")];
    steps(&rank(2, 2, false, Strategy::Append), &rows);
    let rows = [("+I 9 a\n+I 5 b\n+I 7 c", "+I 9 a\n-U 9 a\n+U 7 c\n+I 9 a")];
    steps(&rank(2, 3, false, Strategy::Append), &rows);
}

#[test]
fn what_is_taken_away_lets_the_next_in() {
    steps(
        &rank(1, 2, false, Strategy::Retract),
        &[
            ("+I 1 a\n+I 2 b\n+I 3 c", "+I 1 a\n+I 2 b"),
            ("restore\n-D 1 a", "-D 1 a\n+I 3 c"),
            ("-U 2 b\n+U 9 b", "-D 2 b\n+I 9 b"),
            ("-D 7 nowhere", ""),
        ],
    );
}

#[test]
fn what_is_taken_away_shifts_those_behind_it() {
    steps(
        &rank(1, 2, true, Strategy::Retract),
        &[
            ("+I 1 a\n+I 2 b", "+I 1 a 1\n+I 2 b 2"),
            ("-U 1 a", "-U 1 a 1\n+U 2 b 1\n-D 2 b 2"),
            ("+U 3 a", "+I 3 a 2"),
            ("+I 4 c\n-D 2 b", "-U 2 b 1\n+U 3 a 1\n-U 3 a 2\n+U 4 c 2"),
        ],
    );
}

#[test]
fn updates_that_move_to_the_front_need_no_retraction() {
    let by_name = || Strategy::UpdateFast(vec![1]);
    steps(
        &rank(1, 2, false, by_name()),
        &[
            ("+I 9 a\n+I 9 b\n+I 9 c", "+I 9 a\n+I 9 b"),
            ("+U 8 b", "-U 9 b\n+U 8 b"),
            ("restore\n+U 7 c", "-D 9 a\n+I 7 c"),
        ],
    );
    steps(
        &rank(1, 2, true, by_name()),
        &[
            ("+I 9 a\n+I 9 b", "+I 9 a 1\n+I 9 b 2"),
            ("+U 8 b", "-U 9 a 1\n+U 8 b 1\n-U 9 b 2\n+U 9 a 2"),
            ("+U 7 b", "-U 8 b 1\n+U 7 b 1"),
        ],
    );
    let rows = [("+I 9 a\n+U 8 a\n+U 8 b\n+U 7 b", "+I 9 a\n-U 9 a\n+U 8 a\n-U 8 a\n+U 7 b")];
    steps(&rank(1, 1, false, by_name()), &rows);
}

#[test]
fn without_keys_the_first_to_come_stay() {
    let factory = RankFactory { order: Vec::new(), ..rank(1, 2, false, Strategy::Retract) };
    steps(&factory, &[("+I 3 a\n+I 2 b\n+I 1 c", "+I 3 a\n+I 2 b"), ("-D 3 a", "-D 3 a\n+I 1 c")]);
}

#[test]
fn partitions_are_apart() {
    let factory = rank(1, 1, false, Strategy::Append);
    let factory = RankFactory { partition: keys(&factory.input, "n"), ..factory };
    let rows =
        [("+I 5 a\n+I 3 b", "+I 5 a\n+I 3 b"), ("restore\n+I 4 a\n+I 4 b", "-U 5 a\n+U 4 a")];
    steps(&factory, &rows);
}

#[test]
fn the_first_needs_no_row_where_nobody_asks_for_the_one_before() {
    let without = RankFactory { update_before: false, ..rank(1, 1, false, Strategy::Append) };
    assert!(!without.keeps_rows());
    let rows =
        [("+I 5 a\n+I 3 b\n+I 4 c", "+I 5 a\n+U 3 b"), ("restore\n+I 3 d\n+I 2 e", "+U 2 e")];
    steps(&without, &rows);
}

fn expiring(end: usize, number: bool, strategy: Strategy) -> RankFactory {
    RankFactory { ttl: 100, ..rank(1, end, number, strategy) }
}

#[test]
fn rows_that_may_be_taken_away_expire_with_those_of_their_order() {
    steps(
        &expiring(2, false, Strategy::Retract),
        &[
            ("time 0\n+I 1 a\n+I 2 b\n+I 3 c", "+I 1 a\n+I 2 b"),
            // Rows that tie are written together.
            ("time 60\n+I 3 d\n+I 2 e\nrestore", ""),
            ("time 100\n-D 1 a", ""),
            ("-D 2 b", "-D 2 b\n+I 3 c"),
            ("time 160\n+I 9 z", "+I 9 z"),
            ("restore\ntime 199\n-D 3 c", ""),
            ("-D 2 e", "-D 2 e"),
            ("time 260\n+I 8 y", "+I 8 y"),
        ],
    );
}

#[test]
fn a_cache_hides_for_a_while_that_rows_have_expired() {
    let number = expiring(3, true, Strategy::Append);
    steps(
        &number,
        &[
            ("time 0\n+I 5 a\ntime 60\n+I 6 b", "+I 5 a 1\n+I 6 b 2"),
            // The cache of time 0 is forgotten, and filled again with what lives.
            ("time 110\n+I 7 c", "+I 7 c 2"),
            // The row of time 60 has expired, in the state but not in the cache.
            ("time 170\n+I 8 d", "+I 8 d 3"),
            ("time 209\n+I 9 e", ""),
            ("time 210\n+I 9 f", "+I 9 f 2"),
        ],
    );
    // Another run begins without a cache.
    let rows = [
        ("time 0\n+I 5 a\ntime 60\n+I 6 b\ntime 110\n+I 7 c", "+I 5 a 1\n+I 6 b 2\n+I 7 c 2"),
        ("restore\ntime 170\n+I 8 d", "+I 8 d 2"),
    ];
    steps(&number, &rows);
}

#[test]
fn the_only_first_expires_after_its_last_change() {
    steps(
        &expiring(1, false, Strategy::Append),
        &[
            ("time 0\n+I 5 a\ntime 60\n+I 4 b", "+I 5 a\n-U 5 a\n+U 4 b"),
            ("time 100\n+I 9 c", ""),
            ("time 160\n+I 9 d", "+I 9 d"),
            // A checkpoint writes it.
            ("time 259\nrestore\ntime 358\n+I 9 e", ""),
            ("time 359\n+I 9 f", "+I 9 f"),
        ],
    );
}

#[test]
fn updated_rows_live_as_long_as_their_cache_or_the_checkpoint() {
    let by_name = || Strategy::UpdateFast(vec![1]);
    let fill = ("time 0\n+I 9 a\ntime 60\n+I 8 b", "+I 9 a\n+I 8 b");
    steps(&expiring(2, false, by_name()), &[fill, ("time 100\n+I 7 c", "+I 7 c")]);
    steps(
        &expiring(2, false, by_name()),
        &[fill, ("time 80\nrestore\ntime 179\n+I 7 c", "-D 9 a\n+I 7 c")],
    );
}

#[test]
fn a_limit_counts_anew() {
    let limit = RankFactory { order: Vec::new(), ..expiring(2, false, Strategy::Append) };
    steps(
        &limit,
        &[
            ("time 0\n+I 3 a\n+I 2 b\n+I 1 c", "+I 3 a\n+I 2 b"),
            ("restore\ntime 99\n+I 1 d", ""),
            ("time 200\n+I 1 e", "+I 1 e"),
        ],
    );
}

#[test]
fn what_expired_is_freed() {
    let update = Strategy::UpdateFast(vec![1]);
    for strategy in [Strategy::Append, update, Strategy::Retract] {
        for end in [1, 2] {
            let factory = expiring(end, false, strategy.clone());
            let factory = RankFactory { partition: keys(&factory.input, "n"), ..factory };
            let inputs = [&factory.input, &factory.input];
            check_forgets(&factory, inputs, "+I 1 a\n+I 2 b\n+I 0 b", "time 100\n+I 1 c");
        }
    }
}

#[test]
fn the_trace_tells_the_first_places() {
    let factory = rank(1, 2, false, Strategy::Retract);
    let inputs = [&factory.input, &factory.input];
    check_told(
        &factory,
        inputs,
        "+I 5 a\n+I 3 b\n-D 5 a\n-D 3 b",
        &[
            "data-state :  -> 1=5",
            "data-state : 1=5 -> 1=3 2=5",
            "data-state : 1=3 2=5 -> 1=3",
            "data-state : 1=3 -> ",
        ],
    );
}
