//! Queries that are deep, long or wide: each answers or is refused, on a thread with the stack that threads
//! have, and none takes a time that doubles with its length.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use riacho::base::{LabDuration, Location, Result};
use riacho::runtime::api::{LabOptions, Outcome};
use riacho::runtime::session::Session;
use riacho::trace::JobState;

/// An hour of lab time: more than any of these jobs needs.
const LIMIT: LabDuration = LabDuration::seconds(3_600);

const AT: Location = Location { line: 1, column: 1 };

/// How many rows a query has.
fn rows(query: &str) -> Result<usize> {
    let mut session = Session::new(LabOptions::transcript())?;
    session.execute("SET 'execution.runtime-mode' = 'batch'", AT)?;
    let Outcome::Query(info) = session.execute(query, AT)? else { panic!("no query: {query}") };
    assert_eq!(session.engine_mut().run_job(info.job, LIMIT), Some(JobState::Finished));
    Ok(session.rows(info.job, 0, usize::MAX).len())
}

/// What refuses a query.
fn refusal(query: &str) -> String {
    let mut session = Session::new(LabOptions::transcript()).unwrap();
    session.execute(query, AT).unwrap_err().code().to_owned()
}

fn parentheses(depth: usize) -> String {
    format!("SELECT {}1{}", "(".repeat(depth), ")".repeat(depth))
}

fn calls(depth: usize) -> String {
    format!("SELECT {}1{}", "ABS(".repeat(depth), ")".repeat(depth))
}

fn subqueries(depth: usize) -> String {
    let close: String = (0..depth).map(|n| format!(") AS t{n}")).collect();
    format!("{}SELECT 1 AS x{close}", "SELECT * FROM (".repeat(depth))
}

/// Subqueries inside each other. Each is kept as it was written and as the joins that it becomes: that may not
/// double what is inside.
fn nested(test: &str, depth: usize) -> String {
    let open = format!("SELECT a FROM (VALUES (1)) AS t(a) WHERE {test} (").repeat(depth);
    format!("{open}SELECT a FROM (VALUES (1)) AS t(a){}", ")".repeat(depth))
}

fn joins(count: usize) -> String {
    let one = "(VALUES (1)) AS t";
    let more: String =
        (1..=count).map(|n| format!(" JOIN {one}{n}(a) ON t{n}.a = t{}.a", n - 1)).collect();
    format!("SELECT t0.a FROM {one}0(a){more}")
}

fn comma(count: usize) -> String {
    let more: String = (1..=count).map(|n| format!(", (VALUES (1)) AS t{n}(a)")).collect();
    format!("SELECT t0.a FROM (VALUES (1)) AS t0(a){more}")
}

fn members(count: usize) -> String {
    let members = " AND a IN (SELECT 1)".repeat(count);
    format!("SELECT a FROM (VALUES (1)) AS t(a) WHERE a > 0{members}")
}

fn values(count: usize) -> String {
    format!("SELECT 1{}", " + (SELECT 1)".repeat(count))
}

fn set_operations(count: usize) -> String {
    format!("SELECT 1{}", " EXCEPT SELECT 2".repeat(count))
}

/// WITH, each query of which reads the one before twice.
fn doubled(count: usize, both: &str) -> String {
    let more: String = (1..=count)
        .map(|n| format!(", q{n} AS (SELECT a.x FROM q{0} AS a {both} q{0} AS b)", n - 1))
        .collect();
    format!("WITH q0 AS (SELECT 1 AS x){more} SELECT * FROM q{count}")
}

#[test]
fn what_is_deep_answers_or_is_refused() {
    for query in [parentheses(180), calls(180), subqueries(80)] {
        assert_eq!(rows(&query).unwrap(), 1);
    }
    for query in [parentheses(1_000), calls(1_000), subqueries(1_000)] {
        assert_eq!(refusal(&query), "nested-too-deep");
    }
    for test in ["a IN", "EXISTS", "a =", "1 < a AND a NOT IN"] {
        assert_eq!(rows(&nested(test, 60)).unwrap(), usize::from(!test.contains("NOT")), "{test}");
    }
}

#[test]
fn what_is_long_answers() {
    assert_eq!(rows(&format!("SELECT 1{}", " + 1".repeat(5_000))).unwrap(), 1);
    let list: Vec<String> = (0..5_000).map(|n| format!("({n})")).collect();
    assert_eq!(
        rows(&format!("SELECT x FROM (VALUES {}) AS t(x)", list.join(", "))).unwrap(),
        5_000
    );
    assert_eq!(rows(&format!("SELECT 1{}", " UNION ALL SELECT 1".repeat(500))).unwrap(), 501);
    let conditions = " AND a > 0".repeat(4_000);
    let query =
        format!("SELECT a FROM (VALUES (1)) AS t(a) WHERE a IN (SELECT 1) AND a > 0{conditions}");
    assert_eq!(rows(&query).unwrap(), 1);
    let table = "(SELECT a, PROCTIME() AS t FROM (VALUES (1)) AS v(a))";
    let sums = " + 1".repeat(5_000);
    let query = format!("SELECT SUM(a) OVER (ORDER BY t){sums} FROM {table}");
    assert_eq!(rows(&query).unwrap(), 1);
}

#[test]
fn what_joins_answers_or_is_refused() {
    for query in [joins, comma, members, values, set_operations] {
        assert_eq!(rows(&query(300)).unwrap(), 1);
        assert_eq!(refusal(&query(2_000)), "too-many-joins");
    }
}

#[test]
fn what_doubles_is_refused() {
    assert_eq!(rows(&doubled(8, "UNION ALL SELECT x FROM")).unwrap(), 256);
    assert_eq!(refusal(&doubled(60, "UNION ALL SELECT x FROM")), "too-many-relations");
    assert_eq!(refusal(&doubled(60, "NATURAL JOIN")), "too-many-joins");
    let mut session = Session::new(LabOptions::transcript()).unwrap();
    session.execute("CREATE VIEW v0 AS SELECT 1 AS x", AT).unwrap();
    let refused = (1..60).find_map(|n| {
        let view =
            format!("CREATE VIEW v{n} AS SELECT * FROM v{0} UNION ALL SELECT * FROM v{0}", n - 1);
        session.execute(&view, AT).err()
    });
    assert_eq!(refused.unwrap().code(), "too-many-relations");
}
