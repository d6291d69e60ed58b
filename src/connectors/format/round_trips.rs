//! A law of all formats: what is written is read back, whatever the types and the values.

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;

use super::{Format, Position, all};
use crate::base::Result;
use crate::connectors::files::{Files, MemoryFiles};
use crate::connectors::options::Options;
use crate::data::key::sort_by_bucket;
use crate::data::{
    DataType, Field, LogicalType as L, Row, RowKind, Schema, TimeAttribute, Value, print,
    rows_to_batch,
};

fn any_type() -> BoxedStrategy<L> {
    let attribute = TimeAttribute::None;
    let scalar = prop_oneof![
        Just(L::STRING),
        Just(L::Varchar(7)),
        Just(L::Boolean),
        Just(L::TinyInt),
        Just(L::SmallInt),
        Just(L::Int),
        Just(L::BigInt),
        Just(L::Float),
        Just(L::Double),
        Just(L::Date),
        Just(L::Time(0)),
        Just(L::Time(3)),
        Just(L::Varbinary(L::MAX_LENGTH)),
        Just(L::Binary(3)),
        (1u8..=38).prop_flat_map(|precision| {
            (0..=precision).prop_map(move |scale| L::Decimal { precision, scale })
        }),
        (0u8..=9).prop_map(move |precision| L::Timestamp { precision, attribute }),
        (0u8..=9).prop_map(move |precision| L::TimestampLtz { precision, attribute }),
    ];
    let some = |logical| std::sync::Arc::new(DataType::nullable(logical));
    let nested = scalar.prop_recursive(2, 6, 3, move |inner| {
        let field = |(i, logical)| Field::new(format!("f{i}"), DataType::nullable(logical));
        let row = move |types: Vec<L>| {
            L::Row(Schema::new(types.into_iter().enumerate().map(field).collect()))
        };
        prop_oneof![
            inner.clone().prop_map(move |element| L::Array(some(element))),
            inner.clone().prop_map(move |value| L::Map(some(L::STRING), some(value))),
            vec(inner, 1..3).prop_map(row),
        ]
    });
    nested.boxed()
}

fn any_value(logical: &L) -> BoxedStrategy<Value> {
    // The years 1800 to 2200, which every unit reaches.
    let moment = |precision: u8| {
        let unit = 10_i64.pow(9 - u32::from(precision.min(9)));
        (-5_000_000_000_i64..7_000_000_000, 0..1_000_000_000_i64).prop_map(move |(s, nanos)| {
            let nanos = nanos / unit * unit;
            (s * 1_000 + nanos / 1_000_000, (nanos % 1_000_000) as i32)
        })
    };
    match logical.clone() {
        L::Varchar(most) | L::Char(most) => {
            let length = most.min(30) as usize;
            let character = prop_oneof![
                Just(' '),
                Just(','),
                Just('"'),
                Just('\\'),
                Just('\n'),
                Just('#'),
                any::<char>().prop_filter("not in a line", |c| *c != '\r' && *c != '\0'),
                proptest::char::range('a', 'z'),
            ];
            vec(character, 0..=length)
                .prop_map(|c| c.iter().collect::<String>().as_str().into())
                .boxed()
        }
        L::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
        L::TinyInt => any::<i8>().prop_map(Value::TinyInt).boxed(),
        L::SmallInt => any::<i16>().prop_map(Value::SmallInt).boxed(),
        L::Int => any::<i32>().prop_map(Value::Int).boxed(),
        L::BigInt => any::<i64>().prop_map(Value::BigInt).boxed(),
        L::Float => any::<f32>().prop_map(Value::Float).boxed(),
        L::Double => any::<f64>().prop_map(Value::Double).boxed(),
        L::Date => (-62_000..84_000).prop_map(Value::Date).boxed(),
        L::Time(precision) => {
            let unit = if precision == 0 { 1_000 } else { 1 };
            (0..86_400_000).prop_map(move |t| Value::Time(t / unit * unit)).boxed()
        }
        L::Binary(length) => {
            vec(any::<u8>(), length as usize).prop_map(|b| Value::Bytes(b.into())).boxed()
        }
        L::Varbinary(_) => vec(any::<u8>(), 0..9).prop_map(|b| Value::Bytes(b.into())).boxed(),
        L::Decimal { precision, scale } => {
            let end = 10_i128.pow(precision.into());
            (1 - end..end).prop_map(move |unscaled| Value::Decimal(unscaled, scale)).boxed()
        }
        L::Timestamp { precision, .. } => {
            moment(precision).prop_map(|(ms, ns)| Value::Timestamp(ms, ns)).boxed()
        }
        L::TimestampLtz { precision, .. } => {
            moment(precision).prop_map(|(ms, ns)| Value::TimestampLtz(ms, ns)).boxed()
        }
        L::Array(element) => {
            vec(nullable(&element.logical), 0..4).prop_map(|v| Value::Array(v.into())).boxed()
        }
        L::Map(_, value) => {
            proptest::collection::btree_map("[a-z]{1,3}", nullable(&value.logical), 0..3)
                .prop_map(|m| {
                    let mut entries: Vec<_> = m.into_iter().collect();
                    // JSON gives them in this order.
                    sort_by_bucket(&mut entries, |(key, _)| key);
                    Value::Map(entries.into_iter().map(|(k, v)| (k.as_str().into(), v)).collect())
                })
                .boxed()
        }
        L::Row(schema) => {
            let fields: Vec<_> =
                schema.fields().iter().map(|f| nullable(&f.data_type.logical)).collect();
            fields.prop_map(|v| Value::Row(v.into())).boxed()
        }
        _ => Just(Value::Null).boxed(),
    }
}

fn nullable(logical: &L) -> BoxedStrategy<Value> {
    weighted(0.8, any_value(logical)).prop_map(|v| v.unwrap_or(Value::Null)).boxed()
}

fn any_table() -> BoxedStrategy<(Schema, Vec<Row>)> {
    let schema = vec(any_type(), 1..4).prop_map(|types| {
        let field = |(i, logical)| Field::new(format!("c{i}"), DataType::nullable(logical));
        Schema::new(types.into_iter().enumerate().map(field).collect())
    });
    let table = schema.prop_flat_map(|schema| {
        let row: Vec<_> = schema.fields().iter().map(|f| nullable(&f.data_type.logical)).collect();
        (Just(schema), vec(row.prop_map(Row::insert), 1..6))
    });
    table.boxed()
}

/// What the file gives back, in pieces of `max_rows`, each by a new reader; `None` if the format does
/// not hold the table.
fn round_trip(
    format: &dyn Format,
    schema: &Schema,
    rows: &[Row],
    max_rows: usize,
) -> Result<Option<Vec<String>>> {
    let options: Options = [("csv.null-literal", "\u{1}"), ("raw.charset", "UTF-8")]
        .into_iter()
        .filter(|(key, _)| key.starts_with(format.name()))
        .collect();
    let Ok(writers) = format.writer(&options, schema) else { return Ok(None) };
    let (mut writer, mut bytes) = (writers.create(), Vec::new());
    for rows in rows.chunks(2) {
        writer.write(&rows_to_batch(schema, rows)?, &mut bytes)?;
    }
    writer.finish(&mut bytes)?;
    let files = MemoryFiles::default();
    files.append("/f", &bytes)?;
    let projection: Vec<usize> = (0..schema.len()).collect();
    let factory = format.reader(&options, schema, &projection)?;
    let (mut found, mut position) = (Vec::new(), Position::default());
    loop {
        let mut reader = factory.open("/f", position)?;
        let Some(batch) = reader.read(&files, max_rows)? else { return Ok(Some(found)) };
        found.extend(batch.rows(schema).map(|row| print::java::row(&row)));
        position = reader.position();
    }
}

/// Whether a text form of the table says all of it. In one field of CSV or in a raw line, a NULL, a
/// delimiter or a line end inside is not told from one around.
fn told_apart(format: &dyn Format, schema: &Schema, rows: &[Row]) -> bool {
    let nested = |f: &Field| matches!(f.data_type.logical, L::Array(_) | L::Row(_));
    match format.name() {
        "csv" => !schema.fields().iter().any(nested),
        "raw" => rows.iter().all(|row| match &row.fields[0] {
            Value::Null => false,
            Value::String(text) => !text.contains('\n'),
            Value::Boolean(_) => true,
            _ => false,
        }),
        _ => true,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_is_written_is_read_back((schema, rows) in any_table(), max_rows in 1usize..4) {
        let expected: Vec<String> = rows.iter().map(print::java::row).collect();
        for format in all() {
            if !told_apart(*format, &schema, &rows) {
                continue;
            }
            let found = round_trip(*format, &schema, &rows, max_rows);
            match found.map_err(|e| TestCaseError::fail(format!("{}: {e}", format.name())))? {
                None => prop_assert!(format.name() != "json" || !schema.is_empty()),
                Some(found) => prop_assert_eq!(found, expected.clone(), "{}", format.name()),
            }
        }
    }
}

/// Runs, jumps and NULLs: more of them than fit into one piece of whatever a format packs.
#[test]
fn many_rows_are_read_back() {
    let nullable = DataType::nullable;
    let element = std::sync::Arc::new(nullable(L::SmallInt));
    let types = [L::BigInt, L::Int, L::TinyInt, L::Boolean, L::STRING, L::Array(element)];
    let field = |(i, logical)| Field::new(format!("c{i}"), nullable(logical));
    let schema = Schema::new(types.into_iter().enumerate().map(field).collect());
    let row = |n: i64| {
        let some = |value: Value| if n % 700 > 650 { Value::Null } else { value };
        let elements = (0..n % 4).map(|e| Value::SmallInt((e * n) as i16)).collect::<Vec<_>>();
        Row::insert(vec![
            Value::BigInt(n),
            some(Value::Int((n * n % 1_009 * 1_000_003) as i32)),
            Value::TinyInt((n / 300) as i8),
            some(Value::Boolean(n % 1_000 < 500)),
            some(format!("{}", n / 50).as_str().into()),
            some(Value::Array(elements.into())),
        ])
    };
    let rows: Vec<Row> = (0..9_000).map(row).collect();
    let expected: Vec<String> = rows.iter().map(print::java::row).collect();
    for format in all().iter().filter(|f| !["csv", "raw"].contains(&f.name())) {
        let found = round_trip(*format, &schema, &rows, 2_500).unwrap().unwrap();
        assert!(found == expected, "{}", format.name());
    }
}

#[test]
fn changes_keep_their_kind() {
    let schema = Schema::new(vec![Field::new("c", DataType::nullable(L::Int))]);
    let kinds = [RowKind::Insert, RowKind::Delete];
    let rows = kinds.map(|kind| Row { kind, fields: vec![Value::Int(1)] });
    let expected: Vec<String> = rows.iter().map(print::java::row).collect();
    for format in all().iter().filter(|f| f.holds_changes()) {
        let found = round_trip(*format, &schema, &rows, 9).unwrap();
        assert_eq!(found.as_ref(), Some(&expected), "{}", format.name());
    }
}
