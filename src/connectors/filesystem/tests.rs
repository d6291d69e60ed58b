//! Folders of part files, read and written in memory.

mod partitions;

use std::sync::Arc;

use crate::base::{CheckpointId, LabTime, Result};
use crate::connectors::descriptor::{SinkRequest, SourceRequest};
use crate::connectors::files::{Files, MemoryFiles};
use crate::connectors::registry::{TableConnector, find};
use crate::connectors::{Poll, SinkContext, SinkWriter, SourceContext, SourceReader};
use crate::data::{DataType, Field, LogicalType, Row, Schema, Value, print, rows_to_batch};

fn schema() -> Schema {
    let column = |name, logical| Field::new(name, DataType::nullable(logical));
    Schema::new(vec![column("id", LogicalType::Int), column("v", LogicalType::STRING)])
}

fn table(options: &[(&str, &str)]) -> TableConnector {
    let fixed = [("connector", "filesystem"), ("format", "csv")];
    find(fixed.into_iter().chain(options.iter().copied()).collect()).unwrap()
}

pub(super) fn reader(
    options: &[(&str, &str)],
    index: u32,
    parallelism: u32,
) -> Box<dyn SourceReader> {
    let schema = schema();
    let request = SourceRequest {
        table: "t",
        schema: &schema,
        partitions: &[],
        metadata: &[],
        projection: &[0, 1],
        keeps: None,
        limit: None,
    };
    table(options).source_factory(request).unwrap().create(index, parallelism, 0).unwrap()
}

/// A reader of a whole folder.
pub(super) fn reader_of(path: &str, index: u32, parallelism: u32) -> Box<dyn SourceReader> {
    reader(&[("path", path)], index, parallelism)
}

/// What one poll gives; a batch prints as its rows.
pub(super) fn poll(reader: &mut dyn SourceReader, files: &dyn Files, now: i64) -> Result<String> {
    let mut context = SourceContext { now: LabTime::from_millis(now), max_rows: 2, files };
    Ok(match reader.poll(&mut context)? {
        Poll::Batch(batch) => {
            let schema = schema();
            batch.rows(&schema).map(|r| print::java::row(&r)).collect::<Vec<_>>().join(" ")
        }
        Poll::WaitUntil(later) => format!("wait until {}", later.millis()),
        other => format!("{other:?}"),
    })
}

fn read_all(reader: &mut dyn SourceReader, files: &MemoryFiles) -> Vec<String> {
    let polls = std::iter::from_fn(|| Some(poll(reader, files, 0).unwrap()));
    polls.take_while(|p| p != "End").collect()
}

pub(super) fn parts() -> MemoryFiles {
    MemoryFiles::new([
        ("/t/b.csv", "3,c\n4,d\n5,e\n"),
        ("/t/a.csv", "1,a\n2,b\n"),
        ("/t/.part.inprogress", "9,hidden\n"),
        ("/t/_SUCCESS", ""),
        ("/t/sub/c.csv", "6,f\n"),
        ("/t/_tmp/x.csv", "9,hidden\n"),
    ])
}

#[test]
fn a_folder_is_its_visible_files_by_name() {
    let files = parts();
    let polls = read_all(&mut *reader(&[("path", "file:///t/")], 0, 1), &files);
    assert_eq!(polls, ["+I[1, a] +I[2, b]", "+I[3, c] +I[4, d]", "+I[5, e]", "+I[6, f]"]);
    let one = read_all(&mut *reader(&[("path", "/t/a.csv")], 0, 1), &files);
    assert_eq!(one, ["+I[1, a] +I[2, b]"]);
    let hidden = read_all(&mut *reader(&[("path", "/t/_tmp")], 0, 1), &files);
    assert_eq!(hidden, [""; 0], "hidden is also what the table itself is called");
}

#[test]
fn files_are_dealt_to_subtasks() {
    let of = |index| read_all(&mut *reader(&[("path", "/t")], index, 2), &parts());
    assert_eq!(of(0), ["+I[1, a] +I[2, b]", "+I[6, f]"]);
    assert_eq!(of(1), ["+I[3, c] +I[4, d]", "+I[5, e]"]);
}

#[test]
fn a_missing_path_is_named() {
    let error = poll(&mut *reader(&[("path", "/no/such")], 0, 1), &parts(), 0).unwrap_err();
    assert_eq!(error.to_string(), r#"file-not-found path="/no/such""#);
}

#[test]
fn readers_go_on_where_a_snapshot_left_them() {
    let files = parts();
    for (before, after) in [(1, 1), (2, 2), (2, 3), (3, 1)] {
        for polls in 0..3 {
            let mut rows = Vec::new();
            let mut first: Vec<_> =
                (0..before).map(|i| reader(&[("path", "/t")], i, before)).collect();
            // The last reader has not even listed the folder.
            for reader in &mut first[..before as usize - usize::from(before > 1)] {
                rows.extend((0..polls).map(|_| poll(&mut **reader, &files, 0).unwrap()));
            }
            let snapshots: Vec<_> = first.iter_mut().map(|r| r.snapshot().unwrap()).collect();
            for index in 0..after {
                let mut second = reader(&[("path", "/t")], index, after);
                second.restore(&snapshots).unwrap();
                rows.extend(read_all(&mut *second, &files));
            }
            let text = rows.join(" ").replace("End", "");
            let mut rows: Vec<&str> =
                text.split("+I").map(str::trim).filter(|r| !r.is_empty()).collect();
            rows.sort_unstable();
            assert_eq!(
                rows,
                ["[1, a]", "[2, b]", "[3, c]", "[4, d]", "[5, e]", "[6, f]"],
                "{before} -> {after} after {polls} polls"
            );
        }
    }
}

#[test]
fn a_watched_folder_shows_new_files() {
    let files = MemoryFiles::new([("/t/a.csv", "1,a\n")]);
    let mut reader = reader(&[("path", "/t"), ("source.monitor-interval", "10 s")], 0, 1);
    assert_eq!(poll(&mut *reader, &files, 0).unwrap(), "+I[1, a]");
    assert_eq!(poll(&mut *reader, &files, 1).unwrap(), "wait until 10000");
    files.append("/t/b.csv", b"2,b\n").unwrap();
    assert_eq!(poll(&mut *reader, &files, 9_999).unwrap(), "wait until 10000");
    assert_eq!(poll(&mut *reader, &files, 10_000).unwrap(), "+I[2, b]");
    assert_eq!(poll(&mut *reader, &files, 10_001).unwrap(), "wait until 20000");
}

#[test]
fn a_folder_cannot_be_watched_all_the_time() {
    let schema = schema();
    let request = SourceRequest {
        table: "t",
        schema: &schema,
        partitions: &[],
        metadata: &[],
        projection: &[0, 1],
        keeps: None,
        limit: None,
    };
    let watched = table(&[("path", "/t"), ("source.monitor-interval", "0 s")]);
    let error = watched.source_factory(request).err().map(|e| e.to_string());
    let expected = r#"option-out-of-range name="source.monitor-interval" value="0 s""#;
    assert_eq!(error.as_deref(), Some(expected));
}

/// A statement that writes.
pub(super) struct Insert<F> {
    pub(super) files: Arc<F>,
    factory: Arc<dyn crate::connectors::SinkFactory>,
}

impl Insert<MemoryFiles> {
    fn new(files: &Arc<MemoryFiles>, overwrite: bool, options: &[(&str, &str)]) -> Self {
        let options: Vec<_> = [("path", "/t")].into_iter().chain(options.iter().copied()).collect();
        Self { files: files.clone(), factory: sink(&schema(), &[], overwrite, &options) }
    }
}

fn sink(
    schema: &Schema,
    partitions: &[String],
    overwrite: bool,
    options: &[(&str, &str)],
) -> Arc<dyn crate::connectors::SinkFactory> {
    let request = SinkRequest { table: "t", schema, partitions, named_partition: &[], overwrite };
    table(options).sink_factory(request).unwrap()
}

impl<F: Files> Insert<F> {
    /// With all options, `path` too.
    pub(super) fn over(files: F, overwrite: bool, options: &[(&str, &str)]) -> Self {
        Self { files: Arc::new(files), factory: sink(&schema(), &[], overwrite, options) }
    }

    pub(super) fn writer(&self, index: u32, of: u32) -> Box<dyn SinkWriter> {
        self.factory.create(index, of).unwrap()
    }

    /// Lets a writer do something at the beginning of lab time.
    pub(super) fn with<T>(&self, what: impl FnOnce(&mut SinkContext<'_>) -> T) -> T {
        self.at(0, what)
    }

    /// Lets a writer do something at this moment, in milliseconds.
    fn at<T>(&self, now: i64, what: impl FnOnce(&mut SinkContext<'_>) -> T) -> T {
        let now = LabTime::from_millis(now);
        let (printed, parts) = (&mut Vec::new(), &mut Vec::new());
        what(&mut SinkContext { now, files: &*self.files, printed, parts })
    }

    fn write(&self, writer: &mut dyn SinkWriter, id: i32) {
        self.try_write(writer, id).unwrap();
    }

    pub(super) fn try_write(&self, writer: &mut dyn SinkWriter, id: i32) -> Result<()> {
        let row = Row::insert(vec![Value::Int(id), "x".into()]);
        let batch = rows_to_batch(&schema(), &[row])?;
        self.with(|c| writer.write(&batch, c))
    }
}

/// The ids in visible files, and how many hidden files there are.
fn seen(files: &MemoryFiles) -> (Vec<String>, usize) {
    let contents = files.contents();
    let (hidden, visible): (Vec<_>, Vec<_>) =
        contents.into_iter().partition(|(path, _)| path.contains("/."));
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let mut ids: Vec<String> = visible.iter().flat_map(|(_, text)| lines(text)).collect();
    ids.sort();
    (ids, hidden.len())
}

#[test]
fn rows_are_visible_once_their_checkpoint_counts() {
    let files = Arc::new(MemoryFiles::default());
    let insert = Insert::new(&files, false, &[]);
    let mut writer = insert.writer(0, 1);
    insert.write(&mut *writer, 1);
    assert_eq!(seen(&files).0.len(), 0);
    insert.with(|c| writer.snapshot(c)).unwrap();
    insert.write(&mut *writer, 2);
    assert_eq!(seen(&files), (vec![], 2), "one is pending, one in progress");
    insert.with(|c| writer.checkpoint_completed(CheckpointId(1), c)).unwrap();
    assert_eq!(seen(&files), (vec!["1,x".into()], 1));
    insert.with(|c| writer.finish(c)).unwrap();
    assert_eq!(seen(&files), (vec!["1,x".into(), "2,x".into()], 0));
}

#[test]
fn a_restart_neither_loses_nor_repeats_what_a_checkpoint_covers() {
    let files = Arc::new(MemoryFiles::default());
    let insert = Insert::new(&files, false, &[]);
    let mut first = insert.writer(0, 1);
    insert.write(&mut *first, 1);
    let snapshot = insert.with(|c| first.snapshot(c)).unwrap();
    insert.write(&mut *first, 2);
    drop(first);
    let mut second = insert.writer(0, 1);
    insert.with(|c| second.restore(&[snapshot], c)).unwrap();
    insert.write(&mut *second, 2);
    insert.with(|c| second.finish(c)).unwrap();
    assert_eq!(seen(&files), (vec!["1,x".into(), "2,x".into()], 0));
}

#[test]
fn a_restart_from_nothing_replaces_its_own_files() {
    let files = Arc::new(MemoryFiles::default());
    let insert = Insert::new(&files, false, &[]);
    for _attempt in 0..2 {
        let mut writer = insert.writer(0, 1);
        insert.write(&mut *writer, 1);
        insert.with(|c| writer.finish(c)).unwrap();
    }
    assert_eq!(seen(&files), (vec!["1,x".into()], 0));
}

#[test]
fn statements_add_to_each_other_or_overwrite() {
    let files = Arc::new(MemoryFiles::default());
    for (overwrite, id, expected) in
        [(false, 1, vec!["1,x"]), (false, 2, vec!["1,x", "2,x"]), (true, 3, vec!["3,x"])]
    {
        let insert = Insert::new(&files, overwrite, &[]);
        let mut writer = insert.writer(0, 1);
        insert.write(&mut *writer, id);
        insert.with(|c| writer.finish(c)).unwrap();
        assert_eq!(seen(&files).0, expected);
    }
    let (path, _) = files.contents().pop().unwrap();
    assert!(path.starts_with("/t/part-") && path.ends_with("-0-0"), "{path}");
}

#[test]
fn a_full_part_file_is_rolled() {
    let files = Arc::new(MemoryFiles::default());
    let insert = Insert::new(&files, false, &[("sink.rolling-policy.file-size", "8b")]);
    let (mut writer, mut other) = (insert.writer(1, 2), insert.writer(0, 2));
    (1..=5).for_each(|id| insert.write(&mut *writer, id));
    insert.with(|c| writer.finish(c)).unwrap();
    assert_eq!(seen(&files).0.len(), 0, "nothing before the last writer has ended");
    insert.with(|c| other.finish(c)).unwrap();
    let names: Vec<_> = files
        .contents()
        .into_iter()
        .map(|(path, text)| (path[path.len() - 4..].to_owned(), text))
        .collect();
    let part = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    assert_eq!(
        names,
        [part("-1-0", "1,x\n2,x\n"), part("-1-1", "3,x\n4,x\n"), part("-1-2", "5,x\n")]
    );
}
