//! JSON lines as tables, and tables as JSON lines: each answer is Flink's.

use crate::base::Result;
use crate::connectors::Options;
use crate::connectors::files::MemoryFiles;
use crate::connectors::format::json::Json;
use crate::connectors::format::{Format, Position};
use crate::data::{DataType, Field, LogicalType as L, Row, Schema, Value, print, rows_to_batch};

fn schema(columns: &[(&str, L)]) -> Schema {
    let field =
        |(name, logical): &(&str, L)| Field::new(*name, DataType::nullable(logical.clone()));
    Schema::new(columns.iter().map(field).collect())
}

fn array(element: L) -> L {
    L::Array(DataType::nullable(element).into())
}

fn map(value: L) -> L {
    L::Map(DataType::nullable(L::STRING).into(), DataType::nullable(value).into())
}

/// Reads `text` in batches of `max_rows`, each by a new reader at the position where the last stood.
fn read_in_pieces(
    text: &str,
    columns: &[(&str, L)],
    options: &[(&str, &str)],
    max_rows: usize,
) -> Result<Vec<String>> {
    let options: Options = options.iter().copied().collect();
    let schema = schema(columns);
    let projection: Vec<usize> = (0..columns.len()).collect();
    let factory = Json.reader(&options, &schema, &projection)?;
    let files = MemoryFiles::new([("/f", text)]);
    let (mut position, mut lines) = (Position::default(), Vec::new());
    loop {
        let mut reader = factory.open("/f", position)?;
        let Some(batch) = reader.read(&files, max_rows)? else { return Ok(lines) };
        lines.extend(batch.rows(&schema).map(|row| print::java::row(&row)));
        position = reader.position();
    }
}

#[track_caller]
fn check(text: &str, columns: &[(&str, L)], options: &[(&str, &str)], expected: &[&str]) {
    for max_rows in [1, 2, 1000] {
        let found = read_in_pieces(text, columns, options, max_rows)
            .unwrap_or_else(|error| vec![error.to_string()]);
        assert_eq!(found, expected, "{max_rows} rows at a time");
    }
}

const LENIENT: &[(&str, &str)] = &[("json.ignore-parse-errors", "true")];
const ID: (&str, L) = ("i", L::Int);

#[test]
fn fields_are_found_by_name() {
    let columns = [ID, ("s", L::STRING)];
    check(
        "{\"s\":\"x\",\"i\":1,\"other\":{\"i\":7}}\n\n  \r\n{}\n{\"i\":null}\n{\"i\":1,\"i\":2}\n{\"I\":3} {\"i\":4}",
        &columns,
        &[],
        &["+I[1, x]", "+I[null, null]", "+I[null, null]", "+I[2, null]", "+I[null, null]"],
    );
    let missing = [("json.fail-on-missing-field", "true")];
    check(
        "{\"i\":1,\"s\":null}\n{\"i\":2}\n",
        &columns,
        &missing,
        &[r#"json-missing-field field="s" value="{\"i\":2}" file="/f" line="2""#],
    );
    let both = [LENIENT[0], missing[0]];
    let name = "json.fail-on-missing-field";
    let expected = format!(r#"option-conflict name="{name}" other="json.ignore-parse-errors""#);
    check("", &columns, &both, &[&expected]);
}

#[test]
fn what_is_no_object_fails_or_is_skipped() {
    for line in
        ["not json", "[{\"i\":55}]", "[1,2]", "5", "null", "\"str\"", "{\"i\":6,}", "{\"i\":"]
    {
        check(&format!("{line}\n{{\"i\":1}}\n"), &[ID], LENIENT, &["+I[1]"]);
        let error = read_in_pieces(line, &[ID], &[], 10).unwrap_err().to_string();
        assert!(error.contains(r#"file="/f" line="1""#), "{error}");
    }
    let files = MemoryFiles::default();
    crate::connectors::Files::append(&files, "/f", b"{\"s\":\"a\xffb\"}\n").unwrap();
    let read = |options: &[(&str, &str)]| {
        let factory =
            Json.reader(&options.iter().copied().collect(), &schema(&[("s", L::STRING)]), &[0]);
        let mut reader = factory.unwrap().open("/f", Position::default()).unwrap();
        reader.read(&files, 10).map(|batch| batch.is_some())
    };
    assert!(read(&[]).is_err());
    assert!(!read(LENIENT).unwrap());
}

/// One field: what it reads as, or nothing if it is not of the type.
#[track_caller]
fn check_values(logical: &L, options: &[(&str, &str)], cases: &[(&str, Option<&str>)]) {
    for (json, expected) in cases {
        let line = format!("{{\"v\":{json}}}");
        let columns = [("v", logical.clone())];
        let lenient: Vec<_> = options.iter().chain(LENIENT).copied().collect();
        let row = format!("+I[{}]", expected.unwrap_or("null"));
        check(&line, &columns, &lenient, &[&row]);
        match expected {
            Some(_) => check(&line, &columns, options, &[&row]),
            None => {
                let error = read_in_pieces(&line, &columns, options, 9).unwrap_err().to_string();
                let value = format!(r#"json-field field="v" value={json:?} type="{logical}""#);
                assert_eq!(error, format!(r#"{value} file="/f" line="1""#));
            }
        }
    }
}

#[test]
fn values_are_read_as_jackson_gives_them() {
    check_values(
        &L::Int,
        &[],
        &[
            ("1", Some("1")),
            ("\" 7 \"", Some("7")),
            ("1.9", Some("1")),
            ("1e2", Some("100")),
            ("\"-0\"", Some("0")),
            ("true", None),
            ("\"x\"", None),
            ("\"\"", None),
            ("9999999999", None),
            ("{}", None),
        ],
    );
    check_values(&L::TinyInt, &[], &[("3", Some("3")), ("300", None), ("1.0", None)]);
    check_values(&L::BigInt, &[], &[("1e3", Some("1000")), ("\"12\"", Some("12"))]);
    check_values(
        &L::STRING,
        &[],
        &[
            ("\"a\\u00e9\\n\\\"\"", Some("aé\n\"")),
            ("\"a\tb\"", Some("a\tb")),
            ("1.50", Some("1.50")),
            ("1e3", Some("1e3")),
            ("true", Some("true")),
            ("{\"a\": 1, \"b\":[1, 2.50]}", Some("{\"a\":1,\"b\":[1,2.5]}")),
            ("[1,2.50, \"x\"]", Some("[1,2.5,\"x\"]")),
        ],
    );
    check_values(
        &L::Boolean,
        &[],
        &[("true", Some("true")), ("\"TRUE\"", Some("true")), ("1", Some("false"))],
    );
    check_values(
        &L::Double,
        &[],
        &[
            ("1e3", Some("1000.0")),
            ("\"1.5\"", Some("1.5")),
            ("\"NaN\"", Some("NaN")),
            ("\"abc\"", None),
            ("\"\"", None),
        ],
    );
    check_values(
        &L::Decimal { precision: 10, scale: 2 },
        &[],
        &[
            ("1.005", Some("1.01")),
            ("\"1.5\"", Some("1.50")),
            ("123456789.12", Some("null")),
            ("\"abc\"", None),
        ],
    );
    check_values(&L::Varbinary(9), &[], &[("\"aGk=\"", Some("[104, 105]")), ("\"***\"", None)]);
}

#[test]
fn moments_follow_their_standard() {
    let iso = [("json.timestamp-format.standard", "ISO-8601")];
    check_values(&L::Date, &[], &[("\"2024-02-29\"", Some("2024-02-29")), ("\"2024-2-1\"", None)]);
    check_values(&L::Time(0), &[], &[("\"10:11:12\"", Some("10:11:12")), ("\"10:11\"", None)]);
    let (sql_text, iso_text) = ("\"2024-01-01 10:00:00.5\"", "\"2024-01-01T10:00:00.5\"");
    let value = Some("2024-01-01T10:00:00.500");
    check_values(&L::timestamp(3), &[], &[(sql_text, value), (iso_text, None)]);
    check_values(&L::timestamp(3), &iso, &[(iso_text, value), (sql_text, None)]);
}

#[test]
fn what_is_inside_is_lenient_or_strict_by_itself() {
    let row = L::Row(schema(&[("x", L::Int), ("y", L::STRING)]));
    let columns = [("m", map(L::Int)), ("a", array(L::Int)), ("r", row)];
    let text = "{\"m\":{\"a\":1,\"b\":\"2\"},\"a\":[\"1\",2,null],\"r\":{\"x\":\"5\",\"y\":null}}\n\
        {\"m\":{\"a\":\"x\",\"b\":2},\"a\":[\"q\",2],\"r\":{\"x\":\"q\",\"y\":\"ok\"}}\n\
        {\"m\":[1],\"a\":{\"x\":1},\"r\":[1]}\n\
        {\"m\":{},\"a\":[],\"r\":{\"x\":1,\"y\":{\"deep\":[1]}}}\n";
    check(
        text,
        &columns,
        LENIENT,
        &[
            "+I[{a=1, b=2}, [1, 2, null], +I[5, null]]",
            "+I[{a=null, b=2}, [null, 2], +I[null, ok]]",
            "+I[null, null, null]",
            "+I[{}, [], +I[1, {\"deep\":[1]}]]",
        ],
    );
    let error = read_in_pieces(text, &columns[2..], &[], 9).unwrap_err().to_string();
    assert_eq!(error, r#"json-field field="r.x" value="\"q\"" type="INT" file="/f" line="2""#);
    let keys = L::Map(DataType::nullable(L::Int).into(), DataType::nullable(L::Int).into());
    check("", &[("m", keys)], &[], &[r#"json-type column="m" type="MAP<INT, INT>""#]);
}

fn written(columns: &[(&str, L)], row: Vec<Value>, options: &[(&str, &str)]) -> String {
    let schema = schema(columns);
    let options: Options = options.iter().copied().collect();
    let mut bytes = Vec::new();
    let batch = rows_to_batch(&schema, &[Row::insert(row)]).unwrap();
    let done = Json
        .writer(&options, &schema)
        .and_then(|factory| factory.create().write(&batch, &mut bytes));
    done.map_or_else(|e| e.to_string(), |()| String::from_utf8(bytes).unwrap())
}

#[test]
fn lines_are_written_as_flink_writes_them() {
    let columns = [
        ("s", L::STRING),
        ("d", L::Double),
        ("dec", L::Decimal { precision: 10, scale: 4 }),
        ("by", L::Varbinary(9)),
        ("ts", L::timestamp(6)),
        ("a", array(L::Int)),
        ("r", L::Row(schema(&[("x", L::Int)]))),
        ("m", map(L::Int)),
        ("n", L::Int),
    ];
    let day = 19_723 * 86_400_000_i64;
    let row = vec![
        "é\"\\/\u{1}\n\t".into(),
        Value::Double(1e10),
        Value::Decimal(1_000_000_000, 4),
        Value::Bytes(b"hi".as_slice().into()),
        Value::Timestamp(day + 36_000_123, 450_000),
        Value::Array([Value::Int(1), Value::Null].into()),
        Value::Row([Value::Int(7)].into()),
        Value::Map([("k".into(), Value::Int(3))].into()),
        Value::Null,
    ];
    let line = "{\"s\":\"é\\\"\\\\/\\u0001\\n\\t\",\"d\":1.0E10,\"dec\":1E+5,\"by\":\"aGk=\",\
        \"ts\":\"2024-01-01 10:00:00.12345\",\"a\":[1,null],\"r\":{\"x\":7},\"m\":{\"k\":3},\
        \"n\":null}\n";
    assert_eq!(written(&columns, row.clone(), &[]), line);
    let options = [
        ("json.encode.decimal-as-plain-number", "true"),
        ("json.timestamp-format.standard", "ISO-8601"),
    ];
    let other = line.replace("1E+5", "100000").replace("01 10", "01T10");
    assert_eq!(written(&columns, row, &options), other);
}

#[test]
fn a_null_key_is_told_what_to_become() {
    let entries = || {
        let null = (Value::Null, Value::Int(1));
        vec![Value::Map([null, ("a".into(), Value::Int(2))].into())]
    };
    // A column of maps keeps no NULL key: what the writer does with one is asked of its rules.
    let rules = |mode: &[(&str, &str)]| {
        let rules = super::KEYS.write_rules(&mode.iter().copied().collect())?;
        let mut line = String::new();
        rules.object(&entries(), &schema(&[("m", map(L::Int))]), &mut line)?;
        Ok::<_, crate::base::Error>(line)
    };
    let mode = |mode| ("json.map-null-key.mode", mode);
    assert_eq!(rules(&[]).unwrap_err().to_string(), "json-map-key-null");
    assert_eq!(rules(&[mode("DROP")]).unwrap(), "{\"m\":{\"a\":2}}");
    let literal = ("json.map-null-key.literal", "nulo");
    assert_eq!(rules(&[mode("LITERAL"), literal]).unwrap(), "{\"m\":{\"nulo\":1,\"a\":2}}");
    assert!(rules(&[mode("XX")]).is_err());
}
