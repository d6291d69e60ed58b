//! Files that other tools wrote (`tests/formats/make.py` makes them), and files that are not whole.

use std::fs;

use crate::base::Result;
use crate::connectors::files::{Files, MemoryFiles};
use crate::connectors::format::{Format, Position, avro::Avro, orc::Orc, parquet::Parquet};
use crate::connectors::options::Options;
use crate::data::{
    DataType, Field, LogicalType as L, Row, Schema, TimeAttribute, Value, print, rows_to_batch,
};

const EXPECTED: [&str; 3] = [
    "+I[true, 1, 2, 3, 4, 1.5, 2.5, 12.34, João, [1, -1], 2024-02-29, 2024-02-29T12:30:01.123, \
     2024-02-29T12:30:01.123Z, [1, null], {k=7}, +I[5, z]]",
    "+I[null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, \
     null]",
    "+I[false, -128, -32768, -2147483648, -9223372036854775808, -0.25, 1.0E300, -99999999.99, , [], \
     1969-12-31, 1969-12-31T23:59:59.999, 1969-12-31T23:59:59.999Z, [], {}, +I[null, null]]",
];

fn some(logical: L) -> DataType {
    DataType::nullable(logical)
}

pub(super) fn schema() -> Schema {
    let attribute = TimeAttribute::None;
    let text = || some(L::STRING);
    let pair = vec![Field::new("x", some(L::Int)), Field::new("y", text())];
    let columns = [
        ("b", L::Boolean),
        ("ti", L::TinyInt),
        ("si", L::SmallInt),
        ("i", L::Int),
        ("bi", L::BigInt),
        ("f", L::Float),
        ("d", L::Double),
        ("dec", L::Decimal { precision: 10, scale: 2 }),
        ("s", L::STRING),
        ("by", L::Varbinary(L::MAX_LENGTH)),
        ("dt", L::Date),
        ("ts", L::Timestamp { precision: 3, attribute }),
        ("tz", L::TimestampLtz { precision: 3, attribute }),
        ("a", L::Array(some(L::Int).into())),
        ("m", L::Map(text().into(), some(L::Int).into())),
        ("r", L::Row(Schema::new(pair))),
    ];
    Schema::new(
        columns.into_iter().map(|(name, logical)| Field::new(name, some(logical))).collect(),
    )
}

/// Reads some columns of a file in batches of `max_rows`, each by a new reader at the position where
/// the last stood.
fn read(
    format: &dyn Format,
    bytes: &[u8],
    schema: &Schema,
    projection: &[usize],
    max_rows: usize,
) -> Result<Vec<String>> {
    let files = MemoryFiles::default();
    files.append("/f", bytes)?;
    let factory = format.reader(&Options::default(), schema, projection)?;
    let fields = projection.iter().map(|&i| schema.fields()[i].clone()).collect();
    let (read, mut rows, mut position) = (Schema::new(fields), Vec::new(), Position::default());
    loop {
        let mut reader = factory.open("/f", position)?;
        let Some(batch) = reader.read(&files, max_rows)? else { return Ok(rows) };
        rows.extend(batch.rows(&read).map(|row| print::java::row(&row)));
        position = reader.position();
    }
}

pub(super) fn fixture(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/formats/");
    fs::read(format!("{folder}{name}")).unwrap()
}

const FIXTURES: [(&dyn Format, &str); 6] = [
    (&Parquet, "pyarrow.parquet"),
    (&Parquet, "int96.parquet"),
    (&Avro, "fastavro-null.avro"),
    (&Avro, "fastavro-deflate.avro"),
    (&Avro, "fastavro-snappy.avro"),
    (&Orc, "pyarrow.orc"),
];

/// The columns that a format can have.
pub(super) fn held(format: &dyn Format) -> (Schema, Vec<usize>) {
    let all = schema();
    let one = |i: &usize| {
        let schema = Schema::new(vec![all.fields()[*i].clone()]);
        format.reader(&Options::default(), &schema, &[0]).is_ok()
    };
    let places: Vec<usize> = (0..all.len()).filter(one).collect();
    (Schema::new(places.iter().map(|&i| all.fields()[i].clone()).collect()), places)
}

#[test]
fn what_other_tools_wrote_is_read() {
    for (format, name) in FIXTURES {
        let (schema, places) = held(format);
        let bytes = fixture(name);
        let projection: Vec<usize> = (0..schema.len()).collect();
        let expected = EXPECTED.map(|row| match places.contains(&12) {
            true => row.to_owned(),
            // Avro has no TIMESTAMP_LTZ.
            false => row
                .replace(" 2024-02-29T12:30:01.123Z,", "")
                .replace(" 1969-12-31T23:59:59.999Z,", "")
                .replacen("null, ", "", usize::from(row.starts_with("+I[null, null, null"))),
        });
        // ORC has no form for this moment (see below).
        let expected = expected.map(|row| match format.name() {
            "orc" => row.replace("1969-12-31T23:59:59.999", "2001-09-09T01:46:40.999"),
            _ => row,
        });
        for max_rows in [1, 2, 100] {
            let rows = read(format, &bytes, &schema, &projection, max_rows).unwrap();
            assert_eq!(rows, expected, "{name}, {max_rows} rows at a time");
        }
        let backwards = [schema.index_of("r").unwrap(), schema.index_of("i").unwrap()];
        let rows = read(format, &bytes, &schema, &backwards, 2).unwrap();
        let two = ["+I[+I[5, z], 3]", "+I[null, null]", "+I[+I[null, null], -2147483648]"];
        assert_eq!(rows, two, "{name}");
        assert_eq!(read(format, &bytes, &schema, &[], 2).unwrap(), ["+I[]"; 3], "{name}");
    }
}

#[test]
fn a_column_that_is_not_there_is_null_and_one_of_another_type_an_error() {
    let column = |name, logical| Schema::new(vec![Field::new(name, some(logical))]);
    for (format, name) in FIXTURES {
        let bytes = fixture(name);
        let missing = read(format, &bytes, &column("nothing", L::Int), &[0], 9).unwrap();
        assert_eq!(missing, ["+I[null]"; 3], "{name}");
        let wider = read(format, &bytes, &column("ti", L::BigInt), &[0], 9).unwrap();
        assert_eq!(wider, ["+I[1]", "+I[null]", "+I[-128]"], "{name}");
        let error = read(format, &bytes, &column("s", L::Int), &[0], 9).unwrap_err();
        let expected = r#"file-column-type file="/f" column="s" found="Utf8" type="INT""#;
        assert_eq!(error.to_string(), expected, "{name}");
        let narrow = read(format, &bytes, &column("bi", L::Int), &[0], 9).unwrap_err();
        assert!(narrow.to_string().starts_with("file-column-type"), "{name}: {narrow}");
    }
}

#[test]
fn a_file_that_is_not_whole_is_named() {
    for (format, name) in FIXTURES {
        let (schema, _) = held(format);
        let bytes = fixture(name);
        let projection: Vec<usize> = (0..schema.len()).collect();
        let read = |bytes: &[u8]| read(format, bytes, &schema, &projection, 9);
        let whole = read(&bytes).unwrap();
        for length in 0..bytes.len() {
            match read(&bytes[..length]) {
                Err(error) => {
                    let text = error.to_string();
                    let codes = ["file-broken", "file-cut-short", "file-garbled"];
                    assert!(codes.contains(&error.code()), "{name}: {text}");
                    assert_eq!(error.get("file"), Some("/f"), "{name}: {text}");
                }
                // An Avro file may end behind any block.
                Ok(rows) => {
                    assert!(
                        format.name() == "avro" && rows == whole[..rows.len()],
                        "{name} {length}"
                    );
                }
            }
        }
        // A byte that is another may go unseen, but nothing panics.
        for at in (0..bytes.len()).step_by(11) {
            let mut other = bytes.clone();
            other[at] ^= 0x55;
            let _ = read(&other);
        }
    }
}

/// pyarrow writes the fraction of a second before 1970 as a number below zero, which ORC does not have.
#[test]
fn what_a_library_stumbles_over_is_an_error() {
    let bytes = fixture("before-1970.orc");
    let ts = L::Timestamp { precision: 3, attribute: TimeAttribute::None };
    let error = read(&Orc, &bytes, &Schema::new(vec![Field::new("ts", some(ts))]), &[0], 9);
    assert_eq!(error.unwrap_err().to_string(), r#"file-garbled file="/f" format="orc""#);
}

#[test]
fn a_moment_that_orc_would_make_another_one_is_refused() {
    let ts = L::Timestamp { precision: 3, attribute: TimeAttribute::None };
    let schema = Schema::new(vec![Field::new("ts", some(ts))]);
    for (millis, fails) in [(-1_001, false), (-1_000, false), (-999, true), (-1, true), (0, false)]
    {
        let mut writer = Orc.writer(&Options::default(), &schema).unwrap().create();
        let row = Row::insert(vec![Value::Timestamp(millis, 0)]);
        let batch = rows_to_batch(&schema, &[row]).unwrap();
        let written = writer.write(&batch, &mut Vec::new());
        assert_eq!(written.is_err(), fails, "{millis}");
        let Err(error) = written else { continue };
        assert!(
            error.to_string().starts_with(r#"orc-moment value="1969-12-31 23:59:59."#),
            "{error}"
        );
    }
}
