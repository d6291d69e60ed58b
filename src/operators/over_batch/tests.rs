//! Answers as tables.

use super::*;
use crate::operators::harness::{aggregate, check, schema};

fn over(functions: Vec<OverFunction>, columns: &str) -> OverBatchFactory {
    OverBatchFactory {
        partition: vec![0],
        order: vec![SortKey { column: 1, descending: false, nulls_first: true }],
        functions,
        input: schema("k STRING, v INT"),
        output: schema(&format!("k STRING, v INT{columns}")),
    }
}

fn sum(rows: bool, start: Bound, end: Bound) -> OverBatchFactory {
    let sum = aggregate(&schema("k STRING, v INT"), "SUM", "v");
    let frame = Frame { rows, start, end };
    over(vec![OverFunction::Aggregate(Box::new(sum), frame)], ", s INT")
}

/// The last column of the answer.
#[track_caller]
fn answers(factory: &OverBatchFactory, rows: &str, expected: &str) {
    let steps = [(rows, ""), ("restore\nend", expected)];
    check(factory, &factory.input, &steps);
}

const ROWS: &str = "+I b 7\n+I a 2\n+I a 1\n+I a 2\n+I a 5";

#[test]
fn frames_of_rows_and_of_distances() {
    use Bound::{At, UnboundedFollowing, UnboundedPreceding};
    let with = |sums: [i32; 5]| {
        let rows = ["a 1", "a 2", "a 2", "a 5", "b 7"].iter().zip(sums);
        rows.map(|(row, sum)| format!("+I {row} {sum}")).collect::<Vec<_>>().join("\n")
    };
    let cases = [
        (true, UnboundedPreceding, At(0.0), [1, 3, 5, 10, 7]),
        (false, UnboundedPreceding, At(0.0), [1, 5, 5, 10, 7]),
        (false, UnboundedPreceding, UnboundedFollowing, [10, 10, 10, 10, 7]),
        (true, At(-1.0), At(1.0), [3, 5, 9, 7, 7]),
        (true, At(0.0), UnboundedFollowing, [10, 9, 7, 5, 7]),
        (false, At(-1.0), At(0.0), [1, 5, 5, 5, 7]),
        (false, At(0.0), At(3.0), [5, 9, 9, 5, 7]),
    ];
    for (rows, start, end, sums) in cases {
        answers(&sum(rows, start, end), ROWS, &with(sums));
    }
    let behind = sum(true, At(-2.0), At(-1.0));
    answers(&behind, "+I a 1\n+I a 2\n+I a 4", "+I a 1 null\n+I a 2 1\n+I a 4 3");
}

#[test]
fn null_is_near_to_null_alone() {
    let near = sum(false, Bound::At(-1.0), Bound::At(1.0));
    answers(&near, "+I a 1\n+I a null\n+I a 2", "+I a null null\n+I a 1 3\n+I a 2 3");
}

#[test]
fn numbers() {
    let numberings = [
        (Numbering::RowNumber, "BIGINT", ["1", "2", "3", "4"]),
        (Numbering::Rank, "BIGINT", ["1", "2", "2", "4"]),
        (Numbering::DenseRank, "BIGINT", ["1", "2", "2", "3"]),
        (Numbering::PercentRank, "DOUBLE", ["0", "0.3333333333333333", "0.3333333333333333", "1"]),
        (Numbering::CumeDist, "DOUBLE", ["0.25", "0.75", "0.75", "1"]),
        (Numbering::CumeDistByRow, "DOUBLE", ["0.25", "0.5", "0.75", "1"]),
        (Numbering::Ntile(3), "BIGINT", ["1", "1", "2", "3"]),
        (Numbering::Ntile(9), "BIGINT", ["1", "2", "3", "4"]),
    ];
    for (numbering, logical, expected) in numberings {
        let functions = vec![OverFunction::Number(numbering)];
        let factory = over(functions, &format!(", n {logical}"));
        let rows = ["a 1", "a 2", "a 2", "a 3"].iter().zip(expected);
        let expected: Vec<String> = rows.map(|(row, n)| format!("+I {row} {n}")).collect();
        answers(&factory, "+I a 3\n+I a 2\n+I a 2\n+I a 1", &expected.join("\n"));
    }
}

#[test]
fn values_of_other_rows() {
    let lag = |back, default| OverFunction::Lag { value: 1, back, default };
    let functions = vec![lag(1, None), lag(-1, None), lag(2, Some(1))];
    let factory = over(functions, ", p INT, n INT, q INT");
    answers(
        &factory,
        "+I a 1\n+I b 9\n+I a 2",
        "+I a 1 null 2 1\n+I a 2 1 null 2\n+I b 9 null null 9",
    );
}

#[test]
fn many_partitions_answer_in_portions() {
    use Bound::{UnboundedFollowing, UnboundedPreceding};
    let keys = (0..2 * PORTION).map(|n| format!("k{:04}", n / 3)).collect::<Vec<_>>();
    let rows: Vec<String> = keys.iter().map(|key| format!("+I {key} 1")).collect();
    let last = (2 * PORTION - 1) / 3;
    let of_key = |n: usize| if n / 3 == last { 2 * PORTION - 3 * last } else { 3 };
    let sums = keys.iter().enumerate().map(|(n, key)| format!("+I {key} 1 {}", of_key(n)));
    let factory = sum(true, UnboundedPreceding, UnboundedFollowing);
    answers(&factory, &rows.join("\n"), &sums.collect::<Vec<_>>().join("\n"));
}
