//! Tables of joins by event time.

use super::{IntervalJoinFactory, TemporalJoinFactory};
use crate::base::Result;
use crate::data::{DataType, LogicalType, Value};
use crate::expr::{Expr, Zone, call};
use crate::operators::OperatorFactory;
use crate::operators::harness::{check_forgets, check_told, check_two, keys, schema};
use crate::operators::join::{JoinKind, JoinSpec};

fn join(kind: JoinKind) -> JoinSpec {
    let inputs = [schema("k STRING, ts ROWTIME"), schema("k STRING, v INT, ts ROWTIME")];
    JoinSpec {
        kind,
        keys: [keys(&inputs[0], "k"), keys(&inputs[1], "k")],
        null_meets_null: vec![false],
        condition: None,
        output: schema("k STRING, ts ROWTIME, k0 STRING, v INT, ts0 ROWTIME"),
        inputs,
        zone: Zone::default(),
    }
}

fn versions(kind: JoinKind) -> TemporalJoinFactory {
    TemporalJoinFactory { join: join(kind), times: [1, 2], ttl: 0 }
}

fn near(kind: JoinKind, lower: i64, upper: i64) -> IntervalJoinFactory {
    IntervalJoinFactory { join: join(kind), times: [1, 2], lower, upper }
}

fn steps(factory: &dyn OperatorFactory, steps: &[(&str, &str)]) {
    let [left, right] = join(JoinKind::Inner).inputs;
    check_two(factory, [&left, &right], steps);
}

#[test]
fn a_row_meets_the_version_of_its_time() {
    steps(
        &versions(JoinKind::Left),
        &[
            ("right +I a 1 10\nright +I a 2 20\n+I a 15\n+I a 25\n+I b 12", ""),
            ("watermark 20", "+I a 15 a 1 10\n+I b 12 null null null\nwatermark 20"),
            ("restore\nright -D a 2 30\n+I a 31", ""),
            ("watermark 40", "+I a 25 a 2 20\n+I a 31 null null null\nwatermark 40"),
        ],
    );
}

#[test]
fn rows_near_in_time_meet_and_others_go_out_alone() {
    steps(
        &near(JoinKind::Full, -10, 0),
        &[
            ("+I a 100\nright +I a 1 105", "+I a 100 a 1 105"),
            ("right +I a 2 111\n+I b 50", ""),
            ("restore\nwatermark 70", "+I b 50 null null null\nwatermark 60"),
            ("watermark 200", "+I null null a 2 111\nwatermark 190"),
        ],
    );
}

#[test]
fn rows_wait_for_their_clean_up_and_late_ones_meet_them_until_then() {
    steps(
        &near(JoinKind::Left, -10, 0),
        &[
            ("+I a 100\n+I a 101", ""),
            // Expired from 111 on, looked through at 116.
            ("watermark 115", "watermark 105"),
            ("right +I a 1 105", "+I a 100 a 1 105\n+I a 101 a 1 105"),
            ("right +I a 2 105", ""),
            ("+I a 90", "+I a 90 null null null"),
            ("watermark 116", "watermark 106"),
        ],
    );
}

#[test]
fn null_meets_nothing_and_neither_does_a_row_without_an_interval() {
    let null = "+I null 100\nright +I null 1 100";
    let alone = "+I null 100 null null null\n+I null null null 1 100";
    steps(
        &near(JoinKind::Full, -10, 10),
        &[(null, ""), ("watermark 200", &format!("{alone}\nwatermark 190"))],
    );
    steps(&near(JoinKind::Full, 5, 1), &[(null, alone)]);
    let left = "+I null 100 null null null\nwatermark 200";
    steps(&versions(JoinKind::Left), &[(null, ""), ("watermark 200", left)]);
}

#[test]
fn a_pair_has_to_fulfil_the_condition() -> Result<()> {
    let int = DataType::nullable(LogicalType::Int);
    let one = Expr::literal(Value::Int(1), int.clone());
    let condition = Some(call(">", vec![Expr::column(3, int), one])?);
    let (mut near, mut valid) = (near(JoinKind::Left, 0, 5), versions(JoinKind::Left));
    near.join.condition.clone_from(&condition);
    valid.join.condition = condition;
    let rows = "+I a 100\n+I b 100\nright +I a 1 100\nright +I b 2 100";
    let (met, alone) = ("+I b 100 b 2 100", "+I a 100 null null null");
    steps(&near, &[(rows, met), ("watermark 200", &format!("{alone}\nwatermark 195"))]);
    steps(&valid, &[(rows, ""), ("watermark 200", &format!("{alone}\n{met}\nwatermark 200"))]);
    Ok(())
}

#[test]
fn what_time_has_passed_by_is_forgotten() {
    let [left, right] = join(JoinKind::Inner).inputs;
    let (old, new) = ("+I a 100\nright +I a 1 105", "watermark 300\n+I b 400\nright +I b 1 400");
    check_forgets(&near(JoinKind::Full, -10, 10), [&left, &right], old, new);
    check_forgets(&versions(JoinKind::Left), [&left, &right], "+I a 100\n+I b 100", new);
}

#[test]
fn the_trace_tells_how_many_rows_of_each_input_are_held() {
    let [left, right] = join(JoinKind::Inner).inputs;
    check_told(
        &near(JoinKind::Inner, -10, 10),
        [&left, &right],
        "+I a 100\nright +I a 1 105\nwatermark 300",
        &[
            "join a:  -> left=1 right=0",
            "join a: left=1 right=0 -> left=1 right=1",
            "join a: left=1 right=1 -> ",
        ],
    );
}

#[test]
fn versions_that_nobody_asks_for_expire() {
    let expiring = TemporalJoinFactory { ttl: 100, ..versions(JoinKind::Left) };
    steps(
        &expiring,
        &[
            ("time 0\nright +I a 1 10\nright +I b 1 10", ""),
            // The watermark comes by the versions with less than 100 ms left: their end is put off, to 210.
            ("time 60\n+I a 20\nwatermark 20", "+I a 20 a 1 10\nwatermark 20"),
            ("time 150\n+I a 30\nwatermark 30", "+I a 30 a 1 10\nwatermark 30"),
            (
                "time 210\n+I a 40\n+I b 40\nwatermark 40",
                "+I a 40 a 1 10\n+I b 40 null null null\nwatermark 40",
            ),
            ("time 400\n+I a 50\nwatermark 50", "+I a 50 null null null\nwatermark 50"),
        ],
    );
    let [left, right] = join(JoinKind::Inner).inputs;
    let old = "right +I a 1 10\n+I c 100";
    check_forgets(&expiring, [&left, &right], old, "time 200\n+I b 400\nright +I b 1 400");
}
