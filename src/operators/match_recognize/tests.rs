//! Matches as tables.

use super::*;
use crate::expr::{Expr, call};
use crate::operators::harness::{check, check_told, keys, schema};

fn input() -> Schema {
    schema("k STRING, v INT, ts ROWTIME")
}

fn last(item: usize) -> Slot {
    Slot::Row { item: Some(item), column: 1, first: false, offset: 0 }
}

/// A comparison of two slots.
fn compare(name: &str, left: Slot, right: Slot) -> MatchExpr {
    let column = |c| Expr::column(c, input().fields()[1].data_type.clone());
    let expr = call(name, vec![column(0), column(1)]).expect("a comparison");
    MatchExpr { expr, slots: vec![left, right] }
}

fn measure(slot: Slot) -> MatchExpr {
    let expr = Expr::column(0, input().fields()[1].data_type.clone());
    MatchExpr { expr, slots: vec![slot] }
}

/// `A` any row, `B` rows that rise, `C` one that falls.
fn rising(items: [Item; 3], skip: Skip) -> MatchFactory {
    let before = |item| Slot::Row { item, column: 1, first: false, offset: 1 };
    MatchFactory {
        partition: keys(&input(), "k"),
        time: MatchTime::Event(2),
        order: vec![SortKey { column: 2, descending: false, nulls_first: true }],
        items: items.to_vec(),
        defines: vec![
            None,
            Some(compare(">", last(1), before(None))),
            Some(compare("<", last(2), before(None))),
        ],
        measures: vec![measure(last(0)), measure(last(1)), measure(last(2))],
        skip,
        within: None,
        input: input(),
        output: schema("k STRING, a INT, b INT, c INT"),
        zone: Zone::default(),
    }
}

const ONCE: Item = Item { min: 1, max: Some(1), greedy: false };
const MANY: Item = Item { min: 1, max: None, greedy: true };

const ROWS: &str = "+I x 1 1\n+I x 2 2\n+I x 3 3\n+I x 2 4\n+I x 5 5\n+I x 4 6";

#[test]
fn runs_that_began_later_are_skipped_or_not() {
    let told = [
        (Skip::PastLastRow, "+I x 1 3 2"),
        (Skip::ToNextRow, "+I x 1 3 2\n+I x 2 3 2\n+I x 2 5 4"),
        (Skip::ToLast(2), "+I x 1 3 2\n+I x 2 5 4"),
        (Skip::ToLast(0), "error match-skip-first"),
    ];
    for (skip, expected) in told {
        let factory = rising([ONCE, MANY, ONCE], skip);
        check(&factory, &input(), &[(ROWS, ""), ("end", expected)]);
    }
}

#[test]
fn a_match_goes_on_over_a_restart_and_late_rows_are_dropped() {
    check(
        &rising([ONCE, MANY, ONCE], Skip::ToNextRow),
        &input(),
        &[
            ("+I x 1 1\n+I x 3 3\n+I x 2 2\nwatermark 3", "watermark 3"),
            ("+I x 0 2\n+I y 1 4", ""),
            ("restore\n+I x 1 4\nwatermark 9", "+I x 1 3 1\n+I x 2 3 1\nwatermark 9"),
        ],
    );
}

#[test]
fn what_lasts_too_long_is_given_up() {
    let factory = rising([ONCE, MANY, ONCE], Skip::ToNextRow);
    let factory = MatchFactory { within: Some(3), ..factory };
    check(&factory, &input(), &[(ROWS, ""), ("end", "+I x 2 3 2\n+I x 2 5 4")]);
}

#[test]
fn aggregates_see_the_rows_of_their_variable() {
    let v = Expr::column(1, input().fields()[1].data_type.clone());
    let sum = crate::expr::aggregate::aggregate("SUM", vec![v], false, None, true);
    let sum = Slot::Aggregate { item: Some(1), call: sum.expect("a call") };
    let factory = MatchFactory {
        measures: vec![measure(sum)],
        output: schema("k STRING, s INT"),
        ..rising([ONCE, MANY, ONCE], Skip::PastLastRow)
    };
    check(&factory, &input(), &[(ROWS, ""), ("end", "+I x 5")]);
}

#[test]
fn the_trace_tells_how_many_matches_have_begun() {
    let factory = rising([ONCE, MANY, ONCE], Skip::PastLastRow);
    check_told(
        &factory,
        [&input(), &input()],
        "+I x 1 1\n+I x 2 2\n+I x 1 3\nend",
        &[
            "nfaStateName x:  -> begun=1",
            "nfaStateName x: begun=1 -> begun=2",
            "nfaStateName x: begun=2 -> ",
        ],
    );
}
