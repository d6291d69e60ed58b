//! Plans of statements, as EXPLAIN prints them.

use super::explain::{ExplainDetails, explain};
use super::{PhysicalPlan, Sources, plan_inserts, plan_query, what_runs};
use crate::base::{LabTime, Location, Result};
use crate::connectors::files::MemoryFiles;
use crate::data::zone::Zone;
use crate::sql::environment::Environment;
use crate::sql::statement::Stmt;
use crate::sql::{parse, split};

const TABLES: &str = "
    CREATE TABLE clicks (k STRING, v BIGINT, w INT, ts TIMESTAMP(3),
        WATERMARK FOR ts AS ts - INTERVAL '1' SECOND)
        WITH ('connector' = 'filesystem', 'path' = '/clicks', 'format' = 'csv');
    CREATE TABLE endless (k BIGINT, v BIGINT) WITH ('connector' = 'datagen');
    CREATE TABLE printed (k STRING, n BIGINT) WITH ('connector' = 'print');
    CREATE TABLE files (k STRING, n BIGINT)
        WITH ('connector' = 'filesystem', 'path' = '/out', 'format' = 'csv');";

/// The plan of the last statement of a script.
pub(crate) fn plan(mode: &str, statement: &str) -> Result<PhysicalPlan> {
    let mut environment = Environment::default();
    let files = MemoryFiles::default();
    let sources = Sources { files: &files, now: LabTime::default(), zone: Zone::default() };
    let script = format!("SET 'execution.runtime-mode' = '{mode}';{TABLES}{statement}");
    for part in split(&script) {
        let statement = parse(&part.text, Location { line: 1, column: 1 })?;
        match statement {
            Stmt::Query(query) => return plan_query(&environment.bind_query(&query)?, &sources),
            Stmt::Insert(insert) => {
                return plan_inserts(&[environment.bind_insert(&insert)?], &sources);
            }
            other => environment.execute(&other).map(drop)?,
        }
    }
    panic!("no query in {statement}");
}

/// The physical plan of a statement with the changes of each operator; or what was refused.
fn physical(mode: &str, statement: &str) -> String {
    match plan(mode, statement) {
        Err(error) => error.code().to_owned(),
        Ok(plan) => {
            let text = explain(
                &[],
                &plan,
                ExplainDetails { changelog_mode: mode == "streaming", ..ExplainDetails::default() },
                None,
            );
            let start = text.find("== Optimized Physical").expect("a heading");
            let end = text.find("== Optimized Execution").expect("a heading");
            let body = text[start..end].lines().skip(1).collect::<Vec<_>>();
            body.join("\n").replace("default_catalog, default_database, ", "")
        }
    }
}

#[test]
fn a_table_is_asked_again_as_a_hint_says() {
    let query = "CREATE TABLE d (k BIGINT, name STRING) WITH ('connector' = 'faker',
            'fields.k.expression' = '1', 'fields.name.expression' = 'Ana');
        SELECT /*+ LOOKUP('table' = 'd', 'retry-predicate' = 'lookup_miss',
            'retry-strategy' = 'fixed_delay', 'fixed-delay' = '1 min', 'max-attempts' = '3'),
            LOOKUP('table' = 'd') */ e.v, d.name
        FROM (SELECT *, PROCTIME() AS now FROM endless) AS e
        JOIN d FOR SYSTEM_TIME AS OF e.now ON e.k = d.k";
    insta::assert_snapshot!(physical("streaming", query), @r"
    Calc(select=[v, name], changelogMode=[I])
    +- LookupJoin(table=[default_catalog.default_database.d], joinType=[InnerJoin], lookup=[k=k], select=[k, v, k0, name], retry=[lookup_miss, FIXED_DELAY, 60000ms, 3], changelogMode=[I])
       +- TableSourceScan(table=[[endless]], fields=[k, v], changelogMode=[I])
    ");
}

/// What a planner refuses is shown where it was written: the call, the table that is asked.
#[test]
fn a_refusal_has_its_place() {
    let tables = "CREATE TABLE d (k BIGINT, name STRING) WITH ('connector' = 'faker',
            'fields.k.expression' = '1', 'fields.name.expression' = 'Ana');
        CREATE TABLE sets (k BIGINT, m MULTISET<STRING>) WITH ('connector' = 'datagen');";
    let lookup = "SELECT e.v FROM (SELECT *, PROCTIME() AS now FROM endless) AS e
JOIN d FOR SYSTEM_TIME AS OF e.now ON";
    for (query, place) in [
        (
            "CREATE VIEW counts AS
SELECT k, COUNT(DISTINCT m) AS n FROM sets GROUP BY k;
SELECT * FROM counts"
                .to_owned(),
            "distinct-type 1:15-1:21",
        ),
        ("SELECT k, COUNT(DISTINCT m) FROM sets GROUP BY k".to_owned(), "distinct-type 1:11-1:16"),
        (format!("{lookup} e.k > d.k"), "lookup-no-key 2:6-2:7"),
        (
            "SELECT e.v FROM (SELECT *, TO_TIMESTAMP_LTZ(v, 3) AS t FROM endless) AS e
JOIN clicks FOR SYSTEM_TIME AS OF e.t ON e.k = clicks.v"
                .to_owned(),
            "temporal-time 2:6-2:12",
        ),
        (
            "SELECT c.v FROM clicks AS c
JOIN clicks FOR SYSTEM_TIME AS OF c.ts AS d ON c.k = d.k"
                .to_owned(),
            "temporal-no-key 2:6-2:12",
        ),
        (format!("{lookup} e.k IS NOT DISTINCT FROM d.k"), "lookup-null-safe 2:6-2:7"),
    ] {
        let error = plan("streaming", &format!("{tables}{query}")).expect_err(&query);
        let found = error.span().map(|span| span.to_string()).unwrap_or_default();
        assert_eq!(format!("{} {found}", error.code()), place);
    }
}

#[test]
fn columns_that_nobody_reads_are_not_read() {
    insta::assert_snapshot!(physical("batch", "SELECT k FROM clicks WHERE v > 1"), @r#"
    Calc(select=[k], where=[>(v, 1)])
    +- TableSourceScan(table=[[clicks, filter=[>(v, 1)], project=[k, v], metadata=[]]], fields=[k, v])
    "#);
    insta::assert_snapshot!(physical("batch", "SELECT COUNT(*) FROM clicks"), @r#"
    HashAggregate(isMerge=[true], select=[Final_COUNT(count1$0) AS EXPR$0])
    +- Exchange(distribution=[single])
       +- LocalHashAggregate(select=[Partial_COUNT(*) AS count1$0])
          +- Calc(select=[0 AS $f0])
             +- TableSourceScan(table=[[clicks, project=[k], metadata=[]]], fields=[k])
    "#);
    insta::assert_snapshot!(physical("streaming", "SELECT v FROM endless"), @r#"
    Calc(select=[v], changelogMode=[I])
    +- TableSourceScan(table=[[endless]], fields=[k, v], changelogMode=[I])
    "#);
}

#[test]
fn what_lets_nothing_pass_reads_nothing() {
    insta::assert_snapshot!(physical("streaming", "SELECT v FROM endless WHERE 1 > 2"), @"Values(type=[RecordType(BIGINT v)], tuples=[[]], changelogMode=[I])");
    insta::assert_snapshot!(physical("streaming", "SELECT v FROM endless WHERE 2 > 1"), @r#"
    Calc(select=[v], changelogMode=[I])
    +- TableSourceScan(table=[[endless]], fields=[k, v], changelogMode=[I])
    "#);
}

#[test]
fn a_group_emits_updates() {
    insta::assert_snapshot!(physical("streaming", "SELECT k, SUM(v) AS s FROM endless WHERE v <> 0 GROUP BY k"), @r#"
    GroupAggregate(groupBy=[k], select=[k, SUM(v) AS s], changelogMode=[I,UB,UA])
    +- Exchange(distribution=[hash[k]], changelogMode=[I])
       +- Calc(select=[k, v], where=[<>(v, 0:BIGINT)], changelogMode=[I])
          +- TableSourceScan(table=[[endless]], fields=[k, v], changelogMode=[I])
    "#);
    insta::assert_snapshot!(physical("batch", "SELECT k, AVG(v), COUNT(*) AS n FROM clicks GROUP BY k"), @r#"
    HashAggregate(isMerge=[true], groupBy=[k], select=[k, Final_AVG(sum$0, count$1) AS EXPR$1, Final_COUNT(count1$2) AS n])
    +- Exchange(distribution=[hash[k]])
       +- LocalHashAggregate(groupBy=[k], select=[k, Partial_AVG(v) AS (sum$0, count$1), Partial_COUNT(*) AS count1$2])
          +- TableSourceScan(table=[[clicks, project=[k, v], metadata=[]]], fields=[k, v])
    "#);
}

#[test]
fn an_aggregate_of_an_aggregate_takes_updates() {
    let nested =
        "SELECT n, COUNT(*) AS m FROM (SELECT k, COUNT(*) AS n FROM endless GROUP BY k) GROUP BY n";
    insta::assert_snapshot!(physical("streaming", nested), @r#"
    GroupAggregate(groupBy=[n], select=[n, COUNT_RETRACT(*) AS m], changelogMode=[I,UB,UA,D])
    +- Exchange(distribution=[hash[n]], changelogMode=[I,UB,UA])
       +- Calc(select=[n], changelogMode=[I,UB,UA])
          +- GroupAggregate(groupBy=[k], select=[k, COUNT(*) AS n], changelogMode=[I,UB,UA])
             +- Exchange(distribution=[hash[k]], changelogMode=[I])
                +- Calc(select=[k], changelogMode=[I])
                   +- TableSourceScan(table=[[endless]], fields=[k, v], changelogMode=[I])
    "#);
}

/// What is known of a join's keys may not double with each join.
#[test]
fn many_joins_by_one_key_are_planned() {
    let of_key = "(SELECT k, COUNT(*) AS n FROM clicks GROUP BY k)";
    let joins: String =
        (1..30).map(|n| format!(" JOIN {of_key} AS t{n} ON t0.k = t{n}.k")).collect();
    let plan = physical("streaming", &format!("SELECT * FROM {of_key} AS t0{joins}"));
    assert_eq!(plan.matches("Join(joinType=[InnerJoin]").count(), 29);
}

#[test]
fn a_window_emits_inserts() {
    let tumble = "SELECT k, COUNT(*) AS n, TUMBLE_START(ts, INTERVAL '1' MINUTE) AS s FROM clicks GROUP BY k, TUMBLE(ts, INTERVAL '1' MINUTE)";
    insta::assert_snapshot!(physical("streaming", tumble), @r#"
    Calc(select=[k, n, w$start AS s], changelogMode=[I])
    +- GroupWindowAggregate(groupBy=[k], window=[TumblingGroupWindow('w$, ts, 60000)], properties=[w$start, w$end, w$rowtime, w$proctime], select=[k, COUNT(*) AS n, start('w$) AS w$start, end('w$) AS w$end, rowtime('w$) AS w$rowtime, proctime('w$) AS w$proctime], changelogMode=[I])
       +- Exchange(distribution=[hash[k]], changelogMode=[I])
          +- WatermarkAssigner(rowtime=[ts], watermark=[-(ts, 1000:INTERVAL SECOND)], changelogMode=[I])
             +- TableSourceScan(table=[[clicks, project=[k, ts], metadata=[]]], fields=[k, ts], changelogMode=[I])
    "#);
    insta::assert_snapshot!(physical("batch", tumble), @r#"
    Calc(select=[k, n, w$start AS s])
    +- HashWindowAggregate(groupBy=[k], window=[TumblingGroupWindow('w$, ts, 60000)], properties=[w$start, w$end, w$rowtime], select=[k, COUNT(*) AS n])
       +- Exchange(distribution=[hash[k]])
          +- TableSourceScan(table=[[clicks, project=[k, ts], metadata=[]]], fields=[k, ts])
    "#);
}

#[test]
fn a_limit_stops_a_source_unless_there_is_a_filter() {
    insta::assert_snapshot!(physical("streaming", "SELECT v + 1 AS x FROM endless LIMIT 3"), @r#"
    Calc(select=[+(v, 1) AS x], changelogMode=[I])
    +- Limit(offset=[0], fetch=[3], changelogMode=[I])
       +- Exchange(distribution=[single], changelogMode=[I])
          +- TableSourceScan(table=[[endless, limit=[3]]], fields=[k, v], changelogMode=[I])
    "#);
    insta::assert_snapshot!(physical("streaming", "SELECT v FROM endless WHERE v > 0 LIMIT 3"), @r#"
    Limit(offset=[0], fetch=[3], changelogMode=[I])
    +- Exchange(distribution=[single], changelogMode=[I])
       +- Calc(select=[v], where=[>(v, 0)], changelogMode=[I])
          +- TableSourceScan(table=[[endless]], fields=[k, v], changelogMode=[I])
    "#);
}

#[test]
fn orders_differ_by_mode() {
    insta::assert_snapshot!(physical("streaming", "SELECT k, ts FROM clicks ORDER BY ts"), @r#"
    TemporalSort(orderBy=[ts ASC], changelogMode=[I])
    +- Exchange(distribution=[single], changelogMode=[I])
       +- WatermarkAssigner(rowtime=[ts], watermark=[-(ts, 1000:INTERVAL SECOND)], changelogMode=[I])
          +- TableSourceScan(table=[[clicks, project=[k, ts], metadata=[]]], fields=[k, ts], changelogMode=[I])
    "#);
    insta::assert_snapshot!(physical("streaming", "SELECT k, v FROM clicks ORDER BY v LIMIT 2"), @r#"
    Calc(select=[k, v], changelogMode=[I,UB,UA,D])
    +- SortLimit(orderBy=[v ASC], offset=[0], fetch=[2], strategy=[AppendFastStrategy], changelogMode=[I,UB,UA,D])
       +- Exchange(distribution=[single], changelogMode=[I])
          +- WatermarkAssigner(rowtime=[ts], watermark=[-(ts, 1000:INTERVAL SECOND)], changelogMode=[I])
             +- TableSourceScan(table=[[clicks, project=[k, v, ts], metadata=[]]], fields=[k, v, ts], changelogMode=[I])
    "#);
    insta::assert_snapshot!(physical("batch", "SELECT k FROM clicks ORDER BY v DESC, k"), @r#"
    Calc(select=[k])
    +- Sort(orderBy=[v DESC, k ASC])
       +- Exchange(distribution=[single])
          +- TableSourceScan(table=[[clicks, project=[k, v], metadata=[]]], fields=[k, v])
    "#);
}

#[test]
fn what_cannot_run_is_refused() {
    let refused = [
        ("batch", "SELECT * FROM endless", "unbounded-in-batch"),
        ("streaming", "SELECT k FROM clicks ORDER BY k", "sort-needs-time"),
        (
            "streaming",
            "INSERT INTO files SELECT k, COUNT(*) FROM clicks GROUP BY k",
            "sink-no-updates",
        ),
    ];
    for (mode, statement, code) in refused {
        assert_eq!(physical(mode, statement), code, "{statement}");
    }
    let taken = [
        ("batch", "INSERT INTO files SELECT k, COUNT(*) FROM clicks GROUP BY k"),
        ("streaming", "INSERT INTO printed SELECT k, COUNT(*) FROM clicks GROUP BY k"),
    ];
    for (mode, statement) in taken {
        assert!(plan(mode, statement).is_ok(), "{statement}");
    }
}

#[test]
fn explain_has_three_headings() -> Result<()> {
    let plan = plan("streaming", "INSERT INTO printed SELECT k, COUNT(*) FROM clicks GROUP BY k")?;
    insta::assert_snapshot!(explain(&["Aggregate\n".to_owned()], &plan, ExplainDetails::default(), None), @r#"
    == Abstract Syntax Tree ==
    Aggregate

    == Optimized Physical Plan ==
    Sink(table=[default_catalog.default_database.printed], fields=[k, EXPR$1])
    +- GroupAggregate(groupBy=[k], select=[k, COUNT(*) AS EXPR$1])
       +- Exchange(distribution=[hash[k]])
          +- Calc(select=[k])
             +- WatermarkAssigner(rowtime=[ts], watermark=[-(ts, 1000:INTERVAL SECOND)])
                +- TableSourceScan(table=[[default_catalog, default_database, clicks, project=[k, ts], metadata=[]]], fields=[k, ts])

    == Optimized Execution Plan ==
    Sink(table=[default_catalog.default_database.printed], fields=[k, EXPR$1])
    +- GroupAggregate(groupBy=[k], select=[k, COUNT(*) AS EXPR$1])
       +- Exchange(distribution=[hash[k]])
          +- Calc(select=[k])
             +- WatermarkAssigner(rowtime=[ts], watermark=[(ts - 1000:INTERVAL SECOND)])
                +- TableSourceScan(table=[[default_catalog, default_database, clicks, project=[k, ts], metadata=[]]], fields=[k, ts])
    "#);
    Ok(())
}

#[test]
fn fields_that_nobody_reads_are_not_read() -> Result<()> {
    const EVENTS: &str = "
        CREATE TABLE events (event_type INT, person ROW<id BIGINT, name STRING>,
            bid ROW<auction BIGINT, price BIGINT, dateTime TIMESTAMP(3), extra STRING>,
            ts AS bid.dateTime, WATERMARK FOR ts AS ts - INTERVAL '4' SECOND)
            WITH ('connector' = 'nexmark');";
    let read = |mode: &str, query: &str| -> Result<String> {
        let plan = plan(mode, &format!("{EVENTS}{query}"))?;
        let mut node = &what_runs(&plan.execution)?.roots[0];
        while let [input] = node.inputs.as_slice() {
            node = input;
        }
        let field = |f: &crate::data::Field| format!("{} {}", f.name, f.data_type.logical);
        Ok(node.schema.fields().iter().map(field).collect::<Vec<_>>().join(", "))
    };
    assert_eq!(
        read("streaming", "SELECT bid.price + 1, ts FROM events WHERE event_type = 2")?,
        "event_type INT, bid ROW<`price` BIGINT, `dateTime` TIMESTAMP(3)>"
    );
    assert_eq!(
        read("streaming", "SELECT bid.extra, COUNT(person.id) FROM events GROUP BY bid.extra")?,
        "person ROW<`id` BIGINT>, bid ROW<`dateTime` TIMESTAMP(3), `extra` STRING>"
    );
    assert_eq!(
        read("streaming", "SELECT person, person.id FROM events")?,
        "person ROW<`id` BIGINT, `name` STRING>, bid ROW<`dateTime` TIMESTAMP(3)>"
    );
    Ok(())
}

#[test]
fn a_sink_that_does_not_ask_for_old_values_gets_none_where_the_query_can_do_without() {
    let into_void = |query: &str| {
        let table = "CREATE TABLE void (n BIGINT) WITH ('connector' = 'blackhole');";
        physical("streaming", &format!("{table} INSERT INTO void {query}"))
    };
    insta::assert_snapshot!(into_void("SELECT COUNT(*) FROM endless GROUP BY k"), @r#"
    Sink(table=[default_catalog.default_database.void], fields=[EXPR$0], changelogMode=[NONE])
    +- Calc(select=[EXPR$0], changelogMode=[I,UA])
       +- GroupAggregate(groupBy=[k], select=[k, COUNT(*) AS EXPR$0], changelogMode=[I,UA])
          +- Exchange(distribution=[hash[k]], changelogMode=[I])
             +- Calc(select=[k], changelogMode=[I])
                +- TableSourceScan(table=[[endless]], fields=[k, v], changelogMode=[I])
    "#);
    insta::assert_snapshot!(into_void("SELECT n FROM (SELECT COUNT(*) AS n FROM endless GROUP BY k) WHERE n < 10"), @r#"
    Sink(table=[default_catalog.default_database.void], fields=[n], changelogMode=[NONE])
    +- Calc(select=[n], where=[<(n, 10)], changelogMode=[I,UB,UA])
       +- GroupAggregate(groupBy=[k], select=[k, COUNT(*) AS n], changelogMode=[I,UB,UA])
          +- Exchange(distribution=[hash[k]], changelogMode=[I])
             +- Calc(select=[k], changelogMode=[I])
                +- TableSourceScan(table=[[endless]], fields=[k, v], changelogMode=[I])
    "#);
}
