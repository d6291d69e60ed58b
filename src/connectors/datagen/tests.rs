//! What datagen makes, as tables.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::util::display::array_value_to_string;

use crate::base::{LabTime, Result};
use crate::connectors::descriptor::SourceRequest;
use crate::connectors::files::MemoryFiles;
use crate::connectors::registry::find;
use crate::connectors::{Poll, SourceContext, SourceFactory, SourceReader};
use crate::data::{DataType, Field, LogicalType, Schema};

const SECOND: i64 = 1_000_000;

fn schema(columns: &[(&str, LogicalType)]) -> Schema {
    let field = |(name, logical): &(&str, LogicalType)| {
        Field::new(*name, DataType::nullable(logical.clone()))
    };
    Schema::new(columns.iter().map(field).collect())
}

fn factory(
    columns: &[(&str, LogicalType)],
    options: &[(&str, &str)],
    limit: Option<u64>,
) -> Result<Arc<dyn SourceFactory>> {
    let options = [("connector", "datagen")].into_iter().chain(options.iter().copied());
    let schema = schema(columns);
    let projection: Vec<usize> = (0..schema.len()).collect();
    let request = SourceRequest {
        table: "t",
        schema: &schema,
        partitions: &[],
        metadata: &[],
        projection: &projection,
        keeps: None,
        limit,
    };
    find(options.collect())?.source_factory(request)
}

/// Polls until the end or `rows`, jumping over waits; a wait prints as `wait <seconds>`.
fn read(reader: &mut dyn SourceReader, max_rows: usize, rows: usize) -> Vec<String> {
    let files = MemoryFiles::default();
    let (mut now, mut lines, mut count) = (LabTime(0), Vec::new(), 0);
    while count < rows {
        match reader.poll(&mut SourceContext { now, max_rows, files: &files }).unwrap() {
            Poll::Batch(batch) => {
                count += batch.len();
                for row in 0..batch.len() {
                    let cell = |c: &ArrayRef| array_value_to_string(c, row).unwrap();
                    lines.push(batch.columns().iter().map(cell).collect::<Vec<_>>().join("|"));
                }
            }
            Poll::WaitUntil(later) => {
                assert!(later > now, "a wait moves time on");
                lines.push(format!("wait {}", (later.0 - now.0) / SECOND));
                now = later;
            }
            Poll::End => break,
            other => panic!("{other:?}"),
        }
    }
    lines
}

const NUMBERS: [(&str, LogicalType); 2] = [("id", LogicalType::Int), ("s", LogicalType::STRING)];
const COUNTING: [(&str, &str); 6] = [
    ("fields.id.kind", "sequence"),
    ("fields.id.start", "1"),
    ("fields.id.end", "9"),
    ("fields.s.kind", "sequence"),
    ("fields.s.start", "-1"),
    ("fields.s.end", "3"),
];

#[test]
fn the_shortest_sequence_ends_the_source() {
    let factory = factory(&NUMBERS, &COUNTING, None).unwrap();
    assert!(factory.bounded());
    let lines = read(&mut *factory.create(0, 1, 7).unwrap(), 100, 100);
    assert_eq!(lines, ["1|-1", "2|0", "3|1", "4|2", "5|3"]);
}

#[test]
fn sequences_are_dealt_to_subtasks() {
    let factory = factory(&NUMBERS, &COUNTING, Some(4)).unwrap();
    let lines = |index| read(&mut *factory.create(index, 2, 7).unwrap(), 100, 100);
    assert_eq!(
        (lines(0), lines(1)),
        (vec!["1|-1".into(), "3|1".into()], vec!["2|0".into(), "4|2".into()])
    );
}

#[test]
fn rows_come_in_a_burst_every_second() {
    let options = [("rows-per-second", "2"), COUNTING[0], COUNTING[1], COUNTING[2]];
    let factory = factory(&NUMBERS[..1], &options, Some(5)).unwrap();
    let lines = read(&mut *factory.create(0, 1, 7).unwrap(), 100, 100);
    assert_eq!(lines, ["1", "2", "wait 1", "3", "4", "wait 1", "5"]);
}

#[test]
fn chance_depends_on_the_seed_and_not_on_the_batch_size() {
    let columns = [
        ("n", LogicalType::BigInt),
        ("b", LogicalType::Boolean),
        ("s", LogicalType::STRING),
        ("d", LogicalType::Decimal { precision: 6, scale: 2 }),
        ("x", LogicalType::Double),
    ];
    let options = [
        ("fields.n.min", "10"),
        ("fields.n.max", "12"),
        ("fields.n.null-rate", "0.5"),
        ("fields.s.length", "5"),
        ("fields.x.min", "0"),
        ("fields.x.max", "1"),
    ];
    let factory = factory(&columns, &options, None).unwrap();
    let rows =
        |seed, size| read(&mut *factory.create(0, 1, seed).unwrap(), size, 50)[..50].to_vec();
    assert_eq!(rows(7, 1), rows(7, 50));
    assert_eq!(rows(7, 7), rows(7, 50));
    assert_ne!(rows(7, 50), rows(8, 50));
    for row in rows(7, 50) {
        let cells: Vec<&str> = row.split('|').collect();
        assert!(["", "10", "11", "12"].contains(&cells[0]), "{row}");
        assert_eq!(cells[2].len(), 5, "{row}");
        assert!((0.0..=1.0).contains(&cells[4].parse::<f64>().unwrap()), "{row}");
    }
}

#[test]
fn a_restored_reader_goes_on_where_it_was() {
    let columns = [("id", LogicalType::Int), ("n", LogicalType::BigInt)];
    let factory = factory(&columns, &COUNTING[..3], None).unwrap();
    let whole = read(&mut *factory.create(0, 1, 7).unwrap(), 1, 100);
    let mut first = factory.create(0, 1, 7).unwrap();
    let mut lines = read(&mut *first, 1, 4);
    let mut second = factory.create(0, 1, 7).unwrap();
    second.restore(&[first.snapshot().unwrap()]).unwrap();
    lines.extend(read(&mut *second, 3, 100));
    assert_eq!(lines, whole);
}

#[test]
fn what_is_left_of_sequences_is_dealt_anew_at_another_parallelism() {
    let factory = factory(&NUMBERS[..1], &COUNTING[..3], None).unwrap();
    let mut readers: Vec<_> = (0..2).map(|i| factory.create(i, 2, 7).unwrap()).collect();
    let mut seen = read(&mut *readers[0], 1, 2);
    let snapshots: Vec<_> = readers.iter_mut().map(|r| r.snapshot().unwrap()).collect();
    for index in 0..3 {
        let mut reader = factory.create(index, 3, 7).unwrap();
        reader.restore(&snapshots).unwrap();
        seen.extend(read(&mut *reader, 100, 100));
    }
    seen.sort();
    assert_eq!(seen, ["1", "2", "3", "4", "5", "6", "7", "8", "9"]);
}

#[test]
fn what_is_wrong_is_said_by_name() {
    let cases: [(&[(&str, &str)], &str); 8] = [
        (&[("fields.id.kind", "sequence")], r#"option-missing name="fields.id.start""#),
        (
            &[("fields.id.kind", "spiral")],
            r#"option-value name="fields.id.kind" value="spiral" expected="random, sequence""#,
        ),
        (
            &[("fields.ids.min", "1")],
            r#"datagen-column name="fields.ids.min" column="ids" nearest="id" available="id, s""#,
        ),
        (&[("fields.id.min", "9"), ("fields.id.max", "1")], r#"datagen-bounds column="id""#),
        (
            &[("fields.id.max", "1.5")],
            r#"option-value name="fields.id.max" value="1.5" expected="integer""#,
        ),
        (
            &[("fields.id.max", "3000000000")],
            r#"option-out-of-range name="fields.id.max" value="3000000000""#,
        ),
        (&[("fields.s.length", "0")], r#"option-out-of-range name="fields.s.length" value="0""#),
        (
            &[("fields.id.null-rate", "x")],
            r#"option-value name="fields.id.null-rate" value="x" expected="number""#,
        ),
    ];
    for (options, expected) in cases {
        let error = factory(&NUMBERS, options, None).err().map(|e| e.to_string());
        assert_eq!(error.as_deref(), Some(expected));
    }
}

#[test]
fn without_rows_per_second_it_waits_for_ever() {
    for pace in ["0", "-5"] {
        let options = [("rows-per-second", pace), ("number-of-rows", "3")];
        let mut reader = factory(&NUMBERS, &options, None).unwrap().create(0, 1, 7).unwrap();
        for second in 0..3 {
            let now = LabTime::from_millis(second * 1_000);
            let mut context = SourceContext { now, max_rows: 9, files: &MemoryFiles::default() };
            let poll = reader.poll(&mut context).unwrap();
            let next = LabTime::from_millis((second + 1) * 1_000);
            assert!(matches!(poll, Poll::WaitUntil(at) if at == next), "{poll:?}");
        }
    }
}

#[test]
fn what_is_inside_has_options_of_its_own() {
    let plain = |logical| DataType::nullable(logical);
    let row = Schema::new(vec![
        Field::new("x", plain(LogicalType::Int)),
        Field::new("y", plain(LogicalType::STRING)),
    ]);
    let columns = [
        ("a", LogicalType::Array(plain(LogicalType::Int).into())),
        ("m", LogicalType::Map(plain(LogicalType::Boolean).into(), plain(LogicalType::Int).into())),
        ("r", LogicalType::Row(row)),
        ("s", LogicalType::Multiset(plain(LogicalType::STRING).into())),
    ];
    let options = [
        ("fields.a.length", "2"),
        ("fields.a.element.min", "1"),
        ("fields.a.element.max", "2"),
        ("fields.m.value.null-rate", "1"),
        ("fields.r.x.min", "5"),
        ("fields.r.x.max", "5"),
        ("fields.r.y.length", "3"),
        ("fields.r.y.var-len", "true"),
        ("fields.s.element.length", "1"),
        ("fields.s.length", "1"),
        ("fields.s.null-rate", "0.5"),
    ];
    let factory = factory(&columns, &options, Some(40)).unwrap();
    let rows = |size| read(&mut *factory.create(0, 1, 7).unwrap(), size, 40);
    assert_eq!(rows(1), rows(40), "the batch size does not matter");
    for row in rows(40) {
        let cells: Vec<&str> = row.split('|').collect();
        assert!(["[1, 1]", "[1, 2]", "[2, 1]", "[2, 2]"].contains(&cells[0]), "{row}");
        assert!(cells[1].matches("true").count() <= 1, "a key is there once: {row}");
        assert!(cells[2].starts_with("{x: 5, y: ") && cells[2].len() <= 14, "{row}");
    }
    assert!(rows(40).iter().any(|row| row.ends_with('|')), "some multisets are NULL");
    let mut first = factory.create(0, 1, 7).unwrap();
    let mut lines = read(&mut *first, 1, 4);
    let mut second = factory.create(0, 1, 7).unwrap();
    second.restore(&[first.snapshot().unwrap()]).unwrap();
    lines.extend(read(&mut *second, 3, 100));
    assert_eq!(lines, rows(40));
}

#[test]
fn a_type_has_only_its_own_options() {
    for (options, wrong) in [
        (&[("fields.id.length", "3")][..], "fields.id.length"),
        (&[("fields.s.min", "3")], "fields.s.min"),
        (
            &[COUNTING[0], COUNTING[1], COUNTING[2], ("fields.id.null-rate", "1")],
            "fields.id.null-rate",
        ),
    ] {
        let error = factory(&NUMBERS, options, None).err().map(|e| e.to_string()).unwrap();
        assert!(error.starts_with(&format!(r#"option-unknown name="{wrong}""#)), "{error}");
    }
}
