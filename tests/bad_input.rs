//! Files that are not what they should be: what a person is told, in both languages, and which rows came
//! before it. Each message names the file, the line and the field, and says what to try.
//!
//! `tests/bad_input.out` has what they say; `RIACHO_BLESS=1` writes it anew.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use riacho::base::{Error, JobId, LabDuration, Location, Result};
use riacho::connectors::files::{FileStatus, Files, MemoryFiles, RealFiles};
use riacho::i18n::{Language, error_text};
use riacho::runtime::api::{LabOptions, Outcome};
use riacho::runtime::session::Session;
use riacho::trace::JobState;

/// An hour of lab time: more than any of these jobs needs.
const LIMIT: LabDuration = LabDuration::seconds(3_600);

const AT: Location = Location { line: 1, column: 1 };

const SELECT: &str = "SELECT * FROM t";

/// What is wrong, the format with its options, and the bytes of the file `/t/part-0`; without any there is
/// none.
const FILES: &[(&str, &str, Option<&[u8]>)] = &[
    ("no folder", "csv", None),
    ("half a line at the end", "csv", Some(b"1,a\n2,b")),
    ("half a row at the end", "csv", Some(b"1,a\n2")),
    ("a quote that never closes", "csv", Some(b"1,a\n2,\"b\n3,c\n")),
    ("text after a quote", "csv", Some(b"1,a\n2,\"b\"x\n")),
    ("no number", "csv", Some(b"1,a\ntwo,b\n")),
    ("too many fields", "csv", Some(b"1,a\n2,b,c\n")),
    ("bytes that are no UTF-8", "csv", Some(b"1,a\n2,b\xff\xfe\n")),
    ("bytes that are no UTF-8 in a number", "csv", Some(b"1,a\n\xff,b\n")),
    (
        "bytes that are no UTF-8, ignored",
        "csv' , 'csv.ignore-parse-errors' = 'true",
        Some(b"1,a\n2,b\xff\n"),
    ),
    ("half an object at the end", "json", Some(b"{\"id\":1,\"v\":\"a\"}\n{\"id\":2,\"v\"")),
    ("no JSON", "json", Some(b"{\"id\":1,\"v\":\"a\"}\nhello\n")),
    ("a field of another type", "json", Some(b"{\"id\":1,\"v\":\"a\"}\n{\"id\":\"two\"}\n")),
    (
        "bytes that are no UTF-8",
        "json",
        Some(b"{\"id\":1,\"v\":\"a\"}\n{\"id\":2,\"v\":\"b\xff\"}\n"),
    ),
    ("an empty file", "avro", Some(b"")),
    ("another format", "avro", Some(b"1,a\n")),
    ("an empty file", "orc", Some(b"")),
    ("another format", "orc", Some(b"1,a\n2,b\n3,c\n")),
    ("an empty file", "parquet", Some(b"")),
    ("another format", "parquet", Some(b"1,a\n2,b\n3,c\n")),
];

/// A session over these files with the table `t` in them.
fn session<F: Files + 'static>(files: &Arc<F>, format: &str) -> Session {
    let mut session = Session::over(LabOptions::transcript(), Some(files.clone())).unwrap();
    let table = format!(
        "CREATE TABLE t (id INT, v STRING) WITH
            ('connector' = 'filesystem', 'path' = '/t', 'format' = '{format}')"
    );
    session.execute("SET 'execution.runtime-mode' = 'batch'", AT).unwrap();
    session.execute(&table, AT).unwrap();
    session
}

/// Runs a statement; its job and how it ended.
fn run(session: &mut Session, statement: &str) -> (JobId, Option<JobState>) {
    let job = match session.execute(statement, AT).unwrap() {
        Outcome::Query(info) => info.job,
        Outcome::Insert { job, .. } => job,
        other => panic!("{other:?} is no job"),
    };
    (job, session.engine_mut().run_job(job, LIMIT))
}

/// The rows that a statement reads, and what is said.
fn told<F: Files + 'static>(files: &Arc<F>, format: &str, statement: &str) -> String {
    let mut session = session(files, format);
    let (job, state) = run(&mut session, statement);
    let mut out = String::new();
    for row in session.rows(job, 0, usize::MAX) {
        writeln!(out, "  {}", row.cells.join(", ")).unwrap();
    }
    let cause = session.engine_mut().job(job).unwrap().cause.clone();
    assert_eq!(cause.is_some(), state == Some(JobState::Failed), "{state:?}");
    for (sign, language) in [("pt", Language::PtBr), ("en", Language::En)] {
        let Some(cause) = &cause else { continue };
        writeln!(out, "  {sign}: {}", error_text(language, cause)).unwrap();
    }
    out
}

/// A file of two rows, as this format has it.
fn whole(format: &str) -> Vec<u8> {
    let files = Arc::new(MemoryFiles::default());
    let (_, state) = run(&mut session(&files, format), "INSERT INTO t VALUES (1, 'a'), (2, 'b')");
    assert_eq!(state, Some(JobState::Finished));
    let [part] = &*files.list("/t").unwrap() else { panic!("not one part file") };
    files.read(&part.path, 0, usize::MAX).unwrap()
}

#[test]
fn what_is_wrong_with_a_file_is_said() {
    let mut got = String::new();
    for (name, format, bytes) in FILES {
        let files = Arc::new(MemoryFiles::default());
        bytes.iter().for_each(|bytes| files.append("/t/part-0", bytes).unwrap());
        writeln!(got, "{format}: {name}\n{}", told(&files, format, SELECT)).unwrap();
    }
    for format in ["avro", "orc", "parquet"] {
        let bytes = whole(format);
        for (name, rest) in
            [("half of a file", bytes.len() / 2), ("all but its end", bytes.len() - 1)]
        {
            let files = Arc::new(MemoryFiles::default());
            files.append("/t/part-0", &bytes[..rest]).unwrap();
            writeln!(got, "{format}: {name}\n{}", told(&files, format, SELECT)).unwrap();
        }
    }
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad_input.out");
    if std::env::var_os("RIACHO_BLESS").is_some() {
        fs::write(&golden, &got).unwrap();
    }
    assert_eq!(got, fs::read_to_string(&golden).unwrap_or_default());
}

/// A disk without room.
struct FullDisk(MemoryFiles);

impl Files for FullDisk {
    fn status(&self, path: &str) -> Result<Option<FileStatus>> {
        self.0.status(path)
    }

    fn list(&self, path: &str) -> Result<Vec<FileStatus>> {
        self.0.list(path)
    }

    fn read(&self, path: &str, offset: u64, length: usize) -> Result<Vec<u8>> {
        self.0.read(path, offset, length)
    }

    fn append(&self, path: &str, bytes: &[u8]) -> Result<()> {
        self.0.append(path, &bytes[..bytes.len() / 2])?;
        match bytes {
            [] => Ok(()),
            _ => Err(Error::new("file-io").arg("path", path).arg("reason", "no space left")),
        }
    }

    fn rename(&self, from: &str, to: &str) -> Result<()> {
        self.0.rename(from, to)
    }

    fn remove(&self, path: &str) -> Result<()> {
        self.0.remove(path)
    }
}

#[test]
fn a_full_disk_is_said_and_shows_nothing() {
    for format in ["csv", "json", "avro", "orc", "parquet"] {
        let disk = Arc::new(FullDisk(MemoryFiles::default()));
        let said = told(&disk, format, "INSERT INTO t VALUES (1, 'a'), (2, 'b')");
        let paths: Vec<String> = disk.0.contents().into_iter().map(|(path, _)| path).collect();
        let [path] = &*paths else { panic!("{paths:?}") };
        assert!(path.starts_with("/t/.part-") && path.ends_with(".inprogress"), "{path}");
        let expected = format!(
            "  pt: Algo deu errado com o arquivo {path}: no space left. Veja se o disco está lá e tem \
             espaço, e rode de novo.\n  en: Something went wrong with the file {path}: no space left. \
             See whether the disk is there and has room, and run it again.\n"
        );
        assert_eq!(said, expected);
    }
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_workspace_is_said() {
    let (inside, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::write(outside.path().join("secret.csv"), "9,secret\n").unwrap();
    fs::create_dir(inside.path().join("t")).unwrap();
    std::os::unix::fs::symlink(outside.path(), inside.path().join("t/door")).unwrap();
    let files = Arc::new(RealFiles::below(inside.path()));
    let expected = "  pt: O caminho /t/door sai da pasta do laboratório. Use um caminho dentro dela.\n  \
                    en: The path /t/door leaves the lab's folder. Use a path inside it.\n";
    assert_eq!(told(&files, "csv", SELECT), expected);
}
