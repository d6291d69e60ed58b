//! What joins answer, as tables.

use super::*;
use crate::expr::{Expr, Zone, call};
use crate::operators::harness::{Harness, check_forgets, check_two, keys, schema};
use crate::trace::Level;

fn join(kind: JoinKind, bounded: bool) -> JoinFactory {
    let inputs = [schema("k STRING, a INT"), schema("k STRING, b INT")];
    let output = match kind.only_left() {
        true => inputs[0].clone(),
        false => schema("k STRING, a INT, l STRING, b INT"),
    };
    let join = JoinSpec {
        kind,
        keys: [keys(&inputs[0], "k"), keys(&inputs[1], "k")],
        null_meets_null: vec![false],
        condition: None,
        output,
        zone: Zone::default(),
        inputs,
    };
    JoinFactory { join, names: [None, None], bounded, ttl: 0 }
}

#[track_caller]
fn check(factory: &JoinFactory, steps: &[(&str, &str)]) {
    check_two(factory, factory.join.inputs.each_ref(), steps);
}

#[test]
fn an_inner_join_pairs_rows_and_keeps_their_kinds() {
    check(
        &join(JoinKind::Inner, false),
        &[
            ("+I x 1\n+I y 2", ""),
            ("right +I x 7", "+I x 1 x 7"),
            ("restore\nright +I x 8\n+I x 3", "+I x 1 x 8\n+I x 3 x 7\n+I x 3 x 8"),
            ("-U x 1\n+U x 4", "-U x 1 x 7\n-U x 1 x 8\n+U x 4 x 7\n+U x 4 x 8"),
            ("right -D x 8", "-D x 3 x 8\n-D x 4 x 8"),
            ("+I null 1\nright +I null 1", ""),
        ],
    );
}

#[test]
fn a_row_that_is_there_twice_counts_twice() {
    check(
        &join(JoinKind::Inner, false),
        &[
            ("+I x 1\n+I x 1\nright +I x 7", "+I x 1 x 7\n+I x 1 x 7"),
            ("-D x 1\nright +I x 8", "-D x 1 x 7\n+I x 1 x 8"),
        ],
    );
}

#[test]
fn a_row_takes_the_place_of_the_one_with_its_name() {
    check(
        &JoinFactory { names: [None, Some(vec![0])], ..join(JoinKind::Inner, false) },
        &[
            ("right +I x 7\nright +U x 8\n+I x 1", "+I x 1 x 8"),
            ("restore\nright +U x 9\n+I x 2", "+U x 1 x 9\n+I x 2 x 9"),
            ("right -D x 9\n+I x 3", "-D x 1 x 9\n-D x 2 x 9"),
        ],
    );
    check(
        &JoinFactory { names: [Some(vec![1]), None], ..join(JoinKind::Inner, false) },
        &[("+I x 1\n+U x 2\n+U x 1\nright +I x 7", "+I x 2 x 7\n+I x 1 x 7")],
    );
}

#[test]
fn an_outer_join_takes_the_lonely_row_back_and_sends_it_again() {
    check(
        &join(JoinKind::Left, false),
        &[
            ("+I x 1\n+I null 2", "+I x 1 null null\n+I null 2 null null"),
            ("right +I x 7", "-D x 1 null null\n+I x 1 x 7"),
            ("right +I x 8\nrestore\nright -D x 7", "+I x 1 x 8\n-D x 1 x 7"),
            ("right -D x 8", "-D x 1 x 8\n+I x 1 null null"),
            ("-D x 1", "-D x 1 null null"),
        ],
    );
    check(
        &join(JoinKind::Full, false),
        &[
            ("right +I x 7", "+I null null x 7"),
            ("+I x 1", "-D null null x 7\n+I x 1 x 7"),
            ("right -D x 7", "-D x 1 x 7\n+I x 1 null null"),
        ],
    );
}

#[test]
fn a_semi_and_an_anti_join_send_the_left_alone() {
    check(
        &join(JoinKind::Semi, false),
        &[
            ("+I x 1\nright +I x 7", "+I x 1"),
            ("right +I x 8\n+I x 2", "+I x 2"),
            ("right -D x 7\nright -D x 8", "-D x 1\n-D x 2"),
        ],
    );
    check(
        &join(JoinKind::Anti, false),
        &[
            ("+I x 1\n+I null 2", "+I x 1\n+I null 2"),
            ("right +I x 7\n+I x 3", "-D x 1"),
            ("restore\nright -D x 7", "+I x 1\n+I x 3"),
        ],
    );
}

#[test]
fn the_condition_decides_among_rows_with_a_key() -> Result<()> {
    let column = |c: usize| {
        Expr::column(c, join(JoinKind::Left, false).join.output.fields()[c].data_type.clone())
    };
    let condition = call("<", vec![column(1), column(3)])?;
    let mut factory = join(JoinKind::Left, false);
    factory.join.condition = Some(condition);
    check(
        &factory,
        &[
            ("+I x 5", "+I x 5 null null"),
            ("right +I x 4\nright +I x 6\nright +I x null", "-D x 5 null null\n+I x 5 x 6"),
        ],
    );
    Ok(())
}

#[test]
fn without_a_key_every_row_meets_every_row() {
    let mut factory = join(JoinKind::Inner, false);
    factory.join.keys = Default::default();
    factory.join.null_meets_null.clear();
    check(&factory, &[("+I x 1\nright +I y 2\n+I z 3", "+I x 1 y 2\n+I z 3 y 2")]);
}

#[test]
fn null_meets_null_where_it_is_asked_to() {
    let mut factory = join(JoinKind::Semi, false);
    factory.join.null_meets_null = vec![true];
    check(&factory, &[("+I null 1\nright +I null 7", "+I null 1")]);
    factory.join.kind = JoinKind::Anti;
    check(
        &factory,
        &[
            ("+I null 1\n+I null 1\nrestore", "+I null 1\n+I null 1"),
            ("right +I null 7", "-D null 1\n-D null 1"),
            (
                "restore\nright +I null 8\n+I null 1\nrestore\nright -D null 7\nright -D null 8",
                "+I null 1\n+I null 1\n+I null 1",
            ),
        ],
    );
}

#[test]
fn bounded_inputs_are_joined_once_the_right_has_ended() {
    let rows = "+I x 1\n+I y 2\nright +I x 7\nright +I z 8";
    let ends = "end right\nend";
    let cases = [
        (JoinKind::Inner, "+I x 1 x 7"),
        (JoinKind::Left, "+I x 1 x 7\n+I y 2 null null"),
        (JoinKind::Right, "+I x 1 x 7\n+I null null z 8"),
        (JoinKind::Full, "+I x 1 x 7\n+I y 2 null null\n+I null null z 8"),
        (JoinKind::Semi, "+I x 1"),
        (JoinKind::Anti, "+I y 2"),
    ];
    for (kind, expected) in cases {
        check(&join(kind, true), &[(rows, ""), (ends, expected)]);
        check(&join(kind, true), &[(rows, ""), ("end", ""), ("end right", expected)]);
    }
    check(&join(JoinKind::Right, true), &[("end\nend right", "")]);
}

#[test]
fn each_row_expires_on_its_own() {
    check(
        &JoinFactory { ttl: 100, ..join(JoinKind::Inner, false) },
        &[
            ("time 0\n+I x 1\n+I y 1\ntime 60\n+I x 2", ""),
            ("time 99\nright +I x 7", "+I x 1 x 7\n+I x 2 x 7"),
            // A pair writes neither of the two.
            ("restore\ntime 100\nright +I x 8\nright +I y 8", "+I x 2 x 8"),
            ("time 160\n+I x 3\n-D x 2", "+I x 3 x 7\n+I x 3 x 8\n-D x 2 x 7\n-D x 2 x 8"),
            ("time 199\n+I x 4", "+I x 4 x 8"),
            ("time 200\n+I x 5\nrestore", ""),
            // One row that comes again lives on, once more.
            (
                "time 250\n+I x 3\ntime 260\nright +I x 9",
                "+I x 3 x 9\n+I x 3 x 9\n+I x 4 x 9\n+I x 5 x 9",
            ),
        ],
    );
}

#[test]
fn the_number_of_its_partners_lets_a_row_live_on() {
    check(
        &JoinFactory { ttl: 100, ..join(JoinKind::Left, false) },
        &[
            ("time 0\n+I x 1", "+I x 1 null null"),
            ("time 80\nright +I x 7", "-D x 1 null null\n+I x 1 x 7"),
            ("time 179\nright +I x 8\nrestore", "+I x 1 x 8"),
            // The partner of 80 has expired, and is counted still.
            ("time 278\nright -D x 7", "-D x 1 x 7"),
            ("right -D x 8", "-D x 1 x 8\n+I x 1 null null"),
            ("time 378\nright +I x 9", ""),
        ],
    );
    // A partner goes that had expired before its row came.
    check(
        &JoinFactory { ttl: 100, ..join(JoinKind::Left, false) },
        &[
            ("time 0\nright +I x 7\ntime 100\n+I x 1", "+I x 1 null null"),
            ("right -D x 7\nrestore", "-D x 1 x 7"),
            ("right +I x 8\nright +I x 9", "+I x 1 x 8\n-D x 1 null null\n+I x 1 x 9"),
        ],
    );
    check(
        &JoinFactory { ttl: 100, ..join(JoinKind::Semi, false) },
        &[
            ("time 0\n+I x 1\ntime 80\nright +I x 7", "+I x 1"),
            ("time 170\n+I x 2", "+I x 2"),
            ("time 179\nright -D x 7", "-D x 1\n-D x 2"),
            ("time 279\nright +I x 8", ""),
        ],
    );
}

#[test]
fn what_expired_is_freed() {
    for kind in [JoinKind::Inner, JoinKind::Full, JoinKind::Semi] {
        let factory = JoinFactory { ttl: 100, ..join(kind, false) };
        let old = "+I x 1\n+I x 2\nright +I x 7\nright +I y 8\n+I x 2";
        check_forgets(&factory, factory.join.inputs.each_ref(), old, "time 100\n+I z 3");
    }
}

/// Where every row meets every row, a batch has more pairs than are looked at together.
#[test]
fn many_pairs_come_in_parts_and_all_of_them_come() -> Result<()> {
    for bounded in [false, true] {
        let mut factory = join(JoinKind::Full, bounded);
        factory.join.keys = Default::default();
        factory.join.null_meets_null.clear();
        let rows = |side: &str, count: usize| -> String {
            (0..count).map(|n| format!("{side}+I x {n}\n")).collect()
        };
        let script = format!("{}end right\n{}end", rows("right ", 300), rows("", 600));
        let [left, right] = &factory.join.inputs;
        let found = Harness::of_two(&factory, [left, right], 4_096, Level::Off).run(&script)?;
        let pairs: Vec<&str> = found.lines().filter(|line| !line.contains("null")).collect();
        assert_eq!(pairs.len(), 600 * 300);
        assert_eq!(pairs.last(), Some(&"+I x 599 x 299"));
    }
    Ok(())
}
