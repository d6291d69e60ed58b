//! Statements end to end, on the step driver.

use std::ops::ControlFlow;

use super::{Bounds, Ending, News, Session};
use crate::base::{LabDuration, Location, Result};
use crate::runtime::api::{LabOptions, Outcome, Program};

const START: Location = Location { line: 1, column: 1 };

fn session() -> Session {
    Session::new(LabOptions::transcript()).unwrap()
}

/// Rows as `+I[a, b]`, and how the job ended.
fn run(session: &mut Session, text: &str) -> Result<(Vec<String>, Ending)> {
    let job = match session.execute(text, START)? {
        Outcome::Query(info) => info.job,
        Outcome::Insert { job, .. } => job,
        Outcome::Done { .. } | Outcome::Listing { .. } | Outcome::Settings(_) => {
            return Ok((Vec::new(), Ending::Finished));
        }
    };
    let mut rows = Vec::new();
    let bounds = Bounds { lab: Some(LabDuration::seconds(5)), wall: None };
    let ending = session.follow(job, bounds, &mut |news| {
        match news {
            News::Rows(new) => {
                rows.extend(new.iter().map(|r| format!("{}[{}]", r.kind, r.cells.join(", "))));
            }
            News::Stdout(line) => rows.push(line.to_string()),
            News::Stderr(_) | News::Nothing => {}
        }
        ControlFlow::Continue(())
    });
    Ok((rows, ending))
}

fn code(session: &mut Session, text: &str) -> String {
    run(session, text)
        .map(|_| "no error".to_owned())
        .unwrap_or_else(|error| error.code().to_owned())
}

#[test]
fn values_answer_in_both_modes() {
    let mut session = session();
    let query = "SELECT k, COUNT(*) FROM (VALUES ('a'), ('b'), ('a')) AS t(k) GROUP BY k";
    let (rows, ending) = run(&mut session, query).unwrap();
    assert_eq!(rows, ["+I[a, 1]", "+I[b, 1]", "-U[a, 1]", "+U[a, 2]"]);
    assert_eq!(ending, Ending::Finished);
    run(&mut session, "SET 'execution.runtime-mode' = 'batch'").unwrap();
    let (rows, _) = run(&mut session, query).unwrap();
    assert_eq!(rows, ["+I[a, 2]", "+I[b, 1]"]);
}

#[test]
fn a_statement_set_is_one_job() {
    let mut session = session();
    for text in [
        "CREATE TABLE a (x INT) WITH ('connector' = 'print', 'print-identifier' = 'a')",
        "CREATE TABLE b (x INT) WITH ('connector' = 'print', 'print-identifier' = 'b')",
        "BEGIN STATEMENT SET",
        "INSERT INTO a VALUES (1)",
    ] {
        assert_eq!(run(&mut session, text).unwrap().0, Vec::<String>::new());
    }
    assert_eq!(code(&mut session, "SELECT 1"), "statement-set-open");
    run(&mut session, "INSERT INTO b VALUES (2)").unwrap();
    let (mut rows, ending) = run(&mut session, "END").unwrap();
    rows.sort();
    assert_eq!(
        (rows, ending),
        (["a> +I[1]", "b> +I[2]"].map(str::to_owned).to_vec(), Ending::Finished)
    );
    assert_eq!(code(&mut session, "END"), "statement-set-not-open");
    let Outcome::Listing { rows, .. } = session.execute("SHOW JOBS", START).unwrap() else {
        panic!("SHOW JOBS lists")
    };
    let names: Vec<_> = rows.iter().map(|row| row[1].as_deref().unwrap_or_default()).collect();
    let path = "default_catalog.default_database";
    assert_eq!(names, [format!("insert-into_{path}.a,{path}.b")]);
}

#[test]
fn a_bound_and_a_watcher_stop_a_query_that_never_ends() {
    let mut session = session();
    run(
        &mut session,
        "CREATE TABLE s (id INT) WITH ('connector' = 'datagen', 'rows-per-second' = '1')",
    )
    .unwrap();
    let (rows, ending) = run(&mut session, "SELECT * FROM s").unwrap();
    assert_eq!(ending, Ending::Stopped);
    assert!((4..=6).contains(&rows.len()), "a row a second for five seconds: {rows:?}");
    let Outcome::Query(info) = session.execute("SELECT * FROM s", START).unwrap() else {
        panic!("a query")
    };
    let mut seen = 0;
    let ending = session.follow(info.job, Bounds::NONE, &mut |news| match news {
        News::Rows(rows) => {
            seen += rows.len();
            if seen >= 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        }
        News::Stdout(_) | News::Stderr(_) | News::Nothing => ControlFlow::Continue(()),
    });
    assert_eq!(ending, Ending::Stopped);
    assert!(session.engine().is_over(info.job));
}

#[test]
fn a_program_prints_and_a_reset_keeps_the_catalog() {
    let mut session = session();
    let job = session.run_program(&Program::WordCount, 1).unwrap();
    let mut lines = 0;
    let ending = session.follow(job, Bounds::NONE, &mut |news| {
        lines += usize::from(matches!(news, News::Stdout(_)));
        ControlFlow::Continue(())
    });
    assert_eq!((ending, lines), (Ending::Finished, 287));
    run(&mut session, "CREATE VIEW v AS SELECT 1 AS x").unwrap();
    session.reset(LabOptions::transcript()).unwrap();
    assert_eq!(session.engine().jobs().count(), 0);
    assert_eq!(run(&mut session, "SELECT * FROM v").unwrap().0, ["+I[1]"]);
    assert_eq!(session.summary().tables.len(), 1);
}

#[test]
fn refusals_keep_their_place() {
    let mut session = session();
    let at = Location { line: 7, column: 3 };
    let error = session.execute("SELECT *\nFROM poeple", at).unwrap_err();
    assert_eq!((error.code(), error.get("name")), ("unknown-table", Some("poeple")));
    assert_eq!(error.span().unwrap().to_string(), "8:6-8:12");
}
