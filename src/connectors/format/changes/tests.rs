//! Messages of changes as rows, and rows as messages.

use super::{CANAL, Changes, DEBEZIUM};
use crate::base::Result;
use crate::connectors::Options;
use crate::connectors::files::MemoryFiles;
use crate::connectors::format::{Format, Position};
use crate::data::{
    DataType, Field, LogicalType as L, Row, RowKind, Schema, Value, print, rows_to_batch,
};

fn schema() -> Schema {
    let field = |name, logical| Field::new(name, DataType::nullable(logical));
    Schema::new(vec![field("id", L::Int), field("name", L::STRING)])
}

/// Reads a file in batches of `max_rows`, each by a new reader at the position where the last stood.
fn read(
    format: &Changes,
    text: &str,
    options: &[(&str, &str)],
    max_rows: usize,
) -> Result<Vec<String>> {
    let (options, schema): (Options, _) = (options.iter().copied().collect(), schema());
    let factory = format.reader(&options, &schema, &[0, 1])?;
    let files = MemoryFiles::new([("/f", text)]);
    let (mut position, mut lines) = (Position::default(), Vec::new());
    loop {
        let mut reader = factory.open("/f", position)?;
        let Some(batch) = reader.read(&files, max_rows)? else { return Ok(lines) };
        assert!(batch.len() <= max_rows);
        lines.extend(batch.rows(&schema).map(|row| print::java::row(&row)));
        position = reader.position();
    }
}

#[track_caller]
fn check(format: &Changes, text: &str, options: &[(&str, &str)], expected: &str) {
    for max_rows in [1, 2, 3, 1000] {
        let found = read(format, text, options, max_rows)
            .map_or_else(|error| error.to_string(), |rows| rows.join(" "));
        assert_eq!(found, expected, "{max_rows} rows at a time");
    }
}

#[test]
fn a_message_of_several_rows_may_be_left_in_the_middle() {
    let text = "{\"data\":[{\"id\":1},{\"id\":2},{\"id\":3},{\"id\":4}],\"type\":\"INSERT\"}\n\
        {\"data\":[{\"id\":1,\"name\":\"a\"},{\"id\":2}],\
        \"old\":[{\"name\":null},{}],\"type\":\"UPDATE\"}\n\
        {\"data\":[{\"id\":4}],\"type\":\"DELETE\"}\n";
    let expected = "+I[1, null] +I[2, null] +I[3, null] +I[4, null] -U[1, null] +U[1, a] \
        -U[2, null] +U[2, null] -D[4, null]";
    check(&CANAL, text, &[], expected);
}

#[test]
fn a_bad_message_names_its_place() {
    for (format, text, expected) in [
        (
            &DEBEZIUM,
            "\n{\"after\":{\"id\":1},\"op\":\"u\"}\n",
            r#"change-incomplete format="debezium-json" field="before" value="{\"after\":{\"id\":1},\"op\":\"u\"}" file="/f" line="2""#,
        ),
        (
            &DEBEZIUM,
            "{\"op\":\"x\"}",
            r#"change-unknown format="debezium-json" field="op" kind="x" value="{\"op\":\"x\"}" file="/f" line="1""#,
        ),
        (
            &CANAL,
            "{\"data\":[]}",
            r#"change-incomplete format="canal-json" field="type" value="{\"data\":[]}" file="/f" line="1""#,
        ),
        (
            &DEBEZIUM,
            "{\"op\":\"c\",\"after\":{\"id\":\"x\"}}",
            r#"json-field field="id" value="\"x\"" type="INT" file="/f" line="1""#,
        ),
    ] {
        check(format, text, &[], expected);
    }
}

#[test]
fn an_update_is_written_as_a_removal_and_an_insertion() {
    use RowKind::{Delete, Insert, UpdateAfter, UpdateBefore};
    let kinds = [Insert, UpdateBefore, UpdateAfter, Delete];
    let rows: Vec<Row> = kinds
        .into_iter()
        .map(|kind| Row { kind, ..Row::insert(vec![Value::Int(1), "a".into()]) })
        .collect();
    let batch = rows_to_batch(&schema(), &rows).unwrap();
    for (format, adds, removes) in [
        (
            &DEBEZIUM,
            r#"{"before":null,"after":{"id":1,"name":"a"},"op":"c"}"#,
            r#"{"before":{"id":1,"name":"a"},"after":null,"op":"d"}"#,
        ),
        (
            &CANAL,
            r#"{"data":[{"id":1,"name":"a"}],"type":"INSERT"}"#,
            r#"{"data":[{"id":1,"name":"a"}],"type":"DELETE"}"#,
        ),
    ] {
        let mut text = Vec::new();
        let writer = format.writer(&Options::default(), &schema()).unwrap();
        writer.create().write(&batch, &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert_eq!(text, format!("{adds}\n{removes}\n{adds}\n{removes}\n"));
        check(format, &text, &[], "+I[1, a] -D[1, a] +I[1, a] -D[1, a]");
    }
}
