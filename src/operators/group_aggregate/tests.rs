//! What each row answers, table by table.

use super::super::harness::{Harness, aggregate, check, check_forgets, check_told, keys, schema};
use super::local::LocalGroupAggregateFactory;
use super::*;
use crate::base::{JobId, SubtaskId, VertexId};
use crate::data::Value;
use crate::trace::{EventKind, Level};

fn factory(key: &str, calls: &[(&str, &str)], retracting: bool) -> GroupAggregateFactory {
    let input = input();
    let keys = keys(&input, key);
    let aggregates: Vec<Aggregate> =
        calls.iter().map(|(name, arg)| aggregate(&input, name, arg)).collect();
    let output = Schema::new(
        keys.columns
            .iter()
            .map(|c| input.fields()[*c].clone())
            .chain(
                aggregates
                    .iter()
                    .map(|a| crate::data::Field::new(a.name.to_string(), a.call.data_type.clone())),
            )
            .collect(),
    );
    GroupAggregateFactory {
        keys,
        aggregates,
        output,
        retracting,
        merges: None,
        update_before: true,
        bundle: None,
        ttl: 0,
    }
}

fn input() -> Schema {
    schema("k STRING, v BIGINT")
}

#[test]
fn each_row_answers_with_its_change() {
    let factory = factory("k", &[("SUM", "v"), ("COUNT", "*")], false);
    check(
        &factory,
        &input(),
        &[
            ("+I a 1\n+I b 2\n+I a 3", "+I a 1 1\n+I b 2 1\n-U a 1 1\n+U a 4 2"),
            ("restore\n+I b 5\n+I a null", "-U b 2 1\n+U b 7 2\n-U a 4 2\n+U a 4 3"),
            ("+I null 1\n+I null 1", "+I null 1 1\n-U null 1 1\n+U null 2 2"),
            ("watermark 7", "watermark 7"),
        ],
    );
}

#[test]
fn no_change_is_no_answer() {
    let factory = factory("k", &[("MAX", "v")], false);
    let steps = [("+I a 5\n+I a 3\n+I a 5\n+I a 6", "+I a 5\n-U a 5\n+U a 6")];
    check(&factory, &input(), &steps);
}

#[test]
fn distinct_is_a_group_without_aggregates() {
    check(&factory("k", &[], false), &input(), &[("+I a 1\n+I a 2\n+I b 1", "+I a\n+I b")]);
}

#[test]
fn one_group_without_a_key() {
    let factory = factory("", &[("COUNT", "*")], false);
    check(&factory, &input(), &[("", ""), ("+I a 1\n+I b 1", "+I 1\n-U 1\n+U 2"), ("end", "")]);
}

#[test]
fn what_is_taken_away_changes_back() {
    let factory = factory("k", &[("SUM", "v"), ("MIN", "v")], true);
    check(
        &factory,
        &input(),
        &[
            ("-D a 9", ""),
            (
                "+I a 1\n+I a 2\n-U a 1\n+U a 5",
                "+I a 1 1\n-U a 1 1\n+U a 3 1\n-U a 3 1\n+U a 2 2\n-U a 2 2\n+U a 7 2",
            ),
            ("restore\n-D a 2\n-D a 5\n+I a 4", "-U a 7 2\n+U a 5 5\n-D a 5 5\n+I a 4 4"),
        ],
    );
}

#[test]
fn updates_without_their_old_value() {
    let factory =
        GroupAggregateFactory { update_before: false, ..factory("k", &[("COUNT", "*")], false) };
    check(&factory, &input(), &[("+I a 1\n+I a 1\n+I a 1", "+I a 1\n+U a 2\n+U a 3")]);
}

#[test]
fn state_moves_with_its_key_groups() -> Result<()> {
    let factory = factory("k", &[("COUNT", "*")], false);
    let rows = "+I a 1\n+I b 1\n+I c 1\n+I d 1\n+I e 1\n+I f 1";
    let mut whole = Harness::new(&factory, &input(), 4096, Level::Off);
    whole.run(rows)?;
    let snapshot = whole.snapshot()?;
    let mut continued = Vec::new();
    for index in 0..2 {
        let id = SubtaskId { job: JobId(0), vertex: VertexId(0), index };
        let subtask = SubtaskInfo { id, parallelism: 2, max_parallelism: 128, seed: 1 };
        let mut half = Harness::of_subtask(&factory, &input(), 1, Level::Off, subtask);
        half.restore(std::slice::from_ref(&snapshot))?;
        // A key that this half does not own begins anew: it has no state for it.
        let answer = half.run(rows)?;
        continued.extend(answer.lines().filter(|l| l.starts_with("+U")).map(str::to_owned));
    }
    continued.sort_unstable();
    assert_eq!(continued, ["+U a 2", "+U b 2", "+U c 2", "+U d 2", "+U e 2", "+U f 2"]);
    Ok(())
}

#[test]
fn the_trace_names_values_and_causes() -> Result<()> {
    let factory = factory("k", &[("COUNT", "*")], false);
    let mut harness = Harness::new(&factory, &input(), 4096, Level::Records);
    harness.run("+I a 1\n+I a 2")?;
    let count = |n: i64| vec![("COUNT".into(), Value::BigInt(n))];
    let (mut changes, mut causes) = (Vec::new(), Vec::new());
    for event in harness.events() {
        match event.kind {
            EventKind::StateChanged(change) => {
                changes.push((change.before, change.after, change.cause.map(|c| c.sequence())));
            }
            EventKind::RecordsEmitted { batch, causes: of, .. } => {
                causes.push((batch.len(), format!("{of:?}")));
            }
            _ => {}
        }
    }
    assert_eq!(changes, [(vec![], count(1), Some(1)), (count(1), count(2), Some(2))]);
    let cause = |n: u64| format!("Records([{:?}])", crate::base::RecordId::new(1, n));
    assert_eq!(causes, [(1, cause(1)), (2, cause(2))]);
    Ok(())
}

proptest::proptest! {
    /// Materialized, the changelog is what a batch job would answer.
    #[test]
    fn the_changelog_sums_up(rows in proptest::collection::vec((0..5_i64, -9..9_i64), 0..60)) {
        let factory = factory("k", &[("SUM", "v"), ("COUNT", "*")], true);
        let mut kept: Vec<(i64, i64)> = Vec::new();
        let mut script = String::new();
        for (k, v) in rows {
            // A row that is there already is taken away, any other is added.
            match kept.iter().position(|r| *r == (k, v)) {
                Some(at) => { kept.remove(at); script += &format!("-D k{k} {v}\n"); }
                None => { kept.push((k, v)); script += &format!("+I k{k} {v}\n"); }
            }
        }
        let mut expected: std::collections::BTreeMap<String, (i64, i64)> = Default::default();
        for (k, v) in kept {
            let entry = expected.entry(format!("k{k}")).or_default();
            *entry = (entry.0 + v, entry.1 + 1);
        }
        let expected: Vec<String> =
            expected.into_iter().map(|(k, (sum, count))| format!("{k} {sum} {count}")).collect();
        for size in [1, 7, 4096] {
            let mut harness = Harness::new(&factory, &input(), size, Level::Off);
            let mut table: Vec<String> = Vec::new();
            for line in harness.run(&script).unwrap().lines() {
                let (kind, row) = line.split_once(' ').unwrap();
                if kind.starts_with('+') {
                    table.push(row.to_owned());
                } else {
                    let at = table.iter().position(|r| r == row).expect("a row to take away");
                    table.remove(at);
                }
            }
            table.sort_unstable();
            proptest::prop_assert_eq!(&table, &expected);
        }
    }
}

#[test]
fn a_bundle_answers_once_a_key() {
    let bundled = |size, retracting| GroupAggregateFactory {
        bundle: Some(size),
        ..factory("k", &[("SUM", "v")], retracting)
    };
    check(
        &bundled(3, false),
        &input(),
        &[
            ("+I a 1\n+I b 2", ""),
            ("+I a 3\n+I a 5", "+I a 4\n+I b 2"),
            ("watermark 7", "-U a 4\n+U a 9\nwatermark 7"),
            ("+I b 1\nrestore", "-U b 2\n+U b 3"),
            ("+I b 0\nend", ""),
        ],
    );
    check(
        &bundled(100, true),
        &input(),
        &[
            ("+I a 1\n-D a 1\n+I b 2\n-D c 9\nwatermark 1", "+I b 2\nwatermark 1"),
            ("-U b 2\n+U b 5\nwatermark 2", "-U b 2\n+U b 5\nwatermark 2"),
            ("-D b 5\nend", "-D b 5"),
        ],
    );
}

/// The first phase of [`factory`], whose columns behind the key are `columns`.
fn local(calls: &[(&str, &str)], columns: &str, retracting: bool) -> LocalGroupAggregateFactory {
    let of = factory("k", calls, retracting);
    let all = of.aggregates.iter().enumerate().flat_map(|(position, aggregate)| {
        let buffers = aggregate.call.buffers(retracting).unwrap_or_default();
        (0..buffers.len()).map(move |place| (position, place))
    });
    LocalGroupAggregateFactory {
        columns: all.collect(),
        keys: of.keys,
        aggregates: of.aggregates,
        output: schema(&format!("k STRING, {columns}")),
        retracting,
        bundle: 3,
    }
}

#[test]
fn one_row_a_key_travels_and_is_merged() {
    let calls = [("SUM", "v"), ("COUNT", "*"), ("MAX", "v")];
    let local = local(&calls, "s BIGINT, n BIGINT, m BIGINT", false);
    check(
        &local,
        &input(),
        &[
            ("+I a 1\n+I b null", ""),
            ("+I a 3\n+I a 5", "+I a 4 2 3\n+I b null 1 null"),
            ("watermark 7", "+I a 5 1 5\nwatermark 7"),
            ("+I b 1\nrestore", "+I b 1 1 1"),
            ("+I b 0\nend", "+I b 0 1 0"),
        ],
    );
    let mut global = factory("k", &calls, false);
    for (column, aggregate) in global.aggregates.iter_mut().enumerate() {
        aggregate.args = vec![column + 1];
    }
    let global =
        GroupAggregateFactory { merges: Some(Merges { count: None }), bundle: Some(3), ..global };
    check(
        &global,
        &local.output,
        &[
            ("+I a 4 2 3\n+I b null 1 null\n+I a 5 1 5", "+I a 9 3 5\n+I b null 1 null"),
            ("+I b 1 1 1\nrestore", "-U b null 1 null\n+U b 1 2 1"),
            ("+I a 0 1 2\nend", "-U a 9 3 5\n+U a 9 4 5"),
        ],
    );
}

#[test]
fn what_is_taken_away_travels_too() {
    let local = local(&[("SUM", "v"), ("COUNT", "*")], "s BIGINT, c BIGINT, n BIGINT", true);
    check(
        &local,
        &input(),
        &[("-U a 1\n+U a 3\n-D b 2", "+I a 2 0 0\n+I b -2 -1 -1"), ("+I a 7\nend", "+I a 7 1 1")],
    );
    let mut global = factory("k", &[("SUM", "v"), ("COUNT", "*")], true);
    global.aggregates[0].args = vec![1, 2];
    global.aggregates[1].args = vec![3];
    let global = GroupAggregateFactory {
        merges: Some(Merges { count: Some(3) }),
        bundle: Some(2),
        ..global
    };
    check(
        &global,
        &local.output,
        &[
            ("+I a 1 1 1\n+I b 2 1 1", "+I a 1 1\n+I b 2 1"),
            ("+I a 2 0 0\n+I b -2 -1 -1", "-U a 1 1\n+U a 3 1\n-D b 2 1"),
            ("restore\n+I a -3 -1 -1\nend", "-D a 3 1"),
        ],
    );
}

#[test]
fn keys_expire() {
    let expiring = |bundle, retracting| GroupAggregateFactory {
        ttl: 100,
        bundle,
        ..factory("k", &[("SUM", "v")], retracting)
    };
    check(
        &expiring(None, false),
        &input(),
        &[
            ("time 0\n+I a 1\n+I b 1", "+I a 1\n+I b 1"),
            ("time 60\n+I a 1", "-U a 1\n+U a 2"),
            ("time 100\n+I b 5\n+I a 5", "+I b 5\n-U a 2\n+U a 7"),
            // A checkpoint keeps since when.
            ("time 150\n+I b 1\nrestore", "-U b 5\n+U b 6"),
            ("time 200\n+I a 1\n+I b 1", "+I a 1\n-U b 6\n+U b 7"),
            // Who reads the answer learns that the key lives, though its value stays.
            ("time 220\n+I b 0", "-U b 7\n+U b 7"),
            ("time 320\n+I a 1\n+I c 1\n+I b 1", "+I a 1\n+I c 1\n+I b 1"),
        ],
    );
    check(
        &expiring(None, true),
        &input(),
        &[
            ("time 0\n+I a 1\n+I b 1\n-D b 1", "+I a 1\n+I b 1\n-D b 1"),
            ("time 100\n-D a 1\n+I b 2", "+I b 2"),
            ("time 199\n-U b 2\n+U b 3\n-D c 1", "-D b 2\n+I b 3"),
            ("time 298\n-D b 3", "-D b 3"),
        ],
    );
    check(
        &expiring(Some(100), false),
        &input(),
        &[
            ("time 0\n+I a 1\nwatermark 1", "+I a 1\nwatermark 1"),
            ("time 99\n+I a 0\nwatermark 2", "-U a 1\n+U a 1\nwatermark 2"),
            // It counts when the bundle goes, not when its rows came.
            ("time 198\n+I a 2\ntime 199\nwatermark 3", "+I a 2\nwatermark 3"),
        ],
    );
}

#[test]
fn what_expired_is_freed() {
    for (bundle, retracting) in [(None, false), (None, true), (Some(1), false)] {
        let of = factory("k", &[("SUM", "v")], retracting);
        let factory = GroupAggregateFactory { ttl: 100, bundle, ..of };
        check_forgets(&factory, [&input(), &input()], "+I a 1\n+I b 2", "time 100\n+I c 3");
    }
}

#[test]
fn the_trace_tells_what_a_bundle_changes() {
    let bundled = GroupAggregateFactory { bundle: Some(2), ..factory("k", &[("SUM", "v")], false) };
    let told = ["accState a:  -> SUM=3", "accState a: SUM=3 -> SUM=7", "accState b:  -> SUM=5"];
    let rows = "+I a 1\n+I a 2\n+I a 4\n+I b 5";
    check_told(&bundled, [&input(), &input()], rows, &told);
}
