//! What Apache Flink answered to small SQL scripts, and what Riacho answers.
//!
//! An area is a folder of `tests/conformance/`, with `NAME.sql` and beside it `NAME.out`, the
//! transcript of a real Flink 1.18.1. Each script runs in a fresh session; `${DATA}` is the folder
//! `data`, `${TMP}` an empty folder of its own. An area that passes is a line in this file.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "support/transcript.rs"]
mod transcript;

use std::fs;
use std::path::{Path, PathBuf};

use riacho::cli::transcript::run;
use riacho::i18n::Language;
use riacho::runtime::api::{Driver, LabOptions, Policy};
use riacho::runtime::session::Session;

/// One test an area.
macro_rules! areas {
    ($($area:ident)*) => {$(
        #[test]
        fn $area() {
            check_area(stringify!($area), &LabOptions::transcript());
        }
    )*};
}

areas! {
    aggregates
    connectors_datagen_print_blackhole
    connectors_filesystem
    ddl_catalog
    errors
    functions_conditional_json_collection
    functions_math
    functions_string
    functions_temporal
    joins
    literals_types
    plans
    set_ops_sort_limit
    statements
    topn_dedup_over
    tutorial
    windows
}

#[test]
fn functions() {
    check_area("functions", &LabOptions::transcript());
}

#[test]
fn functions_with_one_row_in_a_batch() {
    check_area("functions", &LabOptions { batch_size: 1, ..LabOptions::transcript() });
}

#[test]
fn queries() {
    check_area("queries", &LabOptions::transcript());
}

#[test]
fn queries_with_one_row_in_a_batch() {
    check_area("queries", &LabOptions { batch_size: 1, ..LabOptions::transcript() });
}

#[test]
fn connectors() {
    check_area("connectors", &LabOptions::transcript());
}

#[test]
fn connectors_with_one_row_in_a_batch() {
    check_area("connectors", &LabOptions { batch_size: 1, ..LabOptions::transcript() });
}

#[test]
fn connectors_on_threads() {
    let options = LabOptions { driver: Driver::Threads, ..LabOptions::transcript() };
    check_area("connectors", &options);
}

#[test]
fn tutorial_with_one_row_in_a_batch_and_one_batch_in_a_channel() {
    let options = LabOptions {
        batch_size: 1,
        channel_capacity: 1,
        driver: Driver::Step(Policy::Seeded),
        ..LabOptions::transcript()
    };
    check_area("tutorial", &options);
}

#[test]
fn tutorial_on_threads() {
    let unbounded = ["05_datagen_and_view", "07_example_table_api"];
    let options = LabOptions { driver: Driver::Threads, ..LabOptions::transcript() };
    for (script, miss) in
        misses("tutorial", &options, |name| !unbounded.iter().any(|u| name.starts_with(u)))
    {
        assert_eq!(miss, None, "{script}");
    }
}

/// Scripts that are known to answer differently, and why: `tests/conformance/differences.toml`.
#[derive(serde::Deserialize)]
struct Differences {
    #[serde(default)]
    difference: Vec<Difference>,
}

#[derive(serde::Deserialize)]
struct Difference {
    reason: String,
    /// `area/name`, without the ending.
    scripts: Vec<String>,
}

fn differences() -> Differences {
    let text = fs::read_to_string(root().join("differences.toml")).unwrap();
    toml::from_str(&text).unwrap()
}

fn check_area(area: &str, options: &LabOptions) {
    let known: Vec<String> =
        differences().difference.into_iter().flat_map(|difference| difference.scripts).collect();
    let wrong: Vec<String> = misses(area, options, |_| true)
        .into_iter()
        .filter_map(|(script, miss)| match (miss, known.contains(&script)) {
            (Some(miss), false) => Some(format!("{script}: {miss}")),
            (None, true) => Some(format!("{script} passes: take it off the list of differences")),
            _ => None,
        })
        .collect();
    assert!(wrong.is_empty(), "{} scripts\n{}", wrong.len(), wrong.join("\n"));
}

/// What each script of an area misses.
fn misses(
    area: &str,
    options: &LabOptions,
    keep: impl Fn(&str) -> bool,
) -> Vec<(String, Option<String>)> {
    let scripts = scripts(area);
    assert!(!scripts.is_empty(), "no scripts in {area}");
    let kept = scripts.iter().filter(|path| keep(&stem(path)));
    kept.map(|path| (format!("{area}/{}", stem(path)), miss(path, options))).collect()
}

fn miss(path: &Path, options: &LabOptions) -> Option<String> {
    let script = fs::read_to_string(path).unwrap();
    let expected = fs::read_to_string(path.with_extension("out")).unwrap();
    let actual = answer(&script, options);
    transcript::difference(&script, &expected, &actual)
}

/// The transcript of a script, on these options.
fn answer(script: &str, options: &LabOptions) -> String {
    let tmp = tempfile::tempdir().unwrap();
    let script = script
        .replace("${DATA}", &root().join("data").display().to_string())
        .replace("${TMP}", &tmp.path().display().to_string());
    let mut session = Session::new(options.clone()).unwrap();
    let mut out = Vec::new();
    run(Language::En, &mut session, &script, None, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn scripts(area: &str) -> Vec<PathBuf> {
    let files = fs::read_dir(root().join(area)).unwrap().map(|entry| entry.unwrap().path());
    let mut scripts: Vec<_> = files.filter(|f| f.extension().is_some_and(|e| e == "sql")).collect();
    scripts.sort();
    scripts
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance")
}

#[test]
fn every_known_difference_is_told_in_the_readme() {
    let readme = fs::read_to_string(root().join("../../README.md")).unwrap();
    for Difference { reason, scripts } in differences().difference {
        assert!(readme.contains(&reason), "{scripts:?}: {reason}");
        for script in scripts {
            assert!(root().join(&script).with_extension("sql").exists(), "{script}");
        }
    }
}

#[test]
fn rows_may_come_in_any_order_and_a_lost_row_is_seen() {
    let box_of =
        |rows: &str| format!("-- [1] RESULT\n+---+\n| a |\n+---+\n{rows}+---+\n2 rows in set\n");
    let expected = box_of("| 1 |\n| 2 |\n");
    let differs = |mode: &str, actual: &str| {
        transcript::difference(&format!("-- compare: {mode}\nx"), &expected, actual).is_some()
    };
    assert!(!differs("rows", &box_of("| 2 |\n| 1 |\n")));
    assert!(differs("exact", &box_of("| 2 |\n| 1 |\n")));
    assert!(!differs("rows [2]=exact", &box_of("| 2 |\n| 1 |\n")));
    assert!(differs("rows", &box_of("| 2 |\n| 2 |\n")));
    assert!(differs("rows", "-- [1] OK\n"));
    assert!(differs("rows", "-- [1] ERROR\n"));
}

#[test]
fn a_changelog_is_applied_before_it_is_compared() {
    let log = |rows: &str| {
        format!(
            "-- [1] RESULT\n+----+---+\n| op | a |\n+----+---+\n{rows}+----+---+\nReceived a total of 1 row\n"
        )
    };
    let script = "-- compare: final\nx";
    let (short, long) = (log("| +I | 2 |\n"), log("| +I | 1 |\n| -U | 1 |\n| +U | 2 |\n"));
    assert_eq!(transcript::difference(script, &short, &long), None);
    assert!(transcript::difference(script, &short, &log("| +I | 1 |\n")).is_some());
}
