//! Every key that a real Flink was asked about, and the laws of the arithmetic.

use proptest::prelude::*;

use super::*;
use crate::data::{Field, Row, Schema};
use crate::data::{LogicalType, rows_to_batch};

const KEY_GROUPS: &str = include_str!("../../../tests/conformance/key_groups.csv");

fn data_type(name: &str) -> DataType {
    DataType::nullable(match name {
        "STRING" => LogicalType::STRING,
        "INT" => LogicalType::Int,
        "BIGINT" => LogicalType::BigInt,
        "BOOLEAN" => LogicalType::Boolean,
        "DOUBLE" => LogicalType::Double,
        "DATE" => LogicalType::Date,
        "TIMESTAMP(3)" => LogicalType::timestamp(3),
        "TIMESTAMP(6)" => LogicalType::timestamp(6),
        "DECIMAL(10;2)" => LogicalType::Decimal { precision: 10, scale: 2 },
        "DECIMAL(30;2)" => LogicalType::Decimal { precision: 30, scale: 2 },
        other => panic!("unknown type {other}"),
    })
}

fn value(data_type: &DataType, text: &str) -> Value {
    if text == "<NULL>" {
        return Value::Null;
    }
    match &data_type.logical {
        LogicalType::Int => Value::Int(text.parse().unwrap()),
        LogicalType::BigInt => Value::BigInt(text.parse().unwrap()),
        LogicalType::Boolean => Value::Boolean(text == "TRUE"),
        LogicalType::Double => Value::Double(text.parse().unwrap()),
        LogicalType::Date => Value::Date(19_723),
        LogicalType::Timestamp { precision: 3, .. } => Value::Timestamp(1_704_067_200_000, 0),
        LogicalType::Timestamp { .. } => Value::Timestamp(1_704_067_200_123, 456_000),
        LogicalType::Decimal { .. } => Value::Decimal(text.replace('.', "").parse().unwrap(), 2),
        _ => text.into(),
    }
}

#[test]
fn keys_live_where_flink_puts_them() {
    let mut lines = csv::Reader::from_reader(KEY_GROUPS.as_bytes());
    let mut seen = 0;
    for line in lines.records() {
        let line = line.unwrap();
        let names: Vec<&str> = line[1].split('+').collect();
        let types: Vec<DataType> = names.iter().map(|n| data_type(n)).collect();
        let texts: Vec<&str> =
            if names.len() > 1 { line[2].split('|').collect() } else { vec![&line[2]] };
        let key: Vec<Value> = types.iter().zip(&texts).map(|(t, v)| value(t, v)).collect();
        let hash = match &line[0] {
            "datastream" => java_hash_code(&key[0]),
            _ => sql_hash(&types, &key),
        };
        let number = |i: usize| line[i].parse::<i64>().unwrap();
        assert_eq!(i64::from(hash), number(3), "hash of {line:?}");
        let group = key_group(hash, DEFAULT_KEY_GROUPS);
        assert_eq!(i64::from(group), number(4), "key group of {line:?}");
        for (parallelism, column) in [(2, 5), (3, 6), (4, 7)] {
            let index = operator_index(group, parallelism, DEFAULT_KEY_GROUPS);
            assert_eq!(i64::from(index), number(column), "subtask of {line:?}");
        }
        seen += 1;
    }
    assert_eq!(seen, KEY_GROUPS.lines().count() - 1);
}

proptest! {
    #[test]
    fn ranges_part_the_key_groups(parallelism in 1u32..200, groups in 1u16..300) {
        let mut next = 0;
        for index in 0..parallelism {
            for group in key_group_range(index, parallelism, groups) {
                prop_assert_eq!(group, next);
                prop_assert_eq!(operator_index(group, parallelism, groups), index);
                next += 1;
            }
        }
        prop_assert_eq!(next, groups);
    }

    #[test]
    fn columns_hash_as_rows(numbers in prop::collection::vec(any::<Option<i64>>(), 1..20)) {
        let types = [DataType::nullable(LogicalType::BigInt)];
        let schema = Schema::new(vec![Field::new("k", types[0].clone())]);
        let value = |n: &Option<i64>| n.map_or(Value::Null, Value::BigInt);
        let rows: Vec<Row> = numbers.iter().map(|n| Row::insert(vec![value(n)])).collect();
        let batch = rows_to_batch(&schema, &rows).unwrap();
        let hashes: Vec<i32> = rows.iter().map(|r| sql_hash(&types, &r.fields)).collect();
        prop_assert_eq!(hash_columns(&batch, &[0], &types), hashes);
    }
}
