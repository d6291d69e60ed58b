//! Aggregates as tables: rows in, the result of their group before and after each row.

use arrow::array::{ArrayRef, BooleanArray};
use proptest::prelude::*;

use super::{Accumulator, AggregateCall, GroupedRows, aggregate};
use crate::data::arrow::array_of;
use crate::data::print::cell;
use crate::data::zone::Zone;
use crate::data::{DataType, LogicalType, Value, value_at};
use crate::expr::Expr;

fn of(name: &str, logical: LogicalType) -> AggregateCall {
    let argument = Expr::column(0, DataType::nullable(logical));
    aggregate(name, vec![argument], false, None, true).unwrap()
}

fn ints(values: &[Option<i32>]) -> ArrayRef {
    let values: Vec<Value> = values.iter().map(|v| v.map_or(Value::Null, Value::Int)).collect();
    array_of(&DataType::nullable(LogicalType::Int), &values).unwrap()
}

fn cells(array: &ArrayRef, data_type: &DataType) -> Vec<String> {
    let cell = |row| cell(&value_at(array, data_type, row), data_type, &Zone::default());
    (0..array.len()).map(cell).collect()
}

/// Accumulates rows (group, `+` or `-`, value) and gives `before>after` for each.
fn running(call: &AggregateCall, retracts: bool, rows: &[(u32, char, Option<i32>)]) -> String {
    let mut accumulator = call.accumulator(retracts).unwrap();
    accumulator.grow(3);
    let groups: Vec<u32> = rows.iter().map(|r| r.0).collect();
    let signs: Vec<bool> = rows.iter().map(|r| r.1 == '-').collect();
    let args = [ints(&rows.iter().map(|r| r.2).collect::<Vec<_>>())];
    let retracted = retracts.then_some(signs.as_slice());
    let rows = GroupedRows { groups: &groups, args: &args, filter: None, retracts: retracted };
    let column = accumulator.accumulate_running(rows).unwrap();
    let cells = cells(&column, &call.data_type);
    let pairs = cells.chunks(2).map(|pair| pair.join(">"));
    pairs.collect::<Vec<_>>().join(" ").replace("<NULL>", "_")
}

#[test]
fn results_follow_each_row() {
    let rows =
        [(0, '+', Some(1)), (1, '+', Some(9)), (0, '+', None), (0, '+', Some(2)), (2, '+', None)];
    let cases = [
        ("COUNT", "0>1 0>1 1>1 1>2 0>0"),
        ("SUM", "_>1 _>9 1>1 1>3 _>_"),
        ("AVG", "_>1 _>9 1>1 1>1 _>_"),
        ("MIN", "_>1 _>9 1>1 1>1 _>_"),
        ("MAX", "_>1 _>9 1>1 1>2 _>_"),
        ("FIRST_VALUE", "_>1 _>9 1>1 1>1 _>_"),
        ("LAST_VALUE", "_>1 _>9 1>1 1>2 _>_"),
    ];
    for (name, expected) in cases {
        let call = of(name, LogicalType::Int);
        assert_eq!(running(&call, false, &rows), expected, "{name}");
        assert_eq!(running(&call, true, &rows), expected, "{name}, with retraction");
    }
}

#[test]
fn rows_can_be_taken_away() {
    let rows = [(0, '+', Some(5)), (0, '+', Some(7)), (0, '-', Some(7)), (0, '-', Some(5))];
    let cases = [
        ("COUNT", "0>1 1>2 2>1 1>0"),
        ("SUM", "_>5 5>12 12>5 5>_"),
        ("AVG", "_>5 5>6 6>5 5>_"),
        ("MAX", "_>5 5>7 7>5 5>_"),
        ("LAST_VALUE", "_>5 5>7 7>5 5>_"),
    ];
    for (name, expected) in cases {
        assert_eq!(running(&of(name, LogicalType::Int), true, &rows), expected, "{name}");
    }
}

#[test]
fn equal_values_count_once_with_distinct() {
    let argument = Expr::column(0, DataType::nullable(LogicalType::Int));
    let call = aggregate("COUNT", vec![argument], true, None, true).unwrap();
    let rows = [(0, '+', Some(5)), (0, '+', Some(5)), (0, '-', Some(5)), (0, '-', Some(5))];
    assert_eq!(running(&call, true, &rows), "0>1 1>1 1>1 1>0");
}

#[test]
fn sums_of_int_wrap_and_filters_leave_rows_out() {
    let call = of("SUM", LogicalType::Int);
    let rows = [(0, '+', Some(i32::MAX)), (0, '+', Some(1))];
    assert_eq!(running(&call, false, &rows), "_>2147483647 2147483647>-2147483648");
    let mut accumulator = call.accumulator(false).unwrap();
    accumulator.grow(1);
    let filter = BooleanArray::from(vec![Some(true), None, Some(false)]);
    let args = [ints(&[Some(1), Some(10), Some(100)])];
    let rows =
        GroupedRows { groups: &[0, 0, 0], args: &args, filter: Some(&filter), retracts: None };
    accumulator.accumulate(rows).unwrap();
    assert_eq!(cells(&accumulator.evaluate(&[0]).unwrap(), &call.data_type), ["1"]);
}

#[test]
fn types_of_results_are_flinks() {
    let decimal = |precision, scale| LogicalType::Decimal { precision, scale };
    let cases = [
        ("COUNT", LogicalType::STRING, "BIGINT NOT NULL"),
        ("SUM", LogicalType::TinyInt, "TINYINT"),
        ("SUM", LogicalType::Float, "FLOAT"),
        ("SUM", decimal(10, 2), "DECIMAL(38, 2)"),
        ("AVG", LogicalType::Int, "INT"),
        ("AVG", decimal(10, 2), "DECIMAL(38, 6)"),
        ("MIN", LogicalType::Varchar(5), "VARCHAR(5)"),
        ("LAST_VALUE", LogicalType::timestamp(3), "TIMESTAMP(3)"),
    ];
    for (name, logical, expected) in cases {
        assert_eq!(of(name, logical).data_type.to_string(), expected, "{name}");
    }
    let text = Expr::column(0, DataType::nullable(LogicalType::STRING));
    let error = aggregate("SUM", vec![text], false, None, true).unwrap_err();
    assert_eq!((error.code(), error.get("types")), ("function-arguments", Some("STRING")));
}

const NAMES: [&str; 11] = [
    "APPROX_COUNT_DISTINCT",
    "AVG",
    "COLLECT",
    "COUNT",
    "FIRST_VALUE",
    "LAST_VALUE",
    "MAX",
    "MIN",
    "STDDEV_POP",
    "SUM",
    "VAR_SAMP",
];

fn add(accumulator: &mut dyn Accumulator, values: &[Option<i32>], takes_away: bool) {
    let groups = vec![0; values.len()];
    let signs = vec![takes_away; values.len()];
    let args = [ints(values)];
    let rows = GroupedRows { groups: &groups, args: &args, filter: None, retracts: Some(&signs) };
    accumulator.accumulate(rows).unwrap();
}

/// Values of three groups, of which the others are then merged into the first.
fn merged(call: &AggregateCall, values: &[Option<i32>]) -> Box<dyn Accumulator> {
    let mut accumulator = call.accumulator(true).unwrap();
    accumulator.grow(3);
    let groups: Vec<u32> = (0..values.len()).map(|row| (row * 3 / values.len()) as u32).collect();
    let args = [ints(values)];
    let rows = GroupedRows { groups: &groups, args: &args, filter: None, retracts: None };
    accumulator.accumulate(rows).unwrap();
    accumulator.merge(&[0, 0], &[1, 2]).unwrap();
    accumulator
}

/// Values of which the second half travels, where they can.
fn travelled(
    call: &AggregateCall,
    values: &[Option<i32>],
    retracts: bool,
) -> Option<Box<dyn Accumulator>> {
    let buffers = call.buffers(retracts)?;
    let half = |values: &[Option<i32>]| {
        let mut accumulator = call.accumulator(retracts).unwrap();
        accumulator.grow(2);
        add(accumulator.as_mut(), values, false);
        accumulator
    };
    let (first, second) = values.split_at(values.len() / 2);
    let (mut into, from) = (half(first), half(second));
    if let Some(columns) = from.pack(&[0], &buffers).unwrap() {
        assert_eq!(columns.len(), buffers.len());
        assert!(into.merge_packed(&[0], &columns).unwrap());
        return Some(into);
    }
    let columns = call.packed(std::iter::once(from.state(0)), retracts).unwrap();
    for state in call.unpacked(&columns, 1, retracts).unwrap().into_iter().flatten() {
        into.restore(1, &state).unwrap();
        into.merge(&[0], &[1]).unwrap();
    }
    Some(into)
}

proptest! {
    /// What was added and taken away again leaves nothing, and a restored group goes on as it was.
    #[test]
    fn state_is_all_there_is(
        kept in prop::collection::vec(any::<Option<i32>>(), 0..8),
        passing in prop::collection::vec(any::<Option<i32>>(), 0..8),
        name in prop::sample::select(&NAMES[..]),
        distinct in any::<bool>(),
    ) {
        let call = AggregateCall { distinct, ..of(name, LogicalType::Int) };
        let fresh = || {
            let mut accumulator = call.accumulator(true).unwrap();
            accumulator.grow(1);
            accumulator
        };
        let mut plain = fresh();
        add(plain.as_mut(), &kept, false);
        let mut busy = fresh();
        add(busy.as_mut(), &passing, false);
        add(busy.as_mut(), &passing, true);
        add(busy.as_mut(), &kept, false);
        let mut restored = fresh();
        restored.restore(0, &busy.state(0)).unwrap();
        let result = |a: &dyn Accumulator| cells(&a.evaluate(&[0]).unwrap(), &call.data_type);
        prop_assert_eq!(result(plain.as_ref()), result(busy.as_ref()));
        prop_assert_eq!(result(plain.as_ref()), result(merged(&call, &kept).as_ref()));
        prop_assert_eq!(plain.state(0), restored.state(0));
        for retracts in [false, true] {
            if let Some(travelled) = travelled(&call, &kept, retracts) {
                prop_assert_eq!(result(plain.as_ref()), result(travelled.as_ref()), "{}", retracts);
            }
        }
    }
}
