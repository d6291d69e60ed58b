//! Scripts through the front of SQL alone: parsed, carried out on a catalog, bound; no job runs.
//!
//! Each `tests/sql/NAME.sql` has a `NAME.out` with, for each statement, its first line and what it came
//! to: the bound form, the listing, or the error with its place. `RIACHO_BLESS=1` writes them anew.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use riacho::base::Result;
use riacho::data::print::table::listing;
use riacho::sql::split::ScriptStatement;
use riacho::sql::statement::Stmt;
use riacho::sql::{self, Environment, Reply};

#[test]
fn scripts_come_to_what_is_written_beside_them() {
    let bless = std::env::var_os("RIACHO_BLESS").is_some();
    for script in scripts() {
        let golden = script.with_extension("out");
        let got = run(&fs::read_to_string(&script).unwrap());
        if bless {
            fs::write(&golden, &got).unwrap();
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        assert_eq!(got, expected, "{}", script.display());
    }
}

fn scripts() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sql");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut scripts: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|e| e == "sql")).collect();
    scripts.sort();
    assert!(!scripts.is_empty());
    scripts
}

fn run(script: &str) -> String {
    let mut environment = Environment::default();
    let mut text = String::new();
    for statement in sql::split(script) {
        let first = statement.text.lines().next().unwrap_or_default();
        writeln!(text, "> {first}").unwrap();
        match run_one(&mut environment, &statement) {
            Ok(outcome) => writeln!(text, "{}", outcome.trim_end()).unwrap(),
            Err(error) => writeln!(text, "{error}").unwrap(),
        }
    }
    text
}

fn run_one(environment: &mut Environment, statement: &ScriptStatement) -> Result<String> {
    Ok(match sql::parse(&statement.text, statement.span.start)? {
        Stmt::Query(query) => environment.bind_query(&query)?.to_string(),
        Stmt::Insert(insert) => environment.bind_insert(&insert)?.to_string(),
        Stmt::StatementSet(inserts) => {
            let bound = inserts.iter().map(|i| environment.bind_insert(i).map(|b| b.to_string()));
            bound.collect::<Result<String>>()?
        }
        Stmt::CreateTableAs(table, query) => {
            environment.create_table_as(&table, &query)?.to_string()
        }
        other @ (Stmt::BeginStatementSet
        | Stmt::EndStatementSet
        | Stmt::Explain(_)
        | Stmt::ShowJobs
        | Stmt::StopJob(_)) => kind(&other),
        other => match environment.execute(&other)? {
            Reply::Done { warnings } if warnings.is_empty() => "done".to_owned(),
            Reply::Done { warnings } => warnings.iter().map(ToString::to_string).collect(),
            Reply::Listing { columns, rows } => listing(&columns, &rows),
            Reply::Settings(settings) => {
                settings.iter().map(|(key, value)| format!("{key} = {value}\n")).collect()
            }
        },
    })
}

/// What a statement that only a session carries out was read as.
fn kind(statement: &Stmt) -> String {
    match statement {
        Stmt::BeginStatementSet => "begin statement set".to_owned(),
        Stmt::EndStatementSet => "end statement set".to_owned(),
        Stmt::Explain(explain) => format!("explain {:?}", explain.details),
        Stmt::StopJob(stop) => format!("stop {} {} {}", stop.id.value, stop.savepoint, stop.drain),
        _ => "show jobs".to_owned(),
    }
}
