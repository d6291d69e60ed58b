//! Partitions: the folders of rows, which of them are read, and when one is told to be complete.

use std::sync::Arc;

use super::{Insert, sink, table};
use crate::base::{CheckpointId, LabTime, Watermark};
use crate::connectors::descriptor::SourceRequest;
use crate::connectors::files::MemoryFiles;
use crate::connectors::{Poll, SinkContext, SourceContext};
use crate::data::{DataType, Field, LogicalType, Row, Schema, Value, print, rows_to_batch};

fn partitioned() -> (Schema, Vec<String>) {
    let field = |name| Field::new(name, DataType::nullable(LogicalType::STRING));
    (Schema::new(vec![field("dt"), field("v")]), vec!["dt".to_owned()])
}

fn row(dt: &str, v: &str) -> Vec<Value> {
    vec![if dt.is_empty() { Value::Null } else { dt.into() }, v.into()]
}

/// Writes rows of (partition, value) and ends; what is visible then, each file by its folder.
fn insert_into(
    files: &Arc<MemoryFiles>,
    overwrite: bool,
    rows: &[(&str, &str)],
    options: &[(&str, &str)],
) -> Vec<String> {
    let (schema, partitions) = partitioned();
    let options: Vec<_> = [("path", "/p")].into_iter().chain(options.iter().copied()).collect();
    let factory = sink(&schema, &partitions, overwrite, &options);
    let insert = Insert { files: files.clone(), factory };
    let mut writer = insert.writer(0, 1);
    let rows: Vec<Row> = rows.iter().map(|(dt, v)| Row::insert(row(dt, v))).collect();
    let batch = rows_to_batch(&schema, &rows).unwrap();
    insert.with(|c| writer.write(&batch, c)).unwrap();
    insert.with(|c| writer.finish(c)).unwrap();
    let file = |(path, text): (String, String)| {
        let (folder, name) = path.rsplit_once('/').unwrap();
        let name = if name.starts_with("part-") { "part" } else { name };
        format!("{}/{name} {}", &folder[2..], text.replace('\n', " ").trim_end())
    };
    files.contents().into_iter().map(file).collect()
}

#[test]
fn rows_go_to_the_folders_of_their_partitions() {
    let files = Arc::new(MemoryFiles::default());
    let first = insert_into(&files, false, &[("a", "1"), ("b", "2"), ("a", "3"), ("", "4")], &[]);
    let default = "/dt=__DEFAULT_PARTITION__/part 4";
    assert_eq!(first, [default, "/dt=a/part 1 3", "/dt=b/part 2"]);
    let second = insert_into(&files, true, &[("b", "5"), ("c", "6")], &[]);
    let both = [default, "/dt=a/part 1 3", "/dt=b/part 5", "/dt=c/part 6"];
    assert_eq!(second, both, "only the partitions written to are replaced");
    let (schema, partitions) = partitioned();
    let request = SourceRequest {
        table: "t",
        schema: &schema,
        partitions: &partitions,
        metadata: &["file.size".to_owned()],
        projection: &[2, 1, 0],
        keeps: None,
        limit: None,
    };
    let source = table(&[("path", "/p")]).source_factory(request).unwrap();
    let mut reader = source.create(0, 1, 0).unwrap();
    let mut rows = Vec::new();
    let mut context = SourceContext { now: LabTime(0), max_rows: 9, files: &*files };
    while let Poll::Batch(batch) = reader.poll(&mut context).unwrap() {
        rows.extend(batch.rows(source.output()).map(|r| print::java::row(&r)));
    }
    let expected = ["+I[2, 4, null]", "+I[4, 1, a]", "+I[4, 3, a]", "+I[2, 5, b]", "+I[2, 6, c]"];
    assert_eq!(rows, expected);
}

#[test]
fn a_complete_partition_is_told_by_a_file() {
    let files = Arc::new(MemoryFiles::default());
    let policy = [("sink.partition-commit.policy.kind", "success-file")];
    let all = insert_into(&files, false, &[("a", "1"), ("b", "2")], &policy);
    let expected = ["/dt=a/_SUCCESS ", "/dt=a/part 1", "/dt=b/_SUCCESS ", "/dt=b/part 2"];
    assert_eq!(all, expected);
}

#[test]
fn a_partition_is_complete_when_its_time_has_come() {
    let by_clock = [("sink.partition-commit.delay", "10 s")];
    let by_watermark = [
        ("sink.partition-commit.delay", "1 h"),
        ("sink.partition-commit.trigger", "partition-time"),
    ];
    // (options, lab clock in seconds, watermark in hours) of a checkpoint: committed?
    for (options, clock, hours, expected) in [
        (&by_clock[..], 9, 100, false),
        (&by_clock, 10, 0, true),
        (&by_watermark, 100, 0, false),
        (&by_watermark, 0, 1, true),
    ] {
        let (schema, partitions) = partitioned();
        let policy = [("path", "/p"), ("sink.partition-commit.policy.kind", "success-file")];
        let options: Vec<_> = policy.into_iter().chain(options.iter().copied()).collect();
        let files = Arc::new(MemoryFiles::default());
        let factory = sink(&schema, &partitions, false, &options);
        let insert = Insert { files: files.clone(), factory };
        let mut writer = insert.writer(0, 1);
        let batch = rows_to_batch(&schema, &[Row::insert(row("1970-01-01", "v"))]).unwrap();
        insert.with(|c| writer.write(&batch, c)).unwrap();
        writer.watermark(Watermark(hours * 3_600_000));
        insert.with(|c| writer.snapshot(c)).unwrap();
        let done = |c: &mut SinkContext<'_>| writer.checkpoint_completed(CheckpointId(1), c);
        insert.at(clock * 1_000, done).unwrap();
        let committed = files.contents().iter().any(|(path, _)| path.ends_with("/_SUCCESS"));
        assert_eq!(committed, expected, "{options:?} at {clock} s, {hours} h");
    }
}

#[test]
fn a_partition_of_two_writers_is_complete_when_both_show_their_rows_and_have_its_time() {
    let (schema, partitions) = partitioned();
    let options = [
        ("path", "/p"),
        ("sink.partition-commit.policy.kind", "success-file"),
        ("sink.partition-commit.trigger", "partition-time"),
    ];
    let files = Arc::new(MemoryFiles::default());
    let factory = sink(&schema, &partitions, false, &options);
    let insert = Insert { files: files.clone(), factory };
    let mut writers = [insert.writer(0, 2), insert.writer(1, 2)];
    let batch = rows_to_batch(&schema, &[Row::insert(row("1970-01-01", "v"))]).unwrap();
    for writer in &mut writers {
        insert.with(|c| writer.write(&batch, c)).unwrap();
    }
    let [first, second] = &mut writers;
    // (the first's event time, the second's) at a checkpoint: committed after the first, after both?
    for (number, (of_first, of_second), expected) in
        [(1, (5, i64::MIN), [false, false]), (2, (6, 7), [false, true])]
    {
        first.watermark(Watermark(of_first));
        second.watermark(Watermark(of_second));
        for writer in [&mut *first, &mut *second] {
            insert.with(|c| writer.snapshot(c)).unwrap();
        }
        let mut committed = Vec::new();
        for writer in [&mut *first, &mut *second] {
            insert.with(|c| writer.checkpoint_completed(CheckpointId(number), c)).unwrap();
            let has = files.contents().iter().any(|(path, _)| path.ends_with("/_SUCCESS"));
            committed.push(has);
        }
        assert_eq!(committed, expected, "checkpoint {number}");
    }
}

#[test]
fn partitions_that_nobody_wants_are_not_opened() {
    let files = MemoryFiles::new([("/p/dt=a/part-0", "1\n"), ("/p/dt=b/part-0", "no,row\n")]);
    let (schema, partitions) = partitioned();
    let request = SourceRequest {
        table: "t",
        schema: &schema,
        partitions: &partitions,
        metadata: &[],
        projection: &[1],
        keeps: Some(Arc::new(|partition| {
            let dt = Schema::new(vec![partitioned().0.fields()[0].clone()]);
            Ok(partition.rows(&dt).any(|row| row.fields[0] == "a".into()))
        })),
        limit: None,
    };
    let source = table(&[("path", "/p")]).source_factory(request).unwrap();
    let mut reader = source.create(0, 1, 0).unwrap();
    let mut context = SourceContext { now: LabTime(0), max_rows: 9, files: &files };
    assert!(matches!(reader.poll(&mut context).unwrap(), Poll::Batch(batch) if batch.len() == 1));
    assert!(matches!(reader.poll(&mut context).unwrap(), Poll::End));
}
