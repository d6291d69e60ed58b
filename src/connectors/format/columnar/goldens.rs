//! Files that other tools have read: `tests/formats/riacho*`, which `tests/formats/check.py` holds to what the
//! rows are. As long as the same bytes are written, they are still read.

use std::fs;

use super::tests::{fixture, held};
use crate::connectors::format::{Format, avro::Avro, orc::Orc, parquet::Parquet};
use crate::connectors::options::Options;
use crate::data::{Row, Value, rows_to_batch};

/// The rows of `tests/formats/rows.py`.
fn rows() -> [Vec<Value>; 3] {
    let bytes = |bytes: &[u8]| Value::Bytes(bytes.into());
    let row = |x, y| Value::Row(vec![x, y].into());
    let map = vec![(Value::from("k"), Value::Int(7))];
    let last = 1_000_000_000_999;
    [
        vec![
            Value::Boolean(true),
            Value::TinyInt(1),
            Value::SmallInt(2),
            Value::Int(3),
            Value::BigInt(4),
            Value::Float(1.5),
            Value::Double(2.5),
            Value::Decimal(1_234, 2),
            "João".into(),
            bytes(&[1, 255]),
            Value::Date(19_782),
            Value::Timestamp(1_709_209_801_123, 0),
            Value::TimestampLtz(1_709_209_801_123, 0),
            Value::Array(vec![Value::Int(1), Value::Null].into()),
            Value::Map(map.into()),
            row(Value::Int(5), "z".into()),
        ],
        vec![Value::Null; 16],
        vec![
            Value::Boolean(false),
            Value::TinyInt(i8::MIN),
            Value::SmallInt(i16::MIN),
            Value::Int(i32::MIN),
            Value::BigInt(i64::MIN),
            Value::Float(-0.25),
            Value::Double(1e300),
            Value::Decimal(-9_999_999_999, 2),
            "".into(),
            bytes(&[]),
            Value::Date(-1),
            Value::Timestamp(last, 0),
            Value::TimestampLtz(last, 0),
            Value::Array(Vec::new().into()),
            Value::Map(Vec::new().into()),
            row(Value::Null, Value::Null),
        ],
    ]
}

#[test]
fn what_other_tools_have_read_is_written_still() {
    let written: [(&dyn Format, &str, &[&str]); 3] = [
        (&Avro, "avro.codec", &["null", "deflate", "snappy"]),
        (&Orc, "orc.compress", &["NONE", "ZLIB", "SNAPPY", "ZSTD"]),
        (&Parquet, "parquet.compression", &["UNCOMPRESSED", "SNAPPY", "GZIP", "LZ4_RAW", "ZSTD"]),
    ];
    let bless = std::env::var_os("RIACHO_BLESS").is_some();
    for (format, option, choices) in written {
        let (schema, places) = held(format);
        let rows = rows().map(|row| places.iter().map(|&place| row[place].clone()).collect());
        let rows = rows.map(Row::insert);
        for choice in choices {
            let options = [(option, *choice)].into_iter().collect::<Options>();
            let mut writer = format.writer(&options, &schema).unwrap().create();
            let mut bytes = Vec::new();
            for some in rows.chunks(2) {
                let batch = rows_to_batch(&schema, some).unwrap();
                writer.write(&batch, &mut bytes).unwrap();
            }
            writer.finish(&mut bytes).unwrap();
            let name = format!("riacho-{}.{}", choice.to_lowercase(), format.name());
            if bless {
                let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/formats/");
                fs::write(format!("{folder}{name}"), &bytes).unwrap();
            }
            let hint = "RIACHO_BLESS=1 writes it anew; then let tests/formats/check.py read it";
            assert!(fixture(&name) == bytes, "{name} is written in another way. {hint}");
        }
    }
}
