//! CSV files as tables, and tables as CSV files.

use crate::base::Result;
use crate::connectors::Options;
use crate::connectors::files::MemoryFiles;
use crate::connectors::format::csv::Csv;
use crate::connectors::format::{Format, Position};
use crate::data::{DataType, Field, LogicalType, Row, Schema, Value, print, rows_to_batch};

fn schema(columns: &[(&str, LogicalType)]) -> Schema {
    let field = |(name, logical): &(&str, LogicalType)| {
        Field::new(*name, DataType::nullable(logical.clone()))
    };
    Schema::new(columns.iter().map(field).collect())
}

/// Reads `text` in batches of `max_rows`, each by a new reader at the position where the last stood.
fn read_in_pieces(
    text: &str,
    columns: &[(&str, LogicalType)],
    projection: &[usize],
    options: &[(&str, &str)],
    max_rows: usize,
) -> Result<Vec<String>> {
    let options: Options = options.iter().copied().collect();
    let schema = schema(columns);
    let factory = Csv.reader(&options, &schema, projection)?;
    let read = Schema::new(projection.iter().map(|&i| schema.fields()[i].clone()).collect());
    let files = MemoryFiles::new([("/f.csv", text)]);
    let (mut position, mut lines) = (Position::default(), Vec::new());
    loop {
        let mut reader = factory.open("/f.csv", position)?;
        let Some(batch) = reader.read(&files, max_rows)? else { return Ok(lines) };
        lines.extend(batch.rows(&read).map(|row| print::java::row(&row)));
        position = reader.position();
    }
}

#[track_caller]
fn check(text: &str, columns: &[(&str, LogicalType)], options: &[(&str, &str)], expected: &[&str]) {
    let projection: Vec<usize> = (0..columns.len()).collect();
    for max_rows in [1, 2, 1000] {
        let found = read_in_pieces(text, columns, &projection, options, max_rows)
            .unwrap_or_else(|error| vec![error.to_string()]);
        assert_eq!(found, expected, "{max_rows} rows at a time");
    }
}

const MESSY: &str = "# a comment line\n1,\"Silva, João\",10.5\n2,N/A,N/A\n3,\"diz \"\"oi\"\"\",7\n\
    # another\n4,'quoted',8.25\nx,bad id,1\n5,short\n6,too,2.5,many\n";

const COLUMNS: [(&str, LogicalType); 3] =
    [("id", LogicalType::Int), ("txt", LogicalType::STRING), ("v", LogicalType::Double)];

const IGNORE: (&str, &str) = ("csv.ignore-parse-errors", "true");
const COMMENTS: (&str, &str) = ("csv.allow-comments", "true");

#[test]
fn errors_are_ignored_field_by_field() {
    let rows = [
        "+I[1, Silva, João, 10.5]",
        "+I[2, N/A, null]",
        "+I[3, diz \"oi\", 7.0]",
        "+I[4, 'quoted', 8.25]",
        "+I[null, bad id, 1.0]",
        "+I[5, short, null]",
    ];
    check(MESSY, &COLUMNS, &[IGNORE, COMMENTS], &rows);
    let comment = "+I[null, null, null]";
    let with_comments: Vec<&str> = [comment]
        .into_iter()
        .chain(rows[..3].to_vec())
        .chain([comment])
        .chain(rows[3..].to_vec())
        .collect();
    check(MESSY, &COLUMNS, &[IGNORE], &with_comments);
}

#[test]
fn errors_name_file_line_column_and_value() {
    check(
        "1,a,1\n2,\"two\nlines\",2\n3,b,N/A\n",
        &COLUMNS[1..],
        &[],
        &[r#"csv-too-many-fields file="/f.csv" line="1" found="3" expected="2""#],
    );
    let strict = |projection: &[usize]| {
        read_in_pieces("1,a,1\n2,\"two\nlines\",2\n3,b,N/A\n", &COLUMNS, projection, &[], 9)
    };
    let error = strict(&[2]).unwrap_err().to_string();
    let expected = r#"csv-field file="/f.csv" line="4" column="v" value="N/A" type="DOUBLE""#;
    assert_eq!(error, expected);
    assert_eq!(strict(&[1, 0]).unwrap(), ["+I[a, 1]", "+I[two\nlines, 2]", "+I[b, 3]"]);
}

#[test]
fn lines_end_in_every_way_and_empty_ones_are_rows() {
    let column = [("s", LogicalType::STRING)];
    let rows = ["+I[a]", "+I[]", "+I[b]", "+I[]", "+I[c]"];
    for text in ["a\n\nb\n\nc\n", "a\r\n\r\nb\r\n\r\nc", "a\n\nb\n\nc"] {
        check(text, &column, &[], &rows);
    }
    check("", &column, &[], &[]);
}

#[test]
fn options_change_the_dialect() {
    let texts = [("a", LogicalType::STRING), ("b", LogicalType::STRING)];
    check("1;\"x;y\"\n2;\n", &texts, &[("csv.field-delimiter", ";")], &["+I[1, x;y]", "+I[2, ]"]);
    check(
        "'x,y',N/A\n",
        &texts,
        &[("csv.quote-character", "'"), ("csv.null-literal", "N/A")],
        &["+I[x,y, null]"],
    );
    check("\"a\",b\n", &texts, &[("csv.disable-quote-character", "true")], &["+I[\"a\", b]"]);
    check("\"a\\\"b\",c\n", &texts, &[("csv.escape-character", "\\")], &["+I[a\"b, c]"]);
    check(
        "a\n",
        &texts,
        &[("csv.quote-character", "'"), ("csv.disable-quote-character", "true")],
        &[r#"option-conflict name="csv.quote-character" other="csv.disable-quote-character""#],
    );
}

#[test]
fn every_type_has_its_text() {
    let columns = [
        ("d", LogicalType::Date),
        ("t", LogicalType::Time(0)),
        ("ts", LogicalType::timestamp(6)),
        ("b", LogicalType::Boolean),
        ("n", LogicalType::TinyInt),
        ("x", LogicalType::Decimal { precision: 5, scale: 2 }),
    ];
    check(
        "2024-02-29,23:59:59,2024-02-29 23:59:59.123456,true,-128,1.005\n,,,,,\n",
        &columns,
        &[IGNORE],
        &[
            "+I[2024-02-29, 23:59:59, 2024-02-29T23:59:59.123456, true, -128, 1.01]",
            "+I[null, null, null, false, null, null]",
        ],
    );
}

#[test]
fn arrays_and_rows_are_cut_at_their_own_delimiter() {
    let inner = schema(&[("a", LogicalType::Int), ("b", LogicalType::STRING)]);
    let columns = [
        ("arr", LogicalType::Array(DataType::nullable(LogicalType::Int).into())),
        ("r", LogicalType::Row(inner)),
    ];
    check(
        "1;2;3,5;x\n,7\n",
        &columns,
        &[IGNORE],
        &["+I[[1, 2, 3], +I[5, x]]", "+I[[], +I[7, null]]"],
    );
    let map = LogicalType::Map(
        DataType::nullable(LogicalType::Int).into(),
        DataType::nullable(LogicalType::Int).into(),
    );
    check("", &[("m", map)], &[], &[r#"csv-type column="m" type="MAP<INT, INT>""#]);
}

fn written(
    columns: &[(&str, LogicalType)],
    rows: Vec<Vec<Value>>,
    options: &[(&str, &str)],
) -> String {
    let schema = schema(columns);
    let options: Options = options.iter().copied().collect();
    let rows: Vec<Row> = rows.into_iter().map(Row::insert).collect();
    let mut bytes = Vec::new();
    let batch = rows_to_batch(&schema, &rows).unwrap();
    Csv.writer(&options, &schema).unwrap().create().write(&batch, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn lines_are_written_as_flink_writes_them() {
    let columns = [
        ("id", LogicalType::Int),
        ("name", LogicalType::STRING),
        ("v", LogicalType::Decimal { precision: 6, scale: 2 }),
        ("ts", LogicalType::timestamp(3)),
    ];
    let day = 19_723 * 86_400_000_i64;
    let row = |id, name: &str, v, millis| {
        vec![Value::Int(id), name.into(), Value::Decimal(v, 2), Value::Timestamp(day + millis, 0)]
    };
    let rows = vec![
        row(1, "Ana", 1050, 36_000_000),
        row(2, "João, o \"bom\"", 0, 36_000_123),
        row(3, "", -125, 0),
        row(4, "Data Engineer", 10_000, 0),
        row(5, "abcdefghijklmnopqrstuvwxy", 1, 0),
        vec![Value::Null, Value::Null, Value::Null, Value::Null],
    ];
    assert_eq!(
        written(&columns, rows, &[]),
        "1,Ana,10.5,\"2024-01-01 10:00:00\"\n\
         2,\"João, o \"\"bom\"\"\",0,\"2024-01-01 10:00:00.123\"\n\
         3,,-1.25,\"2024-01-01 00:00:00\"\n\
         4,\"Data Engineer\",\"1E+2\",\"2024-01-01 00:00:00\"\n\
         5,\"abcdefghijklmnopqrstuvwxy\",0.01,\"2024-01-01 00:00:00\"\n\
         ,,,\n"
    );
    let texts = [("a", LogicalType::STRING), ("b", LogicalType::STRING)];
    let row = || vec![vec!["x^\"y\"".into(), Value::Null]];
    assert_eq!(
        written(
            &texts,
            row(),
            &[
                ("csv.field-delimiter", "^"),
                ("csv.disable-quote-character", "true"),
                ("csv.null-literal", "n/a")
            ]
        ),
        "x^\"y\"^n/a\n"
    );
    assert_eq!(written(&texts, row(), &[("csv.escape-character", "\\")]), "\"x^\"\"y\"\"\",\n");
}
