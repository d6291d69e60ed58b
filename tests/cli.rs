//! The program as a person meets it in a terminal: output, exit codes, both languages.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

const SCOREBOARD: &str = include_str!("conformance/tutorial/media_py.taskexecutor.stdout");
const WORDCOUNT: &str = include_str!("conformance/tutorial/wordcount.taskexecutor.stdout");

fn riacho(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_riacho"));
    command.args(args);
    for name in ["LANG", "LC_ALL", "LC_MESSAGES", "DISPLAY", "WAYLAND_DISPLAY"] {
        command.env_remove(name);
    }
    command.output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn script(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

fn run_script(text: &str, args: &[&str]) -> Output {
    let file = script(text);
    let path = file.path().to_str().unwrap();
    riacho(&[&["sql", "-f", path], args].concat())
}

/// Lines without the `n>` of a parallel sink, by what `key` finds in them, in order.
fn by_key(text: &str, key: impl Fn(&str) -> String) -> BTreeMap<String, Vec<String>> {
    let mut keys: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in text.lines() {
        let bare = line.split_once("> ").filter(|(n, _)| n.parse::<u32>().is_ok());
        let bare = bare.map_or(line, |(_, rest)| rest);
        keys.entry(key(bare)).or_default().push(bare.to_owned());
    }
    keys
}

/// `('Aluno:', 'a', ..` belongs to `a`.
fn student(line: &str) -> String {
    line.split('\'').nth(3).unwrap_or_default().to_owned()
}

/// `(to,1)` belongs to `to`.
fn word(line: &str) -> String {
    line.trim_start_matches('(').split(',').next().unwrap_or_default().to_owned()
}

#[test]
fn the_scoreboard_prints_the_tutorials_lines_in_order_by_key() {
    let expected = by_key(SCOREBOARD, student);
    for driver in ["step", "threads"] {
        for parallelism in ["1", "2", "4"] {
            let output =
                riacho(&["run", "scoreboard", "--parallelism", parallelism, "--driver", driver]);
            assert!(output.status.success(), "{}", stderr(&output));
            let text = stdout(&output);
            assert_eq!(by_key(&text, student), expected, "{driver} {parallelism}:\n{text}");
            assert_eq!(text.starts_with('('), parallelism == "1", "the prefix tells the subtask");
        }
    }
}

#[test]
fn at_parallelism_1_the_order_is_the_tutorials() {
    let output = riacho(&["run", "scoreboard", "--driver", "step"]);
    assert_eq!(stdout(&output), SCOREBOARD);
    let output = riacho(&["run", "wordcount", "--driver", "step"]);
    assert_eq!(stdout(&output), WORDCOUNT);
}

#[test]
fn the_word_count_counts_alike_at_any_parallelism() {
    let output = riacho(&["run", "wordcount", "--parallelism", "3"]);
    assert_eq!(by_key(&stdout(&output), word), by_key(WORDCOUNT, word));
}

#[test]
fn a_script_prints_its_results() {
    let output = run_script(
        "SELECT * FROM (VALUES (1, 'ação'), (2, CAST(NULL AS STRING))) AS t(id, name);",
        &[],
    );
    insta::assert_snapshot!(stdout(&output), @r"
    +----+-------------+--------------------------------+
    | op |          id |                           name |
    +----+-------------+--------------------------------+
    | +I |           1 |                           ação |
    | +I |           2 |                         <NULL> |
    +----+-------------+--------------------------------+
    Received a total of 2 rows
    ");
    assert!(output.status.success());
}

#[test]
fn a_script_stops_at_its_first_error() {
    let text = "SET 'execution.runtime-mode' = 'batch';\nSELECT *\nFROM poeple;\nSELECT 1;";
    let output = run_script(text, &["--lang", "en"]);
    assert_eq!(output.status.code(), Some(1));
    let text = stdout(&output);
    assert!(text.contains("poeple"), "{text}");
    assert!(text.contains("   3 | FROM poeple;\n     |      ^^^^^^\n"), "{text}");
    assert!(!text.contains("EXPR$0"), "nothing runs after the error: {text}");
}

#[test]
fn a_transcript_goes_on_and_numbers_what_it_finds() {
    let text = "-- a comment\nUSE CATALOG nowhere;\nSET 'execution.runtime-mode' = 'batch';\n\
                SELECT 1 AS answer;\nCREATE TABLE p (a INT) WITH ('connector' = 'print');\n\
                INSERT INTO p VALUES (7);";
    let output = run_script(text, &["--transcript", "--lang", "en"]);
    assert!(output.status.success());
    let text = stdout(&output);
    let (first, rest) = text.split_once('\n').unwrap();
    assert!(first.starts_with("-- [1] ERROR ") && first.contains("nowhere"), "{first}");
    insta::assert_snapshot!(rest, @r"
    -- [2] OK
    -- [3] RESULT
    +--------+
    | answer |
    +--------+
    |      1 |
    +--------+
    1 row in set
    -- [4] OK
    -- [5] OK
    -- [5] STDOUT
    +I[7]
    ");
}

#[test]
fn a_query_that_never_ends_is_bounded() {
    let text = "CREATE TABLE s (id INT) WITH ('connector' = 'datagen', 'rows-per-second' = '1');\n\
                SELECT * FROM s;\nSELECT 1;";
    let output = run_script(text, &["--transcript", "--limit", "3"]);
    let text = stdout(&output);
    assert!(text.contains("-- [2] UNBOUNDED\n-- [3] RESULT"), "{text}");
}

#[test]
fn folders_stand_for_their_names() {
    let tmp = tempfile::tempdir().unwrap();
    std::fs::write(tmp.path().join("one.csv"), "7,seven\n").unwrap();
    let text = "CREATE TABLE t (id INT, name STRING) WITH ('connector' = 'filesystem', \
                'path' = 'file://${DATA}/one.csv', 'format' = 'csv');\nSELECT * FROM t;";
    let output = run_script(text, &["--data", tmp.path().to_str().unwrap()]);
    assert!(stdout(&output).contains("seven"), "{}{}", stdout(&output), stderr(&output));
}

#[test]
fn without_a_display_the_window_says_what_works() {
    for (language, words) in [("en", "window"), ("pt-BR", "janela")] {
        let output = riacho(&["--lang", language]);
        assert_eq!(output.status.code(), Some(1));
        let text = stderr(&output);
        assert!(text.contains(words) && text.contains("riacho sql"), "{text}");
    }
}

#[test]
fn help_teaches_in_both_languages() {
    for (language, words) in [("en", "a SQL prompt"), ("pt-BR", "um prompt de SQL")] {
        let output = riacho(&["--help", "--lang", language]);
        assert!(output.status.success());
        assert!(stdout(&output).contains(words), "{}", stdout(&output));
    }
}

#[test]
fn what_is_not_understood_has_exit_code_2() {
    let output = riacho(&["sql", "--fast"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--fast"), "{}", stderr(&output));
}

#[test]
fn a_missing_script_is_named() {
    let missing = Path::new("no-such-folder/a.sql");
    let output = riacho(&["sql", "-f", missing.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("no-such-folder/a.sql"), "{}", stderr(&output));
}

#[test]
fn the_interactive_client_reads_from_a_pipe() {
    use std::io::Write;
    let home = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_riacho"))
        .args(["sql", "--lang", "en"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .env("HOME", home.path())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(b"SELECT 40 + 2\n AS answer;\nHELP;\nQUIT;\n").unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    let text = stdout(&output);
    assert!(text.contains("answer") && text.contains("42"), "{text}");
    assert!(text.contains("Tab completes"), "{text}");
}
